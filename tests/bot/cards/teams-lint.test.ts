import { describe, expect, it } from 'vitest';
import { lintTeams } from '../../../src/bot/cards/teams-lint.ts';

const token = 'a'.repeat(22);
const card = (...body: unknown[]) => ({ type: 'AdaptiveCard', version: '1.5', body });
const ok = { type: 'RichTextBlock', inlines: ['x'] };
const rules = (whole: unknown) => lintTeams({ card: whole, summary: 'x' }).map(({ rule }) => rule);
const words = (text: string) => card({ type: 'TextBlock', text, wrap: true });
const button = (more: object = {}) => ({ type: 'Action.Execute', title: 'Go', verb: 'press', data: { token }, ...more });
const buttons = (...actions: unknown[]) => card({ type: 'ActionSet', actions });
const table = (columns: number, ...rows: number[]) =>
  card({
    type: 'Table',
    columns: Array(columns).fill({ width: 1 }),
    rows: rows.map((cells) => ({ type: 'TableRow', cells: Array(cells).fill({ type: 'TableCell', items: [ok] }) })),
  });

describe('the linter of Teams messages', () => {
  it('says where, which rule, the limit and how much it is', () => {
    expect(lintTeams({ card: buttons(button({ title: 'x'.repeat(80) })), summary: 'x' })).toEqual([
      { path: 'card.body[0].actions[0].title', rule: 'length', limit: 75, actual: 80 },
    ]);
  });

  it('finds nothing in a good card', () => {
    expect(
      rules({ ...card(ok), refresh: { action: button({ verb: 'look', data: { proposal: token } }), userIds: ['29:a'] } }),
    ).toEqual([]);
  });

  it.each<[string, string, unknown]>([
    ['no elements', 'elements_min', card()],
    ['another version', 'version', { ...card(ok), version: '1.6' }],
    ['more than Teams takes', 'message', card({ type: 'RichTextBlock', inlines: ['x'.repeat(26_000)] })],
    ['an element that we do not draw', 'unknown_element', card({ type: 'Image', url: 'https://a.example/p.png' })],
    ['names to mention', 'msteams', { ...card(ok), msteams: { entities: [] } }],
    ['a link in Markdown', 'active', words('[x](https://a.example)')],
    ['bold Markdown', 'active', words('**x**')],
    ['an entity', 'active', words('&lt;b&gt;')],
    ['an address', 'active', words('see www.a.example')],
    ['a list', 'active', words('- one')],
    ['a date that writes itself', 'active', card({ type: 'RichTextBlock', inlines: ['{{DATE(2026-01-01T00:00:00Z)}}'] })],
    ['a mention', 'active', card({ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: '<at>Ann</at>' }] })],
    ['Markdown in a fact', 'active', card({ type: 'FactSet', facts: [{ title: 'A', value: '_b_' }] })],
    ['a fact without a value', 'length_min', card({ type: 'FactSet', facts: [{ title: 'A' }] })],
    ['an empty text', 'length_min', card({ type: 'RichTextBlock', inlines: [' '] })],
    ['letters that run backwards', 'hidden', card({ type: 'RichTextBlock', inlines: ['\u202egnp.exe'] })],
    ['half a letter', 'broken_letter', card({ type: 'RichTextBlock', inlines: ['a\ud800'] })],
    ['six buttons in a row', 'actions', buttons(...Array(6).fill(button()))],
    ['a button that says nothing back', 'data', buttons(button({ data: {} }))],
    ['a button that says more than its token', 'data', buttons(button({ data: { token, userId: '1' } }))],
    ['a button of another kind', 'unknown_action', buttons(button({ type: 'Action.Submit' }))],
    ['a link to nowhere good', 'active', buttons({ type: 'Action.OpenUrl', title: 'Go', url: 'javascript:alert(1)' })],
    ['a link with a password', 'active', buttons({ type: 'Action.OpenUrl', title: 'Go', url: 'https://a:b@a.example/' })],
    [
      'something shown that is not there',
      'unknown_id',
      buttons({ type: 'Action.ToggleVisibility', title: 'Go', targetElements: [{ elementId: 'x' }] }),
    ],
    ['a name twice', 'id_twice', card({ ...ok, id: 'a' }, { ...ok, id: 'a' })],
    ['rows of different lengths', 'ragged', table(2, 2, 1)],
    ['21 columns', 'columns', table(21, 21)],
    ['an input without a label', 'length_min', card({ type: 'Input.Text', id: 'a', maxLength: 5 })],
    [
      'too many to refresh for',
      'users',
      { ...card(ok), refresh: { action: button({ verb: 'look', data: { proposal: token } }), userIds: Array(61).fill('x') } },
    ],
    ['a chart without its figures', 'fallback_min', card({ type: 'Chart.Pie', title: 'A', data: [{ legend: 'x', value: 1 }] })],
    [
      'a figure that is none',
      'figure',
      card({ type: 'Chart.Pie', title: 'A', data: [{ legend: 'x', value: null }], fallback: { type: 'Container', items: [ok] } }),
    ],
  ])('finds %s', (_what, rule, whole) => {
    expect(rules(whole)).toContain(rule);
  });

  it.each([
    ['nothing said', 'said_min', { summary: 'x' }],
    ['nothing to read aloud', 'length_min', { text: 'x', summary: ' ' }],
    ['a link in the text', 'active', { text: '[x](https://a.example)', summary: 'x' }],
    ['a mention in the text', 'active', { text: 'Hi <at>Ann</at>', summary: 'x' }],
    ['a source to nowhere good', 'active', { text: 'x', summary: 'x', sources: [{ title: 'a', url: 'file:///etc/passwd' }] }],
    ['21 sources', 'sources', { text: 'x', summary: 'x', sources: Array(21).fill({ title: 'a', url: 'https://a.example/' }) }],
  ])('finds %s', (_what, rule, message) => {
    expect(lintTeams(message).map((problem) => problem.rule)).toContain(rule);
  });
});
