import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, buildApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import type { Actor } from '../src/core/actor.ts';
import { createLog } from '../src/log.ts';

/** The product on an embedded Postgres of its own, or on a database of the server at `url`, as a user has it: nothing switched off. */
export async function onFreshGround<T>(
  work: (app: App, owner: Actor) => Promise<T>,
  url?: string,
  options: { worker?: boolean } = {},
): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'sales-agent-bench-'));
  // root's server runs as somebody else: what it cannot reach would lie, and stay, elsewhere
  await chmod(dataDir, 0o755);
  const app = await buildApp(loadConfig({ ...process.env, DATABASE_URL: url, DATA_DIR: dataDir, TIME_ZONE: 'UTC' }), {
    log: createLog('silent'),
    demo: false,
    ...options,
  });
  try {
    return await work(app, { ...(await app.access.local()), surface: 'rest' });
  } finally {
    await app.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}
