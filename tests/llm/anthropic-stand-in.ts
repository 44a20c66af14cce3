import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the stand-in says next: a streamed message in pieces, or an answer of its own. */
export interface Said {
  text?: string;
  /** Tool calls, their input as text so that it may also be broken. */
  calls?: { id: string; name: string; json: string }[];
  stop?: string;
  usage?: {
    input_tokens?: number;
    cache_read_input_tokens?: number;
    cache_creation_input_tokens?: number;
    output_tokens?: number;
  };
  /** Ends the connection after so many events. */
  cutAfter?: number;
  /** Never answers. */
  silent?: boolean;
  error?: { status: number; type: string; message: string; retryAfter?: number };
}

export interface Asked {
  headers: IncomingHttpHeaders;
  path: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into requests the way the vendor's server does
  body: any;
}

export interface StandIn {
  url: string;
  asked: Asked[];
  /** How many connections the client gave up. */
  abandoned(): number;
  close(): Promise<void>;
}

/**
 * A server on this machine that streams as the Messages API documents it: message_start, content blocks with text_delta and
 * input_json_delta, ping, message_delta with the output count, message_stop.
 */
export async function anthropicStandIn(next: (request: Asked) => Said): Promise<StandIn> {
  const asked: Asked[] = [];
  let abandoned = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const one = { headers: request.headers, path: request.url ?? '', body: JSON.parse(Buffer.concat(chunks).toString() || '{}') };
    asked.push(one);
    const refused = refusal(one);
    response.on('close', () => {
      if (!response.writableEnded) abandoned++;
    });
    answer(response, one, refused ?? next(one));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    abandoned: () => abandoned,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Since Opus 5.5 and Sonnet 5.5 the API takes no forced call. */
function refusal({ body }: Asked): Said | undefined {
  if (!['any', 'tool'].includes(body.tool_choice?.type) || !/-(?:opus|sonnet)-5-5$/.test(body.model)) return undefined;
  const message = 'tool_choice: type "tool" and "any" are not supported for this model.';
  return { error: { status: 400, type: 'invalid_request_error', message } };
}

function answer(response: ServerResponse, { body }: Asked, said: Said): void {
  if (said.silent) return;
  if (said.error) {
    const { status, type, message, retryAfter } = said.error;
    response.writeHead(status, { 'content-type': 'application/json', ...(retryAfter && { 'retry-after': String(retryAfter) }) });
    response.end(JSON.stringify({ type: 'error', error: { type, message }, request_id: 'req_1' }));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const events = eventsOf(body.model, said);
  for (const event of events.slice(0, said.cutAfter)) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  if (said.cutAfter === undefined) response.end();
  else response.destroy();
}

function eventsOf(model: string, { text, calls = [], stop, usage = {} }: Said): { type: string }[] {
  const { output_tokens = 0, ...input } = usage;
  const blocks = [
    ...(text === undefined
      ? []
      : [
          {
            start: { type: 'text', text: '' },
            deltas: (text.match(/.{1,9}/gs) ?? []).map((piece) => ({ type: 'text_delta', text: piece })),
          },
        ]),
    ...calls.map(({ id, name, json }) => ({
      start: { type: 'tool_use', id, name, input: {} },
      deltas: (json.match(/.{1,9}/gs) ?? []).map((piece) => ({ type: 'input_json_delta', partial_json: piece })),
    })),
  ];
  const message = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 0, cache_read_input_tokens: 0, cache_creation_input_tokens: 0, ...input, output_tokens: 1 },
  };
  return [
    { type: 'message_start', message },
    { type: 'ping' },
    ...blocks.flatMap(({ start, deltas }, index) => [
      { type: 'content_block_start', index, content_block: start },
      ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
      { type: 'content_block_stop', index },
    ]),
    {
      type: 'message_delta',
      delta: { stop_reason: stop ?? (calls.length > 0 ? 'tool_use' : 'end_turn'), stop_sequence: null },
      usage: { output_tokens },
    },
    { type: 'message_stop' },
  ] as { type: string }[];
}
