import { regionCode } from '../../core/regions.ts';
import { string } from './history.ts';
import { nameWithin } from './names.ts';
import type { Context, Named } from './reading.ts';
import { Sentence } from './sentence.ts';

/** Who is meant: a reference to pass on, several shown records to pick from, nobody named, or words that name no record. */
export type Referred = { ref: string; name: string } | { among: readonly Named[] } | { missing: true } | { noName: true };

const nouns = '(?:leads?|company|prospects?|accounts?|business|customers?|contractors?|dealers?|firm|client|record|guys?|ones?)';
const pronoun = new RegExp(
  `^(?:it 's|them 's|it|its|them|he|she|theirs|hers|they|their|him|her|his|this|that|these|those|(?:this|that|the|the same|same|said) ${nouns}|the same|'s|(?:them|they|these|those) all|all of (?:them|those|these)|both|both of (?:them|those)|all|everything|everyone)$`,
);
const ordinals: Record<string, number> = {
  first: 1,
  '1st': 1,
  top: 1,
  second: 2,
  '2nd': 2,
  third: 3,
  '3rd': 3,
  fourth: 4,
  '4th': 4,
  fifth: 5,
  '5th': 5,
  sixth: 6,
  seventh: 7,
  eighth: 8,
  ninth: 9,
  tenth: 10,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  last: -1,
  bottom: -1,
  latter: -1,
  former: 1,
};
const ordinal = new RegExp(
  String.raw`^(?:the |#|number |no |option |lead |task |company )*(#?\d{1,2}|${Object.keys(ordinals).join('|')})(?: (?:one|lead|company|task|result|guy|option|in the list|on the list|from the list|on that list|please|on there|up there|there))*$`,
);

/** Position (from 1, negative from the end) that a phrase such as "the second one" or "#2" names. */
export const positionOf = (words: string): number | undefined => {
  const found = ordinal.exec(words.trim());
  const word = found?.[1];
  if (!word) return undefined;
  return ordinals[word] ?? Number(word.replace('#', ''));
};

/** The candidate that a phrase picks: by position, by place, or by name. */
export const pick = <T extends { name: string; note: string }>(
  raw: string,
  words: string,
  items: readonly T[],
): T | undefined => {
  const position = positionOf(words);
  if (position !== undefined) return items.at(position < 0 ? position : position - 1);
  const place =
    /^(?:it is |i mean |i meant )?(?:the )?(?:one|guys?|lead|company)? ?(?:that is |which is |that are )?(?:in|from|at|with|near|based in|located in|called|named|of)? ?(.+?)(?: (?:one|lot|people|folks|branch|office|crew|guys?|lead|company|please))*$/.exec(
      words.trim(),
    )?.[1];
  if (!place) return undefined;
  const code = regionCode(place);
  const inRegion = items.filter((item) => code && new RegExp(`(?:^|[^A-Za-z])${code}(?:[^A-Za-z]|$)`).test(item.note));
  if (inRegion.length === 1) return inRegion[0];
  const fold = (text: string): string =>
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, ' ')
      .trim();
  const wanted = [fold(place), fold(raw)].filter(Boolean);
  const same = items.filter((item) => wanted.includes(fold(item.name)));
  if (same.length === 1) return same[0];
  const near = items.filter((item) => wanted.some((text) => fold(`${item.name} ${item.note}`).includes(text)));
  if (near.length === 1) return near[0];
  const all = items.filter((item) =>
    wanted.some((text) => text.split(' ').every((word) => ` ${fold(`${item.name} ${item.note}`)} `.includes(` ${word}`))),
  );
  return all.length === 1 ? all[0] : undefined;
};

const generic = new RegExp(
  `^(?:(?:a|an|the|some|any|another|my|our|one|this|that) )?(?:new )?(?:${nouns}|someone|somebody|anyone|something|everyone|people|me|us|you|one|back|up)$`,
);

/** A company's name without the words that lead up to it or trail behind. */
export const cleanName = (raw: string): string => {
  let name = raw.trim().replace(/^["'(]+|["')]+$/g, '');
  const quoted = /"([^"]+)"/.exec(raw);
  if (quoted?.[1]) return quoted[1].trim();
  for (let before = ''; before !== name; ) {
    before = name;
    name = name
      .replace(
        /^(?:(?:the|our|my|a|an) )?(?:lead|company|prospect|account|business|contractor|customer|client|firm|dealer)s?(?: (?:called|named|for|of|at))? +(?=\S)/i,
        '',
      )
      .replace(/^(?:the|our|that|this|those|these|to|for|with|of|about|at|on|called|named|from|over at|over to)\s+(?=\S)/i, '')
      .replace(/[\s,;:!?-]+$/, '')
      .replace(
        /\s+(?:please|pls|plz|thanks|thx|ty|thank you|for me|for us|again|right now|now|asap|too|as well|guys|folks|people|then|quickly|real quick|if you can|when you can|in the system|in our system|in the crm|in the database|from the list|from the system|from the database|on the list|mate|ok|okay)$/i,
        '',
      )
      // Small letters only: "Power Outage Services Company" is called that.
      .replace(/\s+(?:lead|account|company|prospect)$/, '');
  }
  // The full stop of "Inc." belongs to the name, the one of the sentence does not.
  return name.replace(/(?<!\b(?:inc|co|corp|ltd|llc|bros))\.+$/i, '').trim();
};

/** Resolves what a slot says to a reference for the tools; a name is passed on as the user wrote it. */
export const leadOf = (raw: string, ctx: Context): Referred => {
  const sentence = Sentence.of(raw);
  const words = sentence.words.replace(/\b(?:please|thanks|thank you|too|as well|again|now)$/g, '').trim();
  if (words === '') return { missing: true };
  if (pronoun.test(words)) {
    if (ctx.lead) return { ref: ctx.lead.id, name: ctx.lead.name };
    return ctx.leads.length > 0 ? { among: ctx.leads } : { missing: true };
  }
  const position = positionOf(words);
  if (position !== undefined && ctx.leads.length > 0) {
    const item = ctx.leads.at(position < 0 ? position : position - 1);
    if (item) return { ref: item.id, name: item.name };
    return { among: ctx.leads };
  }
  if (position !== undefined && /^(?:#|number |no |lead )*\d{1,2}$/.test(words)) return { missing: true };
  if (position !== undefined && /[a-z#]/.test(words) && !/^(?:one|two|three|four|five|top|last|first|second)$/.test(words))
    return { missing: true };
  if (ctx.leads.length > 0 && /^the (?:one .+|.+ (?:one|guys?))$/.test(words)) {
    const item = pick(raw, words, ctx.leads);
    if (item) return { ref: item.id, name: item.name };
    return { among: ctx.leads };
  }
  if (generic.test(words))
    return ctx.lead && /^(?:the|this|that) /.test(words) ? { ref: ctx.lead.id, name: ctx.lead.name } : { missing: true };
  const cleaned = cleanName(raw);
  if (cleaned.length < 1 || !/[\p{L}\p{N}]/u.test(cleaned)) return { missing: true };
  if (isContact(cleaned) || /^["']/.test(raw.trim())) return { ref: cleaned.slice(0, 200), name: cleaned };
  const name = nameWithin(cleaned);
  return name ? { ref: name.slice(0, 200), name } : { noName: true };
};

/** A phone number, an address or an id points at a record as well as a name does. */
const isContact = (text: string): boolean =>
  /^\+?[\d\s().-]{7,}$/.test(text) ||
  /^\S+@\S+\.\S+$/.test(text) ||
  /^(?:https?:\/\/)?[\w-]+(?:\.[\w-]+)+$/.test(text) ||
  /^[0-9a-f]{8}-[0-9a-f-]{27,}$/i.test(text);

/** "the first two", "1 and 3", "both", "all of them": several of the leads that were shown. */
export const severalOf = (words: string, ctx: Context): readonly Named[] | undefined => {
  const shown = ctx.leads;
  if (shown.length < 2) return undefined;
  if (
    /^(?:both|both of (?:them|those)|all|all of (?:them|those|these)|them all|those|these|all (?:three|four|five)|every ?one(?: of them)?)$/.test(
      words,
    )
  )
    return shown;
  const first = /^the (first|top|last) (two|three|four|five|\d)(?: (?:ones|leads))?$/.exec(words);
  if (first?.[2]) {
    const amount = ordinals[first[2]] ?? Number(first[2]);
    return first[1] === 'last' ? shown.slice(-amount) : shown.slice(0, amount);
  }
  const parts = words.split(/ and (?:the )?|, ?| & /);
  if (parts.length < 2) return undefined;
  const items = parts
    .map((part) => positionOf(part))
    .map((position) => (position === undefined ? undefined : shown.at(position < 0 ? position : position - 1)));
  return items.every((item) => item !== undefined) ? (items as Named[]) : undefined;
};

/** A person as the tools take one: "me" for the user, otherwise the name as written. */
export const personOf = (raw: string): string => {
  const name = string(raw)
    .replace(/^(?:to|for|by)\s+/i, '')
    .replace(/[\s.,;:!?]+$/, '')
    .replace(/\s+(?:please|pls|instead|now|today|thanks)$/i, '')
    .trim();
  return /^(?:me|myself|i|mine|my ?name|my)$/i.test(name)
    ? 'me'
    : /^(?:nobody|no one|noone|none|anyone)$/i.test(name)
      ? 'nobody'
      : name;
};
