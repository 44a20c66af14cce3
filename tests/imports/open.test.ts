import { readdirSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openTable } from '../../src/imports/reading/open.ts';
import { fileOf, limits, listOf, opened, rowsOf, textRow, workbookOf, zipOf } from './files.ts';

const list = 'Company,City\nAcme,Waco\nBolt,Zürich\n';
const rows = [
  ['Acme', 'Waco'],
  ['Bolt', 'Zürich'],
];
const swapped = (text: string) => Buffer.from(text, 'utf16le').swap16();
const crowded = (text: string) => Buffer.from(text, 'latin1');

describe('a file is what its bytes say', () => {
  it.each([
    ['plain text', Buffer.from(list), { encoding: 'utf-8', compressed: false }],
    ['text with a byte order mark', Buffer.from(`\ufeff${list}`), { encoding: 'utf-8' }],
    [
      'UTF-16 of Excel ("Unicode text")',
      Buffer.from(`\ufeff${list}`.replaceAll(',', '\t'), 'utf16le'),
      { encoding: 'utf-16le', delimiter: '\t' },
    ],
    ['UTF-16 the other way round', swapped(`\ufeff${list}`), { encoding: 'utf-16be' }],
    ['UTF-16 without a mark', Buffer.from(list, 'utf16le'), { encoding: 'utf-16le' }],
    ['UTF-16 the other way round without a mark', swapped(list), { encoding: 'utf-16be' }],
    ['Windows-1252', crowded(list), { encoding: 'windows-1252' }],
    ['gzip', gzipSync(list), { encoding: 'utf-8', compressed: true }],
    [
      'gzip of several parts',
      Buffer.concat([gzipSync('Company,City\nAcme,Waco\nBo'), gzipSync('lt,Zürich\n')]),
      { compressed: true },
    ],
    ['gzip of UTF-16', gzipSync(Buffer.from(`\ufeff${list}`, 'utf16le')), { encoding: 'utf-16le', compressed: true }],
    [
      'a ZIP file of one list',
      zipOf({ 'lists/': '', 'lists/leads.csv': list, '__MACOSX/lists/._leads.csv': 'x' }),
      { kind: 'text', compressed: true },
    ],
    [
      'a workbook',
      zipOf(workbookOf([{ name: 'Leads', rows: textRow('Company', 'City') + rows.map((row) => textRow(...row)).join('') }])),
      { kind: 'workbook' },
    ],
  ])('%s', async (_, content, format) => {
    const table = await openTable(fileOf(content, 'misleading.pdf'), { limits });
    expect(table.format).toMatchObject(format);
    expect(table.header).toEqual(['Company', 'City']);
    expect(table.sample.map((row) => row.cells)).toEqual(rows);
    expect((await rowsOf(table)).map((row) => row.cells)).toEqual(rows);
  });

  const ole = (name: string) => {
    const bytes = Buffer.alloc(2048);
    bytes.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    bytes.writeUInt16LE(9, 30);
    bytes.write(`${name}\0`, 1024, 'utf16le');
    bytes.writeUInt32LE(1, 48);
    return bytes;
  };

  it.each([
    ['a PDF', crowded('%PDF-1.7\n'), /is a PDF.*CSV UTF-8.*\.xlsx/],
    ['a picture', crowded('\x89PNG\r\n\x1a\n'), /is a picture/],
    ['a Parquet file', crowded('PAR1\x15\0'), /Parquet/],
    ['a 7z archive', crowded("7z\xbc\xaf'\x1c\0"), /is an archive/],
    ['an old workbook', ole('Workbook'), /old Excel workbook \(\.xls\).*\.xlsx/],
    ['an encrypted workbook', ole('EncryptedPackage'), /password/],
    ['a binary workbook', zipOf({ 'xl/workbook.bin': 'x' }), /\.xlsb/],
    ['a Word document', zipOf({ 'word/document.xml': '<x/>' }), /Word/],
    ['an OpenDocument sheet', zipOf({ mimetype: 'x', 'content.xml': '<x/>' }), /OpenDocument/],
    ['a ZIP of several lists', zipOf({ 'a.csv': list, 'b.csv': list }), /Unpack it/],
    ['an empty ZIP', zipOf({}), /empty/],
    ['a ZIP that ends too early', zipOf({ 'a.csv': list }).subarray(0, 60), /damaged/],
    ['gzip that ends too early', gzipSync(list.repeat(1000)).subarray(0, 60), /damaged/],
    ['gzip within gzip', gzipSync(gzipSync(list)), /more than once/],
    ['a protected ZIP', zipOf({ 'a.csv': list }, { flags: 1 }), /password/],
    ['a web page', Buffer.from('\n<!DOCTYPE html><html><table><tr><td>Company'), /web page/],
    ['XML of Excel 2003', Buffer.from('<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>'), /XML/],
    ['JSON', Buffer.from('[{"company":"Acme"}]'), /JSON/],
    ['full of NULs', Buffer.alloc(500), /not text/],
    ['noise', Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * i * 7919) % 251)), /not text/],
  ])('%s is refused by name, with what to do instead', async (_, content, message) => {
    await expect(opened(content)).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringMatching(message) });
  });

  it.each([
    ['empty', '', /file is empty/],
    ['a mark alone', '\ufeff', /file is empty/],
    ['blank', '\n \n,,\n', /file is empty/],
    ['a header alone', 'Company,City\n\n', /no rows/],
    ['a header with empty rows', 'Company,City\n,,\n , \n', /no rows/],
  ])('one that is %s is refused', async (_, text, message) => {
    await expect(opened(text)).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringMatching(message) });
  });

  it('no folder and no file that is not there is opened', async () => {
    await expect(openTable('/tmp', { limits })).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(openTable(join(tmpdir(), 'there-is-no-such-list'), { limits })).rejects.toThrow(/ENOENT/);
  });
});

describe('characters', () => {
  it('are never cut in two, wherever the pieces end', async () => {
    const row = 'Żółć Ñandú 株式会社 🏗️,München\n'.normalize('NFC');
    for (const encoding of ['utf8', 'utf16le'] as const) {
      const { cells } = await listOf(Buffer.from(`\ufeffCompany,City\n${row.repeat(40_000)}`, encoding));
      expect(cells).toHaveLength(40_000);
      expect(new Set(cells.flat())).toEqual(new Set(['Żółć Ñandú 株式会社 🏗️'.normalize('NFC'), 'München']));
    }
  });

  it('of Windows are read as Windows shows them', async () => {
    const { cells } = await listOf(crowded('Company,City\nCaf\xe9 \x93Z\x94 \x80 \x96 \x99,Z\xfcrich\nCAF\xc9\x92S,x\n'));
    expect(cells).toEqual([
      ['Café “Z” € – ™', 'Zürich'],
      ['CAFÉ’S', 'x'],
    ]);
  });

  it('of an old Mac are told from those of Windows by the line ends', async () => {
    const { format, cells } = await listOf(crowded('Company,City\rCaf\x8e,Z\x9frich\r'));
    expect(format.encoding).toBe('macintosh');
    expect(cells).toEqual([['Café', 'Zürich']]);
  });

  it('that are broken late in a file are read as Windows-1252, and their neighbours as they are', async () => {
    const good = 'Żółć,München\n'.repeat(30_000);
    const text = Buffer.concat([
      Buffer.from(`Company,City\n${good}`),
      crowded('Caf\xe9,'),
      Buffer.from('Łódź\n'),
      Buffer.from(good),
    ]);
    const { format, cells } = await listOf(text);
    expect(format.encoding).toBe('utf-8');
    expect(cells[30_000]).toEqual(['Café', 'Łódź']);
    expect(new Set(cells.map((row) => row.join()))).toEqual(new Set(['Żółć,München', 'Café,Łódź']));
  });

  it('that are Windows-1252 only after a long head of plain letters come out right', async () => {
    const { cells } = await listOf(crowded(`Company,City\n${'Acme,Waco\n'.repeat(50_000)}CAF\xc9\x92S,Z\xfcrich\nJos\xe9,x\n`));
    expect(cells.slice(-2)).toEqual([
      ['CAFÉ’S', 'Zürich'],
      ['José', 'x'],
    ]);
  });
});

describe('the header', () => {
  it.each([
    [
      'below a title and a date',
      'Dealer report,,\nExported on,2026-01-02,\n\nCompany,Phone,City\nAcme,7135550142,Waco\nBolt,7135550143,Waco\n',
      4,
    ],
    ['below a title of one cell', 'My customers\nCompany,Phone,City\nAcme,7135550142,Waco\nBolt,7135550143,Waco\n', 2],
    ['below names of groups', 'Company,,Contact\nName,Phone,City\nAcme,7135550142,Waco\nBolt,7135550143,Waco\nCarl,,Waco', 2],
    ['in words nobody knows', 'Alpha,Beta,Gamma\nAcme,7135550142,Waco\nBolt,7135550143,Waco\n', 1],
    ['with years for columns', 'Company,2023,2024\nAcme,12,Waco\nBolt,13,Waco\n', 1],
    ['over sparse rows', `Company${',x'.repeat(40)}\n${`Acme${','.repeat(40)}\n`.repeat(20)}`, 1],
    ['with line breaks inside quotes', '"Company\nname","Phone\n(main)",City\nAcme,7135550142,Waco\n', 1],
  ])('is found %s', async (_, text, line) => {
    const { format, cells, header } = await listOf(text);
    expect(format.headerLine).toBe(line);
    expect(header.length).toBeGreaterThan(2);
    expect(cells[0]![0]).toBe('Acme');
  });

  it.each([
    ['an e-mail address', 'Acme,info@acme.com,Waco\nBolt,info@bolt.com,Waco\n'],
    ['a phone number', 'Acme,(713) 555-0142,Waco\nBolt,(713) 555-0143,Waco\n'],
    ['a web site', 'Acme,https://acme.com,Waco\nBolt,www.bolt.com,Waco\n'],
    ['an amount', 'Acme,"$1,200.50",Waco\nBolt,$7,Waco\n'],
  ])('is made up for a list whose first row holds %s', async (_, text) => {
    const { format, header, cells } = await listOf(text);
    expect(format.headerLine).toBe(0);
    expect(header).toEqual(['column 1', 'column 2', 'column 3']);
    expect(cells.map((row) => row[0])).toEqual(['Acme', 'Bolt']);
  });

  it('is where a person says it is, or nowhere', async () => {
    const text = 'Alpha,Beta\nCompany,City\n\n"A\nB",Waco\nBolt,Waco\n';
    const second = await listOf(text, { headerLine: 2 });
    expect([second.header, second.lines]).toEqual([
      ['Company', 'City'],
      [4, 6],
    ]);
    const none = await listOf(text, { headerLine: 0 });
    expect([none.format.headerLine, none.header, none.lines]).toEqual([0, ['column 1', 'column 2'], [1, 2, 4, 6]]);
    await expect(listOf(text, { headerLine: 3 })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(/line 3.*1, 2, 4, 6/),
    });
  });

  it('has at most 5,000 columns', async () => {
    await expect(opened(`Company${',x'.repeat(5000)}\nA\n`)).rejects.toMatchObject({ code: 'too_large', details: { line: 1 } });
  });
});

describe('blocks', () => {
  const row = 'Acme Power,(713) 555-0142,Waco,"x, y"\n';
  const long = `Company,Phone,City,Notes\n${row.repeat(50_000)}`;

  it('are bounded, follow one another and own their memory', async () => {
    const table = await opened(long);
    let line = 2;
    for await (const { text, firstLine } of table.blocks) {
      expect(firstLine).toBe(line);
      expect(text.length).toBeLessThan(600 * 1024);
      expect(text.buffer.byteLength).toBe(text.length);
      line += Buffer.from(text).toString().split('\n').length - 1;
    }
    expect(line).toBe(50_002);
  });

  it('end with an error when there are more rows than the server takes, naming its setting', async () => {
    const error = { code: 'too_large', message: expect.stringMatching(/more than 40,000 rows.*IMPORT_MAX_ROWS/) };
    await expect(listOf(long, { limits: { ...limits, maxRows: 40_000 } })).rejects.toMatchObject(error);
    expect((await listOf(long, { limits: { ...limits, maxRows: 50_000 } })).rows).toHaveLength(50_000);
  });

  it.each([
    ['packed text', gzipSync(`Company\n${'x'.repeat(100)}\n${'Acme\n'.repeat(2_000_000)}`)],
    ['a packed list', zipOf({ 'a.csv': `Company\n${'Acme\n'.repeat(2_000_000)}` })],
    ['a workbook', zipOf(workbookOf([{ name: 'x', rows: textRow('Company') + textRow('Acme '.repeat(200)).repeat(8000) }]))],
  ])('end with an error when %s is longer than the server takes, naming its setting', async (_, content) => {
    await expect(listOf(content, { limits: { ...limits, maxTextBytes: 2 * 1024 * 1024 } })).rejects.toMatchObject({
      code: 'too_large',
      message: expect.stringMatching(/more than 2 MB of text.*IMPORT_MAX_TEXT_MB/),
    });
  });

  it('stop when told to in the middle of the strings of a workbook', async () => {
    const strings = Array.from({ length: 300_000 }, (_, i) => `<t>Company ${i}</t>`);
    const path = fileOf(zipOf(workbookOf([{ name: 'x', rows: textRow('Company') + textRow('Acme') }], { strings })));
    const controller = new AbortController();
    const opening = openTable(path, { limits, signal: controller.signal });
    setTimeout(() => controller.abort(), 10);
    await expect(opening).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('stop when told to', async () => {
    const controller = new AbortController();
    const table = await opened(long, { signal: controller.signal });
    const reading = (async () => {
      let seen = 0;
      for await (const _ of table.blocks) if (++seen === 2) controller.abort();
    })();
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
    await expect(opened(long, { signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe.runIf(process.platform === 'linux')('the file', () => {
  const row = 'Acme Power,(713) 555-0142,Waco\n';
  const text = `Company,Phone,City\n${row.repeat(50_000)}`;
  const sheet = { name: 'x', rows: textRow('Company', 'City') + textRow('Acme', 'Waco').repeat(30_000) };
  const open = (path: string) =>
    readdirSync('/proc/self/fd').filter((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`) === path;
      } catch {
        return false;
      }
    }).length;

  it.each([
    ['text', text, 'list.csv'],
    ['gzip', gzipSync(text), 'list.csv.gz'],
    ['a ZIP file', zipOf({ 'a.csv': text }), 'list.zip'],
    ['a workbook', zipOf(workbookOf([sheet])), 'list.xlsx'],
    ['a stored workbook', zipOf(workbookOf([sheet]), { stored: true }), 'list.xlsx'],
  ])('is closed in every ending: %s', async (_, content, name) => {
    const path = fileOf(content, name);

    const read = await openTable(path, { limits });
    expect(open(path)).toBeGreaterThan(0);
    await rowsOf(read);
    expect(open(path)).toBe(0);

    const untouched = await openTable(path, { limits });
    await untouched.blocks.return();
    expect(open(path)).toBe(0);

    for await (const _ of (await openTable(path, { limits })).blocks) break;
    expect(open(path)).toBe(0);

    await rowsOf(await openTable(path, { limits: { ...limits, maxRows: 10 } })).catch(() => {});
    expect(open(path)).toBe(0);

    await openTable(path, { limits, headerLine: 7_000_000 }).catch(() => {});
    await openTable(path, { limits: { ...limits, maxTextBytes: 1000 } }).catch(() => {});
    // the file of a stream that was cut off closes a moment later
    await expect.poll(() => open(path)).toBe(0);
  });
});
