import { email, phone, placeOf, website } from '../formats.ts';
import { namesIn, nameWithin } from '../names.ts';
import { complete, type Reading } from '../reading.ts';
import { cleanName, personOf } from '../references.ts';
import { Sentence } from '../sentence.ts';
import { companyWords } from '../vocabulary.ts';
import { byRules, type Rule } from './intent.ts';

/** "Add Bright Solar in Austin TX, phone 512-555-0100": a new lead with what was said about it. */
const rules: Rule[] = [
  // "I met X at the show, put them in": what follows the name and its place is a story.
  [
    /^(?<story>.*?\S.*?),? (?:and |so |can you |could you |please )*(?:add|put|pop|stick|get|save|enter|chuck|bung) (?:them|him|her|it|that|those) (?:in|down|up|on|as)(?: (?:a|the|our|my|new))*(?: (?:leads?|prospects?|list|system|database|crm|books))?$/d,
    (found) => {
      const story = Sentence.of(found.raw('story'));
      const [name] = namesIn(story);
      if (
        !name ||
        !(
          name.from === 0 ||
          /^(?:(?:i|we|just|have|today|yesterday|so) )*(?:met|found|spotted|saw|came across|ran into|got|discovered|heard of|received)\b/.test(
            story.words,
          )
        )
      )
        return undefined;
      const rest = story
        .slice(name.from)
        .raw.replace(/ (?:at|from) the (?:trade )?(?:show|fair|expo|conference|event|site)\b.*$/i, '');
      return create(rest, 0.93);
    },
  ],
  [
    /^(?:stick|pop|bung|chuck|get|put|add|throw) (?<rest>.+?) (?:on|in|into|onto|to|down on) (?:the|our|my) (?:list|system|database|crm|books|pipeline|leads)(?: (?:will|would|can|could) you)?(?<more> .+)?$/d,
    (found) =>
      namesIn(Sentence.of(found.raw('rest'))).length === 0 || /\b(?:note|task|reminder|call|email)\b/.test(found.words('rest'))
        ? undefined
        : create([found.raw('rest'), asFields(found.raw('more'))].filter(Boolean).join(', '), 0.91),
  ],
  [
    /^(?:i )?(?:need |want |have )?(?:to )?(?:add|got|have|here is|enter) (?:a |an )?(?:fresh|new|another)? ?(?:customer|lead|prospect|company|contractor|one)(?: new)? (?:for you |called |named |name is |the name is |its name is |it is |: |- )*(?<rest>.+)$/d,
    (found, _ctx, sentence) =>
      namesIn(Sentence.of(found.raw('rest'))).length === 0 || sentence.test(/\b(?:note|task|reminder)\b/)
        ? undefined
        : create(found.raw('rest'), 0.92),
  ],
  [
    /^(?:add|create|make|enter|save|register|set up|open|put in|put|start|insert|input|log|record|new)(?: up| in)? (?:me )?(?:a |an |the |this |one |another |new |brand )*(?:lead|prospect|company|account|contractor|business|customer|record|entry)(?: (?:record|entry))?(?: (?:called|named|for|with the name|with name|by the name of|of|:|-|name|into the system|to the system|in the system|to the list))* (?<rest>.+)$/d,
    (found) => create(found.raw('rest'), 0.93),
  ],
  [
    /^new (?:lead|prospect|company|account)(?: (?::|-|is|called|named|for|alert|came in))* (?<rest>.+)$/d,
    (found) => create(found.raw('rest'), 0.92),
  ],
  [
    /^(?:we|i) (?:have |just |have just )*(?:got|found|have|received|spotted|met|discovered) (?:a |an |another )(?:new )?(?:lead|prospect|company|contractor)(?: (?:from|called|named|:|-|it is))* (?<rest>.+)$|^(?:found|got|spotted) (?:a |an |another )(?:new )?(?:lead|prospect|company|contractor)(?: (?:called|named|:|-))* (?<rest2>.+)$/d,
    (found) =>
      create(
        (found.raw('rest') || found.raw('rest2')).replace(
          /[\s,;.-]+(?:please )?(?:add|put|save|enter|create) (?:it|them|that)(?: (?:in|to .+))?(?: please)?$/i,
          '',
        ),
        0.86,
      ),
  ],
  [/^(?:lead|prospect) : (?<rest>.+)$/d, (found) => create(found.raw('rest'), 0.8)],
  [
    /^(?:add|create|enter|save|register|put|log|record|set up|input|insert|list) (?<rest>.+?) (?:as|to|into|in|on) (?:a |an |the |our |my |as )*(?:new |potential |fresh |in )*(?:leads?|prospects?|company|account|accounts|companies|contractor|system|database|crm|list|pipeline|lead list|books|potential customer)(?<more> .+)?$/d,
    (found) =>
      /^(?:a |an |the )?(?:note|task|reminder|activity|comment|call|email|meeting|todo)\b/.test(found.words('rest')) ||
      /^(?:phone|email|website|it|them|that|this)\b/.test(found.words('rest'))
        ? undefined
        : create([found.raw('rest'), asFields(found.raw('more'))].filter(Boolean).join(', '), 0.9),
  ],
  [
    /^(?:add|create)(?: (?:a|an|the|one|another))?(?: new)? (?:lead|prospect|company|account|contractor)(?: please| for me)?$|^new (?:lead|prospect)$/d,
    (_found, _ctx, sentence) =>
      sentence.test(/^new leads/)
        ? undefined
        : complete([{ tool: 'create_lead', input: {} }], [{ field: 'name', calls: [0] }], 0.86),
  ],
  [
    /^(?:add|create|register) (?<rest>(?!a\b|an\b|the\b|note|task|reminder|todo|it\b|them\b|this\b|that\b|phone|email|website|comment|to\b|owner|my\b).+)$/d,
    (found) =>
      create(found.raw('rest'), /^[A-Z0-9]/.test(found.raw('rest')) || companyWords.test(found.raw('rest')) ? 0.78 : 0.58),
  ],
];

/** "As qualified, it's mine": status and owner in passing, said in the words that the cutter knows. */
const asFields = (text: string): string =>
  text
    .replace(/(?:,? ?(?:and )?(?:it'?s|its|they'?re|is|as)) (?:mine|my lead)\b/gi, ', owner me')
    .replace(/^,? ?(?:as|it is|status) (?=new|contacted|qualified|meeting|nurture|won|lost|disqualified)/i, ', status ')
    .replace(/,? ?(?:they are|they're|theyre|it is|it's|its) (?:based )?(?=in |from |out of )/gi, ' ')
    .trim();

/** Cuts a description of a new lead into its fields; what stands before the first field is the name. */
export const create = (description: string, confidence: number): Reading | undefined => {
  const input: Record<string, unknown> = {};
  let text = ` ${asFields(description.trim())} `;
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
  cut(
    /[\s,;(]+(?:with |and |their |the |a )*(?:note|comment|remark)s?(?: that| saying|:| -|,)*\s+(.{2,400})$/i,
    (found) => (input['note'] = unquote(found[1] ?? '')),
  );
  cut(
    new RegExp(
      String.raw`[\s,;(]+(?:and |with |their |the |an |at )*(?:e-?mail(?: address)?(?: is|:)?\s+)?(${email.source})`,
      'i',
    ),
    (found) => (input['email'] = found[1]),
  );
  cut(
    new RegExp(
      String.raw`[\s,;(]+(?:and |with |their |the |a |at )*(?:(?:web ?site|site|web|url|domain)(?: is|:)?\s+)?(${website.source})`,
      'i',
    ),
    (found) => (input['website'] = found[1]),
  );
  cut(
    /[\s,;(]+(?:and |with |about |around |has )*(\d[\d,]{0,6}) (?:employees|people|staff)\b/i,
    (found) => (input['employees'] = Number(found[1]?.replaceAll(',', ''))),
  );
  cut(/[\s,;]+(?:zip|zip code|postal code) (\d{5}(?:-\d{4})?)\b/i, (found) => (input['zip'] = found[1]));
  cut(
    new RegExp(
      String.raw`[\s,;(]+(?:and |with |their |the |a |at |on )*(?:(?:phone(?: number)?|tel(?:ephone)?|number|cell|mobile|call|ph)(?: is|:|\.)?\s*)?(${phone.source})`,
      'i',
    ),
    (found) => {
      if (/\d{7,}/.test((found[1] ?? '').replace(/\D/g, ''))) input['phone'] = found[1]?.trim();
    },
  );
  cut(
    /[\s,;]+(?:and )?(?:with )?(?:the )?status(?: is| of|:)? (new|contacted|qualified|meeting|nurture|won|lost|disqualified)\b/i,
    (found) => (input['status'] = found[1]?.toLowerCase()),
  );
  cut(
    /[\s,;]+(?:and |with )*(?:industry|trade)(?: is|:)? ([\p{L} &-]{2,40})(?=[,;]|\s*$|¦)/iu,
    (found) => (input['industry'] = found[1]?.trim()),
  );
  cut(
    /[\s,;]+(?:and )?(?:assign(?:ed)?(?: it| them)? to|owned by|owner(?: is|:)?|for rep|give it to|belongs to) ([\p{L}][\p{L}'-]*(?: \p{Lu}[\p{L}'-]+)?)(?=[,;.\s]|$)/iu,
    (found) => (input['owner'] = personOf(found[1] ?? '')),
  );
  cut(/[\s,]+(?:as|for) (?:me|mine|myself)\s*$/i, () => undefined);
  const segments = text.split(/[¦;]/).map((part) =>
    part
      .replace(/^[\s,:.-]+|[\s,:-]+$/g, '')
      .replace(/\s+(?:and|with|at|phone|tel|email|website|number)$/i, '')
      .trim(),
  );
  for (const segment of segments.filter(Boolean)) {
    let rest = segment;
    const placed =
      /^(.*?)[\s,]*\b(?:based in|located in|from|in|out of)\s+([\p{L}.' -]+(?:,\s*[\p{L}. ]+)?)$/iu.exec(rest) ??
      /^(.+?),\s*([\p{L}.' -]+(?:,\s*|\s+)[A-Za-z][\p{L}. ]+)$/u.exec(rest) ??
      (name ? /^()([\p{L}.' -]+(?:,\s*[\p{L}. ]+)?)$/u.exec(rest) : null);
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
  if (nameWithin(clean) === undefined && !/"|\b(?:called|named|name)\b/i.test(description)) return undefined;
  if (clean === '' || /^(?:a|an|the|new|lead|leads|it|this|that|one)$/i.test(clean)) return undefined;
  return complete([{ tool: 'create_lead', input: { name: clean, ...input } }], [], confidence);
};

const unquote = (text: string): string =>
  text
    .trim()
    .replace(/^["']|["']$/g, '')
    .trim();

export const creation = byRules(rules);
