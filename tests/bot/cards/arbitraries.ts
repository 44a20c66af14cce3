import fc from 'fast-check';
import type { ApprovalView } from '../../../src/core/approval.ts';
import type { Card, CardBlock } from '../../../src/core/card.ts';
import { proposalStatuses } from '../../../src/core/proposal.ts';

/** Text that means to do harm, or that is hard to draw. */
export const hostile = [
  '<!channel>',
  '<!here|here>',
  '<@U012AB3CD>',
  '<#C024BE7LR|general>',
  '<https://evil.example/login|Your bank>',
  '<mailto:boss@evil.example|Boss>',
  '[Sign in](https://evil.example)',
  '[x](javascript:alert(1))',
  '![pixel](https://evil.example/p.png)',
  'https://evil.example/?q=secret',
  'www.evil.example',
  '@channel @here @everyone',
  '<!date^1392734382^{date}|x>',
  '*bold* _it_ ~s~ `code` ```fence',
  '\u202egnp.exe',
  '\u001b[31mred\u001b[0m',
  'a\u200bb\u2066c\u2069',
  '\u{e0041}\u{e0042}hidden',
  '\ud800',
  '\u0000',
  '&amp; <b>&</b> " \'',
  '---\n# heading\n> quote\n- list',
  'e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301',
  '👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿🇺🇸',
  '日本語の会社名',
  'ﷺ',
  '',
  ' \n\t ',
];

const piece = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...hostile) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 2, arbitrary: fc.string({ maxLength: 60 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('& < > '.repeat(700), '🇺🇸'.repeat(900), 'x'.repeat(5000), 'word '.repeat(900), '"`\\'.repeat(40)),
  },
);
export const text = fc.array(piece, { maxLength: 3 }).map((parts) => parts.join(' '));
const short = fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom(...hostile));
const optional = fc.option(text, { nil: undefined });
const nullable = fc.option(text, { nil: null });
const number = fc.oneof(
  fc.double(),
  fc.integer({ min: -10, max: 200 }),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 1e308, 5e-324),
);
const token = fc.stringMatching(/^[A-Za-z0-9_-]{22}$/);
const anyToken = fc.oneof({ weight: 8, arbitrary: token }, text);

const button = fc.record(
  {
    label: text,
    token: anyToken,
    style: fc.constantFrom('primary' as const, 'danger' as const),
    confirm: fc.record({ title: text, text, ok: text }),
    url: fc.oneof(text, fc.webUrl(), fc.constantFrom('javascript:alert(1)', 'https://user:pw@evil.example/')),
  },
  { requiredKeys: ['label', 'token'] },
);

const lines = fc.array(fc.record({ label: text, before: nullable, after: nullable }), { maxLength: 8 });

export const approval: fc.Arbitrary<ApprovalView> = fc.record({
  id: fc.uuid(),
  title: text,
  asked: text,
  decider: nullable,
  why: nullable,
  note: nullable,
  changes: fc.array(fc.record({ heading: nullable, lines }), { maxLength: 5 }),
  moreChanges: fc.nat(1000),
  affected: text,
  risk: fc.constantFrom('write' as const, 'send' as const, 'bulk' as const),
  riskWords: text,
  confirmCount: fc.option(fc.nat(100000), { nil: null }),
  expires: text,
  state: fc.constantFrom(...proposalStatuses),
  outcome: nullable,
  receipt: nullable,
  problem: nullable,
  buttons: fc.array(button, { maxLength: 5 }),
});

export const block: fc.Arbitrary<CardBlock> = fc.oneof(
  fc.record({ type: fc.constant('text' as const), text }),
  fc.record({
    type: fc.constant('notice' as const),
    level: fc.constantFrom('info' as const, 'warning' as const, 'error' as const),
    text,
  }),
  fc.record({
    type: fc.constant('fields' as const),
    fields: fc.array(fc.record({ label: text, value: text }), { maxLength: 14 }),
  }),
  fc.record({
    type: fc.constant('table' as const),
    columns: fc.array(short, { maxLength: 24 }),
    rows: fc.oneof(
      fc.array(fc.array(text, { maxLength: 6 }), { maxLength: 12 }),
      fc.array(fc.array(short, { maxLength: 25 }), { minLength: 90, maxLength: 130 }),
    ),
    note: optional,
  }),
  fc.record({
    type: fc.constant('bars' as const),
    max: number,
    bars: fc.array(fc.record({ label: short, value: number, note: optional }), { maxLength: 12 }),
  }),
  fc.record({
    type: fc.constant('chart' as const),
    title: text,
    kind: fc.constantFrom('bar' as const, 'line' as const, 'area' as const, 'pie' as const),
    categories: fc.array(short, { maxLength: 24 }),
    series: fc.array(fc.record({ name: short, values: fc.array(number, { maxLength: 24 }) }), { maxLength: 8 }),
    alt: text,
  }),
  fc.record({
    type: fc.constant('steps' as const),
    title: optional,
    steps: fc.array(
      fc.record({
        id: text,
        title: text,
        status: fc.constantFrom('pending' as const, 'running' as const, 'done' as const, 'failed' as const, 'waiting' as const),
        detail: optional,
      }),
      { maxLength: 40 },
    ),
  }),
  fc.record({
    type: fc.constant('sources' as const),
    items: fc.array(fc.record({ title: text, url: fc.oneof(text, fc.webUrl(), fc.constantFrom(...hostile)) }), { maxLength: 25 }),
  }),
  fc.record({
    type: fc.constant('choices' as const),
    question: text,
    choices: fc.array(fc.record({ label: text, id: text, note: optional, token: fc.option(anyToken, { nil: undefined }) }), {
      maxLength: 30,
    }),
  }),
  fc.record({ type: fc.constant('actions' as const), buttons: fc.array(button, { maxLength: 60 }) }),
  fc.record({ type: fc.constant('feedback' as const), token: anyToken }),
  fc.record({ type: fc.constant('approval' as const), approval }),
);

export const card: fc.Arbitrary<Card> = fc.record({ title: optional, blocks: fc.array(block, { maxLength: 5 }) });
