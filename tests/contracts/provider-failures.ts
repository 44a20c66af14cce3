import { describe, expect, it } from 'vitest';
import { modelServer, type Reply } from './model-server.ts';
import { benchOf, type Subject } from './provider-bench.ts';

/** How a provider fails: in our words, by the kind that the router goes by. */
export function failures(subject: Subject): void {
  const { wire } = subject;
  const bench = benchOf(subject);
  const { serve, all, says, failing } = bench;

  describe('a failure', () => {
    const refused = (status: number, type: string, message: string, headers: Record<string, string> = {}): Reply => ({
      status,
      headers: { 'content-type': 'application/json', ...headers },
      chunks: [wire.errorBody(type, message)],
    });

    it.each([
      [401, 'authentication_error', 'Invalid key', 'auth'],
      [402, 'billing_error', 'Insufficient balance', 'auth'],
      [403, 'permission_error', 'Not yours', 'auth'],
      [404, 'not_found_error', 'The model `x` does not exist', 'no_model'],
      [400, 'invalid_request_error', 'Model Not Exist', 'no_model'],
      [400, 'invalid_request_error', 'secret words', 'bad_request'],
      [422, 'invalid_request_error', 'secret words', 'bad_request'],
      [400, 'invalid_request_error', "This model's maximum context length is 8192 tokens", 'too_large'],
      [400, 'invalid_request_error', 'prompt is too long: 300000 tokens > 200000 maximum', 'too_large'],
      [400, 'INVALID_ARGUMENT', 'The input token count (9) exceeds the maximum number of tokens allowed (8).', 'too_large'],
      [413, 'request_too_large', 'big', 'too_large'],
      [429, 'rate_limit_error', 'slow', 'rate_limit'],
      [429, 'insufficient_quota', 'You exceeded your current quota: insufficient_quota', 'auth'],
      [408, 'timeout', 'late', 'timeout'],
      [500, 'api_error', 'oops', 'server'],
      [502, 'bad_gateway', 'oops', 'server'],
      [503, 'overloaded', 'oops', 'server'],
      [529, 'overloaded_error', 'Overloaded', 'server'],
    ])('with status %i (%s: %s) is of the kind %s', async (status, type, message, kind) => {
      const error = await failing(refused(status, type, message));
      expect(error).toMatchObject({ name: 'ProviderFailure', kind, status });
      // the vendor's words are for the log
      expect(error.message).not.toContain(message);
      expect(error.cause).toBeDefined();
    });

    it('with a page instead of an error object is of the kind of its status', async () => {
      const page = { headers: { 'content-type': 'text/html' }, chunks: ['<html><body>Bad gateway</body></html>'] };
      expect(await failing({ ...page, status: 502 })).toMatchObject({ kind: 'server', status: 502 });
      await bench.server.close();
      expect(await failing({ ...page, status: 403 })).toMatchObject({ kind: 'auth', status: 403 });
    });

    it('says how long the server asks to wait: in seconds, milliseconds or by a date', async () => {
      const wait = async (headers: Record<string, string>, status = 429) => {
        const error = await failing(refused(status, 'rate_limit_error', 'slow', headers));
        await bench.server.close();
        return error.retryAfterMs;
      };
      expect(await wait({ 'retry-after': '7' })).toBe(7000);
      expect(await wait({ 'retry-after': '0.5' })).toBe(500);
      expect(await wait({ 'retry-after': '9', 'retry-after-ms': '1234' })).toBe(1234);
      expect(await wait({ 'retry-after': '3' }, 529)).toBe(3000);
      const byDate = await wait({ 'retry-after': new Date(Date.now() + 60_000).toUTCString() });
      expect(byDate).toBeGreaterThan(55_000);
      expect(byDate).toBeLessThanOrEqual(60_000);
      expect(await wait({ 'retry-after': new Date(Date.now() - 60_000).toUTCString() })).toBe(0);
      expect(await wait({ 'retry-after': 'soon' })).toBeUndefined();
      expect(await wait({})).toBeUndefined();
      await serve({});
    });

    it.each(['overloaded', 'rate_limit', 'bad_request'] as const)(
      'in the middle of a stream (%s) is not taken for an end',
      async (kind) => {
        const begun = wire.events({ text: 'I will look', unfinished: true });
        expect(await failing({ chunks: [...begun, wire.errorEvent(kind)] })).toMatchObject({
          name: 'ProviderFailure',
          kind: { overloaded: 'server', rate_limit: 'rate_limit', bad_request: 'bad_request' }[kind],
        });
      },
    );

    it('is an answer that a filter, or the model itself, refused', async () => {
      const error = await failing(says({ text: 'Well', finish: 'filtered' }));
      expect(error).toMatchObject({ kind: 'bad_request', message: expect.stringContaining('declined') });
      expect(error.status).toBeUndefined();
    });

    it('is a stream that is cut: before a byte, in its beginning, in the middle of an event, between events', async () => {
      const events = wire.events({ text: 'A long answer that is cut' });
      const some = events.slice(0, 3);
      const half = events[3]!.slice(0, Math.floor(events[3]!.length / 2));
      for (const reply of [
        { end: 'refused' as const },
        { chunks: [], end: 'cut' as const },
        { chunks: [...some, half], end: 'cut' as const },
        { chunks: some, end: 'cut' as const },
      ]) {
        expect(await failing(reply)).toMatchObject({ name: 'ProviderFailure', kind: 'transport' });
        await bench.server.close();
      }
      await serve({});
    });

    it('is a stream that ends as if it were whole, without saying so', async () => {
      for (const chunks of [[], wire.events({ text: 'Half an answ', unfinished: true })]) {
        expect(await failing({ chunks })).toMatchObject({ kind: 'truncated' });
        await bench.server.close();
      }
      const [first, second] = wire.events({ text: 'Half an answ' });
      const half = await failing({ chunks: [first!, second!.slice(0, 30)] });
      expect(half.kind).toBe('truncated');
    });

    it('is nonsense: a page, broken JSON, JSON of no known form, words, another stream’s events', async () => {
      const whole = wire.events({ text: 'Yes.' });
      for (const chunks of [
        ['<!doctype html><html><body>Please log in</body></html>'],
        ['this is no stream {{{\n\nreally not\n\n'],
        ['data: {"broken": \n\n', ...whole],
        ['data: this is not json\n\n', ...whole],
        [JSON.stringify({ hello: 'world' })],
      ]) {
        expect(await failing({ chunks }), chunks[0]).toMatchObject({ kind: 'malformed' });
        await bench.server.close();
      }
      await serve({});
    });

    it('is an error object that comes with status 200 and no stream at all', async () => {
      const error = await failing({
        headers: { 'content-type': 'application/json' },
        chunks: [JSON.stringify({ error: { message: 'Slow down', code: 429, type: 'rate_limit_error' } }, null, 2)],
      });
      expect(error.kind).toBe('rate_limit');
    });

    it('is an answer without an end, or a refusal without one, long before it fills the memory', async () => {
      const text = 'x'.repeat(1024 * 1024);
      const piece = wire.events({ text: 'Again.', unfinished: true }).at(-1)!;
      const comments = Array.from({ length: 40 }, () => `: ${text}\n\n`);
      const half = Array.from({ length: 40 }, () => `data: ${text}\n`);
      for (const chunks of [comments, half, [piece, ...comments]]) {
        expect(await failing({ chunks, end: 'open' })).toMatchObject({ kind: 'malformed' });
        await bench.server.close();
      }
      const refusal = Array.from({ length: 3 }, () => text);
      expect(
        await failing({ status: 500, headers: { 'content-type': 'text/html' }, chunks: refusal, end: 'open' }),
      ).toMatchObject({
        ...{ kind: 'server', status: 500 },
      });
    });

    it('is a redirect: neither words nor key go to where it leads', async () => {
      const elsewhere = await modelServer(() => says({ text: 'Yes.' }));
      try {
        for (const status of [301, 302, 307, 308]) {
          const error = await failing({ status, headers: { location: `${elsewhere.url}/v1/more` } });
          expect(error).toMatchObject({ kind: 'malformed', status, message: expect.stringContaining('another address') });
          await bench.server.close();
        }
        expect(elsewhere.asked).toEqual([]);
      } finally {
        await elsewhere.close();
      }
      await serve({});
    });

    it('is a server that is not there', async () => {
      const provider = await serve({});
      await bench.server.close();
      await expect(all(provider)).rejects.toMatchObject({ name: 'ProviderFailure', kind: 'transport' });
      await serve({});
    });
  });
}
