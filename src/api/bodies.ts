import type { FastifyInstance } from 'fastify';

export const jsonLimitBytes = 1_048_576;

/**
 * JSON is the only body there is, and only under its own name: a browser may send text/plain to any server without asking,
 * application/json it may not. An empty body is no body, so that a client may always send its JSON header.
 */
export function readsOnlyJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  readsJson(app);
}

export function readsJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser<string>(
    'application/json',
    { parseAs: 'string', bodyLimit: jsonLimitBytes },
    (request, text, done) => {
      if (text.trim() === '') done(null, undefined);
      else parse(request, text, done);
    },
  );
}
