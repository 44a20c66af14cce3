import type { Card, CardBlock } from '../../core/card.ts';

/**
 * What a card shows beyond the answer above it: drawing what the text says already would say everything twice. Nothing when
 * that is all of it. Choices count as said only where they have no buttons.
 */
export function untold(text: string, card: Card, { buttons }: { buttons: boolean }): Card | undefined {
  const says = (block: CardBlock): boolean => {
    if (block.type === 'text') return text.includes(block.text.trim());
    if (block.type === 'choices') return !buttons && block.choices.every(({ label }) => text.includes(label));
    return block.type === 'table' && block.rows.every((row) => text.includes((row[1] ?? '').replace(/ \(demo\)$/, '')));
  };
  const blocks = card.blocks.filter((block) => block.type !== 'text' || !says(block));
  return blocks.every(says) ? undefined : { ...card, blocks };
}
