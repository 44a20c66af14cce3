import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Sent } from '../../../src/core/chat.ts';
import type { Outgoing } from '../../../src/core/outbox.ts';
import { openWorld, type World } from '../../world.ts';
import { channel, forgetAll, rep } from './messages.ts';
import { otherProcess } from './processes.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ worker: false });
});
beforeEach(() => forgetAll(world.database));
afterAll(() => world.close());

const outbox = () => world.database.chat.outbox;
const sentAs = (messageId: string, name = 'C1'): Sent => ({ place: { ...channel, channel: name }, messageId });
const post = (text: string, name = 'C1'): Outgoing => ({
  kind: 'post',
  place: { ...channel, channel: name },
  said: { text, cards: [], fallback: text },
});
const update = (text: string, name = 'C1'): Outgoing => ({
  kind: 'update',
  sent: sentAs('m1', name),
  said: { text, cards: [], fallback: text },
});
const textOf = ({ outgoing }: { outgoing: Outgoing }) => outgoing.said.text;
const rows = async () =>
  (
    await world.database.pool.query<{ key: string; state: string; attempts: number; kept: boolean; code: string | null }>(
      `SELECT key, state, attempts, content IS NOT NULL AS kept, error ->> 'code' AS code FROM outbox ORDER BY id`,
    )
  ).rows;
/** The clock goes on by so many seconds for all that is kept. */
const later = async (seconds: number) => {
  const by = `interval '${seconds} seconds'`;
  await world.database.pool.query(
    `UPDATE outbox SET started_at = started_at - ${by}, order_at = order_at - ${by}, due_at = due_at - ${by}`,
  );
  await world.database.pool.query(`UPDATE outbox_pace SET at = at - ${by}`);
};
/** Takes and sends all that can be sent now; gives its texts. */
const sendAll = async () => {
  const texts: (string | undefined)[] = [];
  for (;;) {
    const claimed = await outbox().claim(10);
    if (claimed.length === 0) return texts;
    for (const row of claimed) {
      texts.push(textOf(row));
      await outbox().sent(row.id, sentAs(`m-${row.id}`));
    }
  }
};

describe('what waits to be said', () => {
  it('is kept once for its key, with one job that sends', async () => {
    await outbox().put('a', post('first'));
    await outbox().put('a', post('again'));
    await outbox().put('b', post('second'));
    expect((await rows()).map(({ key }) => key)).toEqual(['a', 'b']);
    const jobs = await world.database.pool.query('SELECT key, task_identifier AS name FROM graphile_worker.jobs');
    expect(jobs.rows).toEqual([{ key: `outbox:${world.database.tenantId}:slack`, name: 'outbox' }]);
    expect(await sendAll()).toEqual(['first', 'second']);
    expect(await rows()).toMatchObject([{ state: 'sent', kept: false, attempts: 1 }, { state: 'sent' }]);
  });

  it('exists exactly when the transaction it is part of commits', async () => {
    const { db } = world.deps;
    await db
      .tx(world.owner, async (records) => {
        await records.outbox.put('gone', post('never'));
        throw new Error('taken back');
      })
      .catch(() => undefined);
    await db.tx(world.owner, (records) => records.outbox.put('kept', post('said')));
    await world.deps.db.records(world.owner).outbox.put('alone', post('said, too'));
    expect((await rows()).map(({ key }) => key)).toEqual(['kept', 'alone']);
    expect(await sendAll()).toEqual(['said', 'said, too']);
  });

  it('is sent in order, one of a channel at a time, and channels do not wait for each other', async () => {
    for (const text of ['1', '2'])
      for (const name of ['C1', 'C2']) await outbox().put(`${name} ${text}`, post(`${name} ${text}`, name));
    await outbox().put('direct', { kind: 'direct', to: rep, said: { text: 'to you', cards: [], fallback: '' } });
    const first = await outbox().claim(10);
    expect(first.map(textOf)).toEqual(['C1 1', 'C2 1', 'to you']);
    expect(first.at(-1)!.outgoing).toMatchObject({ kind: 'direct', to: rep });
    expect(await outbox().claim(10)).toEqual([]);
    await outbox().sent(first[1]!.id);
    expect((await outbox().claim(10)).map(textOf)).toEqual(['C2 2']);
    await outbox().sent(first[0]!.id);
    expect((await outbox().claim(10)).map(textOf)).toEqual(['C1 2']);
  });

  it('gives two processes different channels, and nothing twice', async () => {
    const second = await world.second();
    const names = Array.from({ length: 12 }, (_, i) => `C${i}`);
    for (const name of names) for (const n of [1, 2, 3]) await outbox().put(`${name} ${n}`, post(`${name} ${n}`, name));
    const order = new Map<string, string[]>();
    const send = async (mine: ReturnType<typeof outbox>) => {
      for (let idle = 0; idle < 3; ) {
        const claimed = await mine.claim(3);
        if (claimed.length === 0) {
          idle += 1;
          await sleep(20);
        }
        for (const row of claimed) {
          const name = textOf(row)!.split(' ')[0]!;
          order.set(name, [...(order.get(name) ?? []), textOf(row)!]);
          await mine.sent(row.id);
        }
      }
    };
    await Promise.all([send(outbox()), send(outbox()), send(second.database.chat.outbox), send(second.database.chat.outbox)]);
    expect(Object.fromEntries(order)).toEqual(
      Object.fromEntries(names.map((name) => [name, [1, 2, 3].map((n) => `${name} ${n}`)])),
    );
  });

  it('holds the pace of its channel over all processes: a few at once, then one a second', async () => {
    const second = await world.second();
    for (let i = 0; i < 8; i += 1) await outbox().put(String(i), post(String(i)));
    await outbox().put('elsewhere', post('elsewhere', 'C2'));
    const take = async (mine: ReturnType<typeof outbox>) => {
      const claimed = await mine.claim(10);
      for (const { id } of claimed) await mine.sent(id);
      return claimed.map(textOf);
    };
    const burst: unknown[] = [];
    for (let i = 0; i < 6; i += 1) burst.push(...(await take(i % 2 ? outbox() : second.database.chat.outbox)));
    expect(burst).toEqual(['0', 'elsewhere', '1', '2', '3']);
    const due = (await outbox().nextDue())!.getTime() - Date.now();
    expect(due).toBeGreaterThan(0);
    expect(due).toBeLessThanOrEqual(1100);
    await later(1);
    expect(await take(outbox())).toEqual(['4']);
    expect(await take(second.database.chat.outbox)).toEqual([]);
    await later(60);
    expect(await sendAll()).toEqual(['5', '6', '7']);
    expect(await outbox().nextDue()).toBeUndefined();
  });

  it('waits for its time without holding up what comes later', async () => {
    await outbox().put('tomorrow', post('tomorrow'), { notBefore: new Date(Date.now() + 86_400_000) });
    await outbox().put('now', post('now'));
    expect(await sendAll()).toEqual(['now']);
    expect((await outbox().nextDue())!.getTime() - Date.now()).toBeGreaterThan(86_000_000);
    await later(86_400);
    expect(await sendAll()).toEqual(['tomorrow']);
  });

  it('is tried again when it is said to pass, keeps its place meanwhile, and is given up when not', async () => {
    await outbox().put('a', post('first'));
    await outbox().put('b', post('second'));
    const [row] = await outbox().claim(10);
    await outbox().failed(row!.id, { code: 'rate_limited', message: 'Slower.' }, new Date(Date.now() + 30_000));
    expect(await outbox().claim(10)).toEqual([]);
    const due = (await outbox().nextDue())!.getTime() - Date.now();
    expect(due).toBeGreaterThan(28_000);
    await later(31);
    const [again] = await outbox().claim(10);
    expect(again).toMatchObject({ id: row!.id, attempts: 2 });
    await outbox().failed(row!.id, { code: 'forbidden', message: 'Not there.' });
    expect(await sendAll()).toEqual(['second']);
    expect(await rows()).toMatchObject([
      { state: 'failed', code: 'forbidden', kept: false },
      { state: 'sent', code: null },
    ]);
  });
});

describe('a process that is killed while it sends', () => {
  it('leaves a post of which nobody can say whether it arrived, an update that is sent again, and an open channel', async () => {
    await outbox().put('post', post('did it arrive?'));
    await outbox().put('after', post('after it'));
    await outbox().put('update', update('the same again', 'C2'));
    const other = await otherProcess(world, 'send');
    other.go();
    expect(await other.line()).toBe('2');
    await other.kill();
    expect(await outbox().claim(10)).toEqual([]);
    expect((await outbox().nextDue())!.getTime()).toBeGreaterThan(Date.now() + 30_000);
    await later(61);
    const next = await outbox().claim(10);
    expect(next.map(textOf)).toEqual(['after it', 'the same again']);
    expect(next[1]!.attempts).toBe(2);
    expect((await rows())[0]).toMatchObject({ key: 'post', state: 'uncertain', attempts: 1 });
  });

  it('is believed when it was only slow', async () => {
    await outbox().put('slow', post('slow'));
    const [row] = await outbox().claim(10);
    await later(61);
    expect(await outbox().claim(10)).toEqual([]);
    expect((await rows())[0]!.state).toBe('uncertain');
    await outbox().sent(row!.id, sentAs('m1'));
    expect((await rows())[0]!.state).toBe('sent');
    await outbox().failed(row!.id, { code: 'unavailable', message: 'Too late.' }, new Date());
    expect((await rows())[0]!.state).toBe('sent');
  });

  it('does not make an update go round for ever', async () => {
    await outbox().put('poison', update('poison'));
    for (let i = 0; i < 5; i += 1) {
      expect(await outbox().claim(10)).toHaveLength(1);
      await later(61);
    }
    expect(await outbox().claim(10)).toEqual([]);
    expect((await rows())[0]).toMatchObject({ state: 'uncertain', attempts: 5 });
  });
});

describe('an installation that is revoked', () => {
  it('is sent nothing any more, not even what waited, until it is installed again', async () => {
    const { installs } = world.database.chat;
    const install = { surface: 'slack', externalTenant: 'T1', name: 'Acme', secrets: { botToken: 'xoxb' } };
    await installs.save(install);
    await outbox().put('waits', post('waits'));
    const elsewhere = post('elsewhere') as Outgoing & { kind: 'post' };
    await outbox().put('elsewhere', { ...elsewhere, place: { ...elsewhere.place, externalTenant: 'T2' } });
    expect(await installs.revoke('slack', 'T1')).toBe(true);
    expect(await installs.revoke('slack', 'T1')).toBe(false);
    expect(await rows()).toMatchObject([{ state: 'failed', code: 'forbidden', kept: false }, { state: 'waiting' }]);

    await outbox().put('late', post('late'));
    expect(await sendAll()).toEqual(['elsewhere']);
    expect(await outbox().nextDue()).toBeUndefined();
    await world.database.sweep();
    expect((await rows()).map(({ state }) => state)).toEqual(['failed', 'sent', 'failed']);

    await installs.save(install);
    await outbox().put('welcome', post('welcome'));
    expect(await sendAll()).toEqual(['welcome']);
  });
});
