import { parseWhen } from '../../../core/when.ts';
import { namesIn } from '../names.ts';
import { type Context, complete, type Reading } from '../reading.ts';
import { Sentence } from '../sentence.ts';
import { isoIn } from '../words.ts';
import { aboutLead } from './intent.ts';

export const kindOf = (words: string): string =>
  /\b(?:emailed|email|e-?mail|mailed|wrote to|written to)\b/.test(words)
    ? 'email'
    : /\b(?:texted|text(?:ed)? message|sms|texting|whatsapp)\b|^(?:log |add |record )?(?:a )?text\b/.test(words)
      ? 'text'
      : /\b(?:met(?: with)?|meeting|visited|site visit|demo|demoed|lunch|coffee|in person)\b/.test(words)
        ? 'meeting'
        : /\b(?:called|calls?|phoned|rang|rung|spoke|spoken|talked|voicemail|voice mail|phone|chatted|chat|dialed|no answer|tried|engaged|line busy|line was busy|gatekeeper|reception|reached|got hold of|hung up|answered|pick up|picked up|conversation|on the line|got through)\b/.test(
              words,
            )
          ? 'call'
          : 'note';

const outcomeOf = (words: string): string | undefined =>
  /\b(?:voicemail|voice mail|left (?:a )?message)\b/.test(words)
    ? 'voicemail'
    : /\b(?:no answer|not answer|did not pick up|no one (?:answered|picked up)|nobody (?:answered|picked up)|could not reach|no reply|no response)\b/.test(
          words,
        )
      ? 'no answer'
      : /\bnot interested\b/.test(words)
        ? 'not interested'
        : /\binterested\b/.test(words)
          ? 'interested'
          : undefined;

/** When it happened, if the user spoke of another time than now. */
const happened = (text: string, ctx: Context): string | undefined => {
  const phrase =
    /\b(?:yesterday(?: (?:morning|afternoon|evening))?(?: at [\d:]+ ?(?:am|pm)?)?|last (?:night|week|monday|tuesday|wednesday|thursday|friday|saturday|sunday)|this morning|earlier today at [\d:]+ ?(?:am|pm)?|(?:\d{1,2}|two|three|a|an|a few|a couple of) (?:hours?|days?|weeks?) ago)\b/i.exec(
      text,
    )?.[0];
  if (!phrase) return undefined;
  const when = parseWhen(phrase, ctx.now, ctx.timeZone);
  return when && when.at < ctx.now ? isoIn(when.at, ctx.timeZone) : undefined;
};

export const activity = (
  lead: string,
  kind: string,
  text: string | undefined,
  ctx: Context,
  confidence: number,
  words: string,
): Reading | undefined => {
  const said = text
    ?.trim()
    .replace(/^[\s:;,-]+/, '')
    .replace(/^["']([^"']+)["']$/, '$1')
    .trim();
  const outcome = outcomeOf(words);
  const at = said ? happened(said, ctx) : undefined;
  const stripped = lead.replace(
    /\s+(?:yesterday|today|this morning|this afternoon|just now|earlier|last week|again|earlier today)$/i,
    '',
  );
  // "Spoke with the office manager": of the company that is talked about.
  const about = ctx.lead && namesIn(Sentence.of(stripped, false), true).length === 0 ? 'it' : stripped;
  return aboutLead(about, ctx, 'log_activity', { kind, text: said?.slice(0, 2000), outcome, at }, confidence, {
    needs: said ? [] : [{ field: 'text', calls: [0] }],
  });
};

/** The source text after this slot, so that punctuation inside a note survives. */
export const tail = (sentence: Sentence, slot: string): string | undefined => {
  const at = sentence.source.indexOf(slot);
  if (at < 0 || slot === '') return undefined;
  const rest = sentence.source
    .slice(at + slot.length)
    .replace(/^["']/, '')
    .replace(/^[\s:;,.-]+/, '')
    .replace(/^(?:that|saying|says|to say|stating|about|where|noting)\b[\s:,-]*/i, '')
    .trim();
  return rest === '' ? undefined : rest;
};

export const clause =
  /(?:\s*[:;]\s*|\s+-\s+|,\s+|\.\s+|\s+(?:that|saying|about|where|regarding|because|and they|and he|and she|but|and)\s+|\s+(?=(?:they|he|she|we|i|left|no answer|wants?|wanted|said|asked|interested|is|are|has|have|needs?|not|did|didn't|will|would|call|prefers?)\b))/i;

/** "X left a voicemail", "X, wants a quote": a name and what follows, where only the wording tells them apart. */
export const splitName = (
  raw: string,
  ctx: Context,
  kind: string,
  confidence: number,
  words: string,
  otherwise?: string,
): Reading | undefined => {
  if (raw === '')
    return ctx.lead
      ? complete([{ tool: 'log_activity', input: { lead: ctx.lead.id, kind } }], [{ field: 'text', calls: [0] }], confidence)
      : complete(
          [{ tool: 'log_activity', input: { kind } }],
          [
            { field: 'lead', calls: [0] },
            { field: 'text', calls: [0] },
          ],
          confidence,
        );
  const quoted = /^"([^"]+)"\s*[,:;-]?\s*(.*)$/.exec(raw);
  if (quoted?.[1]) return activity(quoted[1], kind, quoted[2] || otherwise, ctx, confidence, words);
  const cut = clause.exec(raw);
  if (cut && cut.index > 0) {
    const before = raw.slice(0, cut.index);
    const after = raw.slice(cut.index + cut[0].length);
    // A comma inside "Ravinia Plumbing, Sewer" or before "Inc" is part of the name.
    if (after.trim() !== '' && !/^(?:inc|llc|ltd|co|corp|sewer|ac|a\/c|heating|air|electric|plumbing|cooling)\b/i.test(after))
      return activity(before, kind, after, ctx, confidence, words);
  }
  return activity(raw, kind, otherwise, ctx, confidence, words);
};
