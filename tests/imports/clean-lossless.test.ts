import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rowCleaner } from '../../src/imports/cleaning/clean.ts';
import { type CompanyRow, importFields } from '../../src/imports/table.ts';
import { columnOf } from './rows.ts';

const headers = [...importFields, 'personName 2', 'personEmail 2', 'personPhone 2', 'Notes', 'Rating'];
const clean = rowCleaner(headers.map(columnOf), { country: 'US', dates: 'mdy', decimal: '.' });

/** What lists hold, wherever they hold it. */
const ordinary = fc.constantFrom(
  ...[
    '(713) 555-0142',
    '713-555-0142 x4 / 713 555 0143 (cell)',
    '1-800-FLOWERS',
    '7.13E+09',
    'Bob <bob@acme.com>; ann.reyes@acme.com',
    'info@acme.com',
    'bob at acme dot com',
    'https://www.acme.com/a?b=c#d',
    'www.acme.com',
    'facebook.com/acme',
    'gmail.com',
    'acme.com; acme.net',
    '12 Main St, Suite 4, Austin, TX 78701',
    '4400 blalock rd #400 houst',
    '8 mi0.0(0)0.0 out of 5 stars.   210 elm dr aust',
    'on',
    'reet bridgeport',
    'unit c deer park',
    'Texas',
    'TX 77041',
    '770770000',
    'Smith, Dr. John A. / Jane Doe (Owner)',
    'John & Jane Smith',
    'Owner',
    '11-50 employees',
    '1.2k',
    '$1,234.567',
    '(500)',
    '12.500,00 €',
    '25/12/2024',
    '30/02/2024',
    '45296',
    'Working - Contacted',
    'Germany',
    'line one\nline two',
    'x'.repeat(700),
    '12. Acme',
  ],
);
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.stringMatching(/^[\d\s().,;:/@#$€"'-]{0,40}$/),
  fc.stringMatching(/^[a-zA-Z@.,;/ \n-]{0,60}$/),
  fc.constantFrom(
    '\0',
    '\ud800',
    '__proto__',
    '"',
    ',,,',
    '@@',
    '://',
    '((((((',
    '1'.repeat(5000),
    'a@'.repeat(2000),
    '<'.repeat(3000),
    ' - '.repeat(1000),
  ),
);

it('cleans anything at all without failing, and into plain text that a database can keep', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(ordinary, hostile), { maxLength: headers.length + 3 }), (cells) => {
      const row = clean({ line: 7, cells });
      expect(row.line).toBe(7);
      const text = JSON.stringify(row);
      expect(text).not.toMatch(/\\u0000|\\ud[89a-f]/i);
      expect(clean({ line: 7, cells })).toEqual(row);
    }),
    { numRuns: 400 },
  );
});

it.each(['.', ' .', '-', '(', '1', '1 ', 'a@', 'a, ', '&#39;', '"', 'é', '\u00a0 ', '=', 'www.', '//', 'a.b', "' "])(
  'is not held up by a megabyte of "%s" in any cell',
  (unit) => {
    const cell = `x${unit.repeat(1_000_000 / unit.length)}`;
    for (const [index] of headers.entries()) {
      clean({ line: 2, cells: headers.map((_, i) => (i === index ? cell : i === 0 ? 'Acme' : '')) });
    }
  },
);

/** Letters and figures in lower case: what is left of a text when its form is taken away. */
const bare = (text: string): string[] =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [];

function everything(row: CompanyRow): string {
  const { line, people, deal, account, attributes, ...fields } = row;
  const values = [...Object.values(fields), ...people.flatMap((person) => Object.values(person)), ...Object.values(attributes)];
  return [...values, ...Object.values(deal ?? {}), ...Object.values(account ?? {})]
    .filter((value) => value !== undefined)
    .join(' ')
    .toLowerCase();
}

/** Which words of a cell are no longer in the row: in a field, an attribute, or in another spelling that means the same. */
function lost(cell: string, row: CompanyRow): string[] {
  const kept = everything(row);
  const digits = kept.replace(/\D/g, '');
  const words = new Set(bare(kept));
  return bare(cell).filter((word) => !words.has(word) && !kept.includes(word) && !(/^\d+$/.test(word) && digits.includes(word)));
}

it.each(headers.filter((header) => header !== 'name'))('loses nothing that stood in the column %s', (header) => {
  // Other spellings of the same: what spreadsheets make of dates and zips, names of states and countries, words around addresses, "nothing", forms of address.
  const meansTheSame =
    /^(?:nan|nat|nil|null|none|unknown|undefined|texas|tx|germany|mr|mrs|ms|miss|mx|dr|prof|sir|herr|frau|sr|sra|mme|m|hr|fr|at|dot|x|x4|k|2k|e|09|770770000|45296|000|00|0|www|https?)$/;
  fc.assert(
    fc.property(
      fc.oneof(
        ordinary,
        fc.stringMatching(/^[a-z]{3,9}( [a-z]{3,9}){0,3}$/),
        fc.stringMatching(/^[A-Z][a-z]{2,8}, [A-Z][a-z]{2,8}$/),
      ),
      (cell) => {
        const row = rowCleaner([columnOf('name'), columnOf(header)], { country: 'US', dates: 'mdy', decimal: '.' })({
          line: 3,
          cells: ['Acme', cell],
        });
        if ('reason' in row) throw new Error(`${cell} made the row ${row.reason}`);
        expect(
          lost(cell, row).filter((word) => !meansTheSame.test(word)),
          JSON.stringify(row),
        ).toEqual([]);
      },
    ),
    { numRuns: 150 },
  );
});
