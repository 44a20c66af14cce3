import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
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
  for await (const chunk of answers as AsyncIterable<Buffer>) {
    held.push(chunk);
    size += chunk.length;
    if (size < batchBytes) continue;
    const all = Buffer.concat(held);
    const end = all.lastIndexOf(10) + 1;
    held = [all.subarray(end)];
    size = all.length - end;
    if (end > 0) yield all.subarray(0, end);
  }
  if (size > 0) yield Buffer.concat(held);
}
