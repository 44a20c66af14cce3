import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Stands where a platform does not tell: it matches every start, so that doubt never declares a living process dead. */
export const UNKNOWN_START = '0';

/**
 * Which life of a process id this is. A pid alone is reused after a crash or a reboot, the pair of pid and start is not.
 * Undefined when no such process runs; a zombie holds nothing any more and counts as gone.
 */
export async function startOf(pid: number): Promise<string | undefined> {
  if (!isRunning(pid)) return undefined;
  if (process.platform === 'linux') return startOnLinux(pid);
  const printed =
    process.platform === 'win32' ? askPowerShell(`(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`) : askPs(pid, 'lstart=');
  return short((await printed) ?? UNKNOWN_START);
}

/** The command a process was started with, or undefined when nobody tells. */
export async function commandLineOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const raw = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
    return raw?.replaceAll('\0', ' ');
  }
  if (process.platform === 'win32')
    return askPowerShell(`(Get-CimInstance Win32_Process -Filter "ProcessId=${pid}").CommandLine`);
  return askPs(pid, 'command=');
}

/** Where process ids mean something: one host, one boot of it, one pid namespace (a container has its own). */
export interface Machine {
  host: string;
  boot: string;
  namespace: string;
}

export async function thisMachine(): Promise<Machine> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  return { host: short(hostname()), boot: short(boot), namespace: short(namespace) };
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM means that it runs and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function startOnLinux(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // Running but invisible: /proc is mounted with hidepid.
  if (stat === undefined) return isRunning(pid) ? UNKNOWN_START : undefined;
  // The second field is the command in brackets and may hold spaces; what follows the last bracket is regular.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startedTicks] = [fields[0], fields[19]];
  if (state === 'Z' || state === 'X') return undefined;
  return startedTicks ?? UNKNOWN_START;
}

function askPs(pid: number, column: string): Promise<string | undefined> {
  return firstLine('ps', ['-p', String(pid), '-o', column]);
}

function askPowerShell(expression: string): Promise<string | undefined> {
  return firstLine('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', expression]);
}

async function firstLine(command: string, args: string[]): Promise<string | undefined> {
  // A missing or failing tool means "not known", which every caller treats as "could be".
  const printed = await run(command, args, { windowsHide: true, env: { ...process.env, LC_ALL: 'C' } }).catch(() => undefined);
  return printed?.stdout.trim() || undefined;
}

function short(text: string): string {
  return text === UNKNOWN_START ? text : createHash('sha256').update(text).digest('hex').slice(0, 8);
}
