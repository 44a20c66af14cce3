import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isLoopback } from '../core/address.ts';
import { AppError } from '../errors.ts';

/** What the guard has to know of the configuration. */
export interface OwnNames {
  HOST: string;
  PUBLIC_URL?: string;
}

/**
 * Stands before every route, those that do not exist included. A web page must not be able to use somebody's browser to
 * reach this server: neither by pointing a name of its own at our address (Host), nor by posting from elsewhere (Origin).
 */
export function guard(app: FastifyInstance, names: OwnNames): void {
  app.addHook('onRequest', async (request) => {
    const refused = refusal(request, names);
    if (refused) throw refused;
  });
}

export function refusal(request: FastifyRequest, names: OwnNames): AppError | undefined {
  const host = readHost(request.headers.host);
  if (!host || !isOurs(host.hostname, names))
    return new AppError(
      'forbidden',
      'This server does not answer to that host name. Set PUBLIC_URL to the address people reach it by.',
    );
  if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS') return undefined;
  const { origin, 'sec-fetch-site': site } = request.headers;
  const foreign = site === 'cross-site' || (origin !== undefined && !isOwnOrigin(origin, host, request.socket.localPort, names));
  return foreign ? new AppError('forbidden', 'Requests from other web pages are refused.') : undefined;
}

/** A loopback name is safe with any port: no web page can make a browser send it, and forwarded ports keep working. */
const isOurs = (hostname: string, { HOST, PUBLIC_URL }: OwnNames): boolean =>
  isLoopback(hostname) ||
  hostname === readHost(HOST)?.hostname ||
  (PUBLIC_URL !== undefined && hostname === new URL(PUBLIC_URL).hostname);

/** A page of another program on this machine has a loopback origin too, so here the port counts. */
function isOwnOrigin(origin: string, host: URL, port: number | undefined, { PUBLIC_URL }: OwnNames): boolean {
  const from = URL.canParse(origin) ? new URL(origin) : undefined;
  if (!from?.host) return false;
  if (from.host === host.host || (PUBLIC_URL !== undefined && from.host === new URL(PUBLIC_URL).host)) return true;
  return isLoopback(from.hostname) && from.port === String(port);
}

function readHost(header: string | undefined): URL | undefined {
  if (!header || !/^[\w.:[\]-]+$/.test(header)) return undefined;
  // a bare IPv6 address, as in HOST, needs its brackets
  const host = /^[\da-f:]+:[\da-f:]*$/i.test(header) && header.split(':').length > 2 ? `[${header}]` : header;
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : undefined;
}
