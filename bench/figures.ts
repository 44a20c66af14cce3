/** What a series of timings says, in milliseconds. */
export interface Figures {
  n: number;
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

export function figures(samplesMs: number[]): Figures {
  const sorted = [...samplesMs].sort((a, b) => a - b);
  const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;
  return { n: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: sorted.at(-1)! };
}

export async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const started = performance.now();
  const result = await work();
  return { ms: performance.now() - started, result };
}

export async function series(times: number, work: (i: number) => Promise<unknown>): Promise<Figures> {
  const samples: number[] = [];
  for (let i = 0; i < times; i++) samples.push((await timed(() => work(i))).ms);
  return figures(samples);
}

/** Several ways to the same end, one after the other in each round, so that what else runs on the machine is in all of them. */
export async function inTurn<T>(
  ways: Record<string, (asked: T) => Promise<unknown>>,
  ask: () => T,
  rounds = 3000,
): Promise<{ name: string; figures: Figures }[]> {
  const all = Object.entries(ways).map(([name, work]) => ({ name, work, samples: [] as number[] }));
  const warm = Math.ceil(rounds / 6);
  for (let round = 0; round < rounds + warm; round++)
    for (let at = 0; at < all.length; at++) {
      // nobody always comes after the same one
      const { work, samples } = all[(at + round) % all.length]!;
      const asked = ask();
      const started = performance.now();
      await work(asked);
      if (round >= warm) samples.push(performance.now() - started);
    }
  return all.map(({ name, samples }) => ({ name, figures: figures(samples) }));
}

const ms = (value: number): string => `${value < 10 ? value.toFixed(2) : value.toFixed(1)} ms`;

export const print = (line: string): void => void process.stdout.write(`${line}\n`);

export function row(what: string, f: Figures, note = ''): void {
  print(
    `  ${what.padEnd(44)} p50 ${ms(f.p50).padStart(10)}  p95 ${ms(f.p95).padStart(10)}  p99 ${ms(f.p99).padStart(10)}  n=${f.n}${note ? `  ${note}` : ''}`,
  );
}

export const ratio = (a: Figures, b: Figures): string => `${(a.p50 / b.p50).toFixed(1)}x`;
