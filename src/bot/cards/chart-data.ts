import type { CardBlock, Chart } from '../../core/card.ts';

type Bars = Extract<CardBlock, { type: 'bars' }>;

/** Bars are a chart of one series; their notes stand beside it. */
export const chartOfBars = ({ max, bars }: Bars): Chart => ({
  type: 'chart',
  title: Number.isFinite(max) && max > 0 ? `Out of ${figure(max)}` : 'Figures',
  kind: 'bar',
  categories: bars.map((bar) => bar.label),
  series: [{ name: 'Value', values: bars.map((bar) => bar.value) }],
  alt: '',
});

const figures = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

export const figure = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? '–' : Number.isFinite(value) ? figures.format(value) : value > 0 ? '∞' : '-∞';

/** Every figure in words, one category a line: "May: won 3, lost 1". */
export const chartRows = ({ categories, series }: Chart): string[] => {
  const count = Math.max(categories.length, ...series.map(({ values }) => values.length), 0);
  return Array.from({ length: count }, (_, i) => {
    const values = series.map(({ name, values }) => (series.length > 1 ? `${name} ${figure(values[i])}` : figure(values[i])));
    return `${categories[i] ?? `${i + 1}.`}: ${values.join(', ')}`;
  });
};
