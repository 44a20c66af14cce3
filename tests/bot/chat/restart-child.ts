import { buildApp } from '../../../src/app.ts';
import { loadConfig } from '../../../src/config.ts';
import { createLog } from '../../../src/log.ts';
import { scripted } from '../../agents/scripted-llm.ts';
import { TestSurface, wordsOf } from '../surface.ts';

// Works the queue of chat: the test kills this process in the middle of an answer.
const surface = new TestSurface();
let calls = 0;
const app = await buildApp(loadConfig(), {
  log: createLog('silent'),
  demo: false,
  surfaces: [surface],
  llm: scripted(() =>
    calls++ === 0
      ? [{ call: 'create_lead', input: { name: 'Halfway Heating' } }]
      : [{ text: 'I made it, and ' }, { wait: 600_000 }, { text: 'more' }],
  ),
});
surface.people.set('U-ann', { name: 'ann', email: 'ann@example.test', outsider: false });
const say = (line: string) => process.stdout.write(`${line}\n`);
surface.onAct.push((act, what) => {
  if (act === 'send' || act === 'finish') say(`said ${wordsOf((what as { said: Parameters<typeof wordsOf>[0] }).said)}`);
});
setInterval(() => {
  if (calls === 2) say('streaming');
}, 50);
say(`ready ${app.database.tenantId}`);
