import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addUsd } from '../../src/core/money.ts';
import { aCall } from '../llm/costs/call.ts';
import { type Api, openApi } from './client.ts';

// a Saturday morning in New York; the evening before it was Saturday in UTC already
const now = new Date('2026-11-21T15:30:00Z');
let api: Api;
let rep: { key: string; userId: string };
let managerKey: string;
let lead: string;
const url = '/api/v1/analytics/ai-costs';

beforeAll(async () => {
  api = await openApi({ now: () => now });
  const { world } = api;
  const key = await api.keyOf('rita', 'rep');
  rep = { key, userId: (await world.access.byKey(key))!.userId };
  managerKey = await api.keyOf('max', 'manager');
  lead = (await api.ask('POST', '/api/v1/leads', { body: { name: 'Costly Cooling' } })).body.lead.id;
  await world.calls.flush();
  await world.database.pool.query('TRUNCATE ai_cost_tracking');

  const record = (at: string, agentType: string, costUsd: string | null, more = {}) =>
    world.calls.record({
      ...aCall(world.owner.tenantId, { at: new Date(at), agentType, userId: world.owner.userId }),
      price: costUsd === null ? { status: 'unpriced', because: 'unknown model' } : { status: 'priced', costUsd, row: 'x' },
      ...more,
    });
  record('2026-11-21T14:00:00Z', 'qualification', '0.100000000001', { leadId: lead, latencyMs: 100 });
  record('2026-11-21T14:01:00Z', 'qualification', '0.200000000002', { leadId: lead, latencyMs: 201 });
  record('2026-11-21T14:02:00Z', 'qualification', '0.300000000003', { provider: 'anthropic', model: 'claude-haiku-5-5' });
  // Friday in New York, Saturday in UTC
  record('2026-11-21T03:00:00Z', 'growth', '0.000000000007', { leadId: lead });
  record('2026-11-20T15:00:00Z', 'sr-bdr', '1.500000000000', { agentMode: 'smart_router', userId: rep.userId });
  record('2026-11-20T16:00:00Z', 'sr-bdr', null, { agentMode: 'smart_router', userId: rep.userId });
  record('2026-11-20T16:00:00Z', 'sr-bdr', '0.000000000000', { agentMode: 'smart_router', cacheHit: true, savedUsd: '0.25' });
  // the first of thirty days, and the day before it
  record('2026-10-23T12:00:00Z', 'growth', '2.000000000000');
  record('2026-10-22T12:00:00Z', 'growth', '64.000000000000');
});
afterAll(() => api.close());

const get = async (query = '', key?: string) => api.ask('GET', `${url}${query}`, key ? { key } : {});

describe('what models cost, over HTTP', () => {
  it('is the last thirty days by agent, lead and day, in exactly these keys', async () => {
    const { status, body, headers } = await get();
    expect(status).toBe(200);
    expect(body).toEqual({
      total_cost_usd: '4.100000000013',
      total_requests: 8,
      by_agent: [
        {
          agent_type: 'growth',
          agent_mode: 'passthrough',
          total_requests: 2,
          total_cost_usd: '2.000000000007',
          avg_cost_per_request: '1.000000000004',
          avg_latency_ms: 321,
          primary_provider: 'cerebras',
          primary_model: 'gpt-oss-120b',
        },
        {
          agent_type: 'sr-bdr',
          agent_mode: 'smart_router',
          total_requests: 3,
          total_cost_usd: '1.500000000000',
          avg_cost_per_request: '0.500000000000',
          avg_latency_ms: 321,
          primary_provider: 'cerebras',
          primary_model: 'gpt-oss-120b',
        },
        {
          agent_type: 'qualification',
          agent_mode: 'passthrough',
          total_requests: 3,
          total_cost_usd: '0.600000000006',
          avg_cost_per_request: '0.200000000002',
          avg_latency_ms: 207.3,
          primary_provider: 'cerebras',
          primary_model: 'gpt-oss-120b',
        },
      ],
      by_lead: [
        {
          lead_id: lead,
          company_name: 'Costly Cooling',
          total_cost_usd: '0.300000000010',
          total_requests: 3,
          agents_used: ['growth', 'qualification'],
        },
        {
          lead_id: null,
          company_name: null,
          total_cost_usd: '3.800000000003',
          total_requests: 5,
          agents_used: ['growth', 'qualification', 'sr-bdr'],
        },
      ],
      cache_stats: { total_requests: 8, cache_hits: 1, cache_hit_rate: 0.125, estimated_savings_usd: '0.250000000000' },
      time_series: [
        { date: '2026-10-23', total_cost_usd: '2.000000000000', total_requests: 1 },
        { date: '2026-11-20', total_cost_usd: '1.500000000007', total_requests: 4 },
        { date: '2026-11-21', total_cost_usd: '0.600000000006', total_requests: 3 },
      ],
    });
    expect(headers.get('x-unpriced-requests')).toBe('1');
    for (const lines of [body.by_agent, body.by_lead, body.time_series])
      expect(addUsd(...lines.map((line: { total_cost_usd: string }) => line.total_cost_usd))).toBe(body.total_cost_usd);
  });

  it.each([
    ['?agent_type=growth', 2, '2.000000000007'],
    ['?agent_type=nobody', 0, '0.000000000000'],
    ['?start_date=2026-10-22', 9, '68.100000000013'],
    ['?start_date=2026-11-20&end_date=2026-11-20', 4, '1.500000000007'],
    ['?end_date=2026-11-20', 6, '67.500000000007'],
    ['?start_date=2026-11-21T14:01:00Z&end_date=2026-11-21T14:02:00Z', 1, '0.200000000002'],
    ['?start_date=2026-11-21T09:00:30-05:00', 2, '0.500000000005'],
    ['?start_date=2026-11-21T15:01:00+01:00&end_date=2026-11-21T14:02:00Z', 1, '0.200000000002'],
    // without an offset: the time of the workspace
    ['?start_date=2026-11-21T09:01:00&end_date=2026-11-21T09:02:00', 1, '0.200000000002'],
  ])('is of what was asked for: %s', async (query, requests, cost) => {
    const { body } = await get(query);
    expect([body.total_requests, body.total_cost_usd]).toEqual([requests, cost]);
    expect(addUsd(...body.by_lead.map((line: { total_cost_usd: string }) => line.total_cost_usd))).toBe(cost);
  });

  it('is of one lead, also together with an agent', async () => {
    const { body } = await get(`?lead_id=${lead}`);
    expect([body.total_requests, body.total_cost_usd, body.by_lead.length]).toEqual([3, '0.300000000010', 1]);
    expect((await get(`?lead_id=${lead}&agent_type=growth`)).body.total_cost_usd).toBe('0.000000000007');
  });

  it('is one’s own for a rep, and everybody’s for a manager', async () => {
    const own = await get('', rep.key);
    expect([own.body.total_requests, own.body.total_cost_usd]).toEqual([2, '1.500000000000']);
    expect(own.body.by_lead).toMatchObject([{ lead_id: null, total_cost_usd: '1.500000000000', agents_used: ['sr-bdr'] }]);
    expect((await get(`?lead_id=${lead}`, rep.key)).body.total_requests).toBe(0);
    expect((await get('', managerKey)).body.total_requests).toBe(8);
    expect((await get('', 'sk_wrong')).status).toBe(401);
  });

  it.each([
    '?start_date=yesterday',
    '?start_date=2026-02-30',
    '?start_date=2026-11-21&end_date=2026-11-20',
    '?start_date=1900-01-01',
    '?end_date=0001-01-01',
    '?end_date=2026',
    '?lead_id=7',
    '?agent=growth',
    '?lead_limit=0',
  ])('says what is wrong with %s', async (query) => {
    const { status, body } = await get(query);
    expect([status, body.error.code]).toEqual([400, 'invalid_input']);
  });

  it('counts a call that was recorded a moment ago', async () => {
    api.world.calls.record(aCall(api.world.owner.tenantId, { at: now, agentType: 'just-now' }));
    expect((await get('?agent_type=just-now')).body.total_requests).toBe(1);
    await api.world.database.pool.query(`DELETE FROM ai_cost_tracking WHERE agent_type = 'just-now'`);
  });
});

describe('spending to watch', () => {
  it('is told to managers: budget, cost per lead, cache, cost per qualified lead', async () => {
    const { status, body } = await get('/alerts', managerKey);
    expect(status).toBe(200);
    expect(body).toEqual({
      alerts: [],
      daily_spend_usd: '0.600000000006',
      avg_cost_per_lead_usd: '0.300000000010',
      cache_hit_rate: 1 / 6,
      cost_per_qualified_lead_usd: null,
      qualified_leads: 0,
    });
    await api.ask('PUT', `/api/v1/leads/${lead}`, { body: { status: 'qualified' } });
    expect((await get('/alerts', managerKey)).body).toMatchObject({
      cost_per_qualified_lead_usd: '4.100000000013',
      qualified_leads: 1,
    });
    expect((await get('/alerts', rep.key)).status).toBe(403);
  });

  it('warns when the day costs most of its budget, also in the metrics', async () => {
    const { world } = api;
    world.calls.record({
      ...aCall(world.owner.tenantId, { at: now, agentType: 'spree' }),
      price: { status: 'priced', costUsd: '8', row: 'x' },
    });
    const { body } = await get('/alerts');
    expect(body.alerts).toEqual([
      {
        kind: 'budget',
        severity: 'warning',
        message: 'The budget of 10 USD for today is mostly used up: 8.6000 USD spent (86 %).',
        current_spend_usd: '8.600000000006',
        budget_usd: '10',
      },
    ]);
    const metrics = (await api.ask('GET', '/metrics')).body as string;
    expect(metrics).toContain('ai_cost_today_usd 8.600000000006');
    expect(metrics).toContain('ai_cost_alerts{severity="warning"} 1');
    expect(metrics).toMatch(/ai_calls_written_total\{outcome="stored"\} \d+/);
    await world.database.pool.query(`DELETE FROM ai_cost_tracking WHERE agent_type = 'spree'`);
  });
});

it('an agent whose name no text of the database can be has cost nothing', async () => {
  const { status, body } = await get('?agent_type=%00growth%ED%A0%80');
  expect([status, body.total_requests ?? body.error.code]).toEqual([200, 0]);
});

describe('"what did yesterday cost, by agent?"', () => {
  it('is answered in chat, with a chart', async () => {
    const { id } = (await api.ask('POST', '/api/v1/conversations', { body: {} })).body;
    const { body } = await api.ask('POST', `/api/v1/conversations/${id}/messages`, {
      body: { text: 'What did yesterday cost, by agent?' },
    });
    expect(body.text).toContain('sr-bdr: 1.5 USD, 3 requests');
    const [card] = body.cards;
    expect(card.title).toBe('Cost: yesterday');
    expect(card.blocks[0]).toEqual({
      type: 'bars',
      max: 100,
      bars: [
        { label: 'sr-bdr', value: 100, note: '% · 1.50 USD · 3 calls' },
        { label: 'growth', value: 0, note: '% · 0.000000000007 USD · 1 call' },
      ],
    });
    expect(card.blocks[1].fields[0]).toEqual({ label: 'Total', value: '1.500000000007 USD, 4 calls' });
    expect(JSON.stringify(card)).toContain('1 call of unknown price is not in these sums.');
  });

  it.each([
    ['what did yesterday cost by agent, with a chart', 'Cost: yesterday', 'sr-bdr'],
    ['Break down yesterdays AI costs by agent and show a chart', 'Cost: yesterday', 'sr-bdr'],
    ['show me llm spend by model this week', 'Cost: this week', 'cerebras/gpt-oss-120b'],
    ['what did models cost in the last 7 days', 'Cost: the last seven days', 'sr-bdr'],
    ['how much did we spend this month', 'Cost: this month', 'sr-bdr'],
    ['what did last month cost', 'Cost: last month', 'growth'],
    ['what did we spend since monday by model', 'Cost: since Nov 16', 'cerebras/gpt-oss-120b'],
    ['ai costs since october 22', 'Cost: since Oct 22', 'growth'],
    ['costs since the start of the month', 'Cost: since Nov 1', 'sr-bdr'],
    ['what did it cost since 2026-11-20?', 'Cost: since Nov 20', 'sr-bdr'],
    ['spend over the last month', 'Cost: the last thirty days', 'growth'],
    ['token usage by model today', 'Cost: today', 'cerebras/gpt-oss-120b'],
    ['what did november 20 cost', 'Cost: Nov 20', 'sr-bdr'],
    ['what did friday cost by model', 'Cost: Nov 20', 'cerebras/gpt-oss-120b'],
    ['what did we spend in October', 'Cost: Oct 1 to Oct 31', 'growth'],
    ['ai spend for october 2026 by day', 'Cost: Oct 1 to Oct 31', '2026-10-22'],
    ['november costs', 'Cost: Nov 1 to Nov 30', 'sr-bdr'],
    ['costs of the last 3 days', 'Cost: since Nov 19', 'sr-bdr'],
    ['what did we spend in the past two weeks', 'Cost: since Nov 8', 'sr-bdr'],
    ['model costs from october 20 to october 25', 'Cost: Oct 20 to Oct 25', 'growth'],
    ['what did we spend between nov 18 and today by day', 'Cost: Nov 18 to Nov 21', '2026-11-20'],
    ['how much did ai cost this quarter', 'Cost: since Oct 1', 'growth'],
    ['spend this year', 'Cost: since Jan 1', 'growth'],
  ])('is understood: %s', async (text, title, label) => {
    const { id } = (await api.ask('POST', '/api/v1/conversations', { body: {} })).body;
    const { body } = await api.ask('POST', `/api/v1/conversations/${id}/messages`, { body: { text } });
    expect(body.cards.map((card: { title: string }) => card.title)).toEqual([title]);
    expect(body.cards[0].blocks[0].bars.map((bar: { label: string }) => bar.label)).toContain(label);
  });

  it('a day without calls is said to have cost nothing, not another one in its place', async () => {
    const { id } = (await api.ask('POST', '/api/v1/conversations', { body: {} })).body;
    const { body } = await api.ask('POST', `/api/v1/conversations/${id}/messages`, {
      body: { text: 'what did the day before yesterday cost' },
    });
    expect(body.text).toContain('Nothing on 2026-11-19');
    expect(body.cards).toEqual([]);
  });

  it('a question that goes on keeps what it does not name', async () => {
    const { id } = (await api.ask('POST', '/api/v1/conversations', { body: {} })).body;
    const titles = [];
    for (const text of ['what did last month cost by model', 'and this month?', 'since friday?', 'by agent', 'and in october?'])
      titles.push(
        (await api.ask('POST', `/api/v1/conversations/${id}/messages`, { body: { text } })).body.cards.map(
          (card: { title: string; blocks: { bars: { label: string }[] }[] }) => [card.title, card.blocks[0]!.bars[0]!.label],
        )[0],
      );
    expect(titles).toEqual([
      ['Cost: last month', 'cerebras/gpt-oss-120b'],
      ['Cost: this month', 'cerebras/gpt-oss-120b'],
      ['Cost: since Nov 20', 'cerebras/gpt-oss-120b'],
      ['Cost: since Nov 20', 'sr-bdr'],
      ['Cost: Oct 1 to Oct 31', 'growth'],
    ]);
  });

  it('weeks and months are those of the calendar where the workspace is', async () => {
    const { world } = api;
    const edges = [
      '2026-11-01T03:59:59.999Z',
      '2026-11-01T04:00:00.000Z',
      '2026-11-16T04:59:59.999Z',
      '2026-11-16T05:00:00.000Z',
    ];
    for (const [i, at] of edges.entries())
      world.calls.record({
        ...aCall(world.owner.tenantId, { at: new Date(at), agentType: 'edge', userId: world.owner.userId }),
        price: { status: 'priced', costUsd: `${10 ** i}`, row: 'x' },
      });
    const edge = async (input: Record<string, string>) => {
      const { body } = await api.ask('POST', '/api/v1/tools/get_costs', { body: input });
      return body.result.lines.find(({ key }: { key: string }) => key === 'edge')?.costUsd.replace(/\.0+$/, '');
    };
    const sums = [];
    for (const period of ['last_month', 'this_month', 'last_week', 'this_week', '7d', '30d'])
      sums.push([period, await edge({ period })]);
    for (const since of ['2026-11-16', '2026-11-15']) sums.push([since, await edge({ since })]);
    for (const [since, until] of [
      ['2026-11-01', '2026-11-15'],
      ['2026-10-31', '2026-11-01'],
    ] as const)
      sums.push([`${since} to ${until}`, await edge({ since, until })]);
    expect(Object.fromEntries(sums)).toEqual({
      ...{ last_month: '1', this_month: '1110', last_week: '100', this_week: '1000', '7d': '1100', '30d': '1111' },
      ...{ '2026-11-16': '1000', '2026-11-15': '1100' },
      ...{ '2026-11-01 to 2026-11-15': '110', '2026-10-31 to 2026-11-01': '11' },
    });
    // also for somebody who is in another zone
    const away = world.as({ ...world.owner, timeZone: 'Asia/Tokyo' });
    const asked = await world.gate.call('get_costs', { period: 'this_week', by: 'agent' }, away);
    expect(asked).toMatchObject({
      result: { lines: expect.arrayContaining([{ key: 'edge', requests: 1, costUsd: '1000.000000000000' }]) },
    });
    for (const body of [
      { since: '2026-11-22' },
      { since: '2026-02-30' },
      { since: '2026-11-16', period: 'today' },
      { until: '2026-11-16' },
      { since: '2026-11-16', until: '2026-11-15' },
    ])
      expect((await api.ask('POST', '/api/v1/tools/get_costs', { body })).status).toBe(400);
    await world.database.pool.query(`DELETE FROM ai_cost_tracking WHERE agent_type = 'edge'`);
  });

  it('is their own for a rep', async () => {
    const { body } = await api.ask('POST', '/api/v1/tools/get_costs', {
      key: rep.key,
      body: { period: 'yesterday', by: 'model' },
    });
    expect(body.result).toMatchObject({
      totalUsd: '1.500000000000',
      requests: 2,
      unpriced: 1,
      lines: [{ key: 'cerebras/gpt-oss-120b', requests: 2, costUsd: '1.500000000000' }],
      alerts: [],
    });
  });
});
