import type { Remainder } from './remainder.ts';

const words: [RegExp, string[]][] = [
  [/\b(?:closed[ -]won|won|signed)(?: (?:leads|deals))?\b/, ['won']],
  [/\b(?:did|have) (?:we|i|you)(?: \w+)? (?:win|close|sign|land|won)\b/, ['won']],
  [/\b(?:did|have) (?:we|i|you)(?: \w+)? (?:lose|lost)\b|\b(?:got|slipped) away\b/, ['lost']],
  [/\b(?:closed[ -]lost|lost)\b/, ['lost']],
  [/\bmeetings? (?:with|booked|lined up|coming up)\b/, ['meeting']],
  [/\b(?:disqualified|unqualified|junk|dead)\b/, ['disqualified']],
  [/\bqualified\b/, ['qualified']],
  [/\b(?:nurtur(?:e|ing|ed)|being nurtured)\b/, ['nurture']],
  [
    /\b(?:(?:with|in|have|has|having) (?:a )?meetings?(?: (?:booked|scheduled|set(?: up)?|stage|status|set))?|meeting (?:stage|status|leads|booked|set|scheduled)|meetings? booked|meeting)\b/,
    ['meeting'],
  ],
  [/\b(?:already )?contacted\b/, ['contacted']],
  [/\bopen(?= (?:leads|prospects|companies|accounts|ones))/, ['new', 'contacted', 'qualified', 'meeting', 'nurture']],
  [/\b(?:brand )?new\b(?! (?:york|jersey|mexico|hampshire|england|brunswick|orleans|haven|britain))/, ['new']],
];
/** With the small words that lead up to a status. */
const statuses = words.map(([pattern, meant]): [RegExp, string[]] => [
  new RegExp(
    String.raw`(?<!\S)(?:(?:(?:in|with|at|the|status|stage|marked|as|is|of|that are|we|we have|have been|already|to) )*)${pattern.source}(?: (?:status|stage))?(?!\S)`,
  ),
  meant,
]);

/** Statuses named; to be read after everything that uses the same words. */
export const statusesIn = (left: Remainder): string[] | undefined => {
  const wanted: string[] = [];
  left.take(/\b(?:but |and )?not (?:yet |been )*(?:qualified|contacted|won|lost|disqualified)\b/);
  for (const [pattern, meant] of statuses) if (left.take(pattern)) wanted.push(...meant);
  return wanted.length > 0 ? [...new Set(wanted)] : undefined;
};
