import { readdirSync, readFileSync } from 'node:fs';
import type { Profile } from '../../src/core/profile.ts';
import { profileFrom } from '../../src/tools/profile-text.ts';

const folder = new URL('../../src/core/profiles/', import.meta.url);

/** The profiles that ship, read as the program reads them. */
export const shippedProfiles: Profile[] = readdirSync(folder).map((file) =>
  profileFrom(readFileSync(new URL(file, folder), 'utf8')),
);

export const dealerProfile: Profile = shippedProfiles.find(({ id }) => id === 'dealer')!;
