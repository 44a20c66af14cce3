import type { Pool, PoolClient } from 'pg';
import type { Handle } from './handle.ts';

/**
 * COPY needs the connection itself, and inside a transaction it has to be the transaction's own. Prisma does not say which
 * one it took from our pool, but the server does: each connection knows the id of the process that serves it.
 */
export class Connections {
  readonly #taken = new Set<PoolClient>();

  constructor(pool: Pool) {
    pool.on('acquire', (client) => this.#taken.add(client));
    pool.on('release', (_error, client) => this.#taken.delete(client));
  }

  /** The connection that this transaction runs on. Whoever uses it waits for the end of its work before the next query. */
  async of(handle: Handle): Promise<PoolClient> {
    if (!handle.inTransaction) throw new Error('only a transaction has a connection of its own');
    const [answer] = await handle.prisma.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
    const client = [...this.#taken].find((taken) => (taken as { processID?: number }).processID === answer!.pid);
    if (!client) throw new Error('the connection of this transaction is not from our pool');
    return client;
  }
}
