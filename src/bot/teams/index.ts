import type { FastifyInstance } from 'fastify';
import type { ChatUser, Inbound, Place } from '../../core/chat.ts';
import type { ChatStores } from '../../core/chat-stores.ts';
import type { Inbox } from '../../core/inbox.ts';
import type { Log } from '../../log.ts';
import type { Looks, Presses } from '../presses-port.ts';
import type { TeamsParts } from './parts.ts';
import { namedIn } from './posts.ts';
import { teamsRoutes } from './routes.ts';
import type { TeamsConfig } from './settings.ts';
import { TeamsSurface } from './surface.ts';
import { Transport } from './transport.ts';

/** What Teams hands on, and asks. */
export interface TeamsBehind {
  inbox: Inbox;
  presses: Presses;
  looks: Looks;
}

/** The way out to Teams: made first, because what stands behind the door speaks through it. */
export interface TeamsOut {
  surface: TeamsSurface;
  transport: Transport;
  stores: Stores;
}

type Stores = Pick<ChatStores, 'references' | 'streams' | 'tokens' | 'outbox'>;

export interface TeamsFace {
  /** Its route, for the one HTTP server. */
  routes(server: FastifyInstance): Promise<void>;
  start(): void;
  /** Lets what has begun end. */
  stop(): Promise<void>;
}

interface Around {
  log: Log;
  now: () => Date;
}

/** `behind` is there once the first answer is given. */
export function teamsOut(config: TeamsConfig, stores: Stores, behind: () => TeamsBehind, { log, now }: Around): TeamsOut {
  const transport = new Transport(config, log);
  const stopped = (place: Place, user: ChatUser): void => {
    const at = now().toISOString();
    const stop: Inbound = { kind: 'stop', key: `teams|stop|${place.channel}|${at}`, user, place, at };
    void behind()
      .inbox.put(stop)
      .catch((error) => log.warn({ err: error }, 'an answer in Teams was stopped, and goes on'));
  };
  const surface = new TeamsSurface({
    ...stores,
    config,
    transport,
    stopped,
    log,
    deciders: async (proposalId, externalTenant) => namedIn(externalTenant, await behind().looks.deciders(proposalId)),
  });
  return { surface, transport, stores };
}

/** Teams as a face of the product. */
export function teamsFace(
  config: TeamsConfig,
  { stores, ...out }: TeamsOut,
  behind: TeamsBehind,
  { log, now }: Around,
): TeamsFace {
  const begun = new Set<Promise<unknown>>();
  const parts: TeamsParts = {
    ...stores,
    ...behind,
    ...out,
    config,
    log,
    now,
    afterwards(what, work) {
      const tracked: Promise<unknown> = work
        .catch((error) => log.warn({ err: error }, `${what} failed`))
        .finally(() => begun.delete(tracked));
      begun.add(tracked);
    },
  };
  return {
    routes: teamsRoutes(parts),
    start: () => undefined,
    async stop() {
      while (begun.size) await Promise.allSettled(begun);
    },
  };
}
