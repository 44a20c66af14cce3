import type { EditField, PickedKind } from '../../core/edit-form.ts';
import { isDate, isTimeOfDay, localMoment, readMoment } from '../../core/moment.ts';
import { safe } from './safe-text.ts';

/** What of a tool's input schema, as JSON schema, a form needs to know. */
export interface InputSchema {
  properties?: Record<string, FieldSchema>;
  required?: string[];
}

interface FieldSchema {
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  anyOf?: FieldSchema[];
  description?: string;
  maxLength?: number;
}

/** Longer values get a box of several lines. */
const longLine = 120;

/** The fields of a proposal's input as a form shows them, to somebody in this time zone. Its version is ours: nobody has to type it. */
export const editFields = (values: Record<string, unknown>, schema: InputSchema = {}, timeZone = 'UTC'): EditField[] =>
  Object.entries(values)
    .filter(([name, value]) => name !== 'version' && value !== undefined)
    .map(([name, value]) => {
      const of = schema.properties?.[name];
      const picked = pickedOf(of, value, timeZone);
      if (!picked) return fieldOf(name, value, of);
      return { name, label: labelOf(name), ...picked, ...(schema.required?.includes(name) && { required: true }) };
    });

/** What is there and is no date is typed, as it stands. */
function pickedOf(
  schema: FieldSchema | undefined,
  value: unknown,
  zone: string,
): Pick<EditField, 'kind' | 'value' | 'zone'> | undefined {
  const format = [schema, ...(schema?.anyOf ?? [])].find((one) => one?.format)?.format;
  if (value !== null && typeof value !== 'string') return undefined;
  const text = value ?? '';
  if (format === 'date-time') {
    const moment = text && localMoment(text, zone);
    return moment === undefined ? undefined : { kind: 'moment', value: moment, zone };
  }
  if (format === 'date' && (!text || isDate(text))) return { kind: 'date', value: text };
  if (format === 'time' && (!text || isTimeOfDay(text.slice(0, 5)))) return { kind: 'time', value: text.slice(0, 5) };
  return undefined;
}

function fieldOf(name: string, value: unknown, schema: FieldSchema | undefined): EditField {
  const text = textOf(value);
  const options = optionsOf(schema, value);
  const kind = options
    ? 'choice'
    : typeof value === 'number'
      ? 'number'
      : text.length > longLine || text.includes('\n') || (schema?.maxLength ?? 0) > 1000
        ? 'text'
        : 'line';
  return {
    name,
    label: labelOf(name),
    value: text,
    kind,
    ...(options && { options }),
    ...(schema?.description && { hint: schema.description }),
  };
}

const textOf = (value: unknown): string => (value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value));

function optionsOf(schema: FieldSchema | undefined, value: unknown): string[] | undefined {
  if (typeof value === 'boolean') return ['true', 'false'];
  const choices = [schema, ...(schema?.anyOf ?? [])].find((one) => one?.enum)?.enum?.filter((one) => typeof one === 'string');
  return choices?.length ? choices : undefined;
}

/** How people read an option. */
export const optionWords = (option: string): string => ({ true: 'Yes', false: 'No' })[option] ?? option;

/** "dueAt" -> "Due at". */
const labelOf = (name: string): string => {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, (_all, a: string, b: string) => `${a} ${b.toLowerCase()}`)
    .replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** Only what a person changed, for an edit of the proposal; and what is wrong with which of it. */
export function readForm(
  fields: EditField[],
  filled: Record<string, string>,
): { changed: Record<string, string>; problems: Record<string, string> } {
  const changed: Record<string, string> = {};
  const problems: Record<string, string> = {};
  for (const field of fields) {
    const { name, kind, value } = field;
    if (!Object.hasOwn(filled, name)) continue;
    const given = filled[name]!;
    if (kind === 'date' || kind === 'time' || kind === 'moment') {
      const read = readPicked({ ...field, kind }, given.trim());
      if ('problem' in read) problems[name] = read.problem;
      else if (read.text !== value) changed[name] = read.text;
    } else if (safe(value).trim() !== given.trim()) changed[name] = given;
  }
  return { changed, problems };
}

const wanted: Record<PickedKind, string> = {
  date: 'Pick a day, such as 2026-03-11.',
  time: 'Pick a time, such as 09:30.',
  moment: 'Pick a day and a time, such as 2026-03-11 09:30.',
};

function readPicked(
  { kind, value, required, zone = 'UTC' }: EditField & { kind: PickedKind },
  given: string,
): { text: string } | { problem: string } {
  const wrong = { problem: wanted[kind] };
  if (!given) return required ? wrong : { text: '' };
  if (kind === 'date') return isDate(given) ? { text: given } : wrong;
  if (kind === 'time') return isTimeOfDay(given) ? { text: given } : wrong;
  // as it was shown: also in an hour that clocks show twice
  if (value && given === value.slice(0, 16)) return { text: value };
  const at = readMoment(given, zone);
  if (at === 'skipped') return { problem: 'There is no such time on that day: the clocks go forward over it. Pick another.' };
  return at === 'unreadable' ? wrong : { text: localMoment(at.toISO(), zone)! };
}
