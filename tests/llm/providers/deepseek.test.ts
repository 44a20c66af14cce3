import { describe, expect, it } from 'vitest';
import { deepseek } from '../../../src/llm/providers/deepseek.ts';
import {
  answered,
  asking,
  chunk,
  done,
  events,
  forced,
  getLead,
  partsOf,
  said,
  saysYes,
  textOf,
  thoughtOf,
  usageOf,
  user,
} from './asking.ts';

const askDeepSeek = asking({
  declaration: deepseek,
  variables: (url) => ({ DEEPSEEK_API_KEY: 'sk-2', DEEPSEEK_BASE_URL: url }),
  model: 'deepseek-flash',
});

describe('DeepSeek', () => {
  it('names its cache hits in its own way', async () => {
    const usage = { prompt_tokens: 900, completion_tokens: 40, prompt_cache_hit_tokens: 640, prompt_cache_miss_tokens: 260 };
    const { deltas } = await askDeepSeek({ chunks: [...events(chunk({ content: 'Yes.' }), chunk({}, 'stop', { usage })), done] });
    expect(usageOf(deltas)).toMatchObject({ input: 260, cacheRead: 640, cacheWrite5m: 0, output: 40 });
  });

  it('gets back what it thought, and an empty thought for what it did not say itself; none of it is shown', async () => {
    const thinking = ['The user ', 'wants One.'].map((reasoning_content) => chunk({ reasoning_content, content: null }));
    const call = chunk({
      tool_calls: [{ index: 0, id: 'call_00_x', type: 'function', function: { name: 'get_lead', arguments: '{}' } }],
    });
    const first = await askDeepSeek(
      { chunks: [...events(...thinking, call, chunk({}, 'tool_calls')), done] },
      { tools: [getLead] },
    );
    expect(textOf(first.deltas)).toBe('');
    expect(thoughtOf(first.deltas)).toBe('The user wants One.'.length);
    expect(partsOf(first.deltas)).toEqual([{ reasoning_content: 'The user wants One.' }]);
    const messages = [
      user('Before'),
      {
        role: 'assistant' as const,
        text: 'Said by another.',
        opaque: { provider: 'anthropic', parts: [{ reasoning_content: 'no' }] },
      },
      user('Hi'),
      said('deepseek', first.deltas),
      answered('call_00_x'),
    ];
    const { asked } = await askDeepSeek(saysYes, { messages, tools: [getLead] });
    const assistants = asked.body.messages.filter(({ role }: { role: string }) => role === 'assistant');
    expect(assistants.map(({ reasoning_content }: { reasoning_content?: string }) => reasoning_content)).toEqual([
      '',
      'The user wants One.',
    ]);
    expect(asked.body).not.toHaveProperty('thinking');
    // in all later turns too
    const later = await askDeepSeek(saysYes, {
      messages: [...messages, { role: 'assistant', text: 'It is so.' }, user('And now?')],
    });
    expect(later.asked.body.messages.at(3).reasoning_content).toBe('The user wants One.');
  });

  it('does not think when it has to call, because thinking it refuses to be made to', async () => {
    const messages = [
      user('Hi'),
      { role: 'assistant' as const, text: 'Hm.', opaque: { provider: 'deepseek', parts: [{ reasoning_content: 'x' }] } },
      user('Do'),
    ];
    const { asked } = await askDeepSeek(saysYes, { ...forced, messages });
    expect(asked.body).toMatchObject({
      tool_choice: { type: 'function', function: { name: 'get_lead' } },
      thinking: { type: 'disabled' },
      max_tokens: 200,
    });
    expect(JSON.stringify(asked.body.messages)).not.toContain('reasoning_content');
  });

  it('is kept waiting for with comments, and says when it has no room', async () => {
    const { deltas } = await askDeepSeek({ chunks: [': keep-alive\n\n', ': keep-alive\n\n', ...saysYes.chunks] });
    expect(textOf(deltas)).toBe('Yes.');
    const full = await askDeepSeek({
      chunks: [...events(chunk({ content: 'We' }), chunk({}, 'insufficient_system_resource')), done],
    });
    expect(full.error).toMatchObject({ kind: 'server' });
  });
});
