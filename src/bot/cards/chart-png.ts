import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Chart } from '../../core/card.ts';
import { chartFont, chartSize, chartSvg } from './chart-svg.ts';

type Renderer = typeof import('@resvg/resvg-wasm').Resvg;

let loaded: Promise<{ Resvg: Renderer; fonts: Uint8Array[] }> | undefined;

/** Two and a half megabytes that only a chart too large for its surface needs. */
async function load(): Promise<{ Resvg: Renderer; fonts: Uint8Array[] }> {
  const file = (url: string): Promise<Buffer> => readFile(fileURLToPath(url));
  const [{ Resvg, initWasm }, wasm, ...fonts] = await Promise.all([
    import('@resvg/resvg-wasm'),
    file(import.meta.resolve('@resvg/resvg-wasm/index_bg.wasm')),
    file(import.meta.resolve('npm-font-open-sans/fonts/Regular/OpenSans-Regular.ttf')),
    file(import.meta.resolve('npm-font-open-sans/fonts/Bold/OpenSans-Bold.ttf')),
  ]);
  await initWasm(wasm);
  return { Resvg, fonts };
}

/** A chart as a picture, for where no native block shows it. Twice as many dots as it is wide, for sharp screens. */
export async function chartPng(chart: Chart): Promise<Uint8Array> {
  loaded ??= load().catch((error: unknown) => {
    loaded = undefined;
    throw error;
  });
  const { Resvg, fonts } = await loaded;
  const drawing = new Resvg(chartSvg(chart), {
    font: { fontBuffers: fonts, defaultFontFamily: chartFont, sansSerifFamily: chartFont },
    fitTo: { mode: 'width', value: chartSize.width * 2 },
  });
  const picture = drawing.render();
  try {
    return picture.asPng();
  } finally {
    // WebAssembly memory is not collected
    picture.free();
    drawing.free();
  }
}
