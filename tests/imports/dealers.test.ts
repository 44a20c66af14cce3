import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileProfile, roundScore } from '../../src/core/score.ts';
import { conventionsOf, rowCleaner } from '../../src/imports/cleaning/clean.ts';
import { mapColumns } from '../../src/imports/mapping/map.ts';
import { openTable } from '../../src/imports/reading/open.ts';
import { parseBlock } from '../../src/imports/reading/read.ts';
import type { CompanyRow, RejectedRow } from '../../src/imports/table.ts';
import { dealerProfile } from '../core/profile.ts';

const file = fileURLToPath(new URL('../../../shared/data/dealers-200.csv', import.meta.url));
const present = existsSync(file);
if (!present) process.stderr.write(`skipped: the dealer list is not at ${file}\n`);

describe.skipIf(!present)(`a real list of 200 dealers${present ? '' : ' (not present)'}`, () => {
  const leads: CompanyRow[] = [];
  const rejected: RejectedRow[] = [];
  const scorer = compileProfile(dealerProfile);

  beforeAll(async () => {
    const table = await openTable(file, { limits: { maxRows: 1000, maxTextBytes: 10_000_000 } });
    const columns = mapColumns(table.header, table.sample);
    const clean = rowCleaner(columns, conventionsOf(columns, table.sample, 'US'));
    for await (const block of table.blocks) {
      for (const raw of parseBlock(block, table.format)) {
        const row = clean(raw);
        if ('reason' in row) rejected.push(row);
        else leads.push(row);
      }
    }
  });

  it('is read whole: no row turned away, no phone number lost', () => {
    expect(rejected).toEqual([]);
    expect(leads).toHaveLength(200);
    for (const lead of leads) expect(lead.phone ?? lead.attributes['phone (unreadable)']).toMatch(/^(\+1)?\d{10}$/);
    // Two numbers of the list have area codes that nobody has been given.
    expect(leads.filter((l) => !l.phone)).toHaveLength(2);
    expect(leads.map((l) => l.line)).toEqual(leads.map((_, i) => i + 2));
  });

  it('has no rating for an address', () => {
    expect(leads.filter((l) => /out of 5|\d\.\d\(\d/.test(`${l.street} ${l.city}`))).toEqual([]);
  });

  it('has each company under its own domain, and none under the booking portal', () => {
    const withoutDomain = leads.filter((l) => l.website && !l.domain);
    expect(withoutDomain.length).toBeGreaterThan(20);
    expect(new Set(withoutDomain.map((l) => new URL(l.website!).hostname))).toEqual(new Set(['york.dispatch.me']));
    expect(leads.filter((l) => l.domain?.endsWith('.generacdealers.com'))).not.toEqual([]);
  });

  it('has its cities back in one piece', () => {
    const fragments = leads.filter((l) => l.city && /^[a-z]{1,3}$/.test(l.city));
    expect(fragments.map((l) => [l.street, l.city])).toEqual([]);
    const places = leads.map((l) => `${l.city}, ${l.state}`);
    for (const place of [
      'Houston, TX',
      'Austin, TX',
      'Fort Lauderdale, FL',
      'San Antonio, TX',
      'Bristol, RI',
      'St Petersburg, FL',
    ])
      expect(places).toContain(place);
  });

  it('scores as its source did, row by row', () => {
    const off = leads.filter((l) => {
      const { score, tier } = scored(l);
      // The source shows one decimal: the exact figure lies within half of it.
      return Math.abs(score - Number(l.attributes.icp_score)) > 0.05 + 1e-9 || tier !== l.attributes.icp_tier;
    });
    expect(off.map((l) => [l.line, scored(l).score, l.attributes.icp_score])).toEqual([]);
    for (const l of leads) expect(roundScore(scored(l).score)).toBe(Number(l.attributes.icp_score));
  });

  it('comes near without the columns of points, from what the list says about each dealer', () => {
    const same = leads.filter((l) => {
      const attributes = Object.fromEntries(Object.entries(l.attributes).filter(([key]) => !/_(score|evidence)$/.test(key)));
      return scorer({ name: l.name, industry: null, attributes }).tier === scored(l).tier;
    });
    expect(same.length).toBeGreaterThan(140);
  });

  const scored = ({ name, attributes }: CompanyRow) => scorer({ name, industry: null, attributes });
});
