import { messageOf } from '../../errors.ts';
import { isRunning, startOf } from './processes.ts';
import { readPidFile } from './server.ts';

const LOOK_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Looks whether the process of the server still lives, and calls `revive` when not. A look costs next to nothing and needs no
 * connection, which a busy or recovering server would not give; and it sees what no query would, an end while nobody asks.
 */
export function watchServer(home: string, log: (line: string) => void, revive: () => Promise<void>): { stop(): void } {
  let stopped = false;
  let known: Life | undefined;
  let failures = 0;

  const look = async (): Promise<void> => {
    known ??= await lifeOf(home);
    if (known && (await isStillThatLife(known))) return;
    if (failures === 0) log('The embedded database is gone; starting it again.');
    await revive();
    if (stopped) return;
    known = undefined;
    failures = 0;
    log('The embedded database is back.');
  };

  const plan = (ms: number): void => {
    timer = setTimeout(async () => {
      try {
        await look();
      } catch (error) {
        failures += 1;
        if (!stopped) log(`The embedded database could not be started again: ${messageOf(error)}`);
      }
      // Twice as long after each failure: a full disk does not empty itself because somebody keeps asking.
      if (!stopped) plan(Math.min(LOOK_MS * 2 ** failures, LONGEST_PAUSE_MS));
    }, ms).unref();
  };
  let timer: NodeJS.Timeout;
  plan(0);
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

interface Life {
  pid: number;
  start: string | undefined;
}

async function lifeOf(home: string): Promise<Life | undefined> {
  const file = await readPidFile(home);
  return file && { pid: file.pid, start: await startOf(file.pid) };
}

async function isStillThatLife({ pid, start }: Life): Promise<boolean> {
  // Elsewhere the question for the start runs a program, too much for every look; a pid is not reused within one.
  if (process.platform !== 'linux') return isRunning(pid);
  return start !== undefined && (await startOf(pid)) === start;
}
