import type { types } from '@slack/bolt';
import type { Once, Place, Said, Sent } from '../../core/chat.ts';
import { AppError } from '../../errors.ts';
import { quiet, renderSlack, type SlackMessage } from '../cards/slack.ts';
import type { Caller } from './clients.ts';
import { isUnfitting } from './failures.ts';
import { withPictures } from './pictures.ts';
import { type Mark, markOf, nothingSaid, type SaidBefore, saidBefore } from './said-before.ts';

/** The library does not know the newest kinds of blocks yet. */
const blocksOf = ({ blocks }: SlackMessage) => blocks as types.KnownBlock[];

/** Says messages in a place, in order; gives the first, and which of them shows which proposal. */
export async function post(slack: Caller, place: Place, said: Said, once?: Once): Promise<Sent> {
  const before = once ? await saidBefore(slack, place, once) : nothingSaid;
  return plainer(slack, place, said, (messages) => postAll(slack, place, messages, { id: once?.id, before }));
}

/**
 * Draws what is said and sends it. Slack takes newer blocks in some workspaces only, and pictures only once it has looked at them, so each way is
 * followed by a plainer one where Slack refuses what the message is made of.
 */
export async function plainer<T>(
  slack: Caller,
  { externalTenant }: Place,
  said: Said,
  send: (messages: SlackMessage[]) => Promise<T>,
): Promise<T> {
  const ways = [() => withPictures(slack, externalTenant, said, {}), async () => ({ classic: true })];
  for (const [i, face] of ways.entries())
    try {
      return await send(renderSlack(said, await face()));
    } catch (error) {
      if (i === ways.length - 1 || !unfits(error)) throw error;
    }
  throw new Error('no way to draw it');
}

/** Refused for what it is made of; nothing was said then. */
const unfits = (error: unknown): boolean => error instanceof AppError && isUnfitting(error.cause);

/** Who is told to wait has said nothing; not so in the middle of it. */
const halfSaid = (error: unknown): unknown =>
  error instanceof AppError && error.code === 'rate_limited'
    ? new AppError('unavailable', error.message, { cause: error })
    : error;

/**
 * With `first` something stands there already, as with what was said before: drawing all of it anew would say it twice, so what does not fit is then
 * said in words. `id` marks the messages, so that they are found by it.
 */
export async function postAll(
  slack: Caller,
  place: Place,
  messages: SlackMessage[],
  { first, id, before = nothingSaid }: { first?: string; id?: string | undefined; before?: SaidBefore } = {},
): Promise<Sent> {
  const proposals: Record<string, string> = {};
  const shift = first === undefined ? 0 : 1;
  let messageId = first ?? before.parts.get(0);
  for (const [i, message] of messages.entries()) {
    const part = i + shift;
    const mark = id && markOf(id, part, messages.length + shift);
    const there = before.parts.get(part);
    if (there === undefined && before.whole) continue;
    const ts =
      there ??
      (await postOne(slack, place, message, mark).catch((error) => {
        if (messageId === undefined) throw error;
        if (unfits(error)) return postOne(slack, place, { ...message, blocks: [] }, mark);
        throw halfSaid(error);
      }));
    messageId ??= ts;
    if (message.proposalId) proposals[message.proposalId] = ts;
  }
  return { place, messageId: messageId ?? '', ...(Object.keys(proposals).length && { proposals }) };
}

async function postOne(
  slack: Caller,
  { externalTenant, channel, thread }: Place,
  message: SlackMessage,
  metadata?: Mark | '',
): Promise<string> {
  const blocks = message.blocks.length ? { blocks: blocksOf(message) } : {};
  const sent = await slack.call(externalTenant, (web) =>
    web.chat.postMessage({
      ...quiet,
      channel,
      text: message.text,
      ...blocks,
      ...(metadata && { metadata }),
      ...(thread && { thread_ts: thread }),
    }),
  );
  return sent.ts ?? '';
}

/** Changes a message. What does not fit into it any more is said below it. */
export const rewrite = (slack: Caller, { place, messageId }: Sent, said: Said, id?: string): Promise<Sent> =>
  plainer(slack, place, said, async ([first, ...rest]) => {
    await slack.call(place.externalTenant, (web) =>
      web.chat.update({
        channel: place.channel,
        ts: messageId,
        text: first!.text,
        blocks: blocksOf(first!),
        parse: 'none',
        link_names: false,
        ...(id && { metadata: markOf(id, 0, 1 + rest.length) }),
      }),
    );
    const more = await postAll(slack, place, rest, { first: messageId, id });
    return first!.proposalId ? { ...more, proposals: { ...more.proposals, [first!.proposalId]: messageId } } : more;
  });

/** The same, seen by one person alone. */
export const postEphemeral = (slack: Caller, place: Place, user: string, said: Said): Promise<void> =>
  plainer(slack, place, said, async (messages) => {
    const { externalTenant, channel, thread } = place;
    for (const message of messages)
      await slack.call(externalTenant, (web) =>
        web.chat.postEphemeral({
          channel,
          user,
          text: message.text,
          blocks: blocksOf(message),
          parse: 'none',
          link_names: false,
          ...(thread && { thread_ts: thread }),
        }),
      );
  });
