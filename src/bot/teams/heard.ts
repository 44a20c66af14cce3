import type { ChatUser, Place, Said } from '../../core/chat.ts';
import { threadKey } from '../../core/inbox.ts';
import type { Reference } from '../../core/references.ts';
import type { Activity } from './activity.ts';
import { keyOf, normalise, placeOf, referenceOf } from './normalise.ts';
import type { TeamsParts } from './parts.ts';

/** Where we heard somebody last who may have no private conversation with us: the roster of that place knows them. */
export const memberSpot = ({ externalTenant, externalUser }: ChatUser) => ({
  surface: 'teams' as const,
  externalTenant,
  channel: `member:${externalUser}`,
});

/** Deals with everything that Teams does not wait for an answer to: once this is through, nothing of it can be lost. */
export async function onHeard(activity: Activity, parts: TeamsParts): Promise<void> {
  const { inbox, references, log } = parts;
  const heard = normalise(activity);
  const about = { activityType: activity.type, externalTenant: placeOf(activity)?.externalTenant };
  switch (heard.kind) {
    case 'inbound': {
      const { inbound, follows } = heard;
      if (follows && !(await inbox.follows(threadKey(inbound.place)))) return;
      // known before the answer is begun, perhaps by another process
      await noteReach(activity, inbound.place, parts);
      const kept = await inbox.put(inbound);
      log.info({ ...about, kind: inbound.kind, kept }, 'an activity of Teams');
      return;
    }
    case 'added':
      await noteReach(activity, heard.place, parts);
      if (!heard.again) await welcome(activity, heard.place, parts);
      return;
    case 'removed':
      await references.forget(heard.place);
      log.info(about, 'Sales Agent was removed from a conversation of Teams');
      return;
    case 'nothing':
      log.debug({ ...about, why: heard.why }, 'an activity of Teams is not for us');
  }
}

/** How the conversation is reached, and in one of several people, where the roster is that knows who spoke. */
export async function noteReach(activity: Activity, place: Place, { references }: Pick<TeamsParts, 'references'>): Promise<void> {
  const reference = referenceOf(activity, place);
  await references.keep(reference);
  if (place.audience === 'dm' || activity.from.id === activity.recipient.id || !/^29:/.test(activity.from.id)) return;
  const user = { surface: 'teams' as const, externalTenant: place.externalTenant, externalUser: activity.from.id };
  const member: Reference = { ...memberSpot(user), reach: { ...reference.reach, conversation: place.channel } };
  await references.keep(member);
}

/** Said once a day where we were added, however many activities tell of it. */
async function welcome(activity: Activity, place: Place, { outbox, config, now }: TeamsParts): Promise<void> {
  if (config.tenantId && place.externalTenant !== config.tenantId) return;
  const day = now().toISOString().slice(0, 10);
  const key = `welcome:${keyOf(place.externalTenant, activity.conversation.id, day)}`;
  await outbox.put(key, { kind: 'post', place, said: place.audience === 'dm' ? privately : openly });
}

const hello = (text: string, suggestions?: string[]): Said => ({
  text,
  cards: [],
  fallback: 'Sales Agent is here.',
  ...(suggestions && { suggestions }),
});

const privately = hello(
  [
    'Hello, I am Sales Agent. Ask me about your leads, tasks and deals in your own words, or send me a list (CSV or Excel) to import.',
    'What changes something is shown to you first, and most of it can be taken back.',
  ].join('\n\n'),
  ['Who should I call first?', 'What waits for my decision?', 'What can you do?'],
);
const openly = hello(
  'Hello, I am Sales Agent. Mention me and ask about leads, tasks and deals; who you are decides what I show. In private I am open for everything.',
);
