import { afterEach, describe, expect, it } from 'vitest';
import { chatCommand } from '../../src/bot/console/chat.ts';
import { openApi } from '../api/client.ts';
import { FakeTerminal } from '../bot/terminal.ts';
import { openWorld } from '../world.ts';
import { type Asked, anthropicStandIn, type Said, type StandIn } from './anthropic-stand-in.ts';

let stand: StandIn;
afterEach(() => stand.close());

/** Asks for a lead's score, and tells what it was told. */
const salesTalk = ({ body }: Asked): Said => {
  const last = body.messages.at(-1).content.at(-1);
  if (last.type === 'tool_result')
    return { text: `It says: ${/"tier":"(\w+)"/.exec(last.content)?.[1]}.`, usage: { input_tokens: 900, output_tokens: 12 } };
  return {
    calls: [{ id: 'toolu_1', name: 'explain_score', json: '{"lead":"Claude Cooling"}' }],
    usage: { input_tokens: 700, output_tokens: 30 },
  };
};
const settings = (more: Record<string, string> = {}) => ({
  ANTHROPIC_API_KEY: 'sk-test',
  ANTHROPIC_BASE_URL: stand.url,
  ...more,
});

describe('a conversation with Claude', () => {
  it('uses our tools over HTTP and its stream, and each call is priced and kept', async () => {
    stand = await anthropicStandIn(salesTalk);
    const api = await openApi({ env: settings() });
    try {
      await api.world.gate.call('create_lead', { name: 'Claude Cooling' }, api.world.as(api.world.owner));
      const { id } = (await api.ask('POST', '/api/v1/conversations', {})).body;
      const { status, body } = await api.ask('POST', `/api/v1/conversations/${id}/messages`, {
        body: { text: 'How good is it?' },
      });
      expect(status).toBe(200);
      expect(body).toMatchObject({
        text: 'It says: BRONZE.',
        model: 'anthropic/claude-sonnet-5-5',
        degraded: false,
        costUsd: '0.003620000000',
      });
      const streamed = await fetch(`${api.url}/api/v1/conversations/${id}/messages`, {
        method: 'POST',
        headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
        body: JSON.stringify({ text: 'And now?' }),
      });
      const events = await streamed.text();
      expect(events).toContain('event: done');
      expect(events).toContain('It says: BRONZE.');
      await api.world.calls.flush();
      const { rows } = await api.world.database.pool.query(
        `SELECT provider, model, prompt_tokens, completion_tokens, cost_usd::text, cost_status, status FROM ai_cost_tracking ORDER BY timestamp, attempt LIMIT 2`,
      );
      expect(rows).toEqual([
        {
          provider: 'anthropic',
          model: 'claude-sonnet-5-5',
          prompt_tokens: 700,
          completion_tokens: 30,
          cost_usd: '0.001700000000',
          cost_status: 'priced',
          status: 'ok',
        },
        {
          provider: 'anthropic',
          model: 'claude-sonnet-5-5',
          prompt_tokens: 900,
          completion_tokens: 12,
          cost_usd: '0.001920000000',
          cost_status: 'priced',
          status: 'ok',
        },
      ]);
      expect((await api.ask('GET', '/health')).body.parts.model).toBe('claude-sonnet-5-5 (Anthropic)');
    } finally {
      await api.close();
    }
  });

  it('in the terminal names the model, and says under the answer what it cost', async () => {
    stand = await anthropicStandIn(salesTalk);
    const world = await openWorld({ env: settings() });
    const terminal = new FakeTerminal();
    try {
      await world.gate.call('create_lead', { name: 'Claude Cooling' }, world.as(world.owner));
      const actor = { ...world.owner, surface: 'terminal' as const };
      const parts = { ...world, actor, records: world.deps.db.records(actor), ...terminal.streams };
      const code = chatCommand([], parts);
      await terminal.until('Model: claude-sonnet-5-5 (Anthropic)');
      terminal.type('how good is Claude Cooling?\r');
      await terminal.until('It says: BRONZE.');
      await terminal.until('cost $0.00362\n');
      terminal.type('\u0004');
      expect(await code).toBe(0);
      expect(terminal.text).not.toContain('offline rules');
    } finally {
      await world.close();
    }
  });

  it('with models of unknown price goes on, and its calls are unpriced, not free', async () => {
    stand = await anthropicStandIn(() => ({ text: 'Good day.', usage: { input_tokens: 10, output_tokens: 2 } }));
    const world = await openWorld({ env: settings({ ANTHROPIC_MODEL: 'claude-next', ANTHROPIC_CHEAP_MODEL: 'claude-small' }) });
    try {
      expect(world.model).toMatch(/the prices of .* are not known/);
      const { id } = await world.converser.open(world.owner);
      const { events } = await world.converser.say({ actor: world.owner, conversationId: id, text: 'Hello there' });
      for await (const event of events) if (event.type === 'error') throw new Error(event.message);
      await world.calls.flush();
      const { rows } = await world.database.pool.query('SELECT cost_usd, cost_status FROM ai_cost_tracking');
      expect(rows).toEqual([{ cost_usd: null, cost_status: 'unpriced' }]);
    } finally {
      await world.close();
    }
  });
});

describe('a conversation while Claude is out', () => {
  // so long a wait is not waited
  const out = (): Said => ({ error: { status: 529, type: 'overloaded_error', message: 'secret words', retryAfter: 300 } });
  const notice = '(The offline rules answered: Anthropic does not answer well (529).)';
  const later = '(The offline rules answered: Anthropic failed a moment ago and is left alone for now.)';

  it('goes on with the offline rules over HTTP and its stream, and says why', async () => {
    stand = await anthropicStandIn(out);
    const api = await openApi({ env: settings() });
    try {
      const { id } = (await api.ask('POST', '/api/v1/conversations', {})).body;
      const path = `/api/v1/conversations/${id}/messages`;
      const { status, body } = await api.ask('POST', path, { body: { text: 'thank you' } });
      expect([status, body]).toMatchObject([200, { model: 'offline/rules', degraded: true, costUsd: '0.000000000000' }]);
      expect(body.text.split('\n').at(-1)).toBe(notice);
      const streamed = await fetch(api.url + path, {
        method: 'POST',
        headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
        body: JSON.stringify({ text: 'how many leads do we have?' }),
      });
      const events = await streamed.text();
      expect(events).toContain('event: done');
      expect(events).toContain(later);
      expect(events).not.toMatch(/secret words|\.\.\)/);
      expect(stand.asked).toHaveLength(1);
    } finally {
      await api.close();
    }
  });

  it('goes on in the terminal, where the rules sign their answer', async () => {
    stand = await anthropicStandIn(out);
    const world = await openWorld({ env: settings() });
    const terminal = new FakeTerminal({ columns: 200 });
    try {
      const actor = { ...world.owner, surface: 'terminal' as const };
      const parts = { ...world, actor, records: world.deps.db.records(actor), ...terminal.streams };
      const code = chatCommand([], parts);
      await terminal.until('Model: claude-sonnet-5-5 (Anthropic)');
      terminal.type('thank you\r');
      await terminal.until(`${notice}\noffline rules\n`);
      terminal.type('\u0004');
      expect(await code).toBe(0);
    } finally {
      await world.close();
    }
  });
});
