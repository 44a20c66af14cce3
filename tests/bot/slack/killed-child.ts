import { buildApp } from '../../../src/app.ts';
import { loadConfig } from '../../../src/config.ts';
import { createLog } from '../../../src/log.ts';
import { type Move, scripted } from '../../agents/scripted-llm.ts';

// Works the queue of chat in Slack: the test kills this process when Slack has taken a message and has not said so yet, or in the middle of a stream.
let calls = 0;
const story: Move[][] = [
  [{ call: 'create_lead', input: { name: 'Halfway Heating' } }],
  [{ text: 'I made it, and then I went on.\n' }, { wait: 600_000 }],
];
const llm = scripted(({ messages }) =>
  JSON.stringify(messages).includes('long story') ? story[calls++]! : [{ text: 'Said by one of two.\n' }],
);
await buildApp(loadConfig(), { log: createLog('silent'), demo: false, llm });
process.stdout.write('ready\n');
