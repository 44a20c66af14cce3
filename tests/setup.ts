import net from 'node:net';
import fc from 'fast-check';

// The same cases in every run, so that a failure is there again and no run fails by chance; FUZZ_SEED=n tries others.
fc.configureGlobal({ seed: process.env.FUZZ_SEED ? Number(process.env.FUZZ_SEED) : 20_260_101 });

// A test reaches this machine only: any other address is refused before a packet leaves.
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]) {
  const first = (Array.isArray(args[0]) ? args[0][0] : args[0]) as { host?: string; path?: string } | number | string;
  const host = typeof first === 'object' ? first.host : typeof args[1] === 'string' ? args[1] : undefined;
  const local =
    typeof first === 'string' ||
    (typeof first === 'object' && first.path) ||
    host === undefined ||
    /^(localhost|127\.|::1)/.test(host);
  if (!local) throw new Error(`a test may not reach ${host}`);
  return connect.apply(this, args as Parameters<typeof connect>);
} as typeof connect;
