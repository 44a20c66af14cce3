import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { leadSorts, leadStatuses } from '../core/lead.ts';
import { tiers } from '../core/scoring.ts';
import { callQuery, sendOutcome, waiting } from './answers.ts';
import { personCall } from './auth.ts';
import type { ApiParts } from './server.ts';
import { answers, receiptShape } from './shapes.ts';

/** Several values in a query string: repeated, or with commas. */
const several = <T extends z.ZodType<string, string>>(one: T) =>
  z
    .union([z.string(), z.array(z.string())])
    .transform((value) => [value].flat().flatMap((text) => text.split(',')))
    .pipe(z.array(one))
    .optional();
const number = z.coerce.number().optional();

/** The input of search_leads as a query string; the tool itself checks the values. */
const searchQuery = z.strictObject({
  query: z.string().optional().describe('Words that must all appear in name, place, phone, e-mail, domain or industry.'),
  status: several(z.enum(leadStatuses)),
  tier: several(z.enum(tiers)),
  state: z.string().optional().describe('"Texas" or "TX".'),
  city: z.string().optional(),
  owner: z.string().optional().describe('"me", "nobody", or a name.'),
  minScore: number,
  maxScore: number,
  has: several(z.enum(['phone', 'email', 'website'])),
  missing: several(z.enum(['phone', 'email', 'website', 'owner'])),
  notContactedDays: number,
  addedWithinDays: number,
  sort: z.enum(leadSorts).optional(),
  limit: number,
  cursor: z.string().optional().describe('nextCursor of the page before, with the same filters.'),
});

const fieldsBody = z.record(z.string(), z.unknown());
const leadParams = z.object({ id: z.string().min(1).max(300).describe('A lead id, or a name, phone, e-mail or domain.') });
const lead = z.record(z.string(), z.unknown());
const written = z.object({ lead, receipt: receiptShape.optional() });

/** Leads as a resource: each route is the tool of that name, with the same rules and receipts. */
export const leadRoutes =
  ({ gate }: ApiParts): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/leads',
      {
        schema: {
          tags: ['leads'],
          summary: 'Find leads, one page at a time',
          querystring: searchQuery,
          ...answers({
            200: z.object({ leads: z.array(lead), total: z.number(), nextCursor: z.string().optional(), filters: z.string() }),
          }),
        },
      },
      async (request, reply) =>
        sendOutcome(reply, await gate.call('search_leads', request.query, personCall(request)), { flat: true }),
    );

    app.post(
      '/leads',
      {
        schema: {
          tags: ['leads'],
          summary: 'Add a lead',
          querystring: callQuery,
          body: fieldsBody,
          ...answers({ 201: written, 202: waiting }),
        },
      },
      async (request, reply) =>
        sendOutcome(reply, await gate.call('create_lead', request.body, personCall(request), request.query), {
          done: 201,
          flat: true,
        }),
    );

    app.get(
      '/leads/:id',
      {
        schema: {
          tags: ['leads'],
          summary: 'One lead with contacts, activities, tasks and deals',
          params: leadParams,
          ...answers({
            200: z.object({
              lead,
              contacts: z.array(lead),
              activities: z.array(lead),
              tasks: z.array(lead),
              deals: z.array(lead),
            }),
          }),
        },
      },
      async (request, reply) =>
        sendOutcome(reply, await gate.call('get_lead', { lead: request.params.id }, personCall(request)), { flat: true }),
    );

    app.put(
      '/leads/:id',
      {
        schema: {
          tags: ['leads'],
          summary: 'Change fields of a lead',
          description: 'Send only what changes, and the `version` you saw: 409 when somebody was faster.',
          params: leadParams,
          querystring: callQuery,
          body: fieldsBody,
          ...answers({ 200: written.extend({ changed: z.array(z.string()), version: z.number() }), 202: waiting }),
        },
      },
      async (request, reply) => {
        const input = { ...request.body, lead: request.params.id };
        return sendOutcome(reply, await gate.call('update_lead', input, personCall(request), request.query), { flat: true });
      },
    );

    app.delete(
      '/leads/:id',
      {
        schema: {
          tags: ['leads'],
          summary: 'Delete a lead; undo of the receipt brings it back',
          params: leadParams,
          querystring: callQuery.extend({ version: z.coerce.number().int().optional() }),
          body: z.strictObject({ version: z.number().int().optional() }).nullish(),
          ...answers({ 200: z.object({ id: z.uuid(), name: z.string(), receipt: receiptShape.optional() }), 202: waiting }),
        },
      },
      async (request, reply) => {
        const { version = request.body?.version, ...options } = request.query;
        const input = { lead: request.params.id, ...(version !== undefined && { version }) };
        return sendOutcome(reply, await gate.call('delete_lead', input, personCall(request), options), { flat: true });
      },
    );
  };
