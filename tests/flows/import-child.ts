import { buildApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';

// Works the queue until the test kills it, and says how far its jobs are.
const app = await buildApp(loadConfig(), { log: createLog('silent'), demo: false });
const records = app.deps.db.records({ ...(await app.access.local()), surface: 'job' });
for (;;) {
  const [job] = await records.jobs.list({ state: 'running', limit: 1 });
  if (job) process.stdout.write(`${job.progress?.message ?? 'started'}\n`);
  await new Promise((resolve) => setTimeout(resolve, 20));
}
