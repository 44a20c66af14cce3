import type { CardBlock, Chart } from '../../core/card.ts';
import { chartOfBars, figure } from './chart-data.ts';
import type { CardElement, ChartElement, Container } from './teams-card.ts';
import { limits } from './teams-limits.ts';
import { tableElements } from './teams-table.ts';
import { bytesOf, context, cut, paragraphs, shown, shownLine } from './teams-text.ts';

/** A chart as Teams draws it, with its figures in a table for clients that draw none; the table alone where it is no chart for Teams. */
export function chartElements(chart: Chart, native: boolean): CardElement[][] {
  const alt = shown(chart.alt);
  const figures = figuresOf(chart);
  const beside = alt ? [context(cut(alt, limits.element))] : [];
  if (native && figures.length === 1 && fitsNatively(chart)) {
    const drawn = nativeChart(chart, { type: 'Container', items: figures[0]! });
    if (bytesOf(drawn) < limits.filled - limits.element - 1000) return [[drawn, ...beside]];
  }
  const [first = [], ...rest] = figures;
  return [[...first, ...beside], ...rest];
}

/** Bars as a chart, with what is said about each of them below. */
export function barElements(bars: Extract<CardBlock, { type: 'bars' }>, native: boolean): CardElement[][] {
  if (bars.bars.length === 0) return [];
  const notes = bars.bars.flatMap(({ label, note }) => (note ? [`${shownLine(label)}: ${shownLine(note)}`] : []));
  const chart = chartOfBars(bars);
  return [...chartElements(chart, native), ...paragraphs(notes.join('\n')).map((note) => [note])];
}

/** Every figure, a category a row; the title heads the categories, or stands above where it is too long for that. */
function figuresOf({ title, categories, series }: Chart): CardElement[][] {
  const name = shownLine(title);
  const heads = name.length <= limits.chartLabel;
  const count = Math.max(categories.length, ...series.map(({ values }) => values.length), 0);
  const rows = Array.from({ length: count }, (_, i) => [
    categories[i] ?? `${i + 1}.`,
    ...series.map(({ values }) => figure(values[i])),
  ]);
  const columns = [(heads && name) || 'Name', ...series.map((one) => one.name)];
  const [first = [], ...rest] = tableElements({ type: 'table', columns, rows });
  return [[...(heads ? [] : paragraphs(cut(name, limits.heading))), ...first], ...rest];
}

function fitsNatively({ kind, title, categories, series }: Chart): boolean {
  const names = series.map(({ name }) => shownLine(name));
  const labels = categories.map(shownLine);
  const short = [...names, ...labels].every((label) => label && label.length <= limits.chartLabel);
  const complete = series.every(({ values }) => values.length === labels.length && values.every(Number.isFinite));
  const distinct = new Set(names).size === names.length && new Set(labels).size === labels.length;
  const sane = series.every(({ values }) => values.every((value) => Math.abs(value) < 1e15 && (kind !== 'pie' || value > 0)));
  const few =
    kind === 'pie' ? labels.length <= limits.chartSeries && series.length === 1 : labels.length <= limits.chartCategories;
  const titled = shownLine(title).length <= limits.heading;
  return (
    labels.length > 0 &&
    series.length > 0 &&
    series.length <= limits.chartSeries &&
    short &&
    complete &&
    distinct &&
    sane &&
    few &&
    titled
  );
}

/** Teams has no areas: they are lines. One series of bars lies on its side, where long names have room. */
function nativeChart({ kind, title, categories, series }: Chart, fallback: Container): ChartElement {
  const labels = categories.map(shownLine);
  const shared = { title: shownLine(title) || 'Figures', fallback };
  const points = (values: number[]) => values.map((y, i) => ({ x: labels[i]!, y }));
  const [first] = series;
  if (kind === 'pie')
    return { type: 'Chart.Pie', ...shared, data: first!.values.map((value, i) => ({ legend: labels[i]!, value })) };
  if (kind === 'bar' && series.length === 1) {
    const long = labels.some((label) => label.length > 12);
    return { type: long ? 'Chart.HorizontalBar' : 'Chart.VerticalBar', ...shared, data: points(first!.values) };
  }
  const data = series.map(({ name, values }) => ({ legend: shownLine(name), values: points(values) }));
  return { type: kind === 'bar' ? 'Chart.VerticalBar.Grouped' : 'Chart.Line', ...shared, data };
}
