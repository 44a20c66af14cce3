import type { Inbox } from '../../core/inbox.ts';
import type { Outbox, Tokens } from '../../core/outbox.ts';
import type { References } from '../../core/references.ts';
import type { Log } from '../../log.ts';
import type { Looks, Presses } from '../presses-port.ts';
import type { TeamsConfig } from './settings.ts';
import type { TeamsSurface } from './surface.ts';
import type { Transport } from './transport.ts';

/** What Teams' door works with. */
export interface TeamsParts {
  config: TeamsConfig;
  transport: Transport;
  surface: TeamsSurface;
  inbox: Inbox;
  outbox: Outbox;
  tokens: Tokens;
  references: References;
  presses: Presses;
  looks: Looks;
  log: Log;
  now: () => Date;
  /** Work that goes on after Teams has its answer; a clean end waits for it, and its failures go to the log. */
  afterwards(what: string, work: Promise<unknown>): void;
}
