import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { approvalsCommand } from '../../src/bot/console/approvals.ts';
import { chatCommand } from '../../src/bot/console/chat.ts';
import type { Actor } from '../../src/core/actor.ts';
import type { Proposal } from '../../src/core/proposal.ts';
import type { Records } from '../../src/core/records.ts';
import { openWorld, type World } from '../world.ts';
import { type Script, says, scripted, uses } from './scripted.ts';
import { FakeTerminal } from './terminal.ts';

let world: World;
let actor: Actor;
let records: Records;
beforeAll(async () => {
  world = await openWorld();
  actor = { ...world.owner, surface: 'terminal' };
  records = world.deps.db.records({ tenantId: actor.tenantId, userId: actor.userId, surface: 'terminal' });
  await world.person('bea', 'rep');
});
afterAll(() => world.close());

const script: Script = (last) => {
  if (last.role === 'tool') return says('As you see.');
  if (last.text === 'what waits') return uses('list_pending', {});
  if (last.text === 'propose two')
    return [...uses('create_lead', { name: `Made One ${run}` }), ...uses('create_lead', { name: `Made Two ${run}` })].map(
      (delta, i) => (delta.type === 'tool_call' ? { ...delta, call: { ...delta.call, id: `call-${i}` } } : delta),
    );
  return says(`You said: ${last.text}`);
};

let run = 0;
/** Newest first, as lists show them: 1 is the last one made. */
let waiting: Proposal[];
const propose = async (name: string) => {
  const outcome = await world.gate.call('create_lead', { name }, { actor, by: 'person' }, { propose: true });
  if (outcome.status !== 'pending_approval') throw new Error('expected a proposal');
  return outcome.proposal;
};
beforeEach(async () => {
  run++;
  await world.database.pool.query(`UPDATE proposals SET status = 'ignored' WHERE status = 'pending'`);
  waiting = [await propose(`Charlie ${run}`), await propose(`Bravo ${run}`), await propose(`Alpha ${run}`)].reverse();
});
const states = async () => Promise.all(waiting.map(async ({ id }) => (await records.proposals.get(id))!.status));

function chat() {
  const terminal = new FakeTerminal();
  const converser = scripted(world, script);
  const code = chatCommand(['--new'], { ...world, converser, actor, records, ...terminal.streams });
  const say = async (text: string, answer: string) => {
    terminal.type(`${text}\r`);
    await terminal.until(answer);
    await terminal.until('> ');
  };
  const leave = async () => {
    terminal.type('\u0004');
    expect(await code).toBe(0);
  };
  return { terminal, say, leave };
}

describe('words at the terminal', () => {
  it('decide about what was listed, each with its receipt, and the excepted one still waits', async () => {
    const { terminal, say, leave } = chat();
    await terminal.until('> ');
    await say('/pending', `Charlie ${run}`);
    await say('approve all except the second', `✓ Charlie ${run}`);
    expect(await states()).toEqual(['executed', 'pending', 'executed']);
    // numbers stay those of the list
    await say('skip 2', 'Skipped; nothing was changed.');
    expect(await states()).toEqual(['executed', 'ignored', 'executed']);
    expect(terminal.text).not.toContain('You said: approve');
    await leave();
  });

  it('count for what the assistant listed, too; questions and other words stay the assistant’s, which decides nothing', async () => {
    const { terminal, say, leave } = chat();
    await terminal.until('> ');
    await say('what waits', `Charlie ${run}`);
    await say('should I approve all?', 'You said: should I approve all?');
    await say('what waits', `Charlie ${run}`);
    await say('do not approve the first', 'You said: do not approve the first');
    expect(await states()).toEqual(['pending', 'pending', 'pending']);
    await say('what waits', `Charlie ${run}`);
    await say(`approve bravo ${run} and skip the rest`, 'Skipped; nothing was changed.');
    expect(await states()).toEqual(['ignored', 'executed', 'ignored']);
    await leave();
  });

  it('decide nothing that was not seen: the list comes first', async () => {
    const { terminal, say, leave } = chat();
    await terminal.until('> ');
    await say('approve all', 'say it again');
    expect(await states()).toEqual(['pending', 'pending', 'pending']);
    await say('approve all but zebra', 'Nothing was decided');
    expect(await states()).toEqual(['pending', 'pending', 'pending']);
    await say('approve all', `✓ Charlie ${run}`);
    expect(await states()).toEqual(['executed', 'executed', 'executed']);
    await leave();
  });

  it('decide about all of a turn where one is asked about', async () => {
    const { terminal, say, leave } = chat();
    await terminal.until('> ');
    terminal.type('propose two\r');
    await terminal.until('Approve?');
    terminal.type('approve all except the second\r');
    await terminal.until(`✓ Made One ${run}`);
    await terminal.until(`Made Two ${run}`);
    await terminal.until('Approve?');
    terminal.type('skip it\r');
    await terminal.until('Skipped');
    await terminal.until('> ');
    expect((await records.leads.find(`Made One ${run}`)).exact).toBe(true);
    expect((await records.leads.find(`Made Two ${run}`)).exact).toBe(false);
    await say('hello', 'You said: hello');
    await leave();
  });
});

describe('npm run approvals', () => {
  const command = async (argv: string[], terminal = new FakeTerminal({ tty: false })) => {
    const code = await approvalsCommand(argv, {
      ...world,
      converser: scripted(world, script),
      actor,
      records,
      ...terminal.streams,
    });
    return { code, text: terminal.text };
  };

  it('approves all but the numbers left out, and tells each', async () => {
    const { code, text } = await command(['approve', '--all', '--except', '2']);
    expect([code, await states()]).toEqual([0, ['executed', 'pending', 'executed']]);
    expect(text).toContain(`✓ Alpha ${run}`);
    expect(await command(['skip', '--all'])).toMatchObject({ code: 0, text: expect.stringContaining('Skipped') });
    expect(await states()).toEqual(['executed', 'ignored', 'executed']);
    expect((await command(['approve', '--all'])).text).toBe('Nothing waits for you.\n');
  });

  it('decides nothing when a number left out is not there, and says what goes with what', async () => {
    expect(await command(['approve', '--all', '--except', '2,9'])).toMatchObject({ code: 1 });
    expect(await command(['list', '--all'])).toMatchObject({ code: 2 });
    expect(await command(['skip', waiting[0]!.id, '--except', '1'])).toMatchObject({ code: 2 });
    expect(await states()).toEqual(['pending', 'pending', 'pending']);
  });

  it('shows a person what it would approve, and asks', async () => {
    const terminal = new FakeTerminal();
    const done = command(['approve', '--all', '--except', waiting[0]!.id], terminal);
    await terminal.until('Approve these 2? ');
    terminal.type('n\r');
    expect((await done).text).toContain('Nothing was decided.');
    expect(await states()).toEqual(['pending', 'pending', 'pending']);
  });

  it('hands a decision on, by command and by key, and lists who did', async () => {
    expect(await command(['delegate', waiting[0]!.id, 'bea', 'you know them'])).toMatchObject({
      code: 0,
      text: 'Handed on to bea: it is theirs to decide now.\n',
    });
    expect(await records.proposals.get(waiting[0]!.id)).toMatchObject({ note: 'you know them', delegatedById: actor.userId });
    expect(await command(['delegate', waiting[1]!.id, 'zorro'])).toMatchObject({ code: 1 });
    expect(await command(['delegate', waiting[1]!.id])).toMatchObject({ code: 2 });
    const terminal = new FakeTerminal();
    const done = command([], terminal);
    await terminal.until('Approve?');
    terminal.type('d\r');
    await terminal.until('To whom? ');
    terminal.type('zorro\r');
    await terminal.until('A note');
    terminal.type('\r');
    await terminal.until('✗');
    await terminal.until('Approve?');
    terminal.type('d\r');
    await terminal.until('To whom? ');
    terminal.type('bea\r');
    await terminal.until('A note');
    terminal.type('\r');
    await terminal.until('Handed on to bea');
    await terminal.until('Approve?');
    terminal.type('\u0004');
    await done;
    const bea: Actor = {
      ...(await world.access.byUser(actor.tenantId, (await records.users.find('bea'))[0]!.id))!,
      surface: 'terminal',
    };
    const list = new FakeTerminal({ tty: false });
    await approvalsCommand(['list'], { ...world, converser: scripted(world, script), actor: bea, records, ...list.streams });
    expect(list.text).toMatch(/Handed on by/);
    expect(list.text).toContain(world.owner.userName);
  });
});
