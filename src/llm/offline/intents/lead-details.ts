import type { Aspect } from '../reading.ts';
import type { Sentence } from '../sentence.ts';
import { aboutLead, type Rule } from './intent.ts';

const fields: [string, Aspect][] = [
  [
    `(?:(?:phone|telephone|cell|mobile|contact|office|direct) ?(?:phone )?(?:numbers?|line|no)?|phones?|numbers?|digits|phone numbers?)`,
    'phone',
  ],
  [`(?:(?:email|mail|contact)(?: address(?:es)?| id)|emails?)`, 'email'],
  [`(?:web ?sites?|web ?page|url|home ?page|domain|web address|site)`, 'website'],
  [`(?:owner|rep|account (?:owner|manager)|sales rep|account rep|assignee|salesperson)`, 'owner'],
  [`(?:(?:current |lead |pipeline )?(?:status|stage|state of play))`, 'status'],
  [
    `(?:(?:street |mailing |full |office |postal )?address|location|whereabouts|zip(?: code)?|city|state|hq|headquarters|home town)`,
    'address',
  ],
  [
    `(?:notes?|history|activit(?:y|ies)|(?:call|contact|activity) (?:history|logs?|notes?)|timeline|past calls|last (?:note|call|activity|conversation|meeting|email)|logs?|interactions?|conversations?|calls)`,
    'notes',
  ],
  [`(?:deals?|opportunit(?:y|ies))`, 'deals'],
  [
    `(?:contacts?|contact (?:person|people|persons|name|names|info|information|details)|people|decision maker|point of contact|key contacts?)`,
    'contacts',
  ],
  [`(?:industry|sector|trade|line of business)`, 'industry'],
  [`(?:size|head ?count|employees?|employee count|staff|number of employees|team size)`, 'employees'],
];

/** Any of these details, for use inside a pattern. */
export const anyField = fields.map(([words]) => words).join('|');

/** "Phone of X", "X's phone", "X phone", for every detail. */
export const detailRules: Rule[] = fields.flatMap(([words, aspect]): Rule[] => [
  [
    new RegExp(
      `^(?:what (?:is|are|was|were)|whats|show|tell|give|get|find|need|want|i need|i want|do (?:we|you|i) (?:have|know)|have (?:we|you) got|got|look up|pull up|see|check|who is|where is|which is|read|any|hey|list|display|is there|are there|anything in|and)?(?: (?:me|us|for|up|out|a|an|any|to see|to know|to me|know|have|there|is|their|on file))*(?: ?the| ?all| ?all the| any| a| an| best| right| current| our| latest| recent| my| full)* ?${words} (?:of|for|on|at|with|from|about|to|in|to call|to reach|do we have (?:for|on|at)|we have (?:for|on|at)|does|has) (?<lead>.+?)(?: (?:have|has|on file|again|is|in|please|at|got))*$`,
      'd',
    ),
    (found, ctx, sentence) =>
      listLike(sentence, found.words('lead')) ? undefined : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.9, { aspect }),
  ],
  [
    new RegExp(
      `^(?:what (?:is|are|was|were)|who is|where is|show|tell|give|get|find|need|want|i need|i want|do (?:we|you|i) (?:have|know)|have (?:we|you) got|got|look up|pull up|see|check|and|is there|list)?(?: (?:me|us|about|for|up|the|to see|to know|what is|what))* ?(?<lead>.+?) 's (?:current |latest |recent |last |full |main |own )?${words}(?: (?:again|is|please|now|number|look like|so far|on file))*$`,
      'd',
    ),
    (found, ctx) => aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.9, { aspect }),
  ],
  [
    new RegExp(
      String.raw`^(?:need|get|want|i need|i want|send|give|tell|whats|what is|find|show)(?: (?:me|us|the))* (?<lead>(?!my\b|all\b|every\b|leads\b|a\b|an\b|some\b|any\b|their$).+?) ${words}$`,
      'd',
    ),
    (found, ctx, sentence) =>
      listLike(sentence, sentence.words) || sentence.test(/\b(?:without|with|no|missing)\b/)
        ? undefined
        : aboutLead(found.raw('lead'), ctx, 'get_lead', {}, 0.78, { aspect }),
  ],
  [
    new RegExp(
      String.raw`^(?<lead>(?!no\b|my\b|show\b|with|without|change|update|add|set|new\b|log\b|put\b|find\b|list\b|all\b|missing\b|how\b|who\b|leads\b|remind|sort\b|give\b|by\b|what\b|i\b|we\b|do\b|write\b|the\b$|need\b|want\b|get\b).+?) ${words}(?: (?:please|again|now))?$`,
      'd',
    ),
    (found, ctx, sentence) =>
      listLike(sentence, sentence.words) ||
      sentence.test(/\b(?:mark|assign|remind|note|call|log|spoke)\b/) ||
      /^(?:name|sort|best|top)/.test(found.words('lead'))
        ? undefined
        : aboutLead(
            found.raw('lead'),
            ctx,
            'get_lead',
            {},
            aspect === 'contacts' || aspect === 'employees' || aspect === 'notes' || aspect === 'deals' ? 0.55 : 0.76,
            { aspect },
          ),
  ],
]);

/** Speaks of several leads, or of the user's own things. */
export const listLike = (_sentence: Sentence, words: string): boolean =>
  /\b(?:leads|prospects|companies|accounts|ones|contractors|electricians|plumbers|how many)\b/.test(words) ||
  /^(?:my|each|every|everyone|the team|today|tomorrow)\b|^all(?:$| (?:my|the|our|of|leads|them|those))/.test(words);

export const aspectOf = (words: string): Aspect =>
  /phone|number/.test(words)
    ? 'phone'
    : /email/.test(words)
      ? 'email'
      : /site/.test(words)
        ? 'website'
        : /owner/.test(words)
          ? 'owner'
          : /address/.test(words)
            ? 'address'
            : /note/.test(words)
              ? 'notes'
              : /deal/.test(words)
                ? 'deals'
                : 'contacts';
