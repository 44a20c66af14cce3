import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { afterAll } from 'vitest';
import { type OpenOptions, openTable } from '../../src/imports/reading/open.ts';
import { parseBlock } from '../../src/imports/reading/read.ts';
import type { RawRow, Table } from '../../src/imports/table.ts';

/** Lists as files on disk, made for a test and gone after it. */

const folder = mkdtempSync(join(tmpdir(), 'lists-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

export function fileOf(content: string | Uint8Array, name = 'list'): string {
  const path = join(folder, `${++files}-${name}`);
  writeFileSync(path, content);
  return path;
}

export const limits = { maxRows: 5_000_000, maxTextBytes: 2 * 1024 ** 3 };

export const opened = (content: string | Uint8Array, options: Partial<OpenOptions> = {}): Promise<Table> =>
  openTable(fileOf(content), { limits, ...options });

export async function rowsOf(table: Table): Promise<RawRow[]> {
  const rows: RawRow[] = [];
  for await (const block of table.blocks) rows.push(...parseBlock(block, table.format));
  return rows;
}

/** Opens a list and reads it to its end. */
export async function listOf(content: string | Uint8Array, options: Partial<OpenOptions> = {}) {
  const table = await opened(content, options);
  const rows = await rowsOf(table);
  return { ...table, rows, cells: rows.map((row) => row.cells), lines: rows.map((row) => row.line) };
}

/** A ZIP file; `flags` 1 marks an entry as encrypted. */
export function zipOf(entries: Record<string, string | Uint8Array>, { stored = false, flags = 0 } = {}): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(entries)) {
    const data = Buffer.from(content as string);
    const packed = stored ? data : deflateRawSync(data);
    const header = Buffer.alloc(26);
    header.writeUInt16LE(20, 0);
    header.writeUInt16LE(0x800 | flags, 2);
    header.writeUInt16LE(stored ? 0 : 8, 4);
    header.writeUInt32LE(crc32(data), 10);
    header.writeUInt32LE(packed.length, 14);
    header.writeUInt32LE(data.length, 18);
    header.writeUInt16LE(Buffer.byteLength(name), 22);
    locals.push(Buffer.from('PK\x03\x04'), header, Buffer.from(name), packed);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    central.push(Buffer.from('PK\x01\x02\x14\0', 'latin1'), header, tail, Buffer.from(name));
    offset += 30 + Buffer.byteLength(name) + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(Object.keys(entries).length, 8);
  end.writeUInt16LE(Object.keys(entries).length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

export interface MadeSheet {
  name: string;
  /** What stands inside of `<sheetData>`. */
  rows: string;
  state?: 'hidden' | 'veryHidden';
}

/** A workbook as Excel writes it. `strings` are the contents of `<si>`, `formats` codes of number formats, styles 1, 2, ... */
export function workbookOf(
  sheets: MadeSheet[],
  {
    strings = [],
    formats = [],
    date1904 = false,
  }: { strings?: string[]; formats?: (string | number)[]; date1904?: boolean } = {},
): Record<string, string> {
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n';
  const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
  const types = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const relations = (list: [id: string, type: string, target: string][]) =>
    `${head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${list
      .map(([id, type, target]) => `<Relationship Id="${id}" Type="${types}/${type}" Target="${target}"/>`)
      .join('')}</Relationships>`;
  const idOf = (format: string | number, i: number) => (typeof format === 'number' ? format : 164 + i);
  return {
    '[Content_Types].xml': `${head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
    '_rels/.rels': relations([['rId1', 'officeDocument', 'xl/workbook.xml']]),
    'xl/workbook.xml': `${head}<workbook ${main} xmlns:r="${types}"><workbookPr${date1904 ? ' date1904="1"' : ''}/><sheets>${sheets
      .map(
        ({ name, state }, i) =>
          `<sheet name="${name}" sheetId="${i + 1}"${state ? ` state="${state}"` : ''} r:id="rId${i + 1}"/>`,
      )
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations([
      ...sheets.map((_, i) => [`rId${i + 1}`, 'worksheet', `worksheets/sheet${i + 1}.xml`] as [string, string, string]),
      ['rId100', 'styles', 'styles.xml'],
      ['rId101', 'sharedStrings', '/xl/sharedStrings.xml'],
    ]),
    'xl/styles.xml': `${head}<styleSheet ${main}><numFmts>${formats
      .map((code, i) => (typeof code === 'string' ? `<numFmt numFmtId="${164 + i}" formatCode="${code}"/>` : ''))
      .join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${formats
      .map((format, i) => `<xf numFmtId="${idOf(format, i)}" applyNumberFormat="1"/>`)
      .join('')}</cellXfs></styleSheet>`,
    'xl/sharedStrings.xml': `${head}<sst ${main}>${strings.map((text) => `<si>${text}</si>`).join('')}</sst>`,
    ...Object.fromEntries(
      sheets.map(({ rows }, i) => [
        `xl/worksheets/sheet${i + 1}.xml`,
        `${head}<worksheet ${main}><dimension ref="A1:B2"/><sheetData>${rows}</sheetData></worksheet>`,
      ]),
    ),
  };
}

/** A row of cells that hold their text themselves. */
export const textRow = (...cells: string[]): string =>
  `<row>${cells.map((cell) => `<c t="inlineStr"><is><t>${cell}</t></is></c>`).join('')}</row>`;
