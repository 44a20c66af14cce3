import type { types } from '@slack/bolt';
import type { Place, Said, Sent } from '../../core/chat.ts';
import { AppError } from '../../errors.ts';
import { quiet, renderSlack, type SlackMessage } from '../cards/slack.ts';
import type { Caller } from './clients.ts';
import { isUnfitting } from './failures.ts';
import { withPictures } from './pictures.ts';

/** The library does not know the newest kinds of blocks yet. */
const blocksOf = ({ blocks }: SlackMessage) => blocks as types.KnownBlock[];

/** Says messages in a place, in order; gives the first, and which of them shows which proposal. */
export const post = (slack: Caller, place: Place, said: Said): Promise<Sent> =>
  plainer(slack, place, said, (messages) => postAll(slack, place, messages));

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

/** With `first` something stands there already, and drawing all of it anew would say it twice: what does not fit is then said in words. */
export async function postAll(slack: Caller, place: Place, messages: SlackMessage[], first?: string): Promise<Sent> {
  const proposals: Record<string, string> = {};
  let messageId = first;
  for (const message of messages) {
    const id = await postOne(slack, place, message).catch((error) => {
      if (messageId === undefined || !unfits(error)) throw error;
      return postOne(slack, place, { ...message, blocks: [] });
    });
    messageId ??= id;
    if (message.proposalId) proposals[message.proposalId] = id;
  }
  return { place, messageId: messageId ?? '', ...(Object.keys(proposals).length && { proposals }) };
}

async function postOne(slack: Caller, { externalTenant, channel, thread }: Place, message: SlackMessage): Promise<string> {
  const blocks = message.blocks.length ? { blocks: blocksOf(message) } : {};
  const sent = await slack.call(externalTenant, (web) =>
    web.chat.postMessage({ ...quiet, channel, text: message.text, ...blocks, ...(thread && { thread_ts: thread }) }),
  );
  return sent.ts ?? '';
}

/** Changes a message. What does not fit into it any more is said below it. */
export const rewrite = (slack: Caller, { place, messageId }: Sent, said: Said): Promise<Sent> =>
  plainer(slack, place, said, async ([first, ...rest]) => {
    await slack.call(place.externalTenant, (web) =>
      web.chat.update({
        channel: place.channel,
        ts: messageId,
        text: first!.text,
        blocks: blocksOf(first!),
        parse: 'none',
        link_names: false,
      }),
    );
    const more = await postAll(slack, place, rest, messageId);
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
