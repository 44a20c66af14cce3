import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileProfile, roundScore } from '../../src/core/score.ts';
import { dealerProfile } from '../core/profile.ts';
import { importList } from './lists.ts';

const file = new URL('../../../shared/data/dealers-200.csv', import.meta.url);
const present = existsSync(file);
if (!present) process.stderr.write(`skipped: the dealer list is not at ${file.pathname}\n`);

describe.skipIf(!present)(`a real list of 200 dealers${present ? '' : ' (not present)'}`, () => {
  it('is read whole: no row turned away, no phone number lost', async () => {
    const { leads, rejected } = await importList(readFileSync(file));
    expect(rejected).toEqual([]);
    expect(leads).toHaveLength(200);
    for (const lead of leads) expect(lead.phone ?? lead.attributes['phone (unreadable)']).toMatch(/^(\+1)?\d{10}$/);
    // Two numbers of the list have area codes that nobody has been given.
    expect(leads.filter((l) => !l.phone)).toHaveLength(2);
    expect(leads.filter((l) => l.street && /out of 5/.test(l.street))).toEqual([]);
    expect(leads.filter((l) => l.website && !l.domain)).toEqual([]);
    expect(leads.map((l) => l.line)).toEqual(leads.map((_, i) => i + 2));
  });

  it('scores as its source did, row by row', async () => {
    const { leads } = await importList(readFileSync(file));
    const off = leads.filter((l) => {
      // The source shows one decimal: the exact figure lies within half of it.
      const near = Math.abs(l.score - Number(l.attributes.icp_score)) <= 0.05 + 1e-9;
      return !near || l.tier !== l.attributes.icp_tier;
    });
    expect(off.map((l) => [l.line, l.score, l.attributes.icp_score])).toEqual([]);
    for (const l of leads) expect(roundScore(l.score)).toBe(Number(l.attributes.icp_score));
  });

  it('comes near without the columns of points, from what the list says about each dealer', async () => {
    const lines = await importList(readFileSync(file));
    const scorer = compileProfile(dealerProfile);
    const same = lines.leads.filter((l) => {
      const attributes = Object.fromEntries(Object.entries(l.attributes).filter(([key]) => !/_(score|evidence)$/.test(key)));
      return scorer({ name: l.name, industry: null, attributes }).tier === l.tier;
    });
    expect(same.length).toBeGreaterThan(140);
  });
});
