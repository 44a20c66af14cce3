import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderSlack } from '../../../src/bot/cards/slack.ts';
import { textsOf } from '../../../src/bot/cards/slack-walk.ts';
import { renderTeams, type TeamsFace, type TeamsMessage } from '../../../src/bot/cards/teams.ts';
import { lintTeams } from '../../../src/bot/cards/teams-lint.ts';
import { bytesOf, wordsIn } from '../../../src/bot/cards/teams-text.ts';
import { walk } from '../../../src/bot/cards/walk.ts';
import type { Card, CardBlock } from '../../../src/core/card.ts';
import type { Said } from '../../../src/core/chat.ts';
import { card, hostile, text } from './arbitraries.ts';
import { judged } from './real-cards.ts';

const said = fc.record({ text: fc.option(text, { nil: undefined }), cards: fc.array(card, { maxLength: 3 }), fallback: text });
const face: fc.Arbitrary<TeamsFace> = fc.record({
  charts: fc.boolean(),
  refresh: fc.option(fc.record({ userIds: fc.array(fc.uuid(), { maxLength: 70 }), mine: fc.boolean() }), { nil: undefined }),
});

const of = (...blocks: CardBlock[]): Said => ({ cards: [{ blocks }], fallback: 'x' });
const words = (messages: readonly TeamsMessage[]): string =>
  messages.flatMap(({ text, card }) => [...(text ? [text] : []), ...wordsIn(card?.body)]).join('\n');
const token = 'a'.repeat(22);

describe('a card in Teams', () => {
  it('stays within every limit, nothing in untrusted text acts, and Microsoft’s own library takes it, whatever it says', () => {
    fc.assert(
      fc.property(said, face, (what, how) => {
        const messages = renderTeams(what, how);
        expect(messages.length).toBeGreaterThan(0);
        for (const message of messages) {
          expect(lintTeams(message)).toEqual([]);
          if (message.card) expect(judged(message.card).problems).toEqual([]);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('links only where a card names an address, and fetches and mentions nothing', () => {
    fc.assert(
      fc.property(said, (what) => {
        const addresses = what.cards.flatMap(({ blocks }) =>
          blocks.flatMap((block) => {
            if (block.type === 'sources') return block.items.map(({ url }) => url);
            if (block.type === 'actions') return block.buttons.map(({ url }) => url);
            return block.type === 'approval' ? block.approval.buttons.map(({ url }) => url) : [];
          }),
        );
        const allowed = addresses.flatMap((url) => (url && URL.canParse(url) ? [new URL(url).href] : []));
        const messages = renderTeams(what);
        const wrong = [...walk(messages.map(({ card }) => card))].filter(
          ({ key, value }) =>
            (key === 'url' && !allowed.includes(value as string)) ||
            ['entities', 'backgroundImage', 'media', 'iconUrl', 'urlTemplate'].includes(key) ||
            (key === 'type' && /^(?:Image|Media|Action\.Http|Action\.Submit)/.test(value as string)),
        );
        expect(wrong).toEqual([]);
        for (const { sources = [] } of messages) for (const { url } of sources) expect(allowed).toContain(url);
      }),
      { numRuns: 100 },
    );
  });

  it.each(hostile)('reads no Markdown, mention or date in %j, wherever it stands', (evil) => {
    const name = `Lead ${evil}`;
    const messages = renderTeams({
      cards: [
        {
          title: name,
          blocks: [
            { type: 'text', text: name },
            { type: 'notice', level: 'info', text: name },
            { type: 'fields', fields: [{ label: name, value: name }] },
            { type: 'table', columns: [name], rows: [[name]], note: name },
            { type: 'steps', title: name, steps: [{ id: '1', title: name, status: 'done', detail: name }] },
            { type: 'choices', question: name, choices: [{ label: name, id: '1', note: name, token }] },
            { type: 'sources', items: [{ title: name, url: evil }] },
          ],
        },
      ],
      fallback: name,
    });
    for (const message of messages) expect(lintTeams(message)).toEqual([]);
    expect(JSON.stringify(messages)).not.toMatch(/<at>|\{\{/);
  });

  it.each([
    '{{DATE(2026-11-20T09:00:00Z, SHORT)}}',
    '{{{{TIME(2026-11-20T09:00:00Z)}}',
    '<at>Ann</at>',
    '**bold** [x](https://evil.example)',
  ])('shows %s as it is written', (evil) => {
    const messages = renderTeams({
      cards: [{ title: evil, blocks: [{ type: 'fields', fields: [{ label: 'A', value: evil }] }] }],
      fallback: evil,
    });
    for (const message of messages) expect(lintTeams(message)).toEqual([]);
    expect(
      [...walk(messages)].filter(({ key, value }) => key === 'type' && ['TextBlock', 'FactSet'].includes(value as string)),
    ).toEqual([]);
    const letters = (given: string): string => given.replace(/[\s‹<]/g, '');
    expect(letters(words(messages))).toContain(letters(evil));
  });

  it('cuts no letter in two, however long the text', () => {
    const letters = ['👩‍👩‍👧‍👦', '🇺🇸', '🇩🇪', 'e\u0301', '❤️', '👍🏽', 'क्षि', 'ก็', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '한', '日'];
    const long = fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: 2500 }).map((list) => list.join(''));
    const segments = new Intl.Segmenter('en', { granularity: 'grapheme' });
    const known = new Set(letters);
    fc.assert(
      fc.property(long, fc.nat(4), (tail, shift) => {
        // a few letters before shift where the cut falls
        const given = 'x'.repeat(shift) + tail;
        const cards: Card[] = [
          {
            title: given,
            blocks: [
              { type: 'text', text: given },
              { type: 'fields', fields: [{ label: given, value: given }] },
              { type: 'table', columns: [given], rows: [[given]], note: given },
              { type: 'steps', title: given, steps: [{ id: '1', title: given, status: 'running', detail: given }] },
              { type: 'actions', buttons: [{ label: given, token, confirm: { title: given, text: given, ok: given } }] },
              { type: 'choices', question: given, choices: [{ label: given, id: '1', note: given }] },
            ],
          },
        ];
        const messages = renderTeams({ text: given, fallback: given, cards });
        for (const message of messages) {
          expect(lintTeams(message)).toEqual([]);
          for (const found of [message.text ?? '', message.summary, ...wordsIn(message.card?.body)])
            for (const { segment } of segments.segment(found))
              if (!/^[\u0000-\u007f…–›▶•]$/u.test(segment)) expect(known).toContain(segment);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('shows every fact, or says how many it left out', () => {
    let serial = 0;
    const fact = (): string => `fact${String(serial++).padStart(5, '0')}z`;
    const many = (count: number) => Array.from({ length: count }, fact);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 150 }), fc.integer({ min: 1, max: 24 }), face, (count, columns, how) => {
        const rows = Array.from({ length: count }, () => many(columns));
        const [steps, choices, sources, buttons] = [many(count), many(count), many(count), many(count)];
        const fields = many(count).map((label) => ({ label, value: fact() }));
        const cases: [string, CardBlock, string[][]][] = [
          ['row', { type: 'table', columns: many(columns), rows }, columns > 20 ? [] : rows],
          [
            'step',
            { type: 'steps', steps: steps.map((title, i) => ({ id: String(i), title, status: 'done' })) },
            steps.map((step) => [step]),
          ],
          [
            'choice',
            { type: 'choices', question: fact(), choices: choices.map((label) => ({ label, id: label })) },
            choices.map((choice) => [choice]),
          ],
          [
            'source',
            { type: 'sources', items: sources.map((title) => ({ title, url: `https://a.example/${title}` })) },
            sources.map((source) => [source]),
          ],
          ['field', { type: 'fields', fields }, fields.map(({ label, value }) => [label, value])],
          ['button', { type: 'actions', buttons: buttons.map((label) => ({ label, token })) }, buttons.map((button) => [button])],
        ];
        for (const [one, block, facts] of cases) {
          const messages = renderTeams(of(block), how);
          for (const message of messages) expect(lintTeams(message)).toEqual([]);
          const out = words(messages).replace(/\s+/g, ' ');
          const missing = facts.filter((group) => !group.every((name) => out.includes(name))).length;
          const left = new RegExp(`…and ([\\d,]+) more ${one}`).exec(out)?.[1] ?? '0';
          expect([one, missing]).toEqual([one, facts.length ? Number(left.replaceAll(',', '')) : 0]);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('names the same facts as the card in Slack', () => {
    let serial = 0;
    const fact = fc.constant(null).map(() => `fact${String(serial++).padStart(6, '0')}z`);
    const facts = (most: number) => fc.array(fact, { minLength: 1, maxLength: most });
    const block: fc.Arbitrary<CardBlock> = fc.oneof(
      fc.record({ type: fc.constant('text' as const), text: facts(20).map((list) => list.join(' *and* ')) }),
      fc.record({ type: fc.constant('notice' as const), level: fc.constant('info' as const), text: fact }),
      fc.record({
        type: fc.constant('fields' as const),
        fields: fc.array(fc.record({ label: fact, value: fact }), { minLength: 1, maxLength: 12 }),
      }),
      fc.integer({ min: 1, max: 6 }).chain((width) =>
        fc.record({
          type: fc.constant('table' as const),
          columns: fc.array(fact, { minLength: width, maxLength: width }),
          rows: fc.array(fc.array(fact, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 40 }),
          note: fact,
        }),
      ),
      fc.record({
        type: fc.constant('steps' as const),
        title: fact,
        steps: fc.array(fc.record({ id: fact, title: fact, status: fc.constant('waiting' as const), detail: fact }), {
          minLength: 1,
          maxLength: 20,
        }),
      }),
      fc.record({
        type: fc.constant('choices' as const),
        question: fact,
        choices: fc.array(fc.record({ label: fact, id: fc.constant('1'), note: fact }), { minLength: 1, maxLength: 20 }),
      }),
      fc.record({
        type: fc.constant('sources' as const),
        items: fc.array(fc.record({ title: fact, url: fact.map((name) => `https://${name}.example/`) }), {
          minLength: 1,
          maxLength: 20,
        }),
      }),
      fc.record({
        type: fc.constant('actions' as const),
        buttons: fc.array(
          fc.record({ label: fact, token: fc.constant(token), confirm: fc.record({ title: fact, text: fact, ok: fact }) }),
          { minLength: 1, maxLength: 9 },
        ),
      }),
      facts(8).chain((categories) =>
        fc.record({
          type: fc.constant('chart' as const),
          title: fact,
          kind: fc.constantFrom('bar' as const, 'line' as const, 'area' as const),
          categories: fc.constant(categories),
          series: fc.array(fc.record({ name: fact, values: fc.constant(categories.map((_name, i) => i + 1)) }), {
            minLength: 2,
            maxLength: 4,
          }),
          alt: fact,
        }),
      ),
    );
    const known = (messages: string): string[] => [...new Set(messages.match(/fact\d{6}z/g))].sort();
    fc.assert(
      fc.property(
        fc.array(fc.record({ title: fact, blocks: fc.array(block, { maxLength: 4 }) }), { maxLength: 3 }),
        fc.boolean(),
        (cards, charts) => {
          const what: Said = { text: `See ${cards.length}`, cards, fallback: 'x' };
          const slack = renderSlack(what).map(({ blocks }) => `${textsOf(blocks).join(' ')} ${JSON.stringify(blocks)}`);
          const teams = renderTeams(what, { charts }).map(({ card }) => JSON.stringify(card));
          expect(known(teams.join(' '))).toEqual(known(slack.join(' ')));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps the order of what is said, over as many messages as it takes', () => {
    const lines = Array.from({ length: 60 }, (_, i) => `Paragraph ${i} ${'and so on '.repeat(90)}`);
    const messages = renderTeams({
      text: 'Here it is.',
      cards: [{ title: 'All of it', blocks: lines.map((line) => ({ type: 'text', text: line })) }],
      fallback: 'It',
    });
    expect(messages.length).toBeGreaterThan(2);
    expect([...words(messages).matchAll(/Paragraph (\d+)/g)].map((found) => Number(found[1]))).toEqual(
      lines.map((_line, i) => i),
    );
    expect(messages[0]!.text).toBe('Here it is.');
    expect(messages[0]!.summary).toBe('It');
    expect(messages[1]!.summary).toMatch(/^Paragraph/);
  });

  it('stops after ten messages and says how much is left', () => {
    const messages = renderTeams(of(...Array.from({ length: 80 }, () => ({ type: 'text' as const, text: 'y'.repeat(5000) }))));
    expect(messages).toHaveLength(11);
    expect(words(messages.slice(-1))).toBe('…and 40 more parts');
    const long = renderTeams({ text: 'and so on '.repeat(100_000), cards: [], fallback: 'x' });
    expect(long).toHaveLength(11);
    expect(words(long.slice(-1))).toMatch(/^…and \d\d more parts$/);
  });

  it('says a long text in several messages, code closed and opened again between them', () => {
    const messages = renderTeams({
      text: `Look:\n\`\`\`\n${'a line of code\n'.repeat(3000)}\`\`\`\nDone.`,
      cards: [],
      fallback: 'x',
    });
    expect(messages.length).toBeGreaterThan(2);
    for (const message of messages) {
      expect(lintTeams(message)).toEqual([]);
      expect(message.text!.match(/^```$/gm)!.length % 2).toBe(0);
    }
    expect(words(messages).match(/a line of code/g)).toHaveLength(3000);
  });

  it('goes through a table of any size in at most three messages, its header in each, and counts the rest', () => {
    const rows = Array.from({ length: 5000 }, (_, i) => [`Lead ${i} ${'of a long name '.repeat(20)}`, String(i), `Owner ${i}`]);
    const messages = renderTeams(of({ type: 'table', columns: ['Lead', 'Score', 'Owner'], rows, note: 'By score' }));
    expect(messages.length).toBeLessThanOrEqual(3);
    const shown = words(messages).match(/^Lead \d+ /gm)!.length;
    expect(shown).toBeGreaterThan(50);
    expect(words(messages)).toContain(`…and ${(5000 - shown).toLocaleString('en-US')} more rows · By score`);
    for (const { card } of messages) {
      expect(card!.msteams).toEqual({ width: 'Full' });
      expect(wordsIn(card!.body).slice(0, 3)).toEqual(['Lead', 'Score', 'Owner']);
      expect(bytesOf(card)).toBeLessThan(25_000);
    }
  });
});
