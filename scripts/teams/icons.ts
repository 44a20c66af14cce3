import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

/** What Teams shows of us: 192 dots in colour on a full square, which it rounds itself, and 32 dots in white on nothing. */
const iconSizes = { color: 192, outline: 32 } as const;

const svg = (size: number, inside: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}">${inside}</svg>`;

interface Bar {
  x: number;
  top: number;
  width: number;
  foot: number;
  fill: string;
}
const bar = ({ x, top, width, foot, fill }: Bar): string =>
  `<rect x="${x}" y="${top}" width="${width}" height="${foot - top}" rx="${width / 4}" fill="${fill}"/>`;

/** A bubble with a rising chart in it. It stays within the middle: Teams cuts the corners and, in places, the rim. */
const color = svg(
  iconSizes.color,
  [
    '<rect width="192" height="192" fill="#1f3a5f"/>',
    '<path d="M56 44h80a17 17 0 0 1 17 17v48a17 17 0 0 1-17 17H97l-25 21v-21H56a17 17 0 0 1-17-17V61a17 17 0 0 1 17-17Z" fill="#fff"/>',
    ...[
      { x: 67, top: 90, fill: '#9db4d0' },
      { x: 89, top: 77, fill: '#5b84b1' },
      { x: 111, top: 64, fill: '#f2a33a' },
    ].map((one) => bar({ ...one, width: 14, foot: 109 })),
  ].join(''),
);

/** The same in lines: two dots wide and on whole dots, so that they are sharp. */
const outline = svg(
  iconSizes.outline,
  [
    '<path d="M7 5h18a4 4 0 0 1 4 4v11a4 4 0 0 1-4 4h-8.5l-6.5 5v-5h-3a4 4 0 0 1-4-4V9a4 4 0 0 1 4-4Z" fill="none" stroke="#fff" stroke-width="2" stroke-linejoin="round"/>',
    ...[
      { x: 8, top: 16 },
      { x: 14, top: 13 },
      { x: 20, top: 10 },
    ].map((one) => bar({ ...one, width: 4, foot: 20, fill: '#fff' })),
  ].join(''),
);

/** Both as PNG. */
export async function drawIcons(): Promise<{ color: Uint8Array; outline: Uint8Array }> {
  await initWasm(await readFile(fileURLToPath(import.meta.resolve('@resvg/resvg-wasm/index_bg.wasm'))));
  const draw = (drawing: string, size: number): Uint8Array =>
    new Resvg(drawing, { fitTo: { mode: 'width', value: size } }).render().asPng();
  return { color: draw(color, iconSizes.color), outline: draw(outline, iconSizes.outline) };
}
