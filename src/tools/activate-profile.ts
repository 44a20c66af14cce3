import { z } from 'zod';
import { hasAny, orders } from '../core/said.ts';
import { AppError } from '../errors.ts';
import { defineTool } from './define.ts';
import { leadsInWords, profileAt, profileRef, versionRef } from './profiles.ts';

const switches =
  /\b(?:activate|apply|enable|use|score (?:by|with)|(?:switch|change|go back|return|move) (?:\w+ ){0,3}to|(?:turn|switch|put) (?:\w+ ){0,4}on)\b/i;

export const activateProfile = defineTool({
  name: 'activate_profile',
  title: 'Switch the profile',
  description:
    'Makes a version of an ICP profile the one that scores, and scores every lead anew in the same step; can be undone. Show what it would change with preview_profile first.',
  input: z.strictObject({ profile: profileRef, version: versionRef.optional().describe('Absent: the newest.') }),
  output: z.object({
    id: z.string(),
    name: z.string(),
    version: z.number(),
    before: z.object({ id: z.string(), version: z.number() }),
    leads: z.number(),
    changedScore: z.number(),
    changeTier: z.number(),
  }),
  risk: 'write',
  reach: 'many',
  minRole: 'manager',
  long: true,
  /** It waits for approval either way, and the card says who wanted it. */
  async asked({ profile: reference, version }, said, { records }) {
    const { profile } = await profileAt(records, reference);
    const words = orders(said);
    const isVersion = version === undefined || new RegExp(`\\bv(?:ersion)? ?${version}\\b`, 'i').test(words);
    return switches.test(words) && isVersion && hasAny(words, profile.name, profile.id);
  },
  async run({ profile: reference, version }, { records }, { signal, progress }) {
    const found = await profileAt(records, reference, version);
    const { profile: id, profileVersion } = await records.workspace();
    if (id === found.key && profileVersion === found.version)
      throw new AppError('conflict', `${found.profile.name}, version ${found.version}, scores already.`);
    const rescored = await records.profiles.activate(found, {
      signal,
      onProgress: (done, total) => progress({ done, total, message: `${done.toLocaleString('en-US')} leads scored anew` }),
    });
    return {
      id: found.key,
      name: found.profile.name,
      version: found.version,
      before: { id, version: profileVersion },
      ...rescored,
    };
  },
  sentence: ({ name, version, leads, changeTier }, tense) => {
    const [scored, moved] = [leadsInWords(leads), changeTier.toLocaleString('en-US')];
    return tense === 'done'
      ? `Scoring by ${name}, version ${version}: ${scored} scored anew, ${moved} in another tier`
      : `Score by ${name}, version ${version}: ${scored} anew, ${moved} into another tier`;
  },
});
