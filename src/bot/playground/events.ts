import { type PlaygroundEntry, type PlaygroundMessages, type PlaygroundPulse, playgroundTopic } from '../../core/playground.ts';
import type { Signals } from '../../core/records.ts';
import type { Log } from '../../log.ts';
import type { Door, Visitor } from './door.ts';
import { shownOf } from './shown.ts';

const firstMessages = 50;
const atOnce = 100;
/** A wait that finds nothing is begun anew. */
const patienceMs = 60_000;

interface Around {
  messages: PlaygroundMessages;
  signals: Signals;
  event: Door['event'];
  log: Log;
}

/**
 * A conversation as it goes on: its last messages and `ready`, or what is new since the position of a client that comes back; then everything
 * that is said, changed or taken back, by whichever process, until somebody hangs up.
 */
export async function* channelEvents(
  { messages, signals, event, log }: Around,
  { user, actor }: Visitor,
  heard: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<string, void, void> {
  const channel = user.externalUser;
  let last = await messages.pulse(channel, actor?.userId);
  let position = heard;
  const writing = new Set<string>();
  const tell = (entry: PlaygroundEntry, id: string): string => {
    if (entry.writing) writing.add(entry.id);
    else writing.delete(entry.id);
    return entry.content ? event(id, { type: 'message', ...shownOf(entry, log) }) : event(id, { type: 'gone', id: entry.id });
  };

  // whoever was further than we are speaks of another database, or of somebody else
  if (position === undefined || BigInt(position) > BigInt(last.seq)) {
    const { entries, seq } = await messages.latest(channel, firstMessages);
    // a client that is cut off before it is ready begins anew
    for (const entry of entries) if (entry.content) yield tell(entry, '0');
    position = seq;
    yield event(position, { type: 'ready' });
  } else {
    // nobody wrote down what else this client has heard
    yield event(position, { type: 'changed', queue: true, receipts: true });
  }

  const news = async (): Promise<{ pulse: PlaygroundPulse; entries: PlaygroundEntry[] } | undefined> => {
    const pulse = await messages.pulse(channel, actor?.userId);
    if (!pulse.open) return { pulse, entries: [] };
    const isNew = BigInt(pulse.seq) > BigInt(position!);
    const entries = isNew || writing.size ? await messages.after(channel, position!, [...writing], atOnce) : [];
    return entries.length || pulse.queue !== last.queue || pulse.receipts !== last.receipts ? { pulse, entries } : undefined;
  };
  while (!signal.aborted) {
    const found = await signals.waitFor(playgroundTopic(channel), news, { timeoutMs: patienceMs, signal });
    if (!found) continue;
    // shut out: whoever comes back is told so at the door
    if (!found.pulse.open) return;
    for (const entry of found.entries) {
      if (BigInt(entry.seq) > BigInt(position)) position = entry.seq;
      yield tell(entry, position);
    }
    const [queue, receipts] = [found.pulse.queue !== last.queue, found.pulse.receipts !== last.receipts];
    last = found.pulse;
    if (queue || receipts) yield event(position, { type: 'changed', queue, receipts });
  }
}

/** A position that a client sent back: the number we gave it. Anything else, and 0, is none. */
export const positionIn = (header: unknown): string | undefined =>
  typeof header === 'string' && /^[1-9]\d{0,17}$/.test(header) ? header : undefined;
