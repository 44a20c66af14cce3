import { DateTime } from 'luxon';

/** Which costs are asked about, as the tool for costs takes it. */
export type CostPeriod = { period: string } | { since: string; until?: string };

const weekdays = ['mon', 'tues', 'wednes', 'thurs', 'fri', 'satur', 'sun'];
const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const monthName = `(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)`;
const numbers = ['two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const number = `(?:\\d{1,3}|${numbers.join('|')})`;

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
  const today = DateTime.fromJSDate(now, { zone }).startOf('day');
  const days = daysIn(words, today);
  if (days) return { since: days.first.toISODate()!, ...(days.last && { until: days.last.toISODate()! }) };
  const found = periods.find(([pattern]) => pattern.test(words));
  return found && { period: found[1] };
}

/** Whole days; without a last one, up to today. */
interface Days {
  first: DateTime;
  last?: DateTime;
}

function daysIn(words: string, today: DateTime): Days | undefined {
  const [, start] = /\bsince (.+)/.exec(words) ?? [];
  const since = start && dayOf(start, today);
  if (since) return { first: since };

  const [, from, to] = /\b(?:from|between) (.{1,40}?) (?:to|until|till|through|and) (.+)/.exec(words) ?? [];
  const [first, last] = [from && dayOf(from, today), to && dayOf(to, today)];
  if (first && last && first <= last) return { first, last };

  const [, count, unit] = new RegExp(`\\b(?:last|past) (${number}) (day|week|month)s\\b`).exec(words) ?? [];
  if (count && unit && !/^(?:7|seven|30|thirty) day/.test(`${count} ${unit}`)) {
    const many = Math.max(1, numbers.includes(count) ? numbers.indexOf(count) + 2 : Number(count));
    return { first: today.minus({ [`${unit}s`]: many }).plus({ days: 1 }) };
  }

  const named = new RegExp(String.raw`\b(?:day before yesterday|(?:${weekdays.join('|')})day|\d{4}-\d\d-\d\d)\b.*`).exec(
    words,
  )?.[0];
  const dated = new RegExp(
    `\\b(?:${monthName} (?:the )?\\d{1,2}(?:st|nd|rd|th)?|(?:the )?\\d{1,2}(?:st|nd|rd|th)?(?: of)? ${monthName})\\b.*`,
  ).exec(words)?.[0];
  const day = dayOf(named ?? dated ?? '', today);
  if (day) return { first: day, last: day };

  // "may" and "march" are verbs as well: a month is one after a word that leads to it
  const [, month, year] =
    new RegExp(`\\b(?:in|for|during|of|over|last|this|about|throughout) (${monthName})(?: (\\d{4}))?\\b`).exec(words) ??
    new RegExp(`\\b(${monthName}) (\\d{4})\\b`).exec(words) ??
    new RegExp(`\\b((?!may|mar(?!ch))${monthName})(?:s|'s)?\\b`).exec(words) ??
    [];
  if (month) {
    const named = monthOf(month, year, today);
    return named <= today ? { first: named, last: named.endOf('month').startOf('day') } : undefined;
  }

  const [, which, long] =
    /\b(this|last|previous|past) (quarter|year)\b/.exec(words) ?? /\b()(quarter|year)(?: to date)?\b/.exec(words) ?? [];
  if (long === 'quarter' || long === 'year') {
    const begin = today.startOf(long);
    if (!which || which === 'this') return { first: begin };
    return { first: begin.minus({ [`${long}s`]: 1 }), last: begin.minus({ days: 1 }) };
  }
  return undefined;
}

/** The newest such month that has begun, or the one of a named year. */
function monthOf(name: string, year: string | undefined, today: DateTime): DateTime {
  const month = monthNames.indexOf(name.slice(0, 3)) + 1;
  if (year) return today.set({ year: Number(year), month, day: 1 });
  const first = today.set({ month, day: 1 });
  return first > today ? first.minus({ years: 1 }) : first;
}

/** The newest such day that is not to come. */
function dayOf(text: string, today: DateTime): DateTime | undefined {
  const past = (day: DateTime, unit: 'year' | 'month') => (day > today ? day.minus({ [unit]: 1 }) : day);
  const iso = /^(\d{4}-\d\d-\d\d)\b/.exec(text)?.[1];
  if (iso) {
    const day = DateTime.fromISO(iso, { zone: today.zone });
    return day.isValid && day <= today ? day : undefined;
  }
  if (/^(?:today|now)\b/.test(text)) return today;
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
  const start = /^(?:the )?(?:start|beginning) of (?:the |this )?(week|month|quarter|year)\b/.exec(text)?.[1];
  if (start) return today.startOf(start as 'week');
  const [, month, year] = new RegExp(`^(${monthName})(?: (\\d{4}))?$`).exec(text) ?? [];
  if (month) return monthOf(month, year, today);
  const inMonth = /^the (?:(\d{1,2})(?:st|nd|rd|th)|first)\b/.exec(text);
  if (inMonth) return past(today.set({ day: Math.max(1, Math.min(Number(inMonth[1] ?? 1), today.daysInMonth ?? 31)) }), 'month');
  return undefined;
}
