import { buildApp } from '../../../src/app.ts';
import { loadConfig } from '../../../src/config.ts';
import { createLog } from '../../../src/log.ts';
import { scripted } from '../../agents/scripted-llm.ts';

// Works the queue of chat in Slack: the test kills this process when Slack has taken a message and has not said so yet.
await buildApp(loadConfig(), { log: createLog('silent'), demo: false, llm: scripted(() => [{ text: 'Said by one of two.\n' }]) });
process.stdout.write('ready\n');
