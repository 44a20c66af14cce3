import { describe, expect, it } from 'vitest';
import type { Facts } from '../../src/core/facts.ts';
import { parseProfile } from '../../src/core/profile.ts';
import { qualificationKey, qualify } from '../../src/core/qualification.ts';
import { dealerProfile, shippedProfiles } from './profile.ts';

const facts = (attributes: Record<string, string> = {}, more: Partial<Facts> = {}): Facts => ({
  name: 'Quill Larch',
  industry: null,
  ...more,
  attributes,
});
const all = { Resimercial_Score: '93', MultiOEM_Score: '95', MEPR_Score: '92', OM_Score: '84' };

describe('a verdict reads', () => {
  it.each([
    [
      'for a lead that fits',
      { ...all, Resimercial_Evidence: 'Serves homes and shops.', states_served: 'OH, PA, NY' },
      'Quill Larch is PLATINUM with 100 of 100 (grade A, hot). For it: resimercial - Serves homes and shops; multi-OEM - MultiOEM_Score: 95; MEP+R trades - MEPR_Score: 92; operations & maintenance - OM_Score: 84; multi-state - 3 states (OH, PA, NY). Confidence 100 %: all 4 criteria have evidence. Next: worth a call now.',
    ],
    [
      'for one of which nothing is known',
      {},
      'Quill Larch cannot be judged yet, and until then it is BRONZE with 0 of 100 (grade D, cold). Not known: resimercial, multi-OEM, MEP+R trades and operations & maintenance, worth up to 100 points. Proof that they serve both commercial and residential customers (resimercial unknown -> 100) and certification by three or more OEMs (multi-OEM unknown -> 100) would together add 60 points: GOLD. Next: no call yet. First find out: Do they serve both commercial and residential customers?',
    ],
    [
      'for one in between',
      { Resimercial_Score: '70', OEMs_Certified: 'Kohler', OM_Score: '60', MEPR_Score: '20' },
      'Quill Larch is SILVER with 44.8 of 100 (grade C, warm). For it: operations & maintenance - OM_Score: 60. In part: multi-OEM - 1 OEM certification (Kohler); resimercial - Resimercial_Score: 70. Against it: MEP+R trades - MEPR_Score: 20. Confidence 100 %: all 4 criteria have evidence. Two more OEM certifications (multi-OEM 25 -> 100) would add 18.8 points: GOLD. Next: a call once the hot ones are done.',
    ],
    [
      'for one that does not fit',
      { Resimercial_Score: '20', MultiOEM_Score: '0', MEPR_Score: '10', OM_Score: '0' },
      'Quill Larch is BRONZE with 9.5 of 100 (grade D, cold). Against it: resimercial - Resimercial_Score: 20; multi-OEM - MultiOEM_Score: 0; MEP+R trades - MEPR_Score: 10; operations & maintenance - OM_Score: 0. Confidence 100 %: all 4 criteria have evidence. Proof that they serve both commercial and residential customers (resimercial 20 -> 100) and certification by three or more OEMs (multi-OEM 0 -> 100) would together add 53 points: GOLD. Next: leave it until that is so.',
    ],
  ])('%s', (_what, attributes, reasoning) => {
    expect(qualify(dealerProfile, facts(attributes)).reasoning).toBe(reasoning);
  });

  it('with how sure it is where it rests on words of the name or on what a model read', () => {
    const findings = [
      {
        question: 'By how many equipment makers (OEMs) are they certified or authorized?',
        answer: 'Two',
        quote: 'dealer for Kohler and Generac',
        source: 'about',
        model: 'one',
        at: '2026-11-01T00:00:00.000Z',
      },
    ];
    const record = facts({ about: 'Authorized dealer for Kohler and Generac' }, { name: 'Oak Service', findings });
    const { reasoning, confidence, evidence } = qualify(dealerProfile, record);
    expect(reasoning).toContain(
      'Confidence 29 %: 2 of 4 criteria have evidence, 1 only on words of the name, 1 on what a model read in the record.',
    );
    expect(confidence).toBe(0.29);
    expect(evidence.map(({ by, source }) => [by, source])).toEqual([
      ['model', 'about'],
      ['record', 'name'],
    ]);
  });

  it('in a few lines, whatever a column of evidence holds', () => {
    const page = 'They serve homes and shops.\n'.repeat(300);
    const { reasoning, reasons, evidence } = qualify(dealerProfile, facts({ ...all, Resimercial_Evidence: page }));
    expect(reasoning.length).toBeLessThan(700);
    expect(reasoning).not.toContain('\n');
    expect(reasons[0]!.length).toBeLessThan(250);
    expect(evidence[0]!.text).toBe(page);
  });

  it('asks what the profile asks, and says what would count where it asks nothing', () => {
    const saas = shippedProfiles.find(({ id }) => id === 'saas')!;
    const { missing, reasoning } = qualify(saas, facts({}, { employees: 120 }));
    expect(missing).toEqual([
      'Industry: not known; full points for an industry that buys software',
      'Region: not known; full points for a region that you sell in',
      'Tools in use: Which business software do they use?',
      'Buying signals: What shows that they are about to buy or to grow?',
    ]);
    expect(reasoning).toMatch(/Next: no call yet\. First find out: industry\.$/);
  });

  it('under a profile of one criterion', () => {
    const one = parseProfile({
      id: 'one',
      name: 'One',
      criteria: [{ id: 'it', label: 'Size', weight: 1, met: 50, raise: 'More people', sources: [{ points: 'size' }] }],
      tiers: { PLATINUM: 80, GOLD: 60, SILVER: 40 },
    });
    expect(qualify(one, facts({ size: '50' })).reasoning).toBe(
      'Quill Larch is SILVER with 50 of 100 (grade C, warm). For it: size - size: 50. Confidence 100 %: the criterion has evidence. More people (size 50 -> 100) would add 50 points: PLATINUM. Next: a call once the hot ones are done.',
    );
  });
});

describe('the key of a verdict', () => {
  const active = { key: 'dealer', version: 1 };
  const key = qualificationKey('a', active, facts(all), false);
  it.each([
    ['lead', qualificationKey('b', active, facts(all), false)],
    ['profile', qualificationKey('a', { ...active, key: 'saas' }, facts(all), false)],
    ['version', qualificationKey('a', { ...active, version: 2 }, facts(all), false)],
    ['record', qualificationKey('a', active, facts({ ...all, fleet: '2' }), false)],
    ['name', qualificationKey('a', active, facts(all, { name: 'Other' }), false)],
    ['leave to ask a model', qualificationKey('a', active, facts(all), true)],
  ])('is another for another %s', (_what, other) => {
    expect(other).not.toBe(key);
  });

  it('is the same however the columns are ordered', () => {
    const turned = Object.fromEntries(Object.entries(all).reverse());
    expect(qualificationKey('a', active, facts(turned), false)).toBe(key);
  });
});
