import { DateTime } from 'luxon';
import { z } from 'zod';
import type { Task, TaskFilter } from '../core/activity.ts';
import { fold, wordsAlike } from '../core/names.ts';
import type { Records } from '../core/records.ts';
import { hasAny, hasText, isPicked, orders, type Said, saidWhen } from '../core/said.ts';
import { formatWhen } from '../core/when.ts';
import { AppError } from '../errors.ts';
import { defineTool, type ToolContext } from './define.ts';
import { line } from './lead-fields.ts';
import { leadRef } from './lead-line.ts';
import { resolveLead, resolveUser, saidLead } from './resolve.ts';
import { isoTime } from './times.ts';

export const createTask = defineTool({
  name: 'create_task',
  title: 'Add a task',
  description: 'Adds a task or reminder, for the user unless another person is named, about a lead when one is named.',
  input: z.strictObject({
    title: line(200).refine((title) => title.length > 0, 'say what is to be done'),
    lead: leadRef.optional(),
    dueAt: isoTime.optional().describe('ISO 8601 with offset.'),
    assignee: z.string().max(80).optional().describe('"me" or a colleague’s name.'),
  }),
  output: z.object({
    id: z.string(),
    title: z.string(),
    leadName: z.string().nullable(),
    dueAt: z.string().nullable(),
    dueText: z.string().nullable(),
    assignee: z.string(),
  }),
  risk: 'write',
  async asked({ title, lead, dueAt, assignee }, said, { records }) {
    const words = orders(said);
    const reminds = hasAny(
      words,
      'remind',
      'reminder',
      'task',
      'todo',
      'to do',
      'follow up',
      'ping',
      'nudge',
      'schedule',
      'note to self',
      'remember',
      'forget',
      'diary',
      'chase',
      'check back',
      'get back',
      'circle back',
    );
    // "call Abacus tomorrow at 9" is a task by its time alone
    if (!reminds && !(dueAt && hasAny(words, 'call', 'ring', 'phone', 'email', 'visit', 'meet', 'send'))) return false;
    if (dueAt && !saidWhen(said, new Date(dueAt))) return false;
    if (assignee && !/^me$/i.test(assignee) && !hasText(words, assignee)) return false;
    return saidTitle(words, said, title) && (!lead || (await saidLead(said, records, lead)) !== undefined);
  },
  async run({ title, lead: reference, dueAt, assignee }, { records, now }, ctx) {
    const lead = reference ? await resolveLead(records, reference) : undefined;
    const person = assignee ? await resolveUser(records, assignee, ctx) : { id: ctx.actor.userId };
    const task = await records.tasks.create({
      title,
      assigneeId: person.id,
      ...(lead && { leadId: lead.id }),
      ...(dueAt && { dueAt: new Date(dueAt) }),
    });
    return { ...taskLine(task, now(), ctx), assignee: task.assigneeName ?? ctx.actor.userName };
  },
  sentence: ({ title, dueText, leadName, assignee }) =>
    `Task for ${assignee}: "${title}"${leadName && !fold(title).includes(fold(leadName)) ? ` (${leadName})` : ''}${dueText ? `, due ${dueText}` : ''}`,
});

/** The title is made of the user's words: a paraphrase is fine, a new idea is not. Without a long word all must be there. */
function saidTitle(spokenWords: string, said: Said, title: string): boolean {
  const spoken = fold(`${spokenWords} ${said.shown.map((s) => s.label).join(' ')}`).split(' ');
  const all = fold(title).split(' ');
  const long = all.filter((word) => word.length > 3);
  const words = long.length ? long : all;
  const known = words.filter((word) => spoken.some((other) => wordsAlike(word, other)));
  return known.length >= Math.ceil(words.length * (long.length ? 0.6 : 1));
}

export const completeTask = defineTool({
  name: 'complete_task',
  title: 'Finish a task',
  description: 'Marks one open task as done.',
  input: z.strictObject({
    task: z.string().trim().min(1).max(200).describe('Its id, or words of its title or of its lead’s name.'),
  }),
  output: z.object({ id: z.string(), title: z.string(), leadName: z.string().nullable() }),
  risk: 'write',
  async asked({ task: reference }, said, { records }) {
    const words = orders(said);
    if (
      !hasAny(
        words,
        'done',
        'complete',
        'completed',
        'finish',
        'finished',
        'tick off',
        'tick',
        'check off',
        'close',
        'cross off',
        'i did',
      )
    )
      return false;
    const task = await resolveTask(records, reference).catch(() => undefined);
    if (!task) return false;
    if (words.includes(task.id) || isPicked(said, task) || saidTitle(words, { ...said, shown: [] }, task.title)) return true;
    return task.leadId !== null && (await saidLead(said, records, task.leadId)) !== undefined;
  },
  async run({ task: reference }, { records }) {
    const { id, title, leadName } = await records.tasks.complete((await resolveTask(records, reference)).id);
    return { id, title, leadName };
  },
  sentence: ({ title }, tense) => `${tense === 'done' ? 'Task done' : 'Mark the task as done'}: "${title}"`,
});

async function resolveTask(records: Records, reference: string): Promise<Task> {
  const byId = await records.tasks.get(reference);
  if (byId) return byId;
  const found = await records.tasks.find(reference);
  if (found.length === 1) return found[0]!;
  if (!found.length) throw new AppError('not_found', `No open task has the words "${reference}". "my tasks" lists them.`);
  throw new AppError('ambiguous', `${found.length} open tasks fit "${reference}". Which one?`, {
    details: {
      question: `Which task about "${reference}"?`,
      candidates: found.slice(0, 6).map((task) => ({
        id: task.id,
        name: task.title,
        note: [task.leadName, task.dueAt?.toISOString().slice(0, 10)].filter(Boolean).join(', '),
      })),
    },
  });
}

const taskShape = z.object({
  id: z.string(),
  title: z.string(),
  leadName: z.string().nullable(),
  dueAt: z.string().nullable(),
  dueText: z.string().nullable(),
  overdue: z.boolean(),
  assignee: z.string().nullable(),
});

export const listTasks = defineTool({
  name: 'list_tasks',
  title: 'List tasks',
  description: 'Tasks and reminders, soonest first; the user’s own open ones unless asked otherwise.',
  input: z.strictObject({
    lead: leadRef.optional(),
    assignee: z.string().max(80).optional().describe('"me" (default), "all", or a colleague’s name.'),
    due: z.enum(['overdue', 'today', 'tomorrow', 'week', 'all']).default('all'),
    status: z.enum(['open', 'done']).default('open'),
    limit: z.number().int().min(1).max(50).default(20),
  }),
  output: z.object({ tasks: z.array(taskShape), total: z.number() }),
  risk: 'read',
  async run({ lead: reference, assignee, due, status, limit }, { records, now }, ctx) {
    const lead = reference ? await resolveLead(records, reference) : undefined;
    const everyone = assignee === 'all' || (!assignee && lead);
    const person = everyone ? undefined : await resolveUser(records, assignee ?? 'me', ctx);
    const filter: TaskFilter = {
      status,
      ...(lead && { leadId: lead.id }),
      ...(person && { assigneeId: person.id }),
      ...dueRange(due, now(), ctx.actor.timeZone),
    };
    const { items, total } = await records.tasks.list(filter, limit);
    return { tasks: items.map((task) => taskLine(task, now(), ctx)), total };
  },
  card: ({ tasks, total }) =>
    tasks.length
      ? {
          title: 'Tasks',
          blocks: [
            {
              type: 'table',
              columns: ['#', 'Task', 'Lead', 'Due', 'For'],
              rows: tasks.map((t, i) => [
                String(i + 1),
                t.title,
                t.leadName ?? '',
                `${t.dueText ?? ''}${t.overdue ? ' (overdue)' : ''}`,
                t.assignee ?? '',
              ]),
              ...(total > tasks.length && { note: `${tasks.length} of ${total}` }),
            },
          ],
        }
      : undefined,
  shows: ({ tasks }) => tasks.map((t) => ({ entity: 'task', id: t.id, label: [t.title, t.leadName].filter(Boolean).join(' ') })),
});

function dueRange(
  due: 'overdue' | 'today' | 'tomorrow' | 'week' | 'all',
  now: Date,
  zone: string,
): Pick<TaskFilter, 'dueFrom' | 'dueBefore'> {
  const today = DateTime.fromJSDate(now, { zone }).startOf('day');
  const ranges = {
    all: {},
    overdue: { dueBefore: now },
    today: { dueBefore: today.plus({ days: 1 }).toJSDate() },
    tomorrow: { dueFrom: today.plus({ days: 1 }).toJSDate(), dueBefore: today.plus({ days: 2 }).toJSDate() },
    week: { dueBefore: today.plus({ days: 7 }).toJSDate() },
  };
  return ranges[due];
}

const taskLine = (task: Task, now: Date, ctx: ToolContext) => ({
  id: task.id,
  title: task.title,
  leadName: task.leadName,
  dueAt: task.dueAt?.toISOString() ?? null,
  dueText: task.dueAt && formatWhen(task.dueAt, now, ctx.actor.timeZone),
  overdue: task.status === 'open' && task.dueAt !== null && task.dueAt < now,
  assignee: task.assigneeName,
});
