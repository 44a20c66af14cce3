import type { types } from '@slack/bolt';
import type { Button } from '../../core/card.ts';
import { httpUrl } from './safe-text.ts';
import { limits } from './slack-limits.ts';
import { context, more, plain, plainLine, type SlackBlock } from './slack-text.ts';
import { tokenShape } from './token-shape.ts';

/** What a button says when it is pressed: an opaque token, and for thumbs which of the two. */
const pressed = 'press';
const voted = 'vote';

/** Rows of buttons. One whose token is none could not be answered, so it is left out and counted. */
export function buttonBlocks(buttons: Button[]): SlackBlock[] {
  const live = buttons.filter(({ token }) => tokenShape.test(token));
  const rows: types.ActionsBlock[] = [];
  for (let i = 0; i < live.length; i += limits.actions) {
    const row = live.slice(i, i + limits.actions);
    rows.push({ type: 'actions', elements: row.map((button, n) => buttonOf(button, `${pressed}.${i + n}`)) });
  }
  const dead = buttons.length - live.length;
  return dead ? [...rows, context(more(dead, 'button'))] : rows;
}

function buttonOf({ label, token, style, confirm, url }: Button, actionId: string): types.Button {
  const address = url && httpUrl(url, limits.buttonUrl);
  return {
    type: 'button',
    action_id: actionId,
    text: plainLine(label, limits.button),
    value: token,
    ...(style && { style }),
    ...(address && { url: address }),
    ...(confirm && {
      confirm: {
        title: plainLine(confirm.title, limits.confirmTitle),
        text: plain(confirm.text, limits.confirmText),
        confirm: plainLine(confirm.ok, limits.confirmButton),
        deny: plainLine('Not now', limits.confirmButton),
        ...(style === 'danger' && { style }),
      },
    }),
  };
}

/** Thumbs as Slack draws them; `classic` where a surface has only ordinary buttons. */
export function feedbackBlocks(token: string, classic: boolean): SlackBlock[] {
  if (!tokenShape.test(token)) return [];
  const thumb = (vote: 'up' | 'down', text: string, label: string) => ({
    text: { type: 'plain_text' as const, text },
    value: `${vote}.${token}`,
    accessibility_label: label,
  });
  const up = thumb('up', 'Good answer', 'This answer helped');
  const down = thumb('down', 'Bad answer', 'This answer did not help');
  if (!classic)
    return [
      {
        type: 'context_actions',
        elements: [{ type: 'feedback_buttons', action_id: voted, positive_button: up, negative_button: down }],
      },
    ];
  return [
    {
      type: 'actions',
      elements: [
        { type: 'button', action_id: `${voted}.up`, ...up },
        { type: 'button', action_id: `${voted}.down`, ...down },
      ],
    },
  ];
}

export type Pressed = { kind: 'press'; token: string } | { kind: 'vote'; token: string; vote: 'up' | 'down' };

/** What was pressed, out of an action that Slack sent; nothing for anything that no button of ours says. */
export function pressedOf(action: { action_id?: string; value?: string }): Pressed | undefined {
  const [kind] = (action.action_id ?? '').split('.');
  const value = action.value ?? '';
  if (kind === pressed && tokenShape.test(value)) return { kind: 'press', token: value };
  const vote = /^(up|down)\.(.*)$/.exec(value);
  if (kind === voted && vote && tokenShape.test(vote[2]!))
    return { kind: 'vote', token: vote[2]!, vote: vote[1] as 'up' | 'down' };
  return undefined;
}
