import { describe, expect, it } from 'vitest';
import { renderTeams, type TeamsMessage } from '../../../src/bot/cards/teams.ts';
import type { CardElement } from '../../../src/bot/cards/teams-card.ts';
import { lintTeams } from '../../../src/bot/cards/teams-lint.ts';
import { wordsIn } from '../../../src/bot/cards/teams-text.ts';
import { walk } from '../../../src/bot/cards/walk.ts';
import type { CardBlock, Chart } from '../../../src/core/card.ts';
import type { Said } from '../../../src/core/chat.ts';

const of = (...blocks: CardBlock[]): Said => ({ cards: [{ blocks }], fallback: 'x' });
const bodyOf = (...blocks: CardBlock[]): CardElement[] => renderTeams(of(...blocks)).flatMap(({ card }) => card?.body ?? []);
const words = (messages: readonly TeamsMessage[]): string =>
  messages.flatMap(({ text, card }) => [...(text ? [text] : []), ...wordsIn(card?.body)]).join('\n');
const made = { agent: 'sr-bdr', model: 'm', costUsd: '0.01', degraded: false };
const token = 'a'.repeat(22);

describe('what a card in Teams is drawn as', () => {
  it('draws whatever there is much of within its limits', () => {
    const count = 50_000;
    const names = Array.from({ length: count }, (_, i) => `name ${i}`);
    const blocks: CardBlock[] = [
      { type: 'table', columns: ['A'], rows: names.map((name) => [name]) },
      { type: 'fields', fields: names.map((name) => ({ label: name, value: '*' })) },
      { type: 'bars', max: 10, bars: names.map((label, value) => ({ label, value, note: label })) },
      { type: 'actions', buttons: names.map((label) => ({ label, token })) },
      { type: 'text', text: 'word '.repeat(count) },
    ];
    for (const block of blocks) for (const message of renderTeams(of(block))) expect(lintTeams(message)).toEqual([]);
  });

  it('draws a table with a header, and numbers to the right', () => {
    const [table] = bodyOf({
      type: 'table',
      columns: ['Lead', 'Score'],
      rows: [
        ['Acme *Co*', '91'],
        ['Beta', '7%'],
      ],
    });
    expect(table).toMatchObject({
      type: 'Table',
      firstRowAsHeaders: true,
      columns: [{}, { horizontalCellContentAlignment: 'Right' }],
    });
    expect(wordsIn(table)).toEqual(['Lead', 'Score', 'Acme *Co*', '91', 'Beta', '7%']);
  });

  it('draws plain fields as facts, others where no Markdown is read, and a long value in full over the whole width', () => {
    expect(
      bodyOf({
        type: 'fields',
        fields: [
          { label: 'City', value: 'Ulm, Germany (HQ)' },
          { label: 'Note', value: '' },
        ],
      }),
    ).toEqual([
      {
        type: 'FactSet',
        facts: [
          { title: 'City', value: 'Ulm, Germany (HQ)' },
          { title: 'Note', value: '–' },
        ],
      },
    ]);
    const [table] = bodyOf({ type: 'fields', fields: [{ label: 'City', value: '*Ulm*' }] });
    expect(table!.type).toBe('Table');
    const long = 'word '.repeat(2900).trim();
    const [label, ...value] = bodyOf({ type: 'fields', fields: [{ label: 'Notes', value: long }] });
    expect(wordsIn(label)).toEqual(['Notes']);
    expect(wordsIn(value).join(' ')).toBe(long);
  });

  it('draws a chart as Teams does, with its figures for clients that cannot, and the figures alone where it is told so', () => {
    const chart: Chart = {
      type: 'chart',
      title: 'Won',
      kind: 'line',
      categories: ['Q1', 'Q2'],
      series: [{ name: 'Won', values: [1, 2] }],
      alt: 'Two quarters',
    };
    const [drawn, alt] = bodyOf(chart);
    expect(drawn).toMatchObject({
      type: 'Chart.Line',
      title: 'Won',
      data: [
        {
          legend: 'Won',
          values: [
            { x: 'Q1', y: 1 },
            { x: 'Q2', y: 2 },
          ],
        },
      ],
    });
    expect(wordsIn((drawn as { fallback: unknown }).fallback)).toEqual(['Won', 'Won', 'Q1', '1', 'Q2', '2']);
    expect(wordsIn(alt)).toEqual(['Two quarters']);
    const kinds = (...charts: Chart[]) => bodyOf(...charts).map(({ type }) => type);
    expect(kinds({ ...chart, kind: 'pie' }, { ...chart, kind: 'bar' }, { ...chart, kind: 'area' })).toEqual([
      'Chart.Pie',
      'RichTextBlock',
      'Chart.VerticalBar',
      'RichTextBlock',
      'Chart.Line',
      'RichTextBlock',
    ]);
    expect(kinds({ ...chart, series: [{ name: 'Won', values: [Number.NaN, 1] }] })).toEqual(['Table', 'RichTextBlock']);
    const plain = renderTeams(of(chart), { charts: false });
    expect(JSON.stringify(plain)).not.toContain('Chart.');
    expect(words(plain)).toContain('Q2\n2');
  });

  it('asks again before a button with consequences, in the place of the buttons', () => {
    const [row, question] = bodyOf({
      type: 'actions',
      buttons: [
        {
          label: 'Send',
          token,
          style: 'primary',
          confirm: { title: 'Send this?', text: 'It cannot be undone.', ok: 'Yes, send' },
        },
        { label: 'Skip', token: 'b'.repeat(22) },
        { label: 'Look', token: 'c'.repeat(22), url: 'https://a.example/x' },
        { label: 'Bad', token: 'd'.repeat(22), url: 'javascript:alert(1)' },
      ],
    }) as [CardElement & { actions: object[] }, CardElement];
    expect(row.actions).toMatchObject([
      {
        type: 'Action.ToggleVisibility',
        title: 'Send',
        style: 'positive',
        targetElements: [{ isVisible: false }, { elementId: `ask-${token}`, isVisible: true }],
      },
      { type: 'Action.Execute', title: 'Skip', verb: 'press', data: { token: 'b'.repeat(22) } },
      { type: 'Action.OpenUrl', title: 'Look', url: 'https://a.example/x' },
      { type: 'Action.Execute', title: 'Bad', verb: 'press' },
    ]);
    expect(question).toMatchObject({ type: 'Container', id: `ask-${token}`, isVisible: false });
    expect(wordsIn(question)).toEqual(['Send this?', 'It cannot be undone.', 'Yes, send', 'Not now']);
    const presses = [...walk(question)].filter(({ key, value }) => key === 'verb' && value === 'press');
    expect(presses).toHaveLength(1);
  });

  it('marks in the text what it rests on, and lists it with the place it leads to', () => {
    const sources: CardBlock = {
      type: 'sources',
      items: [
        { title: 'Your *bank*', url: 'https://evil.example/x' },
        { title: 'Bad', url: 'javascript:alert(1)' },
        { title: 'Ours', url: 'https://a.example/' },
      ],
    };
    const [message] = renderTeams({ text: 'It grew.', cards: [{ blocks: [sources] }], fallback: 'x', made });
    expect(message!.text).toBe('It grew. [1] [2]');
    expect(message!.sources).toEqual([
      { title: 'Your *bank*', url: 'https://evil.example/x' },
      { title: 'Ours', url: 'https://a.example/' },
    ]);
    expect(wordsIn(message!.card!.body)).toEqual(['Sources', '• Your *bank* (evil.example)', '• Bad', '• Ours (a.example)']);
    expect(renderTeams({ cards: [{ blocks: [sources] }], fallback: 'x' })[0]!.sources).toBeUndefined();
  });

  it('puts thumbs below the message that they are about, and leaves none out', () => {
    const feedback = (sign: string): CardBlock => ({ type: 'feedback', token: sign.repeat(22) });
    const [only] = renderTeams({ text: 'Hello', cards: [{ blocks: [feedback('a')] }], fallback: 'x', made });
    expect(only).toEqual({ text: 'Hello', feedback: 'a'.repeat(22), summary: 'x', ai: true });
    const all = renderTeams({
      text: 'Hello',
      cards: [{ blocks: [feedback('a'), { type: 'text', text: 'more' }, feedback('b')] }],
      fallback: 'x',
      made,
    });
    expect(all.map((message) => message.feedback)).toEqual(['a'.repeat(22), 'b'.repeat(22)]);
    expect(renderTeams(of({ type: 'feedback', token: 'no token' }))[0]).not.toHaveProperty('feedback');
  });

  it('is labelled as written by AI where a model, and neither code nor fixed rules, gave the answer', () => {
    const what: Said = { text: 'Hello', cards: [], fallback: 'x' };
    expect(renderTeams(what)[0]!.ai).toBe(false);
    expect(renderTeams({ ...what, made })[0]!.ai).toBe(true);
    for (const model of ['none', 'offline/rules']) expect(renderTeams({ ...what, made: { ...made, model } })[0]!.ai).toBe(false);
  });

  it('has something to say whatever is missing', () => {
    expect(renderTeams({ cards: [], fallback: 'See the list' })).toEqual([
      { text: 'See the list', summary: 'See the list', ai: false },
    ]);
    for (const fallback of ['', ' \n', '\u200b']) {
      const messages = renderTeams({ text: ' ', cards: [{ blocks: [] }], fallback });
      expect(messages).toHaveLength(1);
      expect(lintTeams(messages[0]!)).toEqual([]);
    }
  });
});
