import { email, phone, placeOf, website } from '../formats.ts';
import { type Need, type Reading, refuse } from '../reading.ts';
import { cleanName } from '../references.ts';
import { aboutLead, byRules, type Intent, type Rule } from './intent.ts';

const fieldNames: [string, string][] = [
  [`(?:phone ?numbers?|phones?|telephone(?: number)?|tel|cell|mobile(?: number)?|contact number|numbers?|phone no)`, 'phone'],
  [`(?:email(?: address)?|mail|contact email)`, 'email'],
  [`(?:web ?site|web ?page|url|domain|homepage|site)`, 'website'],
  [`(?:street address|street|address)`, 'street'],
  ['city|town', 'city'],
  ['state|province', 'state'],
  ['zip(?: ?code)?|postal code|postcode', 'zip'],
  ['industry|trade|sector', 'industry'],
  ['(?:number of )?employees|employee count|head ?count|staff|team size', 'employees'],
  ['(?:company |business )?name', 'name'],
];

export const fieldValue = (field: string, raw: string): unknown => {
  const text = raw
    .trim()
    .replace(/^["']|["']$/g, '')
    .replace(/^(?:now|is|to|be|:|-|=)\s+/i, '')
    .trim();
  if (field === 'phone') return phone.exec(text)?.[0]?.trim() ?? (/\d{5,}/.test(text.replace(/\D/g, '')) ? text : undefined);
  if (field === 'email') return email.exec(text)?.[0];
  if (field === 'website') return website.exec(text)?.[0];
  if (field === 'employees') return Number(/\d[\d,]*/.exec(text)?.[0]?.replaceAll(',', '')) || undefined;
  if (field === 'zip') return /\b[A-Z]?\d[\w -]{3,9}/i.exec(text)?.[0];
  return text || undefined;
};

const fieldRules: Rule[] = fieldNames.flatMap(([words, field]): Rule[] => {
  const set = (lead: string, value: string, ctx: Parameters<Intent>[1], confidence: number): Reading | undefined => {
    const parsed = fieldValue(field, value);
    return parsed === undefined ? undefined : aboutLead(lead, ctx, 'update_lead', { [field]: parsed }, confidence);
  };
  // "Genstar phone is 555..." is clear without the possessive; "Sun City name is" is not.
  const possessive = field === 'phone' || field === 'email' || field === 'website' ? '?' : '';
  return [
    [
      new RegExp(
        `^(?:change|update|set|correct|fix|edit|replace|save|store|record|add|put|make|enter|overwrite|modify|give|note) (?:the |a |an |new |their |down )*(?:${words}) (?:of|for|on|to|at|from|with|in) (?<lead>.+?)(?: 's)? (?:to|as|=|:|is|with|be|-|should be|is now)+ ?(?<value>.+)$`,
        'd',
      ),
      (found, ctx) => set(found.raw('lead'), found.raw('value'), ctx, 0.93),
    ],
    [
      new RegExp(
        `^(?:change|update|set|correct|fix|edit|replace|save|store|record|make|modify|overwrite) (?<lead>.+?) (?:'s )?(?:new )?(?:${words}) (?:to|as|=|:|is|with|-|should be|is now)+ ?(?<value>.+)$`,
        'd',
      ),
      (found, ctx) => set(found.raw('lead'), found.raw('value'), ctx, 0.93),
    ],
    ...(field === 'phone' || field === 'email' || field === 'website'
      ? [
          [
            new RegExp(
              String.raw`^(?:change|update|set|correct|fix|edit|replace|save) (?<lead>.+?) (?:'s )?(?:new )?(?:${words}) (?<value>\S+(?: [\d().-]+)*)$`,
              'd',
            ),
            (found: Parameters<Rule[1]>[0], ctx: Parameters<Intent>[1]) => set(found.raw('lead'), found.raw('value'), ctx, 0.88),
          ] as Rule,
        ]
      : []),
    [
      new RegExp(
        String.raw`^(?:the |new |updated |correct )*(?:${words}) (?:of|for|at|on|from) (?<lead>.+?)(?: (?:is|is now|=|changed to|should be|has changed to|:|-|now))+ ?(?<value>.*\S)$`,
        'd',
      ),
      (found, ctx) => set(found.raw('lead'), found.raw('value'), ctx, 0.91),
    ],
    [
      new RegExp(
        String.raw`^(?<lead>.+?) (?:'s )${possessive}(?:new |main |actual |correct |direct |updated )*(?:${words})(?: number)?(?: (?:is|is now|=|changed to|has changed to|should be|should read|:|-|now is|now|was changed to|are))+ ?(?<value>.*\S)$`,
        'd',
      ),
      (found, ctx) =>
        /^(?:what|who|where|is|show|how|when|which|log|remind|note|lead)\b/.test(found.words('lead'))
          ? undefined
          : set(found.raw('lead'), found.raw('value'), ctx, 0.89),
    ],
    [
      new RegExp(
        `^(?<lead>.+?) (?:has|have|got|uses) (?:a |an )?new (?:${words}) ?(?::|-|is|which is|it is|,)* (?<value>.+)$`,
        'd',
      ),
      (found, ctx) => set(found.raw('lead'), found.raw('value'), ctx, 0.9),
    ],
    [
      new RegExp(
        String.raw`^(?:add|save|put|store|enter|record|set) (?:the |a |an |new |this )*(?:${words})? ?(?<value>\S*(?:@|\d{3}|\.(?:com|net|org|biz|us))\S*(?: [\d().-]+)*) (?:to|for|on|as|at|in|under) (?:the )?(?:(?:${words}) (?:of|for) )?(?<lead>.+)$`,
        'd',
      ),
      (found, ctx, sentence) =>
        sentence.test(new RegExp(String.raw`\b(?:${words})\b`)) || fieldValue(field, found.raw('value')) !== undefined
          ? field === 'phone' || field === 'email' || field === 'website'
            ? set(found.raw('lead'), found.raw('value'), ctx, 0.86)
            : undefined
          : undefined,
    ],
    ...(field === 'phone' || field === 'email' || field === 'website'
      ? [
          [
            new RegExp(
              `^(?:change|update|correct|fix|edit|replace|add) (?:the |a )?(?:${words}) (?:of|for|on) (?<lead>.+)$|^(?:change|update|correct|fix|edit|replace) (?<lead2>.+?) 's (?:${words})$`,
              'd',
            ),
            (found: Parameters<Rule[1]>[0], ctx: Parameters<Intent>[1]) =>
              aboutLead(found.raw('lead') || found.raw('lead2'), ctx, 'update_lead', {}, 0.8, {
                needs: [{ field, calls: [0] } as Need],
              }),
          ] as Rule,
        ]
      : []),
  ];
});

const otherFields: Rule[] = [
  [
    /^rename (?<lead>.+?) (?:to|as|into) (?<name>.+)$/d,
    (found, ctx) => aboutLead(found.raw('lead'), ctx, 'update_lead', { name: cleanName(found.raw('name')) }, 0.94),
  ],
  [
    /^change (?:the )?name of (?<lead>.+?) to (?<name>.+)$/d,
    (found, ctx) => aboutLead(found.raw('lead'), ctx, 'update_lead', { name: cleanName(found.raw('name')) }, 0.94),
  ],
  [
    /^(?<lead>.+?) (?:is now called|has been renamed(?: to)?|changed (?:its|their) name to|is now named|was renamed to|goes by) (?<name>.+)$/d,
    (found, ctx) => aboutLead(found.raw('lead'), ctx, 'update_lead', { name: cleanName(found.raw('name')) }, 0.88),
  ],
  [
    /^(?<lead>.+?) (?:(?:has |have |just )*(?:moved|relocated)) to (?<place>.+)$/d,
    (found, ctx) => {
      const [city, state] = placeOf(found.raw('place'));
      return city || state ? aboutLead(found.raw('lead'), ctx, 'update_lead', { city, state }, 0.82) : undefined;
    },
  ],
  [
    /^(?<lead>.+?) (?:is|are) (?:now )?(?:based |located |headquartered )?in (?<place>.+?) now$|^(?<lead2>.+?) (?:is|are) now (?:based |located |headquartered )?in (?<place2>.+)$/d,
    (found, ctx) => {
      const [city, state] = placeOf(found.raw('place') || found.raw('place2'));
      return /^(?:it|who|what|which|leads)$/.test(found.words('lead'))
        ? undefined
        : aboutLead(found.raw('lead') || found.raw('lead2'), ctx, 'update_lead', { city, state }, 0.74);
    },
  ],
  [
    /^(?<lead>.+?) (?:has|have|got|employs|employ)(?: about| around| roughly| over)? (?<count>\d[\d,]{0,6}) (?:employees|people|staff|workers)(?: now)?$/d,
    (found, ctx) =>
      /^(?:who|which|leads|companies|find|show|list)\b/.test(found.words('lead'))
        ? undefined
        : aboutLead(found.raw('lead'), ctx, 'update_lead', { employees: Number(found.raw('count').replaceAll(',', '')) }, 0.8),
  ],
  [
    /^(?:remove|clear|delete|erase|drop) (?:(?:the )?(?:phone(?: number)?|email(?: address)?|website|address|number)(?: (?:of|from|for) .+)?|.+? 's (?:phone(?: number)?|email(?: address)?|website|address|number))$/d,
    () =>
      refuse(
        'I can change a detail but not empty it. You can ask, for example: "change the phone of Northwind to (713) 555-0100".',
        0.95,
      ),
  ],
];

/** Changing a detail of a lead: phone, e-mail, name, place and so on. */
export const fields = byRules([...otherFields, ...fieldRules]);
