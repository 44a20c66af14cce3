import type { types } from '@slack/bolt';
import type { CardStep } from '../../core/card.ts';
import { limits } from './slack-limits.ts';
import { context, cut, more, nothing, rich, richBlock, richSection, type SlackBlock, shown, shownLine } from './slack-text.ts';

/** Slack knows no step that waits for a person: it is under way, and its details say so. */
const taskStatus: Record<CardStep['status'], types.TaskCardBlock['status']> = {
  pending: 'pending',
  running: 'in_progress',
  done: 'complete',
  failed: 'error',
  waiting: 'in_progress',
};

const signs: Record<CardStep['status'], string> = { pending: '○', running: '▶', done: '✓', failed: '✗', waiting: '⏸' };

const waits = 'Waits for a decision';
const mostSteps = 30;
const longestTitle = 150;
const longestDetail = 150;

/** A plan with its tasks, or a list of small lines where a surface has no plans. */
export function stepBlocks(title: string | undefined, steps: CardStep[], classic: boolean): SlackBlock[] {
  const drawn = steps.slice(0, mostSteps);
  const left = steps.length - drawn.length;
  const rest = left > 0 ? [context(more(left, 'step'))] : [];
  const name = shownLine(title ?? '') || 'Steps';
  if (!drawn.length) return title ? [context(name)] : [];
  if (!classic) return [{ type: 'plan', title: cut(name, longestTitle), tasks: drawn.map(task) }, ...rest];
  const lines = drawn.map((step) =>
    [`${signs[step.status]} ${cut(shownLine(step.title) || nothing, longestTitle)}`, ...detailOf(step)].join(' – '),
  );
  const all = title ? [name, ...lines] : lines;
  const blocks: SlackBlock[] = [];
  for (let i = 0; i < all.length; i += limits.context) blocks.push(context(...all.slice(i, i + limits.context)));
  return [...blocks, ...rest];
}

function task(step: CardStep, index: number): types.TaskCardBlock {
  const [detail] = detailOf(step);
  return {
    type: 'task_card',
    task_id: `step-${index + 1}`,
    title: cut(shownLine(step.title) || nothing, longestTitle),
    status: taskStatus[step.status],
    ...(detail && { details: richBlock(richSection(rich(detail))) }),
  };
}

function detailOf({ status, detail }: CardStep): string[] {
  const text = cut(shown(detail ?? '').trim(), longestDetail);
  const all = [...(status === 'waiting' ? [waits] : []), ...(text ? [text] : [])];
  return all.length ? [all.join(': ')] : [];
}
