import { AppError } from '../../errors.ts';
import { type NumberStyle, numberText, plain } from './cellvalue.ts';
import { blockBytes, type CountedBlock } from './split.ts';
import type { SharedStrings } from './strings.ts';
import { attribute, type XmlEvents } from './xml.ts';

/** What the cells of a sheet refer to. */
export interface Book {
  strings: SharedStrings;
  /** By the number of the cell's style. */
  styles: NumberStyle[];
  date1904: boolean;
}

/** The columns of Excel end at XFD. */
const maxColumn = 16_384;
export const maxCellLength = 10 * 1024 * 1024;
/** Rows that a sheet leaves out become blank lines; over a wider gap a new block begins with its own number. */
const widestGap = 4096;

/**
 * Turns the XML of one sheet into CSV text: one record a row, numbered as Excel numbers them. Of a formula its last result
 * is taken, of merged cells the first has the value, errors such as #N/A are empty.
 */
export class SheetReader implements XmlEvents {
  private readonly book: Book;
  private readonly ready: CountedBlock[] = [];
  /** Row that comes next in the block being filled, and where that block begins. */
  private nextRow = 1;
  private firstRow = 1;
  private lines: string[] = [];
  private size = 0;
  private rows = 0;

  private row = 0;
  private cells: string[] = [];
  private filled = 0;
  private column = 0;
  private type = '';
  private style: NumberStyle = plain;
  private value = '';
  private inCell = false;
  private taking = false;
  /** Readings aids of Japanese text stand beside it. */
  private phonetic = false;

  constructor(book: Book) {
    this.book = book;
  }

  open(name: string, attributes: string): void {
    switch (name) {
      case 'row': {
        const number = Number(attribute(attributes, 'r') ?? this.row + 1);
        // Rows only ever go down: a number that does not is wrong.
        this.row = Number.isInteger(number) && number > this.row && number < 2 ** 31 ? number : this.row + 1;
        this.cells = [];
        this.filled = 0;
        this.column = 0;
        break;
      }
      case 'c': {
        this.column = columnOf(attribute(attributes, 'r')) ?? this.column + 1;
        this.type = attribute(attributes, 't') ?? 'n';
        const style = this.type === 'n' ? attribute(attributes, 's') : undefined;
        this.style = (style !== undefined && this.book.styles[Number(style)]) || plain;
        this.value = '';
        this.inCell = true;
        break;
      }
      case 'v':
      case 't':
        this.taking = this.inCell && !this.phonetic;
        break;
      case 'rPh':
        this.phonetic = true;
        break;
    }
  }

  text(text: string): void {
    if (!this.taking) return;
    this.value += text;
    if (this.value.length > maxCellLength) throw tooLarge(this.row);
  }

  close(name: string): void {
    switch (name) {
      case 'v':
      case 't':
        this.taking = false;
        break;
      case 'rPh':
        this.phonetic = false;
        break;
      case 'c':
        this.inCell = false;
        if (this.value !== '') this.put(this.cellText());
        break;
      case 'row':
        if (this.filled > 0) this.endRow();
        break;
    }
  }

  /** The blocks that are full, and at the end the last one. */
  *take(final: boolean): Generator<CountedBlock> {
    if (final) this.endBlock();
    yield* this.ready.splice(0);
  }

  private cellText(): string {
    switch (this.type) {
      case 's':
        return this.book.strings.get(Number(this.value)) ?? '';
      case 'str':
      case 'inlineStr':
        return withoutEscapes(this.value);
      case 'b':
        return this.value.trim() === '1' ? 'TRUE' : this.value.trim() === '0' ? 'FALSE' : this.value;
      case 'e':
        return '';
      case 'd':
        return this.value.replace(/T00:00:00(\.0+)?Z?$/, '');
      default:
        return numberText(this.value.trim(), this.style, this.book.date1904);
    }
  }

  private put(text: string): void {
    if (text === '') return;
    if (this.column > maxColumn)
      throw new AppError('invalid_input', `Row ${this.row} has a cell beyond the last column of a sheet.`);
    while (this.cells.length < this.column - 1) this.cells.push('');
    this.cells[this.column - 1] = /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    this.filled++;
  }

  private endRow(): void {
    if (this.row - this.nextRow > widestGap) {
      this.endBlock();
      this.firstRow = this.nextRow = this.row;
    }
    for (; this.nextRow < this.row; this.nextRow++) this.lines.push('');
    const line = this.cells.join(',');
    // In the block a row is a row, even when all its cells are spaces.
    this.lines.push(line);
    this.nextRow++;
    this.rows++;
    this.size += line.length;
    if (line.length > maxCellLength) throw tooLarge(this.row);
    if (this.size >= blockBytes) this.endBlock();
  }

  private endBlock(): void {
    if (this.rows > 0) {
      const text = Buffer.from(`${this.lines.join('\n')}\n`);
      this.ready.push({ text: new Uint8Array(text), firstLine: this.firstRow, rows: this.rows });
    }
    this.firstRow = this.nextRow;
    this.lines = [];
    this.size = 0;
    this.rows = 0;
  }
}

const tooLarge = (row: number): AppError =>
  new AppError('too_large', `Row ${row} is larger than 10 MB. Shorten its cells and send the file again.`, {
    details: { line: row },
  });

/** "AB12" -> 28. */
function columnOf(reference: string | undefined): number | undefined {
  if (!reference) return undefined;
  let column = 0;
  for (let i = 0; i < reference.length; i++) {
    const letter = (reference.charCodeAt(i) | 0x20) - 0x60;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
    if (column > maxColumn) break;
  }
  return column || undefined;
}

/** Characters that XML cannot hold are written as "_x000D_". */
export const withoutEscapes = (text: string): string =>
  text.includes('_x')
    ? text.replace(/_x([0-9a-f]{4})_/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text;
