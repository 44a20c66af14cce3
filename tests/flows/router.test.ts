import { afterEach, describe, expect, it } from 'vitest';
import { addUsd } from '../../src/core/money.ts';
import { type Api, openApi } from '../api/client.ts';
import { type Asked, type ModelServer, modelServer, type Reply } from '../contracts/model-server.ts';
import { anthropicWire, chatWire, geminiWire, type Said, type Wire } from '../contracts/wires.ts';

/** A time at which no price has a window of its own, and on from there. */
const noon = Date.parse('2026-11-21T12:00:00Z');
const now = () => new Date(noon + performance.now());
const simple = 'What is the phone number of Acme?';
const moderate = 'Find gold leads in Texas and add a task for each of them';
const complex =
  'Compare our three biggest deals in Texas, work out why the last campaign lost, and write a plan for the next quarter with its risks.';

const vendors = {
  cerebras: { wire: chatWire, prefix: 'CEREBRAS' },
  deepseek: { wire: chatWire, prefix: 'DEEPSEEK' },
  anthropic: { wire: anthropicWire, prefix: 'ANTHROPIC' },
  gemini: { wire: geminiWire, prefix: 'GOOGLE' },
} as const;
type Vendor = keyof typeof vendors;

/** What a vendor's server does with its next request; the last is repeated. */
type Act = (wire: Wire, asked: Asked) => Reply;
const says =
  (said: Said): Act =>
  (wire) => ({ chunks: wire.events({ usage: { prompt: 1000, cached: 200, answer: 100 }, ...said }) });
const looks = says({ calls: [{ id: 'call_a', name: 'whoami', json: '{}' }] });
const done = says({ text: 'You are the owner here.' });
const refuses =
  (status: number, type: string): Act =>
  (wire) => ({
    status,
    headers: { 'content-type': 'application/json', 'retry-after': '300' },
    chunks: [wire.errorBody(type, 'secret words')],
  });
const overloaded = refuses(529, 'overloaded_error');
const cutBeforeWords: Act = () => ({ chunks: [': one moment\n\n'], end: 'cut' });
const nonsense: Act = () => ({ chunks: ['data: {"choices":[{"delta":\n\n', 'data: oops\n\n'] });
const unfinished = says({ text: '', unfinished: true });

interface Stage {
  api: Api;
  asked(vendor: Vendor): Asked[];
  say(
    text: string,
  ): Promise<{ status: number; text: string; model: string; degraded: boolean; message: string; costUsd: string }>;
  rows(): Promise<Record<string, unknown>[]>;
}

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** The whole product with these providers switched on, each a server on this machine. */
async function stage(script: Partial<Record<Vendor, Act[]>>, more: Record<string, string> = {}): Promise<Stage> {
  const servers = new Map<Vendor, ModelServer>();
  const env = { ...more };
  for (const [vendor, acts] of Object.entries(script) as [Vendor, Act[]][]) {
    const { wire, prefix } = vendors[vendor];
    const server: ModelServer = await modelServer((asked) => acts[Math.min(server.asked.length, acts.length) - 1]!(wire, asked));
    open.push(server);
    servers.set(vendor, server);
    env[`${prefix}_API_KEY`] = 'key';
    env[`${prefix}_BASE_URL`] = server.url;
  }
  const api = await openApi({ env, now });
  open.push(api);
  const { id } = (await api.ask('POST', '/api/v1/conversations', {})).body;
  return {
    api,
    asked: (vendor) => servers.get(vendor)!.asked,
    async say(text) {
      const { status, body } = await api.ask('POST', `/api/v1/conversations/${id}/messages`, { body: { text } });
      return { status, ...body, ...body.error };
    },
    async rows() {
      await api.world.calls.flush();
      const { rows } = await api.world.database.pool.query(
        `SELECT request_id, attempt, provider, model, status, failure, fallback_from, cost_usd::text, cost_status, usage_source,
                prompt_complexity, degraded FROM ai_cost_tracking ORDER BY timestamp, attempt`,
      );
      return rows;
    },
  };
}

describe('a provider that dies', () => {
  it.each([
    ['overloaded', overloaded, { failure: 'server', cost_usd: '0.000000000000', usage_source: 'provider' }],
    ['cut off before its first word', cutBeforeWords, { failure: 'transport', usage_source: 'partial' }],
    ['talking nonsense', nonsense, { failure: 'malformed', usage_source: 'partial' }],
    ['ending without an end', unfinished, { failure: 'truncated', usage_source: 'partial' }],
  ])('%s is followed by the next one, who keeps the turn to its end', async (_how, dies, recorded) => {
    const { say, asked, rows } = await stage({ cerebras: [dies, done], deepseek: [looks, done] });
    const reply = await say(moderate);
    expect(reply).toMatchObject({
      status: 200,
      text: 'You are the owner here.',
      model: 'deepseek/deepseek-flash',
      degraded: false,
    });
    // the one that failed is not asked again in the middle of the loop, whether it is back or not
    expect([asked('cerebras').length, asked('deepseek').length]).toEqual([1, 2]);
    expect(asked('deepseek')[1]!.body.messages.slice(-2)).toMatchObject([
      { role: 'assistant', tool_calls: [{ id: 'call_a', function: { name: 'whoami' } }] },
      { role: 'tool', tool_call_id: 'call_a', content: expect.stringContaining('Owner') },
    ]);
    const [failed, first, second, ...more] = await rows();
    expect(more).toEqual([]);
    // what was said in vain is paid too
    expect(reply.costUsd).toBe(addUsd(...[failed, first, second].map((row) => row!['cost_usd'] as string)));
    expect(failed).toMatchObject({
      ...recorded,
      attempt: 1,
      provider: 'cerebras',
      model: 'gpt-oss-120b',
      status: 'failed',
      fallback_from: null,
    });
    const ok = { provider: 'deepseek', model: 'deepseek-flash', status: 'ok', failure: null, cost_usd: '0.000180600000' };
    expect(first).toMatchObject({ ...ok, attempt: 2, fallback_from: 'cerebras/gpt-oss-120b', request_id: failed!['request_id'] });
    expect(second).toMatchObject({ ...ok, attempt: 1, fallback_from: null, prompt_complexity: 'moderate' });
    expect(second!['request_id']).not.toBe(failed!['request_id']);
  });

  it('in the middle of a tool loop hands it on with what the tools answered', async () => {
    const { say, asked, rows } = await stage({ cerebras: [looks, overloaded], deepseek: [done] });
    expect(await say(moderate)).toMatchObject({ status: 200, text: 'You are the owner here.', model: 'deepseek/deepseek-flash' });
    const { messages } = asked('deepseek')[0]!.body;
    expect(messages.at(-1)).toMatchObject({ role: 'tool', tool_call_id: 'call_a', content: expect.stringContaining('Owner') });
    expect((await rows()).map((row) => [row['provider'], row['attempt'], row['status'], row['fallback_from']])).toEqual([
      ['cerebras', 1, 'ok', null],
      ['cerebras', 1, 'failed', null],
      ['deepseek', 2, 'ok', 'cerebras/gpt-oss-120b'],
    ]);
  });

  it('in the middle of its words ends the turn in our words; nobody else goes on for it', async () => {
    const halfSaid: Act = (wire) => ({
      chunks: wire.events({ text: 'There are two. The better one is', unfinished: true }),
      end: 'cut',
    });
    const { api, say, asked, rows } = await stage({ cerebras: [halfSaid], deepseek: [done] });
    const message = 'Cerebras broke off in the middle of its answer. Ask again.';
    expect(await say(moderate)).toMatchObject({ status: 503, code: 'unavailable', message });
    expect(asked('deepseek')).toHaveLength(0);
    expect(await rows()).toMatchObject([
      { provider: 'cerebras', status: 'failed', usage_source: 'partial', cost_status: 'priced' },
    ]);
    const { rows: kept } = await api.world.database.pool.query(`SELECT text FROM messages WHERE role = 'assistant'`);
    expect(kept).toEqual([{ text: `There are two.\n${message}` }]);
  });

  it('because of its key is passed by, and the turn is as good as any', async () => {
    const { say, rows } = await stage({ cerebras: [refuses(401, 'authentication_error')], deepseek: [looks, done] });
    expect(await say(moderate)).toMatchObject({ status: 200, text: 'You are the owner here.', degraded: false });
    expect(await rows()).toMatchObject([
      { provider: 'cerebras', failure: 'auth', cost_usd: '0.000000000000' },
      { provider: 'deepseek', status: 'ok' },
      { provider: 'deepseek', status: 'ok' },
    ]);
  });
});

describe('who answers', () => {
  it('is the cheap model for a simple question and the smart one for a complex one', async () => {
    const { say, rows, api } = await stage({ gemini: [done], anthropic: [done], cerebras: [done] });
    expect(await say(simple)).toMatchObject({ model: 'gemini/gemini-3.5-flash-lite', costUsd: '0.000496000000' });
    expect(await say(complex)).toMatchObject({ model: 'anthropic/claude-sonnet-5-5' });
    expect(await say(moderate)).toMatchObject({ model: 'cerebras/gpt-oss-120b' });
    expect((await rows()).map((row) => row['prompt_complexity'])).toEqual(['simple', 'complex', 'moderate']);
    expect((await api.ask('GET', '/health')).body.parts.model).toBe(
      'claude-sonnet-5-5 (Anthropic), gemini-3.5-flash-lite (Gemini), gpt-oss-120b (Cerebras)',
    );
  });

  it('does not become less in the middle of a task, and does with the next one', async () => {
    const { say } = await stage({ gemini: [done], anthropic: [done] });
    expect(await say(complex)).toMatchObject({ model: 'anthropic/claude-sonnet-5-5', tier: 'complex' });
    expect(await say('And the phone number of the first one?')).toMatchObject({
      model: 'anthropic/claude-sonnet-5-5',
      tier: 'complex',
    });
    expect(await say(simple)).toMatchObject({ model: 'gemini/gemini-3.5-flash-lite', tier: 'simple' });
  });

  it('are the offline rules when no provider does, and the user is told why', async () => {
    const { api, say, rows } = await stage({ gemini: [overloaded], anthropic: [refuses(401, 'authentication_error')] });
    await api.world.gate.call('create_lead', { name: 'Acme', phone: '(212) 555-0142' }, api.world.as(api.world.owner));
    const answer = await say(simple);
    expect(answer).toMatchObject({ status: 200, model: 'offline/rules', degraded: true, costUsd: '0.000000000000' });
    expect(answer.text).toBe('Acme: (212) 555-0142.\n(The offline rules answered: Anthropic does not accept this key (401).)');
    const tried = (await rows()).map((row) => [
      row['provider'],
      row['attempt'],
      row['failure'],
      row['degraded'],
      row['cost_usd'],
    ]);
    const free = '0.000000000000';
    expect(tried).toEqual([
      ['gemini', 1, 'server', false, free],
      ['anthropic', 2, 'auth', false, free],
      ['offline', 3, null, true, free],
      // the one is left alone for as long as it asked to be, and with a wrong key no second model is tried
      ['anthropic', 1, 'auth', false, free],
      ['offline', 2, null, true, free],
    ]);
  });

  it('is whoever is left when all have been tried in vain and one comes back', async () => {
    const soon: Act = (wire) => ({ ...overloaded(wire, {} as Asked), headers: { 'retry-after': '1' } });
    const { say, rows } = await stage({ gemini: [soon, done], deepseek: [soon] });
    expect(await say(simple)).toMatchObject({ text: 'You are the owner here.', model: 'gemini/gemini-3.5-flash-lite' });
    expect((await rows()).map((row) => [row['provider'], row['attempt'], row['status']])).toEqual([
      ['gemini', 1, 'failed'],
      ['deepseek', 2, 'failed'],
      ['gemini', 3, 'ok'],
    ]);
  });
});

describe('whoever stops an answer', () => {
  it.each(['cerebras', 'anthropic', 'gemini'] as const)(
    'of %s in the middle of a tool loop pays for each attempt once, and leaves nothing set aside',
    async (vendor) => {
      const goesOn: Act = (wire) => ({
        chunks: wire.events({ text: 'On it. A long answer that goes on and on' }).slice(0, 5),
        end: 'open',
      });
      const { api, asked, rows } = await stage({ [vendor]: [looks, goesOn] }, { SESSION_DAILY_BUDGET_USD: '1' });
      const { converser, owner, database, deps } = api.world;
      const { id } = await converser.open(owner);
      const { events } = await converser.say({ actor: owner, conversationId: id, text: moderate });
      let heard = '';
      let last = '';
      for await (const event of events) {
        if (event.type === 'text' && !heard) await deps.db.records({ ...owner }).conversations.stopTurn(id);
        if (event.type === 'text') heard += event.delta;
        last = event.type === 'error' ? event.code : event.type;
      }
      expect(last).toBe('cancelled');
      expect(heard).toMatch(/^On it\./);
      expect(asked(vendor)).toHaveLength(2);
      // settled after the turn has ended, at the latest a moment later
      const open = async () => (await database.pool.query('SELECT call_id FROM budget_reservations')).rows;
      await expect.poll(open).toEqual([]);
      const written = await rows();
      expect(written).toMatchObject([
        { provider: vendor, status: 'ok', usage_source: 'provider', cost_status: 'priced' },
        { provider: vendor, status: 'aborted', failure: null, usage_source: 'partial', cost_status: 'priced' },
      ]);
      const costs = written.map((row) => row['cost_usd'] as string);
      expect(Number(costs[1])).toBeGreaterThan(0);
      const spent = await database.pool.query<{ spent: string }>(
        `SELECT spent::text FROM budget_counters WHERE key LIKE 'day:%' ORDER BY key`,
      );
      expect(new Set(spent.rows.map((row) => row.spent))).toEqual(new Set([addUsd(...costs)]));
    },
  );
});

describe('what is written down', () => {
  const told = `${moderate}. My key is sk-abcdefghijklmnop1234, write to rita@acme.example.`;
  const texts = async ({ rows, api }: Stage) => {
    await rows();
    return (await api.world.database.pool.query('SELECT prompt, answer FROM ai_call_texts ORDER BY call_id')).rows;
  };

  it('holds no words of anybody', async () => {
    const on = await stage({ cerebras: [done] });
    await on.say(told);
    expect(await texts(on)).toEqual([]);
  });

  it('holds what was asked and answered where that is switched on, without keys and addresses', async () => {
    const on = await stage({ cerebras: [looks, done] }, { STORE_PROMPTS: 'on' });
    await on.say(told);
    const kept = await texts(on);
    expect(kept).toHaveLength(2);
    expect(kept.map(({ answer }) => answer).sort()).toEqual(['You are the owner here.', '{"whoami":{}}']);
    for (const { prompt } of kept) {
      expect(prompt).toContain('add a task for each of them. My key is [key], write to [e-mail]');
      expect(JSON.stringify(kept)).not.toMatch(/sk-abc|rita/);
    }
  });

  it('costs what the workspace itself says that it costs, as soon as that is read', async () => {
    const { api, say, rows } = await stage({ cerebras: [done] }, { CEREBRAS_MODEL: 'own-model' });
    await say(moderate);
    const price = { provider: 'cerebras', model: 'own-model', input: '2', output: '4', cacheRead: '1' };
    await api.world.gate.call('set_price', price, api.world.as(api.world.owner));
    await api.world.prices.refresh();
    expect(await say(moderate)).toMatchObject({ costUsd: '0.002200000000' });
    const [first, second] = await rows();
    expect([first, second]).toMatchObject([
      { cost_usd: null, cost_status: 'unpriced' },
      { cost_usd: '0.002200000000', cost_status: 'priced' },
    ]);
  });
});
