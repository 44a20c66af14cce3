import type { Remainder } from './remainder.ts';

const detail =
  '(?:phone|email|website|web ?site|owner|telephone|site|mail)s?(?: (?:numbers?|address(?:es)?|details|on file|listed))?';
const without = new RegExp(
  String.raw`\b(?:without|with no|with out|having no|has no|have no|no|missing|lacks?|lacking|(?:that |which |who )?(?:do|does|did) not have|have not got|has not got|not having|where (?:the|there is no))(?: (?:a|an|any|their|the|valid|listed))*,? (${detail}(?:(?:,| and| or| nor|, or| and no| or no)(?: an?| any)? ${detail})*)(?: (?:is|are) missing)?(?!\S)`,
);
const withThem = new RegExp(
  String.raw`\b(?:with|has|have|having|that have|got|who have)(?: (?:both|a|an|any|their|the|valid|listed|working|known))*,? (${detail}(?:(?:,| and| or)(?: an?| any)? ${detail})*)(?!\S)`,
);
const leftBlank = new RegExp(
  String.raw`(?:where |whose |with )?(?:the |their )?(${detail}) (?:is|are) (?:missing|empty|blank|unknown|not known|not there|absent)(?!\S)`,
);

const fieldsIn = (text: string): string[] => [
  ...new Set(
    [
      /phone|telephone/.test(text) && 'phone',
      /mail/.test(text) && 'email',
      /site/.test(text) && 'website',
      /owner/.test(text) && 'owner',
    ].filter((field) => field !== false),
  ),
];

/** Details that a lead must have, or must lack. */
export const detailsIn = (left: Remainder): { has?: string[]; missing?: string[] } => {
  const input: { has?: string[]; missing?: string[] } = {};
  for (let i = 0; i < 3; i++) {
    const none = left.take(without);
    if (!none) break;
    input.missing = [...new Set([...(input.missing ?? []), ...fieldsIn(none[1] ?? '')])];
  }
  const reachable = left.take(/\b(?:(?:that|which|who) )?(?:i|we) can (?:actually |just |still )?(email|mail|call|phone|ring)\b/);
  if (reachable?.[1]) input.has = [reachable[1].endsWith('mail') ? 'email' : 'phone'];
  const present = left.take(withThem);
  if (present) input.has = fieldsIn(present[1] ?? '').filter((field) => field !== 'owner');

  const blank = left.take(leftBlank);
  if (blank) input.missing = [...new Set([...(input.missing ?? []), ...fieldsIn(blank[1] ?? '')])];
  return input;
};
