import type { ApprovalView } from '../../core/approval.ts';
import type { Card, Chart } from '../../core/card.ts';
import type { Said } from '../../core/chat.ts';
import { stateWords } from './approval-words.ts';
import { blocksOf, markdownBlocks, type SlackFace } from './slack-blocks.ts';
import { chartsBeyondSlack } from './slack-chart.ts';
import { limits } from './slack-limits.ts';
import { context, escaped, heading, more, nothing, type SlackBlock, sections, shown } from './slack-text.ts';
import { sizeOf, textsOf } from './slack-walk.ts';

export type { SlackFace } from './slack-blocks.ts';
export { chartKey } from './slack-chart.ts';
export type { SlackBlock } from './slack-text.ts';

export interface SlackMessage {
  blocks: SlackBlock[];
  /** Read aloud and shown in notifications; already escaped. */
  text: string;
  /** The proposal that this message shows, and nothing else: rewriting it leaves nothing out. */
  proposalId?: string;
}

/** Sent along with every message: nothing in its text is looked through for links and names, and no link unfolds. */
export const quiet = { parse: 'none', link_names: false, unfurl_links: false, unfurl_media: false, mrkdwn: false } as const;

const mostMessages = 10;
const longestText = 3000;

/** What is said as Slack messages, as many as it takes. An approval has a message of its own. */
export function renderSlack(said: Said, face: SlackFace = {}): SlackMessage[] {
  const pages = new Pages();
  for (const block of said.text ? markdownBlocks(said.text, face.classic ?? false) : []) pages.add([block]);
  for (const card of said.cards) addCard(pages, card, face);
  const { messages, left } = pages.finish();
  if (left) messages.push({ blocks: [context(more(left, 'part'))], text: '' });
  if (!messages.length) messages.push({ blocks: sections(shown(said.fallback).trim() || nothing).slice(0, 3), text: '' });
  return messages.map((message, i) => ({
    ...message,
    text:
      message.text ||
      escaped((i === 0 && shown(said.fallback).trim()) || textsOf(message.blocks).join('\n') || nothing, longestText),
  }));
}

function addCard(pages: Pages, card: Card, face: SlackFace): void {
  // a title stays with what it is the title of
  let title = heading(card.title ?? '');
  if (title.length > 1) {
    for (const part of title) pages.add([part]);
    title = [];
  }
  for (const block of card.blocks) {
    const [first, ...rest] = blocksOf(block, face);
    if (!first) continue;
    if (block.type === 'approval') {
      pages.add(title);
      pages.alone([first, ...rest], block.approval);
    } else {
      pages.add([...title, first]);
      for (const next of rest) pages.add([next]);
    }
    title = [];
  }
  pages.add(title);
}

/** The charts of what is said that Slack cannot draw: made into pictures and uploaded, their ids go into the face's `pictures`. */
export const chartsToDraw = (said: Said, face: SlackFace = {}): { key: string; chart: Chart }[] => {
  const all = said.cards.flatMap((card) => chartsBeyondSlack(card.blocks, !face.classic));
  return [...new Map(all.map((entry) => [entry.key, entry])).values()];
};

/** Packs blocks into messages, none of them over a limit of a whole message. */
class Pages {
  readonly #messages: SlackMessage[] = [];
  #blocks: SlackBlock[] = [];
  #size = 0;
  #left = 0;
  #packed = 0;

  /** These stay together. */
  add(blocks: SlackBlock[]): void {
    if (!blocks.length) return;
    const size = sizeOf(blocks);
    if (this.#blocks.length && !this.#fits(blocks, size)) this.#close();
    if (this.#packed >= mostMessages) {
      this.#left += blocks.length;
      return;
    }
    this.#blocks.push(...blocks);
    this.#size += size;
  }

  /** A message of their own. */
  alone(blocks: SlackBlock[], approval: ApprovalView): void {
    this.#close();
    const text = escaped(`${approval.title}: ${approval.outcome ?? stateWords[approval.state]}`, longestText);
    // approvals are never left out: somebody has to decide them
    this.#messages.push({ blocks, text, proposalId: approval.id });
  }

  finish(): { messages: SlackMessage[]; left: number } {
    this.#close();
    return { messages: this.#messages, left: this.#left };
  }

  #close(): void {
    if (this.#blocks.length) {
      this.#messages.push({ blocks: this.#blocks, text: '' });
      this.#packed += 1;
    }
    [this.#blocks, this.#size] = [[], 0];
  }

  #fits(blocks: SlackBlock[], size: number): boolean {
    const all = [...this.#blocks, ...blocks];
    const count = (kind: string): number => all.filter(({ type }) => type === kind).length;
    return (
      all.length <= limits.blocks - 1 &&
      this.#size + size <= limits.messageText - 500 &&
      count('table') <= limits.tables &&
      count('data_visualization') <= limits.charts &&
      count('plan') <= limits.plans
    );
  }
}
