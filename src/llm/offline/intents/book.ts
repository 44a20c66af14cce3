import { filtersOf } from '../filters/filters.ts';
import { numberOf } from '../filters/numbers.ts';
import { ownerIn } from '../filters/owner.ts';
import { placesIn } from '../filters/place.ts';
import { Remainder } from '../filters/remainder.ts';
import { calls, compact, type Reading, refuse } from '../reading.ts';
import type { Sentence } from '../sentence.ts';
import type { Intent } from './intent.ts';

const changing =
  /^(?:remind|log|note|assign|delete|remove|create|add|mark|set|change|update|move|put|close|win|lose|task|todo|undo|import|upload|call|ring|email|mail|send|write|draft|schedule|import|did|has|have you|approve|skip)\b/;
const aboutLeads =
  /\b(?:leads?|prospects?|contractors?|dealers?|tiers?|platinum|gold|silver|bronze|scor(?:e|es|ed|ing)|tasks?|reminders?|remind|notes?|profile)\b/;
const filler = new Set(
  `a an the and or of to for in on at by is are was be do does did have has had i we you they it there here what which who whose how many much number count amount show list find get give
  see view display pull bring up out look at all any some every each only just still also me us my our your mine his her their please can could would will want need like know tell let now right currently
  today so far yet deal deals pipeline opportunity opportunities account accounts customer customers client clients whole entire full complete overview summary value worth total together sum money usd dollars
  open active current live 's - : & with stage stages status by per sorted sort order ordered amount size date going looking look stand standing expected due closing close closes closed going been that this these those then
  summarize review report breakdown from until first them come coming about got go again per as anything`.split(/\s+/),
);

const stages: [RegExp, string][] = [
  [/\b(?:in |at )?(?:the )?discovery(?: stage| phase)?\b/, 'discovery'],
  [/\b(?:in |at )?(?:the )?proposals?(?: stage| phase)?\b/, 'proposal'],
  [/\b(?:in |at |under |being )?(?:the )?(?:negotiations?|negotiated|negotiating)(?: stage| phase)?\b/, 'negotiation'],
  [/\b(?:(?:closed[ -])?won|(?:that )?we (?:have )?won)\b/, 'won'],
  [/\b(?:(?:closed[ -])?lost|(?:that )?we (?:have )?lost)\b/, 'lost'],
];
const closings: [RegExp, string][] = [
  [
    /\b(?:overdue|past due|slipped|slipping|late|(?:that )?should (?:have|be) (?:been )?closed(?: by now| already)?)\b/,
    'overdue',
  ],
  [/\b(?:(?:clos(?:e|es|ing)|due|expected|ending)(?: to close)? )?(?:in |by |within )?(?:the )?next week\b/, 'next_week'],
  [/\b(?:(?:clos(?:e|es|ing)|due|expected|ending)(?: to close)? )?(?:in |by |within )?(?:the )?next month\b/, 'next_month'],
  [
    /\b(?:(?:clos(?:e|es|ing)|due|expected|ending)(?: to close)? )?(?:in |by |within |before the end of |by the end of )?(?:this|the) week\b/,
    'this_week',
  ],
  [
    /\b(?:(?:clos(?:e|es|ing)|due|expected|ending)(?: to close)? )?(?:in |by |within |before the end of |by the end of )?(?:this|the) month\b/,
    'this_month',
  ],
  [
    /\b(?:(?:clos(?:e|es|ing)|due|expected|ending)(?: to close)? )?(?:in |by |within |before the end of |by the end of )?(?:this|the) quarter\b/,
    'this_quarter',
  ],
];
const months =
  /\b(?:in|by|before|after|during|until) (?:january|february|march|april|may|june|july|august|september|october|november|december)\b/;
const biggest = /\b(?:biggest|largest|top|best|most valuable|highest(?: value)?|(?:sorted |ordered )?by (?:amount|value|size))\b/;
const count = '(\\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|twenty)';

/** Deals and accounts: lists and sums, never a change. */
export const book: Intent = (sentence) => {
  const { words } = sentence;
  if (changing.test(words) || aboutLeads.test(words)) return undefined;
  if (
    /^(?:who|which (?:rep|person|colleague|of us|one of us)|whose)\b.*\b(?:(?:most|best|biggest|highest|fewest|least|more|worst)\b.*\b(?:deals?|sales|revenue|pipeline|customers|accounts|business)|(?:sells?|sold|closes|closed|wins?|won|earns?|brings? in|brought in) (?:the )?(?:most|best|more))\b/.test(
      words,
    )
  )
    return refuse(
      'I cannot compare people. You can ask, for example: "deals of Ann" or "pipeline", with the owner of each.',
      sure,
    );
  if (/^(?:what|who|anything|which)(?: is| are| deals?)? clos(?:es?|ing) .*\b(?:week|month|quarter)$/.test(words))
    return deals(sentence);
  if (
    /\b(?:deals|opportunities|pipeline)\b/.test(words) ||
    /\b(?:biggest|largest|top|best|next|newest|latest) deal\b/.test(words)
  )
    return deals(sentence);
  if (
    /^(?:(?:show|give|tell|what|is|are|the|our|my|me|sales|revenue|pipeline|this|month|quarter|for|a) )*forecast(?: (?:for|this|next|month|quarter|please|now))*$/.test(
      words,
    )
  )
    return calls('list_deals', { open: true, closing: forecastOf(words), sort: 'closes' }, sure);
  if (
    /^(?:(?:is|are|there|any|what|about|the|our|show|me|which|who|of|list|do|we|have) )*churn(?:ing)?(?: (?:risks?|accounts|customers|this|month|now|soon))*$/.test(
      words,
    )
  )
    return calls('list_accounts', { health: ['poor', 'watch'] }, sure);
  if (
    /^(?:who are|list|show(?: me)?|what are|which are) (?:my|our|all(?: my| our)?) (?:current |existing |paying )?(?:customers|clients)$/.test(
      words,
    )
  )
    return calls('list_accounts', { owner: /\bmy\b/.test(words) ? 'me' : undefined }, sure);
  return /\b(?:accounts|customers)\b/.test(words) ? accounts(sentence) : undefined;
};

/** The time that a forecast is asked for, where one is. */
const forecastOf = (words: string): string | undefined => {
  const [, which, unit] = /\b(this|next) (month|quarter)\b/.exec(words) ?? [];
  return unit && !(which === 'next' && unit === 'quarter') ? `${which}_${unit}` : undefined;
};

function deals(sentence: Sentence): Reading | undefined {
  const left = new Remainder(sentence);
  // whose they are, a company's or a colleague's, is not told by the words
  if (/\b(?:does|do|has) (?!i\b|we\b).+ (?:have|got)\b/.test(sentence.words)) return undefined;
  if (left.take(/\b(?:at risk|stuck|stalled|health|win rate|velocity|forecast|conversion)\b/))
    return refuse('I cannot judge how deals are doing. You can ask, for example: "overdue deals" or "pipeline".', sure);
  if (left.take(months))
    return refuse('I know this and next week, month or quarter. You can ask, for example: "deals closing next month".', sure);
  const closing = closings.find(([pattern]) => left.take(pattern))?.[1];
  const stage = stages.flatMap(([pattern, name]) => (left.take(pattern) ? [name] : []));
  const owner = ownerOf(left, sentence);
  const soon = left.take(
    /\b(?:closing|closes|close) (?:soon|next)|soonest|next (?:deals? )?to close|next deals?\b|by (?:close|closing) date\b/,
  );
  const newest = left.take(/\b(?:newest|latest|most recent|recent)\b/);
  const big = left.take(biggest);
  const limit = left.take(new RegExp(`\\b(?:first |next )?${count}(?= (?:\\S+ ){0,3}(?:deals|opportunities))`))?.[1];
  const single = /\bdeal\b/.test(sentence.words) ? 1 : undefined;
  const closedOnly = left.take(/\b(?:closed|finished)(?= (?:deals|opportunities))/);
  const openOnly = left.take(/\b(?:open|active|live|current)\b/);
  const account = left.take(
    /(?<!\S)(?:with|for|of|at|from) (?!the\b|this\b|that\b|my\b|our\b|each\b|every\b|all\b)([a-z0-9&'.-]+(?: [a-z0-9&'.-]+){0,5}) ?$/,
  );
  const { states, city } = placesIn(left);
  if (states.length > 0 || city)
    return refuse(
      'I cannot list deals by place. You can ask, for example: "deals closing this month" or "accounts in Texas".',
      sure,
    );
  const pipeline = /\bpipeline\b/.test(sentence.words);
  const open = closedOnly ? false : stage.length === 0 && !closing && (openOnly || pipeline || soon) ? true : undefined;
  return calls(
    'list_deals',
    {
      stage,
      open,
      owner,
      account: account?.[1] && left.raw(account, account[1]),
      closing,
      sort: soon ? 'closes' : newest ? 'newest' : big ? 'amount' : undefined,
      limit: single ?? (limit && numberOf(limit)),
    },
    sureness(left, sentence),
  );
}

const leadFilters = ['status', 'tier', 'minScore', 'maxScore', 'has', 'missing', 'notContactedDays', 'addedWithinDays'] as const;

function accounts(sentence: Sentence): Reading | undefined {
  const { input } = filtersOf(sentence);
  // what only leads have, or what somebody wants to do with them, is asked of leads
  if (leadFilters.some((filter) => filter in input)) return undefined;
  if (sentence.test(/\b(?:call|ring|contact|chase|visit|focus|prioriti[sz]e|work on|follow up|should)\b/)) return undefined;
  const customers = /\bcustomers\b/.test(sentence.words);
  const left = new Remainder(sentence);
  const poor = left.take(
    /\b(?:at risk|unhappy|unhealthy|in trouble|churning|poor(?: health)?|in poor health|(?:most )?likely to (?:leave|churn))\b/,
  );
  const good = !poor && left.take(/\b(?:healthy|happy|in good health|doing (?:well|fine))\b/);
  const money = left.take(
    /\b(?:mrr|monthly revenue|revenue|pay(?:s|ing)?(?: us)?(?: (?:the )?most)?|biggest|largest|top|best|most valuable)\b/,
  );
  const newest = left.take(/\b(?:newest|latest|most recent|recent)\b/);
  const byName = left.take(/\b(?:by name|alphabetical(?:ly)?)\b/);
  // "customers in Texas" has always been said of leads; only what leads do not have makes them accounts
  if (customers && !poor && !good && !money) return undefined;
  const owner = ownerOf(left, sentence);
  const limit = left.take(new RegExp(`\\b(?:first )?${count}(?= (?:\\S+ ){0,3}(?:accounts|customers))`))?.[1];
  const named = left.take(/(?<!\S)(?:named|called|matching|containing|like) ([a-z0-9&'.-]+(?: [a-z0-9&'.-]+){0,4}) ?$/);
  const { city, states } = placesIn(left);
  const one = {
    query: named?.[1] && left.raw(named, named[1]),
    owner,
    health: poor ? ['poor', 'watch'] : good ? ['good'] : undefined,
    city,
    sort: money ? 'mrr' : newest ? 'newest' : byName ? 'name' : undefined,
    limit: limit && numberOf(limit),
  };
  return {
    kind: 'calls',
    confidence: sureness(left, sentence),
    calls: (states.length ? states : [undefined]).map((state) => ({ tool: 'list_accounts', input: compact({ ...one, state }) })),
  };
}

const whose = /(?<!\S)([a-z][a-z-]+(?: [a-z][a-z-]+)?) 's (?=(?:\S+ ){0,3}(?:deals|pipeline|opportunities|accounts|customers)\b)/;
const doesHave = /\b(?:does|is) ([a-z][a-z-]+) (?:have|working on|got|own|look(?:ing)? after)\b/;

function ownerOf(left: Remainder, sentence: Sentence): string | undefined {
  const found = left.take(whose) ?? left.take(doesHave);
  const person = found?.[1]?.replace(/^(?:show|list|give|get|find|see|me|all|the|for|of|are|what|which|how|many|is|and)\s+/, '');
  if (found && person && !/^(?:i|we|it|there|that)$/.test(person)) return left.raw(found, person);
  const owner = ownerIn(left);
  if (owner) return owner;
  return /\b(?:my|mine|do i have|have i got|am i)\b/.test(sentence.words) ? 'me' : undefined;
}

const sure = 0.96;

/** A word that nothing has read may be one that matters: then it is asked back about. */
const sureness = (left: Remainder, sentence: Sentence): number => {
  const unread = sentence.tokens.some(
    (token, i) => !left.isTaken(i) && (token.quoted || !token.word.split(' ').every((word) => filler.has(word))),
  );
  return unread ? 0.5 : sure;
};
