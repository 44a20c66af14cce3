import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { AppError } from '../errors.ts';
import { blockWork, knownWork, type Processed, type Recipe, type Room } from './process.ts';
import type { Block } from './table.ts';

/** Works on blocks, answers in the order they came. An answer holds until the next one is asked for: its memory is used again. */
export interface Workshop {
  rows(blocks: AsyncIterable<Block>): AsyncGenerator<Processed, void, void>;
  known(texts: AsyncIterable<Uint8Array>): AsyncGenerator<Processed, void, void>;
  close(): Promise<void>;
}

/** Short lists are worked on right here: a thread takes longer to start than they take to read. */
export function smallWorkshop(recipe: Recipe): Workshop {
  const work = blockWork(recipe);
  return {
    async *rows(blocks) {
      for await (const block of blocks) yield work(block);
    },
    async *known(texts) {
      for await (const text of texts) yield knownWork(text);
    },
    close: async () => undefined,
  };
}

type Task = { block: Block } | { known: Uint8Array };
interface Waiting {
  resolve(done: Processed): void;
  reject(error: Error): void;
}

/** Long lists are worked on beside the event loop, so that whoever else uses this process does not wait. */
export async function threadedWorkshop(
  recipe: Recipe,
  threads = Math.min(mostThreads, availableParallelism()),
): Promise<Workshop> {
  program ??= bundled();
  const entry = await program.catch((error) => {
    // the next import tries anew
    program = undefined;
    throw error;
  });
  const waiting = new Map<number, Waiting>();
  let broken: Error | undefined;
  const fail = (error: Error) => {
    broken ??= error;
    for (const { reject } of waiting.values()) reject(broken);
    waiting.clear();
  };
  const workers = Array.from({ length: threads }, () => {
    const worker = new Worker(entry, { workerData: recipe, execArgv: [], resourceLimits });
    worker.on('message', ({ id, done, failed }: { id: number; done?: Processed; failed?: string }) => {
      const task = waiting.get(id);
      waiting.delete(id);
      if (done) task?.resolve(done);
      else task?.reject(new AppError('internal', 'A part of the list could not be worked on.', { cause: failed }));
    });
    worker.on('error', (cause) => fail(new AppError('internal', 'A worker of the import failed.', { cause })));
    worker.on('exit', () => fail(new AppError('internal', 'A worker of the import ended early.')));
    return worker;
  });

  let next = 0;
  const rooms: Room[] = [];
  const give = (task: Task): Promise<Processed> => {
    if (broken) return Promise.reject(broken);
    const id = next++;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      const bytes = 'block' in task ? task.block.text : task.known;
      // handed over, not copied, when it owns its memory
      const own = bytes.byteLength === bytes.buffer.byteLength ? [bytes.buffer as ArrayBuffer] : [];
      const room = rooms.pop();
      workers[id % threads]!.postMessage({ id, ...task, room }, room ? [...own, room.text, room.keys] : own);
    });
  };
  /** Two blocks a thread are under way: one at work, one in line. */
  async function* inOrder<T>(source: AsyncIterable<T>, task: (item: T) => Task): AsyncGenerator<Processed, void, void> {
    const under: Promise<Processed>[] = [];
    const answer = async function* () {
      const done = await under.shift()!;
      yield done;
      const room = { text: done.text.buffer as ArrayBuffer, keys: done.keys.buffer as ArrayBuffer };
      if (room.text.byteLength + room.keys.byteLength <= largestRoom) rooms.push(room);
    };
    for await (const item of source) {
      const result = give(task(item));
      // looked at when its turn comes; until then a failure is not unhandled
      result.catch(() => undefined);
      under.push(result);
      if (under.length >= 2 * threads) yield* answer();
    }
    while (under.length > 0) yield* answer();
  }

  return {
    rows: (blocks) => inOrder(blocks, (block) => ({ block })),
    known: (texts) => inOrder(texts, (known) => ({ known })),
    async close() {
      broken ??= new Error('closed');
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

/** What a block of very long rows needed is not kept for the others. */
const largestRoom = 4 * 1024 * 1024;

/** Rows come and go at once: a small nursery keeps a thread small. */
const resourceLimits = { maxYoungGenerationSizeMb: 48, maxOldGenerationSizeMb: 256 };
/** Each costs some sixty megabytes, and two of them read faster than the database writes. */
const mostThreads = 2;

/**
 * The thread's program as one piece of JavaScript: a thread that had to load TypeScript would bring a loader and a second
 * thread for it, three times the memory of the work itself.
 */
async function bundled(): Promise<URL> {
  const { build, stop } = await import('esbuild');
  try {
    const { outputFiles } = await build({
      entryPoints: [fileURLToPath(new URL('./worker.ts', import.meta.url))],
      bundle: true,
      platform: 'node',
      format: 'esm',
      write: false,
      logLevel: 'silent',
    });
    return new URL(`data:text/javascript;base64,${Buffer.from(outputFiles[0]!.contents).toString('base64')}`);
  } finally {
    await stop();
  }
}
let program: Promise<URL> | undefined;
