/** Of a refusal only the beginning is of use. */
const longestRefusal = 1024 * 1024;

/**
 * How every provider is asked. A redirect is not followed: it would take the prompt, and with some SDKs the key, to whoever the answer names.
 * SDKs read a refusal to its end before they tell of it, so it is given one. Answers are measured by whoever reads them.
 */
export const guardedFetch: typeof fetch = (input, init) => guarded(fetch, input, init);

export async function guarded(by: typeof fetch, input: Parameters<typeof fetch>[0], init?: RequestInit): Promise<Response> {
  const response = await by(input, { ...init, redirect: 'manual' });
  if (response.ok || !response.body) return response;
  let bytes = 0;
  const beginning = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, out) {
      bytes += chunk.byteLength;
      if (bytes > longestRefusal) out.terminate();
      else out.enqueue(chunk);
    },
  });
  return withBody(response, response.body.pipeThrough(beginning));
}

export const withBody = ({ status, statusText, headers }: Response, body: ReadableStream<Uint8Array>): Response =>
  new Response(body, { status, statusText, headers });
