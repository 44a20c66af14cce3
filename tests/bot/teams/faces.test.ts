import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scripted } from '../../agents/scripted-llm.ts';
import { Page } from '../playground/driver.ts';
import { dmOf, buttonsOf as labelled, TestSurface } from '../surface.ts';
import { buttonsOf, cardOf, openTeams, type Person, type TeamsWorld, wordsOf } from './driver.ts';
import { privateOf } from './microsoft.ts';

const lead = 'Crossing Cooling';
let proposed = false;
const llm = scripted(() => {
  if (proposed) return [{ text: 'It waits for you.' }];
  proposed = true;
  return [{ call: 'update_lead', input: { lead, status: 'contacted' } }];
});
const slack = new TestSurface('slack');

let teams: TeamsWorld;
let rita: Person;
const pages: Page[] = [];
beforeAll(async () => {
  teams = await openTeams({ llm, surfaces: [slack], env: { PLAYGROUND: 'on' } });
  rita = await teams.member('rita');
  slack.people.set('U-rita', { name: 'rita', email: 'rita@example.test', outsider: false });
});
afterAll(async () => {
  for (const page of pages) page.leave();
  await teams.close();
});

describe('one proposal on every face', () => {
  it('asked for in Teams and pressed at once there, in Slack and in two windows takes effect once and ends everywhere', async () => {
    const { gate, chat, deps, database } = teams.world;
    await gate.call('create_lead', { name: lead }, { actor: rita.actor, by: 'person' });
    await teams.say(rita, 'what would you do next?');
    await teams.settled();
    const inTeams = teams.microsoft.messages(privateOf(rita.id)).findLast(({ activity }) => cardOf(activity))!;

    for (let i = 0; i < 2; i++) pages.push(await new Page(teams.url, 'rita').listen());
    const queues = await Promise.all(pages.map((page) => page.ask('GET', '/playground/queue')));
    const shown = queues.map(({ body }) => body.approvals[0]);
    expect(shown.map(({ mine, teams: cards }) => [mine, cards.length > 0])).toEqual([
      [true, true],
      [true, true],
    ]);

    const inSlack = { surface: 'slack', externalTenant: 'T1', externalUser: 'U-rita' } as const;
    const { Approve } = buttonsOf(cardOf(inTeams.activity));
    const times = [1, 2, 3, 4, 5];
    const [, slackAnswers, ...windowAnswers] = await Promise.all([
      Promise.all(times.map(() => teams.press(rita, Approve, { replyToId: inTeams.id }))),
      Promise.all(times.map(() => chat.presses.press(Approve.data.token, inSlack, { place: dmOf(inSlack) }, {}))),
      ...pages.map((page, i) =>
        Promise.all(
          times.map(() => page.ask('POST', '/playground/press', { token: labelled(shown[i].said)['Approve'], values: {} })),
        ),
      ),
    ]);
    await teams.settled();

    const records = deps.db.records(rita.actor);
    expect((await records.leads.find(lead)).leads[0]?.status).toBe('contacted');
    const { rows } = await database.pool.query("SELECT FROM receipts WHERE tool = 'update_lead'");
    expect(rows).toHaveLength(1);
    // whoever came second is told so, nobody gets an error
    const told = [
      ...slackAnswers.map(({ whisper }) => JSON.stringify(whisper ?? '')),
      ...windowAnswers.flat().map(({ body }) => JSON.stringify(body)),
    ];
    expect(windowAnswers.flat().map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(told.filter((one) => one.includes('Already decided by rita')).length).toBeGreaterThanOrEqual(14);

    expect(wordsOf(inTeams.activity)).toMatch(/Approved by rita/);
    expect(Object.keys(buttonsOf(cardOf(inTeams.activity)))).toEqual(['Undo']);
    for (const page of pages) {
      await page.until(() => page.changes.some(({ queue, receipts }) => queue || receipts), 'news of the queue');
      expect((await page.ask('GET', '/playground/queue')).body.approvals).toEqual([]);
    }

    // and the way back, from a window, reaches the card in Teams
    const { body } = await pages[0]!.ask('GET', '/api/v1/receipts');
    expect((await pages[0]!.ask('POST', `/api/v1/receipts/${body.receipts[0].id}/undo`)).status).toBe(200);
    await teams.settled();
    expect((await records.leads.find(lead)).leads[0]?.status).toBe('new');
    expect(wordsOf(inTeams.activity)).toMatch(/undone since/);
    expect(buttonsOf(cardOf(inTeams.activity))).toEqual({});
  });
});
