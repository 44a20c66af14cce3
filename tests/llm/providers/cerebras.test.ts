import { describe, expect, it } from 'vitest';
import { cerebras } from '../../../src/llm/providers/cerebras.ts';
import { modelServer } from '../../contracts/model-server.ts';
import { answered, asking, chunk, done, events, said, saysYes, thoughtOf, user } from './asking.ts';

const askCerebras = asking({
  declaration: cerebras,
  variables: (url) => ({ CEREBRAS_API_KEY: 'sk-4', CEREBRAS_BASE_URL: url }),
  model: 'gpt-oss-120b',
});

describe('Cerebras', () => {
  it('is called when it is asked, and not before', async () => {
    const server = await modelServer(() => saysYes);
    const provider = cerebras.create({ CEREBRAS_API_KEY: 'k', CEREBRAS_BASE_URL: `${server.url}/v1` });
    const signal = new AbortController().signal;
    for await (const _ of provider.stream({ model: 'm', messages: [user('Hi')], tools: [], maxTokens: 9, signal }));
    expect(server.asked.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /v1/chat/completions']);
    expect(server.asked[0]!.body).toMatchObject({ max_completion_tokens: 9 });
    await server.close();
  });

  it('goes on in a tool loop with what it thought, and begins the next turn without', async () => {
    const call = { tool_calls: [{ index: 0, id: 'c1', type: 'function', function: { name: 'get_lead', arguments: '{}' } }] };
    const chunks = [
      ...events(chunk({ reasoning: 'Look ' }), chunk({ reasoning: 'it up.' }), chunk(call), chunk({}, 'tool_calls')),
      done,
    ];
    const { deltas } = await askCerebras({ chunks });
    expect(thoughtOf(deltas)).toBe('Look it up.'.length);
    const messages = [user('Hi'), said('cerebras', deltas), answered('c1')];
    expect((await askCerebras(saysYes, { messages })).asked.body.messages[1].reasoning).toBe('Look it up.');
    const next = await askCerebras(saysYes, { messages: [...messages, { role: 'assistant', text: 'Found.' }, user('Thanks')] });
    expect(JSON.stringify(next.asked.body)).not.toContain('Look it up.');
  });

  it('puts an error with its own status into a stream', async () => {
    const { error } = await askCerebras({
      chunks: events({ error: { message: 'Too many requests', type: 'too_many_requests_error' }, status_code: 429 }),
    });
    expect(error).toMatchObject({ kind: 'rate_limit', status: 429 });
  });
});
