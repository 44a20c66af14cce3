import { DateTime } from 'luxon';
import { closedStatuses, type Lead, type LeadCandidate, type LeadStatus } from './lead.ts';
import { fold } from './names.ts';
import { roundScore } from './score.ts';

/** A lead in the order of the day, with the reasons for its place. */
export interface RankedLead {
  lead: Lead;
  priority: number;
  /** At most four, the most important first. */
  reasons: string[];
}

/** What the day adds to a score of 0-100. A promise made outweighs a tier; everything else stays within one. */
const weights = {
  overdue: 35,
  dueToday: 30,
  /** Just spoken to: give it time. Not when a task says to call. */
  cooling: -40,
  unreachable: -10,
  status: { new: 0, contacted: 0, qualified: 10, meeting: 15, nurture: -15 } as Partial<Record<LeadStatus, number>>,
};
const coolingHours = 72;
const maxReasons = 4;

/** Whom to call first today. Without tasks and history this is the order of the scores; closed leads are left out. */
export function rankToday(candidates: readonly LeadCandidate[], now: Date, timeZone: string): RankedLead[] {
  const today = DateTime.fromJSDate(now, { zone: timeZone });
  return candidates
    .filter(({ lead }) => !closedStatuses.includes(lead.status))
    .map((candidate) => ({ ...judge(candidate, today), key: fold(candidate.lead.name) }))
    .sort(
      (a, b) =>
        b.priority - a.priority ||
        Number(Boolean(b.lead.phone)) - Number(Boolean(a.lead.phone)) ||
        compare(a.key, b.key) ||
        compare(a.lead.id, b.lead.id),
    )
    .map(({ lead, priority, reasons }) => ({ lead, priority, reasons }));
}

function judge({ lead, nextTaskAt, nextTaskTitle }: LeadCandidate, today: DateTime): RankedLead {
  const reasons: { text: string; importance: number }[] = [];
  let priority = lead.score;
  const because = (text: string, importance: number, change = 0) => {
    reasons.push({ text, importance });
    priority += change;
  };

  const taskDays = nextTaskAt && daysBetween(today, nextTaskAt);
  const due = taskDays !== null && taskDays <= 0;
  const task = nextTaskTitle ? `task '${nextTaskTitle}'` : 'a task';
  if (due && taskDays < 0) because(`${task} is ${inDays(-taskDays)} overdue`, 100, weights.overdue);
  else if (due) because(`${task} is due today`, 100, weights.dueToday);

  if (!lead.phone && !lead.email) because('no phone or e-mail on record', 90, weights.unreachable);
  because(`${lead.tier}, ${roundScore(lead.score).toFixed(1)} points`, 80);
  const evidence = strongestEvidence(lead);
  if (evidence) because(evidence, 60);

  const change = weights.status[lead.status] ?? 0;
  if (lead.status === 'qualified' || lead.status === 'meeting') because(statusWords[lead.status], 70, change);
  else if (lead.status === 'nurture') because(statusWords.nurture, 75, change);

  if (lead.lastContactedAt) {
    const cooling = !due && today.toMillis() - lead.lastContactedAt.getTime() < coolingHours * 3_600_000;
    const days = Math.max(0, -daysBetween(today, lead.lastContactedAt));
    because(contactWords(days), cooling ? 85 : 50, cooling ? weights.cooling : 0);
  } else if (lead.status === 'new') because('not contacted yet', 50);

  reasons.sort((a, b) => b.importance - a.importance);
  return { lead, priority, reasons: reasons.slice(0, maxReasons).map((reason) => reason.text) };
}

const statusWords = {
  qualified: 'qualified',
  meeting: 'in the meeting stage',
  nurture: 'in nurture, not ready to buy yet',
} as const;

/** What stands behind the criterion that the lead meets best. */
function strongestEvidence({ scoreDetail }: Lead): string | undefined {
  const met = scoreDetail.factors.filter((factor) => factor.evidence && scoreDetail.met.includes(factor.label));
  met.sort((a, b) => b.points! - a.points! || b.contribution - a.contribution);
  return met[0]?.evidence ?? undefined;
}

/** Calendar days of the reader's time zone: negative for the past. */
function daysBetween(today: DateTime, at: Date): number {
  const day = DateTime.fromJSDate(at, { zone: today.zone });
  return Math.round(day.startOf('day').diff(today.startOf('day'), 'days').days);
}

const inDays = (days: number): string => (days === 1 ? '1 day' : `${days} days`);

function contactWords(days: number): string {
  if (days === 0) return 'contacted today';
  return days === 1 ? 'last contacted yesterday' : `last contacted ${inDays(days)} ago`;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
