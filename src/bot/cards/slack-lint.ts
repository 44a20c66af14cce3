import { activeMarkdown, hiddenSigns, signsIn } from './signs.ts';
import { limits } from './slack-limits.ts';
import { slackLength } from './slack-text.ts';
import { sizeOf } from './slack-walk.ts';
import { walk } from './walk.ts';

/** Something that Slack would refuse, or that would act although it is only to be shown. */
export interface SlackProblem {
  path: string;
  rule: string;
  limit: number;
  actual: number;
}

type Json = Record<string, unknown>;

/** A message: what Slack would refuse, and what in it could mention, link or fetch without anybody having meant it. */
export function lintMessage(message: { blocks: readonly unknown[]; text: string }): SlackProblem[] {
  const lint = new Lint();
  const blocks = message.blocks as Json[];
  lint.most('blocks', 'blocks', blocks.length, limits.blocks);
  lint.least('blocks', 'blocks', blocks.length, 1);
  lint.most('text', 'text', message.text.length, limits.text);
  lint.least('text', 'text', message.text.trim().length, 1);
  lint.most('blocks', 'message_text', sizeOf(blocks), limits.messageText);
  lint.most('text', 'active', signsIn(message.text), 0);
  const count = (...kinds: string[]): number => blocks.filter(({ type }) => kinds.includes(type as string)).length;
  lint.most('blocks', 'tables', count('table', 'data_table'), limits.tables);
  lint.most('blocks', 'charts', count('data_visualization'), limits.charts);
  lint.most('blocks', 'plans', count('plan'), limits.plans);
  lint.most('blocks', 'plan_and_task_card', count('plan') && count('task_card'), 0);
  lintBlocks(lint, blocks);
  return lint.problems;
}

/** Blocks that Slack shows in messages only. */
const messageOnly = new Set(['markdown', 'table', 'data_table', 'data_visualization', 'plan', 'task_card', 'context_actions']);

/** A Home tab or a modal. */
export function lintView(view: { type: string; blocks: readonly unknown[] } & Json): SlackProblem[] {
  const lint = new Lint();
  const blocks = view.blocks as Json[];
  lint.most('blocks', 'blocks', blocks.length, limits.viewBlocks);
  for (const [i, { type }] of blocks.entries())
    lint.most(`blocks[${i}]`, `${type}_in_view`, messageOnly.has(type as string) ? 1 : 0, 0);
  if (view.type === 'modal') {
    for (const name of ['title', 'submit', 'close'])
      lint.text(name, view[name], name === 'title' ? limits.viewTitle : limits.viewButton);
    lint.most('callback_id', 'callback_id', lengthOf(view.callback_id), limits.id);
    lint.most('private_metadata', 'private_metadata', lengthOf(view.private_metadata), limits.privateMetadata);
    const inputs = blocks.filter(({ type }) => type === 'input');
    if (inputs.length) lint.least('submit', 'submit', view.submit ? 1 : 0, 1);
  }
  lintBlocks(lint, blocks);
  return lint.problems;
}

class Lint {
  readonly problems: SlackProblem[] = [];

  most(path: string, rule: string, actual: number, limit: number): void {
    if (actual > limit) this.problems.push({ path, rule, limit, actual });
  }

  least(path: string, rule: string, actual: number, limit: number): void {
    if (actual < limit) this.problems.push({ path, rule: `${rule}_min`, limit, actual });
  }

  /** A text object or a text: neither empty nor too long. */
  text(path: string, value: unknown, limit: number): void {
    if (value === undefined) return;
    const text = typeof value === 'string' ? value : String((value as Json | null)?.text ?? '');
    this.most(path, 'length', slackLength(text), limit);
    this.least(path, 'length', text.trim().length, 1);
  }
}

const lengthOf = (value: unknown): number => (typeof value === 'string' ? value.length : 0);
const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);

function lintBlocks(lint: Lint, blocks: Json[]): void {
  const ids = blocks.flatMap(({ block_id: id }) => (typeof id === 'string' ? [id] : []));
  lint.most('blocks', 'block_id_twice', ids.length - new Set(ids).size, 0);
  for (const [i, block] of blocks.entries()) {
    lint.most(`blocks[${i}].block_id`, 'block_id', lengthOf(block.block_id), limits.id);
    const check = checks[block.type as string];
    if (check) check(lint, `blocks[${i}]`, block);
    else lint.problems.push({ path: `blocks[${i}]`, rule: 'unknown_block', limit: 0, actual: 1 });
  }
  for (const found of walk(blocks, 'blocks')) lintValue(lint, found);
}

type Check = (lint: Lint, path: string, block: Json) => void;

const checks: Record<string, Check> = {
  divider: () => {},
  header: (lint, path, { text }) => lint.text(`${path}.text`, text ?? '', limits.header),
  section(lint, path, { text, fields }) {
    lint.text(`${path}.text`, text, limits.section);
    lint.least(path, 'section', (text ? 1 : 0) + list(fields).length, 1);
    lint.most(`${path}.fields`, 'fields', list(fields).length, limits.fields);
    for (const [i, field] of list(fields).entries()) lint.text(`${path}.fields[${i}]`, field, limits.field);
  },
  context(lint, path, { elements }) {
    lint.most(path, 'elements', list(elements).length, limits.context);
    lint.least(path, 'elements', list(elements).length, 1);
    for (const [i, element] of list(elements).entries())
      if (element.type !== 'image') lint.text(`${path}.elements[${i}]`, element, limits.contextText);
  },
  actions(lint, path, { elements }) {
    lint.most(path, 'elements', list(elements).length, limits.actions);
    lint.least(path, 'elements', list(elements).length, 1);
    const ids = list(elements).map((element) => element.action_id);
    lint.most(path, 'action_id_twice', ids.length - new Set(ids).size, 0);
  },
  context_actions(lint, path, { elements }) {
    lint.most(path, 'elements', list(elements).length, limits.contextActions);
    for (const [i, element] of list(elements).entries())
      for (const side of ['positive_button', 'negative_button']) {
        const button = (element[side] ?? {}) as Json;
        lint.text(`${path}.elements[${i}].${side}.text`, button.text, limits.button);
        lint.text(`${path}.elements[${i}].${side}.accessibility_label`, button.accessibility_label, limits.button);
      }
  },
  markdown: (lint, path, { text }) => lint.text(`${path}.text`, text ?? '', limits.markdown),
  rich_text: (lint, path, { elements }) => lint.least(path, 'elements', list(elements).length, 1),
  image(lint, path, { alt_text, title }) {
    lint.text(`${path}.alt_text`, alt_text ?? '', limits.altText);
    lint.text(`${path}.title`, title, limits.imageTitle);
  },
  table: (lint, path, block) => lintTable(lint, path, block, limits.tableRows),
  data_table(lint, path, block) {
    lintTable(lint, path, block, limits.tableRows + 1);
    lint.text(`${path}.caption`, block.caption ?? '', limits.header);
    lint.least(`${path}.rows`, 'rows', list(block.rows).length, 2);
  },
  data_visualization(lint, path, { title, chart }) {
    lint.text(`${path}.title`, title ?? '', limits.chartTitle);
    const { type, segments, series, axis_config } = (chart ?? {}) as Json;
    const parts = type === 'pie' ? list(segments) : list(series);
    lint.most(`${path}.chart`, 'series', parts.length, limits.chartSeries);
    lint.least(`${path}.chart`, 'series', parts.length, 1);
    const categories = ((axis_config as Json | undefined)?.categories ?? []) as string[];
    const labels = [
      ...parts.map((part) => part.label ?? part.name),
      ...categories,
      ...parts.flatMap(({ data }) => list(data).map(({ label }) => label)),
    ];
    for (const label of labels) lint.text(`${path}.chart`, label ?? '', limits.chartLabel);
    lint.most(`${path}.chart`, 'categories', categories.length, limits.chartCategories);
    for (const part of type === 'pie' ? [] : parts)
      lint.most(`${path}.chart`, 'points', Math.abs(list(part.data).length - categories.length), 0);
  },
  plan(lint, path, { title, tasks }) {
    lint.text(`${path}.title`, title ?? '', limits.section);
    for (const [i, task] of list(tasks).entries()) lint.text(`${path}.tasks[${i}].title`, task.title ?? '', limits.section);
  },
  task_card: (lint, path, { title }) => lint.text(`${path}.title`, title ?? '', limits.section),
  input(lint, path, { label, hint }) {
    lint.text(`${path}.label`, label ?? '', limits.inputLabel);
    lint.text(`${path}.hint`, hint, limits.inputLabel);
  },
};

function lintTable(lint: Lint, path: string, { rows }: Json, most: number): void {
  const all = (Array.isArray(rows) ? rows : []) as Json[][];
  lint.most(`${path}.rows`, 'rows', all.length, most);
  lint.least(`${path}.rows`, 'rows', all.length, 1);
  lint.most(`${path}.rows`, 'columns', Math.max(0, ...all.map((row) => row.length)), limits.tableColumns);
  lint.most(`${path}.rows`, 'ragged', new Set(all.map((row) => row.length)).size, 1);
  lint.most(`${path}.rows`, 'table_text', sizeOf(all), limits.tableText);
}

/** Rules for what stands anywhere: elements, text objects, addresses. */
function lintValue(lint: Lint, { path, key, value, parent }: { path: string; key: string; value: unknown; parent: Json }): void {
  if (typeof value !== 'string') {
    if (key === 'confirm' && parent.type === 'button') lintConfirm(lint, path, value as Json);
    return;
  }
  if (key === 'type' && value === 'button') lint.text(`${path}.text`, parent.text ?? '', limits.button);
  if (key === 'type' && value === 'broadcast') lint.most(path, 'active', 1, 0);
  if (key === 'type' && /^raw_|^text$/.test(value)) lint.least(path, 'length', lengthOf(parent.text), 1);
  if (key === 'value') lint.most(path, 'value', value.length, limits.value);
  if (key === 'action_id') lint.most(path, 'action_id', value.length, limits.id);
  if (key === 'initial_value') lint.most(path, 'initial_value', value.length, limits.inputValue);
  if (key === 'url' || key === 'image_url' || key === 'title_url') {
    lint.most(path, 'url', value.length, limits.buttonUrl);
    lint.most(path, 'active', /^https?:\/\//i.test(value) ? 0 : 1, 0);
  }
  if (key === 'text' && parent.type === 'mrkdwn') lint.most(path, 'active', signsIn(value), 0);
  if (key === 'text' && parent.type === 'markdown') lint.most(path, 'active', activeMarkdown(value), 0);
  if (key !== 'initial_value') lint.most(path, 'hidden', value.match(hiddenSigns)?.length ?? 0, 0);
  lint.most(path, 'broken_letter', value.isWellFormed() ? 0 : 1, 0);
}

function lintConfirm(lint: Lint, path: string, confirm: Json): void {
  lint.text(`${path}.title`, confirm.title, limits.confirmTitle);
  lint.text(`${path}.text`, confirm.text ?? '', limits.confirmText);
  lint.text(`${path}.confirm`, confirm.confirm, limits.confirmButton);
  lint.text(`${path}.deny`, confirm.deny, limits.confirmButton);
}
