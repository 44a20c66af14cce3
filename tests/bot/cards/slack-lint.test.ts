import { describe, expect, it } from 'vitest';
import { lintMessage, lintView } from '../../../src/bot/cards/slack-lint.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const rules = (...blocks: unknown[]) => lintMessage({ blocks, text: 'x' }).map(({ rule }) => rule);
const button = (more: object = {}) => ({ type: 'button', action_id: 'a', text: plain('Go'), value: 't', ...more });

describe('the linter of Slack messages', () => {
  it('says where, which rule, the limit and how much it is', () => {
    expect(lintMessage({ blocks: [{ type: 'header', text: plain('x'.repeat(151)) }], text: 'x' })).toEqual([
      { path: 'blocks[0].text', rule: 'length', limit: 150, actual: 151 },
    ]);
  });

  it.each([
    ['51 blocks', 'blocks', Array(51).fill({ type: 'divider' })],
    ['an empty section', 'section_min', [{ type: 'section' }]],
    ['an empty text', 'length_min', [{ type: 'section', text: plain(' ') }]],
    ['a long section', 'length', [{ type: 'section', text: plain('x'.repeat(3001)) }]],
    ['text that is long once it is escaped', 'length', [{ type: 'section', text: plain('&'.repeat(601)) }]],
    ['11 fields', 'fields', [{ type: 'section', fields: Array(11).fill(plain('x')) }]],
    ['a long field', 'length', [{ type: 'section', fields: [plain('x'.repeat(2001))] }]],
    ['11 things in a context', 'elements', [{ type: 'context', elements: Array(11).fill(plain('x')) }]],
    [
      '26 buttons',
      'elements',
      [{ type: 'actions', elements: Array.from({ length: 26 }, (_, i) => button({ action_id: `a${i}` })) }],
    ],
    ['two buttons of one id', 'action_id_twice', [{ type: 'actions', elements: [button(), button()] }]],
    ['a long button', 'length', [{ type: 'actions', elements: [button({ text: plain('x'.repeat(76)) })] }]],
    ['a long value', 'value', [{ type: 'actions', elements: [button({ value: 'x'.repeat(2001) })] }]],
    [
      'a long confirmation',
      'length',
      [{ type: 'actions', elements: [button({ confirm: { title: plain('x'), text: plain('x'.repeat(301)) } })] }],
    ],
    ['a button to nowhere good', 'active', [{ type: 'actions', elements: [button({ url: 'javascript:alert(1)' })] }]],
    ['a long block id', 'block_id', [{ type: 'divider', block_id: 'x'.repeat(256) }]],
    [
      'a block id twice',
      'block_id_twice',
      [
        { type: 'divider', block_id: 'x' },
        { type: 'divider', block_id: 'x' },
      ],
    ],
    ['long Markdown', 'length', [{ type: 'markdown', text: 'x'.repeat(12001) }]],
    ['a link in Markdown', 'active', [{ type: 'markdown', text: '[x](https://a.example)' }]],
    ['a mention in Markdown', 'active', [{ type: 'markdown', text: '<!channel>' }]],
    ['a mention in mrkdwn', 'active', [{ type: 'section', text: { type: 'mrkdwn', text: '<@U123>' } }]],
    [
      'a call to everybody',
      'active',
      [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'broadcast', range: 'here' }] }] }],
    ],
    ['letters that run backwards', 'hidden', [{ type: 'section', text: plain('\u202egnp.exe') }]],
    ['half a letter', 'broken_letter', [{ type: 'section', text: plain('a\ud800') }]],
    ['101 rows', 'rows', [{ type: 'table', rows: Array(101).fill([{ type: 'raw_text', text: 'x' }]) }]],
    ['21 columns', 'columns', [{ type: 'table', rows: [Array(21).fill({ type: 'raw_text', text: 'x' })] }]],
    ['rows of different lengths', 'ragged', [{ type: 'table', rows: [[{ type: 'raw_text', text: 'x' }], []] }]],
    ['a large table', 'table_text', [{ type: 'table', rows: [[{ type: 'raw_text', text: 'x'.repeat(10001) }]] }]],
    ['an empty cell', 'length_min', [{ type: 'table', rows: [[{ type: 'raw_text', text: '' }]] }]],
    ['two tables', 'tables', Array(2).fill({ type: 'table', rows: [[{ type: 'raw_text', text: 'x' }]] })],
    ['a data table without rows', 'rows_min', [{ type: 'data_table', caption: 'x', rows: [[{ type: 'raw_text', text: 'x' }]] }]],
    [
      'seven slices',
      'series',
      [{ type: 'data_visualization', title: 'x', chart: { type: 'pie', segments: Array(7).fill({ label: 'x', value: 1 }) } }],
    ],
    [
      'three charts',
      'charts',
      Array(3).fill({ type: 'data_visualization', title: 'x', chart: { type: 'pie', segments: [{ label: 'x', value: 1 }] } }),
    ],
    [
      'a plan and a task',
      'plan_and_task_card',
      [
        { type: 'plan', title: 'x' },
        { type: 'task_card', title: 'x', task_id: '1' },
      ],
    ],
    ['too much in all', 'message_text', Array(5).fill({ type: 'section', text: plain('x'.repeat(2900)) })],
    ['something unheard of', 'unknown_block', [{ type: 'hologram' }]],
  ])('finds %s', (_what, rule, blocks) => {
    expect(rules(...(blocks as unknown[]))).toContain(rule);
  });

  it('wants a text that is read aloud, with nothing in it that acts', () => {
    const at = (text: string) => lintMessage({ blocks: [{ type: 'divider' }], text }).map(({ rule }) => rule);
    expect(at('')).toContain('text_min');
    expect(at('<!here>')).toContain('active');
    expect(at('&lt;!here&gt; R&amp;D')).toEqual([]);
  });

  it('knows what a view may hold', () => {
    expect(lintView({ type: 'home', blocks: [{ type: 'markdown', text: 'x' }] }).map(({ rule }) => rule)).toEqual([
      'markdown_in_view',
    ]);
    expect(lintView({ type: 'home', blocks: Array(101).fill({ type: 'divider' }) })).toMatchObject([
      { rule: 'blocks', limit: 100, actual: 101 },
    ]);
    expect(
      lintView({ type: 'modal', title: plain('x'.repeat(25)), blocks: [{ type: 'input', label: plain('x'), element: {} }] }).map(
        ({ rule }) => rule,
      ),
    ).toEqual(['length', 'submit_min']);
  });
});
