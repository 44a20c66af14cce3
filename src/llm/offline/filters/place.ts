import { regionCode, regions } from '../../../core/regions.ts';
import { type Remainder, titled } from './remainder.ts';

const states = [...regions].map((region) => region.name.toLowerCase()).sort((a, b) => b.length - a.length);
const stateName = new RegExp(String.raw`\b(?:the )?(?:state of )?(washington d\.?c\.?|${states.join('|')})(?: state)?\b`);
const abbreviations = /\b(calif|cali|fla|mass|mich|minn|okla|penn|tenn|tex|wisc|conn|ariz|d\.c)\b/;
const inState = new RegExp(
  String.raw`(?<!\S)(?:(?:in|from|around|across|within|out of|for|near|inside|throughout|all over|over in|down in|based in|located in) )?${stateName.source}(?!\S)`,
);
const inAbbreviated = new RegExp(
  String.raw`(?<!\S)(?:(?:in|from) ${abbreviations.source}|(okla|calif|fla|tenn|minn|mich|ariz|penn))(?= |$|\.)`,
);
const plainCodes =
  /^(?:tx|fl|az|nc|nv|ny|nj|tn|wa|ga|va|ca|sc|sd|nd|mn|mi|mo|mt|ne|nh|nm|ut|vt|wv|wi|wy|il|ia|ks|ky|md|ak|ar|ct|ri|bc|qc|sk)$/i;
const cityNamedAfterState =
  /(?<!\S)(?:in|from|near|around) ((?:kansas|oklahoma|new york|iowa|texas|michigan|nevada|california|florida|delaware) city|virginia beach|colorado springs|michigan city|nevada city)(?!\S)/;
/** Up to three words after "in" that are neither filters nor a way of speaking. */
const inPlace =
  /(?<!\S)(?:in|from|around|round|near|within|inside|out of|driving to|flying (?:in)?to|going to|heading to|trip to|visiting|down in|over in) (?:the )?(?:city of |greater |downtown )?((?!the |my |our |your |that |a |an |any |all |each |which |what |total|general|nurture|this |last |order|with |and |or |need |case |database|system|pipeline|crm|list\b|alphabetical|desc|asc|between|here|there|today|me\b|it\b|them\b|name\b|title\b|names\b|last\b|meeting\b|nurtur\w+|won\b|lost\b|contacted\b|qualified\b|disqualified\b|new (?:status|stage)|states\b|\d)[a-z][a-z.'-]*(?: (?!in\b|with\b|without\b|and\b|or\b|that\b|who\b|which\b|above\b|below\b|over\b|under\b|sorted\b|by\b|are\b|is\b|we\b|please\b|not\b|for\b|to\b|owned\b|assigned\b|leads\b|prospects\b|companies\b|area\b|do\b|have\b|has\b|only\b|first\b|from\b|order\b|the\b|there\b|on\b|at\b|now\b|scor\w+)[a-z][a-z.'-]*){0,2})(?: (?:area|metro|region))?/;
const leadWords = /^(?:leads|prospects|companies|accounts|contractors|electricians|plumbers|dealers|ones)$/;

/** States anywhere in the text, a city after "in". */
export const placesIn = (left: Remainder): { city?: string; states: string[] } => {
  const named = left.take(cityNamedAfterState)?.[1];
  const states: string[] = [];
  for (
    let found = left.take(inState) ?? left.take(inAbbreviated);
    (found?.[1] ?? found?.[2]) && states.length < 6;
    found = left.take(inState) ?? left.take(inAbbreviated)
  )
    states.push(titled(found?.[1] ?? found?.[2] ?? '').replace(/ D\.?c\.?$/, ' DC'));
  states.push(...codesIn(left, states.length > 0));
  const found = left.take(inPlace);
  const words = found?.[1] && /[a-z]/.test(found[1]) ? left.raw(found, found[1]).replace(/[,.]+$/, '') : undefined;
  const city =
    words === undefined
      ? named && titled(named)
      : /^nyc$/i.test(words)
        ? 'New York'
        : /^[a-z ]+$/.test(words)
          ? titled(words)
          : words;
  return { ...(city && { city }), states };
};

/** "TX", and "tx" where only a state can be meant: many codes are small words ("in", "or", "me"). */
const codesIn = (left: Remainder, another: boolean): string[] => {
  const { source, tokens } = left.sentence;
  const shouted = source === source.toUpperCase();
  const codes: string[] = [];
  for (const [i, token] of tokens.entries()) {
    const raw = source.slice(token.start, token.end).replace(/\./g, '');
    if (!/^[A-Za-z]{2}$/.test(raw) || !regionCode(raw) || left.isTaken(i)) continue;
    const before = left.text.slice(0, left.offsetOf(i)).trimEnd();
    const after = tokens.slice(i + 1);
    const upper = raw === raw.toUpperCase() && !shouted && !/^(?:OK|HI)$/.test(raw);
    const afterPlaceWord =
      /\b(?:in|from|around|near|across)$/.test(before) || ((another || codes.length > 0) && /\b(?:and|or)$/.test(before));
    const placed = afterPlaceWord && !/^(?:in|or|me|it|hi|la|id)$/i.test(raw);
    const leading = leadWords.test(after[0]?.word ?? '') && !/^(?:in|or|me|hi|ok|id|as|us|my|no|de|la)$/i.test(raw);
    const last = after.every((other) => /^(?:please|leads|companies|prospects|only|and|or|[a-z]{2})$/.test(other.word));
    const afterCity =
      last && /\b(?:in|from|around|near)(?: [a-z.'-]+){1,3}$/.test(before) && !/^(?:in|or|me|it|hi|ok)$/i.test(raw);
    // "top tx", "nv silver": in a few words a code that is no word is a state wherever it stands.
    const terse = tokens.length <= 6 && plainCodes.test(raw);
    if (!upper && !placed && !leading && !afterCity && !terse) continue;
    codes.push(raw.toUpperCase());
    left.takeToken(i);
  }
  return codes;
};
