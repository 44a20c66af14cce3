import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../../src/core/actor.ts';
import type { ChatUser } from '../../../src/core/chat.ts';
import { openWorld, type World } from '../../world.ts';
import { forgetAll, rep } from './messages.ts';

let world: World;
let eve: Actor;
beforeAll(async () => {
  world = await openWorld({ worker: false, demo: true });
  eve = await world.person('eve', 'rep');
});
beforeEach(async () => {
  await forgetAll(world.database);
  await world.database.pool.query('UPDATE users SET email = NULL, disabled_at = NULL WHERE NOT demo');
});
afterAll(() => world.close());

const identities = () => world.database.chat.identities;
const hasEmail = (handle: string, email: string) =>
  world.database.pool.query('UPDATE users SET email = $2 WHERE handle = $1', [handle, email]);
const someone = (externalUser: string): ChatUser => ({ ...rep, externalUser });
const wrongCode = (code: string) => code.replace(/^./, (first) => (first === 'Z' ? 'Y' : 'Z'));
/** The clock goes on by so many minutes. */
const later = async (minutes: number) => {
  const by = `interval '${minutes} minutes'`;
  await world.database.pool.query(`UPDATE link_codes SET expires_at = expires_at - ${by}`);
  await world.database.pool.query(
    `UPDATE chat_identities SET wrong_codes = ARRAY(SELECT at - ${by} FROM unnest(wrong_codes) at)`,
  );
};

describe('an e-mail address that the surface verified', () => {
  it('links to the one user who has it, in capitals or not', async () => {
    await hasEmail('eve', 'Eve@Example.com');
    expect(await identities().find(rep)).toEqual({ none: 'unknown' });
    expect(await identities().linkByEmail(rep, 'nobody@example.com')).toBeUndefined();
    expect(await identities().linkByEmail(rep, ' eve@EXAMPLE.com ')).toEqual({ userId: eve.userId });
    expect(await identities().find(rep)).toEqual({ userId: eve.userId });
    expect(await identities().of(eve.userId)).toEqual([rep]);
    expect(await identities().find({ ...rep, externalTenant: 'T2' })).toEqual({ none: 'unknown' });
    const audit = await world.database.pool.query(`SELECT user_id, surface FROM audit_log WHERE action = 'link'`);
    expect(audit.rows).toEqual([{ user_id: eve.userId, surface: 'slack' }]);
  });

  it('links to nobody when two have it, when whoever has it is shut out, and never to a made-up demo person', async () => {
    await hasEmail('eve', 'sales@example.com');
    await hasEmail('owner', 'SALES@example.com');
    expect(await identities().linkByEmail(rep, 'sales@example.com')).toBeUndefined();
    await world.database.pool.query(`UPDATE users SET email = NULL WHERE handle = 'owner'`);
    await world.access.setDisabled('eve', true);
    expect(await identities().linkByEmail(rep, 'sales@example.com')).toBeUndefined();
    const demo = await world.database.pool.query<{ handle: string }>('SELECT handle FROM users WHERE demo LIMIT 1');
    await hasEmail(demo.rows[0]!.handle, 'demo@example.com');
    expect(await identities().linkByEmail(rep, 'demo@example.com')).toBeUndefined();
    expect(await identities().find(rep)).toEqual({ none: 'unknown' });
  });

  it.each(['\u212aim@example.com', 'ki%@example.com', 'k_m@example.com', '', '@', '%'])(
    'is not taken for another: %s',
    async (email) => {
      await hasEmail('eve', 'kim@example.com');
      await hasEmail('owner', '');
      expect(await identities().linkByEmail(rep, email)).toBeUndefined();
    },
  );

  it('does not take somebody away from whom they are linked to, nor link again who wished to be nobody', async () => {
    await hasEmail('eve', 'eve@example.com');
    await identities().linkByCode(rep, await identities().makeCode(world.owner.userId));
    expect(await identities().linkByEmail(rep, 'eve@example.com')).toEqual({ userId: world.owner.userId });
    expect(await identities().unlink(rep)).toBe(true);
    expect(await identities().unlink(rep)).toBe(false);
    expect(await identities().find(rep)).toEqual({ none: 'unknown' });
    expect(await identities().linkByEmail(rep, 'eve@example.com')).toBeUndefined();
    await identities().linkByCode(rep, await identities().makeCode(eve.userId));
    expect(await identities().find(rep)).toEqual({ userId: eve.userId });
  });

  it('links once when it is asked for many times at the same moment', async () => {
    await hasEmail('eve', 'eve@example.com');
    const all = await Promise.all(Array.from({ length: 10 }, () => identities().linkByEmail(rep, 'eve@example.com')));
    expect(all).toEqual(all.map(() => ({ userId: eve.userId })));
  });
});

describe('a code', () => {
  it('links whoever says it, once, and however they write it', async () => {
    const code = await identities().makeCode(eve.userId);
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/);
    const written = `${code.slice(0, 4)}-${code.slice(4)}`.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l');
    expect(await identities().linkByCode(rep, ` ${written} `)).toEqual({ userId: eve.userId });
    expect(await identities().linkByCode(someone('U2'), code)).toBe('wrong');
    expect(await identities().of(eve.userId)).toEqual([rep]);
  });

  it('is one person’s when two say it at the same moment', async () => {
    const code = await identities().makeCode(eve.userId);
    const tries = await Promise.all(Array.from({ length: 6 }, (_, i) => identities().linkByCode(someone(`U${i}`), code)));
    expect(tries.filter((outcome) => outcome !== 'wrong')).toEqual([{ userId: eve.userId }]);
  });

  it('is over after ten minutes, after the next one, and when its user is shut out', async () => {
    const old = await identities().makeCode(eve.userId);
    const next = await identities().makeCode(eve.userId);
    expect(await identities().linkByCode(rep, old)).toBe('wrong');
    await world.access.setDisabled('eve', true);
    expect(await identities().linkByCode(rep, next)).toBe('wrong');
    await world.access.setDisabled('eve', false);
    await later(10);
    expect(await identities().linkByCode(rep, next)).toBe('wrong');
    await world.database.sweep();
    expect((await world.database.pool.query('SELECT FROM link_codes')).rowCount).toBe(0);
  });

  it('is kept as a hash that cannot be guessed without the key', async () => {
    const code = await identities().makeCode(eve.userId);
    const { rows } = await world.database.pool.query<{ hash: string; plain: boolean }>(
      `SELECT hash, hash = encode(sha256(convert_to($1, 'UTF8')), 'hex') AS plain FROM link_codes`,
      [code],
    );
    expect(rows).toEqual([{ hash: expect.stringMatching(/^[0-9a-f]{64}$/), plain: false }]);
  });

  it('can be got wrong five times in ten minutes, then not even the right one counts', async () => {
    const code = await identities().makeCode(eve.userId);
    for (let i = 0; i < 5; i += 1) expect(await identities().linkByCode(rep, wrongCode(code))).toBe('wrong');
    expect(await identities().linkByCode(rep, code)).toBe('too_many');
    expect(await identities().linkByCode(someone('U2'), wrongCode(code))).toBe('wrong');
    await later(9);
    expect(await identities().linkByCode(rep, code)).toBe('too_many');
    await later(1);
    expect(await identities().linkByCode(rep, await identities().makeCode(eve.userId))).toEqual({ userId: eve.userId });
  });

  it('is tried five times at the most, also at the same moment and in two processes', async () => {
    const second = await world.second();
    const code = await identities().makeCode(eve.userId);
    const tries = Array.from({ length: 30 }, (_, i) =>
      (i % 2 ? identities() : second.database.chat.identities).linkByCode(rep, wrongCode(code)),
    );
    const outcomes = await Promise.all(tries);
    expect(outcomes.filter((outcome) => outcome === 'wrong')).toHaveLength(5);
    expect(outcomes.filter((outcome) => outcome === 'too_many')).toHaveLength(25);
  });
});

describe('an outsider', () => {
  it('stays one, loses what an e-mail address gave them, and keeps what a code did', async () => {
    await identities().noteOutsider(rep);
    expect(await identities().find(rep)).toEqual({ none: 'outsider' });
    await hasEmail('eve', 'eve@example.com');
    await identities().linkByEmail(someone('U2'), 'eve@example.com');
    await identities().noteOutsider(someone('U2'));
    expect(await identities().find(someone('U2'))).toEqual({ none: 'outsider' });
    await identities().linkByCode(rep, await identities().makeCode(eve.userId));
    await identities().noteOutsider(rep);
    expect(await identities().find(rep)).toEqual({ userId: eve.userId });
  });

  it('is asked about again after an hour: guests become members', async () => {
    await identities().noteOutsider(rep);
    await world.database.pool.query(`UPDATE chat_identities SET outsider_at = outsider_at - interval '1 hour'`);
    expect(await identities().find(rep)).toEqual({ none: 'unknown' });
    await hasEmail('eve', 'eve@example.com');
    expect(await identities().linkByEmail(rep, 'eve@example.com')).toEqual({ userId: eve.userId });
  });
});

describe('where somebody can be reached', () => {
  it('is not where we were thrown out, until we are back', async () => {
    const { installs } = world.database.chat;
    const elsewhere: ChatUser = { ...someone('U7'), externalTenant: 'T7' };
    for (const user of [elsewhere, rep]) await identities().linkByCode(user, await identities().makeCode(eve.userId));
    const install = { surface: 'slack', externalTenant: 'T7', name: 'Seven', secrets: {} };
    await installs.save(install);
    expect(await identities().of(eve.userId)).toEqual([elsewhere, rep]);
    await installs.revoke('slack', 'T7');
    expect(await identities().of(eve.userId)).toEqual([rep]);
    await installs.save(install);
    expect(await identities().of(eve.userId)).toEqual([elsewhere, rep]);
  });
});

describe('a user who is deleted', () => {
  it('takes identities, codes and preferences along', async () => {
    const gone = await world.person('gone', 'rep');
    const { preferences } = world.database.chat;
    await identities().linkByCode(rep, await identities().makeCode(gone.userId));
    await identities().makeCode(gone.userId);
    await preferences.change(gone.userId, { muted: ['morning'] });
    await preferences.maySpeak(gone.userId, new Date('2026-11-24T17:00:00Z'), { kind: 'brief', key: 'b' });
    await world.database.pool.query('DELETE FROM users WHERE id = $1', [gone.userId]);
    expect(await identities().find(rep)).toEqual({ none: 'unknown' });
    for (const table of ['chat_identities', 'link_codes', 'preferences', 'proactive_messages'])
      expect((await world.database.pool.query(`SELECT FROM ${table}`)).rowCount, table).toBe(0);
  });
});
