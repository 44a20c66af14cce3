import { limits } from './slack-limits.ts';
import {
  chunks,
  nothing,
  type RichText,
  rich,
  richBlock,
  richSection,
  type SlackBlock,
  shown,
  shownLine,
  slackLength,
} from './slack-text.ts';

/** Values longer than this begin on a line of their own. */
const narrow = 200;
/** A block of rich text holds this much. */
const blockBudget = 2800;

/** Names in bold and their values, a line each; long values below their name, in full. Plain text in two columns could not tell one from the other. */
export function fieldBlocks(fields: { label: string; value: string }[]): SlackBlock[] {
  const blocks: SlackBlock[] = [];
  let line: RichText[] = [];
  let size = 0;
  const close = () => {
    if (line.length) blocks.push(richBlock(richSection(...line)));
    [line, size] = [[], 0];
  };
  for (const field of fields) {
    const label = shownLine(field.label);
    const value = shown(field.value).trim() ? shown(field.value) : nothing;
    const length = slackLength(label) + slackLength(value);
    if (slackLength(label) <= narrow && slackLength(value) <= narrow) {
      if (size + length > blockBudget) close();
      // sections of one block would run on: lines within one do not
      if (line.length) line.push(rich('\n'));
      line.push(...(label ? [rich(`${label}: `, { bold: true })] : []), rich(value));
      size += length;
      continue;
    }
    close();
    blocks.push(...wideField(label, value));
  }
  close();
  return blocks;
}

const wideField = (label: string, value: string): SlackBlock[] => [
  ...chunks(label, limits.section - 100).map((piece) => richBlock(richSection(rich(piece, { bold: true })))),
  ...chunks(value, limits.section - 100).map((piece) => richBlock(richSection(rich(piece)))),
];
