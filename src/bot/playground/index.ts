import type { FastifyInstance } from 'fastify';
import type { Door } from './door.ts';
import type { PlaygroundParts } from './parts.ts';
import { playgroundRoutes } from './routes.ts';

export { PlaygroundSurface } from './surface.ts';

export interface PlaygroundFace {
  /** Its routes, for the one HTTP server. */
  routes(server: FastifyInstance, door: Door): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

/** The playground as a face of the product. Nothing in it lives longer than a request. */
export const playgroundFace = (parts: PlaygroundParts): PlaygroundFace => ({
  routes: playgroundRoutes(parts),
  start: () => undefined,
  stop: async () => undefined,
});
