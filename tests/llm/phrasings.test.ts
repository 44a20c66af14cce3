import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Delta, type Llm, type LlmToolCall, noUsage } from '../../src/core/llm.ts';
import { createOffline } from '../../src/llm/offline/provider.ts';
import { judge, matches, type Phrasing, type Verdict } from './phrasing-judge.ts';

const fixture = (file: string): URL => new URL(`../fixtures/${file}`, import.meta.url);

/** What everyday language must reach without a model: on phrasings that the rules were developed with ... */
const development = [
  { file: 'phrasings-first.json', neededAccuracy: 0.93, atLeast: 180 },
  { file: 'phrasings-second.json', neededAccuracy: 0.93, atLeast: 220 },
  { file: 'phrasings-rules.json', neededAccuracy: 0.93, atLeast: 400 },
  { file: 'phrasings-scoring.json', neededAccuracy: 0.93, atLeast: 90 },
];
/** ... and on phrasings kept apart from whoever writes rules: the measure that counts. */
const heldOut = [{ file: 'phrasings-unseen.json', neededAccuracy: 0.9, atLeast: 200 }];
const sets = [...development, ...heldOut];

describe.each(sets)('everyday phrasings of $file, without a model', ({ file, neededAccuracy, atLeast }) => {
  const phrasings = JSON.parse(readFileSync(fixture(file), 'utf8')) as Phrasing[];
  const verdicts: Verdict[] = [];

  beforeAll(async () => {
    const offline = createOffline();
    for (const phrasing of phrasings) verdicts.push(await judge(offline, phrasing));
    process.stdout.write(summary(file, verdicts));
  });

  it(`are understood in ${neededAccuracy * 100} of 100 cases`, () => {
    expect(verdicts.length).toBeGreaterThanOrEqual(atLeast);
    expect(share(verdicts)).toBeGreaterThanOrEqual(neededAccuracy);
  });

  it('never change anything that was not asked for', () => {
    expect(verdicts.filter((v) => v.wroteUnasked).map((v) => `${v.phrasing.say} -> ${shown(v)}`)).toEqual([]);
  });
});

describe('the judge of phrasings', () => {
  const say = (expectation: Phrasing['expect']): Phrasing => ({ family: 'x', say: 'whatever', expect: expectation });
  const won = { name: 'update_lead', input: { lead: 'Northwind Electric', status: 'won' } };

  it('accepts the expected call and fails another tool, another value and a second change', async () => {
    const wanted = say({ tool: 'update_lead', input: { lead: { like: 'northwind' }, status: 'won' } });
    expect((await judge(scripted([won]), wanted)).ok).toBe(true);
    expect((await judge(scripted([{ ...won, name: 'create_lead' }]), wanted)).ok).toBe(false);
    expect((await judge(scripted([{ ...won, input: { ...won.input, status: 'lost' } }]), wanted)).ok).toBe(false);
    expect((await judge(scripted([won, { name: 'undo', input: {} }]), wanted)).ok).toBe(false);
  });

  it('follows two steps over two rounds and cares about their order', async () => {
    const wanted = say({ tools: [{ tool: 'update_lead' }, { tool: 'create_task' }] });
    const task = { name: 'create_task', input: { title: 'Call' } };
    expect((await judge(scripted([won], [task]), wanted)).ok).toBe(true);
    expect((await judge(scripted([task], [won]), wanted)).ok).toBe(false);
    expect((await judge(scripted([won]), wanted)).ok).toBe(false);
  });

  it('reports a change where only words were expected, whichever round it comes in', async () => {
    for (const expectation of [{ ask: true }, { refuse: true }, { noWrite: true }] as const) {
      const verdict = await judge(scripted([{ name: 'get_lead', input: { lead: 'x' } }], [won]), say(expectation));
      expect([verdict.ok, verdict.wroteUnasked]).toEqual([false, true]);
    }
  });

  it('reports a change of a kind that was not asked for, beside or instead of the one that was', async () => {
    const wanted = say({ tool: 'update_lead', input: { status: 'won' } });
    expect((await judge(scripted([won]), wanted)).wroteUnasked).toBe(false);
    expect((await judge(scripted([won], [{ name: 'delete_lead', input: { lead: 'x' } }]), wanted)).wroteUnasked).toBe(true);
    expect((await judge(scripted([{ name: 'create_task', input: { title: 'x' } }]), say({ says: 'x' }))).wroteUnasked).toBe(true);
    expect((await judge(scripted([{ name: 'undo', input: {} }]), say({ tool: 'get_lead' }))).wroteUnasked).toBe(true);
  });

  it('wants a question where it asks for one and an admission where it asks for that', async () => {
    expect((await judge(scripted('Which lead do you mean?'), say({ ask: true }))).ok).toBe(true);
    expect((await judge(scripted('All good.'), say({ ask: true }))).ok).toBe(false);
    expect((await judge(scripted('I can’t do that here.'), say({ refuse: true }))).ok).toBe(true);
    expect((await judge(scripted('Sunny, 20 degrees.'), say({ refuse: true }))).ok).toBe(false);
    expect((await judge(scripted(''), say({ noWrite: true }))).ok).toBe(false);
  });

  it('fails a stream that was cut off and a turn that never ends', async () => {
    const cut: Llm = {
      async *stream() {
        yield { type: 'text', text: 'Hello' };
      },
    };
    expect((await judge(cut, say({ noWrite: true }))).error).toMatch(/without a finish/);
    const endless = scripted(...Array.from({ length: 20 }, () => [{ name: 'whoami', input: {} }]));
    expect((await judge(endless, say({ noWrite: true }))).error).toMatch(/still calling/);
  });

  it.each([
    [{ like: 'ecole climat' }, 'École Climat Inc.', true],
    [{ like: 'won & sons electric' }, 'Won and Sons', true],
    [{ like: 'northwind' }, 'northwind as won', false],
    [{ like: 'northwind electric' }, 'electric', false],
    [{ like: '6145550142' }, '+1 (614) 555-0142', true],
    [{ anyOf: ['TX', 'Texas'] }, 'texas', true],
    [{ anyOf: ['TX', 'Texas'] }, 'Ohio', false],
    [{ mentions: 'voicemail' }, 'Left a voicemail.', true],
    [{ absent: true }, undefined, true],
    [{ absent: true }, 'x', false],
    [{ local: '2026-03-11T09:00' }, '2026-03-11T13:00:00Z', true],
    [{ local: '2026-03-11T09:00' }, '2026-03-11T09:00:00-04:00', true],
    [{ local: '2026-03-11T09:00' }, '2026-03-11T09:00:00Z', false],
    [{ local: '2026-03-11T09:00' }, '2026-03-11T09:00:00', false],
    [{ localDate: '2026-03-10' }, '2026-03-11T02:00:00Z', true],
    [['GOLD', 'SILVER'], ['SILVER', 'GOLD'], true],
    [['GOLD'], ['SILVER', 'GOLD'], false],
    ['GOLD', ['GOLD'], true],
    [5, '5', false],
  ])('compares %j with %j: %s', (want, got, equal) => {
    expect(matches(want, got)).toBe(equal);
  });
});

/** A model that makes these calls, one list a round, and then only talks. */
function scripted(...rounds: (string | Omit<LlmToolCall, 'id'>[])[]): Llm {
  let round = 0;
  return {
    async *stream(): AsyncIterable<Delta> {
      const step = rounds[round++] ?? 'There.';
      if (typeof step === 'string') yield { type: 'text', text: step };
      else for (const [i, call] of step.entries()) yield { type: 'tool_call', call: { id: `${round}-${i}`, ...call } };
      const usage = noUsage;
      const reason = typeof step === 'string' ? 'stop' : 'tool_calls';
      yield { type: 'finish', reason, usage, provider: 'scripted', model: 'none', degraded: false, costUsd: '0' };
    },
  };
}

const share = (verdicts: Verdict[]) => verdicts.filter((v) => v.ok).length / verdicts.length;

function shown(verdict: Verdict): string {
  const calls = verdict.calls.map((call) => `${call.name} ${JSON.stringify(call.input)}`).join('; ');
  return verdict.error ? `error: ${verdict.error}` : calls || `"${verdict.text.replaceAll('\n', ' ').slice(0, 100)}"`;
}

function summary(file: string, verdicts: Verdict[]): string {
  const failures = verdicts.filter((v) => !v.ok).map((v) => `  [${v.phrasing.family}] ${v.phrasing.say}\n      -> ${shown(v)}`);
  const families = [...new Set(verdicts.map((v) => v.phrasing.family))].map((family) => {
    const own = verdicts.filter((v) => v.phrasing.family === family);
    return `  ${family.padEnd(16)} ${own.filter((v) => v.ok).length}/${own.length}`;
  });
  const total = `${verdicts.filter((v) => v.ok).length}/${verdicts.length} = ${(share(verdicts) * 100).toFixed(1)} %`;
  return `\n${file}\nNot understood:\n${failures.join('\n')}\n\nBy family:\n${families.join('\n')}\n\nAll: ${total}\n`;
}
