import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CallRecord } from '../../src/core/cost.ts';
import type { LlmPurpose, LlmRequest } from '../../src/core/llm.ts';
import type { ResponseCache } from '../../src/core/response-cache.ts';
import { prepareQueue } from '../../src/db/queue.ts';
import { responseCache } from '../../src/db/response-cache.ts';
import { sweep } from '../../src/db/sweep.ts';
import { type CacheHit, cached } from '../../src/llm/cache.ts';
import { createLlm } from '../../src/llm/index.ts';
import type { Provider } from '../../src/llm/provider.ts';
import { createLog } from '../../src/log.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { type Act, fails, heard, request, routerOf, says, scripted } from './router/stand-ins.ts';

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await freshDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 5 });
  // the sweep looks at the queue as well
  await prepareQueue(pool, createLog('silent'));
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
beforeEach(() => pool.query('TRUNCATE response_cache'));

const tenant = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;
const question = (more: Partial<LlmRequest> = {}, purpose: Partial<LlmPurpose> = {}) =>
  request({ cacheable: true, ...more, purpose: { ...request().purpose, tenantId: tenant(1), ...purpose } });
const form = { name: 'form', description: 'Takes the answer.', parameters: {} };
const fillsIn: Act[] = [
  { type: 'tool_call', call: { id: 'c1', name: 'form', input: { fits: true } } },
  { type: 'usage', usage: { input: 100, output: 10 } },
  { type: 'finish', reason: 'tool_calls' },
];

/** A process with one provider behind its cache. */
function door(a: Provider, { store = responseCache(pool), models = ['a'] }: { store?: ResponseCache; models?: string[] } = {}) {
  const hits: CacheHit[] = [];
  const { router, reports } = routerOf({ a });
  const llm = cached(router, { store, models, onHit: (hit) => void hits.push(hit), log: createLog('silent') });
  return { llm, hits, reports };
}

describe('a question that was answered before', () => {
  it('has the same answer without asking, for nothing, and what that saved is known', async () => {
    const a = scripted(fillsIn);
    const { llm, hits, reports } = door(a);
    const ask = () => heard(llm, question({ tools: [form], mustCall: 'form' }));
    const first = await ask();
    const said: unknown[] = [];
    for await (const delta of llm.stream(question({ tools: [form], mustCall: 'form' }))) said.push(delta);
    expect(a.asked).toHaveLength(1);
    expect(said[0]).toEqual(fillsIn[0]);
    expect(said[1]).toMatchObject({
      ...{ type: 'finish', reason: 'tool_calls', cached: true, degraded: false, provider: 'a', model: 'a-smart' },
      ...{ costUsd: '0.000000000000', usage: { input: 0, output: 0 } },
    });
    expect(first.finish).toMatchObject({ costUsd: '0.000110000000' });
    expect(hits).toMatchObject([{ provider: 'a', model: 'a-smart', savedUsd: '0.000110000000' }]);
    expect(reports).toHaveLength(1);
    expect((said[1] as { callId: string }).callId).toBe(hits[0]!.callId);
    expect(hits[0]!.callId).not.toBe(first.finish?.callId);
  });

  it('is known to every process', async () => {
    await heard(door(scripted(says('once'))).llm, question());
    const other = door(scripted(says('twice')));
    expect((await heard(other.llm, question())).text).toBe('once');
    expect(other.hits).toHaveLength(1);
  });

  it.each<[string, Partial<LlmRequest>, Partial<LlmPurpose>]>([
    ['of another workspace', {}, { tenantId: tenant(2) }],
    ['of another person', {}, { userId: 'v' }],
    ['to another agent', {}, { agent: 'growth' }],
    ['in other words', { messages: [{ role: 'user', text: 'hello!' }] }, {}],
    ['for a longer answer', { maxTokens: 101 }, {}],
    ['for a better model', { tier: 'default' }, {}],
    ['about another form', { tools: [form], mustCall: 'form' }, {}],
  ])('is another one %s', async (_what, more, purpose) => {
    const a = scripted(says('one'), says('two'));
    const { llm } = door(a);
    await heard(llm, question());
    expect((await heard(llm, question(more, purpose))).text).toBe('two');
    expect((await heard(llm, question())).text).toBe('one');
  });

  it('is the same in another conversation, about another lead, at another time', async () => {
    const a = scripted(says('one'), says('two'));
    const { llm } = door(a);
    await heard(llm, question({}, { sessionId: 's', leadId: 'l', now: new Date(0) }));
    expect((await heard(llm, question({}, { sessionId: 't', leadId: 'm' }))).text).toBe('one');
  });

  it('is asked anew when other models answer', async () => {
    await heard(door(scripted(says('one'))).llm, question());
    expect((await heard(door(scripted(says('two')), { models: ['b'] }).llm, question())).text).toBe('two');
  });

  it('is asked anew after a day, and the old answer is swept', async () => {
    const a = scripted(says('one'), says('two'));
    const { llm } = door(a);
    await heard(llm, question());
    const { rows } = await pool.query(
      `SELECT round(extract(epoch FROM expires_at - now()) / 3600)::int AS hours FROM response_cache`,
    );
    expect(rows).toEqual([{ hours: 24 }]);
    await pool.query(`UPDATE response_cache SET expires_at = now() - interval '1 second'`);
    expect((await heard(llm, question())).text).toBe('two');
    expect((await heard(llm, question())).text).toBe('two');
    await pool.query(`UPDATE response_cache SET expires_at = now() - interval '1 second'`);
    await sweep(pool);
    expect((await pool.query('SELECT 1 FROM response_cache')).rowCount).toBe(0);
  });
});

describe('what is not kept', () => {
  const notCacheable: [string, Partial<LlmRequest>][] = [
    ['a question that does not say that it may be', { cacheable: false }],
    ['a choice of tools that do something', { tools: [form] }],
    ['a second form beside the first', { tools: [form, { ...form, name: 'other' }], mustCall: 'form' }],
    ['what a tool has answered', { messages: [{ role: 'tool', text: '{}', toolCallId: '1', toolName: 't' }] }],
  ];
  it.each(notCacheable)('is %s', async (_what, more) => {
    const a = scripted(says('one'), says('two'));
    const { llm, hits } = door(a);
    await heard(llm, question(more));
    expect((await heard(llm, question(more))).text).toBe('two');
    expect(hits).toEqual([]);
  });

  it.each<[string, Act[]]>([
    ['the rules gave in place of a model', fails('auth', { status: 401 })],
    [
      'was cut off at its greatest length',
      [
        { type: 'text', text: 'one' },
        { type: 'finish', reason: 'length' },
      ],
    ],
  ])('is an answer that %s', async (_what, first) => {
    const a = scripted(first, says('two'));
    const { llm } = door(a);
    await heard(llm, question());
    expect((await heard(llm, question())).text).toBe('two');
  });

  it('is an answer that broke off, or that nobody heard to its end', async () => {
    const a = scripted(
      [{ type: 'text', text: 'half' }, ...fails('transport')],
      [{ type: 'text', text: 'ha' }, { waitMs: 50 }, ...says('lf')],
      says('three'),
    );
    const { llm } = door(a);
    await expect(heard(llm, question())).rejects.toThrow('broke off');
    for await (const delta of llm.stream(question())) if (delta.type === 'text') break;
    expect((await heard(llm, question())).text).toBe('three');
  });
});

describe('many who ask the same at once', () => {
  it('ask once', async () => {
    const a = scripted([{ waitMs: 40 }, ...says('once')], says('twice'));
    const { llm, hits } = door(a);
    const all = await Promise.all(Array.from({ length: 30 }, () => heard(llm, question())));
    expect(new Set(all.map(({ text }) => text))).toEqual(new Set(['once']));
    expect(a.asked).toHaveLength(1);
    expect(hits).toHaveLength(29);
  });

  it('wait for nobody of another workspace', async () => {
    const a = scripted([{ waitMs: 40 }, ...says('slow')], says('quick'));
    const { llm } = door(a);
    const slow = heard(llm, question());
    await sleep(10);
    expect((await heard(llm, question({}, { tenantId: tenant(2) }))).text).toBe('quick');
    expect((await slow).text).toBe('slow');
  });

  it('have one of them ask when the first one fails, or goes away', async () => {
    const a = scripted(
      [{ type: 'text', text: 'half' }, { waitMs: 40 }, ...fails('transport')],
      [{ waitMs: 20 }, ...says('whole')],
      says('never'),
    );
    const { llm } = door(a);
    const all = await Promise.allSettled(Array.from({ length: 10 }, () => heard(llm, question())));
    expect(all.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(all.flatMap((one) => (one.status === 'fulfilled' ? [one.value.text] : []))).toEqual(Array(9).fill('whole'));
    expect(a.asked).toHaveLength(2);

    const b = scripted([{ waitMs: 5000 }, ...says('late')], says('soon'));
    const left = door(b);
    const stop = new AbortController();
    const first = heard(left.llm, question({ maxTokens: 7, signal: stop.signal }));
    await sleep(20);
    const second = heard(left.llm, question({ maxTokens: 7 }));
    await sleep(20);
    stop.abort(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    expect((await second).text).toBe('soon');
  });

  it('may each go away while they wait', async () => {
    const a = scripted([{ type: 'text', text: 'on' }, { waitMs: 400 }, ...says('ce')]);
    const { llm } = door(a);
    let ended = false;
    const first = heard(llm, question()).finally(() => {
      ended = true;
    });
    await sleep(20);
    const stop = new AbortController();
    const second = heard(llm, question({ signal: stop.signal }));
    await sleep(20);
    stop.abort(new Error('gone'));
    await expect(second).rejects.toThrow('gone');
    expect(ended).toBe(false);
    expect((await first).text).toBe('once');
  });
});

describe('the door', () => {
  it('writes a hit down as a call that cost nothing, with what it saved, for whom it was', async () => {
    const haiku = 'claude-haiku-5-5';
    const provider = scripted(fillsIn);
    const connected = new Map([
      ['anthropic', { id: 'anthropic', label: 'A', provider, models: { fast: haiku, cheap: haiku, smart: haiku } }],
    ]);
    const calls: CallRecord[] = [];
    const now = () => new Date('2026-11-21T12:00:00Z');
    const tracker = { record: (call: CallRecord) => void calls.push(call) };
    const { llm } = createLlm({ connected, tracker, log: createLog('silent'), responses: responseCache(pool), now });
    const asked = question({ tools: [form], mustCall: 'form' }, { leadId: tenant(7), sessionId: 's' });
    for (let i = 0; i < 2; i++) expect((await heard(llm, asked)).finish?.cached ?? false).toBe(i === 1);
    expect(provider.asked).toHaveLength(1);
    expect(calls).toMatchObject([
      { status: 'ok', price: { status: 'priced', costUsd: '0.000015000000' } },
      {
        ...{
          cacheHit: true,
          savedUsd: '0.000015000000',
          status: 'ok',
          degraded: false,
          provider: 'anthropic',
          model: haiku,
          at: now(),
        },
        ...{ tenantId: tenant(1), userId: 'u', agentType: 'sr-bdr', leadId: tenant(7), sessionId: 's' },
        price: { status: 'priced', costUsd: '0.000000000000' },
        usage: { input: 0, output: 0 },
      },
    ]);
    expect(calls[1]!.callId).not.toBe(calls[0]!.callId);
  });
});

describe('a store that is down', () => {
  it('means that the model is asked', async () => {
    const down: ResponseCache = {
      get: () => Promise.reject(new Error('down')),
      set: () => Promise.reject(new Error('down')),
    };
    const a = scripted(says('one'), says('two'));
    const { llm } = door(a, { store: down });
    expect((await heard(llm, question())).text).toBe('one');
    expect((await heard(llm, question())).text).toBe('two');
  });
});
