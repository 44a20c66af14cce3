import type { Chart } from '../../core/card.ts';
import { figure } from './chart-data.ts';
import { cutText, safeLine } from './safe-text.ts';

/** A chart as SVG. Everything in it is drawn here; text is escaped, and nothing refers to anything outside. */

export const chartSize = { width: 800, height: 450 } as const;
export const chartFont = 'Open Sans';

/** Told apart by people who see no red and green, and on white. */
const colors = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#6a51a3', '#7f7f7f'];
const ink = '#1d1c1d';
const grey = '#616061';
const line = '#dddddd';

const mostRows = 24;
const mostSeries = 8;
/** Labels longer than this stand beside horizontal bars, where there is room for them. */
const longLabel = 9;

export function chartSvg(chart: Chart): string {
  const series = chart.series.slice(0, mostSeries);
  // shares of a whole have one series; more of them are drawn beside one another
  const bars = chart.kind === 'bar' || chart.kind === 'pie';
  const shown: Chart = { ...chart, kind: bars && !isPie(chart) ? 'bar' : chart.kind, series };
  const plot = isPie(chart) ? pie(shown) : bars && sideways(shown) ? rows(shown) : columns(shown);
  const left = chart.series.length - series.length;
  const { width, height } = chartSize;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${chartFont}">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    label(chart.title, { x: 24, y: 36, size: 20, most: 70, weight: 700 }),
    isPie(chart) ? '' : legend(shown, left),
    plot,
    '</svg>',
  ].join('');
}

const isPie = ({ kind, series }: Chart): boolean => kind === 'pie' && series.length <= 1;

/** Whether the letters of our font are enough: a picture of empty boxes says less than figures. */
export const drawable = ({ title, categories, series }: Chart): boolean =>
  categories.length > 0 &&
  categories.length <= mostPoints &&
  series.some(({ values }) => values.some(Number.isFinite)) &&
  [title, ...categories, ...series.map(({ name }) => name)].every((text) => known.test(safeLine(text)));

/** More of them are no picture any more. */
const mostPoints = 500;
const known =
  /^(?:(?!\p{Extended_Pictographic})[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Nd}\p{P}\p{Sc}\p{Sm}\p{Sk}\p{Zs}\u00a1-\u00ff])*$/u;

interface Style {
  x: number;
  y: number;
  size?: number;
  anchor?: 'start' | 'middle' | 'end';
  fill?: string;
  weight?: 400 | 700;
  /** Letters at the most. */
  most?: number;
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
const escapeXml = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => entities[sign]!).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');

function label(text: string, { x, y, size = 13, anchor = 'start', fill = ink, weight = 400, most = 24 }: Style): string {
  const shown = escapeXml(cutText(safeLine(text), most));
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}" fill="${fill}">${shown}</text>`;
}

const round = (value: number): number => Math.round(value * 100) / 100;
const rect = (x: number, y: number, width: number, height: number, fill: string): string =>
  `<rect x="${round(x)}" y="${round(y)}" width="${round(Math.max(0, width))}" height="${round(Math.max(0, height))}" fill="${fill}"/>`;
const stroke = (x1: number, y1: number, x2: number, y2: number, color = line): string =>
  `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${color}"/>`;

const colorOf = (index: number): string => colors[index % colors.length]!;
/** What is missing counts as zero here; sizes that no axis can be divided into are cut. */
const finite = (value: number | undefined): number =>
  value === undefined || !Number.isFinite(value) || Math.abs(value) < 1e-12 ? 0 : Math.max(-1e300, Math.min(1e300, value));

function legend({ series }: Chart, left: number): string {
  if (series.length < 2) return '';
  const most = Math.max(6, Math.floor(80 / series.length) - 4);
  let x = 24;
  const parts = series.map(({ name }, i) => {
    const text = cutText(safeLine(name), most);
    const part = rect(x, 54, 12, 12, colorOf(i)) + label(text, { x: x + 18, y: 65, most, fill: grey });
    x += 36 + text.length * 7.6;
    return part;
  });
  return [...parts, ...(left > 0 ? [label(`…and ${left} more`, { x, y: 65, fill: grey })] : [])].join('');
}

interface Scale {
  min: number;
  max: number;
  ticks: number[];
}

/** Round numbers from the least to the greatest value, with zero among them. */
function scaleOf({ series }: Chart, count: number): Scale {
  const values = series.flatMap((one) => one.values.slice(0, count).map(finite));
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const span = high - low || 1;
  const rough = span / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  const [first, last] = [Math.floor(low / step), Math.ceil(high / step) || 1];
  const ticks = Array.from({ length: Math.min(20, last - first + 1) }, (_, i) => (first + i) * step);
  return { min: ticks[0]!, max: ticks.at(-1)!, ticks };
}

const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 2 });

const sideways = ({ categories }: Chart): boolean =>
  categories.length > 10 || categories.some((name) => safeLine(name).length > longLabel);

/** Bars from left to right, one category a row. */
function rows(chart: Chart): string {
  const perSeries = Math.max(1, chart.series.length);
  const most = Math.max(3, Math.min(mostRows, Math.floor(mostRows / perSeries) * 2));
  const shown = chart.categories.slice(0, most);
  const left = chart.categories.length - shown.length;
  const area = { x: 220, y: chart.series.length > 1 ? 84 : 60, width: 500, height: 0 };
  area.height = chartSize.height - area.y - (left > 0 ? 44 : 24);
  const { min, max, ticks } = scaleOf(chart, shown.length);
  const at = (value: number): number => area.x + ((value - min) / (max - min)) * area.width;
  const row = area.height / Math.max(1, shown.length);
  const thick = Math.min(28, (row * 0.74) / perSeries);
  const size = Math.max(8, Math.min(13, Math.floor(row * 0.8)));
  const bars = shown.flatMap((name, i) => {
    const middle = area.y + row * (i + 0.5);
    const top = middle - (thick * perSeries) / 2;
    return [
      label(name, { x: area.x - 10, y: middle + size / 3, size, anchor: 'end', most: 28 }),
      ...chart.series.flatMap(({ values }, n) => {
        const value = finite(values[i]);
        const [from, to] = [at(Math.min(0, value)), at(Math.max(0, value))];
        const y = top + thick * n;
        return [
          rect(from, y, to - from, thick * 0.92, colorOf(n)),
          label(figure(values[i]), {
            x: to + 6,
            y: y + thick / 2 + size / 3,
            size: Math.min(size, Math.max(8, thick)),
            fill: grey,
          }),
        ];
      }),
    ];
  });
  return [
    ...ticks.map((tick) => stroke(at(tick), area.y, at(tick), area.y + area.height)),
    ...bars,
    stroke(at(0), area.y, at(0), area.y + area.height, grey),
    ...(left > 0 ? [label(`…and ${left} more`, { x: area.x, y: chartSize.height - 16, fill: grey })] : []),
  ].join('');
}

/** Upright bars, lines or areas over categories. */
function columns(chart: Chart): string {
  const area = { x: 80, y: chart.series.length > 1 ? 88 : 64, width: 690, height: 0 };
  area.height = chartSize.height - area.y - 44;
  const count = chart.categories.length;
  const { min, max, ticks } = scaleOf(chart, count);
  const at = (value: number): number => area.y + area.height - ((value - min) / (max - min)) * area.height;
  const band = area.width / Math.max(1, count);
  const middle = (i: number): number => area.x + band * (i + 0.5);
  const longest = Math.min(18, Math.max(3, ...chart.categories.map((name) => safeLine(name).length)));
  const every = Math.ceil(count / Math.max(1, Math.floor(area.width / (longest * 7.4 + 12))));
  const room = Math.max(4, Math.floor((band * every - 12) / 7.4));
  const grid = ticks.map(
    (tick) =>
      stroke(area.x, at(tick), area.x + area.width, at(tick)) +
      label(compact.format(tick), { x: area.x - 10, y: at(tick) + 4, anchor: 'end', fill: grey }),
  );
  const names = chart.categories.map((name, i) =>
    i % every ? '' : label(name, { x: middle(i), y: area.y + area.height + 22, anchor: 'middle', most: room }),
  );
  const drawn = chart.kind === 'bar' ? uprightBars(chart, { middle, at, band }) : curves(chart, { middle, at });
  return [...grid, ...drawn, stroke(area.x, at(0), area.x + area.width, at(0), grey), ...names].join('');
}

type Axes = { middle(i: number): number; at(value: number): number };

function uprightBars({ categories, series }: Chart, { middle, at, band }: Axes & { band: number }): string[] {
  const thick = Math.min(60, (band * 0.7) / Math.max(1, series.length));
  return series.flatMap(({ values }, n) =>
    categories.map((_name, i) => {
      const value = finite(values[i]);
      const x = middle(i) - (thick * series.length) / 2 + thick * n;
      const [top, bottom] = [at(Math.max(0, value)), at(Math.min(0, value))];
      const above =
        thick >= 24
          ? label(figure(values[i]), {
              x: x + thick / 2,
              y: value < 0 ? bottom + 15 : top - 6,
              anchor: 'middle',
              fill: grey,
              size: 12,
            })
          : '';
      return rect(x + 1, top, thick - 2, bottom - top, colorOf(n)) + above;
    }),
  );
}

/** A value that is missing breaks the line: it is not zero. */
function curves({ kind, categories, series }: Chart, { middle, at }: Axes): string[] {
  return series.flatMap(({ values }, n) => {
    const runs: number[][] = [[]];
    for (const i of categories.keys()) {
      if (Number.isFinite(values[i])) runs.at(-1)!.push(i);
      else if (runs.at(-1)!.length) runs.push([]);
    }
    return runs
      .filter((run) => run.length)
      .flatMap((run) => {
        const points = run.map((i) => `${round(middle(i))},${round(at(finite(values[i])))}`);
        const area = [`${round(middle(run[0]!))},${round(at(0))}`, ...points, `${round(middle(run.at(-1)!))},${round(at(0))}`];
        return [
          ...(kind === 'area' ? [`<polygon points="${area.join(' ')}" fill="${colorOf(n)}" fill-opacity="0.25"/>`] : []),
          `<polyline points="${points.join(' ')}" fill="none" stroke="${colorOf(n)}" stroke-width="3" stroke-linejoin="round"/>`,
          ...(categories.length <= 40
            ? run.map((i) => `<circle cx="${round(middle(i))}" cy="${round(at(finite(values[i])))}" r="4" fill="${colorOf(n)}"/>`)
            : []),
        ];
      });
  });
}

const mostSlices = 12;

/** Shares of a whole; what is not above zero has none. Small ones that no longer fit are put together. */
function pie({ categories, series }: Chart): string {
  const all = categories
    .map((name, i) => ({ name, value: finite(series[0]?.values[i]) }))
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value);
  const kept = all.length > mostSlices ? all.slice(0, mostSlices - 1) : all;
  const others = all.slice(kept.length);
  const slices = others.length
    ? [...kept, { name: `${others.length} others`, value: others.reduce((sum, { value }) => sum + value, 0) }]
    : kept;
  const total = slices.reduce((sum, { value }) => sum + value, 0);
  if (!(total > 0)) return label('Nothing above zero', { x: 400, y: 240, anchor: 'middle', fill: grey });
  const [cx, cy, r] = [230, 250, 165];
  let angle = -Math.PI / 2;
  const point = (at: number): string => `${round(cx + r * Math.cos(at))} ${round(cy + r * Math.sin(at))}`;
  const step = Math.min(32, 360 / slices.length);
  const top = cy - (step * slices.length) / 2;
  return slices
    .map(({ name, value }, i) => {
      const share = value / total;
      const from = angle;
      angle += share * Math.PI * 2;
      const fill = i < colors.length ? colorOf(i) : `hsl(${(i * 47) % 360}, 35%, 55%)`;
      const slice =
        share > 0.9999
          ? `<circle cx="${cx}" cy="${cy}" r="${r}" fill="${fill}"/>`
          : `<path d="M ${cx} ${cy} L ${point(from)} A ${r} ${r} 0 ${share > 0.5 ? 1 : 0} 1 ${point(angle)} Z" fill="${fill}" stroke="#ffffff" stroke-width="2"/>`;
      const y = top + step * i + step / 2;
      const percent = `${figure(Math.round(share * 1000) / 10)}%`;
      return (
        slice +
        rect(450, y - 11, 14, 14, fill) +
        label(name, { x: 474, y, size: 14, most: 22 }) +
        label(`${figure(value)} (${percent})`, { x: 776, y, size: 14, anchor: 'end', fill: grey, most: 30 })
      );
    })
    .join('');
}
