import { chown, mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder that belongs to whoever owns the one above it. Root may open what an ordinary user began,
 * and must not leave folders behind in which that user cannot write.
 */
export async function makeFolder(folder: string, mode = 0o755): Promise<void> {
  const made = await mkdir(folder, { recursive: true, mode });
  if (made !== undefined && process.getuid?.() === 0) {
    const above = await stat(dirname(folder));
    await chown(folder, above.uid, above.gid);
  }
}

/** Makes a rename inside the folder outlast a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder for this and does not need it.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
