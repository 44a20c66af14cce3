import { filtersOf, isTrade, numberOf, numberWord } from '../filters.ts';
import { leadOf, personOf, positionOf } from '../references.ts';
import { type Aspect, type Context, type Reading, calls, compact, refuse } from '../reading.ts';
import type { Sentence } from '../sentence.ts';
import { companyWords } from '../vocabulary.ts';
import { aboutLead, byRules, type Intent, type Rule } from './intent.ts';

const asking = /^(?:show|list|find|search|look|display|give|get|pull|bring|fetch|filter|see|view|which|who|what|how many|how much|count|number of|any|are there|is there|do we have|do i have|have we got|have i got|where are|sort|order|all|let|need|want|looking for|only|just|browse|tell me which|tell me how many)\b/;
const openers = /^(?:(?:can|could|do) (?:i|we) (?:see|get|have|view) |(?:show|list|find|display|give|get|pull|bring|fetch|filter|view|see)(?: up| out| me| us| for| in| back| together| all)* |search(?: for| through| the)* |look(?:ing)?(?: for| up)+ |do (?:we|i) have |have (?:we|i) got |are there |is there |i (?:need|want) |let me see |what about |tell me (?:which|about) )+/;

const rankWords = String.raw`(?:call|ring|phone|contact|dial|reach out to|reach|talk to|speak to|speak with|chase|work on|work|visit|go after|focus on|start with|followup with|follow up with|prioritize|target|hit|approach|tackle|email|message|try|pursue|see|bother|pitch|be calling|be ringing|be contacting|be working|be chasing|be talking to|be phoning|be focusing on)`;

/** "Who should I call first": the ranking of the day. */
const ranking: Intent = (sentence, ctx) => (sentence.test(/^(?:why|how come|explain)\b/) ? undefined : rankingRules(sentence, ctx));

const rankingRules = byRules([
  [
    new RegExp(
      String.raw`\b(?:who|whom|which (?:one|ones|leads?|company|companies|prospects?|accounts?)|what (?:leads?|prospects?|companies|accounts?)) (?:should|do|would|can|shall|must|to|am|might|could|ought|deserves?)\b.{0,40}?\b${rankWords}\b|\b(?:who|what|which).{0,20}\b(?:next|first)\b.{0,12}\b(?:call|ring|phone)\b|^(?:who|whom) (?:to|do i|should i|next|first)(?: ${rankWords})?(?: next| first| today| now)*$|^who is (?:next|first|up|on top|at the top|hot|hottest|up next|the best|my best|worth)\b.*$|^(?:who|what) (?:is|are) (?:my |the |our )?(?:best|hottest|top|strongest) (?:bets?|shots?|chances?|opportunit(?:y|ies)|call|target|targets|calls|one|ones|thing)\b.*$`,
      'd',
    ),
    (_found, _ctx, sentence) => (sentence.test(/\b(?:not|never|called yet|owns?|assigned)\b/) && !sentence.test(/\bshould\b/) ? undefined : topOf(sentence, 0.96)),
  ],
  [/\b(?:call list|hit ?list|calling list|priority list|short ?list|target list|to call list|action list|ranking|rankings|leader ?board|priorities|prioritize(?:d)?|where (?:should|do|shall|would|can) (?:i|we) (?:start|begin|focus)|(?:what|where) should (?:i|we) (?:focus|start|begin|concentrate)\b.*|who is hot|rank (?:my|the|our|all)?(?: \S+){0,3} ?(?:leads|prospects|list)|best (?:to|for) (?:call|ring|phone|contact)|(?:which|what) (?:leads|companies|prospects|ones|accounts)(?: \S+)? (?:are|look|seem) (?:the )?(?:most promising|best|hottest|strongest|hot|most likely|likeliest)|number one (?:lead|prospect|target)|what should (?:i|we) (?:be )?work(?:ing)? on|(?:best|right|top) (?:people|ones|leads|companies|prospects|contractors)(?: \S+){0,2} to (?:call|ring|phone|contact|visit|target)|worth (?:calling|ringing|phoning|a call|a look)|(?:someone|somebody|people|leads?|companies|prospects|a lead|names) (?:for me )?to (?:call|ring|phone|dial|contact|chase|work on|visit))\b/d, (_found, _ctx, sentence) => topOf(sentence, 0.96)],
  [
    new RegExp(String.raw`\b(?:top|best|hottest|strongest|highest(?:[ -](?:scoring|scored|ranked|rated|priority))?|most promising|hot|promising|greatest|juiciest|warmest|priority)(?: (?:${numberWord}|\d+))?(?: (?:my|our|the|of|open|unassigned))*(?: (?:platinum|gold|silver|bronze|tier))*(?: [a-z]+){0,2}? ?(?:leads?|prospects?|companies|accounts?|ones?|company|opportunit(?:y|ies)|targets?|business(?:es)?|contractors?|dealers?|bets?)\b|^(?:show |give |list |get |tell )*(?:me )?(?:my |the |our )*(?:top|best) ?(?:\d+|${numberWord})?$|^(?:\d+|${numberWord}) (?:best|hottest|top)\b.*$|\b(?:best|top) (?:\d+|${numberWord})\b`, 'd'),
    (_found, _ctx, sentence) => (sentence.test(/\bhighest[ -]?scor|\bby (?:score|name)\b|sorted/) ? undefined : topOf(sentence, 0.96)),
  ],
]);

const topOf = (sentence: Sentence, confidence: number): Reading | undefined => {
  const { input, leftover, states } = filtersOf(sentence);
  const trade = leftover.some(isTrade);
  const beyond = trade || input.city || input.status?.some((status) => status !== 'new') || input.minScore !== undefined || input.maxScore !== undefined || input.has || input.missing || input.notContactedDays !== undefined || input.addedWithinDays !== undefined || (input.tier && input.tier.length > 1) || states.length > 1;
  // The ranking knows state, tier and owner; anything else is a search by score.
  if (beyond || (input.owner && !['me', 'all'].includes(input.owner))) return undefined;
  const owner = sentence.test(/\b(?:everyone|everybody|all reps|whole team|the team|anyone|company wide|overall|all owners|regardless of owner)\b/) ? 'all' : sentence.test(/\bmy (?:own )?(?:\S+ ){0,3}(?:leads?|prospects?|accounts?|companies)\b|\bi own\b|\bmine\b|assigned to me/) && input.owner === 'me' ? 'me' : undefined;
  const single = sentence.test(/\b(?:best|top|hottest|strongest|highest(?:[ -]\w+)?|most promising|next|number one|right) (?:(?:gold|silver|bronze|platinum) )?(?:lead|prospect|company|account|one|opportunity|target|bet)\b|\bwho is (?:next|first|number one)\b|\bwhich (?:one|lead|company) should\b/) && !sentence.test(/\b(?:leads|prospects|companies)\b/);
  const number = new RegExp(String.raw`\b(?:top|best|first|hottest|next|strongest) (\d{1,3}|${numberWord})\b|\b(\d{1,2}|three|four|five|six|seven|eight|nine|ten|twenty) (?:\S+ ){0,3}(?:leads|prospects|companies|people|accounts|calls|names)\b|\b(?:give|show|get|list)(?: me)? (\d{1,2}|three|four|five|ten)\b|^(\d{1,2}|three|five|ten) (?:best|top|hottest)\b`).exec(sentence.words);
  const said = number?.[1] ?? number?.[2] ?? number?.[3] ?? number?.[4];
  const count = said ? Math.min(20, Math.max(1, numberOf(said))) : single ? 1 : undefined;
  return calls('top_leads', { count: Number.isFinite(count) ? count : undefined, owner, state: input.state, tier: input.tier?.[0] }, confidence);
};

/** A score's lead without the words of asking that a loose pattern took along. */
const explained = (raw: string, ctx: Context, confidence: number): Reading | undefined =>
  aboutLead(raw.replace(/^(?:(?:the |a )?(?:reason(?:s|ing)?|logic|math|thinking|story) (?:for|behind|of|why)|where (?:does|did|do|is)|(?:you|we|it|they) (?:get|calculate|compute|come up with|arrive at|work out|rank|rate|score)|should (?:i|we) (?:call|ring|contact|pick|choose|start with|bother with|care about)|(?:to )?(?:call|ring|contact|pick)|do you (?:rank|rate|score|recommend|suggest)|(?:is|are|was|does|did)) (?=\S)/i, ''), ctx, 'explain_score', {}, confidence);

/** "Why is X gold": where a score comes from. */
const scoring = byRules([
  [/^why(?: (?:is|are|was|were|did|does|do|should|would|has|have|so))?(?: (?:it|that|this|him|them|they|the first(?: one)?|this one|that one|first|ranked|number one|on top|at the top|top|so high|so low|high|low|there|at all|gold|silver|bronze|platinum|i|we|call|should|ranked first|in first place|is|the|top one|lead|one|first lead|come out))*$/d, (_found, ctx, sentence) => {
    if (sentence.test(/\b(?:top|first|best)\b|\bnumber one\b/) && ctx.leads.length === 0 && !ctx.lead) return { kind: 'calls', confidence: 0.9, calls: [{ tool: 'top_leads', input: { count: 1 } }], next: ([top]) => firstLead(top) };
    const position = /\b(?:the )?(first|second|third|fourth|fifth|last)\b(?! place)/.exec(sentence.words.replace(/ranked first/, ''))?.[1];
    const target = ctx.lead && !position ? ctx.lead : position ? ctx.leads.at(positionOf(position) === -1 ? -1 : (positionOf(position) ?? 1) - 1) : (ctx.leads[0] ?? ctx.lead);
    return target ? calls('explain_score', { lead: target.id }, 0.93) : aboutLead('', ctx, 'explain_score', {}, 0.75);
  }],
  [/^(?:and )?(?:why|how come|explain)(?: is| was| are| did| does)? (?<lead>(?:the )?(?:first|second|third|fourth|fifth|last|#\d{1,2}|number \d{1,2})(?: (?:one|lead|company))?)(?: .*)?$/d, (found, ctx) => (ctx.leads.length > 0 ? explained(found.raw('lead'), ctx, 0.94) : undefined)],
  [/^(?:(?:and )?(?:why|how come)(?: is| are| was| does| do| did| should i (?:call|ring|contact)| call| ring| should we call)?|how (?:is|was|did|does|do)|what makes|explain (?:to me )?(?:why|how)(?: is| does| did)?|tell me why(?: is)?|what is the reason|reason) (?<lead>.+?)(?: (?:is|are|was|has|have|get|got|gets|make|made|do|end up|come out|earn|being))*(?: (?:ranked|rated|scored|ranking|score|scoring|so|such an?|only|a|an|the|in|at|on|as|to|first|1st|second|third|last|number|no|#?\d{1,3}(?:\.\d+)?|one|top|of|list|high|higher|highest|low|lower|good|bad|great|hot|gold|silver|bronze|platinum|tier|lead|up|there|its|their|it|them|'s|that|this|best|priority|worth|calling|not|and|place|spot|score|rank|before|the others|today|important|interesting|calculated|computed|worked out|come about|high up|come up with|attractive))+$/d, (found, ctx) => explained(found.raw('lead'), ctx, 0.92)],
  [/^(?:(?:can|could) you )?(?:explain|break down|breakdown|justify|show|give|tell|what is|what are|what|get|show me|give me|tell me|see|check|how is|walk me through|details? (?:on|of)|look up|go through|how)(?: me)?(?: (?:about|the|is|us|a|breakdown|of|details|icp|lead|current|for|through|behind|reasons?))*(?: (?:scores?|scoring|rating|ranking|rank|points|tier|grade))(?: (?:breakdown|details|calculation|explanation|reasons?|factors))? (?:of|for|on|from|behind|does|has|is|did|do) (?<lead>(?!\d{1,3} ?(?:or|and|plus|\+|to|-|$)|above\b|over\b|below\b|under\b|at least\b|more than\b|less than\b).+?)(?: (?:have|has|get|got|in|made up|calculated|at|explained|made of|based on))*$/d, (found, ctx) => explained(found.raw('lead'), ctx, 0.93)],
  [/^(?:what is|what are|explain|show(?: me)?|tell me|give me|check|get|how is|break down|and)? ?(?:about )?(?<lead>.+?) 's? ?(?:icp |lead )?(?:scores?|rating|ranking|rank|points|tier|grade|scoring)(?: (?:breakdown|explained|explanation|details|made up|calculated|please|made of|based on|come from|comes from|today|again|like))*$/d, (found, ctx) => explained(found.raw('lead'), ctx, 0.92)],
  [/^(?:scores?|rating|rank|score breakdown|tier|grade) (?:of|for|on) (?<lead>(?!\d{1,3} ?(?:or|and|plus|\+|to|-|$)|above\b|over\b|below\b|under\b|at least\b|more than\b).+)$/d, (found, ctx) => explained(found.raw('lead'), ctx, 0.92)],
  [/^(?:score|explain|rate|justify|break down|why) (?<lead>(?!(?:not|no|above|over|higher|lower|below|under|between|more|less|at least|better|of|is|are)\b|[<>\d]|the number|how\b|what\b|yourself|this to|leads\b|all\b|my\b).+?)(?: (?:score|scores|rating|ranking|to me|please|score breakdown))?$/d, (found, ctx, sentence) => (sentence.test(/\bleads\b/) ? undefined : explained(found.raw('lead'), ctx, 0.78))],
  [/^(?:what|how) (?:would|could|can|do|does|will|should|needs to|is needed to|is missing)(?: (?:we|i|it|take|do|to|make|get|happen|change))* ?(?:raise|lift|improve|increase|boost|get|make|move|bring|push|for|upgrade) (?<lead>.+?)(?: (?:'s|score|to|up|into|reach|become|be|a|an|higher|better|platinum|gold|silver|tier|rating|the|next))+$/d, (found, ctx) => explained(found.raw('lead'), ctx, 0.9)],
  [/^(?:what|how) (?:would|could|can|do|does|will|should)(?: (?:we|i|it|you))? ?(?:raise|lift|improve|increase|boost|bump|push up) (?:the )?(?:score|tier|rating|ranking|rank) (?:of|for) (?<lead>.+)$/d, (found, ctx) => explained(found.raw('lead'), ctx, 0.92)],
  [/^should (?:i|we) (?:call|ring|contact|phone|visit|chase|bother with|prioritize|go after|pursue) (?<lead>.+?)(?: (?:first|next|today|now|again))*$/d, (found, ctx) => explained(found.raw('lead'), ctx, 0.84)],
  [/^(?:what|which)(?: is| are)?(?: (?:score|scores|tier|rank|rating|grade|points|number))+ (?:is|does|has|did|do|are|was) (?<lead>.+?)(?: (?:in|have|has|got|get|at|on|rank|ranked|scored))*$/d, (found, ctx) => explained(found.raw('lead'), ctx, 0.92)],
  [/^(?:how|what)(?: (?:good|high|hot|strong|promising|well|is the fit|attractive|warm|interesting))+(?: of| a lead| a fit)? (?:is|are|does|do|did) (?<lead>.+?)(?: (?:score|scored|rank|scoring|rated|as a lead|for us|as a prospect|do|fit))*$/d, (found, ctx) => explained(found.raw('lead'), ctx, 0.88)],
  [/^(?:is|are) (?<lead>.+?) (?:a |an |any |in the |in |worth )*(?:good(?: lead| fit| prospect| one)?|gold|silver|platinum|bronze|hot|high scoring|calling|worth (?:it|calling|a call)|fit|hot lead|well rated|our type)(?: tier| lead| for us| fit)*$/d, (found, ctx) => (found.words('lead').match(/^(?:there|these|those|any|anyone|anybody|someone|we)\b/) ? undefined : explained(found.raw('lead'), ctx, 0.86))],
]);

const firstLead = (result: unknown): { tool: string; input: Record<string, unknown> }[] => {
  const leads = (result as { leads?: { id?: unknown }[] } | undefined)?.leads;
  const id = leads?.[0]?.id;
  return typeof id === 'string' ? [{ tool: 'explain_score', input: { lead: id } }] : [];
};

const fields: [string, Aspect][] = [
  [String.raw`(?:(?:phone|telephone|cell|mobile|contact|office|direct) ?(?:phone )?(?:numbers?|line|no)?|phones?|numbers?|digits|phone numbers?)`, 'phone'],
  [String.raw`(?:(?:email|mail|contact)(?: address(?:es)?| id)|emails?)`, 'email'],
  [String.raw`(?:web ?sites?|web ?page|url|home ?page|domain|web address|site)`, 'website'],
  [String.raw`(?:owner|rep|account (?:owner|manager)|sales rep|account rep|assignee|salesperson)`, 'owner'],
  [String.raw`(?:(?:current |lead |pipeline )?(?:status|stage|state of play))`, 'status'],
  [String.raw`(?:(?:street |mailing |full |office |postal )?address|location|whereabouts|zip(?: code)?|city|state|hq|headquarters|home town)`, 'address'],
  [String.raw`(?:notes?|history|activit(?:y|ies)|(?:call|contact|activity) (?:history|logs?|notes?)|timeline|past calls|last (?:note|call|activity|conversation|meeting|email)|logs?|interactions?|conversations?|calls)`, 'notes'],
  [String.raw`(?:deals?|opportunit(?:y|ies))`, 'deals'],
  [String.raw`(?:contacts?|contact (?:person|people|persons|name|names|info|information|details)|people|decision maker|point of contact|key contacts?)`, 'contacts'],
  [String.raw`(?:industry|sector|trade|line of business)`, 'industry'],
  [String.raw`(?:size|head ?count|employees?|employee count|staff|number of employees|team size)`, 'employees'],
];

const anyField = fields.map(([words]) => words).join('|');

const fieldRules: Rule[] = fields.flatMap(([words, aspect]): Rule[] => [
  [new RegExp(String.raw`^(?:what (?:is|are|was|were)|whats|show|tell|give|get|find|need|want|i need|i want|do (?:we|you|i) (?:have|know)|have (?:we|you) got|got|look up|pull up|see|check|who is|where is|which is|read|any|hey|list|display|is there|are there|anything in|and)?(?: (?:me|us|for|up|out|a|an|any|to see|to know|to me|know|have|there|is|their|on file))*(?: ?the| ?all| ?all the| any| a| an| best| right| current| our| latest| recent| my| full)* ?${words} (?:of|for|on|at|with|from|about|to|in|to call|to reach|do we have (?:for|on|at)|we have (?:for|on|at)|does|has) (?<lead>.+?)(?: (?:have|has|on file|again|is|in|please|at|got))*$`, 'd'), (found, ctx, sentence) => (listLike(sentence, found.words('lead')) ? undefined : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.9, { aspect }))],
  [new RegExp(String.raw`^(?:what (?:is|are|was|were)|who is|where is|show|tell|give|get|find|need|want|i need|i want|do (?:we|you|i) (?:have|know)|have (?:we|you) got|got|look up|pull up|see|check|and|is there|list)?(?: (?:me|us|about|for|up|the|to see|to know|what is|what))* ?(?<lead>.+?) 's (?:current |latest |recent |last |full |main |own )?${words}(?: (?:again|is|please|now|number|look like|so far|on file))*$`, 'd'), (found, ctx) => aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.9, { aspect })],
  [new RegExp(String.raw`^(?:need|get|want|i need|i want|send|give|tell|whats|what is|find|show)(?: (?:me|us|the))* (?<lead>(?!my\b|all\b|every\b|leads\b|a\b|an\b|some\b|any\b|their$).+?) ${words}$`, 'd'), (found, ctx, sentence) => (listLike(sentence, sentence.words) || sentence.test(/\b(?:without|with|no|missing)\b/) ? undefined : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.78, { aspect }))],
  [new RegExp(String.raw`^(?<lead>(?!no\b|my\b|show\b|with|without|change|update|add|set|new\b|log\b|put\b|find\b|list\b|all\b|missing\b|how\b|who\b|leads\b|remind|sort\b|give\b|by\b|what\b|i\b|we\b|do\b|write\b|the\b$|need\b|want\b|get\b).+?) ${words}(?: (?:please|again|now))?$`, 'd'), (found, ctx, sentence) => (listLike(sentence, sentence.words) || sentence.test(/\b(?:mark|assign|remind|note|call|log|spoke)\b/) || /^(?:name|sort|best|top)/.test(found.words('lead')) ? undefined : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, aspect === 'contacts' || aspect === 'employees' || aspect === 'notes' || aspect === 'deals' ? 0.55 : 0.76, { aspect }))],
]);

/** Every word capitalised, and more than one: a name rather than a description. */
const properName = /^(?:[A-Z0-9&][\w&'./-]*[ ,]+)+[A-Z0-9&][\w&'./-]*$/;

const listLike = (_sentence: Sentence, words: string): boolean => /\b(?:leads|prospects|companies|accounts|ones|contractors|electricians|plumbers|how many)\b/.test(words) || /^(?:my|each|every|everyone|the team|today|tomorrow)\b|^all(?:$| (?:my|the|our|of|leads|them|those))/.test(words);

/** One record: everything, or the field that was asked for. */
const record = byRules([
  [/^(?:tell me more|more (?:info|information|details)|(?:full |all |the )*details|what else|more about (?:it|them|that)|show (?:me )?(?:it|that|them))$/d, (_found, ctx) => (ctx.lead ? aboutLead('it', ctx, 'get_lead', {}, 0.9) : undefined)],
  [/^(?:who|whose|which|what|find|search|look|lookup|show|lead|company|the lead|the company|pull|get|any)\b.*$/d, (_found, _ctx, sentence) => {
    const contact = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}|\+?\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}\b/.exec(sentence.source)?.[0];
    return contact && sentence.tokens.length <= 10 ? calls('get_lead', { lead: contact }, 0.93) : undefined;
  }],
  [/^who (?:do|should|can|would|could|must) (?:i|we) (?:talk to|speak to|speak with|talk with|ask for|contact|call|reach|deal with|see|email) (?:at|over at) (?<lead>.+)$|^who works (?:at|for) (?<lead2>.+)$|^who (?:is|are) (?:the |our |my )?(?:contacts?|contact person|people|decision makers?|main contact|point of contact|boss|manager|person to (?:call|talk to)) (?:at|for|of|from|in|with) (?<lead3>.+)$/d, (found, ctx) => aboutLead(found.raw('lead') || found.raw('lead2') || found.raw('lead3'), ctx, 'get_lead', {}, 0.97, { aspect: 'contacts' })],
  [/^(?:what|which) (?<field>city|state|town|industry|sector|trade|business) (?:is|are|does) (?<lead>.+?)(?: (?:in|from|based in|located in|do|work in|operate in))*$/d, (found, ctx) => aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.9, { aspect: /city|state|town/.test(found.words('field')) ? 'address' : 'industry' })],
  [/^(?:is|are) (?<lead>.+?) (?:already )?(?:assigned|owned|taken|claimed|given)(?: (?:to|by) (?:anyone|anybody|somebody|someone|me|us))?(?: (?:yet|already))*$/d, (found, ctx) => (/^(?:there|any)\b/.test(found.words('lead')) ? undefined : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.9, { aspect: 'owner' }))],
  [/^how long (?:has it been |is it |ago )?(?:since|did) (?:we|i|anyone|someone) (?:have |has )?(?:last )?(?:contacted|called|talked to|talked with|spoke to|spoke with|spoken to|spoken with|talk to|call|contact|heard from|reached|reached out to|emailed) (?<lead>.+)$/d, (found, ctx) => aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.9, { aspect: 'lastContact' })],
  [/^when (?:did|was|were) (?:we |i |it )?(?:add|added|create|created|import|imported|get|find|enter) (?<lead>.+)$/d, (found, ctx, sentence) => (listLike(sentence, found.words('lead')) ? undefined : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.93))],
  [/^what (?:did|does|do|has|have) (?<lead>.+?) (?:say|said|tell us|told us|want|wants|ask for|asked for|need|mention|reply|replied)(?: (?:last time|last|about it|again))*$/d, (found, ctx) => (/^(?:i|we|you|it|my)\b/.test(found.words('lead')) ? undefined : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.86, { aspect: 'notes' }))],
  [/^(?:who|whom|which rep|what rep)(?: \S+)?? (?:owns|has|is on|is working(?: on)?|works(?: on)?|looks after|is looking after|handles|is handling|is responsible for|is in charge of|takes care of|manages|is the (?:owner|rep) (?:of|for|on)|is assigned to|is dealing with|covers|got|is running|has got|is the account (?:manager|owner) (?:of|for|at)) (?<lead>.+)$/d, (found, ctx, sentence) => (listLike(sentence, found.words('lead')) ? undefined : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.93, { aspect: 'owner' }))],
  [/^(?:who|whom) (?:is|are|does|do|did) (?<lead>.+?) (?:assigned to|owned by|belong to|with|handled by|belong with)$|^whose (?:lead|account|company|prospect)? ?(?:is|are) (?<lead2>.+)$/d, (found, ctx) => aboutLead(found.raw('lead') || found.raw('lead2'), ctx, 'get_lead', {}, 0.92, { aspect: 'owner' })],
  [/^(?:is|are|does|do|has) (?:anyone|anybody|somebody|someone|any rep) (?:own|owns|owning|have|has|on|working on|working|assigned to|handling|got|looking after|called|contacted|talked to|spoken (?:to|with)|reached out to) (?<lead>.+?)(?: (?:yet|already|lately|recently|today|before))*$/d, (found, ctx, sentence) => aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.9, { aspect: sentence.test(/called|contacted|talked|spoken|reached/) ? 'lastContact' : 'owner' })],
  [/^(?:when|how long ago) (?:did|was|were|have|has)(?: (?:we|i|you|anyone|someone|somebody|the last time|was|it|last|that|ever))*(?: (?:last|most recently))*(?: (?:contact(?:ed)?|call(?:ed)?|talk(?:ed)?(?: (?:to|with))?|sp(?:eak|oke|oken)(?: (?:to|with))?|touch(?:ed)?|reach(?:ed)?(?: out to)?|email(?:ed)?|me(?:e)?t(?: with)?|hear(?:d)? from|in touch with|we|i|ring|rang|phone(?:d)?|text(?:ed)?|had contact with|contact with))+ (?<lead>.+?)(?: last| contacted| called)*$/d, (found, ctx) => aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.92, { aspect: 'lastContact' })],
  [/^(?:when was|what was|what is) (?:the )?(?:last|latest|most recent) (?:contact|call|touch|time|activity|conversation|email|meeting|time we (?:called|spoke to|talked to|contacted|spoke with)) ?(?:with|to|of|on|for|at)? (?<lead>.+)$/d, (found, ctx) => aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.91, { aspect: 'lastContact' })],
  [/^when (?:was|were) (?<lead>.+?) last (?:contacted|called|touched|spoken to|reached|emailed)$/d, (found, ctx) => aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.92, { aspect: 'lastContact' })],
  [/^(?:have|has|did) (?:we|i|you|anyone|anybody|someone) (?:ever |already |yet )?(?:called|call|contacted|contact|spoken (?:to|with)|talked (?:to|with)|speak (?:to|with)|talk (?:to|with)|reached(?: out to)?|reach(?: out to)?|emailed|email|met(?: with)?) (?<lead>.+?)(?: (?:yet|already|before|lately|recently|today|this week|this month|ever))*$/d, (found, ctx, sentence) => (listLike(sentence, found.words('lead')) ? undefined : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.9, { aspect: 'lastContact' }))],
  [/^(?:is|has|was|are|were) (?<lead>.+?) (?:already |been |still |a |an |yet |in |marked |ever )*(?:contacted|qualified|disqualified|won|lost|nurture|nurtured|new|nurturing|a customer|customer|called|open|assigned|owned|taken)(?: yet| already| stage| lead| before)*$/d, (found, ctx) => (/^(?:there|any|it true)\b/.test(found.words('lead')) ? undefined : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.86, { aspect: 'status' }))],
  [/^(?:what|which) (?:status|stage) (?:is|are|does|has|do) (?<lead>.+?)(?: (?:in|at|have|has|on|now))*$/d, (found, ctx) => aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.92, { aspect: 'status' })],
  [/^(?:where|in (?:what|which) (?:city|state|town)) (?:is|are|do|does) (?<lead>.+?)(?: (?:based|located|at|from|sit|live|operate|again|in|headquartered))*$/d, (found, ctx, sentence) => (listLike(sentence, found.words('lead')) || /^(?:i|we|you|my|the (?:help|button))\b/.test(found.words('lead')) ? undefined : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.86, { aspect: 'address' }))],
  [/^(?:where (?:do|are) we(?: stand)?|where do things stand|what is (?:the (?:story|deal|status|situation|latest|update|word|scoop|news)|up|happening|going on|new)|how (?:are|is) (?:things|it|we)(?: going| doing)?|anything new|any (?:news|updates?)|how far are we) (?:with|on|about|at|for|from) (?<lead>.+)$/d, (found, ctx) => aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.86, { aspect: 'status' })],
  [/^(?:how (?:do|can|could) (?:i|we) (?:reach|contact|call|get (?:hold of|in touch with|through to)|phone|ring)|what (?:number|phone number) (?:do|can|should) (?:i|we) (?:call|ring|dial|use|reach)(?: (?:for|to reach|to call|at))?|which number (?:is|do i use) for) (?<lead>.+?)(?: (?:at|on|by phone))?$/d, (found, ctx) => aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.9, { aspect: 'phone' })],
  [/^how (?:do|can|could) (?:i|we) email (?<lead>.+)$/d, (found, ctx) => aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.88, { aspect: 'email' })],
  [/^how (?:big|large|many (?:people|employees|staff)(?: work)?) (?:is|are|does|do|has|at|work at|work for) (?<lead>.+?)(?: (?:have|has|employ|got))*$/d, (found, ctx) => (/^(?:we|i|our|the (?:list|database))\b/.test(found.words('lead')) ? undefined : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.87, { aspect: 'employees' }))],
  [/^(?:do|does|has|did) (?<lead>.+?) (?:have|has|got) (?:a |an |any |the )*(?<field>phone(?: number)?|email(?: address)?|web ?site|owner|address|notes?|deals?|contacts?|number)(?: on file)?$/d, (found, ctx) => (/^(?:we|i|you|any|which)\b/.test(found.words('lead')) ? undefined : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.88, { aspect: aspectOf(found.words('field')) }))],
  [/^(?:last|latest|most recent|previous) (?:contact|call|touch|conversation|meeting|email|activity|time we (?:spoke|talked|called|met|contacted))(?: (?:with|to|of|on|for|at))* (?<lead>.+)$/d, (found, ctx) => aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.9, { aspect: 'lastContact' })],
  [/^what (?:has |have |did )?(?:happened|happen|been happening|been going on|been said|we (?:do|say|discuss|talk about|send))(?: (?:with|to|at|on|for|about|last time with|so far with|between us and))+ (?<lead>.+?)(?: (?:so far|lately|recently|last time))*$/d, (found, ctx) => (/^(?:today|yesterday|the|this|my|me)\b/.test(found.words('lead')) ? undefined : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.9, { aspect: 'notes' }))],
  [/^(?:what|which|any|how many|are there any) (?<field>deals?|contacts?|people|notes?|opportunit(?:y|ies)|calls|activities|phone numbers?|emails?|email address(?:es)?)(?: (?:does|do|did|is|are|we|i|have|has|there|at|for|on|with))+ (?<lead>.+?)(?: (?:have|has|got|on file))*$/d, (found, ctx, sentence) => (listLike(sentence, found.words('lead')) ? undefined : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.88, { aspect: aspectOf(found.words('field')) }))],
  [/^(?:got|have|do (?:we|you|i) have|is there|have (?:we|you|i) got|seen|know|do you know)(?: (?:anything|something|any info|any information|info|information|details|any details|any data|data|stuff|a file|a record|any background))(?: (?:about|on|for|regarding))+ (?<lead>.+)$/d, (found, ctx, sentence) => (listLike(sentence, found.words('lead')) ? undefined : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.88))],
  [/^(?<lead>(?!show\b|give\b|get\b|my\b|the\b|more\b|all\b|contact\b|need\b|want\b|note\b|log\b).+?) (?:details?|info|information|profile|record|full details|contact info|contact details|rundown)$/d, (found, ctx, sentence) => (listLike(sentence, found.words('lead')) ? undefined : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.8))],
  [new RegExp(String.raw`^(?:what (?:is|are)|show|tell|give|get|i need|need|send)?(?: (?:me|us))?(?: the)? ?(?<lead>.+?) 's (?:${anyField})(?:,| and| &|)+ (?:the |their )?(?:${anyField})$|^(?:what (?:is|are)|show|tell|give|get|i need|need|send)?(?: (?:me|us))? ?(?:the )?(?:${anyField}) (?:and|&) (?:the )?(?:${anyField}) (?:of|for|at|on) (?<lead2>.+)$`, 'd'), (found, ctx, sentence) => (listLike(sentence, found.words('lead')) ? undefined : aboutLead(found.raw('lead') || found.raw('lead2'), ctx, 'get_lead', {}, 0.92))],
  ...fieldRules,
  [/^(?:what|anything|everything|what all|what else|what exactly) (?:do|does|is|have|did|can)? ?(?:we|you|i|there)? ?(?:know|have|got|tell me|have got|say|can you tell me|tell|find)? ?(?:about|on|for|regarding) (?<lead>.+?)(?: (?:so far|on file|again))*$/d, (found, ctx, sentence) => (listLike(sentence, found.words('lead')) || /^(?:the )?(?:leads|weather|my (?:plate|list|schedule|agenda))|^(?:me|today|tomorrow|you|my|this week|the (?:agenda|schedule|list|plate|menu))\b/.test(found.words('lead')) || (sentence.test(/^what about/) && !companyWords.test(found.raw('lead'))) ? undefined : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, sentence.test(/^what about/) ? 0.62 : 0.89))],
  [/^(?:tell|give|brief|fill|update|catch|show|get|pull|bring|send|read)(?: (?:me|us))?(?: (?:up|in|out))?(?: (?:an|update|updates|status update|briefing|more|everything|all|anything|something|the|a|some|details|detail|info|information|rundown|low ?down|background|data|facts|full|picture|whole|story|low down|profile|record|card|file|you have|you know|we have|we know|there is|quick|scoop|on))*(?: (?:about|on|for|of|regarding)) (?<lead>.+)$/d, (found, ctx, sentence) => (listLike(sentence, found.words('lead')) || /^(?:you|yourself|me)$/.test(found.words('lead')) ? undefined : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.88))],
  [/^(?:details?|info|information|more(?: info| details| information)?|profile|record|background|facts|data|everything|card|file|the details|all the details|all info|intel|full record) (?:about|on|for|of) (?<lead>.+)$/d, (found, ctx, sentence) => (listLike(sentence, found.words('lead')) ? undefined : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.88))],
  [/^(?:who|what) (?:is|are) (?<lead>.+?)(?: again| about)?$/d, (found, ctx, sentence) => (listLike(sentence, found.words('lead')) || /^(?:my|the (?:best|top|plan|difference|point)|you|your|next|on|in|this|up|due|a|an|it all|new|there|waiting|going|happening|left|overdue|left to)\b|^\d+ ?[-+*x/^]/.test(found.words('lead')) ? undefined : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, /[A-Z0-9&]/.test(found.raw('lead').slice(0, 1)) || companyWords.test(found.raw('lead')) ? 0.76 : 0.56))],
  [/^(?:look up|look at|have a look at|take a look at|lookup|pull up|bring up|open up|open|call up|view|see|display|go to|check|check on|get|fetch|read|inspect|load|pull|show(?: me)?|give me|let me see|can i see|take me to|lets see|zoom in on|expand|drill into|select|pick)(?: (?:the |a |that |this )?(?:record|details?|info|profile|card|file|page|lead|company|account|data|entry)(?: (?:of|for|on|called|named|about))?)? (?<lead>.+?)(?: (?:details?|info|information|record|profile|card|file|data|page|full details|in detail))*$/d, (found, ctx, sentence) => {
    const words = found.words('lead');
    const { input, plural, leftover } = filtersOf(found.raw('lead') === '' ? sentence : sentence);
    if (plural || (leftover.length === 0 && positionOf(words) === undefined && !/\b(?:it|them|that|this|they|their|one|lead)\b/.test(words))) return undefined;
    if (/^(?:my|all|every|only|just|some|any|which|how|what|the (?:next|rest|best|top)|next|more|for)\b/.test(words) && positionOf(words) === undefined) return undefined;
    const slots = Object.keys(input).filter((key) => key !== 'query').length;
    return aboutLead(found.raw('lead'), ctx, 'get_lead', {}, slots > 0 && !/^".*"$/.test(words) && !properName.test(found.raw('lead')) ? 0.66 : 0.8);
  }],
]);

const aspectOf = (words: string): Aspect => (/phone|number/.test(words) ? 'phone' : /email/.test(words) ? 'email' : /site/.test(words) ? 'website' : /owner/.test(words) ? 'owner' : /address/.test(words) ? 'address' : /note/.test(words) ? 'notes' : /deal/.test(words) ? 'deals' : 'contacts');

/** Lists and counts. */
const search: Intent = (sentence, ctx) => {
  if (sentence.test(/^(?:remind|log|note|assign|delete|remove|create|add|mark|set|change|update|task|todo|undo)\b/)) return undefined;
  if (sentence.test(/\bhow many\b.*\b(?:per|by|in each|for each|each) (?:tier|status)\b|\b(?:breakdown|split|distribution|broken down|count|counts|numbers?|leads)\b.*\b(?:by|per|across|for each|in each) (?:the )?tiers?\b|\btier (?:breakdown|split|distribution|counts?)\b|\bhow many (?:\w+ ){0,4}(?:of each|in each|in every) tier\b|\btiers? .{0,20}\bhow many\b/)) {
    if (sentence.test(/\b(?:per|by|each) status\b/)) return undefined;
    const { input } = filtersOf(sentence);
    const scope = { state: input.state, owner: input.owner };
    return { kind: 'calls', confidence: 0.92, aspect: 'tiers', calls: ['PLATINUM', 'GOLD', 'SILVER', 'BRONZE'].map((tier) => ({ tool: 'search_leads', input: compact({ tier: [tier], ...scope, limit: 1 }) })) };
  }
  const compared = [...sentence.words.matchAll(/\b(platinum|gold|silver|bronze)s?\b/g)].map((found) => (found[1] ?? '').toUpperCase());
  if (compared.length > 1 && sentence.test(/\b(?:vs|versus|compared (?:to|with)|or more)\b/)) return { kind: 'calls', confidence: 0.9, aspect: 'tiers', calls: compared.map((tier) => ({ tool: 'search_leads', input: compact({ tier: [tier], state: filtersOf(sentence).input.state, limit: 1 }) })) };
  if (sentence.test(/^(?:what|which|list|show)(?: (?:all|the|me|of))* (?:states|cities|owners|industries|statuses|tiers)\b/)) return refuse('I cannot list what occurs in a column. You can ask, for example: "how many leads per tier" or "leads in Texas".', 0.85);
  if (sentence.test(/\b(?:lowest|worst|weakest|bottom|least promising|poorest)\b/) && sentence.test(/\b(?:leads?|prospects?|companies|score|scoring|scores|\d+)\b/)) return refuse('I can sort by score only from the top. You can ask, for example: "leads below 40" or "bronze leads".', 0.88);
  const grouped = sentence.match(/\b(?:how many|breakdown|split|distribution|count|number)\b.*\b(?:per|by|in each|for each|each|every) (?<by>state|status|city|owner|rep|industry|month|week|source)s?\b/d);
  if (grouped) return refuse(`I cannot count by ${grouped.words('by')} in one go. You can ask, for example: "how many leads per tier" or "how many leads in Texas".`, 0.9);
  const named = sentence.match(/^(?:find|search(?: for| up)?|look(?:ing)? for|locate|where is|do we have|is there|have we got)(?: (?:me|us|a|an|the|any|lead|company|leads|something|anything|anyone|companies|for|called|named|like|record))*? (?<name>.+?)(?: (?:in|on) (?:the|our|my) (?:system|database|crm|list|books|pipeline|records))?$/d);
  const { input, states, plural, leftover } = filtersOf(sentence);
  if (named && !plural && !leftover.some(isTradeAgent) && positionOf(named.words('name')) === undefined) {
    const who = leadOf(named.raw('name'), ctx);
    const slots = Object.keys(input).filter((key) => !['query', 'sort', 'limit'].includes(key));
    if ('ref' in who && leftover.length > 0 && who.ref === who.name && (slots.length === 0 || /^["']/.test(named.raw('name')))) return calls('search_leads', { query: who.name }, 0.84);
  }
  const slots = Object.keys(input).filter((key) => key !== 'query' && key !== 'limit').length;
  const asks = asking.test(sentence.words) || openers.test(sentence.words);
  const free = leftover.filter((word) => !isTrade(word)).length;
  const agents = leftover.some(isTradeAgent);
  if (!plural && !agents && slots === 0 && !(asks && leftover.some(isTrade))) return undefined;
  if (sentence.test(/^(?:why|should|what if|when|where is)\b/)) return undefined;
  const bare = slots > 0 && free === 0 && !leftover.some(isTrade) ? 0.7 : 0;
  const confidence = Math.max(bare, 0.3 + (plural || agents ? 0.32 : 0) + (asks ? 0.2 : 0) + (slots > 0 ? 0.22 : 0) - free * 0.11 - (input.sort === 'score' && slots === 1 && !plural ? 0.15 : 0) + (sentence.test(/\b(?:matching|containing|named|called|in the name|including)\b/) ? 0.2 : 0));
  const counting: Aspect | undefined = sentence.test(/\b(?:how many|how much|count|number of|total)\b/) ? 'count' : undefined;
  const base = { ...input };
  const list = states.length > 1 ? states.map((state) => ({ ...base, state })) : [base];
  return { kind: 'calls', confidence: Math.min(0.95, confidence), aspect: counting, calls: list.map((one) => ({ tool: 'search_leads', input: compact(one) })) };
};

const isTradeAgent = (word: string): boolean => /^(?:electricians|plumbers|roofers|installers|builders|sparkies)$/i.test(word);

/** A company's name and nothing else. */
const bareName: Intent = (sentence, ctx) => {
  const raw = sentence.raw;
  if (sentence.tokens.length > 8) return undefined;
  if (positionOf(sentence.words) !== undefined || /^(?:the )?(?:one .+|.+ one)$/.test(sentence.words)) return ctx.leads.length > 0 ? aboutLead(raw, ctx, 'get_lead', {}, 0.8) : refuse('There is no list or question to pick from. You can ask, for example: "gold leads in Texas" or "show my tasks".', 0.8);
  if (filtersOf(sentence).plural) return undefined;
  if (sentence.tokens.length > 8 || raw.length > 90 || /^(?:add|register|create|found|new|got|we|i|put|set|mark|delete|remove|assign|log|note|remind|call|email|text|tell|let|have|is|are|do|does|did|why|what|how|when|who|where|update|change|send|write|make|bring|give|approve|cancel|stop|import|undo|the|my|our|sync|run|start|book)\b/.test(sentence.words)) return undefined;
  if (/^[\d\s()+.-]{7,}$/.test(raw) || /^\S+@\S+\.\S+$/.test(raw) || /^(?:https?:\/\/)?[\w-]+(?:\.[\w-]+)+(?:\/\S*)?$/.test(raw)) return calls('get_lead', { lead: raw.replace(/^https?:\/\/(?:www\.)?|(?<=\.\w{2,10})\/.*$/g, '') }, 0.75);
  if (sentence.tokens.length === 1 && sentence.tokens[0]?.quoted) return calls('get_lead', { lead: raw.replaceAll('"', '') }, 0.75);
  const proper = /^(?:[A-Z0-9&][\w&'./-]*[ ,]*){1,8}$/.test(raw);
  if (companyWords.test(raw) || proper) return aboutLead(raw, ctx, 'get_lead', {}, sentence.tokens.length > 1 && companyWords.test(raw) ? 0.66 : 0.6);
  return undefined;
};

export const looking: Intent[] = [ranking, scoring, record, search, bareName];

/** Whose tasks or leads are meant. */
export const personIn = (raw: string): string => personOf(raw);
