import type { FileHandle } from 'node:fs/promises';
import { AppError } from '../../errors.ts';
import { damaged, protectedFile } from './zip.ts';

/** What is sent when the file cannot be read. */
const instead = 'Save the list as "CSV UTF-8 (comma delimited)" or as an Excel workbook (.xlsx) and send that file.';

export const notAList = (what: string): AppError => new AppError('invalid_input', `${what} ${instead}`);

/** What a file is, by its first bytes; names never matter. Anything that can hold no list is refused by what it is. */
export function kindOf(head: Buffer): 'gzip' | 'zip' | 'compound' | 'text' {
  if (begins(head, [0x1f, 0x8b])) return 'gzip';
  if (begins(head, 'PK\x03\x04') || begins(head, 'PK\x05\x06')) return 'zip';
  if (begins(head, [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])) return 'compound';
  const what = signatures.find(([, ...starts]) => starts.some((start) => begins(head, start)))?.[0];
  if (what) throw notAList(`This file is ${what}, not a list.`);
  return 'text';
}

type Start = string | number[];
const signatures: [what: string, ...starts: Start[]][] = [
  ['a PDF', '%PDF-'],
  ['a picture', '\x89PNG', [0xff, 0xd8, 0xff], 'GIF87a', 'GIF89a', 'II*\0', 'MM\0*', 'RIFF'],
  ['a Parquet file', 'PAR1'],
  ['a data file of another program', 'ARROW1', 'Obj\x01', 'SQLite format 3\0', '\x89HDF'],
  ['an archive', 'Rar!', "7z\xbc\xaf'\x1c", 'BZh', '\xfd7zXZ', '\x28\xb5\x2f\xfd'],
  ['a program', '\x7fELF', 'MZ\x90'],
];

function begins(head: Buffer, start: Start): boolean {
  const bytes = typeof start === 'string' ? Buffer.from(start, 'latin1') : start;
  return bytes.every((byte, i) => head[i] === byte);
}

const documents: [what: string, start: RegExp][] = [
  ['a web page, whatever its name says', /^<(!doctype html|html|head|body|table|meta)\b/i],
  ['an XML document (old Excel versions save such)', /^<\?xml\b/i],
  ['JSON', /^(\{\s*("|\})|\[\s*[[{"])/],
  ['a text document (RTF)', /^\{\\rtf/],
  ['an address card', /^BEGIN:VCARD/i],
];

/** The same for text: documents that are no table, and bytes that are no text. */
export function refuseDocuments(head: string): void {
  const what = documents.find(([, start]) => start.test(head.trimStart()))?.[0];
  if (what) throw notAList(`This file is ${what}, not a list.`);
  let controls = 0;
  for (let i = 0; i < head.length; i++) {
    const code = head.charCodeAt(i);
    if (code < 9 || (code > 13 && code < 28)) controls++;
  }
  // A stray NUL is dirt and gets cleaned; one in twenty is a binary file.
  if (controls * 20 >= head.length && controls > 8) throw notAList('This file is not text.');
}

/** Refuses a file in the container of old Office programs, which is also that of files with a password. */
export async function refuseCompound(file: FileHandle): Promise<never> {
  const header = await bytesAt(file, 0, 512);
  const sector = 2 ** Math.min(header.length === 512 ? header.readUInt16LE(30) : 9, 12);
  const directory = header.length === 512 ? await bytesAt(file, (header.readUInt32LE(48) + 1) * sector, 4096) : header;
  if (directory.includes(Buffer.from('EncryptedPackage', 'utf16le'))) throw protectedFile();
  const isWorkbook = ['Workbook', 'Book'].some((name) => directory.includes(Buffer.from(`${name}\0`, 'utf16le')));
  throw notAList(`This file is ${isWorkbook ? 'an old Excel workbook (.xls)' : 'a document of an old Office program'}.`);
}

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

/** What a ZIP file holds: a workbook, one packed list, or something that is refused. */
export function contentOf(names: string[]): { kind: 'workbook' } | { kind: 'list'; name: string } {
  const folded = names.map((name) => name.toLowerCase());
  const holds = (pattern: RegExp) => folded.some((name) => pattern.test(name));
  if (holds(/^xl\/.*\.xml$/)) return { kind: 'workbook' };
  if (holds(/^xl\/workbook\.bin$/)) throw notAList('This file is a binary Excel workbook (.xlsb).');
  if (holds(/^word\//)) throw notAList('This file is a Word document, not a list.');
  if (holds(/^ppt\//)) throw notAList('This file is a presentation, not a list.');
  if (holds(/^content\.xml$/)) throw notAList('This file is an OpenDocument file.');
  if (holds(/\.iwa$/)) throw notAList('This file is a Numbers or Pages document of Apple.');
  const files = names.filter((name) => !/(^|\/)(__MACOSX\/|\.)/.test(name));
  const [name, ...others] = files;
  if (name !== undefined && others.length === 0 && /\.(csv|tsv|tab|txt)$/i.test(name)) return { kind: 'list', name };
  if (!name) throw notAList('This ZIP file is empty.');
  throw new AppError(
    'invalid_input',
    'This ZIP file is not a workbook and not one packed list. Unpack it and send the list in it (CSV or .xlsx).',
    { details: { files: files.slice(0, 20) } },
  );
}

/** Trouble while unpacking, in our words; anything else as it is. */
export function readable(error: unknown): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code.startsWith('Z_') ? damaged(error) : error;
}
