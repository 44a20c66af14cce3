import { readFileSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chatCommand } from '../../src/bot/console/chat.ts';
import type { Actor } from '../../src/core/actor.ts';
import type { Records } from '../../src/core/records.ts';
import { openWorld, type World } from '../world.ts';
import { type Script, says, scripted, talksOn, uses } from './scripted.ts';
import { FakeTerminal } from './terminal.ts';

let world: World;
let actor: Actor;
let records: Records;
beforeAll(async () => {
  world = await openWorld({ demo: true });
  actor = { ...world.owner, surface: 'terminal' };
  records = world.deps.db.records({ tenantId: actor.tenantId, userId: actor.userId, surface: 'terminal' });
});
afterAll(() => world.close());

const lead = 'Northwind Electric LLC';
const status = async () => (await records.leads.find(lead)).leads[0]!.status;

/** "propose" makes the assistant want a change that nobody spelled out; "mark" is asked for in so many words. */
const script: Script = (last, signal) => {
  if (last.role === 'tool') return says(last.text.includes('pending_approval') ? 'That waits for you.' : 'As you see.');
  if (last.text.startsWith('propose')) return uses('update_lead', { lead, status: last.text.split(' ')[1] });
  if (last.text.startsWith('mark')) return uses('update_lead', { lead, status: 'contacted' });
  if (last.text.startsWith('undo')) return uses('undo', {});
  if (last.text.startsWith('find')) return uses('search_leads', { query: 'electric', limit: 3 });
  if (last.text.startsWith('talk on')) return talksOn(signal);
  if (last.text === 'break') throw new Error('the model is gone');
  return says(`You said: ${last.text}`);
};

function chat(argv: string[], { terminal = new FakeTerminal(), costUsd = undefined as string | undefined } = {}) {
  const converser = scripted(world, script, costUsd);
  const code = chatCommand(argv, { ...world, converser, actor, records, ...terminal.streams });
  return { terminal, code };
}

describe('a chat at the terminal', () => {
  it('greets in three lines, answers, draws what was found and says that rules answered', async () => {
    const { terminal, code } = chat([]);
    await terminal.until('> ');
    expect(terminal.text.split('\n').slice(0, 3).join('\n')).toMatch(
      /^Sales Agent · .*demo companies.*\nModel: offline rules\n\/help/,
    );
    terminal.type('find electric\r');
    await terminal.until('· Search leads');
    await terminal.until('As you see.');
    await terminal.until(lead);
    await terminal.until('offline rules\n');
    terminal.type('\u0004');
    expect(await code).toBe(0);
    expect(terminal.raw).toBe(false);
    expect(terminal.text.match(/offline rules\n/g)).toHaveLength(2);
  });

  it('shows a receipt with its undo, and the undo works', async () => {
    const before = await status();
    const { terminal, code } = chat(['--new']);
    await terminal.until('> ');
    terminal.type(`mark ${lead} as contacted\r`);
    await terminal.until(new RegExp(`✓ ${lead}: status ${before} → contacted.*undo: "undo that"`));
    expect(await status()).toBe('contacted');
    await terminal.until('> ');
    terminal.type('/undo\r');
    await terminal.until('✓ Undone');
    expect(await status()).toBe(before);
    terminal.type('/quit\r');
    expect(await code).toBe(0);
  });

  it('takes a thumb for the last answer, and says when there is none yet', async () => {
    const { terminal, code } = chat(['--new']);
    await terminal.until('> ');
    terminal.type('/good\r');
    await terminal.until('There is no answer here to rate yet.');
    terminal.type('hello\r');
    await terminal.until('You said: hello');
    terminal.type('/bad it only says what I said\r');
    await terminal.until('Noted: the last answer was not good.');
    const [newest] = await records.conversations.list('assistant', 1);
    const voted = async () => [...(await records.feedback.mine(newest!.id)).values()];
    expect(await voted()).toMatchObject([{ vote: 'down', comment: 'it only says what I said' }]);
    terminal.type('/good\r');
    await terminal.until('Noted: the last answer was good.');
    expect(await voted()).toMatchObject([{ vote: 'up', comment: null }]);
    terminal.type('/help\r');
    await terminal.until('/bad [why]');
    terminal.type('/quit\r');
    expect(await code).toBe(0);
  });

  it.each([
    ['was refused', ['hello', 'x'.repeat(30_000)], 1],
    ['failed', ['hello', 'break'], 1],
    ['was answered', ['x'.repeat(30_000), 'break', 'hello'], 0],
    ['was refused, and left by command', ['break', '/quit'], 1],
  ])('of a pipe whose last line %s gives its exit code', async (_how, lines, expected) => {
    const terminal = new FakeTerminal({ tty: false });
    terminal.type(`${lines.join('\n')}\n`);
    terminal.hangUp();
    expect(await chat([], { terminal }).code).toBe(expected);
    expect(terminal.text).toContain(lines.includes('hello') ? 'You said: hello' : '✗');
  });

  it('shows what it cost when it cost something', async () => {
    const { terminal, code } = chat(['--new', 'hello there'], { costUsd: '0.001250000000' });
    expect(await code).toBe(0);
    expect(terminal.text).toContain('You said: hello there\ncost $0.00125\n');
  });

  describe('a proposal', () => {
    const propose = async (to: string) => {
      const { terminal, code } = chat(['--new']);
      await terminal.until('> ');
      terminal.type(`propose ${to}\r`);
      await terminal.until('Proposal: ');
      await terminal.until(`→ ${to}`);
      await terminal.until('Waits until');
      await terminal.until('Approve? [y]es [e]dit [a]sk [n]o ');
      return {
        terminal,
        leave: async () => {
          await terminal.until('> ');
          terminal.type('\u0004');
          expect(await code).toBe(0);
        },
      };
    };
    const waiting = async () => (await records.proposals.list({ status: 'pending', limit: 50 })).total;

    it('is carried out by y, and the receipt is shown', async () => {
      const { terminal, leave } = await propose('nurture');
      terminal.type('y\r');
      await terminal.until('✓ Northwind');
      expect(await status()).toBe('nurture');
      await leave();
    });

    it('is changed by e: the new change is shown and asked about again', async () => {
      const { terminal, leave } = await propose('lost');
      terminal.type('e\r');
      await terminal.until('Change field=value');
      terminal.type('status=wrong\r');
      await terminal.until('✗');
      await terminal.until('Approve?');
      terminal.type('e\r');
      await terminal.until('Change field=value');
      terminal.type('status=meeting; employees=42\r');
      await terminal.until('→ 42');
      await terminal.until('Approve this?');
      terminal.type('y\r');
      await terminal.until('✓ Northwind');
      expect((await records.leads.find(lead)).leads[0]).toMatchObject({ status: 'meeting', employees: 42 });
      await leave();
    });

    it('is talked about by a: the note is the next turn, and the proposal still waits', async () => {
      const before = await waiting();
      const { terminal, leave } = await propose('qualified');
      terminal.type('a\r');
      await terminal.until('Your question or wish: ');
      terminal.type('why so early?\r');
      await terminal.until('You said: why so early?');
      expect(await waiting()).toBe(before + 1);
      await leave();
    });

    it('is closed by n, and waits on after Enter alone', async () => {
      const before = await waiting();
      const skipped = await propose('won');
      skipped.terminal.type('n\r');
      await skipped.terminal.until('Skipped; nothing was changed.');
      await skipped.leave();
      expect(await waiting()).toBe(before);
      const left = await propose('disqualified');
      left.terminal.type('\r');
      await left.terminal.until('Left waiting');
      await left.leave();
      expect(await waiting()).toBe(before + 1);
      expect(await status()).toBe('meeting');
    });

    it('is not answered by keys that were typed before it was shown', async () => {
      const { terminal, code } = chat(['--new']);
      await terminal.until('> ');
      terminal.type('propose won\ry\r');
      await terminal.until('Approve?');
      terminal.type('n\r');
      await terminal.until('Skipped');
      await terminal.until('You said: y');
      terminal.type('\u0004');
      expect(await code).toBe(0);
      expect(await status()).toBe('meeting');
    });

    it('can be decided later by its number', async () => {
      const { terminal, code } = chat([]);
      await terminal.until('> ');
      terminal.type('/pending\r');
      await terminal.until('Waiting for you');
      terminal.type('/approve 1\r');
      await terminal.until('Approve?');
      terminal.type('n\r');
      await terminal.until('Skipped');
      terminal.type('/approve 99\r');
      await terminal.until('✗ There is no number 99');
      terminal.type('\u0004');
      expect(await code).toBe(0);
    });
  });

  it('stops an answer by Ctrl-C and goes on', async () => {
    const { terminal, code } = chat(['--new']);
    await terminal.until('> ');
    terminal.type('talk on\r');
    await terminal.until('Sentence number 2.');
    terminal.type('\u0003');
    await terminal.until('Stopped.');
    await terminal.until('> ');
    terminal.type('still there?\r');
    await terminal.until('You said: still there?');
    terminal.type('\u0004');
    expect(await code).toBe(0);
  });

  it('clears a typed line by Ctrl-C, explains the way out at an empty one, and leaves at the second', async () => {
    const { terminal, code } = chat(['--new']);
    await terminal.until('> ');
    terminal.type('half a thou');
    terminal.type('\u0003');
    await terminal.until('> ');
    terminal.type('\u0003');
    await terminal.until('Ctrl-D or /quit leaves');
    terminal.type('\u0003');
    expect(await code).toBe(0);
    expect(terminal.text).not.toContain('You said');
  });

  it('takes a paste of several lines as one message', async () => {
    const { terminal, code } = chat(['--new']);
    await terminal.until('> ');
    terminal.type('\u001b[20');
    terminal.type('0~first line\r\nsecond line\u001b[201~');
    terminal.type('\r');
    await terminal.until('You said: first line\nsecond line');
    terminal.type('\u0004');
    expect(await code).toBe(0);
  });

  it('remembers what was said, for its owner only, and not what was answered to a question', async () => {
    const path = join(world.config.DATA_DIR, 'chat-history');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const lines = readFileSync(path, 'utf8').split('\n');
    expect(lines).toContain('propose nurture');
    expect(lines).not.toContain('n');
    const { terminal, code } = chat([]);
    await terminal.until('> ');
    terminal.type('\u001b[A');
    await terminal.until('first line⏎second line');
    terminal.type('\u0003');
    terminal.type('/nonsense\r');
    await terminal.until('✗ There is no command /nonsense');
    terminal.type('/quit\r');
    expect(await code).toBe(0);
  });

  it('imports a list by command and by its pasted path, and knows what "that" is afterwards', async () => {
    const file = join(world.config.DATA_DIR, 'my leads.csv');
    await writeFile(file, 'Company,City,Mystery\nQuarry Lane Electric,Boston,x\n,Nowhere,y\n');
    const { terminal, code } = chat(['--new']);
    await terminal.until('> ');
    terminal.type(`/import "${file}"\r`);
    await terminal.until('Import of my leads.csv');
    await terminal.until(/Company +name +sure/);
    await terminal.until(/3 {2}\S/);
    await terminal.until('undo: "undo that"');
    expect((await records.leads.find('Quarry Lane Electric')).leads).toHaveLength(1);
    terminal.type('undo that\r');
    await terminal.until('✓ Undone');
    expect((await records.leads.find('Quarry Lane Electric')).leads).toHaveLength(0);
    terminal.type(`${file.replace(' ', '\\ ')}\r`);
    await terminal.until('Import ');
    await terminal.until('[y]es [n]o ');
    terminal.type('n\r');
    await terminal.until('Not imported.');
    terminal.type(`/import ${join(world.config.DATA_DIR, 'none.csv')}\r`);
    await terminal.until('✗ There is no file');
    terminal.type('\u0004');
    expect(await code).toBe(0);
    await world.deps.db.tx({ ...actor }, (tx) => tx.showDemo(true));
  });
});

describe('a file of lines', () => {
  it('is a turn a line, then the chat ends with 0', async () => {
    const terminal = new FakeTerminal({ tty: false });
    const { code } = chat(['--new'], { terminal });
    terminal.type('one\n\npropose won\n/pending\nno newline at the end');
    terminal.hangUp();
    expect(await code).toBe(0);
    expect(terminal.all).toMatch(
      /You said: one\n[\s\S]*Waiting for your decision: [\s\S]*npm run approvals -- show [\s\S]*Waiting for you\n[\s\S]*You said: no newline at the end/,
    );
    expect(terminal.all).not.toMatch(/\u001b/);
  });
});

describe('one question', () => {
  const plain = () => new FakeTerminal({ tty: false });

  it('is answered on stdout with 0, goes on with the recent conversation, and undoes there', async () => {
    const before = await status();
    const first = chat(['--new', `mark ${lead} as contacted`], { terminal: plain() });
    expect(await first.code).toBe(0);
    expect(await status()).toBe('contacted');
    const second = chat(['undo that'], { terminal: plain() });
    expect(await second.code).toBe(0);
    expect(second.terminal.all).toContain('Going on with the conversation');
    expect(second.terminal.all).toContain('✓ Undone');
    expect(await status()).toBe(before);
  });

  it('gives the whole reply as JSON and nothing else', async () => {
    const { terminal, code } = chat(['--json', 'find', 'electric'], { terminal: plain() });
    expect(await code).toBe(0);
    const reply = JSON.parse(terminal.all);
    expect(reply).toMatchObject({ text: 'As you see.', agent: 'sr-bdr', degraded: true, sources: ['search_leads'] });
    expect(reply.cards[0].blocks[0].rows).toHaveLength(3);
    const again = chat(['--json', '--conversation', reply.conversationId, 'and?'], { terminal: plain() });
    expect(await again.code).toBe(0);
    expect(JSON.parse(again.terminal.all).conversationId).toBe(reply.conversationId);
  });

  it('is answered by the offline rules where there is no model', async () => {
    const terminal = plain();
    const code = await chatCommand(['--new', 'who should I call first?'], { ...world, actor, records, ...terminal.streams });
    expect(code).toBe(0);
    expect(terminal.all).toMatch(/^· My day[\s\S]*\d\. Northwind Electric LLC[\s\S]*offline rules\n$/);
  });

  it('begins anew where the recent conversation is busy in another window', async () => {
    const other = chat(['--new']);
    await other.terminal.until('> ');
    other.terminal.type('talk on\r');
    await other.terminal.until('Sentence number 2.');
    const { terminal, code } = chat(['hello'], { terminal: plain() });
    expect(await code).toBe(0);
    expect(terminal.all).toContain('You said: hello');
    other.terminal.type('\u0003');
    await other.terminal.until('Stopped.');
    other.terminal.type('\u0004');
    await other.code;
  });

  it('fails with 1 and a sentence, and with 2 and the usage for a wrong option', async () => {
    const unknown = chat(['--conversation', 'nope', 'hello'], { terminal: plain() });
    expect(await unknown.code).toBe(1);
    expect(unknown.terminal.all).toContain('✗ There is no such conversation');
    const wrong = chat(['--nope'], { terminal: plain() });
    expect(await wrong.code).toBe(2);
    expect(wrong.terminal.all).toMatch(/--nope[\s\S]*Usage: npm run chat/);
    const help = chat(['--help'], { terminal: plain() });
    expect(await help.code).toBe(0);
  });
});
