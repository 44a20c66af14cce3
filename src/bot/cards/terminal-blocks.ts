import type { CardBlock, CardStep, Chart } from '../../core/card.ts';
import type { Paint } from '../console/color.ts';
import { clean, cut, displayWidth, oneLine, padEnd, wrap } from '../console/text.ts';
import { figure } from './chart-data.ts';
import { httpUrl } from './safe-text.ts';

type Block<T extends CardBlock['type']> = Extract<CardBlock, { type: T }>;

const longestBar = 24;
const mostRows = 60;

/** Every figure of a chart, each with a bar of its share of the largest one. */
export function chartLines(
  chart: Chart,
  width: number,
  colors: Paint,
  barOf: (value: number, max: number, width: number) => string,
): string[] {
  const title = oneLine(chart.title);
  const max = Math.max(0, ...chart.series.flatMap(({ values }) => values.map(Math.abs).filter(Number.isFinite)));
  const count = Math.max(chart.categories.length, ...chart.series.map(({ values }) => values.length), 0);
  const rows = Array.from({ length: count }, (_, i) =>
    chart.series.map(({ name, values }, n) => ({
      label: n === 0 ? oneLine(chart.categories[i] ?? `${i + 1}.`) : '',
      name: chart.series.length > 1 ? oneLine(name) : '',
      value: values[i],
    })),
  ).flat();
  const drawn = rows.slice(0, mostRows);
  const figures = drawn.map(({ value }) => cut(figure(value), Math.min(14, Math.floor(width / 3))));
  const figureWidth = Math.max(0, ...figures.map(displayWidth));
  const half = Math.max(1, Math.floor((width - figureWidth - 7) / 2));
  const widest = (texts: string[]): number => Math.min(half, Math.max(0, ...texts.map(displayWidth)));
  const labelWidth = widest(drawn.map(({ label }) => label));
  const nameWidth = widest(drawn.map(({ name }) => name));
  const used = labelWidth + (nameWidth && nameWidth + 2) + 2 + figureWidth + 2;
  const barWidth = Math.max(1, Math.min(longestBar, width - used));
  const lines = drawn.map(({ label, name, value }, i) => {
    const named = nameWidth ? `${padEnd(cut(name, nameWidth), nameWidth)}  ` : '';
    const bar = padEnd(barOf(Math.abs(value ?? 0), max, barWidth), barWidth);
    return `${padEnd(cut(label, labelWidth), labelWidth)}  ${named}${colors.cyan(bar)}  ${figures[i]!}`;
  });
  const left = rows.length - drawn.length;
  return [...(title ? wrap(title, width) : []), ...lines, ...(left > 0 ? [colors.dim(`…and ${left} more figures`)] : [])];
}

const signs: Record<CardStep['status'], { sign: string; color: keyof Paint }> = {
  pending: { sign: '○', color: 'dim' },
  running: { sign: '›', color: 'cyan' },
  done: { sign: '✓', color: 'green' },
  failed: { sign: '✗', color: 'red' },
  waiting: { sign: '…', color: 'yellow' },
};

export const stepLines = ({ title, steps }: Block<'steps'>, width: number, colors: Paint): string[] => [
  ...(title ? wrap(oneLine(title), width) : []),
  ...steps.flatMap(({ title: what, status, detail }) => {
    const { sign, color } = signs[status];
    const [first = '', ...rest] = wrap(oneLine(what), width - 2);
    return [
      `${colors[color](sign)} ${first}`,
      ...rest.map((line) => `  ${line}`),
      ...(detail ? wrap(clean(detail), width - 2).map((line) => colors.dim(`  ${line}`)) : []),
    ];
  }),
];

/** Addresses are written out: what a title says and where it leads are two things. */
export const sourceLines = ({ items }: Block<'sources'>, width: number, colors: Paint): string[] =>
  items.flatMap(({ title, url }, i) => {
    const mark = `[${i + 1}] `;
    const address = httpUrl(url);
    return [
      ...wrap(oneLine(title), width - mark.length).map((line, n) => `${n === 0 ? mark : ' '.repeat(mark.length)}${line}`),
      ...(address ? wrap(address, width - mark.length).map((line) => colors.dim(' '.repeat(mark.length) + line)) : []),
    ];
  });

/** A terminal has no buttons: what they would do is named, and is done by saying so. */
export function buttonLines({ buttons }: Block<'actions'>, width: number, colors: Paint): string[] {
  const labels = buttons.map(({ label }) => `[${oneLine(label)}]`).join(' ');
  return labels ? wrap(labels, width).map(colors.dim) : [];
}
