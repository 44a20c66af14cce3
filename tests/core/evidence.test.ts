import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Facts } from '../../src/core/facts.ts';
import type { Finding } from '../../src/core/findings.ts';
import { type EvidenceSource, type Profile, parseProfile } from '../../src/core/profile.ts';
import { lowered } from '../../src/core/raise.ts';
import { roundScore, score, withPoints } from '../../src/core/score.ts';
import { dealerProfile, shippedProfiles } from './profile.ts';

const facts = (attributes: Record<string, string> = {}, more: Partial<Facts> = {}): Facts => ({
  name: 'Quill Larch',
  industry: null,
  ...more,
  attributes,
});
/** A profile of one criterion with these sources. */
const profileOf = (sources: EvidenceSource[], lists: Profile['lists'] = {}): Profile =>
  parseProfile({
    id: 'one',
    name: 'One',
    lists,
    criteria: [{ id: 'it', label: 'It', weight: 1, met: 50, raise: 'More of it', sources }],
    tiers: { PLATINUM: 80, GOLD: 60, SILVER: 40 },
  });
const found = (source: EvidenceSource | EvidenceSource[], record: Facts, lists?: Profile['lists']) => {
  const { points, evidence, source: place, certainty, quote } = score(profileOf([source].flat(), lists), record).factors[0]!;
  return points === null ? null : { points, evidence, source: place, certainty, ...(quote && { quote }) };
};

describe('words in columns', () => {
  const source: EvidenceSource = {
    words: [
      { any: ['@our'], and: ['contractor'], points: 100, label: 'Our trade' },
      { any: ['@our', 'roofing'], points: 60, label: 'Near it' },
    ],
    in: ['industry', 'Line of Business'],
    otherwise: { points: 10, label: 'Another trade' },
  };
  const lists = { our: ['electrical', 'heating'] };
  it.each([
    [{ line_of_business: 'Electrical Contractor' }, {}, 100, 'Our trade ("electrical" and "contractor")'],
    [{ lineofbusiness: 'contractor' }, { industry: 'Heating' }, 100, 'Our trade ("heating" and "contractor")'],
    [{}, { industry: 'ROOFING, siding' }, 60, 'Near it ("roofing")'],
    [{}, { industry: 'Bakery' }, 10, 'Another trade'],
    [{ 'LINE OF BUSINESS': 'Preheating' }, {}, 10, 'Another trade'],
  ] as const)('%j %j: %d', (attributes, more, points, evidence) => {
    const told = { points, evidence, source: 'industry, Line of Business', certainty: 0.9 };
    expect(found(source, facts(attributes, more), lists)).toEqual(told);
  });

  it('that are not filled say nothing, and the name is not one of them', () => {
    expect(found(source, facts({ industry: '', other: 'electrical' }, { name: 'Electrical Contractor' }), lists)).toBeNull();
  });
});

describe('a region', () => {
  const source: EvidenceSource = {
    regions: [
      { any: ['@home'], points: 100, label: 'Home' },
      { any: ['Germany', 'Ontario'], points: 60, label: 'Near' },
    ],
    otherwise: { points: 5, label: 'Far' },
  };
  const lists = { home: ['TX', 'Oklahoma'] };
  it.each([
    [{ state: 'TX' }, 100, 'Home (Texas)'],
    [{ state: 'texas' }, 100, 'Home (Texas)'],
    [{ state: 'OK' }, 100, 'Home (Oklahoma)'],
    [{ state: 'ON', country: 'Canada' }, 60, 'Near (Ontario)'],
    [{ state: 'Bavaria', country: 'germany' }, 60, 'Near (germany)'],
    [{ state: 'OH' }, 5, 'Far (Ohio)'],
    [{ country: 'Peru' }, 5, 'Far (Peru)'],
  ])('%j: %d', (place, points, evidence) => {
    expect(found(source, facts({}, place), lists)).toMatchObject({ points, evidence, certainty: 1 });
  });

  it('that nobody knows says nothing, and a column of that name will do', () => {
    expect(found(source, facts(), lists)).toBeNull();
    expect(found(source, facts({ State: 'TX' }), lists)).toMatchObject({ points: 100 });
    expect(found(source, facts({ State: 'TX' }, { state: 'OH' }), lists)).toMatchObject({ points: 5 });
  });
});

describe('a question', () => {
  const source: EvidenceSource = {
    question: 'Do they serve homes?',
    answers: { Yes: { points: 80, mentions: ['@homes'] }, No: { points: 0 } },
  };
  const lists = { homes: ['home', 'homes'] };
  const finding: Finding = {
    question: 'Do they serve homes?',
    answer: 'Yes',
    quote: 'homes of all sizes',
    source: 'about',
    model: 'one',
    at: '2026-11-01T00:00:00.000Z',
  };
  const about = { about: 'We serve homes of all sizes' };
  const reads = (findings: Finding[], attributes: Record<string, string> = about) =>
    found(source, facts(attributes, { findings }), lists);

  it('is answered by what a model found, with its quote, and less certain than a column', () => {
    expect(reads([finding])).toEqual({
      points: 80,
      evidence: 'Yes: "homes of all sizes"',
      source: 'about',
      certainty: 0.8,
      quote: 'homes of all sizes',
    });
  });

  it.each([
    ['of another question', { question: 'Do they serve offices?' }],
    ['that is no answer any more', { answer: 'Mostly' }],
    ['named like a prototype', { answer: 'constructor' }],
    ['whose words are not there', { quote: 'homes of all kinds' }],
    ['that says nothing of it', { quote: 'We serve' }],
    ['from elsewhere', { source: 'notes' }],
  ])('is not answered by a finding %s', (_what, change) => {
    expect(reads([{ ...finding, ...change }])).toBeNull();
  });

  it('is not asked where the record answers, and waits where its words change', () => {
    const profile = profileOf([{ points: 'Homes_Score' }, source], lists);
    const points = (attributes: Record<string, string>) => score(profile, facts(attributes, { findings: [finding] })).score;
    expect(points(about)).toBe(80);
    expect(points({ ...about, homes_score: '15' })).toBe(15);
    expect(points({ about: 'We do not serve homes of all sizes' })).toBe(0);
    expect(points({})).toBe(0);
  });

  it('tells a long quote in few words, and keeps all of it beside', () => {
    const long = `homes ${'and gardens '.repeat(30)}`.trim();
    const told = reads([{ ...finding, quote: long }], { about: long })!;
    expect(told.quote).toBe(long);
    expect(told.evidence!.length).toBeLessThan(140);
  });
});

describe('how sure a score is', () => {
  it.each([
    [{ oems_certified: 'A, B, C' }, {}, 0.25],
    [{ tier: 'elite dealer' }, {}, 0.45],
    [{}, { name: 'Oak Service' }, 0.09],
    [{ Resimercial_Score: '0' }, {}, 0.35],
    [{ states_served: 'TX, OK, LA' }, {}, 0],
  ])('%j %j: %d of the weight', (attributes, more, confidence) => {
    expect(score(dealerProfile, facts(attributes, more)).confidence).toBe(confidence);
  });
});

/** Words that sources of this kind look for, numbers, lists, and nonsense. */
const cells = (profile: Profile) => {
  const sources = [...profile.criteria, ...profile.bonuses].flatMap((part) => part.sources);
  const words = sources.flatMap((source) =>
    'words' in source ? source.words.flatMap(({ any }) => any) : 'groups' in source ? Object.values(source.groups).flat() : [],
  );
  const columns = sources.flatMap((source): string[] => {
    if ('points' in source) return [source.points];
    if ('count' in source) return [source.count];
    if ('list' in source) return [source.list];
    if ('flags' in source) return Object.keys(source.flags);
    return 'in' in source && source.in ? source.in : [];
  });
  const text = fc.array(fc.constantFrom('Oak', 'Sons', ...words), { minLength: 1, maxLength: 4 }).map((all) => all.join(' '));
  const value = fc.oneof(
    fc.integer({ min: -10, max: 6000 }).map(String),
    fc.constantFrom('yes', 'no', 'x', '', 'A, B', 'A; B; C'),
    text,
  );
  const attributes = fc
    .uniqueArray(fc.tuple(fc.constantFrom('other', ...columns), value), { selector: ([column]) => column, maxLength: 12 })
    .map((all) => Object.fromEntries(all));
  return fc.record({ name: text, industry: fc.option(text), attributes, state: fc.constantFrom(null, 'TX', 'Peru') });
};

describe.each(shippedProfiles.map((profile) => [profile.id, profile] as const))(
  'any record under the profile %s',
  (_id, profile) => {
    const { tiers } = profile;

    it('has a score of 0 to 100, the tier of that score, and a confidence of 0 to 1', () => {
      fc.assert(
        fc.property(cells(profile), (record) => {
          const { score: total, tier, grade, temperature, confidence } = score(profile, record);
          expect(total).toBeGreaterThanOrEqual(0);
          expect(total).toBeLessThanOrEqual(100);
          const expected =
            total >= tiers.PLATINUM ? 'PLATINUM' : total >= tiers.GOLD ? 'GOLD' : total >= tiers.SILVER ? 'SILVER' : 'BRONZE';
          expect(tier).toBe(expected);
          expect(`${grade} ${temperature}`).toBe({ PLATINUM: 'A hot', GOLD: 'B hot', SILVER: 'C warm', BRONZE: 'D cold' }[tier]);
          expect(confidence).toBeGreaterThanOrEqual(0);
          expect(confidence).toBeLessThanOrEqual(1);
        }),
      );
    });

    it('never falls when one of its criteria gets more points', () => {
      const part = fc.constantFrom(...profile.criteria, ...profile.bonuses);
      fc.assert(
        fc.property(cells(profile), part, fc.integer({ min: 0, max: 100 }), (record, { id }, points) => {
          const before = score(profile, record);
          const own = before.factors.find((factor) => factor.id === id)!.points ?? 0;
          const after = withPoints(profile, before, new Map([[id, Math.max(own, points)]]));
          expect(after.score).toBeGreaterThanOrEqual(before.score);
        }),
      );
    });

    it('gets the tier it is promised once what would raise it is so', () => {
      const parts = [...profile.criteria, ...profile.bonuses];
      let promises = 0;
      fc.assert(
        fc.property(cells(profile), (record) => {
          const before = score(profile, record);
          for (const sentence of before.wouldRaise) {
            const changes = [...sentence.matchAll(/\((?<label>[^()]*) (?:unknown|[\d.]+) -> (?<to>[\d.]+)\)/g)];
            const points = new Map(
              changes.map(({ groups }) => [
                parts.find(({ label }) => lowered(label) === groups!['label'])!.id,
                Number(groups!['to']),
              ]),
            );
            expect(points.size).toBeGreaterThan(0);
            const after = withPoints(profile, before, points);
            expect(sentence).toMatch(new RegExp(`add ${roundScore(after.score - before.score)} points?: ${after.tier}$`));
            expect(tiers[after.tier as keyof typeof tiers]).toBeGreaterThan(before.score);
            expect(sentence).not.toMatch(/-\d/);
            promises++;
          }
        }),
      );
      expect(promises).toBeGreaterThan(20);
    });

    it('is surer the more of its columns are filled, unless a second source speaks in their place', () => {
      fc.assert(
        fc.property(cells(profile), fc.nat(), (record, at) => {
          const columns = Object.keys(record.attributes);
          const { [columns[at % columns.length] ?? '']: _gone, ...attributes } = record.attributes;
          const before = score(profile, record);
          const after = score(profile, { ...record, attributes });
          const replaced = after.factors.some(
            ({ points, source }, index) => points !== null && source !== before.factors[index]!.source,
          );
          if (!replaced || profile.id !== 'saas') expect(after.confidence).toBeLessThanOrEqual(before.confidence);
        }),
      );
    });
  },
);

it('advice never asks for fewer of what is counted', () => {
  const profile = profileOf([
    {
      count: 'staff',
      noun: 'person',
      bands: [
        { atLeast: 1, points: 20 },
        { atLeast: 50, points: 90 },
        { atLeast: 500, points: 30 },
      ],
    },
  ]);
  expect(score(profile, facts({ staff: '800' })).wouldRaise).toEqual([]);
  expect(score(profile, facts({ staff: '48' })).wouldRaise).toEqual([
    'Two more persons (it 20 -> 90) would add 70 points: PLATINUM',
  ]);
});
