import { isDatabaseLost } from '../../errors.ts';

/**
 * One statement for all that is asked for while the one before it runs: many callers at once pay for one commit, and a single one waits for
 * nobody. Should a batch fail, each of it is run by itself, so that one's fault is not everybody's.
 */
export function together<In, Out>(run: (batch: In[]) => Promise<Out[]>, most: number): (one: In) => Promise<Out> {
  const waiting: { one: In; resolve(out: Out): void; reject(error: unknown): void }[] = [];
  let busy = false;
  const runAll = async (batch: typeof waiting): Promise<void> => {
    try {
      const outs = await run(batch.map(({ one }) => one));
      batch.forEach(({ resolve }, i) => {
        resolve(outs[i]!);
      });
    } catch (error) {
      // without a database all of them fail alike, each after a long wait
      if (batch.length === 1 || isDatabaseLost(error)) for (const { reject } of batch) reject(error);
      else for (const single of batch) await runAll([single]);
    }
  };
  const work = async (): Promise<void> => {
    busy = true;
    while (waiting.length > 0) await runAll(waiting.splice(0, most));
    busy = false;
  };
  return (one) =>
    new Promise((resolve, reject) => {
      waiting.push({ one, resolve, reject });
      if (!busy) void work();
    });
}
