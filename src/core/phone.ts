import { getCountryCallingCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** Phone numbers: kept as E.164, shown the way people of the country write them. */
export interface Phone {
  e164: string;
  extension?: string;
}

const northAmericanCountries = new Set(['US', 'CA', 'PR']);
const longest = 60;

/** Reads a number as written in `country`; of several numbers the first. Undefined when it cannot be one. */
export function readPhone(text: string, country = 'US'): Phone | undefined {
  // The library needs some twenty microseconds for a good number and forty for a bad one; nearly all are written plainly.
  const plain = readPlainPhone(text, country);
  if (plain !== undefined) return plain === '' ? undefined : { e164: plain };
  const written = withoutDamage(text);
  if (written === '' || written.length > longest) return undefined;
  if (northAmericanCountries.has(country)) {
    const special = extended(written) ?? vanity(written);
    if (special) return special;
    if (!written.includes('+') && tooShort(written)) return undefined;
  }
  return parsed(written, country) ?? parsed(written.split(/[/;,|\n]|\bor\b/, 1)[0]!, country);
}

/** A number written with nothing but digits and the signs between them: its E.164, '' when nobody can have it, undefined for other spellings. */
export function readPlainPhone(text: string, country: string): string | undefined {
  if (country !== 'US' && !northAmericanCountries.has(country)) return undefined;
  const number = plainNorthAmerican(text);
  return number === 0 ? undefined : isGivenOut(number) ? e164Of(number) : '';
}

/** Written in three pieces: a figure of ten digits is a float, and slow to print. */
function e164Of(number: number): string {
  const exchange = Math.floor(number / 10_000);
  return `+1${exchange}${lineNumbers[number - exchange * 10_000]}`;
}

const lineNumbers = Array.from({ length: 10_000 }, (_, line) => String(line).padStart(4, '0'));

/** Spreadsheets turn a column with gaps into decimals, and mark numbers that are text with an apostrophe. */
const withoutDamage = (text: string): string => text.trim().replace(/^'(?=[+\d(])|(?<=^'?\+?\d{7,15})\.0$/g, '');

/**
 * The ten digits of a number written with nothing but digits and the usual signs between them, with or without country
 * code; 0 for everything else, also for what has more or fewer digits.
 */
function plainNorthAmerican(text: string): number {
  const end = text.length;
  if (end > 24) return 0;
  let number = 0;
  let count = 0;
  let code = false;
  for (let i = 0; i < end; i++) {
    const sign = text.charCodeAt(i);
    if (sign >= 48 && sign <= 57) {
      if (count === 0) {
        if (sign === 48) return 0;
        if (sign === 49) {
          if (code) return 0;
          code = true;
          continue;
        }
      }
      if (count === 10) return sign === 48 && i === end - 1 && text.charCodeAt(i - 1) === 46 ? number : 0;
      number = number * 10 + (sign - 48);
      count++;
    } else if (sign === 43) {
      if (i > 0 || text.charCodeAt(1) !== 49) return 0;
    } else if (sign !== 32 && sign !== 40 && sign !== 41 && sign !== 45 && sign !== 46) return 0;
  }
  return count === 10 ? number : 0;
}

/** What the library says about numbers with these leading digits: 0 not asked yet, 1 given out, 2 not. */
const answers = new Uint8Array(1_000_000);

/**
 * Whether ten digits are a number that someone can have. By the library's rules the area code and the first digit of the
 * exchange decide; among the personal numbers (52x) the whole exchange. So each is asked once, not each number.
 */
function isGivenOut(number: number): boolean {
  const exchange = Math.floor(number / 10_000);
  const personal = exchange >= 520_000 && exchange < 530_000;
  const key = personal ? exchange : exchange - (exchange % 100);
  if (answers[key] === 0) answers[key] = parsePhoneNumberFromString(`+1${key}0142`)?.isValid() ? 1 : 2;
  return answers[key] === 1;
}

/** "713-555-0142 ext. 4" */
const withExtension = /^([^a-z#]*\d\)?)[\s,;:-]*(?:ext(?:ension|n)?|x|#)[\s.:#-]*(\d{1,7})$/i;

function extended(text: string): Phone | undefined {
  const parts = withExtension.exec(text);
  const number = parts ? plainNorthAmerican(parts[1]!) : 0;
  return number > 0 && isGivenOut(number) ? { e164: e164Of(number), extension: parts![2]! } : undefined;
}

/** "1-800-FLOWERS": letters stand for the digits on their keys; those after the seventh are only there to be read. */
const inLetters = /^(?:\+?1[\s.-]*)?\(?([2-9]\d{2})\)?[\s.-]+((?:\d[\s.-]?){0,4}[a-z](?:[\s.-]?[a-z\d])*)$/i;
const keyOfLetter = '22233344455566677778889999';

function vanity(text: string): Phone | undefined {
  const parts = inLetters.exec(text);
  if (!parts) return undefined;
  const spelled = parts[2]!.replace(/[\s.-]/g, '').toUpperCase();
  if (spelled.length < 7 || spelled.length > 12 || !/[A-Z]{3}/.test(spelled)) return undefined;
  const digits = spelled.slice(0, 7).replace(/[A-Z]/g, (letter) => keyOfLetter[letter.charCodeAt(0) - 65]!);
  const number = Number(parts[1]! + digits);
  return isGivenOut(number) ? { e164: e164Of(number) } : undefined;
}

/** Fewer digits than any number has; of those with seven only a few that begin with a three work without an area code. */
function tooShort(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  return digits.length < 7 || (digits.length === 7 && digits[0] !== '3' && /^[\d\s().-]+$/.test(text));
}

function parsed(text: string, country: string): Phone | undefined {
  // The library would read the spreadsheet's "7.13E+09" as the number 71309.
  if (/\d[.,]?\d*e[+-]?\d/i.test(text)) return undefined;
  const region = isSupportedCountry(country) ? country : undefined;
  let phone = parsePhoneNumberFromString(text, region);
  // "00" is what most of the world dials for "+".
  if (!phone?.isValid() && /^00[1-9][\d\s().-]{8,}$/.test(text)) phone = parsePhoneNumberFromString(`+${text.slice(2)}`);
  if (!phone?.isValid()) return undefined;
  return phone.ext ? { e164: phone.number, extension: phone.ext } : { e164: phone.number };
}

/** "(713) 555-0100" at home, "+44 20 7946 0958" for numbers from abroad. What is no number comes back as it is. */
export function formatPhone(e164: string, country = 'US'): string {
  const phone = parsePhoneNumberFromString(e164);
  if (!phone) return e164;
  const home = isSupportedCountry(country) && getCountryCallingCode(country) === phone.countryCallingCode;
  return home ? phone.formatNational() : phone.formatInternational();
}
