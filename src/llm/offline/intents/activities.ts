import { parseWhen } from '../../../core/when.ts';
import { type Context, complete, type Need, type Reading } from '../reading.ts';
import { cleanName } from '../references.ts';
import { Sentence } from '../sentence.ts';
import { isoIn, sentenceCase } from '../words.ts';
import { aboutLead, byRules, type Intent, type Rule } from './intent.ts';

const kindOf = (words: string): string =>
  /\b(?:emailed|email|e-?mail|mailed|wrote to|written to)\b/.test(words)
    ? 'email'
    : /\b(?:texted|text(?:ed)? message|sms|texting|whatsapp)\b|^(?:log |add |record )?(?:a )?text\b/.test(words)
      ? 'text'
      : /\b(?:met(?: with)?|meeting|visited|site visit|demo|demoed|lunch|coffee|in person)\b/.test(words)
        ? 'meeting'
        : /\b(?:called|calls?|phoned|rang|rung|spoke|spoken|talked|voicemail|voice mail|phone|chatted|chat|dialed|no answer|reached|got hold of|hung up|answered|pick up|picked up|conversation|on the line|got through)\b/.test(
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

const activity = (
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
  return aboutLead(stripped, ctx, 'log_activity', { kind, text: said?.slice(0, 2000), outcome, at }, confidence, {
    needs: said ? [] : [{ field: 'text', calls: [0] }],
  });
};

const to = '(?:to|on|for|about|with|at|under|in|against|onto|regarding)';
const gap = String.raw`(?: (?::|-|that|saying|says|about|to say|stating|reading|which says|noting|and say|with the text|with text|as follows|it says)(?= ))+`;
const noteNoun = '(?:notes?|comments?|remarks?|memo|annotation|activity|log entry|quick note)';
const callNoun =
  '(?:phone calls?|calls?|emails?|e-?mails?|meetings?|texts?|text messages?|sms|voicemails?|demos?|visits?|site visits?|conversations?|chats?|conference calls?|no answer)';

const rules: Rule[] = [
  // "add a note to X: text", "put a note on X that ..."
  [
    new RegExp(
      String.raw`^(?:add|put|log|make|leave|write|jot|create|save|record|drop|stick|attach|pop|enter|place|take|note|file|new)(?: (?:down|up|in))?(?: (?:a|an|the|this|quick|short|new|another|my|following))* ${noteNoun}(?: (?:down))? ${to} (?<lead>.+?)${gap} ?(?<text>.+)$`,
      'd',
    ),
    (found, ctx, sentence) =>
      activity(found.raw('lead'), 'note', tail(sentence, found.raw('lead')) ?? found.raw('text'), ctx, 0.95, sentence.words),
  ],
  [
    new RegExp(
      String.raw`^(?:add|put|log|make|leave|write|jot|create|save|record|drop|stick|attach|pop|enter)(?: (?:down))?(?: (?:a|an|the|this|quick|short|new))* ${noteNoun}(?: ?(?::|-|that|saying))* (?<text>"\d+") ${to} (?<lead>.+)$`,
      'd',
    ),
    (found, ctx, sentence) => activity(found.raw('lead'), 'note', found.raw('text'), ctx, 0.95, sentence.words),
  ],
  [
    new RegExp(
      String.raw`^(?:add|put|jot|write|log|note|save)(?: down)? (?<text>"\d+")(?: as a note| as note)? ${to} (?<lead>.+)$`,
      'd',
    ),
    (found, ctx, sentence) =>
      /^(?:my|the) (?:tasks?|todos?|to do|list|todo list|to do list|task list|plate|agenda|calendar|reminders?)\b/.test(
        found.words('lead'),
      )
        ? undefined
        : activity(found.raw('lead').replace(/\s+as a note$/i, ''), 'note', found.raw('text'), ctx, 0.92, sentence.words),
  ],
  [
    new RegExp(String.raw`^(?:notes?|comment|memo|fyi|update) ${to} (?<lead>.+?)${gap} ?(?<text>.+)$`, 'd'),
    (found, ctx, sentence) =>
      activity(found.raw('lead'), 'note', tail(sentence, found.raw('lead')) ?? found.raw('text'), ctx, 0.92, sentence.words),
  ],
  // A note without a delimiter: the lead is what looks like a name.
  [
    new RegExp(
      String.raw`^(?:add|put|log|make|leave|write|jot|create|save|record|drop|stick|attach|pop|enter|new)(?: (?:down))?(?: (?:a|an|the|this|quick|short|new|another))* ${noteNoun}(?: (?:${to} (?<lead>.+))?)?$`,
      'd',
    ),
    (found, ctx, sentence) => splitName(found.raw('lead'), ctx, 'note', 0.88, sentence.words),
  ],
  // "log a call with X: text"
  [
    new RegExp(
      String.raw`^(?:log|add|record|note|put in|enter|save|register|track|make a note of|i had|we had|had|i did|we did|did|just had|i just had|i have had|held|logged|had a great|i made|made|just made)(?: down)?(?: (?:a|an|the|my|another|quick|great|good|short|our|that i had|nice|brief|first|intro|long))* (?<kind>${callNoun}) (?:with|to|at|for|on|from|by) (?<lead>.+?)(?:${gap}|(?: (?:where|and|today|in which|during which|but|which)(?= ))+)+ ?(?<text>.+)$`,
      'd',
    ),
    (found, ctx, sentence) =>
      activity(
        found.raw('lead'),
        kindOf(found.words('kind')),
        tail(sentence, found.raw('lead')) ?? found.raw('text'),
        ctx,
        0.93,
        sentence.words,
      ),
  ],
  [
    new RegExp(
      String.raw`^(?:log|add|record|note|put in|enter|save|register|track|i had|we had|had|i did|we did|did|just had|i just had|i have had|held|made|i made|just made)(?: down)?(?: (?:a|an|the|my|another|quick|great|good|short|our|nice|brief|first|intro|long))* (?<kind>${callNoun}) (?:with|to|at|for|on|from|by) (?<lead>.+)$`,
      'd',
    ),
    (found, ctx, sentence) => {
      const told = !sentence.test(/^(?:log|add|record|note|enter|save|register|track)\b/);
      return splitName(
        found.raw('lead'),
        ctx,
        kindOf(found.words('kind')),
        0.9,
        sentence.words,
        told ? sentence.raw : `${sentenceCase(found.words('kind'))} with ${cleanName(found.raw('lead').split(/[,;:]/)[0] ?? '')}`,
      );
    },
  ],
  [
    /^(?:log|record|note|track)(?: (?:that|down|it|this))* (?<text>(?:i|we|they|he|she|that i|that we) .+)$/d,
    (found, ctx) => reported(Sentence.of(found.raw('text')), ctx, 0.9),
  ],
  [
    /^(?:please )?(?:note|log|record|jot|jot down|write|write down|put down|make a note|make note|take note|remember)(?: down)?(?: that)? (?<lead>(?!a\b|an\b|the (?:call|meeting|note)|call\b|note\b|email\b|meeting\b|to\b|on\b|for\b|it\b|that\b|down\b).+?) (?<text>(?:is|are|was|were|has|have|had|wants?|wanted|said|says|asked|asks|called|needs?|prefers?|will|would|can|cannot|does|do|did|might|may|should|likes?|uses?|bought|got|closed|moved|expects?|mentioned|told|thinks|just|only|already|also|plans?|agreed|requested|signed|rejected|never|not)\b.*)$/d,
    (found, ctx, sentence) =>
      activity(found.raw('lead'), 'note', `${cleanName(found.raw('lead'))} ${found.raw('text')}`, ctx, 0.9, sentence.words),
  ],
  [
    /^(?:note|jot down|remember) (?:that |for )?(?<lead>.+?) ?(?::|-) (?<text>.+)$/d,
    (found, ctx, sentence) =>
      activity(
        found.raw('lead').replace(/^(?:to|on|for|about)\s+/i, ''),
        'note',
        tail(sentence, found.raw('lead')) ?? found.raw('text'),
        ctx,
        0.84,
        sentence.words,
      ),
  ],
  [
    /^(?:log|add|record|new|enter|save)(?: (?:a|an|the|my))? (?<kind>calls?|phone calls?|emails?|meetings?|texts?|voicemails?|notes?|visits?) (?<rest>(?!to\b|on\b|for\b|with\b|about\b|from\b|by\b|address\b|reminder\b|task\b|list\b|history\b|:|-).+)$/d,
    (found, ctx, sentence) =>
      splitName(
        found.raw('rest'),
        ctx,
        kindOf(found.words('kind')),
        0.82,
        sentence.words,
        `${sentenceCase(found.words('kind'))} with ${cleanName(found.raw('rest'))}`,
      ),
  ],
  [
    new RegExp(
      String.raw`^(?:(?:log|add|record|new|make|save)(?: (?:a|an|the|this))? )?(?<kind>${callNoun}|${noteNoun})(?: (?:for|on|with) (?:it|them|him|her|this one|that lead|this lead))? (?::|-) (?<text>.+)$`,
      'd',
    ),
    (found, ctx, sentence) =>
      activity(
        ctx.lead ? 'it' : '',
        kindOf(found.words('kind')),
        tail(sentence, /^[^:-]*/.exec(sentence.source)?.[0] ?? '') ?? found.raw('text'),
        ctx,
        0.86,
        sentence.words,
      ),
  ],
  [
    new RegExp(String.raw`^(?:log|record)(?: (?:a|an|the))? (?<kind>${callNoun}|${noteNoun})$`, 'd'),
    (found, ctx, sentence) =>
      complete(
        [{ tool: 'log_activity', input: { kind: kindOf(found.words('kind')), ...(ctx.lead && { lead: ctx.lead.id }) } }],
        [...(ctx.lead ? [] : [{ field: 'lead', calls: [0] } as Need]), { field: 'text', calls: [0] }],
        sentence.empty ? 0 : 0.85,
      ),
  ],
];

/** The source text after this slot, so that punctuation inside a note survives. */
const tail = (sentence: Sentence, slot: string): string | undefined => {
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

const clause =
  /(?:\s*[:;]\s*|\s+-\s+|,\s+|\.\s+|\s+(?:that|saying|about|where|regarding|because|and they|and he|and she|but|and)\s+|\s+(?=(?:they|he|she|we|i|left|no answer|wants?|wanted|said|asked|interested|is|are|has|have|needs?|not|did|didn't|will|would|call|prefers?)\b))/i;

/** "X left a voicemail", "X, wants a quote": a name and what follows, where only the wording tells them apart. */
const splitName = (
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

const did = String.raw`(?:called|phoned|rang|emailed|e-mailed|texted|messaged|met(?: up)?(?: with)?|visited|contacted|spoke (?:to|with)|spoken (?:to|with)|talked (?:to|with)|chatted with|had (?:a )?(?:call|meeting|chat|lunch|coffee|demo|conversation) with|reached(?: out to)?|got (?:hold of|through to|off the phone with|in touch with)|followed up with|wrote to|dialed|tried(?: to (?:call|reach|ring|contact|phone))?(?: calling| reaching)?|left (?:a )?(?:voicemail|message|vm|note)(?: (?:for|with|at|on))|sent (?:an? )?(?:email|text|message|quote|proposal) to|sent|got (?:a |an )?(?:reply|answer|call|email|voicemail|response) from|heard (?:back )?from|pitched|could not reach|can not reach|did not reach|did a demo (?:for|with)|demoed (?:to|for)|ran into|caught up with|connected with|checked in with|touched base with)`;

/** What the user tells about something that happened: logged in their own words. */
const reported = (sentence: Sentence, ctx: Context, confidence: number): Reading | undefined => {
  const mine = sentence.match(
    new RegExp(
      String.raw`^(?:i |we |just |have |i have |we have |already |today |yesterday |so |fyi |update )*(?<did>${did}) (?<lead>.+)$`,
      'd',
    ),
  );
  if (mine && !/^(?:leads?|companies|prospects|everyone|nobody)\b/.test(mine.words('lead'))) {
    const raw = mine.raw('lead');
    const cut = /^"([^"]+)"/.exec(raw);
    const split = cut ? undefined : clause.exec(raw);
    const after = split ? raw.slice(split.index + split[0].length) : '';
    const name = (
      cut?.[1] ??
      (split && split.index > 0 && !/^(?:inc|llc|ltd|co|corp|sewer|ac|a\/c|heating|air|electric|plumbing|cooling)\b/i.test(after)
        ? raw.slice(0, split.index)
        : raw)
    ).replace(
      /\s+(?:today|yesterday|this morning|this afternoon|just now|earlier|last week|again|twice|back|on the phone|already|last (?:mon|tues|wednes|thurs|fri)day|by phone|by email|\d+ (?:days?|hours?) ago)+$/i,
      '',
    );
    const person =
      /^(?:[A-Z][a-z]+|someone|the owner|the manager) (?:at|from|of|over at) (.+)$/.exec(name) ??
      /^[a-z]+ (?:at|from|over at) (.+)$/i.exec(name);
    return activity(
      person?.[1] ?? name,
      kindOf(mine.words('did').replace(/^sent$/, 'note')),
      sentence.raw,
      ctx,
      confidence,
      sentence.words,
    );
  }
  return undefined;
};

const theySaid =
  /^(?<lead>(?!who\b|what\b|which\b|how\b|i\b|we\b|is\b|are\b|does\b|do\b|did\b|why\b|when\b|where\b|show\b|find\b|list\b|leads?\b|nobody\b|no one\b|if\b|there\b|that is\b|this is\b|by\b|on\b|mark\b|remind\b|set\b|the one that).+?) (?<text>(?:just |has |have |also |only |now |finally |already )*(?:said|says|told (?:me|us)|mentioned|asked|asks|wants?|wanted|called(?: (?:me|us|back|in))?|replied|responded|answered|emailed(?: (?:me|us|back))?|texted(?: (?:me|us|back))?|rang(?: (?:me|us|back))?|needs?|would like|is (?:not )?(?:very |really |quite |super |definitely )?(?:interested|keen|happy|unhappy|busy|closed|on vacation|out of office|away|looking|considering|thinking|using|switching|hesitant|ready|open to)|are (?:not )?(?:very |really |quite |super |definitely )?(?:interested|keen|happy|unhappy|busy|closed|looking|considering|thinking|using|switching|hesitant|ready|open to)|did not (?:answer|pick up|respond|reply|call back)|does not (?:want|need|answer|have time|pick up)|do not (?:want|need)|never (?:answered|called back|replied)|agreed|requested|confirmed|canceled|complained|hung up|bought|signed|prefers?|expects?|plans?|accepted|declined|rejected|no showed|got back|went (?:with|out|bankrupt|dark|quiet)|chose|picked|hired|opened|expanded|thinks|thought|claims|will (?:call|get|let|send|think|decide)|might|have (?:no|a|an|already|just|been)|has (?:no|a|an|already|just|been)|had|uses|use|switched|promised|hates?|loves?|likes?|liked)\b.*)$/d;

/** "We spoke to Genstar", "Genstar wants a quote": things told, not ordered. */
export const reports: Intent = (sentence, ctx) => {
  if (sentence.test(/\?$/) || sentence.source.trim().endsWith('?')) return undefined;
  const gave = sentence.match(
    /^(?:i |we |just |have )*(?<did>sent|left|gave|dropped|shot|made) (?<lead>.+?) (?:a |an |the |another |our |some )+(?:quick |short |new |updated )?(?<what>emails?|e-mail|texts?|text message|sms|voicemail|message|vm|call|ring|quote|proposal|price list|brochure|contract|invoice|line)\b.*$/d,
  );
  if (gave && !/^(?:a|an|the|email|out)\b/.test(gave.words('lead'))) {
    const what = gave.words('what');
    return activity(
      gave.raw('lead'),
      /call|ring|voicemail|vm/.test(what) || (what === 'message' && gave.words('did') === 'left')
        ? 'call'
        : /mail/.test(what)
          ? 'email'
          : /text|sms/.test(what)
            ? 'text'
            : 'note',
      sentence.raw,
      ctx,
      0.88,
      sentence.words,
    );
  }
  const mine = reported(
    sentence,
    ctx,
    sentence.test(
      /^(?:i|we|just|left|spoke|talked|met|had|emailed|texted|got|could|tried|called|phoned|rang|sent|heard|followed)\b/,
    )
      ? 0.86
      : 0.5,
  );
  if (mine) return mine;
  const voicemail = sentence.match(
    /^(?:(?:left|got) (?:a )?(?:voicemail|vm|message)|no answer|no reply|nobody (?:answered|picked up)|no one (?:answered|picked up)|voicemail) (?:at|from|for|with|on|when i called|when calling) (?<lead>.+)$/d,
  );
  if (voicemail) return activity(voicemail.raw('lead'), 'call', sentence.raw, ctx, 0.88, sentence.words);
  const theirs = sentence.match(theySaid);
  if (theirs) {
    const words = theirs.words('lead');
    if (/\b(?:leads|prospects|companies|accounts)$/.test(words) || words.split(' ').length > 9) return undefined;
    const name = theirs
      .raw('lead')
      .replace(/^(?:the )?(?:owner|manager|guys?|people|folks|team|someone|[A-Z][a-z]+) (?:at|from|of|over at) /, '');
    const kind = kindOf(theirs.words('text').replace(/\bcall (?:them|him|her|me|back|again|in|next)\b/g, ''));
    return activity(
      name,
      /\b(?:called|rang|hung up|pick up|answered|answer)\b/.test(theirs.words('text')) || kind === 'email' || kind === 'text'
        ? kind
        : kindOf('note'),
      sentence.raw,
      ctx,
      0.8,
      sentence.words,
    );
  }
  return undefined;
};

/** Notes and calls to be logged. */
export const activities = byRules(rules);
