import type { Context, Reading } from '../reading.ts';
import type { Sentence } from '../sentence.ts';
import { activity, clause, kindOf } from './activity.ts';
import type { Intent } from './intent.ts';

const did = `(?:called|phoned|rang|emailed|e-mailed|texted|messaged|met(?: up)?(?: with)?|visited|contacted|spoke (?:to|with)|spoken (?:to|with)|talked (?:to|with)|chatted with|had (?:a )?(?:call|meeting|chat|lunch|coffee|demo|conversation) with|reached(?: out to)?|got (?:hold of|through to|off the phone with|in touch with)|followed up with|wrote to|dialed|tried(?: to (?:call|reach|ring|contact|phone))?(?: calling| reaching)?|left (?:a )?(?:voicemail|message|vm|note)(?: (?:for|with|at|on))|sent (?:an? )?(?:email|text|message|quote|proposal) to|sent|got (?:a |an )?(?:reply|answer|call|email|voicemail|response) from|heard (?:back )?from|pitched|could not reach|can not reach|did not reach|did a demo (?:for|with)|demoed (?:to|for)|ran into|caught up with|connected with|checked in with|touched base with)`;

/** What the user tells about something that happened: logged in their own words. */
export const reported = (sentence: Sentence, ctx: Context, confidence: number): Reading | undefined => {
  const mine = sentence.match(
    new RegExp(
      `^(?:i |we |just |have |i have |we have |already |today |yesterday |so |fyi |update )*(?<did>${did}) (?<lead>.+)$`,
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
  /^(?<lead>(?!who\b|what\b|which\b|how\b|i\b|we\b|is\b|are\b|does\b|do\b|did\b|why\b|when\b|where\b|show\b|find\b|list\b|leads?\b|nobody\b|no one\b|if\b|there\b|that is\b|this is\b|by\b|on\b|mark\b|remind\b|set\b|the one that).+?) (?<text>(?:just |has |have |also |only |now |finally |already )*(?:said|says|told (?:me|us)|mentioned|asked|asks|wants?|wanted|called(?: (?:me|us|back|in))?|replied|responded|answered|emailed(?: (?:me|us|back))?|texted(?: (?:me|us|back))?|rang(?: (?:me|us|back))?|needs?|would like|is (?:not )?(?:very |really |quite |super |definitely )?(?:interested|keen|happy|unhappy|busy|closed|on vacation|out of office|away|looking|considering|thinking|using|switching|hesitant|ready|open to)|are (?:not )?(?:very |really |quite |super |definitely )?(?:interested|keen|happy|unhappy|busy|closed|looking|considering|thinking|using|switching|hesitant|ready|open to)|did not (?:answer|pick up|respond|reply|call back)|does not (?:want|need|answer|have time|pick up)|do not (?:want|need)|never (?:answered|called back|replied)|agreed|requested|confirmed|canceled|complained|hung up|prefers?|expects?|plans?|accepted|declined|rejected|no showed|got back|went (?:with|out|bankrupt|dark|quiet)|chose|picked|hired|opened|expanded|thinks|thought|claims|will (?:call|get|let|send|think|decide)|might|have (?:no|a|an|already|just|been)|has (?:no|a|an|already|just|been)|had|uses|use|switched|promised|hates?|loves?|likes?|liked)\b.*)$/d;

/** "We spoke to Genstar", "Genstar wants a quote": things told, not ordered. */
export const reports: Intent = (sentence, ctx) => {
  if (sentence.test(/^(?:has|did|does|is|was|when|who)\b|\?$/) || sentence.source.trim().endsWith('?')) return undefined;
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
