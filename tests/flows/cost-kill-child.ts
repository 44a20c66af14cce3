import pg from 'pg';
import { calls } from '../../src/db/calls.ts';
import { announce, neighbours } from '../../src/db/embedded/presence.ts';
import { openTracker } from '../../src/llm/costs/tracker.ts';
import { createLog } from '../../src/log.ts';
import { aCall } from '../llm/costs/call.ts';

// Records model calls and says each id once `record` has returned, until it is killed. Sometimes its database does not answer.
const [folder, url, tenantId, reachable] = process.argv.slice(2) as [string, string, string, string];
const store = calls(new pg.Pool({ connectionString: url, max: 3 }));
const down = { ...store, add: () => Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })) };
const tracker = await openTracker({
  folder,
  store: reachable === 'yes' ? store : down,
  presences: { announce, neighbours },
  tenantId,
  log: createLog('silent'),
  limits: { writeEveryMs: 20, segmentBytes: 20_000, lookEveryMs: 100 },
});
process.stdout.write('ready\n');
for (;;) {
  for (let i = 0; i < 40; i++) {
    const call = aCall(tenantId);
    tracker.record(call);
    process.stdout.write(`${call.callId}\n`);
  }
  await new Promise((resolve) => setTimeout(resolve, 5));
}
