import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { SlackBlock } from '../wire.ts';

/** A chart as both faces draw it. */
export interface DrawnChart {
  title: string;
  kind: 'bar' | 'rows' | 'line' | 'area' | 'pie';
  labels: string[];
  series: { name: string; values: number[] }[];
}

interface SlackChart {
  type: 'bar' | 'line' | 'area' | 'pie';
  segments?: { label: string; value: number }[];
  series?: { name: string; data: { label: string; value: number }[] }[];
  axis_config?: { categories?: string[] };
}

export function slackChart(block: SlackBlock): DrawnChart {
  const chart = (block['chart'] ?? {}) as SlackChart;
  const title = String(block['title'] ?? '');
  if (chart.type === 'pie') {
    const segments = chart.segments ?? [];
    return {
      title,
      kind: 'pie',
      labels: segments.map(({ label }) => label),
      series: [{ name: title, values: segments.map(({ value }) => value) }],
    };
  }
  const labels = chart.axis_config?.categories ?? chart.series?.[0]?.data.map(({ label }) => label) ?? [];
  return {
    title,
    kind: chart.type ?? 'bar',
    labels,
    series: (chart.series ?? []).map(({ name, data }) => ({ name, values: data.map(({ value }) => value) })),
  };
}

interface TeamsChart {
  type?: string;
  title?: string;
  data?: { x?: string; y?: number; legend?: string; value?: number; values?: { x: string; y: number }[] }[];
}

export function teamsChart({ type = '', title = '', data = [] }: TeamsChart): DrawnChart {
  if (/Pie|Donut/.test(type))
    return {
      title,
      kind: 'pie',
      labels: data.map(({ legend }) => legend ?? ''),
      series: [{ name: title, values: data.map(({ value }) => value ?? 0) }],
    };
  const kind = /Line/.test(type) ? 'line' : /Horizontal/.test(type) ? 'rows' : 'bar';
  if (data.some(({ values }) => values)) {
    const labels = (data[0]?.values ?? []).map(({ x }) => x);
    return {
      title,
      kind,
      labels,
      series: data.map(({ legend = '', values = [] }) => ({ name: legend, values: values.map(({ y }) => y) })),
    };
  }
  return { title, kind, labels: data.map(({ x }) => x ?? ''), series: [{ name: title, values: data.map(({ y }) => y ?? 0) }] };
}

const [height, left, bottom, top] = [190, 40, 28, 8];
/** Of a line of labels, and of a letter in it, on average. */
const [lineHeight, letter] = [15, 6.6];

const figure = (value: number): string =>
  Math.abs(value) >= 1000
    ? value.toLocaleString('en-US', { notation: 'compact', maximumFractionDigits: 1 })
    : String(Math.round(value * 100) / 100);

/** How wide a chart has become: its letters keep their size in a narrow card. A guess until it is in the page. */
function useWidth() {
  const place = useRef<SVGSVGElement>(null);
  const [width, setWidth] = useState(400);
  useLayoutEffect(() => {
    const drawn = place.current;
    if (!drawn) return;
    const measure = (): void => setWidth((now) => Math.round(drawn.getBoundingClientRect().width) || now);
    measure();
    const watcher = new ResizeObserver(measure);
    watcher.observe(drawn);
    return () => watcher.disconnect();
  }, []);
  return { place, width };
}

/** The chart as a picture, with every figure in words for whoever cannot see it. */
export function ChartPicture({ chart }: { chart: DrawnChart }) {
  const words = chart.series
    .map(
      ({ name, values }) =>
        `${chart.series.length > 1 ? `${name}: ` : ''}${values.map((value, i) => `${chart.labels[i] ?? ''} ${figure(value)}`).join(', ')}`,
    )
    .join('; ');
  return (
    <figure class="chart">
      {chart.title && <figcaption>{chart.title}</figcaption>}
      {chart.kind === 'rows' ? <Rows chart={chart} /> : <Picture chart={chart} label={`${chart.title}: ${words}`} />}
      {(chart.series.length > 1 || chart.kind === 'pie') && (
        <ul class="legend" aria-hidden="true">
          {(chart.kind === 'pie' ? chart.labels : chart.series.map(({ name }) => name)).map((name, i) => (
            <li key={name}>
              <span class={`swatch c${i % 6}`} />
              {name}
              {chart.kind === 'pie' && <span class="faint"> {figure(chart.series[0]?.values[i] ?? 0)}</span>}
            </li>
          ))}
        </ul>
      )}
    </figure>
  );
}

function Picture({ chart, label }: { chart: DrawnChart; label: string }) {
  const { place, width } = useWidth();
  const slot = (width - left - 8) / Math.max(1, chart.labels.length);
  const names = chart.kind === 'pie' ? [] : chart.labels.map((name) => linesOf(name, Math.max(3, Math.floor(slot / letter))));
  const tall = height + Math.max(0, ...names.map(({ length }) => length - 1)) * lineHeight;
  return (
    <svg ref={place} viewBox={`0 0 ${width} ${tall}`} height={tall} role="img" aria-label={label}>
      {chart.kind === 'pie' ? <Pie chart={chart} width={width} /> : <Axes chart={chart} width={width} names={names} />}
    </svg>
  );
}

/** A name in up to three lines of so many letters; what is longer is cut, and stands in full beside the chart. */
function linesOf(name: string, room: number): string[] {
  const lines: string[] = [];
  for (const word of name.split(' ').flatMap((one) => broken(one, room))) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= room && !line.endsWith('-')) lines[lines.length - 1] += ` ${word}`;
    else lines.push(word);
  }
  return lines.length > 3 ? [...lines.slice(0, 2), `${lines[2]!.slice(0, room - 1).replace(/-$/, '')}…`] : lines;
}

/** A word that is too long for a line, at its own hyphens where it has some. */
function broken(word: string, room: number): string[] {
  if (word.length <= room) return [word];
  const own = word.lastIndexOf('-', room - 1) + 1;
  const at = own || room - 1;
  return [own ? word.slice(0, at) : `${word.slice(0, at)}-`, ...broken(word.slice(at), room)];
}

/** One bar a line, long names above. */
function Rows({ chart: { labels, series } }: { chart: DrawnChart }) {
  const values = series[0]?.values ?? [];
  const most = Math.max(...values, 0) || 1;
  return (
    <ul class="chart-rows">
      {labels.map((label, i) => (
        <li key={label}>
          <span>{label}</span>
          <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
            <rect class="track" width="100" height="8" />
            <rect class="c0" width={Math.max(0, ((values[i] ?? 0) / most) * 100)} height="8" />
          </svg>
          <span class="chart-figure">{figure(values[i] ?? 0)}</span>
        </li>
      ))}
    </ul>
  );
}

function Axes({ chart: { kind, labels, series }, width, names }: { chart: DrawnChart; width: number; names: string[][] }) {
  const all = series.flatMap(({ values }) => values);
  const ticks = ticksOf(Math.min(0, ...all), Math.max(0, ...all));
  const [low, high] = [ticks[0]!, ticks.at(-1)!];
  const y = (value: number): number => top + (height - top - bottom) * (1 - (value - low) / (high - low || 1));
  const slot = (width - left - 8) / Math.max(1, labels.length);
  const x = (i: number): number => left + slot * (i + 0.5);
  const wide = Math.min(56, (slot * 0.62) / Math.max(1, series.length));
  return (
    <>
      {ticks.map((tick) => (
        <g key={tick}>
          <line class="grid" x1={left} x2={width - 8} y1={y(tick)} y2={y(tick)} />
          <text class="tick" x={left - 8} y={y(tick) + 4} text-anchor="end">
            {figure(tick)}
          </text>
        </g>
      ))}
      {labels.map((label, i) => (
        <text key={label} class="tick" text-anchor="middle">
          {(names[i] ?? []).map((line, row) => (
            <tspan key={row} x={x(i)} y={height - bottom + 18 + row * lineHeight}>
              {line}
            </tspan>
          ))}
        </text>
      ))}
      {series.map(({ name, values }, s) =>
        kind === 'bar' ? (
          values.map((value, i) => (
            <rect
              key={`${name} ${i}`}
              class={`c${s % 6}`}
              x={x(i) - (wide * series.length) / 2 + wide * s + 1}
              y={Math.min(y(value), y(0))}
              width={Math.max(1, wide - 2)}
              height={Math.abs(y(value) - y(0))}
              rx="2"
            />
          ))
        ) : (
          <g key={name} class={`c${s % 6}`}>
            {kind === 'area' && (
              <path class="under-line" d={`${path(values, x, y)} L${x(values.length - 1)} ${y(0)} L${x(0)} ${y(0)} Z`} />
            )}
            <path class="line" d={path(values, x, y)} />
            {values.map((value, i) => (
              <circle key={i} cx={x(i)} cy={y(value)} r="3" />
            ))}
          </g>
        ),
      )}
    </>
  );
}

const path = (values: number[], x: (i: number) => number, y: (value: number) => number): string =>
  values.map((value, i) => `${i ? 'L' : 'M'}${x(i)} ${y(value)}`).join(' ');

/** Round figures from below the lowest to above the highest. */
function ticksOf(low: number, high: number): number[] {
  const rough = (high - low || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((times) => times * power >= rough) ?? 10);
  const [from, to] = [Math.floor(low / step), Math.max(1, Math.ceil(high / step))];
  return Array.from({ length: to - from + 1 }, (_, i) => (from + i) * step);
}

function Pie({ chart: { series }, width }: { chart: DrawnChart; width: number }) {
  const values = (series[0]?.values ?? []).map((value) => Math.max(0, value));
  const sum = values.reduce((total, value) => total + value, 0) || 1;
  const [cx, cy, r] = [width / 2, height / 2, height / 2 - 12];
  let from = -Math.PI / 2;
  return (
    <>
      {values.map((value, i) => {
        const to = from + (value / sum) * Math.PI * 2;
        const point = (angle: number): string => `${cx + r * Math.cos(angle)} ${cy + r * Math.sin(angle)}`;
        const d = `M${cx} ${cy} L${point(from)} A${r} ${r} 0 ${to - from > Math.PI ? 1 : 0} 1 ${point(Math.min(to, from + Math.PI * 2 - 1e-4))} Z`;
        from = to;
        return <path key={i} class={`slice c${i % 6}`} d={d} />;
      })}
    </>
  );
}
