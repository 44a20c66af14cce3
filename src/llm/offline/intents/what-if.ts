import { type Json, object, objects, string } from '../history.ts';
import { namesIn } from '../names.ts';
import { ask, type Call, type Context } from '../reading.ts';
import { leadOf } from '../references.ts';
import type { Sentence } from '../sentence.ts';
import type { Intent } from './intent.ts';
import { amount, criterionOf, numberIn, percent } from './profile-words.ts';

/** Said of one lead: "what if Acme had 3 OEM certifications?". */

const example =
  'For example: "what if multi-OEM of Northwind were 100", or with a column of its record: "what if oems_certified of Northwind was Generac, Kohler".';
const points = `${amount}(?:${percent}| points?)?(?: (?:out of|of) (?:100|a hundred))?`;
const column = String.raw`(?:(?:the )?column (?<column>[\w-]+)|(?:the )?(?<named>\w*_\w+))`;
const was = '(?:was|were|is|had been|would be|said|read|showed|listed|contained|=|:|became)';
const had =
  '(?:had|has|have|got|gets|get|held|holds|reached|scored|was certified (?:by|for|with)|were certified (?:by|for|with)|carried|sold|sells)';

/** What is supposed of whom; `criterion` and `column` as the user wrote them. */
interface Supposed {
  lead: string;
  input?: Json;
  /** What has to be found in the profile first. */
  clause?: Sentence;
}

type Form = [RegExp, (found: NonNullable<ReturnType<Sentence['match']>>, ctx: Context) => Supposed | undefined];
const form = (pattern: string, read: Form[1]): Form => [new RegExp(`^${pattern}$`, 'd'), read];

const pointsOf: Form[1] = (found, ctx) => {
  const criterion = criterionOf(found.raw('what'), ctx);
  const number = numberIn(found.words('n'));
  return criterion === undefined || number === undefined
    ? undefined
    : { lead: found.raw('lead'), input: { points: { [criterion]: number } } };
};
const columnOf: Form[1] = (found) => {
  const value = found
    .raw('value')
    .replace(/^["']|["'?]+$/g, '')
    .trim();
  const empty = /^(?:empty|blank|missing|gone|unknown|not there|nothing|none)$/i.test(value);
  return {
    lead: found.raw('lead'),
    input: { attributes: { [found.raw('column') || found.raw('named')]: empty ? null : value } },
  };
};
/** A count goes before nothing else that says how many: those columns are taken as empty. */
const certified: Form[1] = (found) => {
  const count =
    { no: 0, one: 1, a: 1, two: 2, three: 3, four: 4, five: 5, six: 6 }[found.words('count')] ?? Number(found.words('count'));
  return {
    lead: found.raw('lead'),
    input: { attributes: { MultiOEM_Score: null, OEMs_Certified: null, OEM_Count: String(count) } },
  };
};

const forms: Form[] = [
  form(`${column} (?:of|for|at|in) (?<lead>.+?) ${was} (?<value>.+)`, columnOf),
  form(`(?<lead>.+?) 's ${column} ${was} (?<value>.+)`, columnOf),
  form(`(?<lead>.+?) ${had} (?<value>.+?) (?:in|as|for|under) ${column}`, columnOf),
  form(`(?:the )?(?:industry|trade) of (?<lead>.+?) ${was} (?<value>.+)`, (found) => ({
    lead: found.raw('lead'),
    input: { industry: found.raw('value') },
  })),
  form(`(?<lead>.+?) 's (?:industry|trade) ${was} (?<value>.+)`, (found) => ({
    lead: found.raw('lead'),
    input: { industry: found.raw('value') },
  })),
  form(
    `(?<lead>.+?) ${had} (?:only |at least |just |all of )*(?<count>\\d{1,2}|no|one|a|two|three|four|five|six) (?:different |more )?(?:oems?|oem certifications?|oem certs?|certified oems?|oem certificates?|manufacturer certifications?|oem brands?|certifications?(?: (?:by|from) oems?)?)`,
    certified,
  ),
  form(`(?:the )?(?:points? (?:for|on|in|of) )?(?<what>.+?) (?:of|for|at) (?<lead>.+?) ${was}(?: at)? ${points}`, pointsOf),
  form(`(?<lead>.+?) 's (?<what>.+?) ${was}(?: at)? ${points}`, pointsOf),
  form(`(?<lead>.+?) ${had} ${amount}(?:${percent}| points?)? (?:for|on|in|at) (?:the )?(?<what>.+?)`, pointsOf),
  form(
    `(?<lead>.+?) ${had} (?:a )?(?:full|all|maximum|perfect|top) (?:points?|marks?|score) (?:for|on|in|at) (?:the )?(?<what>.+?)`,
    (found, ctx) => {
      const criterion = criterionOf(found.raw('what'), ctx);
      return criterion === undefined ? undefined : { lead: found.raw('lead'), input: { points: { [criterion]: 100 } } };
    },
  ),
  form(`(?<lead>.+?) (?:scored|got|had|reached) (?:a )?${amount} (?:for|on|in) (?:the )?(?<what>.+?)`, pointsOf),
];

const opening =
  /^(?:(?:and|so|but|ok) )?(?:what (?:if|happens if|would happen(?: to (?:the|its|their) score)? if|would change if|about if)|suppose|supposing|imagine|say|pretend)(?: that)? (?=\S)/;
const tierWord = '(?:a )?(?:platinum|gold|silver)';

/** Where the lead is known already. */
const ofTheLead: Form[] = [
  form(`(?:the )?(?<what>.+?) (?:${was}|goes to|went to|rose to|rises to)(?: at)? ${points}`, (found, ctx) => {
    const criterion = criterionOf(found.raw('what'), ctx);
    const number = numberIn(found.words('n'));
    return criterion === undefined || number === undefined ? undefined : { lead: '', input: { points: { [criterion]: number } } };
  }),
  form(`${column} ${was} (?<value>.+)`, columnOf),
];

/** The lead and what is supposed of it, from the ways a whole question may be put. */
const parted = (sentence: Sentence): { lead?: string; clause: Sentence } | undefined => {
  const rest = sentence.drop(opening);
  if (rest && !rest.empty) return { clause: rest };
  for (const pattern of [
    /^(?:what|how|how much|how high) (?:would|could|will|does|might) (?<lead>.+?) (?:score|be|get|have|rank|reach|come to|look like|look|do|stand|be worth)(?: (?:at|as|with|then))? (?:if|with|when)(?: (?:they|it|he|she|we))? (?<clause>.+)$/d,
    /^what (?:happens|would happen|will happen|changes|would change) (?:to|for|with) (?:the score of )?(?<lead>.+?) (?:if|when)(?: (?:they|its?|their))? (?<clause>.+)$/d,
    /^what would (?:the )?(?:score|tier) of (?<lead>.+?) be (?:if|with)(?: (?:they|it))? (?<clause>.+)$/d,
    new RegExp(
      `^(?:would|could|will|does|do) (?<lead>.+?) (?:be|become|get|make|reach|turn|make it(?: to| into)?) (?:to |into )?${tierWord}(?: lead)? (?:if|with|when)(?: (?:they|it|we))? (?<clause>.+)$`,
      'd',
    ),
    new RegExp(
      `^(?:would|could|will|does|do) (?:having |an? |the |more |some |another |proof of |adding )*(?<clause>.+?) (?:make|get|lift|bring|turn|push|move|raise|take|put) (?<lead>.+?) (?:to |into |up to |a |over )*${tierWord}(?: lead| tier)?$`,
      'd',
    ),
  ]) {
    const found = sentence.match(pattern);
    if (!found) continue;
    const clause = sentence.part(pattern, 'clause');
    if (clause) return { lead: found.raw('lead'), clause };
  }
  return undefined;
};

/** Of a clause about a lead: what it says, where a column, a count or points are named. */
const read = (clause: Sentence, lead: string | undefined, ctx: Context): Supposed | undefined => {
  for (const [pattern, of] of lead === undefined ? forms : [...ofTheLead.toReversed(), ...forms]) {
    // "... score if they had 3 OEM certifications": who they are was said before
    const found = clause.match(pattern) ?? (lead === undefined ? undefined : clause.before('they').match(pattern));
    const supposed = found && of(found, ctx);
    if (supposed) return { ...supposed, lead: lead ?? supposed.lead };
  }
  return undefined;
};

/** Firms do these; what becomes of a lead in the pipeline is another matter. */
const properties =
  /\b(?:had|has|have|got|served|serves|serve|did|does|do|offered|offers|offer|sold|sells|worked|works|installed|installs|was|were|is|became|added|adds|employed|hired|opened|moved|maintained|maintains|covered|covers|ran|runs)\b/;
const fates =
  /\b(?:won|lost|qualified|disqualified|contacted|nurture|deleted|mark\w*|assign\w*|call\w*|answer\w*|sign\w*|bought|buys?|said|says|wants?|email\w*|reply|replies|replied|duplicates?|merged|a customer)\b/;

export const whatIf: Intent = (sentence, ctx) => {
  if (
    sentence.tokens.length > 30 ||
    !sentence.test(/^(?:(?:and|so|but|ok) )?(?:what|how|suppose|supposing|imagine|say|pretend|would|could|will|does|do)\b/)
  )
    return undefined;
  const whole = parted(sentence);
  if (!whole || /^(?:i|we|you)\b/.test(whole.clause.words)) return undefined;
  const { clause } = whole;
  const supposed = read(clause, whole.lead, ctx) ?? loose(clause, whole.lead);
  if (!supposed) return undefined;
  const who = leadOf(supposed.lead.replace(/^(?:the score of|score of)\s+/i, ''), ctx);
  if ('noName' in who) return undefined;
  if (!('ref' in who)) return ask(`Which lead do you mean? ${example}`, 0.9);
  if (supposed.input)
    return { kind: 'calls', confidence: 0.97, calls: [{ tool: 'score_what_if', input: { lead: who.ref, ...supposed.input } }] };
  return {
    kind: 'calls',
    confidence: 0.9,
    aspect: 'whatIf',
    calls: [{ tool: 'get_profile', input: {} }],
    next: ([profile]) => fulfilled(profile, who.ref, supposed.clause?.words ?? clause.words),
  };
};

/** A clause in free words: whom it is about, and the words from which the criterion has to be found. */
const loose = (clause: Sentence, lead: string | undefined): Supposed | undefined => {
  if (fates.test(clause.words)) return undefined;
  if (lead !== undefined) return { lead, clause };
  const [name] = namesIn(clause);
  const pronoun = /^(?:they|it|he|she)\b/.exec(clause.words)?.[0];
  const to = name?.from === 0 ? name.to : pronoun ? 1 : undefined;
  if (to === undefined || !properties.test(clause.slice(to).words)) return undefined;
  return { lead: name?.from === 0 ? name.text : 'it', clause: clause.slice(to) };
};

const idle = new Set(
  'a an and the of or with in on at to for they them it their its had has have got did does do was were is be too also as well both more some any all proof that if customers companies company score points certified certification lead leads good offered offer who are three two one yes no column words name industry'.split(
    ' ',
  ),
);
const stem = (word: string): string => word.replace(/(?:ies|ing|ers?|ed|es|s|e|al)$/, '');
const stemsOf = (text: string): Set<string> =>
  new Set(
    text
      .toLowerCase()
      .split(/[^\p{L}\p{N}+]+/u)
      .filter((word) => word.length > 1 && !idle.has(word))
      .map(stem)
      .filter((word) => word.length > 1),
  );

/** The one criterion that the words speak of, taken as wholly met; none when no criterion or more than one could be meant. */
const fulfilled = (profile: unknown, lead: string, words: string): Call[] => {
  const result = object(profile);
  const lists = Object.entries(object(result?.['lists']) ?? {});
  const said = stemsOf(words);
  // a word of a named list speaks for the list: "homes" for "residential"
  for (const [list, entries] of lists)
    if (Array.isArray(entries) && entries.some((entry) => said.has(stem(string(entry).toLowerCase()))))
      for (const word of stemsOf(list)) said.add(word);
  const fits = [...objects(result?.['criteria']), ...objects(result?.['bonuses'])]
    .map((criterion) => {
      const own = stemsOf(string(criterion['label']));
      const around = stemsOf(
        [string(criterion['raise']), ...(Array.isArray(criterion['finds']) ? criterion['finds'].map(string) : [])].join(' '),
      );
      const count = [...said].reduce((sum, word) => sum + (own.has(word) ? 3 : around.has(word) ? 1 : 0), 0);
      return { label: string(criterion['label']), count };
    })
    .sort((a, b) => b.count - a.count);
  const [best, second] = fits;
  return best && best.count > 0 && best.count > (second?.count ?? 0)
    ? [{ tool: 'score_what_if', input: { lead, points: { [best.label]: 100 } } }]
    : [];
};
