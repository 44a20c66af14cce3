import { type Context, calls, type Reading } from '../reading.ts';
import { leadOf, personOf } from '../references.ts';
import type { Sentence } from '../sentence.ts';
import { aboutLead, byRules, type Rule } from './intent.ts';

const taskNoun =
  '(?:tasks?|todos?|to dos?|reminders?|to do list|todo list|task list|followups?|follow ups?|action items?|things to do|agenda|schedule|plate|open items|to-dos?)';

const dueIn = (words: string): string | undefined =>
  /\b(?:overdue|late|past due|missed|behind on|slipped|let slip|slip|should have done|behind)\b/.test(words)
    ? 'overdue'
    : /\b(?:today|tonight|this (?:morning|afternoon)|right now|for the day|my day)\b/.test(words)
      ? 'today'
      : /\btomorrow\b/.test(words)
        ? 'tomorrow'
        : /\b(?:this week|week|next (?:few|7|seven) days|coming days|upcoming)\b/.test(words)
          ? 'week'
          : undefined;

export const listTasks = (ctx: Context, sentence: Sentence, confidence: number): Reading => {
  const about = sentence.match(
    new RegExp(
      String.raw`\b${taskNoun} (?:do we have |i have |we have |are there |open |is there )?(?:for|about|on|with|at|regarding|linked to|related to) (?<lead>(?!today|tomorrow|me\b|this|next|the (?:day|week)|my\b|everyone|everybody|all\b|the (?:whole )?team|us\b|now\b|overdue|monday|tuesday|wednesday|thursday|friday|file).+?)(?: (?:today|tomorrow|this week|due|overdue))*$`,
      'd',
    ),
  );
  const theirs =
    sentence.match(
      new RegExp(
        String.raw`(?<![\w"])(?<who>[a-z][a-z'-]+(?: [a-z'-]+)?) 's (?:open |overdue |due |pending |current )*(?:${taskNoun}|day|week)\b`,
        'd',
      ),
    ) ??
    sentence.match(
      /\b(?:what|which tasks|tasks|anything)(?: (?:does|do|is|has|did))? (?<who>[a-z][a-z'-]+) (?:have|has|got)(?: to do| due| on (?:his|her|their) (?:plate|list))\b/d,
    ) ??
    sentence.match(
      /^(?:is|has) (?<who>(?!any\w*|every\w*|there|it|my|the)[a-z][a-z'-]+) (?:got )?(?:behind|late|overdue|anything)\b/d,
    );
  const assigned = sentence.match(/\bassigned to (?<who>[a-z][a-z'-]+(?: (?!today|tomorrow|this)[a-z'-]+)?)/d);
  const all = sentence.test(
    /\b(?:everyone|everybody|all reps|the (?:whole )?team|team|all users|whole company|anyone|everyone s)\b/,
  );
  const who = (theirs ?? assigned)
    ?.raw('who')
    .replace(/^(?:show|list|see|get|what|are|is|me|the|of|give|what is|what are|for)\s+/i, '');
  const mine = who && /^(?:i|we|you|today|tomorrow|it|there|this|that|my|me|week|the)$/i.test(who);
  const lead = about ? leadOf(about.raw('lead'), ctx) : undefined;
  const person =
    about &&
    lead &&
    'ref' in lead &&
    !theirs &&
    /^[A-Z]?[a-z]+$/.test(about.raw('lead')) &&
    /^(?:tasks|todos|reminders) for$/i.test('')
      ? undefined
      : who;
  return calls(
    'list_tasks',
    {
      lead: lead && 'ref' in lead ? lead.ref : undefined,
      assignee: all ? 'all' : person && !mine ? personOf(person) : undefined,
      due: dueIn(sentence.words),
      status: sentence.test(
        /\b(?:done|completed|finished|closed|ticked off)\b|\bdid .{0,15}(?:finish|complete|get done|close|do)\b/,
      )
        ? 'done'
        : undefined,
    },
    confidence,
  );
};

const listing: Rule[] = [
  [
    /^(?:what|whats) (?:is|are|was|have i got|do i have|have i|else is|else do i have|all is|do we have)(?: .{0,20})? (?:on|in) (?:my |the |our )?(?:plate|agenda|schedule|list|to do list|todo list|calendar|docket|menu|cards)(?: .{0,30})?$|^(?:what|anything|is there anything|do i have anything|have i got anything) .{0,30}(?:\bto do\b|\bdue\b|\boverdue\b|\bcoming up\b|\bscheduled\b|\bplanned\b|\bleft (?:to do|for today)\b)(?: .{0,30})?$|^(?:how|what) (?:does|is|do) my (?:day|week|morning|afternoon|schedule|today|tomorrow|calendar|agenda)(?: look(?:ing)?(?: like)?| like)?(?: .{0,20})?$|^(?:what is )?(?:the |my )?(?:plan|agenda|schedule|program) for (?:today|tomorrow|this week|the day|the week)$|^(?:my |show (?:me )?my |what is my |plan my |start my )(?:day|week|agenda|schedule|plate|calendar)(?: .{0,20})?$|^am i (?:behind|late|overdue)\b.*$|^what (?:am i|are we|was i|should i be|do i need|do i have|have i|should i|must i) (?:supposed |meant |doing|to be doing|to do|need to do|to get done|got on|got|do|working on|forget|forgetting|missing|planned)(?: to do| to be doing| do)?(?: (?:today|tomorrow|this week|next|now|first|this morning|this afternoon|on|for today|all day|up))*$|^what is (?:next|up next|due|overdue|late|left|coming up|up)(?: (?:on my (?:list|plate)|for me|today|tomorrow|this week|to do|now))*$/d,
    (_found, ctx, sentence) =>
      sentence.test(/\b(?:leads?|approval|approve)\b/) || sentence.test(/^what is up$/)
        ? undefined
        : listTasks(ctx, sentence, 0.9),
  ],
  [
    new RegExp(
      `^(?:(?:what|which|show|list|see|view|get|give|pull|display|check|read|tell|any|are there|is there|do i have|do we have|have i got|how many|all|open|my|the|me|up|of|are|is|out|us|our|for|i need|i want|let me see|see|what are|there|outstanding|pending|overdue|late|due|today|tomorrow|this week|today 's|tomorrow 's|this week 's|current|upcoming|remaining|completed|finished|done|missed|everyone 's|everybody 's|everyone|team|unfinished|what is|next|past due|old|late|[a-z]+ 's|[a-z]+ [a-z]+ 's|team 's) )*${taskNoun}(?: (?:.{0,60}))?$`,
      'd',
    ),
    (_found, ctx, sentence) =>
      sentence.test(
        /^(?:(?:add|create|set|make|complete|close|finish|delete)\b|(?:task|todo|reminder|follow ?up|to do) [:-]|(?:schedule|plan) (?!for (?:today|tomorrow|this|the|next)|today|tomorrow|this week|please)\S|(?:task|reminder|todo) for [a-z]+ to\b|(?:task|reminder|todo)s? for \S+ [:-])/,
      ) ||
      sentence.test(/\b(?:is|are) (?:done|complete|completed|finished)$/) ||
      sentence.test(/^(?:task|todo|to do|reminder|followup|follow up) (?:to|with|on|:|-|for me)\b/) ||
      sentence.test(/\b(?:mark|tick|check off)\b/)
        ? undefined
        : listTasks(ctx, sentence, 0.9),
  ],
  [
    /^(?:overdue|due|late)(?: (?:today|tomorrow|this week|now|stuff|items|things|ones))*$|^(?:what|which|anything|how much|how many) .{0,20}\b(?:overdue|is late|am i late with|past due|due (?:today|tomorrow|this week|soon|now|next))\b.*$/d,
    (_found, ctx, sentence) => (sentence.test(/\bleads\b/) ? undefined : listTasks(ctx, sentence, 0.88)),
  ],
  [
    /^what is (?<who>[a-z][a-z'-]+) (?:working on|doing|up to|busy with)(?: (?:today|this week|now))*$/d,
    (found, _ctx, sentence) =>
      /^(?:it|that|this|everyone|everybody|next)$/.test(found.words('who'))
        ? undefined
        : calls(
            'list_tasks',
            { assignee: found.words('who') === 'i' ? undefined : personOf(found.raw('who')), due: dueIn(sentence.words) },
            0.84,
          ),
  ],
  [
    /^what (?:does|did|has) (?<who>[a-z][a-z'-]+) (?:have|got|need|has) (?:to do|on (?:his|her|their) (?:plate|list|agenda)|due|to do today)\b.*$/d,
    (found, _ctx, sentence) => calls('list_tasks', { assignee: personOf(found.raw('who')), due: dueIn(sentence.words) }, 0.88),
  ],
  [
    /^(?:next steps?|open items|action items|followups|follow ups) (?:for|with|on|at) (?<lead>.+)$/d,
    (found, ctx) =>
      /^(?:me|today|tomorrow|this|my|us|the)\b/.test(found.words('lead'))
        ? undefined
        : aboutLead(found.raw('lead'), ctx, 'list_tasks', {}, 0.92),
  ],
  [
    /^(?:what is|what are|anything|what) (?:open|planned|scheduled|due|next|to do|outstanding|pending|the next step|the next steps|next step|next steps) (?:for|with|on|about|at) (?<lead>.+)$/d,
    (found, ctx) =>
      /^(?:me|today|tomorrow|this|my|us|the)\b/.test(found.words('lead'))
        ? undefined
        : aboutLead(found.raw('lead'), ctx, 'list_tasks', {}, 0.84),
  ],
];

/** What is on somebody's plate. */
export const tasks = byRules(listing);
