import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { type ApiParts, buildServer } from '../../src/api/server.ts';
import type { App, BuildOptions } from '../../src/app.ts';
import type { Role } from '../../src/core/actor.ts';
import { createLog } from '../../src/log.ts';
import { openWorld, type World } from '../world.ts';

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers the way a client without types does
  body: any;
}

export interface Ask {
  key?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Api {
  world: World;
  server: FastifyInstance;
  url: string;
  /** A JSON request over a real connection; bodies are sent as JSON, strings and bytes as they are. */
  ask(method: string, path: string, options?: Ask): Promise<Answer>;
  /** The key of a colleague with this role. */
  keyOf(handle: string, role: Role): Promise<string>;
  /** The same product served by a second process's worth of it. */
  elsewhere(): Promise<{ url: string }>;
  close(): Promise<void>;
}

const log = createLog(process.env['LOG_LEVEL'] ?? 'silent');

export const serve = async (app: App, more: Partial<ApiParts> = {}): Promise<{ server: FastifyInstance; url: string }> => {
  const server = await buildServer({
    ...app,
    files: app.deps.files,
    idempotency: app.database.idempotency,
    log,
    version: '1.2.3',
    ...more,
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  return { server, url: `http://127.0.0.1:${(server.server.address() as AddressInfo).port}` };
};

/** The whole product behind real HTTP on a free port of loopback. */
export async function openApi(
  options: Partial<BuildOptions> & { env?: Record<string, string>; parts?: Partial<ApiParts> } = {},
): Promise<Api> {
  const { parts, ...build } = options;
  const world = await openWorld(build);
  const { server, url } = await serve(world, parts);
  const servers = [server];
  return {
    world,
    server,
    url,
    ask: (method, path, more) => ask(url, method, path, more),
    keyOf: async (handle, role) => (await world.access.createKey({ user: handle, role })).key,
    async elsewhere() {
      const other = await serve(await world.second());
      servers.push(other.server);
      return { url: other.url };
    },
    async close() {
      for (const one of servers) await one.close();
      await world.close();
    },
  };
}

export async function ask(url: string, method: string, path: string, { key, body, headers = {} }: Ask = {}): Promise<Answer> {
  const raw = typeof body === 'string' || body instanceof Uint8Array || body instanceof FormData;
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(key && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && !raw && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: raw ? (body as string) : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  return { status: response.status, headers: response.headers, body: isJson && text ? JSON.parse(text) : text };
}

/** A request whose headers fetch would not let through, such as Host. */
export function rawRequest(
  url: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  body = '',
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${url}${path}`, { method, headers, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode!, body: text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
