import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { seeded } from '../src/core/seeded.ts';

/** A made-up dealer list as they come: several spellings, repeats, gaps, notes with line breaks, rows that are no companies. */

const heads =
  'Hart Win Ker Bren Ald Mor Stan Wes Nor Lan Cald Thorn Hux Pres Gar Fen Bur Whit Rad Ells Dun Mar Kirk Hol Ash Cran Bal Tren Ox Pem'.split(
    ' ',
  );
const tails = 'man ley ton field wood er son more ridge land ham ford well by stone croft dale worth gate brook'.split(' ');
const townHeads =
  'Spring Oak River Clear Maple Fair George Frank Green Cedar Mill Union Salem Lake Madi Clin Arling Bristol Dover Hudson Ash Kings Lex Man'.split(
    ' ',
  );
const townTails = 'field ville ton water port burg view dale land ford mouth side wood haven'.split(' ');
const trades =
  'Electric|Electrical Services|Plumbing|Plumbing & Heating|Heating & Air|Mechanical|Power Systems|Generators|HVAC|Solar|Roofing|Refrigeration|Home Services|Construction'.split(
    '|',
  );
const forms = ['', '', ' Inc', ' LLC', ', Inc.', ' Co.', ' Corp'];
const states = 'AL AZ CA CO CT FL GA IL IN KY LA MA MD MI MN MO NC NJ NV NY OH OK OR PA SC TN TX UT VA WA WI'.split(' ');
const areas = [
  205, 480, 213, 303, 203, 305, 404, 312, 317, 502, 504, 617, 410, 313, 612, 314, 704, 201, 702, 212, 216, 405, 503, 215, 803,
  615, 713, 801, 703, 206, 414,
];
const streets = 'Main St|Oak Ave|2nd St|Industrial Blvd|County Road 12|Commerce Dr|W Elm St|Park Ave Ste 200|Hwy 6'.split('|');
const junk = ['Manage Consent Preferences', '', 'View more results', 'Privacy Policy', 'N/A', 'Total: 250'];

const columns = ['Company Name', 'Phone', 'Email', 'Website', 'Street', 'City', 'State', 'Zip', 'Employees', 'Rating', 'Notes'];

export interface ListOptions {
  rows: number;
  seed: number;
  /** Of the rows, how many repeat companies of the list with seed `of`, 0-1. */
  overlap?: { share: number; of: number };
}

export async function writeList(path: string, { rows, seed, overlap }: ListOptions): Promise<void> {
  const file = createWriteStream(path);
  const random = seeded(seed);
  const next = () => random.next();
  const pick = <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)]!;
  let text = `${columns.join(',')}\n`;
  for (let row = 0; row < rows; row++) {
    if (next() < 0.01) text += `${pick(junk)},,,,,,,,,,\n`;
    else {
      // one row in twelve is a company that stood there before, written another way
      const repeats = row > 100 && next() < 0.08;
      const foreign = overlap && next() < overlap.share;
      const number = repeats ? Math.floor(next() * row) : foreign ? Math.floor(next() * rows) : row;
      text += companyLine(number, foreign ? overlap.of : seed, repeats || foreign === true, next, pick);
    }
    if (text.length > 1 << 18) {
      if (!file.write(text)) await once(file, 'drain');
      text = '';
    }
  }
  file.end(text);
  await finished(file);
}

/** The company of this number is always the same; how it is written is not. */
function companyLine(
  number: number,
  seed: number,
  rewritten: boolean,
  next: () => number,
  pick: <T>(of: readonly T[]) => T,
): string {
  const own = seeded(seed * 50_000_017 + number);
  const at = (size: number) => Math.floor(own.next() * size);
  const family = heads[at(heads.length)]! + tails[at(tails.length)]!;
  const second =
    own.next() < 0.35 ? ` ${own.next() < 0.5 ? '& ' : ''}${heads[at(heads.length)]!}${tails[at(tails.length)]!}` : '';
  const trade = trades[at(trades.length)]!;
  const state = at(states.length);
  const town = townHeads[at(townHeads.length)]! + townTails[at(townTails.length)]!;
  const zip = String(10_000 + at(89_000));
  const exchange = 220 + at(700);
  const line = 1000 + at(9000);
  const host = `${family}${trade.split(' ')[0]}${number % 97 === 0 ? 'group' : number}`.toLowerCase().replace(/[^a-z0-9]/g, '');
  const house = 1 + at(9000);
  const street = streets[at(streets.length)]!;
  const employees = at(300);
  const sparse = own.next();

  let name = `${family}${second} ${trade}${forms[at(forms.length)]!}`;
  if (rewritten) {
    const how = next();
    if (how < 0.3) name = name.toUpperCase();
    else if (how < 0.6) name = `${family}${second} ${trade.replace('Services', 'Svcs').replace('Heating', 'Htg')}${pick(forms)}`;
    else if (how < 0.8) name = name.replace(family, family.slice(0, 3) + family.slice(4));
  }
  const phone = sparse < 0.9 ? written(areas[state]!, exchange, line, next) : '';
  const email = sparse > 0.3 ? `info@${host}.com` : '';
  const website = sparse > 0.15 ? (next() < 0.5 ? `https://www.${host}.com/` : `${host}.com`) : '';
  const notes = next() < 0.1 ? '"Called twice,\nleft a ""message"""' : next() < 0.2 ? 'met at the fair' : '';
  return `${name.includes(',') ? `"${name}"` : name},${phone},${email},${website},${house} ${street},${town},${states[state]},${zip},${employees},${(number % 50) / 10},${notes}\n`;
}

function written(area: number, exchange: number, line: number, next: () => number): string {
  const how = next();
  if (how < 0.4) return `(${area}) ${exchange}-${line}`;
  if (how < 0.7) return `${area}-${exchange}-${line}`;
  if (how < 0.9) return `${area}.${exchange}.${line}`;
  return `+1${area}${exchange}${line}`;
}
