import type { ChatUser, Place, Said, Sent } from '../../core/chat.ts';
import type { Tokens } from '../../core/outbox.ts';
import type { References } from '../../core/references.ts';
import { AppError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { markdownPieces } from '../cards/markdown.ts';
import { cutText } from '../cards/safe-text.ts';
import { renderTeams, type TeamsMessage } from '../cards/teams.ts';
import { conversationOf } from './normalise.ts';
import type { Outgoing, Reach, Transport } from './transport.ts';

/** What messages are sent with. */
export interface PostParts {
  transport: Pick<Transport, 'post' | 'update'>;
  references: References;
  tokens: Tokens;
  /** Who may decide on a proposal, as Teams names them in this tenant. */
  deciders(proposalId: string, externalTenant: string): Promise<string[]>;
  log: Log;
}

/** People as Teams names them in this tenant; those of elsewhere are left out. */
export const namedIn = (externalTenant: string, users: readonly ChatUser[]): string[] =>
  users.flatMap((user) => (user.surface === 'teams' && user.externalTenant === externalTenant ? [user.externalUser] : []));

/** How a place is reached. Throws `forbidden` where we were never heard, or are not any more. */
export async function reachOf(references: References, place: Place): Promise<Reach & { conversation: string }> {
  const known = await references.find(place);
  if (!known) throw new AppError('forbidden', 'Sales Agent is not in this Teams conversation.');
  return { serviceUrl: known.reach['serviceUrl'] ?? '', botId: known.reach['botId'] ?? '', conversation: conversationOf(place) };
}

/** Where others read along, those who may decide get a card of their own; in private every card is one. */
export async function draw({ deciders }: Pick<PostParts, 'deciders'>, place: Place, said: Said): Promise<TeamsMessage[]> {
  const ids = said.cards.flatMap(({ blocks }) => blocks.flatMap((block) => (block.type === 'approval' ? block.approval.id : [])));
  if (place.audience === 'dm' || !ids.length) return renderTeams(said);
  const users = await Promise.all(ids.map((id) => deciders(id, place.externalTenant)));
  return renderTeams(said, { refresh: { userIds: [...new Set(users.flat())] } });
}

const aiLabel = { additionalType: ['AIGeneratedContent'] };
const longestName = 80;
const longestAbstract = 160;

/** A message as Teams takes it: card, AI label, what it rests on, and thumbs. */
export function asActivity({ text, card, summary, sources = [], feedback, ai }: TeamsMessage): Outgoing {
  const entity = {
    type: 'https://schema.org/Message',
    '@type': 'Message',
    '@context': 'https://schema.org',
    ...(ai && aiLabel),
    citation: sources.map(({ title, url }, i) => ({
      '@type': 'Claim',
      position: i + 1,
      appearance: {
        '@type': 'DigitalDocument',
        name: cutText(title || url, longestName),
        url,
        abstract: cutText(title || url, longestAbstract),
      },
    })),
  };
  return {
    type: 'message',
    summary,
    ...(text !== undefined && { text, textFormat: 'markdown' as const }),
    ...(card && { attachments: [cardAttachment(card)] }),
    ...((ai || sources.length) && { entities: [entity] }),
    ...(feedback && { channelData: { feedbackLoop: { type: 'default' } } }),
  };
}

const cardAttachment = (content: unknown) => ({ contentType: 'application/vnd.microsoft.card.adaptive', content });

/** Says messages in a place, in order; gives the first, and which of them shows which proposal. */
export async function post(parts: PostParts, place: Place, said: Said): Promise<Sent> {
  return postAll(parts, place, await draw(parts, place, said), said.suggestions);
}

/** With `first` something stands there already. */
export async function postAll(
  parts: PostParts,
  place: Place,
  messages: TeamsMessage[],
  suggestions?: string[],
  first?: string,
): Promise<Sent> {
  const to = await reachOf(parts.references, place);
  const proposals: Record<string, string> = {};
  let messageId = first;
  for (const [i, message] of messages.entries()) {
    const more = i === messages.length - 1 && place.audience === 'dm' ? suggested(suggestions) : {};
    const id = await fitting(message, (one) => parts.transport.post(to, { ...asActivity(one), ...more }));
    messageId ??= id;
    if (message.proposalId) proposals[message.proposalId] = id;
    await votable(parts, place, id, message);
  }
  return { place, messageId: messageId ?? '', ...(Object.keys(proposals).length && { proposals }) };
}

/** Changes a message. What does not fit into it any more is said below it. */
export async function rewrite(parts: PostParts, { place, messageId }: Sent, said: Said): Promise<Sent> {
  const [first, ...rest] = await draw(parts, place, said);
  const to = await reachOf(parts.references, place);
  await fitting(first!, async (one) => {
    await parts.transport.update(to, messageId, asActivity(one));
    return messageId;
  });
  await votable(parts, place, messageId, first!);
  const more = await postAll(parts, place, rest, undefined, messageId);
  return first!.proposalId ? { ...more, proposals: { ...more.proposals, [first!.proposalId]: messageId } } : more;
}

/** Teams names only the message when somebody votes. */
export async function votable(
  { tokens, references, log }: PostParts,
  place: Place,
  messageId: string,
  message: TeamsMessage,
): Promise<void> {
  if (!message.feedback || !messageId) return;
  try {
    const about = await tokens.read(message.feedback);
    if (about?.kind === 'vote') await references.noteVotable({ place, messageId }, about);
  } catch (error) {
    // the answer was said; without this its thumbs only do nothing
    log.warn({ err: error }, 'an answer in Teams cannot be voted on');
  }
}

const mostSuggestions = 3;

const suggested = (words: string[] | undefined): Pick<Outgoing, 'suggestedActions'> =>
  words?.length
    ? {
        suggestedActions: {
          to: [],
          actions: words.slice(0, mostSuggestions).map((value) => ({ type: 'imBack', title: value, value })),
        },
      }
    : {};

/** Sends a message; what Teams finds too large goes without its card, and its text in two. Gives the id of the first. */
async function fitting(message: TeamsMessage, send: (message: TeamsMessage) => Promise<string>): Promise<string> {
  try {
    return await send(message);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'too_large') throw error;
    const { text = '', card, ...rest } = message;
    const plain = { ...rest, text: text || message.summary };
    if (card) return fitting(plain, send);
    if (text.length < 2000) throw error;
    let first: string | undefined;
    for (const piece of markdownPieces(text, Math.ceil(text.length / 2), ({ length }) => length)) {
      const id = await fitting({ ...plain, text: piece }, send);
      first ??= id;
    }
    return first ?? '';
  }
}
