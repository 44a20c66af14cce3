import { randomUUID } from 'node:crypto';
import { readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeFolder } from './folders.ts';
import { type Machine, startOf, thisMachine, UNKNOWN_START } from './processes.ts';

/*
 * A process says "I am here" with an empty file in a folder. Everything there is to know stands in the name
 * (pid, start, host, boot, namespace, a random part), so that a file is never half written, and no two processes
 * ever write or remove the same one. A file whose process is gone means nothing and is swept by whoever sees it.
 */

export interface Presence {
  name: string;
  withdraw(): Promise<void>;
}

export interface Neighbour {
  name: string;
  pid: number;
  /** Its pid means nothing here: it runs in another container or on another computer. */
  elsewhere: boolean;
}

const HEARTBEAT_MS = 2_000;
/** How long a neighbour elsewhere may stay silent before it counts as gone: three beats and a little. */
const SILENCE_MS = 7_000;

/** Asked once: on some systems the question starts a program. */
let ownStart: Promise<string | undefined> | undefined;

export async function announce(folder: string): Promise<Presence> {
  await makeFolder(folder);
  const { host, boot, namespace } = await thisMachine();
  ownStart ??= startOf(process.pid);
  const started = (await ownStart) ?? UNKNOWN_START;
  const name = [process.pid, started, host, boot, namespace, randomUUID().slice(0, 8)].join('_');
  const file = join(folder, name);
  await writeFile(file, '', { flag: 'wx', mode: 0o644 });

  const heartbeat = setInterval(() => {
    const now = new Date();
    // The folder may be gone when a test or a person deletes it; there is nobody left to tell.
    utimes(file, now, now).catch(() => {});
  }, HEARTBEAT_MS);
  heartbeat.unref();

  return {
    name,
    async withdraw() {
      clearInterval(heartbeat);
      await rm(file, { force: true });
    },
  };
}

/** Everybody whose file is there and who still runs. */
export async function neighbours(folder: string): Promise<Neighbour[]> {
  const names = await readdir(folder).catch(() => []);
  const here = await thisMachine();
  const judged = await Promise.all(names.map((name) => judge(folder, name, here)));
  return judged.filter((neighbour) => neighbour !== undefined);
}

async function judge(folder: string, name: string, here: Machine): Promise<Neighbour | undefined> {
  const [pidText, started, host, boot, namespace] = name.split('_');
  const pid = Number(pidText);
  if (!Number.isInteger(pid) || pid <= 0 || !started || !host) return undefined;

  const elsewhere = host !== here.host || (boot === here.boot && namespace !== here.namespace);
  const rebooted = !elsewhere && boot !== here.boot;
  const alive = elsewhere ? await stillBeats(join(folder, name)) : !rebooted && (await isSameLife(pid, started));
  if (alive) return { name, pid, elsewhere };
  await rm(join(folder, name), { force: true });
  return undefined;
}

async function isSameLife(pid: number, started: string): Promise<boolean> {
  const now = await startOf(pid);
  return now !== undefined && (now === started || now === UNKNOWN_START || started === UNKNOWN_START);
}

/** Watches for a beat instead of comparing clocks, which two computers need not share. */
async function stillBeats(file: string): Promise<boolean> {
  const beatAt = () =>
    stat(file).then(
      (found) => found.mtimeMs,
      () => undefined,
    );
  const first = await beatAt();
  for (let waitedMs = 0; waitedMs < SILENCE_MS; waitedMs += 500) {
    await sleep(500);
    const now = await beatAt();
    if (now !== first) return now !== undefined;
  }
  return false;
}
