import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config.ts';
import type { Pressable } from '../../../src/core/outbox.ts';
import { installs } from '../../../src/db/chat/installs.ts';
import { sealWith } from '../../../src/db/chat/seal.ts';
import { openWorld, type World } from '../../world.ts';
import { channel, forgetAll, rep } from './messages.ts';

let world: World;
let dataDir: string;
beforeAll(async () => {
  world = await openWorld({ worker: false });
});
beforeEach(async () => {
  await forgetAll(world.database);
  dataDir = await mkdtemp(join(tmpdir(), 'secrets-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));
afterAll(() => world.close());

const key = (fill: number) => new Uint8Array(32).fill(fill);
const about = 'install of Acme';

/** Every row of every table, the queue's as well. */
async function dump(): Promise<string> {
  const { pool } = world.database;
  const { rows } = await pool.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('public', 'graphile_worker')`,
  );
  const tables = await Promise.all(rows.map(({ name }) => pool.query<{ line: string }>(`SELECT t::text AS line FROM ${name} t`)));
  return tables.flatMap((table) => table.rows.map(({ line }) => line)).join('\n');
}
/** Also as the bytes that a column of bytes shows. */
const formsOf = (secret: string) => [
  secret,
  Buffer.from(secret).toString('hex'),
  Buffer.from(secret).toString('base64').slice(0, -3),
];

describe('sealing', () => {
  it('gives back what was sealed, and never the same bytes twice', async () => {
    const seal = sealWith({ key: key(1), dataDir });
    const [one, two] = [await seal.close('geheim ✓', about), await seal.close('geheim ✓', about)];
    expect(one.equals(two)).toBe(false);
    expect(await seal.open(one, about)).toBe('geheim ✓');
    expect(one.toString('latin1')).not.toContain('geheim');
  });

  it('refuses bytes of another key, of another place, or that were touched, and says which setting to look at', async () => {
    const seal = sealWith({ key: key(1), dataDir });
    const sealed = await seal.close('secret', about);
    const refused = { code: 'misconfigured', message: expect.stringContaining('SECRETS_KEY') };
    await expect(sealWith({ key: key(2), dataDir }).open(sealed, about)).rejects.toMatchObject(refused);
    await expect(sealWith({ key: undefined, dataDir }).open(sealed, about)).rejects.toMatchObject(refused);
    await expect(seal.open(sealed, 'install of another')).rejects.toMatchObject(refused);
    for (const at of [0, 1, 13, 29, sealed.length - 1]) {
      const touched = Buffer.from(sealed);
      touched[at]! ^= 1;
      await expect(seal.open(touched, about), `byte ${at}`).rejects.toMatchObject(refused);
    }
    await expect(seal.open(sealed.subarray(0, 10), about)).rejects.toMatchObject(refused);
  });

  it('makes a key that only we can read when none is set, and uses it ever after', async () => {
    const sealed = await sealWith({ key: undefined, dataDir }).close('secret', about);
    expect((await stat(join(dataDir, 'secrets.key'))).mode & 0o777).toBe(0o600);
    expect(await sealWith({ key: undefined, dataDir }).open(sealed, about)).toBe('secret');
    const written = (await readFile(join(dataDir, 'secrets.key'), 'utf8')).trim();
    expect(await sealWith({ key: Buffer.from(written, 'base64'), dataDir }).open(sealed, about)).toBe('secret');
  });

  it('makes one key when four processes need the first at the same time', async () => {
    const script = `import { sealWith } from './src/db/chat/seal.ts';
      process.stdout.write(await sealWith({ key: undefined, dataDir: process.argv[1] }).digest('x', 'y'));`;
    const run = () =>
      promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script, join(dataDir, 'new')]);
    const digests = await Promise.all(Array.from({ length: 4 }, run));
    expect(new Set(digests.map(({ stdout }) => stdout)).size).toBe(1);
    expect(digests[0]!.stdout).toMatch(/^[0-9a-f]{64}$/);
    expect(await readdir(join(dataDir, 'new'))).toEqual(['secrets.key']);
  });

  it('makes one key when many ask for the first at the same time in one process', async () => {
    const digests = await Promise.all(Array.from({ length: 20 }, () => sealWith({ key: undefined, dataDir }).digest('x', 'y')));
    expect(new Set(digests).size).toBe(1);
  });

  it('refuses a file that holds no key, and does not write over it', async () => {
    await writeFile(join(dataDir, 'secrets.key'), 'oops\n');
    await expect(sealWith({ key: undefined, dataDir }).close('x', about)).rejects.toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining('secrets.key'),
    });
    expect(await readFile(join(dataDir, 'secrets.key'), 'utf8')).toBe('oops\n');
  });

  it.each([
    ['base64', Buffer.from(key(7)).toString('base64')],
    ['base64 without its end', Buffer.from(key(7)).toString('base64url')],
    ['hex', Buffer.from(key(7)).toString('hex')],
  ])('takes SECRETS_KEY as %s', (_form, text) => {
    expect(Buffer.from(loadConfig({ SECRETS_KEY: text }).SECRETS_KEY!).equals(Buffer.from(key(7)))).toBe(true);
  });

  it('refuses a SECRETS_KEY of another length without showing it', () => {
    expect(() => loadConfig({ SECRETS_KEY: 'too-short-a-secret' })).toThrow(/SECRETS_KEY must be 32 bytes/);
    expect(() => loadConfig({ SECRETS_KEY: 'too-short-a-secret' })).not.toThrow(/too-short/);
  });
});

describe('an installation', () => {
  const install = {
    surface: 'slack',
    externalTenant: 'T1',
    name: 'Acme',
    secrets: { botToken: 'xoxb-very-secret', scopes: ['chat:write'] },
    botUserId: 'UBOT',
  };

  it('is found with its secrets, which nobody reads in the database', async () => {
    await world.database.chat.installs.save(install);
    expect(await world.database.chat.installs.find('slack', 'T1')).toEqual(install);
    expect(await world.database.chat.installs.find('slack', 'T2')).toBeUndefined();
    const { secrets: _secrets, ...shown } = install;
    expect(await world.database.chat.installs.list('slack')).toEqual([shown]);
    const all = await dump();
    expect(all).toContain('Acme');
    for (const form of formsOf('xoxb-very-secret')) expect(all).not.toContain(form);
  });

  it('has no secrets left once it is revoked, and is as new when it is installed again', async () => {
    await world.database.chat.installs.save(install);
    expect(await world.database.chat.installs.revoke('slack', 'T1')).toBe(true);
    expect(await world.database.chat.installs.find('slack', 'T1')).toBeUndefined();
    expect(await world.database.chat.installs.list('slack')).toEqual([]);
    const { rows } = await world.database.pool.query('SELECT sealed FROM chat_installs');
    expect(rows).toEqual([{ sealed: null }]);
    await world.database.chat.installs.save({ ...install, secrets: { botToken: 'xoxb-new' } });
    expect((await world.database.chat.installs.find('slack', 'T1'))?.secrets).toEqual({ botToken: 'xoxb-new' });
  });

  it('does not open with another key, nor in the place of another', async () => {
    await world.database.chat.installs.save(install);
    const { pool, tenantId } = world.database;
    const stranger = installs(pool, tenantId, sealWith({ key: key(9), dataDir }));
    await expect(stranger.find('slack', 'T1')).rejects.toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining('SECRETS_KEY'),
    });
    await pool.query(`UPDATE chat_installs SET external_tenant = 'T2'`);
    await expect(world.database.chat.installs.find('slack', 'T2')).rejects.toMatchObject({ code: 'misconfigured' });
  });
});

describe('a token', () => {
  const pressable: Pressable = { kind: 'undo', receiptId: '0193a000-0000-7000-8000-000000000001' };

  it('is 22 signs that say nothing, and stands for what it was made for until it is old', async () => {
    const { tokens } = world.database.chat;
    const made = await Promise.all(Array.from({ length: 20 }, () => tokens.make(pressable, 24)));
    expect(new Set(made).size).toBe(20);
    for (const token of made) expect(token).toMatch(/^[\w-]{22}$/);
    expect(await tokens.read(made[0]!)).toEqual(pressable);
    expect(await tokens.read(made[0]!)).toEqual(pressable);
    expect(await tokens.read('A'.repeat(22))).toBeUndefined();
    expect(await tokens.read(`${made[0]} `)).toBeUndefined();
    expect(await tokens.read('\0')).toBeUndefined();
    await world.database.pool.query(`UPDATE action_tokens SET expires_at = expires_at - interval '24 hours'`);
    expect(await tokens.read(made[0]!)).toBeUndefined();
    await world.database.sweep();
    expect((await world.database.pool.query('SELECT FROM action_tokens')).rowCount).toBe(0);
  });

  it('stands nowhere in the database, neither by itself nor on the button of a card that waits', async () => {
    const { tokens, outbox } = world.database.chat;
    const token = await tokens.make(pressable, 24);
    const said = { cards: [{ blocks: [{ type: 'actions' as const, buttons: [{ label: 'Undo', token }] }] }], fallback: 'Undo?' };
    await outbox.put('card', { kind: 'post', place: channel, said });
    await outbox.put('direct', { kind: 'direct', to: rep, said });
    const all = await dump();
    expect(all).toContain(pressable.kind);
    for (const form of formsOf(token)) expect(all).not.toContain(form);
    expect((await outbox.claim(10)).map(({ outgoing }) => outgoing.said)).toEqual([said, said]);
  });

  it('that waits to be sent under a lost key is given up, and holds up nobody', async () => {
    const { outbox } = world.database.chat;
    const said = { text: 'hello', cards: [], fallback: '' };
    await outbox.put('lost', { kind: 'post', place: channel, said });
    await outbox.put('next', { kind: 'post', place: channel, said });
    await world.database.pool.query(`UPDATE outbox SET content = content || '\\x00' WHERE key = 'lost'`);
    expect(await outbox.claim(10)).toEqual([]);
    expect(await outbox.claim(10)).toHaveLength(1);
    const { rows } = await world.database.pool.query(`SELECT state, error ->> 'code' AS code FROM outbox ORDER BY id`);
    expect(rows).toEqual([
      { state: 'failed', code: 'misconfigured' },
      { state: 'started', code: null },
    ]);
  });
});
