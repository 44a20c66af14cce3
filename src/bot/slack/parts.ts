import type { Inbox } from '../../core/inbox.ts';
import type { Log } from '../../log.ts';
import type { Gate } from '../../tools/gate.ts';
import type { Homes, People, Presses } from '../presses-port.ts';
import type { SlackClients } from './clients.ts';
import type { SlackInstalls } from './installs.ts';
import type { SlackSurface } from './surface.ts';

/** What Slack's doors work with. */
export interface SlackParts {
  inbox: Inbox;
  presses: Presses;
  people: People;
  homes: Homes;
  gate: Gate;
  installs: SlackInstalls;
  clients: SlackClients;
  surface: SlackSurface;
  apiUrl: string;
  log: Log;
  now: () => Date;
  /** Work that goes on after Slack has its answer; a clean end waits for it, and its failures go to the log. */
  afterwards(what: string, work: Promise<unknown>): void;
}
