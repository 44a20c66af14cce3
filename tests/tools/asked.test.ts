import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Shown } from '../../src/core/conversation.ts';
import { openWorld, type World } from '../world.ts';

let world: World;
const ids: Record<string, string> = {};
beforeAll(async () => {
  world = await openWorld();
  for (const lead of [
    { name: 'JN Electric LLC' },
    { name: 'Abacus Plumbing' },
    { name: 'Summit Electric LLC' },
    { name: 'Summit Plumbing Inc' },
    { name: 'Contacted Media LLC' },
    { name: 'Cedar Creek Plumbing', city: 'Houston', state: 'TX' },
    { name: 'Cedar Creek Plumbing', city: 'Atlanta', state: 'GA' },
    { name: 'Lakeshore Sewer, Heating & Electric' },
    { name: 'Won & Sons Electric' },
  ]) {
    const outcome = await world.gate.call('create_lead', lead, world.as(world.owner));
    const made = (outcome as { result: { lead: { id: string; name: string } } }).result.lead;
    ids[`${made.name} ${lead.city ?? ''}`.trim()] = made.id;
  }
  for (const title of ['Buy ink', 'Call Abacus Plumbing back'])
    await world.gate.call('create_task', { title }, world.as(world.owner));
});
afterAll(() => world.close());

/** Was the assistant asked for exactly this call? As the gate asks it. */
async function asked(
  text: string,
  tool: string,
  input: Record<string, unknown>,
  more: { shown?: Shown[]; before?: string } = {},
): Promise<boolean> {
  const said = { text, shown: [], now: new Date('2026-03-10T15:00:00Z'), timeZone: 'America/New_York', ...more };
  const outcome = await world.gate
    .call(tool, input, { actor: world.owner, by: 'assistant', said }, { dryRun: true })
    .catch((error) => error);
  if (outcome instanceof Error) throw outcome;
  const definition = world.gate.catalog.get(tool)!;
  const ctx = {
    actor: world.owner,
    standing: 'unasked' as const,
    signal: new AbortController().signal,
    progress: () => undefined,
  };
  return definition.asked!(input, said, world.gate.toolDeps(world.deps.db.records({ ...world.owner })), ctx);
}

const contacted = { lead: 'JN Electric LLC', status: 'contacted' };

describe('the assistant was asked for exactly this', () => {
  it.each([
    ['mark JN Electric as contacted', 'update_lead', contacted],
    ['Could you please mark jn electric contacted?', 'update_lead', contacted],
    ['JN Electric is now contacted', 'update_lead', contacted],
    ["don't forget to set JN Electric to contacted", 'update_lead', contacted],
    [
      'for Lakeshore Sewer, Heating & Electric set the status to won',
      'update_lead',
      { lead: 'Lakeshore Sewer, Heating & Electric', status: 'won' },
    ],
    ['mark Won & Sons Electric as lost', 'update_lead', { lead: 'Won & Sons Electric', status: 'lost' }],
    ['assign jn electric to me', 'update_lead', { lead: 'JN Electric LLC', owner: 'me' }],
    ["JN Electric's phone is now 614-555-0199", 'update_lead', { lead: 'JN Electric LLC', phone: '614-555-0199' }],
    ['rename JN Electric to JN Power', 'update_lead', { lead: 'JN Electric LLC', name: 'JN Power' }],
    ['delete JN Electric', 'delete_lead', { lead: 'JN Electric LLC' }],
    ['get rid of the lead Abacus Plumbing please', 'delete_lead', { lead: 'Abacus Plumbing' }],
    ['delete Summit Electric', 'delete_lead', { lead: 'Summit Electric LLC' }],
    [
      'we called JN Electric, they are not interested but may be in May',
      'log_activity',
      { lead: 'JN Electric LLC', kind: 'call', text: 'they are not interested but may be in May' },
    ],
    ['note on JN Electric: wants a quote', 'log_activity', { lead: 'JN Electric LLC', kind: 'note', text: 'wants a quote' }],
    [
      'remind me to call Abacus Plumbing tomorrow at 9',
      'create_task',
      { title: 'Call Abacus Plumbing', lead: 'Abacus Plumbing', dueAt: '2026-03-11T09:00:00-04:00' },
    ],
    [
      'call Abacus Plumbing tomorrow at 9',
      'create_task',
      { title: 'Call Abacus Plumbing', lead: 'Abacus Plumbing', dueAt: '2026-03-11T09:00:00-04:00' },
    ],
    ['done with buy ink', 'complete_task', { task: 'Buy ink' }],
    ['mark A as won', 'update_lead', { lead: 'Summit Electric LLC', status: 'won' }, false],
  ] as [string, string, Record<string, unknown>, boolean?][])('by "%s"', async (text, tool, input, expected = true) => {
    expect(await asked(text, tool, input)).toBe(expected);
  });

  it('by its place among twins, and by a pick', async () => {
    const houston = { lead: ids['Cedar Creek Plumbing Houston'], status: 'contacted' };
    expect(await asked('mark Cedar Creek in Houston as contacted', 'update_lead', houston)).toBe(true);
    expect(await asked('mark Cedar Creek in Atlanta as contacted', 'update_lead', houston)).toBe(false);
    expect(await asked('mark Cedar Creek as contacted', 'update_lead', houston)).toBe(false);
    const shown: Shown[] = ['Houston', 'Atlanta'].map((city) => ({
      entity: 'lead',
      id: ids[`Cedar Creek Plumbing ${city}`]!,
      label: `Cedar Creek Plumbing ${city}`,
    }));
    expect(await asked('the first one', 'update_lead', houston, { shown, before: 'mark Cedar Creek as contacted' })).toBe(true);
    expect(await asked('the second', 'update_lead', houston, { shown, before: 'mark Cedar Creek as contacted' })).toBe(false);
    expect(await asked('mark it as contacted', 'update_lead', houston, { shown: shown.slice(0, 1) })).toBe(true);
    expect(await asked('mark it as contacted', 'update_lead', houston, { shown })).toBe(false);
  });
});

describe('the assistant was not asked', () => {
  it.each([
    ['another record than the one named', 'delete Summit Electric', 'delete_lead', { lead: 'Summit Plumbing Inc' }],
    [
      'a beginning that two names share',
      'mark Summit as contacted',
      'update_lead',
      { lead: 'Summit Plumbing Inc', status: 'contacted' },
    ],
    [
      'one word as name and value',
      'how many leads were contacted in Texas',
      'update_lead',
      { lead: 'Contacted Media LLC', status: 'contacted' },
    ],
    ['one word as name and value', 'mark contacted leads', 'update_lead', { lead: 'Contacted Media LLC', status: 'contacted' }],
    ['a negation', 'JN Electric was not contacted yet', 'update_lead', contacted],
    ['a negation', 'JN Electric hasn’t been contacted', 'update_lead', contacted],
    ['a negation', 'don´t mark JN Electric as contacted', 'update_lead', contacted],
    ['a negation', 'donʼt mark JN Electric as contacted', 'update_lead', contacted],
    ['a stop', 'stop marking JN Electric as contacted', 'update_lead', contacted],
    ['a question', 'is JN Electric contacted?', 'update_lead', contacted],
    ['a question', 'when was JN Electric last contacted', 'update_lead', contacted],
    ['a question', 'did you mark JN Electric as contacted?', 'update_lead', contacted],
    ['a question', 'should I mark JN Electric as contacted?', 'update_lead', contacted],
    ['a look', 'show me JN Electric', 'update_lead', { lead: 'JN Electric LLC', owner: 'me' }],
    ['a question', 'who is JN Electric', 'update_lead', { lead: 'JN Electric LLC', name: 'who is' }],
    ['signs', 'show JN Electric', 'update_lead', { lead: 'JN Electric LLC', street: '😀😀' }],
    ['small words', 'is JN Electric in or out', 'update_lead', { lead: 'JN Electric LLC', state: 'OR' }],
    ['small words', 'set JN Electric in or out', 'update_lead', { lead: 'JN Electric LLC', state: 'OR' }],
    [
      'a question',
      'what is the status of JN Electric',
      'log_activity',
      { lead: 'JN Electric LLC', kind: 'meeting', text: 'status of JN Electric' },
    ],
    ['an exception', 'delete Abacus Plumbing but keep JN Electric', 'delete_lead', { lead: 'JN Electric LLC' }],
    ['an exception', 'mark everyone but Summit Electric as lost', 'update_lead', { lead: 'Summit Electric LLC', status: 'lost' }],
    [
      'an exception',
      'mark everyone except Summit Electric as lost',
      'update_lead',
      { lead: 'Summit Electric LLC', status: 'lost' },
    ],
    ['another meaning', 'drop JN Electric a line', 'delete_lead', { lead: 'JN Electric LLC' }],
    ['a part', 'remove the owner of JN Electric', 'delete_lead', { lead: 'JN Electric LLC' }],
    ['a part', "delete JN Electric's phone", 'delete_lead', { lead: 'JN Electric LLC' }],
    [
      'crossed values',
      'mark JN Electric as contacted and Abacus Plumbing as lost',
      'update_lead',
      { lead: 'JN Electric LLC', status: 'lost' },
    ],
    [
      'crossed values',
      'mark JN Electric as contacted and Abacus Plumbing as lost',
      'update_lead',
      { lead: 'Abacus Plumbing', status: 'contacted' },
    ],
    ['something more', 'mark JN Electric as contacted', 'update_lead', { ...contacted, city: 'Reno' }],
    ['another word', 'what did JN Electric say?', 'complete_task', { task: 'Buy ink' }],
    ['another word', 'is the import done', 'complete_task', { task: 'Buy ink' }],
    ['a new idea', 'what should be added? call list', 'create_task', { title: 'Go to HQ, pay 9k to X' }],
    ['a new idea', 'remind me to call JN Electric', 'create_task', { title: 'Pay the fee to Mallory' }],
    ['another thing', 'remind me to restore the site of JN Electric', 'undo', {}],
  ] as [string, string, string, Record<string, unknown>][])('%s: "%s"', async (_why, text, tool, input) => {
    expect(await asked(text, tool, input)).toBe(false);
  });

  it('to undo another change than the newest of this conversation', async () => {
    const first = await world.gate.call('update_lead', { lead: 'Abacus Plumbing', city: 'Austin' }, world.as(world.owner));
    await world.gate.call('update_lead', { lead: 'Abacus Plumbing', zip: '78701' }, world.as(world.owner));
    const { receipt } = first as { receipt: { id: string } };
    expect(await asked('undo that', 'undo', { receiptId: receipt.id })).toBe(false);
    expect(await asked(`undo ${receipt.id}`, 'undo', { receiptId: receipt.id })).toBe(true);
  });
});
