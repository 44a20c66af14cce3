import type { Remainder } from './remainder.ts';

const nobody =
  /\b(?:unassigned|unowned|unclaimed|ownerless|up for grabs|(?:has |have )?(?:nobody|no one) (?:picked up|taken|got|claimed)|not assigned(?: to (?:anyone|anybody))?|nobody s|(?:that |which )?(?:nobody|no one) (?:owns|has|is working(?: on)?)|(?:owned by|assigned to|belong(?:ing)? to) (?:nobody|no one)|not owned(?: by anyone)?)\b/;
const mine =
  /\b(?:mine|owner [:-] (?:me|mine)|(?:that |which )?(?:i own|i have|are mine|belongs? to me)|assigned to me|owned by me|belonging to me|in my name|of mine|on my name)\b/;
const assignedTo =
  /\b(?:(?:that |which |are )*(?:assigned to|owned by|belong(?:s|ing)? to|worked by)) ([a-z][a-z.-]*(?: (?!in\b|with\b|and\b|or\b|above\b|from\b|that\b|over\b|by\b)[a-z][a-z.-]+)?)/;
const owning =
  /\b(?:does|do|is|has|did) ((?!i\b|we\b|you\b|the\b)[a-z][a-z-]+(?: (?!own|have|working|work)[a-z-]+)?) (?:own|have|owns|working(?: on)?|work on)\b/;
const possessive =
  /(?<!\S)(?!(?:show|list|give|get|find|see|me|all|the|for|of|are|what|which|how|many|any|in|on|from|and|is|to) )([a-z][a-z-]+(?: [a-z][a-z-]+)?) 's (?=(?:\S+ ){0,3}(?:leads|prospects|companies|accounts|list|book))/;
const myLeads = /\bmy (?:\S+ ){0,3}(?:leads|prospects|companies|accounts|contractors|customers|book|ones|list)\b/;

/** Whose leads: "me", "nobody", or a person as the user named them. */
export const ownerIn = (left: Remainder): string | undefined => {
  if (left.take(nobody)) return 'nobody';
  if (left.take(mine)) return 'me';
  const found = left.take(assignedTo) ?? left.take(owning) ?? left.take(possessive);
  const person = found?.[1];
  if (found && person && !/^(?:today|tomorrow|it|we|you|they|us|there)$/.test(person)) return left.raw(found, person);
  return myLeads.test(left.text) ? 'me' : undefined;
};
