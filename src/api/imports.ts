import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { canonical } from '../core/change.ts';
import type { Uploads } from '../core/importing.ts';
import { storable } from '../core/visible.ts';
import { AppError } from '../errors.ts';
import { explain, scopeOf } from '../tools/gate.ts';
import { callQuery, sendOutcome, waiting } from './answers.ts';
import { actorOf, personCall } from './auth.ts';
import { readsJson } from './bodies.ts';
import { hashText, type Once } from './idempotency.ts';
import type { ApiParts } from './server.ts';
import { answers, receiptShape } from './shapes.ts';
import { claimFile, fileQuery, hashFile, keep, readsFiles, receive } from './uploads.ts';

const reference = z.union([
  z.strictObject({ uploadId: z.uuid() }),
  // a path in an HTTP body is a name in our upload folder: the disk of the server is not the caller's
  z.strictObject({ path: z.string().min(1).max(300) }),
]);

const importShape = z.object({
  importId: z.uuid(),
  fileName: z.string(),
  rows: z.number(),
  imported: z.number(),
  merged: z.number(),
  duplicates: z.number(),
  review: z.number(),
  failed: z.number(),
  durationSeconds: z.number(),
  mapping: z.record(z.string(), z.string()),
  problems: z.array(z.object({ line: z.number(), reason: z.string() })),
  receipt: receiptShape.optional(),
});

/** A list becomes leads in one request: the file itself, a form with it, or the id of an upload. */
export const importRoutes =
  (parts: ApiParts, { claim }: Once): FastifyPluginAsyncZod =>
  async (app) => {
    await readsFiles(app, parts);
    readsJson(app);
    app.post(
      '/leads/import/csv',
      {
        config: { claimsLater: true },
        schema: {
          tags: ['leads', 'uploads'],
          summary: 'Import a CSV: as the body, as multipart, or by uploadId',
          description: 'A long list answers 202 with a jobId; GET /api/v1/jobs/{id}/results has the rows that were left out.',
          consumes: ['text/csv', 'multipart/form-data', 'application/json'],
          querystring: callQuery.omit({ propose: true }).extend(fileQuery.shape),
          ...answers({ 200: importShape, 202: waiting }),
        },
      },
      async (request, reply) => {
        const uploadId = isJson(request) ? await named(request, reply) : await sent(request, reply, request.query.fileName);
        if (!uploadId) return reply;
        const { dryRun } = request.query;
        return sendOutcome(reply, await parts.gate.call('import_leads', { uploadId }, personCall(request), { dryRun }), {
          flat: true,
        });
      },
    );

    async function named(request: FastifyRequest, reply: FastifyReply): Promise<string | undefined> {
      const body = reference.safeParse(request.body);
      if (!body.success) throw new AppError('invalid_input', `Send the file, or {"uploadId": "..."}: ${explain(body.error)}`);
      if (!(await claim(request, reply, hashText(canonical([request.body, request.query]))))) return undefined;
      if ('uploadId' in body.data) return body.data.uploadId;
      const { uploads } = parts.gate.deps.db.records(scopeOf({ actor: actorOf(request), by: 'person' }));
      return uploadNamed(uploads, storable(body.data.path));
    }

    async function sent(request: FastifyRequest, reply: FastifyReply, name?: string): Promise<string | undefined> {
      const file = await receive(parts, request, name);
      const hash = hashText(`${hashFile(file)} ${canonical(request.query)}`);
      if (!(await claimFile(parts, claim(request, reply, hash), file))) return undefined;
      return (await keep(parts, request, file)).id;
    }
  };

const isJson = ({ headers }: FastifyRequest): boolean => /^application\/json\b/i.test(headers['content-type'] ?? '');

async function uploadNamed(uploads: Uploads, path: string): Promise<string> {
  const upload = (await uploads.get(path)) ?? (await uploads.named(path));
  if (!upload)
    throw new AppError(
      'invalid_input',
      'There is no upload of yours with that name. Send the file itself, or upload it first: POST /api/v1/uploads.',
    );
  return upload.id;
}
