import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Sent } from '../../../src/core/chat.ts';
import { jobHandlers } from '../../../src/jobs/worker.ts';
import { decide } from '../../../src/tools/decide.ts';
import { delegate } from '../../../src/tools/delegate.ts';
import { openWorld, type World } from '../../world.ts';
import { channel, forgetAll, rep } from './messages.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ worker: false });
});
beforeEach(() => forgetAll(world.database));
afterAll(() => world.close());

const chat = () => world.database.chat;
const records = () => world.deps.db.records(world.owner);
const message = (messageId: string): Sent => ({ place: channel, messageId });
const ids = (views: { sent: Sent }[]) => views.map(({ sent }) => sent.messageId).sort();
let leads = 0;
async function propose() {
  leads += 1;
  const name = `Kilns No ${leads}`;
  await world.gate.call('create_lead', { name }, world.as(world.owner));
  const outcome = await world.gate.call('update_lead', { lead: name, city: 'Reno' }, world.as(world.owner), {
    propose: true,
  });
  if (outcome.status !== 'pending_approval') throw new Error('expected a proposal');
  return outcome.proposal;
}
/** The jobs that rewrite cards, and none of them afterwards. */
async function rewrites(): Promise<string[]> {
  const { rows } = await world.database.pool.query<{ id: string; key: string }>(
    `SELECT id::text, key FROM graphile_worker.jobs WHERE task_identifier = 'cards' AND key IS NOT NULL ORDER BY id`,
  );
  await world.database.pool.query('SELECT graphile_worker.complete_jobs($1::bigint[])', [rows.map(({ id }) => id)]);
  return rows.map(({ key }) => key);
}
const accept = (id: string) =>
  world.deps.db.tx(world.owner, async (tx) => {
    const proposal = (await tx.proposals.get(id))!;
    return tx.proposals.decide(id, { decision: 'accept', shownHash: proposal.paramsHash, decider: proposal });
  });

describe('the cards of a proposal', () => {
  it('are rewritten by one job for each of its changes, and not at all where no message shows it', async () => {
    const [shown, unseen] = [await propose(), await propose()];
    await chat().cardViews.add(shown.id, message('m1'));
    await chat().cardViews.add(shown.id, message('m1'));
    expect(await rewrites()).toEqual([]);
    await accept(unseen.id);
    expect(await rewrites()).toEqual([]);
    await accept(shown.id);
    expect(await rewrites()).toEqual([`cards:${shown.id}`]);
    await records().proposals.finish(shown.id, { status: 'failed', error: { code: 'conflict', message: 'Moved.' } });
    expect(await rewrites()).toEqual([`cards:${shown.id}`]);
  });

  it.each<[string, (id: string) => Promise<unknown>]>([
    ['superseded', (id) => records().proposals.supersede(id)],
    [
      'expired',
      async (id) => {
        await world.database.pool.query(`UPDATE proposals SET expires_at = now() - interval '1 second' WHERE id = $1`, [id]);
        await world.database.sweep();
      },
    ],
    [
      'expired by its workspace',
      async (id) => {
        await world.database.pool.query(`UPDATE proposals SET expires_at = now() - interval '1 second' WHERE id = $1`, [id]);
        await records().proposals.expire();
      },
    ],
    [
      'handed on',
      async (id) => delegate(world.gate, id, { to: (await world.person('dee', 'rep')).userId }, world.as(world.owner)),
    ],
    ['skipped', (id) => decide(world.gate, id, { decision: 'ignore' }, world.as(world.owner))],
    [
      'edited',
      async (id) => {
        const proposal = (await records().proposals.get(id))!;
        await records().proposals.decide(id, {
          decision: 'edit',
          shownHash: proposal.paramsHash,
          decider: proposal,
          edited: { ...proposal, paramsHash: 'new' },
        });
      },
    ],
  ])('are rewritten when it is %s', async (_how, happens) => {
    const { id } = await propose();
    await chat().cardViews.add(id, message('m1'));
    await happens(id);
    expect(await rewrites()).toEqual([`cards:${id}`]);
  });

  it('are rewritten when its receipt is undone', async () => {
    const { id } = await propose();
    await chat().cardViews.add(id, message('m1'));
    const worker = await world.database.work(
      jobHandlers({ gate: world.gate, access: world.access, sweep: async () => undefined }),
    );
    const { receipt } = await decide(world.gate, id, { decision: 'accept' }, world.as(world.owner));
    await worker.stop();
    // a process without surfaces leaves them to one that has some
    expect(await rewrites()).toEqual([`cards:${id}`]);
    await world.gate.call('undo', { receiptId: receipt!.id }, world.as(world.owner));
    expect(await rewrites()).toEqual([`cards:${id}`]);
  });

  it('stay as they are when the change is taken back', async () => {
    const { id } = await propose();
    await chat().cardViews.add(id, message('m1'));
    await world.deps.db.preview(world.owner, (tx) => tx.proposals.supersede(id));
    expect(await rewrites()).toEqual([]);
  });

  it('are found until they show the state that it has', async () => {
    const { id } = await propose();
    await chat().cardViews.add(id, message('m1'));
    await chat().cardViews.add(id, message('m2'), rep);
    expect(await chat().cardViews.stale(id, 'executed')).toEqual([{ sent: message('m1') }, { sent: message('m2'), viewer: rep }]);
    await chat().cardViews.shown(id, message('m1'), 'executed');
    expect(ids(await chat().cardViews.stale(id, 'executed'))).toEqual(['m2']);
    await chat().cardViews.shown(id, message('m2'), 'accepted');
    expect(ids(await chat().cardViews.stale(id, 'executed'))).toEqual(['m2']);
    expect(ids(await chat().cardViews.stale(id, 'undone'))).toEqual(['m1', 'm2']);
  });

  it('are known by the messages that were sent with it', async () => {
    const [one, two] = [await propose(), await propose()];
    const said = { text: 'Two wait', cards: [], fallback: '' };
    await chat().outbox.put('direct', { kind: 'direct', to: rep, said, proposals: [one.id, two.id, 'no id at all'] });
    await accept(one.id);
    expect(await rewrites()).toEqual([]);
    const [row] = await chat().outbox.claim(10);
    await chat().outbox.sent(row!.id, message('m1'));
    // it changed while its message was on its way
    expect(await rewrites()).toEqual([`cards:${one.id}`]);
    expect(await chat().cardViews.stale(two.id, 'executed')).toEqual([{ sent: message('m1'), viewer: rep }]);
  });
});

describe('a message that begins to show a proposal while it is decided', () => {
  it('is rewritten when the decision commits after it', async () => {
    const { id } = await propose();
    const client = await world.database.pool.connect();
    await client.query('BEGIN');
    await client.query('SELECT add_card_view($1, $2, $3, $4, $5, $6, $7, NULL)', [
      world.database.tenantId,
      id,
      'slack',
      'T1',
      'C1',
      'm1',
      channel,
    ]);
    const decided = accept(id);
    await sleep(100);
    await client.query('COMMIT');
    client.release();
    expect((await decided)?.status).toBe('accepted');
    expect(await rewrites()).toEqual([`cards:${id}`]);
  });

  it('is rewritten when the decision commits before it', async () => {
    const proposal = await propose();
    const { id } = proposal;
    let added: Promise<void> | undefined;
    await world.deps.db.tx(world.owner, async (tx) => {
      await tx.proposals.decide(id, { decision: 'accept', shownHash: proposal.paramsHash, decider: proposal });
      added = chat().cardViews.add(id, message('m1'));
      await sleep(100);
    });
    await added;
    expect(await rewrites()).toEqual([`cards:${id}`]);
  });

  it('is never missed in a storm of both', async () => {
    const proposals = await Promise.all(Array.from({ length: 20 }, propose));
    await Promise.all(proposals.flatMap(({ id }) => [accept(id), chat().cardViews.add(id, message('m1'))]));
    expect((await rewrites()).sort()).toEqual(proposals.map(({ id }) => `cards:${id}`).sort());
  });
});
