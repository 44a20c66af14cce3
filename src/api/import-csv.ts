import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { canonical } from '../core/change.ts';
import type { Uploads } from '../core/importing.ts';
import { storable } from '../core/visible.ts';
import { AppError } from '../errors.ts';
import { explain, scopeOf } from '../tools/gate.ts';
import { importOutput } from '../tools/import-leads.ts';
import { callQuery, sendOutcome, waiting } from './answers.ts';
import { actorOf, personCall } from './auth.ts';
import { readsJson } from './bodies.ts';
import { HttpError } from './errors.ts';
import { hashText, type Once } from './idempotency.ts';
import type { ApiParts } from './server.ts';
import { answers, changesShape, receiptShape } from './shapes.ts';
import { claimFile, fileQuery, hashFile, keep, readsFiles, receive } from './uploads.ts';

/** How the list is to be read, where it is not understood by itself: in the query, as fields of a form, or in a JSON body. */
const reading = z.object({
  mapping: z.string().optional().describe('JSON: {"Header": "field"}; "attribute" keeps a column aside, "ignore" leaves it out.'),
  sheet: z.string().optional().describe('Of a workbook: the sheet to read.'),
  headerLine: z.coerce.number().int().min(0).optional().describe('The line with the column names; 0 when there is none.'),
});

const readingBody = {
  mapping: z.record(z.string(), z.string()).optional(),
  sheet: z.string().optional(),
  headerLine: z.number().int().min(0).optional(),
};
const reference = z.union([
  z.strictObject({ uploadId: z.uuid(), ...readingBody }),
  // a path in an HTTP body is a name in our upload folder: the disk of the server is not the caller's
  z.strictObject({ path: z.string().min(1).max(300), ...readingBody }),
]);

type Input = { uploadId: string; mapping?: Record<string, string>; sheet?: string; headerLine?: number };

const listTypes = [
  'text/csv',
  'text/tab-separated-values',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/gzip',
  'application/octet-stream',
];
/** Names that programs give to lists as well; what a list really is, its bytes say. */
const otherNames = [
  ...['application/csv', 'text/x-csv', 'application/x-csv', 'text/comma-separated-values', 'text/tsv', 'text/plain'],
  ...['application/vnd.ms-excel', 'application/x-gzip', 'application/zip', 'binary/octet-stream'],
  // what curl says of --data-binary when nobody told it better
  'application/x-www-form-urlencoded',
];
const known = new Set([...listTypes, ...otherNames, 'multipart/form-data']);

const importShape = importOutput.extend({
  receipt: receiptShape.optional(),
  dryRun: z.literal(true).optional(),
  changes: changesShape.optional(),
  title: z.string().optional(),
});
const runningShape = z.object({ status: z.literal('running'), jobId: z.uuid(), importId: z.uuid() });

/** A list becomes leads in one request: the file itself, a form with it, or the id of an upload. */
export const importCsvRoute =
  (parts: ApiParts, { claim }: Once): FastifyPluginAsyncZod =>
  async (app) => {
    await readsFiles(app, parts);
    readsJson(app);
    app.post(
      '/leads/import/csv',
      {
        config: { claimsLater: true },
        schema: {
          tags: ['leads', 'imports', 'uploads'],
          summary: 'Import a list: as the body, as multipart, or by uploadId',
          description:
            'CSV, TSV, an Excel workbook (.xlsx), each also gzipped. A form may have the fields mapping, sheet and headerLine beside its file; JSON is `{"uploadId": "..."}` with the same. A long list answers 202: GET /api/v1/jobs/{id}/events follows it, GET /api/v1/imports/{id}/rows has the rows that did not become leads of their own.',
          consumes: [...listTypes, 'multipart/form-data', 'application/json'],
          querystring: callQuery.omit({ propose: true }).extend({ ...fileQuery.shape, ...reading.shape }),
          ...answers({ 200: importShape, 202: z.union([waiting, runningShape]) }),
        },
      },
      async (request, reply) => {
        const type = typeOf(request);
        const input = type === 'application/json' ? await named(request, reply) : await sent(request, reply, type);
        if (!input) return reply;
        const { dryRun } = request.query;
        const outcome = await parts.gate.call('import_leads', input, personCall(request), { dryRun });
        if (outcome.status !== 'running') return sendOutcome(reply, outcome, { flat: true });
        // an import goes by the id of its job
        return reply.code(202).send({ status: 'running', jobId: outcome.job.id, importId: outcome.job.id });
      },
    );

    async function named(request: FastifyRequest, reply: FastifyReply): Promise<Input | undefined> {
      const body = reference.safeParse(request.body);
      if (!body.success) throw new AppError('invalid_input', `Send the file, or {"uploadId": "..."}: ${explain(body.error)}`);
      if (!(await claim(request, reply, hashText(canonical([request.body, request.query]))))) return undefined;
      const asked = { ...readAs(request.query as z.infer<typeof reading>), ...body.data };
      if ('uploadId' in asked) return asked;
      const { path, ...rest } = asked;
      const { uploads } = parts.gate.deps.db.records(scopeOf({ actor: actorOf(request), by: 'person' }));
      return { ...rest, uploadId: await uploadNamed(uploads, storable(path)) };
    }

    async function sent(request: FastifyRequest, reply: FastifyReply, type: string | undefined): Promise<Input | undefined> {
      if (type !== undefined && !known.has(type))
        throw new HttpError(
          415,
          'invalid_input',
          `A list does not come as ${type}. Send CSV (text/csv), TSV, an Excel workbook (.xlsx), each also gzipped, as application/octet-stream or in a form; or JSON with an uploadId.`,
        );
      const query = request.query as z.infer<typeof reading> & z.infer<typeof fileQuery>;
      const asked = readAs(query);
      const file = await receive(parts, request, query.fileName);
      const hash = hashText(`${hashFile(file)} ${canonical([request.query, file.fields])}`);
      // a form that cannot be read leaves its file behind no more than one that was sent before
      const claimed = async () => ({ more: readFields(file.fields), isNew: await claim(request, reply, hash) });
      const first = claimed();
      if (
        !(await claimFile(
          parts,
          first.then(({ isNew }) => isNew),
          file,
        ))
      )
        return undefined;
      return { ...asked, ...(await first).more, uploadId: (await keep(parts, request, file)).id };
    }
  };

const typeOf = ({ headers }: FastifyRequest): string | undefined =>
  /^[^;]+/
    .exec(headers['content-type'] ?? '')?.[0]
    .trim()
    .toLowerCase() || undefined;

function readAs({ mapping, sheet, headerLine }: z.infer<typeof reading>): Omit<Input, 'uploadId'> {
  return {
    ...(mapping && { mapping: fromJson(mapping) }),
    ...(sheet && { sheet }),
    ...(headerLine !== undefined && { headerLine }),
  };
}

/** Fields of a form; one that is empty is a field that nobody filled in. */
function readFields(fields: Record<string, string>): Omit<Input, 'uploadId'> {
  const asked = reading.safeParse(Object.fromEntries(Object.entries(fields).filter(([, value]) => value.trim() !== '')));
  if (!asked.success) throw new AppError('invalid_input', `The form: ${explain(asked.error)}`);
  return readAs(asked.data);
}

function fromJson(text: string): Record<string, string> {
  try {
    return JSON.parse(text) as Record<string, string>;
  } catch (error) {
    throw new AppError('invalid_input', 'mapping is JSON, for example {"Firm": "name", "Notes": "ignore"}.', { cause: error });
  }
}

async function uploadNamed(uploads: Uploads, path: string): Promise<string> {
  const upload = (await uploads.get(path)) ?? (await uploads.named(path));
  if (!upload)
    throw new AppError(
      'invalid_input',
      'There is no upload of yours with that name. Send the file itself, or upload it first: POST /api/v1/uploads.',
    );
  return upload.id;
}
