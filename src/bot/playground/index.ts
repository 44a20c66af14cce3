import type { FastifyInstance } from 'fastify';
import type { Door } from './door.ts';
import type { PlaygroundParts } from './parts.ts';

export { PlaygroundSurface } from './surface.ts';

export interface PlaygroundFace {
  /** Its routes, for the one HTTP server. */
  routes(server: FastifyInstance, door: Door): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

/** The playground as a face of the product. Nothing in it lives longer than a request. */
export const playgroundFace = (parts: PlaygroundParts): PlaygroundFace => ({
  // a process without a server writes rows, and draws nothing
  routes: async (server, door) => (await import('./routes.ts')).playgroundRoutes(parts)(server, door),
  start: () => undefined,
  stop: async () => undefined,
});
