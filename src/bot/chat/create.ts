import type { Inbound } from '../../core/chat.ts';
import type { Inbox } from '../../core/inbox.ts';
import type { JobPayloads } from '../../core/job.ts';
import type { Homes, People, Presses } from '../presses-port.ts';
import { workBriefs } from './briefs.ts';
import { workCards } from './card-views.ts';
import { createHomes } from './home.ts';
import { sendOutbox } from './outbox.ts';
import type { ChatParts } from './parts.ts';
import { createPresses } from './presses.ts';
import { remindDeciders } from './reminders.ts';
import { Threads } from './threads.ts';
import { toldStrangers, whoIs } from './who.ts';

export type { ChatParts } from './parts.ts';

/** Everything between chat surfaces and agents. */
export interface Chat {
  /** What the queue runs. */
  handlers: {
    thread(payload: JobPayloads['chat'], attempt: { last: boolean }): Promise<void>;
    outbox(): Promise<void>;
    cards(payload: JobPayloads['cards']): Promise<void>;
    brief(payload: JobPayloads['brief']): Promise<void>;
  };
  /** Where surfaces put what happens: a stop works at once, all the same. */
  inbox: Inbox;
  hear(inbound: Inbound): Promise<'new' | 'seen'>;
  presses: Presses;
  people: People;
  homes: Homes;
}

export function createChat(parts: ChatParts): Chat {
  const threads = new Threads(parts);
  const hear = (inbound: Inbound) => threads.hear(inbound);
  return {
    handlers: {
      thread: (payload, attempt) => threads.work(payload, attempt),
      outbox: () => sendOutbox(parts),
      cards: (payload) => workCards(parts, payload),
      async brief() {
        await remindDeciders(parts);
        await workBriefs(parts);
      },
    },
    inbox: { ...parts.store.inbox, put: hear },
    hear,
    presses: createPresses(parts),
    people: {
      async actorOf(user) {
        const known = await whoIs(parts, user);
        return 'actor' in known ? known : { none: toldStrangers[known.stranger] };
      },
    },
    homes: createHomes(parts),
  };
}
