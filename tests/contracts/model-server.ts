import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Asked {
  method: string;
  path: string;
  /** The client's end of the connection. */
  port: number | undefined;
  headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into requests the way a vendor's server does
  body: any;
}

/** What a server does with one request, byte by byte. */
export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  /** Written one after the other, with a moment between them. */
  chunks?: (string | Uint8Array)[];
  pauseMs?: number;
  /** How it ends. cut: the socket is destroyed; open: nothing more comes, and nothing closes; never: not even a status. */
  end?: 'whole' | 'cut' | 'open' | 'never' | 'refused';
}

export interface ModelServer {
  url: string;
  asked: Asked[];
  /** How many answers the client did not wait for. */
  abandoned(): number;
  close(): Promise<void>;
}

/** A server on this machine that writes what it is told to, right or wrong. */
export async function modelServer(reply: (asked: Asked) => Reply): Promise<ModelServer> {
  const asked: Asked[] = [];
  let abandoned = 0;
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString();
    const one = {
      method: request.method ?? '',
      path: request.url ?? '',
      port: request.socket.remotePort,
      headers: request.headers,
      body: text ? JSON.parse(text) : undefined,
    };
    asked.push(one);
    response.on('close', () => {
      if (!response.writableEnded) abandoned++;
    });
    await write(response, reply(one));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    abandoned: () => abandoned,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function write(
  response: ServerResponse,
  { status = 200, headers, chunks = [], pauseMs = 0, end = 'whole' }: Reply,
): Promise<void> {
  if (end === 'never') return;
  if (end === 'refused') {
    response.destroy();
    return;
  }
  response.writeHead(status, headers ?? { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  for (const chunk of chunks) {
    if (response.destroyed) return;
    response.write(chunk);
    if (pauseMs > 0) await sleep(pauseMs);
  }
  if (end === 'whole') response.end();
  if (end === 'cut') {
    // what was written is sent before the socket goes
    await sleep(20);
    response.destroy();
  }
}
