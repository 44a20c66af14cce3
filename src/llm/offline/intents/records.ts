import { regionCode } from '../../../core/regions.ts';
import { cleanName, personOf } from '../references.ts';
import { companyWords } from '../vocabulary.ts';
import { type Need, type Reading, complete, refuse } from '../reading.ts';
import { aboutLead, byRules, type Intent, type Rule } from './intent.ts';

const statusWords: [RegExp, string][] = [
  [/^(?:closed[ -])?won$|^(?:a )?(?:customer|client|win)$|^signed(?: up)?$|^closed won$/, 'won'],
  [/^(?:closed[ -])?lost$|^(?:a )?loss$|^closed lost$|^(?:gone|no deal)$/, 'lost'],
  [/^disqualified$|^unqualified$|^not qualified$|^(?:a )?(?:bad|poor|wrong|no) fit$|^not a (?:good )?fit$|^dead$|^junk$|^disqualify$|^not relevant$/, 'disqualified'],
  [/^qualified$|^qualify$/, 'qualified'],
  [/^(?:in )?nurtur(?:e|ing|ed)$|^nurture (?:list|track|campaign)$/, 'nurture'],
  [/^(?:in )?(?:a )?meetings?(?: (?:booked|set|scheduled|set up|arranged))?$|^meeting (?:stage|status)$|^booked$|^demo (?:booked|scheduled)$/, 'meeting'],
  [/^(?:already )?contacted$|^called$|^reached(?: out to)?$|^in contact$|^spoken to$|^contact made$|^contact$|^touched$/, 'contacted'],
  [/^(?:brand )?new$|^uncontacted$|^not contacted$/, 'new'],
];
const statusEnding = String.raw`(?:closed[ -]won|won|closed[ -]lost|lost|disqualified|unqualified|not qualified|(?:a )?bad fit|not a (?:good )?fit|qualified|(?:in )?nurtur(?:e|ing|ed)|(?:in )?(?:a )?meetings?(?: (?:booked|set|scheduled))?|meeting (?:stage|booked)|already contacted|contacted|called|reached|in contact|new|customer|dead|junk)`;

export const statusOf = (words: string): string | undefined => {
  const text = words.replace(/^(?:as|to|into|the|status|stage|in|is|now|being|of|be|:|-|=| )+ /, '').replace(/ (?:status|stage|now|please|today|column|list|bucket|pile|already|lead|state)$/g, '').trim();
  return statusWords.find(([pattern]) => pattern.test(text))?.[1];
};

const phone = /(?:\+?\d[\d\s().-]{5,18}\d|\(\d{3}\)\s?\d{3}[\s.-]?\d{4})(?:\s?(?:x|ext\.?)\s?\d{1,6})?/i;
const email = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/;
const website = /\b(?:https?:\/\/[^\s,;]{3,200}|(?:www\.)?[a-z0-9][a-z0-9-]{0,62}(?:\.[a-z0-9-]{1,62}){0,3}\.(?:com|net|org|us|biz|io|co|info|solar|energy|ca|me|dev|app|test|example)(?:\/[^\s,;]*)?)/i;

const setStatus = (raw: string, words: string, ctx: Parameters<Intent>[1], confidence: number): Reading | undefined => {
  // "Put X in as a new lead" adds one.
  if (/\bnew (?:lead|prospect|company|account)$/.test(words)) return undefined;
  const status = statusOf(words);
  return status ? aboutLead(raw, ctx, 'update_lead', { status }, confidence) : undefined;
};

const statusRules: Rule[] = [
  [new RegExp(String.raw`^(?:mark|set|flag|tag|make|move|change|update|put|switch|turn|convert|push|label|bump|advance|promote|shift|place|log|record|list|classify|transition|drop|close|consider|get|treat)(?: off| over| down| out| up)? (?:the )?(?:status|stage)(?: of| for| on)? (?<lead>.+?) (?:from \w+ )?(?:to|as|into|=|-|:|in) ?(?:the )?(?:status |stage )?(?<status>.+)$`, 'd'), (found, ctx) => setStatus(found.raw('lead'), found.words('status'), ctx, 0.94)],
  [new RegExp(String.raw`^(?:mark|set|flag|tag|make|move|change|update|put|switch|turn|convert|push|label|bump|advance|promote|shift|place|record|list|classify|transition|drop|close|consider|get|treat)(?: off| over| down| out)? (?<lead>.+?)(?: 's)?(?: from (?:new|contacted|qualified|meeting|nurture|won|lost|disqualified))? (?:status |stage )?(?:to|as|into|=|over to|down as|back to|up to|on to|onto|in|-) (?:the |be |being |a |an )*(?:status |stage )?(?:of )?(?<status>${statusEnding}(?: (?:status|stage|now|list|bucket|column|lead|already|today))*)$`, 'd'), (found, ctx) => setStatus(found.raw('lead'), found.words('status'), ctx, 0.95)],
  [new RegExp(String.raw`^(?:mark|set|flag|make|put|close|change|update)(?: off)? (?<lead>.+?) (?<status>${statusEnding})(?: (?:now|already|status|stage))*$`, 'd'), (found, ctx) => (/^(?:leads?|the leads)$/.test(found.words('lead')) ? undefined : setStatus(found.raw('lead').replace(/\s+(?:as|to|status|is|an?|the|our)$/i, ''), found.words('status'), ctx, 0.88))],
  [new RegExp(String.raw`^(?:status|stage)(?: of| for)? (?<lead>.+?)(?: should be| is| to| :| -| =|:)* (?:now )?(?<status>${statusEnding})$`, 'd'), (found, ctx) => setStatus(found.raw('lead'), found.words('status'), ctx, 0.88)],
  [new RegExp(String.raw`^(?<lead>.+?) (?:should be|is now|has been|is|was|are now|goes to|to|->|-|has become|became|got|are|went|must be|needs to be|can be|is in|is a|moved to|to be)(?: (?:now|marked|set|moved|a|an|in|as|to|our|finally|officially|already|been))* (?<status>${statusEnding})(?: now| already| lead)?$`, 'd'), (found, ctx) => (/ : /.test(found.words('lead')) || /^(?:who|what|which|is|are|how|leads?|we|i|any|show|list|status|new|the leads|meeting|there|why|when|that|has|have|did|do|my)\b(?! (?:one|lead|company))/.test(found.words('lead')) || / leads$/.test(found.words('lead')) ? undefined : setStatus(found.raw('lead'), found.words('status'), ctx, 0.84))],
  [/^(?:we|i|looks like we|great news we|guess what we) (?:have |just |finally |officially |got |had |just got )*(?<what>won|lost|closed|signed|qualified|disqualified|landed) (?<lead>(?!leads|deals|the deal$).+?)(?: (?:deal|account|business|as a customer|today|yesterday|to a competitor|to the competition|!))*$/d, (found, ctx) => {
    const what = found.words('what');
    return /\bleads\b/.test(found.words('lead')) ? undefined : aboutLead(found.raw('lead').replace(/^(?:the deal with|a deal with|the)\s+/i, ''), ctx, 'update_lead', { status: what === 'closed' || what === 'signed' || what === 'landed' ? 'won' : what }, 0.8);
  }],
  [/^(?:disqualify|dq|rule out) (?<lead>.+)$/d, (found, ctx) => aboutLead(found.raw('lead'), ctx, 'update_lead', { status: 'disqualified' }, 0.93)],
  [/^nurture (?<lead>(?!leads?\b|prospects\b|companies\b).+)$/d, (found, ctx) => aboutLead(found.raw('lead'), ctx, 'update_lead', { status: 'nurture' }, 0.85)],
  [/^qualify (?<lead>(?!leads?\b|prospects\b|companies\b).+)$/d, (found, ctx) => aboutLead(found.raw('lead'), ctx, 'update_lead', { status: 'qualified' }, 0.72)],
  [/^(?:mark|set|change|update|move) (?<lead>(?:.+?)?) ?(?:'s )?(?:status|stage)$|^(?:change|update|set) (?:the )?(?:status|stage) (?:of|for) (?<lead2>.+)$/d, (found, ctx) => aboutLead(found.raw('lead') || found.raw('lead2'), ctx, 'update_lead', {}, 0.8, { needs: [{ field: 'status', calls: [0] }] })],
  [new RegExp(String.raw`^(?<lead>.+?) (?:'s )?(?:status|stage)(?: should be| is| to| :| -| =|:| now)* (?<status>${statusEnding})$`, 'd'), (found, ctx) => (/^(?:what|which|is|show|leads?|list|all)\b/.test(found.words('lead')) ? undefined : setStatus(found.raw('lead'), found.words('status'), ctx, 0.84))],
  [/^(?<lead>.+?) (?:has|have|got|agreed to|accepted|booked) (?:a |an |the )?(?:meeting|demo|appointment)(?: (?:booked|scheduled|set|set up|arranged|on the books))?$|^(?:i |we )?(?:have |just |i have |we have )*(?:booked|scheduled|set up|arranged|got) (?:a |an |the )?(?:meeting|demo|appointment) (?:with|at|for) (?<lead2>.+)$/d, (found, ctx, sentence) => (/^(?:i|we|who|which|leads?)\b/.test(found.words('lead')) || sentence.test(/^(?:set up|book|schedule|arrange)\b/) || sentence.test(/\b(?:today|tomorrow|monday|tuesday|wednesday|thursday|friday|next|at \d)/) ? undefined : aboutLead(found.raw('lead') || found.raw('lead2'), ctx, 'update_lead', { status: 'meeting' }, 0.82))],
  [/^(?:reopen|unqualify|un-qualify|change|reset) (?<lead>(?!the\b|it\b.*\bto\b|phone|email|owner|status|name).+)$/d, (found, ctx, sentence) => (sentence.test(/^(?:reopen|unqualify)/) ? aboutLead(found.raw('lead'), ctx, 'update_lead', {}, 0.75, { needs: [{ field: 'status', calls: [0] }] }) : undefined)],
];

const toPerson = (lead: string, person: string, ctx: Parameters<Intent>[1], confidence: number): Reading | undefined => {
  const owner = personOf(cleanPerson(person));
  if (owner === '') return undefined;
  return owner.split(/\s+/).length > 4 ? undefined : aboutLead(lead, ctx, 'update_lead', { owner }, confidence);
};
const cleanPerson = (raw: string): string => raw.replace(/^(?:to|rep|the rep|sales rep|our|my (?:colleague|coworker|team ?mate))\s+/i, '').replace(/['’]s (?:list|name|book|plate|desk|queue)$/i, '').trim();

const ownerRules: Rule[] = [
  [/^(?:assign|reassign|allocate|route|transfer|hand|hand over|handover|pass|pass over|give|move|delegate|send|switch|shift|turn|turn over|change|let)(?: off| over| on| out| back)? (?:(?:the )?(?:owner|ownership) (?:of|for|on) )?(?<lead>.+?)(?: 's)?(?: (?:owner|ownership))?(?: from [a-z]+(?: [a-z]+)?)?(?: over| back| off| on| along)? to (?<person>.+?)(?: 's (?:list|name|book|plate|desk|queue))?(?: (?:please|now|instead|from now on|today|to work on|to handle))*$/d, (found, ctx, sentence) => {
    if (statusOf(found.words('person'))) return undefined;
    const owning = sentence.test(/^(?:assign|reassign|allocate|transfer|hand|delegate|route)/) || sentence.test(/\bowner/);
    if (!owning && (/\b(?:phone|number|email|website|address|name|city|state|zip|industry|status)\b/.test(found.words('lead')) || /^(?:a (?:call|ring|note|shout)$|me\b|us\b|someone|somebody)/.test(found.words('lead')))) return undefined;
    if (/\b(?:task|reminder|todo)\b/.test(found.words('lead'))) return undefined;
    if (/\d|@/.test(found.raw('person')) || !/^[\p{L} .'-]{1,40}$/u.test(found.raw('person'))) return undefined;
    return toPerson(found.raw('lead'), found.raw('person'), ctx, owning ? 0.94 : 0.84);
  }],
  [/^(?:assign|give|hand|reassign|pass|delegate) (?<person>[a-z][a-z'-]+(?: [a-z][a-z'-]+)?) (?:the )?(?<lead>(?:lead |company |account )?(?:.+))$/d, (found, ctx, sentence) => {
    const person = found.words('person');
    if (sentence.test(/\bto\b/) || /^(?:it|them|that|this|the|a|an|over)\b/.test(person)) return undefined;
    return sentence.test(/^(?:assign|reassign)/) && person.includes(' ') && !/^[A-Z]/.test(found.raw('person')) ? undefined : toPerson(found.raw('lead'), found.raw('person').split(' ')[0] ?? '', ctx, /^me\b/.test(person) ? (sentence.test(/^assign me/) ? 0.9 : 0.3) : /^[A-Z]/.test(found.raw('person')) ? 0.74 : 0.56);
  }],
  [/^(?:make|set|put|name|change|let) (?<person>.+?) (?:as |be |into |to be )?(?:the |new |an? )*(?:owner|rep|account manager|account owner) (?:of|for|on) (?<lead>.+)$/d, (found, ctx) => (/^(?:the|it)$/.test(found.words('person')) ? undefined : toPerson(found.raw('lead'), found.raw('person'), ctx, 0.92))],
  [/^(?:make|set|change|update|switch|put)(?: the)? (?:owner|rep|ownership)(?: of| for| on)? (?<lead>.+?) (?:to|as|=|is|:) (?<person>.+)$/d, (found, ctx) => toPerson(found.raw('lead'), found.raw('person'), ctx, 0.93)],
  [/^(?:make|set|change|update|switch) (?<lead>.+?) 's (?:owner|rep) (?:to|as|=|is|:) (?<person>.+)$/d, (found, ctx) => toPerson(found.raw('lead'), found.raw('person'), ctx, 0.93)],
  [/^(?:let|have|get|make) (?<person>[a-z][a-z'-]+(?: [a-z'-]+)?) (?:to )?(?:handle|take|take over|own|work|work on|look after|deal with|run|manage) (?<lead>.+)$/d, (found, ctx) => (/^(?:me|us|you|it|them|the|a)\b/.test(found.words('person')) ? undefined : toPerson(found.raw('lead'), found.raw('person'), ctx, 0.82))],
  [/^put (?<person>[a-z][a-z'-]+(?: [a-z'-]+)?) on (?<lead>.+)$/d, (found, ctx) => (/\b(?:note|reminder|that|it|this|comment|task|memo)\b|^(?:a|an|the)\b/.test(found.words('person')) ? undefined : toPerson(found.raw('lead'), found.raw('person'), ctx, 0.72))],
  [/^(?:i will take|i am taking|i want|i will have|i will handle|i can take|i got|let me (?:take|have)|give me|assign me|take over|claim|grab|i claim|i take|i will grab|i will work|i will own|put me on|sign me up for|assign myself)(?: over| on)? (?<lead>(?!care\b|a (?:look|break|note|list)\b|note\b|my\b|the top|top\b|all\b|leads\b|\d).+?)(?: (?:for myself|myself|over|on|for me|from here|to me|to myself|as mine))*$/d, (found, ctx, sentence) => (sentence.test(/\b(?:leads|prospects|details|number|phone|info|list|email|status|note|call)\b/) ? undefined : aboutLead(found.raw('lead'), ctx, 'update_lead', { owner: 'me' }, sentence.test(/^(?:i want|give me)/) ? 0.5 : 0.88))],
  [/^take (?<lead>.+?) (?:for me|myself|for myself|on|over)$|^(?<lead2>.+?) is (?:now )?(?:mine|my lead|my account)$|^make (?<lead3>.+?) mine$/d, (found, ctx) => aboutLead(found.raw('lead') || found.raw('lead2') || found.raw('lead3'), ctx, 'update_lead', { owner: 'me' }, 0.88)],
  [/^(?<lead>.+?) (?:should go|goes|should belong|belongs|now belongs|is going|should be assigned|is now assigned|needs to go) to (?<person>[a-z][a-z .'-]{1,40})(?: now| from now on)?$/d, (found, ctx) => (/^(?:who|what|which|leads)\b/.test(found.words('lead')) ? undefined : toPerson(found.raw('lead'), found.raw('person'), ctx, 0.8))],
  [/^(?<person>[a-z][a-z'-]+(?: [a-z'-]+)?) (?:should|will|can|is going to|is taking|takes|now|must|to|gets|is now) ?(?:own|take|take over|handle|owns|be the owner of|work on|owner of|the owner of|have|get)? ?(?:over )?(?<lead>.+)$/d, (found, ctx, sentence) => (sentence.test(/^\S+(?: \S+)? (?:should own|will own|will take over|should take over|takes over|takes|now owns|is taking|gets|should take|is now the owner of|should have|should get|will handle|should handle)\b/) && !/^(?:who|i|we|they|it|he|she|what|you|there|call|this|that)\b/.test(found.words('person')) ? toPerson(found.raw('lead'), found.raw('person'), ctx, 0.76) : undefined)],
  [/^(?:unassign|un-assign|free up|release|unclaim|let go of) (?<lead>.+?)(?: from .+)?$|^(?:remove|clear|drop|delete|take off|take away|unset|erase) (?:the )?(?:owner|rep|assignment|ownership)(?: (?:of|from|for|on) (?<lead2>.+))?$|^(?:remove|clear|take) (?<lead3>.+?) 's (?:owner|rep)$|^(?:take|remove|get) (?:\S+) off (?<lead4>(?!(?:my|the|our) (?:list|lists|system|database|crm|name|plate|desk|books|pipeline)\b|me$).+)$|^(?:take|get) (?<lead5>.+?) off (?:me|my (?:name|plate|desk|hands))$/d, (found, ctx) => aboutLead(found.raw('lead5') || found.raw('lead') || found.raw('lead2') || found.raw('lead3') || found.raw('lead4') || 'it', ctx, 'update_lead', { owner: 'nobody' }, 0.93)],
  [/^(?:assign|reassign) (?<lead>.+)$/d, (found, ctx, sentence) => (sentence.test(/\b(?:leads|task)\b/) ? undefined : aboutLead(found.raw('lead'), ctx, 'update_lead', {}, 0.7, { needs: [{ field: 'owner', calls: [0] }] }))],
];

const fieldNames: [string, string][] = [
  [String.raw`(?:phone ?numbers?|phones?|telephone(?: number)?|tel|cell|mobile(?: number)?|contact number|numbers?|phone no)`, 'phone'],
  [String.raw`(?:email(?: address)?|mail|contact email)`, 'email'],
  [String.raw`(?:web ?site|web ?page|url|domain|homepage|site)`, 'website'],
  [String.raw`(?:street address|street|address)`, 'street'],
  ['city|town', 'city'],
  ['state|province', 'state'],
  ['zip(?: ?code)?|postal code|postcode', 'zip'],
  ['industry|trade|sector', 'industry'],
  ['(?:number of )?employees|employee count|head ?count|staff|team size', 'employees'],
  ['(?:company |business )?name', 'name'],
];

const valueOf = (field: string, raw: string): unknown => {
  const text = raw.trim().replace(/^["']|["']$/g, '').replace(/^(?:now|is|to|be|:|-|=)\s+/i, '').trim();
  if (field === 'phone') return phone.exec(text)?.[0]?.trim() ?? (/\d{5,}/.test(text.replace(/\D/g, '')) ? text : undefined);
  if (field === 'email') return email.exec(text)?.[0];
  if (field === 'website') return website.exec(text)?.[0];
  if (field === 'employees') return Number(/\d[\d,]*/.exec(text)?.[0]?.replaceAll(',', '')) || undefined;
  if (field === 'zip') return /\b[A-Z]?\d[\w -]{3,9}/i.exec(text)?.[0];
  return text || undefined;
};

const fieldRules: Rule[] = fieldNames.flatMap(([words, field]): Rule[] => {
  const set = (lead: string, value: string, ctx: Parameters<Intent>[1], confidence: number): Reading | undefined => {
    const parsed = valueOf(field, value);
    return parsed === undefined ? undefined : aboutLead(lead, ctx, 'update_lead', { [field]: parsed }, confidence);
  };
  // "Genstar phone is 555..." is clear without the possessive; "Sun City name is" is not.
  const possessive = field === 'phone' || field === 'email' || field === 'website' ? '?' : '';
  return [
    [new RegExp(String.raw`^(?:change|update|set|correct|fix|edit|replace|save|store|record|add|put|make|enter|overwrite|modify|give|note) (?:the |a |an |new |their |down )*(?:${words}) (?:of|for|on|to|at|from|with|in) (?<lead>.+?)(?: 's)? (?:to|as|=|:|is|with|be|-|should be|is now)+ ?(?<value>.+)$`, 'd'), (found, ctx) => set(found.raw('lead'), found.raw('value'), ctx, 0.93)],
    [new RegExp(String.raw`^(?:change|update|set|correct|fix|edit|replace|save|store|record|make|modify|overwrite) (?<lead>.+?) (?:'s )?(?:new )?(?:${words}) (?:to|as|=|:|is|with|-|should be|is now)+ ?(?<value>.+)$`, 'd'), (found, ctx) => set(found.raw('lead'), found.raw('value'), ctx, 0.93)],
    ...(field === 'phone' || field === 'email' || field === 'website' ? [[new RegExp(String.raw`^(?:change|update|set|correct|fix|edit|replace|save) (?<lead>.+?) (?:'s )?(?:new )?(?:${words}) (?<value>\S+(?: [\d().-]+)*)$`, 'd'), (found: Parameters<Rule[1]>[0], ctx: Parameters<Intent>[1]) => set(found.raw('lead'), found.raw('value'), ctx, 0.88)] as Rule] : []),
    [new RegExp(String.raw`^(?:the |new |updated |correct )*(?:${words}) (?:of|for|at|on|from) (?<lead>.+?)(?: (?:is|is now|=|changed to|should be|has changed to|:|-|now))+ ?(?<value>.*\S)$`, 'd'), (found, ctx) => set(found.raw('lead'), found.raw('value'), ctx, 0.91)],
    [new RegExp(String.raw`^(?<lead>.+?) (?:'s )${possessive}(?:new |main |actual |correct |direct |updated )*(?:${words})(?: number)?(?: (?:is|is now|=|changed to|has changed to|should be|should read|:|-|now is|now|was changed to|are))+ ?(?<value>.*\S)$`, 'd'), (found, ctx) => (/^(?:what|who|where|is|show|how|when|which|log|remind|note|lead)\b/.test(found.words('lead')) ? undefined : set(found.raw('lead'), found.raw('value'), ctx, 0.89))],
    [new RegExp(String.raw`^(?<lead>.+?) (?:has|have|got|uses) (?:a |an )?new (?:${words}) ?(?::|-|is|which is|it is|,)* (?<value>.+)$`, 'd'), (found, ctx) => set(found.raw('lead'), found.raw('value'), ctx, 0.9)],
    [new RegExp(String.raw`^(?:add|save|put|store|enter|record|set) (?:the |a |an |new |this )*(?:${words})? ?(?<value>\S*(?:@|\d{3}|\.(?:com|net|org|biz|us))\S*(?: [\d().-]+)*) (?:to|for|on|as|at|in|under) (?:the )?(?:(?:${words}) (?:of|for) )?(?<lead>.+)$`, 'd'), (found, ctx, sentence) => (sentence.test(new RegExp(String.raw`\b(?:${words})\b`)) || valueOf(field, found.raw('value')) !== undefined ? (field === 'phone' || field === 'email' || field === 'website' ? set(found.raw('lead'), found.raw('value'), ctx, 0.86) : undefined) : undefined)],
    ...(field === 'phone' || field === 'email' || field === 'website'
      ? [
          [new RegExp(String.raw`^(?:change|update|correct|fix|edit|replace|add) (?:the |a )?(?:${words}) (?:of|for|on) (?<lead>.+)$|^(?:change|update|correct|fix|edit|replace) (?<lead2>.+?) 's (?:${words})$`, 'd'), (found: Parameters<Rule[1]>[0], ctx: Parameters<Intent>[1]) => aboutLead(found.raw('lead') || found.raw('lead2'), ctx, 'update_lead', {}, 0.8, { needs: [{ field, calls: [0] } as Need] })] as Rule,
        ]
      : []),
  ];
});

const otherFields: Rule[] = [
  [/^rename (?<lead>.+?) (?:to|as|into) (?<name>.+)$/d, (found, ctx) => aboutLead(found.raw('lead'), ctx, 'update_lead', { name: cleanName(found.raw('name')) }, 0.94)],
  [/^change (?:the )?name of (?<lead>.+?) to (?<name>.+)$/d, (found, ctx) => aboutLead(found.raw('lead'), ctx, 'update_lead', { name: cleanName(found.raw('name')) }, 0.94)],
  [/^(?<lead>.+?) (?:is now called|has been renamed(?: to)?|changed (?:its|their) name to|is now named|was renamed to|goes by) (?<name>.+)$/d, (found, ctx) => aboutLead(found.raw('lead'), ctx, 'update_lead', { name: cleanName(found.raw('name')) }, 0.88)],
  [/^(?<lead>.+?) (?:(?:has |have |just )*(?:moved|relocated)) to (?<place>.+)$/d, (found, ctx) => {
    const [city, state] = placeOf(found.raw('place'));
    return city || state ? aboutLead(found.raw('lead'), ctx, 'update_lead', { city, state }, 0.82) : undefined;
  }],
  [/^(?<lead>.+?) (?:is|are) (?:now )?(?:based |located |headquartered )?in (?<place>.+?) now$|^(?<lead2>.+?) (?:is|are) now (?:based |located |headquartered )?in (?<place2>.+)$/d, (found, ctx) => {
    const [city, state] = placeOf(found.raw('place') || found.raw('place2'));
    return /^(?:it|who|what|which|leads)$/.test(found.words('lead')) ? undefined : aboutLead(found.raw('lead') || found.raw('lead2'), ctx, 'update_lead', { city, state }, 0.74);
  }],
  [/^(?<lead>.+?) (?:has|have|got|employs|employ)(?: about| around| roughly| over)? (?<count>\d[\d,]{0,6}) (?:employees|people|staff|workers)(?: now)?$/d, (found, ctx) => (/^(?:who|which|leads|companies|find|show|list)\b/.test(found.words('lead')) ? undefined : aboutLead(found.raw('lead'), ctx, 'update_lead', { employees: Number(found.raw('count').replaceAll(',', '')) }, 0.8))],
  [/^(?:remove|clear|delete|erase|drop) (?:(?:the )?(?:phone(?: number)?|email(?: address)?|website|address|number)(?: (?:of|from|for) .+)?|.+? 's (?:phone(?: number)?|email(?: address)?|website|address|number))$/d, () => refuse('I can change a detail but not empty it. You can ask, for example: "change the phone of Abacus to (713) 555-0100".', 0.95)],
];

/** Deleting a lead. */
const removal: Rule[] = [
  [/^(?:delete|remove|bin|trash|scrap|erase|drop|kill|destroy|discard|purge|wipe|ditch|chuck|chuck out|throw out|throw away|throw|get rid of|take out|take off|toss|toss out|junk|nuke|dump|lose|archive|cut|eliminate|zap)(?: out| away| off)? (?<lead>.+?)(?: (?:from|off|out of|in|into) (?:the |my |our )?(?:list|lists|system|database|crm|leads|pipeline|records|books|bin|trash|it|here|rubbish|garbage))?(?: (?:out|away|off|completely|entirely|altogether|permanently|for good|forever|right now|now|please|for me|lead|record|entry))*$/d, (found, ctx, sentence) => {
    const words = found.words('lead');
    if (/^(?:note|task|reminder|filter|the filter|filters|everything|chat|conversation|history)\b/.test(words)) return undefined;
    if (sentence.test(/^drop (?:me|them|him|her|it|a|an) (?:a |an )?(?:line|note|email|message)|^lose\b.*\bdeal|^cut\b.*\bto\b|^kill (?:the )?(?:job|import)/)) return undefined;
    const sure = sentence.test(/^(?:delete|remove|bin|trash|scrap|erase|get rid of|discard)/);
    return aboutLead(found.raw('lead'), ctx, 'delete_lead', {}, sure ? 0.92 : 0.8);
  }],
  [/^(?<lead>.+?) (?:is|was|looks like|seems to be) (?:a |an |the )?(?:duplicate|dupe|double|fake|spam|junk|bogus|out of business|closed down|test record)s?(?: so| please| -| and| then| now)* (?:delete|remove|bin|trash|scrap|drop|get rid of|ditch|erase) (?:it|them|that|this|that one|the lead|that lead)$/d, (found, ctx) => aboutLead(found.raw('lead'), ctx, 'delete_lead', {}, 0.88)],
  [/^(?:throw|put|toss|chuck|move) (?<lead>.+?) (?:in|into|to) the (?:bin|trash|garbage|rubbish)$/d, (found, ctx) => aboutLead(found.raw('lead'), ctx, 'delete_lead', {}, 0.9)],
  [/^(?:take|get) (?<lead>.+?) (?:off|out of) (?:the |my |our )?(?:list|lists|system|database|crm|books|pipeline|leads)$/d, (found, ctx) => aboutLead(found.raw('lead'), ctx, 'delete_lead', {}, 0.82)],
];

const placeOf = (raw: string): [string | undefined, string | undefined] => {
  const text = raw.replace(/[.!?]+$/, '').replace(/\s+\d{5}(?:-\d{4})?$/, '').trim();
  const whole = regionCode(text);
  if (whole) return [undefined, text];
  const comma = /^(.+?),\s*(.+)$/.exec(text);
  if (comma?.[1] && comma[2] && regionCode(comma[2])) return [comma[1].trim(), comma[2].trim()];
  const words = text.split(/\s+/);
  for (let take = Math.min(3, words.length - 1); take >= 1; take--) {
    const state = words.slice(-take).join(' ');
    if (regionCode(state)) return [words.slice(0, -take).join(' ').replace(/,$/, ''), state];
  }
  return [text, undefined];
};

/** "Add Bright Solar in Austin TX, phone 512-555-0100": a new lead with what was said about it. */
const creation: Rule[] = [
  [/^(?:add|create|make|enter|save|register|set up|open|put in|put|start|insert|input|log|record|new)(?: up| in)? (?:me )?(?:a |an |the |this |one |another |new |brand )*(?:lead|prospect|company|account|contractor|business|customer|record|entry)(?: (?:record|entry))?(?: (?:called|named|for|with the name|with name|by the name of|of|:|-|name|into the system|to the system|in the system|to the list))* (?<rest>.+)$/d, (found) => create(found.raw('rest'), 0.93)],
  [/^new (?:lead|prospect|company|account)(?: (?::|-|is|called|named|for|alert|came in))* (?<rest>.+)$/d, (found) => create(found.raw('rest'), 0.92)],
  [/^(?:we|i) (?:have |just |have just )*(?:got|found|have|received|spotted|met|discovered) (?:a |an |another )(?:new )?(?:lead|prospect|company|contractor)(?: (?:from|called|named|:|-|it is))* (?<rest>.+)$|^(?:found|got|spotted) (?:a |an |another )(?:new )?(?:lead|prospect|company|contractor)(?: (?:called|named|:|-))* (?<rest2>.+)$/d, (found) => create((found.raw('rest') || found.raw('rest2')).replace(/[\s,;.-]+(?:please )?(?:add|put|save|enter|create) (?:it|them|that)(?: (?:in|to .+))?(?: please)?$/i, ''), 0.86)],
  [/^(?:lead|prospect) : (?<rest>.+)$/d, (found) => create(found.raw('rest'), 0.8)],
  [/^(?:add|create|enter|save|register|put|log|record|set up|input|insert|list) (?<rest>.+?) (?:as|to|into|in|on) (?:a |an |the |our |my |as )*(?:new |potential |fresh |in )*(?:leads?|prospects?|company|account|accounts|companies|contractor|system|database|crm|list|pipeline|lead list|books|potential customer)(?<more> .+)?$/d, (found) => (/^(?:a |an |the )?(?:note|task|reminder|activity|comment|call|email|meeting|todo)\b/.test(found.words('rest')) || /^(?:phone|email|website|it|them|that|this)\b/.test(found.words('rest')) ? undefined : create([found.raw('rest'), found.raw('more')].filter(Boolean).join(', '), 0.9))],
  [/^(?:add|create)(?: (?:a|an|the|one|another))?(?: new)? (?:lead|prospect|company|account|contractor)(?: please| for me)?$|^new (?:lead|prospect)$/d, (_found, _ctx, sentence) => (sentence.test(/^new leads/) ? undefined : complete([{ tool: 'create_lead', input: {} }], [{ field: 'name', calls: [0] }], 0.86))],
  [/^(?:add|create|register) (?<rest>(?!a\b|an\b|the\b|note|task|reminder|todo|it\b|them\b|this\b|that\b|phone|email|website|comment|to\b|owner|my\b).+)$/d, (found) => create(found.raw('rest'), /^[A-Z0-9]/.test(found.raw('rest')) || companyWords.test(found.raw('rest')) ? 0.78 : 0.58)],
];

/** Cuts a description of a new lead into its fields; what stands before the first field is the name. */
const create = (description: string, confidence: number): Reading | undefined => {
  const input: Record<string, unknown> = {};
  let text = ` ${description.trim()} `;
  const cut = (pattern: RegExp, read: (found: RegExpExecArray) => void): void => {
    const found = pattern.exec(text);
    if (!found) return;
    read(found);
    text = `${text.slice(0, found.index)} ¦ ${text.slice(found.index + found[0].length)}`;
  };
  let name: string | undefined;
  const quoted = /^\s*"([^"]+)"/.exec(text);
  if (quoted?.[1]) {
    name = quoted[1].trim();
    text = ` ¦ ${text.slice(quoted[0].length)}`;
  }
  cut(/[\s,;(]+(?:with |and |their |the |a )*(?:note|comment|remark)s?(?: that| saying|:| -|,)*\s+(.{2,400})$/i, (found) => (input['note'] = unquote(found[1] ?? '')));
  cut(new RegExp(String.raw`[\s,;(]+(?:and |with |their |the |an |at )*(?:e-?mail(?: address)?(?: is|:)?\s+)?(${email.source})`, 'i'), (found) => (input['email'] = found[1]));
  cut(new RegExp(String.raw`[\s,;(]+(?:and |with |their |the |a |at )*(?:(?:web ?site|site|web|url|domain)(?: is|:)?\s+)?(${website.source})`, 'i'), (found) => (input['website'] = found[1]));
  cut(/[\s,;(]+(?:and |with |about |around |has )*(\d[\d,]{0,6}) (?:employees|people|staff)\b/i, (found) => (input['employees'] = Number(found[1]?.replaceAll(',', ''))));
  cut(/[\s,;]+(?:zip|zip code|postal code) (\d{5}(?:-\d{4})?)\b/i, (found) => (input['zip'] = found[1]));
  cut(new RegExp(String.raw`[\s,;(]+(?:and |with |their |the |a |at |on )*(?:(?:phone(?: number)?|tel(?:ephone)?|number|cell|mobile|call|ph)(?: is|:|\.)?\s*)?(${phone.source})`, 'i'), (found) => (/\d{7,}/.test((found[1] ?? '').replace(/\D/g, '')) ? (input['phone'] = found[1]?.trim()) : undefined));
  cut(/[\s,;]+(?:and )?(?:with )?(?:the )?status(?: is| of|:)? (new|contacted|qualified|meeting|nurture|won|lost|disqualified)\b/i, (found) => (input['status'] = found[1]?.toLowerCase()));
  cut(/[\s,;]+(?:and |with )*(?:industry|trade)(?: is|:)? ([\p{L} &-]{2,40})(?=[,;]|\s*$|¦)/iu, (found) => (input['industry'] = found[1]?.trim()));
  cut(/[\s,;]+(?:and )?(?:assign(?:ed)?(?: it| them)? to|owned by|owner(?: is|:)?|for rep|give it to|belongs to) ([\p{L}][\p{L}'-]*(?: \p{Lu}[\p{L}'-]+)?)(?=[,;.\s]|$)/iu, (found) => (input['owner'] = personOf(found[1] ?? '')));
  cut(/[\s,]+(?:as|for) (?:me|mine|myself)\s*$/i, () => undefined);
  const segments = text.split(/[¦;]/).map((part) => part.replace(/^[\s,:.-]+|[\s,:-]+$/g, '').replace(/\s+(?:and|with|at|phone|tel|email|website|number)$/i, '').trim());
  for (const segment of segments.filter(Boolean)) {
    let rest = segment;
    const placed = /^(.*?)[\s,]*\b(?:based in|located in|from|in|out of)\s+([\p{L}.' -]+(?:,\s*[\p{L}. ]+)?)$/iu.exec(rest) ?? /^(.+?),\s*([\p{L}.' -]+(?:,\s*|\s+)[A-Za-z][\p{L}. ]+)$/u.exec(rest) ?? (name ? /^()([\p{L}.' -]+(?:,\s*[\p{L}. ]+)?)$/u.exec(rest) : null);
    if (placed?.[2] !== undefined && input['city'] === undefined && input['state'] === undefined) {
      const [city, state] = placeOf(placed[2]);
      const explicit = /\b(?:based in|located in|from|in|out of)\s+/i.test(segment.slice(placed[1]?.length ?? 0));
      if (state || (explicit && city)) {
        // "Acme, Inc" is a name; "Acme Inc, Houston, TX" is a name and a place.
        if (city) input['city'] = city;
        if (state) input['state'] = state;
        rest = placed[1] ?? '';
      }
    }
    rest = rest.replace(/^[\s,]+|[\s,]+$/g, '');
    if (name === undefined && rest) name = rest;
  }
  const clean = cleanName((name ?? '').replace(/^(?:called|named|for|:|-)\s+/i, ''));
  if (clean === '' || /^(?:a|an|the|new|lead|leads|it|this|that|one)$/i.test(clean)) return undefined;
  return complete([{ tool: 'create_lead', input: { name: clean, ...input } }], [], confidence);
};

const unquote = (text: string): string => text.trim().replace(/^["']|["']$/g, '').trim();

export const records: Intent[] = [byRules(creation), byRules([...statusRules, ...ownerRules]), byRules([...otherFields, ...fieldRules]), byRules(removal)];
