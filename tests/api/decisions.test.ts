import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { proposalShape, receiptShape } from '../../src/api/shapes.ts';
import { catalogOf } from '../../src/tools/catalog.ts';
import { defineTool } from '../../src/tools/define.ts';
import { tools } from '../../src/tools/index.ts';
import { scripted } from '../agents/scripted-llm.ts';
import { type Api, openApi } from './client.ts';

/** Closes every lead of a state at once: a bulk tool, which nothing shipped is yet. */
const closeState = defineTool({
  name: 'close_state',
  title: 'Close all leads of a state',
  description: 'For tests.',
  input: z.strictObject({ state: z.string() }),
  output: z.object({ count: z.number() }),
  risk: 'bulk',
  async run({ state }, { records }) {
    const { items } = await records.leads.search({ state }, { sort: 'name', limit: 50 });
    for (const lead of items) await records.leads.update(lead.id, { status: 'lost' });
    return { count: items.length };
  },
});

let api: Api;
beforeAll(async () => {
  api = await openApi({
    catalog: catalogOf([...tools.values(), closeState]),
    // asks for a deletion on its own, and for another lead when told so
    llm: scripted(({ messages }) => {
      const last = messages.at(-1)!;
      const text = JSON.stringify(last);
      if (last.role === 'tool') return [{ text: 'That waits for you.' }];
      return [{ call: 'delete_lead', input: { lead: /rather/.test(text) ? 'Rather This Roofing' : 'Not That Masonry' } }];
    }),
  });
});
afterAll(() => api.close());

const add = async (name: string, more = {}) =>
  (await api.ask('POST', '/api/v1/leads', { body: { name, ...more } })).body.lead.id as string;
const statusOf = async (name: string) => (await api.ask('GET', `/api/v1/leads/${encodeURIComponent(name)}`)).body.lead?.status;
const propose = async (tool: string, body: unknown, key?: string) =>
  (await api.ask('POST', `/api/v1/tools/${tool}?propose=true`, { body, key })).body.proposal as z.infer<typeof proposalShape>;
const decide = (id: string, body: unknown, key?: string) => api.ask('POST', `/api/v1/proposals/${id}/decision`, { body, key });

describe('a tool call', () => {
  it('runs and answers with the result and the receipt', async () => {
    await add('Direct Drywall');
    const { status, body } = await api.ask('POST', '/api/v1/tools/update_lead', {
      body: { lead: 'Direct Drywall', status: 'contacted' },
    });
    expect(status).toBe(200);
    expect(body.result).toMatchObject({ lead: { name: 'Direct Drywall', status: 'contacted' }, version: 2 });
    expect(receiptShape.parse(body.receipt)).toMatchObject({
      tool: 'update_lead',
      requestedBy: 'person',
      surface: 'rest',
      undoable: true,
    });
  });

  it('with propose=true waits for a person and changes nothing', async () => {
    await add('Waiting Welders');
    const answer = await api.ask('POST', '/api/v1/tools/update_lead?propose=true', {
      body: { lead: 'Waiting Welders', status: 'won' },
    });
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({
      status: 'pending_approval',
      proposalId: answer.body.proposal.id,
      proposal: { status: 'pending', risk: 'write' },
    });
    proposalShape.parse(answer.body.proposal);
    expect(await statusOf('Waiting Welders')).toBe('new');
  });

  it('with dryRun=true shows the change and makes none', async () => {
    await add('Dry Docks');
    const answer = await api.ask('POST', '/api/v1/tools/update_lead?dryRun=true', {
      body: { lead: 'Dry Docks', status: 'lost' },
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      dryRun: true,
      title: expect.stringContaining('status new → lost'),
      changes: [{ entity: 'lead', op: 'update' }],
      result: { changed: expect.arrayContaining(['status']) },
    });
    expect(await statusOf('Dry Docks')).toBe('new');
  });

  it('says what is wrong with unknown tools, wrong input and unclear names', async () => {
    await add('Twin Pipes East');
    await add('Twin Pipes West');
    const codes = [];
    for (const [tool, body] of [
      ['no_such_tool', {}],
      ['update_lead', { lead: 'Twin Pipes East', shoeSize: 4 }],
      ['get_lead', { lead: 'Twin Pipes' }],
      ['get_lead', { lead: 'Zzyzx Unheard Of' }],
    ] as const) {
      const answer = await api.ask('POST', `/api/v1/tools/${tool}`, { body });
      codes.push([answer.status, answer.body.error.code]);
      if (answer.body.error.code === 'ambiguous') expect(answer.body.error.details.candidates).toHaveLength(2);
    }
    expect(codes).toEqual([
      [404, 'not_found'],
      [400, 'invalid_input'],
      [409, 'ambiguous'],
      [404, 'not_found'],
    ]);
    expect((await api.ask('POST', '/api/v1/tools/whoami', { body: [1] })).status).toBe(400);
  });

  it('is listed with a schema that a client can use', async () => {
    const { body } = await api.ask('GET', '/api/v1/tools');
    const byName = new Map(body.tools.map((tool: { name: string }) => [tool.name, tool]));
    expect([...byName.keys()]).toEqual([...api.world.gate.catalog.keys()]);
    expect(byName.get('update_lead')).toMatchObject({
      risk: 'write',
      minRole: 'rep',
      inputSchema: { type: 'object', required: ['lead'], additionalProperties: false },
    });
    expect(byName.get('undo')).toMatchObject({ risk: 'varies' });
  });
});

describe('a decision', () => {
  it('makes the change once and answers the second press with a conflict', async () => {
    await add('Once Only Electric');
    const proposal = await propose('update_lead', { lead: 'Once Only Electric', status: 'qualified' });
    const first = await decide(proposal.id, { decision: 'accept', paramsHash: proposal.paramsHash });
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({
      proposal: { status: 'executed', receiptId: first.body.receipt.id },
      receipt: { proposalId: proposal.id },
    });
    const second = await decide(proposal.id, { decision: 'accept' });
    expect([second.status, second.body.error.code]).toEqual([409, 'conflict']);
    expect(second.body.error.message).toMatch(/Already decided/);
    expect(await statusOf('Once Only Electric')).toBe('qualified');
  });

  it('pressed 200 times at once leaves exactly one receipt', async () => {
    await add('Stampede Steel');
    const proposal = await propose('update_lead', { lead: 'Stampede Steel', status: 'won' });
    const answers = await Promise.all(Array.from({ length: 200 }, () => decide(proposal.id, { decision: 'accept' })));
    const tally = (status: number) => answers.filter((answer) => answer.status === status).length;
    expect([tally(200) + tally(202), tally(409)]).toEqual([1, 199]);
    const { rows } = await api.world.database.pool.query('SELECT count(*)::int AS n FROM receipts WHERE proposal_id = $1', [
      proposal.id,
    ]);
    expect(rows[0].n).toBe(1);
    expect((await api.ask('GET', '/api/v1/leads/Stampede%20Steel')).body.lead.version).toBe(2);
  });

  it('edit runs what the person changed it to', async () => {
    await add('Edited Elevators');
    const proposal = await propose('update_lead', { lead: 'Edited Elevators', status: 'lost' });
    const wrong = await decide(proposal.id, { decision: 'edit', patch: { status: 'abducted' } });
    expect(wrong.status).toBe(400);
    const edited = await decide(proposal.id, { decision: 'edit', patch: { status: 'nurture' } });
    expect(edited.body).toMatchObject({
      proposal: { status: 'executed', decision: 'edit' },
      receipt: { title: expect.stringContaining('nurture') },
    });
    expect(edited.body.proposal.paramsHash).not.toBe(proposal.paramsHash);
    expect(await statusOf('Edited Elevators')).toBe('nurture');
  });

  it('of what was not shown is refused', async () => {
    await add('Shown Shutters');
    const proposal = await propose('update_lead', { lead: 'Shown Shutters', status: 'lost' });
    expect((await decide(proposal.id, { decision: 'accept', paramsHash: 'f'.repeat(64) })).status).toBe(409);
    expect((await decide(proposal.id, { decision: 'perhaps' })).status).toBe(400);
    expect(await statusOf('Shown Shutters')).toBe('new');
  });

  it('ignore closes it', async () => {
    await add('Ignored Insulation');
    const proposal = await propose('update_lead', { lead: 'Ignored Insulation', status: 'lost' });
    expect((await decide(proposal.id, { decision: 'ignore' })).body).toMatchObject({ proposal: { status: 'ignored' } });
    expect((await decide(proposal.id, { decision: 'accept' })).status).toBe(409);
    expect(await statusOf('Ignored Insulation')).toBe('new');
  });

  it('comes too late after the expiry', async () => {
    await add('Expired Excavation');
    const proposal = await propose('update_lead', { lead: 'Expired Excavation', status: 'lost' });
    await api.world.database.pool.query(`UPDATE proposals SET expires_at = now() - interval '1 second' WHERE id = $1`, [
      proposal.id,
    ]);
    const answer = await decide(proposal.id, { decision: 'accept' });
    expect([answer.status, answer.body.error.code, answer.body.error.details.status]).toEqual([409, 'conflict', 'expired']);
    expect(
      (await api.ask('GET', '/api/v1/proposals?status=pending')).body.proposals.map((p: { id: string }) => p.id),
    ).not.toContain(proposal.id);
    expect(await statusOf('Expired Excavation')).toBe('new');
  });

  it('of a bulk change needs the number typed', async () => {
    await add('Bulk One', { state: 'Wyoming' });
    await add('Bulk Two', { state: 'Wyoming' });
    const called = await api.ask('POST', '/api/v1/tools/close_state', { body: { state: 'WY' } });
    expect(called.status).toBe(202);
    expect(called.body.proposal.confirmCount).toBe(2);
    for (const confirmCount of [undefined, 1, 3]) {
      const answer = await decide(called.body.proposalId, { decision: 'accept', ...(confirmCount && { confirmCount }) });
      expect([answer.status, answer.body.error.details.confirmCount]).toEqual([400, 2]);
    }
    expect(await statusOf('Bulk One')).toBe('new');
    expect((await decide(called.body.proposalId, { decision: 'accept', confirmCount: 2 })).body.proposal.status).toBe('executed');
    expect(await statusOf('Bulk Two')).toBe('lost');
  });

  it('belongs to one person: others neither see nor make it', async () => {
    const ann = await api.keyOf('ann', 'rep');
    const bob = await api.keyOf('bob', 'rep');
    await add('Private Plumbing');
    const proposal = await propose('update_lead', { lead: 'Private Plumbing', status: 'lost' }, ann);
    expect((await api.ask('GET', `/api/v1/proposals/${proposal.id}`, { key: bob })).status).toBe(404);
    const seen = (key: string) =>
      api.ask('GET', '/api/v1/proposals?status=pending', { key }).then((a) => a.body.proposals.map((p: { id: string }) => p.id));
    expect(await seen(bob)).toEqual([]);
    expect(await seen(ann)).toEqual([proposal.id]);
    const answer = await decide(proposal.id, { decision: 'accept' }, bob);
    expect([answer.status, answer.body.error.code]).toEqual([403, 'forbidden']);
    expect((await decide(proposal.id, { decision: 'accept' }, ann)).status).toBe(200);
    const receipt = (await api.ask('GET', '/api/v1/receipts', { key: ann })).body.receipts[0].id;
    expect((await api.ask('GET', `/api/v1/receipts/${receipt}`, { key: bob })).status).toBe(404);
    expect((await api.ask('POST', `/api/v1/receipts/${receipt}/undo`, { key: bob })).status).toBe(404);
    expect((await api.ask('GET', '/api/v1/receipts', { key: bob })).body.receipts).toEqual([]);
    expect((await api.ask('POST', `/api/v1/receipts/${receipt}/undo`, { key: ann })).status).toBe(200);
    expect(await statusOf('Private Plumbing')).toBe('new');
  });

  it('made by a viewer is refused', async () => {
    await add('Viewer Vents');
    const proposal = await propose('update_lead', { lead: 'Viewer Vents', status: 'lost' });
    expect((await decide(proposal.id, { decision: 'accept' }, await api.keyOf('val', 'viewer'))).status).toBe(403);
  });

  it('respond asks in the conversation, and a new draft takes the place of the old one', async () => {
    await add('Not That Masonry');
    await add('Rather This Roofing');
    const { id } = (await api.ask('POST', '/api/v1/conversations')).body;
    const said = await api.ask('POST', `/api/v1/conversations/${id}/messages`, { body: { text: 'clean up' } });
    const [old] = said.body.proposals;
    expect(old).toMatchObject({ tool: 'delete_lead', status: 'pending', conversationId: id });
    const empty = await decide(old.id, { decision: 'respond' });
    expect(empty.status).toBe(400);
    const { status, body } = await decide(old.id, { decision: 'respond', note: 'rather the roofing company' });
    expect(status).toBe(200);
    expect(body.proposal).toMatchObject({ id: old.id, status: 'superseded' });
    expect(body.replacement).toMatchObject({
      tool: 'delete_lead',
      status: 'pending',
      title: expect.stringContaining('Rather This Roofing'),
    });
    expect(body.reply.text).toContain('waits for you');
    expect((await decide(old.id, { decision: 'accept' })).status).toBe(409);
    expect((await decide(body.replacement.id, { decision: 'accept' })).body.proposal.status).toBe('executed');
    expect(await statusOf('Not That Masonry')).toBe('new');
    const history = (await api.ask('GET', `/api/v1/conversations/${id}/messages`)).body.messages;
    expect(history.map((m: { role: string; text: string }) => [m.role, m.text.slice(0, 10)])).toEqual([
      ['user', 'clean up'],
      ['assistant', expect.any(String)],
      ['user', 'rather the'],
      ['assistant', expect.any(String)],
    ]);
  });
});

describe('an Idempotency-Key', () => {
  const send = (key: string, name: string, more = {}) =>
    api.ask('POST', '/api/v1/leads', { body: { name }, headers: { 'idempotency-key': key }, ...more });
  const count = async (name: string) => (await api.ask('GET', `/api/v1/leads?query=${encodeURIComponent(name)}`)).body.total;

  it('makes a repeated request happen once and answers it the same', async () => {
    const first = await send('key-1', 'Repeat Refrigeration');
    const again = await send('key-1', 'Repeat Refrigeration');
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect([first.headers.get('idempotency-replayed'), again.headers.get('idempotency-replayed')]).toEqual([null, 'true']);
    expect(await count('Repeat Refrigeration')).toBe(1);
  });

  it('holds for requests that race each other', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => send('key-2', 'Racing Rigging')));
    expect(await count('Racing Rigging')).toBe(1);
    expect(answers.some((answer) => answer.status === 201)).toBe(true);
    expect(
      answers.every((answer) => answer.status === 201 || (answer.status === 409 && /still runs/.test(answer.body.error.message))),
    ).toBe(true);
  });

  it('is refused for another body, another route, and as nonsense', async () => {
    await send('key-3', 'Bound Boilers');
    const other = await send('key-3', 'Unbound Boilers');
    expect([other.status, other.body.error.code]).toEqual([422, 'invalid_input']);
    const route = await api.ask('POST', '/api/v1/tools/create_lead', {
      body: { name: 'Bound Boilers' },
      headers: { 'idempotency-key': 'key-3' },
    });
    expect(route.status).toBe(422);
    expect((await send('x'.repeat(201), 'Long Key Ladders')).status).toBe(400);
    expect(await count('Boilers')).toBe(1);
  });

  it('belongs to its user', async () => {
    const ann = await api.keyOf('ann', 'rep');
    await send('key-4', 'Shared Key Siding');
    const answer = await send('key-4', 'Own Key Siding', { key: ann });
    expect(answer.status).toBe(201);
  });

  it('keeps a refusal, but not one that may pass', async () => {
    const refused = await send('key-5', '***');
    expect(refused.status).toBe(400);
    expect((await send('key-5', '***')).headers.get('idempotency-replayed')).toBe('true');
    const conflict = () =>
      api.ask('PUT', '/api/v1/leads/Bound%20Boilers', {
        body: { status: 'won', version: 2 },
        headers: { 'idempotency-key': 'key-6' },
      });
    expect((await conflict()).status).toBe(409);
    await api.ask('PUT', '/api/v1/leads/Bound%20Boilers', { body: { status: 'contacted' } });
    expect((await conflict()).status).toBe(200);
  });

  it('presses an approval once', async () => {
    await add('Pressed Paving');
    const proposal = await propose('update_lead', { lead: 'Pressed Paving', status: 'won' });
    const press = () =>
      api.ask('POST', `/api/v1/proposals/${proposal.id}/decision`, {
        body: { decision: 'accept' },
        headers: { 'idempotency-key': 'key-7' },
      });
    const [first, second] = [await press(), await press()];
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.body.receipt.id).toBe(first.body.receipt.id);
  });
});
