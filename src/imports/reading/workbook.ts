import { posix } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { AppError } from '../../errors.ts';
import type { Limits } from '../table.ts';
import { builtInStyle, type NumberStyle, plain, styleOf } from './cellvalue.ts';
import { maxCellLength, SheetReader, withoutEscapes } from './sheet.ts';
import type { CountedBlock } from './split.ts';
import { SharedStrings } from './strings.ts';
import { attribute, XmlError, type XmlEvents, XmlReader } from './xml.ts';
import { type Archive, damaged } from './zip.ts';

/** A sheet's XML is this much larger than its text, at most, in files that people make. */
const xmlPerText = 8;
/** Styles and lists of parts: small in every workbook that Excel opens. */
const smallPartBytes = 64 * 1024 * 1024;
/** As many as 12 for each row of a full sheet: each needs memory, however short it is. */
const mostStrings = 12_000_000;

interface Sheet {
  name: string;
  part: string;
  hidden: boolean;
}

/** An Excel workbook (.xlsx, .xlsm): which sheets it has, and the rows of each as blocks of CSV text. */
export class Workbook {
  private readonly archive: Archive;
  private readonly limits: Limits;
  private readonly sheets: Sheet[];
  private readonly parts: Map<string, string>;
  private readonly date1904: boolean;
  private strings: SharedStrings | undefined;
  private styles: NumberStyle[] = [];

  private constructor(
    archive: Archive,
    limits: Limits,
    { sheets, parts, date1904 }: { sheets: Sheet[]; parts: Map<string, string>; date1904: boolean },
  ) {
    this.archive = archive;
    this.limits = limits;
    this.sheets = sheets;
    this.parts = parts;
    this.date1904 = date1904;
  }

  static async open(archive: Archive, limits: Limits): Promise<Workbook> {
    const main = (await relationsOf(archive, '')).find(({ type }) => type === 'officeDocument')?.target ?? 'xl/workbook.xml';
    const relations = await relationsOf(archive, main);
    const targets = new Map(relations.map(({ id, target }) => [id, target]));
    const parts = new Map(relations.map(({ type, target }) => [type, target]));
    const worksheets = new Set(relations.filter(({ type }) => type === 'worksheet').map(({ target }) => target));
    const sheets: Sheet[] = [];
    let date1904 = false;
    await readXml(archive, main, {
      open(name, attributes) {
        if (name === 'workbookPr') date1904 = /^(1|true|on)$/.test(attribute(attributes, 'date1904') ?? '');
        if (name !== 'sheet') return;
        const part = targets.get(attribute(attributes, 'id') ?? '');
        // Charts and dialogs are sheets too.
        if (!part || !worksheets.has(part)) return;
        sheets.push({
          name: attribute(attributes, 'name') ?? '',
          part,
          hidden: /hidden/i.test(attribute(attributes, 'state') ?? ''),
        });
      },
    });
    return new Workbook(archive, limits, { sheets, parts, date1904 });
  }

  get names(): string[] {
    return this.sheets.map(({ name }) => name);
  }

  /** The sheets that may hold the list, in order: those that are shown, or the one that was asked for. */
  candidates(chosen?: string): string[] {
    if (chosen === undefined) return this.sheets.filter(({ hidden }) => !hidden).map(({ name }) => name);
    const folded = chosen.trim().toLowerCase();
    const sheet =
      this.sheets.find(({ name }) => name === chosen) ?? this.sheets.find(({ name }) => name.trim().toLowerCase() === folded);
    if (sheet) return [sheet.name];
    throw new AppError(
      'invalid_input',
      `The workbook has no sheet "${chosen}". Its sheets are: ${this.names.map((name) => `"${name}"`).join(', ')}.`,
      { details: { sheets: this.names } },
    );
  }

  async *blocks(sheetName: string): AsyncGenerator<CountedBlock> {
    const { part } = this.sheets.find(({ name }) => name === sheetName)!;
    const strings = await this.sharedStrings();
    const reader = new SheetReader({ strings, styles: this.styles, date1904: this.date1904 });
    const xml = new XmlReader(reader);
    for await (const text of textOf(this.archive, part, this.largest)) {
      inOurWords(() => xml.write(text));
      yield* reader.take(false);
    }
    inOurWords(() => xml.end());
    yield* reader.take(true);
  }

  private get largest(): number {
    return this.limits.maxTextBytes * xmlPerText;
  }

  async close(): Promise<void> {
    this.strings?.close();
    await this.archive.close();
  }

  private async sharedStrings(): Promise<SharedStrings> {
    if (this.strings) return this.strings;
    const strings = new SharedStrings();
    this.strings = strings;
    const styles = this.parts.get('styles');
    if (styles && this.archive.has(styles)) this.styles = await stylesOf(this.archive, styles);
    const part = this.parts.get('sharedStrings');
    if (!part || !this.archive.has(part)) return strings;
    let text = '';
    let taking = false;
    let phonetic = false;
    const events: Partial<XmlEvents> = {
      open: (name) => {
        if (name === 'si') text = '';
        else if (name === 'rPh') phonetic = true;
        else if (name === 't') taking = !phonetic;
      },
      text: (part) => {
        if (taking) text += part;
        if (text.length > maxCellLength)
          throw new AppError('too_large', 'A cell of the workbook is larger than 10 MB. Shorten it and send the file again.');
      },
      close: (name) => {
        if (name === 't') taking = false;
        else if (name === 'rPh') phonetic = false;
        else if (name === 'si') {
          strings.add(withoutEscapes(text));
          if (strings.bytes > this.limits.maxTextBytes || strings.size > mostStrings) throw textTooLarge(this.limits);
        }
      },
    };
    await readXml(this.archive, part, events, this.largest);
    return strings;
  }
}

export const textTooLarge = ({ maxTextBytes }: Limits): AppError =>
  new AppError(
    'too_large',
    `The list holds more than ${Math.floor(maxTextBytes / 1024 / 1024)} MB of text. Split it into smaller files, or let the server take more (its setting IMPORT_MAX_TEXT_MB).`,
  );

async function stylesOf(archive: Archive, part: string): Promise<NumberStyle[]> {
  const own = new Map<number, NumberStyle>();
  const styles: NumberStyle[] = [];
  let inCells = false;
  await readXml(archive, part, {
    open(name, attributes) {
      if (name === 'cellXfs') inCells = true;
      if (name === 'numFmt')
        own.set(Number(attribute(attributes, 'numFmtId')), styleOf(attribute(attributes, 'formatCode') ?? ''));
      if (name !== 'xf' || !inCells) return;
      const id = Number(attribute(attributes, 'numFmtId') ?? 0);
      styles.push(own.get(id) ?? builtInStyle(id) ?? plain);
    },
    close(name) {
      if (name === 'cellXfs') inCells = false;
    },
  });
  return styles;
}

interface Relation {
  id: string;
  /** The last word of its address: "worksheet". */
  type: string;
  target: string;
}

/** What a part refers to: its own list of relations lies in a folder beside it. */
async function relationsOf(archive: Archive, part: string): Promise<Relation[]> {
  const folder = part.slice(0, part.lastIndexOf('/') + 1);
  const list = `${folder}_rels/${part.slice(folder.length)}.rels`;
  const relations: Relation[] = [];
  if (!archive.has(list)) return relations;
  await readXml(archive, list, {
    open(name, attributes) {
      if (name !== 'Relationship') return;
      const target = attribute(attributes, 'Target') ?? '';
      relations.push({
        id: attribute(attributes, 'Id') ?? '',
        type: (attribute(attributes, 'Type') ?? '').split('/').at(-1)!,
        target: target.startsWith('/') ? target.slice(1) : posix.join(folder, target),
      });
    },
  });
  return relations;
}

async function readXml(archive: Archive, part: string, events: Partial<XmlEvents>, largest = smallPartBytes): Promise<void> {
  const none = () => {};
  const xml = new XmlReader({ open: none, close: none, text: none, ...events });
  for await (const text of textOf(archive, part, largest)) inOurWords(() => xml.write(text));
  inOurWords(() => xml.end());
}

/** What an entry unpacks to is known before, and the archive holds it to that. */
async function* textOf(archive: Archive, part: string, largest: number): AsyncGenerator<string> {
  if (archive.unpackedBytes(part) > largest) {
    throw new AppError(
      'too_large',
      'The workbook unpacks to far more than a list needs. Save the sheet with the list as CSV and send that file.',
    );
  }
  const decoder = new StringDecoder('utf8');
  for await (const chunk of archive.read(part)) yield decoder.write(chunk);
  yield decoder.end();
}

function inOurWords(read: () => void): void {
  try {
    read();
  } catch (error) {
    throw error instanceof XmlError ? damaged(error) : error;
  }
}
