import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';
import type { Log } from '../../log.ts';

/** The committed bundle; npm run generate makes it. */
const bundle = fileURLToPath(new URL('./dist/', import.meta.url));

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** Nothing but our own files, and pictures that are made on the spot; no script, style or frame in the page itself. */
const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

interface Asset {
  type: string;
  bytes: Buffer;
  zipped: Buffer | undefined;
  tag: string;
}

/** The page at the root, and its files. */
export const pageRoutes =
  (log: Log) =>
  async (server: FastifyInstance): Promise<void> => {
    const assets = await readBundle();
    const complete = assets.has('app.js') && assets.has('app.css');
    if (!complete) log.warn('the page of the playground is not built: npm run generate');
    const page = await assetOf('text/html; charset=utf-8', Buffer.from(complete ? html(assets) : unbuilt));

    server.get('/', { schema: { hide: true } }, async (request, reply) => {
      reply.header('content-security-policy', contentPolicy).header('cache-control', 'no-cache');
      return send(request, reply, page);
    });
    server.get('/playground/:file', { schema: { hide: true } }, async (request, reply) => {
      const { file } = request.params as { file: string };
      const asset = assets.get(file);
      if (!asset) throw new AppError('not_found', 'There is no such file.');
      // an address that names the content never has another
      const named = (request.query as Record<string, unknown>)['v'] === asset.tag;
      reply.header('cache-control', named ? 'public, max-age=31536000, immutable' : 'no-cache');
      return send(request, reply, asset);
    });
  };

function send(request: FastifyRequest, reply: FastifyReply, { type, bytes, zipped, tag }: Asset): FastifyReply {
  reply.header('etag', `"${tag}"`).header('vary', 'accept-encoding').type(type);
  if (request.headers['if-none-match']?.split(/\s*,\s*/).some((one) => one.replace(/^W\//, '') === `"${tag}"`))
    return reply.code(304).send();
  if (!zipped || !acceptsGzip(request.headers['accept-encoding'])) return reply.send(bytes);
  return reply.header('content-encoding', 'gzip').send(zipped);
}

/** `gzip;q=0` is a refusal. */
const acceptsGzip = (header: string | string[] | undefined): boolean =>
  String(header ?? '')
    .split(',')
    .some((one) => /^\s*(?:gzip|\*)\s*(?:;\s*q=(?!0(?:\.0*)?\s*$)[\d.]+\s*)?$/i.test(one));

async function readBundle(): Promise<Map<string, Asset>> {
  const names = await readdir(bundle).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const known = names.filter((name) => types[extname(name)] !== undefined);
  return new Map(
    await Promise.all(
      known.map(async (name) => [name, await assetOf(types[extname(name)]!, await readFile(`${bundle}${name}`))] as const),
    ),
  );
}

async function assetOf(type: string, bytes: Buffer): Promise<Asset> {
  const packed = /^image\/png|^font/.test(type) ? undefined : await promisify(gzip)(bytes, { level: 9 });
  const tag = createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
  return { type, bytes, zipped: packed && packed.length < bytes.length ? packed : undefined, tag };
}

const icon = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28 28"><path fill="#0b6e64" d="M7 3h14a5 5 0 0 1 5 5v9a5 5 0 0 1-5 5h-7l-6 4.2V22H7a5 5 0 0 1-5-5V8a5 5 0 0 1 5-5Z"/><path d="m9 12.7 3.4 3.4L19.3 9" fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round"/></svg>',
)}`;

const html = (assets: ReadonlyMap<string, Asset>): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Sales Agent</title>
<link rel="icon" href="${icon}">
<link rel="stylesheet" href="/playground/app.css?v=${assets.get('app.css')!.tag}">
<script type="module" src="/playground/app.js?v=${assets.get('app.js')!.tag}"></script>
</head>
<body>
<div id="app"></div>
<noscript>The playground needs JavaScript. Without it: npm run chat in a terminal.</noscript>
</body>
</html>
`;

const unbuilt = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Sales Agent</title></head>
<body><h1>Sales Agent</h1><p>The server runs; this page is not built yet: <code>npm run generate</code>, then start again.</p></body>
</html>
`;
