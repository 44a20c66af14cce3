import type { types } from '@slack/bolt';
import type { CardBlock } from '../../core/card.ts';
import { inertMarkdown, markdownPieces } from './markdown.ts';
import { httpUrl } from './safe-text.ts';
import { approvalBlocks } from './slack-approval.ts';
import { buttonBlocks, feedbackBlocks } from './slack-buttons.ts';
import { barBlocks, type ChartFace, chartBlocks } from './slack-chart.ts';
import { fieldBlocks } from './slack-fields.ts';
import { limits } from './slack-limits.ts';
import { stepBlocks } from './slack-steps.ts';
import { tableBlocks } from './slack-table.ts';
import {
  context,
  cut,
  more,
  nothing,
  rich,
  richBlock,
  richSection,
  type SlackBlock,
  sections,
  shownLine,
  slackLength,
} from './slack-text.ts';

export interface SlackFace {
  /** Leaves out what is new in Slack: for Home tabs and modals, and where a workspace answered invalid_blocks. */
  classic?: boolean;
  /** Ids of uploaded charts by `chartKey`; a chart that is neither native nor here is written in figures. */
  pictures?: ReadonlyMap<string, string>;
}

/** A block of a card. */
export function blocksOf(block: CardBlock, face: SlackFace): SlackBlock[] {
  const classic = face.classic ?? false;
  const charts: ChartFace = { native: !classic, pictures: face.pictures };
  switch (block.type) {
    case 'text':
      return sections(block.text);
    case 'notice':
      return sections(`${noticeSigns[block.level]} ${block.text}`);
    case 'fields':
      return fieldBlocks(block.fields);
    case 'table':
      return tableBlocks(block, classic);
    case 'bars':
      return barBlocks(block, charts);
    case 'chart':
      return chartBlocks(block, charts);
    case 'steps':
      return stepBlocks(block.title, block.steps, classic);
    case 'sources':
      return sourceBlocks(block.items);
    case 'choices':
      return choiceBlocks(block);
    case 'actions':
      return buttonBlocks(block.buttons);
    case 'feedback':
      return feedbackBlocks(block.token, classic);
    case 'approval':
      return approvalBlocks(block.approval);
  }
}

const noticeSigns = { info: 'ℹ️', warning: '⚠️', error: '❌' } as const;

/** Markdown of ours, made inert. */
export function markdownBlocks(text: string, classic: boolean): SlackBlock[] {
  if (classic) return sections(inertMarkdown(text).trim());
  return markdownPieces(inertMarkdown(text), limits.markdown - 2000, slackLength).map((piece) => ({
    type: 'markdown',
    text: piece,
  }));
}

const mostSources = 20;
const longestSource = 200;

/** Links, each with the place it leads to: a title may say anything. */
function sourceBlocks(items: { title: string; url: string }[]): SlackBlock[] {
  if (!items.length) return [];
  const entries = items.slice(0, mostSources).map(({ title, url }): types.RichTextSection => {
    const address = httpUrl(url);
    const name = cut(shownLine(title) || nothing, longestSource);
    if (!address) return richSection(rich(name));
    return richSection({ type: 'link', url: address, text: name }, rich(` (${new URL(address).hostname})`));
  });
  const left = items.length - entries.length;
  return [
    richBlock(richSection(rich('Sources', { bold: true })), { type: 'rich_text_list', style: 'bullet', elements: entries }),
    ...(left > 0 ? [context(more(left, 'source'))] : []),
  ];
}

const mostChoices = 25;

/** A numbered list to answer by typing, and buttons where a choice can be pressed. */
function choiceBlocks({ question, choices }: Extract<CardBlock, { type: 'choices' }>): SlackBlock[] {
  const drawn = choices.slice(0, mostChoices);
  const entries = drawn.map(({ label, note }) => {
    const beside = cut(shownLine(note ?? ''), longestSource);
    return richSection(
      rich(cut(shownLine(label) || nothing, longestSource)),
      ...(beside ? [rich(` – ${beside}`, { italic: true })] : []),
    );
  });
  const left = choices.length - drawn.length;
  return [
    ...sections(question),
    ...(entries.length ? [richBlock({ type: 'rich_text_list', style: 'ordered', elements: entries })] : []),
    ...(left > 0 ? [context(more(left, 'choice'))] : []),
    ...buttonBlocks(drawn.flatMap(({ label, token }) => (token ? [{ label, token }] : []))),
  ];
}
