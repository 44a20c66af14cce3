import { regions } from '../../core/regions.ts';
import { countryCode } from '../cleaning/country.ts';
import { isDirection, isStreetType } from '../cleaning/streets.ts';
import { givenNames, jobWords, legalForms, salutations, streetWords, tradeWords } from './lexicon.ts';
import { leadStatusOf } from './status.ts';

/** What a cell looks like. Cheap tests of shape: reading a value for good is for the cleaning of rows. */

/** What a cell may be taken for; one cell may be several ("CA" is a state and a country). */
const kinds = [
  'email',
  'phone',
  'url',
  'host',
  /** A page about the company on someone else's site, or a picture: no website of theirs. */
  'profile',
  'date',
  'money',
  'number',
  /** "11-50", "10,000+" */
  'range',
  'zip',
  'stateCode',
  'stateName',
  'country',
  'company',
  'person',
  'given',
  'salutation',
  'job',
  'street',
  'address',
  /** "Austin, TX 78701" */
  'place',
  'status',
  /** Words that say whether something is open, without saying what a lead is. */
  'openness',
  'flag',
  /** A few words of letters alone. */
  'words',
] as const;
export type Kind = (typeof kinds)[number];

/** A set of kinds, one bit each. */
export type Kinds = number;
export const setOf = (...of: Kind[]): Kinds => of.reduce((set, kind) => set | (1 << kinds.indexOf(kind)), 0);

const bit = Object.fromEntries(kinds.map((kind, index) => [kind, 1 << index])) as Record<Kind, number>;

/** What one trimmed cell may be taken for. */
export function kindsOf(text: string): Kinds {
  if (text.includes('@') && isMail(text)) return bit.email;
  const web = webKind(text);
  if (web !== 0) return web;
  return /\d/.test(text) ? numericKinds(text) : wordKinds(text);
}

const mail = /[^\s@<>,;:"'()]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,6}/i;

/** An address makes up most of its cell: "Jo <jo@acme.com>" is one, a note that mentions an address is none. */
function isMail(text: string): boolean {
  const found = mail.exec(text)?.[0];
  return found !== undefined && (found.length * 2.5 >= text.length || text.startsWith('mailto:'));
}

const webShape = /^(?:https?:\/\/)?(?:[a-z0-9_-]{1,63}\.){1,8}[a-z]{2,24}(?::\d+)?(?:[/?#]\S*)?$/i;
const othersSites =
  /(?:^|[/.])(?:linkedin|facebook|fb|instagram|twitter|x|youtube|yelp|google|goo|gstatic|googleusercontent|bbb|tiktok|pinterest|crunchbase|zoominfo|apollo|houzz|angi|angieslist|thumbtack|nextdoor|mapquest|yellowpages|wikipedia)\.[a-z]{2,4}(?:[/.?]|$)/i;
const files = /\.(?:jpe?g|png|gif|svg|webp|pdf|docx?|xlsx?|csv|txt|zip)$/i;

function webKind(text: string): Kinds {
  if (!text.includes('.') || !webShape.test(text)) return 0;
  if (othersSites.test(text) || files.test(text)) return bit.profile;
  return /^https?:|^www\.|\//i.test(text) ? bit.url : bit.host;
}

const month =
  '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|januar|februar|märz|mai|juni|juli|okt|dez|janv|févr|mars|avr|juin|juil|août|ene|abr|ago|dic)';
const date = new RegExp(
  String.raw`^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ]\S.*)?$|^\d{1,2}[/.-]\d{1,2}[/.-](?:\d{2}|\d{4})(?:,? \d.*)?$|` +
    String.raw`^(?:\w{3,9},? )?${month}[a-zé]{0,7}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|^\d{1,2}(?:\.|th|st|nd|rd)?[ -]${month}[a-zé]{0,7}\.?,?[ -]\d{2,4}|` +
    String.raw`^\d{1,2}-${month}$|^${month}-\d{2}$|^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])$`,
  'i',
);
const money =
  /^(?:[a-z]{0,3}[$€£¥]|(?:usd|eur|gbp|chf|cad|aud)\s)\s?-?\d[\d.,' ]*\s?(?:k|m|mm|b|bn|million|billion)?(?:\s?\/\s?\w+)?$|^-?\d[\d.,' ]*\s?(?:[$€£]|usd|eur|gbp|chf|cad|aud|k|m|mm|mio\.?|b|bn|million|billion)(?:\s?\/\s?\w+)?$/i;
const plainNumber = /^[-+]?(?:\d{1,3}(?:[,.' ]\d{3})+|\d+)(?:[.,]\d+)?(?:e[+-]?\d+)?\s?%?$/i;
const range =
  /^[<>~≈]?\s?(\d{1,3}(?:[,.]\d{3})+|\d{1,6})\s*(?:(?:-|–|—|to|bis|à)\s*(?:\d{1,3}(?:[,.]\d{3})+|\d{1,6})\+?|\+)(?:\s+(?:employees|people|mitarbeiter|employés|empleados))?$/i;
/** Where ranges of head counts begin; "555-1234" is a phone number. */
const rangeStarts = new Set(
  '0 1 2 3 5 6 10 11 15 16 20 21 25 26 30 31 50 51 75 76 100 101 150 151 200 201 250 251 300 301 499 500 501 750 1000 1001 2000 2001 2500 2501 5000 5001 10000 10001'
    .split(' ')
    .map(Number),
);
const zip =
  /^(?:[a-z]{1,2}-)?\d{5}(?:-\d{4})?(?:\.0)?$|^[a-z]\d[a-z] ?\d[a-z]\d$|^[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}$|^\d{4} ?[a-z]{2}$/i;
const phoneShape =
  /^(?:(?:tel|phone|ph|p|t|m|c|o|cell|mobile|office|fon)[.:]*\s*)?[+(]{0,2}\d[\d\s()./+–-]{5,24}\d(?:[\s,;]*(?:x|ext\.?|extension|#)\s*\d{1,6})?(?:\s*\([a-z ]{1,12}\))?$/i;
/** Groups of three that are no thousands: "713.830.3280", "+49 170 123 456", "030 123 456". */
const groupedPhone = /^\d{3}\.\d{3}\.\d{4}$|^\+[\d .]{9,20}$|^0\d{1,4}[ .][\d .]{5,16}$/;
/** Numbers of other registers that are grouped as no phone number is. */
const registerNumber = /^\d{2}-\d{7}$|^\d{3}-\d{2}-\d{4}$/;
const northAmerican = /^1?[2-9]\d{2}[2-9]\d{6}(?:\.0)?$/;

function numericKinds(text: string): Kinds {
  if (date.test(text)) return bit.date;
  if (isRange(text)) return bit.range;
  let set = 0;
  if (zip.test(text)) set |= bit.zip;
  if (money.test(text)) return bit.money;
  if (groupedPhone.test(text)) return bit.phone;
  if (plainNumber.test(text)) return set | bit.number | (isBarePhone(text) ? bit.phone : 0);
  if (set === 0 && phoneShape.test(text) && !registerNumber.test(text)) {
    // An extension has its own digits; the longest number that can be dialled has fifteen.
    const digits = text.replace(/[x#].*$|ext.*$/i, '').replace(/\D/g, '').length;
    if (digits >= 7 && digits <= 15) return bit.phone;
  }
  return set | addressKinds(text) || companyKinds(text);
}

const isRange = (text: string): boolean => {
  const start = range.exec(text)?.[1];
  return start !== undefined && rangeStarts.has(Number(start.replace(/\D/g, '')));
};

/** Digits alone: as North America writes numbers, or with a trunk zero, or as a spreadsheet's exponent. */
function isBarePhone(text: string): boolean {
  if (northAmerican.test(text)) return true;
  if (/^0\d{8,13}$/.test(text)) return true;
  return /^\d\.\d{6,}e\+?9$/i.test(text);
}

const usTail = /\b[a-z]{2}\.?,?\s+\d{5}(?:-\d{4})?(?:,?\s*(?:usa?|united states(?: of america)?))?\.?$/i;
const otherTail =
  /(?:,|\n)\s*(?:[a-z]{1,2}-)?\d{4,5}\s+\p{L}[\p{L} .-]+(?:,\s*\p{L}[\p{L} ]+)?$|\b[a-z]\d[a-z] ?\d[a-z]\d\b|\b[a-z]{1,2}\d[a-z\d]? \d[a-z]{2}\b/iu;
const boxOrNumber = /^(?:p\.?\s?o\.?\s?box|postfach|apartado|\d{1,6}[a-z]?(?:[-/]\d+)?\b)/i;
const europeanStreet =
  /\p{L}(?:stra(?:ss|ß)e|str\.|weg|platz|allee|gasse|ring|straat|laan|gade|vej)\s+\d|(?:^|\s)(?:rue|avenue|boulevard|bd|chemin|impasse|calle|c\/|avenida|av\.?|paseo|plaza|carrer|via|viale|piazza|corso|rua|ulica|ul\.)\s+\p{L}.*\d|^\d+(?: (?:bis|ter))?,? (?:rue|avenue|boulevard|bd|chemin|impasse|place|quai|route|allée)\s/iu;
const placeShape = /^\p{L}[\p{L} .'-]{1,40},\s*([a-z]{2})\.?(?:,?\s+\d{5}(?:-\d{4})?)?(?:,?\s*(?:usa?|united states))?$/iu;
/** "AUSTIN TX 78701": without a comma the ZIP is what makes it a place. */
const placeWithZip = /^\p{L}[\p{L} .'-]{1,40} ([a-z]{2})\.?,?\s+\d{5}(?:-\d{4})?$/iu;
const townWithCode = /^(?:[a-z]{1,2}-)?\d{5}\s+\p{L}[\p{L} .-]{2,40}$/iu;

function addressKinds(text: string): Kinds {
  if (isPlace(text) || townWithCode.test(text)) return bit.place;
  const streetLike = europeanStreet.test(text) || (boxOrNumber.test(text) && hasStreetWord(text));
  const parts = text.split(/[,\n]/).length;
  const tailed = usTail.test(text) || otherTail.test(text);
  if (parts > 1 && tailed && (streetLike || boxOrNumber.test(text) || parts > 2)) return bit.address;
  if (tailed && streetLike) return bit.address;
  // "12 Main St, Austin, Texas" ends with a place, and "..., United States, 78701" with its code; "12 Main St, Floor 2" with neither.
  const last = text.slice(text.lastIndexOf(',') + 1).trim();
  if (parts > 2 && streetLike && (isPlaceName(last) || zip.test(last))) return bit.address;
  return streetLike ? bit.street : 0;
}

function isPlace(text: string): boolean {
  const state = (placeShape.exec(text) ?? placeWithZip.exec(text))?.[1];
  if (state !== undefined) return stateCodes.has(state.toLowerCase());
  // "Austin, Texas, United States"
  const comma = text.lastIndexOf(',');
  return comma > 0 && lettersOnly.test(text.replaceAll(',', '')) && isPlaceName(text.slice(comma + 1));
}

function hasStreetWord(text: string): boolean {
  if (/^p\.?\s?o\.?\s?box|^postfach|^apartado/i.test(text)) return true;
  const words = text.toLowerCase().split(/[\s,.#]+/);
  return words.some((word, at) => at > 0 && (isStreetType(word) || isDirection(word) || streetWords.has(word)));
}

const stateCodes = new Set(regions.map((region) => region.code.toLowerCase()));
const stateNames = new Set(regions.map((region) => region.name.toLowerCase()));
const isPlaceName = (text: string): boolean => {
  const place = text.trim().toLowerCase();
  return (
    stateCodes.has(place) || stateNames.has(place) || (place.length > 2 && place.length < 40 && countryCode(place) !== undefined)
  );
};

const flags = new Set([
  'true',
  'false',
  'yes',
  'no',
  'y',
  'n',
  't',
  'f',
  'x',
  '✓',
  'ja',
  'nein',
  'oui',
  'non',
  'wahr',
  'falsch',
  'vrai',
  'faux',
]);
const opennesses = new Set([
  'open',
  'closed',
  'active',
  'inactive',
  'pending',
  'expired',
  'suspended',
  'revoked',
  'current',
  'operational',
  'temporarily closed',
  'in progress',
  'offen',
  'aktiv',
]);

function wordKinds(text: string): Kinds {
  const lower = text.toLowerCase();
  if (flags.has(lower)) return bit.flag;
  let set = 0;
  if (stateCodes.has(lower)) set |= bit.stateCode;
  else if (stateNames.has(lower)) set |= bit.stateName;
  // Two letters that are no state are rarely anything else.
  if (text.length <= 30 && countryCode(lower) !== undefined) set |= bit.country;
  if (opennesses.has(lower)) set |= bit.openness;
  else if (leadStatusOf(text)) set |= bit.status;
  if (text.includes(',') && isPlace(text)) set |= bit.place;
  return set | companyKinds(text);
}

/** Letters and what stands between them in names. */
const lettersOnly = /^[\p{L}\p{M} .'’-]+$/u;

/** Names of companies and of people, and what people do. */
function companyKinds(text: string): Kinds {
  const bare = fold(text);
  const words = bare.split(/[^\p{L}\p{N}&'-]+/u).filter(Boolean);
  const last = words.at(-1);
  if (last === undefined) return 0;
  const plain = lettersOnly.test(text) && words.length <= 4 ? bit.words : 0;
  if (salutations.has(last) && words.length === 1) return bit.salutation;
  if (words.length > 1 && (legalForms.has(last) || /\b[lp]\.\s?[lc]\.\s?[cp]?\b|\bs\.\s?[alr]/.test(bare)))
    return bit.company | plain;
  const job = jobKinds(text, words, bare);
  if (job !== 0) return job | plain;
  if (
    words.length <= 12 &&
    (words.length > 1 || text.length > 5) &&
    (words.some((word) => tradeWords.has(word)) || /\p{L} ?& ?\p{L}|\band sons?\b/u.test(bare))
  )
    return bit.company | plain;
  if (plain === 0 && !text.includes(',')) return 0;
  return plain | personKinds(text, words);
}

const plainJobs = /\b(?:owner|president|ceo|manager|director|vp|chief|head of)\b/;

function jobKinds(text: string, words: string[], bare: string): Kinds {
  if (words.length > 8 || !words.some((word) => jobWords.has(word))) return 0;
  // "Sales Manager" has nothing else in it; "Director's Chair Productions" and "Engineer Supply" do.
  if (words.some((word) => tradeWords.has(word)) && !plainJobs.test(bare)) return 0;
  // "Ms. Jane Moreno, Owner"
  const person = text.includes(',') && (salutations.has(words[0]!) || givenNames.has(words[0]!));
  return person ? bit.job | bit.person : bit.job;
}

function personKinds(text: string, words: string[]): Kinds {
  const titled = words.length > 1 && salutations.has(words[0]!);
  const given = givenNames.has(words[titled ? 1 : 0]!.split('-')[0]!);
  if (words.length === 1) return given ? bit.given : 0;
  if (words.length > 5) return 0;
  if (titled) return bit.person;
  const comma = text.indexOf(',');
  // "Smith, John" and "Smith, John A": one comma, and the given name after it.
  if (comma > 0) return /^[^,]+,[^,]+$/.test(text) && words.slice(1).some((word) => givenNames.has(word)) ? bit.person : 0;
  return given ? bit.person : 0;
}

/** Lower case without accents; what is ASCII already, as nearly all of it is, costs nothing more. */
function fold(text: string): string {
  const lower = text.toLowerCase();
  return /^[\u0000-\u007f]*$/.test(lower) ? lower : lower.normalize('NFKD').replace(/\p{M}+/gu, '');
}
