import type { CardBlock, Chart } from '../../core/card.ts';
import { chartOfBars, chartRows, figure } from './chart-data.ts';
import { drawable } from './chart-svg.ts';
import { fieldBlocks } from './slack-fields.ts';
import { limits } from './slack-limits.ts';
import {
  context,
  cut,
  more,
  plain,
  preformatted,
  type SlackBlock,
  sections,
  shown,
  shownLine,
  slackLength,
} from './slack-text.ts';

/** How a chart is drawn: natively where it fits, else as a picture that was uploaded before, else in figures. */
export interface ChartFace {
  native: boolean;
  /** Ids of uploaded pictures by `chartKey`. */
  pictures?: ReadonlyMap<string, string>;
}

/** The same chart has the same key. */
export const chartKey = (chart: Chart): string => JSON.stringify([chart.kind, chart.title, chart.categories, chart.series]);

export function chartBlocks(chart: Chart, face: ChartFace): SlackBlock[] {
  const title = shownLine(chart.title);
  const alt = shown(chart.alt);
  if (face.native && fitsNatively(chart)) {
    const long = slackLength(title) > limits.chartTitle;
    return [...(long ? sections(title) : []), nativeChart(chart), ...(alt ? [context(alt)] : [])];
  }
  const picture = face.pictures?.get(chartKey(chart));
  if (picture)
    return [
      {
        type: 'image',
        slack_file: { id: picture },
        alt_text: altText(chart),
        ...(title && { title: plain(title, limits.imageTitle) }),
      },
    ];
  return [...sections([title, alt].filter(Boolean).join('\n')), ...preformatted(figuresOf(chart))];
}

/** Bars as a chart, with what is said about each of them below. */
export function barBlocks(bars: Extract<CardBlock, { type: 'bars' }>, face: ChartFace): SlackBlock[] {
  if (bars.bars.length === 0) return [];
  const notes = bars.bars.flatMap(({ label, note }) => (note ? [{ label, value: shownLine(note) }] : []));
  return [...chartBlocks(barChart(bars), face), ...fieldBlocks(notes)];
}

/** A label that is too long for a native chart is cut where the note below says it in full. */
function barChart(bars: Extract<CardBlock, { type: 'bars' }>): Chart {
  const chart = chartOfBars(bars);
  const categories = bars.bars.map(({ label, note }) => (note ? cut(shownLine(label), limits.chartLabel) : label));
  return new Set(categories).size === categories.length ? { ...chart, categories } : chart;
}

/** The charts of these blocks that a picture has to be made of before they are rendered. */
export const chartsBeyondSlack = (blocks: CardBlock[], native: boolean): { key: string; chart: Chart }[] =>
  blocks
    .flatMap((block) => (block.type === 'chart' ? [block] : block.type === 'bars' && block.bars.length ? [barChart(block)] : []))
    .filter((chart) => !(native && fitsNatively(chart)) && drawable(chart))
    .map((chart) => ({ key: chartKey(chart), chart }));

function fitsNatively({ kind, categories, series }: Chart): boolean {
  const names = series.map(({ name }) => shownLine(name));
  const labels = categories.map(shownLine);
  const short = [...names, ...labels].every((label) => label && slackLength(label) <= limits.chartLabel);
  const complete = series.every(({ values }) => values.length === labels.length && values.every(Number.isFinite));
  const distinct = new Set(names).size === names.length && new Set(labels).size === labels.length;
  const room =
    kind === 'pie'
      ? series.length === 1 && labels.length <= limits.chartSeries && series[0]!.values.every((value) => value > 0)
      : series.length > 0 && series.length <= limits.chartSeries && labels.length <= limits.chartCategories;
  return labels.length > 0 && short && complete && distinct && room;
}

function nativeChart({ kind, title, categories, series }: Chart): SlackBlock {
  const labels = categories.map(shownLine);
  const points = (values: number[]) => values.map((value, i) => ({ label: labels[i]!, value }));
  return {
    type: 'data_visualization',
    title: cut(shownLine(title) || 'Figures', limits.chartTitle),
    chart:
      kind === 'pie'
        ? { type: 'pie', segments: points(series[0]!.values) }
        : {
            type: kind,
            series: series.map(({ name, values }) => ({ name: shownLine(name), data: points(values) })),
            axis_config: { categories: labels },
          },
  };
}

const mostRows = 100;

function figuresOf(chart: Chart): string {
  const rows = chartRows(chart).map(shownLine);
  const left = rows.length - mostRows;
  return [...rows.slice(0, mostRows), ...(left > 0 ? [more(left, 'figure')] : [])].join('\n');
}

/** What the picture shows, in words and figures, as far as they fit. */
function altText(chart: Chart): string {
  const rows = chartRows(chart).map(shownLine);
  const lines = [shown(chart.alt) || shownLine(chart.title)].filter(Boolean);
  for (const [i, row] of rows.entries()) {
    if (slackLength([...lines, row].join('\n')) > limits.altText - 40) {
      lines.push(more(rows.length - i, 'figure'));
      break;
    }
    lines.push(row);
  }
  return cut(lines.join('\n') || figure(undefined), limits.altText);
}
