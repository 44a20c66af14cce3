import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Audience, ChatFile, ChatUser, Inbound, Place } from '../../core/chat.ts';
import type { Reference } from '../../core/references.ts';
import { storable } from '../../core/visible.ts';
import type { Activity } from './activity.ts';
import { ownText, plainText, quoted, showsPicture } from './markup.ts';

/** What an activity of Teams means to us. */
export type Heard =
  /** With `follows`: only where we take part in the thread already, because nobody spoke to us by name. */
  | { kind: 'inbound'; inbound: Inbound; follows: boolean }
  /** `again`: a new version of us, where we were before. */
  | { kind: 'added'; place: Place; again: boolean }
  | { kind: 'removed'; place: Place }
  | { kind: 'nothing'; why: string };

const nothing = (why: string): Heard => ({ kind: 'nothing', why });

const mention = z.object({
  type: z.literal('mention'),
  text: z.string().nullish(),
  mentioned: z.object({ id: z.string(), name: z.string().nullish() }),
});
const html = z.object({ contentType: z.literal('text/html'), content: z.string() });
const download = z.object({
  contentType: z.literal('application/vnd.microsoft.teams.file.download.info'),
  name: z.string().nullish(),
  content: z.object({ downloadUrl: z.string().max(4000), uniqueId: z.string().nullish(), fileType: z.string().nullish() }),
});
const picture = z.object({
  contentType: z.string().regex(/^image\//i),
  name: z.string().nullish(),
});
const other = z.object({ contentType: z.string() });
const member = z.object({ id: z.string() });

/** Pure: the same activity means the same, whenever it comes. Whatever is not for us, or not of a shape we know, is nothing. */
export function normalise(heard: Activity): Heard {
  const { type, from, recipient, id } = heard;
  const place = placeOf(heard);
  if (!place) return nothing('an activity that names no tenant');
  switch (type) {
    case 'installationUpdate':
      if (heard.action?.startsWith('add')) return { kind: 'added', place, again: heard.action === 'add-upgrade' };
      return heard.action?.startsWith('remove') ? { kind: 'removed', place } : nothing('an installation that is neither');
    case 'conversationUpdate':
      if (names(heard.membersAdded, recipient.id)) return { kind: 'added', place, again: false };
      return names(heard.membersRemoved, recipient.id) ? { kind: 'removed', place } : nothing('people come and go');
    case 'message':
    case 'messageUpdate':
    case 'messageDelete':
      if (from.id === recipient.id || from.id.startsWith('28:')) return nothing('said by a program');
      if (!id) return nothing('a message without an id');
      return spoken({ ...heard, id }, place);
    default:
      return nothing('an activity that is not handled');
  }
}

function spoken(heard: Activity & { id: string }, place: Place): Heard {
  const { type, id, recipient, channelData } = heard;
  const user: ChatUser = { surface: 'teams', externalTenant: place.externalTenant, externalUser: heard.from.id };
  const all = parsed(mention, heard.entities ?? []).filter(({ mentioned }) => mentioned.id === recipient.id);
  const ours = all.map(({ text, mentioned }) => (text ? plainText(text, []).replace(/^@/, '') : (mentioned.name ?? '')));
  const direct = place.audience === 'dm';
  // in a chat of several there are no threads that could be followed
  if (!direct && !all.length && !place.thread) return nothing('not said to us');
  const base = (...more: string[]) => ({
    key: keyOf(place.externalTenant, heard.conversation.id, id, ...more),
    user,
    place,
    at: timeOf(heard),
  });
  const follows = !direct && !all.length;
  if (type === 'messageDelete') {
    if (channelData?.eventType !== 'softDeleteMessage') return nothing('another way to delete');
    return { kind: 'inbound', follows, inbound: { ...base('deleted'), kind: 'deleted', messageId: id } };
  }
  const { text: words, outside } = wordsOf(heard, ours);
  // the message has one id for all its changes
  const which = () => heard.timestamp ?? createHash('sha256').update(words).digest('hex').slice(0, 16);
  const back = type === 'messageUpdate' && channelData?.eventType === 'undeleteMessage';
  if (type === 'messageUpdate' && !back) {
    if (channelData?.eventType !== 'editMessage') return nothing('another way to change');
    return { kind: 'inbound', follows, inbound: { ...base('edited', which()), kind: 'edited', messageId: id, text: words } };
  }
  // what people show one another in a thread is not shown to us
  const attached = heard.attachments ?? [];
  const files = [...filesOf(attached), ...(follows ? [] : [...picturesOf(attached), ...othersOf(attached)])].slice(0, mostFiles);
  // a mention alone asks what we are there for
  const text = words || (all.length && !files.length && !outside ? 'help' : '');
  if (!text && !files.length && !outside) return nothing('an empty message');
  return {
    kind: 'inbound',
    follows,
    inbound: {
      ...(back ? base('undeleted', which()) : base()),
      ...{ kind: 'message', messageId: id, text, files },
      ...(back && { back }),
      ...(outside && { outside }),
    },
  };
}

function wordsOf({ text, textFormat, attachments }: Activity, ours: readonly string[]): { text: string; outside: string } {
  const marked = parsed(html, attachments ?? [])
    .map(({ content }) => quoted(content))
    .find((one) => one !== undefined);
  if (marked) return { text: ownText(marked.own, ours), outside: marked.others };
  const plain = textFormat === 'xml' ? ownText(text ?? '', ours) : plainText(text ?? '', ours);
  return { text: plain, outside: '' };
}

/** The place that an activity belongs to; nothing where it names no tenant. */
export function placeOf({ conversation, channelData }: Activity): Place | undefined {
  const externalTenant = (channelData?.tenant?.id ?? conversation.tenantId ?? '').toLowerCase();
  if (!/^[\w.-]{1,64}$/.test(externalTenant)) return undefined;
  const [channel = '', thread] = conversation.id.split(';messageid=');
  return {
    surface: 'teams',
    externalTenant,
    channel,
    ...(thread && { thread }),
    audience: audienceOf(conversation, isElsewhere(conversation, externalTenant) ? 'shared' : channelData?.channel?.type),
  };
}

/** In the tenant of another organisation, whose people read along. */
const isElsewhere = ({ tenantId }: Activity['conversation'], externalTenant: string): boolean =>
  Boolean(tenantId) && tenantId!.toLowerCase() !== externalTenant;

/** Where it is not said plainly that a conversation is private, others may read along. */
function audienceOf(
  { id, conversationType, isGroup }: Activity['conversation'],
  channelType: string | null | undefined,
): Audience {
  const type =
    conversationType ??
    (isGroup || !id.startsWith('a:') ? (/@thread\.(?:tacv2|skype)/.test(id) ? 'channel' : 'groupChat') : 'personal');
  if (type === 'personal') return 'dm';
  if (channelType === 'shared') return 'shared_channel';
  return type === 'groupChat' || channelType === 'private' ? 'private_channel' : 'public_channel';
}

/** How Teams names a conversation, or a thread in a channel. */
export const conversationOf = ({ channel, thread }: Pick<Place, 'channel' | 'thread'>): string =>
  thread ? `${channel};messageid=${thread}` : channel;

/** How this conversation is reached later on. */
export const referenceOf = ({ from, recipient, serviceUrl }: Activity, place: Place): Reference => ({
  surface: 'teams',
  externalTenant: place.externalTenant,
  channel: place.channel,
  ...(place.audience === 'dm' && { externalUser: from.id }),
  reach: { serviceUrl, botId: recipient.id },
});

/** The same for everything of Teams; long or strange parts become a digest of themselves. */
export function keyOf(externalTenant: string, ...parts: string[]): string {
  const key = ['teams', externalTenant, ...parts].join('|');
  return key.length <= 250 ? storable(key) : `teams|${externalTenant}|${createHash('sha256').update(key).digest('hex')}`;
}

/** Ids of messages are the moment they were sent, in milliseconds. */
function timeOf({ timestamp, id }: Activity): string {
  const at = new Date(timestamp ?? (/^\d{13}$/.test(id ?? '') ? Number(id) : 0));
  return Number.isNaN(at.getTime()) ? new Date(0).toISOString() : at.toISOString();
}

const mostFiles = 10;

const filesOf = (attachments: unknown[]): ChatFile[] =>
  parsed(download, attachments).map(({ name, content }) => ({
    // what it is fetched by: Teams names no other way
    id: content.downloadUrl,
    name: storable(name || `file.${content.fileType ?? 'bin'}`).slice(0, 200),
    bytes: 0,
  }));

/** Pasted into a message. Nothing of it is read, but whoever sent it is told so. */
function picturesOf(attachments: unknown[]): ChatFile[] {
  const pasted = parsed(picture, attachments).map(({ name }) => unread(/\.\w+$/.test(name ?? '') ? name! : 'picture.png'));
  if (pasted.length) return pasted;
  return parsed(html, attachments).some(({ content }) => showsPicture(content)) ? [unread('picture.gif')] : [];
}

/** Cards, recordings, pieces of code: the same holds for them. */
const othersOf = (attachments: unknown[]): ChatFile[] =>
  parsed(other, attachments)
    .filter(({ contentType }) => !known.test(contentType))
    .map(() => unread('attachment'));
const known = /^(?:image\/|text\/html$|messageReference$|application\/vnd\.microsoft\.teams\.file\.)/i;

const unread = (name: string): ChatFile => ({ id: '', name: storable(name).slice(-200), bytes: 0 });

const parsed = <T>(shape: z.ZodType<T>, all: unknown[]): T[] => all.flatMap((one) => shape.safeParse(one).data ?? []);

const names = (members: unknown[] | null | undefined, id: string): boolean =>
  parsed(member, members ?? []).some((one) => one.id === id);
