import { namesIn } from '../names.ts';
import { calls, refuse } from '../reading.ts';
import { costPeriodIn } from './cost-period.ts';
import { byRules, type Intent } from './intent.ts';

/** What to do with a list, wherever one is. */
export const attachFirst =
  'I cannot reach files of yours by myself. Attach the list to a message here, CSV or Excel: I show what is in it, and nothing is kept before you say so. In the terminal: npm run import -- list.csv';

const uuid = `[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`;

const breakdown = (words: string): string | undefined =>
  /\b(?:by|per|each|every|which|for each) (?:the )?(agent|model|day)s?\b/.exec(words)?.[1];

/** Undo, spending, approvals, jobs, imports and who the user is. */
export const house: Intent = byRules([
  [
    /^(?:and |what about |how about |now )*(?:(?:by|per|split (?:it|that|this|them)? ?(?:up )?by|split it (?:up )?by|broken down by) (?<by>model|agent|day)s?|(?:for |in |over |on |from )?(?<when>(?:this|last|previous|since|between|the last|the past|the day before|today|yesterday|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*)(?: .{1,30})?))$/d,
    (found, ctx, sentence) => {
      const last = ctx.turns.at(-1)?.calls.at(-1);
      if (last?.tool !== 'get_costs') return undefined;
      return calls(
        'get_costs',
        {
          ...(found.has('when')
            ? costPeriodIn(sentence.words, ctx.now, ctx.timeZone)
            : { period: last.input['period'], since: last.input['since'], until: last.input['until'] }),
          by: found.words('by') || last.input['by'],
        },
        0.95,
      );
    },
  ],
  [
    /\b(?:sign(?:ing|ed)? ?off|approv(?:ing|al|als))\b/d,
    (_found, _ctx, sentence) =>
      sentence.test(/^(?:has|have|is|are|does|do|any\w*|what|which|who)\b/) && !sentence.test(/\b(?:remind|task|note|log)\b/)
        ? calls('list_pending', {}, 0.91)
        : undefined,
  ],
  // "Scrap that" right after a change takes the change back; it deletes nothing.
  [
    /^(?:(?:no|oops|whoops|sorry|actually|wait|ah|oh|wrong (?:one|lead|company)|my mistake|on second thought) ?)*(?:scrap|scratch|bin|drop|lose|kill|strike|ditch|forget|cancel|remove|take) (?:that|it|this)(?: (?:off|out|last one|one|again|change|reminder|task|note|back))*$/d,
    (_found, ctx, sentence) => {
      const last = ctx.turns.at(-1)?.calls.findLast((call) => call.answer?.receipt);
      if (last && last.tool !== 'undo' && (!sentence.test(/\b(?:remove|cancel|kill)\b/) || last.tool !== 'create_lead'))
        return calls('undo', {}, 0.97);
      return sentence.test(/\b(?:scrap|scratch|strike) (?:that|it|this)\b/) && !ctx.lead ? calls('undo', {}, 0.9) : undefined;
    },
  ],
  [
    /^(?:(?:oops|whoops|sorry|no|wait|shit|damn|oh no|ah|my mistake|my bad|wrong one|that was wrong|that is wrong|i did not mean that|mistake|hang on) ?)*(?:can we |let us |i want to |just )?(?:undo|revert|restore|rollback|roll back|reverse|take back|unmark|undelete|un-delete|put back|bring back|change back|go back|step back)(?: (?:it|that|this|them|the|my|last|latest|most|recent|previous|change|changes|action|one|delete|deletion|update|edit|thing|what|you|i|we|just|did|back|on|please|lead|deleted|of|note|reminder|task|assignment|status|both|to how it was|to what it was|import|move|step))*$/d,
    () => calls('undo', {}, 0.97),
  ],
  [
    /^(?:(?:oops|whoops|sorry|no|wait|shit|damn|oh no|ah|my mistake|my bad|wrong one|that was wrong|i did not mean that|that was a mistake|hang on) ?)*(?:put|take|bring|change|switch|set|turn|get|give|roll) (?:it|that|this|them|him|her|the lead|the last one|my lead) (?:all )?back(?: (?:please|again|to how it was|to what it was|the way it was|as it was|how it was))*$/d,
    () => calls('undo', {}, 0.96),
  ],
  [
    /^(?:oops|whoops|sorry|no|wait)?(?: ?(?:that was|this was|it was))? ?(?:a mistake|the wrong (?:one|lead|company)|wrong (?:one|lead|company)|not what i (?:wanted|meant))$|^i did not mean (?:that|to do that|to|it)$|^(?:i )?(?:made|that was|it was) a mistake(?: sorry)?$|^(?:undo|ctrl z|cmd z)$|^scratch that$|^cancel (?:that|it|the last change|what you (?:just )?did)$/d,
    (_found, ctx, sentence) =>
      sentence.test(/^cancel/) && ctx.jobId ? calls('cancel_job', { jobId: ctx.jobId }, 0.85) : calls('undo', {}, 0.85),
  ],
  [
    /^(?:bring back|restore|undelete|un-delete|recover|revive|bring) (?:the lead |the deleted lead |the deleted )?(?<what>(?!up\b|me\b).+?)(?: back)?$/d,
    (_found, ctx, sentence) => {
      if (sentence.test(/^bring\b(?!.* back)/)) return undefined;
      const newest = [...ctx.turns]
        .reverse()
        .flatMap((turn) => [...turn.calls].reverse())
        .find((call) => call.answer?.receipt);
      return newest && newest.tool !== 'delete_lead'
        ? refuse(
            'I can take back only the newest change of this conversation, and that was another one. Say "undo that" for it.',
            0.85,
          )
        : calls('undo', {}, 0.8);
    },
  ],
  [
    /^(?:who (?:is who|(?:else )?(?:is|are|works|sits|do we have) (?:else )?(?:here|with (?:me|us)|(?:(?:on|in|of|part of) )?(?:my|our|the|this) (?:sales )?(?:team|workspace|crew|group|company|office)|(?:my|our|the) (?:reps?|sales ?(?:people|reps?|team)|colleagues|team ?mates|users|team members|people|salespeople)))|(?:show|list|see|name|give)(?: me| us)? (?:all )?(?:of )?(?:my|our|the|all)? ?(?:(?:whole |entire |sales )*team(?: members)?|colleagues|team ?mates|reps|sales ?(?:people|reps)|users|people(?: here| of the workspace| in (?:this|the|my|our) workspace)?)|(?:how many|which|what) (?:people|users|reps|colleagues|sales ?(?:people|reps)) (?:are (?:there|here|on (?:my|our|the) team|in (?:this|the|my|our) (?:team|workspace))|do we have|have we got|can i (?:assign|give)(?: leads?)? to)|(?:my|our|the) (?:sales )?team|whom? can i (?:assign|give|hand)(?: an?| the| my| leads?| something| this)*(?: to)?)(?: (?:please|now|today|exactly|around|again))*$/d,
    () => calls('whoami', {}, 0.97, 'team'),
  ],
  [
    /\bwho am i\b(?! \w+ing\b)|\bwhoami\b|^(?:what|which) (?:is|are) my (?:role|name|rights|permissions|workspace|user|access|time ?zone|account)s?$|^(?:which|what) (?:workspace|tenant|account|user|role|time ?zone)(?: (?:am|are|is|do) (?:i|we|this)(?: (?:in|on|using|have|logged in as|signed in as|in here))?)?$|^(?:am i|are we) (?:an? |the |in |using |on )*(?:admin|manager|rep|viewer|demo|logged in|signed in|demo mode|demo data|sample data)\b.*$|^(?:who|what) (?:am|are) (?:i|we) (?:logged|signed) in (?:as|to)$|^(?:show |what is )?my (?:profile|role|workspace|permissions)$|^what (?:day|date) is (?:it|today)(?: today)?$|^is this (?:a )?(?:demo|real|sample)(?: data| workspace)?$|^what am i allowed to do$|^(?:what|which) (?:is )?(?:this|the) workspace(?: called)?$/d,
    () => calls('whoami', {}, 0.95),
  ],
  [
    /^usage\b|\b(?:costs?|costing|spend|spending|spent|bills?|billed|charges?|charged|ai usage|token usage|tokens|model usage|api usage|expens\w+|burn(?:ed|t)?|budget|how much (?:money|have (?:i|we)|did (?:this|that|it|i|we|you)|was (?:that|this)|is this))\b/d,
    (_found, ctx, sentence) => {
      const words = sentence.words.replace(/\bhow much (?:is|was|did) (?:it|this|that)\b/, '');
      const said = costPeriodIn(words, ctx.now, ctx.timeZone);
      if (
        namesIn(sentence).length > 0 &&
        !sentence.test(/^(?:what|how much|cost|spend)\b|\b(?:ai|llm|models?|tokens?) (?:spend|spending|usage|costs?|bills?)\b/)
      )
        return undefined;
      if (
        sentence.test(/\b(?:leads?|note|log|remind|task|mark|said|their)\b/) &&
        !sentence.test(/\bper lead\b|^how much|^what (?:did|does|has|is)/)
      )
        return undefined;
      const by = breakdown(sentence.words);
      if (said && 'since' in said) return calls('get_costs', { ...said, by }, 0.92);
      const about = said?.period ?? (sentence.test(/\b(?:did|has|is|does|was) (?:this|that|it)\b/) ? 'conversation' : undefined);
      const everything = about === 'conversation' && sentence.test(/\b(?:total|overall|all time)\b/);
      return calls('get_costs', { period: everything ? undefined : about, by }, 0.92);
    },
  ],
  [
    /\b(?:pending|outstanding|open|waiting) (?:my )?(?:approvals?|proposals?|decisions?|requests?|changes)\b|^(?:my |the |show |show me |list |see |any |all |what |view |check |open )*(?:my |the |any |pending )*(?:approvals?|proposals?|approval queue|approvals queue|pending(?: list| items| stuff| things)?)(?: (?:waiting|pending|queue|list|open|for me|are there|do i have|left|today|please))*$|\b(?:what|anything|is there anything|which|something|stuff|things?) .{0,30}(?:wait(?:s|ing) (?:for|on) (?:me|my|approval|us|a decision|us)|to approve|to sign off|awaiting|needs? (?:my )?(?:approval|approving|ok|sign off|decision|to be approved|my attention)|(?:up )?for approval|pending)\b|\bwait(?:s|ing) (?:for|on) (?:me|my (?:approval|ok|decision|go ahead))\b|\b(?:need|have) (?:i )?to approve\b/d,
    () => calls('list_pending', {}, 0.93),
  ],
  [
    new RegExp(
      String.raw`^(?:cancel|stop|abort|kill|end|halt) (?:the |that |this |my )?(?:job|import|run|task run|upload|qualification|preview|activation|it)?(?: job)? ?(?<id>${uuid}|[\w-]{8,})?$`,
      'd',
    ),
    (found, ctx) =>
      found.has('id')
        ? calls('cancel_job', { jobId: found.raw('id') }, 0.93)
        : ctx.jobId
          ? calls('cancel_job', { jobId: ctx.jobId }, 0.93)
          : found.after.empty
            ? calls('list_jobs', { state: 'running' }, 0.6)
            : undefined,
  ],
  [
    new RegExp(
      String.raw`^(?!.*\b(?:import|upload|dry|preview)\b).*?\b(?:job|status of|progress of|run)\b.*?(?<id>${uuid})`,
      'd',
    ),
    (found) => calls('get_job', { jobId: found.raw('id') }, 0.92),
  ],
  [
    /^(?:(?:is|has) (?:it|the (?:job|import|upload|qualification|preview|activation|run)|that|my import) (?:still running|done|finished|ready|complete|completed|through|done yet|finished yet)|how (?:far (?:is|along is)|is) (?:it|the (?:job|import|qualification|preview|activation|run))(?: going| coming along)?|status of (?:the|that|my) (?:job|import)|(?:job|import) (?:status|progress))(?: yet| now)?$/d,
    (_found, ctx, sentence) =>
      ctx.jobId
        ? calls('get_job', { jobId: ctx.jobId }, 0.92)
        : sentence.test(/import|upload/)
          ? calls('list_imports', {}, 0.85)
          : calls('list_jobs', {}, 0.85),
  ],
  [
    /^(?:(?:show|list|see|view|check|what|which|any|are there|are|is|tell|give|get|do we have) )*(?:me |there |any |all |my |the |about )*(?:(?<state>running|queued|failed|finished|done|background|active|scheduled|current) )?jobs?(?: (?:are|is|that|which))*(?: (?:there|running|active|queued|failed|status|list|queue|in progress|right now|going on|background|done|history|we have))*$|\bwhat is running(?: right now| in the background)?$/d,
    (_found, _ctx, sentence) =>
      calls(
        'list_jobs',
        {
          state: sentence.test(/\brunning\b|in progress|active|going on/)
            ? 'running'
            : sentence.test(/\bfailed\b/)
              ? 'failed'
              : sentence.test(/\bqueued\b/)
                ? 'queued'
                : sentence.test(/\b(?:done|finished|succeeded)\b/)
                  ? 'succeeded'
                  : undefined,
        },
        0.9,
      ),
  ],
  [
    /^(?:(?:show|list|see|view|check|open|what|which|any|tell|give|get|are|is|there|how many) )*(?:me |about |my |the |all |our |on |in )*(?:review list|import review|(?:import(?:ed)? )?(?:rows?|lines?) (?:(?:that |which )?(?:are |is |there |still |left )*(?:to|in|for|waiting for|wait for|need|needing|under) (?:a )?review|to decide)|(?:possible|likely|uncertain|unsure|potential) (?:duplicates?|matches|rows?)(?: (?:of|in|from) (?:the|my|that|our|last) (?:last )?import)?)(?: (?:are|there|do we have|now|please|today))*$|^(?:what|anything|is there (?:anything|something)|what else)(?: (?:is|there|left|still|from|of|in|the|my|our|last|imports?|rows?))* (?:to|for|in|needs?|waits? for|waiting for) (?:a )?review(?:ing)?$/d,
    () => calls('list_review', {}, 0.93),
  ],
  [
    /^(?:(?:run|start|do) (?:a |an |the )?)?(?:dry run of |preview |check |test |dry ?run )?(?:the |an? )?(?:import|upload|load|dry run)\b(?! (?:list|history|status|jobs?|progress)$)(?:.*)$/d,
    (_found, _ctx, sentence) => {
      if (sentence.test(/^(?:imports|import) (?:we|i|today|this|so far)\b.*\b(?:did|had|have)\b/)) return undefined;
      const id =
        new RegExp(uuid, 'i').exec(sentence.source)?.[0] ??
        /\b(?:upload(?:id)?|file(?:id)?|id)[ :=#]+([\w-]{6,80})/i.exec(sentence.source)?.[1] ??
        /\b((?:upl|up|file)_[\w-]{4,80})\b/i.exec(sentence.source)?.[1];
      const dryRun = sentence.test(/\b(?:dry ?run|dry|preview|test|check|what would|without saving)\b/) || undefined;
      if (id) return calls('import_leads', { uploadId: id, dryRun }, 0.93);
      return refuse(attachFirst, 0.82);
    },
  ],
  [
    /^(?:(?:show|list|see|view|check|what|which|any|tell|give|get|how) )*(?:me |about |my |the |all |our |were |did |was )*(?:recent |last |latest |past |previous |file |csv |lead )*(?:imports?|uploads|import history|imported files|files (?:did )?(?:we|i) (?:import|upload)(?:ed)?)\b.*$|\b(?:what|which|anything|files?) .{0,20}\b(?:imported|uploaded)\b|\bhow (?:did|was|is) (?:the|my|that|our|last|latest) (?:last |latest )?import\b|\bimport history\b/d,
    (_found, _ctx, sentence) =>
      sentence.test(/\bleads?\b(?!.*\bfiles?\b)/) && !sentence.test(/\bimports\b/) ? undefined : calls('list_imports', {}, 0.9),
  ],
]);
