import { citiesEndingIn, cityKey, cityName, isKnownCity } from './cities.ts';
import { type Attributes, keep } from './notes.ts';
import { isDirection, isShortDirection, isStreetType, isWholeStreet, splitStreet, streetInCity, typeFrom } from './streets.ts';

/** Street and city, put back together where a list cut them in the wrong place. */

const maxRemembered = 5_000;

export interface Place {
  street?: string;
  city?: string;
}

/** A city that may be the end of a longer one, by state and text; most are not, and lists repeat them. */
const endings = new Map<string, Map<string, Ending | null>>();
interface Ending {
  cities: string[];
  fragment: boolean;
}
const fragments = new Set('shire ville mont port burg bury ington ingham ham ton stown ale ter son sville borough'.split(' '));
/** Short first words of real cities. */
const shortStarts = new Set(
  'st ft mt el la le de du los las san lake new old big o up mc al n s e w ne nw se sw no so'.split(' '),
);

function endingOf(city: string, state: string): Ending | null {
  const ofState = endings.get(state) ?? new Map<string, Ending | null>();
  endings.set(state, ofState);
  let ending = ofState.get(city);
  if (ending === undefined) {
    const key = cityKey(city);
    const first = city.split(' ', 1)[0]!;
    const cut =
      city === city.toLowerCase() &&
      (first === city ? city.length <= 2 || fragments.has(city) : first.length <= 3 && !shortStarts.has(first));
    const cities = isKnownCity(state, city) || key === '' ? [] : citiesEndingIn(state, key);
    ending = cities.length > 0 || cut ? { cities, fragment: cut } : null;
    if (ofState.size >= maxRemembered) ofState.clear();
    ofState.set(city, ending);
  }
  return ending;
}

const leadingUnit = /^((?:unit|ste|suite|apt|bldg|#)\.?\s*#?(?:\d[\da-z-]*|[a-z]\d?))[\s,]+(\p{L}.*)$/iu;

/** Puts together what a list cut in the wrong place; undefined for nearly every row, which is as it should be. */
export function mended(
  street: string | undefined,
  city: string | undefined,
  state: string | undefined,
  zip: string | undefined,
): Place | undefined {
  if (city === undefined) {
    return street !== undefined && (state ?? zip) !== undefined && !isWholeStreet(street.split(/\s+/))
      ? splitStreet(street, state)
      : undefined;
  }
  if (street === undefined) return streetInCity(city);
  const code = city.charCodeAt(0);
  const lower = code >= 97 && code <= 122;
  const ending = state === undefined ? null : endingOf(city, state);
  if (!lower && !ending && code !== 35) return undefined;

  const unit = leadingUnit.exec(city);
  if (unit) return { street: `${street} ${unit[1]}`, city: unit[2]! };
  const words = street.split(/\s+/);
  const cityWords = city.split(/\s+/);
  const type = cityWords.length > 1 ? typeFrom(words.at(-1)!, cityWords[0]!) : undefined;
  if (type) return { street: [...words.slice(0, -1), type].join(' '), city: cityWords.slice(1).join(' ') };
  // "fourth st." + "nw barberton"
  if (cityWords.length > 1 && cityWords[0]!.length === 2 && isShortDirection(cityWords[0]!) && isStreetType(words.at(-1)!)) {
    return { street: `${street} ${cityWords[0]}`, city: cityWords.slice(1).join(' ') };
  }
  if (!ending) return undefined;
  return fromKnown(words, city, ending.cities) ?? (ending.fragment ? fromFragment(words, city, state) : undefined);
}

/** "4400 blalock rd #400 houst" + "on", "Bend Lane  Cedar" + "Park": the street ends as a known city begins. */
function fromKnown(words: readonly string[], city: string, cities: readonly string[]): Place | undefined {
  const key = cityKey(city);
  for (const whole of cities) {
    const start = whole.slice(0, whole.length - key.length);
    const count = start.trim().split(' ').length;
    const tail = words.slice(-count);
    if (tail.length < count || words.length - count < 2) continue;
    if (cityKey(`${tail.join(' ')}${start.endsWith(' ') ? ' ' : ''}${city}`) !== whole) continue;
    const rest = words.slice(0, -count);
    // "12 Main St" + "Paul": the last word belongs to the street unless the street is whole without it.
    if ((isStreetType(tail.at(-1)!) || isDirection(tail.at(-1)!) || isStreetType(tail[0]!)) && !isWholeStreet(rest)) continue;
    return { street: rest.join(' '), city: whole };
  }
  return undefined;
}

/** "3727 enterprise ave napl" + "es": no city of that name, and none that this could be the whole of. */
function fromFragment(words: readonly string[], city: string, state: string | undefined): Place | undefined {
  const last = words.at(-1)!;
  if (!/^\p{Ll}{2,}$/u.test(last) || isStreetType(last)) return undefined;
  return splitStreet(`${words.join(' ')}${city}`, state);
}

/** Keeps what was written when it was put together differently, and gives cities in lower case their capitals. */
export function noteMended(before: Place, after: Place, attributes: Attributes): Place {
  if (before.street !== undefined && before.street !== after.street) keep(attributes, 'street (as written)', before.street);
  if (before.city !== undefined && before.city !== after.city) keep(attributes, 'city (as written)', before.city);
  const { street, city } = after;
  return { street, city: city !== undefined && city === city.toLowerCase() ? cityName(city) : city };
}
