import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A provider that answers at once, as OpenAI does, streamed or whole. A process of its own: its work is in nobody's figures. */
const chunk = (delta: object, finish: string | null, more: object = {}): string =>
  `data: ${JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'bench',
    choices: [{ index: 0, delta, finish_reason: finish }],
    ...more,
  })}\n\n`;

const words = Array.from({ length: 20 }, () => chunk({ content: 'word ' }, null));
const usage = { prompt_tokens: 200, completion_tokens: 20, total_tokens: 220 };
const answer = [chunk({ role: 'assistant', content: '' }, null), ...words, chunk({}, 'stop', { usage }), 'data: [DONE]\n\n'];

const whole = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'bench',
  choices: [{ index: 0, message: { role: 'assistant', content: 'word '.repeat(20) }, finish_reason: 'stop' }],
  usage,
});

const server = createServer(async (request, response) => {
  let body = '';
  for await (const part of request) body += part;
  if (!JSON.parse(body).stream) {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(whole);
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const part of answer) response.write(part);
  response.end();
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
