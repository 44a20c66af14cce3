import type { ApprovalLine, ApprovalView } from '../../core/approval.ts';
import type { ProposalStatus } from '../../core/proposal.ts';
import { approvalEnd, approvalFields, stateWords, unlisted } from './approval-words.ts';
import { more } from './safe-text.ts';
import { buttonElements, look } from './teams-buttons.ts';
import type { CardElement, Inline, TextRun } from './teams-card.ts';
import { limits } from './teams-limits.ts';
import { fieldElements } from './teams-table.ts';
import { bytesOf, context, cut, cutBytes, heading, nothing, rich, run, shown, shownLine } from './teams-text.ts';
import { tokenShape } from './token-shape.ts';

const states: Record<ProposalStatus, { sign: string; color: NonNullable<TextRun['color']> }> = {
  pending: { sign: '⏳', color: 'Accent' },
  accepted: { sign: '▶️', color: 'Accent' },
  executed: { sign: '✅', color: 'Good' },
  failed: { sign: '❌', color: 'Attention' },
  uncertain: { sign: '⚠️', color: 'Warning' },
  ignored: { sign: '⏭️', color: 'Default' },
  expired: { sign: '⌛', color: 'Default' },
  superseded: { sign: '🔁', color: 'Default' },
};

const longestTitle = 700;
const longestField = 500;
const mostFieldBytes = 700;

/** What a person needs to decide, and the buttons; the same without buttons once it is decided, and for whoever only reads along. */
export function approvalElements(view: ApprovalView, readsAlong: boolean): CardElement[] {
  const { sign, color } = states[view.state];
  const title = cutBytes(shownLine(view.title), longestTitle);
  const head = [rich(run(`${sign} ${stateWords[view.state]}`, { color, weight: 'Bolder', size: 'Small' })), ...heading(title)];
  const facts = fieldElements([...approvalFields(view), ...approvalEnd(view)].map(bounded));
  const buttons = readsAlong ? lookButton(view) : buttonElements(view.buttons).flat();
  const room = limits.filled - 1000 - bytesOf([...head, ...facts, ...buttons]);
  return [...head, ...diffElements(view, room), ...facts, ...buttons];
}

/** The token that stands for the proposal where its card is asked for. */
export const proposalToken = ({ buttons }: ApprovalView): string | undefined =>
  buttons.find(({ token }) => tokenShape.test(token))?.token;

/** Cards refresh by themselves for some only: whoever may decide as well finds the way here. */
function lookButton(view: ApprovalView): CardElement[] {
  const token = proposalToken(view);
  return token ? [{ type: 'ActionSet', actions: [look(token, 'Decide')] }] : [];
}

/** A reason of any length must leave room for the rest; how much of it is missing is said. */
function bounded({ label, value }: { label: string; value: string }): { label: string; value: string } {
  const whole = shown(value);
  const kept = cutBytes(cut(whole, longestField), mostFieldBytes);
  return { label, value: kept === whole ? whole : `${kept} (${whole.length.toLocaleString('en-US')} characters)` };
}

/** One line of the diff: name in bold, what goes struck through, what comes after the arrow. */
function lineOf({ label, before, after }: ApprovalLine): CardElement {
  const inlines: Inline[] = [run(`${shownLine(label) || nothing}: `, { weight: 'Bolder' })];
  if (before !== null) inlines.push(run(shown(before) || nothing, { strikethrough: true, isSubtle: true }));
  if (before !== null && after !== null) inlines.push(' → ');
  if (after !== null) inlines.push(shown(after) || nothing);
  return { ...rich(...inlines), spacing: 'Small' };
}

/** As much of the diff as there is room for; the rest is counted. */
function diffElements(view: ApprovalView, room: number): CardElement[] {
  const elements: CardElement[] = [];
  let [used, left] = [0, 0];
  const add = (element: CardElement): void => {
    const bytes = bytesOf(element) + 1;
    if (used + bytes > room) left += 1;
    else {
      elements.push(element);
      used += bytes;
    }
  };
  for (const { heading: name, lines } of view.changes) {
    const title = name ? shownLine(name) : '';
    if (title) add(rich(run(title, { weight: 'Bolder' })));
    for (const line of lines) add(lineOf(line));
  }
  const rest = unlisted(view);
  const notes = [...(left ? [more(left, 'line')] : []), ...(rest ? [`…${rest}`] : [])];
  return notes.length ? [...elements, context(...notes)] : elements;
}
