import { describe, expect, it } from 'vitest';
import { untold } from '../../../src/bot/cards/untold.ts';
import type { CardBlock } from '../../../src/core/card.ts';

const buttons = { buttons: true };
const told = (text: string, ...blocks: CardBlock[]) => untold(text, { blocks }, buttons) === undefined;

describe('a card below an answer', () => {
  it('is left out where the answer names everything on its list', () => {
    const list: CardBlock = {
      type: 'table',
      columns: ['#', 'Lead', 'Tier'],
      rows: [
        ['1', 'Acme (demo)', 'GOLD'],
        ['2', 'Birch', 'SILVER'],
      ],
    };
    expect(told('First Acme, then Birch.', list)).toBe(true);
    expect(told('First Acme.', list)).toBe(false);
  });

  it('stays where figures of a table happen to stand in the answer, or where there is nothing to go by', () => {
    const review: CardBlock = { type: 'table', columns: ['List', 'Line', 'Company'], rows: [['fair.csv', '2', 'Acme']] };
    expect(told('There are 23 rows to review.', review)).toBe(false);
    expect(told('Line 2 of fair.csv is Acme.', review)).toBe(true);
    const unnamed: CardBlock = { type: 'table', columns: ['#', 'Lead', 'Why'], rows: [['1', '', 'called back']] };
    expect(told('One.', unnamed)).toBe(false);
  });

  it('loses the words that the answer says, and keeps buttons', () => {
    const choices: CardBlock = { type: 'choices', question: 'Which one?', choices: [{ id: 'a', label: 'Acme' }] };
    const card = { blocks: [{ type: 'text' as const, text: 'Two fit.' }, choices] };
    expect(untold('Two fit. Acme or another?', card, buttons)).toEqual({ blocks: [choices] });
    expect(untold('Two fit. Acme or another?', card, { buttons: false })).toBeUndefined();
  });
});
