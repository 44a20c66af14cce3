import { type Call, calls, type Reading, refuse } from '../reading.ts';
import { attachFirst } from './house.ts';
import { byRules, type Intent } from './intent.ts';

/** Words of our trade that stand in answers and in lists. */
const meanings: [RegExp, string][] = [
  [
    /icps?|ideal customer profiles?/,
    'ICP is the ideal customer profile: what a good customer looks like, as criteria with weights. Every lead is scored by it, from 0 to 100. Say "how are leads scored" to see yours.',
  ],
  [
    /resimercial/,
    'Resimercial is work for homes and for small commercial sites alike. Say "how are leads scored" to see how much it counts.',
  ],
  [
    /(?:multi[ -]?)?oems?/,
    'An OEM makes the equipment; multi-OEM means a dealer is certified by several makers. Say "how are leads scored" to see how much it counts.',
  ],
  [
    /mep ?(?:\+|and|&)? ?r?(?: trades)?|mepr/,
    'MEP+R are the trades: mechanical (heating and cooling), electrical, plumbing and roofing. Say "how are leads scored" to see how much they count.',
  ],
  [
    /(?:sr ?\/? ?)?(?:bdrs?|sdrs?)(?: assistant)?/,
    'A BDR (business development representative) finds and opens new business; an SR is a sales representative. This assistant works for both.',
  ],
];

const about =
  /^(?:what (?:is|are|does)|what 's|explain|define|meaning of|what do you mean by|whats)(?: an?| the| this| that)* (?<what>.+?)(?: mean| means| stand for| exactly| again)*$/d;

/** What waits, what is due, and who came in. */
const news: Call[] = [
  { tool: 'list_pending', input: {} },
  { tool: 'list_tasks', input: { due: 'today', limit: 5 } },
  { tool: 'search_leads', input: { addedWithinDays: 7, sort: 'newest', limit: 3 } },
];

/** What newcomers ask about the assistant, its words and where it runs: told as it is, without a look at any record. */
export const newcomer: Intent = byRules([
  [
    /^(?:(?:so|hey|and|ok) )*(?:(?:what is|is there|are there|any|tell me what is) ?(?:anything |something )?(?:new|news|happening|going on)|anything new|any news|any updates?|what (?:has )?happened(?: lately| recently)?|what did i miss|what have i missed|catch me up|bring me up to (?:date|speed))(?: (?:here|today|lately|recently|for me|now|right now|since i was gone|while i was (?:away|out|gone)|this morning))*$/d,
    () => ({ kind: 'calls', confidence: 0.98, calls: news }),
  ],
  [
    about,
    (found) => {
      const what = found.words('what').replace(/^an? /, '');
      const meaning = meanings.find(([pattern]) => new RegExp(`^(?:${pattern.source})$`).test(what))?.[1];
      if (meaning) return refuse(meaning, 0.98);
      return /^(?:platinum|gold|silver|bronze|hot|warm|cold|tiers?|scores?|grades?|profiles?)(?: (?:leads?|tiers?|scores?|prospects?))?$/.test(
        what,
      )
        ? calls('get_profile', {}, 0.98)
        : undefined;
    },
  ],
  [
    /^how (?:is|are|was|were|did|does|do) (?:my|our|the|everybody|everyone|[a-z]+)(?: (?:sales )?(?:team|reps?|people|colleagues|salespeople|team doing))? (?:doing|performing|perform|do|did|performance|getting on|getting along)(?: .{0,30})?$|^(?:(?:show|give) (?:me )?)?(?:the |my |our )?(?:team|reps?|sales) performance(?: .{0,20})?$/d,
    (_found, _ctx, sentence) =>
      sentence.test(/\b(?:team|reps?|people|colleagues|salespeople|everybody|everyone)\b/)
        ? refuse(
            'I cannot judge how people are doing. You can ask, for example: "tasks of the whole team" or "pipeline", with the owner of each deal.',
            0.96,
          )
        : undefined,
  ],
  [
    /^whom? (?:should|must|can|could|does|will) (?<person>(?!i\b|we\b|you\b|they\b|it\b|he\b|she\b|be\b)[a-z][a-z'-]+(?: [a-z][a-z'-]+)?) (?:call|ring|phone|contact|reach out to|email|visit|talk to|work on|focus on|chase|follow up with)(?: (?:first|next|today|now|tomorrow|this week))*$/d,
    (found) => calls('search_leads', { owner: found.raw('person') }, 0.97),
  ],
  [
    /\b(?:connect|set ?up|install|integrate|hook up|link|use (?:this|you|it) (?:in|with|on)|get (?:this|you|it) (?:in|into|on))\b.{0,30}\b(?:slack|(?:ms |microsoft )?teams)\b/d,
    () =>
      refuse(
        'Settings of this server switch on Slack and Teams, each step by step in the README ("Slack in five minutes", "Teams in ten minutes"). "npm run doctor" says what is on and what is missing.',
        0.97,
      ),
  ],
  [
    /\b(?:connect|sync|integrate|hook up|link|work|talk|set ?up)\b.{0,20}\b(?:salesforce|hubspot|pipedrive|close(?: ?crm|\.com)|zoho|dynamics|gohighlevel|(?:a|our|my|the) crm)\b/d,
    () =>
      refuse(
        'I cannot connect a CRM from the chat. Bring its leads as a list instead: attach a CSV or Excel file to a message, and I show what is in it before anything is kept.',
        0.97,
      ),
  ],
  [
    /\b(?:connect|add|set ?up|use|plug in|switch on)\b.{0,20}\b(?:models?|llm|openai|gpt|claude|anthropic|gemini|ai)\b/d,
    (_found, _ctx, sentence) =>
      sentence.test(/\b(?:note|log|remind|task)\b/)
        ? undefined
        : refuse(
            'The key of a provider, as a setting of this server, has a model answer in place of fixed rules: "npm run doctor" names the providers and their keys.',
            0.9,
          ),
  ],
  [
    /\b(?:is|are) (?:my|our|the|this|all this)?(?: \S+){0,2} ?(?:data|information|leads|it|conversations?) (?:really )?(?:safe|secure|private|confidential|encrypted|shared|stored|saved)\b|\bwhere (?:is|are|do you (?:store|keep|save)) (?:my |our |the |all )*(?:data|leads|information)(?: (?:stored|kept|saved|live))?$|\bwho (?:can|could|else can|is able to) (?:see|read|access) (?:my|our|this|the) (?:data|leads|conversations?|messages|chats?)\b|\b(?:privacy|gdpr)\b/d,
    () =>
      refuse(
        'Leads and conversations are kept in the database of this server. What leaves it goes to what you connect: answers to the chat they were asked in, and what a model needs to its provider. Outsiders are told nothing, and what reaches a customer waits for a person.',
        0.95,
      ),
  ],
  [
    /^(?:how (?:do|can|could|would|should) (?:i|we)|can (?:i|you|we)|could (?:i|you|we)|where (?:do|can) i|is it possible to|do you|i want to|i would like to|let me|help me)\b.{0,12}\b(?:import|upload|load|bring(?: in)?|read|open|use|add|attach)\b.{0,25}\b(?:list|lists|leads|excel|csv|file|files|spreadsheet|xlsx|data|contacts)\b.*$|^(?:read|open|use|take) (?:my|our|an?|the) (?:excel|csv|spreadsheet|xlsx|list)\b.*$|^(?:excel|csv|spreadsheet|xlsx)(?: (?:files?|imports?|upload))?$/d,
    (_found, _ctx, sentence) =>
      sentence.test(
        /\b(?:called|named|in|from|without|with) (?!excel|csv|a (?:file|list|csv)|my|our|the|an?\b)\w+|\bnew lead\b|\ba lead\b/,
      )
        ? undefined
        : refuse(attachFirst, 0.97),
  ],
  [
    /^(?:is there|do you have|have you got|where is)\b.{0,20}\b(?:app|mobile|iphone|android|desktop version)\b.*$|^(?:pricing|prices?|how much (?:is|does) (?:this|it|the product)(?: cost)?|what does (?:this|it) cost(?: me)? (?:per|a) (?:month|user|year))$/d,
    () =>
      refuse(
        'This runs on a server of your own, and you talk to it in Slack, in Teams, in the browser or in a terminal; only a model that you connect costs anything. Say "what did this cost" for what was spent.',
        0.95,
      ),
  ],
  [
    /\b(?:speak|talk|answer|switch|change|reply|respond|write|understand)\b.{0,25}\b(?:german|deutsch|spanish|espanol|español|french|francais|français|italian|portuguese|dutch|polish|another language|other languages)\b/d,
    () => refuse(onlyEnglish, 0.97),
  ],
  [
    /^(?:no |nope |but |hey )*(?:(?:you|you are|your|this|that|it|that is|this is|it is|the answer is) (?:so |totally |completely |very |all |just |not )*(?:wrong|incorrect|right|stupid|dumb|useless|rubbish|nonsense|bad|terrible|helpful|what i (?:meant|asked|wanted)|true|suck|sucks)|wrong(?: answer)?|bad (?:bot|answer)|useless|that does not help|not helpful|no that is (?:not it|wrong)|wtf|what the (?:hell|heck))$/d,
    (_found, _ctx, sentence) =>
      sentence.test(/\b(?:right|helpful|true)$/) && !sentence.test(/\bnot\b/)
        ? undefined
        : refuse(
            'Sorry about that. Say it in other words, or "help" for examples; a thumb down under the answer tells whoever runs this. If a change was wrong, "undo that" takes it back.',
            0.93,
          ),
  ],
]);

const onlyEnglish =
  'Fixed rules answer here, and they understand English only. With a model connected you can write in your own language ("npm run doctor" names the keys).';

/** Words that mark a language and are no English ones; small ones, which stand in every sentence. */
const languages: { words: Set<string>; says: string }[] = [
  {
    words: new Set(
      'ich du wir ihr sie mich mir uns wen wer wie was wo wann warum welche welcher welches der die das den dem ein eine einen und oder nicht kein keine ist sind bin hast habe haben kann kannst können soll sollte zeig zeige zeigen mir bitte heute morgen gestern guten tag hallo danke tschüss besten alle meine mein unsere auf für mit von zu aus nach über anrufen hilfe ja nein gib liste leute kunden erinnere'.split(
        ' ',
      ),
    ),
    says: 'Ohne Sprachmodell antworten hier feste Regeln, und die verstehen nur Englisch. Zum Beispiel: "who should I call today", "gold leads in Texas" oder "help".',
  },
  {
    words: new Set(
      'hola buenos buenas días dias tardes noches qué que quién quien cómo como cuándo cuando dónde donde los las una unos el mis mi tus yo tú es son está estan para por con sin muéstrame muestrame dame llamar hoy mañana ayuda gracias clientes ventas debo puedo puedes hacer lista'.split(
        ' ',
      ),
    ),
    says: 'Sin un modelo responden reglas fijas, y solo entienden inglés. Por ejemplo: "who should I call today", "gold leads in Texas" o "help".',
  },
  {
    words: new Set(
      "bonjour bonsoir salut merci qui que quoi quel quelle quels comment quand où pourquoi les des une du au aux mes mon ma tes est sont suis peux peut dois faire avec sans pour dans sur appeler aujourd'hui aujourdhui demain aide montre montrer donne clients ventes liste je tu nous vous".split(
        ' ',
      ),
    ),
    says: 'Sans modèle, ce sont des règles fixes qui répondent, et elles ne comprennent que l’anglais. Par exemple : "who should I call today", "gold leads in Texas" ou "help".',
  },
];

/** English words that look like those of another language. */
const english = new Set(
  'die was den war wo mir mit an in so are as is on has have an do to me the no con sin son dame sur pour est quit des au ma mon list mis hat her man dir'.split(
    ' ',
  ),
);

/** Says in somebody's own language that rules know English only; better than taking its words for a company's name. */
export const foreign = (text: string): Reading | undefined => {
  const words = text.toLowerCase().match(/[\p{L}']+/gu) ?? [];
  if (words.length === 0 || words.length > 40) return undefined;
  const found = languages
    .map(({ words: known, says }) => ({ says, all: words.filter((word) => known.has(word)) }))
    .sort((a, b) => b.all.length - a.all.length)[0]!;
  const sure = found.all.filter((word) => !english.has(word)).length;
  const greets = words.length <= 2 && sure === words.length;
  return greets || (sure >= 2 && found.all.length / words.length >= 0.4) ? refuse(found.says, 0.98) : undefined;
};
