import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changedFields, editFields } from '../../../src/bot/cards/edit-fields.ts';
import { renderSlack } from '../../../src/bot/cards/slack.ts';
import { pressedOf } from '../../../src/bot/cards/slack-buttons.ts';
import { lintView } from '../../../src/bot/cards/slack-lint.ts';
import { askModal, countModal, editModal, formValues, homeView } from '../../../src/bot/cards/slack-views.ts';
import { textsOf } from '../../../src/bot/cards/slack-walk.ts';
import { walk } from '../../../src/bot/cards/walk.ts';
import { card, hostile, text } from './arbitraries.ts';

const form = { id: 'edit', token: 't'.repeat(22) };
const lint = (view: object) => lintView(view as Parameters<typeof lintView>[0]);

describe('the Home tab', () => {
  it('stays within what a view may hold, whatever is in it', () => {
    const sections = fc.array(
      fc.record({ title: text, cards: fc.array(card, { maxLength: 4 }), empty: fc.option(text, { nil: undefined }) }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(sections, (parts) => {
        expect(lint(homeView(parts))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('says what there is not', () => {
    const view = homeView([{ title: 'Waiting for you', cards: [], empty: 'Nothing waits for you.' }]);
    expect(textsOf(view.blocks)).toEqual(['Waiting for you', 'Nothing waits for you.']);
  });

  it('counts what does not fit', () => {
    const cards = Array.from({ length: 120 }, (_, i) => ({ blocks: [{ type: 'text' as const, text: `Card ${i}` }] }));
    const view = homeView([{ title: 'All', cards }]);
    expect(view.blocks).toHaveLength(100);
    expect(textsOf(view.blocks.slice(-2))).toEqual(['Card 97', '…and 22 more parts']);
  });
});

describe('a form', () => {
  const input = {
    lead: 'Acme',
    version: 3,
    status: 'contacted',
    employees: 20,
    vip: true,
    body: 'Dear Ann,\nsee <https://acme.example>\u202e',
    tags: ['a', 'b'],
    phone: null,
  };
  const schema = {
    properties: {
      status: { enum: ['new', 'contacted'] },
      body: { type: 'string', maxLength: 5000, description: 'What to write' },
    },
  };

  it('has an input for each field of what was proposed, with what stands there', () => {
    const fields = editFields(input, schema);
    expect(fields.map(({ name, label, kind }) => [name, label, kind])).toEqual([
      ['lead', 'Lead', 'line'],
      ['status', 'Status', 'choice'],
      ['employees', 'Employees', 'number'],
      ['vip', 'Vip', 'choice'],
      ['body', 'Body', 'text'],
      ['tags', 'Tags', 'line'],
      ['phone', 'Phone', 'line'],
    ]);
    const view = editModal({ title: 'Change Acme', confirmCount: null }, fields, form);
    expect(lint(view)).toEqual([]);
    expect(view).toMatchObject({ type: 'modal', callback_id: 'edit', private_metadata: form.token, submit: { text: 'Approve' } });
    const elements = view.blocks.flatMap((block) => ('element' in block ? [block.element] : []));
    expect(elements[1]).toMatchObject({ type: 'static_select', initial_option: { value: 'contacted' } });
    expect(elements[2]).toMatchObject({ type: 'number_input', initial_value: '20' });
    expect(elements[4]).toMatchObject({ multiline: true, initial_value: 'Dear Ann,\nsee <https://acme.example>' });
    expect(elements[6]).not.toHaveProperty('initial_value');
  });

  it('gives back only what a person changed', () => {
    const fields = editFields(input, schema);
    const filled = formValues({
      values: {
        lead: { lead: { value: 'Acme' } },
        status: { status: { selected_option: { value: 'new' } } },
        employees: { employees: { value: '25' } },
        body: { body: { value: 'Dear Ann,\nsee <https://acme.example>' } },
        phone: { phone: { value: null } },
      },
    });
    expect(changedFields(fields, filled)).toEqual({ status: 'new', employees: '25' });
  });

  it('asks for the number where many records change, and for a note', () => {
    const view = { title: 'Delete 250 leads', confirmCount: 250 };
    expect(lint(countModal(view, form))).toEqual([]);
    expect(textsOf(countModal(view, form).blocks).join()).toContain('250 records. Type that number');
    expect(lint(askModal(view, form))).toEqual([]);
    expect(editModal(view, [], form).blocks.at(-1)).toMatchObject({ block_id: 'confirmCount' });
  });

  it('stays within what a modal may hold, and never shows half of a value to change', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string({ maxLength: 300 }),
          fc.oneof(text, fc.integer(), fc.boolean(), fc.array(text, { maxLength: 3 })),
        ),
        text,
        (values, title) => {
          const fields = editFields(values);
          expect(lint(editModal({ title, confirmCount: 5 }, fields, form))).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
    const [block] = editModal({ title: 'T', confirmCount: null }, editFields({ body: 'x'.repeat(3001) }), form).blocks.slice(1);
    expect(textsOf(block)).toEqual(['body: too long to change here'.replace('body', 'Body')]);
  });
});

describe('what a button says', () => {
  it('is a token that comes back as it went, and for thumbs which of them', () => {
    const token = 'Az09-_Az09-_Az09-_Az09';
    const messages = renderSlack({
      cards: [
        {
          blocks: [
            { type: 'actions', buttons: [{ label: 'Go', token }] },
            { type: 'feedback', token },
          ],
        },
      ],
      fallback: 'x',
    });
    const [go, thumbs] = messages[0]!.blocks as unknown as { elements: Record<string, { value: string }>[] }[];
    expect(pressedOf(go!.elements[0] as never)).toEqual({ kind: 'press', token });
    const { positive_button, negative_button } = thumbs!.elements[0]!;
    expect(pressedOf({ action_id: 'vote', value: positive_button!.value })).toEqual({ kind: 'vote', token, vote: 'up' });
    expect(pressedOf({ action_id: 'vote', value: negative_button!.value })).toEqual({ kind: 'vote', token, vote: 'down' });
  });

  it('is nothing when it is not one of ours', () => {
    for (const evil of [...hostile, 'up.x', `sideways.${'a'.repeat(22)}`])
      for (const id of ['press', 'press.0', 'vote', 'other', undefined])
        expect(pressedOf({ action_id: id, value: evil })).toBeUndefined();
  });

  it('leaves out a button that could not be answered, and counts it', () => {
    const messages = renderSlack({
      cards: [{ blocks: [{ type: 'actions', buttons: [{ label: 'Go', token: '<!channel>' }] }] }],
      fallback: 'x',
    });
    expect(textsOf(messages[0]!.blocks)).toEqual(['…and 1 more button']);
    expect([...walk(messages)].some(({ value }) => value === '<!channel>')).toBe(false);
  });
});
