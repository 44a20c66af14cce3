import { z } from 'zod';
import { differences } from '../core/profile-change.ts';
import { tiers } from '../core/scoring.ts';
import { defineTool } from './define.ts';
import {
  changesSchema,
  effectInWords,
  effectOf,
  effectShape,
  profileAt,
  profileRef,
  versionRef,
  withChanges,
} from './profiles.ts';

export const previewProfile = defineTool({
  name: 'preview_profile',
  title: 'Try out a profile',
  description:
    'What would become of the leads if another profile, version or change scored them: how many change tier and which. Nothing is changed. Give `changes` to try something that is not saved ("what if multi-OEM counted 30 percent").',
  input: z.strictObject({
    profile: profileRef.optional(),
    version: versionRef.optional().describe('Absent: the newest.'),
    changes: changesSchema.optional(),
  }),
  output: z.object({
    id: z.string(),
    name: z.string(),
    version: z.number().nullable().describe('Null with changes: they are not saved.'),
    against: z.object({ id: z.string(), version: z.number() }),
    differences: z.array(z.string()),
    ...effectShape,
  }),
  risk: 'read',
  long: true,
  async run({ profile: reference, version, changes }, { records }, { signal, progress }) {
    const found = await profileAt(records, reference, version);
    const active = await records.profiles.active();
    const profile = withChanges(found.profile, changes);
    const total = (await records.workspace()).leads;
    const effect = await effectOf(profile, records, {
      signal,
      onProgress: (done) => progress({ done, total, message: `${done.toLocaleString('en-US')} leads looked at` }),
    });
    return {
      id: found.key,
      name: profile.name,
      version: changes ? null : found.version,
      against: { id: active.key, version: active.version },
      differences: active.key === found.key ? differences(active.profile, profile) : [],
      ...effect,
    };
  },
  card: (output) => ({
    title: `${effectInWords(output)}, if ${output.name}${output.version === null ? ' with these changes' : `, version ${output.version},`} scored`,
    blocks: [
      ...(output.differences.length ? [{ type: 'text' as const, text: output.differences.join('; ') }] : []),
      {
        type: 'table',
        columns: ['Tier', 'Now', 'Then'],
        rows: tiers.map((tier) => [tier, String(output.tiersBefore[tier] ?? 0), String(output.tiersAfter[tier] ?? 0)]),
      },
      ...(output.samples.length
        ? [
            {
              type: 'table' as const,
              columns: ['Lead', 'Now', 'Then'],
              rows: output.samples.map(({ name, before, after }) => [
                name,
                `${before.tier} ${before.score.toFixed(1)}`,
                `${after.tier} ${after.score.toFixed(1)}`,
              ]),
              ...(output.changeTier > output.samples.length && { note: `and ${output.changeTier - output.samples.length} more` }),
            },
          ]
        : []),
    ],
  }),
  shows: ({ samples }) => samples.map(({ id, name }) => ({ entity: 'lead' as const, id, label: name })),
});
