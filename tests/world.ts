import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, type BuildOptions, buildApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import type { Actor, Role } from '../src/core/actor.ts';
import type { Clock } from '../src/core/approval.ts';
import { createLog } from '../src/log.ts';
import type { CallContext } from '../src/tools/define.ts';
import { freshDatabase } from './database.ts';

export interface World extends App {
  databaseUrl: string;
  owner: Actor;
  /** A colleague with this role. */
  person(handle: string, role: Role): Promise<Actor>;
  as(actor: Actor, more?: Partial<CallContext>): CallContext;
  /** A second process's worth of the product on the same database. */
  second(options?: Partial<BuildOptions>): Promise<App>;
}

/** For whoever only draws. */
export const utc: Clock = { now: new Date(), timeZone: 'UTC' };

const log = createLog(process.env['LOG_LEVEL'] ?? 'silent');

/** The whole product from its real parts, on a database of its own. Close it when done. */
export async function openWorld(options: Partial<BuildOptions> & { env?: Record<string, string> } = {}): Promise<World> {
  const { env, ...build } = options;
  const database = await freshDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'sales-agent-'));
  const config = loadConfig({
    APP_ENV: 'test',
    DATABASE_URL: database.url,
    DATA_DIR: dataDir,
    TIME_ZONE: 'America/New_York',
    PORT: '0',
    // the one surface that needs nothing to be on: where a test is about others, nobody is told anything there
    PLAYGROUND: 'off',
    ...env,
  });
  const app = await buildApp(config, { log, demo: false, ...build });
  const owner: Actor = { ...(await app.access.local()), surface: 'rest' };
  const others: App[] = [];
  return {
    ...app,
    databaseUrl: database.url,
    owner,
    async person(handle, role) {
      const { key } = await app.access.createKey({ user: handle, role });
      return { ...(await app.access.byKey(key))!, surface: 'rest' };
    },
    as: (actor, more = {}) => ({ actor, by: 'person', ...more }),
    async second(more = {}) {
      const other = await buildApp(config, { log, demo: false, ...build, ...more });
      others.push(other);
      return other;
    },
    async close() {
      for (const other of others) await other.close();
      await app.close();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
