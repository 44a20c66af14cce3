import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chartPng } from '../../../src/bot/cards/chart-png.ts';
import { chartSvg } from '../../../src/bot/cards/chart-svg.ts';
import type { Chart } from '../../../src/core/card.ts';
import { block } from './arbitraries.ts';

const chart: Chart = {
  type: 'chart',
  title: 'Leads by state',
  kind: 'bar',
  categories: Array.from({ length: 30 }, (_, i) => `State number ${i}`),
  series: [{ name: 'Leads', values: Array.from({ length: 30 }, (_, i) => 300 - i * 7) }],
  alt: '',
};
const charts = block.filter((one) => one.type === 'chart');

describe('a chart as a picture', () => {
  it('is a PNG of 1600 by 900, and another one for other figures', async () => {
    const png = Buffer.from(await chartPng(chart));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1600, 900]);
    const other = Buffer.from(await chartPng({ ...chart, series: [{ name: 'Leads', values: chart.categories.map(() => 1) }] }));
    expect(other.equals(png)).toBe(false);
    expect(Buffer.from(await chartPng(chart)).equals(png)).toBe(true);
  });

  it('draws every kind, two at once', async () => {
    const kinds = ['bar', 'line', 'area', 'pie'] as const;
    const pictures = await Promise.all(kinds.map((kind) => chartPng({ ...chart, kind })));
    expect(new Set(pictures.map((png) => Buffer.from(png).toString('base64'))).size).toBe(4);
  });

  it('is made of shapes and text only, whatever it is called: nothing is fetched, and no number is broken', () => {
    fc.assert(
      fc.property(charts, (any) => {
        const svg = chartSvg(any as Chart);
        const tags = [...svg.matchAll(/<\/?([a-z]+)/g)].map(([, tag]) => tag);
        expect([...new Set(tags)].filter((tag) => !/^(svg|rect|text|line|polyline|polygon|circle|path)$/.test(tag!))).toEqual([]);
        expect(svg.replace(/>[^<]*</g, '><')).not.toMatch(/NaN|Infinity|href|url\(|undefined/);
      }),
      { numRuns: 300 },
    );
  });

  it('draws hostile charts without falling over', async () => {
    for (const any of fc.sample(charts, { numRuns: 12, seed: 7 }))
      expect((await chartPng(any as Chart)).length).toBeGreaterThan(500);
  });

  it('says how many bars it left out', () => {
    expect(chartSvg(chart)).toContain('…and 6 more');
  });
});
