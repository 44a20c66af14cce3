import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderCard } from '../../src/bot/cards/terminal.ts';
import { clean, cut, displayWidth } from '../../src/bot/console/text.ts';
import type { Card, CardBlock } from '../../src/core/card.ts';

const ours = /\u001b\[\d+m/g;
const plain = { width: 80, color: false };

const nasty = fc.constantFrom(
  '\u001b[31mred\u001b[0m',
  '\u001b]0;title\u0007',
  '\u009b2J',
  '\u202eevil',
  'a\u200bb',
  '日本語の会社名',
  'e\u0301\u0301\u0301\u0301\u0301',
  '👩‍👩‍👧‍👦 team',
  '🇺🇸',
  '\ud800',
  '\r\nline',
  '\t',
  '\u0000',
  '한국어',
  'ﷺ',
  'ก็็็็็็',
);
const text = fc
  .array(fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 30 }), fc.string({ maxLength: 60 })), { maxLength: 4 })
  .map((parts) => parts.join(' '));
const optional = fc.option(text, { nil: undefined });
const number = fc.oneof(fc.double(), fc.integer({ min: -10, max: 200 }));
const block: fc.Arbitrary<CardBlock> = fc.oneof(
  fc.record({ type: fc.constant('text' as const), text }),
  fc.record({
    type: fc.constant('notice' as const),
    level: fc.constantFrom('info' as const, 'warning' as const, 'error' as const),
    text,
  }),
  fc.record({
    type: fc.constant('fields' as const),
    fields: fc.array(fc.record({ label: text, value: text }), { maxLength: 6 }),
  }),
  fc.record({
    type: fc.constant('table' as const),
    columns: fc.array(text, { maxLength: 9 }),
    rows: fc.array(fc.array(text, { maxLength: 10 }), { maxLength: 5 }),
    note: optional,
  }),
  fc.record({
    type: fc.constant('bars' as const),
    max: number,
    bars: fc.array(fc.record({ label: text, value: number, note: optional }), { maxLength: 5 }),
  }),
  fc.record({
    type: fc.constant('choices' as const),
    question: text,
    choices: fc.array(fc.record({ label: text, id: text, note: optional }), { maxLength: 12 }),
  }),
);
const card: fc.Arbitrary<Card> = fc.record({ title: optional, blocks: fc.array(block, { maxLength: 4 }) });

describe('a card on a terminal', () => {
  it('never draws a line wider than the terminal, nor any control sign but its own colours', () => {
    fc.assert(
      fc.property(card, fc.integer({ min: 40, max: 200 }), fc.boolean(), (drawn, width, color) => {
        const out = renderCard(drawn, { width, color });
        const bare = out.replace(ours, '');
        if (!color) expect(out).toBe(bare);
        expect(bare).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u);
        for (const line of bare.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(width);
      }),
      { numRuns: 400 },
    );
  });

  it('measures text at least as wide as the line editor of node does', () => {
    const editor = createInterface({
      input: new PassThrough(),
      output: Object.assign(new PassThrough(), { columns: 100_000 }),
      terminal: true,
    });
    try {
      fc.assert(
        fc.property(text, (given) => {
          const shown = clean(given).replaceAll('\n', ' ');
          Object.assign(editor, { line: shown, cursor: shown.length });
          editor.setPrompt('');
          expect(displayWidth(shown)).toBeGreaterThanOrEqual(editor.getCursorPos().cols);
        }),
        { numRuns: 300 },
      );
    } finally {
      editor.close();
    }
  });

  it('counts wide letters twice and marks not at all, and cuts between letters', () => {
    expect(displayWidth('日本')).toBe(4);
    expect(displayWidth('e\u0301te\u0301')).toBe(3);
    expect(cut('日本語', 5)).toBe('日本…');
    expect(cut('日本語', 4)).toBe('日…');
    expect(cut('cafe\u0301s', 5)).toBe('cafe\u0301s');
    expect(cut('cafe\u0301 bar', 5)).toBe('cafe\u0301…');
  });

  it('shows what hidden and commanding signs were hiding', () => {
    const out = renderCard(
      { title: 'A\u202eB', blocks: [{ type: 'text', text: '\u001b[2J\u001b]0;owned\u0007wiped\u200b' }] },
      plain,
    );
    expect(out).toBe('AB\nwiped');
  });

  const columns = ['#', 'Lead', 'Tier', 'Score', 'Place', 'Why'];
  const rows = [
    [
      '1',
      'JN Electric LLC',
      'GOLD',
      '66.5',
      'Auburn NH',
      'two certified brands; not called for three weeks; a task is due today',
    ],
  ];

  it('keeps a table in columns where they fit', () => {
    const out = renderCard({ blocks: [{ type: 'table', columns, rows }] }, { width: 140, color: false });
    expect(out.split('\n')).toHaveLength(2);
    expect(out).toContain('a task is due today');
  });

  it('puts long reasons under their row where they do not', () => {
    const lines = renderCard({ blocks: [{ type: 'table', columns, rows }] }, plain).split('\n');
    expect(lines[1]).toMatch(/^1 {2}JN Electric LLC {2}GOLD/);
    expect(lines.slice(2).join(' ')).toContain('a task is due today');
  });

  it('writes a list where not even narrow columns fit', () => {
    const wide = Array.from({ length: 9 }, (_, i) => `column ${i}`);
    const out = renderCard(
      { blocks: [{ type: 'table', columns: wide, rows: [wide.map((name) => `value of ${name}`)] }] },
      { width: 44, color: false },
    );
    expect(out.split('\n')).toHaveLength(9);
    expect(out).toContain('value of column 8');
  });

  it('draws bars to an eighth of a column and numbers the choices', () => {
    const out = renderCard(
      {
        blocks: [
          {
            type: 'bars',
            max: 100,
            bars: [
              { label: 'Fit', value: 50 },
              { label: 'Size', value: 100, note: 'full' },
            ],
          },
          {
            type: 'choices',
            question: 'Which?',
            choices: [
              { label: 'One', id: 'a', note: 'NH' },
              { label: 'Two', id: 'b' },
            ],
          },
        ],
      },
      plain,
    );
    expect(out).toContain('█'.repeat(12) + ' '.repeat(12));
    expect(out).toContain('█'.repeat(24) + '  100  full');
    expect(out).toContain('  1. One  NH\n  2. Two');
  });
});
