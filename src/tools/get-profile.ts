import { z } from 'zod';
import { defineTool } from './define.ts';
import { profileText } from './profile-text.ts';
import { findsOf, profileAt, profileRef, tiersInWords, versionRef } from './profiles.ts';

export const getProfile = defineTool({
  name: 'get_profile',
  title: 'Show a profile',
  description:
    'One ICP profile: its criteria with weights and where each finds its evidence, bonuses, tiers and lists, and the whole of it as YAML for editing. Without a name the one that scores now.',
  input: z.strictObject({ profile: profileRef.optional(), version: versionRef.optional() }),
  output: z.object({
    id: z.string(),
    name: z.string(),
    description: z.string().optional(),
    version: z.number(),
    newest: z.number(),
    active: z.boolean(),
    criteria: z.array(
      z.object({
        id: z.string(),
        label: z.string(),
        weightPercent: z.number(),
        met: z.number(),
        raise: z.string(),
        finds: z.array(z.string()),
      }),
    ),
    bonuses: z.array(z.object({ id: z.string(), label: z.string(), max: z.number(), finds: z.array(z.string()) })),
    tiers: z.object({ PLATINUM: z.number(), GOLD: z.number(), SILVER: z.number() }),
    lists: z.record(z.string(), z.array(z.string())),
    yaml: z.string(),
    note: z.string().nullable(),
  }),
  risk: 'read',
  async run({ profile: reference, version }, { records }) {
    const active = await records.workspace();
    const newest = await profileAt(records, reference);
    // without a name and a version it is the one that scores, which need not be the newest
    const scoring = reference === undefined && version === undefined ? active.profileVersion : version;
    const found = await profileAt(records, newest.key, scoring);
    const { profile } = found;
    return {
      id: found.key,
      name: profile.name,
      ...(profile.description !== undefined && { description: profile.description }),
      version: found.version,
      newest: newest.version,
      active: active.profile === found.key && active.profileVersion === found.version,
      criteria: profile.criteria.map(({ id, label, weight, met, raise, sources }) => ({
        id,
        label,
        weightPercent: Math.round(weight * 10_000) / 100,
        met,
        raise,
        finds: findsOf(sources),
      })),
      bonuses: profile.bonuses.map(({ id, label, max, sources }) => ({ id, label, max, finds: findsOf(sources) })),
      tiers: profile.tiers,
      lists: profile.lists,
      yaml: profileText(profile),
      note: found.note,
    };
  },
  card: ({ name, version, active, criteria, bonuses, tiers }) => ({
    title: `${name}, version ${version}${active ? ' (scores now)' : ''}`,
    blocks: [
      {
        type: 'bars',
        max: 100,
        bars: [
          ...criteria.map(({ label, weightPercent, finds }) => ({
            label,
            value: weightPercent,
            note: `${weightPercent} %: ${finds[0]}`,
          })),
          ...bonuses.map(({ label, max, finds }) => ({
            label: `${label} (bonus)`,
            value: max,
            note: `up to ${max}: ${finds[0]}`,
          })),
        ],
      },
      { type: 'text', text: tiersInWords(tiers) },
    ],
  }),
});
