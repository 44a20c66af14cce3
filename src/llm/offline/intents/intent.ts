import { namesIn } from '../names.ts';
import {
  type Aspect,
  ask,
  askWhich,
  type Call,
  type Choice,
  type Context,
  complete,
  type Need,
  type Reading,
  refuse,
  writes,
} from '../reading.ts';
import { leadOf, type Referred, severalOf } from '../references.ts';
import { Sentence } from '../sentence.ts';

/** What a person may want, recognised from a sentence; several readings may compete, the most confident one wins. */
export type Intent = (sentence: Sentence, ctx: Context) => Reading | undefined;

/** One wording: a pattern over corrected words (with the `d` flag), and what it means. */
export type Rule = [
  RegExp,
  (found: NonNullable<ReturnType<Sentence['match']>>, ctx: Context, sentence: Sentence) => Reading | undefined,
];

/** Tries the wordings in order; the first that yields a reading counts. Without one of the `words` none is tried. */
export const byRules =
  (rules: Rule[], words?: RegExp): Intent =>
  (sentence, ctx) => {
    if (words && !sentence.test(words)) return undefined;
    for (const [pattern, read] of rules) {
      const found = sentence.match(pattern);
      const reading = found && read(found, ctx, sentence);
      if (reading) return reading;
    }
    return undefined;
  };

const severalNames = (raw: string): boolean => {
  const sentence = Sentence.of(raw, false);
  const [one, two] = namesIn(sentence, true);
  return (
    one !== undefined &&
    two !== undefined &&
    !/^(?:in|from|at|of|over at|out of|based in|near)?$/.test(sentence.slice(one.to, two.from).words)
  );
};

/** Calls about the lead a slot names: by id, by name, for several that were shown, or a question when it is not clear which. */
export const aboutLead = (
  raw: string,
  ctx: Context,
  tool: string,
  input: Record<string, unknown>,
  confidence: number,
  options: { needs?: Need[]; aspect?: Aspect; build?: (name: string | undefined) => Record<string, unknown> } = {},
): Reading | undefined => {
  const make = (ref: string | undefined, name: string | undefined): Call => ({
    tool,
    input: { ...(ref && { lead: ref }), ...input, ...options.build?.(name) },
  });
  const several = severalOf(raw.toLowerCase().trim(), ctx);
  if (several && several.length <= 5)
    return complete(
      several.map((lead) => make(lead.id, lead.name)),
      [],
      confidence,
      options.aspect,
    );
  if (several)
    return refuse(
      `That is ${several.length} leads at once. I change at most five at a time; name them, or say "the first two".`,
      confidence,
    );
  // Two names in one slot: whatever was meant, it was not read right, and nothing is changed on it.
  const sure =
    writes.has(tool) && tool !== 'log_activity' && tool !== 'create_task' && severalNames(raw)
      ? Math.min(confidence, 0.5)
      : confidence;
  const who: Referred = leadOf(raw, ctx);
  if ('noName' in who) return undefined;
  if ('missing' in who)
    return complete(
      [make(undefined, undefined)],
      [{ field: 'lead', calls: [0] }, ...(options.needs ?? [])],
      confidence,
      options.aspect,
    );
  if ('among' in who) {
    const choices: Choice[] = who.among
      .slice(0, 10)
      .map((lead) => ({ label: lead.name, note: lead.note, calls: [make(lead.id, lead.name)] }));
    return options.needs?.length
      ? ask('Which lead do you mean? Say its name or its number in the list.', confidence, {
          kind: 'needs',
          calls: [make(undefined, undefined)],
          needs: [{ field: 'lead', calls: [0] }, ...options.needs],
        })
      : askWhich('Which one do you mean?', choices, confidence);
  }
  // "The Abacus in Houston": tools know names. A lookup may go without the place; a change may not, lest it hits a namesake elsewhere.
  const ref =
    !writes.has(tool) && who.ref === who.name && !raw.includes('"')
      ? who.ref.replace(/^(.{3,}?) (?:in|from|based in|out of|over in) (?:[\p{L}.'-]+ ?){1,3},?(?: [A-Za-z]{2})?$/u, '$1')
      : who.ref;
  return complete([make(ref, who.name)], options.needs ?? [], sure, options.aspect);
};
