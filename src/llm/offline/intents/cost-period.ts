import { DateTime } from 'luxon';

/** Which costs are asked about, as the tool for costs takes it. */
export type CostPeriod = { period: string } | { since: string };

const weekdays = ['mon', 'tues', 'wednes', 'thurs', 'fri', 'satur', 'sun'];
const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const monthName = `(?:${monthNames.join('|')})[a-z]*`;

/** The first that fits: "the last month" is the past thirty days, "last month" the one in the calendar. */
const periods: [RegExp, string][] = [
  [/\b(?:last|past) (?:30|thirty) days\b|\b(?:the last|past) month\b|\b30 ?d(?:ays)?\b/, '30d'],
  [/\b(?:last|past) (?:7|seven) days\b|\b(?:the last|past) week\b|\b(?:7|seven) days\b|\b7d\b/, '7d'],
  [/\b(?:last|previous) months?\b/, 'last_month'],
  [/\b(?:last|previous) weeks?\b/, 'last_week'],
  [/\bmonth(?:ly)?\b|\bmtd\b/, 'this_month'],
  [/\bweek(?:ly)?\b|\bwtd\b/, 'this_week'],
  [/\byesterdays?\b/, 'yesterday'],
  [/\b(?:today|so far today|daily|this morning)\b/, 'today'],
  [/\b(?:this|that|it|conversation|chat|session|thread|last (?:answer|reply|message|one|question))\b/, 'conversation'],
];

export function costPeriodIn(words: string, now: Date, zone: string): CostPeriod | undefined {
  const [, start] = /\bsince (.+)/.exec(words) ?? [];
  const today = DateTime.fromJSDate(now, { zone }).startOf('day');
  const since = start && dayOf(start, today);
  if (since) return { since: since.toISODate()! };
  const found = periods.find(([pattern]) => pattern.test(words));
  return found && { period: found[1] };
}

/** A day that has no period of its own: it stands among the days of one that holds it. */
export const periodAround = (words: string): '7d' | '30d' | undefined =>
  /\bday before yesterday\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b/.test(words)
    ? '7d'
    : new RegExp(String.raw`\b\d{4}-\d\d-\d\d\b|\b${monthName} \d{1,2}\b|\b\d{1,2}(?:st|nd|rd|th)?(?: of)? ${monthName}\b`).test(
          words,
        )
      ? '30d'
      : undefined;

/** The newest such day that is not to come. */
function dayOf(text: string, today: DateTime): DateTime | undefined {
  const past = (day: DateTime, unit: 'year' | 'month') => (day > today ? day.minus({ [unit]: 1 }) : day);
  const iso = /^(\d{4}-\d\d-\d\d)\b/.exec(text)?.[1];
  if (iso) {
    const day = DateTime.fromISO(iso, { zone: today.zone });
    return day.isValid && day <= today ? day : undefined;
  }
  if (/^yesterday\b/.test(text)) return today.minus({ days: 1 });
  if (/^(?:the )?day before yesterday\b/.test(text)) return today.minus({ days: 2 });
  const unit = /^last (week|month)\b/.exec(text)?.[1] as 'week' | 'month' | undefined;
  if (unit) return today.minus({ [unit]: 1 }).startOf(unit);
  const weekday = weekdays.findIndex((name) => new RegExp(`^(?:last |this )?${name}day\\b`).test(text));
  if (weekday >= 0) return today.minus({ days: (today.weekday - (weekday + 1) + 7) % 7 });
  const dated =
    new RegExp(`^(?<month>${monthName}) (?:the )?(?<day>\\d{1,2})(?:st|nd|rd|th)?\\b`).exec(text) ??
    new RegExp(`^(?:the )?(?<day>\\d{1,2})(?:st|nd|rd|th)?(?: of)? (?<month>${monthName})\\b`).exec(text);
  if (dated?.groups) {
    const { month, day } = dated.groups as { month: string; day: string };
    const at = today.set({ month: monthNames.indexOf(month.slice(0, 3)) + 1, day: Number(day) });
    return Number(day) >= 1 && at.day === Number(day) ? past(at, 'year') : undefined;
  }
  const start = /^(?:the )?(?:start|beginning) of (?:the |this )?(week|month)\b/.exec(text)?.[1] as 'week' | 'month' | undefined;
  if (start) return today.startOf(start);
  const month = new RegExp(`^(${monthName})$`).exec(text)?.[1];
  if (month) return past(today.set({ day: 1, month: monthNames.indexOf(month.slice(0, 3)) + 1 }), 'year');
  const number = /^the (?:(\d{1,2})(?:st|nd|rd|th)|first)\b/.exec(text);
  if (number) return past(today.set({ day: Math.max(1, Math.min(Number(number[1] ?? 1), today.daysInMonth ?? 31)) }), 'month');
  return undefined;
}
