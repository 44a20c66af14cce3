import type { ChatSurface } from './chat.ts';
import type { Identities, Inbox } from './inbox.ts';
import type { Alone } from './job.ts';
import type { CardViews, Installs, Outbox, Tokens } from './outbox.ts';
import type { PlaygroundMessages } from './playground.ts';
import type { PersonalPreferences } from './preferences.ts';
import type { References } from './references.ts';
import type { Streams } from './streams.ts';

/** All that chat surfaces keep for one workspace. */
export interface ChatStores {
  inbox: Inbox;
  identities: Identities;
  outbox: Outbox;
  tokens: Tokens;
  cardViews: CardViews;
  installs: Installs;
  references: References;
  streams: Streams;
  preferences: PersonalPreferences;
  playground: PlaygroundMessages;
  alone: Alone;
  /** The surfaces that this process or any other works for right now. */
  served(): Promise<ChatSurface[]>;
}
