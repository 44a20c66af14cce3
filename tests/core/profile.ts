import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type Profile, profileSchema } from '../../src/core/profile.ts';

/** The profile that ships, read as the program reads it. */
export const dealerProfile: Profile = profileSchema.parse(
  parse(readFileSync(new URL('../../src/core/profiles/dealer.yaml', import.meta.url), 'utf8')),
);
