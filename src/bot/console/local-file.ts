import { constants, createReadStream } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../errors.ts';

/** A path as it is typed, pasted or dragged into a terminal: quotes, escaped spaces, ~ and file:// are understood. */
export function typedPath(text: string, folder: string): string {
  const bare = text.trim();
  if (/^file:\/\//i.test(bare)) {
    try {
      return fileURLToPath(bare);
    } catch {
      throw new AppError('invalid_input', `${bare} is no file of this machine.`);
    }
  }
  const quoted = /^(["'])(.*)\1$/s.exec(bare);
  const path = quoted ? quoted[2]! : process.platform === 'win32' ? bare : bare.replace(/\\(.)/g, '$1');
  return resolve(folder, path.replace(/^~(?=$|[\\/])/, homedir()));
}

export interface LocalFile {
  path: string;
  name: string;
  bytes: number;
}

/** Looks before anything is read, so that a slip is told in plain words; `example` is what a file of the kind may be called. */
export async function findFile(path: string, example = 'list.csv'): Promise<LocalFile> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') throw new AppError('not_found', `There is no file ${path}.`);
    throw unreadable(path, error);
  });
  if (found.isDirectory())
    throw new AppError('invalid_input', `${path} is a folder. Name the file in it, for example ${path}/${example}.`);
  await access(path, constants.R_OK).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(path, error);
  });
  return { path, name: basename(path), bytes: found.size };
}

const unreadable = (path: string, error: NodeJS.ErrnoException): AppError =>
  error.code === 'EACCES' || error.code === 'EPERM'
    ? new AppError('forbidden', `You may not read ${path}. Change its permissions, or copy it to a place of your own.`)
    : new AppError('invalid_input', `${path} cannot be read (${error.code ?? 'unknown reason'}).`, { cause: error });

/** The file's bytes; `lines` is told how many line ends went by so far, unless it is packed: then they say nothing of its rows. */
export async function* readFile(file: LocalFile, signal: AbortSignal, lines: (count: number) => void): AsyncGenerator<Buffer> {
  let count = 0;
  let packed: boolean | undefined;
  for await (const chunk of createReadStream(file.path, { signal, highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
    packed ??= isPacked(chunk);
    if (!packed) {
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) count++;
      lines(count);
    }
    yield chunk;
  }
}

/** gzip, or a zip: workbooks are that, too. */
const isPacked = (head: Buffer): boolean => (head[0] === 0x1f && head[1] === 0x8b) || (head[0] === 0x50 && head[1] === 0x4b);
