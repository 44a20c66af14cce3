import { z } from 'zod';
import { activityKinds } from '../core/activity.ts';
import { saidText, saidWhen } from '../core/said.ts';
import { defineTool } from './define.ts';
import { leadRef, shownLeads } from './lead-line.ts';
import { resolveLead, saidLead } from './resolve.ts';
import { isoTime } from './times.ts';

export const logActivity = defineTool({
  name: 'log_activity',
  title: 'Log what happened',
  description:
    'Writes a call, e-mail, meeting, text or note into a lead’s history, in the user’s own words. Anything but a note counts as contact.',
  input: z.strictObject({
    lead: leadRef,
    kind: z.enum(activityKinds),
    text: z.string().trim().min(1).max(5000),
    outcome: z.string().trim().max(200).optional(),
    at: isoTime.optional().describe('When it happened; left out = now.'),
  }),
  output: z.object({
    id: z.string(),
    leadId: z.string(),
    leadName: z.string(),
    kind: z.enum(activityKinds),
    text: z.string(),
    at: z.string(),
  }),
  risk: 'write',
  asked: async ({ lead, text, outcome, at }, said, { records }) =>
    saidText(said, text) &&
    (!outcome || saidText(said, outcome)) &&
    (!at || saidWhen(said, new Date(at))) &&
    (await saidLead(said, records, lead)),
  async run({ lead: reference, kind, text, outcome, at }, { records, now }) {
    const lead = await resolveLead(records, reference);
    const when = at ? new Date(at) : now();
    const activity = await records.activities.log({ leadId: lead.id, kind, text, ...(outcome && { outcome }), at: when });
    if (kind !== 'note' && (!lead.lastContactedAt || lead.lastContactedAt < when))
      await records.leads.update(lead.id, { lastContactedAt: when });
    return { id: activity.id, leadId: lead.id, leadName: lead.name, kind, text, at: when.toISOString() };
  },
  sentence: ({ kind, leadName, text }) =>
    `Logged a ${kind === 'text' ? 'text message' : kind} with ${leadName}: ${text.length > 80 ? `${text.slice(0, 77)}...` : text}`,
  shows: ({ leadId, leadName }) => shownLeads([{ id: leadId, name: leadName }]),
});
