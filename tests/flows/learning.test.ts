import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decide } from '../../src/core/bandit.ts';
import type { Decision } from '../../src/core/learning.ts';
import { type Api, ask, openApi } from '../api/client.ts';
import { modelServer } from '../contracts/model-server.ts';
import { anthropicWire, chatWire } from '../contracts/wires.ts';
import { aCall } from '../llm/costs/call.ts';

const complex =
  'Compare our three biggest deals in Texas, work out why the last campaign lost, and write a plan for the next quarter with its risks.';
/** The policy asks Anthropic first. */
const deepseek = 'deepseek-flash';

let api: Api;
const servers: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  const answer = { text: 'A plan.', usage: { prompt: 1000, cached: 0, answer: 100 } };
  const env: Record<string, string> = { ROUTER_LEARNS: 'on' };
  for (const [prefix, wire] of [
    ['ANTHROPIC', anthropicWire],
    ['DEEPSEEK', chatWire],
  ] as const) {
    const server = await modelServer(() => ({ chunks: wire.events(answer) }));
    servers.push(server);
    env[`${prefix}_API_KEY`] = 'key';
    env[`${prefix}_BASE_URL`] = server.url;
  }
  api = await openApi({ env, worker: false });
});
afterAll(async () => {
  await api.close();
  for (const server of servers) await server.close();
});

async function told(url = api.url): Promise<{ model: string; turnId: string; id: string }> {
  const { id } = (await ask(url, 'POST', '/api/v1/conversations', { body: {} })).body;
  const { body } = await ask(url, 'POST', `/api/v1/conversations/${id}/messages`, { body: { text: complex } });
  return { id, ...body };
}
const rows = async (turnId: string): Promise<{ provider: string; decision: Decision | null }[]> => {
  await api.world.calls.flush();
  return (await api.world.database.pool.query('SELECT provider, decision FROM ai_cost_tracking WHERE turn_id = $1', [turnId]))
    .rows;
};

describe('votes on answers, with ROUTER_LEARNS', () => {
  it('bring the model that people like to the front, decision by decision written down and made again', async () => {
    const { pool } = api.world.database;
    const { tenantId, userId } = api.world.owner;
    const first = await told();
    expect(first.model).toMatch(/^anthropic\//);
    expect(await rows(first.turnId)).toMatchObject([{ provider: 'anthropic', decision: null }]);

    // as people voted before: hardly anybody likes the first, nearly everybody the other
    const voted = (provider: string, model: string, up: number) =>
      Array.from({ length: 60 }, (_, i) => ({ turnId: crypto.randomUUID(), provider, model, vote: i < up ? 'up' : 'down' }));
    const past = [...voted('anthropic', first.model.slice('anthropic/'.length), 6), ...voted('deepseek', deepseek, 57)];
    for (const { turnId, provider, model } of past)
      api.world.calls.record(
        aCall(tenantId, { turnId, provider, model, agentType: 'sr-bdr', agentMode: 'smart_router', complexity: 'complex' }),
      );
    await api.world.calls.flush();
    await pool.query(
      `INSERT INTO feedback (tenant_id, turn_id, user_id, conversation_id, vote, surface, at)
       SELECT $1, "turnId", $2, $3, vote, 'rest', now() FROM jsonb_to_recordset($4) v("turnId" uuid, vote text)`,
      [tenantId, userId, first.id, JSON.stringify(past)],
    );
    expect(await api.world.database.standings()).toEqual(
      expect.arrayContaining([
        { tenantId, tier: 'complex', model: first.model, up: 6, down: 54, costUsd: 0.0005 },
        { tenantId, tier: 'complex', model: `deepseek/${deepseek}`, up: 57, down: 3, costUsd: 0.0005 },
      ]),
    );

    // a process that starts now knows them at once; others within a minute
    const { url } = await api.elsewhere();
    const asked = [];
    for (let i = 0; i < 12; i++) asked.push(await told(url));
    expect(asked.filter(({ model }) => model.startsWith('deepseek/')).length).toBeGreaterThanOrEqual(6);
    await ask(url, 'POST', `/api/v1/conversations/${asked[0]!.id}/turns/${asked[0]!.turnId}/feedback`, { body: { vote: 'up' } });
    // reading costs of the other process puts its calls into the table
    const replay = (await ask(url, 'GET', '/api/v1/analytics/router-replay')).body;
    for (const { turnId, model } of asked) {
      const [{ decision, provider }, ...more] = (await rows(turnId)) as [{ decision: Decision; provider: string }];
      expect(more).toEqual([]);
      expect(decide(decision, decision.seed)).toEqual(decision);
      expect(decision.arms[decision.chosen]!.model).toBe(model);
      expect(decision.arms.map((arm) => arm.model)).toEqual([first.model, `deepseek/${deepseek}`]);
      expect(provider).toBe(model.split('/')[0]);
    }
    expect(replay).toMatchObject({
      decisions: 12,
      same: 12,
      different: 0,
      tiers: [{ tier: 'complex', decisions: 12, voted: 1 }],
    });
    expect(replay.tiers[0].others.map(({ policy }: { policy: string }) => policy)).toEqual([
      'policy',
      first.model,
      `deepseek/${deepseek}`,
    ]);
  });
});
