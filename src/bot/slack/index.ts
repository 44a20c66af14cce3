import type { FastifyInstance } from 'fastify';
import type { Inbox } from '../../core/inbox.ts';
import type { Installs } from '../../core/outbox.ts';
import { AppError, messageOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Gate } from '../../tools/gate.ts';
import type { Homes, People, Presses } from '../presses-port.ts';
import { SlackClients } from './clients.ts';
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

interface Around {
  log: Log;
  now: () => Date;
}

export function slackOut(config: SlackConfig, kept: Installs, { log, now }: Around): SlackOut {
  const installs = new SlackInstalls(kept, config, { log, now });
  const clients = new SlackClients(installs, config.apiUrl, slackLogger(log));
  return { installs, clients, surface: new SlackSurface(clients, { apiUrl: config.apiUrl, log }) };
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
      if (botToken) parts.afterwards('finding out whose Slack token this is', identify(botToken, out, { log, signal: stopped.signal }));
      socket?.start();
    },
    async stop() {
      stopped.abort();
      await socket?.stop();
      while (begun.size) await Promise.allSettled(begun);
    },
  };
}

const askAgainMs = 15_000;

/** The workspace of the token in the settings is one that we are installed in. Asked until Slack answers; a token that it refuses is said once. */
async function identify(token: string, { clients, installs }: SlackOut, { log, signal }: { log: Log; signal: AbortSignal }): Promise<void> {
  installs.expecting = true;
  while (!signal.aborted)
    try {
      await install(token, { clients, installs });
      break;
    } catch (error) {
      if (error instanceof AppError && error.code === 'misconfigured') {
        log.error({ err: error }, `Slack: ${error.message}`);
        break;
      }
      log.warn({ err: error }, 'Slack does not say yet whose token this is; it is asked again');
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, askAgainMs);
        signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
      });
    }
  installs.expecting = false;
}

async function install(token: string, { clients, installs }: Pick<SlackOut, 'clients' | 'installs'>): Promise<string> {
  const me = await clients.test(token);
  const tenant = me.enterpriseInstall ? me.enterpriseId : me.teamId;
  if (!tenant || !me.userId || !me.botId) throw new AppError('misconfigured', 'SLACK_BOT_TOKEN is no bot token: it begins with xoxb-.');
  const known = await installs.find(tenant);
  if (known?.slack.bot.token !== token)
    await installs.save(tenant, me.team ?? tenant, { bot: { token, id: me.botId, userId: me.userId, scopes: [] }, authVersion: 'v2' });
  return me.team ?? tenant;
}

/** For the doctor: what is on, and what Slack says to it. Throws in our words. */
export async function checkSlack(config: SlackConfig, kept: Installs, around: Around): Promise<string> {
  const { installs, clients } = slackOut(config, kept, around);
  const ways = [
    config.signingSecret && `HTTP${config.publicUrl ? '' : ' (Slack needs PUBLIC_URL to reach it)'}`,
    config.appToken && 'Socket Mode',
    config.client && 'OAuth',
  ].filter(Boolean);
  const names: string[] = [];
  if (config.botToken) names.push((await clients.test(config.botToken)).team ?? 'a workspace');
  for (const { externalTenant, name } of await installs.list()) {
    if (names.includes(name)) continue;
    await clients.call(externalTenant, (web) => web.auth.test()).catch((error) => {
      throw new Error(`${name}: ${messageOf(error)}`);
    });
    names.push(name);
  }
  return `${ways.join(', ')}; ${names.length ? `in ${names.join(', ')}` : 'not installed anywhere yet: open /slack/install'}`;
}
