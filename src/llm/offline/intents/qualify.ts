import { filtersOf } from '../filters/filters.ts';
import { objects, string } from '../history.ts';
import { ask, type Call, type Context, calls, compact, complete, type Reading } from '../reading.ts';
import { severalOf } from '../references.ts';
import { Sentence } from '../sentence.ts';
import { aboutLead, byRules, type Intent } from './intent.ts';
import { severalLeads } from './several.ts';

/** So many verdicts are given one by one; more leads than that are a job. */
const most = 5;

/** Whether a model may read the records, and for how much at most: only where the user says so. */
const terms = (sentence: Sentence): { sentence: Sentence; model?: boolean; maxCostUsd?: number } => {
  const cost = /(?:\$ ?|\busd )(\d{1,4}(?:\.\d+)?)|\b(\d{1,4}(?:\.\d+)?) ?(?:dollars?|usd|\$|bucks)\b/i.exec(sentence.source);
  const spent =
    cost &&
    sentence.dropEnd(
      /,?(?: (?:for|at|and|with|but|spend|up|to|most|a|maximum|budget|limit|of|no|more|than|max|not))+ (?:\$ ?|usd )?\d{1,4}(?:\.\d+)? ?(?:dollars?|usd|\$|bucks)?$/,
    );
  const rest = spent ?? sentence;
  const maxCostUsd = spent && cost ? Number(cost[1] ?? cost[2]) : undefined;
  const without = rest.dropEnd(
    / (?:without (?:a |the |any )?(?:model|ai|llm|claude)|by (?:the )?rules(?: (?:only|alone))?|(?:with )?(?:the )?rules only)$/,
  );
  const using = rest.dropEnd(/ (?:(?:with|using|by|via|through) (?:a |the |an )?(?:model|ai|llm|claude))$/);
  const model = without ? false : using || maxCostUsd !== undefined ? true : undefined;
  return {
    sentence: without ?? using ?? rest,
    ...(model !== undefined && { model }),
    ...(maxCostUsd !== undefined && { maxCostUsd }),
  };
};

type Terms = Omit<ReturnType<typeof terms>, 'sentence'>;

const one = (raw: string, ctx: Context, { model, maxCostUsd }: Terms, confidence: number): Reading | undefined => {
  const several = severalLeads(raw, ctx);
  if (several && 'refs' in several && several.refs.length <= most)
    return complete(
      several.refs.map((lead) => ({ tool: 'qualify_lead', input: { lead, model, maxCostUsd } })),
      [],
      confidence,
    );
  return aboutLead(raw, ctx, 'qualify_lead', compact({ model, maxCostUsd }), confidence);
};

/** What was listed last, as filters of all of it. */
const lastSearch = (ctx: Context): Record<string, unknown> | undefined => {
  const last = ctx.turns.findLast((turn) => turn.calls.length > 0)?.calls.findLast((call) => !call.answer?.error);
  if (last?.tool !== 'search_leads') return undefined;
  const { sort: _sort, cursor: _cursor, limit: _limit, ...filters } = last.input;
  return filters;
};

const many = (words: string, raw: string, ctx: Context, asked: Terms): Reading | undefined => {
  if (
    /^(?:them|these|those|all of (?:them|those|these)|them all|all(?: of it)?|those ones|those leads|these leads|(?:the|this|that|my) (?:whole )?list|the rest)$/.test(
      words,
    )
  ) {
    const filters = lastSearch(ctx);
    const total = Number(ctx.turns.findLast((turn) => turn.calls.length > 0)?.calls.at(-1)?.answer?.result?.['total'] ?? 0);
    if (filters && (total > most || ctx.leads.length > most)) return calls('qualify_leads', { ...filters, ...asked }, 0.95);
    if (ctx.leads.length > 1 && ctx.leads.length <= most) return one('all of them', ctx, asked, 0.95);
    if (ctx.leads.length > most)
      return ask(
        `That is ${ctx.leads.length} leads. Which should I qualify? You can say "the first three", or "qualify all gold leads".`,
        0.9,
      );
    return words === 'all' && ctx.leads.length === 0 ? calls('qualify_leads', { ...asked }, 0.9) : undefined;
  }
  const ofImport =
    /\b(?:from|of|in) (?:the |my |our |this |that )?(?:last |latest |newest |new )?(?:import|upload|imported list|file)\b|\b(?:just |newly |freshly )?imported (?:leads|ones|list|companies)\b/.test(
      words,
    );
  if (ofImport)
    return {
      kind: 'calls',
      confidence: 0.95,
      calls: [{ tool: 'list_imports', input: { limit: 1 } }],
      next: ([found]) => ofLastImport(found, asked),
    };
  const top = /^(?:my |our |the )*(?:top|best|hottest) (two|three|four|five|[2-5])(?: (?:leads|ones|prospects|companies))?$/.exec(
    words,
  )?.[1];
  if (top && (ctx.leads.length === 0 || /leads|prospects|companies/.test(words)))
    return {
      kind: 'calls',
      confidence: 0.95,
      calls: [{ tool: 'top_leads', input: { count: { two: 2, three: 3, four: 4, five: 5 }[top] ?? Number(top) } }],
      next: ([found]) =>
        objects((found as { leads?: unknown } | undefined)?.leads).map((lead) => ({
          tool: 'qualify_lead',
          input: compact({ lead: string(lead['id']), ...asked }),
        })),
    };
  const { input, states, plural, leftover } = filtersOf(Sentence.of(raw));
  const { sort: _sort, ...filters } = input;
  // "the first one" is a place in the list before us, not a limit
  const slots = Object.keys(filters).filter((key) => key !== 'query' && (plural || key !== 'limit')).length;
  const everything = /^(?:all|everything|everyone|everybody)$/.test(words);
  if (!plural && !everything && !/^(?:all|every|each)\b/.test(words) && (slots === 0 || leftover.length > 0)) return undefined;
  const each = states.length > 1 ? states.map((state) => ({ ...filters, state })) : [filters];
  return complete(
    each.map((filter) => ({ tool: 'qualify_leads', input: { ...filter, ...asked } })),
    [],
    leftover.length > 1 ? 0.7 : 0.95,
  );
};

const ofLastImport = (found: unknown, asked: Terms): Call[] => {
  const [newest] = objects((found as { imports?: unknown } | undefined)?.imports);
  return newest ? [{ tool: 'qualify_leads', input: { importId: string(newest['id']), ...asked } }] : [];
};

const worth =
  '(?:it|a (?:call|ring|visit|look|try|shot|meeting|demo)|(?:my|our|the|any|some|your)(?: \\w+)? (?:time|while|effort|trouble|attention|energy)|calling|ringing|contacting|pursuing|chasing|visiting|bothering(?: with)?|the (?:time|effort|trouble)|following up(?: with| on)?|working(?: on)?|time|a follow ?up)';
const noLead = /^(?:there|these|those|any|anyone|anybody|someone|somebody|we|who|leads?|all|gold|silver|bronze|platinum)\b/;

const goodFit = byRules([
  [
    /^(?:is|are|was|would|will|could|do you think|does|do) (?<lead>.+?) (?:be |really |actually |even |still |look like |seem like |make )*(?:(?:a|an|any|the) )?(?:really |very )?(?:good|great|decent|right|strong|proper|perfect|reasonable|promising) (?:fit|match|prospect|candidate|customer|target|bet)(?: (?:for (?:us|me)|at all|to call|here))*$/d,
    (found, ctx) => (noLead.test(found.words('lead')) ? undefined : one(found.raw('lead'), ctx, {}, 0.97)),
  ],
  [
    new RegExp(
      `^(?:is|are|would|will) (?<lead>.+?) (?:be |really |actually |even |still )*worth ${worth}(?: (?:at all|now|today|for us|or not))*$`,
      'd',
    ),
    (found, ctx) =>
      noLead.test(found.words('lead')) || (/^it$/.test(found.words('lead')) && !ctx.lead)
        ? undefined
        : one(found.raw('lead'), ctx, {}, 0.97),
  ],
  [
    /^(?:is|would) it (?:be )?(?:really )?worth (?:(?:my|our|the|any) (?:time|while|effort|trouble) )?(?:to )?(?:call|calling|ring|ringing|contact|contacting|pursue|pursuing|chase|chasing|visit|visiting|bother with|bothering with|follow up with|following up with|spending time on) (?<lead>.+)$/d,
    (found, ctx) => one(found.raw('lead'), ctx, {}, 0.97),
  ],
  [
    /^(?:does|do|would|will|did) (?<lead>.+?) (?:really |even |actually )?(?:fit|match|suit)(?: (?:in|us|our|the|my|icp|profile|ideal|customer|criteria|with|what|we|want|sell|bill|well|at all))*$|^how (?:well|good|closely) (?:does|do|would) (?<lead2>.+?) (?:fit|match|suit)(?: (?:in|us|our|the|my|icp|profile|ideal|customer|criteria))*$|^how (?:good|strong|great) (?:a |of a )?(?:fit|match|prospect) (?:is|are|would) (?<lead3>.+?)(?: (?:be|for us))*$/d,
    (found, ctx) => {
      const raw = found.raw('lead') || found.raw('lead2') || found.raw('lead3');
      return noLead.test(raw.toLowerCase()) ? undefined : one(raw, ctx, {}, 0.97);
    },
  ],
  [
    // with "first" or "today" the place in the ranking is what is asked for
    /^should (?:i|we) (?:even |really |still )*(?:call|calling|ring|contact|contacting|phone|visit|chase|prioritize|go after|pursue|invest (?:time )?in|spend (?:my |any |more |some )?time (?:on|with)) (?<lead>.+?)(?: or not| at all)?$/d,
    (found, ctx, sentence) =>
      sentence.test(/ (?:first|next|today|now|again|tomorrow|back|about|this week|or)\b(?! not$)/)
        ? undefined
        : one(found.raw('lead'), ctx, {}, 0.95),
  ],
  [
    /^(?:what is (?:the|your) verdict|what do you make|give me (?:a|your|the) verdict|your verdict|verdict|qualification|what is the qualification|show (?:me )?the qualification)(?: (?:on|of|about|for))+ (?<lead>.+)$|^(?:assess|evaluate|vet|size up|run (?:a |the )?qualification (?:on|for|of)|do (?:a |the )?qualification (?:on|for|of)) (?<lead2>.+)$|^how (?:well )?qualified is (?<lead3>.+)$/d,
    (found, ctx) => one(found.raw('lead') || found.raw('lead2') || found.raw('lead3'), ctx, {}, 0.9),
  ],
]);

/** Is it worth the time: one lead, some, or all that fit. */
export const qualification: Intent = (whole, ctx) => {
  if (
    !whole.test(
      /\b(?:re-?)?qualif|\b(?:fit|match|suit|worth|good|great|decent|strong|should|verdict|assess|evaluate|vet|size|make of|lead|prospect|spend|go ahead|most)\b/,
    )
  )
    return undefined;
  const { sentence, ...asked } = terms(whole);
  const agreed = withBudget(whole, ctx, asked);
  if (agreed) return agreed;
  const ordered = sentence.match(
    /^(?:re-?)?(?:qualify|qualifying|prequalify)(?: (?:for me|again))? (?<what>.+?)(?: (?:again|now|for me|anew|properly|fully))*$/d,
  );
  if (!ordered)
    return /^(?:re-?)?qualify(?: (?:it|that|this))?$/.test(sentence.words)
      ? aboutLead('it', ctx, 'qualify_lead', compact(asked), 0.9)
      : goodFit(sentence, ctx);
  const words = ordered.words('what');
  if (/ (?:as|to|for|out)\b|^(?:as|to|for|out)\b/.test(words) && !/\bfor (?:me|us|the)\b/.test(words)) return undefined;
  const shown = severalOf(words, ctx);
  // "the first two" are those; "all of them" may be more than one page
  if (shown && shown.length < ctx.leads.length) return one(ordered.raw('what'), ctx, asked, 0.95);
  return (
    many(words, ordered.raw('what'), ctx, asked) ??
    one(ordered.raw('what').replace(/^(?:the )?(?:lead|company|prospect)\s+(?=[A-Z])/, ''), ctx, asked, 0.95)
  );
};

/** "Spend at most 2 dollars" after an estimate starts what was estimated. */
const withBudget = (sentence: Sentence, ctx: Context, { maxCostUsd }: Terms): Reading | undefined => {
  const last = ctx.turns.at(-1)?.calls.at(-1);
  if (last?.tool !== 'qualify_leads' || !last.answer?.result?.['estimate']) return undefined;
  const said =
    maxCostUsd ??
    Number(
      /^(?:ok |yes |go ahead |do it )*(?:with |for |and )?(?:spend )?(?:up to|at most|no more than|max(?:imum)?|spend|for) \$?(\d{1,4}(?:\.\d+)?)(?: ?(?:dollars?|usd|\$|bucks))?$/.exec(
        sentence.words,
      )?.[1],
    );
  return said > 0 ? calls('qualify_leads', { ...last.input, maxCostUsd: said }, 0.97) : undefined;
};
