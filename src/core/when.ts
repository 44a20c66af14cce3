import * as chrono from 'chrono-node';
import { DateTime } from 'luxon';

export interface When {
  at: Date;
  /** The words that were read as the date, everyday wordings already put plainly. */
  text: string;
  /** False: the text named a day only, and `at` is 9:00 of that day. */
  hasTime: boolean;
  /** The text without those words. */
  rest: string;
}

const dayStart = 9;
const dayEnd = 17;
const longestText = 2000;

const count = String.raw`(?:\d{1,4}|an?|half an?|one|two|three|four|five|six|seven|eight|nine|ten|fifteen|twenty|thirty|sixty|ninety|a few|a couple(?: of)?)`;
const unit = '(?:minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?)';

/** Lengths of time and numbers that the date parser would take for a point in time. */
const notDates = [
  new RegExp(String.raw`\bfor (?:about |around |the )?(?:next |last |past )?${count}[ -]?${unit}\b`, 'gi'),
  new RegExp(String.raw`\b${count}[ -]${unit}[ -](?:call|meeting|demo|chat|slot|session|visit|overdue|old|long)\b`, 'gi'),
  /\bwithin (?:the )?(?:last|past) \w+ \w+\b/gi,
  /\+?\(?\d{3}\)?[ .-]?\d{3}[ .-]\d{4}\b/g,
  /\b\d{3}-\d{4}\b/g,
  /\b\d{7,}\b/g,
  /\b24\/7\b/g,
];

const words: Record<string, number> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  fifteen: 15,
  twenty: 20,
  thirty: 30,
  sixty: 60,
  ninety: 90,
  'a few': 3,
  'a couple': 2,
  'a couple of': 2,
  'half a': 0.5,
  'half an': 0.5,
};
const numberOf = (text: string): number => words[text.toLowerCase()] ?? Number(text);

const hours = 'one two three four five six seven eight nine ten eleven twelve'.split(' ');
const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** Everyday wordings that the date parser does not know, said in words that it does. */
const plainer = (text: string, local: DateTime): string => {
  const day = (date: DateTime): string => date.toFormat('yyyy-MM-dd');
  const nextMonday = local.startOf('week').plus({ weeks: 1 });
  const thisFriday =
    local.weekday > 5 ? local.startOf('week').plus({ weeks: 1, days: 4 }) : local.startOf('week').plus({ days: 4 });
  const closing = local.hour >= dayEnd ? local.plus({ days: 1 }) : local;
  return text
    .replace(/\b(?:tommor+ow|tomm?or+o?w?|tomorr?ow|tmrw|tmr|tmw|tomoz|2morr?ow?|tomrrow|tomorrw)\b/gi, 'tomorrow')
    .replace(/\b(?:wensday|wednsday|wedensday|weds)\b/gi, 'wednesday')
    .replace(/\b(?:thrusday|thurday|thursdy)\b/gi, 'thursday')
    .replace(/\b(?:tuseday|tusday|teusday)\b/gi, 'tuesday')
    .replace(/\b(?:firday|fridy|frday)\b/gi, 'friday')
    .replace(/\b(?:mondy|monady)\b/gi, 'monday')
    .replace(/\bthe day after tomorrow\b|\bday after tomorrow\b/gi, day(local.plus({ days: 2 })))
    .replace(/\b(?:this )?coming (?=monday|tuesday|wednesday|thursday|friday|saturday|sunday)/gi, '')
    .replace(
      /\b(?:(?:a|one|1) week|(two|2) weeks) from (today|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b/gi,
      (_all, two: string | undefined, from: string) => {
        const weekday = weekdays.indexOf(from.toLowerCase());
        const start =
          weekday >= 0
            ? local.plus({ days: ((weekday + 1 - local.weekday + 6) % 7) + 1 })
            : local.plus({ days: from.toLowerCase() === 'tomorrow' ? 1 : 0 });
        return day(start.plus({ weeks: two ? 2 : 1 }));
      },
    )
    .replace(/\bin (\d+|two|three|four|five) (?:business|working) days\b/gi, (_all, amount: string) => {
      let date = local;
      for (let left = numberOf(amount); left > 0 && left < 400; ) {
        date = date.plus({ days: 1 });
        if (date.weekday <= 5) left -= 1;
      }
      return day(date);
    })
    .replace(/\b(?:in )?a fortnight(?:'s time)?\b/gi, 'in 2 weeks')
    .replace(/\b(?:early |(?:at )?(?:the )?(?:beginning|start) of |first thing )next week\b/gi, day(nextMonday))
    .replace(/\b(?:late |(?:at |by )?(?:the )?end of )next week\b/gi, day(nextMonday.plus({ days: 4 })))
    .replace(/\b(?:some ?time )?next week\b(?! (?:on )?(?:mon|tue|wed|thu|fri|sat|sun))/gi, day(nextMonday))
    .replace(/\b(?:(?:later|end of) (?:the |this )?week|the end of (?:the|this) week|eow)\b/gi, day(thisFriday))
    .replace(/\b(?:the )?end of (?:the |this )?month\b|\beom\b/gi, day(local.endOf('month')))
    .replace(/\b(?:the )?(?:start|beginning) of next month\b/gi, day(local.startOf('month').plus({ months: 1 })))
    .replace(
      /\b(?:by )?(?:the )?end of (?:the |my )?(?:business |work(?:ing)? ?)?day\b|\bclose of business\b|\b(?:eod|cob)\b/gi,
      (found, offset: number, whole: string) =>
        /\b(?:today|tomorrow|\w+day|\d{4}-\d\d-\d\d)\W*$/i.test(whole.slice(0, offset)) ||
        /^\W*(?:on )?(?:today|tomorrow|\w+day)\b/i.test(whole.slice(offset + found.length))
          ? `at ${dayEnd}:00`
          : `${day(closing)} ${dayEnd}:00`,
    )
    .replace(
      /\bfirst thing(?: in the morning)?\b(?! tomorrow| on| mon| tue| wed| thu| fri)/gi,
      (_found, offset: number, whole: string) =>
        /day\W*$|tomorrow\W*$/i.test(whole.slice(0, offset)) ? '9:00am' : `${day(local.plus({ days: 1 }))} 9:00am`,
    )
    .replace(/\bfirst thing(?: on)? (tomorrow|\w+day)(?: morning)?\b/gi, '$1 9:00am')
    .replace(
      /\b(at|past|to|half|around|by|before|after) (one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?= ?(?:am|pm|a\.m|p\.m|o'?clock|sharp)\b| (?:tomorrow|today|on|in the|about|to|for|and|please)\b|[\s,.!?]*$)/gi,
      (_all, lead: string, hour: string) => `${lead} ${hours.indexOf(hour.toLowerCase()) + 1}`,
    )
    .replace(/(\d{1,2}) ?o'?clock\b/gi, '$1:00')
    .replace(/\bhalf (?:past )?(\d{1,2})\b(?! (?:days?|weeks?|hours?|an?|units?))/gi, 'at $1:30')
    .replace(/\bquarter past (\d{1,2})\b/gi, 'at $1:15')
    .replace(/\bquarter to (\d{1,2})\b/gi, (_all, hour: string) => `at ${Number(hour) === 1 ? 12 : Number(hour) - 1}:45`)
    .replace(/\bafter lunch\b/gi, 'at 13:00')
    .replace(/\b(?:at |before )?lunch ?time\b|\bat lunch\b/gi, 'at 12:00')
    .replace(/\btonight\b(?= at| by|,? \d)/gi, 'this evening')
    .replace(
      /\b(?:on )?the (\d{1,2})(?:st|nd|rd|th)\b(?! of [jfmasond]| one\b| lead| task| and\b|,? the\b)(?: of (?:this|the) month)?/gi,
      (all, dayOfMonth: string) => {
        const number = Number(dayOfMonth);
        if (number < 1 || number > 31) return all;
        let month = local.startOf('month');
        while (number > (month.daysInMonth ?? 31) || month.plus({ days: number - 1 }) < local.startOf('day'))
          month = month.plus({ months: 1 });
        return day(month.plus({ days: number - 1 }));
      },
    );
};

/** Words that are dates only where a date is expected: "Sun Electric" and "May & Sons" are companies. */
const alsoNames =
  /^(?:sun|sat|mon|wed|thu|thur|thurs|tue|tues|fri|jan|feb|mar|march|apr|april|may|june|jun|july|jul|aug|august|sep|sept|oct|nov|dec|second|sunday|monday|friday)$/i;

const isDate = (text: string, found: { index: number; text: string }): boolean => {
  if (/^now$/i.test(found.text) || /^\d+(?:\.\d+)?$/.test(found.text)) return false;
  if (!alsoNames.test(found.text)) return true;
  const before = text.slice(0, found.index).trimEnd();
  const after = text.slice(found.index + found.text.length).trim();
  if (/\b(?:on|by|next|this|until|before|till|for|due|every)$/i.test(before) || after === '') return true;
  if (/^(?:to|at|morning|afternoon|evening|about|,|:|-|please)(?:\W|$)/i.test(after)) return true;
  // A full weekday name right after "me" or "call them" is a date; followed by more words it may be a company.
  return found.text.length > 5 && /^(?:and|then|so)\b/i.test(after);
};

/**
 * Reads a point in time out of everyday words, in the user's time zone. A day without a time means 9:00; a clock time that
 * has already passed means the next one; a bare hour from 1 to 6 is taken as the afternoon.
 */
export const parseWhen = (text: string, now: Date, timeZone: string): When | undefined => {
  const local = DateTime.fromJSDate(now, { zone: timeZone });
  if (!local.isValid || text.trim() === '') return undefined;
  const said = plainer(text.slice(0, longestText), local);
  let masked = said;
  for (const pattern of notDates) masked = masked.replace(pattern, (found) => '\u0000'.repeat(found.length));

  const exact = new RegExp(
    String.raw`\b(?:in|after) (?:about |around )?(${count}) ?(minutes?|mins?|hours?|hrs?)(?: and a half)?(?: from now)?\b`,
    'i',
  ).exec(masked);
  if (exact) {
    const hours = /^h/i.test(exact[2] ?? '');
    const amount = numberOf(exact[1] ?? '') + (/half/i.test(exact[0].slice(5)) && !/^half/i.test(exact[1] ?? '') ? 0.5 : 0);
    if (Number.isFinite(amount))
      return {
        at: local.plus({ minutes: amount * (hours ? 60 : 1) }).toJSDate(),
        text: exact[0],
        hasTime: true,
        rest: without(said, [{ index: exact.index, text: exact[0] }]),
      };
  }

  const found = chrono
    .parse(masked.replaceAll('\u0000', '_'), { instant: now, timezone: local.offset }, { forwardDate: true })
    .filter((result) => isDate(masked, result));
  const first = found[0];
  if (!first) return undefined;
  const hasDate = (result: chrono.ParsedResult): boolean =>
    result.start.isCertain('day') ||
    result.start.isCertain('weekday') ||
    result.start.isCertain('month') ||
    /\b(?:today|tomorrow|week|month|days?|morning|afternoon|evening|tonight)\b/i.test(result.text);
  const hasHour = (result: chrono.ParsedResult): boolean => result.start.isCertain('hour');
  const other = found.find(
    (result) =>
      result !== first &&
      ((hasDate(first) && !hasHour(first) && hasHour(result)) || (hasHour(first) && !hasDate(first) && hasDate(result))),
  );
  const dated = other && hasDate(other) && !hasDate(first) ? other : first;
  const timed = other && hasHour(other) && !hasHour(first) ? other : first;

  const spoken = found.filter((result) => result === first || result === other);
  const phrase = spoken.map((result) => result.text).join(' ');
  const part = /\b(morning|noon|midday|afternoon|evening|tonight|night|midnight)\b/i.exec(phrase)?.[1]?.toLowerCase();
  const { hour, minute, hasTime } = clock(timed, hasHour(timed), part);

  let at = DateTime.fromObject(
    // A time alone is counted from today: the parser's own step to tomorrow came before "at 5" was read as the afternoon.
    hasDate(dated)
      ? {
          year: dated.start.get('year') ?? local.year,
          month: dated.start.get('month') ?? local.month,
          day: dated.start.get('day') ?? local.day,
          hour,
          minute,
        }
      : { year: local.year, month: local.month, day: local.day, hour, minute },
    { zone: timeZone },
  );
  if (!at.isValid) return undefined;
  const past = /\b(?:yesterday|ago|last|earlier|this morning|previous)\b/i.test(phrase);
  if (past && /\blast\b/i.test(phrase)) while (at > local && dated.start.isCertain('weekday')) at = at.minus({ weeks: 1 });
  if (/\bthis morning\b/i.test(phrase)) at = at.set({ year: local.year, month: local.month, day: local.day });
  if (!past && at <= local) {
    if (!hasDate(dated)) at = at.plus({ days: 1 });
    else if (dated.start.isCertain('weekday')) at = at.plus({ weeks: 1 });
    // "Today" without a time: nine o'clock may be over, so the next full hour.
    else if (at.hasSame(local, 'day') && !hasTime) at = local.plus({ hours: 1 }).startOf('hour');
  }
  return { at: at.toJSDate(), text: phrase, hasTime, rest: without(said, spoken) };
};

const partHours: Record<string, number> = {
  morning: dayStart,
  noon: 12,
  midday: 12,
  afternoon: 14,
  evening: 18,
  tonight: 19,
  night: 19,
  midnight: 0,
};

const clock = (
  result: chrono.ParsedResult,
  hasHour: boolean,
  part: string | undefined,
): { hour: number; minute: number; hasTime: boolean } => {
  if (!hasHour)
    return part ? { hour: partHours[part] ?? dayStart, minute: 0, hasTime: true } : { hour: dayStart, minute: 0, hasTime: false };
  let hour = result.start.get('hour') ?? dayStart;
  const minute = result.start.get('minute') ?? 0;
  const written24 = /\b0\d:\d\d\b/.test(result.text) || /\b(?:am|a\.m)/i.test(result.text) || part === 'morning';
  const evening = part === 'afternoon' || part === 'evening' || part === 'tonight' || part === 'night';
  if (!result.start.isCertain('meridiem') && !written24 && hour > 0 && (hour <= 6 || (evening && hour < 12))) hour += 12;
  return { hour, minute, hasTime: true };
};

const without = (text: string, spans: { index: number; text: string }[]): string => {
  let rest = text;
  for (const span of [...spans].sort((a, b) => b.index - a.index)) {
    const before = rest
      .slice(0, span.index)
      .replace(/(?:^|[\s,])(?:on|at|by|for|until|till|before|around|from|due|this|later|sometime|some time|in)\s*$/i, ' ');
    rest = before.trimEnd() + ' ' + rest.slice(span.index + span.text.length).trimStart();
  }
  return rest.replace(/\s+/g, ' ').trim();
};

/** The day alone, as its date is written: "Dec 28", and the year where that is another. */
export const formatDay = (date: string, now: Date): string => {
  const day = DateTime.fromISO(date.slice(0, 10), { zone: 'utc' }).setLocale('en-US');
  return day.isValid ? day.toFormat(day.year === now.getUTCFullYear() ? 'LLL d' : 'LLL d, yyyy') : date;
};

/** "tomorrow at 9:00 AM", "Friday at 2:30 PM", "Mon, Dec 7 at 9:00 AM". */
export const formatWhen = (at: Date, now: Date, timeZone: string): string => {
  const then = DateTime.fromJSDate(at, { zone: timeZone }).setLocale('en-US');
  const local = DateTime.fromJSDate(now, { zone: timeZone });
  const days = Math.round(then.startOf('day').diff(local.startOf('day'), 'days').days);
  const day =
    days === 0
      ? 'today'
      : days === 1
        ? 'tomorrow'
        : days === -1
          ? 'yesterday'
          : days > 1 && days < 7
            ? then.toFormat('cccc')
            : then.toFormat(then.year === local.year ? 'ccc, LLL d' : 'ccc, LLL d, yyyy');
  return `${day} at ${then.toFormat('h:mm a')}`;
};
