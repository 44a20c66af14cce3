import { nameWithin } from '../names.ts';
import type { Reading } from '../reading.ts';
import { personOf } from '../references.ts';
import { aboutLead, byRules, type Intent } from './intent.ts';
import { statusOf } from './status.ts';

const toPerson = (lead: string, person: string, ctx: Parameters<Intent>[1], confidence: number): Reading | undefined => {
  const owner = personOf(cleanPerson(person));
  if (owner === '' || !isPersonName(owner)) return undefined;
  return owner.split(/\s+/).length > 4 ? undefined : aboutLead(lead, ctx, 'update_lead', { owner }, confidence);
};
/** First names that are also everyday words; other such words are no person to give a lead to. */
const isPersonName = (owner: string): boolean =>
  owner === 'me' ||
  owner === 'nobody' ||
  nameWithin(owner) !== undefined ||
  /^(?:mark|bill|will|sue|may|april|june|rob|pat|drew|chase|grant|art|ray|dean|jack|faith|grace|hope|joy|sales|marketing)\b/i.test(
    owner,
  );

const cleanPerson = (raw: string): string =>
  raw
    .replace(/^(?:to|rep|the rep|sales rep|our|my (?:colleague|coworker|team ?mate))\s+/i, '')
    .replace(/['’]s (?:list|name|book|plate|desk|queue)$/i, '')
    .trim();

/** Giving a lead to somebody, taking it, or leaving it to nobody. */
export const owner = byRules([
  [
    /^(?:the )?(?:owner|rep)(?: of| for)? (?<lead>.+?) (?:(?:is|to|should be|now|:|-) ?)+(?<person>[a-z][a-z .'-]{1,40})$/d,
    (found, ctx) => toPerson(found.raw('lead'), found.raw('person'), ctx, 0.94),
  ],
  [
    /^(?:assign|reassign|allocate|route|transfer|hand|hand over|handover|pass|pass over|give|move|delegate|send|switch|shift|turn|turn over|change|let)(?: off| over| on| out| back)? (?:(?:the )?(?:owner|ownership) (?:of|for|on) )?(?<lead>.+?)(?: 's)?(?: (?:owner|ownership))?(?: from [a-z]+(?: [a-z]+)?)?(?: over| back| off| on| along)? to (?<person>.+?)(?: 's (?:list|name|book|plate|desk|queue))?(?: (?:please|now|instead|from now on|today|to work on|to handle))*$/d,
    (found, ctx, sentence) => {
      if (statusOf(found.words('person'))) return undefined;
      const owning = sentence.test(/^(?:assign|reassign|allocate|transfer|hand|delegate|route)/) || sentence.test(/\bowner/);
      if (
        !owning &&
        (/\b(?:phone|number|email|website|address|name|city|state|zip|industry|status)\b/.test(found.words('lead')) ||
          /^(?:a (?:call|ring|note|shout)$|me\b|us\b|someone|somebody)/.test(found.words('lead')))
      )
        return undefined;
      if (/\b(?:task|reminder|todo)\b/.test(found.words('lead'))) return undefined;
      if (/\d|@/.test(found.raw('person')) || !/^[\p{L} .'-]{1,40}$/u.test(found.raw('person'))) return undefined;
      return toPerson(found.raw('lead'), found.raw('person'), ctx, owning ? 0.94 : 0.84);
    },
  ],
  [
    /^(?:assign|give|hand|reassign|pass|delegate) (?<person>[a-z][a-z'-]+(?: [a-z][a-z'-]+)?) (?:the )?(?<lead>(?:lead |company |account )?(?:.+))$/d,
    (found, ctx, sentence) => {
      const person = found.words('person');
      if (sentence.test(/\bto\b/) || /^(?:it|them|that|this|the|a|an|over)\b/.test(person)) return undefined;
      return sentence.test(/^(?:assign|reassign)/) && person.includes(' ') && !/^[A-Z]/.test(found.raw('person'))
        ? undefined
        : toPerson(
            found.raw('lead'),
            found.raw('person').split(' ')[0] ?? '',
            ctx,
            /^me\b/.test(person) ? (sentence.test(/^assign me/) ? 0.9 : 0.3) : /^[A-Z]/.test(found.raw('person')) ? 0.74 : 0.56,
          );
    },
  ],
  [
    /^(?:make|set|put|name|change|let) (?<person>.+?) (?:as |be |into |to be )?(?:the |new |an? )*(?:owner|rep|account manager|account owner) (?:of|for|on) (?<lead>.+)$/d,
    (found, ctx) =>
      /^(?:the|it)$/.test(found.words('person')) ? undefined : toPerson(found.raw('lead'), found.raw('person'), ctx, 0.92),
  ],
  [
    /^(?:make|set|change|update|switch|put)(?: the)? (?:owner|rep|ownership)(?: of| for| on)? (?<lead>.+?) (?:to|as|=|is|:) (?<person>.+)$/d,
    (found, ctx) => toPerson(found.raw('lead'), found.raw('person'), ctx, 0.93),
  ],
  [
    /^(?:make|set|change|update|switch) (?<lead>.+?) 's (?:owner|rep) (?:to|as|=|is|:) (?<person>.+)$/d,
    (found, ctx) => toPerson(found.raw('lead'), found.raw('person'), ctx, 0.93),
  ],
  [
    /^(?:let|have|get|make) (?<person>[a-z][a-z'-]+(?: [a-z'-]+)?) (?:to )?(?:handle|take|take over|own|work|work on|look after|deal with|run|manage) (?<lead>.+)$/d,
    (found, ctx) =>
      /^(?:me|us|you|it|them|the|a)\b/.test(found.words('person'))
        ? undefined
        : toPerson(found.raw('lead'), found.raw('person'), ctx, 0.82),
  ],
  [
    /^put (?<person>[a-z][a-z'-]+(?: [a-z'-]+)?) on (?<lead>.+)$/d,
    (found, ctx) =>
      /\b(?:note|reminder|that|it|this|comment|task|memo)\b|^(?:a|an|the)\b/.test(found.words('person'))
        ? undefined
        : toPerson(found.raw('lead'), found.raw('person'), ctx, 0.72),
  ],
  [
    /^(?:i will take|i am taking|i want|i will have|i will handle|i can take|i got|let me (?:take|have)|give me|assign me|take over|claim|grab|i claim|i take|i will grab|i will work|i will own|put me on|sign me up for|assign myself)(?: over| on)? (?<lead>(?!care\b|a (?:look|break|note|list)\b|note\b|my\b|the top|top\b|all\b|leads\b|\d).+?)(?: (?:for myself|myself|over|on|for me|from here|to me|to myself|as mine))*$/d,
    (found, ctx, sentence) =>
      sentence.test(/\b(?:leads|prospects|details|number|phone|info|list|email|status|note|call)\b/)
        ? undefined
        : aboutLead(found.raw('lead'), ctx, 'update_lead', { owner: 'me' }, sentence.test(/^(?:i want|give me)/) ? 0.5 : 0.88),
  ],
  [
    /^take (?<lead>.+?) (?:for me|myself|for myself|on|over)$|^(?<lead2>.+?) is (?:now )?(?:mine|my lead|my account)$|^make (?<lead3>.+?) mine$/d,
    (found, ctx) =>
      aboutLead(found.raw('lead') || found.raw('lead2') || found.raw('lead3'), ctx, 'update_lead', { owner: 'me' }, 0.88),
  ],
  [
    /^(?<lead>.+?) (?:should go|goes|should belong|belongs|now belongs|is going|should be assigned|is now assigned|needs to go) to (?<person>[a-z][a-z .'-]{1,40})(?: now| from now on)?$/d,
    (found, ctx) =>
      /^(?:who|what|which|leads)\b/.test(found.words('lead'))
        ? undefined
        : toPerson(found.raw('lead'), found.raw('person'), ctx, 0.8),
  ],
  [
    /^(?<person>[a-z][a-z'-]+(?: [a-z'-]+)?) (?:should|will|can|is going to|is taking|takes|now|must|to|gets|is now) ?(?:own|take|take over|handle|owns|be the owner of|work on|owner of|the owner of|have|get)? ?(?:over )?(?<lead>.+)$/d,
    (found, ctx, sentence) =>
      sentence.test(
        /^\S+(?: \S+)? (?:should own|will own|will take over|should take over|takes over|takes|now owns|is taking|gets|should take|is now the owner of|should have|should get|will handle|should handle)\b/,
      ) && !/^(?:who|i|we|they|it|he|she|what|you|there|call|this|that)\b/.test(found.words('person'))
        ? toPerson(found.raw('lead'), found.raw('person'), ctx, 0.76)
        : undefined,
  ],
  [
    /^(?:unassign|un-assign|free up|release|unclaim|let go of) (?<lead>.+?)(?: from .+)?$|^(?:remove|clear|drop|delete|take off|take away|unset|erase) (?:the )?(?:owner|rep|assignment|ownership)(?: (?:of|from|for|on) (?<lead2>.+))?$|^(?:remove|clear|take) (?<lead3>.+?) 's (?:owner|rep)$|^(?:take|remove|get) (?:\S+) off (?<lead4>(?!(?:my|the|our) (?:list|lists|system|database|crm|name|plate|desk|books|pipeline)\b|me$).+)$|^(?:take|get) (?<lead5>.+?) off (?:me|my (?:name|plate|desk|hands))$/d,
    (found, ctx) =>
      aboutLead(
        found.raw('lead5') || found.raw('lead') || found.raw('lead2') || found.raw('lead3') || found.raw('lead4') || 'it',
        ctx,
        'update_lead',
        { owner: 'nobody' },
        0.93,
      ),
  ],
  [
    /^(?:assign|reassign) (?<lead>.+)$/d,
    (found, ctx, sentence) =>
      sentence.test(/\b(?:leads|task)\b/)
        ? undefined
        : aboutLead(found.raw('lead'), ctx, 'update_lead', {}, 0.7, { needs: [{ field: 'owner', calls: [0] }] }),
  ],
]);
