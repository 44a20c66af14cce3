import { visible } from '../core/visible.ts';

/** What is done to the text of a cell before anyone reads it. */

/** Control characters other than tab and line feed. Postgres refuses NUL, terminals obey the rest. */
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/** Trimmed, composed, without control characters; line breaks inside become line feeds. Everything else stays as written. */
export function tidy(cell: string): string {
  if (cell === '') return cell;
  const clean = control.test(cell) ? cell.replace(/\r\n?/g, '\n').replace(controls, '') : cell;
  return clean.trim().normalize('NFC');
}

/** On one line. */
export const inline = (text: string): string => (/\s/.test(text) ? text.replace(/\s+/g, ' ').trim() : text);

/** Two names that look alike are alike. */
export const tidyName = (text: string): string => inline(visible(text));

/** What people and programs write for "nothing". */
const nothing = new Set([
  'n/a',
  'n.a.',
  'na',
  '#n/a',
  'null',
  '(null)',
  'none',
  '(none)',
  'nil',
  'nan',
  'undefined',
  'unknown',
  '(blank)',
  'not available',
]);
const longestNothing = 13;

/** True for cells that say nothing: empty, a word for it, or punctuation alone. */
export function isBlank(text: string): boolean {
  if (text === '') return true;
  if (text.length > longestNothing) return false;
  return nothing.has(text.toLowerCase()) || /^[-–—_.,;:/\\?\s]+$/.test(text);
}

/** Fields are indexed and shown on one line; nothing real is longer than this. */
export const isLong = (text: string): boolean => text.length > 500;
