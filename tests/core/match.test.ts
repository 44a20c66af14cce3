import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Facts, prepare, type Verdict } from '../../src/core/match/facts.ts';
import { judge } from '../../src/core/match/judge.ts';
import { KeyKind, matchKeys, nameTag } from '../../src/core/match/keys.ts';
import { normalName } from '../../src/core/match/names.ts';
import { looksShared } from '../../src/core/match/shared.ts';

const nothingShared = { phone: false, email: false, domain: false };
const compare = (a: Facts, b: Facts, shared: Partial<typeof nothingShared> = {}): Verdict =>
  judge(prepare(a), prepare(b), { ...nothingShared, ...shared });

function keysOf(facts: Facts): Set<string> {
  const keys = new Set<string>();
  matchKeys(facts, (kind, hash) => keys.add(`${kind}:${hash}`));
  return keys;
}
const meet = (a: Facts, b: Facts): boolean => {
  const keys = keysOf(a);
  return [...keysOf(b)].some((key) => keys.has(key));
};

interface Pair {
  a: Facts;
  b: Facts;
  label: 'same' | 'different' | 'unclear';
  why: string;
  shared?: Partial<typeof nothingShared>;
}
const pairs = JSON.parse(readFileSync(new URL('../fixtures/match-development.json', import.meta.url), 'utf8')) as Pair[];

describe('on the labelled pairs', () => {
  const judged = pairs.map((pair) => ({ ...pair, found: compare(pair.a, pair.b, pair.shared).verdict }));
  const labelled = (label: Pair['label']) => judged.filter((pair) => pair.label === label);
  const share = (part: unknown[], whole: unknown[]): number => part.length / whole.length;

  it('what is merged is one lead', () => {
    const merged = judged.filter(({ found, label }) => found === 'same' && label !== 'unclear');
    const wrong = merged.filter(({ label }) => label === 'different').map(({ why }) => why);
    expect(1 - share(wrong, merged), wrong.join('; ')).toBeGreaterThanOrEqual(0.99);
  });

  it('duplicates are merged, or at least shown to a person', () => {
    const same = labelled('same');
    const asked = same.filter(({ found }) => found === 'review').map(({ why }) => why);
    const lost = same.filter(({ found }) => found === 'different').map(({ why }) => why);
    expect(1 - share([...asked, ...lost], same), asked.join('; ')).toBeGreaterThanOrEqual(0.85);
    expect(1 - share(lost, same), lost.join('; ')).toBeGreaterThanOrEqual(0.97);
  });

  it('a person is not asked about companies that have nothing to do with one another', () => {
    const different = labelled('different');
    expect(
      share(
        different.filter(({ found }) => found === 'review'),
        different,
      ),
    ).toBeLessThan(0.1);
  });

  it('what nobody can know is not decided for a person', () => {
    expect(
      labelled('unclear')
        .filter(({ found }) => found === 'same')
        .map(({ why }) => why),
    ).toEqual([]);
  });

  it('two records of one company meet', () => {
    const same = labelled('same');
    const apart = same.filter(({ a, b }) => !meet(a, b)).map(({ why }) => why);
    expect(1 - share(apart, same), apart.join('; ')).toBeGreaterThanOrEqual(0.98);
  });
});

describe('a normal name', () => {
  it.each([
    ['ACME ELECTRIC, INC.', 'Acme Electrical L.L.C.'],
    ['The Quillon Co', 'Quillon'],
    ['Ott & Sons Htg & Clg', 'Ott and Son Heating & Cooling'],
    ['A & A Generators', 'AA Generator'],
    ['A-1 Septic', 'A One Septic'],
    ['Mt. Hood Plbg Svcs', 'Mount Hood Plumbing Service'],
    ['St. Clair Mfg Intl', 'Saint Clair Manufacturing International'],
    ['Brightwater Air Conditioning', 'Brightwater A/C'],
    ["Dmitri's Roofing", 'Dmitris Roofing'],
    ['Holdings LLC d/b/a Copperfield Plumbing', 'Copperfield Plumbing'],
    ['Müller Haustechnik GmbH & Co. KG', 'Muller Haustechnik'],
    ['Rossi S.p.A.', 'Rossi'],
    ['Electrica Norte S.A. de C.V.', 'Eléctrica Norte'],
    ['Wattlebird Pty Ltd', 'Wattlebird'],
    ['ООО Ромашка', 'Ромашка'],
  ])('is one for "%s" and "%s"', (a, b) => {
    expect(normalName(a)).toBe(normalName(b));
  });

  it.each([
    ['Acme 2', 'Acme 3'],
    ['A1 Electric', 'A2 Electric'],
    ['Bayview North', 'Bayview South'],
    ['Bell Plumbing', 'Ball Plumbing'],
    ['Sunset Spa', 'Sunset'],
  ])('keeps "%s" and "%s" apart', (a, b) => {
    expect(normalName(a)).not.toBe(normalName(b));
  });

  it('of a name that is all legal form and article still says something', () => {
    expect(normalName('The And Co')).not.toBe('');
    expect(normalName('LLC')).toBe('llc');
  });
});

describe('the verdict', () => {
  const here = { city: 'Austin', state: 'TX' };

  it('says why, in words', () => {
    expect(
      compare(
        { name: 'Vanterpool Elektric', phone: '+13055550134', domain: 'vanterpool.com', ...here },
        { name: 'Vanterpool Electric LLC', phone: '+13055550134', domain: 'vanterpool.com', ...here },
      ).reasons,
    ).toEqual([
      'names differ by one letter (elektric / electric)',
      'same phone',
      'same own domain vanterpool.com',
      'same town Austin',
    ]);
    expect(compare({ name: 'Acme', ...here }, { name: 'Acme', city: 'Houston', state: 'TX' }).reasons).toContain(
      'different towns: Austin / Houston',
    );
  });

  it('takes no phone, e-mail or domain of many companies for evidence', () => {
    const a = { name: 'Airwise Heating', domain: 'portal.example', phone: '+15125550101' };
    const b = { name: 'Airwise Heating', domain: 'portal.example', phone: '+15125550101' };
    expect(compare(a, { ...b, state: 'TX' }).verdict).toBe('same');
    expect(compare(a, { ...b, state: 'TX' }, { phone: true, domain: true }).verdict).not.toBe('same');
  });

  it("takes hosts of portals and free mail for nobody's own", () => {
    for (const domain of ['facebook.com', 'gmail.com', 'shop.dispatch.me'])
      expect(compare({ name: 'Marisol Tacos', domain }, { name: 'Marisol Tacos', domain, state: 'NV' }).verdict).not.toBe('same');
  });

  it('asks about sister companies at one phone', () => {
    const phone = '+14345550301';
    expect(compare({ name: 'Acme Electric', phone, ...here }, { name: 'Acme Plumbing', phone, ...here }).verdict).toBe('review');
  });

  it('does not merge branches that share phone, domain and name', () => {
    const brand = { name: 'Gorham Supply', phone: '+12075550237', domain: 'gorham.com' };
    const a = { ...brand, street: '1 Main St', city: 'Gorham', state: 'ME' };
    expect(compare(a, { ...brand, street: '9 Elm St', city: 'Portland', state: 'ME' }).verdict).not.toBe('same');
  });

  it('does not let all contacts together merge a numbered site with another', () => {
    const contacts = { phone: '+12075550237', email: 'info@storeit.com', domain: 'storeit.com', street: '1 Main St', ...here };
    expect(compare({ name: 'Store-It Unit 1', ...contacts }, { name: 'Store-It Unit 2', ...contacts }).verdict).not.toBe('same');
  });
});

describe('a value of many records', () => {
  it('is shared when about as many names as records hold it', () => {
    expect(looksShared(KeyKind.domain, 45, 45)).toBe(true);
    expect(looksShared(KeyKind.phone, 6, 9)).toBe(true);
    expect(looksShared(KeyKind.domain, 300, 3000)).toBe(true);
  });

  it("is one company's own when its branches hold it, misspelled now and then", () => {
    expect(looksShared(KeyKind.domain, 1, 5)).toBe(false);
    expect(looksShared(KeyKind.domain, 12, 2000)).toBe(false);
    expect(looksShared(KeyKind.email, 2, 2)).toBe(false);
  });

  it('counts branches, spellings and trades of one company as one name', () => {
    const tags = [
      nameTag('Servpro of Austin'),
      nameTag('SERVPRO Dallas', 'Dallas'),
      nameTag('Servpro - Fort Worth'),
      nameTag('Servpro Inc.'),
      nameTag('Servpro Cleaning Services'),
      matchKeys({ name: 'ServPro', city: 'Waco' }, () => {}),
    ];
    expect(new Set(tags).size).toBe(1);
    expect(nameTag('Smith Plumbing')).not.toBe(nameTag('Jones Plumbing'));
    expect(nameTag('Quality Plumbing')).not.toBe(nameTag('Premier Plumbing'));
  });
});

describe('keys', () => {
  it('are few, and safe integers', () => {
    const keys: number[] = [];
    matchKeys(
      {
        name: 'Holdings LLC dba Copperfield Plumbing',
        phone: '+16025550143',
        email: 'info@copperfield.com',
        domain: 'copperfieldplumbing.com',
        street: '1 Main St',
        city: 'Mesa',
        state: 'AZ',
        zip: '85201',
        people: Array.from({ length: 50 }, (_, i) => ({
          name: `P ${i}`,
          email: `p${i}@copperfield.com`,
          phone: `+1602555${1000 + i}`,
        })),
      },
      (_, hash) => keys.push(hash),
    );
    expect(keys.every(Number.isSafeInteger)).toBe(true);
    expect(keys.length).toBeLessThanOrEqual(25);
  });

  it('of unrelated companies differ', () => {
    expect(
      meet({ name: 'Thorne Heating', city: 'Akron', state: 'OH' }, { name: 'Vance Roofing', city: 'Akron', state: 'OH' }),
    ).toBe(false);
  });
});

describe('whatever the records say', () => {
  const word = fc.oneof(
    fc.constantFrom(
      'Acme',
      'Bell',
      'Electric',
      'Electrical',
      'Plumbing',
      'of',
      'Austin',
      '2',
      'A1',
      'A',
      '&',
      'LLC',
      'North',
      'dba',
      '(',
      ' - ',
    ),
    fc.string({ maxLength: 12 }),
    fc.string({ unit: 'binary', maxLength: 6 }),
  );
  const name = fc.array(word, { maxLength: 8 }).map((words) => words.join(' '));
  const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
  const place = {
    street: maybe(fc.constantFrom('1 Main St', '12 Elm Rd', 'PO Box 3')),
    city: maybe(fc.constantFrom('Austin', 'St. Paul', 'Saint Paul', 'Waco')),
    state: maybe(fc.constantFrom('TX', 'Texas', 'MN')),
    zip: maybe(fc.constantFrom('78701', '78701-1234', '55117')),
    country: maybe(fc.constantFrom('US', 'USA', 'CA')),
  };
  const facts: fc.Arbitrary<Facts> = fc.record({
    name,
    phone: maybe(fc.constantFrom('+15125550101', '+15125550102', '+18005550103')),
    email: maybe(fc.constantFrom('a@acme.com', 'b@acme.com', 'acme@gmail.com')),
    domain: maybe(fc.constantFrom('acme.com', 'acme.net', 'facebook.com')),
    people: maybe(fc.array(fc.record({ name, email: maybe(fc.constantFrom('a@acme.com', 'c@bell.com')) }), { maxLength: 4 })),
    ...place,
  });

  it('the order of the two makes no difference, and asking again neither', () => {
    fc.assert(
      fc.property(facts, facts, fc.record({ phone: fc.boolean(), email: fc.boolean(), domain: fc.boolean() }), (a, b, shared) => {
        const first = compare(a, b, shared);
        const other = compare(b, a, shared);
        expect([other.verdict, other.confidence]).toEqual([first.verdict, first.confidence]);
        expect(compare(a, b, shared)).toEqual(first);
        expect(first.confidence).toBeGreaterThanOrEqual(0);
        expect(first.confidence).toBeLessThanOrEqual(1);
        if (first.verdict === 'same') expect(first.confidence).toBeGreaterThanOrEqual(0.9);
      }),
      { numRuns: 1000 },
    );
  });

  it('a record is itself when it says where or who it is', () => {
    fc.assert(
      fc.property(facts, (record) => {
        const known = record.phone || record.email || (record.domain && record.domain !== 'facebook.com');
        fc.pre(Boolean(known || record.city || record.state || record.zip || record.street));
        expect(compare(record, { ...record }).verdict).toBe('same');
      }),
      { numRuns: 500 },
    );
  });

  it('hostile text is cut short, not worked through', () => {
    const long = [
      'a'.repeat(5_000_000),
      'a b '.repeat(1_000_000),
      'x dba '.repeat(500_000),
      '𝒳é('.repeat(500_000),
      '-'.repeat(1_000_000),
    ];
    for (const text of long) {
      const record = {
        name: text,
        phone: text,
        email: text,
        domain: text,
        street: text,
        city: text,
        state: text,
        zip: text,
        country: text,
      };
      expect(() => matchKeys({ ...record, people: [record] }, () => {})).not.toThrow();
      expect(() => compare(record, { ...record, name: `${text}b` })).not.toThrow();
    }
  });
});
