import { z } from 'zod';
import type { EvidenceSource, Profile, ProfileVersion } from '../core/profile.ts';
import { changedProfile, type ProfileChanges } from '../core/profile-change.ts';
import type { Records } from '../core/records.ts';
import { compileRating, roundScore } from '../core/score.ts';
import { type Tier, tiers } from '../core/scoring.ts';
import { AppError } from '../errors.ts';

/** What the tools about ICP profiles share. */

export const profileRef = z.string().trim().min(1).max(200).describe('Id or name of a profile, such as "dealer".');
export const versionRef = z.number().int().min(1).max(2_147_483_647);

export const changesSchema = z
  .strictObject({
    name: z.string().max(200).optional(),
    weights: z
      .record(z.string().max(200), z.number())
      .optional()
      .describe('Criterion -> weight in percent of the whole. The others make room in proportion.'),
    tiers: z
      .strictObject({ PLATINUM: z.number().optional(), GOLD: z.number().optional(), SILVER: z.number().optional() })
      .optional()
      .describe('The score from which on a lead has this tier.'),
    lists: z
      .record(z.string().max(60), z.array(z.string().max(200)).max(2000))
      .optional()
      .describe('Named lists of regions, industries or words, each replaced whole; an empty one goes.'),
  })
  .describe('What is different from the newest version.');

export async function profileAt(records: Records, reference?: string, version?: number): Promise<ProfileVersion> {
  const known = reference ?? (await records.workspace()).profile;
  const found = await records.profiles.get(known, version);
  if (found) return found;
  const all = await records.profiles.list();
  const there = all.find(({ key, profile }) => key === known || profile.name === known);
  throw new AppError(
    'not_found',
    there
      ? `${there.profile.name} has no version ${version}; the newest is ${there.version}.`
      : `There is no profile "${known}". There are: ${all.map(({ key }) => key).join(', ')}.`,
  );
}

export const withChanges = (profile: Profile, changes: ProfileChanges | undefined): Profile =>
  changes ? changedProfile(profile, changes) : profile;

/** Where a criterion looks, in words. */
export function findsOf(sources: readonly EvidenceSource[]): string[] {
  return sources.map((source) => {
    if ('points' in source) return `points in the column ${source.points}`;
    if ('count' in source) return `the count in ${source.count}`;
    if ('list' in source) return `how many ${source.noun}s ${source.list} lists`;
    if ('flags' in source) return `yes or no in ${Object.keys(source.flags).join(', ')}`;
    if ('regions' in source) return `the state or country: ${source.regions.map(({ label }) => label).join(', ')}`;
    if ('question' in source) return `a model's reading: ${source.question}`;
    const where = source.in ? source.in.join(', ') : 'name and industry';
    return 'groups' in source
      ? `words in ${where} for ${Object.keys(source.groups).join(', ')}`
      : `words in ${where}: ${source.words.map(({ label }) => label).join(', ')}`;
  });
}

export const tierCounts = z.record(z.enum(tiers), z.number());
const standing = z.object({ score: z.number(), tier: z.enum(tiers) });

export const effectShape = {
  leads: z.number(),
  changeTier: z.number(),
  up: z.number(),
  down: z.number(),
  tiersBefore: tierCounts,
  tiersAfter: tierCounts,
  moves: z.array(z.object({ from: z.enum(tiers), to: z.enum(tiers), count: z.number() })),
  samples: z.array(z.object({ id: z.string(), name: z.string(), before: standing, after: standing })),
};
export type Effect = z.infer<z.ZodObject<typeof effectShape>>;

/** So many leads that move the farthest are named. */
const sampled = 10;

/** What would become of the leads that are here if this profile scored them. */
export async function effectOf(
  profile: Profile,
  records: Records,
  { signal, onProgress }: { signal: AbortSignal; onProgress(done: number): void },
): Promise<Effect> {
  const rate = compileRating(profile);
  const none = () => Object.fromEntries(tiers.map((tier) => [tier, 0])) as Record<Tier, number>;
  const effect: Effect = {
    leads: 0,
    changeTier: 0,
    up: 0,
    down: 0,
    tiersBefore: none(),
    tiersAfter: none(),
    moves: [],
    samples: [],
  };
  const moves = new Map<string, number>();
  for await (const batch of records.leads.each({})) {
    signal.throwIfAborted();
    for (const { id, score, tier, facts } of batch) {
      const after = rate(facts);
      effect.leads++;
      effect.tiersBefore[tier]++;
      effect.tiersAfter[after.tier]++;
      if (after.tier === tier) continue;
      effect.changeTier++;
      if (tiers.indexOf(after.tier) < tiers.indexOf(tier)) effect.up++;
      else effect.down++;
      const move = `${tier} ${after.tier}`;
      moves.set(move, (moves.get(move) ?? 0) + 1);
      keepFarthest(effect.samples, { id, name: facts.name, before: { score, tier }, after: { ...after } });
    }
    onProgress(effect.leads);
  }
  effect.moves = [...moves]
    .map(([move, count]) => ({ from: move.split(' ')[0] as Tier, to: move.split(' ')[1] as Tier, count }))
    .sort((a, b) => b.count - a.count);
  for (const { before, after } of effect.samples) {
    before.score = roundScore(before.score);
    after.score = roundScore(after.score);
  }
  return effect;
}

const distance = ({ before, after }: Effect['samples'][number]): number => Math.abs(after.score - before.score);

function keepFarthest(samples: Effect['samples'], one: Effect['samples'][number]): void {
  if (samples.length === sampled && distance(one) <= distance(samples.at(-1)!)) return;
  samples.push(one);
  samples.sort((a, b) => distance(b) - distance(a));
  samples.length = Math.min(samples.length, sampled);
}

export const leadsInWords = (count: number): string => `${count.toLocaleString('en-US')} ${count === 1 ? 'lead' : 'leads'}`;

/** "41 of 200 leads change tier: 30 up, 11 down". */
export const effectInWords = ({ leads, changeTier, up, down }: Pick<Effect, 'leads' | 'changeTier' | 'up' | 'down'>): string =>
  changeTier === 0
    ? `None of ${leadsInWords(leads)} changes tier`
    : `${changeTier.toLocaleString('en-US')} of ${leadsInWords(leads)} ${changeTier === 1 ? 'changes' : 'change'} tier: ${up} up, ${down} down`;

export const weightBars = (criteria: readonly { label: string; weightPercent: number }[]) => ({
  type: 'bars' as const,
  max: 100,
  bars: criteria.map(({ label, weightPercent }) => ({ label: `${label} ${weightPercent}%`, value: weightPercent })),
});

export const tiersInWords = ({ PLATINUM, GOLD, SILVER }: Profile['tiers']): string =>
  `PLATINUM from ${PLATINUM}, GOLD from ${GOLD}, SILVER from ${SILVER}, BRONZE below`;
