import type { Card, CardBlock } from '../../core/card.ts';

type Table = Extract<CardBlock, { type: 'table' }>;

/**
 * What a card shows beyond the answer above it: drawing what the text says already would say everything twice. Nothing when
 * that is all of it. Choices count as said only where they have no buttons.
 */
export function untold(text: string, card: Card, { buttons }: { buttons: boolean }): Card | undefined {
  const says = (block: CardBlock): boolean => {
    if (block.type === 'text') return text.includes(block.text.trim());
    if (block.type === 'choices') return !buttons && block.choices.every(({ label }) => text.includes(label));
    return block.type === 'table' && told(block).every((words) => text.includes(words));
  };
  const blocks = card.blocks.filter((block) => block.type !== 'text' || !says(block));
  return blocks.every(says) ? undefined : { ...card, blocks };
}

/** What of a table has to be said: of a numbered list its names, of any other every word, because nothing in it is the name of the row. */
function told({ columns, rows }: Table): string[] {
  const numbered = columns[0] === '#' && rows.every((row) => row[1]);
  return numbered ? rows.map((row) => row[1]!.replace(/ \(demo\)$/, '')) : rows.flat().filter(Boolean);
}
