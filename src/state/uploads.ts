import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { UploadFiles } from '../core/importing.ts';
import { AppError } from '../errors.ts';

/** Uploaded bytes in DATA_DIR/uploads under our own ids: no name from outside ever reaches the disk. */
export function uploadFolder(dataDir: string): UploadFiles {
  const folder = join(dataDir, 'uploads');
  const path = (id: string) => {
    if (!/^[0-9a-f-]{36}$/.test(id)) throw new AppError('invalid_input', 'That is no upload id.');
    return join(folder, id);
  };
  return {
    async save(content, limitBytes) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const id = crypto.randomUUID();
      const partial = `${path(id)}.partial`;
      const hash = createHash('sha256');
      let bytes = 0;
      const count = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          bytes += chunk.length;
          hash.update(chunk);
          done(
            bytes > limitBytes
              ? new AppError(
                  'too_large',
                  `The file is larger than ${Math.round(limitBytes / 1_048_576)} MB (UPLOAD_MAX_MB). Split it, or raise the limit.`,
                )
              : null,
            chunk,
          );
        },
      });
      try {
        await pipeline(Readable.from(content), count, createWriteStream(partial, { mode: 0o600, flush: true }));
        // a name without .partial means: all of it is there
        await rename(partial, path(id));
      } catch (error) {
        // why it failed is what matters; a leftover .partial is nobody's upload
        await rm(partial, { force: true }).catch(() => undefined);
        throw error;
      }
      return { id, bytes, sha256: hash.digest('hex') };
    },
    path,
    previewPath: (id) => `${path(id)}.preview`,
    async workFolder(id) {
      return mkdtemp(`${path(id)}.work-`);
    },
    async remove(id) {
      const own = path(id);
      await rm(own, { force: true });
      // and what was made of it beside it
      for (const name of await readdir(folder).catch(() => []))
        if (name.startsWith(`${id}.`)) await rm(join(folder, name), { recursive: true, force: true });
    },
    async tidy(olderThanMs) {
      const oldest = Date.now() - olderThanMs;
      for (const name of await readdir(folder).catch(() => [])) {
        if (!/^[0-9a-f-]{36}\.(?:work-|partial$)/.test(name)) continue;
        const work = join(folder, name);
        // its owner may remove it at this moment
        const found = await stat(work).catch(() => undefined);
        if (found && found.mtimeMs < oldest) await rm(work, { recursive: true, force: true });
      }
    },
  };
}
