import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addTenant } from '../decided-leads.ts';
import { type Answer, openReader, type Reader, read, took } from './reader.ts';
import { scripted } from './scripted-llm.ts';

let world: Reader;
beforeAll(async () => {
  world = await openReader();
});
afterAll(() => world.close());
beforeEach(() => {
  world.asked.length = 0;
  world.says([both]);
});

const about = 'We look after commercial and residential customers.';
const both: Answer = { criterion: 'resimercial', answer: 'Both', source: 'about', quote: 'commercial and residential customers' };
let leads = 0;
const lead = (attributes: Record<string, string> = {}) => world.add(`Quill Larch ${++leads}`, { about, ...attributes });

interface Kept {
  id: string;
  status: string;
  error_code: string | null;
  cost_usd: string;
  input: unknown;
  output: Record<string, unknown> | null;
}
const runs = (leadId: string) =>
  world.rows<Kept>('SELECT * FROM agent_executions WHERE lead_id = $1 ORDER BY created_at, id', leadId);
const thrownBy = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a verdict that was given before', () => {
  it('is given again without asking anybody, word for word', async () => {
    const id = await lead();
    const first = await world.qualify(id);
    const second = await world.qualify(id);
    expect(world.asked).toHaveLength(1);
    expect(first).toMatchObject({ cached: false, costUsd: '0.000300000000' });
    const { processingTimeMs: _first, ...told } = first;
    const { processingTimeMs: _second, ...again } = second;
    expect(again).toEqual({ ...told, cached: true, costUsd: '0.000000000000' });
    expect(await runs(id)).toHaveLength(1);
  });

  it.each([
    ['had nothing to say', () => []],
    ['said nothing that can be used', () => [{ ...both, quote: 'made up from nothing' }]],
  ] as [string, () => Answer[]][])('also when the model %s', async (_what, says) => {
    world.says(says());
    const id = await lead();
    const first = await world.qualify(id);
    const asked = world.asked.length;
    const second = await world.qualify(id);
    expect(world.asked).toHaveLength(asked);
    expect(second).toMatchObject({ cached: true, executionId: first.executionId, notes: first.notes, score: 0 });
  });

  it('is not given for a lead that has changed', async () => {
    const id = await lead();
    await world.qualify(id);
    await world.change(id, { fleet: '12' });
    world.says([]);
    expect((await world.qualify(id)).cached).toBe(false);
    expect(world.asked).toHaveLength(2);
    await world.change(id, {}, { status: 'contacted', phone: '(208) 555-0142' });
    expect((await world.qualify(id)).cached).toBe(true);
  });

  it('is not given when a model may be asked and might not before', async () => {
    const id = await lead();
    const [without, again, withModel] = [
      await world.qualify(id, { model: false }),
      await world.qualify(id, { model: false }),
      await world.qualify(id),
    ];
    expect([without, again, withModel].map(({ cached }) => cached)).toEqual([false, true, false]);
    expect([without, again, withModel].map(({ score }) => score)).toEqual([0, 0, 35]);
    expect((await world.qualify(id, { model: false })).score).toBe(35);
    expect(world.asked).toHaveLength(1);
  });

  it('is not given under another version of the profile', async () => {
    world.says([]);
    const id = await lead();
    await world.qualify(id);
    await world.result('update_profile', { profile: 'dealer', changes: { tiers: { GOLD: 61 } }, activate: true });
    const verdict = await world.qualify(id);
    expect(verdict).toMatchObject({ cached: false, profile: { id: 'dealer', version: 2 } });
    expect(world.asked).toHaveLength(2);
  });

  it.each([
    ['did not answer', {}, () => [{ breakOff: true as const }]],
    ['answered in no form that fits', {}, () => [{ text: 'It fits well.' }]],
    ['could not be afforded', { maxCostUsd: 0.0001 }, () => took([both])],
  ])('is not given when the model %s', async (_what, more, says) => {
    world.says(says);
    const id = await lead();
    const first = await world.qualify(id, more);
    expect(first).toMatchObject({ cached: false, degraded: true, score: 0, notes: [expect.any(String)] });
    world.says([both]);
    expect(await world.qualify(id)).toMatchObject({ cached: false, degraded: false, score: 35 });
  });

  it('without a model is not given once there is one', async () => {
    const id = await lead();
    const alone = await world.second({ llm: undefined });
    const call = async (more: Record<string, unknown>) => {
      const outcome = await alone.gate.call('qualify_lead', { lead: id, ...more }, world.as(world.owner));
      return (outcome as { result: Record<string, unknown> }).result;
    };
    expect(await call({})).toMatchObject({ cached: false, degraded: false, notes: [], score: 0 });
    const wanted = await call({ model: true });
    expect(wanted).toMatchObject({ cached: false, degraded: true });
    expect(wanted['notes']).toEqual([
      expect.stringMatching(
        /^No model is connected \(npm run doctor names the keys\), so nobody read the record for Resimercial, /,
      ),
    ]);
    expect(await world.qualify(id)).toMatchObject({ cached: false, score: 35 });
  });
});

describe('several at the same time', () => {
  it('about one lead pay for one answer', async () => {
    const id = await lead();
    world.says(() => [{ wait: 50 }, ...took([both])]);
    const verdicts = await Promise.all([1, 2, 3].map(() => world.qualify(id)));
    expect(world.asked).toHaveLength(1);
    expect(verdicts.map(({ score }) => score)).toEqual([35, 35, 35]);
    expect(new Set(verdicts.map(({ executionId }) => executionId)).size).toBe(1);
    expect(verdicts.map(({ cached }) => cached).sort()).toEqual([false, true, true]);
  });

  it('about one lead go on when the first one fails or is stopped', async () => {
    const id = await lead();
    const stop = new AbortController();
    world.says(() => (world.asked.length === 1 ? [{ wait: 60_000 }] : took([both])));
    const first = thrownBy(world.qualify(id, {}, { signal: stop.signal }));
    await expect.poll(() => world.asked.length).toBe(1);
    const gone = new AbortController();
    const second = world.qualify(id);
    const third = thrownBy(world.qualify(id, {}, { signal: gone.signal }));
    gone.abort(new Error('hung up'));
    expect(await third).toMatchObject({ message: 'hung up' });
    stop.abort(new Error('stopped by the user'));
    expect(await first).toMatchObject({ message: 'stopped by the user' });
    expect(await second).toMatchObject({ score: 35, cached: false });
    expect(await runs(id)).toMatchObject([{ status: 'stopped' }, { status: 'stopped' }, { status: 'succeeded' }]);
  });

  it('about more leads than the database has connections all get their verdict', async () => {
    const ids = [];
    for (let n = 0; n < 30; n++) ids.push(await lead());
    world.says(() => [{ wait: 100 }, ...took([both])]);
    const verdicts = await Promise.all(ids.map((id) => world.qualify(id)));
    expect(verdicts.map(({ score }) => score)).toEqual(ids.map(() => 35));
  });
});

describe('a run', () => {
  it('that succeeds is kept whole', async () => {
    const id = await lead();
    const { executionId, cached: _cached, id: leadId, ...verdict } = await world.qualify(id);
    const [run, ...others] = await runs(id);
    expect(others).toEqual([]);
    expect(run).toMatchObject({
      id: executionId,
      status: 'succeeded',
      error_code: null,
      cost_usd: '0.000300000000',
      agent_type: 'qualification',
    });
    expect(run!.output).toEqual({ ...verdict, leadId });
    expect(run!.input).toEqual({ leadId: id, model: true, maxCostUsd: '0.05' });
    expect(Object.keys(verdict).sort()).toEqual(
      'confidence costUsd degraded evidence grade missing name notes processingTimeMs profile reasoning reasons score temperature tier wouldRaise'.split(
        ' ',
      ),
    );
    expect(verdict.processingTimeMs).toBeGreaterThan(0);
  });

  it('counts its own time without that of the model', async () => {
    world.says(() => [{ wait: 1500 }, ...took([both])]);
    const id = await lead();
    const { processingTimeMs } = await world.qualify(id);
    const [{ latency_ms } = { latency_ms: 0 }] = await world.rows<{ latency_ms: number }>(
      'SELECT latency_ms FROM agent_executions WHERE lead_id = $1',
      id,
    );
    expect(latency_ms - processingTimeMs).toBeGreaterThan(1400);
  });

  it('that fails is kept as failed, with what it had cost', async () => {
    const id = await lead();
    world.says(() => {
      if (world.asked.length === 2) throw new Error('the wire burned');
      return [{ text: 'It fits well.' }];
    });
    expect(await thrownBy(world.qualify(id))).toMatchObject({ message: 'the wire burned' });
    expect(await runs(id)).toMatchObject([
      { status: 'failed', error_code: 'internal', output: null, cost_usd: '0.000300000000' },
    ]);
  });

  it('that is stopped is kept as stopped, and nothing of it on the lead', async () => {
    const id = await lead();
    const stop = new AbortController();
    world.says(() => [{ wait: 60_000 }]);
    const work = thrownBy(world.qualify(id, {}, { signal: stop.signal }));
    await expect.poll(() => world.asked.length).toBe(1);
    stop.abort(new Error('stopped by the user'));
    expect(await work).toMatchObject({ message: 'stopped by the user' });
    expect(await runs(id)).toMatchObject([{ status: 'stopped', error_code: 'cancelled', output: null }]);
    expect(await world.rows('SELECT findings FROM leads WHERE id = $1', id)).toEqual([{ findings: null }]);
  });

  it('about a lead that is not there leaves nothing behind', async () => {
    const nobody = randomUUID();
    await expect(world.qualify(nobody)).rejects.toMatchObject({ code: 'not_found' });
    const run = world.deps.agents.run(
      'qualification',
      { leadId: nobody, model: true, maxCostUsd: '1' },
      { actor: world.owner, signal: new AbortController().signal },
    );
    await expect(run).rejects.toMatchObject({ code: 'not_found' });
    expect(await runs(nobody)).toEqual([]);
    expect(world.asked).toEqual([]);
  });

  it('about a lead that is deleted while the model reads is told and paid, and nothing is kept on the lead', async () => {
    const id = await lead();
    world.says(() => [{ wait: 300 }, ...took([both])]);
    const work = world.qualify(id);
    await expect.poll(() => world.asked.length).toBe(1);
    await world.deps.db.tx({ ...world.owner }, (records) => records.leads.delete(id));
    const verdict = await work;
    expect(verdict).toMatchObject({ costUsd: '0.000300000000', score: 35 });
    expect(verdict.notes).toEqual(['The lead was deleted meanwhile: what the model found is not kept.']);
    expect(await world.rows('SELECT findings, score FROM leads WHERE id = $1', id)).toEqual([{ findings: null, score: 0 }]);
  });

  it('about a lead whose words change while the model reads gives it no points for words that are gone', async () => {
    const id = await lead();
    world.says(() => [{ wait: 300 }, ...took([both])]);
    const work = world.qualify(id);
    await expect.poll(() => world.asked.length).toBe(1);
    await world.change(id, { about: 'We look after homes.' });
    await work;
    expect(await world.rows('SELECT score FROM leads WHERE id = $1', id)).toEqual([{ score: 0 }]);
    world.says([]);
    expect(read(await world.qualify(id))).toEqual({});
  });

  it('needs a role that may make drafts', async () => {
    const id = await lead();
    const viewer = await world.person('vera', 'viewer');
    await expect(world.gate.call('qualify_lead', { lead: id }, world.as(viewer))).rejects.toMatchObject({ code: 'forbidden' });
    const rep = await world.person('rita', 'rep');
    expect(await world.gate.call('qualify_lead', { lead: id }, world.as(rep))).toMatchObject({ status: 'done' });
    const calls = await world.rows('SELECT DISTINCT user_id FROM ai_cost_tracking WHERE lead_id = $1', id);
    expect(calls).toEqual([{ user_id: rep.userId }]);
  });

  it('is of its tenant alone: neither the lead nor its verdict is there for another', async () => {
    const id = await lead();
    const { executionId } = await world.qualify(id);
    const tenantId = await addTenant(world);
    await world.rows(
      `INSERT INTO icp_profiles (id, tenant_id, key, version, content)
       SELECT gen_random_uuid(), $1, key, version, content FROM icp_profiles WHERE key = 'dealer' AND version = 1`,
      tenantId,
    );
    const stranger = { ...world.owner, tenantId };
    world.asked.length = 0;
    const call = world.gate.call('qualify_lead', { lead: id }, world.as(stranger));
    await expect(call).rejects.toMatchObject({ code: 'not_found' });
    const run = world.deps.agents.run(
      'qualification',
      { leadId: id, model: true, maxCostUsd: '1' },
      { actor: stranger, signal: new AbortController().signal },
    );
    await expect(run).rejects.toMatchObject({ code: 'not_found' });
    expect(world.asked).toEqual([]);

    const [{ cache_key: key } = { cache_key: '' }] = await world.rows<{ cache_key: string }>(
      'SELECT cache_key FROM agent_executions WHERE id = $1',
      executionId,
    );
    const { ledger } = world.database;
    expect(await ledger.cached(world.owner.tenantId, 'qualification', key)).toMatchObject({ id: executionId });
    expect(await ledger.cached(tenantId, 'qualification', key)).toBeUndefined();
    const { executions } = world.deps.db.records({ ...stranger });
    expect(await executions.known('qualification', [key])).toEqual(new Set());
  });

  it('about a lead that is closed says so beside the verdict', async () => {
    const id = await lead();
    await world.change(id, {}, { status: 'won' });
    expect((await world.qualify(id)).notes).toEqual(['Its status is won: nobody needs to call.']);
  });

  it('asks nothing where the record leaves nothing open', async () => {
    const all = { Resimercial_Score: '100', MultiOEM_Score: '50', MEPR_Score: '75', OM_Score: '60' };
    const verdict = await world.qualify(await lead(all));
    expect(world.asked).toEqual([]);
    expect(verdict).toMatchObject({
      score: 75.2,
      tier: 'GOLD',
      confidence: 1,
      missing: [],
      costUsd: '0.000000000000',
      degraded: false,
    });
  });

  it('is the same through a second process, which finds what the first one kept', async () => {
    const id = await lead();
    const { executionId } = await world.qualify(id);
    const llm = scripted(() => took([]));
    const other = await world.second({ llm });
    const outcome = await other.gate.call('qualify_lead', { lead: id }, world.as(world.owner));
    expect(outcome).toMatchObject({ status: 'done', result: { executionId, cached: true, score: 35 } });
    expect(llm.requests).toEqual([]);
  });
});
