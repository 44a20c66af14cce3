import { askWhich, type Context, calls, complete, type Reading } from '../reading.ts';
import { cleanName, positionOf } from '../references.ts';
import { Sentence } from '../sentence.ts';
import { byRules, type Rule } from './intent.ts';

export const completeTask = (raw: string, ctx: Context, confidence: number): Reading | undefined => {
  const words = Sentence.of(raw).words.replace(/ (?:is|'s)$/, '');
  const position = positionOf(words);
  if (position !== undefined && ctx.tasks.length > 0) {
    const task = ctx.tasks.at(position < 0 ? position : position - 1);
    return task ? calls('complete_task', { task: task.id }, confidence) : undefined;
  }
  if (
    /^(?:it|that|this|them|that one|this one|the task|that task|this task|the reminder|that reminder|task|the one|the todo|reminder|one)?$/.test(
      words,
    )
  ) {
    if (ctx.task) return calls('complete_task', { task: ctx.task.id }, confidence);
    if (ctx.tasks.length > 1)
      return askWhich(
        'Which task?',
        ctx.tasks
          .slice(0, 10)
          .map((task) => ({ label: task.name, note: task.note, calls: [{ tool: 'complete_task', input: { task: task.id } }] })),
        confidence,
      );
    return complete([{ tool: 'complete_task', input: {} }], [{ field: 'task', calls: [0] }], confidence);
  }
  const name = cleanName(raw)
    .replace(
      /^(?:the |my |that |this )?(?:task|reminder|todo|to-?do|followup|follow-up)\b(?: (?:to|about|for|called|named|on|with|of|:|-))?\s*/i,
      '',
    )
    .replace(/\s+(?:task|reminder|todo|one)$/i, '')
    .trim();
  return calls('complete_task', { task: name || raw }, confidence);
};

const rules: Rule[] = [
  [
    /^(?:mark|set|flag|tick|check|cross|put)(?: off)? (?:the |my |that |this )*(?:task|reminder|todo|to do)(?: (?:to|about|for|called|named|on|with|of|:|-))* ?(?<task>.*?)(?: (?:as|is|to))? (?:done|complete|completed|finished|off|closed)$/d,
    (found, ctx) => completeTask(found.raw('task'), ctx, 0.95),
  ],
  [
    /^(?:mark|set|flag|tick|check|cross|put) (?:the |my |that |this )*(?<task>.+?)(?: (?:task|reminder|todo))?(?: (?:as|is|to))? (?:done|complete|completed|finished|off|off (?:my|the) list|off the todo list)(?: please| now)?$/d,
    (found, ctx) => completeTask(found.raw('task'), ctx, 0.91),
  ],
  [
    /^(?:tick|check|cross|strike) (?:off|out)(?: (?:the|my))? (?<task>.+)$|^(?:tick|check|cross|strike) (?<task2>.+?) (?:off|out)(?: (?:my|the) (?:list|todo list|to do list|tasks?))?$/d,
    (found, ctx) => completeTask(found.raw('task') || found.raw('task2'), ctx, 0.9),
  ],
  [
    /^(?:complete|finish|close|resolve|close out|close off|wrap up|clear|conclude|done with|i am done with|we are done with|finished|finished with|i (?:have )?(?:finished|completed|did|done|closed)|i have done|completed|i am finished with|all done with|just (?:finished|did|completed)|i just (?:finished|did|completed)) (?:the |my |that |this )*(?:task|reminder|todo|to do|followup|follow up)\b ?(?<task>.*)$/d,
    (found, ctx) => completeTask(found.raw('task').replace(/^(?:to|about|for|called|named|on|with|of|:|-)\s+/i, ''), ctx, 0.93),
  ],
  [
    /^(?:complete|finish|close|close out|wrap up|done with|i am done with|we are done with|finished with|i (?:have )?(?:finished|completed|closed)|completed|i am finished with|all done with|just (?:finished|did|completed)|i just (?:finished|did|completed)|finished|done :|done -|i (?:have )?(?:did|done)) (?<task>.+?)(?: (?:task|reminder|todo|already|now|today))*$/d,
    (found, ctx, sentence) =>
      /^(?:my |the )?(?:tasks|todos|reminders)\b/.test(found.words('task')) ||
      sentence.test(/\b(?:as (?:won|lost)|import|lead|deal|a (?:call|meeting|deal) with)\b/)
        ? undefined
        : completeTask(found.raw('task'), ctx, sentence.test(/^(?:close|finish)/) ? 0.78 : 0.84),
  ],
  [
    /^(?:the |my |that |this )?(?:task|reminder|todo|followup|follow up)(?: (?:to|about|for|called|on|with|of|:|-))* ?(?<task>.*?) (?:is|are|has been|was|got) (?:now |all |already |been )*(?:done|complete|completed|finished|sorted|taken care of|handled)(?: now| already)?$/d,
    (found, ctx) => completeTask(found.raw('task'), ctx, 0.92),
  ],
  [
    /^(?<task>.+?) (?:is|are|has been|was|got) (?:now |all |already |been )*(?:done|complete|completed|finished|sorted|taken care of|handled)(?: now| already)?$/d,
    (found, ctx, sentence) =>
      /^(?:who|what|which|how|is|are|the import|import|job|the job|it all|we|i)\b/.test(found.words('task')) ||
      sentence.test(/\bimport|job\b/)
        ? undefined
        : completeTask(found.raw('task'), ctx, 0.8),
  ],
  [
    /^(?<task>.+?) (?:task|reminder|todo|to do)(?: is| was)? (?:done|complete|completed|finished)$/d,
    (found, ctx) => completeTask(found.raw('task'), ctx, 0.88),
  ],
  [
    /^(?:i am |i have |all |just )*(?:done|finished) (?:calling|emailing|ringing|phoning|texting|visiting|contacting|messaging|following up with|talking to|checking in with|checking on|sending) (?<task>.+)$/d,
    (found, ctx) => completeTask(found.raw('task'), ctx, 0.84),
  ],
  [
    /^(?:all )?done$|^(?:i (?:did|have done|finished|completed) (?:it|that|this))(?: one| already| now| today)?$|^(?:that|this|it) is (?:all )?done$|^finished(?: it| that)?$|^completed(?: it| that)?$|^did (?:it|that)$/d,
    (_found, ctx) => (ctx.task || ctx.tasks.length > 0 ? completeTask('it', ctx, 0.85) : undefined),
  ],
  [
    /^(?:#|number |no |task |nr )?(?<n>\d{1,2}|first one|the (?:first|second|third|fourth|fifth|last)(?: one)?|(?:first|second|third|last)(?: one)?) (?:is )?(?:done|complete|completed|finished)$/d,
    (found, ctx) => completeTask(found.raw('n'), ctx, 0.92),
  ],
];

/** A task that is done. */
export const completion = byRules(rules);
