import { z } from 'zod';
import type { Profile, ProfileVersion } from '../core/profile.ts';
import { differences, type ProfileChanges } from '../core/profile-change.ts';
import type { Records } from '../core/records.ts';
import { hasAny, hasNumber, orders, type Said } from '../core/said.ts';
import { AppError } from '../errors.ts';
import { defineTool } from './define.ts';
import { profileFrom } from './profile-text.ts';
import {
  changesSchema,
  effectInWords,
  effectOf,
  leadsInWords,
  profileAt,
  profileRef,
  tiersInWords,
  versionRef,
  weightBars,
  withChanges,
} from './profiles.ts';

/** Up to so many leads the answer says at once what the new version would change; for more there is preview_profile. */
const lookedAtOnce = 20_000;

export const updateProfile = defineTool({
  name: 'update_profile',
  title: 'Change a profile',
  description:
    'Saves a new version of an ICP profile: `changes` for weights in percent, tiers, lists or the name, or `yaml` for the whole profile (a new id makes a new profile). Scores stay as they are until the version is activated: activate_profile, or `activate` here. Use it for "raise the weight of multi-OEM to 30".',
  input: z
    .strictObject({
      profile: profileRef.optional(),
      version: versionRef.optional().describe('The version that `changes` go on from. Absent: the newest.'),
      changes: changesSchema.optional(),
      yaml: z.string().min(1).max(500_000).optional().describe('The whole profile as get_profile gives it, edited.'),
      note: z.string().trim().max(500).optional().describe('Why, for whoever reads the versions later.'),
      activate: z.boolean().default(false),
    })
    .refine(({ changes, yaml }) => (changes === undefined) !== (yaml === undefined), 'give either changes or yaml'),
  output: z.object({
    id: z.string(),
    name: z.string(),
    version: z.number(),
    changed: z.array(z.string()),
    active: z.boolean(),
    effect: z.string().optional(),
    criteria: z.array(z.object({ label: z.string(), weightPercent: z.number() })),
    tiers: z.object({ PLATINUM: z.number(), GOLD: z.number(), SILVER: z.number() }),
  }),
  risk: async ({ activate }) => ({ risk: 'write', reach: activate ? 'many' : 'one' }),
  minRole: 'manager',
  long: true,
  async asked({ profile, changes, yaml, activate }, said, { records }) {
    if (yaml !== undefined || activate || !changes) return false;
    const { profile: newest } = await profileAt(records, profile);
    if (profile !== undefined && profile !== (await records.workspace()).profile && !hasAny(orders(said), newest.name, newest.id))
      return false;
    return saidOneValue(changes, newest, said);
  },
  async run({ profile: reference, version, changes, yaml, note, activate }, { records }, { signal, progress }) {
    const { profile, base } = await nextVersion(records, { reference, version, changes, yaml });
    const changed = base ? differences(base.profile, profile) : [`New profile with ${profile.criteria.length} criteria`];
    if (base && changed.length === 0)
      throw new AppError(
        'conflict',
        `${base.profile.name}, version ${base.version}, says exactly this already. Nothing was saved.`,
      );
    const saved = await records.profiles.save(profile, note);
    const onProgress = (done: number) => progress({ done, message: `${done.toLocaleString('en-US')} leads scored` });
    let effect: string | undefined;
    if (activate) {
      const { leads, changeTier } = await records.profiles.activate(saved, { signal, onProgress });
      effect = `${leadsInWords(leads)} scored anew, ${changeTier.toLocaleString('en-US')} changed tier`;
    } else if ((await records.workspace()).leads <= lookedAtOnce)
      effect = effectInWords(await effectOf(profile, records, { signal, onProgress }));
    return {
      id: saved.key,
      name: profile.name,
      version: saved.version,
      changed,
      active: activate,
      ...(effect !== undefined && { effect }),
      criteria: profile.criteria.map(({ label, weight }) => ({ label, weightPercent: Math.round(weight * 10_000) / 100 })),
      tiers: profile.tiers,
    };
  },
  sentence: ({ name, version, changed, active }, tense) =>
    `${tense === 'done' ? `${name}, version ${version}, saved` : `Save ${name}, version ${version}`}: ${changed.slice(0, 5).join('; ')}${changed.length > 5 ? ` and ${changed.length - 5} more` : ''} (${active ? (tense === 'done' ? 'scores now' : 'and score by it at once') : 'not active yet'})`,
  card: ({ name, version, changed, active, effect, criteria, tiers }) => ({
    title: `${name}, version ${version}: ${active ? 'scores now' : 'saved, not active yet'}`,
    blocks: [
      { type: 'text', text: changed.join('; ') },
      weightBars(criteria),
      { type: 'text', text: tiersInWords(tiers) },
      ...(effect ? [{ type: 'text' as const, text: active ? effect : `Once it is active: ${effect}.` }] : []),
    ],
  }),
});

interface Wanted {
  reference?: string | undefined;
  version?: number | undefined;
  changes?: ProfileChanges | undefined;
  yaml?: string | undefined;
}

/** What is to be saved, and the version it goes on from; none for a new profile. */
async function nextVersion(
  records: Records,
  { reference, version, changes, yaml }: Wanted,
): Promise<{ profile: Profile; base?: ProfileVersion }> {
  if (yaml === undefined) {
    const base = await profileAt(records, reference, version);
    return { profile: withChanges(base.profile, changes), base };
  }
  const profile = profileFrom(yaml);
  const base = await records.profiles.get(profile.id);
  if (reference !== undefined && (await profileAt(records, reference)).key !== profile.id)
    throw new AppError('invalid_input', `The text is of the profile "${profile.id}", not of "${reference}".`);
  return base && base.key === profile.id ? { profile, base } : { profile };
}

/** One value, with its criterion or tier named, in a sentence that orders a change: which of several numbers was meant is no guess of ours. */
function saidOneValue({ name, lists, weights = {}, tiers = {} }: ProfileChanges, { criteria }: Profile, said: Said): boolean {
  const words = orders(said);
  const values = [
    ...Object.entries(weights).map(([reference, value]) => {
      const criterion = criteria.find(({ id, label }) => id === reference || label === reference);
      return { names: [reference, criterion?.id ?? '', criterion?.label ?? ''], value };
    }),
    ...Object.entries(tiers).flatMap(([tier, value]) => (value === undefined ? [] : [{ names: [tier], value }])),
  ];
  const [only] = values;
  if (name !== undefined || lists !== undefined || !only || values.length > 1) return false;
  if (!/\b(?:raise|lower|set|change|increase|decrease|reduce|make|put|bring|move|weigh)\b/i.test(words)) return false;
  if ((words.match(/\d+(?:[.,]\d+)?/g) ?? []).length !== 1) return false;
  return hasAny(words, ...only.names.filter(Boolean)) && hasNumber(words, String(only.value));
}
