import { buildApp } from '../../../src/app.ts';
import { loadConfig } from '../../../src/config.ts';
import { createLog } from '../../../src/log.ts';
import { scripted } from '../../agents/scripted-llm.ts';

// Works the queue, with Teams on: the test kills this process in the middle of an answer.
let calls = 0;
await buildApp(loadConfig(), {
  log: createLog('silent'),
  demo: false,
  llm: scripted(() =>
    calls++ === 0
      ? [{ call: 'create_lead', input: { name: 'Halfway Heating' } }]
      : [{ text: 'I made it, and then I went on.\n' }, { wait: 600_000 }, { text: 'more' }],
  ),
});
process.stdout.write('ready\n');
