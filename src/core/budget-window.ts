import { DateTime } from 'luxon';
import type { BudgetRule } from './budget.ts';

export interface WindowSpan {
  /** The first day of it: "2026-11-01". For an hour the hour with its offset, so that the one that clocks go through twice is two. */
  name: string;
  endsAt: Date;
}

/** Of the minute that was asked for last; no window begins within a minute. */
const known = new Map<string, { minute: number; span: WindowSpan }>();

/** The day, month or hour that a moment belongs to, by the clock of a workspace. */
export function windowAt(window: BudgetRule['window'], at: Date, zone: string): WindowSpan {
  const [name, minute] = [`${window} ${zone}`, Math.floor(at.getTime() / 60_000)];
  const found = known.get(name);
  if (found?.minute === minute) return found.span;
  const span = spanOf(window, at, zone);
  known.set(name, { minute, span });
  return span;
}

function spanOf(window: BudgetRule['window'], at: Date, zone: string): WindowSpan {
  const local = DateTime.fromJSDate(at, { zone });
  const name = local.toFormat({ hour: "yyyy-MM-dd'T'HHZZZ", day: 'yyyy-MM-dd', month: 'yyyy-MM-01' }[window]);
  return { name, endsAt: local.endOf(window).toJSDate() };
}
