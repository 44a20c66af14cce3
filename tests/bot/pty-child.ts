// The chat as a process of its own, for a test that looks at it through a real terminal.
import { buildApp } from '../../src/app.ts';
import { chatCommand } from '../../src/bot/console/chat.ts';
import { loadConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { says, scripted, talksOn } from './scripted.ts';

const app = await buildApp(loadConfig(), { log: createLog('silent'), demo: false });
const actor = { ...(await app.access.local()), surface: 'terminal' as const };
const converser = scripted(app, (last, signal) => (last.text === 'talk on' ? talksOn(signal) : says(`You said: ${last.text}`)));
const records = app.deps.db.records({ tenantId: actor.tenantId, userId: actor.userId, surface: 'terminal' });
process.exitCode = await chatCommand(process.argv.slice(2), { ...app, converser, actor, records });
await converser.idle();
await app.close();
