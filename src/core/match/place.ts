import type { City, Prepared, Street } from './facts.ts';
import { likeness } from './typos.ts';
import { weights as w } from './weights.ts';

/** How the places of two records compare. */
export interface PlaceMatch {
  score: number;
  level: 'address' | 'town' | 'unknown' | 'nearby' | 'elsewhere';
  /** Both have a street, and it is another one. */
  otherStreet: boolean;
  reason?: string;
}

export function comparePlaces(a: Prepared, b: Prepared): PlaceMatch {
  const sameZip = a.zip !== '' && a.zip === b.zip;
  const cities = a.city.text !== '' && b.city.text !== '' ? citiesAlike(a.city, b.city) : undefined;
  const statesDiffer = a.state !== '' && b.state !== '' && a.state !== b.state;
  const streets = compareStreets(a.street, b.street);

  if (
    a.country !== '' &&
    b.country !== '' &&
    a.country !== b.country &&
    countryCode(a.country) !== countryCode(b.country) &&
    !sameZip
  )
    return elsewhere(w.otherCountry, `different countries: ${a.facts.country} / ${b.facts.country}`);
  if (statesDiffer && !sameZip) return elsewhere(w.otherState, `different states: ${a.state} / ${b.state}`);

  const zipsDiffer = a.zip !== '' && b.zip !== '' && !sameZip;
  const zipsNear = zipsDiffer && a.zip.slice(0, 3) === b.zip.slice(0, 3);
  if (streets === true && (sameZip || cities === true || zipsNear || (!zipsDiffer && cities === undefined)))
    return { score: w.address, level: 'address', otherStreet: false, reason: 'same address' };

  const otherStreet = streets === false;
  const street = otherStreet ? w.otherStreet : 0;
  if (sameZip) return { score: w.zip + street, level: 'town', otherStreet, reason: `same ZIP code ${a.zip}` };
  if (cities === true) {
    const score = a.state !== '' && b.state !== '' ? w.city : w.cityAlone;
    return {
      score: score + street + (zipsDiffer ? w.otherZip : 0),
      level: 'town',
      otherStreet,
      reason: `same town ${shown(a.facts.city)}`,
    };
  }
  if (cities === false || zipsDiffer) {
    if (zipsNear || (cities === false && streets === true))
      return { score: w.nearby + street, level: 'nearby', otherStreet, reason: 'neighbouring towns' };
    return elsewhere(
      w.otherTown,
      cities === false
        ? `different towns: ${shown(a.facts.city)} / ${shown(b.facts.city)}`
        : `different ZIP codes: ${a.zip} / ${b.zip}`,
    );
  }
  const sameState = a.state !== '' && a.state === b.state;
  return { score: (sameState ? w.state : 0) + street, level: 'unknown', otherStreet };
}

const shown = (text: string | null | undefined): string => text?.slice(0, 60) ?? '';

const elsewhere = (score: number, reason: string): PlaceMatch => ({ score, level: 'elsewhere', otherStreet: false, reason });

/** "St. Louis" and "Saint Louis" are equal already; here one is written with a typo or with more words. */
function citiesAlike(a: City, b: City): boolean {
  if (a.text === b.text) return true;
  if (likeness(a.text, b.text) >= 0.5) return true;
  const [short, long] = a.words.length < b.words.length ? [a, b] : [b, a];
  return (
    short.text.length >= 5 && short.words.length < long.words.length && short.words.every((word, i) => word === long.words[i])
  );
}

/** Same door, another door, or nothing to compare: a post box says nothing about where a company is. */
function compareStreets(a: Street, b: Street): boolean | undefined {
  if (a.number === '' || b.number === '' || a.word === '' || b.word === '') return undefined;
  if (a.number === b.number && (a.word === b.word || likeness(a.word, b.word) > 0)) return true;
  return a.word === 'box' || b.word === 'box' ? undefined : false;
}

const countryCodes: Record<string, string> = {
  USA: 'US',
  'U.S.': 'US',
  'U.S.A.': 'US',
  'UNITED STATES': 'US',
  'UNITED STATES OF AMERICA': 'US',
  AMERICA: 'US',
  CAN: 'CA',
  CANADA: 'CA',
  UK: 'GB',
  GBR: 'GB',
  'UNITED KINGDOM': 'GB',
  'GREAT BRITAIN': 'GB',
  ENGLAND: 'GB',
  DEU: 'DE',
  GERMANY: 'DE',
  DEUTSCHLAND: 'DE',
  FRA: 'FR',
  FRANCE: 'FR',
  AUS: 'AU',
  AUSTRALIA: 'AU',
  MEX: 'MX',
  MEXICO: 'MX',
  MÉXICO: 'MX',
  ESP: 'ES',
  SPAIN: 'ES',
  ESPAÑA: 'ES',
  ITA: 'IT',
  ITALY: 'IT',
  ITALIA: 'IT',
  NLD: 'NL',
  NETHERLANDS: 'NL',
  IRL: 'IE',
  IRELAND: 'IE',
  IND: 'IN',
  INDIA: 'IN',
  BRA: 'BR',
  BRAZIL: 'BR',
};
const countryCode = (country: string): string => (Object.hasOwn(countryCodes, country) ? countryCodes[country]! : country);
