import { z } from 'zod';

const made = new WeakMap<z.ZodType, Record<string, unknown>>();

/** What a model is told to fill in. Without the schema's own address: providers refuse keys they do not know. */
export function jsonSchemaOf(schema: z.ZodType): Record<string, unknown> {
  const known = made.get(schema);
  if (known) return known;
  const { $schema: _address, ...json } = z.toJSONSchema(schema, { io: 'input' }) as Record<string, unknown>;
  made.set(schema, json);
  return json;
}
