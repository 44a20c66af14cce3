import { z } from 'zod';
import { AppError } from '../errors.ts';
import type { Gate } from '../tools/gate.ts';

/** What of a tool's input, as JSON schema, tells how typed text is meant. */
export interface InputSchema {
  type?: string | string[];
  format?: string;
  anyOf?: InputSchema[];
  properties?: Record<string, InputSchema>;
}

export function inputSchema(gate: Gate, toolName: string): InputSchema {
  const tool = gate.catalog.get(toolName);
  return tool ? (z.toJSONSchema(tool.input, { io: 'input' }) as InputSchema) : {};
}

/** What a person typed, in the types that the tool's input has. Whether it is allowed is the gate's to say. */
export const typedPatch = (schema: InputSchema, values: Record<string, string>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).map(([field, value]) => [field, typed(value, schema.properties?.[field], field)]));

const typesOf = (schema: InputSchema | undefined): string[] => [
  ...(schema?.type ? [schema.type].flat() : []),
  ...(schema?.anyOf ?? []).flatMap(typesOf),
];

const hasFormat = (schema: InputSchema | undefined): boolean =>
  /^(date|time|date-time)$/.test(schema?.format ?? '') || (schema?.anyOf ?? []).some(hasFormat);

function typed(value: string, schema: InputSchema | undefined, field: string): unknown {
  const types = typesOf(schema);
  if (types.includes('null') && /^(null|none)?$/i.test(value)) return null;
  // nothing picked: left out, where it may be
  if (value === '' && hasFormat(schema)) return undefined;
  if ((types.includes('number') || types.includes('integer')) && value !== '' && Number.isFinite(Number(value)))
    return Number(value);
  if (types.includes('boolean') && /^(true|false|yes|no)$/i.test(value)) return /^(true|yes)$/i.test(value);
  if (types.includes('string') || types.length === 0) return value.replace(/^"(.*)"$/s, '$1');
  if (types.includes('array') && !value.startsWith('[')) return value.split(',').map((item) => item.trim());
  if (types.includes('array') || types.includes('object')) return fromJson(value, field);
  return value;
}

function fromJson(value: string, field: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    throw new AppError('invalid_input', `${field} takes JSON, for example {"key": "value"}.`);
  }
}
