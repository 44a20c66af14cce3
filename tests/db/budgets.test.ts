import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sweepBudgets } from '../../src/db/budgets.ts';
import { type BudgetStore, postgresStore, tenantId } from '../contracts/budget-stores.ts';
import { budgetContract, daily, limitsOn } from '../contracts/budgets.ts';

describe('budgets in Postgres', () => budgetContract(postgresStore));

describe('rows of budgets', () => {
  let store: BudgetStore;
  beforeAll(async () => {
    store = await postgresStore();
    await store.pool.query(`INSERT INTO tenants (id, slug, name, time_zone) VALUES ($1, 'one', 'One', 'America/New_York')`, [
      tenantId,
    ]);
  });
  afterAll(() => store.close());
  beforeEach(() => store.empty());

  it('are gone when they are long over', async () => {
    const { reserve, settle } = limitsOn(store, [daily('1')]);
    await settle((await reserve('0.1', { at: new Date(Date.now() - 50 * 86_400_000) })).callId, '0.1');
    await reserve('0.1', { at: new Date(), ttlMs: 1 });
    await sleep(5);
    await sweepBudgets(store.pool);
    expect([(await store.counters()).length, await store.held()]).toEqual([1, 1]);
    await store.pool.query(`UPDATE budget_reservations SET expires_at = now() - interval '2 days'`);
    await sweepBudgets(store.pool);
    expect(await store.held()).toBe(0);
  });
});
