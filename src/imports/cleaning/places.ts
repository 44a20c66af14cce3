import { type Address, addressOf } from './address.ts';
import { isUsState } from './cities.ts';
import { countryCode } from './country.ts';
import { mended, noteMended } from './mend-places.ts';
import { type Attributes, keep, lineOf } from './notes.ts';
import { at, type Values } from './row-values.ts';
import { isCanadianZip, stateOf, zipOf } from './states.ts';
import { inline, isLong, unescaped } from './text.ts';

/** Where a company is: from the columns for it, and from addresses in one cell where these leave gaps. */

/** What a dealer locator leaves before the address: "8 mi0.0(0)0.0 out of 5 stars.   2105 denton dr". */
const ratingText =
  /^(?:\d+(?:\.\d+)?\s*(?:mi|miles|km)\.?\s*)?\d(?:[.,]\d+)?\s*\(\d[\d,]*\)\s*(?:\d(?:\.\d+)?\s+out of 5 st(?:ars?)?\b\.?[\s,]*)?/i;
const ratingWords = /^\d(?:\.\d+)?\s+out of 5 st(?:ars?)?\b\.?[\s,]*|^\d+(?:\.\d+)?\s*(?:mi|miles|km)\.?\s*(?:away)?$/i;

function withoutRating(text: string, field: string, attributes: Attributes): string | undefined {
  const first = text.charCodeAt(0);
  // Streets begin with figures too; a rating has a count in brackets, a distance its unit.
  if (first < 48 || first > 57 || !(text.includes('(') || text.includes('out of') || text.length < 16)) return text;
  const rating = ratingText.exec(text)?.[0] ?? ratingWords.exec(text)?.[0];
  if (!rating) return text;
  const start = rating.length + categoryLength(text.slice(rating.length));
  const said = text.slice(0, start).replace(/[\s,·•|]+$/, '');
  if (attributes['street (rating text)'] !== said) keep(attributes, `${field} (rating text)`, said);
  return text.slice(start).trim() || undefined;
}

const separators = /[·•|]/;

/** How much of "· Plumber · 22 Elm St", as maps write it after a rating, comes before the address. */
function categoryLength(text: string): number {
  if (isLong(text) || !separators.test(text.trimStart().charAt(0))) return 0;
  const parts = text.split(separators);
  const numbered = parts.findIndex((part) => /\d/.test(part));
  // A trade alone: nothing of it is an address.
  if (numbered < 0 && parts.filter((part) => part.trim() !== '').length < 2 && !text.includes(',')) return text.length;
  return parts.slice(0, numbered < 0 ? -1 : numbered).reduce((length, part) => length + part.length + 1, 0);
}

interface Plan {
  home: string;
  /** Under which key an address stays that the columns beside it contradict. */
  addressKey: string;
}

/** `country` comes as the row writes it; in the result it is a code, or undefined when none is known. */
export function placeOf(
  values: Values,
  country: string | undefined,
  { home, addressKey }: Plan,
  attributes: Attributes,
): Address {
  const place: Address = {
    street: streetIn(values[at.street], attributes),
    city: lineOf(values[at.city], 'city', attributes),
    state: lineOf(values[at.state], 'state', attributes),
    zip: lineOf(values[at.zip], 'zip', attributes),
    country: country === undefined ? undefined : countryCode(country),
  };
  const land = country === undefined ? home : place.country;
  withoutShifted(place, isAmerican(land), attributes);
  const american = country === undefined || isAmerican(place.country);
  if (place.state !== undefined && american) {
    place.state = stateOf(place.state);
    if (place.zip === undefined && /\d$/.test(place.state)) splitState(place);
  }
  if (place.state === undefined && place.zip === undefined) unpack(place, home);
  if (place.state === undefined && place.city !== undefined && land === 'US') splitCity(place, place.city);
  if (place.zip !== undefined) place.zip = zipOf(place.zip, place.state, place.country ?? home);
  if (values[at.address] !== undefined) fill(place, values[at.address]!, home, addressKey, attributes);
  if (!isAmerican(place.country ?? home)) return place;
  const after = mended(place.street, place.city, place.state, place.zip);
  return after ? { ...place, ...noteMended(place, after, attributes) } : place;
}

const isAmerican = (country: string | undefined): boolean => country === 'US' || country === 'CA' || country === 'PR';

function streetIn(text: string | undefined, attributes: Attributes): string | undefined {
  const street = text === undefined ? undefined : withoutRating(unescaped(text), 'street', attributes);
  if (street === undefined || !isLong(street)) return street === undefined ? undefined : inline(street);
  keep(attributes, 'street (too long)', street);
  return undefined;
}

/** Most cities and states: letters first, and no sign that addresses, pages or numbers have. */
const plainPlace = /^[a-zA-Z\u00c0-\uffff][^\d@:/]*$/;
const noLetters = /^\P{L}*$/u;
const phoneOrNone = /^\P{L}*(?:(?:x|ext)\.?\s*\d+)?$/iu;
const webAddress = /^https?:|^www\.|:\/\/|^[\w.-]+\.(?:com|net|org|biz|info)(?:\/\S*)?$/i;

/** An unquoted comma moves the cells of a row: what the place columns cannot hold stays beside the row. */
function withoutShifted(place: Address, american: boolean, attributes: Attributes): void {
  const { city, state, zip } = place;
  if (city !== undefined && (plainPlace.test(city) ? city.includes('.') && webAddress.test(city) : isNoCity(city))) {
    setAside(place, 'city', city, attributes);
  }
  if (state !== undefined && !(state.length === 2 && state.charCodeAt(0) >= 65) && !plainPlace.test(state)) {
    // The departments of France have numbers.
    const figures = noLetters.test(state) && (american || state.length > 3);
    if (figures || state.includes('@') || isCanadianZip(state)) setAside(place, 'state', state, attributes);
  }
  if (zip !== undefined && american && !beginsWithFigure(zip) && !/\d/.test(zip)) setAside(place, 'zip', zip, attributes);
}

const isNoCity = (text: string): boolean =>
  text.includes('@') || phoneOrNone.test(text) || webAddress.test(text) || isCanadianZip(text);

const beginsWithFigure = (text: string): boolean => text.charCodeAt(0) >= 48 && text.charCodeAt(0) <= 57;

function setAside(place: Address, part: 'city' | 'state' | 'zip', text: string, attributes: Attributes): void {
  keep(attributes, `${part} (unreadable)`, text);
  place[part] = undefined;
}

/** "AUSTIN TX" in the column of cities, as lists of licences have it. */
function splitCity(place: Address, city: string): void {
  const last = city.charCodeAt(city.length - 1);
  if (last < 65 || last > 90) return;
  const both = /^(.*\p{L}{2})[\s,]+([A-Z]{2})$/u.exec(city);
  if (!both || !isUsState(both[2]!)) return;
  place.city = both[1]!;
  place.state = both[2]!;
}

/** "TX 77041" in the column of states. */
function splitState(place: Address): void {
  const both = /^(\p{L}[\p{L} .]*?)[\s,]+(\d{5}(?:-\d{4})?)$/u.exec(place.state!);
  const state = both ? stateOf(both[1]!) : '';
  if (!/^[A-Z]{2}$/.test(state)) return;
  place.state = state;
  place.zip = both![2]!;
}

/** "12 Main St, Austin, TX 78701" in the column of streets, "Mooresville, NORTH CAROLINA 28115" in that of cities. */
function unpack(place: Address, home: string): void {
  if (place.city === undefined) {
    if (!place.street?.includes(',')) return;
    const parts = addressOf(place.street, place.country ?? home);
    if (parts.city !== undefined) Object.assign(place, { country: place.country, ...parts, street: parts.street });
  } else if (place.city.includes(',')) {
    const { street, city, state, zip } = addressOf(place.city, place.country ?? home);
    if (street === undefined && city !== undefined && state !== undefined) Object.assign(place, { city, state, zip });
  }
}

/** What the address says where the columns say nothing. It stays beside them when it says something else. */
function fill(place: Address, text: string, home: string, key: string, attributes: Attributes): void {
  if (isLong(text)) {
    keep(attributes, `${key} (too long)`, text);
    return;
  }
  const bare = withoutRating(unescaped(text), 'address', attributes);
  if (bare === undefined) return;
  const parts = addressOf(bare, place.country ?? home);
  const samePlace = place.city === undefined || parts.city === undefined || alike(place.city, parts.city);
  if (samePlace) place.street ??= parts.street;
  place.city ??= parts.city;
  place.state ??= parts.state;
  place.zip ??= parts.zip;
  place.country ??= parts.country;
  const contradicted = placeParts.some((part) => parts[part] !== undefined && !alike(parts[part], place[part]));
  if (contradicted) keep(attributes, key, text);
}

const placeParts = ['street', 'city', 'state', 'zip', 'country'] as const;

const alike = (a: string, b: string | undefined): boolean => b !== undefined && a.toLowerCase() === b.toLowerCase();
