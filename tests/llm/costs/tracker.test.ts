import fs from 'node:fs';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallRecord, CallStore, CallTracker } from '../../../src/core/cost.ts';
import { calls } from '../../../src/db/calls.ts';
import { announce, neighbours } from '../../../src/db/embedded/presence.ts';
import { openTracker, type TrackerOptions } from '../../../src/llm/costs/tracker.ts';
import { createLog } from '../../../src/log.ts';
import { freshDatabase, type TestDatabase } from '../../database.ts';
import { aCall } from './call.ts';

const tenantId = '00000000-0000-4000-8000-0000000000aa';
let database: TestDatabase;
let pool: pg.Pool;
let folder: string;
let logged: string[];
let open: CallTracker[];

beforeEach(async () => {
  database = await freshDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 5 });
  folder = await mkdtemp(join(tmpdir(), 'sales-agent-calls-'));
  logged = [];
  open = [];
});
afterEach(async () => {
  for (const tracker of open) await tracker.close();
  await pool.end();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const tracking = async (more: Partial<TrackerOptions> = {}): Promise<CallTracker> => {
  const log = createLog('info', { write: (line: string) => void logged.push(line) });
  const tracker = await openTracker({ folder, store: calls(pool), presences: { announce, neighbours }, tenantId, log, ...more });
  open.push(tracker);
  return tracker;
};
const call = (more: Partial<CallRecord> = {}) => aCall(tenantId, more);
const rows = async () => (await pool.query('SELECT * FROM ai_cost_tracking ORDER BY id')).rows;
const ids = async () => (await rows()).map((row) => row.call_id).sort();
const sums = async () => (await pool.query('SELECT coalesce(sum(requests), 0)::int AS n FROM ai_cost_days')).rows[0].n;
const segments = async () => (await readdir(folder)).filter((name) => /\.\d+\.jsonl$/.test(name));
const recorded = (tracker: CallTracker, count: number, more: Partial<CallRecord> = {}): string[] =>
  Array.from({ length: count }, () => {
    const one = call(more);
    tracker.record(one);
    return one.callId;
  }).sort();

/** A database that does not answer until it is told to. */
function outage(): CallStore & { over: boolean } {
  const real = calls(pool);
  return {
    ...real,
    over: false,
    async add(lines) {
      if (!this.over) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
      await real.add(lines);
    },
  };
}

describe('a recorded call', () => {
  it('is on disk when record returns, in the table a moment later, and off the disk again', async () => {
    const tracker = await tracking();
    const one = call();
    tracker.record(one);
    const [file] = await segments();
    expect(await readFile(join(folder, file!), 'utf8')).toContain(one.callId);
    await expect.poll(async () => (await rows()).length).toBe(1);
    await expect.poll(async () => readFile(join(folder, file!), 'utf8')).not.toContain(one.callId);
    expect(tracker.state()).toMatchObject({ waiting: 0, safe: true, dropped: 0 });
    await tracker.close();
    expect(await segments()).toEqual([]);
  });

  it('keeps everything there is to know about it', async () => {
    const tracker = await tracking();
    tracker.record(
      call({
        requestId: '00000000-0000-4000-8000-000000000001',
        attempt: 2,
        leadId: '00000000-0000-4000-8000-000000000002',
        userId: '00000000-0000-4000-8000-000000000003',
        sessionId: 'chat-1',
        complexity: 'complex',
        usage: { input: 100, cacheRead: 20, cacheWrite5m: 3, cacheWrite1h: 4, output: 50, reasoning: 30, source: 'partial' },
        ttftMs: 120.6,
        status: 'failed',
        failure: 'truncated',
        fallbackFrom: 'deepseek/deepseek-flash',
        degraded: true,
        cacheHit: true,
        savedUsd: '0.000000000003',
      }),
    );
    await tracker.flush();
    expect((await rows())[0]).toMatchObject({
      tenant_id: tenantId,
      timestamp: new Date('2026-11-21T12:00:00Z'),
      request_id: '00000000-0000-4000-8000-000000000001',
      attempt: 2,
      lead_id: '00000000-0000-4000-8000-000000000002',
      user_id: '00000000-0000-4000-8000-000000000003',
      session_id: 'chat-1',
      prompt_complexity: 'complex',
      prompt_tokens: 127,
      cache_read_tokens: 20,
      cache_write_tokens: 7,
      cache_write_1h_tokens: 4,
      completion_tokens: 50,
      reasoning_tokens: 30,
      usage_source: 'partial',
      cost_usd: '0.000500000000',
      cost_status: 'priced',
      price_row: 'cerebras-gpt-oss-120b',
      unpriced_because: null,
      latency_ms: 321,
      ttft_ms: 121,
      status: 'failed',
      failure: 'truncated',
      fallback_from: 'deepseek/deepseek-flash',
      degraded: true,
      cache_hit: true,
      saved_usd: '0.000000000003',
    });
  });

  it('of unknown price is unpriced, never free, and an alert', async () => {
    const counted: string[] = [];
    const tracker = await tracking({ metrics: { unpriced: (provider) => void counted.push(provider), calls: () => undefined } });
    for (let i = 0; i < 3; i++) tracker.record(call({ model: 'next', price: { status: 'unpriced', because: 'unknown model' } }));
    tracker.record(call({ status: 'failed', price: { status: 'unpriced', because: 'usage not known' } }));
    await tracker.flush();
    expect((await rows()).map((row) => [row.cost_usd, row.cost_status, row.unpriced_because]).sort()).toEqual([
      ...Array.from({ length: 3 }, () => [null, 'unpriced', 'unknown model']),
      [null, 'unpriced', 'usage not known'],
    ]);
    expect(counted).toEqual(['cerebras', 'cerebras', 'cerebras']);
    expect(logged.filter((line) => line.includes('no known price'))).toHaveLength(1);
  });

  it.each([
    ['counts that are none', { usage: { ...call().usage, input: Number.NaN } }],
    ['negative counts', { usage: { ...call().usage, output: -1 } }],
    ['more tokens than there are', { usage: { ...call().usage, input: 1e15 } }],
    ['a price beyond reason', { price: { status: 'priced', costUsd: '99999999.000000000000', row: 'x' } as const }],
    ['a price that is none', { price: { status: 'priced', costUsd: '1e-7', row: 'x' } as const }],
  ] satisfies [string, Partial<CallRecord>][])('with %s counts as unpriced and holds nobody up', async (_what, wrong) => {
    const tracker = await tracking();
    tracker.record(call(wrong));
    tracker.record(call());
    await tracker.flush();
    expect((await rows()).map((row) => row.cost_status).sort()).toEqual(['priced', 'unpriced']);
    expect(tracker.state().dropped).toBe(0);
  });

  it('with text that Postgres cannot hold, ids that are none and times that are none is kept all the same', async () => {
    const tracker = await tracking();
    const odd = {
      model: 'a\0b\ud800',
      sessionId: '\0',
      leadId: 'lead-7',
      userId: '',
      callId: 'call-1',
      at: new Date(Number.NaN),
    };
    tracker.record(call({ ...odd, latencyMs: Number.NaN, ttftMs: -5 }));
    tracker.record(call({ at: new Date('1970-01-01') }));
    tracker.record(call({ at: new Date('2199-01-01') }));
    tracker.record(undefined as unknown as CallRecord);
    tracker.record(call({ tenantId: 'nobody' }));
    await tracker.flush();
    expect(await rows()).toHaveLength(3);
    expect((await rows()).find((row) => row.model !== 'gpt-oss-120b')).toMatchObject({
      model: 'ab\ufffd',
      lead_id: null,
      user_id: null,
      latency_ms: 0,
      ttft_ms: 0,
    });
    expect(tracker.state().dropped).toBe(2);
  });

  it('that the table refuses is put aside, and those around it are kept', async () => {
    const tracker = await tracking();
    const before = recorded(tracker, 7);
    const refused = call({ attempt: 2 ** 40 });
    tracker.record(refused);
    const after = recorded(tracker, 5);
    await tracker.flush();
    expect(await ids()).toEqual([...before, ...after].sort());
    expect(await readFile(join(folder, 'refused.jsonl'), 'utf8')).toContain(refused.callId);
    expect(logged.join()).toContain('the table refused a model call');
  });

  it('is written once, however often it is recorded', async () => {
    const tracker = await tracking();
    const one = call();
    for (let i = 0; i < 5; i++) tracker.record(one);
    await tracker.flush();
    tracker.record(one);
    await tracker.flush();
    expect(await rows()).toHaveLength(1);
    expect(await sums()).toBe(1);
  });

  it('many at once go into the table in batches', async () => {
    const sizes: number[] = [];
    const real = calls(pool);
    const store = {
      ...real,
      add: (lines: Parameters<CallStore['add']>[0]) => real.add(lines).then(() => void sizes.push(lines.length)),
    };
    const tracker = await tracking({ store });
    const all = recorded(tracker, 1700);
    await tracker.flush();
    expect(await ids()).toEqual(all);
    expect(sizes.length).toBeLessThanOrEqual(5);
    expect(Math.max(...sizes)).toBe(500);
  });
});

describe('texts', () => {
  const texts = {
    prompt: 'Call Ana Diaz, +1 (713) 555-0142, ana@diaz.example',
    answer: `Key ${['sk', 'ant', 'abcdEFGH1234'].join('-')} works.`,
  };

  it('are not kept unless that is switched on, not even on disk', async () => {
    const store = outage();
    const tracker = await tracking({ store });
    tracker.record(call({ texts: () => texts }));
    expect(await readFile(join(folder, (await segments())[0]!), 'utf8')).not.toContain('Ana');
    store.over = true;
    await tracker.flush();
    expect((await pool.query('SELECT 1 FROM ai_call_texts')).rowCount).toBe(0);
  });

  it('are kept without personal data and keys where it is', async () => {
    const tracker = await tracking({ storeTexts: true });
    const one = call({ texts: () => texts });
    tracker.record(one);
    await tracker.flush();
    const { rows } = await pool.query('SELECT call_id, prompt, answer FROM ai_call_texts');
    expect(rows).toEqual([{ call_id: one.callId, prompt: 'Call Ana Diaz, [phone], [e-mail]', answer: 'Key [key] works.' }]);
  });
});

describe('what a dead process left', () => {
  /** A process that recorded and went away without the database. */
  const leave = async (count: number): Promise<string[]> => {
    const dead = await tracking({ store: outage(), limits: { patienceMs: 50 } });
    const left = recorded(dead, count);
    await dead.close();
    return left;
  };

  it('is taken over by whoever starts next, once, also when two start at the same time', async () => {
    const left = [...(await leave(1200)), ...(await leave(3))].sort();
    expect(await segments()).toHaveLength(2);
    await Promise.all([tracking(), tracking(), tracking()]);
    await expect.poll(segments).toEqual([]);
    expect(await ids()).toEqual(left);
    expect(await sums()).toBe(left.length);
  });

  it('is found while others run, too', async () => {
    await tracking({ limits: { lookEveryMs: 100 } });
    const left = await leave(5);
    await expect.poll(ids).toEqual(left);
  });

  it('is added once, also when it had reached the table and the file stayed', async () => {
    const left = await leave(20);
    const [name] = await segments();
    const copy = await readFile(join(folder, name!));
    await tracking();
    await expect.poll(segments).toEqual([]);
    expect(await ids()).toEqual(left);
    await writeFile(join(folder, name!), copy);
    await tracking();
    await expect.poll(segments).toEqual([]);
    expect(await ids()).toEqual(left);
    expect(await sums()).toBe(20);
  });

  it('ends with half a line when it was killed: the whole ones count', async () => {
    const left = await leave(3);
    const [name] = await segments();
    await appendFile(join(folder, name!), JSON.stringify(call()).slice(0, 40));
    await tracking();
    await expect.poll(segments).toEqual([]);
    expect(await ids()).toEqual(left);
    expect(logged.join()).toContain('half-written');
  });

  it('is whole also where a text holds what ends a line elsewhere', async () => {
    const dead = await tracking({ store: outage(), storeTexts: true, limits: { patienceMs: 50 } });
    const answer = 'one\u2028two\u2029three\u0085four\rfive\nsix';
    const one = call({ sessionId: 'a\u2028b', texts: () => ({ prompt: 'p', answer }) });
    dead.record(one);
    const left = [one.callId, ...recorded(dead, 1)].sort();
    await dead.close();
    await tracking();
    await expect.poll(segments).toEqual([]);
    expect(await ids()).toEqual(left);
    expect((await pool.query('SELECT answer FROM ai_call_texts')).rows).toEqual([{ answer }]);
  });

  it('is left alone while it lives, when it is of another database, and when it is of a newer version', async () => {
    const living = await tracking({ store: outage() });
    recorded(living, 3);
    await writeFile(join(folder, '1_2_3_4_5_other.0.jsonl'), '{"v":1,"tenantId":"00000000-0000-4000-8000-0000000000bb"}\n');
    await writeFile(join(folder, '1_2_3_4_5_newer.0.jsonl'), `{"v":99,"tenantId":"${tenantId}"}\n`);
    await writeFile(join(folder, '1_2_3_4_5_noise.0.jsonl'), 'not ours\n');
    const other = await tracking({ limits: { lookEveryMs: 50 } });
    await new Promise((resolve) => setTimeout(resolve, 500));
    await other.close();
    expect(await rows()).toEqual([]);
    expect(await segments()).toHaveLength(4);
    expect(logged.filter((line) => line.includes('left where they are'))).toHaveLength(3);
  });
});

describe('when something is in the way', () => {
  it('a database that is down for long: memory stays bounded, the disk keeps the rest, and all of it arrives once', async () => {
    const store = outage();
    const limits = { memoryRows: 100, segmentBytes: 10_000, writeEveryMs: 20, longestPauseMs: 40 };
    const tracker = await tracking({ store, limits });
    const all: string[] = [];
    for (let i = 0; i < 40; i++) {
      all.push(...recorded(tracker, 25));
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(tracker.state().waiting).toBeLessThanOrEqual(125);
    }
    expect(tracker.state()).toMatchObject({ safe: true, dropped: 0 });
    expect(logged.filter((line) => line.includes('does not take model calls'))).toHaveLength(1);
    store.over = true;
    await expect.poll(async () => (await ids()).length).toBe(1000);
    expect(await ids()).toEqual(all.sort());
    expect(await sums()).toBe(1000);
    await expect.poll(() => tracker.state().bytesAhead).toBeLessThan(1000);
  });

  it('a disk that has no more room for it: that is said, and what is lost is counted', async () => {
    const store = outage();
    const limits = { memoryRows: 50, diskBytes: 20_000, segmentBytes: 5000, writeEveryMs: 20 };
    const tracker = await tracking({ store, limits });
    recorded(tracker, 500);
    const { dropped } = tracker.state();
    expect(tracker.state().safe).toBe(false);
    expect(dropped).toBeGreaterThan(0);
    expect(logged.join()).toContain('cannot be written ahead');
    expect(logged.join()).toContain('neither disk nor database');
    store.over = true;
    await expect.poll(async () => (await ids()).length).toBe(500 - dropped);
    recorded(tracker, 1);
    await tracker.flush();
    expect(tracker.state().safe).toBe(true);
  });

  it('a full disk in the middle of a line: nothing throws, nothing is lost, and the file stays readable', async () => {
    let room = 700;
    const files: typeof fs = {
      ...fs,
      writeSync(fd: number, bytes: Buffer, offset: number): number {
        if (room <= 0) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
        const written = fs.writeSync(fd, bytes, offset, Math.min(room, bytes.length - offset));
        room -= written;
        return written;
      },
    } as unknown as typeof fs;
    const store = outage();
    const tracker = await tracking({ store, files, limits: { patienceMs: 50 } });
    const first = recorded(tracker, 5);
    expect(tracker.state().safe).toBe(false);
    room = 1_000_000;
    const second = recorded(tracker, 5);
    expect(tracker.state()).toMatchObject({ safe: true, waiting: 10 });
    const text = await readFile(join(folder, (await segments())[0]!), 'utf8');
    expect(
      second.every((id) => text.split('\n').some((line) => line.startsWith('{') && line.endsWith('}') && line.includes(id))),
    ).toBe(true);
    store.over = true;
    // which waits no longer than its patience
    await tracker.flush();
    await expect.poll(ids).toEqual([...first, ...second].sort());
  });

  it('a folder that cannot be written to: calls go straight to the database, and it is said', async () => {
    const file = join(folder, 'a-file');
    await writeFile(file, '');
    const tracker = await tracking({ folder: join(file, 'costs'), limits: { lookEveryMs: 20 } });
    const all = recorded(tracker, 3);
    await tracker.flush();
    expect(await ids()).toEqual(all);
    expect(tracker.state().safe).toBe(false);
    // it is tried again and again, and told once
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(logged.filter((line) => line.includes('cannot be written to'))).toHaveLength(1);
    await rm(file);
    await expect.poll(() => tracker.state().safe).toBe(true);
    expect(logged.filter((line) => line.includes('written ahead again'))).toHaveLength(1);
    const more = recorded(tracker, 2);
    await tracker.flush();
    expect(await ids()).toEqual([...all, ...more].sort());
  });

  it('somebody who deletes the files: what they held is written again', async () => {
    const store = outage();
    const tracker = await tracking({ store, limits: { writeEveryMs: 20, longestPauseMs: 40 } });
    const all = recorded(tracker, 4);
    for (const name of await segments()) await rm(join(folder, name));
    await expect.poll(segments).toHaveLength(1);
    const text = await readFile(join(folder, (await segments())[0]!), 'utf8');
    expect(all.every((id) => text.includes(id))).toBe(true);
  });

  it('the end: close puts the last calls into the table, and leaves them on disk when it cannot', async () => {
    const tracker = await tracking();
    const all = recorded(tracker, 30);
    await tracker.close();
    expect(await ids()).toEqual(all);

    const without = await tracking({ store: outage(), limits: { patienceMs: 50 } });
    const left = recorded(without, 30);
    await without.close();
    expect(logged.join()).toContain('the next start puts them there');
    await tracking();
    await expect.poll(async () => (await ids()).length).toBe(60);
    expect(await ids()).toEqual([...all, ...left].sort());
  });
});
