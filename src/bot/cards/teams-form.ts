import type { EditField, EditForm } from '../../core/edit-form.ts';
import { isDate, isTimeOfDay } from '../../core/moment.ts';
import { optionWords } from './edit-fields.ts';
import { more, safe } from './safe-text.ts';
import { look, press } from './teams-buttons.ts';
import { type AdaptiveCardJson, type CardElement, cardOf } from './teams-card.ts';
import { limits } from './teams-limits.ts';
import { bytesOf, context, cut, heading, nothing, paragraphs, rich, run, shown, shownLine } from './teams-text.ts';

/**
 * A form in the place of the card that it was opened from. `problems` says what is wrong with which field; `typed` is what somebody wrote there
 * before, so that they need not write it again.
 */
export function teamsForm(
  form: EditForm,
  problems: Record<string, string> = {},
  typed: Record<string, string> = {},
): AdaptiveCardJson {
  const { head, fields, last, ok } = layouts[form.kind](form);
  const drawn = (line: Line): CardElement[] => {
    const problem = Object.hasOwn(problems, line.name) ? problems[line.name] : undefined;
    return [...line.draw(Object.hasOwn(typed, line.name) ? typed[line.name] : undefined), ...(problem ? told(problem) : [])];
  };
  const names = new Set([...fields, ...last].map(({ name }) => name));
  const elsewhere = Object.entries(problems).flatMap(([name, problem]) => (names.has(name) ? [] : told(problem)));
  const top = [...heading(head, 'Large'), ...paragraphs(cut(shownLine(form.view.title), longestTitle)), ...elsewhere.slice(0, 5)];
  const bottom: CardElement[] = [
    ...last.flatMap(drawn),
    { type: 'ActionSet', actions: [press(ok, form.token, 'primary'), look(form.token, 'Back')] },
  ];
  const middle: CardElement[] = [];
  let [room, left] = [limits.filled - 1000 - bytesOf([...top, ...bottom]), 0];
  for (const field of fields) {
    const elements = drawn(field);
    const bytes = bytesOf(elements);
    if (bytes > room) left += 1;
    else {
      middle.push(...elements);
      room -= bytes;
    }
  }
  return cardOf([...top, ...middle, ...(left ? [context(more(left, 'field'))] : []), ...bottom]);
}

const longestTitle = 700;
const longestProblem = 500;
const longestHint = 300;

interface Line {
  /** What its value comes back by. */
  name: string;
  draw(typed: string | undefined): CardElement[];
}

interface Layout {
  head: string;
  fields: Line[];
  /** Never left out, however many fields there are. */
  last: Line[];
  ok: string;
}

const layouts: Record<EditForm['kind'], (form: EditForm) => Layout> = {
  edit: ({ fields, view }) => ({
    head: 'Edit',
    fields: fields.map((field) => ({ name: field.name, draw: (typed) => inputOf(field, typed) })),
    last: view.confirmCount === null ? [] : [countLine(view.confirmCount)],
    ok: 'Approve',
  }),
  count: ({ view }) => ({ head: 'Approve', fields: [], last: [countLine(view.confirmCount ?? 0)], ok: 'Approve' }),
  ask: () => ({ head: 'Ask', fields: [], last: [noteLine], ok: 'Send' }),
};

const told = (problem: string): CardElement[] => [
  {
    ...rich(run(cut(shownLine(problem) || nothing, longestProblem), { color: 'Attention', weight: 'Bolder' })),
    spacing: 'Small',
  },
];

const noteLine: Line = {
  name: 'note',
  draw: (typed) => [
    {
      type: 'Input.Text',
      id: 'note',
      label: 'Your question or wish',
      isMultiline: true,
      isRequired: true,
      errorMessage: 'Say what you want to ask or change.',
      maxLength: limits.inputValue,
      ...(typed && { value: cut(safe(typed), limits.inputValue) }),
    },
  ],
};

/** For bulk: the number of records is typed, so that nobody presses through it. */
const countLine = (count: number): Line => ({
  name: 'confirmCount',
  draw: (typed) => [
    {
      type: 'Input.Number',
      id: 'confirmCount',
      label: `This changes ${count.toLocaleString('en-US')} records. Type that number.`,
      isRequired: true,
      errorMessage: 'Type the number of records.',
      ...numberOf(typed),
    },
  ],
});

const numberOf = (text = ''): { value?: number } => (text.trim() && Number.isFinite(Number(text)) ? { value: Number(text) } : {});

/** What stands beside the values in what comes back. */
const ours = new Set(['token', 'proposal', '']);

/** What a person may leave empty is optional: whether the tool can do without is its own to say. */
function inputOf(field: EditField, typed: string | undefined): CardElement[] {
  const { name, kind, hint } = field;
  // leaving it empty is no choice of its own
  const options = (field.options ?? []).filter(Boolean);
  const label = cut(shownLine(field.label) || nothing, limits.heading);
  const value = safe(typed ?? field.value);
  // what cannot be shown in full must not be sent back cut
  if (ours.has(name) || value.length > limits.inputValue) return [context(`${label}: cannot be changed here`)];
  const help = cut(shown(hint ?? '').trim(), longestHint);
  const note = help ? [context(help)] : [];
  if (kind === 'choice' && options.length && options.length <= limits.choices) {
    const choices = options.map((option) => ({
      title: cut(shownLine(optionWords(option)) || nothing, limits.heading),
      value: option,
    }));
    const chosen = options.includes(value) && { value };
    return [{ type: 'Input.ChoiceSet', id: name, label, style: 'compact', choices, ...chosen }, ...note];
  }
  if (kind === 'number') return [{ type: 'Input.Number', id: name, label, ...numberOf(value) }, ...note];
  if (kind === 'date' || kind === 'time' || kind === 'moment') return [...picked(field, label, value), ...note];
  const lines = kind === 'text' && { isMultiline: true as const };
  return [{ type: 'Input.Text', id: name, label, maxLength: limits.inputValue, ...lines, ...(value && { value }) }, ...note];
}

/** Teams has no input for both, so a moment is a day and, beside it, a time. */
const timeOf = (name: string): string => `${name}.time`;

function picked({ name, kind, zone, required }: EditField, label: string, value: string): CardElement[] {
  const [day = '', time = ''] = kind === 'time' ? ['', value] : value.split(/[T ]/);
  const needed = required && { isRequired: true as const, errorMessage: 'Pick one.' };
  const date = { type: 'Input.Date' as const, id: name, label, ...(isDate(day) && { value: day }), ...needed };
  const at = time.slice(0, 5);
  const clock = (id: string, called: string) => ({
    type: 'Input.Time' as const,
    id,
    label: called,
    ...(isTimeOfDay(at) && { value: at }),
    ...needed,
  });
  if (kind === 'date') return [date];
  if (kind === 'time') return [clock(name, label)];
  return [date, clock(timeOf(name), `${label}: time`), context(`On your clock: ${zone}`)];
}

/** What was filled in, with what belongs together in one. */
export function teamsValues(sent: Record<string, string>): Record<string, string> {
  const values = { ...sent };
  for (const name of Object.keys(sent)) {
    const time = timeOf(name);
    if (!Object.hasOwn(sent, time)) continue;
    delete values[time];
    values[name] = sent[name] || sent[time] ? `${sent[name]}T${sent[time]}` : '';
  }
  return values;
}
