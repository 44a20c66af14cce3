import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenSpan {
  traceId: string;
  id: string;
  parentId: string;
  name: string;
  /** 1 is internal, 3 is client. */
  kind: number;
  ms: number;
  attributes: Record<string, unknown>;
  /** 2 is an error. */
  status: number;
  service: unknown;
}

export interface Collector {
  url: string;
  requests: { path: string; headers: IncomingHttpHeaders; body: Buffer }[];
  spans(): SeenSpan[];
  close(): Promise<void>;
}

/** An OpenTelemetry collector on this machine that reads what it is sent by the wire format, not by our libraries. */
export async function collector(answer: 'takes' | 'hangs' | 'refuses' = 'takes'): Promise<Collector> {
  const requests: Collector['requests'] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    requests.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(parts) });
    if (answer === 'hangs') return;
    response.writeHead(answer === 'takes' ? 200 : 400, { 'content-type': 'application/x-protobuf' });
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    spans: () => requests.flatMap(({ body }) => spansOf(body)),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Field = bigint | Buffer;

/** A protobuf message as it lies on the wire: its fields by number, in order. */
function fieldsOf(bytes: Buffer): (no: number) => Field[] {
  const fields = new Map<number, Field[]>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error('the message ends in the middle of a number');
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const [no, wire] = [tag >> 3, tag & 7];
    let value: Field;
    if (wire === 0) value = varint();
    else {
      const length = wire === 1 ? 8 : wire === 5 ? 4 : Number(varint());
      value = bytes.subarray(at, at + length);
      at += length;
    }
    fields.set(no, [...(fields.get(no) ?? []), value]);
  }
  return (no) => fields.get(no) ?? [];
}

const messages = (of: (no: number) => Field[], no: number) => of(no).map((field) => fieldsOf(field as Buffer));
const text = (field: Field | undefined): string => (field as Buffer | undefined)?.toString() ?? '';
const hex = (field: Field | undefined): string => (field as Buffer | undefined)?.toString('hex') ?? '';

function anyOf(any: (no: number) => Field[]): unknown {
  const [string, bool, int, double, array] = [1, 2, 3, 4, 5].map((no) => any(no)[0]);
  if (string !== undefined) return text(string);
  if (bool !== undefined) return bool === 1n;
  if (int !== undefined) return Number(int);
  if (double !== undefined) return (double as Buffer).readDoubleLE();
  return array && messages(fieldsOf(array as Buffer), 1).map(anyOf);
}

const attributesOf = (of: (no: number) => Field[], no: number): Record<string, unknown> =>
  Object.fromEntries(messages(of, no).map((pair) => [text(pair(1)[0]), anyOf(messages(pair, 2)[0]!)]));

/** ExportTraceServiceRequest: resources, in them scopes, in them spans. */
const spansOf = (body: Buffer): SeenSpan[] =>
  messages(fieldsOf(body), 1).flatMap((resource) => {
    const service = attributesOf(messages(resource, 1)[0]!, 1)['service.name'];
    return messages(resource, 2).flatMap((scope) =>
      messages(scope, 2).map((span) => ({
        traceId: hex(span(1)[0]),
        id: hex(span(2)[0]),
        parentId: hex(span(4)[0]),
        name: text(span(5)[0]),
        kind: Number(span(6)[0]),
        ms: Number((span(8)[0] as Buffer).readBigUInt64LE() - (span(7)[0] as Buffer).readBigUInt64LE()) / 1e6,
        attributes: attributesOf(span, 9),
        status: Number(messages(span, 15)[0]?.(3)[0] ?? 0),
        service,
      })),
    );
  });
