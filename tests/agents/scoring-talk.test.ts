import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/core/actor.ts';
import type { Reply } from '../../src/core/conversation.ts';
import { decide } from '../../src/tools/decide.ts';
import { openWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ demo: true });
});
afterAll(() => world.close());

/** A conversation over the real product, answered by the offline rules. */
async function conversation(actor: Actor = world.owner) {
  const { id } = await world.converser.open(actor);
  return async (text: string): Promise<Reply> => {
    const { events } = await world.converser.say({ actor, conversationId: id, text });
    for await (const event of events) {
      if (event.type === 'error') throw new Error(event.message);
      if (event.type === 'done') return event.reply;
    }
    throw new Error('the turn never ended');
  };
}

const approve = ({ proposals }: Reply) => decide(world.gate, proposals[0]!.id, { decision: 'accept' }, world.as(world.owner));
const scoring = async () => {
  const { key, version } = await world.deps.db.records({ ...world.owner }).profiles.active();
  return `${key} ${version}`;
};
const scores = async () => (await world.database.pool.query('SELECT name, score, tier FROM leads ORDER BY id')).rows;

describe('changing the scoring in a chat', () => {
  it('saves a weight that was spelled out, shows what it would do, switches it on by approval, and takes it back', async () => {
    const say = await conversation();
    const before = await scores();

    const saved = await say('raise the weight of multi-OEM to 30');
    expect(saved.receipts).toHaveLength(1);
    expect(saved.cards[0]?.title).toContain('version 2: saved, not active yet');
    expect(saved.text).toMatch(/^Done: .*version 2, saved: .*Multi-OEM: 25 % -> 30 %.*\(not active yet\)\.$/m);
    expect(saved.text).toMatch(/^Once it is active: \d+ of 60 leads changes? tier/m);
    expect(saved.text).toContain('Say "activate it" to switch it on');
    expect(await scoring()).toBe('dealer 1');

    const looked = await say('what would change');
    expect(looked.sources).toEqual(['preview_profile']);
    expect(looked.text).toMatch(/^\d+ of 60 leads would change tier if .*version 2, scored: \d+ up, \d+ down\.\n/);
    expect(looked.text).toMatch(/^1\. .+ — (?:PLATINUM|GOLD|SILVER|BRONZE) [\d.]+ to /m);

    const activated = await say('activate it');
    expect(activated.proposals).toMatchObject([
      { tool: 'activate_profile', reach: 'many', input: { profile: 'dealer', version: 2 } },
    ]);
    expect(activated.text).toContain('Until then the leads keep their scores.');
    expect(await scores()).toEqual(before);

    await approve(activated);
    expect(await scoring()).toBe('dealer 2');
    expect(await scores()).not.toEqual(before);

    const undone = await say('undo that');
    expect(undone.receipts).toHaveLength(1);
    expect(await scoring()).toBe('dealer 1');
    expect(await scores()).toEqual(before);
  });

  it('makes a proposal of a wish, says so, and finds the version again once it is approved', async () => {
    const say = await conversation();
    const wished = await say('gold should start at 65');
    expect(wished.proposals).toMatchObject([{ tool: 'update_profile', input: { changes: { tiers: { GOLD: 65 } } } }]);
    expect(wished.text).toContain('Until then nothing is saved.');
    expect((await say('what would change')).text).toMatch(/^\d+ of 60 leads would change tier .*: 0 up, \d+ down\./);
    expect((await say('switch it on')).text).toMatch(
      /has no version \d.* A version that waits for approval is saved with the approval\.$/,
    );

    await approve(wished);
    const activated = await say('switch it on');
    expect(activated.proposals).toMatchObject([{ tool: 'activate_profile' }]);
    expect(activated.text).toMatch(/Score by .*, version \d+: 60 leads anew, \d+ into another tier/);
  });

  it('asks for a number that was left out, and saves when it is given', async () => {
    const say = await conversation();
    expect((await say('change the weight of resimercial')).text).toBe('How many percent should resimercial count?');
    const saved = await say('40');
    expect(saved.text).toMatch(/^Done: .*Resimercial: [\d.]+ % -> 40 %/);
  });

  it('tries out what nobody saved, and needs one approval to save it and switch it on', async () => {
    const say = await conversation();
    const tried = await say('what would happen if multi-OEM counted 45 percent?');
    expect(tried.text).toContain('scored with this change');
    expect(tried.receipts).toEqual([]);
    expect((await say('use it')).proposals).toMatchObject([
      { tool: 'update_profile', input: { activate: true, changes: { weights: { 'multi-OEM': 45 } } } },
    ]);
  });

  it('passes on which criteria there are when none is called so', async () => {
    const say = await conversation();
    expect((await say('raise the weight of fleet size to 30')).text).toBe(
      'There is no criterion "fleet size". There are: Resimercial, Multi-OEM, MEP+R trades, Operations & maintenance.',
    );
  });

  it('is for managers: a rep is told so, and may look', async () => {
    const say = await conversation(await world.person('rita', 'rep'));
    expect((await say('raise the weight of multi-OEM to 30')).text).toContain('Changing profiles is not available to you here');
    expect((await say('activate version 1 of dealer')).text).toContain('Switching the profile is not available to you here');
    expect((await say('what are the weights')).text).toMatch(/^- Multi-OEM: [\d.]+ %/m);
  });
});

describe('judging leads in a chat', () => {
  it('gives a verdict with its reasons, and speaks of the same lead after that', async () => {
    const say = await conversation();
    const { text, cards } = await say('is northwind a good fit?');
    expect(text).toMatch(/^Northwind Electric LLC is PLATINUM with [\d.]+ of 100 .*For it: .*Confidence \d+ %.*Next: /);
    expect(cards).toHaveLength(1);
    expect((await say('who owns it?')).text).toBe('You own Northwind Electric LLC.');
  });

  it('judges many, counted by tier', async () => {
    const { text } = await (await conversation())('qualify all leads in Texas');
    const [first, ...counts] = text.split('\n');
    const total = Number(/^Verdicts on (\d+) leads \(in Texas\):$/.exec(first!)?.[1]);
    expect(total).toBeGreaterThan(1);
    expect(counts.slice(0, 4).reduce((sum, line) => sum + Number(/^- [A-Z]+: (\d+)$/.exec(line)?.[1]), 0)).toBe(total);
  });

  it('compares, asks which of two with one name is meant, and goes on with the answer', async () => {
    const say = await conversation();
    expect((await say('compare cedar creek with northwind')).text).toMatch(
      /^Which "cedar creek" do you mean\?\n1\. Cedar Creek Plumbing/,
    );
    expect((await say('the Atlanta one')).text).toMatch(
      /^Northwind Electric LLC is [\d.]+ ahead of Cedar Creek Plumbing: .*\n1\. Northwind Electric LLC — PLATINUM [\d.]+\n2\. Cedar Creek Plumbing — BRONZE/,
    );
    await say('top 3 leads');
    expect((await say('compare the first and the third')).sources).toEqual(['compare_leads']);
  });

  it('tries out a count, points of a criterion, and what only the profile can tell', async () => {
    const say = await conversation();
    expect((await say('what if cedar creek in Atlanta had 3 OEM certifications?')).text).toMatch(
      /^If that were so, Cedar Creek Plumbing would go from BRONZE [\d.]+ to [A-Z]+ [\d.]+\.\n- Multi-OEM: (?:\d+|unknown) to 100 points/,
    );
    expect((await say('what if multi-OEM of northwind were 20')).text).toContain('to 20 points, -');
    const homes = await say('what would northwind score if they served homes too');
    expect(homes.sources).toEqual(['get_profile', 'score_what_if']);
    expect(homes.text).toContain('Taken for that: Resimercial at 100 of 100 points.');
    expect((await say('what if northwind had a bigger truck')).text).toMatch(/^Which criterion do you mean\? .*Multi-OEM/);
  });

  it('says how well scores foretold, and that it is early', async () => {
    const { text } = await (await conversation())('how good are our scores?');
    expect(text).toMatch(/^Of \d+ decided leads \d+ were won \(\d+ %\)\.\n- score /);
    expect(text).toContain('Too early to judge the tiers');
  });
});
