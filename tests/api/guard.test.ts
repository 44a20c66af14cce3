import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureSafeToListen } from '../../src/api/server.ts';
import { type Api, ask, openApi, rawRequest, serve } from './client.ts';

let api: Api;
beforeAll(async () => {
  api = await openApi({ env: { PUBLIC_URL: 'https://sales.example.com' } });
});
afterAll(() => api.close());

const port = () => new URL(api.url).port;
const tool = '/api/v1/tools/whoami';

describe('the guard before every route', () => {
  it.each(['evil.example', '127.0.0.1.evil.example', 'localhost.', 'sales.example.com.evil.example', 'localhost@evil.example'])(
    'refuses the host name %o',
    async (host) => {
      for (const path of ['/', '/health', '/nowhere', '/api/v1/docs/json', '/%zz']) {
        const answer = await rawRequest(api.url, 'GET', path, { host });
        expect([path, answer.status]).toEqual([path, 403]);
        expect(JSON.parse(answer.body).error).toMatchObject({ code: 'forbidden', requestId: expect.any(String) });
      }
    },
  );

  it('answers to loopback names, to HOST and to PUBLIC_URL', async () => {
    for (const host of [`localhost:${port()}`, `127.0.0.1:${port()}`, `[::1]:${port()}`, 'sales.example.com', 'localhost:8443'])
      expect([host, (await rawRequest(api.url, 'GET', '/health', { host })).status]).toEqual([host, 200]);
  });

  it('refuses a request without a host name', async () => {
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port()), '127.0.0.1', () => socket.end('GET /health HTTP/1.1\r\nconnection: close\r\n\r\n'));
      let all = '';
      socket.on('data', (chunk) => {
        all += chunk;
      });
      socket.on('end', () => resolve(all));
      socket.on('error', reject);
    });
    expect(text).toMatch(/^HTTP\/1\.1 403/);
  });

  it('refuses what another web page sends, on loopback too', async () => {
    const foreign = ['https://evil.example', 'null', 'http://localhost:1', 'http://sales.example.com:81', 'not an origin'];
    for (const origin of foreign)
      expect([origin, (await api.ask('POST', tool, { body: {}, headers: { origin } })).status]).toEqual([origin, 403]);
    expect((await api.ask('POST', tool, { body: {}, headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
    expect((await api.ask('DELETE', '/api/v1/leads/x', { headers: { origin: 'https://evil.example' } })).status).toBe(403);
    expect((await api.ask('POST', '/nowhere', { headers: { origin: 'https://evil.example' } })).status).toBe(403);
  });

  it('lets its own pages post', async () => {
    for (const origin of [api.url, `http://localhost:${port()}`, 'https://sales.example.com'])
      expect([
        origin,
        (await api.ask('POST', tool, { body: {}, headers: { origin, 'sec-fetch-site': 'same-origin' } })).status,
      ]).toEqual([origin, 200]);
  });

  it('refuses JSON that calls itself text or a form', async () => {
    for (const type of ['text/plain', 'text/plain;charset=UTF-8', 'application/x-www-form-urlencoded', 'nonsense']) {
      const answer = await api.ask('POST', '/api/v1/leads', {
        body: '{"name":"Planted Inc"}',
        headers: { 'content-type': type },
      });
      expect([type, answer.status]).toEqual([type, 415]);
      expect(answer.body.error.code).toBe('invalid_input');
    }
    expect((await api.ask('GET', '/api/v1/leads?query=Planted')).body.total).toBe(0);
  });
});

describe('errors', () => {
  it('have one shape, our words and the request id', async () => {
    const bad = await api.ask('POST', '/api/v1/leads', {
      body: '{"name":',
      headers: { 'content-type': 'application/json', 'x-request-id': 'mine-1' },
    });
    expect(bad.status).toBe(400);
    expect(bad.body.error).toMatchObject({ code: 'invalid_input', requestId: 'mine-1' });
    expect(bad.headers.get('x-request-id')).toBe('mine-1');
    const missing = await api.ask('GET', '/api/v1/nothing', { headers: { 'x-request-id': 'a b' } });
    expect(missing.status).toBe(404);
    expect(missing.body.error.code).toBe('not_found');
    expect(missing.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    const odd = await api.ask('GET', '/%zz');
    expect([odd.status, odd.body.error?.code]).toEqual([400, 'invalid_input']);
  });

  it('name the field that is wrong', async () => {
    const { id } = (await api.ask('POST', '/api/v1/conversations')).body;
    const answer = await api.ask('POST', `/api/v1/conversations/${id}/messages`, { body: { text: 5, more: true } });
    expect(answer.status).toBe(400);
    expect(answer.body.error.message).toMatch(/text/);
    expect(answer.body.error.details.issues.length).toBeGreaterThan(0);
  });

  it('refuse a huge JSON body', async () => {
    const answer = await api.ask('POST', '/api/v1/leads', { body: { name: 'x'.repeat(1_100_000) } });
    expect([answer.status, answer.body.error.code]).toEqual([413, 'too_large']);
  });

  it('never tell what broke inside', async () => {
    const broken = await serve(api.world, {
      access: { ...api.world.access, local: () => Promise.reject(new Error('password=hunter2 at /srv/x.ts')) },
    });
    const answer = await ask(broken.url, 'GET', '/api/v1/leads');
    await broken.server.close();
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.body)).not.toMatch(/hunter2|x\.ts|stack/);
    expect(answer.body.error).toMatchObject({ code: 'internal', requestId: expect.any(String) });
  });
});

describe('login', () => {
  it('is not needed on this machine in development', async () => {
    expect((await api.ask('POST', tool)).body.result).toMatchObject({ role: 'admin', surface: 'rest' });
  });

  it('is needed as soon as somebody forwards the request', async () => {
    for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip']) {
      const answer = await api.ask('GET', '/api/v1/leads', { headers: { [name]: '203.0.113.9' } });
      expect([name, answer.status]).toEqual([name, 401]);
    }
  });

  it('refuses a wrong key on loopback too, and says how to log in', async () => {
    for (const authorization of ['Bearer sk_wrong', 'Bearer ', 'Basic b3duZXI6eA==']) {
      const answer = await api.ask('GET', '/api/v1/leads', { headers: { authorization } });
      expect([answer.status, answer.body.error.code, answer.headers.get('www-authenticate')]).toEqual([
        401,
        'unauthorized',
        'Bearer',
      ]);
    }
  });

  it('ends with the key', async () => {
    const { key, info } = await api.world.access.createKey({ user: 'leaver', role: 'rep' });
    expect((await api.ask('GET', '/api/v1/leads', { key })).status).toBe(200);
    await api.world.access.revokeKey(info.id);
    expect((await api.ask('GET', '/api/v1/leads', { key })).status).toBe(401);
  });

  it('is needed in production, and where others can reach the server', async () => {
    for (const config of [{ APP_ENV: 'production' }, { HOST: '0.0.0.0' }]) {
      const strict = await serve(api.world, { config: { ...api.world.config, ...config } });
      expect((await ask(strict.url, 'GET', '/api/v1/leads')).status).toBe(401);
      const key = await api.keyOf('ann', 'rep');
      expect((await ask(strict.url, 'GET', '/api/v1/leads', { key })).status).toBe(200);
      await strict.server.close();
    }
  });

  it('carries the role of its user', async () => {
    const viewer = await api.keyOf('val', 'viewer');
    expect((await api.ask('GET', '/api/v1/leads', { key: viewer })).status).toBe(200);
    for (const [method, path, body] of [
      ['POST', '/api/v1/leads', { name: 'Not Allowed LLC' }],
      ['POST', '/api/v1/tools/create_task', { title: 'x' }],
      ['POST', '/api/v1/uploads', 'name\nx'],
      ['GET', '/api/v1/mail', undefined],
    ] as const) {
      const answer = await api.ask(method, path, { key: viewer, body });
      expect([path, answer.status, answer.body.error?.code]).toEqual([path, 403, 'forbidden']);
    }
    const names = (await api.ask('GET', '/api/v1/tools', { key: viewer })).body.tools.map((t: { name: string }) => t.name);
    expect(names).toContain('search_leads');
    expect(names).not.toContain('create_lead');
  });
});

describe('listening', () => {
  it('is refused on an open address until somebody has a key', async () => {
    const fresh = await openApi();
    await expect(ensureSafeToListen('0.0.0.0', { APP_ENV: 'development' }, fresh.world.access)).rejects.toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining('npm run keys'),
    });
    await expect(ensureSafeToListen('127.0.0.1', { APP_ENV: 'development' }, fresh.world.access)).resolves.toBeUndefined();
    await fresh.keyOf('ann', 'admin');
    await expect(ensureSafeToListen('0.0.0.0', { APP_ENV: 'development' }, fresh.world.access)).resolves.toBeUndefined();
    await fresh.close();
  });
});

describe('the rate limit', () => {
  it('stops a flood from outside and leaves this machine alone', async () => {
    const tight = await serve(api.world, { requestsPerMinute: 3 });
    const from = (headers: Record<string, string>) =>
      Promise.all(Array.from({ length: 6 }, () => ask(tight.url, 'GET', '/health', { headers }).then((a) => a.status)));
    expect((await from({})).every((status) => status === 200)).toBe(true);
    expect((await from({ 'x-forwarded-for': '203.0.113.9' })).filter((status) => status === 429)).toHaveLength(3);
    await tight.server.close();
  });
});
