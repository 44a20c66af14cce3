import { AppError } from '../../errors.ts';
import { onceKey, placeOf, shortcutBody } from './bodies.ts';
import { plainText } from './markup.ts';
import { chatUser } from './normalise.ts';
import type { SlackParts } from './parts.ts';
import { respond, sentence, troubled } from './replies.ts';

/** What somebody can do with a message of anybody; the manifest declares the same. Each is said to the assistant in these words. */
export const shortcuts: Readonly<Record<string, string>> = {
  add_as_lead: 'Add this as a lead',
  log_to_crm: 'Log this to the CRM',
  draft_reply: 'Draft a reply to this',
};

/** Somebody else's words, however long, leave room for the answer. */
const longestOutside = 12_000;

/**
 * The message goes to the assistant as outside text: it is what the order is about, never an order. The answer is for whoever asked alone, and
 * the thread is not one that we take part in from then on.
 */
export async function onShortcut(raw: unknown, tenant: string, ack: () => Promise<void>, parts: SlackParts): Promise<void> {
  const parsed = shortcutBody.safeParse(raw);
  const text = parsed.data && shortcuts[parsed.data.callback_id];
  if (!parsed.success || text === undefined) throw new AppError('invalid_input', 'There is no such shortcut.');
  const { user, channel, message, response_url } = parsed.data;
  const place = placeOf(tenant, channel.id, channel.name);
  const key = onceKey(tenant, parsed.data);
  const outside = plainText(message.text ?? '')
    .slice(0, longestOutside)
    .toWellFormed();
  const reply = (answer: ReturnType<typeof sentence>): void => {
    if (response_url) parts.afterwards('the receipt of a shortcut', respond(response_url, answer, parts));
  };
  if (!outside.trim() || message.subtype === 'tombstone') {
    await ack();
    return reply(sentence('There are no words in this message that I could go by. Write to me what you want instead.'));
  }
  const answer = await parts.inbox
    .put({
      key,
      user: chatUser(tenant, user.id),
      place,
      at: parts.now().toISOString(),
      kind: 'message',
      messageId: key,
      text,
      files: [],
      outside,
      ...(place.audience !== 'dm' && { alone: true }),
    })
    .then(() => sentence(`${text}: on it. The answer comes to you directly.`))
    .catch((error) => {
      parts.log.warn({ err: error }, 'a shortcut of Slack failed');
      return troubled(error);
    });
  await ack();
  reply(answer);
}
