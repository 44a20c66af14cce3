import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { proposalShape } from '../../src/api/shapes.ts';
import { catalogOf } from '../../src/tools/catalog.ts';
import { defineTool } from '../../src/tools/define.ts';
import { delegate } from '../../src/tools/delegate.ts';
import { tools } from '../../src/tools/index.ts';
import { type Api, openApi } from './client.ts';

/** Closes every lead: bulk, so that nobody below manager may decide it, and an admin has to where no person asked. */
const closeAll = defineTool({
  name: 'close_all_leads',
  title: 'Close all leads',
  description: 'For tests.',
  input: z.strictObject({}),
  output: z.object({ count: z.number() }),
  risk: 'bulk',
  async run(_input, { records }) {
    const { items } = await records.leads.search({}, { sort: 'name', limit: 3 });
    for (const lead of items) await records.leads.update(lead.id, { status: 'disqualified' });
    return { count: items.length };
  },
});

let api: Api;
const keys: Record<string, string> = {};
beforeAll(async () => {
  api = await openApi({ catalog: catalogOf([...tools.values(), closeAll]) });
  for (const [handle, role] of [
    ['rita', 'rep'],
    ['bea', 'rep'],
    ['max', 'manager'],
    ['vera', 'viewer'],
    ['ada', 'admin'],
    ['adam', 'admin'],
    ['gone', 'rep'],
  ] as const)
    keys[handle] = await api.keyOf(handle, role);
  await api.world.database.pool.query(`UPDATE users SET disabled_at = now() WHERE handle = 'gone'`);
});
afterAll(() => api.close());

const add = (name: string) => api.ask('POST', '/api/v1/leads', { body: { name } });
const statusOf = async (name: string) => (await api.ask('GET', `/api/v1/leads/${encodeURIComponent(name)}`)).body.lead?.status;
const propose = async (by: string, name: string, status = 'won') => {
  await add(name);
  const { body } = await api.ask('POST', '/api/v1/tools/update_lead?propose=true', {
    key: keys[by],
    body: { lead: name, status },
  });
  return body.proposal as z.infer<typeof proposalShape>;
};
const hand = async (by: string, id: string, to: string, note?: string) =>
  api.ask('POST', `/api/v1/proposals/${id}/delegate`, { key: keys[by], body: { to, ...(note && { note }) } });
const decide = (by: string, id: string, body: unknown = { decision: 'accept' }) =>
  api.ask('POST', `/api/v1/proposals/${id}/decision`, { key: keys[by], body });
const userId = async (handle: string) =>
  (await api.world.database.pool.query('SELECT id FROM users WHERE handle = $1', [handle])).rows[0].id as string;
const said = ({ status, body }: { status: number; body: { error?: { message: string } } }) => [status, body.error?.message];

describe('a decision handed on', () => {
  it('is the other person’s alone from then on, who carries it out; both still see it', async () => {
    const { id } = await propose('rita', 'Handed Heating');
    const handed = await hand('rita', id, 'bea', 'You know them.');
    expect(handed.status).toBe(200);
    expect(proposalShape.parse(handed.body.proposal)).toMatchObject({
      status: 'pending',
      note: 'You know them.',
      deciderId: await userId('bea'),
      delegatedById: await userId('rita'),
      delegatedAt: expect.any(String),
    });
    expect(said(await decide('rita', id))).toEqual([403, 'You handed this on to bea; it is theirs to decide now.']);
    const listOf = async (by: string) =>
      (await api.ask('GET', '/api/v1/proposals?status=pending', { key: keys[by] })).body.proposals.map(
        (p: { id: string }) => p.id,
      );
    expect(await listOf('bea')).toContain(id);
    expect(await listOf('rita')).toContain(id);
    expect(await listOf('max')).not.toContain(id);
    const decided = await decide('bea', id);
    expect(decided.body).toMatchObject({
      proposal: { status: 'executed', decidedById: await userId('bea'), note: 'You know them.' },
    });
    expect(await statusOf('Handed Heating')).toBe('won');
  });

  it('changes no record and leaves no receipt, but an audit row that says to whom', async () => {
    const { id } = await propose('rita', 'Audited Air');
    await hand('rita', id, await userId('bea'));
    const { rows } = await api.world.database.pool.query('SELECT * FROM audit_log WHERE proposal_id = $1 ORDER BY id', [id]);
    expect(rows.at(-1)).toMatchObject({
      action: 'delegate',
      outcome: 'decided',
      tool: 'update_lead',
      user_id: await userId('rita'),
      to_user_id: await userId('bea'),
    });
    expect((await api.world.database.pool.query('SELECT 1 FROM receipts WHERE proposal_id = $1', [id])).rowCount).toBe(0);
    expect(await statusOf('Audited Air')).toBe('new');
  });

  it('can be handed on again, also back, by whoever has it', async () => {
    const { id } = await propose('rita', 'Round Trip Roofing');
    expect((await hand('rita', id, 'bea')).status).toBe(200);
    expect((await hand('bea', id, 'max')).status).toBe(200);
    expect(said(await hand('rita', id, 'bea'))).toEqual([403, 'This is somebody else’s to decide.']);
    expect((await hand('max', id, 'rita')).status).toBe(200);
    expect((await decide('rita', id, { decision: 'ignore' })).body.proposal).toMatchObject({ status: 'ignored' });
  });

  it('refuses oneself, a second time, strangers, viewers, people of the demo and people whose access is off, each with a clear answer', async () => {
    const { id } = await propose('rita', 'Refused Rigging');
    await api.world.database.pool.query(
      `INSERT INTO users (id, tenant_id, handle, name, role, demo) SELECT gen_random_uuid(), tenant_id, 'dora', 'Dora Demo', 'admin', true FROM users LIMIT 1`,
    );
    expect(said(await hand('rita', id, 'rita'))).toEqual([400, 'It is yours to decide already. Name somebody else.']);
    expect(said(await hand('rita', id, 'me'))).toEqual([400, 'It is yours to decide already. Name somebody else.']);
    expect(said(await hand('rita', id, 'vera'))).toEqual([403, 'vera is a viewer; deciding this needs the role rep.']);
    expect(said(await hand('rita', id, 'gone'))[0]).toBe(403);
    expect(said(await hand('rita', id, 'dora'))).toEqual([400, expect.stringContaining('made-up')]);
    expect(said(await hand('rita', id, 'nobody-like-that'))[0]).toBe(404);
    expect(said(await hand('rita', '01a200cc-0000-7000-8000-000000000000', 'bea'))[0]).toBe(404);
    expect(said(await hand('bea', id, 'max'))).toEqual([403, 'This is somebody else’s to decide.']);
    expect(said(await hand('vera', id, 'bea'))[0]).toBe(403);
    expect(
      (await api.ask('POST', `/api/v1/proposals/${id}/delegate`, { key: keys['rita'], body: { to: 'bea', as: 'ada' } })).status,
    ).toBe(400);
    expect((await hand('rita', id, 'bea')).status).toBe(200);
    expect(said(await hand('rita', id, 'bea'))).toEqual([403, 'You handed this on to bea; it is theirs to decide now.']);
  });

  it('is too late once it was decided or has expired, by the database’s clock', async () => {
    const decided = await propose('rita', 'Done Drywall');
    await decide('rita', decided.id);
    expect(said(await hand('rita', decided.id, 'bea'))).toEqual([409, 'Already decided by rita: approved, carried out.']);
    const late = await propose('rita', 'Late Lumber');
    await api.world.database.pool.query(`UPDATE proposals SET expires_at = now() - interval '1 second' WHERE id = $1`, [late.id]);
    const [status, message] = said(await hand('rita', late.id, 'bea'));
    expect([status, message]).toEqual([409, expect.stringContaining('expired')]);
  });

  it('that needs an admin goes to an admin only, and then is no other admin’s', async () => {
    await add('Bulk Bricks');
    const rita = await api.world.access.byKey(keys['rita']!);
    const made = await api.world.gate.call(
      'close_all_leads',
      {},
      { actor: { ...rita!, role: 'manager', surface: 'rest' }, by: 'assistant' },
    );
    if (made.status !== 'pending_approval') throw new Error('expected a proposal');
    const { id, confirmCount } = made.proposal;
    expect(made.proposal.deciderRole).toBe('admin');
    expect(said(await hand('rita', id, 'ada'))).toEqual([403, 'Only an admin may decide this.']);
    expect(said(await hand('ada', id, 'max'))).toEqual([403, 'max is a manager; deciding this needs the role admin.']);
    expect((await hand('ada', id, 'adam')).status).toBe(200);
    expect(said(await decide('ada', id))[0]).toBe(403);
    expect(
      (await api.ask('GET', '/api/v1/proposals?status=pending')).body.proposals.map((p: { id: string }) => p.id),
    ).not.toContain(id);
    expect((await decide('adam', id, { decision: 'accept', confirmCount })).body.proposal).toMatchObject({ status: 'executed' });
  });

  it('to two people at the same time is one person’s, and a press at that moment counts or is refused, never both', async () => {
    for (let i = 0; i < 10; i++) {
      const { id } = await propose('rita', `Raced Rentals ${i}`);
      const [bea, max, press] = await Promise.all([hand('rita', id, 'bea'), hand('rita', id, 'max'), decide('rita', id)]);
      const won = [bea, max, press].filter(({ status }) => status === 200);
      expect(won).toHaveLength(1);
      expect(await statusOf(`Raced Rentals ${i}`)).toBe(press.status === 200 ? 'won' : 'new');
      const { rows } = await api.world.database.pool.query(
        `SELECT 1 FROM audit_log WHERE proposal_id = $1 AND action = 'delegate' AND outcome = 'decided'`,
        [id],
      );
      expect(rows).toHaveLength(press.status === 200 ? 0 : 1);
    }
  });

  it('is a person’s own act: nothing that speaks for them may', async () => {
    const { id } = await propose('rita', 'Spoken Siding');
    const rita = { ...(await api.world.access.byKey(keys['rita']!))!, surface: 'rest' as const };
    await expect(delegate(api.world.gate, id, { to: 'bea' }, { actor: rita, by: 'assistant' })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  it('is not needed for several at once: each is decided for itself, and each says how', async () => {
    const [one, two, foreign] = [
      await propose('rita', 'Many Motors'),
      await propose('rita', 'Many Mills'),
      await propose('bea', 'Not Mine'),
    ];
    const send = (by: string, body: unknown) => api.ask('POST', '/api/v1/proposals/decisions', { key: keys[by], body });
    const ids = [one.id, foreign.id, two.id];
    expect((await send('vera', { ids, decision: 'accept' })).status).toBe(403);
    for (const body of [{ ids: [], decision: 'accept' }, { ids, decision: 'edit' }, { ids: ['x'], decision: 'accept' }, { ids }])
      expect((await send('rita', body)).status).toBe(400);
    const { status, body } = await send('rita', {
      ids,
      decision: 'accept',
      paramsHashes: { [one.id]: one.paramsHash, [two.id]: 'old' },
    });
    expect(status).toBe(200);
    expect(body.results).toMatchObject([
      { id: one.id, ok: true, receipt: { proposalId: one.id } },
      { id: foreign.id, ok: false, code: 'forbidden' },
      { id: two.id, ok: false, code: 'conflict', message: expect.stringContaining('edited since') },
    ]);
    expect([await statusOf('Many Motors'), await statusOf('Many Mills'), await statusOf('Not Mine')]).toEqual([
      'won',
      'new',
      'new',
    ]);
  });

  it('is described for clients', async () => {
    const { body } = await api.ask('GET', '/api/v1/docs/json');
    expect(body.paths['/api/v1/proposals/{id}/delegate'].post.requestBody.content['application/json'].schema).toMatchObject({
      required: ['to'],
    });
    expect(body.paths['/api/v1/proposals/decisions'].post).toBeDefined();
  });
});
