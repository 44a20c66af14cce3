import { getEventListeners } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { addUsd, compareUsd } from '../../src/core/money.ts';
import { type Asked, anthropicStandIn, type Said, type StandIn } from '../llm/anthropic-stand-in.ts';
import { type Answer, openReader, type Reader, read } from './reader.ts';

const about = 'We look after commercial and residential customers.';
const both: Answer = { criterion: 'resimercial', answer: 'Both', source: 'about', quote: 'commercial and residential customers' };
const usage = { input_tokens: 1000, output_tokens: 100 };
const saying = (answers: unknown, more: Partial<Said> = {}): Said => ({
  calls: [{ id: 'toolu_1', name: 'record_answers', json: JSON.stringify({ answers }) }],
  usage,
  ...more,
});
const made = saying([{ ...both, quote: 'made up from nothing' }]);
const misfit = saying('none');
const refused = (status: number, type: string): Said => ({ error: { status, type, message: 'No.' } });

let next: (request: Asked) => Said;
let stand: StandIn;
const worlds: Reader[] = [];
/** The product with Claude behind it: Haiku first, Sonnet for second thoughts. */
async function openWithClaude(env: Record<string, string> = {}): Promise<Reader> {
  const world = await openReader({
    connected: false,
    env: {
      ANTHROPIC_API_KEY: 'sk-test',
      ANTHROPIC_BASE_URL: stand.url,
      ANTHROPIC_MODEL: 'claude-sonnet-5-5',
      ANTHROPIC_CHEAP_MODEL: 'claude-haiku-5-5',
      ...env,
    },
  });
  worlds.push(world);
  return world;
}
let world: Reader;
beforeAll(async () => {
  stand = await anthropicStandIn((request) => next(request));
  world = await openWithClaude();
});
afterEach(async () => {
  stand.asked.length = 0;
  // each holds connections of the one server that all tests share
  for (const one of worlds.splice(1)) await one.close();
});
afterAll(async () => {
  for (const one of worlds) await one.close();
  await stand.close();
});

let leads = 0;
const lead = (attributes: Record<string, string> = {}, at = world) => at.add(`Quill Larch ${++leads}`, { about, ...attributes });
const inTurn = (...said: Said[]) => {
  next = () => said[Math.min(stand.asked.length, said.length) - 1]!;
};
interface Call {
  model: string;
  status: string;
  cost_usd: string | null;
  cost_status: string;
  agent_type: string;
}
const calls = (leadId: string, at = world) =>
  at.rows<Call>('SELECT * FROM ai_cost_tracking WHERE lead_id = $1 ORDER BY timestamp, attempt', leadId);
const paid = async (leadId: string, at = world) =>
  addUsd('0', ...(await calls(leadId, at)).flatMap(({ cost_usd }) => cost_usd ?? []));
const keptCost = async (leadId: string, at = world) =>
  (await at.rows<{ cost_usd: string }>('SELECT cost_usd FROM agent_executions WHERE lead_id = $1', leadId)).map(
    (run) => run.cost_usd,
  );

describe('what asking costs', () => {
  const haiku = '0.000150000000';
  const sonnet = '0.003000000000';
  /** Asked, and again after each of two pauses; then the rules, which fill in no form. */
  const tried = (model: string) => [model, model, model, 'rules'];
  const ways: [what: string, said: Said[], calls: string[], cost: string | null, read: Record<string, number>][] = [
    ['an answer', [saying([both])], ['claude-haiku-5-5'], haiku, { resimercial: 100 }],
    [
      'an answer that had to be mended',
      [misfit, saying([both])],
      ['claude-haiku-5-5', 'claude-haiku-5-5'],
      addUsd(haiku, haiku),
      { resimercial: 100 },
    ],
    [
      'a better model after one that made things up',
      [made, saying([both])],
      ['claude-haiku-5-5', 'claude-sonnet-5-5'],
      addUsd(haiku, sonnet),
      { resimercial: 100 },
    ],
    ['answers that never fit', [misfit], ['claude-haiku-5-5', 'claude-haiku-5-5'], addUsd(haiku, haiku), {}],
    [
      'an answer that did not fit, and then none',
      [misfit, refused(529, 'overloaded_error')],
      ['claude-haiku-5-5', ...tried('claude-haiku-5-5')],
      haiku,
      {},
    ],
    // what it had read is paid each time, as far as it was told
    [
      'a better model that breaks off',
      [made, { ...saying([both]), cutAfter: 4 }],
      ['claude-haiku-5-5', ...tried('claude-sonnet-5-5')],
      null,
      {},
    ],
  ];
  it.each(ways)('is told and written down alike for %s', async (_what, said, models, cost, found) => {
    inTurn(...said);
    const world = await openWithClaude();
    const id = await lead({}, world);
    const verdict = await world.qualify(id);
    expect(read(verdict)).toEqual(found);
    const made = await calls(id, world);
    expect(made.map(({ model }) => model)).toEqual(models);
    expect(new Set(made.map(({ agent_type }) => agent_type))).toEqual(new Set(['qualification']));
    const sum = await paid(id, world);
    if (cost === null) expect(compareUsd(sum, haiku)).toBe(1);
    else expect(sum).toBe(cost);
    expect(verdict.costUsd).toBe(sum);
    expect(await keptCost(id, world)).toEqual([sum]);
  });

  it('stands in the costs by agent', async () => {
    inTurn(saying([both]));
    await world.qualify(await lead());
    const costs = await world.result<{ lines: { key: string; costUsd: string }[] }>('get_costs', { by: 'agent' });
    const [{ sum } = { sum: '' }] = await world.rows<{ sum: string }>('SELECT sum(cost_usd) FROM ai_cost_tracking');
    expect(costs.lines).toMatchObject([{ key: 'qualification', costUsd: sum }]);
  });

  it.each([
    [
      'is overloaded',
      refused(529, 'overloaded_error'),
      'The model could not be asked: Anthropic does not answer well (529). Try again later.',
    ],
    [
      'does not take the key',
      refused(401, 'authentication_error'),
      'The model could not be asked: Anthropic does not accept this key (401). npm run doctor looks at every provider.',
    ],
    [
      'asks to wait',
      refused(429, 'rate_limit_error'),
      'The model could not be asked: Anthropic asks to wait (429). Try again later.',
    ],
    ['breaks off', { ...saying([both]), cutAfter: 5 }, /^The model could not be asked: .*bro(?:ke|ken) off/],
    [
      'never fits',
      misfit,
      'The model could not be asked: The model gave no answer that can be used, even when asked again. Try again later.',
    ],
    [
      'answers with broken JSON',
      { calls: [{ id: 'toolu_1', name: 'record_answers', json: '{"answers": [' }], usage },
      'The model could not be asked: Anthropic answered in a way that cannot be read. Try again later.',
    ],
  ] as [string, Said, string | RegExp][])(
    'a model that %s leaves the verdict of the record, and a note',
    async (_what, said, note) => {
      inTurn(said);
      const world = await openWithClaude();
      const id = await lead({ OEMs_Certified: 'Generac, Kohler' }, world);
      const verdict = await world.qualify(id);
      expect(verdict).toMatchObject({
        score: 12.5,
        tier: 'BRONZE',
        degraded: true,
        cached: false,
        notes: [typeof note === 'string' ? note : expect.stringMatching(note)],
      });
      expect(verdict.costUsd).toBe(await paid(id, world));
      expect(await world.rows('SELECT status FROM agent_executions WHERE lead_id = $1', id)).toEqual([{ status: 'succeeded' }]);
    },
  );
});

it('asking leaves nothing behind on a signal that lives longer', async () => {
  const { signal } = new AbortController();
  for (const said of [saying([both]), misfit, refused(529, 'overloaded_error')]) {
    inTurn(said);
    await world.qualify(await lead(), {}, { signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  }
});

describe('the limit for a lead', () => {
  it('that a question might pass keeps it from being asked, and the note says both sums', async () => {
    const verdict = await world.qualify(await lead(), { maxCostUsd: 0.0001 });
    expect(stand.asked).toEqual([]);
    expect(verdict).toMatchObject({ degraded: true, costUsd: '0.000000000000' });
    expect(verdict.notes).toEqual([
      expect.stringMatching(
        /^No model was asked: the question might cost 0\.00\d+ USD, above the limit of 0\.0001 USD for a lead\.$/,
      ),
    ]);
  });

  it('leaves out second thoughts that might pass it', async () => {
    inTurn(made);
    const verdict = await world.qualify(await lead(), { maxCostUsd: 0.003 });
    expect(stand.asked.map(({ body }) => body.model)).toEqual(['claude-haiku-5-5']);
    expect(verdict).toMatchObject({ degraded: false, costUsd: '0.000150000000' });
    expect(verdict.notes[1]).toMatch(
      /^No better model was asked: the question might cost 0\.0\d+ USD, above the limit of 0\.003 USD/,
    );
  });

  it('is never above that of the settings', async () => {
    const strict = await openWithClaude({ QUALIFY_LEAD_MAX_COST_USD: '0.0002' });
    const id = await lead({}, strict);
    for (const maxCostUsd of [undefined, 5])
      expect((await strict.qualify(id, { maxCostUsd })).notes[0]).toContain('limit of 0.0002 USD');
    expect(stand.asked).toEqual([]);
  });

  /** As many tokens as a text may come to for a vendor, and all those that the answer may have. */
  const dearest = ({ body }: Asked) => {
    const text = JSON.stringify([body.system, body.tools, body.messages]);
    const odd = text.match(/[^ -~]/g)?.length ?? 0;
    return { input_tokens: 350 + Math.ceil((text.length - odd) / 3) + 2 * odd, output_tokens: body.max_tokens };
  };
  const flood = JSON.stringify({ answers: Array.from({ length: 60 }, () => ({ criterion: 'charm', answer: '', source: 1 })) });
  const records: [what: string, attributes: Record<string, string>][] = [
    ['a short record', {}],
    [
      'a long record',
      Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`note ${n}`, 'They mend what they sell. '.repeat(90)])),
    ],
    ['a record of numbers', { readings: '40917 22 8 1/2" '.repeat(120) }],
    ['a record in Chinese', { notes: '我们为商业和住宅客户提供服务。'.repeat(130) }],
  ];
  it.each(records)('holds for %s, whatever the models say and however often they are asked', async (_what, attributes) => {
    const generous = await openWithClaude({ QUALIFY_LEAD_MAX_COST_USD: '1' });
    let most = 0;
    for (const maxCostUsd of [0.0008, 0.002, 0.01, 0.03, 0.1]) {
      next = (request) => {
        const first = request.body.messages.length === 1;
        const second = stand.asked.filter(({ body }) => body.model === request.body.model).length > 1;
        const json = first && !second ? flood : made.calls![0]!.json;
        return { calls: [{ id: 'toolu_1', name: 'record_answers', json }], usage: dearest(request) };
      };
      stand.asked.length = 0;
      const id = await lead(attributes, generous);
      const { costUsd } = await generous.qualify(id, { maxCostUsd });
      expect(compareUsd(costUsd!, String(maxCostUsd)), `${costUsd} of ${maxCostUsd}`).toBeLessThanOrEqual(0);
      expect(costUsd).toBe(await paid(id, generous));
      most = Math.max(most, stand.asked.length);
    }
    // with the highest limit both models are asked, and each again
    expect(most).toBe(4);
  });
});

describe('a model whose price is not known', () => {
  it('is asked about one lead, and the cost of that is said to be unknown', async () => {
    const unpriced = await openWithClaude({ ANTHROPIC_CHEAP_MODEL: 'claude-haiku-9' });
    inTurn(saying([both]));
    const id = await lead({}, unpriced);
    const verdict = await unpriced.qualify(id);
    expect(verdict).toMatchObject({ score: 35, costUsd: null });
    expect(await calls(id, unpriced)).toMatchObject([{ model: 'claude-haiku-9', cost_usd: null, cost_status: 'unpriced' }]);
    expect((await unpriced.qualify(id)).cached).toBe(true);
  });

  it('is not asked for second thoughts: no limit would hold', async () => {
    const unpriced = await openWithClaude({ ANTHROPIC_MODEL: 'claude-opus-9' });
    inTurn(made);
    const id = await lead({}, unpriced);
    const verdict = await unpriced.qualify(id);
    expect(stand.asked.map(({ body }) => body.model)).toEqual(['claude-haiku-5-5']);
    expect(verdict).toMatchObject({ costUsd: '0.000150000000', degraded: false });
    expect((await unpriced.qualify(id)).cached).toBe(true);
  });
});
