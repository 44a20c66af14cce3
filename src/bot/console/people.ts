import type { Records } from '../../core/records.ts';

/** How these people are called; without those who are nobody. */
export async function namesOf(records: Records, userIds: readonly (string | null)[]): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const id of new Set(userIds)) if (id) names.set(id, (await records.users.get(id))?.name ?? 'somebody');
  return names;
}
