import { describe, expect, it } from 'vitest';
import { choicesOf, costWeight, decide, explored, propensitiesOf, votesNeeded } from '../../src/core/bandit.ts';
import type { Decision, Standing } from '../../src/core/learning.ts';
import { estimate, type LoggedDecision, replayOf, rewardOf } from '../../src/core/router-replay.ts';
import { type Seeded, seeded } from '../../src/core/seeded.ts';

const standing = (model: string, up: number, down: number, costUsd: number | null = 0.001): Standing => ({
  ...{ tenantId: 't', tier: 'complex', model, up, down, costUsd },
});
const among = (...all: Standing[]) =>
  choicesOf(
    'complex',
    all.map(({ model }) => model),
    (model) => all.find((one) => one.model === model),
  );

/** Quality that people's votes follow, by model. */
type Truth = Record<string, { liked: number; costUsd: number }>;

/** People vote on what was chosen, and what follows is chosen by their votes. */
function lived(truth: Truth, rounds: number, chance: Seeded): LoggedDecision[] {
  const standings = new Map(Object.entries(truth).map(([model, { costUsd }]) => [model, standing(model, 20, 20, costUsd)]));
  const log: LoggedDecision[] = [];
  for (let round = 0; round < rounds; round++) {
    const choices = choicesOf('complex', [...standings.keys()], (model) => standings.get(model))!;
    const decision = decide(choices, chance.int(0, 2 ** 32 - 1));
    const { model } = decision.arms[decision.chosen]!;
    const up = chance.chance(truth[model]!.liked) ? 1 : 0;
    const before = standings.get(model)!;
    standings.set(model, { ...before, up: before.up + up, down: before.down + 1 - up });
    log.push({ requestId: `${round}`, decision, up, down: 1 - up });
  }
  return log;
}

describe('who is asked first, learned from votes', () => {
  it('is for the policy to say until two models have thirty votes each', () => {
    expect(votesNeeded).toBe(30);
    expect(among(standing('a', 30, 0), standing('b', 15, 14), standing('c', 0, 0))).toBeUndefined();
    expect(among(standing('a', 30, 0), standing('b', 15, 15))).toBeDefined();
    expect(choicesOf('complex', ['a', 'b'], () => undefined)).toBeUndefined();
  });

  it('comes to the model that people like, and to the cheaper one of two that they like the same', () => {
    const chance = seeded(7);
    const liked = lived(
      { a: { liked: 0.55, costUsd: 1 }, b: { liked: 0.8, costUsd: 1 }, c: { liked: 0.6, costUsd: 1 } },
      1500,
      chance,
    );
    const last = liked.slice(-300).filter(({ decision }) => decision.arms[decision.chosen]!.model === 'b');
    // nine of ten is all there is: the others keep their share
    expect(last.length / 300).toBeGreaterThan(0.82);
    const cheap = lived({ dear: { liked: 0.75, costUsd: 0.02 }, cheap: { liked: 0.75, costUsd: 0.001 } }, 1500, chance);
    expect(cheap.at(-1)!.decision.propensities[1]).toBeGreaterThan(0.85);
  });

  it('asks a dearer model where it is liked by more than its cost weighs', () => {
    const [gap, n] = [costWeight + 0.05, 5000];
    const choices = among(standing('dear', n * (0.7 + gap), n * (0.3 - gap), 0.01), standing('free', n * 0.7, n * 0.3, 0))!;
    expect(propensitiesOf(choices)[0]).toBeGreaterThan(0.9);
    // nobody knows what it costs: then it counts as the dearest
    expect(among(standing('a', 30, 30, null), standing('b', 30, 30, 0.01))!.arms.map(({ cost }) => cost)).toEqual([1, 1]);
  });

  it('never asks a model less than its share, and one with few votes exactly that', () => {
    const log = lived(
      { a: { liked: 0.95, costUsd: 1 }, b: { liked: 0.05, costUsd: 1 }, c: { liked: 0.4, costUsd: 1 } },
      800,
      seeded(3),
    );
    for (const { decision } of log) {
      expect(Math.min(...decision.propensities)).toBeGreaterThanOrEqual(explored);
      expect(decision.propensities.reduce((sum, share) => sum + share)).toBeCloseTo(1, 12);
    }
    expect(propensitiesOf(among(standing('a', 40, 20), standing('b', 30, 30), standing('new', 29, 0))!)[2]).toBe(explored);
    const many = Array.from({ length: 20 }, (_, i) => standing(`m${i}`, 40, 40));
    expect(propensitiesOf(among(...many)!).reduce((sum, share) => sum + share)).toBeCloseTo(1, 12);
  });

  it('chooses each as often as it says', () => {
    const choices = among(standing('a', 40, 20), standing('b', 36, 24), standing('c', 20, 25))!;
    const propensities = propensitiesOf(choices);
    const chance = seeded(11);
    const counts = [0, 0, 0];
    for (let i = 0; i < 20_000; i++) counts[decide(choices, chance.int(0, 2 ** 32 - 1), propensities).chosen]!++;
    for (const [i, count] of counts.entries()) expect(Math.abs(count / 20_000 - propensities[i]!)).toBeLessThan(0.012);
  });

  it('says how likely each is the best, as drawing from both spreads would', () => {
    // P(a better than b) of two Beta distributions, in closed form
    const [a, b] = [
      { up: 34, down: 16 },
      { up: 30, down: 22 },
    ];
    const lnBeta = (x: number, y: number) => lnFactorial(x - 1) + lnFactorial(y - 1) - lnFactorial(x + y - 1);
    let better = 0;
    for (let i = 0; i <= a.up; i++)
      better += Math.exp(
        lnBeta(b.up + 1 + i, a.down + b.down + 2) -
          Math.log(a.down + 1 + i) -
          lnBeta(1 + i, a.down + 1) -
          lnBeta(b.up + 1, b.down + 1),
      );
    const [share] = propensitiesOf(among(standing('a', a.up, a.down, 0), standing('b', b.up, b.down, 0))!);
    expect((share! - explored) / (1 - 2 * explored)).toBeCloseTo(better, 4);
  });

  it('holds with a million votes', () => {
    const shares = propensitiesOf(among(standing('a', 700_000, 300_000), standing('b', 699_000_000, 301_000_000))!);
    expect(shares.every((share) => share >= explored && share <= 1)).toBe(true);
    expect(shares[0]! + shares[1]!).toBeCloseTo(1, 12);
  });
});

const lnFactorial = (n: number): number => {
  let sum = 0;
  for (let i = 2; i <= n; i++) sum += Math.log(i);
  return sum;
};

describe('a log of decisions', () => {
  it('makes the same decisions again, after a trip through JSON, and tells of one that was changed', () => {
    const log = lived({ a: { liked: 0.6, costUsd: 2 }, b: { liked: 0.7, costUsd: 3 } }, 400, seeded(5));
    const read = JSON.parse(JSON.stringify(log)) as LoggedDecision[];
    for (const { decision } of read) expect(decide(decision, decision.seed)).toEqual(decision);
    expect(replayOf(read)).toMatchObject({ decisions: 400, same: 400, different: 0 });
    const { decision } = read[100]!;
    const changed = [
      { ...decision, chosen: 1 - decision.chosen },
      { ...decision, propensities: [0.5, 0.5] },
      { ...decision, arms: decision.arms.map((arm) => ({ ...arm, up: arm.up + 40 })) },
    ] satisfies Decision[];
    for (const one of changed) expect(replayOf([{ ...read[100]!, decision: one }])).toMatchObject({ same: 0, different: 1 });
  });

  it('says without bias what another way of choosing would have brought', () => {
    const truth = { a: { liked: 0.5, costUsd: 1 }, b: { liked: 0.7, costUsd: 2 } };
    const worth = [0.5 - costWeight / 2, 0.7 - costWeight];
    const estimates = [0, 1].map((place) => ({ place, ips: [] as number[], snips: [] as number[] }));
    const chance = seeded(99);
    for (let life = 0; life < 100; life++) {
      const log = lived(truth, 120, chance);
      for (const { place, ips, snips } of estimates) {
        const found = estimate('always', log, () => place);
        ips.push(found.ips);
        if (found.snips !== null) snips.push(found.snips);
        expect(found.effectiveSampleSize).toBeLessThanOrEqual(120);
      }
    }
    for (const { place, ips, snips } of estimates) {
      const [average, error] = meanAndError(ips);
      expect(Math.abs(average - worth[place]!)).toBeLessThan(3 * error);
      expect(error).toBeLessThan(0.05);
      expect(Math.abs(meanAndError(snips)[0] - worth[place]!)).toBeLessThan(0.05);
    }
  });

  it('is told tier by tier: what was earned, and what the order of the policy or one model alone would have', () => {
    const log = lived({ a: { liked: 0.5, costUsd: 1 }, b: { liked: 0.9, costUsd: 1 } }, 600, seeded(21));
    const unvoted = { ...log[0]!, up: 0, down: 0 };
    const { tiers } = replayOf([...log, unvoted]);
    expect(tiers).toHaveLength(1);
    const { reward, voted, decisions, others } = tiers[0]!;
    expect({ decisions, voted }).toEqual({ decisions: 601, voted: 600 });
    expect(reward).toBeCloseTo(log.reduce((sum, one) => sum + rewardOf(one), 0) / 600, 12);
    expect(others.map(({ policy }) => policy)).toEqual(['policy', 'a', 'b']);
    // the policy's order asks a first
    expect(others[0]).toEqual({ ...others[1], policy: 'policy' });
    expect(others[2]!.snips!).toBeGreaterThan(others[1]!.snips! + 0.2);
    expect(reward!).toBeGreaterThan(others[1]!.snips!);
  });

  it('of nothing says nothing', () => {
    expect(replayOf([])).toEqual({ decisions: 0, same: 0, different: 0, tiers: [] });
    const [one] = lived({ a: { liked: 0.5, costUsd: 1 }, b: { liked: 0.5, costUsd: 1 } }, 1, seeded(1));
    const { tiers } = replayOf([{ ...one!, up: 0, down: 0 }]);
    expect(tiers).toEqual([{ tier: 'complex', decisions: 1, voted: 0, reward: null, others: [] }]);
  });
});

function meanAndError(values: number[]): [number, number] {
  const average = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / (values.length - 1);
  return [average, Math.sqrt(variance / values.length)];
}
