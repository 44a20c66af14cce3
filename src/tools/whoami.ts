import { DateTime } from 'luxon';
import { z } from 'zod';
import { roles } from '../core/actor.ts';
import { defineTool } from './define.ts';

export const whoami = defineTool({
  name: 'whoami',
  title: 'Who am I',
  description:
    'The user’s name, role and workspace, who else is in it, the time zone in which dates are meant, and today’s date there. Use it for "who am I", "who is on my team".',
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
    team: z.array(z.object({ name: z.string(), role: z.enum(roles) })).describe('Everybody of the workspace, the user included.'),
  }),
  risk: 'read',
  async run(_input, { records, now }, ctx) {
    const { name, demo, leads } = await records.workspace();
    const people = (await records.users.list()).filter(({ disabled }) => !disabled);
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
      team: people
        .sort((a, b) => roles.indexOf(b.role) - roles.indexOf(a.role) || a.name.localeCompare(b.name))
        .map(({ name, role }) => ({ name, role })),
    };
  },
});
