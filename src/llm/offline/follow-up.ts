import { filtersOf, isTrade } from './filters/filters.ts';
import { string } from './history.ts';
import { type Call, type Context, calls, compact, type Reading, refuse, writes } from './reading.ts';
import { leadOf, personOf } from './references.ts';
import type { Sentence } from './sentence.ts';

const more =
  /^(?:(?:show|give|list|see|get|load|fetch|display)(?: me)? )?(?:(?:some |the |any |a few |\d+ |ten |five )?(?:more|next(?: page| ones| \d+| ten| five| results| batch| set| leads| few)?|rest|others|remaining(?: ones)?)(?: (?:please|leads|results|of (?:them|those|these)|ones|results))*|next page|page (?:2|two|3|three)|keep going|continue|go on|another (?:page|\d+|ten|five|few))$/;
const modifier =
  /^(?:(?:and|but|ok|so|now|then)? ?(?:what|how) about|and|but|only|just|same (?:for|in|but|thing|with|again)(?: (?:for|in|but|with))?|now|instead|also|or|how many (?:of (?:them|those|these))?(?: are| have)?|which (?:of (?:them|those|these)|ones)(?: are| have)?|of (?:those|them|these)|from (?:those|these|that list)|filter(?: (?:them|those|it|that|this|these))?(?: (?:to|by|for|down to|on))?|narrow (?:it|them|that|this)?(?: down)?(?: to)?|limit (?:it|them|that)?(?: to)?|any|those|the ones|ones|except|exclude|show (?:me )?(?:only|just|the|those)|the|are any(?: of (?:them|those))?|sort(?:ed)?|order(?:ed)?|in|with|without|from|that|who|make it|try|change (?:it|that) to|what if i|restrict|reduce|show(?: me)?)(?= |$)/;

const keys = [
  'state',
  'city',
  'tier',
  'status',
  'owner',
  'minScore',
  'maxScore',
  'has',
  'missing',
  'notContactedDays',
  'addedWithinDays',
  'sort',
  'query',
  'limit',
];

/** Texts that only make sense after what was shown: "more", "what about Florida?", "only gold ones", "and tomorrow?". */
export const followUp = (
  sentence: Sentence,
  ctx: Context,
  aspectOf: (text: string) => Reading | undefined,
): Reading | undefined => {
  const turn = [...ctx.turns].reverse().find((past) => past.calls.length > 0);
  const last = turn?.calls.findLast((call) => !call.answer?.error);
  if (!turn || !last)
    return more.test(sentence.words)
      ? refuse('There is no list to continue. Ask for one first, for example: "gold leads in Texas".', 0.8)
      : undefined;

  if (more.test(sentence.words)) return nextPage(last, sentence);
  if (
    /^(?:how many|how many (?:are there|is that|in total|of them|did you find|total)|total|count(?: them)?)$/.test(
      sentence.words,
    ) &&
    last.tool === 'search_leads'
  )
    return {
      kind: 'calls',
      calls: [{ tool: last.tool, input: { ...withoutCursor(last.input) } }],
      confidence: 0.88,
      aspect: 'count',
    };

  if (last.tool === 'list_tasks') return tasksInstead(sentence, last);
  const again = sameFor(sentence, ctx, last, turn.user, aspectOf);
  if (last.tool !== 'search_leads' && last.tool !== 'top_leads') return again;
  return refined(sentence, last) ?? again;
};

const withoutCursor = (input: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(input).filter(([key]) => key !== 'cursor'));

const nextPage = (last: Call & { answer?: { result?: Record<string, unknown> } }, sentence: Sentence): Reading | undefined => {
  const amount = Number(/\b(\d{1,2})\b/.exec(sentence.words)?.[1]);
  if (last.tool === 'search_leads') {
    const cursor = string(last.answer?.result?.['nextCursor']);
    if (cursor === '') return refuse('That was the whole list; there are no more.', 0.93);
    return calls(
      'search_leads',
      { ...last.input, cursor, ...(amount > 0 && amount <= 50 && !/page/.test(sentence.words) && { limit: amount }) },
      0.95,
    );
  }
  if (last.tool === 'top_leads') {
    const count = Number(last.input['count'] ?? 5);
    return count >= 20
      ? refuse('The ranking ends at 20 leads. For longer lists ask, for example: "leads sorted by score".', 0.9)
      : calls('top_leads', { ...last.input, count: Math.min(20, count + (amount > 0 ? amount : 5)) }, 0.92);
  }
  if (last.tool === 'list_tasks') return calls('list_tasks', { ...last.input, limit: 50 }, 0.85);
  return undefined;
};

const refined = (sentence: Sentence, last: Call): Reading | undefined => {
  const opening = modifier.exec(sentence.words)?.[0];
  const { input, leftover, plural, states } = filtersOf(sentence);
  const free = leftover.filter((word) => !isTrade(word));
  const given = keys.filter((key) => key in input && (key !== 'query' || free.length === 0));
  if (given.length === 0 || free.length > 0) return undefined;
  // "Show gold leads in Ohio" is a question of its own; "only gold ones" and "Florida" are not.
  const fresh =
    /^(?:show|list|find|give|get|how many|which|what|who)\b/.test(sentence.words) &&
    plural &&
    !/\b(?:ones|them|those|these|of them|only|just|about|same)\b/.test(sentence.words);
  if (fresh) return undefined;
  if (!opening && !(sentence.tokens.length <= 5 && !plural) && !/\b(?:instead|only|too|as well|ones)$/.test(sentence.words))
    return undefined;
  if (!opening && plural && !/\b(?:instead|only|too|as well|ones)$/.test(sentence.words)) return undefined;
  if (/^(?:remind|mark|assign|delete|log|note|add|tell|why|call)\b/.test(sentence.words)) return undefined;
  const merged: Record<string, unknown> = { ...withoutCursor(last.input) };
  if (input.state && !input.city) delete merged['city'];
  if (input.city && !input.state) delete merged['state'];
  const union = /^(?:also|or|plus)\b|\b(?:too|as well)$/.test(sentence.words);
  for (const key of given) {
    const value = input[key as keyof typeof input];
    const before = merged[key];
    merged[key] =
      Array.isArray(value) && (union || key === 'missing' || key === 'has') && Array.isArray(before)
        ? [...new Set([...(before as unknown[]), ...value])]
        : value;
  }
  if (last.tool === 'top_leads') {
    const tier = last.tool === 'top_leads' && Array.isArray(input.tier) ? input.tier : undefined;
    const simple =
      given.every((key) => ['state', 'tier', 'limit', 'owner', 'sort'].includes(key)) &&
      (tier?.length ?? 0) <= 1 &&
      (input.owner === undefined || input.owner === 'me');
    const count = input.limit ?? last.input['count'];
    if (simple && !given.includes('sort'))
      return calls(
        'top_leads',
        { count, owner: merged['owner'], state: merged['state'], tier: tier?.[0] ?? last.input['tier'] },
        0.97,
      );
    const search = {
      ...merged,
      tier: tier ?? (last.input['tier'] ? [last.input['tier']].flat() : undefined),
      sort: input.sort ?? 'score',
      limit: count,
      count: undefined,
      owner: merged['owner'] === 'all' ? undefined : merged['owner'],
    };
    return calls('search_leads', search, 0.97);
  }
  const counting = /\bhow many\b/.test(sentence.words) ? ('count' as const) : undefined;
  const many = states.length > 1 ? states.map((state) => ({ ...merged, state })) : [merged];
  return {
    kind: 'calls',
    calls: many.map((one) => ({ tool: 'search_leads', input: compact(one) })),
    confidence: 0.97,
    aspect: counting,
  };
};

const tasksInstead = (sentence: Sentence, last: Call): Reading | undefined => {
  const opening = /^(?:and|what about|how about|only|just|now|also|or|for|the|show(?: me)?(?: only| just)?)(?= |$)/.exec(
    sentence.words,
  );
  if (!opening && sentence.tokens.length > 2) return undefined;
  const words = sentence.words;
  if (/\b(?:leads?|remind|call)\b|\b(?:is|are|was) (?:done|finished|complete)/.test(words)) return undefined;
  const due = /\boverdue|late\b/.test(words)
    ? 'overdue'
    : /\btoday\b/.test(words)
      ? 'today'
      : /\btomorrow\b/.test(words)
        ? 'tomorrow'
        : /\bweek\b/.test(words)
          ? 'week'
          : /\b(?:all|everything)\b/.test(words)
            ? 'all'
            : undefined;
  const everyone = /\b(?:everyone|everybody|the team|team|all reps)\b/.test(words)
    ? 'all'
    : /\bmine\b/.test(words)
      ? 'me'
      : undefined;
  const person = sentence
    .match(/^(?:and|what about|how about|for) (?:for )?(?<who>[a-z][a-z'-]+)(?: 's)?(?: tasks| ones)?$/d)
    ?.raw('who');
  const assignee =
    everyone ?? (person && !due && !/^(?:the|my|this|next|done|all)$/i.test(person) ? personOf(person) : undefined);
  const status = /\b(?:done|completed|finished)\b/.test(words) ? 'done' : undefined;
  return due || assignee || status
    ? calls('list_tasks', { ...last.input, ...(due && { due }), ...(assignee && { assignee }), ...(status && { status }) }, 0.9)
    : undefined;
};

/** "Same for Genstar", "and Genstar?": the last request with another lead. */
const sameFor = (
  sentence: Sentence,
  ctx: Context,
  last: Call,
  said: string,
  aspectOf: (text: string) => Reading | undefined,
): Reading | undefined => {
  if (last.input['lead'] === undefined || last.tool === 'delete_lead') return undefined;
  const explicit = sentence.match(
    /^(?:and )?(?:(?:the |do the )?same (?:thing )?(?:for|with|to|on|goes for)|ditto(?: for)?|likewise(?: for)?|also(?: for)?|do (?:it|that) (?:for|to|with)(?: also)?) (?<lead>.+?)(?: (?:too|as well|please|also))*$/d,
  );
  const loose = explicit
    ? undefined
    : sentence.match(/^(?:and|what about|how about|and what about|and for|now) (?<lead>.+?)(?: (?:too|as well|then))*$/d);
  const found = explicit ?? loose;
  if (
    !found ||
    (loose && writes.has(last.tool)) ||
    /^(?:remind|mark|assign|log|note|add|show|the (?:phone|email|owner|status|score|website|address|number))\b/.test(
      found.words('lead'),
    )
  )
    return undefined;
  const who = leadOf(found.raw('lead'), ctx);
  if (!('ref' in who) || filtersOf(found.after.empty ? sentence : sentence).states.length > 0) return undefined;
  const title = string(last.input['title']);
  const before = aspectOf(said);
  const name = string(last.input['lead']);
  return calls(
    last.tool,
    { ...last.input, lead: who.ref, ...(title && { title: title.includes(name) ? title.replace(name, who.name) : title }) },
    explicit ? 0.9 : 0.8,
    before?.kind === 'calls' ? before.aspect : undefined,
  );
};
