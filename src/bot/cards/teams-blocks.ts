import type { CardBlock, CardStep } from '../../core/card.ts';
import { httpUrl, more } from './safe-text.ts';
import { approvalElements } from './teams-approval.ts';
import { buttonElements } from './teams-buttons.ts';
import type { CardElement, Inline, TextRun } from './teams-card.ts';
import { barElements, chartElements } from './teams-chart.ts';
import { limits } from './teams-limits.ts';
import { fieldElements, tableElements } from './teams-table.ts';
import { context, cut, nothing, paragraphs, rich, run, shown, shownLine } from './teams-text.ts';

export interface TeamsFace {
  /** Teams' own charts; without them the figures are written. Drawn unless told otherwise. */
  charts?: boolean;
  /**
   * Of a proposal that others read along: who of them gets a card with buttons, up to sixty; everybody else sees it without.
   * `mine`: this is the card of one of them, with the buttons.
   */
  refresh?: { userIds: string[]; mine?: boolean };
}

/** A block of a card, in groups whose elements stay together. Thumbs belong to the message and not to a card. */
export function elementsOf(block: CardBlock, face: TeamsFace): CardElement[][] {
  const charts = face.charts ?? true;
  switch (block.type) {
    case 'text':
      return paragraphs(block.text).map((one) => [one]);
    case 'notice':
      return paragraphs(`${notices[block.level].sign} ${block.text}`).map((one) => [
        { type: 'Container', style: notices[block.level].style, items: [one] },
      ]);
    case 'fields':
      return fieldElements(block.fields).map((one) => [one]);
    case 'table':
      return tableElements(block);
    case 'bars':
      return barElements(block, charts);
    case 'chart':
      return chartElements(block, charts);
    case 'steps':
      return stepElements(block.title, block.steps);
    case 'sources':
      return sourceElements(block.items);
    case 'choices':
      return choiceElements(block);
    case 'actions':
      return buttonElements(block.buttons);
    case 'feedback':
      return [];
    case 'approval':
      return [approvalElements(block.approval, readsAlong(block.approval.state, face))];
  }
}

const readsAlong = (state: string, { refresh }: TeamsFace): boolean =>
  state === 'pending' && refresh !== undefined && !refresh.mine;

const notices = {
  info: { sign: 'ℹ️', style: 'accent' },
  warning: { sign: '⚠️', style: 'warning' },
  error: { sign: '❌', style: 'attention' },
} as const;

const steps: Record<CardStep['status'], { sign: string; color: NonNullable<TextRun['color']> }> = {
  pending: { sign: '○', color: 'Default' },
  running: { sign: '▶', color: 'Accent' },
  done: { sign: '✓', color: 'Good' },
  failed: { sign: '✗', color: 'Attention' },
  waiting: { sign: '⏸', color: 'Warning' },
};
const mostSteps = 30;
const longestLine = 200;

function stepElements(title: string | undefined, all: CardStep[]): CardElement[][] {
  const drawn = all.slice(0, mostSteps);
  const name = cut(shownLine(title ?? ''), longestLine);
  const lines = drawn.map(({ status, title, detail }): CardElement => {
    const { sign, color } = steps[status];
    const beside = [...(status === 'waiting' ? ['Waits for a decision'] : []), ...shownOf(detail)].join(': ');
    const inlines: Inline[] = [run(`${sign} `, { color, weight: 'Bolder' }), cut(shownLine(title) || nothing, longestLine)];
    if (beside) inlines.push(run(` – ${beside}`, { isSubtle: true }));
    return { ...rich(...inlines), spacing: 'Small' };
  });
  return listed(name ? [rich(run(name, { weight: 'Bolder' }))] : [], lines, all.length - drawn.length, 'step');
}

const shownOf = (text: string | undefined): string[] => {
  const line = cut(shown(text ?? '').trim(), longestLine);
  return line ? [line] : [];
};

/** A list that may be broken between its lines, but not right below what it is a list of. */
function listed(head: CardElement[], lines: CardElement[], left: number, one: string): CardElement[][] {
  const [first, ...rest] = lines;
  const groups = [[...head, ...(first ? [first] : [])], ...rest.map((line) => [line])].filter((group) => group.length);
  return left > 0 ? [...groups, [context(more(left, one))]] : groups;
}

const mostSources = 20;

/** The links of what is said, in the order of their marks. */
export const linksIn = (items: { title: string; url: string }[]): { title: string; url: string }[] =>
  items.slice(0, mostSources).flatMap(({ title, url }) => {
    const address = httpUrl(url, limits.url);
    return address ? [{ title: cut(shownLine(title) || nothing, longestLine), url: address }] : [];
  });

/** Links, each with the place it leads to: a title may say anything. */
function sourceElements(items: { title: string; url: string }[]): CardElement[][] {
  if (!items.length) return [];
  const lines = items.slice(0, mostSources).map(({ title, url }): CardElement => {
    const address = httpUrl(url, limits.url);
    const name = cut(shownLine(title) || nothing, longestLine);
    if (!address) return { ...rich(`• ${name}`), spacing: 'Small' };
    const link = run(name, { color: 'Accent', selectAction: { type: 'Action.OpenUrl', url: address } });
    return { ...rich('• ', link, ` (${new URL(address).hostname})`), spacing: 'Small' };
  });
  return listed([rich(run('Sources', { weight: 'Bolder' }))], lines, items.length - lines.length, 'source');
}

const mostChoices = 25;

/** A numbered list to answer by typing, and buttons where a choice can be pressed. */
function choiceElements({ question, choices }: Extract<CardBlock, { type: 'choices' }>): CardElement[][] {
  const drawn = choices.slice(0, mostChoices);
  const lines = drawn.map(({ label, note }, i): CardElement => {
    const [beside] = shownOf(note);
    const inlines: Inline[] = [`${i + 1}. ${cut(shownLine(label) || nothing, longestLine)}`];
    if (beside) inlines.push(run(` – ${beside}`, { isSubtle: true, italic: true }));
    return { ...rich(...inlines), spacing: 'Small' };
  });
  return [
    ...paragraphs(question).map((one) => [one]),
    ...listed([], lines, choices.length - drawn.length, 'choice'),
    ...buttonElements(drawn.flatMap(({ label, token }) => (token ? [{ label, token }] : []))),
  ];
}
