import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from } from 'pg-copy-streams';

export type Cell = string | number | null | undefined;

const special = /[\\\t\n\r\0]/;
const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r', '\0': '' };

/** A value in the text format of COPY. Postgres text holds no NUL, so it is dropped. */
function cell(value: Cell): string {
  if (value === null || value === undefined) return '\\N';
  if (typeof value === 'number') return String(value);
  return special.test(value) ? value.replace(/[\\\t\n\r\0]/g, (sign) => escapes[sign]!) : value;
}

/** Streams rows into a table with backpressure: memory holds one batch. Returns the number of rows. */
export async function copyRows(
  client: PoolClient,
  table: string,
  columns: string[],
  rows: AsyncIterable<Cell[]>,
  signal?: AbortSignal,
): Promise<number> {
  let count = 0;
  async function* lines() {
    let batch = '';
    for await (const row of rows) {
      count++;
      batch += `${row.map(cell).join('\t')}\n`;
      if (batch.length > 65_536) {
        yield batch;
        batch = '';
      }
    }
    if (batch) yield batch;
  }
  await pipeline(
    Readable.from(lines(), { objectMode: false }),
    client.query(from(`COPY ${table} (${columns.join(', ')}) FROM STDIN`)),
    { signal },
  );
  return count;
}
