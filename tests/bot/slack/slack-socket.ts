import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** The other end of Socket Mode: as much of a WebSocket server as Slack's client needs. */
export interface SocketEnd {
  url: string;
  /** How often somebody connected. */
  connections: number;
  /** Sends an envelope over the newest connection. */
  send(envelope: Record<string, unknown>): void;
  raw(text: string): void;
  /** What came back, by envelope. */
  acks: Map<string, unknown>;
  /** Cuts every connection. */
  drop(): void;
  close(): Promise<void>;
}

export async function openSocketEnd(): Promise<SocketEnd> {
  const sockets = new Set<Duplex>();
  let newest: Duplex | undefined;
  const server = createServer();
  const end: SocketEnd = {
    url: '',
    connections: 0,
    acks: new Map(),
    send: (envelope) => end.raw(JSON.stringify(envelope)),
    raw: (text) => void newest?.write(frame(1, Buffer.from(text))),
    drop: () => {
      for (const socket of sockets) socket.destroy();
    },
    close: async () => {
      end.drop();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  server.on('upgrade', (request, socket) => {
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    sockets.add(socket);
    newest = socket;
    end.connections += 1;
    let held = Buffer.alloc(0);
    socket.on('data', (data: Buffer) => {
      held = Buffer.concat([held, data]);
      for (let one = unframe(held); one; one = unframe(held)) {
        held = held.subarray(one.length);
        if (one.opcode === 9) socket.write(frame(10, one.payload));
        if (one.opcode === 8) socket.end(frame(8, one.payload));
        if (one.opcode === 1) {
          const { envelope_id, payload } = JSON.parse(one.payload.toString()) as { envelope_id: string; payload: unknown };
          end.acks.set(envelope_id, payload);
        }
      }
    });
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    end.send({ type: 'hello', num_connections: 1, connection_info: { app_id: 'A000000001' } });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  end.url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return end;
}

function frame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const head =
    length < 126 ? Buffer.from([0x80 | opcode, length]) : Buffer.from([0x80 | opcode, 126, length >> 8, length & 0xff]);
  return Buffer.concat([head, payload]);
}

/** A whole frame of a client, whose payload is masked. */
function unframe(data: Buffer): { opcode: number; payload: Buffer; length: number } | undefined {
  if (data.length < 6) return undefined;
  const short = data[1]! & 0x7f;
  const at = short < 126 ? 2 : 4;
  const size = short < 126 ? short : data.readUInt16BE(2);
  const length = at + 4 + size;
  if (data.length < length) return undefined;
  const mask = data.subarray(at, at + 4);
  const payload = Buffer.from(data.subarray(at + 4, length).map((byte, i) => byte ^ mask[i % 4]!));
  return { opcode: data[0]! & 0x0f, payload, length };
}
