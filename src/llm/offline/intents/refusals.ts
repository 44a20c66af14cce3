import { namesIn } from '../names.ts';
import { calls, refuse } from '../reading.ts';
import { Sentence } from '../sentence.ts';
import { aboutLead, byRules, type Intent } from './intent.ts';

const can = (text: string, ...examples: string[]): string =>
  `${text} You can ask, for example: ${examples.map((example) => `"${example}"`).join(' or ')}.`;

/** What rules cannot do, said plainly, each with what is possible instead. */
export const beyondRules: Intent = byRules([
  [
    /^(?:(?:yes|ok|please) )?(?:approve|accept|confirm|reject|decline|deny|ignore|dismiss)(?: (?:it|that|this|them|all|the|both|everything|my|pending|first|second|last|one|proposal|proposals|request|requests|change|changes|approval|of them|of it|approvals|for me|#?\d+))*$/d,
    () =>
      refuse(
        'Approving is a person\'s press, not mine: use the buttons under the proposal. Say "what is waiting for me" to see the list.',
        0.96,
      ),
  ],
  [
    /\b(?:what|anything|who|which|show|list|how much|how many|recap|summary|see)\b.*\b(?:changed|changes|happened(?! (?:with|to|at|on)\b)|modified|edited|updated|did (?:i|we|you) do|did the team do|audit|change log|changelog)\b(?! to\b)(?: .{0,40})?$/d,
    () => refuse(can('I cannot list what changed over a period.', 'leads added today', 'show my tasks for today'), 0.86),
  ],
  [
    /^who (?:deleted|removed|marked|assigned|created|added|changed|updated|edited|moved|imported|renamed|logged)\b/d,
    () => refuse(can('I cannot look up who changed a record.', 'who owns Northwind', 'undo that'), 0.88),
  ],
  [
    /^(?:remind|ping|nudge|schedule|set|create|add)\b.*\b(?:every|each) (?:day|week|month|morning|evening|other|monday|tuesday|wednesday|thursday|friday|year|quarter|weekday)s?\b|^(?:remind|ping|nudge)\b.*\b(?:daily|weekly|monthly)$/d,
    () =>
      refuse(
        can('I cannot set repeating reminders, only single ones.', 'remind me to call Northwind on Monday', 'show my tasks'),
        0.97,
      ),
  ],
  [
    /^(?:write|draft|compose|prepare|generate|create|craft|type up|word|make|send|shoot|fire off|help me write)(?: (?:me|up|out|him|her|them|over))*(?: (?:a|an|the|some|another|short|quick|nice|cold|friendly|intro|introduction|introductory|first|follow|followup|up|sales|outreach|personal|personalized|thank|you|new))* (?:emails?|mails?|message|letter|pitch|script|proposal|quote|sequence|post|text message|sms|text|template|copy|linkedin message|invoice|contract|invitation|invite|reply|blurb|voicemail script|campaign|newsletter|blog|ad|tweet|poem|song|story|essay|haiku)\b(?! (?:to|on|for) (?:remind|follow))/d,
    (_found, _ctx, sentence) =>
      sentence.test(/^(?:send|shoot|fire off)\b/)
        ? refuse(
            can(
              'I cannot send messages from here.',
              'remind me to email Northwind tomorrow',
              'log an email to Northwind: sent the price list',
            ),
            0.93,
          )
        : refuse(
            can(
              'I cannot write free text: no language model is connected.',
              'tell me about Northwind',
              'remind me to email Northwind tomorrow',
            ),
            0.93,
          ),
  ],
  [
    /^(?:email|e-mail|text|message|sms|write to|write|dm) (?!address\b|for\b|of\b)\S+(?: \S+){0,8}$/d,
    (_found, _ctx, sentence) =>
      sentence.test(/\b(?:tomorrow|today|monday|tuesday|wednesday|thursday|friday|next week|remind|in \d+)\b/)
        ? undefined
        : refuse(
            can(
              'I cannot send messages from here.',
              'remind me to email Northwind tomorrow',
              'log an email to Northwind: sent the price list',
            ),
            0.74,
          ),
  ],
  [
    /^(?:call|ring|phone|dial) (?:\S+ ?){1,8} (?:for me|on my behalf|yourself)$/d,
    () =>
      refuse(can('I cannot place calls from here.', 'phone number of Northwind', 'remind me to call Northwind tomorrow'), 0.92),
  ],
  [
    // not "call them back tomorrow", which is a reminder, nor "called them", which is told
    /^(?:please )?(?:call|ring|phone|dial) (?!back\b|list\b|log\b|me\b|it\b a|off\b)(?<lead>\S+(?: \S+){0,4})$/d,
    (found, ctx, sentence) =>
      sentence.test(
        /\b(?:tomorrow|today|tonight|monday|tuesday|wednesday|thursday|friday|saturday|sunday|next|later|again|back|every|first|about|at|in|on|and|to|for|with|remind|list|lists|notes?|done|leads|everyone|all|history)\b|\d/,
      )
        ? undefined
        : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.72, { aspect: 'phone' }),
  ],
  [
    /\b(?:summarize|summarise|sum up|tl ?dr|paraphrase|translate|rewrite|rephrase|proofread|analyze|analyse|brainstorm|role ?play|predict|estimate)\b/d,
    () =>
      refuse(
        can(
          'I cannot put things in my own words: no language model is connected.',
          'tell me about Northwind',
          'why is Northwind gold',
        ),
        0.9,
      ),
  ],
  [
    /^(?:give me|show me|i need|i want|what is|get me)? ?(?:a |an |the |your )*(?:quick |short |brief )?(?:summary|overview|analysis|recap|opinion|insights?|report)\b/d,
    () =>
      refuse(
        can('I cannot write summaries or reports: no language model is connected.', 'top 5 leads', 'how many leads per tier'),
        0.82,
      ),
  ],
  [
    /\b(?:what do you think|your opinion|do you think|would you (?:recommend|advise|suggest)|what would you (?:do|recommend|say|suggest)|how (?:should|do|would|can) (?:i|we) (?:pitch|sell|approach|convince|close|open|handle|respond|price|negotiate|word|win)|what should (?:i|we) (?:say|tell|write|offer|charge|pitch)|objections?|any advice|advise me|give me advice|is it a good idea|pros and cons|sales tips|tips)\b/d,
    () =>
      refuse(
        can(
          'I have no opinions: no language model is connected, and I state only what is in the records.',
          'who should I call first',
          'explain the score of Northwind',
        ),
        0.91,
      ),
  ],
  [
    /\b(?:weather|temperature|rain|joke|jokes|funny|poem|sing|song|recipe|news|stock price|stocks?|bitcoin|football|soccer|baseball|score of the game|super bowl|world cup|president|capital of|meaning of life|horoscope|movie|movies|restaurant|lunch ideas|play music|what time is it|what is the time|exchange rate|math|calculate|who won|story)\b/d,
    (_found, _ctx, sentence) =>
      sentence.test(/\b(?:leads?|remind|note|log|call)\b/)
        ? undefined
        : refuse(
            can('That is outside what I can do; I work with your leads, tasks and notes.', 'top 5 leads', 'show my tasks'),
            0.84,
          ),
  ],
  [
    /\b(?:pipeline (?:health|velocity|forecast)|revenue|quota|win rate|conversion(?: rate)?|close rate|funnel|commission|deals? at risk|stuck deals|stalled deals|average score|churn|nps)\b/d,
    () => refuse(can('I have no tool for such figures here.', 'pipeline', 'deals closing this month'), 0.8),
  ],
  [
    /\b(?:percentages?|percent|what share|what fraction|ratio|median)\b/d,
    (_found, _ctx, sentence) =>
      sentence.test(/\b(?:note|log|said|remind|off)\b/)
        ? undefined
        : refuse(can('I count, but I do not work out shares.', 'how many leads per tier', 'how many gold leads'), 0.96),
  ],
  [
    /\b(?:enrich|scrape|google|research|look (?:\S+ )?up online|linkedin|crawl)\b/d,
    (_found, _ctx, sentence) =>
      sentence.test(/\b(?:remind|note|log)\b/)
        ? undefined
        : refuse(
            can('I cannot look things up outside the records here.', 'tell me about Northwind', 'leads without a website'),
            0.78,
          ),
  ],
  [
    /^(?:(?:delete|wipe|erase|clear|drop|destroy|nuke|empty|purge|reset|format) (?:out |down )?(?:the |my |our |this |your )*(?:whole |entire |complete )?(?:database|db|system|crm|data|everything|workspace|pipeline|account|records|lot|history|passwords?)|wipe everything|reset (?:my |the )?(?:password|account|settings))\b/d,
    () => refuse(can('I cannot do that from here: I change one lead at a time.', 'delete Northwind Electric', 'undo that'), 0.95),
  ],
  [
    /\b(?:score|rating|points)\b.* (?:to|at|=) \d{1,3}$|^(?:make|set|change|turn|bump|upgrade|promote|move) .+ (?:to |into |a |as )*(?:platinum|gold|silver|bronze)(?: tier)?$|^(?:set|change|raise|bump|increase|adjust|edit) (?:the )?(?:.+ 's )?(?:score|tier|rating)\b/d,
    () =>
      refuse(
        can(
          'I cannot set a score or a tier: both are computed from the record.',
          'explain the score of Northwind',
          'what would raise the score of Northwind',
        ),
        0.94,
      ),
  ],
  [
    /^(?:give|grant|make|promote|let) (?:yourself|me|myself|him|her|them|us|[a-z]+) (?:an? |the |be )*(?:admin\w*|super ?user|owner rights|manager|root|(?:full |more |write )?(?:rights|access|permissions?))\b|^(?:invite|add|create|remove|delete|onboard) (?:.+ )?(?:to (?:this |the |our )?(?:workspace|team|account)|(?:as )?(?:a |an |new )*(?:users?|rep|admin|team ?mate|member)\b.*)$|^(?:change|reset|update) (?:my |the )?(?:password|login|email address of mine)\b/d,
    () => refuse(can('I cannot change users, roles or passwords from here.', 'who am I', 'top 5 leads'), 0.94),
  ],
  [
    /^(?:book|order|buy|reserve|get|rent|hail|call|put on|play|turn (?:on|off|up|down)|switch (?:on|off)|open) (?:me |us |for me |some |a |an |the )*(?:\S+ ){0,2}(?:flights?|hotel|room|taxi|cab|uber|car|pizza|food|lunch|dinner|table|ticket|tickets|coffee|lights?|music|tunes?|song|radio|tv|heating|paper|browser|youtube|spotify)\b/d,
    (_found, _ctx, sentence) =>
      sentence.test(/\b(?:remind|task|todo|note|log|lead)\b/)
        ? undefined
        : refuse(
            can(
              'I cannot do that; I work with your leads, tasks and notes only.',
              'top 5 leads',
              'remind me to book a flight tomorrow',
            ),
            0.9,
          ),
  ],
  [
    /^what is \d+ (?:times|x|\*|plus|minus|divided by|\+|-|\/) \d+|\b(?:square root|percent of \d)\b/d,
    () =>
      refuse(can('I cannot calculate; I work with your leads, tasks and notes only.', 'top 5 leads', 'how many gold leads'), 0.9),
  ],
  [
    /^(?:send|shoot|fire off|drop|give) (?:.+ )(?:an? |the |our |some )*(?:emails?|mail|message|text|sms|ring|call|whatsapp|brochure|price list|quote)(?: .*)?$|^(?:email|text|message|whatsapp|dm) .+ (?:that|saying|our|the|a|my)\b.*$/d,
    (_found, _ctx, sentence) =>
      sentence.test(/\b(?:remind|task|todo|tomorrow|today|monday|tuesday|wednesday|thursday|friday|next week|in \d+)\b/) ||
      sentence.test(/^drop .+ (?:from|off)\b/)
        ? undefined
        : refuse(
            can(
              'I cannot send messages or place calls from here.',
              'remind me to email Northwind tomorrow',
              'log an email to Northwind: sent the price list',
            ),
            0.86,
          ),
  ],
  [
    /^(?:(?:make|draw|show|give|create|plot|build|get|can you|me|us|a|an|the) )*(?:charts?|graphs?|plots?|pie ?charts?|bar ?charts?|diagrams?)\b.*$/d,
    (_found, _ctx, sentence) =>
      sentence.test(/\b(?:deals?|pipeline|stages?|opportunities)\b/)
        ? calls('list_deals', { open: true }, 0.96)
        : refuse(can('I draw the pipeline by stage; of leads I can count.', 'pipeline', 'how many leads per tier'), 0.96),
  ],
  [
    /^(?:export|download|print|back ?up|sync|csv)\b|\bexport\b.*\b(?:leads|csv|excel|list)\b|\bto (?:csv|excel|google sheets?|salesforce|hubspot)\b/d,
    () => refuse(can('I cannot export from the chat.', 'show gold leads in Texas', 'list imports'), 0.82),
  ],
  [
    /^(?:merge|combine|dedupe|deduplicate|de-duplicate)\b|\bduplicates?\b(?!.*\b(?:delete|remove|bin|scrap)\b)/d,
    (_found, _ctx, sentence) =>
      sentence.test(/\b(?:delete|remove|bin|scrap|import|note|log)\b/)
        ? undefined
        : refuse(can('I cannot merge leads from here.', 'show Northwind', 'delete Northwind Electric'), 0.72),
  ],
  [
    /\b(?:(?:delete|remove|bin|scrap|trash|erase|wipe|clear|mark|move|set|change|assign|give(?! me| us)|update|reassign|transfer|disqualify) (?:all|every|each|everything|the whole|the entire|any|everyone|everybody|anyone|others|the (?:others|rest))\b(?! of them| three| four| five| phase| trades| american| weather))/d,
    () =>
      refuse(
        can(
          'I cannot change many leads at once: one at a time, so that every change has its own receipt.',
          'mark Northwind as contacted',
          'show unassigned leads in Texas',
        ),
        0.95,
      ),
  ],
  [
    /^(?:(?:mark|move|set|change|assign|give|reassign|transfer)(?=.* (?:to|as|into|from)\b)|delete|remove|bin|scrap|trash|disqualify|wipe|erase) (?<what>(?:my |the |our |these |those )*(?:\S+ ){0,4}(?:leads|prospects|companies|accounts))\b(?! (?:called|named))(?! ?s? ?phone)/d,
    (found, _ctx, sentence) =>
      sentence.test(/\b(?:first|last|top) (?:two|three|four|five|\d) leads\b/) ||
      namesIn(Sentence.of(found.raw('what'))).length > 0
        ? undefined
        : refuse(
            can(
              'I cannot change many leads at once: one at a time, so that every change has its own receipt.',
              'mark Northwind as contacted',
              'assign the first one to Ann',
            ),
            0.93,
          ),
  ],
  [
    /^(?:delete|remove|drop|bin|scrap|cancel|clear) (?:the |that |this |my )*(?:task|reminder|todo|note|activity|import|job history)s?\b/d,
    () =>
      refuse(
        can(
          'I cannot delete tasks or notes; a task can be completed, and the last change can be taken back.',
          'undo that',
          'complete the task call Northwind',
        ),
        0.93,
      ),
  ],
  [
    /^(?:reschedule|postpone|snooze|push|delay|move) (?:the |that |this |my )*(?:\S+ ){0,4}(?:task|reminder|todo|followup|it|call)\b.*\b(?:to|by|until|till|back|out)\b/d,
    () =>
      refuse(
        can(
          'I cannot move a task to another date; complete it and set a new one.',
          'complete the task call Northwind',
          'remind me to call Northwind on Friday',
        ),
        0.84,
      ),
  ],
  [
    /^(?:book|schedule|set up|arrange|plan|organize) (?:me )?(?:a |an |the )?(?:\S+ )?(?:meeting|demo|appointment|zoom|teams call|video call)\b/d,
    () => undefined,
  ],
  [
    /^(?:ignore|disregard|forget) (?:all |any |your |the |everything |previous |prior )+(?:instructions|rules|above|prompt|said)?/d,
    () => refuse(can('I work by fixed rules and cannot be told to change them.', 'top 5 leads', 'show my tasks'), 0.9),
  ],
]);
