/*
 * Another server process on the same data folder, for outage.test.ts: says where its database is, then answers each line
 * on its input by one query, until its input ends.
 */
import { createInterface } from 'node:readline';
import { buildApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { publicError } from '../../src/errors.ts';
import { createLog } from '../../src/log.ts';

const app = await buildApp(loadConfig(), { log: createLog('silent'), demo: false });
process.stdout.write('ready\n');
for await (const _asked of createInterface({ input: process.stdin })) {
  const told = await app.database.pool
    .query('SELECT inet_server_port() AS port')
    .then(({ rows }) => String(rows[0].port))
    .catch((error: unknown) => publicError(error).code);
  process.stdout.write(`${told}\n`);
}
await app.close();
