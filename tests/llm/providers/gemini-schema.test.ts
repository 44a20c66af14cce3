import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { geminiSchema } from '../../../src/llm/gemini-schema.ts';
import { tools } from '../../../src/tools/index.ts';

describe('schemas for Gemini', () => {
  const known = new Set(
    'type title description nullable minItems maxItems minLength maxLength minimum maximum format enum items properties required anyOf'.split(
      ' ',
    ),
  );
  function wrongIn(schema: Record<string, unknown>, path = ''): string[] {
    const wrong = Object.keys(schema)
      .filter((key) => !known.has(key))
      .map((key) => `${path}.${key}`);
    if (!schema['anyOf'] && typeof schema['type'] !== 'string') wrong.push(`${path} has no type`);
    if (schema['type'] === 'array' && !schema['items']) wrong.push(`${path} has no items`);
    if (schema['enum'] && schema['type'] !== 'string') wrong.push(`${path} lists what is no text`);
    const properties = (schema['properties'] ?? {}) as Record<string, Record<string, unknown>>;
    for (const name of (schema['required'] ?? []) as string[]) if (!properties[name]) wrong.push(`${path} requires ${name}`);
    for (const [name, property] of Object.entries(properties)) wrong.push(...wrongIn(property, `${path}/${name}`));
    if (schema['items']) wrong.push(...wrongIn(schema['items'] as Record<string, unknown>, `${path}[]`));
    for (const option of (schema['anyOf'] ?? []) as Record<string, unknown>[]) wrong.push(...wrongIn(option, `${path}|`));
    return wrong;
  }

  it('have of every tool what Gemini knows, and nothing else', () => {
    for (const tool of tools.values()) {
      const schema = z.toJSONSchema(tool.input, { io: 'input' }) as Record<string, unknown>;
      expect(wrongIn(geminiSchema(schema)), tool.name).toEqual([]);
    }
  });

  it('say the same in its words', () => {
    const shape = z.object({
      name: z.string().min(2).describe('Whose'),
      mail: z.email().optional(),
      kind: z.enum(['a', 'b']),
      only: z.literal('x'),
      count: z.number().int().positive().max(9),
      when: z.iso.datetime().nullable(),
      either: z.union([z.string(), z.number()]),
      rank: z.union([z.literal(1), z.literal(2)]).describe('How high'),
      tags: z.array(z.string()).max(3),
      more: z.record(z.string(), z.unknown()),
    });
    expect(geminiSchema(z.toJSONSchema(shape, { io: 'input' }) as Record<string, unknown>)).toEqual({
      type: 'object',
      properties: {
        name: { type: 'string', minLength: 2, description: 'Whose' },
        mail: { type: 'string' },
        kind: { type: 'string', format: 'enum', enum: ['a', 'b'] },
        only: { type: 'string', format: 'enum', enum: ['x'] },
        count: { type: 'integer', maximum: 9 },
        when: { type: 'string', format: 'date-time', nullable: true },
        either: { anyOf: [{ type: 'string' }, { type: 'number' }] },
        rank: {
          description: 'How high',
          anyOf: [
            { type: 'number', description: 'One of: 1.' },
            { type: 'number', description: 'One of: 2.' },
          ],
        },
        tags: { type: 'array', maxItems: 3, items: { type: 'string' } },
        more: { type: 'object' },
      },
      required: ['name', 'kind', 'only', 'count', 'when', 'either', 'rank', 'tags', 'more'],
    });
  });

  it('follow references, also ones that lead back to themselves, as far as is useful', () => {
    const node = {
      type: 'object',
      properties: { name: { $ref: '#/$defs/name' }, next: { $ref: '#' } },
      $defs: { name: { type: ['string', 'null'] } },
    };
    const schema = geminiSchema(node);
    expect(wrongIn(schema)).toEqual([]);
    expect(schema).toMatchObject({
      properties: { name: { type: 'string', nullable: true }, next: { properties: { name: { type: 'string' } } } },
    });
  });

  it('hold all that must hold at once', () => {
    const both = {
      allOf: [
        { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
        { properties: { b: { type: 'number' } }, required: ['b'] },
      ],
    };
    expect(geminiSchema(both)).toEqual({
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'number' } },
      required: ['a', 'b'],
    });
  });
});
