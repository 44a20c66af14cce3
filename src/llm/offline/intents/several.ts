import { regionCode } from '../../../core/regions.ts';
import { isFirmWord } from '../everyday.ts';
import { nameWithin } from '../names.ts';
import type { Context, Named } from '../reading.ts';
import { leadOf, severalOf } from '../references.ts';

/** Not where a firm's own name goes on: "Won and Sons". */
const joining =
  /\s+(?:and|or)\s+(?!(?:the )?(?:sons?|brothers|bros|daughters?|co|company|associates|partners|heating|cooling|air)\b)/i;
const listing = new RegExp(String.raw`\s*,\s*(?:and\s+|or\s+)?(?!(?:inc|llc|ltd|co|corp)\b)|${joining.source}`, 'i');
const opposing = /\s+(?:with|against|vs\.?|versus|v\.?|next to|beside|to)\s+/i;

const isLead = (raw: string): boolean => {
  const name = nameWithin(raw.trim());
  return (
    name !== undefined &&
    !regionCode(name) &&
    !/^(?:platinum|gold|silver|bronze)s?$/i.test(name) &&
    !name.split(/\s+/).every((word) => isFirmWord(word.toLowerCase()))
  );
};

export type Several = { refs: string[] } | { missing: true } | undefined;

/** The leads that these words name, each by its place in the list or by its name; nothing when one of them is no lead. */
const referred = (parts: readonly string[], ctx: Context): Several => {
  const refs: string[] = [];
  for (const part of parts) {
    const who = leadOf(part.replace(/^(?:both|between|either|my|our)\s+/i, ''), ctx);
    if ('noName' in who) return undefined;
    if (!('ref' in who)) return { missing: true };
    if (who.ref === who.name && !isLead(part) && !/^"/.test(part.trim())) return undefined;
    refs.push(who.ref);
  }
  return { refs: [...new Set(refs)] };
};

/** "A with B", "A, B and C", "the first and the third", "them": all that is named, or undefined when fewer than two leads are. */
export const severalLeads = (raw: string, ctx: Context): Several => {
  const shown: readonly Named[] | undefined = severalOf(raw.toLowerCase().trim(), ctx);
  if (shown) return { refs: shown.map((lead) => lead.id) };
  const sides = raw.split(opposing);
  const parts = (
    sides.length > 1 ? sides.flatMap((side) => (isLead(side) ? split(side, joining) : [side])) : split(raw, listing)
  ).filter((part) => part.trim() !== '');
  return parts.length > 1 ? referred(parts, ctx) : undefined;
};

/** Split only where every part still is a name or a place in the list. */
const split = (raw: string, at: RegExp): string[] => {
  const parts = raw.split(at);
  return parts.every(
    (part) =>
      isLead(part) || /^(?:the )?(?:#?\d{1,2}|first|second|third|fourth|fifth|last|it|them|this|that)\b/i.test(part.trim()),
  )
    ? parts
    : [raw];
};
