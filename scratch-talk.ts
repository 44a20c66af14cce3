import { buildApp } from './src/app.ts';
import { loadConfig } from './src/config.ts';
import { createLog } from './src/log.ts';
import { createReadStream } from 'node:fs';
const app = await buildApp(loadConfig({ ...process.env, DATA_DIR: '/tmp/talk-data' }), { log: createLog('warn') });
const actor = { ...(await app.access.local()), surface: 'terminal' as const };
const recs = app.deps.db.records({ ...actor });
if ((await recs.workspace()).demo === 'shown' && process.argv[2] === 'import') {
  const saved = await app.deps.files.save(createReadStream('/work/shared/data/dealers-200.csv') as never, 1e9);
  const up = await recs.uploads.create({ ...saved, fileName: 'dealers-200.csv' });
  const o = await app.gate.call('import_leads', { uploadId: up.id }, { actor, by: 'person' });
  console.log(JSON.stringify(o).slice(0, 900));
}
const conv = await app.converser.open(actor);
for (const text of process.argv.slice(3)) {
  console.log(`\n> ${text}`);
  const { events } = await app.converser.say({ actor, conversationId: conv.id, text });
  for await (const e of events) {
    if (e.type === 'done') console.log(e.reply.text, e.reply.receipts.map((r) => `\n  RECEIPT ${r.title}`).join(''), e.reply.proposals.map((r) => `\n  PROPOSAL ${r.title}`).join(''));
    if (e.type === 'error') console.log('ERROR', e);
  }
}
await app.close();
