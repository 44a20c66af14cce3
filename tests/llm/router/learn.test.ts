import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/core/bandit.ts';
import type { Standing } from '../../../src/core/learning.ts';
import type { LlmMessage } from '../../../src/core/llm.ts';
import { learnFrom, type Standings, standingKey } from '../../../src/llm/router/learn.ts';
import { standingsAtHand } from '../../../src/llm/router/standings.ts';
import { createLog } from '../../../src/log.ts';
import { fails, heard, policy, request, routerOf, says, scripted } from './stand-ins.ts';

const standing = (model: string, up: number, down: number, tier: Standing['tier'] = 'complex'): Standing => ({
  ...{ tenantId: 't', tier, model, up, down, costUsd: 0.001 },
});
const asStandings = (...all: Standing[]): Standings => new Map(all.map((one) => [standingKey(one.tier, one.model), one]));

/** The tier names c, then a; people like a. */
const likesA = asStandings(standing('a/a-smart', 900, 100), standing('c/c-smart', 100, 900));
const tiers = policy().tiers;
const own = policy({ tiers: { ...tiers, complex: { ...tiers.complex, first: ['c/smart', 'a/smart'] } } });

function stage(standingsOf?: (tenantId: string) => Standings | undefined, random?: () => number) {
  const [a, b, c] = [scripted(says('from a')), scripted(says('from b')), scripted(says('from c'))];
  const run = routerOf(
    { a, b, c },
    {
      policy: own,
      classify: () => ({ tier: 'complex', because: 'told so' }),
      ...(standingsOf && { learn: learnFrom(standingsOf, random) }),
    },
  );
  return { ...run, providers: { a, b, c } };
}
const by = (provider: string, model: string) => ({ provider, model, tier: 'complex' as const });
const again = (text: string): LlmMessage[] => [
  { role: 'user', text: 'Work out a plan for Texas' },
  { role: 'assistant', text: 'Here is one.', by: by('c', 'c-smart') },
  { role: 'user', text },
];

describe('a router that learns', () => {
  it('asks first who is liked, and writes down all that it takes to decide the same again', async () => {
    const { router, reports } = stage(
      () => likesA,
      () => 0.42,
    );
    expect((await heard(router, request())).text).toBe('from a');
    const { decision } = reports[0]!;
    expect(decision).toMatchObject({
      tier: 'complex',
      seed: Math.floor(0.42 * 2 ** 32),
      chosen: 1,
      arms: [
        { model: 'c/c-smart', up: 100, down: 900 },
        { model: 'a/a-smart', up: 900, down: 100 },
      ],
    });
    expect(decide(decision!, decision!.seed)).toEqual(decision);
  });

  it('keeps everybody else in the chain as they were, and tells of the decision once', async () => {
    const { router, reports, providers } = stage(
      () => likesA,
      () => 0.42,
    );
    const down = fails('server', { status: 500 });
    for (const provider of [providers.a, providers.c]) provider.stream = scripted(down).stream;
    expect((await heard(router, request())).text).toBe('from b');
    expect(reports.map(({ provider }) => provider)).toEqual(['a', 'c', 'b']);
    expect(reports.map(({ decision }) => decision !== undefined)).toEqual([true, false, false]);
  });

  it('asks the others now and then', async () => {
    let seed = 0;
    const { router, providers } = stage(
      () => likesA,
      () => (seed++ * 0.618034) % 1,
    );
    for (let i = 0; i < 200; i++) await heard(router, request());
    expect(providers.c.asked.length).toBeGreaterThanOrEqual(2);
    expect(providers.c.asked.length).toBeLessThan(25);
    expect(providers.b.asked).toHaveLength(0);
  });

  it.each([
    ['there are too few votes', () => asStandings(standing('a/a-smart', 900, 100), standing('c/c-smart', 5, 24))],
    [
      'votes are for another tier',
      () => asStandings(standing('a/a-smart', 90, 1, 'simple'), standing('c/c-smart', 1, 90, 'simple')),
    ],
    ['votes are another workspace’s', (tenantId: string) => (tenantId === 'other' ? likesA : undefined)],
    ['nothing is known', () => undefined],
  ])('keeps to the policy while %s', async (_why, standingsOf) => {
    const [off, on] = [stage(), stage(standingsOf)];
    for (const { router } of [off, on]) for (let i = 0; i < 20; i++) expect((await heard(router, request())).text).toBe('from c');
    expect(on.reports.some(({ decision }) => decision)).toBe(false);
    expect(Object.keys(on.reports[0]!)).toEqual(Object.keys(off.reports[0]!));
  });

  it('learns over the chain where a tier names nobody', async () => {
    const { router } = routerOf(
      { a: scripted(says('from a')), b: scripted(says('from b')) },
      {
        learn: learnFrom(
          () => asStandings(standing('a/a-smart', 1, 900, 'moderate'), standing('b/b-smart', 900, 1, 'moderate')),
          () => 0.9,
        ),
      },
    );
    expect((await heard(router, request())).text).toBe('from b');
  });

  it('leaves agents alone that name their model, and requests that name one', async () => {
    const { router, reports } = stage(
      () => likesA,
      () => 0.42,
    );
    const { purpose } = request();
    const named = request({ purpose: { ...purpose, agent: 'named', mode: 'passthrough' } });
    expect((await heard(router, named)).finish!.provider).toBe('a');
    expect((await heard(router, request({ route: { provider: 'b', model: 'smart' } }))).text).toBe('from b');
    expect(reports.some(({ decision }) => decision)).toBe(false);
  });

  it('leaves a tool loop with whoever began it', async () => {
    const { router, reports } = stage(
      () => likesA,
      () => 0.42,
    );
    const call = { id: '1', name: 'look', input: {} };
    const messages: LlmMessage[] = [
      { role: 'user', text: 'Work out a plan' },
      { role: 'assistant', text: '', toolCalls: [call], by: by('c', 'c-smart') },
      { role: 'tool', text: '{}', toolCallId: '1', toolName: 'look' },
    ];
    expect((await heard(router, request({ messages }))).text).toBe('from c');
    expect(reports[0]!.decision).toBeUndefined();
  });

  it('leaves a task that goes on with who answered before, and decides anew for another one', async () => {
    const { router, reports } = stage(
      () => likesA,
      () => 0.42,
    );
    expect((await heard(router, request({ messages: again('and why is that so?') }))).text).toBe('from c');
    expect(reports[0]!.decision).toBeUndefined();
    const other = again('Compare our biggest deals in Ohio by how far along each deal has come');
    expect((await heard(router, request({ messages: other }))).text).toBe('from a');
    expect(reports[1]!.decision).toBeDefined();
  });
});

describe('standings at hand', () => {
  it('are those of each workspace, read anew, and the last known ones while that fails', async () => {
    let answer: () => Promise<Standing[]> = async () => [
      standing('a/a-smart', 1, 0),
      { ...standing('b/b', 2, 0), tenantId: 'u' },
    ];
    const atHand = await standingsAtHand(() => answer(), createLog('silent'));
    try {
      expect([...atHand.of('t')!.values()]).toEqual([standing('a/a-smart', 1, 0)]);
      expect(atHand.of('u')!.size).toBe(1);
      expect(atHand.of('nobody')).toBeUndefined();
      answer = async () => [standing('a/a-smart', 5, 0)];
      await atHand.refresh();
      expect(atHand.of('t')!.get('complex a/a-smart')!.up).toBe(5);
      answer = () => Promise.reject(new Error('the database is away'));
      await expect(atHand.refresh()).rejects.toThrow('away');
      expect(atHand.of('t')!.get('complex a/a-smart')!.up).toBe(5);
    } finally {
      atHand.stop();
    }
  });
});
