import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderTeams, type TeamsFace } from '../../../src/bot/cards/teams.ts';
import { lintTeams } from '../../../src/bot/cards/teams-lint.ts';
import { wordsIn } from '../../../src/bot/cards/teams-text.ts';
import { walk } from '../../../src/bot/cards/walk.ts';
import type { ApprovalView } from '../../../src/core/approval.ts';
import { proposalStatuses } from '../../../src/core/proposal.ts';
import { approval } from './arbitraries.ts';
import { judged } from './real-cards.ts';

const tokens = { approve: 'approve_______________', edit: 'edit__________________', skip: 'skip__________________' };
const view: ApprovalView = {
  id: '01a200c6-4248-77ef-a5fd-8db41e57a7cc',
  title: 'Change JN Electric LLC',
  asked: 'Rita Rep, through the assistant, in Teams',
  decider: null,
  why: 'They answered the call',
  note: null,
  changes: [
    {
      heading: null,
      lines: [
        { label: 'status', before: 'new', after: 'contacted' },
        { label: 'phone', before: null, after: '+1 512 555 0100' },
        { label: 'fax', before: '555', after: null },
      ],
    },
  ],
  moreChanges: 0,
  affected: '1 lead: JN Electric LLC',
  risk: 'write',
  riskWords: 'changes our records; can be undone',
  confirmCount: null,
  expires: 'tomorrow at 9:00 AM',
  state: 'pending',
  outcome: null,
  receipt: null,
  problem: null,
  buttons: [
    { label: 'Approve', token: tokens.approve, style: 'primary' },
    { label: 'Edit', token: tokens.edit },
    { label: 'Skip', token: tokens.skip },
  ],
};

const drawn = (more: Partial<ApprovalView> = {}, face: TeamsFace = {}) => {
  const messages = renderTeams(
    { cards: [{ blocks: [{ type: 'approval', approval: { ...view, ...more } }] }], fallback: 'x' },
    face,
  );
  expect(messages).toHaveLength(1);
  expect(lintTeams(messages[0]!)).toEqual([]);
  expect(judged(messages[0]!.card).problems).toEqual([]);
  return messages[0]!;
};
const buttons = (card: unknown): string[] =>
  [...walk(card)].flatMap(({ key, value }) =>
    key === 'actions' ? (value as { title: string }[]).map(({ title }) => title) : [],
  );

describe('an approval in Teams', () => {
  it('shows what, from what to what, why, who, how many, how risky and until when, and the buttons', () => {
    const message = drawn();
    expect(message.proposalId).toBe(view.id);
    expect(message.summary).toBe('Change JN Electric LLC: Waits for a decision');
    expect(wordsIn(message.card!.body)).toEqual([
      '⏳ Waits for a decision',
      'Change JN Electric LLC',
      'status: new → contacted',
      'phone: +1 512 555 0100',
      'fax: 555',
      'Why',
      'They answered the call',
      'Asked by',
      'Rita Rep, through the assistant, in Teams',
      'Affects',
      '1 lead: JN Electric LLC',
      'Risk',
      'Changes our records; can be undone',
      'Waits until',
      'tomorrow at 9:00 AM',
      'Approve',
      'Edit',
      'Skip',
    ]);
    expect(message.card!.body.at(-1)).toMatchObject({
      actions: [{ type: 'Action.Execute', verb: 'press', data: { token: tokens.approve }, style: 'positive' }, {}, {}],
    });
    expect(message.card).not.toHaveProperty('refresh');
  });

  it('has a message of its own in the place where it stands', () => {
    const text = (words: string) => ({ type: 'text' as const, text: words });
    const messages = renderTeams({
      text: 'Two of them.',
      cards: [{ title: 'First', blocks: [text('before'), { type: 'approval', approval: view }, text('after')] }],
      fallback: 'x',
    });
    expect(messages.map(({ proposalId }) => proposalId)).toEqual([undefined, view.id, undefined]);
    expect(messages.map(({ card }) => wordsIn(card?.body).at(-1))).toEqual(['before', 'Skip', 'after']);
  });

  it('gives buttons to those who may decide, and a way to them to everybody else', () => {
    const userIds = ['29:ann', '29:dana'];
    const base = drawn({}, { refresh: { userIds } }).card!;
    expect(base.refresh).toEqual({
      action: { type: 'Action.Execute', verb: 'look', data: { proposal: tokens.approve }, associatedInputs: 'none' },
      userIds,
    });
    expect(buttons(base)).toEqual(['Decide']);
    expect([...walk(base)].filter(({ key, value }) => key === 'verb' && value === 'press')).toEqual([]);

    const mine = drawn({}, { refresh: { userIds, mine: true } }).card!;
    expect(buttons(mine)).toEqual(['Approve', 'Edit', 'Skip']);
    expect(mine.refresh?.userIds).toEqual(userIds);

    const many = Array.from({ length: 70 }, (_, i) => `29:${i}`);
    expect(drawn({}, { refresh: { userIds: many } }).card!.refresh!.userIds).toHaveLength(60);
    expect(drawn({}, { refresh: { userIds: [] } }).card).not.toHaveProperty('refresh');
  });

  it.each(proposalStatuses.filter((state) => state !== 'pending'))(
    'shows how it ended when it is %s, and refreshes no more',
    (state) => {
      const undo = { label: 'Undo', token: 'undo__________________' };
      const { card } = drawn(
        {
          state,
          outcome: 'Approved by Max today; carried out',
          receipt: 'Changed it',
          buttons: state === 'executed' ? [undo] : [],
        },
        { refresh: { userIds: ['29:ann'] } },
      );
      expect(card).not.toHaveProperty('refresh');
      expect(buttons(card)).toEqual(state === 'executed' ? ['Undo'] : []);
      expect(wordsIn(card!.body).join('\n')).toContain('Outcome\nApproved by Max today; carried out\nReceipt\nChanged it');
    },
  );

  it('shows thousands of changes as far as they fit, counts the rest, and keeps its buttons', () => {
    const lines = Array.from({ length: 4000 }, (_, i) => ({
      label: `field ${i}`,
      before: 'a'.repeat(50),
      after: 'b'.repeat(50),
    }));
    const { card } = drawn({ changes: [{ heading: 'Change lead Acme', lines }], moreChanges: 4992 });
    const words = wordsIn(card!.body);
    const shown = words.filter((line) => line.startsWith('field ')).length;
    expect(shown).toBeGreaterThan(50);
    expect(words).toContain(`…and ${(4000 - shown).toLocaleString('en-US')} more lines · …and 4,992 more`);
    expect(buttons(card)).toEqual(['Approve', 'Edit', 'Skip']);
  });

  it('asks again before something leaves the building', () => {
    const confirm = { title: 'Send this?', text: 'It leaves the building and cannot be undone.', ok: 'Approve' };
    const { card } = drawn({ risk: 'send', buttons: [{ ...view.buttons[0]!, confirm }, ...view.buttons.slice(1)] });
    const pressed = [...walk(card)].filter(({ key, value }) => key === 'token' && value === tokens.approve);
    expect(pressed.map(({ path }) => path.includes('.items['))).toEqual([true]);
    expect(buttons(card)).toEqual(['Approve', 'Edit', 'Skip', 'Approve', 'Not now']);
  });

  it('is one message within the limits with its proposal, whatever it says', () => {
    fc.assert(
      fc.property(approval, (what) => {
        const messages = renderTeams({ cards: [{ blocks: [{ type: 'approval', approval: what }] }], fallback: 'x' });
        expect(messages.map(({ proposalId }) => proposalId)).toEqual([what.id]);
        expect(lintTeams(messages[0]!)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});
