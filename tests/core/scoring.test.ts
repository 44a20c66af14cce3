import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Profile, profileSchema } from '../../src/core/profile.ts';
import { compileProfile, type Facts, roundScore, score } from '../../src/core/score.ts';
import { dealerProfile } from './profile.ts';

const facts = (attributes: Record<string, string>, name = 'Acme Ltd'): Facts => ({ name, industry: null, attributes });

const pointColumns = ['resimercial_score', 'multioem_score', 'mepr_score', 'om_score'] as const;
const points = (values: readonly (number | null)[]): Record<string, string> =>
  Object.fromEntries(pointColumns.flatMap((column, i) => (values[i] == null ? [] : [[column, String(values[i])]])));

const somePoints = fc.option(fc.integer({ min: 0, max: 100 }), { nil: null });
const fourPoints = fc.tuple(somePoints, somePoints, somePoints, somePoints);

describe('the score of a dealer', () => {
  it('sums points by weight and keeps the unrounded total', () => {
    const detail = score(dealerProfile, facts(points([75, 100, 50, 60])));
    expect(detail.score).toBe(72.75);
    expect(detail.factors.map((f) => f.contribution)).toEqual([26.25, 25, 12.5, 9, 0]);
    expect(detail).toMatchObject({ profile: 'dealer', tier: 'GOLD', grade: 'B', temperature: 'hot' });
  });

  it('quotes the evidence that stands beside the points', () => {
    const detail = score(dealerProfile, facts({ MultiOEM_Score: '50', 'multioem evidence': '2 OEM certifications (A, B)' }));
    expect(detail.factors[1]).toMatchObject({ points: 50, evidence: '2 OEM certifications (A, B)' });
  });

  it('says which criteria are met, missed and without any evidence', () => {
    const detail = score(dealerProfile, facts(points([75, 25, null, 60])));
    expect(detail.met).toEqual(['Resimercial', 'Operations & maintenance']);
    expect(detail.missed).toEqual(['Multi-OEM']);
    expect(detail.missing).toEqual(['MEP+R trades']);
    expect(detail.factors[2]).toMatchObject({ points: null, contribution: 0, evidence: null });
  });

  it('judges the tier on the unrounded total', () => {
    const tierAt = (resimercial: number, oem: number, trades: number, om: number) =>
      score(dealerProfile, facts(points([resimercial, oem, trades, om]))).tier;
    expect(tierAt(80, 80, 80, 80)).toBe('PLATINUM');
    // 79.95: shown as 80.0, still below the line.
    expect(tierAt(80, 80, 79.8, 80)).toBe('GOLD');
    expect(tierAt(50, 25, 100, 75)).toBe('GOLD');
    expect(tierAt(40, 40, 40, 40)).toBe('SILVER');
    expect(tierAt(40, 40, 40, 39)).toBe('BRONZE');
  });

  it('shows the same number as grade and temperature', () => {
    const views = [90, 70, 50, 10].map((n) => score(dealerProfile, facts(points([n, n, n, n]))));
    expect(views.map((v) => v.grade)).toEqual(['A', 'B', 'C', 'D']);
    expect(views.map((v) => v.temperature)).toEqual(['hot', 'hot', 'warm', 'cold']);
  });

  it('adds the bonus for states on top and never passes 100', () => {
    const base = points([60, 60, 60, 60]);
    expect(score(dealerProfile, facts(base)).score).toBe(60);
    expect(score(dealerProfile, facts({ ...base, states_served: 'TX' })).score).toBe(60);
    expect(score(dealerProfile, facts({ ...base, states_served: 'TX, OK' })).score).toBe(65);
    expect(score(dealerProfile, facts({ ...base, state_count: '7' })).score).toBe(70);
    expect(score(dealerProfile, facts({ ...points([100, 100, 100, 100]), states_served: 'TX; OK; LA' })).score).toBe(100);
  });

  it('treats points that are no number as no evidence and keeps others within 0 and 100', () => {
    const detail = score(dealerProfile, facts({ resimercial_score: 'high', multioem_score: '250', mepr_score: '-5' }, 'Zzz'));
    expect(detail.factors.slice(0, 3).map((f) => f.points)).toEqual([null, 100, 0]);
  });
});

describe('without columns of points', () => {
  const factor = (id: string, attributes: Record<string, string>, name?: string) =>
    score(dealerProfile, facts(attributes, name)).factors.find((f) => f.id === id);

  it.each([
    ['Generac', 25, '1 OEM certification (Generac)'],
    ['Generac, Kohler', 50, '2 OEM certifications (Generac, Kohler)'],
    ['Generac; Kohler / Cummins', 100, '3 OEM certifications (Generac, Kohler, Cummins)'],
    ['Generac, generac', 25, '1 OEM certification (generac)'],
  ])('counts the OEMs of "%s"', (list, expected, evidence) => {
    expect(factor('multi-oem', { oems_certified: list })).toMatchObject({ points: expected, evidence });
  });

  it('takes a bare count of OEMs', () => {
    expect(factor('multi-oem', { OEM_Count: '3' })).toMatchObject({ points: 100, evidence: '3 OEM certifications' });
    expect(factor('multi-oem', { OEM_Count: '0' })?.points).toBeNull();
  });

  it('counts the trades that are ticked', () => {
    const ticked = { has_hvac: 'True', has_plumbing: 'yes', has_electrical: 'False' };
    expect(factor('mep-r', ticked)).toMatchObject({ points: 75, evidence: '2 trades (mechanical, plumbing)' });
  });

  it('finds trades, markets and service in the name', () => {
    const name = 'Lone Star Heating, Plumbing & Electric';
    expect(factor('mep-r', {}, name)).toMatchObject({ points: 100, evidence: '3 trades (mechanical, electrical, plumbing)' });
    expect(factor('resimercial', {}, 'Oak Home & Commercial Services')).toMatchObject({
      points: 100,
      evidence: 'Commercial and residential in the name ("commercial" and "home")',
    });
    expect(factor('operations-maintenance', {}, 'Oak Maintenance & Service Inc')?.points).toBe(100);
    expect(factor('operations-maintenance', {}, 'Oak Service Inc')?.points).toBe(75);
  });

  it('reads whole words only', () => {
    expect(factor('mep-r', {}, 'Repair Affairs')?.points).toBeNull();
    expect(factor('resimercial', {}, 'Homeric Verse')?.points).toBeNull();
  });
});

describe('what would raise the tier', () => {
  const raise = (attributes: Record<string, string>) => score(dealerProfile, facts(attributes)).wouldRaise;

  it('counts how many more certifications it takes', () => {
    expect(raise({ ...points([75, 25, 100, 60]), oem_count: '1' })).toEqual([
      'Two more OEM certifications (multi-OEM 25 -> 100) would add 18.8 points: PLATINUM',
    ]);
  });

  it('takes the smallest step that is enough', () => {
    expect(raise({ ...points([75, 25, 50, 75]), oems_certified: 'Generac' })).toContain(
      'One more OEM certification (multi-OEM 25 -> 50) would add 6.2 points: GOLD',
    );
  });

  it('joins changes when no single one is enough', () => {
    expect(raise({ ...points([75, 50, 75, 60]), oem_count: '2' })).toEqual([
      'One more OEM certification (multi-OEM 50 -> 100) and branches or licences in three or more states (multi-state unknown -> 100) would together add 22.5 points: PLATINUM',
    ]);
  });

  it('does not ask for what the record already has', () => {
    const sentences = raise({ ...points([75, 50, 75, 60]), oem_count: '4' });
    expect(sentences.join()).not.toMatch(/OEM/);
  });

  it('has nothing to say at the top', () => {
    expect(raise(points([90, 90, 90, 90]))).toEqual([]);
  });

  it('is true: the change, made, gives the tier that was promised', () => {
    fc.assert(
      fc.property(fourPoints, (values) => {
        const attributes = { ...points(values), state_count: '1' };
        for (const sentence of raise(attributes)) {
          const changed: Record<string, string> = { ...attributes };
          if (/resimercial \S+ -> 100/.test(sentence)) changed.resimercial_score = '100';
          if (/multi-OEM \S+ -> 100/.test(sentence)) changed.multioem_score = '100';
          if (/MEP\+R trades \S+ -> 100/.test(sentence)) changed.mepr_score = '100';
          if (/operations & maintenance \S+ -> 100/.test(sentence)) changed.om_score = '100';
          if (/multi-state 0 -> 50/.test(sentence)) changed.state_count = '2';
          if (/multi-state 0 -> 100/.test(sentence)) changed.state_count = '3';
          expect(changed).not.toEqual(attributes);
          const before = score(dealerProfile, facts(attributes)).score;
          const after = score(dealerProfile, facts(changed));
          expect(sentence).toMatch(new RegExp(`add ${roundScore(after.score - before)} points?: ${after.tier}$`));
        }
      }),
    );
  });
});

describe('any profile', () => {
  it('stays within 0 and 100, never falls when one criterion rises, and adds up from its factors', () => {
    fc.assert(
      fc.property(fourPoints, fc.nat(3), fc.integer({ min: 0, max: 100 }), (values, index, other) => {
        const detail = score(dealerProfile, facts(points(values)));
        expect(detail.score).toBeGreaterThanOrEqual(0);
        expect(detail.score).toBeLessThanOrEqual(100);
        expect(detail.factors.reduce((sum, f) => sum + f.contribution, 0)).toBeCloseTo(detail.score, 9);
        expect(detail.met.length + detail.missed.length + detail.missing.length).toBe(4);

        const raised = values.with(index, Math.max(values[index] ?? 0, other));
        expect(score(dealerProfile, facts(points(raised))).score).toBeGreaterThanOrEqual(detail.score);
      }),
    );
  });

  it('takes any names of columns without harm', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), fc.string(), (attributes, name) => {
        const detail = score(dealerProfile, { name, industry: name, attributes });
        expect(detail.score).toBeGreaterThanOrEqual(0);
        expect(detail.score).toBeLessThanOrEqual(100);
      }),
    );
  });

  it('is refused when its weights do not add up to 1', () => {
    const [first, ...rest] = dealerProfile.criteria;
    const heavier: Profile = { ...dealerProfile, criteria: [{ ...first!, weight: 0.5 }, ...rest] };
    expect(dealerProfile.criteria.reduce((sum, c) => sum + c.weight, 0)).toBeCloseTo(1, 12);
    expect(profileSchema.safeParse(dealerProfile).success).toBe(true);
    expect(profileSchema.safeParse(heavier).error?.message).toContain('add up to 1');
  });

  it('scores many records the same way when compiled once', () => {
    const scorer = compileProfile(dealerProfile);
    for (const n of [10, 55, 10, 85, 55]) {
      const record = facts({ ...points([n, n, n, n]), oem_count: String(n % 3) });
      expect(scorer(record)).toEqual(compileProfile(dealerProfile)(record));
    }
  });
});

describe('a score on screen', () => {
  it.each([
    [72.75, 72.8],
    [72.74999999999999, 72.8],
    [56.25, 56.2],
    [59.949, 59.9],
    [1.005, 1],
    [0, 0],
    [100, 100],
  ])('shows %d as %d', (exact, shown) => {
    expect(roundScore(exact)).toBe(shown);
  });
});
