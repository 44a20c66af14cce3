import type { EditField } from '../../core/edit-form.ts';
import { safe } from './safe-text.ts';

/** What of a tool's input schema, as JSON schema, a form needs to know. */
export interface InputSchema {
  properties?: Record<string, FieldSchema>;
}

interface FieldSchema {
  type?: string | string[];
  enum?: unknown[];
  anyOf?: FieldSchema[];
  description?: string;
  maxLength?: number;
}

/** Longer values get a box of several lines. */
const longLine = 120;

/** The fields of a proposal's input as a form shows them. Its version is ours: nobody has to type it. */
export const editFields = (values: Record<string, unknown>, schema: InputSchema = {}): EditField[] =>
  Object.entries(values)
    .filter(([name, value]) => name !== 'version' && value !== undefined)
    .map(([name, value]) => fieldOf(name, value, schema.properties?.[name]));

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

/** "dueAt" -> "Due at". */
const labelOf = (name: string): string => {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, (_all, a: string, b: string) => `${a} ${b.toLowerCase()}`)
    .replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** Only what a person changed, for an edit of the proposal. */
export const changedFields = (fields: EditField[], filled: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    fields.flatMap(({ name, value }) =>
      name in filled && filled[name]!.trim() !== safe(value).trim() ? [[name, filled[name]!]] : [],
    ),
  );
