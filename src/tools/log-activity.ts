import { z } from 'zod';
import { type ActivityKind, activityKinds } from '../core/activity.ts';
import { hasAny, hasText, isQuestion, type Said, saidWhen, without } from '../core/said.ts';
import { defineTool } from './define.ts';
import { leadRef, shownLeads } from './lead-line.ts';
import { resolveLead, saidLead } from './resolve.ts';
import { isoTime } from './times.ts';

/** Words that order a record of what happened, and words that tell of each kind of contact. */
const logging = ['log', 'note', 'record', 'jot', 'write', 'add', 'put', 'track', 'memo'];
const contact: Record<Exclude<ActivityKind, 'note'>, string[]> = {
  call: [
    'called',
    'call',
    'rang',
    'phoned',
    'phone',
    'spoke',
    'talked',
    'voicemail',
    'vm',
    'tried',
    'dial',
    'dialled',
    'dialed',
    'reached',
    'chatted',
    'spoken',
  ],
  email: ['emailed', 'email', 'e mail', 'mailed', 'mail', 'wrote', 'sent'],
  meeting: ['met', 'meeting', 'visited', 'visit', 'demo', 'lunch', 'coffee', 'saw'],
  text: ['texted', 'text', 'sms', 'messaged', 'whatsapp'],
};
const lookingUp = /^\W*(?:please |hey |can you |could you )*(?:show|find|list|search|open|look|get|tell|pull|display)\b/i;

/** The lead's name is looked for in the note's own words too, as a statement. */
const withName = (said: Said, text: string): Said => ({
  ...said,
  text: `${said.text.trim()}\n${text.replace(/\b(?:not|never|but|keep|stop|if|except|without|instead|maybe|might|\w+n['’]t)\b/gi, '')}`,
});

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
  async asked({ lead, kind, text, outcome, at }, said, { records }) {
    const words = `${said.before ?? ''}\n${said.text}`;
    if (isQuestion(said) || lookingUp.test(said.text) || !hasText(words, text) || (outcome && !hasText(words, outcome)))
      return false;
    if (at && !saidWhen(said, new Date(at))) return false;
    if (!hasAny(words, ...logging, ...(kind === 'note' ? [] : contact[kind])) && kind !== 'note') return false;
    // what is noted may say "not" and "but"; the name may stand inside it
    return (await saidLead(withName(without(said, text), text), records, lead)) !== undefined;
  },
  async run({ lead: reference, kind, text, outcome, at }, { records, now }) {
    const lead = await resolveLead(records, reference);
    const when = at ? new Date(at) : now();
    const activity = await records.activities.log({ leadId: lead.id, kind, text, ...(outcome && { outcome }), at: when });
    if (kind !== 'note' && (!lead.lastContactedAt || lead.lastContactedAt < when))
      await records.leads.update(lead.id, { lastContactedAt: when });
    return { id: activity.id, leadId: lead.id, leadName: lead.name, kind, text, at: when.toISOString() };
  },
  sentence: ({ kind, leadName, text }, tense) =>
    `${tense === 'done' ? 'Logged' : 'Log'} a ${kind === 'text' ? 'text message' : kind} with ${leadName}: ${text.length > 80 ? `${text.slice(0, 77)}...` : text}`,
  shows: ({ leadId, leadName }) => shownLeads([{ id: leadId, name: leadName }]),
});
