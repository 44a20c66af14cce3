import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTeams, type TeamsWorld } from './driver.ts';
import type { Json } from './microsoft.ts';

/** What Teams really sent to another bot, made anonymous by its authors. See the licence beside the files. */
const folder = new URL('../../fixtures/teams/recorded/', import.meta.url);
const recorded = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .flatMap((file) =>
    Object.entries(JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Record<string, Json>)
      .filter(([, activity]) => activity.type && activity.channelId)
      .map(([name, activity]) => ({ name: `${file.replace('.json', '')} ${name}`, activity })),
  );

let teams: TeamsWorld;
beforeAll(async () => {
  teams = await openTeams({ worker: false });
});
afterAll(() => teams.close());

const deliver = (activity: Json) => teams.deliver(activity, { claims: { serviceurl: activity.serviceUrl } });

describe('an activity as Teams really sends it', () => {
  it('comes in many kinds', () => expect(recorded.length).toBeGreaterThan(10));

  it.each(recorded)('is heard as what it is, once however often it is delivered: $name', async ({ name, activity }) => {
    await teams.world.database.pool.query('TRUNCATE inbox');
    for (let i = 0; i < 3; i++) expect((await deliver(activity)).status).toBe(200);
    const heard = (await teams.inbox()).map((inbound) => ({
      kind: inbound.kind,
      who: inbound.user.externalUser.slice(0, 12),
      place: inbound.place,
      at: inbound.at,
      ...('text' in inbound && { text: inbound.text }),
    }));
    expect({ name, heard }).toMatchSnapshot();
  });

  it('keeps how the conversation is reached', async () => {
    await deliver(recorded.find(({ name }) => name === 'dm dmMessage')!.activity);
    const { rows } = await teams.world.database.pool.query(`SELECT reach FROM chat_references WHERE channel LIKE 'a:%'`);
    expect(rows).toEqual([
      {
        reach: {
          botId: '28:11111111-2222-3333-4444-555555555555',
          serviceUrl: 'https://smba.trafficmanager.net/amer/a1b2c3d4-e5f6-7890-abcd-ef1234567890/',
        },
      },
    ]);
  });
});
