import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrate, lastMonth } from '../../src/core/calibration.ts';
import type { Tally } from '../../src/core/proportion.ts';
import { seeded } from '../../src/core/seeded.ts';

const tiers = { PLATINUM: 80, GOLD: 60, SILVER: 40 };
const won = (tallies: readonly Tally[], present = tiers) => calibrate(tallies, 'won', present);
const tally = (score: number, leads: number, positives: number): Tally => ({ score, leads, positives });

/** Any decided leads, scores to a tenth. */
const anyTallies = fc.array(
  fc
    .record({
      score: fc.integer({ min: 0, max: 1000 }),
      leads: fc.integer({ min: 1, max: 40 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    .map(({ score, leads, share }) => tally(score / 10, leads, Math.round(leads * share))),
  { minLength: 1, maxLength: 40 },
);
/** The same, with outcomes that follow the scores more or less. */
const ranked = fc
  .record({
    steepness: fc.double({ min: 0.02, max: 0.2, noNaN: true }),
    middle: fc.integer({ min: 10, max: 90 }),
    cells: fc.uniqueArray(
      fc.tuple(
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 10, max: 60 }),
        fc.double({ min: -0.1, max: 0.1, noNaN: true }),
      ),
      {
        selector: ([score]) => score,
        minLength: 4,
        maxLength: 14,
      },
    ),
  })
  .map(({ steepness, middle, cells }) =>
    cells.map(([score, leads, noise]) => {
      const rate = Math.min(1, Math.max(0, 1 / (1 + Math.exp(-steepness * (score - middle))) + noise));
      return tally(score, leads, Math.round(leads * rate));
    }),
  );

describe('the Brier score', () => {
  it('is the mean squared error of the score as a probability, beside that of saying the average', () => {
    // (0.2² + 0.8² + 0.3² + 0.3²) / 4, and 0.25 * 0.75
    const { brier, baseline, skill } = won([tally(80, 2, 1), tally(30, 2, 0)]);
    expect(brier).toBeCloseTo(0.215, 12);
    expect(baseline).toBeCloseTo(0.1875, 12);
    expect(skill).toBeCloseTo(1 - 0.215 / 0.1875, 12);
  });

  it('is 0 for scores that were right about everything, and 1 for scores that were wrong about everything', () => {
    expect(won([tally(100, 20, 20), tally(0, 30, 0)])).toMatchObject({ brier: 0, skill: 1, auc: 1 });
    expect(won([tally(100, 20, 0), tally(0, 30, 30)])).toMatchObject({ brier: 1, auc: 0 });
  });

  it('of one score for all leads is the baseline and the square of its distance from the rate', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 2, max: 500 }), fc.nat(), (score, leads, n) => {
        const positives = n % (leads + 1);
        const { brier, baseline, auc, suggestion } = won([tally(score, leads, positives)]);
        expect(brier).toBeCloseTo(baseline! + (score / 100 - positives / leads) ** 2, 9);
        expect(auc).toBe(positives % leads === 0 ? null : 0.5);
        expect(suggestion).toBeUndefined();
      }),
    );
  });

  it('has no skill to speak of where all leads came out alike', () => {
    expect(won([tally(70, 30, 30), tally(20, 30, 30)])).toMatchObject({ baseline: 0, skill: null, auc: null, enough: false });
  });
});

describe('the ranking', () => {
  it('is the share of pairs in which the lead that came out well scores higher, ties counting half', () => {
    expect(won([tally(80, 2, 1), tally(30, 2, 0)]).auc).toBeCloseTo(2.5 / 3, 12);
    fc.assert(
      fc.property(anyTallies, (tallies) => {
        const goods = tallies.flatMap((t) => Array<number>(t.positives).fill(t.score));
        const bads = tallies.flatMap((t) => Array<number>(t.leads - t.positives).fill(t.score));
        const wins = goods.reduce(
          (sum, good) => sum + bads.reduce((s, bad) => s + (good > bad ? 1 : good === bad ? 0.5 : 0), 0),
          0,
        );
        const { auc } = won(tallies);
        if (goods.length && bads.length) expect(auc).toBeCloseTo(wins / (goods.length * bads.length), 9);
        else expect(auc).toBeNull();
      }),
      { numRuns: 50 },
    );
  });
});

describe('the bins', () => {
  it('hold what scores said and what came true, with a Wilson interval', () => {
    const { bins } = won([tally(30, 8, 1), tally(39.9, 2, 2), tally(100, 1, 1), tally(90, 1, 0)]);
    expect(bins.map(({ from, to }) => [from, to])).toEqual(Array.from({ length: 10 }, (_, i) => [i * 10, i * 10 + 10]));
    expect(bins[3]).toMatchObject({ leads: 10, positives: 3, rate: 0.3 });
    expect(bins[3]!.predicted).toBeCloseTo((8 * 30 + 2 * 39.9) / 10 / 100, 12);
    // 3 of 10: the textbook's interval
    expect(bins[3]!.low).toBeCloseTo(0.1078, 4);
    expect(bins[3]!.high).toBeCloseTo(0.6032, 4);
    expect(bins[9]).toMatchObject({ leads: 2, positives: 1, rate: 0.5, predicted: 0.95 });
    expect(bins[4]).toEqual({ from: 40, to: 50, leads: 0, positives: 0, rate: null, predicted: null, low: null, high: null });
  });

  it('add up, lie within their edges, and do not care how the leads came in', () => {
    fc.assert(
      fc.property(anyTallies, fc.infiniteStream(fc.nat()), (tallies, random) => {
        const all = won(tallies);
        const { bins } = all;
        expect(bins.reduce((sum, { leads }) => sum + leads, 0)).toBe(all.leads);
        expect(bins.reduce((sum, { positives }) => sum + positives, 0)).toBe(all.positives);
        for (const { from, to, rate, predicted, low, high } of bins) {
          if (rate === null) continue;
          expect(predicted! * 100).toBeGreaterThanOrEqual(from - 1e-9);
          expect(predicted! * 100).toBeLessThanOrEqual(to + 1e-9);
          expect(low!).toBeLessThanOrEqual(rate + 1e-12);
          expect(high!).toBeGreaterThanOrEqual(rate - 1e-12);
        }
        const oneByOne = tallies
          .flatMap((t) => Array.from({ length: t.leads }, (_, i) => tally(t.score, 1, i < t.positives ? 1 : 0)))
          .map((t) => ({ t, order: random.next().value as number }))
          .sort((a, b) => a.order - b.order)
          .map(({ t }) => t);
        const again = won(oneByOne);
        expect(again).toMatchObject({
          leads: all.leads,
          positives: all.positives,
          enough: all.enough,
          conclusion: all.conclusion,
        });
        expect(again.brier).toBeCloseTo(all.brier!, 9);
        expect(again.suggestion).toEqual(all.suggestion);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a suggestion for the tiers', () => {
  // few wins below 40, half above: GOLD has to begin at 45
  const split = [tally(10, 40, 0), tally(30, 40, 2), tally(45, 100, 45), tally(65, 40, 20), tally(85, 20, 14)];

  it('lets GOLD begin where leads do better than all, and gives the figures', () => {
    const { suggestion, conclusion, enough } = won(split);
    expect(enough).toBe(true);
    expect(suggestion).toEqual({
      tiers: { PLATINUM: 80, GOLD: 45, SILVER: 40 },
      because: 'GOLD from 45 instead of 60: of leads at 45 or more, 49 % were won, against 3 % below.',
    });
    expect(conclusion).toBe(suggestion!.because);
    expect(calibrate(split, 'meeting', tiers).suggestion!.because).toContain('49 % came to a meeting, against');
  });

  it('lets PLATINUM begin where leads do twice as well as all, and SILVER where they do half as well', () => {
    // of all leads 17 % were won: 15 % at 50 are fewer, 30 % at 62 more, but not twice as many
    const ladder = [tally(5, 200, 2), tally(25, 200, 30), tally(50, 200, 30), tally(62, 60, 18), tally(70, 60, 42)];
    expect(won(ladder).suggestion).toEqual({
      tiers: { PLATINUM: 70, GOLD: 60, SILVER: 25 },
      because:
        'PLATINUM from 70 instead of 80: of leads at 70 or more, 70 % were won, against 12 % below; SILVER from 25 instead of 40: of leads at 25 or more, 23 % were won, against 1 % below.',
    });
  });

  it('is not made twice: with the tiers it asked for, nothing is left to suggest', () => {
    expect(won(split, won(split).suggestion!.tiers)).toMatchObject({
      enough: true,
      conclusion: expect.stringMatching(/^The tiers begin where/),
    });
    fc.assert(
      fc.property(ranked, (tallies) => {
        const { suggestion } = won(tallies);
        if (suggestion) expect(won(tallies, suggestion.tiers).suggestion).toBeUndefined();
      }),
    );
  });

  it('never turns tiers round, has whole numbers, and moves something', () => {
    let made = 0;
    fc.assert(
      fc.property(
        ranked,
        fc.constantFrom(tiers, { PLATINUM: 62.5, GOLD: 35, SILVER: 12 }, { PLATINUM: 99, GOLD: 98, SILVER: 97 }),
        (tallies, present) => {
          const { suggestion } = won(tallies, present);
          if (!suggestion) return;
          made++;
          const { PLATINUM, GOLD, SILVER } = suggestion.tiers;
          expect(PLATINUM).toBeGreaterThan(GOLD);
          expect(GOLD).toBeGreaterThan(SILVER);
          expect(SILVER).toBeGreaterThan(0);
          expect(PLATINUM).toBeLessThanOrEqual(100);
          expect(suggestion.tiers).not.toEqual(present);
          for (const tier of ['PLATINUM', 'GOLD', 'SILVER'] as const)
            if (suggestion.tiers[tier] !== present[tier]) {
              expect(Number.isInteger(suggestion.tiers[tier])).toBe(true);
              expect(suggestion.because).toContain(`${tier} from ${suggestion.tiers[tier]} instead of ${present[tier]}`);
            } else expect(suggestion.because).not.toContain(tier);
        },
      ),
      { numRuns: 1000 },
    );
    expect(made).toBeGreaterThan(50);
  });

  it('puts GOLD where the isotonic regression of outcomes on scores crosses the rate of all leads', () => {
    let moved = 0;
    fc.assert(
      fc.property(ranked, (tallies) => {
        const { suggestion, leads, positives } = won(tallies);
        const fitted = isotonic(tallies);
        for (const [i, step] of fitted.entries()) expect(step.rate).toBeGreaterThanOrEqual(fitted[i - 1]?.rate ?? 0);
        if (!suggestion || suggestion.tiers.GOLD === tiers.GOLD) return;
        moved++;
        const base = positives / leads;
        for (const { score, rate } of fitted)
          if (score >= suggestion.tiers.GOLD) expect(rate).toBeGreaterThanOrEqual(base - 1e-9);
          else expect(rate).toBeLessThanOrEqual(base + 1e-9);
      }),
      { numRuns: 1000 },
    );
    expect(moved).toBeGreaterThan(50);
  });

  it('needs 50 outcomes and 10 of each kind, and says what is lacking', () => {
    expect(won([tally(90, 4, 4), tally(20, 34, 0)])).toMatchObject({
      enough: false,
      conclusion:
        'Too early to judge the tiers: that takes 50 decided leads, 10 of each kind. Lacking: 12 of either kind, 6 that were won.',
    });
    expect(won([tally(48, 40, 40), tally(20, 12, 3)]).conclusion).toMatch(/Lacking: 1 that were lost or disqualified\.$/);
    expect(won([tally(48, 40, 40), tally(20, 10, 0)])).toMatchObject({ enough: true, suggestion: { tiers: { GOLD: 48 } } });
    expect(won([tally(48, 39, 39), tally(20, 10, 0)])).toMatchObject({ enough: false });
    expect(won([tally(48, 39, 39), tally(20, 10, 0)]).suggestion).toBeUndefined();
  });

  it('is not made from scores that rank leads the wrong way round, or hardly at all', () => {
    const backwards = split.map((t) => tally(t.score, t.leads, t.leads - t.positives));
    for (const useless of [backwards, [tally(20, 100, 20), tally(50, 100, 22), tally(90, 100, 21)]])
      expect(won(useless)).toMatchObject({ enough: true, conclusion: expect.stringMatching(/^Higher scores were not clearly/) });
    expect(won(backwards).suggestion).toBeUndefined();
  });

  it('is not made for a point or two that could be anything', () => {
    // the rate jumps at 59: one point lower would do no lead any good that is worth a decision
    const close = [tally(30, 100, 5), tally(59, 60, 30), tally(85, 40, 30)];
    expect(won(close).suggestion?.tiers.GOLD ?? 60).toBe(60);
    expect(won(close, { PLATINUM: 80, GOLD: 61, SILVER: 40 }).suggestion!.tiers.GOLD).toBe(59);
  });

  it('comes seldom where tiers are right or scores say nothing, and nearly always where tiers are far off', () => {
    const random = seeded(11);
    const share = (chance: (score: number) => number, n: number) => {
      let suggested = 0;
      for (let round = 0; round < 100; round++) {
        const leads = Array.from({ length: n }, () => Math.floor(random.next() * 1000) / 10);
        if (won(leads.map((score) => tally(score, 1, random.chance(chance(score)) ? 1 : 0))).suggestion) suggested++;
      }
      return suggested;
    };
    expect(share(() => 0.2, 300)).toBeLessThanOrEqual(6);
    expect(share((score) => (score < 40 ? 0.04 : score < 60 ? 0.15 : score < 80 ? 0.3 : 0.55), 300)).toBeLessThanOrEqual(12);
    expect(share((score) => (score < 30 ? 0.02 : 0.5), 300)).toBeGreaterThanOrEqual(95);
  });
});

describe('what is no outcome', () => {
  it('is refused rather than counted', () => {
    const nonsense = [
      tally(Number.NaN, 1, 0),
      tally(-0.1, 1, 0),
      tally(100.1, 1, 1),
      tally(Number.POSITIVE_INFINITY, 1, 1),
      tally(50, 1, 2),
      tally(50, -1, -1),
      tally(50, 2, -1),
      tally(50, 1.5, 1),
      tally(50, Number.NaN, 0),
    ];
    for (const one of nonsense) expect(() => won([tally(50, 60, 30), one]), JSON.stringify(one)).toThrow(RangeError);
  });

  it('none at all gives no figures', () => {
    expect(won([])).toMatchObject({ leads: 0, positives: 0, brier: null, baseline: null, skill: null, auc: null, enough: false });
    expect(won([tally(50, 0, 0)])).toEqual(won([]));
  });
});

it('the month that has ended is told in the zone of the workspace', () => {
  expect(lastMonth(new Date('2026-12-01T11:00:00Z'), 'America/New_York')).toBe('2026-11');
  expect(lastMonth(new Date('2027-01-01T03:00:00Z'), 'America/New_York')).toBe('2026-11');
  expect(lastMonth(new Date('2027-01-01T03:00:00Z'), 'UTC')).toBe('2026-12');
  expect(lastMonth(new Date('2026-03-31T12:00:00Z'), 'UTC')).toBe('2026-02');
});

/** Pool adjacent violators: the rising rates that fit best. */
function isotonic(tallies: readonly Tally[]): { score: number; rate: number }[] {
  const pools: { scores: number[]; leads: number; positives: number }[] = [];
  for (const { score, leads, positives } of [...tallies].sort((a, b) => a.score - b.score)) {
    pools.push({ scores: [score], leads, positives });
    for (let last = pools.length - 1; last > 0; last--) {
      const [low, high] = [pools[last - 1]!, pools[last]!];
      if (low.positives / low.leads <= high.positives / high.leads) break;
      pools.splice(last - 1, 2, {
        scores: [...low.scores, ...high.scores],
        leads: low.leads + high.leads,
        positives: low.positives + high.positives,
      });
    }
  }
  return pools.flatMap(({ scores, leads, positives }) => scores.map((score) => ({ score, rate: positives / leads })));
}
