import { parseWhen } from '../../../core/when.ts';
import { cleanName, leadOf, personOf, positionOf } from '../references.ts';
import { type Context, type Need, type Reading, askWhich, calls, complete } from '../reading.ts';
import { Sentence } from '../sentence.ts';
import { aboutLead, byRules, type Intent, type Rule } from './intent.ts';
import { isoIn } from '../time.ts';

const noDate = /\b(?:whenever|no date|no due date|without a date|some ?time|no rush|any ?time|at some point|eventually|no deadline)\b/i;

const verbs = String.raw`(?:call(?: back)?|ring(?: back| up)?|phone|email|e-mail|text|message|contact|ping|follow ?-?up(?: with| on)?|followup(?: with| on)?|check (?:in (?:with|on)|on|with|back with)|get back to|reach out to|reach|talk (?:to|with)|speak (?:to|with)|meet(?: with)?|visit|see|chase(?: up)?|circle back (?:with|to)|touch base with|write(?: to)?|send|quote|nudge|invoice|bill|thank|update|get in touch with|revisit|review|look at|look into|try|catch up with|connect with|schedule (?:a )?(?:call|meeting|demo) with|set up (?:a )?(?:call|meeting|demo) with|book (?:a )?(?:call|meeting|demo|appointment) with|have (?:a )?(?:call|meeting) with|prepare(?: for)?|drop by|stop by|swing by|hit up|pitch|demo)`;
const leadInTitle = new RegExp(String.raw`^(?:(?:${verbs}) )(?<lead>.+?)(?: (?<tail>(?:back|again|up)(?: .*)?|(?:about|regarding|re|concerning|on|for|to|with|and|because|if|that|when|so|their)\b .+|(?:the|an?) (?:\S+ )?(?:quote|proposal|e-?mail|text|message|call|ring|brochure|invoice|contract|price list|prices|pricing|offer|sample|catalog|link|reminder|visit|demo|info|update)\b.*))?$`, 'di');

/** "Remind me tomorrow at 9 to call Abacus": who, what and when, with questions for what is missing. */
const reminder = (body: string, assignee: string | undefined, ctx: Context, confidence: number, wantsDate: boolean): Reading => {
  let text = body.trim().replace(/^(?:too?|about|that i (?:should|need to|have to|must)|that|of|:|-|i (?:should|need to|have to|must)|for|me to|me)\s+/i, '');
  const when = parseWhen(text, ctx.now, ctx.timeZone);
  if (when) text = when.rest;
  const undated = !when && noDate.test(text);
  if (undated) text = text.replace(noDate, ' ').replace(/\s+/g, ' ').trim();
  text = text.replace(/^(?:(?:to|about|that|of|:|-|,|for|it is|and)\s+)+/i, '').replace(/[\s,.;:!?-]+$/, '').replace(/\s+(?:please|pls|thanks|to|on|at|by|for|and|due|about)$/i, '').trim();
  const sentence = Sentence.of(text);
  const found = sentence.match(leadInTitle);
  const words = sentence.words;
  const needs: Need[] = [];
  const input: Record<string, unknown> = {};
  if (assignee) input['assignee'] = assignee;
  if (when) input['dueAt'] = isoIn(when.at, ctx.timeZone);
  const onlyVerb = new RegExp(String.raw`^(?:to )?${verbs}(?: (?:them|him|her|someone|somebody|a lead))?(?: (?:back|up|again|once more))*$`, 'i').test(words);

  if (text === '') {
    if (ctx.lead && /\b(?:it|them|that|him|her)\b/i.test(body)) {
      input['title'] = `About ${ctx.lead.name}`;
      input['lead'] = ctx.lead.id;
    } else needs.push({ field: 'title', calls: [0] });
  } else {
    input['title'] = sentenceCase(text);
    const slot = found ? leadSlot(found.raw('lead'), found.raw('tail'), words) : endingLead(text);
    const bare = found || slot || onlyVerb ? undefined : nameOnly(text, words);
    const who = slot || bare ? leadOf(slot || bare || '', ctx) : undefined;
    if (who && 'ref' in who) {
      input['lead'] = who.ref;
      if (slot && cleanName(slot) !== who.name) input['title'] = sentenceCase(text.replace(slot, who.name));
      else if (bare) input['title'] = `About ${who.name}`;
    } else if (who && 'among' in who) {
      const make = (lead: { id: string; name: string }): { tool: string; input: Record<string, unknown> } => ({ tool: 'create_task', input: { ...input, title: sentenceCase(text.replace(slot || text, lead.name)), lead: lead.id } });
      if (when || undated || !wantsDate) return askWhich('Which lead is it about?', who.among.slice(0, 10).map((lead) => ({ label: lead.name, note: lead.note, calls: [make(lead)] })), confidence);
      needs.push({ field: 'lead', calls: [0] });
    } else if (onlyVerb || (who && 'missing' in who && /\b(?:them|it|him|her|that lead|this lead)\b/.test(words))) {
      if (ctx.lead && onlyVerb) {
        input['lead'] = ctx.lead.id;
        input['title'] = /\b(?:them|someone|somebody|him|her)\b/i.test(text) ? sentenceCase(text.replace(/\b(?:them|someone|somebody|him|her)\b/i, () => ctx.lead?.name ?? '')) : sentenceCase(`${text} (${ctx.lead.name})`).replace(/^((?:Call|Ring|Phone|Email|Text|Contact|Visit|Follow up with|Check in with|Meet with)) \((.+)\)$/, '$1 $2');
      } else needs.push({ field: 'lead', calls: [0] });
    }
  }
  if (!when && !undated && wantsDate) needs.push({ field: 'dueAt', calls: [0] });
  return complete([{ tool: 'create_task', input }], needs, confidence);
};

/** "Send the proposal to Genstar": the lead stands after the thing; in "check on A, B and C" there is not one. */
const leadSlot = (lead: string, tail: string, words: string): string => {
  if (lead.includes(',') && /^and\b/i.test(tail)) return '';
  if (/^(?:send|quote|invoice|bill|update|review|look|write|prepare|schedule|set|book|demo|see|try)\b/.test(words) && /^(?:the|a|an|our|my|his|her|their|that|new|updated)\b/i.test(lead) && !/^(?:the|that|this) (?:lead|company|one|first|second|third|last)\b/i.test(lead)) return endingLead(tail);
  return /^(?:quotes?|invoices?|proposals?|contracts?|e-?mails?|reports?|brochures?|documents?|slides|deck|prices|pricing|info|samples?|agenda|expenses|timesheets?|numbers|flyers?|catalogs?|price list)$/i.test(lead) ? endingLead(tail) : lead;
};

/** "Meeting with Genstar", "the quote for Genstar": a name at the end of a title. */
const endingLead = (text: string): string => {
  const name = /\b(?:with|to|for|at|from) ((?:(?!\b(?:with|to|for|at|from|about)\b).){2,60})$/i.exec(text)?.[1]?.trim() ?? '';
  return /^(?:[A-Z0-9]|it$|them$|him$|her$|the (?:first|second|third|last))/.test(name) && !/^(?:[A-Z][a-z]+day|Q[1-4])\b/.test(name) ? name : '';
};

/** "Remind me about Abacus": the whole text is a lead's name, unless it speaks of something else. */
const nameOnly = (text: string, words: string): string | undefined => {
  if (/^(?:it|them|that|this|him|her|the (?:first|second|third|last) one|that (?:lead|one|company)|this (?:lead|one))$/.test(words)) return text;
  if (/^(?:the |a |an |my |our |to )|\b(?:meeting|quote|invoice|report|lunch|dentist|birthday|contract|proposal|training|timesheet|expenses|order|prepare|buy|pick|send|finish|review|clean)\b/i.test(words)) return undefined;
  return text.split(/\s+/).length <= 6 && !/^(?:do|go|get|make|take|have|be|submit|file|pay|book|check|update|fix|write|ask|bring)\b/.test(words) ? text : undefined;
};

const sentenceCase = (text: string): string => {
  const title = text.replace(/\s+/g, ' ').trim().slice(0, 200);
  return title.charAt(0).toUpperCase() + title.slice(1);
};

const reminders: Rule[] = [
  [/^(?:do not (?:let me|forget|let us)|dont let me|never let me|make sure i|ensure i|help me remember|i (?:must|should|can) not forget|remember|do not let this slip)(?: (?:forget|remember|do not forget))*(?: (?:to|about))? (?<body>.+)$/d, (found, ctx) => reminder(found.raw('body'), undefined, ctx, 0.88, true)],
  [/^(?:remind|ping|nudge|alert|notify|poke|buzz|prompt|tell|warn) me(?: (?:again|please))?(?<body> .+)?$/d, (found, ctx, sentence) => (sentence.test(/^tell me\b/) && !sentence.test(/^tell me (?:to|tomorrow|on monday|on tuesday|on friday|in \d|next week)\b/) ? undefined : reminder(found.raw('body'), undefined, ctx, 0.94, true))],
  [/^remind (?<who>us|[a-z][a-z'-]+(?: (?!to\b|about\b|that\b|on\b|in\b|at\b|tomorrow\b|next\b|today\b|of\b)[a-z'-]+)?) (?<body>(?:to|about|that|on|in|at|tomorrow|next|today|of) ?.*)$/d, (found, ctx) => reminder(found.raw('body'), found.words('who') === 'us' ? undefined : personOf(found.raw('who')), ctx, 0.91, true)],
  [/^(?:set|create|add|make|put|schedule|new|give me|i need|i want|leave|set up|save|open|start|log|enter|drop|jot)(?: (?:up|in|down|me|myself))?(?: (?:a|an|another|the|one|new|quick|me))* (?:reminder|task|todo|to do|followup|follow up|followup task|follow up task|alarm|followup reminder|action item|todo item|call task|call reminder|callback|call back)(?: (?:for me|item|task|reminder|on my list|to my list|up))?(?<body> .+)?$/d, (found, ctx, sentence) => {
    const raw = found.raw('body');
    const forPerson = /^(?:for|to) ((?!me\b|us\b|the\b|my\b|today\b|tomorrow\b|call\b|send\b)[\p{L}][\p{L}'-]+) (to .+)$/u.exec(raw) ?? /^(?:for|to) ([\p{L}'-]+(?: \p{Lu}[\p{L}'-]+)?)\s*(?::|-) ?(.+)$/u.exec(raw);
    if (forPerson?.[1] && forPerson[2] && !/^(?:to|me)$/i.test(forPerson[1])) return reminder(forPerson[2], personOf(forPerson[1]), ctx, 0.88, true);
    const callback = sentence.test(/\b(?:followup|follow up|call ?back)\b(?! (?:task|reminder) (?:to|:))/) && /^(?:with|on|for|to|about)\s/i.test(raw);
    const body = callback ? `${sentence.test(/\bcall ?back\b/) ? 'call back' : 'follow up with'} ${raw.replace(/^(?:with|on|for|to|about)\s+/i, '')}` : raw;
    return reminder(body.replace(/^for me\s+/i, ''), undefined, ctx, 0.92, sentence.test(/\b(?:reminder|followup|follow up|alarm|call ?back)\b/));
  }],
  [/^(?:task|todo|reminder|to do|new task|new reminder|new todo) (?::|-|to|for me to|for)? ?(?<body>.+)$/d, (found, ctx, sentence) => (sentence.test(/^(?:tasks|todos|reminders)\b/) || /^(?:list|is|done|for today)\b/.test(found.words('body')) || !sentence.test(/^(?:task|todo|to do|reminder|new task|new reminder|new todo) (?::|-|to|for me)/) ? undefined : reminder(found.raw('body'), undefined, ctx, 0.88, sentence.test(/reminder/)))],
  [/^(?:add|put) (?<body>.+?) (?:to|on|in) (?:my |the )?(?:task list|todo list|to do list|tasks?|todos?|to do|list|plate|agenda|calendar|schedule|reminders?)(?<more> .+)?$/d, (found, ctx) => (/^(?:a|an|the)? ?(?:note|lead|company)\b/.test(found.words('body')) ? undefined : reminder(`${found.raw('body')} ${found.raw('more')}`, undefined, ctx, 0.9, false))],
  [/^(?:have|get|ask|tell|let) (?<who>(?!to\b)[a-z][a-z'-]+(?: (?!to\b)[a-z'-]+)?) (?:to )?(?<body>(?:call|ring|phone|email|follow|followup|contact|visit|check|reach|send|chase|text|meet)\b.+)$/d, (found, ctx) => (/^(?:me|us|you|it|them|him|her|the|a)\b/.test(found.words('who')) ? undefined : reminder(found.raw('body'), personOf(found.raw('who')), ctx, 0.82, false))],
  [/^(?:assign|give) (?:a |the |this )?(?:new )?(?:task|reminder|todo) to (?<who>[a-z][a-z'-]+(?: [a-z'-]+)?) (?::|-|to) (?<body>.+)$/d, (found, ctx) => reminder(found.raw('body'), personOf(found.raw('who')), ctx, 0.93, false)],
  [/^(?:task|reminder|todo) for (?<who>(?!me\b|today\b|tomorrow\b|the\b)[a-z][a-z'-]+)(?: to| :| -) (?<body>.+)$/d, (found, ctx) => reminder(found.raw('body'), personOf(found.raw('who')), ctx, 0.92, false)],
  [/^(?:task|reminder|todo|follow ?up) (?:for )?(?<when>today|tomorrow|(?:next |on )?(?:monday|tuesday|wednesday|thursday|friday|week)) (?::|-) (?<body>.+)$/d, (found, ctx) => reminder(`${found.raw('body')} ${found.raw('when')}`, undefined, ctx, 0.92, true)],
  [/^give (?<lead>(?!me\b|us\b).+?) (?:a|another) (?:quick )?(?:call|ring|shout|buzz|call ?back)(?: back)?(?<rest> .+)?$/d, (found, ctx) => reminder(`call ${found.raw('lead')} ${found.raw('rest')}`, undefined, ctx, 0.84, true)],
  [/^schedule (?<lead>(?!a\b|an\b|me\b|another\b|the\b|my\b).+?) for (?:a |an |another )?(?:quick )?(?<what>call|phone call|meeting|demo|visit|followup|follow up|callback)(?<rest> .+)?$/d, (found, ctx) => reminder(`${/call/.test(found.words('what')) ? 'call' : /follow/.test(found.words('what')) ? 'follow up with' : /visit/.test(found.words('what')) ? 'visit' : 'meet with'} ${found.raw('lead')} ${found.raw('rest')}`, undefined, ctx, 0.9, true)],
  [/^(?:i am |i will be |i will |we are )?(?<body>(?:calling|meeting|visiting|ringing|emailing|call|meet|visit|ring|email|seeing|following up with) .+?) (?:so |please |and )*(?:remind|ping|nudge) me(?: (?:about|of) (?:it|that|this))?$/d, (found, ctx) => reminder(found.raw('body').replace(/^(call|meet|visit|ring|email|see|follow)ing\b/i, '$1'), undefined, ctx, 0.9, true)],
  [/^assign (?<who>(?!a\b|the\b|this\b).+?) (?:a |the )?(?:task|reminder|todo)(?: to| :| -)* (?<body>.+)$/d, (found, ctx) => reminder(found.raw('body'), personOf(found.raw('who')), ctx, 0.86, false)],
  [/^(?:book|schedule|set up|arrange|plan|pencil in|put in|diary)(?: in| me)? (?<body>(?:a |an |the |another )?(?:quick |short |intro |follow ?-?up |discovery |phone |sales )*(?:call|meeting|demo|appointment|visit|followup|follow up|chat|call back|callback|site visit|zoom|video call)\b.*)$/d, (found, ctx) => {
    const words = found.raw('body').replace(/^(?:a|an|the|another)\s+/i, '');
    const who = /\b(?:with|for|to|at)\s+(.+)$/i.exec(words)?.[1];
    const noun = words.replace(/\b(?:with|for|to|at)\s+.+$/i, '').trim();
    const when = parseWhen(words, ctx.now, ctx.timeZone);
    const name = who ? (parseWhen(who, ctx.now, ctx.timeZone)?.rest ?? who) : undefined;
    const verb = /^(?:\w+ )*call|callback|chat/i.test(noun) ? 'call' : /follow/i.test(noun) ? 'follow up with' : /visit/i.test(noun) ? 'visit' : 'meet with';
    return reminder(`${verb} ${name ?? ''} ${when?.text ?? ''}`.trim(), undefined, ctx, 0.8, true);
  }],
  [new RegExp(String.raw`^(?:i (?:need|have|want|should|must|will|am going|plan|ought)(?: to)?|we (?:need|have|should|must)(?: to)?|got to|have to|need to)? ?(?<body>${verbs} .+)$`, 'd'), (found, ctx, sentence) => {
    const when = parseWhen(found.raw('body'), ctx.now, ctx.timeZone);
    const intent = sentence.test(/^(?:i|we|got to|have to|need to)\b/);
    if (!when) return sentence.test(/^(?:follow ?-?up|followup|check (?:in|back)|circle back|touch base|get back to|call back|chase)\b/) || (intent && sentence.test(/^(?:i|we) (?:need|have|must|should)/)) ? reminder(found.raw('body'), undefined, ctx, 0.66, true) : undefined;
    if (sentence.test(/^(?:see|review|update|look at|try|email|text|message|send|write)\b/) && !intent && !sentence.test(/\b(?:tomorrow|monday|tuesday|wednesday|thursday|friday|next week|in \w+ (?:days?|weeks?|hours?|minutes))\b/)) return undefined;
    if (sentence.test(/^(?:see|try|review|update) /) && !intent) return undefined;
    return reminder(found.raw('body'), undefined, ctx, 0.8, true);
  }],
  [/^(?<lead>.+?) (?:needs|is due|is waiting for|is expecting|expects) (?:a |another |to be )?(?:call ?back|callback|call|called(?: back)?|followup|follow up)\b(?<rest>.*)$/d, (found, ctx) => (/^(?:who|which|what|i|we)\b/.test(found.words('lead')) || !parseWhen(found.raw('rest'), ctx.now, ctx.timeZone) ? undefined : reminder(`call back ${found.raw('lead')} ${found.raw('rest')}`, undefined, ctx, 0.84, true))],
  [/^(?<body>.+ (?:needs|wants|is expecting|expects|is waiting for|asked for|has asked for|requested) (?:a |another |me to |us to )?(?:call ?back|callback|call|followup|follow up)\b.*)$/d, (found, ctx) => {
    const when = parseWhen(found.raw('body'), ctx.now, ctx.timeZone);
    const lead = /^(.+?) (?:needs|wants|is expecting|expects|is waiting|asked|has asked|requested)\b/i.exec(found.raw('body'))?.[1];
    return when && lead ? reminder(`call back ${lead} ${when.text}`, undefined, ctx, 0.72, true) : undefined;
  }],
];

const taskNoun = '(?:tasks?|todos?|to dos?|reminders?|to do list|todo list|task list|followups?|follow ups?|action items?|things to do|agenda|schedule|plate|open items|to-dos?)';

const dueIn = (words: string): string | undefined =>
  /\b(?:overdue|late|past due|missed|behind on|slipped|should have done|behind)\b/.test(words) ? 'overdue'
  : /\b(?:today|tonight|this (?:morning|afternoon)|right now|for the day|my day)\b/.test(words) ? 'today'
  : /\btomorrow\b/.test(words) ? 'tomorrow'
  : /\b(?:this week|week|next (?:few|7|seven) days|coming days|upcoming)\b/.test(words) ? 'week'
  : undefined;

const listTasks = (ctx: Context, sentence: Sentence, confidence: number): Reading => {
  const about = sentence.match(new RegExp(String.raw`\b${taskNoun} (?:do we have |i have |we have |are there |open |is there )?(?:for|about|on|with|at|regarding|linked to|related to) (?<lead>(?!today|tomorrow|me\b|this|next|the (?:day|week)|my\b|everyone|everybody|all\b|the (?:whole )?team|us\b|now\b|overdue|monday|tuesday|wednesday|thursday|friday|file).+?)(?: (?:today|tomorrow|this week|due|overdue))*$`, 'd'));
  const theirs = sentence.match(new RegExp(String.raw`(?<![\w"])(?<who>[a-z][a-z'-]+(?: [a-z'-]+)?) 's (?:open |overdue |due |pending |current )*(?:${taskNoun}|day|week)\b`, 'd')) ?? sentence.match(/\b(?:what|which tasks|tasks|anything)(?: (?:does|do|is|has|did))? (?<who>[a-z][a-z'-]+) (?:have|has|got)(?: to do| due| on (?:his|her|their) (?:plate|list))\b/d);
  const assigned = sentence.match(/\bassigned to (?<who>[a-z][a-z'-]+(?: (?!today|tomorrow|this)[a-z'-]+)?)/d);
  const all = sentence.test(/\b(?:everyone|everybody|all reps|the (?:whole )?team|team|all users|whole company|anyone|everyone s)\b/);
  const who = (theirs ?? assigned)?.raw('who').replace(/^(?:show|list|see|get|what|are|is|me|the|of|give|what is|what are|for)\s+/i, '');
  const mine = who && /^(?:i|we|you|today|tomorrow|it|there|this|that|my|me|week|the)$/i.test(who);
  const lead = about ? leadOf(about.raw('lead'), ctx) : undefined;
  const person = about && lead && 'ref' in lead && !theirs && /^[A-Z]?[a-z]+$/.test(about.raw('lead')) && /^(?:tasks|todos|reminders) for$/i.test('') ? undefined : who;
  return calls(
    'list_tasks',
    {
      lead: lead && 'ref' in lead ? lead.ref : undefined,
      assignee: all ? 'all' : person && !mine ? personOf(person) : undefined,
      due: dueIn(sentence.words),
      status: sentence.test(/\b(?:done|completed|finished|closed|ticked off)\b/) ? 'done' : undefined,
    },
    confidence,
  );
};

const tasks: Rule[] = [
  [/^(?:what|whats) (?:is|are|was|have i got|do i have|have i|else is|else do i have|all is|do we have)(?: .{0,20})? (?:on|in) (?:my |the |our )?(?:plate|agenda|schedule|list|to do list|todo list|calendar|docket|menu|cards)(?: .{0,30})?$|^(?:what|anything|is there anything|do i have anything|have i got anything) .{0,30}(?:\bto do\b|\bdue\b|\boverdue\b|\bcoming up\b|\bscheduled\b|\bplanned\b|\bleft (?:to do|for today)\b)(?: .{0,30})?$|^(?:how|what) (?:does|is|do) my (?:day|week|morning|afternoon|schedule|today|tomorrow|calendar|agenda)(?: look(?:ing)?(?: like)?| like)?(?: .{0,20})?$|^(?:what is )?(?:the |my )?(?:plan|agenda|schedule|program) for (?:today|tomorrow|this week|the day|the week)$|^(?:my |show (?:me )?my |what is my |plan my |start my )(?:day|week|agenda|schedule|plate|calendar)(?: .{0,20})?$|^am i (?:behind|late|overdue)\b.*$|^what (?:am i|are we|was i|should i be|do i need|do i have|have i|should i|must i) (?:supposed |meant |doing|to be doing|to do|need to do|to get done|got on|got|do|working on|forget|forgetting|missing|planned)(?: to do| to be doing| do)?(?: (?:today|tomorrow|this week|next|now|first|this morning|this afternoon|on|for today|all day|up))*$|^what is (?:next|up next|due|overdue|late|left|coming up|up)(?: (?:on my (?:list|plate)|for me|today|tomorrow|this week|to do|now))*$/d, (_found, ctx, sentence) => (sentence.test(/\b(?:leads?|approval|approve)\b/) || sentence.test(/^what is up$/) ? undefined : listTasks(ctx, sentence, 0.9))],
  [new RegExp(String.raw`^(?:(?:what|which|show|list|see|view|get|give|pull|display|check|read|tell|any|are there|is there|do i have|do we have|have i got|how many|all|open|my|the|me|up|of|are|is|out|us|our|for|i need|i want|let me see|see|what are|there|outstanding|pending|overdue|late|due|today|tomorrow|this week|today 's|tomorrow 's|this week 's|current|upcoming|remaining|completed|finished|done|missed|everyone 's|everybody 's|everyone|team|unfinished|what is|next|past due|old|late|[a-z]+ 's|[a-z]+ [a-z]+ 's|team 's) )*${taskNoun}(?: (?:.{0,60}))?$`, 'd'), (_found, ctx, sentence) => (sentence.test(/^(?:(?:add|create|set|make|complete|close|finish|delete)\b|(?:task|todo|reminder|follow ?up|to do) [:-]|(?:schedule|plan) (?!for (?:today|tomorrow|this|the|next)|today|tomorrow|this week|please)\S|(?:task|reminder|todo) for [a-z]+ to\b|(?:task|reminder|todo)s? for \S+ [:-])/) || sentence.test(/\b(?:is|are) (?:done|complete|completed|finished)$/) || sentence.test(/^(?:task|todo|to do|reminder|followup|follow up) (?:to|with|on|:|-|for me)\b/) || sentence.test(/\b(?:mark|tick|check off)\b/) ? undefined : listTasks(ctx, sentence, 0.9))],
  [/^(?:overdue|due|late)(?: (?:today|tomorrow|this week|now|stuff|items|things|ones))*$|^(?:what|which|anything|how much|how many) .{0,20}\b(?:overdue|is late|am i late with|past due|due (?:today|tomorrow|this week|soon|now|next))\b.*$/d, (_found, ctx, sentence) => (sentence.test(/\bleads\b/) ? undefined : listTasks(ctx, sentence, 0.88))],
  [/^what is (?<who>[a-z][a-z'-]+) (?:working on|doing|up to|busy with)(?: (?:today|this week|now))*$/d, (found, _ctx, sentence) => (/^(?:it|that|this|everyone|everybody|next)$/.test(found.words('who')) ? undefined : calls('list_tasks', { assignee: found.words('who') === 'i' ? undefined : personOf(found.raw('who')), due: dueIn(sentence.words) }, 0.84))],
  [/^what (?:does|did|has) (?<who>[a-z][a-z'-]+) (?:have|got|need|has) (?:to do|on (?:his|her|their) (?:plate|list|agenda)|due|to do today)\b.*$/d, (found, _ctx, sentence) => calls('list_tasks', { assignee: personOf(found.raw('who')), due: dueIn(sentence.words) }, 0.88)],
  [/^(?:next steps?|open items|action items|followups|follow ups) (?:for|with|on|at) (?<lead>.+)$/d, (found, ctx) => (/^(?:me|today|tomorrow|this|my|us|the)\b/.test(found.words('lead')) ? undefined : aboutLead(found.raw('lead'), ctx, 'list_tasks', {}, 0.92))],
  [/^(?:what is|what are|anything|what) (?:open|planned|scheduled|due|next|to do|outstanding|pending|the next step|the next steps|next step|next steps) (?:for|with|on|about|at) (?<lead>.+)$/d, (found, ctx) => (/^(?:me|today|tomorrow|this|my|us|the)\b/.test(found.words('lead')) ? undefined : aboutLead(found.raw('lead'), ctx, 'list_tasks', {}, 0.84))],
];

const completeTask = (raw: string, ctx: Context, confidence: number): Reading | undefined => {
  const words = Sentence.of(raw).words;
  const position = positionOf(words);
  if (position !== undefined && ctx.tasks.length > 0) {
    const task = ctx.tasks.at(position < 0 ? position : position - 1);
    return task ? calls('complete_task', { task: task.id }, confidence) : undefined;
  }
  if (/^(?:it|that|this|them|that one|this one|the task|that task|this task|the reminder|that reminder|task|the one|the todo|reminder|one)?$/.test(words)) {
    if (ctx.task) return calls('complete_task', { task: ctx.task.id }, confidence);
    if (ctx.tasks.length > 1) return askWhich('Which task?', ctx.tasks.slice(0, 10).map((task) => ({ label: task.name, note: task.note, calls: [{ tool: 'complete_task', input: { task: task.id } }] })), confidence);
    return complete([{ tool: 'complete_task', input: {} }], [{ field: 'task', calls: [0] }], confidence);
  }
  const name = cleanName(raw)
    .replace(/^(?:the |my |that |this )?(?:task|reminder|todo|to-?do|followup|follow-up)\b(?: (?:to|about|for|called|named|on|with|of|:|-))?\s*/i, '')
    .replace(/\s+(?:task|reminder|todo|one)$/i, '')
    .trim();
  return calls('complete_task', { task: name || raw }, confidence);
};

const completion: Rule[] = [
  [/^(?:mark|set|flag|tick|check|cross|put)(?: off)? (?:the |my |that |this )*(?:task|reminder|todo|to do)(?: (?:to|about|for|called|named|on|with|of|:|-))* ?(?<task>.*?)(?: (?:as|is|to))? (?:done|complete|completed|finished|off|closed)$/d, (found, ctx) => completeTask(found.raw('task'), ctx, 0.95)],
  [/^(?:mark|set|flag|tick|check|cross|put) (?:the |my |that |this )*(?<task>.+?)(?: (?:task|reminder|todo))?(?: (?:as|is|to))? (?:done|complete|completed|finished|off|off (?:my|the) list|off the todo list)(?: please| now)?$/d, (found, ctx) => completeTask(found.raw('task'), ctx, 0.91)],
  [/^(?:tick|check|cross|strike) (?:off|out)(?: (?:the|my))? (?<task>.+)$|^(?:tick|check|cross|strike) (?<task2>.+?) (?:off|out)(?: (?:my|the) (?:list|todo list|to do list|tasks?))?$/d, (found, ctx) => completeTask(found.raw('task') || found.raw('task2'), ctx, 0.9)],
  [/^(?:complete|finish|close|resolve|close out|close off|wrap up|clear|conclude|done with|i am done with|we are done with|finished|finished with|i (?:have )?(?:finished|completed|did|done|closed)|i have done|completed|i am finished with|all done with|just (?:finished|did|completed)|i just (?:finished|did|completed)) (?:the |my |that |this )*(?:task|reminder|todo|to do|followup|follow up)\b ?(?<task>.*)$/d, (found, ctx) => completeTask(found.raw('task').replace(/^(?:to|about|for|called|named|on|with|of|:|-)\s+/i, ''), ctx, 0.93)],
  [/^(?:complete|finish|close|close out|wrap up|done with|i am done with|we are done with|finished with|i (?:have )?(?:finished|completed|closed)|completed|i am finished with|all done with|just (?:finished|did|completed)|i just (?:finished|did|completed)|finished|done :|done -|i (?:have )?(?:did|done)) (?<task>.+?)(?: (?:task|reminder|todo|already|now|today))*$/d, (found, ctx, sentence) => (/^(?:my |the )?(?:tasks|todos|reminders)\b/.test(found.words('task')) || sentence.test(/\b(?:as (?:won|lost)|import|lead|deal|a (?:call|meeting|deal) with)\b/) ? undefined : completeTask(found.raw('task'), ctx, sentence.test(/^(?:close|finish)/) ? 0.78 : 0.84))],
  [/^(?:the |my |that |this )?(?:task|reminder|todo|followup|follow up)(?: (?:to|about|for|called|on|with|of|:|-))* ?(?<task>.*?) (?:is|are|has been|was|got) (?:now |all |already |been )*(?:done|complete|completed|finished|sorted|taken care of|handled)(?: now| already)?$/d, (found, ctx) => completeTask(found.raw('task'), ctx, 0.92)],
  [/^(?<task>.+?) (?:is|are|has been|was|got) (?:now |all |already |been )*(?:done|complete|completed|finished|sorted|taken care of|handled)(?: now| already)?$/d, (found, ctx, sentence) => (/^(?:who|what|which|how|is|are|the import|import|job|the job|it all|we|i)\b/.test(found.words('task')) || sentence.test(/\bimport|job\b/) ? undefined : completeTask(found.raw('task'), ctx, 0.8))],
  [/^(?<task>.+?) (?:task|reminder|todo|to do)(?: is| was)? (?:done|complete|completed|finished)$/d, (found, ctx) => completeTask(found.raw('task'), ctx, 0.88)],
  [/^(?:i am |i have |all |just )*(?:done|finished) (?:calling|emailing|ringing|phoning|texting|visiting|contacting|messaging|following up with|talking to|checking in with|checking on|sending) (?<task>.+)$/d, (found, ctx) => completeTask(found.raw('task'), ctx, 0.84)],
  [/^(?:all )?done$|^(?:i (?:did|have done|finished|completed) (?:it|that|this))(?: one| already| now| today)?$|^(?:that|this|it) is (?:all )?done$|^finished(?: it| that)?$|^completed(?: it| that)?$|^did (?:it|that)$/d, (_found, ctx) => (ctx.task || ctx.tasks.length > 0 ? completeTask('it', ctx, 0.85) : undefined)],
  [/^(?:#|number |no |task |nr )?(?<n>\d{1,2}|first one|the (?:first|second|third|fourth|fifth|last)(?: one)?|(?:first|second|third|last)(?: one)?) (?:is )?(?:done|complete|completed|finished)$/d, (found, ctx) => completeTask(found.raw('n'), ctx, 0.92)],
];

const kindOf = (words: string): string =>
  /\b(?:emailed|email|e-?mail|mailed|wrote to|written to)\b/.test(words) ? 'email'
  : /\b(?:texted|text(?:ed)? message|sms|texting|whatsapp)\b|^(?:log |add |record )?(?:a )?text\b/.test(words) ? 'text'
  : /\b(?:met(?: with)?|meeting|visited|site visit|demo|demoed|lunch|coffee|in person)\b/.test(words) ? 'meeting'
  : /\b(?:called|calls?|phoned|rang|rung|spoke|spoken|talked|voicemail|voice mail|phone|chatted|chat|dialed|no answer|reached|got hold of|hung up|answered|pick up|picked up|conversation|on the line|got through)\b/.test(words) ? 'call'
  : 'note';

const outcomeOf = (words: string): string | undefined =>
  /\b(?:voicemail|voice mail|left (?:a )?message)\b/.test(words) ? 'voicemail'
  : /\b(?:no answer|not answer|did not pick up|no one (?:answered|picked up)|nobody (?:answered|picked up)|could not reach|no reply|no response)\b/.test(words) ? 'no answer'
  : /\bnot interested\b/.test(words) ? 'not interested'
  : /\binterested\b/.test(words) ? 'interested'
  : undefined;

/** When it happened, if the user spoke of another time than now. */
const happened = (text: string, ctx: Context): string | undefined => {
  const phrase = /\b(?:yesterday(?: (?:morning|afternoon|evening))?(?: at [\d:]+ ?(?:am|pm)?)?|last (?:night|week|monday|tuesday|wednesday|thursday|friday|saturday|sunday)|this morning|earlier today at [\d:]+ ?(?:am|pm)?|(?:\d{1,2}|two|three|a|an|a few|a couple of) (?:hours?|days?|weeks?) ago)\b/i.exec(text)?.[0];
  if (!phrase) return undefined;
  const when = parseWhen(phrase, ctx.now, ctx.timeZone);
  return when && when.at < ctx.now ? isoIn(when.at, ctx.timeZone) : undefined;
};

const activity = (lead: string, kind: string, text: string | undefined, ctx: Context, confidence: number, words: string): Reading | undefined => {
  const said = text?.trim().replace(/^[\s:;,-]+/, '').replace(/^["']([^"']+)["']$/, '$1').trim();
  const outcome = outcomeOf(words);
  const at = said ? happened(said, ctx) : undefined;
  const stripped = lead.replace(/\s+(?:yesterday|today|this morning|this afternoon|just now|earlier|last week|again|earlier today)$/i, '');
  return aboutLead(stripped, ctx, 'log_activity', { kind, text: said?.slice(0, 2000), outcome, at }, confidence, { needs: said ? [] : [{ field: 'text', calls: [0] }] });
};

const to = '(?:to|on|for|about|with|at|under|in|against|onto|regarding)';
const gap = String.raw`(?: (?::|-|that|saying|says|about|to say|stating|reading|which says|noting|and say|with the text|with text|as follows|it says)(?= ))+`;
const noteNoun = '(?:notes?|comments?|remarks?|memo|annotation|activity|log entry|quick note)';
const callNoun = '(?:phone calls?|calls?|emails?|e-?mails?|meetings?|texts?|text messages?|sms|voicemails?|demos?|visits?|site visits?|conversations?|chats?|conference calls?|no answer)';

const activities: Rule[] = [
  // "add a note to X: text", "put a note on X that ..."
  [new RegExp(String.raw`^(?:add|put|log|make|leave|write|jot|create|save|record|drop|stick|attach|pop|enter|place|take|note|file|new)(?: (?:down|up|in))?(?: (?:a|an|the|this|quick|short|new|another|my|following))* ${noteNoun}(?: (?:down))? ${to} (?<lead>.+?)${gap} ?(?<text>.+)$`, 'd'), (found, ctx, sentence) => activity(found.raw('lead'), 'note', tail(sentence, found.raw('lead')) ?? found.raw('text'), ctx, 0.95, sentence.words)],
  [new RegExp(String.raw`^(?:add|put|log|make|leave|write|jot|create|save|record|drop|stick|attach|pop|enter)(?: (?:down))?(?: (?:a|an|the|this|quick|short|new))* ${noteNoun}(?: ?(?::|-|that|saying))* (?<text>"\d+") ${to} (?<lead>.+)$`, 'd'), (found, ctx, sentence) => activity(found.raw('lead'), 'note', found.raw('text'), ctx, 0.95, sentence.words)],
  [new RegExp(String.raw`^(?:add|put|jot|write|log|note|save)(?: down)? (?<text>"\d+")(?: as a note| as note)? ${to} (?<lead>.+)$`, 'd'), (found, ctx, sentence) => (/^(?:my|the) (?:tasks?|todos?|to do|list|todo list|to do list|task list|plate|agenda|calendar|reminders?)\b/.test(found.words('lead')) ? undefined : activity(found.raw('lead').replace(/\s+as a note$/i, ''), 'note', found.raw('text'), ctx, 0.92, sentence.words))],
  [new RegExp(String.raw`^(?:notes?|comment|memo|fyi|update) ${to} (?<lead>.+?)${gap} ?(?<text>.+)$`, 'd'), (found, ctx, sentence) => activity(found.raw('lead'), 'note', tail(sentence, found.raw('lead')) ?? found.raw('text'), ctx, 0.92, sentence.words)],
  // A note without a delimiter: the lead is what looks like a name.
  [new RegExp(String.raw`^(?:add|put|log|make|leave|write|jot|create|save|record|drop|stick|attach|pop|enter|new)(?: (?:down))?(?: (?:a|an|the|this|quick|short|new|another))* ${noteNoun}(?: (?:${to} (?<lead>.+))?)?$`, 'd'), (found, ctx, sentence) => splitName(found.raw('lead'), ctx, 'note', 0.88, sentence.words)],
  // "log a call with X: text"
  [new RegExp(String.raw`^(?:log|add|record|note|put in|enter|save|register|track|make a note of|i had|we had|had|i did|we did|did|just had|i just had|i have had|held|logged|had a great|i made|made|just made)(?: down)?(?: (?:a|an|the|my|another|quick|great|good|short|our|that i had|nice|brief|first|intro|long))* (?<kind>${callNoun}) (?:with|to|at|for|on|from|by) (?<lead>.+?)(?:${gap}|(?: (?:where|and|today|in which|during which|but|which)(?= ))+)+ ?(?<text>.+)$`, 'd'), (found, ctx, sentence) => activity(found.raw('lead'), kindOf(found.words('kind')), tail(sentence, found.raw('lead')) ?? found.raw('text'), ctx, 0.93, sentence.words)],
  [new RegExp(String.raw`^(?:log|add|record|note|put in|enter|save|register|track|i had|we had|had|i did|we did|did|just had|i just had|i have had|held|made|i made|just made)(?: down)?(?: (?:a|an|the|my|another|quick|great|good|short|our|nice|brief|first|intro|long))* (?<kind>${callNoun}) (?:with|to|at|for|on|from|by) (?<lead>.+)$`, 'd'), (found, ctx, sentence) => {
    const told = !sentence.test(/^(?:log|add|record|note|enter|save|register|track)\b/);
    return splitName(found.raw('lead'), ctx, kindOf(found.words('kind')), 0.9, sentence.words, told ? sentence.raw : `${sentenceCase(found.words('kind'))} with ${cleanName(found.raw('lead').split(/[,;:]/)[0] ?? '')}`);
  }],
  [new RegExp(String.raw`^(?:log|record|note|track)(?: (?:that|down|it|this))* (?<text>(?:i|we|they|he|she|that i|that we) .+)$`, 'd'), (found, ctx) => reported(Sentence.of(found.raw('text')), ctx, 0.9)],
  [new RegExp(String.raw`^(?:please )?(?:note|log|record|jot|jot down|write|write down|put down|make a note|make note|take note|remember)(?: down)?(?: that)? (?<lead>(?!a\b|an\b|the (?:call|meeting|note)|call\b|note\b|email\b|meeting\b|to\b|on\b|for\b|it\b|that\b|down\b).+?) (?<text>(?:is|are|was|were|has|have|had|wants?|wanted|said|says|asked|asks|called|needs?|prefers?|will|would|can|cannot|does|do|did|might|may|should|likes?|uses?|bought|got|closed|moved|expects?|mentioned|told|thinks|just|only|already|also|plans?|agreed|requested|signed|rejected|never|not)\b.*)$`, 'd'), (found, ctx, sentence) => activity(found.raw('lead'), 'note', `${cleanName(found.raw('lead'))} ${found.raw('text')}`, ctx, 0.9, sentence.words)],
  [/^(?:note|jot down|remember) (?:that |for )?(?<lead>.+?) ?(?::|-) (?<text>.+)$/d, (found, ctx, sentence) => activity(found.raw('lead').replace(/^(?:to|on|for|about)\s+/i, ''), 'note', tail(sentence, found.raw('lead')) ?? found.raw('text'), ctx, 0.84, sentence.words)],
  [new RegExp(String.raw`^(?:log|add|record|new|enter|save)(?: (?:a|an|the|my))? (?<kind>calls?|phone calls?|emails?|meetings?|texts?|voicemails?|notes?|visits?) (?<rest>(?!to\b|on\b|for\b|with\b|about\b|from\b|by\b|address\b|reminder\b|task\b|list\b|history\b|:|-).+)$`, 'd'), (found, ctx, sentence) => splitName(found.raw('rest'), ctx, kindOf(found.words('kind')), 0.82, sentence.words, `${sentenceCase(found.words('kind'))} with ${cleanName(found.raw('rest'))}`)],
  [new RegExp(String.raw`^(?:(?:log|add|record|new|make|save)(?: (?:a|an|the|this))? )?(?<kind>${callNoun}|${noteNoun})(?: (?:for|on|with) (?:it|them|him|her|this one|that lead|this lead))? (?::|-) (?<text>.+)$`, 'd'), (found, ctx, sentence) => activity(ctx.lead ? 'it' : '', kindOf(found.words('kind')), tail(sentence, /^[^:-]*/.exec(sentence.source)?.[0] ?? '') ?? found.raw('text'), ctx, 0.86, sentence.words)],
  [new RegExp(String.raw`^(?:log|record)(?: (?:a|an|the))? (?<kind>${callNoun}|${noteNoun})$`, 'd'), (found, ctx, sentence) => complete([{ tool: 'log_activity', input: { kind: kindOf(found.words('kind')), ...(ctx.lead && { lead: ctx.lead.id }) } }], [...(ctx.lead ? [] : [{ field: 'lead', calls: [0] } as Need]), { field: 'text', calls: [0] }], sentence.empty ? 0 : 0.85)],
];

/** The source text after this slot, so that punctuation inside a note survives. */
const tail = (sentence: Sentence, slot: string): string | undefined => {
  const at = sentence.source.indexOf(slot);
  if (at < 0 || slot === '') return undefined;
  const rest = sentence.source.slice(at + slot.length).replace(/^["']/, '').replace(/^[\s:;,.-]+/, '').replace(/^(?:that|saying|says|to say|stating|about|where|noting)\b[\s:,-]*/i, '').trim();
  return rest === '' ? undefined : rest;
};

const clause = /(?:\s*[:;]\s*|\s+-\s+|,\s+|\.\s+|\s+(?:that|saying|about|where|regarding|because|and they|and he|and she|but|and)\s+|\s+(?=(?:they|he|she|we|i|left|no answer|wants?|wanted|said|asked|interested|is|are|has|have|needs?|not|did|didn't|will|would|call|prefers?)\b))/i;

/** "X left a voicemail", "X, wants a quote": a name and what follows, where only the wording tells them apart. */
const splitName = (raw: string, ctx: Context, kind: string, confidence: number, words: string, otherwise?: string): Reading | undefined => {
  if (raw === '') return ctx.lead ? complete([{ tool: 'log_activity', input: { lead: ctx.lead.id, kind } }], [{ field: 'text', calls: [0] }], confidence) : complete([{ tool: 'log_activity', input: { kind } }], [{ field: 'lead', calls: [0] }, { field: 'text', calls: [0] }], confidence);
  const quoted = /^"([^"]+)"\s*[,:;-]?\s*(.*)$/.exec(raw);
  if (quoted?.[1]) return activity(quoted[1], kind, quoted[2] || otherwise, ctx, confidence, words);
  const cut = clause.exec(raw);
  if (cut && cut.index > 0) {
    const before = raw.slice(0, cut.index);
    const after = raw.slice(cut.index + cut[0].length);
    // A comma inside "Ravinia Plumbing, Sewer" or before "Inc" is part of the name.
    if (after.trim() !== '' && !/^(?:inc|llc|ltd|co|corp|sewer|ac|a\/c|heating|air|electric|plumbing|cooling)\b/i.test(after)) return activity(before, kind, after, ctx, confidence, words);
  }
  return activity(raw, kind, otherwise, ctx, confidence, words);
};

const did = String.raw`(?:called|phoned|rang|emailed|e-mailed|texted|messaged|met(?: up)?(?: with)?|visited|contacted|spoke (?:to|with)|spoken (?:to|with)|talked (?:to|with)|chatted with|had (?:a )?(?:call|meeting|chat|lunch|coffee|demo|conversation) with|reached(?: out to)?|got (?:hold of|through to|off the phone with|in touch with)|followed up with|wrote to|dialed|tried(?: to (?:call|reach|ring|contact|phone))?(?: calling| reaching)?|left (?:a )?(?:voicemail|message|vm|note)(?: (?:for|with|at|on))|sent (?:an? )?(?:email|text|message|quote|proposal) to|sent|got (?:a |an )?(?:reply|answer|call|email|voicemail|response) from|heard (?:back )?from|pitched|could not reach|can not reach|did not reach|did a demo (?:for|with)|demoed (?:to|for)|ran into|caught up with|connected with|checked in with|touched base with)`;

/** What the user tells about something that happened: logged in their own words. */
const reported = (sentence: Sentence, ctx: Context, confidence: number): Reading | undefined => {
  const mine = sentence.match(new RegExp(String.raw`^(?:i |we |just |have |i have |we have |already |today |yesterday |so |fyi |update )*(?<did>${did}) (?<lead>.+)$`, 'd'));
  if (mine && !/^(?:leads?|companies|prospects|everyone|nobody)\b/.test(mine.words('lead'))) {
    const raw = mine.raw('lead');
    const cut = /^"([^"]+)"/.exec(raw);
    const split = cut ? undefined : clause.exec(raw);
    const after = split ? raw.slice(split.index + split[0].length) : '';
    const name = (cut?.[1] ?? (split && split.index > 0 && !/^(?:inc|llc|ltd|co|corp|sewer|ac|a\/c|heating|air|electric|plumbing|cooling)\b/i.test(after) ? raw.slice(0, split.index) : raw)).replace(/\s+(?:today|yesterday|this morning|this afternoon|just now|earlier|last week|again|twice|back|on the phone|already|last (?:mon|tues|wednes|thurs|fri)day|by phone|by email|\d+ (?:days?|hours?) ago)+$/i, '');
    const person = /^(?:[A-Z][a-z]+|someone|the owner|the manager) (?:at|from|of|over at) (.+)$/.exec(name) ?? /^[a-z]+ (?:at|from|over at) (.+)$/i.exec(name);
    return activity(person?.[1] ?? name, kindOf(mine.words('did').replace(/^sent$/, 'note')), sentence.raw, ctx, confidence, sentence.words);
  }
  return undefined;
};

const theySaid = /^(?<lead>(?!who\b|what\b|which\b|how\b|i\b|we\b|is\b|are\b|does\b|do\b|did\b|why\b|when\b|where\b|show\b|find\b|list\b|leads?\b|nobody\b|no one\b|if\b|there\b|that is\b|this is\b|by\b|on\b|mark\b|remind\b|set\b|the one that).+?) (?<text>(?:just |has |have |also |only |now |finally |already )*(?:said|says|told (?:me|us)|mentioned|asked|asks|wants?|wanted|called(?: (?:me|us|back|in))?|replied|responded|answered|emailed(?: (?:me|us|back))?|texted(?: (?:me|us|back))?|rang(?: (?:me|us|back))?|needs?|would like|is (?:not )?(?:very |really |quite |super |definitely )?(?:interested|keen|happy|unhappy|busy|closed|on vacation|out of office|away|looking|considering|thinking|using|switching|hesitant|ready|open to)|are (?:not )?(?:very |really |quite |super |definitely )?(?:interested|keen|happy|unhappy|busy|closed|looking|considering|thinking|using|switching|hesitant|ready|open to)|did not (?:answer|pick up|respond|reply|call back)|does not (?:want|need|answer|have time|pick up)|do not (?:want|need)|never (?:answered|called back|replied)|agreed|requested|confirmed|canceled|complained|hung up|bought|signed|prefers?|expects?|plans?|accepted|declined|rejected|no showed|got back|went (?:with|out|bankrupt|dark|quiet)|chose|picked|hired|opened|expanded|thinks|thought|claims|will (?:call|get|let|send|think|decide)|might|have (?:no|a|an|already|just|been)|has (?:no|a|an|already|just|been)|had|uses|use|switched|promised|hates?|loves?|likes?|liked)\b.*)$/d;

const reports: Intent = (sentence, ctx) => {
  if (sentence.test(/\?$/) || sentence.source.trim().endsWith('?')) return undefined;
  const gave = sentence.match(/^(?:i |we |just |have )*(?<did>sent|left|gave|dropped|shot|made) (?<lead>.+?) (?:a |an |the |another |our |some )+(?:quick |short |new |updated )?(?<what>emails?|e-mail|texts?|text message|sms|voicemail|message|vm|call|ring|quote|proposal|price list|brochure|contract|invoice|line)\b.*$/d);
  if (gave && !/^(?:a|an|the|email|out)\b/.test(gave.words('lead'))) {
    const what = gave.words('what');
    return activity(gave.raw('lead'), /call|ring|voicemail|vm/.test(what) || (what === 'message' && gave.words('did') === 'left') ? 'call' : /mail/.test(what) ? 'email' : /text|sms/.test(what) ? 'text' : 'note', sentence.raw, ctx, 0.88, sentence.words);
  }
  const mine = reported(sentence, ctx, sentence.test(/^(?:i|we|just|left|spoke|talked|met|had|emailed|texted|got|could|tried|called|phoned|rang|sent|heard|followed)\b/) ? 0.86 : 0.5);
  if (mine) return mine;
  const voicemail = sentence.match(/^(?:(?:left|got) (?:a )?(?:voicemail|vm|message)|no answer|no reply|nobody (?:answered|picked up)|no one (?:answered|picked up)|voicemail) (?:at|from|for|with|on|when i called|when calling) (?<lead>.+)$/d);
  if (voicemail) return activity(voicemail.raw('lead'), 'call', sentence.raw, ctx, 0.88, sentence.words);
  const theirs = sentence.match(theySaid);
  if (theirs) {
    const words = theirs.words('lead');
    if (/\b(?:leads|prospects|companies|accounts)$/.test(words) || words.split(' ').length > 9) return undefined;
    const name = theirs.raw('lead').replace(/^(?:the )?(?:owner|manager|guys?|people|folks|team|someone|[A-Z][a-z]+) (?:at|from|of|over at) /, '');
    const kind = kindOf(theirs.words('text').replace(/\bcall (?:them|him|her|me|back|again|in|next)\b/g, ''));
    return activity(name, /\b(?:called|rang|hung up|pick up|answered|answer)\b/.test(theirs.words('text')) || kind === 'email' || kind === 'text' ? kind : kindOf('note'), sentence.raw, ctx, 0.8, sentence.words);
  }
  return undefined;
};

export const work: Intent[] = [byRules(completion), byRules(reminders), byRules(activities), byRules(tasks), reports];
