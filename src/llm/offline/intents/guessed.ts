import { parseWhen } from '../../../core/when.ts';
import { type Guess, guess, type IntentName } from '../classify.ts';
import { filtersOf, isTrade } from '../filters/filters.ts';
import { type NameSpan, namesIn } from '../names.ts';
import { type Aspect, ask, type Context, calls, type Reading, refuse } from '../reading.ts';
import type { Sentence } from '../sentence.ts';
import { activity, kindOf } from './activity.ts';
import { completeTask } from './complete.ts';
import { create } from './create.ts';
import { fieldValue } from './fields.ts';
import { attachFirst } from './house.ts';
import { aboutLead } from './intent.ts';
import { topOf } from './ranking.ts';
import { reminder } from './reminders.ts';
import { statusOf } from './status.ts';
import { listTasks } from './tasks.ts';

/**
 * What a text most likely wants where no rule knows its wording: the statistical model names the intent, and each intent
 * looks for its own slots. Without the slots it needs, nothing is read.
 */
export const guessed = (whole: Sentence, sentence: Sentence, ctx: Context): Reading | undefined => {
  const [first] = guess(whole);
  if (!first || first.probability < 0.4) return undefined;
  const reading = readers[first.intent](sentence, ctx, first);
  return reading;
};

/** How far a guess is trusted: always less than a rule that fits, and a change only from about 0.75 on. */
const trust = ({ probability }: Guess): number => 0.45 + 0.38 * probability;
const trustWrite = ({ probability }: Guess): number => 0.35 + 0.44 * probability;
/** A note or a task too many is a small harm, seen at once and undone with a word. */
const trustNote = ({ probability }: Guess): number => 0.42 + 0.4 * probability;

type Reader = (sentence: Sentence, ctx: Context, guess: Guess) => Reading | undefined;

const pronoun =
  /\b(?:it|its|them|they|their|him|her|(?:this|that) (?:one|lead|company|account|deal)|the (?:first|second|third|fourth|fifth|last|top) (?:one|lead)?)\b/;
const people = /^(?:him|her|me)$/;

/** The lead that is spoken of: the first name (after "has Ann called" the last one), or else a pronoun or a position. */
const leadSlot = (sentence: Sentence, spans: readonly NameSpan[] = namesIn(sentence)): string | undefined =>
  (/^(?:has|have|did|does|is|when)\b/.test(sentence.words) ? spans.at(-1) : spans[0])?.text ?? pronoun.exec(sentence.words)?.[0];

const byLead =
  (tool: string, aspectOf?: (words: string) => Aspect | undefined): Reader =>
  (sentence, ctx, found) => {
    const slot = leadSlot(sentence);
    return slot === undefined ? undefined : aboutLead(slot, ctx, tool, {}, trust(found), { aspect: aspectOf?.(sentence.words) });
  };

/** "Who is Priya": a name and nothing else, not "who is on Genstar" or "who is covering Genstar". */
const bareWho = /^who is (?!(?:the|an?|on|with|for|in|at|owner|\S+ing)\b)[\p{L}'.-]+(?: [\p{L}'.-]+)?$/u;

const aspectIn = (words: string): Aspect | undefined =>
  /\b(?:email|mail)\b/.test(words)
    ? 'email'
    : /\b(?:phone|number|mobile|landline|digits|cell)\b/.test(words)
      ? 'phone'
      : /\bsite|website|url\b/.test(words)
        ? 'website'
        : bareWho.test(words)
          ? 'person'
          : /\b(?:who (?:has|is|looks|owns|handles)|owner)\b/.test(words)
            ? 'owner'
            : /\b(?:last|called|contacted|spoken|rung|rang|talked|heard)\b/.test(words)
              ? 'lastContact'
              : /\b(?:where|address|based|located)\b/.test(words)
                ? 'address'
                : /\b(?:status|stage|open|won|lost)\b/.test(words)
                  ? 'status'
                  : /\bnotes?|history\b/.test(words)
                    ? 'notes'
                    : undefined;

const plainCall =
  (tool: string): Reader =>
  (_sentence, _ctx, found) =>
    calls(tool, {}, trust(found));

const readers: Record<IntentName, Reader> = {
  search: (sentence, _ctx, found) => {
    const { input, states, leftover } = filtersOf(sentence);
    const names = namesIn(sentence).map((span) => span.text.toLowerCase());
    const wanted = leftover.filter(
      (word) => isTrade(word) || names.some((name) => name.split(/\s+/).includes(word.toLowerCase())),
    );
    const kept = { ...input, query: leftover.length === wanted.length ? input.query : wanted.join(' ') || undefined };
    if (Object.values(kept).every((value) => value === undefined)) return undefined;
    return {
      kind: 'calls',
      confidence: trust(found),
      calls: (states.length > 1 ? states : [kept.state]).map((state) => ({
        tool: 'search_leads',
        input: Object.fromEntries(Object.entries({ ...kept, state }).filter(([, value]) => value !== undefined)),
      })),
      aspect: /\bhow many\b/.test(sentence.words) ? 'count' : undefined,
    };
  },
  get: byLead('get_lead', aspectIn),
  explain: byLead('explain_score'),
  top: (sentence, _ctx, found) => topOf(sentence, trust(found)),
  create: (sentence, _ctx, found) => {
    const name = namesIn(sentence)[0];
    if (!name || sentence.test(/^(?:mark|move|set|log|remind)\b/)) return undefined;
    const rest = sentence
      .slice(name.from)
      .raw.replace(
        /,? (?:and )?(?:please )?(?:add|put|stick|pop|save|enter|get|chuck) (?:them|it|that|this|him|her) ?(?:in|down|up|on)?(?: (?:as a lead|the (?:list|system|database|crm|books)|to the (?:list|system|database)|a lead))?\W*$/i,
        '',
      );
    return create(rest, trustWrite(found));
  },
  status: (sentence, ctx, found) => {
    const slot = leadSlot(sentence);
    const status = statusIn(sentence.words);
    return slot && status ? aboutLead(slot, ctx, 'update_lead', { status }, trustWrite(found)) : undefined;
  },
  owner: (sentence, ctx, found) => {
    const spans = namesIn(sentence);
    const { words } = sentence;
    const person = spans.find((span) => isPerson(sentence, span));
    const lead = spans.find((span) => span !== person);
    const owner =
      person?.text ??
      (/\b(?:nobody|no one|unassign\w*|(?:remove|clear|drop|take) (?:the )?owner|owner off|free)\b/.test(words)
        ? 'nobody'
        : /\b(?:me|mine|my|myself|i)\b/.test(words)
          ? 'me'
          : undefined);
    const slot = lead?.text ?? pronoun.exec(words)?.[0];
    return owner && slot && !people.test(slot) ? aboutLead(slot, ctx, 'update_lead', { owner }, trustWrite(found)) : undefined;
  },
  field: (sentence, ctx, found) => {
    const slot = leadSlot(sentence) ?? (ctx.lead ? 'it' : undefined);
    if (!slot) return undefined;
    const { words, source } = sentence;
    const after = source.replace(slot, ' ').replace(/^.*?\b(?=\S*@|\S*\d|\S+\.[a-z]{2,})/i, '');
    for (const [pattern, field] of fieldWords) {
      if (!pattern.test(words)) continue;
      const value = fieldValue(field, after);
      if (value !== undefined && field !== 'name' && field !== 'city' && field !== 'industry')
        return aboutLead(slot, ctx, 'update_lead', { [field]: value }, trustWrite(found));
    }
    return undefined;
  },
  delete: (sentence, ctx, found) => {
    const slot = leadSlot(sentence);
    return slot && !/\b(?:task|reminder|note)\b/.test(sentence.words)
      ? aboutLead(slot, ctx, 'delete_lead', {}, trustWrite(found))
      : undefined;
  },
  log: (sentence, ctx, found) => {
    const slot = leadSlot(sentence) ?? (ctx.lead ? 'it' : undefined);
    if (!slot) return undefined;
    const said = sentence.raw.replace(
      /^(?:log|note|add|make|put|record|jot)(?: (?:a|an|the|that|down|quick))*(?: (?:note|call|email|meeting|text))?(?: (?:that|for|on|to|with))?\s+/i,
      '',
    );
    const text = said
      .replace(slot, '')
      .replace(/^[\s,:;-]+/, '')
      .trim();
    return activity(
      slot,
      kindOf(sentence.words),
      text === '' ? undefined : said.startsWith(slot) ? text : sentence.raw,
      ctx,
      trustNote(found),
      sentence.words,
    );
  },
  task: (sentence, ctx, found) => {
    const body = sentence.raw.replace(
      /^(?:remind me|task|todo|to do|reminder|note to self|put (?:it )?(?:in|on) (?:my|the) (?:diary|calendar))[\s:,-]*(?:to )?/i,
      '',
    );
    const named = /\b(?:task|todo|to do|remind\w*)\b/.test(sentence.words);
    const doing =
      /\b(?:call|ring|phone|email|text|chase|follow\w*|visit|meet|send|check|get back|speak|talk|quote|try|ping|nudge|book|prep\w*)\b/;
    if (!named && !(doing.test(sentence.words) && parseWhen(body, ctx.now, ctx.timeZone))) return undefined;
    return reminder(body, undefined, ctx, trustNote(found), /\bremind/.test(sentence.words));
  },
  complete: (sentence, ctx, found) => {
    if (!sentence.test(/\b(?:done|finish\w*|complet\w*|sorted|did|closed|handled|(?:tick|cross|check|mark)\b.*\boff)\b/))
      return undefined;
    const span = namesIn(sentence)[0];
    const words = sentence.raw
      .replace(
        /\b(?:i|have|has|is|the|my|that|a|done|finished|finish|complete|completed|tick|ticked|off|cross|check|mark|task|reminder|todo|as|with|now|already|please|one|sorted)\b/gi,
        ' ',
      )
      .replace(/\s+/g, ' ')
      .trim();
    return span || words ? completeTask(span?.text ?? words, ctx, trustWrite(found)) : undefined;
  },
  tasks: (sentence, ctx, found) => listTasks(ctx, sentence, trust(found)),
  import: () => refuse(attachFirst, 0.7),
  imports: plainCall('list_imports'),
  undo: (sentence, _ctx, found) => (namesIn(sentence).length === 0 ? calls('undo', {}, trustWrite(found)) : undefined),
  pending: plainCall('list_pending'),
  jobs: plainCall('list_jobs'),
  whoami: plainCall('whoami'),
  costs: plainCall('get_costs'),
  qualify: byLead('qualify_lead'),
  compare: (sentence, _ctx, found) => {
    const leads = namesIn(sentence).map((span) => span.text);
    return leads.length > 1 && leads.length <= 5 ? calls('compare_leads', { leads }, trust(found)) : undefined;
  },
  suppose: (_sentence, _ctx, found) =>
    ask(
      'What should I suppose? For example: "what if Northwind had 3 OEM certifications", or of the whole scoring: "what if multi-OEM counted 30 percent".',
      trust(found),
    ),
  profile: plainCall('get_profile'),
  reweigh: (_sentence, _ctx, found) =>
    ask(
      'What about the scoring should be different? For example: "raise the weight of multi-OEM to 30", "gold should start at 65", or "use the saas profile".',
      trust(found),
    ),
  calibration: plainCall('get_calibration'),
  refuse: (_sentence, _ctx, found) =>
    refuse(
      'I cannot do that here; I work with your leads, tasks and notes. You can ask, for example: "top 5 leads" or "show my tasks".',
      trust(found) - 0.05,
    ),
  talk: () => undefined,
};

/** A status named anywhere in a sentence; the longest wording counts. */
const statusIn = (words: string): string | undefined => {
  if (/\b(?:not|is not|no) (?:a )?(?:good )?fit\b|\bdisqualif\w+\b|\bunqualified\b/.test(words)) return 'disqualified';
  if (/\b(?:signed|sign up|landed|closed won|we got|got the (?:deal|job|order|contract)|in the bag)\b/.test(words)) return 'won';
  const found = words.split(' ').flatMap((word) => statusOf(word.replace(/[^a-z]/g, '')) ?? []);
  return found.length > 0 && new Set(found).size === 1 ? found[0] : found.at(-1);
};

/** A name stands for a person where one is handed something or does something; a trade word in it makes it a firm. */
const isPerson = (sentence: Sentence, span: NameSpan): boolean => {
  const before = sentence.slice(0, span.from).words;
  const after = sentence.slice(span.to).words;
  if (span.to - span.from > 2) return false;
  return (
    /\b(?:to|owner is|owner :|owner to|let|have|make|with|by|rep|be|belongs to|:|-)$/.test(before) ||
    (span.from === 0 &&
      /^(?:is|will|should|can|has|takes|gets|owns|wants|to)\b/.test(after) &&
      /\b(?:handl|look|tak|own|hav|work|get|run)/.test(after)) ||
    /^(?:have|take|own|handle|look|work|run|as owner|the owner|as the owner)\b/.test(after)
  );
};

const fieldWords: [RegExp, string][] = [
  [/@|\bemail|\bmail\b/, 'email'],
  [/\b(?:phone|number|mobile|cell|tel|line|direct)\b/, 'phone'],
  [/\b(?:employees|staff|people|headcount|workers|heads)\b/, 'employees'],
  [/\b(?:zip|postcode|postal)\b/, 'zip'],
  [/\b(?:website|site|url|domain|web)\b/, 'website'],
];
