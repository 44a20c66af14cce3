import { z } from 'zod';

/** An ideal customer profile as a file holds it. Apart from scoring, which also runs on threads that have no need of zod. */

/** The highest band that a count reaches gives the points; a count below every band says nothing. */
const bands = z.array(z.strictObject({ atLeast: z.number(), points: z.number().min(0).max(100) })).min(1);

/** Where a criterion finds its evidence. The first source that yields something wins. Column names are matched without case, spaces and underscores. */
const source = z.union([
  /** A column that already holds points 0-100, with a column of words beside it. */
  z.strictObject({ points: z.string(), evidence: z.string().optional() }),
  /** A column that holds a count. */
  z.strictObject({ count: z.string(), noun: z.string(), bands }),
  /** A column that lists things, separated by comma, semicolon or slash. */
  z.strictObject({ list: z.string(), noun: z.string(), bands }),
  /** Yes/no columns; the number of yes counts. At least one must be filled. */
  z.strictObject({ flags: z.record(z.string(), z.string()), noun: z.string(), bands }),
  /** Words in the name and industry, or with `in` in those columns instead. The first rule that fits counts; `and` asks for one of these as well. */
  z.strictObject({
    words: z
      .array(
        z.strictObject({
          any: z.array(z.string()).min(1),
          and: z.array(z.string()).min(1).optional(),
          points: z.number().min(0).max(100),
          label: z.string(),
        }),
      )
      .min(1),
    in: z.array(z.string()).optional(),
  }),
  /** Groups of words, looked for in the same places; the number of groups with a word there counts. */
  z.strictObject({
    groups: z.record(z.string(), z.array(z.string()).min(1)),
    in: z.array(z.string()).optional(),
    noun: z.string(),
    bands,
  }),
]);

export const profileSchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    criteria: z
      .array(
        z.strictObject({
          id: z.string(),
          label: z.string(),
          weight: z.number().positive(),
          met: z.number().min(0).max(100),
          raise: z.string(),
          sources: z.array(source).min(1),
        }),
      )
      .min(1),
    bonuses: z
      .array(
        z.strictObject({
          id: z.string(),
          label: z.string(),
          max: z.number().positive(),
          raise: z.string(),
          sources: z.array(source).min(1),
        }),
      )
      .default([]),
    tiers: z.record(z.enum(['PLATINUM', 'GOLD', 'SILVER']), z.number()),
  })
  .refine((p) => Math.abs(p.criteria.reduce((sum, c) => sum + c.weight, 0) - 1) < 1e-9, {
    message: 'the weights of the criteria must add up to 1',
  });

export type Profile = z.infer<typeof profileSchema>;
export type EvidenceSource = z.infer<typeof source>;
