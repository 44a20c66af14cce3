import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import type { Signals } from '../core/records.ts';
import type { Log } from '../log.ts';

/** A notification can be lost while the listening connection is renewed; so everyone also looks by themselves this often. */
const lookMs = 1000;

/** Wakes waiters in any process through LISTEN/NOTIFY: writers notify inside their transaction, so a wake-up follows the commit. */
export async function postgresSignals(pool: Pool, log: Log): Promise<Signals & { close(): Promise<void> }> {
  const topics = new EventEmitter().setMaxListeners(0);
  let client: PoolClient | undefined;
  let closed = false;

  const listen = async (): Promise<void> => {
    const fresh = await pool.connect();
    if (closed) return fresh.release(true);
    fresh.on('notification', (message) => topics.emit(message.payload ?? ''));
    fresh.once('error', (error) => {
      // already released: what still breaks on it is nobody's concern
      if (closed || client !== fresh) return;
      log.warn({ err: error }, 'lost the listening connection');
      client = undefined;
      fresh.release(true);
      void listenAgain();
    });
    client = fresh;
    try {
      await fresh.query('LISTEN sales_agent');
    } catch (error) {
      if (client === fresh) {
        client = undefined;
        fresh.release(true);
      }
      throw error;
    }
  };
  let renewing = false;
  const listenAgain = async (): Promise<void> => {
    if (renewing) return;
    renewing = true;
    while (!closed && !client) {
      await sleep(lookMs, undefined, { ref: false });
      if (!closed) await listen().catch((error) => log.warn({ err: error }, 'cannot listen'));
    }
    renewing = false;
  };
  const close = () => {
    closed = true;
    client?.release(true);
    client = undefined;
  };
  await listen();

  return {
    waitFor(topic, check, { timeoutMs, signal }) {
      return new Promise((resolve, reject) => {
        let busy = false;
        let again = false;
        const stop = () => {
          clearInterval(look);
          clearTimeout(deadline);
          topics.off(topic, wake);
          signal?.removeEventListener('abort', giveUp);
        };
        const giveUp = () => {
          stop();
          resolve(undefined);
        };
        const wake = async () => {
          if (busy) {
            again = true;
            return;
          }
          busy = true;
          try {
            const found = await check();
            if (found !== undefined) {
              stop();
              resolve(found);
            }
          } catch (error) {
            stop();
            reject(error);
          }
          busy = false;
          if (again) {
            again = false;
            void wake();
          }
        };
        const look = setInterval(() => void wake(), lookMs);
        const deadline = setTimeout(giveUp, timeoutMs);
        topics.on(topic, wake);
        signal?.addEventListener('abort', giveUp, { once: true });
        void wake();
      });
    },
    close: async () => close(),
  };
}
