import type { FastifyInstance } from 'fastify';
import type { ChatStores } from '../../core/chat-stores.ts';
import type { Inbox } from '../../core/inbox.ts';
import type { Log } from '../../log.ts';
import type { Gate } from '../../tools/gate.ts';
import type { Homes, People, Presses } from '../presses-port.ts';
import { SlackClients } from './clients.ts';
import { identify } from './identify.ts';
import { InboxApp } from './inbox-app.ts';
import { SlackInstalls } from './installs.ts';
import { slackLogger } from './logger.ts';
import { installPages } from './oauth.ts';
import type { SlackParts } from './parts.ts';
import { slackRoutes } from './routes.ts';
import type { SlackConfig } from './settings.ts';
import { SlackSocket } from './socket.ts';
import { SlackSurface } from './surface.ts';

/** What Slack hands on, and asks. */
export interface SlackBehind {
  inbox: Inbox;
  presses: Presses;
  people: People;
  homes: Homes;
  gate: Gate;
}

/** The way out to Slack: made first, because what stands behind the doors speaks through it. */
export interface SlackOut {
  surface: SlackSurface;
  clients: SlackClients;
  installs: SlackInstalls;
}

export interface SlackFace {
  /** Its routes, for the one HTTP server. */
  routes(server: FastifyInstance): Promise<void>;
  start(): void;
  /** Lets what has begun end. */
  stop(): Promise<void>;
}

/** What the way out needs from the workspace's stores. */
export type SlackKept = Pick<ChatStores, 'installs' | 'streams'>;

interface Around {
  log: Log;
  now: () => Date;
}

export function slackOut(config: SlackConfig, kept: SlackKept, { log, now }: Around): SlackOut {
  const installs = new SlackInstalls(kept.installs, config, { log, now });
  const clients = new SlackClients(installs, config.apiUrl, slackLogger(log));
  return {
    installs,
    clients,
    surface: new SlackSurface(clients, {
      apiUrl: config.apiUrl,
      isOurs: (tenant) => installs.isOurs(tenant),
      streams: kept.streams,
      log,
    }),
  };
}

/** Slack as a face of the product: HTTP where there is a signing secret, Socket Mode where there is an app token. */
export function slackFace(config: SlackConfig, out: SlackOut, behind: SlackBehind, { log, now }: Around): SlackFace {
  const { apiUrl, client, signingSecret, appToken, botToken } = config;
  const begun = new Set<Promise<unknown>>();
  const parts: SlackParts = {
    ...behind,
    ...out,
    apiUrl,
    log,
    now,
    afterwards(what, work) {
      const tracked: Promise<unknown> = work
        .catch((error) => log.warn({ err: error }, `${what} failed`))
        .finally(() => begun.delete(tracked));
      begun.add(tracked);
    },
  };
  // Bolt wants a receiver; ours is a route, which hands it what arrives
  const app = new InboxApp(parts, { init: () => undefined, start: async () => undefined, stop: async () => undefined });
  const pages = client && signingSecret ? installPages({ ...config, client }, out.installs, log) : undefined;
  const socket = appToken ? new SlackSocket(app, { appToken, apiUrl, log }) : undefined;
  const stopped = new AbortController();
  return {
    routes: slackRoutes({ app, signingSecret, pages, parts }),
    start() {
      if (botToken)
        parts.afterwards('finding out whose Slack token this is', identify(botToken, out, { log, signal: stopped.signal }));
      socket?.start();
    },
    async stop() {
      stopped.abort();
      await socket?.stop();
      while (begun.size) await Promise.allSettled(begun);
    },
  };
}
