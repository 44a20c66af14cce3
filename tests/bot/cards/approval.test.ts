import type { types } from '@slack/bolt';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderSlack } from '../../../src/bot/cards/slack.ts';
import { lintMessage } from '../../../src/bot/cards/slack-lint.ts';
import { textsOf } from '../../../src/bot/cards/slack-walk.ts';
import { renderCard } from '../../../src/bot/cards/terminal.ts';
import { walk } from '../../../src/bot/cards/walk.ts';
import { type ApprovalContext, approvalView } from '../../../src/core/approval.ts';
import type { Change } from '../../../src/core/change.ts';
import type { Proposal } from '../../../src/core/proposal.ts';
import { approval, hostile } from './arbitraries.ts';

const now = new Date('2026-11-20T15:00:00Z');
const change: Change = {
  entity: 'lead',
  id: 'l1',
  label: 'JN Electric LLC',
  op: 'update',
  before: { status: 'new', phone: null, dueAt: '2026-11-20T17:00:00.000Z' },
  after: { status: 'contacted', phone: '+1 512 555 0100', dueAt: '2026-11-21T15:00:00.000Z' },
};
const proposal: Proposal = {
  id: '01a200c6-4248-77ef-a5fd-8db41e57a7cc',
  tool: 'update_lead',
  input: { lead: 'JN Electric LLC', status: 'contacted' },
  paramsHash: 'h',
  risk: 'write',
  reach: 'one',
  title: 'Change JN Electric LLC',
  reason: 'They answered the call',
  changes: [change],
  preview: null,
  evidence: [],
  confirmCount: null,
  status: 'pending',
  requesterId: 'u1',
  requestedBy: 'asked',
  surface: 'slack',
  deciderId: 'u1',
  deciderRole: null,
  delegatedById: null,
  delegatedAt: null,
  conversationId: null,
  threadId: null,
  decidedById: null,
  decidedAt: null,
  decision: null,
  note: null,
  error: null,
  receiptId: null,
  createdAt: now,
  expiresAt: new Date('2026-11-21T15:00:00Z'),
};
const tokens = {
  approve: 'approve_______________',
  edit: 'edit__________________',
  ask: 'ask___________________',
  skip: 'skip__________________',
  undo: 'undo__________________',
};
const people: Record<string, string> = { u1: 'Rita Rep', u2: 'Max Manager' };
const context: ApprovalContext = { now, timeZone: 'America/Chicago', names: (id) => people[id], tokens };
const decided: Partial<Proposal> = { decidedById: 'u2', decidedAt: new Date('2026-11-20T14:41:00Z'), decision: 'accept' };

const view = (more: Partial<Proposal> = {}, around: Partial<ApprovalContext> = {}) =>
  approvalView({ ...proposal, ...more }, { ...context, ...around });
const slack = (more: Partial<Proposal> = {}, around: Partial<ApprovalContext> = {}) => {
  const messages = renderSlack({ cards: [{ blocks: [{ type: 'approval', approval: view(more, around) }] }], fallback: 'x' });
  expect(messages).toHaveLength(1);
  expect(lintMessage(messages[0]!)).toEqual([]);
  return messages[0]!;
};
const buttons = (blocks: unknown): string[] =>
  [...walk(blocks)]
    .filter(({ parent, key }) => parent.type === 'button' && key === 'text')
    .map(({ value }) => (value as { text: string }).text);

describe('an approval in Slack', () => {
  it('shows what, from what to what, why, who, how many, how risky and until when, and four buttons', () => {
    const message = slack();
    expect(message.proposalId).toBe(proposal.id);
    expect(message.text).toBe('Change JN Electric LLC: Waits for a decision');
    expect(message.blocks.map(({ type }) => type)).toEqual(['header', 'context', 'rich_text', 'rich_text', 'actions']);
    expect(textsOf(message.blocks).filter((text) => text !== '\n')).toEqual([
      'Change JN Electric LLC',
      '⏳ Waits for a decision',
      'status: ',
      'new',
      ' → ',
      'contacted',
      'phone: ',
      '(empty)',
      ' → ',
      '+1 512 555 0100',
      'due: ',
      'today at 11:00 AM',
      ' → ',
      'tomorrow at 9:00 AM',
      'Why: ',
      'They answered the call',
      'Asked by: ',
      'Rita Rep, through the assistant, in Slack',
      'Affects: ',
      '1 lead: JN Electric LLC',
      'Risk: ',
      'Changes our records; can be undone',
      'Waits until: ',
      'tomorrow at 9:00 AM',
      'Approve',
      'Edit',
      'Ask',
      'Skip',
    ]);
    const { elements } = message.blocks.at(-1) as types.ActionsBlock;
    expect(elements[0]).toEqual({
      type: 'button',
      action_id: 'press.0',
      text: { type: 'plain_text', text: 'Approve', emoji: false },
      value: tokens.approve,
      style: 'primary',
    });
  });

  it.each([
    ['accepted', decided, '▶️ Approved', 'Approved by Max Manager today at 8:41 AM; being carried out'],
    ['executed', decided, '✅ Done', 'Approved by Max Manager today at 8:41 AM; carried out'],
    [
      'executed',
      { ...decided, decision: 'edit' },
      '✅ Done',
      'Approved with changes by Max Manager today at 8:41 AM; carried out',
    ],
    ['failed', decided, '❌ Failed', 'Approved by Max Manager today at 8:41 AM; it did not work; nothing was changed'],
    [
      'uncertain',
      decided,
      '⚠️ Uncertain',
      'Approved by Max Manager today at 8:41 AM; nobody knows whether it worked; look before you try again',
    ],
    ['ignored', { ...decided, decision: 'ignore' }, '⏭️ Skipped', 'Skipped by Max Manager today at 8:41 AM; nothing was changed'],
    ['expired', {}, '⌛ Expired', 'Expired; nothing was done'],
    ['superseded', {}, '🔁 Replaced', 'A newer proposal took the place of this one'],
  ] as const)('once it is %s, says so in place of the buttons', (status, more, state, outcome) => {
    const { blocks } = slack({ ...more, status });
    expect(textsOf(blocks)).toContain(state);
    expect(textsOf(blocks)).toContain(outcome);
    expect(textsOf(blocks).join('\n')).not.toMatch(/Waits until/);
    expect(buttons(blocks)).toEqual([]);
  });

  it('has the receipt and Undo once it is done, until it is undone', () => {
    const receipt = { title: 'JN Electric LLC: status new → contacted', undoable: true, undoneById: null };
    const done = slack({ ...decided, status: 'executed' }, { receipt });
    expect(textsOf(done.blocks)).toEqual(expect.arrayContaining(['Receipt: ', 'JN Electric LLC: status new → contacted']));
    expect(buttons(done.blocks)).toEqual(['Undo']);
    const undone = slack({ ...decided, status: 'executed' }, { receipt: { ...receipt, undoneById: 'r2' } });
    expect(textsOf(undone.blocks)).toEqual(
      expect.arrayContaining(['Receipt: ', 'JN Electric LLC: status new → contacted (undone since)']),
    );
    expect(buttons(undone.blocks)).toEqual([]);
  });

  it('says what went wrong', () => {
    const { blocks } = slack({ ...decided, status: 'failed', error: { code: 'conflict', message: 'Somebody was faster.' } });
    expect(textsOf(blocks)).toEqual(expect.arrayContaining(['Problem: ', 'Somebody was faster.']));
  });

  it('has no buttons for whoever is given no tokens, and asks again before something leaves the building', () => {
    expect(buttons(slack({}, { tokens: undefined }).blocks)).toEqual([]);
    const { elements } = slack({ risk: 'send' }).blocks.at(-1) as types.ActionsBlock;
    expect(elements[0]).toMatchObject({ confirm: { title: { text: 'Send this?' }, confirm: { text: 'Approve' } } });
    expect(elements[1]).not.toHaveProperty('confirm');
  });

  it('says who decides and how many it is where an admin has to', () => {
    const changes = Array.from({ length: 250 }, (_, i) => ({
      ...change,
      id: `l${i}`,
      label: `Lead ${i}`,
      op: 'delete' as const,
      after: null,
    }));
    const texts = textsOf(
      slack({ risk: 'bulk', requestedBy: 'unasked', deciderRole: 'admin', changes, confirmCount: 250 }).blocks,
    );
    expect(texts).toEqual(
      expect.arrayContaining([
        'Delete lead Lead 0',
        '…and 242 more',
        'Decides: ',
        'any admin',
        'Affects: ',
        '250 leads',
        'Records: ',
        '250',
        'Asked by: ',
        'The assistant, for Rita Rep, in Slack',
      ]),
    );
    expect(texts).not.toContain('Delete lead Lead 8');
  });

  it('says to whom it was passed on', () => {
    expect(textsOf(slack({ deciderId: 'u2', delegatedById: 'u1' }).blocks)).toContain('Max Manager, handed on by Rita Rep');
  });

  it('shows a long value in full: nobody approves what they could not read', () => {
    const body = Array.from({ length: 500 }, (_, i) => `word${i}`).join(' ');
    const mail: Change = {
      entity: 'mail',
      id: 'm1',
      label: 'Hello',
      op: 'create',
      before: null,
      after: { to: 'ann@acme.example', body },
    };
    const texts = textsOf(slack({ risk: 'send', changes: [mail] }).blocks);
    expect(texts).toContain(body);
    expect(texts).toContain('1 e-mail: Hello');
  });

  it('shows hostile records as what they are', () => {
    for (const evil of hostile) {
      const { blocks, text } = slack({
        title: `Change ${evil}`,
        reason: evil,
        changes: [{ ...change, label: evil, before: { [evil || 'x']: evil }, after: { [evil || 'x']: 'new' } }],
      });
      expect(JSON.stringify([blocks, text])).not.toMatch(/<[!@#]|<https?:|<mailto:|mrkdwn|\u202e/);
    }
  });

  it('stays one message within the limits, whatever is in it', () => {
    fc.assert(
      fc.property(approval, (any) => {
        const messages = renderSlack({ cards: [{ blocks: [{ type: 'approval', approval: any }] }], fallback: '' });
        expect(messages.map(lintMessage)).toEqual([[]]);
        expect(messages[0]!.proposalId).toBe(any.id);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the same approval on a terminal', () => {
  it('has the same facts in the same words', () => {
    expect(renderCard({ blocks: [{ type: 'approval', approval: view() }] }, { width: 80, color: false })).toBe(
      [
        'Proposal: Change JN Electric LLC',
        'status  new → contacted',
        'phone   (empty) → +1 512 555 0100',
        'due     today at 11:00 AM → tomorrow at 9:00 AM',
        'Why          They answered the call',
        'Asked by     Rita Rep, through the assistant, in Slack',
        'Affects      1 lead: JN Electric LLC',
        'Risk         Changes our records; can be undone',
        'Waits until  tomorrow at 9:00 AM',
        '[Approve] [Edit] [Ask] [Skip]',
      ].join('\n'),
    );
  });

  it('tells how it ended', () => {
    const ended = view(
      { ...decided, status: 'executed' },
      { receipt: { title: 'JN Electric LLC changed', undoable: false, undoneById: null } },
    );
    const out = renderCard({ blocks: [{ type: 'approval', approval: ended }] }, { width: 80, color: false });
    expect(out).toMatch(/Outcome +Approved by Max Manager today at 8:41 AM; carried out\nReceipt +JN Electric LLC changed$/);
  });
});

describe('the view of an approval', () => {
  it('is JSON, and the same for the same row, names and time', () => {
    expect(JSON.parse(JSON.stringify(view()))).toEqual(view());
  });

  it('shows what is new and what goes', () => {
    const { changes } = view({
      changes: [
        { entity: 'task', id: 't1', label: 'Call', op: 'create', before: null, after: { title: 'Call' } },
        { entity: 'lead', id: 'l1', label: 'Acme', op: 'delete', before: { name: 'Acme' }, after: null },
      ],
    });
    expect(changes).toEqual([
      { heading: 'New task Call', lines: [{ label: 'title', before: null, after: 'Call' }] },
      { heading: 'Delete lead Acme', lines: [{ label: 'name', before: 'Acme', after: null }] },
    ]);
  });

  it('says what it touches as people count it', () => {
    const touching = (...changes: Change[]) => view({ changes }).affected;
    const of = (entity: Change['entity'], id: string, label: string) => ({ ...change, entity, id, label });
    expect(touching(of('lead', '1', 'Acme'), of('lead', '2', 'Beta'), of('task', '3', 'Call'))).toBe(
      '2 leads, 1 task: Acme, Beta, Call',
    );
    expect(touching(of('lead', '1', 'Acme'), of('lead', '1', 'Acme'))).toBe('1 lead: Acme');
    expect(touching(of('workspace', '1', 'scores'))).toBe('the whole workspace: scores');
    expect(touching()).toBe('No record of ours');
  });

  it('cuts a value of any length between letters and says how long it is', () => {
    const [line] = view({ changes: [{ ...change, before: { note: '' }, after: { note: '👩‍👩‍👧‍👦'.repeat(1000) } }] }).changes[0]!
      .lines;
    expect(line!.after).toMatch(/^(👩‍👩‍👧‍👦)+… \(11000 characters\)$/u);
  });
});
