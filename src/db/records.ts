import { PrismaPg } from '@prisma/adapter-pg';
import type { Pool } from 'pg';
import type { Db, Records, Scope } from '../core/records.ts';
import { accounts } from './accounts.ts';
import { calibrations } from './calibrations.ts';
import { putOutgoing } from './chat/outbox.ts';
import type { Seal } from './chat/seal.ts';
import { Connections } from './connections.ts';
import { conversations } from './conversations.ts';
import { type CostOptions, costs } from './costs.ts';
import { deals } from './deals.ts';
import { feedback } from './feedback.ts';
import { PrismaClient } from './generated/client.ts';
import type { Handle } from './handle.ts';
import { imports } from './imports.ts';
import { jobs } from './jobs.ts';
import { leads } from './leads.ts';
import { executions } from './ledger.ts';
import { type PriceOptions, priceOverrides } from './price-overrides.ts';
import { profiles } from './profiles.ts';
import { proposals } from './proposals.ts';
import { addJob } from './queue.ts';
import { receipts } from './receipts.ts';
import { current, restore } from './revert.ts';
import { reviews } from './reviews.ts';
import { uploads } from './uploads.ts';
import { activities, leadFile, tasks } from './work.ts';
import { audit, mails, showDemo, users, workspace } from './workspace.ts';

/** Thrown inside a preview to roll everything back; never leaves this file. */
class TakeBack<T> extends Error {
  readonly result: T;
  constructor(result: T) {
    super('preview');
    this.result = result;
  }
}

/** An import of a long list is one transaction; nothing else comes near this. */
const transactionLimits = { maxWait: 30_000, timeout: 60 * 60_000 };

export const prismaOn = (pool: Pool): PrismaClient => new PrismaClient({ adapter: new PrismaPg(pool), errorFormat: 'minimal' });

interface DbParts extends CostOptions, PriceOptions {
  prisma: PrismaClient;
  pool: Pool;
  seal: Seal;
  now(): Date;
}

/** The one way to records: by tenant and person, alone or in a transaction. */
export function createDb({ prisma, pool, seal, now, ...options }: DbParts): Db {
  const connections = new Connections(pool);
  const bind = (handle: Handle): Records => ({
    leads: leads(handle),
    leadFile: (leadId) => leadFile(handle, leadId),
    deals: deals(handle),
    accounts: accounts(handle),
    activities: activities(handle),
    tasks: tasks(handle),
    proposals: proposals(handle),
    receipts: receipts(handle),
    jobs: jobs(handle),
    conversations: conversations(handle),
    uploads: uploads(handle),
    imports: imports(handle, { pool, connections }),
    reviews: reviews(handle),
    profiles: profiles(handle),
    calibrations: calibrations(handle),
    mails: mails(handle),
    users: users(handle),
    costs: costs(handle, options),
    feedback: feedback(handle, options),
    prices: priceOverrides(handle, options),
    executions: executions(handle, { pool, connections }),
    outbox: {
      put: (...what) =>
        putOutgoing(
          {
            run: (sql, values) => handle.prisma.$executeRawUnsafe(sql, ...values),
            seal,
            tenantId: handle.scope.tenantId,
          },
          ...what,
        ),
    },
    workspace: () => workspace(handle),
    showDemo: (visible) => showDemo(handle, visible),
    audit: (entry) => audit(handle, entry),
    changes: () => [...handle.changes],
    note: (change) => void handle.changes.push(change),
    current: (entity, id, fields) => current(handle, entity, id, fields),
    restore: (entity, id, to) => restore(handle, entity, id, to),
    enqueue: (name, payload, options) => addJob(handle, name, payload, options),
    alone: async (key) => {
      if (!handle.inTransaction) throw new Error('only a transaction can be alone with a key: it ends, and the hold with it');
      await handle.prisma.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${handle.scope.tenantId}), hashtext(${key}))`;
    },
    signal: async (topic) => {
      await handle.prisma.$executeRaw`SELECT pg_notify('sales_agent', ${topic})`;
    },
  });

  const db: Db = {
    records: (scope) => bind({ prisma, scope, changes: [], inTransaction: false, afterwards: [], now }),
    async tx(scope, work) {
      const afterwards: Handle['afterwards'] = [];
      try {
        return await prisma.$transaction(
          (tx) => work(bind({ prisma: tx, scope, changes: [], inTransaction: true, afterwards, now })),
          transactionLimits,
        );
      } finally {
        // what could not be tidied is swept later
        for (const tidy of afterwards) await tidy().catch(() => undefined);
      }
    },
    async preview<T>(scope: Scope, work: (records: Records) => Promise<T>): Promise<T> {
      try {
        await db.tx(scope, async (records) => {
          throw new TakeBack(await work(records));
        });
      } catch (error) {
        if (error instanceof TakeBack) return error.result as T;
        throw error;
      }
      throw new Error('a preview always ends by taking itself back');
    },
  };
  return db;
}
