import { aboutLead, byRules } from './intent.ts';

/** Deleting a lead. */
export const removal = byRules([
  [
    /^(?:delete|remove|bin|trash|scrap|erase|drop|kill|destroy|discard|purge|wipe|ditch|chuck|chuck out|throw out|throw away|throw|get rid of|get shot of|rm|take out|take off|toss|toss out|junk|nuke|dump|lose|archive|cut|eliminate|zap)(?: out| away| off)? (?<lead>.+?)(?: (?:from|off|out of|in|into) (?:the |my |our )?(?:list|lists|system|database|crm|leads|pipeline|records|books|bin|trash|it|here|rubbish|garbage))?(?: (?:out|away|off|completely|entirely|altogether|permanently|for good|forever|right now|now|please|for me|lead|record|entry))*$/d,
    (found, ctx, sentence) => {
      const words = found.words('lead');
      if (/^(?:note|task|reminder|filter|the filter|filters|everything|chat|conversation|history)\b/.test(words))
        return undefined;
      // "Chuck them in nurture" moves a lead, it does not delete it.
      if (
        sentence.test(/\b(?:in|into|to|as|under) (?:the )?(?:nurtur\w+|new|won|lost|contacted|qualified|disqualified|meeting)\b/)
      )
        return undefined;
      if (
        sentence.test(
          /^drop (?:me|them|him|her|it|a|an) (?:a |an )?(?:line|note|email|message)|^lose\b.*\bdeal|^cut\b.*\bto\b|^kill (?:the )?(?:job|import)/,
        )
      )
        return undefined;
      const sure = sentence.test(/^(?:delete|remove|bin|trash|scrap|erase|get rid of|get shot of|rm|discard)/);
      return aboutLead(found.raw('lead'), ctx, 'delete_lead', {}, sure ? 0.92 : 0.8);
    },
  ],
  [
    /^(?<lead>.+?) (?:is|was|looks like|seems to be) (?:a |an |the )?(?:duplicate|dupe|double|fake|spam|junk|bogus|out of business|closed down|test record)s?(?: so| please| -| and| then| now)* (?:delete|remove|bin|trash|scrap|drop|get rid of|ditch|erase) (?:it|them|that|this|that one|the lead|that lead)$/d,
    (found, ctx) => aboutLead(found.raw('lead'), ctx, 'delete_lead', {}, 0.88),
  ],
  [
    /^(?:throw|put|toss|chuck|move) (?<lead>.+?) (?:in|into|to) the (?:bin|trash|garbage|rubbish)$/d,
    (found, ctx) => aboutLead(found.raw('lead'), ctx, 'delete_lead', {}, 0.9),
  ],
  [
    /^(?:take|get) (?<lead>.+?) (?:off|out of) (?:the |my |our )?(?:list|lists|system|database|crm|books|pipeline|leads)$/d,
    (found, ctx) => aboutLead(found.raw('lead'), ctx, 'delete_lead', {}, 0.82),
  ],
]);
