import type { Actor } from '../../core/actor.ts';
import type { Inbound } from '../../core/chat.ts';
import type { Inbox } from '../../core/inbox.ts';
import type { JobPayloads } from '../../core/job.ts';
import type { Homes, Looks, People, Presses } from '../presses-port.ts';
import { beginAnew } from './answer.ts';
import { workBriefs } from './briefs.ts';
import { workCards } from './card-views.ts';
import { createHomes, refreshHome } from './home.ts';
import { createLooks } from './look.ts';
import { sendOutbox } from './outbox.ts';
import type { ChatParts } from './parts.ts';
import { createPresses } from './presses.ts';
import { remindDeciders } from './reminders.ts';
import { Threads } from './threads.ts';
import { type Waiting, waitingFor } from './waiting.ts';
import { toldStrangers, whoIs } from './who.ts';

export type { ChatParts } from './parts.ts';

/** Everything between chat surfaces and agents. */
export interface Chat {
  /** What the queue runs. */
  handlers: {
    thread(payload: JobPayloads['chat'], attempt: { last: boolean }): Promise<void>;
    outbox(payload: JobPayloads['outbox']): Promise<void>;
    cards(payload: JobPayloads['cards']): Promise<void>;
    brief(payload: JobPayloads['brief']): Promise<void>;
    home(payload: JobPayloads['home']): Promise<void>;
  };
  /** Where surfaces put what happens: a stop works at once, all the same. */
  inbox: Inbox;
  hear(inbound: Inbound): Promise<'new' | 'seen'>;
  /** Stops what runs for somebody, or is about to; whether there was anything. */
  stop(inbound: Extract<Inbound, { kind: 'stop' }>): Promise<boolean>;
  /** What waits for somebody's decision, or that they asked for. */
  waiting(actor: Actor): Promise<Waiting[]>;
  /** What somebody says in private from now on is not about what was said before. */
  beginAnew(userId: string): Promise<void>;
  presses: Presses;
  looks: Looks;
  people: People;
  homes: Homes;
}

export function createChat(parts: ChatParts): Chat {
  const threads = new Threads(parts);
  const hear = (inbound: Inbound) => threads.hear(inbound);
  return {
    handlers: {
      thread: (payload, attempt) => threads.work(payload, attempt),
      outbox: (payload) => sendOutbox(parts, payload),
      cards: (payload) => workCards(parts, payload),
      async brief() {
        await remindDeciders(parts);
        await workBriefs(parts);
      },
      home: ({ user }) => refreshHome(parts, user),
    },
    inbox: { ...parts.store.inbox, put: hear },
    hear,
    stop: (inbound) => threads.stopAll(inbound),
    waiting: (actor) => waitingFor(parts, actor),
    beginAnew: (userId) => beginAnew(parts, userId),
    presses: createPresses(parts),
    looks: createLooks(parts),
    people: {
      async actorOf(user) {
        const known = await whoIs(parts, user);
        return 'actor' in known ? known : { none: toldStrangers[known.stranger] };
      },
    },
    homes: createHomes(parts),
  };
}
