import { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from, to } from 'pg-copy-streams';

const batchBytes = 64 * 1024;

/** Streams row text into a table with backpressure: memory holds a few pieces. Returns the number of rows. */
export async function copyIn(
  client: PoolClient,
  table: string,
  columns: readonly string[],
  text: AsyncIterable<string | Uint8Array>,
): Promise<number> {
  const copy = client.query(from(`COPY ${table} (${columns.join(', ')}) FROM STDIN`));
  await pipeline(Readable.from(text, { highWaterMark: 2 }), copy);
  return copy.rowCount;
}

/** Lines in pieces worth a message each. */
export async function* inBatches(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let batch = '';
  for await (const line of lines) {
    batch += `${line}\n`;
    if (batch.length > batchBytes) {
      yield batch;
      batch = '';
    }
  }
  if (batch) yield batch;
}

/** What a query answers as lines of row text: whole lines at a time, a line feed after each. */
export async function* copyOut(client: PoolClient, query: string): AsyncGenerator<Uint8Array, void, void> {
  const answers = client.query(to(`COPY (${query}) TO STDOUT`));
  let held: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of answers.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      held.push(chunk);
      size += chunk.length;
      if (size < batchBytes) continue;
      const all = Buffer.concat(held);
      const end = all.lastIndexOf(lineFeed) + 1;
      // a copy: whoever takes the lines may hand their memory to another thread
      held = [Buffer.from(all.subarray(end))];
      size = all.length - end;
      if (end > 0) yield all.subarray(0, end);
    }
    if (size > 0) yield Buffer.concat(held);
  } finally {
    // the connection is in the middle of the answer until all of it was read: without that nothing else gets through, not even ROLLBACK
    if (!answers.readableEnded && !answers.errored) {
      answers.resume();
      await finished(answers).catch(() => undefined);
    }
  }
}

const lineFeed = 10;
