import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import type { World } from '../world.ts';
import { openWorld } from '../world.ts';
import { type LangSmithServer, langSmithServer, type SentRun } from './langsmith-stand-in.ts';
import { type Answer, openReader } from './reader.ts';
import { scripted } from './scripted-llm.ts';

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const one of open.splice(0).reverse()) await one.close();
});
const server = async (how?: 'multipart' | 'batch' | 'hangs') => {
  const opened = await langSmithServer(how);
  open.push(opened);
  return opened;
};

const on = (to: LangSmithServer, more: Record<string, string> = {}) => ({
  LANGSMITH_TRACING: 'true',
  LANGSMITH_API_KEY: 'ls-key',
  LANGSMITH_ENDPOINT: to.url,
  LANGSMITH_PROJECT: 'tests',
  ...more,
});

async function turn(world: World, text: string): Promise<string | undefined> {
  const { id } = await world.converser.open(world.owner);
  let last: string | undefined;
  const { events } = await world.converser.say({ actor: world.owner, conversationId: id, text });
  for await (const event of events) last = event.type;
  return last;
}

const question = 'who am I? Write to jane.roe@example.com or call 512-555-0143, my password: hunter2222';
const model = () => scripted([{ call: 'whoami' }, { text: 'You are the owner; jane.roe@example.com waits.' }], '0.000100000000');

const called = (runs: SentRun[], name: string, type?: string): SentRun => {
  const found = runs.filter((run) => run.name === name && (!type || run.run_type === type));
  expect(found.length, `${name} among ${runs.map((run) => run.name).join(', ')}`).toBeGreaterThan(0);
  return found[0]!;
};

describe('LangSmith', () => {
  it.each(['multipart', 'batch'] as const)('gets a turn as a tree of runs (%s), and not a word of it', async (how) => {
    const to = await server(how);
    const world = await openWorld({ env: on(to), llm: model() });
    expect(await turn(world, question)).toBe('done');
    await world.close();

    expect(to.requests.filter(({ path }) => path.startsWith('/runs/'))[0]).toMatchObject({
      method: 'POST',
      path: `/runs/${how}`,
      key: 'ls-key',
    });
    const runs = to.runs();
    const root = called(runs, 'sr-bdr');
    expect(root).toMatchObject({ session_name: 'tests', trace_id: root.id, run_type: 'chain' });
    expect(root['parent_run_id']).toBeUndefined();
    const models = runs.filter((run) => run['run_type'] === 'llm');
    expect(models).toHaveLength(2);
    for (const run of models) {
      expect(runs.find(({ id }) => id === run['parent_run_id'])?.name).toBe('think');
      expect(run).toMatchObject({
        trace_id: root.id,
        extra: {
          metadata: {
            ls_provider: 'scripted',
            ls_model_name: 'one',
            usage_metadata: { input_tokens: 120, output_tokens: 30, total_tokens: 150 },
            cost_usd: '0.000100000000',
          },
        },
      });
    }
    called(runs, 'act');
    expect(runs.every((run) => run['end_time'] !== undefined)).toBe(true);
    expect(runs.every((run) => Object.keys({ ...run['inputs'], ...run['outputs'] }).length === 0)).toBe(true);
    for (const word of [
      'jane',
      '555-0143',
      'hunter',
      'owner',
      'whoami',
      world.owner.userName,
      world.owner.userId,
      'sales assistant',
    ])
      expect(to.text(), word).not.toContain(word);
  });

  it('gets what was asked and answered where that may be kept, without addresses, numbers and keys', async () => {
    const to = await server();
    const world = await openWorld({ env: on(to, { STORE_PROMPTS: 'on' }), llm: model() });
    await turn(world, question);
    await world.close();
    const [first] = to.runs().filter((run) => run['run_type'] === 'llm');
    expect(JSON.stringify(first!['inputs'])).toContain('who am I? Write to [e-mail] or call [phone], my password: [key]');
    expect(to.text()).toContain('You are the owner; [e-mail] waits.');
    expect(to.text()).toContain('whoami');
    for (const word of ['jane', '555-0143', 'hunter', world.owner.userId]) expect(to.text(), word).not.toContain(word);
  });

  it('gets the runs of the agent behind a tool, with the model calls inside', async () => {
    const to = await server();
    const world = await openReader({ env: on(to) });
    const quote: Answer = {
      criterion: 'resimercial',
      answer: 'Both',
      source: 'about',
      quote: 'commercial and residential customers',
    };
    world.says([quote]);
    await world.qualify(await world.add('Quill Larch', { about: 'We serve commercial and residential customers.' }), {
      model: true,
    });
    await world.close();
    const runs = to.runs();
    const root = called(runs, 'qualification');
    expect(called(runs, 'let a model fill open criteria')['trace_id']).toBe(root.id);
    const asked = runs.filter((run) => run['run_type'] === 'llm');
    expect(asked).toHaveLength(1);
    expect(asked[0]!['trace_id']).toBe(root.id);
    for (const word of ['Quill Larch', 'residential', world.owner.userId]) expect(to.text(), word).not.toContain(word);
  });

  it('hears what kind of thing went wrong, and not about whom', async () => {
    const to = await server();
    const world = await openWorld({ env: on(to), llm: scripted([{ breakOff: true }]) });
    expect(await turn(world, 'hello')).toBe('error');
    await world.close();
    expect(called(to.runs(), 'sr-bdr')['error']).toBe('unavailable');
    expect(to.text()).not.toContain('broke off');
  });

  it('that does not answer holds up neither a turn nor the end', async () => {
    const to = await server('hangs');
    const world = await openWorld({ env: on(to), llm: model() });
    expect(await turn(world, question)).toBe('done');
    await world.close();
    expect(to.requests.length).toBeGreaterThan(0);
  });

  it('gets nothing because of what stands in the environment: our settings decide', async () => {
    const to = await server();
    for (const name of ['LANGSMITH_TRACING', 'LANGSMITH_TRACING_V2', 'LANGCHAIN_TRACING_V2', 'LANGCHAIN_TRACING'])
      vi.stubEnv(name, 'true');
    for (const prefix of ['LANGSMITH', 'LANGCHAIN']) {
      vi.stubEnv(`${prefix}_ENDPOINT`, to.url);
      vi.stubEnv(`${prefix}_API_KEY`, 'stray');
    }
    const world = await openReader();
    world.says([]);
    await world.qualify(await world.add('Quill Larch', { about: 'We serve everyone.' }), { model: true });
    expect(world.asked.length).toBeGreaterThan(0);
    await turn(world, question);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await world.close();
    expect(to.requests).toEqual([]);
  });

  it('is not switched on by half', () => {
    expect(() => loadConfig({ LANGSMITH_TRACING: 'true' })).toThrow('LANGSMITH_API_KEY must be set too');
    expect(loadConfig({ LANGSMITH_API_KEY: 'k' }).LANGSMITH_TRACING).toBe(false);
  });
});
