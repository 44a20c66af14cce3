import { regionCode } from '../../core/regions.ts';
import { countryCode } from './country.ts';
import { stateOf, zipOf } from './states.ts';
import { splitStreet } from './streets.ts';

/** Whole addresses in one cell: "12 Main St, Suite 200, Austin, TX 78701". */
export interface Address {
  street?: string;
  city?: string;
  state?: string;
  zip?: string;
  country?: string;
}

const breaks = /\s*[,;|\n]\s*|\s+[•·]\s+/;
const usZip = /(?:^|[\s,.-])(\d{5}(?:[-–\s]\d{4})?)$/;
const canadianZip = /(?:^|\s)([a-z]\d[a-z][\s-]?\d[a-z]\d)$/i;
const britishZip = /(?:^|\s)([a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2})$/i;
/** "10115 Berlin", "D-10115 Berlin", "75001 Paris", "1010 Wien", "00-950 Warszawa" */
const zipBeforeCity = /^(?:[a-z]{1,2}-)?(\d{4,5}|\d{2}-\d{3}|\d{3} \d{2}|\d{4} ?[a-z]{2})\s+(\p{L}.*)$/iu;
/** "Bldg 1 Broussard" */
const unitAndCity = /^((?:bldg|building|suite|ste|unit|apt|floor|fl|#)\.?\s*#?\d[\da-z-]*)\s+(\p{L}[\p{L} .'-]+)$/iu;
const houseNumber = /\d/;

/** Cuts an address into its parts. What cannot be told apart stays together in the street. */
export function addressOf(text: string, home: string): Address {
  const parts = text
    .split(breaks)
    .map((part) => part.replace(/\s+/g, ' ').trim())
    .filter((part) => part !== '' && part !== '.');
  if (parts.length === 0) return {};
  const address: Address = {};
  const last = parts.at(-1)!;
  const country = countryAt(last, parts.length, home);
  if (country) {
    address.country = country.code;
    if (country.rest === '') parts.pop();
    else parts[parts.length - 1] = country.rest;
  }
  const land = address.country ?? home;
  if (land === 'US' || land === 'CA') return american(parts, address);
  if (land === 'GB' || land === 'IE') return british(parts, address);
  return continental(parts, address) ?? american(parts, address);
}

/** The country at the end: never a state of the same letters ("CA", "DE", "IN"). */
function countryAt(part: string, count: number, home: string): { code: string; rest: string } | undefined {
  const dot = part.replace(/\.$/, '');
  if (count > 1 && !(dot.length === 2 && regionCode(dot) && (home === 'US' || home === 'CA'))) {
    const code = countryCode(dot);
    if (code && !(code === 'GE' && home === 'US')) return { code, rest: '' };
  }
  const tail = /^(.*\d[\w-]*)\s+(?:(?:the\s+)?(\p{L}[\p{L}. ]{1,30}))$/u.exec(part);
  const code =
    tail && !/^[a-z]{2}$/i.test(tail[2]!.replace(/\./g, ''))
      ? countryCode(tail[2]!)
      : tail && /^u\.?[sk]\.?$/i.test(tail[2]!)
        ? countryCode(tail[2]!)
        : undefined;
  return code ? { code, rest: tail![1]! } : undefined;
}

/** The state at the end of a part, as code or name: "Austin TX", "San Antonio, TEXAS". */
function takeState(part: string): { state: string; rest: string } | undefined {
  const words = part.split(' ');
  for (let count = Math.min(4, words.length); count >= 1; count--) {
    const name = words.slice(-count).join(' ');
    const code = stateOf(name.replace(/\.$/, ''));
    if (!/^[A-Z]{2}$/.test(code) || (code === name.toUpperCase() && !regionCode(name) && !['PR', 'GU', 'VI'].includes(code)))
      continue;
    // "Will call", "12 Main La": two letters in a sentence are a state only as people write states.
    if (count === 1 && name.length === 2 && name !== name.toUpperCase() && name !== name.toLowerCase()) continue;
    return { state: code, rest: words.slice(0, -count).join(' ') };
  }
  return undefined;
}

function american(parts: string[], address: Address): Address {
  let last = parts.at(-1);
  if (last === undefined) return address;
  const zip = usZip.exec(last) ?? canadianZip.exec(last);
  // The number of "Highway 12345" is no zip; one that starts a street on its own is not either.
  if (zip && !(parts.length === 1 && zip.index === 0)) {
    address.zip = zipOf(zip[1]!.replace(/[–\s](?=\d{4}$)/, '-'), undefined, 'US');
    last = last.slice(0, zip.index).replace(/[\s,.-]+$/, '');
    if (last === '') parts.pop();
    else parts[parts.length - 1] = last;
  }
  last = parts.at(-1);
  const found = last === undefined ? undefined : takeState(last);
  if (
    found &&
    (address.zip !== undefined || parts.length > 1 || !houseNumber.test(found.rest) || splitStreet(found.rest, found.state))
  ) {
    address.state = found.state;
    if (found.rest === '') parts.pop();
    else parts[parts.length - 1] = found.rest;
  }
  if (address.state === undefined && address.zip === undefined) {
    address.street = parts.join(', ') || undefined;
    return address;
  }
  return withCity(parts, address);
}

/** The last part is the city, unless a street is glued to it. */
function withCity(parts: string[], address: Address): Address {
  const city = parts.pop();
  if (city === undefined) return address;
  const split = houseNumber.test(city) || /^p\.?\s*o\.?\s*box/i.test(city) ? splitStreet(city, address.state) : undefined;
  if (split) {
    address.city = split.city;
    parts.push(split.street);
  } else if (unitAndCity.test(city)) {
    const [, unit, rest] = unitAndCity.exec(city)!;
    parts.push(unit!);
    address.city = rest;
  } else if (houseNumber.test(city)) parts.push(city);
  else address.city = city;
  if (parts.length > 0) address.street = parts.join(', ');
  return address;
}

function british(parts: string[], address: Address): Address {
  const last = parts.at(-1);
  const zip = last === undefined ? null : britishZip.exec(last);
  if (!zip) {
    address.street = parts.join(', ') || undefined;
    return address;
  }
  address.zip = zipOf(zip[1]!, undefined, 'GB');
  const rest = last!.slice(0, zip.index).trim();
  if (rest === '') parts.pop();
  else parts[parts.length - 1] = rest;
  if (parts.length > 1 || (parts.length === 1 && !houseNumber.test(parts[0]!))) address.city = parts.pop();
  address.street = parts.join(', ') || undefined;
  return address;
}

function continental(parts: string[], address: Address): Address | undefined {
  const index = parts.findLastIndex((part, i) => i > 0 && zipBeforeCity.test(part));
  if (index < 0) {
    const glued = /^(.*\d\s?[a-z]?)\s+(?:d-)?(\d{5})\s+(\p{L}[\p{L} .()/-]*)$/iu.exec(parts.join(' '));
    if (!glued) return undefined;
    return { ...address, street: glued[1], zip: glued[2], city: glued[3] };
  }
  const [, zip, city] = zipBeforeCity.exec(parts[index]!)!;
  const rest = parts.slice(index + 1).join(', ');
  return { ...address, street: parts.slice(0, index).join(', '), zip, city, state: rest || undefined };
}
