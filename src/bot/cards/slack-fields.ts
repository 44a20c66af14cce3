import type { types } from '@slack/bolt';
import { limits } from './slack-limits.ts';
import {
  chunks,
  nothing,
  plain,
  rich,
  richBlock,
  richSection,
  type SlackBlock,
  shown,
  shownLine,
  slackLength,
} from './slack-text.ts';

/** Values longer than this read better over the whole width. */
const narrow = 200;

/** Names and values in two columns; long values below one another, over the whole width, in full. */
export function fieldBlocks(fields: { label: string; value: string }[]): SlackBlock[] {
  const blocks: SlackBlock[] = [];
  let columns: types.PlainTextElement[] = [];
  const close = () => {
    if (columns.length) blocks.push({ type: 'section', fields: columns });
    columns = [];
  };
  for (const field of fields) {
    const label = shownLine(field.label);
    const value = shown(field.value).trim() ? shown(field.value) : nothing;
    if (slackLength(label) <= narrow && slackLength(value) <= narrow) {
      if (columns.length === limits.fields) close();
      columns.push(plain(label ? `${label}\n${value}` : value, limits.field));
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
