import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';

/** What a browser shows at the root: what runs here, and where to go. */
export const homeRoute =
  (version: string): FastifyPluginAsyncZod =>
  async (app) => {
    const page = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sales Agent</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem;color-scheme:light dark}code{font-size:.95em}</style></head>
<body>
<h1>Sales Agent ${version}</h1>
<p>The server runs. A model proposes, code commits, and you can always see, stop and undo.</p>
<p>Talk to the assistant in a terminal:</p>
<pre><code>npm run chat</code></pre>
<p>Bring in your own list of leads:</p>
<pre><code>npm run import -- leads.csv</code></pre>
<p><a href="/api/v1/docs">API documentation</a> · <a href="/health">Health</a></p>
</body>
</html>
`;
    app.get('/', { schema: { hide: true } }, async (_request, reply) => reply.type('text/html; charset=utf-8').send(page));
  };
