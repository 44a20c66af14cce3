import { DateTime } from 'luxon';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/core/actor.ts';
import { createOffline } from '../../src/llm/offline/provider.ts';
import { openWorld, utc, type World } from '../world.ts';

const now = new Date('2026-03-10T15:00:00Z');
const zone = 'America/New_York';
const localDay = (text: string) => DateTime.fromISO(`${text}T17:00`, { zone }).toJSDate();

let world: World;
let rita: Actor;
let vera: Actor;
const leads: Record<string, string> = {};

interface DealResult {
  deals: {
    name: string;
    stage: string;
    amountUsd: string | null;
    closesOn: string | null;
    with: string | null;
    owner: string | null;
  }[];
  stages: { stage: string; count: number; amountUsd: string }[];
  total: number;
  totalUsd: string;
  filters: string;
}
interface AccountResult {
  accounts: {
    name: string;
    mrrUsd: string | null;
    openDeals: number;
    openUsd: string;
    state: string | null;
    owner: string | null;
  }[];
  total: number;
  mrrUsd: string;
}
const ask = async <T>(tool: string, input: Record<string, unknown>, actor: Actor = world.owner): Promise<T> => {
  const outcome = await world.gate.call(tool, input, world.as(actor));
  if (outcome.status !== 'done') throw new Error(`expected an answer, got ${outcome.status}`);
  return outcome.result as T;
};
const deals = (input: Record<string, unknown> = {}, actor?: Actor) => ask<DealResult>('list_deals', input, actor);
const accounts = (input: Record<string, unknown> = {}, actor?: Actor) => ask<AccountResult>('list_accounts', input, actor);
const names = ({ deals: list }: DealResult) => list.map(({ name }) => name);

beforeAll(async () => {
  world = await openWorld({ now: () => now, llm: createOffline() });
  rita = await world.person('rita', 'rep');
  vera = await world.person('vera', 'viewer');
  const { pool } = world.database;
  const { tenantId, userId } = world.owner;
  for (const [name, state, city] of [
    ['Northwind Electric', 'TX', 'Austin'],
    ['Abacus Solar', 'OH', 'Columbus'],
    ['Deleted Diesel', 'TX', 'Austin'],
  ] as const) {
    await world.gate.call('create_lead', { name, state, city }, world.as(world.owner));
    leads[name] = (await world.deps.db.records({ tenantId, userId, surface: 'rest' }).leads.find(name)).leads[0]!.id;
  }
  const account = async (name: string, lead: string | null, owner: string | null, mrr: string | null, health: string | null) =>
    (
      await pool.query(
        `INSERT INTO accounts (id, tenant_id, lead_id, owner_id, name, since, mrr_usd, health) VALUES (gen_random_uuid(), $1, $2, $3, $4, '2025-01-02T00:00:00Z', $5, $6) RETURNING id`,
        [tenantId, lead, owner, name, mrr, health],
      )
    ).rows[0].id as string;
  const northwind = await account('Northwind Electric', leads['Northwind Electric']!, rita.userId, '1250.10', 'good');
  const genset = await account('50% Genset_House', null, userId, '99999999999.99', 'poor');
  await account('Nobody’s Nails', null, null, null, null);
  const deal = (
    name: string,
    stage: string,
    amount: string | null,
    closes: Date | null,
    { lead, on, owner = userId }: { lead?: string; on?: string; owner?: string | null } = {},
  ) =>
    pool.query(
      `INSERT INTO deals (id, tenant_id, lead_id, account_id, owner_id, name, stage, amount_usd, closes_at) VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6, $7, $8)`,
      [tenantId, lead ?? null, on ?? null, owner, name, stage, amount, closes],
    );
  await deal('Twenty sites', 'proposal', '0.10', localDay('2026-03-31'), {
    on: northwind,
    lead: leads['Northwind Electric'],
    owner: rita.userId,
  });
  await deal('Ten sites', 'proposal', '0.20', localDay('2026-04-01'), { lead: leads['Abacus Solar'] });
  await deal('Huge', 'negotiation', '999999999999.99', localDay('2026-03-15'), { on: genset });
  await deal('Huge again', 'negotiation', '999999999999.99', localDay('2026-03-09'), { on: genset });
  await deal('Unpriced', 'discovery', null, null, { owner: null });
  await deal('Own words', 'Verbal yes', '5.00', localDay('2026-03-12'));
  await deal('Imported win', 'Closed Won', '7.00', localDay('2026-03-02'));
  await deal('Loss', 'lost', '8.00', localDay('2026-02-02'));
  await deal('Hidden with its lead', 'proposal', '1000.00', localDay('2026-03-20'), { lead: leads['Deleted Diesel'] });
  await world.gate.call('delete_lead', { lead: 'Deleted Diesel' }, world.as(world.owner));
  // another workspace's
  const other = (
    await pool.query(`INSERT INTO tenants (id, slug, name) VALUES (gen_random_uuid(), 'other', 'Other') RETURNING id`)
  ).rows[0].id;
  await pool.query(
    `INSERT INTO deals (id, tenant_id, name, stage, amount_usd) VALUES (gen_random_uuid(), $1, 'Foreign', 'proposal', 1)`,
    [other],
  );
  await pool.query(`INSERT INTO accounts (id, tenant_id, name, since) VALUES (gen_random_uuid(), $1, 'Foreign', now())`, [other]);
});
afterAll(() => world.close());

describe('list_deals', () => {
  it('sums up every stage to the cent, in the order of the stages, without deals of deleted leads or other workspaces', async () => {
    const { stages, total, totalUsd } = await deals({ limit: 1 });
    expect(stages).toEqual([
      { stage: 'discovery', count: 1, amountUsd: '0.00' },
      { stage: 'proposal', count: 2, amountUsd: '0.30' },
      { stage: 'negotiation', count: 2, amountUsd: '1999999999999.98' },
      { stage: 'Verbal yes', count: 1, amountUsd: '5.00' },
      { stage: 'Closed Won', count: 1, amountUsd: '7.00' },
      { stage: 'lost', count: 1, amountUsd: '8.00' },
    ]);
    expect([total, totalUsd]).toEqual([8, '2000000000020.28']);
  });

  it('orders by amount, by close date and by age, what has none of it last', async () => {
    expect(names(await deals()).slice(-2)).toEqual(['Twenty sites', 'Unpriced']);
    expect(names(await deals({ sort: 'closes' }))).toEqual([
      'Loss',
      'Imported win',
      'Huge again',
      'Own words',
      'Huge',
      'Twenty sites',
      'Ten sites',
      'Unpriced',
    ]);
    const page = await deals({ limit: 3 });
    expect([page.deals.length, page.total]).toEqual([3, 8]);
  });

  it('filters by stage in any wording, open or not, owner, and whom it is with', async () => {
    expect(names(await deals({ stage: ['WON'] }))).toEqual(['Imported win']);
    expect(names(await deals({ open: false })).sort()).toEqual(['Imported win', 'Loss']);
    expect((await deals({ open: true })).total).toBe(6);
    expect(names(await deals({ owner: 'me' }, rita))).toEqual(['Twenty sites']);
    expect(names(await deals({ owner: 'nobody' }))).toEqual(['Unpriced']);
    expect(names(await deals({ account: 'genset' })).sort()).toEqual(['Huge', 'Huge again']);
    expect(names(await deals({ account: 'abacus' }))).toEqual(['Ten sites']);
    expect(names(await deals({ account: 'Northwind Electric' }))).toEqual(['Twenty sites']);
    expect((await deals({ account: 'zzyzx' })).total).toBe(0);
    await expect(deals({ owner: 'nobody like that' })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('knows weeks, months and quarters as they are where the user is', async () => {
    const closing = async (period: string) => names(await deals({ closing: period }));
    // the 31st at 5 p.m. in New York is still March; overdue ends with yesterday
    expect(await closing('this_month')).toEqual(['Huge again', 'Own words', 'Huge', 'Twenty sites']);
    expect(await closing('next_month')).toEqual(['Ten sites']);
    expect(await closing('this_week')).toEqual(['Huge again', 'Own words', 'Huge']);
    expect(await closing('overdue')).toEqual(['Huge again']);
    expect(await closing('this_quarter')).toEqual(['Huge again', 'Own words', 'Huge', 'Twenty sites']);
    expect(names(await deals({ closing: 'this_month', stage: ['won'] }))).toEqual(['Imported win']);
    expect(names(await deals({ closesBefore: '2026-03-10T00:00:00Z', open: true }))).toEqual(['Huge again']);
    expect((await deals({ sort: 'closes' })).deals.find(({ name }) => name === 'Twenty sites')?.closesOn).toBe('2026-03-31');
  });

  it('is a card with the pipeline, a chart and the deals', async () => {
    const outcome = await world.gate.call('list_deals', { open: true }, world.as(world.owner));
    const card = world.gate.catalog.get('list_deals')!.card!((outcome as { result: unknown }).result, utc)!;
    expect(card.blocks.map(({ type }) => type)).toEqual(['fields', 'chart', 'table']);
    const drawn = (now: string) =>
      JSON.stringify(
        world.gate.catalog.get('list_deals')!.card!((outcome as { result: unknown }).result, { ...utc, now: new Date(now) }),
      );
    expect(drawn('2026-06-01')).toContain('"Mar 31"');
    expect(drawn('2027-06-01')).toContain('"Mar 31, 2026"');
    expect(card.blocks[0]).toMatchObject({
      fields: expect.arrayContaining([
        { label: 'proposal', value: '2, $0.30' },
        { label: 'Together', value: '6, $2,000,000,000,005.28' },
      ]),
    });
    expect(
      world.gate.catalog.get('list_deals')!.card!({ deals: [], stages: [], total: 0, totalUsd: '0.00', filters: 'deals' }, utc),
    ).toBeUndefined();
  });
});

describe('list_accounts', () => {
  it('shows what they pay, their open deals and whose they are; sums are of all that fit', async () => {
    const all = await accounts({ limit: 2 });
    expect([all.total, all.mrrUsd]).toEqual([3, '100000001250.09']);
    expect(all.accounts.map(({ name, mrrUsd, openDeals, openUsd, owner }) => [name, mrrUsd, openDeals, openUsd, owner])).toEqual([
      ['50% Genset_House', '99999999999.99', 2, '1999999999999.98', world.owner.userName],
      ['Northwind Electric', '1250.10', 1, '0.10', 'rita'],
    ]);
  });

  it('filters by name, owner, health and place, and orders', async () => {
    const found = async (input: Record<string, unknown>, actor?: Actor) =>
      (await accounts(input, actor)).accounts.map(({ name }) => name);
    expect(await found({ state: 'Texas' })).toEqual(['Northwind Electric']);
    expect(await found({ city: 'austin' })).toEqual(['Northwind Electric']);
    expect(await found({ owner: 'me' }, rita)).toEqual(['Northwind Electric']);
    expect(await found({ owner: 'nobody' })).toEqual(['Nobody’s Nails']);
    expect(await found({ health: ['poor', 'watch'] })).toEqual(['50% Genset_House']);
    expect(await found({ query: 'north elec' })).toEqual(['Northwind Electric']);
    expect(await found({ query: '%' })).toEqual(['50% Genset_House']);
    expect(await found({ query: "x'); DROP TABLE accounts; --" })).toEqual([]);
    expect(await found({ sort: 'name' })).toEqual(['50% Genset_House', 'Nobody’s Nails', 'Northwind Electric']);
  });
});

describe('both', () => {
  it('are open to viewers, as leads are', async () => {
    expect((await deals({}, vera)).total).toBe(8);
    expect((await accounts({}, vera)).total).toBe(3);
  });

  it.each([
    ['show my deals', /^6 deals of yours, together \$[\d,.]+\d\.$/],
    ['deals closing this month', /^4 open deals closing this month,/],
    ['pipeline', /^6 open deals, together \$[\d,.]+\d\.$/],
    ['accounts in Texas', /^1 account in Texas, \$1,250\.10 a month\./],
    ['accounts at risk', /^1 account in poor or watch health,/],
    ['deals in Ohio', /cannot list deals by place/],
    ['customers in ohio', /1 lead in Ohio/],
  ])('answer "%s" without a model', async (text, wanted) => {
    const conversation = await world.converser.open(world.owner);
    const { events } = await world.converser.say({ actor: world.owner, conversationId: conversation.id, text });
    let said = '';
    for await (const event of events) if (event.type === 'done') said = event.reply.text;
    expect(said).toMatch(wanted);
  });

  it('leave no lead behind that "the second one" could mean', async () => {
    const conversation = await world.converser.open(world.owner);
    const say = async (text: string) => {
      const { events } = await world.converser.say({ actor: world.owner, conversationId: conversation.id, text });
      for await (const event of events) if (event.type === 'done') return event.reply;
      throw new Error('no reply');
    };
    await say('show all leads');
    await say('show my deals');
    const reply = await say('mark the second one as won');
    expect([reply.receipts, reply.proposals]).toEqual([[], []]);
    expect(reply.text).toContain('?');
  });
});
