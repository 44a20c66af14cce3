import { z } from 'zod';
import { roundScore } from '../core/score.ts';
import { type ScoreDetail, tiers } from '../core/scoring.ts';
import { AppError } from '../errors.ts';
import { defineTool } from './define.ts';
import { leadRef, shownLeads, tierLine } from './lead-line.ts';
import { resolveLead } from './resolve.ts';

const mostReasons = 2;

export const compareLeads = defineTool({
  name: 'compare_leads',
  title: 'Compare leads',
  description:
    'Scores of two to five leads side by side: points per criterion, who is ahead and what makes the difference. Use it for "A or B?", "compare A with B", "which of these first".',
  input: z.strictObject({ leads: z.array(leadRef).min(2).max(5) }),
  output: z.object({
    leads: z.array(
      z.object({ id: z.string(), name: z.string(), score: z.number(), tier: z.enum(tiers), missing: z.array(z.string()) }),
    ),
    criteria: z.array(
      z.object({ label: z.string(), weight: z.number(), points: z.array(z.number().nullable()), adds: z.array(z.number()) }),
    ),
    verdict: z.string(),
  }),
  risk: 'read',
  async run({ leads: references }, { records }) {
    const leads = [];
    for (const reference of references) leads.push(await resolveLead(records, reference));
    if (new Set(leads.map(({ id }) => id)).size < leads.length)
      throw new AppError('invalid_input', 'One of these leads is named twice. Name leads that differ.');
    const scored = leads
      .map(({ id, name, scoreDetail }) => ({ id, name, detail: scoreDetail }))
      .sort((a, b) => b.detail.score - a.detail.score);
    return {
      leads: scored.map(({ id, name, detail }) => ({
        id,
        name,
        score: roundScore(detail.score),
        tier: detail.tier,
        missing: detail.missing,
      })),
      criteria: scored[0]!.detail.factors.map(({ label, weight }, index) => ({
        label,
        weight,
        points: scored.map(({ detail }) => detail.factors[index]!.points),
        adds: scored.map(({ detail }) => roundScore(detail.factors[index]!.contribution)),
      })),
      verdict: verdictOf(scored),
    };
  },
  card: ({ leads, criteria, verdict }) => ({
    title: verdict,
    blocks: [
      {
        type: 'table',
        columns: ['Criterion', ...leads.map(({ name }) => name)],
        rows: [
          ['Score', ...leads.map(tierLine)],
          ...criteria.map(({ label, weight, points }) => [
            weight ? `${label} ${Math.round(weight * 100)}%` : label,
            ...points.map((value) => String(value ?? 'unknown')),
          ]),
        ],
      },
    ],
  }),
  shows: ({ leads }) => shownLeads(leads),
});

interface Scored {
  name: string;
  detail: ScoreDetail;
}

/** Who is first and by which criteria, the one that makes the most of the difference first. */
function verdictOf([first, second]: Scored[]): string {
  const ahead = roundScore(first!.detail.score - second!.detail.score);
  if (ahead === 0) return `${first!.name} and ${second!.name} are level`;
  const reasons = first!.detail.factors
    .map((factor, index) => ({ label: factor.label, by: factor.contribution - second!.detail.factors[index]!.contribution }))
    .filter(({ by }) => by > 0)
    .sort((a, b) => b.by - a.by)
    .slice(0, mostReasons)
    .map(({ label, by }) => `${label} +${roundScore(by)}`);
  return `${first!.name} is ${ahead.toFixed(1)} ahead of ${second!.name}: ${reasons.join(', ')}`;
}
