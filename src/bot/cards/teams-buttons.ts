import type { Button } from '../../core/card.ts';
import { httpUrl, more } from './safe-text.ts';
import type { ActionSet, CardAction, CardElement, Container, ExecuteAction } from './teams-card.ts';
import { limits } from './teams-limits.ts';
import { bytesOf, context, cut, cutBytes, heading, nothing, paragraphs, shown, shownLine } from './teams-text.ts';
import { tokenShape } from './token-shape.ts';

export const press = (title: string, token: string, style?: Button['style']): ExecuteAction => ({
  type: 'Action.Execute',
  title: cut(shownLine(title) || nothing, limits.button),
  verb: 'press',
  data: { token },
  ...(style && { style: style === 'primary' ? 'positive' : 'destructive' }),
});

/** Asks for the card of a proposal as whoever looks may see it. */
export const look = (token: string, title?: string): ExecuteAction => ({
  type: 'Action.Execute',
  ...(title && { title }),
  verb: 'look',
  data: { proposal: token },
  associatedInputs: 'none',
});

/** Rows of buttons. One whose token is none could not be answered, so it is left out and counted. */
export function buttonElements(buttons: Button[]): CardElement[][] {
  const live = buttons.filter(({ token }) => tokenShape.test(token));
  const rows: CardElement[][] = [];
  let row: Button[] = [];
  for (const button of live) {
    if (row.length && (row.length === limits.actions || bytesOf(rowOf([...row, button])) > limits.element)) {
      rows.push(rowOf(row));
      row = [];
    }
    row.push(button);
  }
  if (row.length) rows.push(rowOf(row));
  const dead = buttons.length - live.length;
  return dead ? [...rows, [context(more(dead, 'button'))]] : rows;
}

/** Teams asks nobody again by itself: the first press puts the question in the place of the buttons. */
function rowOf(buttons: Button[]): CardElement[] {
  const asked = buttons.filter(({ confirm }) => confirm);
  if (!asked.length) return [{ type: 'ActionSet', actions: buttons.map((button) => actionOf(button)) }];
  const row = `row-${buttons[0]!.token}`;
  const set: ActionSet = { type: 'ActionSet', id: row, actions: buttons.map((button) => actionOf(button, row)) };
  return [set, ...asked.map((button) => question(button, row))];
}

const questionId = ({ token }: Button): string => `ask-${token}`;

/** Bytes: five of them fit beside what they are about. */
const longest = { title: 200, text: 600 };

function question(button: Button, row: string): Container {
  const { confirm, token, style } = button;
  const id = questionId(button);
  return {
    type: 'Container',
    id,
    isVisible: false,
    style: 'emphasis',
    items: [
      ...heading(cutBytes(shownLine(confirm?.title ?? ''), longest.title)),
      ...paragraphs(cutBytes(shown(confirm?.text ?? ''), longest.text)),
      {
        type: 'ActionSet',
        actions: [
          press(confirm?.ok ?? '', token, style),
          {
            type: 'Action.ToggleVisibility',
            title: 'Not now',
            targetElements: [
              { elementId: row, isVisible: true },
              { elementId: id, isVisible: false },
            ],
          },
        ],
      },
    ],
  };
}

function actionOf(button: Button, row = ''): CardAction {
  const { label, token, style, confirm, url } = button;
  const address = url && httpUrl(url, limits.url);
  if (address) return { type: 'Action.OpenUrl', title: cut(shownLine(label) || nothing, limits.button), url: address };
  const action = press(label, token, style);
  if (!confirm) return action;
  const { type: _type, verb: _verb, data: _data, ...drawn } = action;
  return {
    ...drawn,
    type: 'Action.ToggleVisibility',
    targetElements: [
      { elementId: row, isVisible: false },
      { elementId: questionId(button), isVisible: true },
    ],
  };
}
