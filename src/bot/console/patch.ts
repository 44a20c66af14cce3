import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { Gate } from '../../tools/gate.ts';

/** What was typed as field=value, in the types that the tool's input has. Whether it is allowed is the gate's to say. */
export function patchOf(gate: Gate, toolName: string, pairs: string[]): Record<string, unknown> {
  const tool = gate.catalog.get(toolName);
  const schema = tool ? (z.toJSONSchema(tool.input, { io: 'input' }) as Schema) : {};
  const patch: Record<string, unknown> = {};
  for (const pair of pairs.filter((text) => text.trim())) {
    const match = /^\s*([\w.-]+)\s*=\s*([\s\S]*?)\s*$/.exec(pair);
    if (!match) throw new AppError('invalid_input', `"${pair.trim()}" is not field=value.`);
    const [, field, value] = match as unknown as [string, string, string];
    patch[field] = typed(value, schema.properties?.[field], field);
  }
  if (Object.keys(patch).length === 0) throw new AppError('invalid_input', 'Say what to change as field=value.');
  return patch;
}

interface Schema {
  type?: string | string[];
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
}

const typesOf = (schema: Schema | undefined): string[] => [
  ...(schema?.type ? [schema.type].flat() : []),
  ...(schema?.anyOf ?? []).flatMap(typesOf),
];

function typed(value: string, schema: Schema | undefined, field: string): unknown {
  const types = typesOf(schema);
  if (types.includes('null') && /^(null|none)?$/i.test(value)) return null;
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
