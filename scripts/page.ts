import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { projectRoot } from './prisma-cli.ts';

const page = join(projectRoot, 'src/bot/playground/page');
export const bundleDir = join(projectRoot, 'src/bot/playground/dist');

/** The files of the playground's page by name, as they are committed. A test compares them. */
export async function builtPage(): Promise<Map<string, Uint8Array>> {
  const { outputFiles } = await build({
    absWorkingDir: projectRoot,
    entryPoints: [{ in: join(page, 'main.tsx'), out: 'app' }],
    outdir: bundleDir,
    write: false,
    bundle: true,
    minify: true,
    format: 'esm',
    target: ['es2022', 'chrome110', 'firefox110', 'safari16.4'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    charset: 'utf8',
    legalComments: 'none',
    loader: { '.woff2': 'file' },
    assetNames: '[name]',
    publicPath: '/playground',
    define: { 'process.env.NODE_ENV': '"production"' },
    alias: {
      react: 'preact/compat',
      'react-dom': 'preact/compat',
      'react/jsx-runtime': 'preact/jsx-runtime',
      // no card of ours slides, and none writes emoji by name
      swiper: join(page, 'stubs/swiper.ts'),
      'swiper/modules': join(page, 'stubs/swiper.ts'),
      'node-emoji': join(page, 'stubs/node-emoji.ts'),
    },
  });
  return new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]));
}

export async function writePage(): Promise<void> {
  await mkdir(bundleDir, { recursive: true });
  for (const [name, contents] of await builtPage()) await writeFile(join(bundleDir, name), contents);
}
