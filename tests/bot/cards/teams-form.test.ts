import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editFields, readForm } from '../../../src/bot/cards/edit-fields.ts';
import { teamsForm, teamsValues } from '../../../src/bot/cards/teams-form.ts';
import { lintTeamsCard } from '../../../src/bot/cards/teams-lint.ts';
import { bytesOf, wordsIn } from '../../../src/bot/cards/teams-text.ts';
import type { EditForm } from '../../../src/core/edit-form.ts';
import { hostile, text } from './arbitraries.ts';
import { judged } from './real-cards.ts';

const token = 't'.repeat(22);
const values = {
  lead: 'Acme',
  version: 3,
  status: 'contacted',
  employees: 20,
  vip: true,
  body: 'Dear Ann,\nsee <https://acme.example> **now** {{DATE(2026-01-01T00:00:00Z)}}',
  phone: null,
};
const schema = {
  properties: { status: { enum: ['new', 'contacted'] }, body: { type: 'string', maxLength: 5000, description: 'What to write' } },
};
const edit: EditForm = {
  kind: 'edit',
  view: { title: 'Change Acme', confirmCount: null },
  fields: editFields(values, schema),
  token,
};

const clean = (card: unknown): void => {
  expect(lintTeamsCard(card)).toEqual([]);
  expect(judged(card).problems).toEqual([]);
  expect(bytesOf(card)).toBeLessThan(25_000);
};
const inputs = (card: { body: object[] }) => card.body.filter((one) => (one as { type: string }).type.startsWith('Input.'));

describe('a form in Teams', () => {
  it('has an input for each field of what was proposed, with what stands there', () => {
    const card = teamsForm(edit);
    clean(card);
    expect(inputs(card)).toMatchObject([
      { type: 'Input.Text', id: 'lead', label: 'Lead', value: 'Acme' },
      {
        type: 'Input.ChoiceSet',
        id: 'status',
        value: 'contacted',
        choices: [{ title: 'new', value: 'new' }, { value: 'contacted' }],
      },
      { type: 'Input.Number', id: 'employees', value: 20 },
      { type: 'Input.ChoiceSet', id: 'vip', value: 'true' },
      { type: 'Input.Text', id: 'body', isMultiline: true, value: values.body },
      { type: 'Input.Text', id: 'phone' },
    ]);
    expect(wordsIn(card.body)).toContain('What to write');
    expect(card.body.at(-1)).toEqual({
      type: 'ActionSet',
      actions: [
        { type: 'Action.Execute', title: 'Approve', verb: 'press', data: { token }, style: 'positive' },
        { type: 'Action.Execute', title: 'Back', verb: 'look', data: { proposal: token }, associatedInputs: 'none' },
      ],
    });
  });

  it('picks a day and a time beside each other, on the clock of whoever picks', () => {
    const schema = {
      properties: { dueAt: { format: 'date-time' }, closes: { format: 'date' }, from: { format: 'time' } },
      required: ['dueAt'],
    };
    const values = { dueAt: '2026-11-24T14:00:00Z', closes: '2026-12-01', from: '09:30' };
    const fields = editFields(values, schema, 'America/New_York');
    const card = teamsForm({ ...edit, fields });
    clean(card);
    expect(inputs(card)).toMatchObject([
      { type: 'Input.Date', id: 'dueAt', label: 'Due at', value: '2026-11-24', isRequired: true },
      { type: 'Input.Time', id: 'dueAt.time', label: 'Due at: time', value: '09:00' },
      { type: 'Input.Date', id: 'closes', value: '2026-12-01' },
      { type: 'Input.Time', id: 'from', value: '09:30' },
    ]);
    expect(wordsIn(card.body)).toContain('On your clock: America/New_York');
    const read = (sent: Record<string, string>) => readForm(fields, teamsValues(sent));
    expect(read({ dueAt: '2026-11-24', 'dueAt.time': '09:00', closes: '2026-12-01', from: '09:30' })).toEqual({
      changed: {},
      problems: {},
    });
    expect(read({ dueAt: '2026-11-25', 'dueAt.time': '10:15' }).changed).toEqual({ dueAt: '2026-11-25T10:15:00-05:00' });
    const half = teamsValues({ dueAt: '2026-11-25', 'dueAt.time': '' });
    const { problems } = readForm(fields, half);
    expect(problems).toEqual({ dueAt: expect.stringMatching(/a day and a time/) });
    const again = teamsForm({ ...edit, fields }, problems, half);
    clean(again);
    expect(inputs(again)[0]).toMatchObject({ id: 'dueAt', value: '2026-11-25' });
    expect(inputs(again)[1]).not.toHaveProperty('value');
  });

  it('asks for the number of records, and for a question', () => {
    const count = teamsForm({ ...edit, kind: 'count', view: { title: 'Import', confirmCount: 4200 }, fields: [] });
    clean(count);
    expect(inputs(count)).toMatchObject([
      { type: 'Input.Number', id: 'confirmCount', label: 'This changes 4,200 records. Type that number.', isRequired: true },
    ]);
    const ask = teamsForm({ ...edit, kind: 'ask', fields: [] });
    clean(ask);
    expect(inputs(ask)).toMatchObject([{ type: 'Input.Text', id: 'note', isMultiline: true, isRequired: true }]);
    expect(wordsIn(ask.body)).toContain('Send');
  });

  it('says what is wrong below the field that it is about, keeps what was typed, and says the rest on top', () => {
    const card = teamsForm(edit, { employees: 'Too <b>many</b>', gone: 'No such thing' }, { employees: '70', lead: 'Acme Ltd' });
    clean(card);
    const at = card.body.findIndex((one) => 'id' in one && one.id === 'employees');
    expect(card.body[at]).toMatchObject({ value: 70 });
    expect(wordsIn(card.body[at + 1])).toEqual(['Too ‹b>many‹/b>']);
    expect(wordsIn(card.body).slice(0, 3)).toEqual(['Edit', 'Change Acme', 'No such thing']);
    expect(inputs(card)[0]).toMatchObject({ id: 'lead', value: 'Acme Ltd' });
  });

  it('offers no field to change that it could not show in full or tell from its own', () => {
    const fields = editFields({ long: 'x'.repeat(5000), token: 'abc', ok: 'y' });
    const card = teamsForm({ ...edit, fields });
    clean(card);
    expect(inputs(card)).toMatchObject([{ id: 'ok' }]);
    expect(wordsIn(card.body)).toEqual(expect.arrayContaining(['Long: cannot be changed here', 'Token: cannot be changed here']));
  });

  it('fits with any number of fields, counts the rest, and never leaves out the number to type', () => {
    const fields = editFields(Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`field${i}`, 'value '.repeat(20)])));
    const card = teamsForm({ ...edit, view: { title: 'Much', confirmCount: 12 }, fields });
    clean(card);
    const shown = inputs(card).length - 1;
    expect(shown).toBeGreaterThan(20);
    expect(wordsIn(card.body)).toContain(`…and ${(2000 - shown).toLocaleString('en-US')} more fields`);
    expect(inputs(card).at(-1)).toMatchObject({ id: 'confirmCount' });
  });

  it('is inert and within its limits whatever stands in it', () => {
    const anything = fc.oneof(text, fc.constantFrom(...hostile));
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z][a-zA-Z]{0,12}$/), { maxLength: 12 });
    fc.assert(
      fc.property(
        names,
        fc.array(anything, { minLength: 12, maxLength: 12 }),
        anything,
        fc.constantFrom('edit' as const, 'count' as const, 'ask' as const),
        (all, said, title, kind) => {
          const fields = editFields(Object.fromEntries(all.map((name, i) => [name, said[i]])), {
            properties: Object.fromEntries(
              all.map((name, i) => [name, { description: said[11 - i]!, ...(i % 3 === 0 && { enum: [said[i], 'other'] }) }]),
            ),
          });
          const problems = Object.fromEntries(all.slice(0, 3).map((name, i) => [name, said[i + 3]!]));
          clean(teamsForm({ kind, view: { title, confirmCount: 3 }, fields, token }, problems));
        },
      ),
      { numRuns: 80 },
    );
  });
});
