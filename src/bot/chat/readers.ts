import { type ChatUser, playgroundUser } from '../../core/chat.ts';
import type { Proposal } from '../../core/proposal.ts';
import type { Reader } from './approval-cards.ts';
import { type ChatParts, everyone } from './parts.ts';

/** In whose day a message to somebody speaks; to several, in the workspace's. */
export async function readerOf(parts: ChatParts, user: ChatUser | undefined): Promise<Reader> {
  const { identities, preferences } = parts.store;
  const known = user && (await identities.find(user));
  if (known && 'userId' in known) return { timeZone: await preferences.timeZone(known.userId) };
  return { timeZone: (await everyone(parts).workspace()).timeZone };
}

/**
 * Where somebody can be reached on surfaces that are on, here or in another process: the one they linked first before others, and the
 * playground, where nobody has to, last.
 */
export async function reachOf({ store: { identities, served }, surfaces }: ChatParts, userId: string): Promise<ChatUser[]> {
  const on = new Set([...surfaces.keys(), ...(await served())]);
  const linked = (await identities.of(userId)).filter(({ surface }) => on.has(surface));
  const here = playgroundUser(userId);
  return on.has('playground') && 'userId' in (await identities.find(here)) ? [...linked, here] : linked;
}

/** Who may decide on a proposal, by our ids. */
export async function decidersOf(parts: ChatParts, { deciderId, deciderRole, delegatedById }: Proposal): Promise<string[]> {
  if (!deciderRole || delegatedById) return deciderId ? [deciderId] : [];
  const users = await everyone(parts).users.list();
  return users.filter(({ role, demo, disabled }) => role === 'admin' && !demo && !disabled).map(({ id }) => id);
}
