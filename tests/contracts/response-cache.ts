import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ResponseCache } from '../../src/core/response-cache.ts';

export interface CacheStore {
  cache: ResponseCache;
  /** The same store as another process sees it. */
  elsewhere: ResponseCache;
  close(): Promise<void>;
}

const [one, other] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'];
const day = 86_400_000;

/** What a store of answers promises, wherever they are kept. */
export function responseCacheContract(open: () => Promise<CacheStore>): void {
  let store: CacheStore;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.close());

  it('gives back what was kept, in every process', async () => {
    const value = {
      said: [{ type: 'text', text: 'Ünïcode "and" \u{1F980}' }],
      finish: { costUsd: '0.000000000001', n: 0, no: null },
    };
    await store.cache.set(one, 'kept', value, day);
    for (const cache of [store.cache, store.elsewhere]) expect((await cache.get(one, 'kept'))?.value).toEqual(value);
  });

  it('knows nothing of other questions and other workspaces', async () => {
    await store.cache.set(one, 'mine', 'yes', day);
    expect(await store.cache.get(other, 'mine')).toBeUndefined();
    expect(await store.cache.get(one, 'theirs')).toBeUndefined();
    await store.cache.set(other, 'mine', 'no', day);
    expect((await store.cache.get(one, 'mine'))?.value).toBe('yes');
  });

  it('says how long an answer is still kept, and has none after that', async () => {
    await store.cache.set(one, 'long', 1, day);
    const { expiresInMs } = (await store.elsewhere.get(one, 'long'))!;
    // the server's clock is a wall clock: it may be set back a little between the two
    expect(Math.abs(expiresInMs - day)).toBeLessThan(60_000);
    await store.cache.set(one, 'short', 1, 60);
    await sleep(80);
    for (const cache of [store.cache, store.elsewhere]) expect(await cache.get(one, 'short')).toBeUndefined();
  });

  it('keeps the newest answer, for as long as that one says', async () => {
    await store.cache.set(one, 'twice', 'old', 60);
    await store.cache.set(one, 'twice', 'new', day);
    await sleep(80);
    for (const cache of [store.cache, store.elsewhere]) expect((await cache.get(one, 'twice'))?.value).toBe('new');
  });
}
