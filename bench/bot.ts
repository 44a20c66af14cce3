import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Figures, figures, print, row } from './figures.ts';
import { startServer } from './server.ts';

const secret = 'bench-signing-secret';
const secretsKey = Buffer.alloc(32, 'bench').toString('base64');
const concurrency = 50;
const events = 3000;
const people = 100;

/** Signed events a second and how long Slack waits for an acknowledgement. Baseline: Bolt by itself, which acknowledges before it does anything. */
export async function benchBot(): Promise<void> {
  const slack = await fakeSlack();
  const postgres = await startServer();
  try {
    print(`bot: ${events} signed Slack events, ${concurrency} at a time, each server in a process of its own`);
    const bare = await withServer('bare', slack.url, undefined, storm);
    tell('bare Bolt: nothing is kept (baseline)', bare);
    const kept = await withServer('product', slack.url, undefined, storm);
    tell('ours: in the inbox before the answer, embedded', kept, bare);
    if (postgres) {
      const served = await withServer('product', slack.url, postgres.url, storm);
      tell('ours: on a server of Debian’s packages', served, bare);
    }
    print(`  ${people} people write at once, and everybody is answered`);
    await withServer('working', slack.url, postgres?.url, async (port) => {
      slack.answered.clear();
      const started = performance.now();
      const acks = await Promise.all(Array.from({ length: people }, (_, i) => send(port, message(i, `hello, ${i}`))));
      row('acknowledged', figures(acks));
      while (slack.answered.size < people && performance.now() - started < 300_000) await sleep(50);
      print(
        `  ${slack.answered.size} of ${people} had their answer after ${((performance.now() - started) / 1000).toFixed(1)} s`,
      );
    });
  } finally {
    await postgres?.stop();
    await slack.stop();
  }
  print('');
}

interface Storm {
  figures: Figures;
  perSecond: number;
}

function tell(what: string, { figures: of, perSecond }: Storm, bare?: Storm): void {
  const beside = bare
    ? `, ${(of.p50 / bare.figures.p50).toFixed(2)}x at the median, ${(bare.perSecond / perSecond).toFixed(2)}x the time`
    : '';
  row(what, of, `${Math.round(perSecond)} a second${beside}`);
}

/** The same storm once before, to warm up. */
async function storm(port: number): Promise<Storm> {
  await burst(port, events / 4, 1_000_000);
  const started = performance.now();
  const acks = await burst(port, events, 0);
  return { figures: figures(acks), perSecond: events / ((performance.now() - started) / 1000) };
}

async function burst(port: number, count: number, from: number): Promise<number[]> {
  const acks: number[] = [];
  let next = 0;
  const one = async () => {
    while (next < count) acks.push(await send(port, message(from + next++, 'hello')));
  };
  await Promise.all(Array.from({ length: concurrency }, one));
  return acks;
}

/** Each from somebody else, in their own conversation. */
function message(i: number, text: string): object {
  const who = i % people;
  return {
    ...{ type: 'event_callback', token: 't', team_id: 'T1', api_app_id: 'A1', event_id: `Ev${i}-${process.hrtime.bigint()}` },
    event_time: Math.floor(Date.now() / 1000),
    authorizations: [{ team_id: 'T1', enterprise_id: null, user_id: 'U0', is_bot: true, is_enterprise_install: false }],
    event: {
      ...{ type: 'message', channel_type: 'im', channel: `D${who}`, user: `UREP${who}`, team: 'T1', text },
      ts: `${Math.floor(Date.now() / 1000)}.${String(i).padStart(6, '0')}`,
    },
  };
}

const agent = new Agent({ keepAlive: true, maxSockets: people });

async function send(port: number, event: object): Promise<number> {
  const body = JSON.stringify(event);
  const at = String(Math.floor(Date.now() / 1000));
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex')}`;
  const headers = { 'content-type': 'application/json', 'x-slack-request-timestamp': at, 'x-slack-signature': signature };
  const started = performance.now();
  const status = await new Promise<number>((resolve, reject) => {
    const asked = request({ agent, host: '127.0.0.1', port, path: '/slack/events', method: 'POST', headers }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
    });
    asked.on('error', reject).end(body);
  });
  if (status !== 200) throw new Error(`an event was answered with ${status}`);
  return performance.now() - started;
}

async function withServer<T>(
  what: string,
  slackApiUrl: string,
  databaseUrl: string | undefined,
  work: (port: number) => Promise<T>,
): Promise<T> {
  const server = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(new URL('./bot-server.ts', import.meta.url)), what], {
    env: {
      ...process.env,
      ...{ SLACK_SIGNING_SECRET: secret, SLACK_BOT_TOKEN: 'xoxb-bench', SLACK_API_URL: slackApiUrl, LOG_LEVEL: 'silent' },
      // a database that was used before was sealed with the same key
      SECRETS_KEY: secretsKey,
      ...(databaseUrl && { DATABASE_URL: databaseUrl }),
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const port = await portOf(server);
    await ready(port);
    return await work(port);
  } finally {
    const gone = once(server, 'exit');
    server.stdin?.end();
    await gone;
  }
}

/** It asks Slack first whose token it has. */
async function ready(port: number): Promise<void> {
  for (let i = 0; ; i++)
    try {
      await send(port, message(0, 'hello'));
      return;
    } catch (error) {
      if (i === 100) throw error;
      await sleep(100);
    }
}

async function portOf(server: ChildProcess): Promise<number> {
  for await (const line of createInterface({ input: server.stdout! })) if (/^\d+$/.test(line)) return Number(line);
  throw new Error('the server did not start');
}

/** Slack's Web API as far as an answer needs it: it takes everything, and notes who was answered where. */
async function fakeSlack(): Promise<{ url: string; answered: Set<string>; stop(): Promise<void> }> {
  const answered = new Set<string>();
  let ts = 0;
  const server = createServer(async (asked, response) => {
    let body = '';
    for await (const part of asked) body += part;
    const method = asked.url!.split('/').at(-1)!;
    const fields = body.startsWith('{') ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body));
    const user = fields.user ?? 'U0';
    if (method === 'chat.stopStream' || method === 'chat.postMessage') answered.add(fields.channel);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({
        ...{ ok: true, team_id: 'T1', team: 'Bench', user_id: 'U0', bot_id: 'B1', channel: fields.channel ?? 'D1' },
        ts: `1700000000.${String(++ts).padStart(6, '0')}`,
        user: {
          ...{ id: user, team_id: 'T1', name: user, is_email_confirmed: true },
          profile: { email: `${String(user).slice(1).toLowerCase()}@bench.test`, real_name: user },
        },
      }),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
    answered,
    stop: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
