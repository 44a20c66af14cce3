import { describe } from 'vitest';
import { anthropic } from '../../../src/llm/providers/anthropic.ts';
import { cerebras } from '../../../src/llm/providers/cerebras.ts';
import { deepseek } from '../../../src/llm/providers/deepseek.ts';
import { gemini } from '../../../src/llm/providers/gemini.ts';
import { ollama } from '../../../src/llm/providers/ollama.ts';
import { openai } from '../../../src/llm/providers/openai.ts';
import { openrouter } from '../../../src/llm/providers/openrouter.ts';
import { vllm } from '../../../src/llm/providers/vllm.ts';
import { providerContract } from '../../contracts/provider.ts';
import type { Subject } from '../../contracts/provider-bench.ts';
import { anthropicWire, chatWire, geminiWire } from '../../contracts/wires.ts';

const chat = { wire: chatWire, path: /^\/v1\/chat\/completions$/, forces: 'form' as const };

const subjects: Subject[] = [
  {
    ...chat,
    declaration: openai,
    variables: (url) => ({ OPENAI_API_KEY: 'k', OPENAI_BASE_URL: url }),
    model: 'gpt-5.6-luna',
  },
  {
    ...chat,
    declaration: cerebras,
    variables: (url) => ({ CEREBRAS_API_KEY: 'k', CEREBRAS_BASE_URL: url }),
    model: 'gpt-oss-120b',
  },
  {
    ...chat,
    declaration: deepseek,
    variables: (url) => ({ DEEPSEEK_API_KEY: 'k', DEEPSEEK_BASE_URL: url }),
    model: 'deepseek-flash',
  },
  {
    ...chat,
    declaration: openrouter,
    variables: (url) => ({ OPENROUTER_API_KEY: 'k', OPENROUTER_BASE_URL: url }),
    model: 'deepseek/deepseek-v4.1-flash',
    path: /^\/api\/v1\/chat\/completions$/,
  },
  {
    ...chat,
    declaration: ollama,
    variables: (url) => ({ OLLAMA_BASE_URL: url, OLLAMA_MODEL: 'qwen3:8b' }),
    model: 'qwen3:8b',
    forces: 'words',
  },
  {
    ...chat,
    declaration: vllm,
    variables: (url) => ({ VLLM_BASE_URL: url, VLLM_MODEL: 'qwen' }),
    model: 'qwen',
  },
  {
    declaration: anthropic,
    variables: (url) => ({ ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: url }),
    model: 'claude-haiku-5-5',
    wire: anthropicWire,
    path: /^\/v1\/messages$/,
    forces: 'form',
  },
  {
    declaration: gemini,
    variables: (url) => ({ GOOGLE_API_KEY: 'k', GOOGLE_BASE_URL: url }),
    model: 'gemini-3.5-flash-lite',
    wire: geminiWire,
    path: /^\/v1beta\/models\/gemini-3\.5-flash-lite:streamGenerateContent\?alt=sse$/,
    forces: 'form',
  },
];

describe.each(subjects)('$declaration.label', providerContract);
