import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError, publicError } from '../../errors.ts';
import { activity } from './activity.ts';
import { onHeard } from './heard.ts';
import { isConnector } from './hosts.ts';
import { onInvoke } from './invokes.ts';
import type { TeamsParts } from './parts.ts';

/** Activities are a few kilobytes; Teams sends up to a hundred. */
const bodyLimit = 256 * 1024;
/** Fifty a second are the most that Teams takes and sends for one bot in one tenant. */
const requestsPerMinute = 60_000;

/** The door of Teams, for the one HTTP server. */
export const teamsRoutes =
  (parts: TeamsParts) =>
  async (server: FastifyInstance): Promise<void> => {
    // a body is read once it is known who sent it
    server.removeAllContentTypeParsers();
    server.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) => done(null, body));
    server.post(
      '/api/messages',
      { schema: { hide: true }, bodyLimit, config: { rateLimit: { max: requestsPerMinute, timeWindow: 60_000 } } },
      (request, reply) => receive(request, reply, parts),
    );
  };

async function receive(request: FastifyRequest, reply: FastifyReply, parts: TeamsParts): Promise<FastifyReply> {
  const body = bodyOf(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));
  const { serviceUrl, channelId } = body;
  await parts.transport.authenticate(
    { serviceUrl: typeof serviceUrl === 'string' ? serviceUrl : '', channelId: typeof channelId === 'string' ? channelId : '' },
    request.headers.authorization,
  );
  const parsed = activity.safeParse(body);
  if (!parsed.success) throw new AppError('invalid_input', 'Teams sends nothing like this.');
  if (!isConnector(parsed.data.serviceUrl, parts.config.allowHosts)) {
    parts.log.warn(
      { host: hostOf(parsed.data.serviceUrl) },
      'an activity that wants its answer at an address that is not one of Teams',
    );
    throw new AppError('forbidden', 'The address for the answer is not one of Teams.');
  }
  if (parsed.data.type !== 'invoke') {
    await kept(request, reply, parts, () => onHeard(parsed.data, parts));
    return reply.sent ? reply : reply.code(200).send();
  }
  const answer = await onInvoke(parsed.data, parts);
  if (answer) return reply.code(answer.status).send(answer.body);
  parts.log.debug({ name: String(parsed.data.name).slice(0, 100) }, 'Teams asks for something that is not ours');
  const message = 'Sales Agent does not answer this kind of request.';
  return reply.code(501).send({ error: { code: 'invalid_input', message, requestId: request.id } });
}

/** Where it cannot be kept, Teams hears nothing good and sends it again. */
async function kept(request: FastifyRequest, reply: FastifyReply, { log }: TeamsParts, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof AppError && error.code !== 'unavailable') throw error;
    log.error({ err: error, requestId: request.id }, 'an activity of Teams could not be kept; Teams sends it again');
    const { code, message } = publicError(error);
    await reply.code(500).send({ error: { code, message, requestId: request.id } });
  }
}

function bodyOf(raw: Buffer): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(raw.toString());
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  } catch (error) {
    throw new AppError('invalid_input', 'The body cannot be read.', { cause: error });
  }
  throw new AppError('invalid_input', 'The body is no object.');
}

const hostOf = (address: string): string => (URL.canParse(address) ? new URL(address).host : 'none');
