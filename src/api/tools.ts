import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { atLeast } from '../core/actor.ts';
import type { Tool } from '../tools/define.ts';
import { minRole } from '../tools/gate.ts';
import { callQuery, doneOrPreview, sendOutcome, waiting } from './answers.ts';
import { actorOf, personCall } from './auth.ts';
import type { ApiParts } from './server.ts';
import { answers } from './shapes.ts';

const toolShape = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  risk: z.string().describe('read, draft, write, send or bulk; "varies" where it depends on what the call would do.'),
  minRole: z.string(),
  long: z.boolean(),
  inputSchema: z.record(z.string(), z.unknown()),
});

/** Every tool over HTTP, through the gate. */
export const toolRoutes =
  ({ gate }: ApiParts): FastifyPluginAsyncZod =>
  async (app) => {
    const views = new Map([...gate.catalog.values()].map((tool) => [tool.name, toView(tool)]));

    app.get(
      '/tools',
      {
        schema: {
          tags: ['tools'],
          summary: 'Tools this user may call, with the JSON schema of their input',
          ...answers({ 200: z.object({ tools: z.array(toolShape) }) }),
        },
      },
      async (request) => {
        const { role } = actorOf(request);
        const allowed = [...gate.catalog.values()].filter((tool) => atLeast(role, minRole(tool)));
        return { tools: allowed.map((tool) => views.get(tool.name)) };
      },
    );

    app.post(
      '/tools/:name',
      {
        schema: {
          tags: ['tools'],
          summary: 'Call a tool; the body is its input',
          description: 'GET /api/v1/tools gives names and input schemas.',
          params: z.object({ name: z.string().max(100) }),
          querystring: callQuery,
          body: z.record(z.string(), z.unknown()).nullish(),
          ...answers({ 200: doneOrPreview, 202: waiting }),
        },
      },
      async (request, reply) =>
        sendOutcome(reply, await gate.call(request.params.name, request.body ?? {}, personCall(request), request.query)),
    );
  };

const toView = (tool: Tool): z.infer<typeof toolShape> => ({
  name: tool.name,
  title: tool.title,
  description: tool.description,
  risk: typeof tool.risk === 'function' ? 'varies' : tool.risk,
  minRole: minRole(tool),
  long: tool.long ?? false,
  inputSchema: z.toJSONSchema(tool.input, { io: 'input' }) as Record<string, unknown>,
});
