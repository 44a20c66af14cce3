import Fastify, { type FastifyReply } from 'fastify';
import { renderSlack } from '../../../../src/bot/cards/slack.ts';
import { renderTeams } from '../../../../src/bot/cards/teams.ts';
import { pageRoutes } from '../../../../src/bot/playground/page-routes.ts';
import type { Said } from '../../../../src/core/chat.ts';
import { createLog } from '../../../../src/log.ts';

/** What a test may say about a message besides what is said. */
export interface How {
  id?: string;
  writing?: boolean;
  steps?: { id: string; title: string; status: string }[];
  whisper?: boolean;
  via?: string;
}

export interface StandIn {
  url: string;
  /** What the page sent, by route. */
  heard: { route: string; body: unknown; headers: Record<string, unknown> }[];
  /** Says something as the assistant, drawn by the real renderers; the same id changes it. */
  answer(said: Said, how?: How): string;
  you(text: string, how?: { via?: string; files?: { name: string; bytes: number }[] }): void;
  gone(id: string): void;
  changed(): void;
  /** Breaks every connection, and refuses new ones until it is mended. */
  cut(): void;
  mend(): void;
  /** Answers of routes, to be set by tests. */
  answers: {
    me: () => unknown;
    queue: unknown[];
    receipts: unknown[];
    costs: unknown;
    press: (body: { token: string; values: Record<string, string> }) => unknown;
    deliveries: unknown[];
    /** Set: every route refuses with it. */
    refuse?: { status: number; code: string; message: string } | undefined;
    /** Set: only what somebody says is refused. */
    refuseSaying?: { status: number; code: string; message: string };
    uploadDelayMs: number;
    /** Said by messages is shown at once, as the server does. */
    echo: boolean;
  };
  close(): Promise<void>;
}

export const people = [
  { handle: 'owner', name: 'Owner', role: 'admin' },
  { handle: 'dana', name: 'Dana Whitfield', role: 'manager' },
  { handle: 'ann', name: 'Ann Castillo', role: 'rep' },
];

const me = () => ({
  who: people[0],
  people,
  canSwitch: true,
  model: 'offline rules',
  reasons: false,
  version: '0.1.0',
  uploadMaxMb: 1024,
  connected: [],
  demo: true,
  suggestions: [
    'Who are my top 3 leads today?',
    'Show me the pipeline',
    'Mark Summit Ridge as contacted, then undo it',
    'What is waiting for my decision?',
  ],
});

/** The page with its real files and headers, behind it a server that says what a test tells it to. */
export async function openStandIn(): Promise<StandIn> {
  const app = Fastify({ logger: false, bodyLimit: 50_000_000 });
  const clients = new Set<FastifyReply>();
  const entries = new Map<string, Record<string, unknown>>();
  const heard: StandIn['heard'] = [];
  let [seq, ids, down] = [0, 0, false];
  const answers: StandIn['answers'] = {
    me,
    queue: [],
    receipts: [],
    costs: {
      total_cost_usd: '0',
      total_requests: 0,
      by_agent: [],
      cache_stats: { cache_hit_rate: 0, estimated_savings_usd: '0' },
    },
    press: () => ({}),
    deliveries: [],
    uploadDelayMs: 0,
    echo: true,
  };

  const tell = (event: string, data: unknown): void => {
    for (const client of clients) client.raw.write(`id: ${seq}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const put = (id: string, entry: Record<string, unknown>): string => {
    seq += 1;
    entries.set(id, { at: new Date().toISOString(), ...entries.get(id), ...entry, id, seq });
    tell('message', entries.get(id));
    return id;
  };
  const newId = (): string => {
    ids += 1;
    return `m${String(ids).padStart(6, '0')}`;
  };
  const you: StandIn['you'] = (text, how = {}) =>
    void put(newId(), { from: 'you', text, ...how, slack: [], teams: [], writing: false, steps: [], whisper: false });

  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.addHook('onRequest', async (request, reply) => {
    const isPage = request.url === '/' || /^\/playground\/[\w-]+\.(?:js|css|woff2)/.test(request.url);
    if (down && !isPage) return void request.raw.socket.destroy();
    const { refuse } = answers;
    if (refuse && !isPage) await reply.code(refuse.status).send({ error: { ...refuse, requestId: 'r' } });
  });
  app.addHook('preHandler', async ({ method, url, body, headers }) => {
    if (method === 'POST') heard.push({ route: url, body, headers });
  });
  await app.register(pageRoutes(createLog('silent')));
  app.get('/playground/me', async () => answers.me());
  app.get('/playground/events', (request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
    const last = request.headers['last-event-id'];
    clients.add(reply);
    reply.raw.on('close', () => clients.delete(reply));
    reply.raw.write(': connected\n\n');
    for (const entry of entries.values())
      if (last === undefined || (entry['seq'] as number) > Number(last))
        reply.raw.write(`id: ${entry['seq']}\nevent: message\ndata: ${JSON.stringify(entry)}\n\n`);
    if (last === undefined) reply.raw.write(`id: ${seq}\nevent: ready\ndata: {}\n\n`);
  });
  app.post('/playground/messages', async (request, reply) => {
    const { refuseSaying } = answers;
    if (refuseSaying) return reply.code(refuseSaying.status).send({ error: { ...refuseSaying, requestId: 'r' } });
    const { text, files = [] } = request.body as { text: string; files?: { name: string; bytes: number }[] };
    if (answers.echo) you(text, files.length ? { files } : {});
    return { outcome: 'new' };
  });
  app.post('/playground/edit', async (request) => {
    const { messageId, text } = request.body as { messageId: string; text: string };
    put(messageId, { text, edited: true });
    return { outcome: 'new' };
  });
  app.post('/playground/press', async (request) =>
    answers.press(request.body as { token: string; values: Record<string, string> }),
  );
  app.post('/playground/stop', async () => ({ stopping: true }));
  app.post('/playground/clear', async () => {
    entries.clear();
    return {};
  });
  app.post('/playground/deliver', async () => ({ deliveries: answers.deliveries }));
  app.get('/playground/queue', async () => ({ approvals: answers.queue }));
  app.get('/api/v1/receipts', async () => ({ receipts: answers.receipts }));
  app.post('/api/v1/receipts/:id/undo', async () => ({ result: {} }));
  app.get('/api/v1/analytics/ai-costs', async () => answers.costs);
  app.post('/api/v1/uploads', async (request, reply) => {
    await new Promise((resolve) => setTimeout(resolve, answers.uploadDelayMs));
    const bytes = (request.body as Buffer).length;
    return reply.code(201).send({ uploadId: '0198a200-6c42-7f7e-a5fd-8db41e57a7cc', fileName: 'list.csv', bytes });
  });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });

  return {
    url,
    heard,
    answers,
    you,
    answer(said, { id = newId(), ...how } = {}) {
      const empty = how.writing && !said.text && !said.cards.length;
      return put(id, {
        from: 'assistant',
        said,
        slack: empty ? [] : renderSlack(said),
        teams: empty ? [] : renderTeams(said),
        ...(said.made && { made: said.made }),
        writing: false,
        steps: [],
        whisper: false,
        ...how,
      });
    },
    gone(id) {
      entries.delete(id);
      seq += 1;
      tell('gone', { id });
    },
    changed: () => tell('changed', { queue: true, receipts: true }),
    cut() {
      down = true;
      for (const client of clients) client.raw.destroy();
    },
    mend: () => {
      down = false;
    },
    async close() {
      for (const client of clients) client.raw.destroy();
      await app.close();
    },
  };
}
