/*
 * Another process on the same data folder, for embedded.test.ts. Opens the folder named on the command line, tells its parent,
 * then does what it is told: `insert` writes numbered rows until it is killed and reports each one after its commit.
 */
import pg from 'pg';
import { openEmbedded } from '../../src/db/embedded.ts';

export type Report =
  | { kind: 'opened'; url: string; dataDir: string; adopted: boolean }
  | { kind: 'committed'; row: number }
  | { kind: 'released'; outcome: string }
  | { kind: 'failed'; code: unknown; message: string };

const tell = (report: Report) => process.send?.(report);

try {
  const embedded = await openEmbedded({ dataDir: process.argv[2]! });
  process.on('message', async (order) => {
    if (order === 'insert') await insertForEver(embedded.url);
    if (order === 'release') {
      tell({ kind: 'released', outcome: await embedded.release() });
      process.disconnect();
    }
  });
  tell({ kind: 'opened', url: embedded.url, dataDir: embedded.dataDir, adopted: embedded.adopted });
} catch (error) {
  tell({ kind: 'failed', code: (error as { code?: unknown }).code, message: (error as Error).message });
  process.disconnect();
}

async function insertForEver(url: string): Promise<void> {
  const client = new pg.Client(url);
  // The server is killed under it.
  client.on('error', () => {});
  await client.connect();
  await client.query('create table if not exists numbers (n int primary key)');
  try {
    for (let row = 1; ; row += 1) {
      await client.query('insert into numbers values ($1)', [row]);
      tell({ kind: 'committed', row });
    }
  } catch {
    // The end of the server is the end of the work.
  }
}
