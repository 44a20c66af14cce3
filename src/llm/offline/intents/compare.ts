import { objects, string } from '../history.ts';
import { ask, type Context, calls, type Reading } from '../reading.ts';
import { byRules } from './intent.ts';
import { severalLeads } from './several.ts';

/** So many leads stand side by side. */
const most = 5;
const example = 'Name two to five of them, for example: "compare Northwind with Copperlyn".';

const compared = (raw: string, ctx: Context, confidence: number): Reading | undefined => {
  const named = severalLeads(raw, ctx);
  if (!named) return undefined;
  if ('missing' in named) return ask(`Which leads should I compare? ${example}`, 0.85);
  if (named.refs.length < 2) return ask(`That is one lead. Which should I compare it with? ${example}`, confidence);
  if (named.refs.length > most)
    return ask(
      `That is ${named.refs.length} leads, and I compare at most ${most}. Which ones? You can say "the first three".`,
      confidence,
    );
  return calls('compare_leads', { leads: named.refs }, confidence);
};

const better =
  '(?:better|best|stronger|hotter|warmer|higher|ahead|more promising|more attractive|worth more|the better (?:one|lead|fit|prospect|bet|choice)|a better (?:lead|fit|prospect|bet|choice)|more interesting)';

/** Leads side by side: "A or B?". */
export const comparison = byRules(
  [
    [
      /^(?:compare|contrast|rank|hold|weigh|put)(?: (?:the|my|our))* (?:top|best|first|hottest|highest(?: scoring)?) (?<count>two|three|four|five|[2-5])(?: (?:leads|ones|prospects|companies))?(?: (?:with each other|against each other|side by side|to each other|together))*$/d,
      (found, ctx, sentence) => {
        const count = { two: 2, three: 3, four: 4, five: 5 }[found.words('count')] ?? Number(found.words('count'));
        if (!sentence.test(/^(?:compare|contrast)|side by side|each other/)) return undefined;
        if (ctx.leads.length >= count && !sentence.test(/\b(?:leads|prospects|companies)\b/))
          return calls('compare_leads', { leads: ctx.leads.slice(0, count).map((lead) => lead.id) }, 0.97);
        return {
          kind: 'calls',
          confidence: 0.97,
          calls: [{ tool: 'top_leads', input: { count } }],
          next: ([top]) => {
            const leads = objects((top as { leads?: unknown } | undefined)?.leads).map((lead) => string(lead['id']));
            return leads.length > 1 ? [{ tool: 'compare_leads', input: { leads } }] : [];
          },
        };
      },
    ],
    [
      /^(?:compare|contrast|hold|put|show|line up|stack up|give me|do)(?: me)?(?: a| the)?(?: comparison (?:of|between))? (?<leads>.+?)(?: (?:side by side|with each other|to each other|against each other|head to head|next to each other|beside each other|please|for me))*$/d,
      (found, ctx, sentence) => {
        if (!sentence.test(/^(?:compare|contrast)\b|\bcomparison\b|\bside by side\b|\bhead to head\b/)) return undefined;
        const raw = found.raw('leads').replace(/^(?:the )?(?:scores? of|leads?)\s+/i, '');
        const reading = compared(raw, ctx, 0.97);
        return (
          reading ??
          (/^(?:them|these|those|(?:the )?(?:two|three)|both|it|this|that|leads|two leads|some leads|the leads)$/.test(
            found.words('leads'),
          )
            ? ask(`Which leads should I compare? ${example}`, 0.97)
            : undefined)
        );
      },
    ],
    [
      /^(?:show me |give me )?(?:the )?(?:comparison|difference|differences)(?: (?:in score|in scores))? (?:of|between) (?<leads>.+)$|^what (?:is|are) the differences? (?:between|in score between) (?<leads2>.+)$|^how (?:do|does|would) (?<leads3>.+?) (?:compare|differ|stack up|measure up|hold up)(?: (?<rest>.+))?$/d,
      (found, ctx) => {
        const rest = found.raw('rest').replace(/^(?:from|to|with|against)\s+/i, '');
        const first = found.raw('leads') || found.raw('leads2') || found.raw('leads3');
        return compared(rest && !/^each other|^in score/.test(rest) ? `${first} with ${rest}` : first, ctx, 0.97);
      },
    ],
    [
      new RegExp(
        `^(?:so |and )?(?:which|who|what)(?: (?:one|lead|company|of (?:the two|these|those|them|the three)|is|of))* (?:is |are |has |looks? |seems? |scores? |fits? |should (?:i|we) |do (?:i|we) |to )*(?:the )?(?:${better}|call|ring|contact|chase|pick|choose|visit|go after|prioriti[sz]e|focus on)(?: (?:first|lead|fit|prospect|score|bet|for us|next|today|now|-|:))* (?<leads>.+)$`,
        'd',
      ),
      (found, ctx) =>
        /\b(?:or|and|vs|versus)\b|,/.test(found.raw('leads'))
          ? compared(found.raw('leads').replace(/^(?:between|of|out of|is it)\s+/i, ''), ctx, 0.97)
          : undefined,
    ],
    [
      new RegExp(
        `^(?<leads>.+?)(?: -|,)? (?:which|who)(?: (?:one|lead|company|of (?:the two|these|those|them)))?(?: (?:is|are|has|looks|scores|fits|should (?:i|we) (?:call|ring|contact|chase|pick|choose|visit)))?(?: (?:the )?(?:${better}))?(?: (?:first|lead|fit|score|next|today))*$`,
        'd',
      ),
      (found, ctx) =>
        /\s(?:or|and|vs\.?|versus)\s/i.test(found.raw('leads')) ? compared(found.raw('leads'), ctx, 0.95) : undefined,
    ],
    [
      /^(?:which|who)(?: of (?<leads>the (?:first|top) (?:two|three|four|five)|these|those|them))(?: (?:leads|ones))? (?:is|are|should i call|scores|fits)(?: (?:the )?(?:better|best|strongest|hottest|highest|first))?(?: (?:lead|fit|one|first))*$|^(?:which|who) (?:one )?(?:is|of them is) (?:the )?(?:better|stronger|hotter)(?: (?:lead|fit|one))?$/d,
      (found, ctx) => {
        const shown = ctx.leads.length <= most ? 'those' : '';
        const raw = found.words('leads') || shown;
        return ctx.leads.length > 1 && raw ? compared(raw.replace(/^(?:these|them)$/, 'those'), ctx, 0.97) : undefined;
      },
    ],
    [
      /^is (?<a>.+?) (?:a )?(?:better|stronger|hotter|more promising|worth more|ahead of|higher)(?: (?:lead|fit|prospect|bet))?(?: than)? (?<b>.+)$/d,
      (found, ctx) => compared(`${found.raw('a')} with ${found.raw('b').replace(/^(?:than|of)\s+/i, '')}`, ctx, 0.96),
    ],
    [
      /^should (?:i|we) (?:call|ring|contact|phone|visit|chase|prioritize|go after|pursue|focus on|pick|choose|go with|start with)(?: first)? (?<leads>.+? or .+?)(?: (?:first|next|today|now))*$/d,
      (found, ctx) => compared(found.raw('leads'), ctx, 0.97),
    ],
    [
      /^(?<a>.+?) (?:vs|versus|against|v) (?<b>.+)$/d,
      (found, ctx) => compared(`${found.raw('a')} versus ${found.raw('b')}`, ctx, 0.95),
    ],
    [
      /^(?<a>.+?) or (?<b>.+?)(?: (?:first|next|today|now))*$/d,
      (found, ctx, sentence) =>
        sentence.tokens.length <= 10 && sentence.source.trim().endsWith('?')
          ? compared(`${found.raw('a')} or ${found.raw('b')}`, ctx, 0.86)
          : undefined,
    ],
  ],
  /\b(?:compar\w*|contrast|vs|versus|against|v|or|than|differ\w*|better|which|who|side by side|rank|stack|weigh|put)\b/,
);
