import { describe, expect, it } from 'vitest';
import type { LlmMessage } from '../../src/core/llm.ts';
import { benchOf, callsOf, endOf, type Subject, textOf, tool, usageOf, user } from './provider-bench.ts';

/** What a provider makes of good answers, and of what it is to ask. */
export function answers(subject: Subject): void {
  const { wire } = subject;
  const bench = benchOf(subject);
  const { serve, all, answer, says, failing } = bench;

  describe('an answer', () => {
    it('comes as it is said, letter for letter, and says that it ended', async () => {
      const text = 'Grüße — 你好 🙂, “quoted”\nand {"json": true}\u2028a separator';
      const deltas = await answer(says({ text }));
      expect(textOf(deltas)).toBe(text);
      expect(deltas.filter(({ type }) => type === 'text').length).toBeGreaterThan(2);
      expect(endOf(deltas)).toEqual([{ type: 'finish', reason: 'stop' }]);
      const [asked] = bench.server.asked;
      expect(asked!.path).toMatch(subject.path);
      expect(wire.limitIn(asked!.body)).toBe(200);
      expect(wire.toolsIn(asked!.body)).toEqual([]);
      expect(wire.textsIn(asked!.body)).toEqual([['user', 'Good day']]);
    });

    it('is the same however its bytes are cut', async () => {
      const bytes = Buffer.from(
        wire.events({ text: 'Grüße — 你好 🙂', calls: [{ id: 'a', name: 'get_lead', json: '{"lead":"Ö 🙂"}' }] }).join(''),
      );
      const chunks = Array.from({ length: Math.ceil(bytes.length / 11) }, (_, i) => bytes.subarray(i * 11, (i + 1) * 11));
      const deltas = await answer({ chunks });
      expect(textOf(deltas)).toBe('Grüße — 你好 🙂');
      expect(callsOf(deltas)[0]?.input).toEqual({ lead: 'Ö 🙂' });
    });

    it('with calls made together gives each of them whole, in their order', async () => {
      const deltas = await answer(
        says({
          text: 'I look.',
          calls: [
            { id: 'call_a', name: 'get_lead', json: '{"lead":"Abacus Plumbing"}' },
            { id: 'call_b', name: 'get_lead', json: '{"lead":"Zephyr Air","deep":{"n":[1,2]}}' },
            { id: 'call_c', name: 'whoami', json: '' },
          ],
        }),
        { tools: [tool] },
      );
      expect(callsOf(deltas)).toEqual([
        { id: 'call_a', name: 'get_lead', input: { lead: 'Abacus Plumbing' } },
        { id: 'call_b', name: 'get_lead', input: { lead: 'Zephyr Air', deep: { n: [1, 2] } } },
        { id: 'call_c', name: 'whoami', input: {} },
      ]);
      expect(endOf(deltas)).toEqual([{ type: 'finish', reason: 'tool_calls' }]);
      expect(wire.toolsIn(bench.server.asked[0]!.body)).toEqual(['get_lead']);
    });

    it('whose calls share an id gives each of them one of its own', async () => {
      const call = (lead: string) => ({ id: 'call_a', name: 'get_lead', json: `{"lead":"${lead}"}` });
      const calls = callsOf(await answer(says({ calls: [call('One'), call('Two'), call('Three')] }), { tools: [tool] }));
      expect(calls.map(({ input }) => input)).toEqual([{ lead: 'One' }, { lead: 'Two' }, { lead: 'Three' }]);
      expect(new Set(calls.map(({ id }) => id)).size).toBe(3);
    });

    it('that the token limit ended says so, and its calls are none', async () => {
      const deltas = await answer(says({ text: 'Well', calls: [{ id: 'a', name: 'get_lead', json: '{}' }], finish: 'length' }));
      expect(callsOf(deltas)).toEqual([]);
      expect(endOf(deltas)).toEqual([{ type: 'finish', reason: 'length' }]);
    });

    it('is counted in buckets that do not overlap', async () => {
      const deltas = await answer(says({ text: 'Yes.', usage: { prompt: 1000, cached: 300, answer: 77, thought: 50 } }));
      expect(usageOf(deltas)).toEqual({
        input: 700,
        cacheRead: 300,
        cacheWrite5m: 0,
        cacheWrite1h: 0,
        output: 77,
        reasoning: 50,
        source: 'provider',
      });
    });

    it('is the same with comments between its events, as servers send them to keep a connection', async () => {
      const chunks = wire
        .events({ text: 'Grüße — 你好' })
        .flatMap((event) => [': still here\n\n', event.replaceAll('\n', '\r\n')]);
      const deltas = await answer({ chunks });
      expect(textOf(deltas)).toBe('Grüße — 你好');
      expect(endOf(deltas)).toEqual([{ type: 'finish', reason: 'stop' }]);
    });

    it('that was not counted is not said to have cost nothing', async () => {
      expect(usageOf(await answer(says({ text: 'Yes.', usage: { prompt: 0, answer: 0 } })))).toEqual({});
    });

    it('ends although its server never closes the connection', async () => {
      const deltas = await answer({ ...says({ text: 'Yes.' }), end: 'open' });
      expect(endOf(deltas)).toHaveLength(1);
      await expect.poll(() => bench.server.abandoned()).toBe(1);
    });

    it('that was whole stays so when the connection breaks after it', async () => {
      expect(endOf(await answer({ ...says({ text: 'Yes.' }), end: 'cut' }))).toHaveLength(1);
    });

    it('leaves a connection that the next one uses', async () => {
      const provider = await serve(says({ text: 'Yes.' }));
      for (let i = 0; i < 5; i++) await all(provider);
      // one may still be on its way back when the next is asked for
      expect(new Set(bench.server.asked.map(({ port }) => port)).size).toBeLessThanOrEqual(2);
      expect(bench.server.abandoned()).toBe(0);
    });

    it('is not mixed up with others that come at the same time', async () => {
      const provider = await serve(({ body }) => {
        const [, text] = wire.textsIn(body).at(-1)!;
        return {
          ...says({ text: `You said ${text}.`, calls: [{ id: 'a', name: 'get_lead', json: `{"lead":"${text}"}` }] }),
          pauseMs: 1,
        };
      });
      await Promise.all(
        Array.from({ length: 12 }, async (_, i) => {
          const deltas = await all(provider, { messages: [user(`n${i}`)] });
          expect(textOf(deltas)).toBe(`You said n${i}.`);
          expect(callsOf(deltas)[0]?.input).toEqual({ lead: `n${i}` });
        }),
      );
    });
  });

  describe('a request', () => {
    it(`makes it call the one tool, in ${subject.forces === 'form' ? "the API's own form" : 'words'}`, async () => {
      const said = { calls: [{ id: 'a', name: 'get_lead', json: '{"lead":"One"}' }], finish: 'stop' as const };
      const deltas = await answer(says(said), { tools: [tool], mustCall: 'get_lead' });
      expect(callsOf(deltas)).toHaveLength(1);
      expect(endOf(deltas)).toEqual([{ type: 'finish', reason: 'tool_calls' }]);
      const { body } = bench.server.asked[0]!;
      const words = wire.textsIn(body).some(([role, text]) => role === 'system' && text.includes('calling the tool get_lead'));
      expect({ form: wire.forcedIn(body), words }).toEqual(
        subject.forces === 'form' ? { form: 'get_lead', words: false } : { form: undefined, words: true },
      );
    });

    it('carries what tools answered, and a conversation that was cut or kept another model’s ids, as the API takes it', async () => {
      const look = (id: string): LlmMessage[] => [
        {
          role: 'assistant',
          text: '',
          toolCalls: [
            { id, name: 'get_lead', input: { lead: 'One' } },
            { id: `${id}/b`, name: 'get_lead', input: { lead: 'Two' } },
          ],
        },
        { role: 'tool', text: '{"n":1}', toolCallId: id, toolName: 'get_lead' },
        { role: 'tool', text: '[2]', toolCallId: `${id}/b`, toolName: 'get_lead' },
        { role: 'assistant', text: 'Found.' },
      ];
      await answer(says({ text: 'Yes.' }), {
        messages: [
          { role: 'system', text: 'Be kind.' },
          ...look('x'),
          user('a'),
          ...look('functions.get:0'),
          user('b'),
          ...look('functions.get:0'),
          user('c'),
        ],
        tools: [tool],
      });
      const { body } = bench.server.asked[0]!;
      expect(wire.textsIn(body).filter(([, text]) => text)).toEqual(
        expect.arrayContaining([
          ['system', 'Be kind.'],
          ['user', 'a'],
          ['assistant', 'Found.'],
          ['user', 'c'],
        ]),
      );
      const json = JSON.stringify(body);
      expect(json).not.toContain('"x/b"');
      const ids = [...json.matchAll(/"(?:id|tool_use_id|tool_call_id)":"([^"]*)"/g)].map(([, id]) => id!);
      for (const id of ids) expect(id).toMatch(/^[\w-]{1,40}$/);
      // each call and its answer share one id, and nobody else has it
      for (const id of new Set(ids)) expect(ids.filter((other) => other === id)).toHaveLength(2);
    });

    it('shows nobody the parts that another provider made', async () => {
      await answer(says({ text: 'Yes.' }), {
        messages: [
          user('a'),
          {
            role: 'assistant',
            text: 'b',
            opaque: { provider: 'somebody-else', parts: [{ secret: 'xyzzy', reasoning_content: 'xyzzy' }] },
          },
          user('c'),
        ],
      });
      expect(JSON.stringify(bench.server.asked[0]!.body)).not.toContain('xyzzy');
    });

    it('goes out once, whatever becomes of it, and tells nobody that we would try again', async () => {
      for (const status of [429, 500, 503, 529]) {
        await failing({ status, headers: { 'content-type': 'application/json', 'retry-after': '0' }, chunks: ['{}'] });
        expect(bench.server.asked).toHaveLength(1);
        expect(bench.server.asked[0]!.headers['x-stainless-retry-count'] ?? '0').toBe('0');
        await bench.server.close();
      }
      await failing({ end: 'refused' });
      expect(bench.server.asked).toHaveLength(1);
    });
  });
}
