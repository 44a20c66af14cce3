import type { Actor } from '../../core/actor.ts';
import type { ChatProfile, ChatUser } from '../../core/chat.ts';
import { isTimeZone } from '../../core/preferences.ts';
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
  if (!linked) return { stranger: 'unlinked' };
  await keepZone(parts, linked.userId, profile);
  return actorFor(parts, user, linked.userId);
}

/** One of our users, whose day is that of where they are. */
export async function actorFor({ access, tenantId, store }: ChatParts, { surface }: ChatUser, userId: string): Promise<Known> {
  const identity = await access.byUser(tenantId, userId);
  if (!identity) return { stranger: 'disabled' };
  return { actor: { ...identity, surface, timeZone: await store.preferences.timeZone(userId) } };
}

/** People travel: asks the surface where somebody is by now. Whether that is another time zone than it was. */
export async function hasMoved(parts: ChatParts, user: ChatUser, userId: string): Promise<boolean> {
  try {
    return await keepZone(parts, userId, await parts.surfaces.get(user.surface)?.profile(user));
  } catch (error) {
    parts.gate.deps.log.debug({ err: error }, 'a surface does not say where somebody is');
    return false;
  }
}

async function keepZone({ store: { preferences } }: ChatParts, userId: string, profile?: ChatProfile): Promise<boolean> {
  const timeZone = profile?.timeZone;
  if (!timeZone || !isTimeZone(timeZone) || timeZone === (await preferences.timeZone(userId))) return false;
  await preferences.change(userId, { timeZone });
  return true;
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
export async function linkWith(parts: ChatParts, user: ChatUser, code: string): Promise<string> {
  const linked = await parts.store.identities.linkByCode(user, code);
  if (linked === 'wrong')
    return 'That code does not open anything: it is wrong, used or older than ten minutes. Ask for a new one.';
  if (linked === 'too_many') return 'Too many wrong codes. Wait ten minutes, then ask for a new one.';
  await hasMoved(parts, user, linked.userId);
  return 'You are linked. From now on I answer you here as the person you are to us: try "who should I call first today?"';
}
