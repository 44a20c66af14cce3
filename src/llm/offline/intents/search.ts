import { filtersOf, isTrade } from '../filters/filters.ts';
import { type Aspect, calls, compact, refuse } from '../reading.ts';
import { leadOf, positionOf } from '../references.ts';
import type { Intent } from './intent.ts';

const asking =
  /^(?:show|list|find|search|look|display|give|get|pull|bring|fetch|filter|see|view|which|who|what|how many|how much|count|number of|any|are there|is there|do we have|do i have|have we got|have i got|where are|sort|order|all|let|need|want|looking for|only|just|browse|tell me which|tell me how many)\b/;
const openers =
  /^(?:(?:can|could|do) (?:i|we) (?:see|get|have|view) |(?:show|list|find|display|give|get|pull|bring|fetch|filter|view|see)(?: up| out| me| us| for| in| back| together| all)* |search(?: for| through| the)* |look(?:ing)?(?: for| up)+ |do (?:we|i) have |have (?:we|i) got |are there |is there |i (?:need|want) |let me see |what about |tell me (?:which|about) )+/;

/** Lists and counts. */
export const search: Intent = (sentence, ctx) => {
  if (sentence.test(/^(?:remind|log|note|assign|delete|remove|create|add|mark|set|change|update|task|todo|undo)\b/))
    return undefined;
  if (
    sentence.test(
      /\bhow many\b.*\b(?:per|by|in each|for each|each) (?:tier|status)\b|\b(?:breakdown|split|distribution|broken down|count|counts|numbers?|leads)\b.*\b(?:by|per|across|for each|in each) (?:the )?tiers?\b|\btier (?:breakdown|split|distribution|counts?)\b|\bhow many (?:\w+ ){0,4}(?:of each|in each|in every) tier\b|\btiers? .{0,20}\bhow many\b/,
    )
  ) {
    if (sentence.test(/\b(?:per|by|each) status\b/)) return undefined;
    const { input } = filtersOf(sentence);
    const scope = { state: input.state, owner: input.owner };
    return {
      kind: 'calls',
      confidence: 0.92,
      aspect: 'tiers',
      calls: ['PLATINUM', 'GOLD', 'SILVER', 'BRONZE'].map((tier) => ({
        tool: 'search_leads',
        input: compact({ tier: [tier], ...scope, limit: 1 }),
      })),
    };
  }
  const compared = [...sentence.words.matchAll(/\b(platinum|gold|silver|bronze)s?\b/g)].map((found) =>
    (found[1] ?? '').toUpperCase(),
  );
  if (compared.length > 1 && sentence.test(/\b(?:vs|versus|compared (?:to|with)|or more)\b/))
    return {
      kind: 'calls',
      confidence: 0.9,
      aspect: 'tiers',
      calls: compared.map((tier) => ({
        tool: 'search_leads',
        input: compact({ tier: [tier], state: filtersOf(sentence).input.state, limit: 1 }),
      })),
    };
  if (sentence.test(/^(?:what|which|list|show)(?: (?:all|the|me|of))* (?:states|cities|owners|industries|statuses|tiers)\b/))
    return refuse(
      'I cannot list what occurs in a column. You can ask, for example: "how many leads per tier" or "leads in Texas".',
      0.85,
    );
  if (
    sentence.test(/\b(?:lowest|worst|weakest|bottom|least promising|poorest)\b/) &&
    sentence.test(/\b(?:leads?|prospects?|companies|score|scoring|scores|\d+)\b/)
  )
    return refuse('I can sort by score only from the top. You can ask, for example: "leads below 40" or "bronze leads".', 0.88);
  const grouped = sentence.match(
    /\b(?:how many|breakdown|split|distribution|count|number)\b.*\b(?:per|by|in each|for each|each|every) (?<by>state|status|city|owner|rep|industry|month|week|source)s?\b/d,
  );
  if (grouped)
    return refuse(
      `I cannot count by ${grouped.words('by')} in one go. You can ask, for example: "how many leads per tier" or "how many leads in Texas".`,
      0.9,
    );
  const named = sentence.match(
    /^(?:find|search(?: for| up)?|look(?:ing)? for|locate|where is|do we have|is there|have we got)(?: (?:me|us|a|an|the|any|lead|company|leads|something|anything|anyone|companies|for|called|named|like|record))*? (?<name>.+?)(?: (?:in|on) (?:the|our|my) (?:system|database|crm|list|books|pipeline|records))?$/d,
  );
  const { input, states, plural, leftover } = filtersOf(sentence);
  if (named && !plural && !leftover.some(isTradeAgent) && positionOf(named.words('name')) === undefined) {
    const who = leadOf(named.raw('name'), ctx);
    const slots = Object.keys(input).filter((key) => !['query', 'sort', 'limit'].includes(key));
    if ('ref' in who && leftover.length > 0 && who.ref === who.name && (slots.length === 0 || /^["']/.test(named.raw('name'))))
      return calls('search_leads', { query: who.name }, 0.84);
  }
  const slots = Object.keys(input).filter((key) => key !== 'query' && key !== 'limit').length;
  const asks = asking.test(sentence.words) || openers.test(sentence.words);
  const free = leftover.filter((word) => !isTrade(word)).length;
  const agents = leftover.some(isTradeAgent);
  if (!plural && !agents && slots === 0 && !(asks && leftover.some(isTrade))) return undefined;
  if (sentence.test(/^(?:why|should|what if|when|where is)\b/)) return undefined;
  const bare = slots > 0 && free === 0 && !leftover.some(isTrade) ? 0.7 : 0;
  const confidence = Math.max(
    bare,
    0.3 +
      (plural || agents ? 0.32 : 0) +
      (asks ? 0.2 : 0) +
      (slots > 0 ? 0.22 : 0) -
      free * 0.11 -
      (input.sort === 'score' && slots === 1 && !plural ? 0.15 : 0) +
      (sentence.test(/\b(?:matching|containing|named|called|in the name|including)\b/) ? 0.2 : 0),
  );
  const counting: Aspect | undefined = sentence.test(
    /\b(?:how many|how much|count|number of|total (?:number|leads|prospects)|what is the total|in total)\b/,
  )
    ? 'count'
    : undefined;
  const base = { ...input };
  const list = states.length > 1 ? states.map((state) => ({ ...base, state })) : [base];
  return {
    kind: 'calls',
    confidence: Math.min(0.95, confidence),
    aspect: counting,
    calls: list.map((one) => ({ tool: 'search_leads', input: compact(one) })),
  };
};

const isTradeAgent = (word: string): boolean => /^(?:electricians|plumbers|roofers|installers|builders|sparkies)$/i.test(word);
