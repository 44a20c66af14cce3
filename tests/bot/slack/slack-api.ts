import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEmulator, type Emulator } from 'emulate';
import { freePort } from '../../ports.ts';

/**
 * Slack's Web API, as the emulator has it, behind a door that adds what it lacks: streams (kept as ordinary messages), assistant.* and agents.*
 * (answered and written down), failures and rate limits on demand. Everything that is asked is written down.
 */
export interface SlackApi {
  /** For SLACK_API_URL. */
  url: string;
  calls: Call[];
  /** Calls of these methods, in order. */
  of(...methods: string[]): Call[];
  /** The next calls of a method fail: with an error of Slack's, or with a status. */
  fail(method: string, how: Failure, times?: number): void;
  /** The next call of a method is carried out, and its answer never arrives: it is kept back until it is let go of, or lost. */
  swallow(method: string, how: 'held' | 'lost'): { readonly taken: boolean; let: () => void };
  /** What users.info says beyond what the emulator knows. */
  people: Map<string, Record<string, unknown>>;
  /** What files.info says, instead of the emulator. */
  files: Map<string, Record<string, unknown>>;
  /** Bytes of paths under /files-test/; the header is what was sent along. */
  bytes: Map<string, { type: string; body: string | Uint8Array; location?: string }>;
  /** The messages below one, itself included, as they stand in a channel. */
  thread(channel: string, root: string): Promise<SlackMessage[]>;
  call(method: string, args: Record<string, unknown>, token?: string): Promise<Record<string, unknown>>;
  /** Where apps.connections.open sends people. */
  socketUrl?: string;
  /** oauth.v2.access with a refresh token. */
  refreshed?: Record<string, unknown>;
  close(): Promise<void>;
}

export interface Call {
  method: string;
  args: Record<string, unknown>;
  token: string | undefined;
}
export type Failure = { error: string } | { status: number; retryAfter?: number };
export interface SlackMessage {
  metadata?: { event_type: string; event_payload: Record<string, unknown> };
  ts: string;
  text: string;
  thread_ts?: string;
  user: string;
  blocks?: { type: string; [field: string]: unknown }[];
}

export const team = 'T000000001';
export const admin = 'U000000001';
export const general = 'C000000001';
export const bot = { token: 'xoxb-local-test', userId: 'U00BOT', id: 'B00BOT' };
export const client = { id: '1.2', secret: 'client-secret' };
export const redirectUri = 'https://sales.example.com/slack/oauth_redirect';

const added = /^(assistant\.threads\.\w+|agents\.sessions\.\w+)$/;

export async function openSlackApi(): Promise<SlackApi> {
  let played: { emulator: Emulator; url: string };
  const direct = () => played.url;
  const streams = new Map<string, { channel: string; text: string }>();
  const swallowed: { method: string; how: 'held' | 'lost'; taken: boolean; gone: Promise<void> }[] = [];
  // the emulator drops what is attached to messages
  const metadata = new Map<string, unknown>();
  const failures: { method: string; how: Failure; left: number }[] = [];

  const forward = (method: string, args: Record<string, unknown>, token?: string) =>
    fetch(`${direct()}/api/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(args),
    }).then((response) => response.json() as Promise<Record<string, unknown>>);

  const stream = async (method: string, args: Record<string, unknown>, token?: string) => {
    const chunks = (args['chunks'] ?? []) as { type: string; text?: string; title?: string }[];
    const text = chunks.map((chunk) => (chunk.type === 'markdown_text' ? chunk.text : `[${chunk.title}]`)).join('');
    if (method === 'chat.startStream') {
      const begun = await forward('chat.postMessage', { ...args, chunks: undefined, text: text || '…' }, token);
      if (begun['ok']) streams.set(String(begun['ts']), { channel: String(args['channel']), text });
      return begun;
    }
    const open = streams.get(String(args['ts']));
    if (!open) return { ok: false, error: 'message_not_in_streaming_state' };
    open.text += text;
    if (method === 'chat.stopStream') streams.delete(String(args['ts']));
    if (args['metadata']) metadata.set(String(args['ts']), args['metadata']);
    return forward(
      'chat.update',
      { channel: open.channel, ts: args['ts'], text: open.text || '…', blocks: args['blocks'] },
      token,
    );
  };

  const api: SlackApi = {
    url: '',
    calls: [],
    people: new Map(),
    files: new Map(),
    bytes: new Map(),
    of: (...methods) => api.calls.filter(({ method }) => methods.includes(method)),
    fail: (method, how, times = 1) => void failures.push({ method, how, left: times }),
    swallow(method, how) {
      let letGo = () => {};
      const gone = new Promise<void>((resolve) => (letGo = resolve));
      const one = { method, how, taken: false, gone };
      swallowed.push(one);
      return {
        get taken() {
          return one.taken;
        },
        let: letGo,
      };
    },
    call: async (method, args, token = bot.token) => (await answer(method, args, token)) ?? forward(method, args, token),
    async thread(channel, root) {
      const { messages = [] } = await forward('conversations.replies', { channel, ts: root, limit: 200 }, bot.token);
      return messages as SlackMessage[];
    },
    close: async () => {
      await new Promise((resolve) => server.close(resolve));
      await played.emulator.close();
    },
  };

  const answer = async (method: string, args: Record<string, unknown>, token: string | undefined) => {
    if (/Stream$/.test(method)) return stream(method, args, token);
    if (method === 'chat.update' && streams.has(String(args['ts']))) return { ok: false, error: 'streaming_state_conflict' };
    if (method === 'chat.postMessage' || method === 'chat.update') {
      const done = await forward(method, args, token);
      if (done['ok'] && args['metadata']) metadata.set(String(done['ts']), args['metadata']);
      return done;
    }
    if (method === 'conversations.replies' || method === 'conversations.history') {
      const found = await forward(method, args, token);
      const all = ((found['messages'] as SlackMessage[] | undefined) ?? []).filter(
        ({ ts }) => ts >= String(args['oldest'] ?? ''),
      );
      const kept = (ts: string) => (args['include_all_metadata'] && metadata.has(ts) ? { metadata: metadata.get(ts) } : {});
      return found['ok'] ? { ...found, messages: all.map((message) => ({ ...message, ...kept(message.ts) })) } : found;
    }
    if (method === 'apps.connections.open') return { ok: true, url: api.socketUrl };
    if (added.test(method)) return { ok: true };
    if (method === 'users.info') {
      const known = await forward(method, args, token);
      const user = known['user'] as { id: string } | undefined;
      return user ? { ...known, user: { ...user, ...api.people.get(user.id) } } : known;
    }
    if (method === 'files.info' && api.files.has(String(args['file'])))
      return { ok: true, file: api.files.get(String(args['file'])) };
    if (method === 'oauth.v2.access' && args['grant_type'] === 'refresh_token')
      return api.refreshed ? { ok: true, ...api.refreshed } : { ok: false, error: 'invalid_refresh_token' };
    return undefined;
  };

  const server = createServer(async (request, response) => {
    const body = await read(request);
    const method = /^\/api\/([\w.]+)/.exec(request.url ?? '')?.[1];
    const token = request.headers.authorization?.replace(/^Bearer /, '');
    const file = api.bytes.get(request.url ?? '');
    if (file) {
      api.calls.push({ method: 'file', args: { path: request.url }, token });
      response.writeHead(file.location ? 302 : 200, {
        'content-type': file.type,
        ...(file.location && { location: file.location }),
      });
      response.end(file.body);
      return;
    }
    if (request.url?.startsWith('/hooks/')) {
      api.calls.push({ method: 'response_url', args: JSON.parse(body.toString()) as Record<string, unknown>, token });
      response.end('ok');
      return;
    }
    if (!method) return passOn(direct(), request, body, response);
    const args = argsOf(body, request.headers['content-type'] ?? '');
    api.calls.push({ method, args, token });
    const failure = failures.find((one) => one.method === method && one.left > 0);
    if (failure) {
      failure.left -= 1;
      if ('status' in failure.how)
        response
          .writeHead(
            failure.how.status,
            failure.how.retryAfter === undefined ? {} : { 'retry-after': String(failure.how.retryAfter) },
          )
          .end();
      else send(response, { ok: false, error: failure.how.error });
      return;
    }
    const own = await answer(method, args, token);
    const [silence] = swallowed.splice(0, swallowed[0]?.method === method ? 1 : 0);
    if (silence) {
      silence.taken = true;
      if (silence.how === 'lost') return void response.destroy();
      await silence.gone;
    }
    if (own) send(response, own);
    else await passOn(direct(), request, body, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const here = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // it names addresses of its own, for uploads: they lead through this door
  played = await startEmulator(here);
  api.url = `${here}/api/`;
  // the channels of the emulator have their own people; ours has to be a member to speak there
  await forward('conversations.join', { channel: general }, bot.token);
  return api;
}

async function startEmulator(baseUrl: string): Promise<{ emulator: Emulator; url: string }> {
  const port = await freePort();
  const scopes = [
    'chat:write',
    'channels:read',
    'channels:join',
    'channels:history',
    'users:read',
    'users:read.email',
    'im:write',
    'files:read',
    'files:write',
  ];
  const app = {
    client_id: client.id,
    client_secret: client.secret,
    app_id: 'A000000001',
    name: 'Sales Agent',
    redirect_uris: [redirectUri],
  };
  const ids = { bot_id: bot.id, bot_user_id: bot.userId };
  const emulator = await createEmulator({
    service: 'slack',
    port,
    baseUrl,
    seed: {
      slack: {
        team: { name: 'Acme', domain: 'acme' },
        users: [{ name: 'rep', email: 'rep@acme.test' }],
        signing_secret: 'unused',
        oauth_apps: [{ ...app, scopes, bot_name: 'salesagent', ...ids }],
        tokens: [{ token: bot.token, type: 'bot', user_id: bot.userId, app_id: app.app_id, scopes, ...ids }],
      },
    },
  });
  return { emulator, url: `http://localhost:${port}` };
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function argsOf(body: Buffer, type: string): Record<string, unknown> {
  if (type.includes('json')) return JSON.parse(body.toString() || '{}') as Record<string, unknown>;
  return Object.fromEntries(
    [...new URLSearchParams(body.toString())].map(([name, value]) => [
      name,
      /^([[{]|(true|false)$)/.test(value) ? (JSON.parse(value) as unknown) : value,
    ]),
  );
}

async function passOn(url: string, request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
  const { host: _host, 'content-length': _length, connection: _connection, ...headers } = request.headers;
  const answer = await fetch(url + request.url, {
    method: request.method ?? 'GET',
    headers: headers as Record<string, string>,
    redirect: 'manual',
    ...(body.length && { body: new Uint8Array(body) }),
  });
  const location = answer.headers.get('location');
  response.writeHead(answer.status, {
    'content-type': answer.headers.get('content-type') ?? 'text/plain',
    ...(location && { location }),
  });
  response.end(Buffer.from(await answer.arrayBuffer()));
}

function send(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
