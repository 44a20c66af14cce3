import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
export const projectRoot = dirname(import.meta.dirname);

/**
 * Runs one of Prisma's commands that read and write files only. They insist that a native schema engine exists, without
 * ever starting it, and would download one; the path of Node itself keeps them content and offline.
 * Commands that do need the engine (migrate, db) exit happily this way and do nothing, so they are not on the list.
 */
export async function runPrisma(command: 'format' | 'validate' | 'generate', ...args: string[]): Promise<void> {
  const cli = join(dirname(createRequire(import.meta.url).resolve('prisma/package.json')), 'build/index.js');
  const env = {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
    NO_COLOR: '1',
  };
  try {
    await run(process.execPath, [cli, command, ...args], { cwd: projectRoot, env });
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string };
    throw new Error(`prisma ${command} failed:\n${`${stdout}${stderr}`.trim()}`, { cause });
  }
}
