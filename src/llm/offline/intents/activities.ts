import { complete, type Need } from '../reading.ts';
import { cleanName } from '../references.ts';
import { Sentence } from '../sentence.ts';
import { sentenceCase } from '../words.ts';
import { activity, kindOf, splitName, tail } from './activity.ts';
import { byRules, type Rule } from './intent.ts';
import { reported } from './told.ts';

const to = '(?:to|on|for|about|with|at|under|in|against|onto|regarding)';
const gap = `(?: (?::|-|that|saying|says|about|to say|stating|reading|which says|noting|and say|with the text|with text|as follows|it says)(?= ))+`;
const noteNoun = '(?:notes?|comments?|remarks?|memo|annotation|activity|log entry|quick note)';
const callNoun =
  '(?:phone calls?|calls?|emails?|e-?mails?|meetings?|texts?|text messages?|sms|voicemails?|demos?|visits?|site visits?|conversations?|chats?|conference calls?|no answer)';

const rules: Rule[] = [
  // "add a note to X: text", "put a note on X that ..."
  [
    new RegExp(
      `^(?:add|put|log|make|leave|write|jot|create|save|record|drop|stick|attach|pop|enter|place|take|note|file|new)(?: (?:down|up|in))?(?: (?:a|an|the|this|quick|short|new|another|my|following))* ${noteNoun}(?: (?:down))? ${to} (?<lead>.+?)${gap} ?(?<text>.+)$`,
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
    new RegExp(`^(?:notes?|comment|memo|fyi|update) ${to} (?<lead>.+?)${gap} ?(?<text>.+)$`, 'd'),
    (found, ctx, sentence) =>
      activity(found.raw('lead'), 'note', tail(sentence, found.raw('lead')) ?? found.raw('text'), ctx, 0.92, sentence.words),
  ],
  // A note without a delimiter: the lead is what looks like a name.
  [
    new RegExp(
      `^(?:add|put|log|make|leave|write|jot|create|save|record|drop|stick|attach|pop|enter|new)(?: (?:down))?(?: (?:a|an|the|this|quick|short|new|another))* ${noteNoun}(?: (?:${to} (?<lead>.+))?)?$`,
      'd',
    ),
    (found, ctx, sentence) => splitName(found.raw('lead'), ctx, 'note', 0.88, sentence.words),
  ],
  // "log a call with X: text"
  [
    new RegExp(
      `^(?:log|add|record|note|put in|enter|save|register|track|make a note of|i had|we had|had|i did|we did|did|just had|i just had|i have had|held|logged|had a great|i made|made|just made)(?: down)?(?: (?:a|an|the|my|another|quick|great|good|short|our|that i had|nice|brief|first|intro|long))* (?<kind>${callNoun}) (?:with|to|at|for|on|from|by) (?<lead>.+?)(?:${gap}|(?: (?:where|and|today|in which|during which|but|which)(?= ))+)+ ?(?<text>.+)$`,
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
      `^(?:log|add|record|note|put in|enter|save|register|track|i had|we had|had|i did|we did|did|just had|i just had|i have had|held|made|i made|just made)(?: down)?(?: (?:a|an|the|my|another|quick|great|good|short|our|nice|brief|first|intro|long))* (?<kind>${callNoun}) (?:with|to|at|for|on|from|by) (?<lead>.+)$`,
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
      `^(?:(?:log|add|record|new|make|save)(?: (?:a|an|the|this))? )?(?<kind>${callNoun}|${noteNoun})(?: (?:for|on|with) (?:it|them|him|her|this one|that lead|this lead))? (?::|-) (?<text>.+)$`,
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
    new RegExp(`^(?:log|record)(?: (?:a|an|the))? (?<kind>${callNoun}|${noteNoun})$`, 'd'),
    (found, ctx, sentence) =>
      complete(
        [{ tool: 'log_activity', input: { kind: kindOf(found.words('kind')), ...(ctx.lead && { lead: ctx.lead.id }) } }],
        [...(ctx.lead ? [] : [{ field: 'lead', calls: [0] } as Need]), { field: 'text', calls: [0] }],
        sentence.empty ? 0 : 0.85,
      ),
  ],
];

/** Notes and calls to be logged. */
export const activities = byRules(rules);
