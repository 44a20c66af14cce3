import type { types } from '@slack/bolt';
import type { ApprovalView } from '../../core/approval.ts';
import type { Card } from '../../core/card.ts';
import type { HomeSection } from '../../core/chat.ts';
import type { EditField } from '../../core/edit-form.ts';
import { optionWords } from './edit-fields.ts';
import { safe } from './safe-text.ts';
import { blocksOf } from './slack-blocks.ts';
import { limits } from './slack-limits.ts';
import { context, cut, heading, more, plain, plainLine, type SlackBlock, sections, shownLine } from './slack-text.ts';

/** The Home tab and the forms. */

/** Home knows none of the newer blocks, so everything is drawn in the old ones. What no longer fits is counted. */
export function homeView(parts: HomeSection[]): types.HomeView {
  const blocks: SlackBlock[] = parts.flatMap((part, i) => [
    ...(i ? [{ type: 'divider' as const }] : []),
    ...heading(part.title),
    ...part.cards.flatMap(homeCard),
  ]);
  const left = blocks.length - limits.viewBlocks;
  const drawn = left > 0 ? [...blocks.slice(0, limits.viewBlocks - 1), context(more(left + 1, 'part'))] : blocks;
  return { type: 'home', blocks: drawn.length ? drawn : [context('Nothing here yet.')] };
}

/** A card's title is a line here: the headings are the sections'. */
const homeCard = (card: Card): SlackBlock[] => [
  ...sections(card.title ? shownLine(card.title) : ''),
  ...card.blocks.flatMap((block) => blocksOf(block, { classic: true })),
];

/** What the form is about goes back with it: an opaque token, as in a button. */
export interface Form {
  /** `callback_id`, for telling forms apart. */
  id: string;
  token: string;
}

/** The fields of a proposal's input, to change before it is approved. */
export function editModal(view: Pick<ApprovalView, 'title' | 'confirmCount'>, fields: EditField[], form: Form): types.ModalView {
  const most = limits.viewBlocks - 4;
  const left = fields.length - most;
  return modal('Edit', 'Approve', form, [
    ...sections(cut(shownLine(view.title), limits.section)),
    ...fields.slice(0, most).flatMap(inputOf),
    ...(left > 0 ? [context(more(left, 'field'))] : []),
    ...(view.confirmCount === null ? [] : [countInput(view.confirmCount)]),
  ]);
}

/** For bulk: the number of records is typed, so that nobody presses through it. */
export const countModal = (view: Pick<ApprovalView, 'title' | 'confirmCount'>, form: Form): types.ModalView =>
  modal('Approve', 'Approve', form, [
    ...sections(cut(shownLine(view.title), limits.section)),
    countInput(view.confirmCount ?? 0),
  ]);

/** A question or a wish about a proposal. */
export const askModal = (view: Pick<ApprovalView, 'title'>, form: Form): types.ModalView =>
  modal('Ask', 'Send', form, [
    ...sections(cut(shownLine(view.title), limits.section)),
    input('note', 'Your question or wish', {
      type: 'plain_text_input',
      action_id: 'note',
      multiline: true,
      max_length: limits.inputValue,
    }),
  ]);

const modal = (title: string, submit: string, form: Form, blocks: SlackBlock[]): types.ModalView => ({
  type: 'modal',
  callback_id: form.id,
  private_metadata: form.token,
  title: plainLine(title, limits.viewTitle),
  submit: plainLine(submit, limits.viewButton),
  close: plainLine('Not now', limits.viewButton),
  blocks,
});

const countInput = (count: number): types.InputBlock =>
  input('confirmCount', `This changes ${count.toLocaleString('en-US')} records. Type that number.`, {
    type: 'number_input',
    action_id: 'confirmCount',
    is_decimal_allowed: false,
  });

const input = (
  name: string,
  label: string,
  element: types.InputBlock['element'],
  hint?: string,
  optional = false,
): types.InputBlock => ({
  type: 'input',
  block_id: name,
  label: plainLine(label, limits.inputLabel),
  element,
  ...(optional && { optional }),
  ...(hint && { hint: plain(hint, limits.inputLabel) }),
});

/** What a person may leave empty is optional: whether the tool can do without is its own to say. */
function inputOf(field: EditField): SlackBlock[] {
  const { name, label, value, kind, options = [], hint } = field;
  // what cannot be shown in full must not be sent back cut
  if (name.length > limits.id || safe(value).length > limits.inputValue) return [context(`${label}: too long to change here`)];
  if (kind === 'choice' && options.length && options.length <= limits.options) {
    const choices = options.map((option) => ({
      text: plainLine(optionWords(option), limits.option),
      value: option.slice(0, limits.option),
    }));
    const initial = choices[options.indexOf(value)];
    return [
      input(
        name,
        label,
        { type: 'static_select', action_id: name, options: choices, ...(initial && { initial_option: initial }) },
        hint,
        true,
      ),
    ];
  }
  const picker = pickerOf(field);
  if (picker) return [input(name, label, { ...picker, action_id: name }, hint, !field.required)];
  // as it is: what stands in an input is inert, and comes back as it was unless somebody changes it
  const initial = safe(value) ? { initial_value: safe(value) } : {};
  if (kind === 'number')
    return [
      input(
        name,
        label,
        {
          type: 'number_input',
          action_id: name,
          is_decimal_allowed: true,
          ...(value.trim() && Number.isFinite(Number(value)) ? { initial_value: value.trim() } : {}),
        },
        hint,
        true,
      ),
    ];
  return [
    input(
      name,
      label,
      { type: 'plain_text_input', action_id: name, max_length: limits.inputValue, multiline: kind === 'text', ...initial },
      hint,
      true,
    ),
  ];
}

/** Slack shows a moment on the clock of whoever looks, and takes ten digits for it. */
function pickerOf({ kind, value }: EditField): types.Datepicker | types.Timepicker | types.DateTimepicker | undefined {
  if (kind === 'date') return { type: 'datepicker', ...(value && { initial_date: value }) };
  if (kind === 'time') return { type: 'timepicker', ...(value && { initial_time: value }) };
  if (kind !== 'moment') return undefined;
  const seconds = Date.parse(value) / 1000;
  if (value && (seconds < 1e9 || seconds >= 1e10)) return undefined;
  return { type: 'datetimepicker', ...(value && { initial_date_time: seconds }) };
}

/** What was filled in, by name, out of the state that Slack sends with a form. */
export function formValues(state: { values: Record<string, Record<string, Filled>> }): Record<string, string> {
  const values: [string, string][] = [];
  for (const [name, elements] of Object.entries(state.values))
    for (const element of Object.values(elements)) values.push([name, filledIn(element)]);
  return Object.fromEntries(values);
}

/** Of each kind of input, what Slack sends. */
export interface Filled {
  value?: string | null | undefined;
  selected_option?: { value: string } | null | undefined;
  selected_date?: string | null | undefined;
  selected_time?: string | null | undefined;
  selected_date_time?: number | null | undefined;
}

function filledIn({
  value,
  selected_option: option,
  selected_date: day,
  selected_time: time,
  selected_date_time: at,
}: Filled): string {
  if (typeof at === 'number') return Math.abs(at) < 1e11 ? new Date(at * 1000).toISOString() : String(at);
  return option?.value ?? day ?? time ?? value ?? '';
}
