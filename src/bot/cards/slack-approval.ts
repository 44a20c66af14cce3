import type { types } from '@slack/bolt';
import type { ApprovalLine, ApprovalView } from '../../core/approval.ts';
import type { ProposalStatus } from '../../core/proposal.ts';
import { approvalEnd, approvalFields, stateWords, unlisted } from './approval-words.ts';
import { buttonBlocks } from './slack-buttons.ts';
import { fieldBlocks } from './slack-fields.ts';
import { limits } from './slack-limits.ts';
import {
  context,
  cut,
  heading,
  more,
  nothing,
  rich,
  richBlock,
  richSection,
  type SlackBlock,
  sections,
  shown,
  shownLine,
  slackLength,
} from './slack-text.ts';
import { sizeOf } from './slack-walk.ts';

const signs: Record<ProposalStatus, string> = {
  pending: '⏳',
  accepted: '▶️',
  executed: '✅',
  failed: '❌',
  uncertain: '⚠️',
  ignored: '⏭️',
  expired: '⌛',
  superseded: '🔁',
};

/** A rich text block holds this much of the diff. */
const blockBudget = 2800;
const longestTitle = 700;
const longestField = 500;

/** What a person needs to decide, and the buttons; the same without buttons once it is decided. */
export function approvalBlocks(view: ApprovalView): SlackBlock[] {
  const head = [...heading(cut(shownLine(view.title), longestTitle)), context(`${signs[view.state]} ${stateWords[view.state]}`)];
  const facts = [
    ...fieldBlocks(approvalFields(view).map(bounded)),
    ...approvalEnd(view)
      .map(bounded)
      .flatMap((end) => (end.label === 'Outcome' ? sections(end.value) : fieldBlocks([end]))),
  ];
  const around = [...head, ...facts, ...buttonBlocks(view.buttons)];
  // what the blocks come to in the end is known when they are made: signs and notes count too
  for (let room = limits.messageText - sizeOf(around); ; ) {
    const blocks = [...head, ...diffBlocks(view, room), ...facts, ...buttonBlocks(view.buttons)];
    const over = sizeOf(blocks) - limits.messageText;
    if (over <= 0 || room <= 0) return blocks;
    room -= over;
  }
}

/** A reason of any length must leave room for the rest; how much of it is missing is said. */
function bounded({ label, value }: { label: string; value: string }): { label: string; value: string } {
  const whole = shown(value);
  const kept = cut(whole, longestField);
  return { label, value: kept === whole ? whole : `${kept} (${whole.length.toLocaleString('en-US')} characters)` };
}

type Element = Parameters<typeof richSection>[number];

/** One line of the diff: name in bold, what goes struck through, what comes after the arrow. */
function lineOf({ label, before, after }: ApprovalLine): { elements: Element[]; size: number } {
  const texts = [shownLine(label), before === null ? '' : shown(before), after === null ? '' : shown(after)] as const;
  const [name, old, next] = texts;
  return {
    elements: [
      rich(`${name || nothing}: `, { bold: true }),
      ...(before === null ? [] : [rich(old || nothing, { strike: true })]),
      ...(before !== null && after !== null ? [rich(' → ')] : []),
      ...(after === null ? [] : [rich(next || nothing)]),
    ],
    size: texts.reduce((sum, text) => sum + slackLength(text), 8),
  };
}

/** As much of the diff as there is room for; the rest is counted. */
function diffBlocks(view: ApprovalView, room: number): SlackBlock[] {
  const blocks: SlackBlock[] = [];
  let open: types.RichTextBlock['elements'] = [];
  let [inBlock, used, left] = [0, 0, 0];
  const close = () => {
    if (open.length) blocks.push(richBlock(...open));
    [open, inBlock] = [[], 0];
  };
  const add = (element: types.RichTextBlock['elements'][number], size: number): void => {
    if (inBlock + size > blockBudget) close();
    open.push(element);
    inBlock += size;
    used += size;
  };
  for (const { heading, lines } of view.changes) {
    const title = heading ? shownLine(heading) : '';
    if (title && used + slackLength(title) <= room) add(richSection(rich(title, { bold: true })), slackLength(title));
    else if (title) left += 1;
    for (const line of lines) {
      const { elements, size } = lineOf(line);
      if (used + size > room) left += 1;
      else add({ type: 'rich_text_list', style: 'bullet', elements: [richSection(...elements)] }, size);
    }
  }
  close();
  const rest = unlisted(view);
  const notes = [...(left ? [more(left, 'line')] : []), ...(rest ? [`…${rest}`] : [])];
  return notes.length ? [...blocks, context(...notes)] : blocks;
}
