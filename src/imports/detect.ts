import { AppError } from '../errors.ts';

/** How a file writes its table. */
export interface Format {
  delimiter: string;
  /** Excel's "sep=;" line above the header. */
  separatorLine: boolean;
}

const delimiters = [',', ';', '\t', '|'];
const sampledLines = 50;

const signatures: { kind: string; bytes: number[] }[] = [
  { kind: 'an Excel workbook or another ZIP file', bytes: [0x50, 0x4b, 0x03, 0x04] },
  { kind: 'an empty ZIP file', bytes: [0x50, 0x4b, 0x05, 0x06] },
  { kind: 'an old Excel workbook (.xls)', bytes: [0xd0, 0xcf, 0x11, 0xe0] },
  { kind: 'a PDF', bytes: [0x25, 0x50, 0x44, 0x46, 0x2d] },
  { kind: 'a picture', bytes: [0x89, 0x50, 0x4e, 0x47] },
  { kind: 'a picture', bytes: [0xff, 0xd8, 0xff] },
  { kind: 'a picture', bytes: [0x47, 0x49, 0x46, 0x38] },
  { kind: 'a compressed file', bytes: [0x1f, 0x8b] },
  { kind: 'UTF-16 text', bytes: [0xff, 0xfe] },
  { kind: 'UTF-16 text', bytes: [0xfe, 0xff] },
];

/** Reads the first bytes of a file; throws when they are no table of text. `complete` when there are no more. */
export function detectFormat(head: Buffer, complete: boolean): Format {
  refuseBinary(head);
  const text = new TextDecoder().decode(head);
  const separator = /^sep=(.)\r?(?:\n|$)/i.exec(text)?.[1];
  if (separator) return { delimiter: separator, separatorLine: true };
  return { delimiter: delimiterOf(text, complete), separatorLine: false };
}

function refuseBinary(head: Buffer): void {
  const kind = signatures.find(({ bytes }) => bytes.every((byte, i) => head[i] === byte))?.kind;
  if (kind) throw notText(`This file is ${kind}, not a CSV list.`);
  let nuls = 0;
  for (const byte of head) if (byte === 0) nuls++;
  // A stray NUL is dirt and gets cleaned; one in ten is a binary file or UTF-16.
  if (nuls > 0 && nuls * 10 >= head.length) throw notText('This file is not text.');
}

export const notText = (what: string): AppError =>
  new AppError('invalid_input', `${what} Save the list as "CSV UTF-8 (comma delimited)" and send that file.`);

/** The delimiter that cuts most of the first lines into as many cells as the header has. */
function delimiterOf(text: string, complete: boolean): string {
  let best = { delimiter: ',', agreement: 0, cells: 1 };
  const lines = countDelimiters(text, complete);
  for (const [index, delimiter] of delimiters.entries()) {
    const counts = lines.map((line) => line[index]!);
    const cells = counts[0] ?? 0;
    if (cells === 0) continue;
    const agreement = counts.filter((count) => count === cells).length / counts.length;
    if (agreement > best.agreement || (agreement === best.agreement && cells > best.cells))
      best = { delimiter, agreement, cells };
  }
  return best.delimiter;
}

/** For each of the first lines, how often each delimiter stands outside quotes. Blank lines are left out. */
function countDelimiters(text: string, complete: boolean): number[][] {
  const lines: number[][] = [];
  let counts = delimiters.map(() => 0);
  let blank = true;
  let quoted = false;
  const edge = (char: string | undefined) => char === undefined || char === '\n' || char === '\r' || delimiters.includes(char);
  for (let i = 0; i < text.length && lines.length < sampledLines; i++) {
    const char = text[i]!;
    if (quoted) {
      if (char !== '"') continue;
      if (text[i + 1] === '"') i++;
      else if (edge(text[i + 1])) quoted = false;
    } else if (char === '\n' || char === '\r') {
      if (!blank) lines.push(counts);
      counts = delimiters.map(() => 0);
      blank = true;
    } else {
      const delimiter = delimiters.indexOf(char);
      if (delimiter >= 0) counts[delimiter]!++;
      else if (char === '"' && edge(text[i - 1])) quoted = true;
      blank = false;
    }
  }
  // The last line may be cut off in the middle unless the file ends here, or is all there is.
  if (!blank && lines.length < sampledLines && (complete || lines.length === 0)) lines.push(counts);
  return lines;
}
