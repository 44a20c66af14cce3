import { AppError } from '../../errors.ts';
import type { Gate } from '../../tools/gate.ts';
import { inputSchema, typedPatch } from '../typed.ts';

/** What was typed as field=value, in the types that the tool's input has. Whether it is allowed is the gate's to say. */
export function patchOf(gate: Gate, toolName: string, pairs: string[]): Record<string, unknown> {
  const values: Record<string, string> = {};
  for (const pair of pairs.filter((text) => text.trim())) {
    const match = /^\s*([\w.-]+)\s*=\s*([\s\S]*?)\s*$/.exec(pair);
    if (!match) throw new AppError('invalid_input', `"${pair.trim()}" is not field=value.`);
    const [, field, value] = match as unknown as [string, string, string];
    values[field] = value;
  }
  if (Object.keys(values).length === 0) throw new AppError('invalid_input', 'Say what to change as field=value.');
  return typedPatch(inputSchema(gate, toolName), values);
}
