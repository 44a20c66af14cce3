import { object } from '../history.ts';
import { ask, type Call, type Context, calls, compact, complete, refuse } from '../reading.ts';
import { Sentence } from '../sentence.ts';
import type { Intent } from './intent.ts';
import { amount, criterionOf, inProfile, isCriterion, loosely, numberIn, percent, share, tier } from './profile-words.ts';

/** A change of a profile as `update_profile` takes it; null where the number was not said. */
export interface Change {
  weights?: Record<string, number | null>;
  tiers?: Record<string, number | null>;
}

type Found = NonNullable<ReturnType<Sentence['match']>>;
type Form = [RegExp, (found: Found, ctx: Context) => Change | undefined];

const verb =
  '(?:raise|increase|lift|bump|boost|lower|reduce|decrease|drop|cut|set|change|adjust|put|make|move|bring|update|turn|push|dial|scale|shift|get|fix)(?: up| down)?';
const from = String.raw`(?: from (?:now )?\d{1,3}(?:${percent}| points?)?)?`;
const to = '(?:to be|to|at|=|:|-|as|of|be|is)';
const weight = '(?:weight|weighting|weightage|share|importance)';
const bar = '(?:bar|threshold|cut-?off|cut off|limit|line|minimum|start|boundary|entry|mark|level)(?: score)?';
const should = '(?:should|must|shall|has to|have to|needs to|need to|ought to|is to|are to|will)(?: only| now)?';
const onward = '(?: (?:on|onwards?|up|upwards|and up|and above|or more|points?))*';

const weighed =
  (known = false): Form[1] =>
  (found, ctx) => {
    const criterion = criterionOf(found.raw('what'), ctx);
    const number = numberIn(found.words('n'));
    if (criterion === undefined || !number || (known && !isCriterion(criterion, ctx))) return undefined;
    return { weights: { [criterion]: number } };
  };
const tiered: Form[1] = (found) => {
  const number = numberIn(found.words('n'));
  return number === undefined ? undefined : { tiers: { [found.words('tier').toUpperCase()]: number } };
};

const form = (pattern: string, read: Form[1] = weighed()): Form => [new RegExp(`^${pattern}$`, 'd'), read];

/** Orders and wishes: "raise the weight of X to 30", "X should count 40 percent", "gold should start at 65". */
const orders: Form[] = [
  form(`(?:${verb} )?(?:the )?${bar} (?:of|for|to) ${tier}${from} (?:to|at|=|:|is|should be) ${amount}${onward}`, tiered),
  form(`(?:${verb} )?${tier} (?:'s )?${bar}${from} (?:to|at|=|:|is|should be) ${amount}${onward}`, tiered),
  form(
    `(?:let |make |have )?${tier} (?:${should} )?(?:to )?(?:only )?(?:start|begin|starts|begins|kick in|be reached)(?: only)? (?:at|from|with|above|over)(?: (?:a )?(?:score|points) of)? ${amount}${onward}`,
    tiered,
  ),
  form(`${tier} ${should} be (?:at|from|above) ${amount}${onward}`, tiered),
  form(`${verb} ${tier}(?: up| down)?${from} (?:to|at)(?: (?:start|begin) (?:at|from))? ${amount}${onward}`, tiered),
  form(`${tier} from ${amount} (?:on|onwards?|upwards)`, tiered),
  form(`${verb} (?:the )?${weight} (?:of|for|on) (?<what>.+?)${from}(?: up| down)? ${to} ${share}`),
  form(`${verb} (?:the )?(?<what>.+?) (?:'s )?${weight}(?: up| down)?${from} ${to} ${share}`),
  form(
    `(?:(?:i|we) (?:want|need|would like|wish) )(?<what>.+?) to (?:count|weigh|matter|make up|contribute|be|have)(?: for| as| at| only)? ${amount}${percent}`,
  ),
  form(`(?:make|let|have|get) (?<what>.+?) (?:to )?(?:count|weigh|matter|make up|contribute)(?: for| as| at)? ${share}`),
  form(`(?:make|let|have) (?<what>.+?) (?:be )?(?:worth )?${amount}${percent}`),
  form(
    `(?<what>.+?) ${should} (?:count|weigh|matter|make up|contribute|be weighted|be weighed|have a ${weight} of)(?: for| at| as)? ${share}`,
  ),
  form(`(?<what>.+?) ${should} (?:be(?: at| worth)?|get|have) ${amount}${percent}`),
  form(`give (?<what>.+?) (?:a |the )?${weight} of ${share}`),
  form(`give (?<what>.+?) ${amount}${percent}(?: ${weight})?`),
  form(`(?:weigh|weight|count) (?<what>.+?) (?:at|with|by|as|for) ${share}`),
  form(`${verb} (?<what>.+?)${from}(?: up| down)? (?:to|at) ${amount}${percent}`),
  form(`(?:raise|increase|lower|reduce|decrease|bump|lift|boost)(?: up)? (?<what>.+?)${from} to ${amount}`),
  form(`(?:set|change|put|adjust|move|bring|make) (?<what>.+?)${from} (?:to )?${amount}`, weighed(true)),
  form(`(?:the )?${weight} (?:of|for) (?<what>.+?) (?:to|=|:|at|should be|-) ${share}`),
  form(`(?<what>.+?) ${weight}(?: (?:to|=|:|should be|at))? ${share}`),
];

const open: Form[1] = (found, ctx) => {
  const criterion = criterionOf(found.raw('what'), ctx);
  return criterion === undefined ? undefined : { weights: { [criterion]: null } };
};
const openTier: Form[1] = (found) => ({ tiers: { [found.words('tier').toUpperCase()]: null } });
const more = '(?:more|less|higher|lower|heavier|lighter|stronger)';
const turn = '(?:raise|increase|lift|bump up|bump|boost|lower|reduce|decrease|change|set|adjust|update)';

/** The same without a number, or with a number to go by instead of one to reach. */
const unnumbered: Form[] = [
  form(`${turn} (?:the )?${bar} (?:of|for) ${tier}(?: by .+)?`, openTier),
  form(`${turn} ${tier} ${bar}(?: by .+)?`, openTier),
  form(`${turn} (?:the )?${weight} (?:of|for|on) (?<what>.+?)(?: by .+| up| down)?`, open),
  form(`${turn} (?<what>.+?) (?:'s )?${weight}(?: by .+| up| down)?`, open),
  form(`(?:make|let|have) (?<what>.+?) (?:count|weigh|matter)(?: for)?(?: a lot| much| a bit| a little)? ${more}`, open),
  form(`(?<what>.+?) ${should} (?:count|weigh|matter)(?: for)?(?: a lot| much| a bit| a little)? ${more}`, open),
  form(`(?:weigh|weight) (?<what>.+?)(?: a lot| much| a bit| a little)? ${more}`, open),
  form(`${turn} (?<what>.+?) by ${amount}${percent}`, open),
];

/** What would be: "X counted 30 percent", "the weight of X were 30", "gold started at 65". */
const suppositions: Form[] = [
  form(
    `${tier} (?:only )?(?:started|began|starts|begins|start|begin|kicked in|was|were|is|went)(?: only)?(?: (?:at|from|to|with|above))* ${amount}${onward}`,
    tiered,
  ),
  form(`(?:the )?${bar} (?:of|for) ${tier} (?:was|were|is|went to) ${amount}${onward}`, tiered),
  form(`${tier} (?:'s )?${bar} (?:was|were|is|went to) ${amount}${onward}`, tiered),
  form(
    `(?:the )?${weight} (?:of|for|on) (?<what>.+?) (?:was|were|is|went|rose|dropped|fell|goes|became)(?: up| down)?(?: to| at)? ${share}`,
  ),
  form(`(?<what>.+?) (?:'s )?${weight} (?:was|were|is|went|rose|dropped|fell|goes)(?: up| down)?(?: to| at)? ${share}`),
  form(
    `(?<what>.+?) (?:only )?(?:counted|counts|count|weighed|weighs|weigh|made up|makes up|mattered|(?:had|has|got) a ${weight} of|(?:was|were|is) weight?ed)(?: only)?(?: for| at| as)? ${share}`,
  ),
  form(`(?<what>.+?) (?:was|were|is|went to|goes to|at|to) (?:only )?${amount}${percent}`),
];

const past: Record<string, string> = {
  raised: 'raise',
  increased: 'increase',
  lifted: 'lift',
  bumped: 'bump',
  lowered: 'lower',
  reduced: 'reduce',
  decreased: 'decrease',
  dropped: 'drop',
  changed: 'change',
  adjusted: 'adjust',
  made: 'make',
  moved: 'move',
  gave: 'give',
  brought: 'bring',
  weighed: 'weigh',
};

const firstOf = (forms: Form[], sentence: Sentence, ctx: Context): Change | undefined => {
  for (const [pattern, read] of forms) {
    const found = sentence.match(pattern);
    const change = found && read(found, ctx);
    if (change) return change;
  }
  return undefined;
};

const shares = new RegExp(`\\d${percent}|\\bweigh`);
const bareShare = form(`${verb} (?<what>.+?) (?:to|at) ${amount}`);

/** "Set A to 30 and B to 40 percent": what follows a number may be the next change, with its verb left out. */
const joint = (sentence: Sentence, ctx: Context, read: (part: Sentence) => Change | undefined): Change | undefined => {
  for (let i = 2; i < sentence.tokens.length - 2; i++) {
    const word = sentence.tokens[i]?.word ?? '';
    const gap = sentence.source.slice(sentence.tokens[i - 1]?.end, sentence.tokens[i]?.start);
    if (!(/^(?:and|&)$/.test(word) || gap.includes(',')) || !/\d|percent|points/.test(sentence.tokens[i - 1]?.word ?? ''))
      continue;
    // its unit may stand at the end: "A to 30 and B to 40 percent"
    const first =
      read(sentence.slice(0, i)) ?? (shares.test(sentence.words) ? firstOf([bareShare], sentence.slice(0, i), ctx) : undefined);
    const rest = sentence.slice(/^(?:and|&)$/.test(word) ? i + 1 : i);
    const second =
      first &&
      (changeIn(rest, ctx) ??
        firstOf(
          [form(`${tier} (?:to|at|from) ${amount}${onward}`, tiered), form(`(?<what>.+?) (?:to |at |only )?${share}`)],
          rest,
          ctx,
        ));
    if (first && second)
      return { ...compact({ weights: merged(first.weights, second.weights), tiers: merged(first.tiers, second.tiers) }) };
  }
  return undefined;
};

const merged = <T>(a: Record<string, T> | undefined, b: Record<string, T> | undefined): Record<string, T> | undefined =>
  a || b ? { ...a, ...b } : undefined;

const ordered = (sentence: Sentence, ctx: Context): Change | undefined =>
  /\d|\b(?:ten|fifteen|\w+ty)\b/.test(sentence.words) ? firstOf(orders, sentence, ctx) : undefined;

/** The change that a sentence orders or wishes for. */
const changeIn = (sentence: Sentence, ctx: Context): Change | undefined =>
  ordered(sentence, ctx) ?? joint(sentence, ctx, (part) => ordered(part, ctx));

/** The change that a sentence supposes: "multi-OEM counted 30 percent", "we raised it to 30". */
export const supposedIn = (sentence: Sentence, ctx: Context): Change | undefined => {
  const one = (part: Sentence): Change | undefined => {
    const ours = part.drop(/^(?:i|we|you|they)(?: were to| was to| would| just| only)*(?= \S)/) ?? part;
    const [first, ...others] = ours.tokens;
    const base = first && Object.hasOwn(past, first.word) ? past[first.word] : undefined;
    const now = base && first ? new Sentence(ours.source, [{ ...first, word: base }, ...others]) : ours;
    return ordered(now, ctx) ?? firstOf(suppositions, part, ctx);
  };
  return one(sentence) ?? joint(sentence, ctx, one);
};

/** Several changes of the same profile in one message make one version. */
export const mergedChanges = (planned: Call[]): Call[] => {
  const mergeable = (call: Call): boolean => call.tool === 'update_profile' && object(call.input['changes']) !== undefined;
  const [first, ...others] = planned.filter(mergeable);
  if (!first || others.some((call) => call.input['profile'] !== first.input['profile'])) return planned;
  let changes = first.input['changes'] as Change;
  for (const { input } of others) {
    const { weights, tiers } = input['changes'] as Change;
    changes = compact({ ...changes, weights: merged(changes.weights, weights), tiers: merged(changes.tiers, tiers) });
  }
  return planned
    .filter((call) => call === first || !mergeable(call))
    .map((call) => (call === first ? { tool: call.tool, input: { ...call.input, changes } } : call));
};

const example =
  'For example: "raise the weight of multi-OEM to 30" or "gold should start at 65". "Show the profile" lists what there is.';

/** Changing a profile: weights in percent, and where tiers begin. */
export const profileChange: Intent = (whole, ctx) => {
  if (
    !whole.test(
      /\d|\b(?:weigh\w*|importance|share|count|matter|profile|scoring|criteri\w+|tiers?|thresholds?|cut-?off|percent|platinum|gold|silver|bronze|ten|fifteen|\w+ty)\b/,
    ) ||
    whole.tokens.length > 30
  )
    return undefined;
  const { sentence, profile: named } = inProfile(whole);
  const renamed = sentence.match(/^rename (?:the |our )?(?:icp |scoring |active )?profile (?:to|as|into) (?<name>.+)$/d);
  if (renamed) return calls('update_profile', { profile: named, changes: { name: renamed.raw('name') } }, 0.97);
  const change = changeIn(sentence, ctx);
  if (change?.tiers?.['BRONZE'] !== undefined)
    return refuse(
      'BRONZE is whatever lies below SILVER; say where SILVER should begin, such as "silver should start at 40".',
      0.97,
    );
  // a criterion of the profile that was looked at belongs to that one, whichever scores
  const profileOf = ({ weights }: Change): string | undefined => {
    const own = ctx.profile?.criteria.map(loosely) ?? [];
    const criteria = Object.keys(weights ?? {});
    return named ?? (criteria.length > 0 && criteria.every((one) => own.includes(loosely(one))) ? ctx.profile?.id : undefined);
  };
  if (change) return calls('update_profile', { profile: profileOf(change), changes: change }, 0.97);
  const wanting = firstOf(unnumbered, sentence, ctx);
  if (wanting && wanting.tiers?.['BRONZE'] === undefined)
    return complete(
      [{ tool: 'update_profile', input: compact({ profile: profileOf(wanting), changes: wanting }) }],
      [{ field: 'number', calls: [0] }],
      0.97,
    );
  return sentence.test(
    /^(?:change|adjust|edit|update|tune|rebalance|re-balance|tweak|modify|set|fix)(?: the| our| my| some| all)*(?: (?:icp|scoring|lead|tier|score))*(?: (?:weights?|weighting|scoring|criteria|criterion|thresholds?|tiers|cut-?offs?|profiles?|icp))(?: (?:weights?|criteria|thresholds?|a bit|a little|and (?:weights|tiers|thresholds)|settings?))*$/,
  )
    ? ask(`What should be different? ${example}`, 0.95)
    : undefined;
};

/** The number that an open question about a weight or a tier was answered with. */
export const withNumber = (call: Call, text: string): Call | undefined => {
  const said = new RegExp(`(?:^|\\s)${share}(?=\\s|$|[.!])`).exec(text.toLowerCase())?.groups?.['n'];
  const number = said === undefined ? undefined : numberIn(said);
  if (number === undefined) return undefined;
  const fill = (group: Record<string, number | null> | undefined) =>
    group && Object.fromEntries(Object.entries(group).map(([name, value]) => [name, value ?? number]));
  const { weights, tiers } = (call.input['changes'] ?? {}) as Change;
  return { tool: call.tool, input: { ...call.input, changes: compact({ weights: fill(weights), tiers: fill(tiers) }) } };
};
