import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, ask, openApi, serve } from './client.ts';

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

describe('operations', () => {
  it('show the state of every part, and details only to those who are logged in', async () => {
    const mine = await api.ask('GET', '/health');
    expect(mine.body).toMatchObject({
      status: 'ok',
      version: '1.2.3',
      parts: { database: 'ok', queue: 'ok', worker: 'here', model: 'offline rules', mail: 'local outbox', uploads: 'ok' },
    });
    // the job that tidies up after a start may still be at it
    const queue = async () => (await api.ask('GET', '/health')).body.details.queue;
    await expect.poll(queue).toEqual({ waiting: 0, running: 0, dead: 0 });
    const stranger = await api.ask('GET', '/health', { headers: { 'x-forwarded-for': '203.0.113.9' } });
    expect(stranger.status).toBe(200);
    expect(stranger.body.details).toBeUndefined();
  });

  it('are ready while the database answers', async () => {
    expect((await api.ask('GET', '/readyz')).body).toEqual({ status: 'ready' });
    const lame = await serve(api.world, { database: { place: 'gone', check: () => Promise.reject(new Error('secret host')) } });
    const answer = await ask(lame.url, 'GET', '/readyz');
    expect([answer.status, answer.body.error.code]).toEqual([503, 'unavailable']);
    expect(JSON.stringify(answer.body)).not.toContain('secret');
    expect((await ask(lame.url, 'GET', '/health')).body).toMatchObject({
      status: 'degraded',
      parts: { database: 'unreachable' },
    });
    await lame.server.close();
  });

  it('count Redis among the parts where there is one', async () => {
    const place = 'Redis 7.0.15 at cache:6379';
    for (const [check, state] of [
      [async () => {}, 'ok'],
      [() => Promise.reject(new Error('secret host')), 'unreachable'],
    ] as const) {
      const one = await serve(api.world, { redis: { place, check } });
      const ready = await ask(one.url, 'GET', '/readyz');
      expect(ready.status).toBe(state === 'ok' ? 200 : 503);
      const health = (await ask(one.url, 'GET', '/health')).body;
      expect(health).toMatchObject({ status: state === 'ok' ? 'ok' : 'degraded', parts: { redis: state } });
      expect(JSON.stringify([ready.body, health])).not.toContain('secret');
      await one.server.close();
    }
    expect((await api.ask('GET', '/health')).body.parts).not.toHaveProperty('redis');
  });

  it('count requests, agents, tools, jobs and decisions', async () => {
    await api.ask('POST', '/api/v1/tools/whoami');
    const page = await api.ask('GET', '/metrics');
    expect(page.headers.get('content-type')).toContain('text/plain');
    const names = [...new Set([...page.body.matchAll(/^# TYPE (\w+) /gm)].map((m) => m[1]))]
      .filter((name) => !/^(process|nodejs)_/.test(name!))
      .sort();
    expect(names).toMatchInlineSnapshot(`
      [
        "agent_errors_total",
        "agent_processing_seconds",
        "agent_success_total",
        "ai_budget_steps_total",
        "ai_cache_hit_ratio",
        "ai_calls_unpriced_total",
        "ai_calls_written_total",
        "ai_cost_alerts",
        "ai_cost_per_lead_usd",
        "ai_cost_today_usd",
        "http_request_duration_seconds",
        "job_seconds",
        "jobs",
        "proposal_decisions_total",
        "proposals_pending",
        "tool_call_seconds",
      ]
    `);
    const lines = (page.body as string).split('\n');
    expect(lines).toContain('http_request_duration_seconds_count{route="/api/v1/tools/:name",method="POST",status="200"} 1');
    expect(lines).toContain('tool_call_seconds_count{tool="whoami",outcome="done"} 1');
  });

  it('keep metrics from strangers', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.9' };
    expect((await api.ask('GET', '/metrics', { headers })).status).toBe(401);
    expect((await api.ask('GET', '/metrics', { headers, key: await api.keyOf('rob', 'rep') })).status).toBe(403);
    expect((await api.ask('GET', '/metrics', { headers, key: await api.keyOf('mia', 'manager') })).status).toBe(200);
  });

  it('answer what was asked before a stop, and say meanwhile that nothing new should come', async () => {
    const one = await serve(api.world);
    const ready = await ask(one.url, 'GET', '/readyz');
    expect(ready.status).toBe(200);
    const slow = ask(one.url, 'POST', '/api/v1/leads', { body: { name: 'Last Minute Mechanical' } });
    await new Promise((resolve) => one.server.server.once('request', resolve));
    const [answer] = await Promise.all([slow, one.server.close()]);
    expect(answer.status).toBe(201);
    await expect(ask(one.url, 'GET', '/readyz')).rejects.toThrow();
  });
});

describe('documentation', () => {
  it('covers every route', async () => {
    const { body } = await api.ask('GET', '/api/v1/docs/json');
    const routes = Object.entries(body.paths as Record<string, Record<string, { summary?: string; tags?: string[] }>>).flatMap(
      ([path, methods]) =>
        Object.entries(methods).map(([method, { summary, tags }]) => ({
          line: `${method.toUpperCase()} ${path}`,
          described: Boolean(summary && tags?.length),
        })),
    );
    expect(routes.filter((route) => !route.described)).toEqual([]);
    expect(routes.map((route) => route.line).sort()).toMatchInlineSnapshot(`
      [
        "DELETE /api/v1/jobs/{id}",
        "DELETE /api/v1/leads/{id}",
        "GET /api/v1/analytics/ai-costs",
        "GET /api/v1/analytics/ai-costs/alerts",
        "GET /api/v1/analytics/answer-quality",
        "GET /api/v1/analytics/router-replay",
        "GET /api/v1/conversations",
        "GET /api/v1/conversations/{id}/events",
        "GET /api/v1/conversations/{id}/messages",
        "GET /api/v1/imports",
        "GET /api/v1/imports/{id}",
        "GET /api/v1/imports/{id}/rows",
        "GET /api/v1/jobs",
        "GET /api/v1/jobs/{id}",
        "GET /api/v1/jobs/{id}/events",
        "GET /api/v1/jobs/{id}/results",
        "GET /api/v1/leads",
        "GET /api/v1/leads/{id}",
        "GET /api/v1/mail",
        "GET /api/v1/mail/{id}",
        "GET /api/v1/proposals",
        "GET /api/v1/proposals/{id}",
        "GET /api/v1/receipts",
        "GET /api/v1/receipts/{id}",
        "GET /api/v1/tools",
        "GET /health",
        "GET /metrics",
        "GET /readyz",
        "POST /api/v1/conversations",
        "POST /api/v1/conversations/{id}/messages",
        "POST /api/v1/conversations/{id}/stop",
        "POST /api/v1/conversations/{id}/turns/{turnId}/feedback",
        "POST /api/v1/imports/{id}/review",
        "POST /api/v1/jobs",
        "POST /api/v1/leads",
        "POST /api/v1/leads/import/csv",
        "POST /api/v1/proposals/decisions",
        "POST /api/v1/proposals/{id}/decision",
        "POST /api/v1/proposals/{id}/delegate",
        "POST /api/v1/receipts/{id}/undo",
        "POST /api/v1/tools/{name}",
        "POST /api/v1/uploads",
        "PUT /api/v1/leads/{id}",
      ]
    `);
  });

  it('shows a page that loads nothing from elsewhere', async () => {
    const page = await fetch(`${api.url}/api/v1/docs`);
    expect(page.status).toBe(200);
    const html = await page.text();
    const links = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((m) => m[1]!);
    expect(links.length).toBeGreaterThan(3);
    for (const link of links) {
      expect(link).toMatch(/^\/api\/v1\/docs\/static\//);
      expect((await fetch(api.url + link)).status).toBe(200);
    }
    expect(html).not.toMatch(/<script(?![^>]*src)/);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(page.headers.get('content-security-policy')).not.toContain('upgrade-insecure-requests');
  });

  it('starts at a plain page', async () => {
    const page = await api.ask('GET', '/');
    expect(page.body).toContain('npm run chat');
    expect(page.body).toContain('npm run import');
    expect(page.body).not.toContain('<script');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  });
});
