import { parseWhen } from '../../../core/when.ts';
import { askWhich, type Context, calls, complete, type Need, type Reading } from '../reading.ts';
import { cleanName, leadOf, personOf } from '../references.ts';
import { Sentence } from '../sentence.ts';
import { isoIn, sentenceCase } from '../words.ts';
import { byRules, type Rule } from './intent.ts';

const noDate =
  /\b(?:whenever|no date|no due date|without a date|some ?time|no rush|any ?time|at some point|eventually|no deadline)\b/i;

const verbs = `(?:call(?: back)?|ring(?: back| up)?|phone|email|e-mail|text|message|contact|ping|follow ?-?up(?: with| on)?|followup(?: with| on)?|check (?:in (?:with|on)|on|with|back with)|get back to|reach out to|reach|talk (?:to|with)|speak (?:to|with)|meet(?: with)?|visit|see|chase(?: up)?|circle back (?:with|to)|touch base with|write(?: to)?|send|quote|nudge|invoice|bill|thank|update|get in touch with|revisit|review|look at|look into|try|catch up with|connect with|schedule (?:a )?(?:call|meeting|demo) with|set up (?:a )?(?:call|meeting|demo) with|book (?:a )?(?:call|meeting|demo|appointment) with|have (?:a )?(?:call|meeting) with|prepare(?: for)?|drop by|stop by|swing by|hit up|pitch|demo)`;
const leadInTitle = new RegExp(
  String.raw`^(?:(?:${verbs}) )(?<lead>.+?)(?: (?<tail>(?:back|again|up)(?: .*)?|(?:about|regarding|re|concerning|on|for|to|with|and|because|if|that|when|so|their)\b .+|(?:the|an?) (?:\S+ )?(?:quote|proposal|e-?mail|text|message|call|ring|brochure|invoice|contract|price list|prices|pricing|offer|sample|catalog|link|reminder|visit|demo|info|update)\b.*))?$`,
  'di',
);

/** "Remind me tomorrow at 9 to call Abacus": who, what and when, with questions for what is missing. */
export const reminder = (
  body: string,
  assignee: string | undefined,
  ctx: Context,
  confidence: number,
  wantsDate: boolean,
): Reading => {
  let text = body
    .trim()
    .replace(
      /^(?:too?|about|that i (?:should|need to|have to|must)|that|of|:|-|i (?:should|need to|have to|must)|for|me to|me)\s+/i,
      '',
    );
  const when = parseWhen(text, ctx.now, ctx.timeZone);
  if (when) text = when.rest;
  const undated = !when && noDate.test(text);
  if (undated) text = text.replace(noDate, ' ').replace(/\s+/g, ' ').trim();
  text = text
    .replace(/^(?:(?:to|about|that|of|:|-|,|for|it is|and)\s+)+/i, '')
    .replace(/[\s,.;:!?-]+$/, '')
    .replace(/\s+(?:please|pls|thanks|to|on|at|by|for|and|due|about)$/i, '')
    .trim();
  const sentence = Sentence.of(text);
  const found = sentence.match(leadInTitle);
  const words = sentence.words;
  const needs: Need[] = [];
  const input: Record<string, unknown> = {};
  if (assignee) input['assignee'] = assignee;
  if (when) input['dueAt'] = isoIn(when.at, ctx.timeZone);
  const onlyVerb = new RegExp(
    `^(?:to )?${verbs}(?: (?:them|him|her|someone|somebody|a lead))?(?: (?:back|up|again|once more))*$`,
    'i',
  ).test(words);

  if (text === '') {
    if (ctx.lead && (ctx.carried || /\b(?:it|them|that|him|her)\b/i.test(body))) {
      input['title'] = ctx.carried ? `Follow up with ${ctx.lead.name}` : `About ${ctx.lead.name}`;
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
      const make = (lead: { id: string; name: string }): { tool: string; input: Record<string, unknown> } => ({
        tool: 'create_task',
        input: { ...input, title: sentenceCase(text.replace(slot || text, lead.name)), lead: lead.id },
      });
      if (when || undated || !wantsDate)
        return askWhich(
          'Which lead is it about?',
          who.among.slice(0, 10).map((lead) => ({ label: lead.name, note: lead.note, calls: [make(lead)] })),
          confidence,
        );
      needs.push({ field: 'lead', calls: [0] });
    } else if (onlyVerb || (who && 'missing' in who && /\b(?:them|it|him|her|that lead|this lead)\b/.test(words))) {
      if (ctx.lead && onlyVerb) {
        input['lead'] = ctx.lead.id;
        input['title'] = /\b(?:them|someone|somebody|him|her)\b/i.test(text)
          ? sentenceCase(text.replace(/\b(?:them|someone|somebody|him|her)\b/i, () => ctx.lead?.name ?? ''))
          : sentenceCase(`${text} (${ctx.lead.name})`).replace(
              /^((?:Call|Ring|Phone|Email|Text|Contact|Visit|Follow up with|Check in with|Meet with)) \((.+)\)$/,
              '$1 $2',
            );
      } else needs.push({ field: 'lead', calls: [0] });
    }
  }
  if (!when && !undated && wantsDate) needs.push({ field: 'dueAt', calls: [0] });
  return complete([{ tool: 'create_task', input }], needs, confidence);
};

/** "Send the proposal to Genstar": the lead stands after the thing; in "check on A, B and C" there is not one. */
const leadSlot = (lead: string, tail: string, words: string): string => {
  if (lead.includes(',') && /^and\b/i.test(tail)) return '';
  if (
    /^(?:send|quote|invoice|bill|update|review|look|write|prepare|schedule|set|book|demo|see|try)\b/.test(words) &&
    /^(?:the|a|an|our|my|his|her|their|that|new|updated)\b/i.test(lead) &&
    !/^(?:the|that|this) (?:lead|company|one|first|second|third|last)\b/i.test(lead)
  )
    return endingLead(tail);
  return /^(?:quotes?|invoices?|proposals?|contracts?|e-?mails?|reports?|brochures?|documents?|slides|deck|prices|pricing|info|samples?|agenda|expenses|timesheets?|numbers|flyers?|catalogs?|price list)$/i.test(
    lead,
  )
    ? endingLead(tail)
    : lead;
};

/** "Meeting with Genstar", "the quote for Genstar": a name at the end of a title. */
const endingLead = (text: string): string => {
  const name = /\b(?:with|to|for|at|from) ((?:(?!\b(?:with|to|for|at|from|about)\b).){2,60})$/i.exec(text)?.[1]?.trim() ?? '';
  return /^(?:[A-Z0-9]|it$|them$|him$|her$|the (?:first|second|third|last))/.test(name) &&
    !/^(?:[A-Z][a-z]+day|Q[1-4])\b/.test(name)
    ? name
    : '';
};

/** "Remind me about Abacus": the whole text is a lead's name, unless it speaks of something else. */
const nameOnly = (text: string, words: string): string | undefined => {
  if (
    /^(?:it|them|that|this|him|her|the (?:first|second|third|last) one|that (?:lead|one|company)|this (?:lead|one))$/.test(words)
  )
    return text;
  if (
    /^(?:the |a |an |my |our |to )|\b(?:meeting|quote|invoice|report|lunch|dentist|birthday|contract|proposal|training|timesheet|expenses|order|prepare|buy|pick|send|finish|review|clean)\b/i.test(
      words,
    )
  )
    return undefined;
  return text.split(/\s+/).length <= 6 &&
    !/^(?:do|go|get|make|take|have|be|submit|file|pay|book|check|update|fix|write|ask|bring|compare|activate|preview|qualify|raise|lower|weigh)\b/.test(
      words,
    )
    ? text
    : undefined;
};

const rules: Rule[] = [
  [
    /^(?:todo|to do|task) (?<body>(?!list\b|for\b|today\b|tomorrow\b|due\b|this\b|next\b|items?\b|overdue\b|is\b|are\b|done\b)[a-z]+ .+)$/d,
    (found, ctx, sentence) =>
      sentence.test(/\b(?:done|completed?|finished)$/) ? undefined : reminder(found.raw('body'), undefined, ctx, 0.92, false),
  ],
  [
    /^(?:and )?(?:another|one more|same again|the same)(?: (?:one|task|reminder))? (?:for |on )?(?<when>.+)$/d,
    (found, ctx) => {
      const last = ctx.turns.at(-1)?.calls.findLast((call) => call.tool === 'create_task');
      const when = parseWhen(found.raw('when'), ctx.now, ctx.timeZone);
      return last && when && when.rest === ''
        ? calls('create_task', { ...last.input, dueAt: isoIn(when.at, ctx.timeZone) }, 0.9)
        : undefined;
    },
  ],
  [
    /^(?:give|assign) (?<who>[a-z][a-z'-]+(?: [a-z'-]+)?) (?:a |the |this )(?:task|reminder|todo)(?: to| :| -)* (?<body>.+)$/d,
    (found, ctx) => reminder(found.raw('body'), personOf(found.raw('who')), ctx, 0.92, false),
  ],
  [
    /^(?:do not (?:let me|forget|let us)|dont let me|never let me|make sure i|ensure i|help me remember|i (?:must|should|can) not forget|remember|do not let this slip)(?: (?:forget|remember|do not forget))*(?: (?:to|about))? (?<body>.+)$/d,
    (found, ctx) => reminder(found.raw('body'), undefined, ctx, 0.88, true),
  ],
  [
    /^(?:remind|ping|nudge|alert|notify|poke|buzz|prompt|tell|warn) me(?: (?:again|please))?(?<body> .+)?$/d,
    (found, ctx, sentence) =>
      sentence.test(/^tell me\b/) && !sentence.test(/^tell me (?:to|tomorrow|on monday|on tuesday|on friday|in \d|next week)\b/)
        ? undefined
        : reminder(found.raw('body'), undefined, ctx, 0.94, true),
  ],
  [
    /^remind (?<who>us|[a-z][a-z'-]+(?: (?!to\b|about\b|that\b|on\b|in\b|at\b|tomorrow\b|next\b|today\b|of\b)[a-z'-]+)?) (?<body>(?:to|about|that|on|in|at|tomorrow|next|today|of) ?.*)$/d,
    (found, ctx) =>
      reminder(found.raw('body'), found.words('who') === 'us' ? undefined : personOf(found.raw('who')), ctx, 0.91, true),
  ],
  [
    /^(?:set|create|add|make|put|schedule|new|give me|i need|i want|leave|set up|save|open|start|log|enter|drop|jot)(?: (?:up|in|down|me|myself))?(?: (?:a|an|another|the|one|new|quick|me))* (?:reminder|task|todo|to do|followup|follow up|followup task|follow up task|alarm|followup reminder|action item|todo item|call task|call reminder|callback|call back)(?: (?:for me|item|task|reminder|on my list|to my list|up))?(?<body> .+)?$/d,
    (found, ctx, sentence) => {
      const raw = found.raw('body');
      const forPerson =
        /^(?:for|to) ((?!me\b|us\b|the\b|my\b|today\b|tomorrow\b|call\b|send\b)[\p{L}][\p{L}'-]+) (to .+)$/u.exec(raw) ??
        /^(?:for|to) ([\p{L}'-]+(?: \p{Lu}[\p{L}'-]+)?)\s*(?::|-) ?(.+)$/u.exec(raw);
      if (forPerson?.[1] && forPerson[2] && !/^(?:to|me)$/i.test(forPerson[1]))
        return reminder(forPerson[2], personOf(forPerson[1]), ctx, 0.88, true);
      const callback =
        sentence.test(/\b(?:followup|follow up|call ?back)\b(?! (?:task|reminder) (?:to|:))/) &&
        /^(?:with|on|for|to|about)\s/i.test(raw);
      const body = callback
        ? `${sentence.test(/\bcall ?back\b/) ? 'call back' : 'follow up with'} ${raw.replace(/^(?:with|on|for|to|about)\s+/i, '')}`
        : raw;
      return reminder(
        body.replace(/^for me\s+/i, ''),
        undefined,
        ctx,
        0.92,
        sentence.test(/\b(?:reminder|followup|follow up|alarm|call ?back)\b/),
      );
    },
  ],
  [
    /^(?:task|todo|reminder|to do|new task|new reminder|new todo) (?::|-|to|for me to|for)? ?(?<body>.+)$/d,
    (found, ctx, sentence) =>
      sentence.test(/^(?:tasks|todos|reminders)\b/) ||
      /^(?:list|is|done|for today)\b/.test(found.words('body')) ||
      !sentence.test(/^(?:task|todo|to do|reminder|new task|new reminder|new todo) (?::|-|to|for me)/)
        ? undefined
        : reminder(found.raw('body'), undefined, ctx, 0.88, sentence.test(/reminder/)),
  ],
  [
    /^(?:add|put) (?<body>.+?) (?:to|on|in) (?:my |the )?(?:task list|todo list|to do list|tasks?|todos?|to do|list|plate|agenda|calendar|schedule|reminders?)(?<more> .+)?$/d,
    (found, ctx) =>
      /^(?:a|an|the)? ?(?:note|lead|company)\b/.test(found.words('body'))
        ? undefined
        : reminder(`${found.raw('body')} ${found.raw('more')}`, undefined, ctx, 0.9, false),
  ],
  [
    /^(?:have|get|ask|tell|let) (?<who>(?!to\b)[a-z][a-z'-]+(?: (?!to\b)[a-z'-]+)?) (?:to )?(?<body>(?:call|ring|phone|email|follow|followup|contact|visit|check|reach|send|chase|text|meet)\b.+)$/d,
    (found, ctx) =>
      /^(?:me|us|you|it|them|him|her|the|a)\b/.test(found.words('who'))
        ? undefined
        : reminder(found.raw('body'), personOf(found.raw('who')), ctx, 0.82, false),
  ],
  [
    /^(?:assign|give) (?:a |the |this )?(?:new )?(?:task|reminder|todo) to (?<who>[a-z][a-z'-]+(?: [a-z'-]+)?) (?::|-|to) (?<body>.+)$/d,
    (found, ctx) => reminder(found.raw('body'), personOf(found.raw('who')), ctx, 0.93, false),
  ],
  [
    /^(?:task|reminder|todo) for (?<who>(?!me\b|today\b|tomorrow\b|the\b)[a-z][a-z'-]+)(?: to| :| -) (?<body>.+)$/d,
    (found, ctx) => reminder(found.raw('body'), personOf(found.raw('who')), ctx, 0.92, false),
  ],
  [
    /^(?:task|reminder|todo|follow ?up) (?:for )?(?<when>today|tomorrow|(?:next |on )?(?:monday|tuesday|wednesday|thursday|friday|week)) (?::|-) (?<body>.+)$/d,
    (found, ctx) => reminder(`${found.raw('body')} ${found.raw('when')}`, undefined, ctx, 0.92, true),
  ],
  [
    /^give (?<lead>(?!me\b|us\b).+?) (?:a|another) (?:quick )?(?:call|ring|shout|buzz|call ?back)(?: back)?(?<rest> .+)?$/d,
    (found, ctx) => reminder(`call ${found.raw('lead')} ${found.raw('rest')}`, undefined, ctx, 0.84, true),
  ],
  [
    /^schedule (?<lead>(?!a\b|an\b|me\b|another\b|the\b|my\b).+?) for (?:a |an |another )?(?:quick )?(?<what>call|phone call|meeting|demo|visit|followup|follow up|callback)(?<rest> .+)?$/d,
    (found, ctx) =>
      reminder(
        `${/call/.test(found.words('what')) ? 'call' : /follow/.test(found.words('what')) ? 'follow up with' : /visit/.test(found.words('what')) ? 'visit' : 'meet with'} ${found.raw('lead')} ${found.raw('rest')}`,
        undefined,
        ctx,
        0.9,
        true,
      ),
  ],
  [
    /^(?:i am |i will be |i will |we are )?(?<body>(?:calling|meeting|visiting|ringing|emailing|call|meet|visit|ring|email|seeing|following up with) .+?) (?:so |please |and )*(?:remind|ping|nudge) me(?: (?:about|of) (?:it|that|this))?$/d,
    (found, ctx) =>
      reminder(found.raw('body').replace(/^(call|meet|visit|ring|email|see|follow)ing\b/i, '$1'), undefined, ctx, 0.9, true),
  ],
  [
    /^assign (?<who>(?!a\b|the\b|this\b).+?) (?:a |the )?(?:task|reminder|todo)(?: to| :| -)* (?<body>.+)$/d,
    (found, ctx) => reminder(found.raw('body'), personOf(found.raw('who')), ctx, 0.86, false),
  ],
  [
    /^(?:book|diary in|diarise|diarize|schedule|set up|arrange|plan|pencil in|put in|diary)(?: in| me)? (?<body>(?:a |an |the |another )?(?:quick |short |intro |follow ?-?up |discovery |phone |sales )*(?:call|meeting|demo|appointment|visit|followup|follow up|chat|call back|callback|site visit|zoom|video call)\b.*)$/d,
    (found, ctx) => {
      const words = found.raw('body').replace(/^(?:a|an|the|another)\s+/i, '');
      const who = /\b(?:with|for|to|at)\s+(.+)$/i.exec(words)?.[1];
      const noun = words.replace(/\b(?:with|for|to|at)\s+.+$/i, '').trim();
      const when = parseWhen(words, ctx.now, ctx.timeZone);
      const name = who ? (parseWhen(who, ctx.now, ctx.timeZone)?.rest ?? who) : undefined;
      const verb = /^(?:\w+ )*call|callback|chat/i.test(noun)
        ? 'call'
        : /follow/i.test(noun)
          ? 'follow up with'
          : /visit/i.test(noun)
            ? 'visit'
            : 'meet with';
      return reminder(`${verb} ${name ?? ''} ${when?.text ?? ''}`.trim(), undefined, ctx, 0.8, true);
    },
  ],
  [
    new RegExp(
      `^(?:i (?:need|have|want|should|must|will|am going|plan|ought)(?: to)?|we (?:need|have|should|must)(?: to)?|got to|have to|need to)? ?(?<body>${verbs} .+)$`,
      'd',
    ),
    (found, ctx, sentence) => {
      const when = parseWhen(found.raw('body'), ctx.now, ctx.timeZone);
      const intent = sentence.test(/^(?:i|we|got to|have to|need to)\b/);
      if (!when)
        return sentence.test(
          /^(?:follow ?-?up|followup|check (?:in|back)|circle back|touch base|get back to|call back|chase)\b/,
        ) ||
          (intent && sentence.test(/^(?:i|we) (?:need|have|must|should)/))
          ? reminder(found.raw('body'), undefined, ctx, 0.66, true)
          : undefined;
      if (
        sentence.test(/^(?:see|review|update|look at|try|email|text|message|send|write)\b/) &&
        !intent &&
        !sentence.test(
          /\b(?:tomorrow|monday|tuesday|wednesday|thursday|friday|next week|in \w+ (?:days?|weeks?|hours?|minutes))\b/,
        )
      )
        return undefined;
      if (sentence.test(/^(?:see|try|review|update) /) && !intent) return undefined;
      return reminder(found.raw('body'), undefined, ctx, 0.8, true);
    },
  ],
  [
    /^(?<lead>.+?) (?:needs|is due|is waiting for|is expecting|expects) (?:a |another |to be )?(?:call ?back|callback|call|called(?: back)?|followup|follow up)\b(?<rest>.*)$/d,
    (found, ctx) =>
      /^(?:who|which|what|i|we)\b/.test(found.words('lead')) || !parseWhen(found.raw('rest'), ctx.now, ctx.timeZone)
        ? undefined
        : reminder(`call back ${found.raw('lead')} ${found.raw('rest')}`, undefined, ctx, 0.84, true),
  ],
  [
    /^(?<body>.+ (?:needs|wants|is expecting|expects|is waiting for|asked for|has asked for|requested) (?:a |another |me to |us to )?(?:call ?back|callback|call|followup|follow up)\b.*)$/d,
    (found, ctx) => {
      const when = parseWhen(found.raw('body'), ctx.now, ctx.timeZone);
      const lead = /^(.+?) (?:needs|wants|is expecting|expects|is waiting|asked|has asked|requested)\b/i.exec(
        found.raw('body'),
      )?.[1];
      return when && lead ? reminder(`call back ${lead} ${when.text}`, undefined, ctx, 0.72, true) : undefined;
    },
  ],
];

export const reminders = byRules(rules);
