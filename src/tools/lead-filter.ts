import { z } from 'zod';
import { type LeadFilter, leadStatuses } from '../core/lead.ts';
import type { Records } from '../core/records.ts';
import { regionCode, regionName } from '../core/regions.ts';
import { tiers } from '../core/scoring.ts';
import type { ToolContext } from './define.ts';
import { resolveOwner } from './resolve.ts';

/** Which leads, as every tool over many of them takes it. */
export const filterShape = {
  query: z.string().max(200).optional().describe('Words that must all appear in name, place, phone, e-mail, domain or industry.'),
  status: z.array(z.enum(leadStatuses)).max(8).optional(),
  tier: z.array(z.enum(tiers)).max(4).optional(),
  state: z.string().max(40).optional().describe('"Texas" or "TX".'),
  city: z.string().max(80).optional(),
  owner: z.string().max(80).optional().describe('"me", "nobody", or a colleague’s name.'),
  minScore: z.number().min(0).max(100).optional(),
  maxScore: z.number().min(0).max(100).optional(),
  has: z.array(z.enum(['phone', 'email', 'website'])).optional(),
  missing: z.array(z.enum(['phone', 'email', 'website', 'owner'])).optional(),
  notContactedDays: z
    .number()
    .int()
    .min(0)
    .max(3650)
    .optional()
    .describe('Not contacted for this many days or never; 0 = never contacted.'),
  addedWithinDays: z.number().int().min(0).max(3650).optional(),
};

/** The filter, and the same in words so that a reader sees what was really asked. */
export async function toFilter(
  asked: z.infer<z.ZodObject<typeof filterShape>>,
  records: Records,
  ctx: ToolContext,
  now: Date,
): Promise<{ filter: LeadFilter; words: string }> {
  const { owner, state, addedWithinDays, ...rest } = asked;
  const code = state && (regionCode(state) ?? state);
  const ownerId = owner === undefined ? undefined : await resolveOwner(records, owner, ctx);
  const filter: LeadFilter = {
    ...rest,
    ...(code && { state: code }),
    ...(ownerId !== undefined && { ownerId }),
    ...(addedWithinDays !== undefined && { createdSince: new Date(now.getTime() - addedWithinDays * 86_400_000) }),
  };
  const words = [
    asked.tier?.join(' or '),
    asked.status?.join(' or '),
    asked.query && `"${asked.query}"`,
    code && `in ${regionName(code) ?? code}`,
    asked.city && `in ${asked.city}`,
    owner && `owned by ${owner}`,
    asked.minScore !== undefined && `score from ${asked.minScore}`,
    asked.maxScore !== undefined && `score up to ${asked.maxScore}`,
    asked.has?.map((field) => `with ${field}`).join(', '),
    asked.missing?.map((field) => `without ${field}`).join(', '),
    asked.notContactedDays !== undefined &&
      (asked.notContactedDays === 0 ? 'never contacted' : `not contacted for ${asked.notContactedDays} days`),
    addedWithinDays !== undefined && `added in the last ${addedWithinDays} days`,
  ].filter(Boolean);
  return { filter, words: words.join(', ') || 'all' };
}
