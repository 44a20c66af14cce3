import type { Actor } from '../../core/actor.ts';
import type { ChatUser } from '../../core/chat.ts';
import { type ChatParts, surfaceOf } from './parts.ts';

/** Why somebody of a chat surface is nobody to us. */
export type Stranger = 'unlinked' | 'outsider' | 'disabled';
export type Known = { actor: Actor } | { stranger: Stranger };

/** Who somebody is to us, and with which role, as of now: asked anew for everything they do. */
export async function whoIs(parts: ChatParts, user: ChatUser): Promise<Known> {
  const { identities } = parts.store;
  const found = await identities.find(user);
  if ('userId' in found) return actorFor(parts, user, found.userId);
  if (found.none !== 'unknown') return { stranger: found.none };
  const profile = await surfaceOf(parts, user.surface).profile(user);
  if (profile?.outsider) {
    await identities.noteOutsider(user);
    return { stranger: 'outsider' };
  }
  const linked = profile?.email ? await identities.linkByEmail(user, profile.email) : undefined;
  return linked ? actorFor(parts, user, linked.userId) : { stranger: 'unlinked' };
}

export async function actorFor({ access, tenantId }: ChatParts, { surface }: ChatUser, userId: string): Promise<Known> {
  const identity = await access.byUser(tenantId, userId);
  return identity ? { actor: { ...identity, surface } } : { stranger: 'disabled' };
}

const howToLink =
  'Ask whoever runs Sales Agent for a code (`npm run keys -- link`), then send me "link CODE" in a private conversation.';

/** What strangers are told, each in a sentence. */
export const toldStrangers: Record<Stranger, string> = {
  unlinked: `I do not know who you are to us yet, so I cannot show you anything. ${howToLink}`,
  outsider: 'I answer members of the workspace only; guests and people of other organisations see nothing of ours.',
  disabled: 'Your access is switched off. An admin can switch it on again.',
};

const linking = /^\s*[/"'“]?\s*link\s+((?:[a-z0-9]-?){7}[a-z0-9])\s*["'”.]?\s*$/i;

/** The code in "link CODE". */
export const linkCode = (text: string): string | undefined => linking.exec(text)?.[1]?.toUpperCase();

/** Links with a code, and says how that went. */
export async function linkWith({ store: { identities } }: ChatParts, user: ChatUser, code: string): Promise<string> {
  const linked = await identities.linkByCode(user, code);
  if (linked === 'wrong')
    return 'That code does not open anything: it is wrong, used or older than ten minutes. Ask for a new one.';
  if (linked === 'too_many') return 'Too many wrong codes. Wait ten minutes, then ask for a new one.';
  return 'You are linked. From now on I answer you here as the person you are to us: try "who should I call first today?"';
}
