import type { FastifyRequest } from 'fastify';
import { isLoopback } from '../core/address.ts';

/** Headers that a proxy adds: with one of them, the person is somewhere else even though the socket is local. */
const forwarding = ['x-forwarded-for', 'x-forwarded-host', 'forwarded', 'x-real-ip', 'via'];

/** The request comes from a program on this machine, and not through a proxy on it. */
export const isDirectLocal = (request: FastifyRequest): boolean =>
  isLoopback(request.socket.remoteAddress ?? '') && !forwarding.some((name) => request.headers[name] !== undefined);
