import type { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver } from '@slack/bolt';
import { buildServer } from '../src/api/server.ts';
import { createLog } from '../src/log.ts';
import { onFreshGround } from './ground.ts';

/**
 * A server of `npm run bench -- bot`, in a process of its own: "bare" is Bolt's own receiver with a listener that does nothing; "product" is ours,
 * with everything behind its doors. Prints its port, and ends with its input.
 */
const [what = 'bare'] = process.argv.slice(2);
const { SLACK_SIGNING_SECRET: signingSecret = '', SLACK_API_URL: slackApiUrl } = process.env;
const ended = new Promise<void>((resolve) => process.stdin.on('end', resolve).resume());
const tell = (port: number) => process.stdout.write(`${port}\n`);

if (what === 'bare') {
  const app = new App({
    receiver: new HTTPReceiver({ signingSecret, endpoints: '/slack/events' }),
    authorize: async () => ({ botToken: 'xoxb-bench', botId: 'B1', botUserId: 'U0', teamId: 'T1' }),
    clientOptions: { slackApiUrl },
  });
  app.message(async () => undefined);
  const server = (await app.start({ port: 0, host: '127.0.0.1' })) as ReturnType<typeof createServer>;
  tell((server.address() as AddressInfo).port);
  await ended;
  await app.stop();
} else
  await onFreshGround(
    async (app) => {
      for (let i = 0; i < 100; i++) await app.access.createKey({ user: `rep${i}`, role: 'rep', email: `rep${i}@bench.test` });
      const parts = { ...app, files: app.deps.files, log: createLog('silent'), idempotency: app.database.idempotency };
      const server = await buildServer({ ...parts, version: '0.0.0' });
      await server.listen({ host: '127.0.0.1', port: 0 });
      for (const face of app.faces) face.start();
      tell((server.server.address() as AddressInfo).port);
      await ended;
      await server.close();
    },
    process.env['DATABASE_URL'],
    { worker: what === 'working' },
  );
process.exit(0);
