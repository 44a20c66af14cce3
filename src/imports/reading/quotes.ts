import type { TableFormat } from '../table.ts';

/**
 * What a quotation mark means. The splitter, which sees bytes as Latin-1, and the parser, which sees text, both ask here,
 * so that they agree on where a record ends.
 *
 * A mark opens a cell only where the cell begins, spaces aside. Inside, a doubled mark is one mark; a mark before a
 * delimiter, a line end or the end of the file closes. Files of careless writers have other marks as well:
 *
 * - `"John "Johnny" Smith",x`: text, the cell goes on;
 * - `"The Shop" Ltd,x`: the line ends without a closing mark, so the first one was no opening but text;
 * - `"5 pipe,x⏎Acme,"Waco, TX"`: a mark inside begins a cell, so the first one was no opening but text.
 *
 * Well-formed files never come to these rules, and each row they misjudge is damaged alone: none swallows its neighbours.
 */
export type Quoting = Pick<TableFormat, 'delimiter' | 'quote'>;

/** The mark is text: the cell ends at the next delimiter or line end. */
const stray = -1;
/** The text ends before it can be told. */
export const undecided = -2;

/** Where the cell that opens at `open` closes, or `stray`, or `undecided`. `complete` when nothing follows the text. */
export function closingQuote(text: string, open: number, quoting: Quoting, complete: boolean): number {
  const { delimiter, quote } = quoting;
  let unescaped = false;
  for (let from = open + 1; ; ) {
    const at = text.indexOf(quote, from);
    if (unescaped && breaksLine(text, from, at === -1 ? text.length : at)) return stray;
    if (at === -1) return undecided;
    // Once a mark stood unescaped, two of them are no escape either where a cell may begin.
    if (text[at + 1] === quote && !(unescaped && beginsCell(text, at, open + 1, delimiter))) {
      from = at + 2;
      continue;
    }
    const after = afterSpaces(text, at + 1, delimiter);
    if (after === text.length) return complete ? at : undecided;
    const next = text[after]!;
    if (next === delimiter || next === '\n' || next === '\r') return at;
    const before = text[at - 1]!;
    // Prose has ", "quoted words" too: after a space it takes a second sign.
    if (at > open + 1 && (before === delimiter || before === '\n' || before === '\r')) return stray;
    if (unescaped && beginsCell(text, at, open + 1, delimiter)) return stray;
    unescaped = true;
    from = at + 1;
  }
}

/** Whether a cell begins at `at`, spaces aside. Nothing before `start` is looked at; a cell begins there. */
export function beginsCell(text: string, at: number, start: number, delimiter: string): boolean {
  for (let i = at - 1; i >= start; i--) {
    const char = text[i]!;
    if (char === delimiter || char === '\n' || char === '\r') return true;
    if (char !== ' ') return false;
  }
  return true;
}

export function afterSpaces(text: string, at: number, delimiter: string): number {
  if (delimiter === ' ') return at;
  while (text[at] === ' ') at++;
  return at;
}

function breaksLine(text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || code === 13) return true;
  }
  return false;
}

/** Line breaks between two places; CRLF is one. */
export function lineBreaks(text: string, from: number, to: number): number {
  let count = 0;
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i);
    if (code === 13 || (code === 10 && (i === from || text.charCodeAt(i - 1) !== 13))) count++;
  }
  return count;
}
