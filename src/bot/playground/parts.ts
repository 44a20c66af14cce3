import type { Actor } from '../../core/actor.ts';
import type { Inbound } from '../../core/chat.ts';
import type { Tokens } from '../../core/outbox.ts';
import type { PlaygroundMessages } from '../../core/playground.ts';
import type { Db, Signals } from '../../core/records.ts';
import type { Log } from '../../log.ts';
import type { Waiting } from '../chat/waiting.ts';
import type { Presses } from '../presses-port.ts';
import type { PlaygroundSurface } from './surface.ts';

/** What the playground asks of everything behind it. */
export interface PlaygroundChat {
  hear(inbound: Inbound): Promise<'new' | 'seen'>;
  stop(inbound: Extract<Inbound, { kind: 'stop' }>): Promise<boolean>;
  waiting(actor: Actor): Promise<Waiting[]>;
  beginAnew(userId: string): Promise<void>;
  presses: Presses;
}

export interface PlaygroundParts {
  chat: PlaygroundChat;
  messages: PlaygroundMessages;
  surface: PlaygroundSurface;
  tokens: Pick<Tokens, 'read'>;
  signals: Signals;
  db: Db;
  /** The owner of the workspace. */
  local(): Promise<Actor>;
  /** Who answers, in words, and whether that is a model. */
  model: string;
  reasons: boolean;
  uploadMaxMb: number;
  /** The other chat surfaces that are on. */
  connected: readonly string[];
  now: () => Date;
  log: Log;
}
