import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import { AppError, messageOf } from '../errors.ts';
import type { Log } from '../log.ts';

/** A Redis server that is there, or says quickly that it is not: nothing waits in a queue for it to come back. */
export interface RedisServer {
  client: Redis;
  /** "Redis 7.0.15 at cache.example.com:6379", for people. */
  place: string;
  /** Throws when it does not answer, or takes no writes. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** Everything of ours begins with this. */
export const keyPrefix = 'sales-agent:';

const answerMs = 1000;
/** For work in the background, and for what is left when nobody waits any more. */
const latestMs = 5000;
const longestPauseMs = 2000;

/** Connects, and finds out whether scripts and writes are taken. Throws `unavailable` in words for whoever set REDIS_URL. */
export async function openRedis(url: string, log: Log): Promise<RedisServer> {
  const { host } = new URL(url);
  const client = new Redis(url, {
    lazyConnect: true,
    connectionName: 'sales-agent',
    connectTimeout: latestMs,
    commandTimeout: latestMs,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    // whoever asked was told that it failed: nothing may happen for them behind their back
    autoResendUnfulfilledCommands: false,
    retryStrategy: (times) => Math.min(times * 100, longestPauseMs),
  });
  let opened = false;
  let lost = false;
  let problem: Error | undefined;
  client.on('error', (error: Error) => {
    problem = error;
    if (opened && !lost) log.warn({ err: error }, 'lost the Redis server; it is tried again until it is back');
    lost = true;
  });
  client.on('ready', () => {
    if (opened && lost) log.info('the Redis server is back');
    lost = false;
  });

  const check = async () => {
    const key = `${keyPrefix}check`;
    try {
      await soon(client.eval("return redis.call('SET', KEYS[1], redis.call('TIME')[1], 'PX', 60000)", 1, key));
    } catch (error) {
      throw new AppError('unavailable', `The Redis server of REDIS_URL (${host}) does not answer: ${messageOf(error)}.`, {
        cause: error,
      });
    }
  };
  try {
    await client.connect();
    await check();
    const version = /redis_version:(\S+)/.exec(await client.info('server'))?.[1] ?? '';
    opened = true;
    return {
      client,
      place: `Redis ${version} at ${host}`.replace('  ', ' '),
      check,
      close: async () => client.disconnect(),
    };
  } catch (error) {
    client.disconnect();
    // what the connection died of says more than that it was closed
    const why = problem ?? (error instanceof AppError ? (error.cause as Error) : error);
    throw new AppError(
      'unavailable',
      `Cannot use the Redis server of REDIS_URL (${host}): ${messageOf(why)}. Check the address, the password and that it runs; without REDIS_URL the same is kept in Postgres.`,
      { cause: error },
    );
  }
}

/**
 * What somebody waits for: fails after a second. An answer that came while this process was busy with something else is read first, so that a
 * busy process does not take the server for a dead one.
 */
export async function soon<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => setImmediate(() => reject(new Error(`no answer within ${answerMs} ms`))), answerMs);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/** A script that the server keeps: sent by its hash, whole only where the server has not seen it yet or has forgotten it. */
export function script(client: Redis, lua: string) {
  const hash = createHash('sha1').update(lua).digest('hex');
  return async (keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> => {
    try {
      return await soon(client.evalsha(hash, keys.length, ...keys, ...args));
    } catch (error) {
      if (!messageOf(error).startsWith('NOSCRIPT')) throw error;
      return soon(client.eval(lua, keys.length, ...keys, ...args));
    }
  };
}
