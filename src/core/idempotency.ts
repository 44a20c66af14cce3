import type { Scope } from './records.ts';

/** Answers kept for a day by the caller's own key, so that a retried request has its effect once. */
export interface Idempotency {
  /**
   * `new`: go ahead, and say how it ended. `replay`: this is the answer the first request got. `mismatch`: the key was
   * used for something else. `in_flight`: the first request still runs.
   */
  claim(
    scope: Scope,
    request: { key: string; route: string; bodyHash: string },
  ): Promise<{ state: 'new' | 'mismatch' | 'in_flight' } | { state: 'replay'; status: number; response: unknown }>;
  finish(scope: Scope, key: string, answer: { status: number; response: unknown }): Promise<void>;
  /** Forgets a claim whose request failed without effect. */
  release(scope: Scope, key: string): Promise<void>;
}
