import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Profile, parseProfile } from '../../src/core/profile.ts';
import { changedProfile, differences } from '../../src/core/profile-change.ts';
import { score } from '../../src/core/score.ts';
import { profileFrom, profileText } from '../../src/tools/profile-text.ts';
import { dealerProfile, shippedProfiles } from './profile.ts';

// biome-ignore lint/suspicious/noExplicitAny: what is broken here has no type
type Raw = any;

/** The dealer profile with something else in one place. */
function broken(change: (raw: Raw) => void): unknown {
  const raw = structuredClone(dealerProfile);
  change(raw);
  return raw;
}
const words = (any: string[]) => ({ words: [{ any, points: 50, label: 'Words' }] });

describe('a profile that cannot be used says what is wrong, and where', () => {
  const cases: [what: string, change: (raw: Raw) => void, message: RegExp][] = [
    [
      'weights that do not add up',
      (p) => (p.criteria[0].weight = 0.4),
      /the weights add up to 105 %, not 100 % \(Resimercial 40 %, Multi-OEM 25 %/,
    ],
    ['a weight in percent', (p) => (p.criteria[0].weight = 35), /criterion 1 \(resimercial\), weight: a weight is a share of 1/],
    ['a negative weight', (p) => (p.criteria[1].weight = -0.25), /criterion 2 \(multi-oem\), weight: a weight is more than 0/],
    [
      'a weight that is no number',
      (p) => (p.criteria[1].weight = 'heavy'),
      /criterion 2 \(multi-oem\), weight: has to be a number/,
    ],
    ['a weight of NaN', (p) => (p.criteria[1].weight = Number.NaN), /criterion 2 \(multi-oem\), weight/],
    [
      'tiers upside down',
      (p) => (p.tiers.GOLD = 90),
      /tiers: PLATINUM has to begin above GOLD, GOLD above SILVER.*\(here 80, 90, 40\)/,
    ],
    ['a tier beyond the scale', (p) => (p.tiers.PLATINUM = 300), /tiers, PLATINUM: points are 0 to 100/],
    ['a missing tier', (p) => delete p.tiers.SILVER, /tiers, SILVER: is missing \(a number\)/],
    ['a tier that does not exist', (p) => (p.tiers.DIAMOND = 95), /tiers: does not know "DIAMOND"/],
    ['no criteria', (p) => (p.criteria = []), /criteria: a profile needs at least one criterion/],
    ['criteria that are no list', (p) => (p.criteria = { a: 1 }), /criteria: has to be a list/],
    ['two criteria of one id', (p) => (p.criteria[1].id = 'resimercial'), /criteria: two of them have the id "resimercial"/],
    ['two criteria of one name', (p) => (p.criteria[1].label = 'resimercial'), /criteria: two of them are called "resimercial"/],
    ['an id with spaces', (p) => (p.id = 'My Profile'), /id: an id is lower-case letters/],
    ['no sources', (p) => (p.criteria[2].sources = []), /criterion 3 \(mep-r\), sources: needs at least one source/],
    [
      'a source of no kind',
      (p) => (p.criteria[2].sources = [{ colunm: 'x' }]),
      /criterion 3 \(mep-r\), source 1: a source has one of: points, count/,
    ],
    [
      'a source that is text',
      (p) => (p.criteria[2].sources = ['industry']),
      /criterion 3 \(mep-r\), source 1: a source has one of/,
    ],
    [
      'points beyond 100',
      (p) => (p.criteria[0].sources[1].words[0].points = 700),
      /criterion 1 \(resimercial\), source 2, word 1, points: points are 0 to 100/,
    ],
    [
      'a key that nobody reads',
      (p) => (p.criteria[0].sources[0].colour = 'red'),
      /criterion 1 \(resimercial\), source 1: does not know "colour"/,
    ],
    ['no words', (p) => (p.criteria[0].sources = [words([])]), /source 1, word 1, any: needs at least one word/],
    ['words without a letter', (p) => (p.criteria[0].sources = [words(['***'])]), /has no letter or digit to look for/],
    [
      'a list that is not there',
      (p) => (p.criteria[0].sources = [words(['@sunbelt'])]),
      /criterion 1 \(resimercial\), source 1: there is no list "sunbelt"/,
    ],
    [
      'a list named like part of every object',
      (p) => (p.criteria[0].sources = [words(['@constructor'])]),
      /there is no list "constructor"/,
    ],
    ['a list of lists', (p) => (p.lists = { a: ['@b'], b: ['x'] }), /lists, a: a list holds words, not other lists/],
    [
      'two bands at one count',
      (p) => p.criteria[1].sources[1].bands.push({ atLeast: 1, points: 3 }),
      /two bands begin at the same count/,
    ],
    [
      'a question without answers',
      (p) => (p.criteria[0].sources = [{ question: 'Do they serve homes?', answers: {} }]),
      /source 1, answers: needs at least one answer/,
    ],
    [
      'nothing at all',
      (p) => {
        for (const key in p) delete p[key];
      },
      /id: is missing.*criteria: is missing/,
    ],
  ];
  it.each(cases)('%s', (_what, change, message) => {
    expect(() => parseProfile(broken(change))).toThrow(message);
  });

  it.each([null, 3, 'dealer', [], [dealerProfile]])('and so does something that is no profile: %j', (raw) => {
    expect(() => parseProfile(raw)).toThrow(/^This profile cannot be used/);
  });

  it('names eight mistakes and counts the rest', () => {
    const raw = broken((p) => {
      for (let i = 0; i < 12; i++) p['criteria'].push({ id: `extra-${i}` });
    });
    expect(() => parseProfile(raw)).toThrow(/extra-0.*; and \d+ more\.$/s);
  });
});

describe('a profile as a file', () => {
  it.each(shippedProfiles.map((profile) => [profile.id, profile] as const))(
    '%s comes back from its own text as it was',
    (_id, profile) => {
      expect(profileFrom(profileText(profile))).toEqual(profile);
    },
  );

  it('names the line that is no YAML', () => {
    expect(() => profileFrom('id: x\nname: [a, b\ntiers: 3\n')).toThrow(/^This is no YAML \(line \d\): /);
  });

  it('does not unfold aliases without end', () => {
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x]',
      ...'bcdefghi'.split('').map((k, i) => `${k}: &${k} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(', ')}]`),
    ].join('\n');
    expect(() => profileFrom(bomb)).toThrow(/repeats itself too often/);
  });

  it('is refused before it is read when it is endless', () => {
    expect(() => profileFrom('x'.repeat(600_000))).toThrow(/at most 500,000 characters/);
  });
});

describe('a changed weight', () => {
  const share = (profile: Profile, id: string) => profile.criteria.find((criterion) => criterion.id === id)!.weight;

  it('is what was asked for, and the others make room in proportion', () => {
    const next = changedProfile(dealerProfile, { weights: { 'Multi-OEM': 30 } });
    expect(share(next, 'multi-oem')).toBe(0.3);
    expect(share(next, 'resimercial')).toBeCloseTo(0.35 * (0.7 / 0.75), 3);
    expect(differences(dealerProfile, next)).toContain('Multi-OEM: 25 % -> 30 %');
  });

  it('is found by id or name however it is written, and an unknown one is answered with those there are', () => {
    expect(share(changedProfile(dealerProfile, { weights: { 'multi oem': 40 } }), 'multi-oem')).toBe(0.4);
    expect(() => changedProfile(dealerProfile, { weights: { loyalty: 10 } })).toThrow(
      /no criterion "loyalty". There are: Resimercial, Multi-OEM/,
    );
  });

  it.each([0, -5, 101, Number.NaN, Number.POSITIVE_INFINITY])('of %d percent is refused', (value) => {
    expect(() => changedProfile(dealerProfile, { weights: { 'multi-oem': value } })).toThrow(
      /more than 0 and at most 100 percent/,
    );
  });

  it('that leaves nothing for the others is refused', () => {
    expect(() => changedProfile(dealerProfile, { weights: { 'multi-oem': 100 } })).toThrow(/leaves nothing for Resimercial/);
  });

  it('always makes a profile whose weights add up, with every weight above zero', () => {
    const ids = dealerProfile.criteria.map(({ id }) => id);
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...ids), fc.double({ min: 0.01, max: 33, noNaN: true }), { minKeys: 1, maxKeys: 3 }),
        (weights) => {
          const next = changedProfile(dealerProfile, { weights });
          expect(next.criteria.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9);
          expect(Math.min(...next.criteria.map(({ weight }) => weight))).toBeGreaterThan(0);
          for (const [id, value] of Object.entries(weights)) expect(share(next, id)).toBeCloseTo(value / 100, 3);
        },
      ),
    );
  });
});

describe('where evidence is found', () => {
  const saas = shippedProfiles.find(({ id }) => id === 'saas')!;
  const of = (facts: Partial<Parameters<typeof score>[1]>) => {
    const { factors } = score(saas, { name: 'Zed', industry: null, attributes: {}, ...facts });
    return Object.fromEntries(factors.map(({ id, points, evidence }) => [id, [points, evidence]]));
  };

  it('the lead’s own fields are read like columns, before a column of the same name', () => {
    expect(of({ employees: 120 })['size']).toEqual([80, '120 employees']);
    expect(of({ attributes: { Employees: '12' } })['size']).toEqual([30, '12 employees']);
    expect(of({ employees: 120, attributes: { employees: '12' } })['size']).toEqual([80, '120 employees']);
  });

  it('regions are matched by code and by name, and elsewhere is known to be elsewhere', () => {
    expect(of({ state: 'TX' })['region']).toEqual([100, 'Home market (Texas)']);
    expect(of({ state: 'texas' })['region']?.[0]).toBe(100);
    expect(of({ country: 'GB' })['region']).toEqual([60, 'Neighbouring market (United Kingdom)']);
    expect(of({ state: 'PE', country: 'CA' })['region']).toEqual([100, 'Home market (Prince Edward Island)']);
    expect(of({ country: 'Peru' })['region']).toEqual([10, 'Another market (Peru)']);
    expect(of({ country: 'PE' })['region']).toEqual([10, 'Another market (Peru)']);
    expect(of({ state: 'CA', country: 'IT' })['region']).toEqual([10, 'Another market (CA)']);
    expect(of({ state: 'DE' })['region']).toEqual([100, 'Home market (Delaware)']);
    expect(of({ country: 'DE' })['region']).toEqual([60, 'Neighbouring market (Germany)']);
    expect(of({})['region']).toEqual([null, null]);
  });

  it('an industry on a list counts, another one is known to be another', () => {
    expect(of({ industry: 'Computer Software' })['industry']).toEqual([100, 'Core industry ("software")']);
    expect(of({ industry: 'Bakery' })['industry']).toEqual([20, 'Another industry']);
    expect(of({ name: 'Bright Cloud' })['industry']?.[0]).toBe(60);
  });

  it('what enrichment found is read by its name', () => {
    expect(of({ attributes: { 'enrichment.technologies': 'Salesforce, Slack, AWS' } })['stack']).toEqual([
      100,
      '3 kind of tools (CRM, cloud, collaboration)',
    ]);
  });
});
