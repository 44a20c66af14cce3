import { DateTime } from 'luxon';
import { z } from 'zod';
import { defineTool } from './define.ts';

export const whoami = defineTool({
  name: 'whoami',
  title: 'Who am I',
  description: 'The user’s name, role and workspace, the time zone in which dates are meant, and today’s date there.',
  input: z.strictObject({}),
  output: z.object({
    name: z.string(),
    role: z.string(),
    surface: z.string(),
    workspace: z.string(),
    demo: z.boolean(),
    leads: z.number(),
    timeZone: z.string(),
    today: z.string(),
  }),
  risk: 'read',
  async run(_input, { records, now }, ctx) {
    const { name, demo, leads } = await records.workspace();
    const { userName, role, surface, timeZone } = ctx.actor;
    return {
      name: userName,
      role,
      surface,
      workspace: name,
      demo: demo === 'shown',
      leads,
      timeZone,
      today: DateTime.fromJSDate(now(), { zone: timeZone }).toFormat('cccc, d LLLL yyyy'),
    };
  },
});
