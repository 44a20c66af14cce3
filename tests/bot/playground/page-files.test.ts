import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rawRequest } from '../../api/client.ts';
import { openPlayground, type Playground } from './driver.ts';

let playground: Playground;
beforeAll(async () => {
  playground = await openPlayground({ worker: false });
});
afterAll(() => playground.close());

const get = (path: string, headers: Record<string, string> = {}) => fetch(playground.url + path, { headers });

it('is at the root, with its bundle and nothing of anybody else', async () => {
  const page = await get('/');
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  const policy = page.headers.get('content-security-policy')!;
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  const html = await page.text();
  expect(html, 'the bundle is not built: npm run generate').toContain('/playground/app.js?v=');
  expect(html).not.toMatch(/<script(?![^>]*src=)|<style|\son\w+=|https?:\/\/(?!www\.w3\.org)/i);
  for (const [address] of html.matchAll(/\/playground\/[\w.]+\?v=[\w-]+/g)) {
    const file = await get(address);
    expect([address, file.status, file.headers.get('cache-control')]).toEqual([
      address,
      200,
      expect.stringContaining('immutable'),
    ]);
    expect(file.headers.get('content-type')).toMatch(/^text\/(css|javascript); charset=utf-8$/);
    expect(file.headers.get('x-content-type-options')).toBe('nosniff');
  }
});

it('is zipped for whoever takes that, and not sent again to whoever has it', async () => {
  const plain = await get('/playground/app.js', { 'accept-encoding': 'identity' });
  expect([plain.status, plain.headers.get('content-encoding'), plain.headers.get('vary')]).toEqual([
    200,
    null,
    'accept-encoding',
  ]);
  const bytes = Buffer.from(await plain.arrayBuffer());
  const zipped = await playground.server.inject({
    url: '/playground/app.js',
    headers: { host: '127.0.0.1', 'accept-encoding': 'br, gzip' },
  });
  expect(zipped.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(zipped.rawPayload).equals(bytes)).toBe(true);
  const refuses = await playground.server.inject({
    url: '/playground/app.js',
    headers: { host: '127.0.0.1', 'accept-encoding': 'gzip;q=0' },
  });
  expect(refuses.headers['content-encoding']).toBeUndefined();
  const tag = plain.headers.get('etag')!;
  for (const known of [tag, `W/${tag}`, `"other", ${tag}`])
    expect((await get('/playground/app.js', { 'if-none-match': known })).status).toBe(304);
  expect((await get('/playground/app.js', { 'if-none-match': '"other"' })).status).toBe(200);
  expect((await get('/playground/app.js?v=other')).headers.get('cache-control')).toBe('no-cache');
});

it('serves no other file', async () => {
  for (const path of [
    '/playground/nothing.js',
    '/playground/..%2findex.ts',
    '/playground/%2e%2e/index.ts',
    '/playground/app.js/x',
  ])
    expect([path, (await rawRequest(playground.url, 'GET', path, { host: '127.0.0.1' })).status]).toEqual([path, 404]);
});
