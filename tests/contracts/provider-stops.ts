import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ProviderDelta } from '../../src/llm/provider.ts';
import type { Reply } from './model-server.ts';
import { benchOf, type Subject } from './provider-bench.ts';

/** How a provider lets go, and what it tells of its models. */
export function stops(subject: Subject): void {
  const { wire } = subject;
  const bench = benchOf(subject);
  const { serve, request, all, says } = bench;

  describe('a stop', () => {
    const reason = new Error('stopped by the user');

    /** Stops once `when` holds; what was thrown, and whether the server was let go of. */
    async function stopped(reply: Reply, when: (deltas: ProviderDelta[]) => boolean): Promise<unknown> {
      const stop = new AbortController();
      const provider = await serve(reply);
      const deltas: ProviderDelta[] = [];
      const running = (async () => {
        for await (const delta of provider.stream(request({ signal: stop.signal }))) {
          deltas.push(delta);
          if (when(deltas)) stop.abort(reason);
        }
      })().then(
        () => 'it went on to its end',
        (error: unknown) => error,
      );
      await expect.poll(() => bench.server.asked.length).toBe(1);
      if (when([])) setTimeout(() => stop.abort(reason), 30);
      const thrown = await running;
      await expect.poll(() => bench.server.abandoned()).toBe(1);
      return thrown;
    }

    it('before it begins sends nothing', async () => {
      const provider = await serve(says({ text: 'Yes.' }));
      await expect(all(provider, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
      expect(bench.server.asked).toHaveLength(0);
    });

    it('while the SDK is still being loaded sends nothing, or lets go at once', async () => {
      const provider = await serve({ end: 'never' });
      const stop = new AbortController();
      const running = all(provider, { signal: stop.signal });
      queueMicrotask(() => stop.abort(reason));
      await expect(running).rejects.toBe(reason);
      // time for what went out all the same to arrive
      await sleep(100);
      expect(bench.server.abandoned()).toBe(bench.server.asked.length);
    });

    it('before a status, before the first event, and in the middle is heard at once, and the connection closed', async () => {
      const events = wire.events({ text: 'A long answer that goes on' });
      expect(await stopped({ end: 'never' }, (deltas) => deltas.length === 0)).toBe(reason);
      await bench.server.close();
      expect(await stopped({ chunks: [], end: 'open' }, (deltas) => deltas.length === 0)).toBe(reason);
      await bench.server.close();
      const middle = (deltas: ProviderDelta[]) => deltas.filter(({ type }) => type === 'text').length === 2;
      expect(await stopped({ chunks: events.slice(0, 5), end: 'open' }, middle)).toBe(reason);
      await bench.server.close();
      const end = (deltas: ProviderDelta[]) => deltas.some(({ type }) => type === 'finish');
      expect(await stopped({ chunks: events, end: 'open' }, end)).toBe(reason);
    });

    it('leaves no listener behind on a signal that lives long', async () => {
      const stop = new AbortController();
      let listeners = 0;
      const { addEventListener, removeEventListener } = stop.signal;
      stop.signal.addEventListener = function (this: AbortSignal, ...args: Parameters<typeof addEventListener>) {
        listeners++;
        return addEventListener.apply(this, args);
      } as typeof addEventListener;
      stop.signal.removeEventListener = function (this: AbortSignal, ...args: Parameters<typeof removeEventListener>) {
        listeners--;
        return removeEventListener.apply(this, args);
      } as typeof removeEventListener;
      const provider = await serve(says({ text: 'Yes.' }));
      for (let i = 0; i < 3; i++) await all(provider, { signal: stop.signal });
      expect(listeners).toBe(0);
    });

    it('is also when nobody listens any more', async () => {
      const provider = await serve({ chunks: wire.events({ text: 'A long answer that goes on' }).slice(0, 5), end: 'open' });
      for await (const delta of provider.stream(request())) if (delta.type === 'text') break;
      await expect.poll(() => bench.server.abandoned()).toBe(1);
    });
  });

  describe('its models', () => {
    const json = { 'content-type': 'application/json' };

    it('are told as it lists them', async () => {
      const provider = await serve({ headers: json, chunks: [wire.models(['small', 'org/large'])] });
      expect(await provider.models(new AbortController().signal)).toEqual(['small', 'org/large']);
      expect(bench.server.asked[0]).toMatchObject({ method: 'GET', path: expect.stringMatching(/\/models/) });
    });

    it('are a failure of the same kinds when they cannot be had', async () => {
      const kind = async (reply: Reply) => {
        const provider = await serve(reply);
        const error = await provider.models(new AbortController().signal).catch((thrown: unknown) => thrown);
        await bench.server.close();
        return (error as { kind?: string }).kind;
      };
      expect(await kind({ status: 401, headers: json, chunks: [wire.errorBody('authentication_error', 'no')] })).toBe('auth');
      expect(await kind({ status: 503, headers: json, chunks: ['{}'] })).toBe('server');
      expect(await kind({ headers: { 'content-type': 'text/html' }, chunks: ['<html>'] })).toBe('malformed');
      expect(await kind({ headers: json, chunks: ['{"hello":1}'] })).toBe('malformed');
      expect(await kind({ end: 'refused' })).toBe('transport');
      const provider = await serve({ end: 'never' });
      const stop = new AbortController();
      const listing = provider.models(stop.signal);
      await expect.poll(() => bench.server.asked.length).toBe(1);
      stop.abort(new Error('enough'));
      await expect(listing).rejects.toThrow('enough');
    });
  });
}
