import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { SharedStrings } from '../../src/imports/reading/strings.ts';
import { limits, listOf, opened, textRow, workbookOf, zipOf } from './files.ts';

// workbooks are read beside this file too, and spill as well: here they spill into a folder of ours
const ours = mkdtempSync(join(tmpdir(), 'workbooks-'));
vi.stubEnv('TMPDIR', ours);
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(ours, { recursive: true, force: true });
});

const spills = () => readdirSync(tmpdir()).filter((name) => name.startsWith('strings-')).length;
const book = (rows: string, options: Parameters<typeof workbookOf>[1] = {}) =>
  zipOf(workbookOf([{ name: 'Leads', rows }], options));
const headed = textRow('Company', 'Value');
/** What comes out for a cell in the second column. */
async function shown(cell: string, options: Parameters<typeof workbookOf>[1] = {}): Promise<string | undefined> {
  return (await listOf(book(`${headed}<row><c t="inlineStr"><is><t>Acme</t></is></c>${cell}</row>`, options))).cells[0]![1];
}

describe('a sheet', () => {
  it('is read as Excel writes it: shared strings, references, formulas', async () => {
    const strings = [
      '<t>Company</t>',
      '<t>City</t>',
      '<t>Total</t>',
      '<t>Acme &amp; Sons</t>',
      '<t xml:space="preserve"> Waco </t>',
    ];
    const rows =
      '<row r="1" spans="1:3"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>' +
      '<row r="2" ht="15.75"><c r="A2" s="0" t="s"><v>3</v></c><c r="B2" t="s"><v>4</v></c><c r="C2"><f>SUM(A1:A2)</f><v>42</v></c></row>';
    const list = await listOf(book(rows, { strings }));
    expect(list.format).toMatchObject({ kind: 'workbook', sheet: 'Leads', sheets: ['Leads'], headerLine: 1, countsRows: true });
    expect(list.header).toEqual(['Company', 'City', 'Total']);
    expect(list.cells).toEqual([['Acme & Sons', ' Waco ', '42']]);
  });

  it('is read as LibreOffice and others write it: prefixes, inline strings, no references, no styles', async () => {
    const parts = workbookOf([{ name: 'Leads', rows: '' }]);
    delete parts['xl/styles.xml'];
    delete parts['xl/sharedStrings.xml'];
    const cell = (text: string) => `<x:c t='inlineStr'><x:is><x:t>${text}</x:t></x:is></x:c>`;
    parts['xl/worksheets/sheet1.xml'] =
      `<?xml version='1.0' encoding='UTF-8'?><!-- made elsewhere --><x:worksheet xmlns:x="y">\n<x:sheetData>\n<x:row>${cell('Company')}${cell('City')}</x:row>\n` +
      `<x:row><x:c t="str"><x:f>A1&amp;">"</x:f><x:v>Acme</x:v></x:c ><x:c t="inlineStr"><x:is><x:t><![CDATA[Waco <TX>]]></x:t></x:is></x:c></x:row>\n</x:sheetData></x:worksheet>\n`;
    const list = await listOf(zipOf(parts, { stored: true }));
    expect([list.header, list.cells]).toEqual([['Company', 'City'], [['Acme', 'Waco <TX>']]]);
  });

  it('is found wherever the parts lie', async () => {
    const parts = workbookOf([{ name: 'Leads', rows: headed + textRow('Acme', 'x') }]);
    const moved = Object.fromEntries(
      Object.entries(parts).map(([name, text]) => [
        name.replace('xl/workbook.xml', 'XL/book2.xml').replace('workbook.xml.rels', 'book2.xml.rels'),
        text.replace('xl/workbook.xml', '/xl/book2.xml'),
      ]),
    );
    expect((await listOf(zipOf(moved))).cells).toEqual([['Acme', 'x']]);
  });

  it('numbers rows as Excel shows them, whatever is missing and however many lines a cell has', async () => {
    const row = (r: number, text: string) =>
      `<row r="${r}"><c r="A${r}" t="inlineStr"><is><t>${text}</t></is></c><c r="B${r}"><v>1</v></c></row>`;
    const rows =
      row(3, 'Company') +
      row(4, 'A') +
      row(9, 'B\nof\r\nthree, "lines"') +
      '<row r="10"/><row r="11"><c r="C11" s="1"/></row>' +
      row(12, 'C') +
      row(1_000_000, 'D');
    const list = await listOf(book(rows), { headerLine: 3 });
    expect(list.lines).toEqual([4, 9, 12, 1_000_000]);
    expect(list.cells[1]).toEqual(['B\nof\r\nthree, "lines"', '1']);
  });

  it('numbers rows when nobody says their number', async () => {
    const { lines } = await listOf(
      book(`${headed}${textRow('A', 'x')}<row/>${textRow('B', 'x')}<row r="2"><c><v>7</v></c></row>`),
    );
    expect(lines).toEqual([2, 4, 5]);
  });

  it('puts cells where their reference says', async () => {
    const rows = `${textRow('Company', 'Phone', 'City', 'x')}<row r="2"><c r="A2" t="str"><v>Acme</v></c><c r="C2" t="str"><v>Waco</v></c></row>`;
    expect((await listOf(book(rows))).cells).toEqual([['Acme', '', 'Waco']]);
  });

  it('has the value of merged cells in the first one', async () => {
    const parts = workbookOf([
      {
        name: 'Leads',
        rows: `${headed}<row r="2"><c r="A2" t="str"><v>Acme</v></c><c r="B2"/></row><row r="3"><c r="A3"/><c r="B3"><v>1</v></c></row>`,
      },
    ]);
    parts['xl/worksheets/sheet1.xml'] = parts['xl/worksheets/sheet1.xml']!.replace(
      '</sheetData>',
      '</sheetData><mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>',
    );
    expect((await listOf(zipOf(parts))).cells).toEqual([['Acme'], ['', '1']]);
  });
});

describe('a cell', () => {
  it.each([
    ['a phone number', '<c><v>7135550142</v></c>', '7135550142'],
    ['a phone number with an exponent', '<c><v>7.135550142E9</v></c>', '7135550142'],
    ['a whole number with a fraction of nothing', '<c><v>77002.0</v></c>', '77002'],
    ['a fraction that binary cannot hold', '<c><v>5.0999999999999996</v></c>', '5.1'],
    ['a tiny number', '<c><v>1E-7</v></c>', '0.0000001'],
    ['a very large number', '<c><v>1E+22</v></c>', '10000000000000000000000'],
    ['a truth', '<c t="b"><v>1</v></c>', 'TRUE'],
    ['the result of a formula', '<c t="str"><f>A1&amp;"x"</f><v>Acmex</v></c>', 'Acmex'],
    ['an error', '<c t="e"><v>#N/A</v></c>', undefined],
    ['a date in words of XML', '<c t="d"><v>2026-01-02T00:00:00</v></c>', '2026-01-02'],
    [
      'rich text',
      '<c t="inlineStr"><is><r><t>Acme </t></r><r><rPr><b/></rPr><t>Power</t></r><rPh sb="0" eb="1"><t>no</t></rPh></is></c>',
      'Acme Power',
    ],
    ['characters that XML cannot hold', '<c t="str"><v>one_x000D_\ntwo &#169; &#x1F3D7;</v></c>', 'one\r\ntwo © 🏗'],
    ['a string that is not there', '<c t="s"><v>99</v></c>', undefined],
  ])('that holds %s', async (_, cell, expected) => {
    expect(await shown(cell)).toBe(expected);
  });

  it.each([
    ['mm-dd-yy, the short date', 14, '46024', '2026-01-02'],
    ['a date and a time', 22, '46024.75', '2026-01-02T18:00:00'],
    ['a time', 20, '0.520833333333333', '12:30:00'],
    ['a date in its own words', '[$-409]d\\-mmm\\-yyyy;@', '46024', '2026-01-02'],
    ['a month', 'mmm\\ yy', '46023', '2026-01-01'],
    ['hours that add up', '[h]:mm', '1.5', '36:00:00'],
    ['a zip code', '00000', '2134', '02134'],
    ['a zip code with four more', '00000\\-0000', '21341234', '02134-1234'],
    ['a phone number', '[&lt;=9999999]###\\-####;\\(###\\)\\ ###\\-####', '7135550142', '7135550142'],
    ['money, with letters in quotes', '#,##0.00\\ &quot;day&quot;', '12.5', '12.5'],
    ['red numbers', '[Red]0.00', '12.50', '12.5'],
    ['the first days of Excel', 14, '1', '1900-01-01'],
    ['the last day before the one that never was', 14, '59', '1900-02-28'],
    ['a date that is none', 14, '-5', '-5'],
  ])('is shown as its format says: %s', async (_, format, value, expected) => {
    expect(await shown(`<c s="1"><v>${value}</v></c>`, { formats: [format] })).toBe(expected);
  });

  it('counts days from 1904 where the workbook says so', async () => {
    expect(await shown('<c s="1"><v>44562</v></c>', { formats: [14], date1904: true })).toBe('2026-01-02');
  });
});

describe('the sheets of a workbook', () => {
  const list = headed + textRow('Acme', 'x');
  const many = zipOf(
    workbookOf([
      { name: 'Secret', rows: list.replace('Acme', 'Hidden'), state: 'hidden' },
      { name: 'Empty', rows: '' },
      { name: 'Cover', rows: textRow('Our customers') },
      { name: 'Leads &amp; more', rows: list },
      { name: 'Old', rows: list.replace('Acme', 'Bolt') },
    ]),
  );

  it('are searched for the first one that is shown and has a list', async () => {
    const { format, cells } = await listOf(many);
    expect(format).toMatchObject({ sheet: 'Leads & more', sheets: ['Secret', 'Empty', 'Cover', 'Leads & more', 'Old'] });
    expect(cells).toEqual([['Acme', 'x']]);
  });

  it('can be named, hidden ones too', async () => {
    expect((await listOf(many, { sheet: 'Old' })).cells[0]).toEqual(['Bolt', 'x']);
    expect((await listOf(many, { sheet: ' secret' })).cells[0]).toEqual(['Hidden', 'x']);
    await expect(opened(many, { sheet: 'New' })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(/no sheet "New".*"Secret", "Empty", "Cover", "Leads & more", "Old"/),
    });
  });

  it('without a row are an empty file', async () => {
    await expect(opened(zipOf(workbookOf([{ name: 'a', rows: '' }])))).rejects.toThrow(/file is empty/);
    await expect(opened(book(headed))).rejects.toThrow(/no rows/);
  });
});

describe('a workbook that is none', () => {
  const good = headed + textRow('Acme', 'x');
  const broken = (change: (sheet: string) => string) => {
    const parts = workbookOf([{ name: 'x', rows: good }]);
    return zipOf({ ...parts, 'xl/worksheets/sheet1.xml': change(parts['xl/worksheets/sheet1.xml']!) });
  };

  it.each([
    ['XML that ends in the middle', broken((xml) => xml.slice(0, -30)), /damaged/],
    ['tags that do not match', broken((xml) => xml.replace('</row>', '</c>')), /damaged/],
    ['a tag within a tag', broken((xml) => xml.replace('<c t=', '<c <c t=')), /damaged/],
    ['no XML', broken(() => 'Company,City'), /damaged/],
    [
      'a document type',
      broken((xml) => xml.replace('<worksheet', '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet')),
      /damaged/,
    ],
    ['an entity of its own', broken((xml) => xml.replace('Acme', '&b;')), /damaged/],
    ['elements without end', broken((xml) => xml.replace('Acme', '<a>'.repeat(1000))), /damaged/],
    ['a cell beyond the last column', broken((xml) => xml.replace('<c t=', '<c r="ZZZZZZ1" t=')), /last column/],
    ['a missing sheet', zipOf({ ...workbookOf([{ name: 'x', rows: good }]), 'xl/worksheets/sheet1.xml': '' }), /damaged/],
    ['a password on its parts', zipOf(workbookOf([{ name: 'x', rows: good }]), { flags: 1 }), /password/],
  ])('is refused: %s', async (_, content, message) => {
    await expect(listOf(content)).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringMatching(message) });
  });

  it('is refused when an entry holds more than it says', async () => {
    const bytes = zipOf(workbookOf([{ name: 'x', rows: good + textRow('Bolt', 'y'.repeat(100_000)) }]));
    const sizeOf = (at: number) => bytes.readUInt32LE(at + 24);
    for (let at = bytes.indexOf('PK\x01\x02'); at !== -1; at = bytes.indexOf('PK\x01\x02', at + 4))
      if (sizeOf(at) > 100_000) bytes.writeUInt32LE(5000, at + 24);
    await expect(listOf(bytes)).rejects.toThrow(/damaged/);
  });

  it('is refused before it is unpacked when it unpacks to far more than a list needs', async () => {
    const bomb = book(`${good}${' '.repeat(20 * 1024 * 1024)}`);
    expect(bomb.length).toBeLessThan(100_000);
    await expect(opened(bomb, { limits: { ...limits, maxTextBytes: 1024 * 1024 } })).rejects.toMatchObject({ code: 'too_large' });
  });

  it('is refused with the row when one is larger than 10 MB', async () => {
    const one = textRow('B', 'x'.repeat(20 * 1024 * 1024));
    await expect(listOf(book(headed + textRow('A', 'x') + one))).rejects.toMatchObject({
      code: 'too_large',
      details: { line: 3 },
    });
    const shared = '<row><c t="s"><v>0</v></c></row>';
    await expect(listOf(book(headed + shared, { strings: [`<t>${'x'.repeat(20 * 1024 * 1024)}</t>`] }))).rejects.toMatchObject({
      code: 'too_large',
      message: expect.stringMatching(/cell.*10 MB/),
    });
    const wide = `<row>${`<c t="inlineStr"><is><t>${'x'.repeat(1024 * 1024)}</t></is></c>`.repeat(11)}</row>`;
    await expect(listOf(book(headed + textRow('A', 'x') + wide))).rejects.toMatchObject({
      code: 'too_large',
      details: { line: 3 },
    });
  });
});

describe('the strings of a workbook', () => {
  it('come back the same from memory and from disk, and leave nothing there', () => {
    const before = spills();
    const strings = new SharedStrings(1024 * 1024);
    const text = (i: number) => (i % 1000 === 7 ? '' : i === 123_456 ? 'ü'.repeat(3_000_000) : `Żółć ${i} ${'x'.repeat(i % 40)}`);
    for (let i = 0; i < 200_000; i++) strings.add(text(i));
    for (let i = 0; i < 200_000; i += 61) expect(strings.get(i)).toBe(text(i));
    expect([strings.get(123_456), strings.get(199_999), strings.get(200_000), strings.get(-1), strings.get(Number.NaN)]).toEqual([
      text(123_456),
      text(199_999),
      undefined,
      undefined,
      undefined,
    ]);
    strings.close();
    expect(spills()).toBe(before);
  });
});
