import { daysOf, numberWord } from './numbers.ts';
import type { Remainder } from './remainder.ts';

const never =
  '(?:(?:have |has |had |was |were |been |we |i |you |who |that |yet |to be )*(?:never|not|no one|nobody|yet to)(?: yet| ever| been| be| even| have| has| we| i| .s)* ?(?:contacted|called|touched|touch|ring|speak to|spoke to|spoken (?:to|with)|reached(?: out to)?|talked to|phoned|emailed|rung|rang|followup|followed up(?: with)?|heard from|engaged|approached|worked|contact|call)|uncontacted|untouched|never touched|no (?:contact|activity|touch|calls?)|without (?:any )?(?:contact|activity))';
const notSince = new RegExp(
  String.raw`${never}(?: yet| ever| at all| to| with)?(?: by (?:anyone|anybody|us|me|the team|a rep))?,?(?: (?:in|for|since|within|during|over))?(?: (?:the|at least|over|more than|about|last|past))*(?: (${numberWord}))?(?: or more| \+)? (days?|weeks?|months?|years?|fortnight|quarter)\b(?: or (?:more|longer))?`,
);
const notThis = new RegExp(`${never}(?: to| with)? (?:this|since last|since) (week|month|quarter|year)`);
const idleFor = new RegExp(
  String.raw`(?:last (?:contacted|called|touched|spoke(?:n)?(?: to)?)|idle|stale|quiet|cold|silent|inactive|dormant|gone (?:cold|quiet|silent)|older contact)(?: (?:for|in|over|since|more than|at least|the|last|past|say|like|about|around))*(?: (${numberWord}))? (days?|weeks?|months?)(?: ago)?\b`,
);
const neverAtAll = new RegExp(String.raw`(?<!\S)${never}(?: (?:yet|at all|before|ever|so far|to|with))*(?!\S)`);
const addedDuring = new RegExp(
  `(?:(?:were |was |have |has |been |got |just |that |we )*(?:add(?:ed)?|created|import(?:ed)?|entered|brand new|new|came in|come in|arrived|fresh|uploaded)(?: (?:leads|prospects|companies|accounts|ones))?(?: (?:to|into) (?:the|our) (?:system|database|crm|list))?(?: (?:from|in|within|since|during|over|the))* (?:(today|yesterday|this week|this month|last week|last month|recently|lately|this morning)|(?:last|past|previous) (?:(${numberWord}) )?(days?|weeks?|months?|24 hours)))`,
);

/** Since when nobody called, and since when a lead is there. */
export const timesIn = (left: Remainder): { notContactedDays?: number; addedWithinDays?: number } => {
  const input: { notContactedDays?: number; addedWithinDays?: number } = {};
  // Contact history before status: "not contacted" is no status.
  const since = left.take(notSince) ?? undefined;
  if (since)
    input.notContactedDays = /\bthis (?:week|month)/.test(since[0])
      ? daysOf(undefined, since[2] ?? 'week')
      : daysOf(since[1], since[2] ?? 'day');
  const thisPeriod = !since && left.take(notThis);
  if (thisPeriod) input.notContactedDays = daysOf(undefined, thisPeriod[1] ?? 'week');
  const idle = input.notContactedDays === undefined && left.take(idleFor);
  if (idle) input.notContactedDays = daysOf(idle[1], idle[2] ?? 'day');
  if (
    input.notContactedDays === undefined &&
    left.take(/\b(?:stale|gone (?:cold|quiet|stale|dark)|gathering dust|neglect(?:ed|ing)?|dormant|going cold)\b/)
  )
    input.notContactedDays = 30;
  if (input.notContactedDays === undefined && left.take(neverAtAll)) input.notContactedDays = 0;

  const added = left.take(addedDuring);
  if (added)
    input.addedWithinDays = added[1]
      ? ({ today: 1, 'this morning': 1, yesterday: 2, 'this week': 7, 'last week': 7, recently: 7, lately: 7 }[added[1]] ?? 30)
      : added[3] === '24 hours'
        ? 1
        : daysOf(added[2], added[3] ?? 'day');
  else {
    const period = left.take(
      /(?<!\S)(?:from|of|since|within|in|over|during) (?:the )?(today|yesterday|(?:this|last|past|previous) (?:week|month))(?!\S)/,
    );
    if (period?.[1])
      input.addedWithinDays = period[1] === 'today' ? 1 : period[1] === 'yesterday' ? 2 : period[1].endsWith('week') ? 7 : 30;
    const recent = period
      ? undefined
      : left.take(
          /\b(?:recently|just|newly|lately) (?:added|created|imported)\b|\b(?:today|yesterday|this week|this month) s? ?new (?:leads|prospects)\b/,
        );
    if (recent) input.addedWithinDays = 7;
  }
  return input;
};
