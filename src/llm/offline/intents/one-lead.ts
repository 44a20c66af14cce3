import { filtersOf } from '../filters/filters.ts';
import { namesIn } from '../names.ts';
import { calls, refuse } from '../reading.ts';
import { positionOf } from '../references.ts';
import { companyWords } from '../vocabulary.ts';
import { aboutLead, byRules, type Intent } from './intent.ts';
import { anyField, aspectOf, detailRules, listLike } from './lead-details.ts';

/** Every word capitalised, and more than one: a name rather than a description. */
const properName = /^(?:[A-Z0-9&][\w&'./-]*[ ,]+)+[A-Z0-9&][\w&'./-]*$/;

/** One record: everything, or the field that was asked for. */
export const oneLead = byRules([
  [
    /^(?:tell me more|more (?:info|information|details)|(?:full |all |the )*details|what else|more about (?:it|them|that)|show (?:me )?(?:it|that|them))$/d,
    (_found, ctx) => (ctx.lead ? aboutLead('it', ctx, 'get_lead', {}, 0.9) : undefined),
  ],
  [
    /^(?:who|whose|which|what|find|search|look|lookup|show|lead|company|the lead|the company|pull|get|any)\b.*$/d,
    (_found, _ctx, sentence) => {
      const contact = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}|\+?\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}\b/.exec(
        sentence.source,
      )?.[0];
      return contact && sentence.tokens.length <= 10 ? calls('get_lead', { lead: contact }, 0.93) : undefined;
    },
  ],
  [
    /^who (?:do|should|can|would|could|must) (?:i|we) (?:talk to|speak to|speak with|talk with|ask for|contact|call|reach|deal with|see|email) (?:at|over at) (?<lead>.+)$|^who works (?:at|for) (?<lead2>.+)$|^who (?:is|are) (?:the |our |my )?(?:contacts?|contact person|people|decision makers?|main contact|point of contact|boss|manager|person to (?:call|talk to)) (?:at|for|of|from|in|with) (?<lead3>.+)$/d,
    (found, ctx) =>
      aboutLead(found.raw('lead') || found.raw('lead2') || found.raw('lead3'), ctx, 'get_lead', {}, 0.97, { aspect: 'contacts' }),
  ],
  [
    /^(?:what|which) (?<field>city|state|town|industry|sector|trade|business) (?:is|are|does) (?<lead>.+?)(?: (?:in|from|based in|located in|do|work in|operate in))*$/d,
    (found, ctx) =>
      aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.9, {
        aspect: /city|state|town/.test(found.words('field')) ? 'address' : 'industry',
      }),
  ],
  [
    /^(?:is|are) (?<lead>.+?) (?:already )?(?:assigned|owned|taken|claimed|given)(?: (?:to|by) (?:anyone|anybody|somebody|someone|me|us))?(?: (?:yet|already))*$/d,
    (found, ctx) =>
      /^(?:there|any)\b/.test(found.words('lead'))
        ? undefined
        : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.9, { aspect: 'owner' }),
  ],
  [
    /^how long (?:has it been |is it |ago )?(?:since|did) (?:we|i|anyone|someone) (?:have |has )?(?:last )?(?:contacted|called|talked to|talked with|spoke to|spoke with|spoken to|spoken with|talk to|call|contact|heard from|reached|reached out to|emailed) (?<lead>.+)$/d,
    (found, ctx) => aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.9, { aspect: 'lastContact' }),
  ],
  [
    /^when (?:did|was|were) (?:we |i |it )?(?:add|added|create|created|import|imported|get|find|enter) (?<lead>.+)$/d,
    (found, ctx, sentence) =>
      listLike(sentence, found.words('lead')) ? undefined : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.93),
  ],
  [
    /^what (?:did|does|do|has|have) (?<lead>.+?) (?:say|said|tell us|told us|want|wants|ask for|asked for|need|mention|reply|replied)(?: (?:last time|last|about it|again))*$/d,
    (found, ctx) =>
      /^(?:i|we|you|it|my)\b/.test(found.words('lead'))
        ? undefined
        : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.86, { aspect: 'notes' }),
  ],
  [
    /^(?:who|whom|which rep|what rep)(?: \S+)?? (?:owns|has|is on|is working(?: on)?|works(?: on)?|looks after|is looking after|handles|is handling|is responsible for|is in charge of|takes care of|manages|is the (?:owner|rep) (?:of|for|on)|is assigned to|is dealing with|covers|got|is running|has got|is the account (?:manager|owner) (?:of|for|at)) (?<lead>.+)$/d,
    (found, ctx, sentence) =>
      listLike(sentence, found.words('lead'))
        ? undefined
        : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.93, { aspect: 'owner' }),
  ],
  [
    /^(?:who|whom) (?:is|are|does|do|did) (?<lead>.+?) (?:assigned to|owned by|belong to|with|handled by|belong with)$|^whose (?:lead|account|company|prospect)? ?(?:is|are) (?<lead2>.+)$/d,
    (found, ctx) => aboutLead(found.raw('lead') || found.raw('lead2'), ctx, 'get_lead', {}, 0.92, { aspect: 'owner' }),
  ],
  [
    /^(?:is|are|does|do|has) (?:anyone|anybody|somebody|someone|any rep) (?:own|owns|owning|have|has|on|working on|working|assigned to|handling|got|looking after|called|contacted|talked to|spoken (?:to|with)|reached out to) (?<lead>.+?)(?: (?:yet|already|lately|recently|today|before))*$/d,
    (found, ctx, sentence) =>
      aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.9, {
        aspect: sentence.test(/called|contacted|talked|spoken|reached/) ? 'lastContact' : 'owner',
      }),
  ],
  [
    /^(?:when|how long ago) (?:did|was|were|have|has)(?: (?:we|i|you|anyone|someone|somebody|the last time|was|it|last|that|ever))*(?: (?:last|most recently))*(?: (?:contact(?:ed)?|call(?:ed)?|talk(?:ed)?(?: (?:to|with))?|sp(?:eak|oke|oken)(?: (?:to|with))?|touch(?:ed)?|reach(?:ed)?(?: out to)?|email(?:ed)?|me(?:e)?t(?: with)?|hear(?:d)? from|in touch with|we|i|ring|rang|phone(?:d)?|text(?:ed)?|had contact with|contact with))+ (?<lead>.+?)(?: last| contacted| called)*$/d,
    (found, ctx) => aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.92, { aspect: 'lastContact' }),
  ],
  [
    /^(?:when was|what was|what is) (?:the )?(?:last|latest|most recent) (?:contact|call|touch|time|activity|conversation|email|meeting|time we (?:called|spoke to|talked to|contacted|spoke with)) ?(?:with|to|of|on|for|at)? (?<lead>.+)$/d,
    (found, ctx) => aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.91, { aspect: 'lastContact' }),
  ],
  [
    /^when (?:was|were) (?<lead>.+?) last (?:contacted|called|touched|spoken to|reached|emailed)$/d,
    (found, ctx) => aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.92, { aspect: 'lastContact' }),
  ],
  [
    /^(?:have|has|did) (?:we|i|you|anyone|anybody|someone) (?:ever |already |yet )?(?:called|call|contacted|contact|spoken (?:to|with)|talked (?:to|with)|speak (?:to|with)|talk (?:to|with)|reached(?: out to)?|reach(?: out to)?|emailed|email|met(?: with)?) (?<lead>.+?)(?: (?:yet|already|before|lately|recently|today|this week|this month|ever))*$/d,
    (found, ctx, sentence) =>
      listLike(sentence, found.words('lead'))
        ? undefined
        : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.9, { aspect: 'lastContact' }),
  ],
  [
    /^(?:is|has|was|are|were) (?<lead>.+?) (?:already |been |still |a |an |yet |in |marked |ever )*(?:contacted|qualified|disqualified|won|lost|nurture|nurtured|new|nurturing|a customer|customer|called|open|assigned|owned|taken)(?: yet| already| stage| lead| before)*$/d,
    (found, ctx) =>
      /^(?:there|any|it true)\b/.test(found.words('lead'))
        ? undefined
        : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.86, { aspect: 'status' }),
  ],
  [
    /^(?:what|which) (?:status|stage) (?:is|are|does|has|do) (?<lead>.+?)(?: (?:in|at|have|has|on|now))*$/d,
    (found, ctx) => aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.92, { aspect: 'status' }),
  ],
  [
    /^(?:where|in (?:what|which) (?:city|state|town)) (?:is|are|do|does) (?<lead>.+?)(?: (?:based|located|at|from|sit|live|operate|again|in|headquartered))*$/d,
    (found, ctx, sentence) =>
      listLike(sentence, found.words('lead')) || /^(?:i|we|you|my|the (?:help|button))\b/.test(found.words('lead'))
        ? undefined
        : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.86, { aspect: 'address' }),
  ],
  [
    /^(?:where (?:do|are) we(?: stand)?|where do things stand|what is (?:the (?:story|deal|status|situation|latest|update|word|scoop|news)|up|happening|going on|new)|how (?:are|is) (?:things|it|we)(?: going| doing)?|anything new|any (?:news|updates?)|how far are we) (?:with|on|about|at|for|from) (?<lead>.+)$/d,
    (found, ctx) => aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.86, { aspect: 'status' }),
  ],
  [
    /^(?:how (?:do|can|could) (?:i|we) (?:reach|contact|call|get (?:hold of|in touch with|through to)|phone|ring)|what (?:number|phone number) (?:do|can|should) (?:i|we) (?:call|ring|dial|use|reach)(?: (?:for|to reach|to call|at))?|which number (?:is|do i use) for) (?<lead>.+?)(?: (?:at|on|by phone))?$/d,
    (found, ctx) => aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.9, { aspect: 'phone' }),
  ],
  [
    /^how (?:do|can|could) (?:i|we) email (?<lead>.+)$/d,
    (found, ctx) => aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.88, { aspect: 'email' }),
  ],
  [
    /^how (?:big|large|many (?:people|employees|staff)(?: work)?) (?:is|are|does|do|has|at|work at|work for) (?<lead>.+?)(?: (?:have|has|employ|got))*$/d,
    (found, ctx) =>
      /^(?:we|i|our|the (?:list|database))\b/.test(found.words('lead'))
        ? undefined
        : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.87, { aspect: 'employees' }),
  ],
  [
    /^(?:do|does|has|did) (?<lead>.+?) (?:have|has|got) (?:a |an |any |the )*(?<field>phone(?: number)?|email(?: address)?|web ?site|owner|address|notes?|deals?|contacts?|number)(?: on file)?$/d,
    (found, ctx) =>
      /^(?:we|i|you|any|which)\b/.test(found.words('lead'))
        ? undefined
        : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.88, { aspect: aspectOf(found.words('field')) }),
  ],
  [
    /^(?:last|latest|most recent|previous) (?:contact|call|touch|conversation|meeting|email|activity|time we (?:spoke|talked|called|met|contacted))(?: (?:with|to|of|on|for|at))* (?<lead>.+)$/d,
    (found, ctx) => aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.9, { aspect: 'lastContact' }),
  ],
  [
    /^what (?:has |have |did )?(?:happened|happen|been happening|been going on|been said|we (?:do|say|discuss|talk about|send))(?: (?:with|to|at|on|for|about|last time with|so far with|between us and))+ (?<lead>.+?)(?: (?:so far|lately|recently|last time))*$/d,
    (found, ctx) =>
      /^(?:today|yesterday|the|this|my|me)\b/.test(found.words('lead'))
        ? undefined
        : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.9, { aspect: 'notes' }),
  ],
  [
    /^(?:what|which|any|how many|are there any) (?<field>deals?|contacts?|people|notes?|opportunit(?:y|ies)|calls|activities|phone numbers?|emails?|email address(?:es)?)(?: (?:does|do|did|is|are|we|i|have|has|there|at|for|on|with))+ (?<lead>.+?)(?: (?:have|has|got|on file))*$/d,
    (found, ctx, sentence) =>
      listLike(sentence, found.words('lead'))
        ? undefined
        : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.88, { aspect: aspectOf(found.words('field')) }),
  ],
  [
    /^(?:got|have|do (?:we|you|i) have|is there|have (?:we|you|i) got|seen|know|do you know)(?: (?:anything|something|any info|any information|info|information|details|any details|any data|data|stuff|a file|a record|any background))(?: (?:about|on|for|regarding))+ (?<lead>.+)$/d,
    (found, ctx, sentence) =>
      listLike(sentence, found.words('lead')) ? undefined : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.88),
  ],
  [
    /^(?<lead>(?!show\b|give\b|get\b|my\b|the\b|more\b|all\b|contact\b|need\b|want\b|note\b|log\b).+?) (?:details?|info|information|profile|record|full details|contact info|contact details|rundown)$/d,
    (found, ctx, sentence) =>
      listLike(sentence, found.words('lead')) ? undefined : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.8),
  ],
  [
    new RegExp(
      `^(?:what (?:is|are)|show|tell|give|get|i need|need|send)?(?: (?:me|us))?(?: the)? ?(?<lead>.+?) 's (?:${anyField})(?:,| and| &|)+ (?:the |their )?(?:${anyField})$|^(?:what (?:is|are)|show|tell|give|get|i need|need|send)?(?: (?:me|us))? ?(?:the )?(?:${anyField}) (?:and|&) (?:the )?(?:${anyField}) (?:of|for|at|on) (?<lead2>.+)$`,
      'd',
    ),
    (found, ctx, sentence) =>
      listLike(sentence, found.words('lead'))
        ? undefined
        : aboutLead(found.raw('lead') || found.raw('lead2'), ctx, 'get_lead', {}, 0.92),
  ],
  ...detailRules,
  [
    /^(?:what|anything|everything|what all|what else|what exactly) (?:do|does|is|have|did|can)? ?(?:we|you|i|there)? ?(?:know|have|got|tell me|have got|say|can you tell me|tell|find)? ?(?:about|on|for|regarding) (?<lead>.+?)(?: (?:so far|on file|again))*$/d,
    (found, ctx, sentence) =>
      listLike(sentence, found.words('lead')) ||
      /^(?:the )?(?:leads|weather|my (?:plate|list|schedule|agenda))|^(?:me|today|tomorrow|you|my|this week|the (?:agenda|schedule|list|plate|menu))\b/.test(
        found.words('lead'),
      ) ||
      (sentence.test(/^what about/) && !companyWords.test(found.raw('lead')))
        ? undefined
        : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, sentence.test(/^what about/) ? 0.62 : 0.89),
  ],
  [
    /^(?:tell|give|brief|fill|update|catch|show|get|pull|bring|send|read)(?: (?:me|us))?(?: (?:up|in|out))?(?: (?:an|update|updates|status update|briefing|more|everything|all|anything|something|the|a|some|details|detail|info|information|rundown|low ?down|background|data|facts|full|picture|whole|story|low down|profile|record|card|file|you have|you know|we have|we know|there is|quick|scoop|on))*(?: (?:about|on|for|of|regarding)) (?<lead>.+)$/d,
    (found, ctx, sentence) =>
      listLike(sentence, found.words('lead')) || /^(?:you|yourself|me)$/.test(found.words('lead'))
        ? undefined
        : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.88),
  ],
  [
    /^(?:details?|info|information|more(?: info| details| information)?|profile|record|background|facts|data|everything|card|file|the details|all the details|all info|intel|full record) (?:about|on|for|of) (?<lead>.+)$/d,
    (found, ctx, sentence) =>
      listLike(sentence, found.words('lead')) ? undefined : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.88),
  ],
  [
    /^(?:who|what) (?:is|are) (?<lead>.+?)(?: again| about)?$/d,
    (found, ctx, sentence) =>
      listLike(sentence, found.words('lead')) ||
      /^(?:my|the (?:best|top|plan|difference|point)|you|your|next|on|in|this|up|due|a|an|it all|new|there|waiting|going|happening|left|overdue|left to)\b|^\d+ ?[-+*x/^]/.test(
        found.words('lead'),
      )
        ? undefined
        : aboutLead(
            found.raw('lead'),
            ctx,
            'get_lead',
            {},
            /[A-Z0-9&]/.test(found.raw('lead').slice(0, 1)) || companyWords.test(found.raw('lead')) ? 0.76 : 0.56,
            sentence.test(/^who\b/) ? { aspect: 'person' } : {},
          ),
  ],
  [
    /^(?:look up|look at|have a look at|take a look at|lookup|pull up|bring up|open up|open|call up|view|see|display|go to|check|check on|get|fetch|read|inspect|load|pull|show(?: me)?|give me|let me see|can i see|take me to|lets see|zoom in on|expand|drill into|select|pick)(?: (?:the |a |that |this )?(?:record|details?|info|profile|card|file|page|lead|company|account|data|entry)(?: (?:of|for|on|called|named|about))?)? (?<lead>.+?)(?: (?:details?|info|information|record|profile|card|file|data|page|full details|in detail))*$/d,
    (found, ctx, sentence) => {
      const words = found.words('lead');
      const { input, plural, leftover } = filtersOf(found.raw('lead') === '' ? sentence : sentence);
      if (
        plural ||
        (leftover.length === 0 && positionOf(words) === undefined && !/\b(?:it|them|that|this|they|their|one|lead)\b/.test(words))
      )
        return undefined;
      if (
        /^(?:my|all|every|only|just|some|any|which|how|what|the (?:next|rest|best|top)|next|more|for)\b/.test(words) &&
        positionOf(words) === undefined
      )
        return undefined;
      const slots = Object.keys(input).filter((key) => key !== 'query').length;
      return aboutLead(
        found.raw('lead'),
        ctx,
        'get_lead',
        {},
        slots > 0 && !/^".*"$/.test(words) && !properName.test(found.raw('lead')) ? 0.66 : 0.8,
      );
    },
  ],
]);

/** A company's name and nothing else. */
export const bareName: Intent = (sentence, ctx) => {
  const raw = sentence.raw;
  if (sentence.tokens.length > 8) return undefined;
  if (positionOf(sentence.words) !== undefined || /^(?:the )?(?:one .+|.+ one)$/.test(sentence.words))
    return ctx.leads.length > 0
      ? aboutLead(raw, ctx, 'get_lead', {}, 0.8)
      : refuse(
          'There is no list or question to pick from. You can ask, for example: "gold leads in Texas" or "show my tasks".',
          0.8,
        );
  if (filtersOf(sentence).plural) return undefined;
  if (
    sentence.tokens.length > 8 ||
    raw.length > 90 ||
    /^(?:add|register|create|found|new|got|we|i|put|set|mark|delete|remove|assign|log|note|remind|call|email|text|tell|let|have|is|are|do|does|did|why|what|how|when|who|where|update|change|send|write|make|bring|give|approve|cancel|stop|import|undo|the|my|our|sync|run|start|book)\b/.test(
      sentence.words,
    )
  )
    return undefined;
  if (/^[\d\s()+.-]{7,}$/.test(raw) || /^\S+@\S+\.\S+$/.test(raw) || /^(?:https?:\/\/)?[\w-]+(?:\.[\w-]+)+(?:\/\S*)?$/.test(raw))
    return calls('get_lead', { lead: raw.replace(/^https?:\/\/(?:www\.)?|(?<=\.\w{2,10})\/.*$/g, '') }, 0.75);
  if (sentence.tokens.length === 1 && sentence.tokens[0]?.quoted)
    return calls('get_lead', { lead: raw.replaceAll('"', '') }, 0.75);
  const proper = /^(?:[A-Z0-9&][\w&'./-]*[ ,]*){1,8}$/.test(raw);
  if (companyWords.test(raw) || proper)
    return aboutLead(raw, ctx, 'get_lead', {}, sentence.tokens.length > 1 && companyWords.test(raw) ? 0.66 : 0.6);
  // One word that everyday talk does not use is a name; a run of consonants is a slip on the keys.
  if (sentence.tokens.length === 1 && /^[a-z]{5,}$/i.test(raw) && !/[^aeiouy]{5}/i.test(raw) && namesIn(sentence).length === 1)
    return aboutLead(raw, ctx, 'get_lead', {}, 0.58);
  return undefined;
};
