import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildServer } from '../src/api/server.ts';
import type { App } from '../src/app.ts';
import type { Actor } from '../src/core/actor.ts';
import type { CallRecord } from '../src/core/cost.ts';
import { noUsage } from '../src/core/llm.ts';
import { announce, neighbours } from '../src/db/embedded/presence.ts';
import { lineOf } from '../src/llm/costs/lines.ts';
import { priceOf } from '../src/llm/costs/prices.ts';
import { openTracker } from '../src/llm/costs/tracker.ts';
import { createLog } from '../src/log.ts';
import { figures, print, ratio, row, series, timed } from './figures.ts';
import { onFreshGround } from './ground.ts';

/** What tracking adds to a model call, and how long reports take over a million of them. Baseline of the reports: GROUP BY over the calls. */
export async function benchCosts(size = 1_000_000): Promise<void> {
  await onFreshGround(tracking);
  for (const spread of ['campaigns', 'evenly'] as const) await onFreshGround((app, owner) => reports(app, owner, size, spread));
}

const call = (owner: Actor, i: number): CallRecord => {
  const at = new Date();
  const usage = { ...noUsage, input: 1200 + (i % 97), cacheRead: 3000, output: 180 };
  return {
    callId: crypto.randomUUID(),
    requestId: crypto.randomUUID(),
    attempt: 1,
    at,
    tenantId: owner.tenantId,
    agentType: 'qualification',
    agentMode: 'passthrough',
    leadId: owner.userId,
    sessionId: owner.userId,
    userId: owner.userId,
    provider: 'anthropic',
    model: 'claude-sonnet-5-5',
    usage,
    price: priceOf({ provider: 'anthropic', model: 'claude-sonnet-5-5', usage, at }),
    latencyMs: 812,
    ttftMs: 230,
    status: 'ok',
    degraded: false,
  };
};

async function tracking(app: App, owner: Actor): Promise<void> {
  print('tracking a model call (target: under 0.1 ms at the median)');
  const folder = await mkdtemp(join(tmpdir(), 'sales-agent-bench-calls-'));
  const parts = { folder, presences: { announce, neighbours }, tenantId: owner.tenantId, log: createLog('silent') };
  const tracker = await openTracker({ ...parts, store: app.database.calls });
  const priced: number[] = [];
  const recorded: number[] = [];
  const bare: number[] = [];
  for (let i = 0; i < 20_000; i++) {
    const started = performance.now();
    const one = call(owner, i);
    const before = performance.now();
    tracker.record(one);
    const after = performance.now();
    JSON.stringify(one);
    if (i > 2000) {
      priced.push(before - started);
      recorded.push(after - before);
      bare.push(performance.now() - after);
    }
    // calls come one by one, with the writer's work between them
    if (i % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const told = (what: string, samples: number[]) =>
    row(what, figures(samples), `p50 ${(figures(samples).p50 * 1000).toFixed(1)} us`);
  told('JSON.stringify of the call (baseline)', bare);
  told('pricing it, exactly', priced);
  told('record: on disk when it returns', recorded);
  await tracker.close();
  const { rows } = await app.database.pool.query('SELECT count(*)::int AS n FROM ai_cost_tracking');
  if (rows[0].n !== 20_000) throw new Error(`${rows[0].n} of 20000 calls are in the table`);

  const batches = await series(20, (i) =>
    app.database.calls.add(
      Array.from({ length: 500 }, (_, n) => lineOf({ ...call(owner, i * 500 + n), leadId: crypto.randomUUID() }, false)!),
    ),
  );
  row('500 calls of 500 leads into the table, with sums', batches, `${(500_000 / batches.p50).toFixed(0)} calls/s`);
  await rm(folder, { recursive: true, force: true });
}

/** Of thirty days. campaigns: leads are worked on for some days and then left alone, a third of the calls is about none; evenly: twenty thousand leads, each at any time. */
async function reports(app: App, owner: Actor, size: number, spread: 'campaigns' | 'evenly'): Promise<void> {
  const { pool } = app.database;
  const lead =
    spread === 'evenly'
      ? `1 + floor(random() * 20000)::int`
      : `CASE WHEN random() < 0.33 THEN NULL ELSE floor((i + random() * ${size / 10}) / 50)::int END`;
  print(`costs of ${size.toLocaleString('en')} calls in thirty days, leads ${spread}`);
  const chunk = 20_000;
  const { ms } = await timed(async () => {
    for (let from = 0; from < size; from += chunk)
      await pool.query(
        `INSERT INTO ai_cost_tracking (tenant_id, timestamp, agent_type, agent_mode, lead_id, session_id, user_id, prompt_tokens, completion_tokens,
          provider, model, cost_usd, cost_status, latency_ms, cache_hit, saved_usd, call_id, status)
        SELECT $1, now() - interval '30 days' * (1 - i / $2::float8), agent, 'passthrough',
          ('00000000-0000-4000-8000-' || lpad(lead::text, 12, '0'))::uuid, 's', $3::uuid, 1200, 180, 'cerebras', 'm' || (i % 3),
          CASE WHEN i % 1000 > 0 THEN (random() * 0.01)::numeric(20, 12) END, CASE WHEN i % 1000 > 0 THEN 'priced' ELSE 'unpriced' END,
          (random() * 2000)::int, i % 10 = 0, CASE WHEN i % 10 = 0 THEN 0.001 ELSE 0 END, gen_random_uuid(), 'ok'
        FROM (SELECT i, ${lead} AS lead,
          (ARRAY['qualification', 'enrichment', 'growth', 'marketing', 'bdr', 'conversation', 'sr-bdr', 'sr-bdr', 'sr-bdr'])[1 + floor(random() * 9)::int] AS agent
          FROM generate_series($4::int, $5::int) i) calls`,
        [owner.tenantId, size, owner.userId, from, from + chunk - 1],
      );
    await pool.query('VACUUM (ANALYZE) ai_cost_tracking, ai_cost_days, ai_cost_lead_spans, ai_cost_agent_lead_spans');
  });
  print(`  filled in ${(ms / 1000).toFixed(0)} s, ${((ms * 1000) / size).toFixed(0)} us a call with all its sums`);
  await sizes(app);

  const plain = await series(5, () => plainly(app));
  row('plain GROUP BY of the same (baseline)', plain);
  const server = await buildServer({
    ...app,
    files: app.deps.files,
    idempotency: app.database.idempotency,
    log: createLog('silent'),
    version: 'bench',
  });
  try {
    const get = async (query: string) => {
      const answer = await server.inject({ url: `/api/v1/analytics/ai-costs${query}`, headers: { host: '127.0.0.1' } });
      if (answer.statusCode !== 200) throw new Error(answer.body);
      return answer.json();
    };
    const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString();
    const one = '00000000-0000-4000-8000-000000000700';
    const asked: [string, string][] = [
      ['the last thirty days', ''],
      ['of one agent', '?agent_type=sr-bdr'],
      ['of one lead', `?lead_id=${one}`],
      ['a week in the middle', `?start_date=${day(20).slice(0, 10)}&end_date=${day(14).slice(0, 10)}`],
      ['from one moment to another', `?start_date=${day(20.3)}&end_date=${day(2.6)}`],
    ];
    for (const [what, query] of asked) {
      await get(query);
      const took = await series(40, () => get(query));
      row(`GET /api/v1/analytics/ai-costs: ${what}`, took, `${ratio(plain, took)} faster`);
    }
    await checkSums(await get('?start_date=2020-01-01'), app);
  } finally {
    await server.close();
  }
}

/** The same answer without kept sums. */
async function plainly({ database: { pool } }: App): Promise<void> {
  const where = `WHERE tenant_id = (SELECT id FROM tenants) AND timestamp >= now() - interval '30 days'`;
  await pool.query(`SELECT sum(cost_usd), count(*) FROM ai_cost_tracking ${where}`);
  await pool.query(
    `SELECT agent_type, agent_mode, provider, model, sum(cost_usd), count(*), avg(latency_ms) FROM ai_cost_tracking ${where} GROUP BY 1, 2, 3, 4`,
  );
  await pool.query(
    `SELECT lead_id, sum(cost_usd), count(*), array_agg(DISTINCT agent_type) FROM ai_cost_tracking ${where} GROUP BY 1 ORDER BY 2 DESC LIMIT 100`,
  );
  await pool.query(
    `SELECT timestamp::date, sum(cost_usd), count(*), count(*) FILTER (WHERE cache_hit), sum(saved_usd) FROM ai_cost_tracking ${where} GROUP BY 1`,
  );
}

async function sizes({ database: { pool } }: App): Promise<void> {
  const { rows } = await pool.query<{ name: string; rows: string; size: string }>(
    `SELECT relname AS name, reltuples::bigint AS rows, pg_size_pretty(pg_total_relation_size(oid)) AS size FROM pg_class
     WHERE relname IN ('ai_cost_tracking', 'ai_cost_days', 'ai_cost_lead_spans', 'ai_cost_agent_lead_spans') ORDER BY 1`,
  );
  print(`  ${rows.map((table) => `${table.name}: ${Number(table.rows).toLocaleString('en')} rows, ${table.size}`).join('; ')}`);
}

async function checkSums(report: { total_cost_usd: string }, { database: { pool } }: App): Promise<void> {
  const { rows } = await pool.query<{ sum: string }>('SELECT sum(cost_usd)::numeric(24, 12)::text AS sum FROM ai_cost_tracking');
  if (rows[0]!.sum !== report.total_cost_usd) throw new Error(`${report.total_cost_usd} is not ${rows[0]!.sum}`);
}
