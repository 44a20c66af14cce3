import type { Said } from '../../core/chat.ts';
import { AppError, publicError } from '../../errors.ts';
import { renderSlack, type SlackMessage } from '../cards/slack.ts';
import { isSlacks } from './files.ts';

/** Slack waits three seconds for an answer. */
const quickMs = 2000;

/** The outcome where it comes quickly; `undefined` where it does not, and then the work goes on. */
export async function quickly<T>(work: Promise<T>, withinMs = quickMs): Promise<{ outcome: T } | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), withinMs);
  });
  return Promise.race([work.then((outcome) => ({ outcome })), late]).finally(() => clearTimeout(timer));
}

/** A sentence as a message. */
export const sentence = (text: string): Said => ({ text, cards: [], fallback: text });

/** An error as whoever waits for an answer may read it. */
export const troubled = (error: unknown): Said => ({
  cards: [{ blocks: [{ type: 'notice', level: 'warning', text: publicError(error).message }] }],
  fallback: publicError(error).message,
});

export const ephemeral = ({ blocks, text }: SlackMessage) => ({
  response_type: 'ephemeral' as const,
  text,
  blocks: blocks as never,
});

/** Commands and shortcuts may be answered for half an hour at an address that comes with them; five times. */
export async function respond(responseUrl: unknown, said: Said | SlackMessage[], { apiUrl }: { apiUrl: string }): Promise<void> {
  if (typeof responseUrl !== 'string' || !isSlacks(responseUrl, apiUrl))
    throw new AppError('forbidden', 'Slack named no address for the answer.');
  const messages = Array.isArray(said) ? said : renderSlack(said);
  for (const message of messages.slice(0, 5)) {
    const response = await fetch(responseUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...ephemeral(message), replace_original: false }),
      redirect: 'error',
      signal: AbortSignal.timeout(10_000),
    }).catch((error) => {
      throw new AppError('unavailable', 'Slack does not take the answer.', { cause: error });
    });
    await response.body?.cancel();
    if (!response.ok) throw new AppError('unavailable', `Slack does not take the answer (${response.status}).`);
  }
}
