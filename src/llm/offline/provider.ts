import type { Llm } from '../../core/llm.ts';
export const createOffline = (): Llm => ({ async *stream() { yield { type: 'text', text: 'hi' }; yield { type: 'finish', reason: 'stop', usage: { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 }, provider: 'offline', model: 'rules', degraded: true, costUsd: '0.000000000000' }; } });
