import { LRUCache } from 'lru-cache';
import type { ResponseCache } from '../core/response-cache.ts';

/** What somebody empties or corrects in the store holds in every process after this. */
const longestMs = 10 * 60_000;
const usualBytes = 16 << 20;

/** This process's memory in front of a store: what was asked for a moment ago, as text, within its bytes and never longer than the store keeps it. */
export function withRecentAnswers(store: ResponseCache, maxBytes = usualBytes): ResponseCache {
  const recent = new LRUCache<string, { text: string; until: number }>({
    maxSize: maxBytes,
    // strings take two bytes a letter at the most; the rest is about what an entry takes by itself
    sizeCalculation: ({ text }, name) => 2 * (text.length + name.length) + 200,
    ttlAutopurge: false,
  });
  const keep = (name: string, value: unknown, until: number) => {
    const ttl = Math.min(longestMs, Math.floor(until - performance.now()));
    if (ttl > 0) recent.set(name, { text: JSON.stringify(value), until }, { ttl });
  };
  return {
    async get(tenantId, key) {
      const name = `${tenantId} ${key}`;
      const known = recent.get(name);
      const expiresInMs = (known?.until ?? 0) - performance.now();
      // text, so that nobody who changes an answer changes it for others
      if (known && expiresInMs > 0) return { value: JSON.parse(known.text), expiresInMs };
      const asked = performance.now();
      const found = await store.get(tenantId, key);
      if (found) keep(name, found.value, asked + found.expiresInMs);
      return found;
    },
    async set(tenantId, key, value, ttlMs) {
      const name = `${tenantId} ${key}`;
      recent.delete(name);
      const asked = performance.now();
      await store.set(tenantId, key, value, ttlMs);
      keep(name, value, asked + ttlMs);
    },
  };
}
