import { KeyKind } from './keys.ts';

/**
 * From how many names on a value belongs to no one company. A web address serves several names only when it is a portal or an
 * agency; a phone is easily that of a family with three businesses, which a person may want to see side by side.
 */
const fewestNames = { [KeyKind.domain]: 3, [KeyKind.email]: 3, [KeyKind.phone]: 4 } as const;
/** Spellings of one chain's name are few among its many branches; a portal has about as many names as records. */
const leastShare = 0.25;
/** Where so many names meet, a smaller share will do: portals list the same company again and again. */
const manyNames = 20;
const leastShareOfMany = 0.05;

/** Whether a phone, e-mail or host held by `records` records under `distinctNames` different names (by nameTag) is no sign of one company. */
export function looksShared(kind: keyof typeof fewestNames, distinctNames: number, records: number): boolean {
  if (distinctNames < fewestNames[kind]) return false;
  const share = distinctNames / Math.max(records, distinctNames);
  return share >= leastShare || (distinctNames >= manyNames && share >= leastShareOfMany);
}
