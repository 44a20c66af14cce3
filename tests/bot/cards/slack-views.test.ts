import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editFields, readForm } from '../../../src/bot/cards/edit-fields.ts';
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
    const sections = fc.array(fc.record({ title: text, cards: fc.array(card, { maxLength: 4 }) }), { maxLength: 6 });
    fc.assert(
      fc.property(sections, (parts) => {
        expect(lint(homeView(parts))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('is never empty', () => expect(textsOf(homeView([]).blocks)).toEqual(['Nothing here yet.']));

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
    expect(readForm(fields, filled)).toEqual({ changed: { status: 'new', employees: '25' }, problems: {} });
  });

  it('picks days and times from a calendar, and gives them back on the clock of whoever picked', () => {
    const schema = {
      properties: {
        dueAt: { type: 'string', format: 'date-time', description: 'ISO 8601 with offset.' },
        closes: { anyOf: [{ type: 'string', format: 'date' }, { type: 'null' }] },
        from: { type: 'string', format: 'time' },
        old: { type: 'string', format: 'date-time' },
        odd: { type: 'string', format: 'date-time' },
      },
      required: ['from'],
    };
    const values = { dueAt: '2026-11-24T14:00:00Z', closes: null, from: '09:30:00', old: '1971-01-01T00:00:00Z', odd: 'soon' };
    const fields = editFields(values, schema, 'America/New_York');
    expect(fields.map(({ name, kind, value }) => [name, kind, value])).toEqual([
      ['dueAt', 'moment', '2026-11-24T09:00:00-05:00'],
      ['closes', 'date', ''],
      ['from', 'time', '09:30'],
      ['old', 'moment', '1970-12-31T19:00:00-05:00'],
      ['odd', 'line', 'soon'],
    ]);
    const view = editModal({ title: 'Add a task', confirmCount: null }, fields, form);
    expect(lint(view)).toEqual([]);
    const inputs = view.blocks.flatMap((block) => ('element' in block ? [block] : []));
    expect(inputs.map(({ element }) => element)).toMatchObject([
      { type: 'datetimepicker', initial_date_time: Date.parse('2026-11-24T14:00:00Z') / 1000 },
      { type: 'datepicker' },
      { type: 'timepicker', initial_time: '09:30' },
      { type: 'plain_text_input', initial_value: '1970-12-31T19:00:00-05:00' },
      { type: 'plain_text_input', initial_value: 'soon' },
    ]);
    expect(inputs.map(({ optional = false }) => optional)).toEqual([true, true, false, true, true]);
    expect(JSON.stringify(view)).not.toContain('ISO');

    const asOpened = {
      dueAt: { dueAt: { selected_date_time: 1795528800 } },
      closes: { closes: { selected_date: null } },
      from: { from: { selected_time: '09:30' } },
      old: { old: { value: '1970-12-31T19:00:00-05:00' } },
    };
    expect(readForm(fields, formValues({ values: asOpened }))).toEqual({ changed: {}, problems: {} });
    const picked = {
      dueAt: { dueAt: { selected_date_time: 1795622400 } },
      closes: { closes: { selected_date: '2026-12-24' } },
      old: { old: { value: '' } },
    };
    expect(readForm(fields, formValues({ values: picked }))).toEqual({
      changed: { dueAt: '2026-11-25T11:00:00-05:00', closes: '2026-12-24', old: '' },
      problems: {},
    });
  });

  it('says in plain words what is no day and no time', () => {
    const schema = {
      properties: {
        at: { format: 'date-time' },
        day: { format: 'date' },
        time: { format: 'time' },
      },
      required: ['at'],
    };
    const fields = editFields({ at: '2026-03-01T12:00:00Z', day: '2026-03-01', time: '12:00' }, schema, 'America/New_York');
    const told = (at: string) => readForm(fields, { at }).problems['at'] ?? readForm(fields, { at }).changed['at'];
    for (const bad of ['', 'tomorrow', '2026-03-01T', '2026-02-30T10:00', '2026-03-01T25:00', '+275760-09-13T00:00', '1e99'])
      expect([bad, told(bad)]).toEqual([bad, 'Pick a day and a time, such as 2026-03-11 09:30.']);
    expect(told('2026-03-08T02:30')).toMatch(/no such time on that day/);
    expect(told('2026-03-08 03:30')).toBe('2026-03-08T03:30:00-04:00');
    // twice on that day: the first of them
    expect(told('2026-11-01T01:30')).toBe('2026-11-01T01:30:00-04:00');
    expect(readForm(fields, { day: '2026-02-29', time: '24:00' }).problems).toEqual({
      day: 'Pick a day, such as 2026-03-11.',
      time: 'Pick a time, such as 09:30.',
    });
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
