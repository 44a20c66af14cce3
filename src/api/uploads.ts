import type { Readable } from 'node:stream';
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { atLeast } from '../core/actor.ts';
import type { Upload, UploadFiles } from '../core/importing.ts';
import { visibleLine } from '../core/visible.ts';
import { AppError } from '../errors.ts';
import { scopeOf } from '../tools/gate.ts';
import { actorOf } from './auth.ts';
import { hashText, type Once } from './idempotency.ts';
import type { ApiParts } from './server.ts';
import { answers, uploadShape } from './shapes.ts';

export const fileQuery = z.object({ fileName: z.string().max(300).optional() });

/** A mapping may name every column of a wide list. */
const mostFieldBytes = 500_000;

/** How long a client may go on sending what was refused. */
const patienceMs = 10_000;

type FileParts = Pick<ApiParts, 'gate' | 'config' | 'files'>;
export interface Received {
  id: string;
  fileName: string;
  bytes: number;
  sha256: string;
  /** What else the form said. */
  fields: Record<string, string>;
}

/** Files enter here, as multipart or as the body itself, and are kept for a day. */
export const uploadRoutes =
  (parts: ApiParts, { claim }: Once): FastifyPluginAsyncZod =>
  async (app) => {
    await readsFiles(app, parts);
    app.post(
      '/uploads',
      {
        config: { claimsLater: true },
        schema: {
          tags: ['uploads'],
          summary: 'Upload a file, as multipart or as the body',
          description: 'A body that is the file takes its name from `?fileName=` or the header `x-file-name`.',
          consumes: ['multipart/form-data', 'text/csv', 'application/octet-stream'],
          querystring: fileQuery,
          ...answers({ 201: uploadShape }),
        },
      },
      async (request, reply) => {
        const file = await receive(parts, request, request.query.fileName);
        if (!(await claimFile(parts, claim(request, reply, hashFile(file)), file))) return reply;
        const { id, fileName, bytes, expiresAt } = await keep(parts, request, file);
        return reply.code(201).send({ uploadId: id, fileName, bytes, expiresAt });
      },
    );
  };

/** In this scope a body is a stream: nothing of it is held in memory. */
export async function readsFiles(app: FastifyInstance, { config }: FileParts): Promise<void> {
  app.removeAllContentTypeParsers();
  // the size is counted where it is written; this only keeps the parser from stopping before
  await app.register(multipart, {
    limits: { fileSize: limitBytes(config) + 1, files: 1, fields: 20, fieldSize: mostFieldBytes },
  });
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
}

const limitBytes = ({ UPLOAD_MAX_MB }: { UPLOAD_MAX_MB: number }): number => Math.floor(UPLOAD_MAX_MB * 1_048_576);

/** Writes the file of a request to the upload folder. A file that does not arrive whole leaves nothing. */
export async function receive(parts: FileParts, request: FastifyRequest, asked: string | undefined): Promise<Received> {
  if (!atLeast(actorOf(request).role, 'rep')) throw new AppError('forbidden', 'Uploading needs the role rep.');
  const limit = limitBytes(parts.config);
  // multipart adds a little around the file, so its length says too much by at most this
  const announced = Number(request.headers['content-length'] ?? 0) - (request.isMultipart() ? 4096 : 0);
  if (announced > limit) {
    discard(request, request.raw);
    const most = parts.config.UPLOAD_MAX_MB;
    throw new AppError('too_large', `The file is larger than ${most} MB (UPLOAD_MAX_MB). Split it, or raise the limit.`);
  }
  const { saved, name, fields } = request.isMultipart() ? await form(parts, request, limit) : await body(parts, request, limit);
  if (saved.bytes === 0) {
    await parts.files.remove(saved.id);
    throw new AppError('invalid_input', 'The file is empty.');
  }
  return { ...saved, fileName: cleanName(asked ?? name), fields };
}

type Saved = Awaited<ReturnType<UploadFiles['save']>>;
type Taken = { saved: Saved; name: string | undefined; fields: Record<string, string> };

const body = async (parts: FileParts, request: FastifyRequest, limit: number): Promise<Taken> => ({
  saved: await save(parts, request, request.raw, limit),
  name: sentName(request),
  fields: {},
});

/** A form may say more after its file: it is read to its end. */
async function form(parts: FileParts, request: FastifyRequest, limit: number): Promise<Taken> {
  const fields: Record<string, string> = {};
  let file: { saved: Saved; name: string | undefined } | undefined;
  try {
    for await (const part of request.parts()) {
      if (part.type === 'file') file = { saved: await save(parts, request, part.file, limit), name: part.filename };
      else if (part.valueTruncated) throw new AppError('too_large', `The field ${part.fieldname} of the form is too long.`);
      // a field that calls itself JSON comes parsed
      else fields[part.fieldname] = typeof part.value === 'string' ? part.value : JSON.stringify(part.value);
    }
  } catch (error) {
    if (file) await parts.files.remove(file.saved.id);
    throw error;
  }
  if (!file) throw new AppError('invalid_input', 'The form has no file. Put it into a field of its own.');
  return { ...file, fields };
}

const save = (parts: FileParts, request: FastifyRequest, stream: Readable, limit: number): Promise<Saved> =>
  parts.files.save(intact(stream), limit).catch((error) => {
    discard(request, stream);
    throw error;
  });

/** The bytes of a stream that stays alive when reading stops early, so that the refusal can still be answered. */
async function* intact(stream: Readable): AsyncGenerator<Uint8Array> {
  const chunks = stream.iterator({ destroyOnReturn: false });
  // not `yield*`: that hands a reader's error on to the stream, and the stream would end with it
  try {
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  } finally {
    await chunks.return?.();
  }
}

/**
 * Reads the rest of a refused file and throws it away: a client that is still sending would else not see the answer, and a
 * connection that nobody reads is not seen to close. One that goes on sending is cut off.
 */
function discard({ raw }: FastifyRequest, rest: Readable): void {
  rest.on('error', () => undefined).resume();
  const cut = setTimeout(() => raw.destroy(), patienceMs);
  raw.once('close', () => clearTimeout(cut));
}

/** Makes a received file an upload of this person; without the row the file goes too. */
export async function keep({ gate, files }: FileParts, request: FastifyRequest, file: Received): Promise<Upload> {
  const { fields: _fields, ...upload } = file;
  try {
    return await gate.deps.db.records(scopeOf({ actor: actorOf(request), by: 'person' })).uploads.create(upload);
  } catch (error) {
    await files.remove(file.id);
    throw error;
  }
}

/** Takes the caller's key for what arrived; a file that came a second time is not kept. */
export async function claimFile({ files }: FileParts, claimed: Promise<boolean>, file: Received): Promise<boolean> {
  let isNew = false;
  try {
    isNew = await claimed;
  } finally {
    if (!isNew) await files.remove(file.id);
  }
  return isNew;
}

export const hashFile = ({ sha256, fileName }: Received): string => hashText(`${sha256} ${fileName}`);

function sentName({ headers }: FastifyRequest): string | undefined {
  const name = headers['x-file-name'];
  if (typeof name !== 'string') return undefined;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** A name to show: the last part of whatever path came, without signs that draw lies. */
function cleanName(name: string | undefined): string {
  const last = (name ?? '').split(/[\\/]/).at(-1)!;
  return visibleLine(last).slice(0, 200) || 'upload.csv';
}
