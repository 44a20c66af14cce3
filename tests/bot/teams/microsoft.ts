import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Microsoft, as far as a bot sees it: who signs what Teams sends (OpenID metadata and keys), where a bot logs in, and the Bot Connector with the
 * rules that Teams has for messages, cards and streams. Everything that is asked is written down, and what Teams would refuse is refused.
 */
export interface Microsoft {
  /** Its host:port, for NET_ALLOW_HOSTS. */
  host: string;
  loginUrl: string;
  openIdUrl: string;
  /** For activities. */
  serviceUrl: string;
  /** Signs as Teams does. `claims` stand over the usual ones; `undefined` leaves one out. */
  sign(claims?: Record<string, unknown>, how?: Signing): string;
  calls: Call[];
  of(...methods: Method[]): Call[];
  /** The next calls of a method fail so. `done`: it is done all the same, and only its answer is lost. */
  fail(method: Method, how: Failure, times?: number): void;
  /** Messages that stand in a conversation, as people see them. */
  messages(conversation: string): Message[];
  /** What people of the roster are, by their id. */
  people: Map<string, Record<string, unknown>>;
  /** Whose private conversation may not be opened. */
  closed: Set<string>;
  /** What Teams would have refused in silence, or shown badly. */
  complaints: string[];
  /** Bytes at addresses under /files/. */
  files: Map<string, { body: string | Uint8Array; location?: string }>;
  /** A refusal of a final message that says something else than was streamed. */
  strictFinal: boolean;
  /** The keys it signs with, by name, as it publishes them. */
  published: ('teams' | 'next' | 'webchat' | 'bare')[];
  close(): Promise<void>;
}

export type Method =
  | 'send'
  | 'typing'
  | 'stream'
  | 'final'
  | 'update'
  | 'delete'
  | 'create'
  | 'member'
  | 'login'
  | 'keys'
  | 'file';
export interface Call {
  method: Method;
  conversation?: string;
  id?: string;
  body: Json;
  at: number;
}
export type Failure = { status: number; retryAfter?: number; code?: string; message?: string; done?: boolean };
export type Signing = { key?: 'teams' | 'next' | 'webchat' | 'bare' | 'unknown' | 'forged'; alg?: 'RS256' | 'none' | 'HS256' };
// biome-ignore lint/suspicious/noExplicitAny: tests look into messages the way a client without types does
export type Json = any;
export interface Message {
  id: string;
  activity: Json;
  edits: number;
}

export const appId = '11111111-2222-3333-4444-555555555555';
export const password = 'client-secret';
export const tenant = 'a1b2c3d4-e5f6-7890-abcd-ef1234567890';
export const botId = `28:${appId}`;

interface Stream {
  conversation: string;
  text: string;
  sequence: number;
  at: number;
}

/** Made once: keys take their time. */
const pairs = Object.fromEntries(
  (['teams', 'next', 'webchat', 'bare', 'forged'] as const).map((name) => [
    name,
    generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ]),
) as Record<'teams' | 'next' | 'webchat' | 'bare' | 'forged', { publicKey: KeyObject; privateKey: KeyObject }>;
const endorsements = {
  teams: { endorsements: ['msteams', 'skype'] },
  next: { endorsements: ['msteams'] },
  webchat: { endorsements: ['webchat'] },
  bare: {},
};

export async function openMicrosoft(): Promise<Microsoft> {
  const conversations = new Map<string, Message[]>();
  const streams = new Map<string, Stream>();
  const failures: { method: Method; how: Failure; left: number }[] = [];
  let count = 0;

  const it: Microsoft = {
    host: '',
    loginUrl: '',
    openIdUrl: '',
    serviceUrl: '',
    sign: (claims = {}, { key = 'teams', alg = 'RS256' } = {}) => {
      const now = Math.floor(Date.now() / 1000);
      const usual = {
        iss: 'https://api.botframework.com',
        aud: appId,
        serviceurl: it.serviceUrl,
        nbf: now - 60,
        exp: now + 3600,
      };
      const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const kid = key === 'forged' ? 'teams' : key;
      const signed = `${part({ typ: 'JWT', alg, kid })}.${part({ ...usual, ...claims })}`;
      if (alg === 'none') return `${signed}.`;
      const pair = pairs[key === 'unknown' ? 'forged' : key];
      return `${signed}.${createSign('RSA-SHA256').update(signed).sign(pair.privateKey).toString('base64url')}`;
    },
    calls: [],
    of: (...methods) => it.calls.filter(({ method }) => methods.includes(method)),
    fail: (method, how, times = 1) => void failures.push({ method, how, left: times }),
    messages: (conversation) => conversations.get(conversation) ?? [],
    people: new Map(),
    closed: new Set(),
    complaints: [],
    files: new Map(),
    strictFinal: false,
    published: ['teams', 'webchat', 'bare'],
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };

  const server = createServer(async (request, response) => {
    const raw = await read(request);
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://here').pathname);
    try {
      await answer(request, response, path, raw);
    } catch (error) {
      it.complaints.push(String(error));
      send(response, 500, {});
    }
  });

  /** Writes a call down, and fails it where that was asked for. True: it was answered. */
  const failed = (response: ServerResponse, call: Omit<Call, 'at'>, work?: () => void): boolean => {
    it.calls.push({ ...call, at: Date.now() });
    const failure = failures.find(({ method, left }) => method === call.method && left > 0);
    if (!failure) return false;
    failure.left -= 1;
    const { status, retryAfter, code = 'Error', message = 'failed', done } = failure.how;
    if (done) work?.();
    send(response, status, { error: { code, message } }, retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) });
    return true;
  };

  async function answer(request: IncomingMessage, response: ServerResponse, path: string, raw: Buffer): Promise<unknown> {
    if (path === '/openid') {
      if (failed(response, { method: 'keys', body: {} })) return undefined;
      return send(response, 200, { issuer: 'https://api.botframework.com', jwks_uri: `http://${it.host}/keys` });
    }
    if (path === '/keys')
      return send(response, 200, {
        keys: it.published.map((kid) => ({
          ...pairs[kid].publicKey.export({ format: 'jwk' }),
          kid,
          use: 'sig',
          ...endorsements[kid],
        })),
      });
    if (path.endsWith('/oauth2/v2.0/token')) {
      const form = Object.fromEntries(new URLSearchParams(raw.toString()));
      if (failed(response, { method: 'login', body: { ...form, tenant: path.split('/')[1] } })) return undefined;
      const known = form['client_id'] === appId && form['client_secret'] === password && form['scope']?.endsWith('/.default');
      return known
        ? send(response, 200, { token_type: 'Bearer', expires_in: 3599, access_token: 'connector-token' })
        : send(response, 401, { error: 'invalid_client' });
    }
    const file = it.files.get(path);
    if (file) {
      it.calls.push({ method: 'file', body: { authorization: request.headers.authorization }, at: Date.now() });
      response.writeHead(file.location ? 302 : 200, file.location ? { location: file.location } : {});
      response.end(file.body);
      return undefined;
    }
    if (request.headers.authorization !== 'Bearer connector-token') return send(response, 401, { message: 'no token' });
    const body: Json = raw.length ? JSON.parse(raw.toString()) : {};
    if (raw.length > 100_000)
      return send(response, 413, { error: { code: 'MessageSizeTooBig', message: 'Message size too large.' } });
    return connector(request.method ?? '', path, body, response);
  }

  function connector(method: string, path: string, body: Json, response: ServerResponse): unknown {
    if (method === 'POST' && path === '/amer/v3/conversations') {
      if (failed(response, { method: 'create', body })) return undefined;
      const [member] = body.members ?? [];
      if (!member?.id || !body.tenantId || it.closed.has(member.id))
        return send(response, 403, { error: { code: 'ForbiddenOperationException', message: 'not installed' } });
      return send(response, 201, { id: privateOf(member.id), serviceUrl: it.serviceUrl });
    }
    const [, conversation = '', what, id] =
      /^\/amer\/v3\/conversations\/([^/]+)\/(activities|members)(?:\/([^/]+))?$/.exec(path) ?? [];
    if (what === 'members') {
      if (failed(response, { method: 'member', conversation, body: {}, ...(id && { id }) })) return undefined;
      const person = it.people.get(id ?? '');
      return person
        ? send(response, 200, { id, ...person })
        : send(response, 404, { error: { code: 'MemberNotFoundInConversation', message: 'who?' } });
    }
    if (what !== 'activities') return send(response, 404, { error: { code: 'NotFound', message: path } });
    if (method === 'POST') return say(conversation, body, response);
    const known = it.messages(conversation).find((message) => message.id === id);
    if (method === 'PUT') {
      const call: Call = { method: 'update', conversation, id: id!, body, at: 0 };
      if (failed(response, call)) return undefined;
      if (!known) return send(response, 404, { error: { code: 'ActivityNotFoundInConversation', message: 'gone' } });
      look(body);
      known.activity = body;
      known.edits += 1;
      return send(response, 200, { id });
    }
    return send(response, 405, {});
  }

  function say(conversation: string, body: Json, response: ServerResponse): unknown {
    const info = (body.entities ?? []).find((entity: Json) => entity.type === 'streaminfo');
    const method: Method = !info
      ? body.type === 'typing'
        ? 'typing'
        : 'send'
      : info.streamType === 'final'
        ? 'final'
        : 'stream';
    const keep = (id: string) => {
      const all = conversations.get(conversation) ?? [];
      conversations.set(conversation, all);
      all.push({ id, activity: body, edits: 0 });
    };
    count += 1;
    const id = `${1_700_000_000_000 + count}`;
    if (failed(response, { method, conversation, id, body }, () => body.type === 'message' && keep(info?.streamId ?? id)))
      return undefined;
    if (info) {
      const refused = stream(conversation, body, info, id);
      if (refused) return send(response, refused.status, { error: { code: refused.code, message: refused.message } });
    }
    if (method === 'final') {
      look(body);
      keep(info.streamId);
      return send(response, 200, { id: info.streamId });
    }
    if (body.type === 'message') {
      look(body);
      keep(id);
    }
    return send(response, 201, { id });
  }

  /** The rules that Microsoft's documents give. */
  function stream(
    conversation: string,
    body: Json,
    info: Json,
    id: string,
  ): { status: number; code: string; message: string } | undefined {
    const bad = (message: string, code = 'BadRequest', status = 400) => ({ status, code, message });
    if (!conversation.startsWith('a:')) return bad('Streaming API is not enabled', 'ContentStreamNotAllowed', 403);
    if (JSON.stringify(body.channelData?.streamType) !== JSON.stringify(info.streamType))
      it.complaints.push('channelData differs');
    const open = info.streamId === undefined ? undefined : streams.get(info.streamId);
    if (info.streamId !== undefined && open?.conversation !== conversation)
      return bad('Content stream finished or unknown', 'ContentStreamNotAllowed', 403);
    const now = Date.now();
    if (open && now - open.at < 900) it.complaints.push(`updates ${now - open.at} ms apart`);
    if (info.streamType === 'final') {
      if (body.type !== 'message') return bad('a final message is a message');
      if (it.strictFinal && open && !String(body.text).startsWith(open.text))
        return bad('streamed content should contain the previously streamed content');
      streams.delete(info.streamId);
      return undefined;
    }
    if (body.type !== 'typing' || !body.text) return bad('an update is a typing activity with a text');
    if (info.streamSequence !== (open?.sequence ?? 0) + 1) return bad(`sequence ${info.streamSequence}`);
    if (info.streamType === 'informative' && (open?.text || body.text.length > 1000)) return bad('no place for a note');
    if (open && info.streamType === 'streaming' && !body.text.startsWith(open.text))
      return bad('streamed content should contain the previously streamed content');
    const text = info.streamType === 'streaming' ? body.text : '';
    streams.set(info.streamId ?? id, { conversation, text, sequence: info.streamSequence, at: now });
    return undefined;
  }

  /** What clients choke on. */
  function look(body: Json): void {
    const bytes = Buffer.byteLength(JSON.stringify(body));
    if (bytes > 28_000) it.complaints.push(`a message of ${bytes} bytes`);
    if (!body.from?.id || !body.conversation?.id) it.complaints.push('a message of nobody');
    if (!body.text && !body.attachments?.length) it.complaints.push('an empty message');
    for (const { contentType, content } of body.attachments ?? [])
      if (contentType !== 'application/vnd.microsoft.card.adaptive' || content?.type !== 'AdaptiveCard')
        it.complaints.push(`an attachment of ${contentType}`);
    if ((body.suggestedActions?.actions ?? []).length > 3) it.complaints.push('too many suggestions');
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  it.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  it.loginUrl = `http://${it.host}`;
  it.openIdUrl = `http://${it.host}/openid`;
  it.serviceUrl = `http://${it.host}/amer/`;
  return it;
}

/** The private conversation that Teams has for somebody with us. */
export const privateOf = (user: string): string => `a:${Buffer.from(user).toString('base64url')}`;

async function read(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
