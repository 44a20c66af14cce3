import { accessSync, constants, mkdirSync } from 'node:fs';
import type { Access } from '../../core/access.ts';
import type { Queue } from '../../core/job.ts';
import type { Records } from '../../core/records.ts';
import { messageOf } from '../../errors.ts';

export interface DoctorParts {
  access: Access;
  queue: Queue;
  records: Records;
  database: { place: string; check(): Promise<void>; chat: { outbox: { uncertain(): Promise<number> } } };
  redis?: { place: string; check(): Promise<void> } | undefined;
  model: string;
  /** Who hears of what we do, and whether it arrives. */
  watchers: { spans: Watcher; runs: Watcher };
  config: {
    DATA_DIR: string;
    APP_ENV: string;
    HOST: string;
    DATABASE_URL?: string;
    PUBLIC_URL?: string;
  };
  models: readonly Switchable[];
  /** Chat surfaces. */
  surfaces: readonly Switchable[];
}

/** Absent `to`: nobody. */
interface Watcher {
  readonly to: string | undefined;
  check(): Promise<void>;
}

/** A provider of models, or a chat surface. Absent `check`: it is off, and these variables switch it on. */
interface Switchable {
  label: string;
  variables: readonly string[];
  check?: (() => Promise<string>) | undefined;
}

interface Finding {
  ok: boolean;
  part: string;
  says: string;
}

/** Looks at every part and says in plain words what is well, what is off, and what to do. Exit code 1 when something is wrong. */
export async function doctor(parts: DoctorParts, write: (line: string) => void): Promise<number> {
  const { access, queue, records, database, redis, config, model, watchers, models, surfaces } = parts;
  const findings = await Promise.all([
    look('Node', async () => {
      const [major, minor] = process.versions.node.split('.').map(Number) as [number, number];
      if (major < 20 || (major === 20 && minor < 19)) throw new Error(`${process.versions.node}; 20.19 or newer is needed`);
      return `${process.versions.node}${major === 20 ? ' (works; 22 and 24 are still maintained upstream)' : ''}`;
    }),
    look('Database', async () => {
      await database.check();
      return `${database.place}, all migrations applied`;
    }),
    ...(redis
      ? [
          look('Redis', async () => {
            await redis.check();
            return `${redis.place}: budgets and kept answers`;
          }),
        ]
      : []),
    look('Queue', async () => {
      const { waiting, running, dead } = await queue.depth();
      if (dead) throw new Error(`${dead} dead letters: npm run jobs -- dead`);
      return `${waiting} waiting, ${running} running`;
    }),
    look('Outbox', async () => {
      const lost = await database.chat.outbox.uncertain();
      return lost
        ? `of ${lost} messages nobody knows whether they arrived: their process went away, and they are not sent again`
        : 'every message arrived, waits or was given up';
    }),
    look('Data folder', async () => {
      mkdirSync(config.DATA_DIR, { recursive: true });
      accessSync(config.DATA_DIR, constants.W_OK);
      return config.DATA_DIR;
    }),
    look('Workspace', async () => {
      const { name, leads, demo, timeZone } = await records.workspace();
      return `${name}: ${leads} leads${demo === 'shown' ? ' (demo companies)' : ''}, times in ${timeZone}`;
    }),
    look('Model', async () => (models.some(({ check }) => check) ? model : `${model}: no key, no cost, fixed abilities`)),
    ...models.flatMap(({ label, check }) => (check ? [look(label, check)] : [])),
    ...(
      [
        ['Spans', watchers.spans],
        ['LangSmith', watchers.runs],
      ] as const
    ).flatMap(([part, watcher]) => (watcher.to ? [look(part, () => watcher.check().then(() => `to ${watcher.to}`))] : [])),
    ...surfaces.flatMap(({ label, check }) => (check ? [look(label, check)] : [])),
    look('Mail', async () => 'local outbox: nothing leaves this machine (npm run mail)'),
    look('Login', async () => {
      const keys = (await access.listKeys()).length;
      if (config.APP_ENV === 'production' && !keys)
        throw new Error('production needs API keys: npm run keys -- create --user NAME --role admin');
      return `${keys} API keys; ${config.APP_ENV === 'production' ? 'needed everywhere' : 'not needed on this machine'}`;
    }),
  ]);
  for (const { ok, part, says } of findings) write(`${ok ? 'ok  ' : 'BAD '} ${part.padEnd(12)} ${says}`);
  const off = [
    !config.DATABASE_URL && 'Postgres server (DATABASE_URL)',
    !redis && 'Redis (REDIS_URL)',
    !config.PUBLIC_URL && 'public address (PUBLIC_URL)',
    !watchers.spans.to && 'spans (OTEL_EXPORTER_OTLP_ENDPOINT)',
    !watchers.runs.to && 'LangSmith (LANGSMITH_TRACING, LANGSMITH_API_KEY)',
    ...[...models, ...surfaces].map(({ label, variables, check }) => !check && `${label} (${variables.join(', ')})`),
  ].filter(Boolean);
  if (off.length) write(`off  ${off.join(', ')}`);
  return findings.every((finding) => finding.ok) ? 0 : 1;
}

async function look(part: string, check: () => Promise<string>): Promise<Finding> {
  try {
    return { ok: true, part, says: await check() };
  } catch (error) {
    return { ok: false, part, says: messageOf(error) };
  }
}
