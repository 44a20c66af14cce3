import type { Receipt } from '../../core/receipt.ts';
import type { Screen } from './screen.ts';
import { oneLine } from './text.ts';

export const receiptLine = (
  screen: Screen,
  receipt: Pick<Receipt, 'title' | 'undoable'> & Partial<Pick<Receipt, 'undoOfId'>>,
  hint = '"undo that"',
): string =>
  `${screen.paint.green('✓')} ${oneLine(receipt.title)}${receipt.undoable && !receipt.undoOfId ? screen.paint.dim(`   undo: ${hint}`) : ''}`;
