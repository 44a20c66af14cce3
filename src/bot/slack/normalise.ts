import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Audience, ChatFile, ChatUser, Inbound, Place } from '../../core/chat.ts';
import type { Install } from '../../core/outbox.ts';
import { storable } from '../../core/visible.ts';
import { mentions, plainText } from './markup.ts';

/** What an event of Slack means to us. */
export type Heard =
  /** With `follows`: only where we take part in the thread already, because nobody spoke to us by name. */
  | { kind: 'inbound'; inbound: Inbound; follows: boolean }
  | { kind: 'opened'; tab: 'home' | 'messages'; user: ChatUser; channel: string }
  /** `at`: in seconds; absent: now. */
  | { kind: 'uninstalled'; at: number | undefined }
  | { kind: 'nothing'; why: string };

/** Events that we subscribe to; the manifest declares the same. Messages come as `message`, one subscription for each kind of channel. */
export const eventsHandled = [
  'agent_session_stopped',
  'app_home_opened',
  'app_mention',
  'app_uninstalled',
  'message',
  'tokens_revoked',
] as const;

/** Slack's ids are letters and digits. */
const id = z.string().regex(/^[\w.-]{1,64}$/);
const ts = z.string().regex(/^\d{1,12}\.\d{1,9}$/);

const file = z.object({
  id,
  name: z.string().nullish(),
  title: z.string().nullish(),
  size: z.number().nonnegative().nullish(),
  mode: z.string().nullish(),
});
/** In place of files that are not there any more. */
const gone = new Set<string | null | undefined>(['tombstone', 'hidden_by_limit']);
const forwarded = z.object({
  text: z.string().nullish(),
  fallback: z.string().nullish(),
  is_share: z.boolean().nullish(),
  is_msg_unfurl: z.boolean().nullish(),
});

const message = z.object({
  user: id.nullish(),
  bot_id: z.string().nullish(),
  subtype: z.string().nullish(),
  text: z.string().nullish(),
  ts,
  thread_ts: ts.nullish(),
  files: z.array(z.unknown()).nullish(),
  attachments: z.array(z.unknown()).nullish(),
});
type Message = z.infer<typeof message>;

const said = message.extend({ channel: id, channel_type: z.string().nullish() });
const changed = z.object({
  channel: id,
  channel_type: z.string().nullish(),
  message,
  previous_message: message.partial().nullish(),
});
const deleted = z.object({
  channel: id,
  channel_type: z.string().nullish(),
  deleted_ts: ts,
  previous_message: message.partial().nullish(),
});
const opened = z.object({ user: id, channel: id, tab: z.string().nullish() });
const stopped = z.object({ user: id, channel: id, thread_ts: ts });
const revoked = z.object({ tokens: z.object({ bot: z.array(z.unknown()).nullish() }) });

/** The wrapper of every event. */
export const envelope = z.object({
  type: z.literal('event_callback'),
  event_id: id.optional(),
  event_time: z.number().nullish(),
  team_id: id.nullish(),
  enterprise_id: id.nullish(),
  is_ext_shared_channel: z.boolean().nullish(),
  authorizations: z.array(z.object({ team_id: id.nullish(), enterprise_id: id.nullish() })).nullish(),
  event: z.looseObject({ type: z.string(), subtype: z.string().nullish() }),
});
export type Envelope = z.infer<typeof envelope>;

/** Subtypes that are somebody's own words. */
const spoken = new Set([undefined, null, 'file_share', 'thread_broadcast', 'me_message']);

/** Pure: the same event means the same, whenever it comes. Whatever is not for us, or not of a shape we know, is nothing. */
export function normalise(body: Envelope, install: Pick<Install, 'externalTenant' | 'botUserId' | 'botId'>): Heard {
  const { event } = body;
  switch (event.type) {
    case 'app_mention':
      return read(said, event, (one) => ofMessage(one, body, install, true));
    case 'message':
      if (event.subtype === 'message_changed') return read(changed, event, (one) => ofChange(one, body, install));
      if (event.subtype === 'message_deleted') return read(deleted, event, (one) => ofDeletion(one, body, install));
      return read(said, event, (one) => ofMessage(one, body, install, false));
    case 'agent_session_stopped':
      return read(stopped, event, ({ user, channel, thread_ts }) => ({
        kind: 'inbound',
        follows: false,
        inbound: {
          ...common(body, install, user, placeOf(body, install, { channel, thread: thread_ts })),
          kind: 'stop',
        },
      }));
    case 'app_home_opened':
      return read(opened, event, ({ user, channel, tab }) => ({
        kind: 'opened',
        tab: tab === 'home' ? 'home' : 'messages',
        user: chatUser(install.externalTenant, user),
        channel,
      }));
    case 'app_uninstalled':
      return uninstalled(body);
    case 'tokens_revoked':
      return read(revoked, event, ({ tokens }) =>
        tokens.bot?.length ? uninstalled(body) : nothing('tokens of people are not used'),
      );
    default:
      return nothing('an event that is not handled');
  }
}

const uninstalled = ({ event_time }: Envelope): Heard => ({ kind: 'uninstalled', at: event_time ?? undefined });
const nothing = (why: string): Heard => ({ kind: 'nothing', why });

function read<T>(shape: z.ZodType<T>, event: unknown, then: (event: T) => Heard): Heard {
  const parsed = shape.safeParse(event);
  return parsed.success ? then(parsed.data) : nothing('an event of another shape than Slack documents');
}

type Us = Pick<Install, 'externalTenant' | 'botUserId' | 'botId'>;

const ours = ({ user, bot_id }: Pick<Partial<Message>, 'user' | 'bot_id'>, us: Us): boolean =>
  Boolean(bot_id) || !user || user === us.botUserId || user === 'USLACKBOT';

function ofMessage(one: z.infer<typeof said>, body: Envelope, us: Us, byMention: boolean): Heard {
  if (ours(one, us)) return nothing('said by a program');
  if (!spoken.has(one.subtype)) return nothing('a message that nobody typed');
  const raw = one.text ?? '';
  const named = byMention || mentions(raw, us.botUserId);
  const direct = one.channel.startsWith('D');
  if (!direct && !named && !one.thread_ts) return nothing('not said to us');
  const files = filesOf(one.files ?? []);
  const outside = forwardedTexts(one.attachments ?? []);
  // a mention alone asks what we are there for
  const text = plainText(raw, us.botUserId) || (named && !files.length && !outside ? 'help' : '');
  if (!text && !files.length && !outside) return nothing('an empty message');
  const place = placeOf(body, us, { channel: one.channel, thread: one.thread_ts ?? one.ts, type: one.channel_type });
  return {
    kind: 'inbound',
    follows: !direct && !named,
    inbound: {
      ...common(body, us, one.user!, place, one.ts),
      // a mention comes twice, as app_mention and as message: they are one message, and so is whatever is delivered again
      key: keyOf(us, one.channel, one.ts),
      kind: 'message',
      messageId: one.ts,
      text,
      files,
      ...(outside && { outside }),
    },
  };
}

function ofChange(one: z.infer<typeof changed>, body: Envelope, us: Us): Heard {
  const { message: now, previous_message: before } = one;
  // how Slack shows that a message with answers below it was taken back
  if (now.subtype === 'tombstone') return ofDeletion({ ...one, deleted_ts: now.ts }, body, us);
  if (ours(now, us)) return nothing('changed by a program');
  if (!spoken.has(now.subtype)) return nothing('a message that nobody typed');
  const text = plainText(now.text ?? '', us.botUserId);
  // links that unfold, reactions and pins change messages, too
  if (before && plainText(before.text ?? '', us.botUserId) === text) return nothing('nothing said was changed');
  return laterOn(one, now.ts, now, body, us, mentions(now.text ?? '', us.botUserId), { kind: 'edited', messageId: now.ts, text });
}

function ofDeletion(one: z.infer<typeof deleted>, body: Envelope, us: Us): Heard {
  const before = one.previous_message ?? {};
  if (ours(before, us)) return nothing('taken back by a program');
  const named = mentions(before.text ?? '', us.botUserId);
  return laterOn(one, one.deleted_ts, before, body, us, named, { kind: 'deleted', messageId: one.deleted_ts });
}

/** Something that happens to a message that was said before. */
function laterOn(
  { channel, channel_type }: { channel: string; channel_type?: string | null | undefined },
  messageTs: string,
  { user, thread_ts }: Partial<Message>,
  body: Envelope,
  us: Us,
  named: boolean,
  what: { kind: 'edited'; messageId: string; text: string } | { kind: 'deleted'; messageId: string },
): Heard {
  const direct = channel.startsWith('D');
  const place = placeOf(body, us, { channel, thread: thread_ts ?? messageTs, type: channel_type });
  return { kind: 'inbound', follows: !direct && !named, inbound: { ...common(body, us, user!, place), ...what } };
}

const common = (body: Envelope, us: Us, user: string, place: Place, at?: string) => ({
  // whoever sends none is known by what it says
  key: keyOf(us, body.event_id ?? createHash('sha256').update(JSON.stringify(body.event)).digest('hex')),
  user: chatUser(us.externalTenant, user),
  place,
  at: timeOf(at ?? String(body.event_time ?? 0)),
});

/** The same for everything of Slack; long or strange parts become a digest of themselves. */
export function keyOf(us: Pick<Us, 'externalTenant'>, ...parts: string[]): string {
  const key = ['slack', us.externalTenant, ...parts].join('|');
  return key.length <= 200 ? storable(key) : `slack|${us.externalTenant}|${createHash('sha256').update(key).digest('hex')}`;
}

export const chatUser = (externalTenant: string, externalUser: string): ChatUser => ({
  surface: 'slack',
  externalTenant,
  externalUser,
});

const placeOf = (
  body: Pick<Envelope, 'is_ext_shared_channel'>,
  us: Us,
  { channel, thread, type }: { channel: string; thread?: string; type?: string | null | undefined },
): Place => ({
  surface: 'slack',
  externalTenant: us.externalTenant,
  channel,
  ...(thread && { thread }),
  audience: body.is_ext_shared_channel ? 'shared_channel' : audienceOf(channel, type),
});

/** Nothing but its id makes a conversation private: what else comes with it may be another's. Mentions come without a type, and anybody may read those along. */
export function audienceOf(channel: string, type?: string | null): Audience {
  if (channel.startsWith('D')) return 'dm';
  return type === 'group' || type === 'mpim' || type === 'privategroup' || channel.startsWith('G')
    ? 'private_channel'
    : 'public_channel';
}

/** Slack's time stamps are seconds with a counter behind the point. */
function timeOf(seconds: string): string {
  const at = new Date(Number(seconds) * 1000);
  return Number.isNaN(at.getTime()) ? new Date(0).toISOString() : at.toISOString();
}

const filesOf = (files: unknown[]): ChatFile[] =>
  files.flatMap((one) => {
    const { data } = file.safeParse(one);
    if (!data || gone.has(data.mode)) return [];
    return [{ id: data.id, name: storable(data.name || data.title || data.id).slice(0, 200), bytes: data.size ?? 0 }];
  });

/** What somebody passes on to us: words of others. */
function forwardedTexts(attachments: unknown[]): string {
  const texts = attachments.flatMap((one) => {
    const { data } = forwarded.safeParse(one);
    return data && (data.is_share || data.is_msg_unfurl) ? [plainText(data.text ?? data.fallback ?? '')] : [];
  });
  return texts.filter(Boolean).join('\n\n');
}
