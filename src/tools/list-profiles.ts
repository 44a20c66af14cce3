import { z } from 'zod';
import { defineTool } from './define.ts';

export const listProfiles = defineTool({
  name: 'list_profiles',
  title: 'List profiles',
  description:
    'The ICP profiles (ideal customer profiles) that leads can be scored by, with their versions and the one that scores now.',
  input: z.strictObject({}),
  output: z.object({
    profiles: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        description: z.string().optional(),
        versions: z.number(),
        newest: z.number(),
        active: z.boolean(),
        activeVersion: z.number().optional(),
        updatedAt: z.string(),
        by: z.string().nullable(),
      }),
    ),
  }),
  risk: 'read',
  async run(_input, { records }) {
    const [all, { profile, profileVersion }] = await Promise.all([records.profiles.list(), records.workspace()]);
    return {
      profiles: all.map((newest) => ({
        id: newest.key,
        name: newest.profile.name,
        ...(newest.profile.description !== undefined && { description: newest.profile.description }),
        versions: newest.versions,
        newest: newest.version,
        active: newest.key === profile,
        ...(newest.key === profile && { activeVersion: profileVersion }),
        updatedAt: newest.createdAt.toISOString(),
        by: newest.by,
      })),
    };
  },
  card: ({ profiles }) => ({
    title: 'ICP profiles',
    blocks: [
      {
        type: 'table',
        columns: ['Profile', 'Newest', 'Scores now', 'Saved by'],
        rows: profiles.map(({ id, name, newest, active, activeVersion, by }) => [
          `${name} (${id})`,
          `version ${newest}`,
          active ? `version ${activeVersion}` : '',
          by ?? 'came with the product',
        ]),
      },
    ],
  }),
});
