import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

// biome-ignore lint/suspicious/noExplicitAny: runs as they come from outside
export type SentRun = Record<string, any> & { id: string; name: string };

export interface LangSmithServer {
  url: string;
  /** Everything that was sent, as text. */
  text(): string;
  requests: { method: string; path: string; key: unknown }[];
  /** Runs by what was posted of them, and what came later. */
  runs(): SentRun[];
  close(): Promise<void>;
}

/** LangSmith's two ways of taking runs: POST /runs/batch as JSON, or POST /runs/multipart with a part for each field of a run. */
export async function langSmithServer(how: 'multipart' | 'batch' | 'hangs' = 'multipart'): Promise<LangSmithServer> {
  const bodies: { type: string; body: string }[] = [];
  const requests: LangSmithServer['requests'] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const path = request.url ?? '';
    requests.push({ method: request.method ?? '', path, key: request.headers['x-api-key'] });
    if (how === 'hangs') return;
    if (path.startsWith('/runs/'))
      bodies.push({ type: request.headers['content-type'] ?? '', body: Buffer.concat(parts).toString() });
    const info = { version: '0.13.0', batch_ingest_config: { use_multipart_endpoint: how === 'multipart', size_limit: 100 } };
    response.writeHead(path === '/info' ? 200 : 202, { 'content-type': 'application/json' });
    response.end(JSON.stringify(path === '/info' ? info : {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    text: () => bodies.map(({ body }) => body).join('\n'),
    requests,
    runs() {
      const runs = new Map<string, SentRun>();
      const add = (id: string, fields: object) => runs.set(id, { ...runs.get(id), ...fields, id } as SentRun);
      for (const { type, body } of bodies) {
        if (type.includes('json')) {
          const { post = [], patch = [] } = JSON.parse(body);
          for (const run of [...post, ...patch]) add(run.id, run);
        } else
          for (const { name, value } of partsOf(body, type.match(/boundary=(.*)$/)![1]!)) {
            const [, , id = '', field] = name.match(/^(post|patch)\.([\w-]+)(?:\.(\w+))?$/) ?? [];
            add(id, field ? { [field]: value } : (value as object));
          }
      }
      return [...runs.values()];
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const partsOf = (body: string, boundary: string): { name: string; value: unknown }[] =>
  body
    .split(`--${boundary}`)
    .filter((part) => part.includes('name="'))
    .map((part) => ({
      name: part.match(/name="([^"]+)"/)![1]!,
      value: JSON.parse(part.slice(part.indexOf('\r\n\r\n') + 4).trim()),
    }));
