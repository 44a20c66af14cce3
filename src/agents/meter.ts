import type { Llm } from '../core/llm.ts';
import { addUsd } from '../core/money.ts';
import { AppError } from '../errors.ts';

/** What a request cost that failed: those who were asked in vain are paid too. Null when that is not known. */
export function costOfFailure(error: unknown): string | null {
  const costUsd = error instanceof AppError ? error.details?.['costUsd'] : undefined;
  return costUsd === null || typeof costUsd === 'string' ? costUsd : '0';
}

/** What one run of an agent takes: the time it waits for others, and what its models cost, whatever becomes of their answers. */
export class Meter {
  waitedMs = 0;
  /** Null once something was asked whose price is not known. */
  costUsd: string | null = '0.000000000000';

  async waiting<T>(promise: Promise<T>): Promise<T> {
    const started = performance.now();
    return promise.finally(() => {
      this.waitedMs += performance.now() - started;
    });
  }

  /** The same model, its answers counted as they end. */
  on(llm: Llm): Llm {
    const count = (costUsd: string | null) => {
      this.costUsd = costUsd === null || this.costUsd === null ? null : addUsd(this.costUsd, costUsd);
    };
    return {
      async *stream(request) {
        try {
          for await (const delta of llm.stream(request)) {
            if (delta.type === 'finish') count(delta.costUsd);
            yield delta;
          }
        } catch (error) {
          count(costOfFailure(error));
          throw error;
        }
      },
    };
  }
}
