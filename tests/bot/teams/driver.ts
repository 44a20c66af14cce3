import type { FastifyInstance } from 'fastify';
import type { App, BuildOptions } from '../../../src/app.ts';
import { teamsOut } from '../../../src/bot/teams/index.ts';
import { teamsConfig } from '../../../src/bot/teams/settings.ts';
import type { Actor, Role } from '../../../src/core/actor.ts';
import type { ChatUser, Inbound, Surface } from '../../../src/core/chat.ts';
import { createLog } from '../../../src/log.ts';
import { type Answer, ask, serve } from '../../api/client.ts';
import { openWorld, type World } from '../../world.ts';
import {
  appId,
  botId,
  type Json,
  type Microsoft,
  openMicrosoft,
  password,
  privateOf,
  type Signing,
  tenant,
} from './microsoft.ts';

/** Somebody in Teams. */
export interface Person {
  /** As Teams names them. */
  id: string;
  name: string;
  user: ChatUser;
  actor: Actor;
}

export interface Sending {
  claims?: Record<string, unknown>;
  signing?: Signing;
  /** In place of a token; an empty one is none. */
  authorization?: string;
  /** Which process it arrives at. */
  url?: string;
}

export interface TeamsWorld {
  world: World;
  microsoft: Microsoft;
  url: string;
  server: FastifyInstance;
  surface: Surface;
  /** A member of the tenant with an account of ours, whom the roster knows by e-mail. */
  member(handle: string, role?: Role): Promise<Person>;
  /** Delivers an activity, signed. */
  deliver(activity: Json, options?: Sending): Promise<Answer>;
  /** Somebody says something, in private unless told otherwise. */
  say(who: Pick<Person, 'id' | 'name'>, text: string, more?: Json, options?: Sending): Promise<Answer>;
  /** Somebody presses a button of a message. */
  press(who: Pick<Person, 'id' | 'name'>, action: Json, more?: Json, options?: Sending): Promise<Answer>;
  inbox(): Promise<Inbound[]>;
  /** Until nothing is left to do. */
  settled(): Promise<void>;
  /** A second process on the same database, with a door of its own. */
  second(): Promise<{ app: App; url: string; close(): Promise<void> }>;
  close(): Promise<void>;
}

export const teamsEnv = (microsoft: Microsoft, more: Record<string, string | undefined> = {}) => ({
  TEAMS_APP_ID: appId,
  TEAMS_APP_PASSWORD: password,
  TEAMS_TENANT_ID: tenant,
  TEAMS_LOGIN_URL: microsoft.loginUrl,
  TEAMS_OPENID_URL: microsoft.openIdUrl,
  NET_ALLOW_HOSTS: microsoft.host,
  ...more,
});

const log = createLog(process.env['LOG_LEVEL'] ?? 'silent');

/** The whole product with Teams switched on by its settings, and Microsoft beside it. */
export async function openTeams({
  worker = true,
  demo = false,
  env = {},
  ...build
}: Partial<BuildOptions> & { env?: Record<string, string> } = {}): Promise<TeamsWorld> {
  const microsoft = await openMicrosoft();
  const world = await openWorld({ worker, demo, ...build, env: { ...teamsEnv(microsoft), ...env } as Record<string, string> });
  const { server, url } = await serve(world);
  for (const face of world.faces) face.start();
  const deliver: TeamsWorld['deliver'] = (body, options = {}) => post(microsoft, options.url ?? url, body, options);
  return {
    world,
    microsoft,
    url,
    server,
    surface: teamsOut(teamsConfig(world.config)!, world.database.chat, () => world.chat, { log, now: () => new Date() }).surface,
    async member(handle, role = 'rep') {
      const actor: Actor = { ...(await world.person(handle, role)), surface: 'teams' };
      const email = `${handle}@example.test`;
      await world.database.pool.query('UPDATE users SET email = $2 WHERE id = $1', [actor.userId, email]);
      const id = `29:${handle}`;
      microsoft.people.set(id, { name: handle, email, userPrincipalName: email, tenantId: tenant, userRole: 'user' });
      return { id, name: handle, actor, user: { surface: 'teams', externalTenant: tenant, externalUser: id } };
    },
    deliver,
    say: (who, text, more = {}, options = {}) => deliver(spoken(microsoft, who, { text, ...more }), options),
    press: (who, action, more = {}, options = {}) =>
      deliver(
        spoken(microsoft, who, {
          type: 'invoke',
          name: 'adaptiveCard/action',
          id: `f:${fresh()}`,
          value: { action: { type: 'Action.Execute', ...action }, trigger: 'manual' },
          ...more,
        }),
        options,
      ),
    async inbox() {
      const { rows } = await world.database.pool.query<{ inbound: Inbound }>('SELECT inbound FROM inbox ORDER BY id');
      return rows.map(({ inbound }) => inbound);
    },
    settled: () => settled(world),
    async second() {
      const app = await world.second({ worker });
      const served = await serve(app);
      return { app, url: served.url, close: async () => void (await served.server.close()) };
    },
    async close() {
      await server.close();
      await world.close();
      await microsoft.close();
    },
  };
}

let counter = 0;
/** An id that was not used before: the moment, in milliseconds. */
export function fresh(): string {
  counter += 1;
  return String(Date.now() + counter);
}

/** A message as Teams sends it; `more` stands over it. */
export function spoken(microsoft: Pick<Microsoft, 'serviceUrl'>, who: { id: string; name: string }, more: Json = {}): Json {
  const id = fresh();
  return {
    type: 'message',
    id,
    timestamp: new Date(Number(id)).toISOString(),
    textFormat: 'plain',
    channelId: 'msteams',
    serviceUrl: microsoft.serviceUrl,
    from: { id: who.id, name: who.name, aadObjectId: '00000000-1111-2222-3333-444444444444' },
    recipient: { id: botId, name: 'Sales Agent' },
    conversation: { conversationType: 'personal', tenantId: tenant, id: privateOf(who.id) },
    channelData: { tenant: { id: tenant } },
    locale: 'en-US',
    ...more,
  };
}

export const channel = '19:general@thread.tacv2';
/** In a channel, below `root`; a mention of ours stands in front. */
export const inChannel = (root: string): Json => ({
  conversation: { isGroup: true, conversationType: 'channel', tenantId: tenant, id: `${channel};messageid=${root}` },
  channelData: { tenant: { id: tenant }, channel: { id: channel }, team: { id: '19:team@thread.tacv2' } },
});
export const mention = { type: 'mention', text: '<at>Sales Agent</at>', mentioned: { id: botId, name: 'Sales Agent' } };
export const inGroup = {
  conversation: { isGroup: true, conversationType: 'groupChat', tenantId: tenant, id: '19:group@thread.v2' },
};

async function post(microsoft: Microsoft, url: string, body: Json, { claims, signing, authorization }: Sending): Promise<Answer> {
  const token = authorization ?? `Bearer ${microsoft.sign(claims, signing)}`;
  return ask(url, 'POST', '/api/messages', {
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json; charset=utf-8', ...(token && { authorization: token }) },
  });
}

async function settled({ database }: World): Promise<void> {
  let busy: string[] = [];
  const quiet = async () => {
    const { rows } = await database.pool.query<{ busy: string }>(
      `SELECT 'inbox ' || inbound::text AS busy FROM inbox WHERE done_at IS NULL
       UNION ALL SELECT 'outbox ' || key || ' ' || state FROM outbox WHERE state IN ('waiting', 'started') AND order_at <= now() + interval '1 minute'
       UNION ALL SELECT 'job ' || task_identifier || ' ' || coalesce(last_error, '') FROM graphile_worker.jobs
         WHERE task_identifier IN ('chat', 'cards', 'proposal') AND run_at <= now() + interval '1 minute' AND attempts < max_attempts`,
    );
    busy = rows.map((row) => row.busy);
    return busy.length === 0;
  };
  await until(quiet, 25_000).catch(() => {
    throw new Error(`still busy: ${busy.join('; ')}`);
  });
}

/** Until it holds, or for some seconds. */
export async function until<T>(look: () => Promise<T | undefined | false> | T | undefined | false, ms = 40_000): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > end) throw new Error('it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What stands in a conversation, words and cards. */
export const wordsOf = (activity: Json): string => JSON.stringify(activity ?? {});

export const cardOf = (activity: Json): Json => activity?.attachments?.[0]?.content;

/** Every button in a card that we are asked by, by what it says. */
export function buttonsOf(card: Json): Record<string, Json> {
  const found: Record<string, Json> = {};
  const walk = (value: Json): void => {
    if (Array.isArray(value)) value.forEach(walk);
    else if (value && typeof value === 'object') {
      if (value.type === 'Action.Execute' && value.title) found[value.title] = { verb: value.verb, data: value.data };
      Object.values(value).forEach(walk);
    }
  };
  walk(card?.body);
  return found;
}
