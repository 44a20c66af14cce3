import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';

/** OpenAPI made from the routes' own schemas; register before the routes. */
export async function documents(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Sales Agent',
        version,
        description:
          'Every write goes through one gate: it runs with a receipt, or waits as a proposal. `Idempotency-Key` makes any write safe to send again. Errors are `{error: {code, message, requestId}}`.',
      },
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key: sk_...' } } },
      security: [{ key: [] }],
    },
    transform: jsonSchemaTransform,
  });
  // the page loads its own files only, so it works without a network
  await app.register(swaggerUi, {
    routePrefix: '/api/v1/docs',
    theme: { title: 'Sales Agent API' },
    uiConfig: { deepLinking: true, displayRequestDuration: true, validatorUrl: null, persistAuthorization: false },
  });
}
