import { getCountryCallingCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** Phone numbers: kept as E.164, shown the way people of the country write them. */
export interface Phone {
  e164: string;
  extension?: string;
}

/** Plain North American spellings: the library needs ten times as long for each, so it is asked once per exchange. */
const northAmerican = /^(?:\+?1[ .-]?)?\(?([2-9]\d{2})\)?[ .-]*([2-9]\d{2})[ .-]?(\d{4})$/;
const northAmericanCountries = new Set(['US', 'CA']);
const longest = 60;

/** Reads a number as written in `country`; of several numbers the first. Undefined when it cannot be one. */
export function readPhone(text: string, country = 'US'): Phone | undefined {
  // Spreadsheets turn a column with gaps into decimals.
  const written = text.trim().replace(/\.0$/, '');
  if (written === '' || written.length > longest) return undefined;
  if (northAmericanCountries.has(country)) {
    const parts = northAmerican.exec(written);
    if (parts && isGivenOut(`${parts[1]}${parts[2]}`)) return { e164: `+1${parts[1]}${parts[2]}${parts[3]}` };
  }
  return parsed(written, country) ?? parsed(written.split(/[/;,|]|\bor\b/, 1)[0]!, country);
}

/** By area code and exchange: 0 not asked yet, 1 given out, 2 not. */
const exchanges = new Uint8Array(1_000_000);

function isGivenOut(exchange: string): boolean {
  const index = Number(exchange);
  if (exchanges[index] === 0) exchanges[index] = parsePhoneNumberFromString(`+1${exchange}0142`)?.isValid() ? 1 : 2;
  return exchanges[index] === 1;
}

function parsed(text: string, country: string): Phone | undefined {
  // The library would read the spreadsheet's "7.13E+09" as the number 71309.
  if (/\d[.,]?\d*e[+-]?\d/i.test(text)) return undefined;
  const phone = parsePhoneNumberFromString(text, isSupportedCountry(country) ? country : undefined);
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
