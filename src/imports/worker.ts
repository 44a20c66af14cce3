import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../errors.ts';
import { blockWork, knownWork, type Recipe, type Room } from './process.ts';
import type { Block } from './table.ts';

/** The other side of pool.ts: one block in, its lines and keys out. */
const rows = blockWork(workerData as Recipe);

parentPort!.on('message', ({ id, block, known, room }: { id: number; block?: Block; known?: Uint8Array; room?: Room }) => {
  try {
    const { text, lengths, keys } = block ? rows(block, room) : knownWork(known!, room);
    parentPort!.postMessage({ id, done: { text, lengths, keys } }, [
      text.buffer as ArrayBuffer,
      lengths.buffer as ArrayBuffer,
      keys.buffer as ArrayBuffer,
    ]);
  } catch (error) {
    parentPort!.postMessage({ id, failed: messageOf(error) });
  }
});
