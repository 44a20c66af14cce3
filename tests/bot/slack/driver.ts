import { createHmac } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { PressAnswer, Pressed } from '../../../src/bot/presses-port.ts';
import { type SlackFace, type SlackOut, slackFace, slackOut } from '../../../src/bot/slack/index.ts';
import { type SlackConfig, slackConfig } from '../../../src/bot/slack/settings.ts';
import type { Actor, Role } from '../../../src/core/actor.ts';
import type { ChatUser, HomeSection, Inbound } from '../../../src/core/chat.ts';
import { createLog } from '../../../src/log.ts';
import { type Answer, ask, serve } from '../../api/client.ts';
import { openWorld, type World } from '../../world.ts';
import { bot, client, openSlackApi, type SlackApi, team } from './slack-api.ts';

export const secret = 'signing-secret';

export interface Press {
  token: string;
  who: ChatUser;
  where: Pressed;
  values: Record<string, string>;
}

export interface SlackWorld {
  world: World;
  api: SlackApi;
  url: string;
  server: FastifyInstance;
  out: SlackOut;
  face: SlackFace;
  config: SlackConfig;
  /** What was pressed; `answers` says what comes of it. */
  presses: Press[];
  answers: (press: Press) => Promise<PressAnswer> | PressAnswer;
  /** Who people of Slack are. */
  people: Map<string, Actor>;
  home: HomeSection[];
  person(slackUser: string, role: Role): Promise<Actor>;
  /** Signed as Slack signs. */
  post(body: unknown, options?: Sending): Promise<Answer>;
  /** An Events API delivery. */
  event(event: Record<string, unknown>, more?: Record<string, unknown>, options?: Sending): Promise<Answer>;
  inbox(): Promise<Inbound[]>;
  close(): Promise<void>;
}

export interface Sending {
  secret?: string;
  /** Seconds from now. */
  ageSeconds?: number;
  form?: boolean;
  headers?: Record<string, string>;
  /** Sent instead of what was signed. */
  tampered?: string;
}

const log = createLog(process.env['LOG_LEVEL'] ?? 'silent');

/** The product's own server with Slack's doors, its own database, and Slack as the emulator plays it. What is asked of the engine is written down. */
export async function openSlack({
  installed = true,
  settings = {},
}: {
  installed?: boolean;
  settings?: Partial<SlackConfig>;
} = {}): Promise<SlackWorld> {
  const [api, world] = await Promise.all([openSlackApi(), openWorld({ worker: false })]);
  const values = { SLACK_SIGNING_SECRET: secret, SLACK_CLIENT_ID: client.id, SLACK_CLIENT_SECRET: client.secret };
  const config = {
    ...slackConfig({ ...values, SLACK_WORKSPACES: team, SLACK_API_URL: api.url, PUBLIC_URL: 'https://sales.example.com' })!,
    ...settings,
  };
  const around = { log, now: () => new Date() };
  const stores = world.database.chat;
  const out = slackOut(config, stores, around);
  const it: Omit<SlackWorld, 'server' | 'url' | 'face'> = {
    world,
    api,
    out,
    config,
    presses: [],
    answers: () => ({}),
    people: new Map(),
    home: [],
    async person(slackUser, role) {
      const actor: Actor = { ...(await world.person(slackUser.toLowerCase(), role)), surface: 'slack' };
      it.people.set(slackUser, actor);
      return actor;
    },
    post: (body, options) => post(url, body, options),
    event: (event, more = {}, options) => post(url, { ...envelope(), event, ...more }, options),
    async inbox() {
      const { rows } = await world.database.pool.query<{ inbound: Inbound }>('SELECT inbound FROM inbox ORDER BY id');
      return rows.map(({ inbound }) => inbound);
    },
    async close() {
      await face.stop();
      await server.close();
      await world.close();
      await api.close();
    },
  };
  const face = slackFace(
    config,
    out,
    {
      inbox: stores.inbox,
      gate: world.gate,
      presses: {
        async press(token, who, where, values) {
          const press = { token, who, where, values };
          it.presses.push(press);
          return it.answers(press);
        },
      },
      people: {
        async actorOf({ externalUser }) {
          const actor = it.people.get(externalUser);
          return actor ? { actor } : { none: 'I do not know you yet.' };
        },
      },
      homes: { sections: async () => it.home },
    },
    around,
  );
  const { server, url } = await serve(world, {
    faces: [face],
    config: { ...world.config, PUBLIC_URL: 'https://sales.example.com' },
  });
  if (installed) await install(out);
  face.start();
  return Object.assign(it, { server, url, face });
}

export const install = (out: SlackOut, tenant = team): Promise<void> =>
  out.installs.save(tenant, 'Acme', { bot: { ...bot, scopes: [] }, team: { id: tenant, name: 'Acme' }, authVersion: 'v2' });

let counter = 0;
function next(): number {
  counter += 1;
  return counter;
}
/** An id that was not used before. */
export const fresh = (prefix: string): string => `${prefix}${Date.now()}${next()}`;
export const ts = (): string => `${Math.floor(Date.now() / 1000)}.${String(next()).padStart(6, '0')}`;

const envelope = () => ({
  token: 'unused',
  team_id: team,
  api_app_id: 'A000000001',
  type: 'event_callback',
  event_id: fresh('Ev'),
  event_time: Math.floor(Date.now() / 1000),
  authorizations: [{ enterprise_id: null, team_id: team, user_id: bot.userId, is_bot: true, is_enterprise_install: false }],
  is_ext_shared_channel: false,
});

export const signature = (body: string, timestamp: number, key = secret): string =>
  `v0=${createHmac('sha256', key).update(`v0:${timestamp}:${body}`).digest('hex')}`;

/** Commands go as fields of a form, presses and forms as JSON in one of them, events as JSON. */
export function encode(body: unknown, form?: boolean): { text: string; type: string } {
  if (typeof body === 'string') return { text: body, type: form ? 'application/x-www-form-urlencoded' : 'application/json' };
  const fields = body as Record<string, unknown>;
  if (form === false || (form === undefined && fields['type'] === 'event_callback'))
    return { text: JSON.stringify(body), type: 'application/json' };
  const flat = 'command' in fields || 'ssl_check' in fields;
  const params = new URLSearchParams(flat ? (fields as Record<string, string>) : { payload: JSON.stringify(body) });
  return { text: params.toString(), type: 'application/x-www-form-urlencoded' };
}

async function post(
  url: string,
  body: unknown,
  { secret: key = secret, ageSeconds = 0, form, headers = {}, tampered }: Sending = {},
): Promise<Answer> {
  const { text, type } = encode(body, form);
  const timestamp = Math.floor(Date.now() / 1000) - ageSeconds;
  return ask(url, 'POST', '/slack/events', {
    body: tampered ?? text,
    headers: {
      'content-type': type,
      'x-slack-request-timestamp': String(timestamp),
      'x-slack-signature': signature(text, timestamp, key),
      ...headers,
    },
  });
}

/** Until it holds; a test that is stuck says so before its time is over. */
export async function until<T>(look: () => Promise<T | undefined | false> | T | undefined | false, ms = 40_000): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > end) throw new Error('it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
