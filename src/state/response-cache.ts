import type { ResponseCache } from '../core/response-cache.ts';
import { keyPrefix, type RedisServer, soon } from './redis.ts';

/** Kept answers in Redis, which forgets them when they are over. */
export function redisResponseCache({ client }: RedisServer): ResponseCache {
  const nameOf = (tenantId: string, key: string) => `${keyPrefix}{${tenantId}}:answers:${key}`;
  return {
    async get(tenantId, key) {
      const name = nameOf(tenantId, key);
      // one that ends between the two is gone
      const [text, expiresInMs] = await soon(Promise.all([client.get(name), client.pttl(name)]));
      return text === null || expiresInMs <= 0 ? undefined : { value: JSON.parse(text), expiresInMs };
    },
    async set(tenantId, key, value, ttlMs) {
      await soon(client.set(nameOf(tenantId, key), JSON.stringify(value), 'PX', Math.ceil(ttlMs)));
    },
  };
}
