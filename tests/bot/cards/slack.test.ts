import type { types } from '@slack/bolt';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chartKey, chartsToDraw, renderSlack, type SlackFace } from '../../../src/bot/cards/slack.ts';
import { lintMessage } from '../../../src/bot/cards/slack-lint.ts';
import { textsOf } from '../../../src/bot/cards/slack-walk.ts';
import { walk } from '../../../src/bot/cards/walk.ts';
import type { Card, CardBlock, Chart } from '../../../src/core/card.ts';
import { card, hostile, text } from './arbitraries.ts';

const said = fc.record({ text: fc.option(text, { nil: undefined }), cards: fc.array(card, { maxLength: 3 }), fallback: text });
const face: fc.Arbitrary<SlackFace> = fc.record({ classic: fc.boolean() });

const of = (...blocks: CardBlock[]) => ({ cards: [{ blocks }], fallback: 'x' });
const blocksIn = (...blocks: CardBlock[]) => renderSlack(of(...blocks)).flatMap((message) => message.blocks);
const wordsIn = (messages: unknown) => textsOf(messages).join('\n');

describe('a card in Slack', () => {
  it('stays within every limit, and nothing in untrusted text acts, whatever it says', () => {
    fc.assert(
      fc.property(said, face, (what, how) => {
        const messages = renderSlack(what, how);
        expect(messages.length).toBeGreaterThan(0);
        for (const message of messages) expect(lintMessage(message)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('has no mrkdwn and no mention anywhere, and links only where the card names an address', () => {
    fc.assert(
      fc.property(said, (what) => {
        const messages = renderSlack(what);
        const addresses = what.cards.flatMap(({ blocks }) =>
          blocks.flatMap((block) => {
            if (block.type === 'sources') return block.items.map(({ url }) => url);
            if (block.type === 'actions') return block.buttons.map(({ url }) => url);
            return block.type === 'approval' ? block.approval.buttons.map(({ url }) => url) : [];
          }),
        );
        const allowed = addresses.flatMap((url) => (url && URL.canParse(url) ? [new URL(url).href] : []));
        const mentions = new Set<unknown>(['mrkdwn', 'user', 'usergroup', 'channel', 'broadcast', 'team']);
        const wrong = [...walk(messages.map(({ blocks }) => blocks))].filter(
          ({ key, value, parent }) =>
            (key === 'type' && mentions.has(value)) ||
            (key === 'url' && !allowed.includes(value as string)) ||
            (key === 'text' && parent.type !== 'markdown' && typeof value === 'string' && /<[!@#]/.test(value)),
        );
        expect(wrong).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('cuts no letter in two, however long the text', () => {
    const letters = ['👩‍👩‍👧‍👦', '🇺🇸', '🇩🇪', 'e\u0301', '❤️', '👍🏽', 'क्षि', 'ก็', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '한', '日'];
    const words = fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: 2500 }).map((list) => list.join(''));
    const segments = new Intl.Segmenter('en', { granularity: 'grapheme' });
    fc.assert(
      fc.property(words, fc.nat(4), (long, shift) => {
        // a few letters before shift where the cut falls
        const given = 'x'.repeat(shift) + long;
        const what = {
          text: given,
          fallback: given,
          cards: [
            {
              title: given,
              blocks: [
                { type: 'text', text: given },
                { type: 'fields', fields: [{ label: given, value: given }] },
                { type: 'table', columns: [given], rows: [[given]], note: given },
                { type: 'steps', title: given, steps: [{ id: '1', title: given, status: 'running', detail: given }] },
                { type: 'actions', buttons: [{ label: given, token: 'a'.repeat(22) }] },
                { type: 'choices', question: given, choices: [{ label: given, id: '1', note: given }] },
                {
                  type: 'chart',
                  title: given,
                  kind: 'bar',
                  categories: [given],
                  series: [{ name: given, values: [1] }],
                  alt: given,
                },
              ],
            },
          ] satisfies Card[],
        };
        const known = new Set(letters);
        for (const found of textsOf(renderSlack(what)))
          for (const { segment } of segments.segment(found))
            if (!/^[\u0000-\u007f…–›▶]$|^ℹ️$/u.test(segment)) expect(known).toContain(segment);
      }),
      { numRuns: 40 },
    );
  });

  it('shows every fact, or says how many it left out', () => {
    let serial = 0;
    const fact = (): string => `fact${String(serial++).padStart(5, '0')}z`;
    const many = (count: number) => Array.from({ length: count }, fact);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 150 }), fc.integer({ min: 1, max: 24 }), face, (count, columns, how) => {
        const blocks: [string, string, CardBlock, string[][]][] = [];
        const rows = Array.from({ length: count }, () => many(columns));
        blocks.push(['row', 'rows', { type: 'table', columns: many(columns), rows }, columns > 20 ? [] : rows]);
        const steps = many(count);
        blocks.push([
          'step',
          'steps',
          { type: 'steps', steps: steps.map((title, i) => ({ id: String(i), title, status: 'done' as const })) },
          steps.map((step) => [step]),
        ]);
        const choices = many(count);
        blocks.push([
          'choice',
          'choices',
          { type: 'choices', question: fact(), choices: choices.map((label) => ({ label, id: label })) },
          choices.map((choice) => [choice]),
        ]);
        const sources = many(count);
        blocks.push([
          'source',
          'sources',
          { type: 'sources', items: sources.map((title) => ({ title, url: `https://a.example/${title}` })) },
          sources.map((source) => [source]),
        ]);
        const fields = many(count).map((label) => ({ label, value: fact() }));
        blocks.push(['field', 'fields', { type: 'fields', fields }, fields.map(({ label, value }) => [label, value])]);
        for (const [one, more, block, facts] of blocks) {
          const out = wordsIn(renderSlack(of(block), how)).replace(/\s+/g, ' ');
          const missing = facts.filter((group) => !group.every((name) => out.includes(name))).length;
          const left = new RegExp(`…and ([\\d,]+) more (?:${one}|${more})\\b`).exec(out)?.[1] ?? '0';
          expect([one, missing]).toEqual([one, facts.length ? Number(left.replaceAll(',', '')) : 0]);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('keeps the order of what is said, over as many messages as it takes', () => {
    const paragraphs = Array.from({ length: 40 }, (_, i) => `Paragraph ${i} ${'and so on '.repeat(80)}`);
    const messages = renderSlack({
      text: 'Here it is.',
      cards: [{ title: 'All of it', blocks: paragraphs.map((line) => ({ type: 'text', text: line })) }],
      fallback: 'It',
    });
    expect(messages.length).toBeGreaterThan(2);
    const numbers = [...wordsIn(messages.map(({ blocks }) => blocks)).matchAll(/Paragraph (\d+)/g)].map((found) =>
      Number(found[1]),
    );
    expect(numbers).toEqual(paragraphs.map((_line, i) => i));
    expect(messages[0]!.text).toBe('It');
    expect(messages[1]!.text).toMatch(/^Paragraph/);
  });

  it('stops after ten messages and says how much is left', () => {
    const messages = renderSlack(of(...Array.from({ length: 100 }, () => ({ type: 'text' as const, text: 'y'.repeat(2900) }))));
    expect(messages).toHaveLength(11);
    expect(wordsIn(messages.at(-1))).toMatch(/…and 70 more parts/);
  });

  it('has one table, two charts and one plan in a message at the most', () => {
    const table: CardBlock = { type: 'table', columns: ['A'], rows: [['1']] };
    const chart: Chart = {
      type: 'chart',
      title: 'C',
      kind: 'bar',
      categories: ['a'],
      series: [{ name: 's', values: [1] }],
      alt: '',
    };
    const steps: CardBlock = { type: 'steps', steps: [{ id: '1', title: 'Look', status: 'done' }] };
    const kinds = renderSlack(of(table, table, chart, chart, chart, steps, steps)).map(({ blocks }) =>
      blocks.map(({ type }) => type),
    );
    expect(kinds).toEqual([
      ['table'],
      ['table', 'data_visualization', 'data_visualization'],
      ['data_visualization', 'plan'],
      ['plan'],
    ]);
  });

  it('draws fields a line each with their names in bold, and a long value in full below its name', () => {
    const long = 'word '.repeat(900).trim();
    const [lines, label, ...value] = blocksIn({
      type: 'fields',
      fields: [
        { label: 'Name', value: 'Acme' },
        { label: 'City', value: '' },
        { label: 'Notes', value: long },
      ],
    });
    const bold = { style: { bold: true } };
    expect(lines).toEqual({
      type: 'rich_text',
      elements: [
        {
          type: 'rich_text_section',
          elements: [
            { type: 'text', text: 'Name: ', ...bold },
            { type: 'text', text: 'Acme' },
            { type: 'text', text: '\n' },
            { type: 'text', text: 'City: ', ...bold },
            { type: 'text', text: '–' },
          ],
        },
      ],
    });
    expect(wordsIn(label)).toBe('Notes');
    expect(wordsIn(value).replaceAll('\n', ' ')).toBe(long);
  });

  it('draws a table with a header, numbers to the right, and counts what is left out', () => {
    const rows = Array.from({ length: 120 }, (_, i) => [`Lead ${i}`, String(i)]);
    const [table, context] = blocksIn({ type: 'table', columns: ['Lead', 'Score'], rows, note: 'By score' }) as [
      types.TableBlock,
      types.ContextBlock,
    ];
    expect(table.rows).toHaveLength(100);
    expect(table.rows[1]).toEqual([
      { type: 'raw_text', text: 'Lead 0' },
      { type: 'raw_text', text: '0' },
    ]);
    expect(table.column_settings).toMatchObject([{ align: 'left' }, { align: 'right' }]);
    expect(wordsIn(context)).toBe('…and 21 more rows\nBy score');
  });

  it('draws a chart natively where Slack can, and asks for a picture where it cannot', () => {
    const small: Chart = {
      type: 'chart',
      title: 'Won',
      kind: 'line',
      categories: ['Q1', 'Q2'],
      series: [{ name: 'Won', values: [1, 2] }],
      alt: 'Two quarters',
    };
    expect(blocksIn(small)[0]).toEqual({
      type: 'data_visualization',
      title: 'Won',
      chart: {
        type: 'line',
        series: [
          {
            name: 'Won',
            data: [
              { label: 'Q1', value: 1 },
              { label: 'Q2', value: 2 },
            ],
          },
        ],
        axis_config: { categories: ['Q1', 'Q2'] },
      },
    });
    const names = Array.from({ length: 30 }, (_, i) => `Month number ${i}`);
    const large: Chart = { ...small, categories: names, series: [{ name: 'Won', values: names.map((_n, i) => i) }] };
    expect(chartsToDraw(of(small))).toEqual([]);
    expect(chartsToDraw(of(small, large, large))).toEqual([{ key: chartKey(large), chart: large }]);
    expect(chartsToDraw(of(small), { classic: true })).toHaveLength(1);
    const [picture] = renderSlack(of(large), { pictures: new Map([[chartKey(large), 'F123']]) })[0]!.blocks;
    expect(picture).toMatchObject({ type: 'image', slack_file: { id: 'F123' } });
    expect((picture as types.ImageBlock).alt_text).toContain('Month number 29: 29');
    expect(wordsIn(blocksIn(large))).toContain('Month number 29: 29');
  });

  it('makes no picture of letters that its font has not: they are written', () => {
    const chart: Chart = {
      type: 'chart',
      title: '売上',
      kind: 'bar',
      categories: Array(30).fill('東京'),
      series: [{ name: 'x', values: Array(30).fill(2) }],
      alt: '',
    };
    expect(chartsToDraw(of(chart))).toEqual([]);
    expect(wordsIn(blocksIn(chart))).toContain('東京: 2');
  });

  it('follows steps as a plan, and says which of them waits for a person', () => {
    const steps: CardBlock = {
      type: 'steps',
      title: 'Qualifying',
      steps: [
        { id: 'a', title: 'Read', status: 'done' },
        { id: 'b', title: 'Ask', status: 'waiting', detail: 'for the owner' },
      ],
    };
    expect(blocksIn(steps)).toMatchObject([
      {
        type: 'plan',
        title: 'Qualifying',
        tasks: [
          { task_id: 'step-1', title: 'Read', status: 'complete' },
          { task_id: 'step-2', title: 'Ask', status: 'in_progress' },
        ],
      },
    ]);
    expect(wordsIn(blocksIn(steps))).toContain('Waits for a decision: for the owner');
    expect(wordsIn(renderSlack(of(steps), { classic: true })[0]!.blocks)).toBe(
      'Qualifying\n✓ Read\n⏸ Ask – Waits for a decision: for the owner',
    );
  });

  it('links a source with the place it leads to beside it, and leaves an address out that is none', () => {
    const [sources] = blocksIn({
      type: 'sources',
      items: [
        { title: 'Your bank', url: 'https://evil.example/x' },
        { title: 'Bad', url: 'javascript:alert(1)' },
      ],
    }) as [types.RichTextBlock];
    expect((sources.elements[1] as types.RichTextList).elements).toEqual([
      {
        type: 'rich_text_section',
        elements: [
          { type: 'link', url: 'https://evil.example/x', text: 'Your bank' },
          { type: 'text', text: ' (evil.example)' },
        ],
      },
      { type: 'rich_text_section', elements: [{ type: 'text', text: 'Bad' }] },
    ]);
  });

  it('carries hostile text into its fallback without any of Slack’s signs', () => {
    for (const evil of hostile) {
      const [message] = renderSlack({ cards: [], fallback: `Lead ${evil}` });
      expect(lintMessage(message!)).toEqual([]);
      expect(message!.text).not.toMatch(/<|>/);
    }
    expect(renderSlack({ cards: [], fallback: 'R&D <b>' })[0]!.text).toBe('R&amp;D ‹b&gt;');
  });
});
