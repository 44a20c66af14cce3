import { type Context, calls, type Reading } from '../reading.ts';
import { positionOf } from '../references.ts';
import { aboutLead, byRules } from './intent.ts';

/** A score's lead without the words of asking that a loose pattern took along. */
const explained = (raw: string, ctx: Context, confidence: number): Reading | undefined =>
  aboutLead(
    raw.replace(
      /^(?:(?:the |a )?(?:reason(?:s|ing)?|logic|math|thinking|story) (?:for|behind|of|why)|where (?:does|did|do|is)|(?:you|we|it|they) (?:get|calculate|compute|come up with|arrive at|work out|rank|rate|score)|should (?:i|we) (?:call|ring|contact|pick|choose|start with|bother with|care about)|(?:to )?(?:call|ring|contact|pick)|do you (?:rank|rate|score|recommend|suggest)|(?:is|are|was|does|did)) (?=\S)/i,
      '',
    ),
    ctx,
    'explain_score',
    {},
    confidence,
  );

/** "Why is X gold": where a score comes from. */
export const scoring = byRules([
  [
    /^(?:(?:can|could) you )?(?:explain|why|how come|break down|justify|show|what is|tell me(?: about)?|how)\b(?=.*\b(?:scor(?:e|es|ed|ing)|rating|rated|rank(?:ed|ing)?|points|platinum|gold|silver|bronze|so high|on top|why|best|explain)\b).*\b(?:my|our|the) (?:best|top|number one|highest[ -](?:scoring|scored|ranked|rated)|hottest|strongest) (?:leads?|prospect|one|company)\b(?! to\b)(?:.*)$/d,
    (_found, ctx, sentence) =>
      sentence.test(/\b(?:scor(?:e|es|ed|ing)|rating|rated|ranked|points|why|explain|how come)\b/) &&
      !sentence.test(
        /\b(?:by|with|above|over|below) (?:an? |the )?(?:score|rating|points)\b|\b(?:leads with|who|list|top \d+)\b/,
      ) &&
      (ctx.leads.length === 0 || sentence.test(/\bmy (?:best|top)\b/))
        ? {
            kind: 'calls',
            confidence: 0.97,
            calls: [{ tool: 'top_leads', input: { count: 1 } }],
            next: ([top]) => firstLead(top),
          }
        : undefined,
  ],
  [
    /^why(?: (?:is|are|was|were|did|does|do|should|would|has|have|so))?(?: (?:it|that|this|him|them|they|the first(?: one)?|this one|that one|first|ranked|number one|on top|at the top|top|so high|so low|high|low|there|at all|gold|silver|bronze|platinum|i|we|call|should|ranked first|in first place|is|the|top one|lead|one|first lead|come out))*$/d,
    (_found, ctx, sentence) => {
      if (sentence.test(/\b(?:top|first|best)\b|\bnumber one\b/) && ctx.leads.length === 0 && !ctx.lead)
        return {
          kind: 'calls',
          confidence: 0.9,
          calls: [{ tool: 'top_leads', input: { count: 1 } }],
          next: ([top]) => firstLead(top),
        };
      const position = /\b(?:the )?(first|second|third|fourth|fifth|last)\b(?! place)/.exec(
        sentence.words.replace(/ranked first/, ''),
      )?.[1];
      const target =
        ctx.lead && !position
          ? ctx.lead
          : position
            ? ctx.leads.at(positionOf(position) === -1 ? -1 : (positionOf(position) ?? 1) - 1)
            : (ctx.leads[0] ?? ctx.lead);
      return target ? calls('explain_score', { lead: target.id }, 0.93) : aboutLead('', ctx, 'explain_score', {}, 0.75);
    },
  ],
  [
    /^(?:and )?(?:why|how come|explain)(?: is| was| are| did| does)? (?<lead>(?:the )?(?:first|second|third|fourth|fifth|last|#\d{1,2}|number \d{1,2})(?: (?:one|lead|company))?)(?: .*)?$/d,
    (found, ctx) => (ctx.leads.length > 0 ? explained(found.raw('lead'), ctx, 0.94) : undefined),
  ],
  [
    /^(?:(?:and )?(?:why|how come)(?: is| are| was| does| do| did| should i (?:call|ring|contact)| call| ring| should we call)?|how (?:is|was|did|does|do)|what makes|explain (?:to me )?(?:why|how)(?: is| does| did)?|tell me why(?: is)?|what is the reason|reason) (?<lead>.+?)(?: (?:is|are|was|has|have|get|got|gets|make|made|do|end up|come out|earn|being))*(?: (?:ranked|rated|scored|ranking|score|scoring|so|such an?|only|a|an|the|in|at|on|as|to|first|1st|second|third|last|number|no|#?\d{1,3}(?:\.\d+)?|one|top|of|list|high|higher|highest|low|lower|good|bad|great|hot|gold|silver|bronze|platinum|tier|lead|up|there|its|their|it|them|'s|that|this|best|priority|worth|calling|not|and|place|spot|score|rank|before|the others|today|important|interesting|calculated|computed|worked out|come about|high up|come up with|attractive))+$/d,
    (found, ctx) => explained(found.raw('lead'), ctx, 0.92),
  ],
  [
    /^(?:(?:can|could) you )?(?:explain|break down|breakdown|justify|show|give|tell|what is|what are|what|get|show me|give me|tell me|see|check|how is|walk me through|details? (?:on|of)|look up|go through|how)(?: me)?(?: (?:about|the|is|us|a|breakdown|of|details|icp|lead|current|for|through|behind|reasons?))*(?: (?:scores?|scoring|rating|ranking|rank|points|tier|grade))(?: (?:breakdown|details|calculation|explanation|reasons?|factors))? (?:of|for|on|from|behind|does|has|is|did|do) (?<lead>(?!\d{1,3} ?(?:or|and|plus|\+|to|-|$)|above\b|over\b|below\b|under\b|at least\b|more than\b|less than\b).+?)(?: (?:have|has|get|got|in|made up|calculated|at|explained|made of|based on))*$/d,
    (found, ctx) => explained(found.raw('lead'), ctx, 0.93),
  ],
  [
    /^(?:what is|what are|explain|show(?: me)?|tell me|give me|check|get|how is|break down|and)? ?(?:about )?(?<lead>.+?) 's? ?(?:icp |lead )?(?:scores?|rating|ranking|rank|points|tier|grade|scoring)(?: (?:breakdown|explained|explanation|details|made up|calculated|please|made of|based on|come from|comes from|today|again|like))*$/d,
    (found, ctx) => explained(found.raw('lead'), ctx, 0.92),
  ],
  [
    /^(?:scores?|rating|rank|score breakdown|tier|grade) (?:of|for|on) (?<lead>(?!\d{1,3} ?(?:or|and|plus|\+|to|-|$)|above\b|over\b|below\b|under\b|at least\b|more than\b).+)$/d,
    (found, ctx) => explained(found.raw('lead'), ctx, 0.92),
  ],
  [
    /^(?:score|explain|rate|justify|break down|why) (?<lead>(?!(?:not|no|above|over|higher|lower|below|under|between|more|less|at least|better|of|is|are)\b|[<>\d]|the number|how\b|what\b|yourself|this to|leads\b|all\b|my\b).+?)(?: (?:score|scores|rating|ranking|to me|please|score breakdown))?$/d,
    (found, ctx, sentence) => (sentence.test(/\bleads\b/) ? undefined : explained(found.raw('lead'), ctx, 0.78)),
  ],
  [
    /^(?:what|how) (?:would|could|can|do|does|will|should|needs to|is needed to|is missing)(?: (?:we|i|it|take|do|to|make|get|happen|change))* ?(?:raise|lift|improve|increase|boost|get|make|move|bring|push|for|upgrade) (?<lead>.+?)(?: (?:'s|score|to|up|into|reach|become|be|a|an|higher|better|platinum|gold|silver|tier|rating|the|next))+$/d,
    (found, ctx) => explained(found.raw('lead'), ctx, 0.9),
  ],
  [
    /^(?:what|how) (?:would|could|can|do|does|will|should)(?: (?:we|i|it|you))? ?(?:raise|lift|improve|increase|boost|bump|push up) (?:the )?(?:score|tier|rating|ranking|rank) (?:of|for) (?<lead>.+)$/d,
    (found, ctx) => explained(found.raw('lead'), ctx, 0.92),
  ],
  [
    /^should (?:i|we) (?:call|ring|contact|phone|visit|chase|bother with|prioritize|go after|pursue) (?<lead>.+?)(?: (?:first|next|today|now|again))*$/d,
    (found, ctx) => explained(found.raw('lead'), ctx, 0.84),
  ],
  [
    /^(?:what|which)(?: is| are)?(?: (?:score|scores|tier|rank|rating|grade|points|number))+ (?:is|does|has|did|do|are|was) (?<lead>.+?)(?: (?:in|have|has|got|get|at|on|rank|ranked|scored))*$/d,
    (found, ctx) => explained(found.raw('lead'), ctx, 0.92),
  ],
  [
    /^(?:how|what)(?: (?:good|high|hot|strong|promising|well|is the fit|attractive|warm|interesting))+(?: of| a lead| a fit)? (?:is|are|does|do|did) (?<lead>.+?)(?: (?:score|scored|rank|scoring|rated|as a lead|for us|as a prospect|do|fit))*$/d,
    (found, ctx) => explained(found.raw('lead'), ctx, 0.88),
  ],
  [
    /^(?:is|are) (?<lead>.+?) (?:a |an |any |in the |in |worth )*(?:good(?: lead| fit| prospect| one)?|gold|silver|platinum|bronze|hot|high scoring|calling|worth (?:it|calling|a call)|fit|hot lead|well rated|our type)(?: tier| lead| for us| fit)*$/d,
    (found, ctx) =>
      found.words('lead').match(/^(?:there|these|those|any|anyone|anybody|someone|we)\b/)
        ? undefined
        : explained(found.raw('lead'), ctx, 0.86),
  ],
]);

const firstLead = (result: unknown): { tool: string; input: Record<string, unknown> }[] => {
  const leads = (result as { leads?: { id?: unknown }[] } | undefined)?.leads;
  const id = leads?.[0]?.id;
  return typeof id === 'string' ? [{ tool: 'explain_score', input: { lead: id } }] : [];
};
