import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { scripted } from '../../agents/scripted-llm.ts';
import { buttonsOf, cardOf, openTeams, type TeamsWorld, teamsEnv, until, wordsOf } from './driver.ts';
import { privateOf } from './microsoft.ts';

let teams: TeamsWorld;
let child: ChildProcess;
afterEach(async () => {
  child.kill('SIGKILL');
  await teams.close();
});

it('a process killed in the middle of a stream leaves one honest answer in its place, given by another process', async () => {
  teams = await openTeams({ worker: false, llm: scripted(() => [{ text: 'Hello.' }]) });
  const { world, microsoft } = teams;
  const ann = await teams.member('ann');
  child = spawn(process.execPath, ['--import', 'tsx', 'tests/bot/teams/killed-child.ts'], {
    env: {
      ...process.env,
      ...teamsEnv(microsoft),
      APP_ENV: 'test',
      DATABASE_URL: world.databaseUrl,
      DATA_DIR: world.config.DATA_DIR,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const left = once(child, 'exit');
  await once(child.stdout!, 'data');
  await teams.say(ann, 'create a lead called Halfway Heating and tell me a long story');
  const streamed = () => microsoft.of('stream').filter(({ body }) => body.text.includes('I made it'));
  await until(() => streamed().length > 0, 60_000);
  // the note of what people see follows the call
  await until(async () => (await world.database.pool.query(`SELECT FROM chat_streams WHERE shown <> ''`)).rowCount === 1);
  child.kill('SIGKILL');
  await left;
  const at = privateOf(ann.id);
  expect(microsoft.messages(at)).toEqual([]);
  // what waits behind it is answered, too
  await teams.say(ann, 'are you still there?');

  await world.second({ worker: true });
  await until(() => microsoft.messages(at).length >= 2, 40_000);
  await teams.settled();
  const [first, second, ...more] = microsoft.messages(at);
  // one stream, of which the first piece has no name yet, became the message
  const streams = microsoft.of('stream').flatMap(({ body }) => body.entities[0].streamId ?? []);
  expect([[...new Set([...streams, first!.id])], more]).toEqual([[first!.id], []]);
  expect(wordsOf(first!.activity)).toMatch(/I was interrupted/);
  expect(wordsOf(first!.activity)).not.toMatch(/I made it/);
  expect(buttonsOf(cardOf(first!.activity))).toHaveProperty('Undo');
  expect(wordsOf(second!.activity)).toContain('Hello.');
  const { rows } = await world.database.pool.query("SELECT 1 FROM leads WHERE name = 'Halfway Heating'");
  expect(rows).toHaveLength(1);
  expect((await world.database.pool.query('SELECT FROM chat_streams')).rows).toEqual([]);
  expect(microsoft.complaints).toEqual([]);
}, 150_000);
