import pg from 'pg';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ResponseCache } from '../../src/core/response-cache.ts';
import { responseCache } from '../../src/db/response-cache.ts';
import { createLog } from '../../src/log.ts';
import { withRecentAnswers } from '../../src/state/recent-answers.ts';
import { openRedis } from '../../src/state/redis.ts';
import { redisResponseCache } from '../../src/state/response-cache.ts';
import { type CacheStore, responseCacheContract } from '../contracts/response-cache.ts';
import { freshDatabase } from '../database.ts';
import { freshRedis, withoutRedis } from '../redis.ts';

async function inPostgres(): Promise<CacheStore> {
  const database = await freshDatabase();
  const pool = new pg.Pool({ connectionString: database.url, max: 5 });
  const close = async () => {
    await pool.end();
    await database.drop();
  };
  return { cache: responseCache(pool), elsewhere: responseCache(pool), close };
}

async function inRedis(): Promise<CacheStore> {
  const redis = await freshRedis();
  const servers = [await openRedis(redis.url, createLog('silent')), await openRedis(redis.url, createLog('silent'))] as const;
  const close = async () => {
    for (const server of servers) await server.close();
    await redis.stop();
  };
  return { cache: redisResponseCache(servers[0]), elsewhere: redisResponseCache(servers[1]), close };
}

const behindMemory = (open: () => Promise<CacheStore>) => async (): Promise<CacheStore> => {
  const store = await open();
  return { ...store, cache: withRecentAnswers(store.cache), elsewhere: withRecentAnswers(store.elsewhere) };
};

describe('answers in Postgres', () => responseCacheContract(inPostgres));
describe('answers in Postgres behind a memory', () => responseCacheContract(behindMemory(inPostgres)));
describe.skipIf(withoutRedis)('answers in Redis', () => responseCacheContract(inRedis));
describe.skipIf(withoutRedis)('answers in Redis behind a memory', () => responseCacheContract(behindMemory(inRedis)));

/** A store that counts who asks it. */
function counted() {
  const kept = new Map<string, { value: unknown; until: number }>();
  const asked: string[] = [];
  const store: ResponseCache = {
    async get(tenantId, key) {
      asked.push(`${tenantId} ${key}`);
      const found = kept.get(`${tenantId} ${key}`);
      return found && { value: found.value, expiresInMs: found.until - performance.now() };
    },
    async set(tenantId, key, value, ttlMs) {
      kept.set(`${tenantId} ${key}`, { value, until: performance.now() + ttlMs });
    },
  };
  return { store, kept, asked };
}

describe("a process's memory of answers", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('asks the store once, and not at all for what it has just kept', async () => {
    const { store, kept, asked } = counted();
    kept.set('a k', { value: 'theirs', until: performance.now() + 60_000 });
    const memory = withRecentAnswers(store);
    for (let i = 0; i < 3; i++) expect((await memory.get('a', 'k'))?.value).toBe('theirs');
    await memory.set('b', 'k', 'mine', 60_000);
    expect((await memory.get('b', 'k'))?.value).toBe('mine');
    expect(asked).toEqual(['a k']);
  });

  it('ends with the store, however late an answer came into it', async () => {
    vi.useFakeTimers();
    const { store, kept, asked } = counted();
    kept.set('a k', { value: 1, until: performance.now() + 60 });
    const memory = withRecentAnswers(store);
    const { expiresInMs } = (await memory.get('a', 'k'))!;
    expect(expiresInMs).toBeLessThanOrEqual(60);
    vi.advanceTimersByTime(20);
    expect((await memory.get('a', 'k'))!.expiresInMs).toBe(40);
    kept.clear();
    vi.advanceTimersByTime(50);
    expect(await memory.get('a', 'k')).toBeUndefined();
    expect(asked).toHaveLength(2);
  });

  it('is not changed by whoever changes an answer', async () => {
    const memory = withRecentAnswers(counted().store);
    const value = { list: [1] };
    await memory.set('a', 'k', value, 60_000);
    value.list.push(2);
    const found = (await memory.get('a', 'k'))!.value as typeof value;
    found.list.push(3);
    expect((await memory.get('a', 'k'))!.value).toEqual({ list: [1] });
  });

  it('lets go of what was asked for longest ago when it is full, and of what is too large at once', async () => {
    const { store, asked } = counted();
    const memory = withRecentAnswers(store, 10_000);
    const answer = 'x'.repeat(1900);
    for (const key of ['1', '2', '3']) await memory.set('a', key, answer, 60_000);
    await memory.set('a', 'huge', 'x'.repeat(20_000), 60_000);
    for (const key of ['huge', '3', '2', '1']) await memory.get('a', key);
    expect(asked).toEqual(['a huge', 'a 1']);
  });

  it('keeps nothing that the store did not take', async () => {
    const { store, asked } = counted();
    const memory = withRecentAnswers({ ...store, set: () => Promise.reject(new Error('down')) });
    await expect(memory.set('a', 'k', 1, 60_000)).rejects.toThrow('down');
    expect(await memory.get('a', 'k')).toBeUndefined();
    expect(asked).toHaveLength(1);
  });
});
