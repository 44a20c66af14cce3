import type { FastifyInstance } from 'fastify';
import { AppError } from '../errors.ts';

export const jsonLimitBytes = 1_048_576;

/** Nothing we take is nested like that, and whoever walks a body may count on its depth. */
const mostLevels = 50;

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
      else
        parse(request, text, (error, body) => {
          if (!error && isDeeper(body, mostLevels))
            done(new AppError('invalid_input', `The body is nested too deeply: ${mostLevels} levels are the most.`), undefined);
          else done(error, body);
        });
    },
  );
}

const isDeeper = (value: unknown, levels: number): boolean =>
  value !== null &&
  typeof value === 'object' &&
  (levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1)));
