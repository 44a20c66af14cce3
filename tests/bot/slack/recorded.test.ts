import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSlack, type SlackWorld } from './driver.ts';
import { bot } from './slack-api.ts';

/** What Slack really sent to another app, made anonymous by its authors. See the licence beside the files. */
interface Recorded {
  botUserId: string;
  [name: string]: unknown;
}
interface Payload {
  type?: string;
  command?: string;
  team_id?: string;
  team?: { id: string };
  event?: { type: string; user?: string; text?: string; bot_id?: string };
}

const folder = new URL('../../fixtures/slack/recorded/', import.meta.url);
const recorded = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .flatMap((file) => {
    const { botUserId, ...all } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Recorded;
    return Object.entries(all)
      .map(([name, payload]) => ({ name: `${file.replace('.json', '')} ${name}`, botUserId, payload: payload as Payload }))
      .filter(({ payload }) => payload.type || payload.command);
  });
const events = recorded.filter(({ payload }) => payload.event);
const inline = recorded.filter(({ payload }) => !payload.event);

let slack: SlackWorld;
beforeAll(async () => {
  slack = await openSlack({ installed: false });
});
afterAll(() => slack.close());

async function installed({ botUserId, payload }: (typeof recorded)[number]): Promise<void> {
  const tenant = payload.team_id ?? payload.team!.id;
  await slack.out.installs.save(tenant, tenant, { bot: { ...bot, userId: botUserId, scopes: [] }, authVersion: 'v2' });
}

describe('an event as Slack really sends it', () => {
  it.each(events)('is heard as what it is, once however often it is delivered: $name', async (one) => {
    await installed(one);
    await slack.world.database.pool.query('TRUNCATE inbox');
    for (let i = 0; i < 3; i++) expect((await slack.post(one.payload)).status).toBe(200);
    const heard = (await slack.inbox()).map((inbound) => ({
      kind: inbound.kind,
      who: inbound.user.externalUser,
      audience: inbound.place.audience,
      ...('text' in inbound && { text: inbound.text }),
      ...('files' in inbound && { files: inbound.files.length }),
    }));
    expect({ name: one.name, heard }).toMatchSnapshot();
  });

  it('is told apart from any other', async () => {
    await slack.world.database.pool.query('TRUNCATE inbox');
    for (const one of events) {
      await installed(one);
      await slack.post(one.payload);
    }
    const keys = (await slack.inbox()).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.length).toBeGreaterThan(8);
  });
});

describe('what Slack waits for, as it really sends it', () => {
  it.each(inline)('is answered: $name', async (one) => {
    await installed(one);
    const { status } = await slack.post(one.payload);
    expect(status).toBe(200);
  });
});
