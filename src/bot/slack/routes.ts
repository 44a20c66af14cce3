import { AuthorizationError } from '@slack/bolt';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError, publicError } from '../../errors.ts';
import type { InboxApp } from './inbox-app.ts';
import type { InstallPages } from './oauth.ts';
import type { SlackParts } from './parts.ts';
import { isSigned } from './signature.ts';

/** Slack's own bodies are a few kilobytes. */
const bodyLimit = 256 * 1024;
/** Slack sends at most 30,000 events an hour and workspace, all from a few addresses. */
const requestsPerMinute = 60_000;

/** Slack's doors, for the one HTTP server. */
export const slackRoutes =
  ({
    app,
    signingSecret,
    pages,
    parts,
  }: {
    app: InboxApp;
    signingSecret: string | undefined;
    pages: InstallPages | undefined;
    parts: SlackParts;
  }) =>
  async (server: FastifyInstance): Promise<void> => {
    // the signature is over the bytes, so nothing may read them first
    server.removeAllContentTypeParsers();
    server.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) => done(null, body));
    const hidden = { schema: { hide: true } };
    if (signingSecret !== undefined)
      server.post(
        '/slack/events',
        { ...hidden, bodyLimit, config: { rateLimit: { max: requestsPerMinute, timeWindow: 60_000 } } },
        (request, reply) => receive(request, reply, { app, signingSecret, parts }),
      );
    if (pages) {
      server.get('/slack/install', hidden, (request, reply) => {
        reply.hijack();
        return pages.install(request.raw, withHeaders(reply));
      });
      server.get('/slack/oauth_redirect', hidden, (request, reply) => {
        reply.hijack();
        return pages.callback(request.raw, withHeaders(reply));
      });
    }
  };

/** What hooks set on a reply is not on the wire's own object yet. */
function withHeaders(reply: FastifyReply): FastifyReply['raw'] {
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) reply.raw.setHeader(name, value);
  return reply.raw;
}

type Door = { app: InboxApp; signingSecret: string; parts: SlackParts };

async function receive(request: FastifyRequest, reply: FastifyReply, { app, signingSecret, parts }: Door): Promise<FastifyReply> {
  const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '');
  // Slack checks the certificate of a command's address without signing; it learns nothing from an empty answer
  if (isForm && new URLSearchParams(raw.toString()).get('ssl_check')) return reply.code(200).send();
  if (!isSigned(signingSecret, request.headers, raw, parts.now()))
    throw new AppError('unauthorized', 'This request is not signed by Slack, or more than five minutes old.');
  const body = bodyOf(raw, isForm);
  if (body['type'] === 'url_verification') return reply.code(200).send({ challenge: String(body['challenge'] ?? '') });
  if (body['type'] === 'app_rate_limited') {
    parts.log.error(
      { externalTenant: String(body['team_id']) },
      'Slack holds events back: there are more than 30,000 in an hour',
    );
    return reply.code(200).send();
  }
  if (!known.safeParse(body).success) throw new AppError('invalid_input', 'Slack sends nothing like this.');
  return passOn(body, request, reply, { app, parts });
}

/** JSON, or a form: interactivity has JSON in its field `payload`, commands have fields. */
function bodyOf(raw: Buffer, isForm: boolean): Record<string, unknown> {
  const fields = isForm ? Object.fromEntries(new URLSearchParams(raw.toString())) : undefined;
  try {
    const body: unknown = fields
      ? fields['payload'] === undefined
        ? fields
        : JSON.parse(fields['payload'])
      : JSON.parse(raw.toString());
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  } catch (error) {
    throw new AppError('invalid_input', 'The body cannot be read.', { cause: error });
  }
  throw new AppError('invalid_input', 'The body is no object.');
}

const somebody = z.looseObject({});

/** What Bolt looks into without asking whether it is there. */
const known = z.union([
  z.looseObject({ type: z.literal('event_callback') }),
  z.looseObject({ command: z.string(), event: z.undefined().optional(), type: z.undefined().optional() }),
  z.looseObject({ type: z.enum(['block_actions', 'block_suggestion', 'message_action', 'shortcut']), user: somebody }),
  z.looseObject({
    type: z.enum(['view_submission', 'view_closed']),
    user: somebody,
    view: z.looseObject({ callback_id: z.string() }),
  }),
]);

/** Answers with the acknowledgement, whenever it comes; what fails afterwards is only written down. */
async function passOn(
  body: Record<string, unknown>,
  request: FastifyRequest,
  reply: FastifyReply,
  { app, parts }: { app: InboxApp; parts: SlackParts },
): Promise<FastifyReply> {
  let acked = false;
  const answer = await new Promise<{ ack: unknown } | { failed: unknown }>((resolve) => {
    const ack = async (response?: unknown): Promise<void> => {
      acked = true;
      resolve({ ack: response });
    };
    const work = app
      .processEvent({
        body,
        ack,
        retryNum: numberIn(request, 'x-slack-retry-num'),
        retryReason: textIn(request, 'x-slack-retry-reason'),
      })
      .then(
        () => resolve({ failed: new AppError('invalid_input', 'Slack sends nothing like this.') }),
        (error) => {
          if (acked) throw error;
          resolve({ failed: error });
        },
      );
    parts.afterwards('what Slack asked for', work);
  });
  if ('ack' in answer) return reply.code(200).send(answer.ack ?? '');
  const { failed } = answer;
  if (failed instanceof AuthorizationError)
    throw new AppError('unauthorized', 'Sales Agent is not installed in this Slack workspace.');
  if (failed instanceof AppError && failed.code !== 'unavailable') throw failed;
  parts.log.error({ err: failed, requestId: request.id }, 'a request of Slack could not be kept; Slack sends it again');
  const { code, message } = publicError(failed);
  return reply.code(500).send({ error: { code, message, requestId: request.id } });
}

const textIn = ({ headers }: FastifyRequest, name: string): string | undefined => {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
};
const numberIn = (request: FastifyRequest, name: string): number | undefined => {
  const value = Number(textIn(request, name));
  return Number.isInteger(value) && value > 0 ? value : undefined;
};
