import type { Reading } from '../reading.ts';
import { aboutLead, byRules, type Intent, type Rule } from './intent.ts';

const statusWords: [RegExp, string][] = [
  [/^(?:closed[ -])?won$|^(?:a )?(?:customer|client|win)$|^signed(?: up)?$|^closed won$/, 'won'],
  [/^(?:closed[ -])?lost$|^(?:a )?loss$|^closed lost$|^(?:gone|no deal)$/, 'lost'],
  [
    /^disqualified$|^unqualified$|^not qualified$|^(?:a )?(?:bad|poor|wrong|no) fit$|^not a (?:good )?fit$|^dead$|^junk$|^disqualify$|^not relevant$/,
    'disqualified',
  ],
  [/^qualified$|^qualify$/, 'qualified'],
  [/^(?:in )?nurtur(?:e|ing|ed)$|^nurture (?:list|track|campaign)$/, 'nurture'],
  [
    /^(?:in )?(?:a )?meetings?(?: (?:booked|set|scheduled|set up|arranged))?$|^meeting (?:stage|status)$|^booked$|^demo (?:booked|scheduled)$/,
    'meeting',
  ],
  [
    /^(?:already )?contacted$|^called$|^reached(?: out to)?$|^in contact$|^spoken to$|^contact made$|^contact$|^touched$/,
    'contacted',
  ],
  [/^(?:brand )?new$|^uncontacted$|^not contacted$/, 'new'],
];
const statusEnding = `(?:closed[ -]won|won|closed[ -]lost|lost|disqualified|unqualified|not qualified|(?:a )?bad fit|not a (?:good )?fit|qualified|(?:in )?nurtur(?:e|ing|ed)|(?:in )?(?:a )?meetings?(?: (?:booked|set|scheduled))?|meeting (?:stage|booked)|already contacted|contacted|called|reached|in contact|new|customer|dead|junk)`;

export const statusOf = (words: string): string | undefined => {
  const text = words
    .replace(/^(?:as|to|into|the|status|stage|in|is|now|being|of|be|:|-|=| )+ /, '')
    .replace(/ (?:status|stage|now|please|today|column|list|bucket|pile|already|lead|state)$/g, '')
    .trim();
  return statusWords.find(([pattern]) => pattern.test(text))?.[1];
};

const setStatus = (raw: string, words: string, ctx: Parameters<Intent>[1], confidence: number): Reading | undefined => {
  // "Put X in as a new lead" adds one.
  if (/\bnew (?:lead|prospect|company|account)$/.test(words)) return undefined;
  const status = statusOf(words);
  return status ? aboutLead(raw, ctx, 'update_lead', { status }, confidence) : undefined;
};

const rules: Rule[] = [
  [
    /^(?:set|change|update|move)(?: the| its| their| 's| it 's| them 's)* (?:status|stage) (?:to|as|:|=|-) (?<status>.+)$/d,
    (found, ctx) => setStatus('it', found.words('status'), ctx, 0.95),
  ],
  [
    /^(?:mark|set|flag|tag|make|move|change|update|put|switch|turn|convert|push|label|bump|advance|promote|shift|place|log|record|list|classify|transition|drop|close|consider|get|treat)(?: off| over| down| out| up)? (?:the )?(?:status|stage)(?: of| for| on)? (?<lead>.+?) (?:from \w+ )?(?:to|as|into|=|-|:|in) ?(?:the )?(?:status |stage )?(?<status>.+)$/d,
    (found, ctx) => setStatus(found.raw('lead'), found.words('status'), ctx, 0.94),
  ],
  [
    new RegExp(
      `^(?:mark|set|flag|tag|make|move|change|update|put|switch|turn|convert|push|label|bump|advance|promote|shift|place|record|list|classify|transition|drop|close|consider|get|treat|stick|chuck|bung|pop|park|slot|leave|keep|throw|send|flip|bring|take|dump|slide|kick|stash)(?: off| over| down| out)? (?<lead>.+?)(?: 's)?(?: from (?:new|contacted|qualified|meeting|nurture|won|lost|disqualified))? (?:status |stage )?(?:to|as|like|into|=|over to|down as|down for|under|back to|up to|on to|onto|in|-) (?:the |be |being |a |an )*(?:status |stage )?(?:of )?(?<status>${statusEnding}(?: (?:status|stage|now|list|bucket|column|lead|already|today|pile|instead|for now|will you|would you|for me|too))*)$`,
      'd',
    ),
    (found, ctx) => setStatus(found.raw('lead'), found.words('status'), ctx, 0.95),
  ],
  [
    new RegExp(
      `^(?:mark|set|flag|make|put|close|change|update)(?: off)? (?<lead>.+?) (?<status>${statusEnding})(?: (?:now|already|status|stage))*$`,
      'd',
    ),
    (found, ctx) =>
      /^(?:leads?|the leads)$/.test(found.words('lead'))
        ? undefined
        : setStatus(found.raw('lead').replace(/\s+(?:as|to|status|is|an?|the|our)$/i, ''), found.words('status'), ctx, 0.88),
  ],
  [
    new RegExp(
      `^(?:status|stage)(?: of| for)? (?<lead>.+?)(?: should be| is| to| :| -| =|:)* (?:now )?(?<status>${statusEnding})$`,
      'd',
    ),
    (found, ctx) => setStatus(found.raw('lead'), found.words('status'), ctx, 0.94),
  ],
  [
    new RegExp(
      `^(?<lead>.+?) (?:should be|is now|has been|is|was|are now|goes to|to|->|-|has become|became|got|are|went|must be|needs to be|can be|is in|is a|moved to|to be)(?: (?:now|marked|set|moved|a|an|in|as|to|our|finally|officially|already|been))* (?<status>${statusEnding})(?: now| already| lead)?$`,
      'd',
    ),
    (found, ctx) =>
      / : /.test(found.words('lead')) ||
      /^(?:who|what|which|is|are|how|leads?|we|i|any|show|list|status|new|the leads|meeting|there|why|when|that|has|have|did|do|my)\b(?! (?:one|lead|company))/.test(
        found.words('lead'),
      ) ||
      / leads$/.test(found.words('lead'))
        ? undefined
        : setStatus(found.raw('lead'), found.words('status'), ctx, 0.84),
  ],
  [
    /^(?:we|i|looks like we|great news we|guess what we) (?:have |just |finally |officially |got |had |just got )*(?<what>won|lost|closed|signed|qualified|disqualified|landed) (?<lead>(?!leads|deals|the deal$).+?)(?: (?:deal|account|business|as a customer|today|yesterday|to a competitor|to the competition|!))*$/d,
    (found, ctx) => {
      const what = found.words('what');
      return /\bleads\b/.test(found.words('lead'))
        ? undefined
        : aboutLead(
            found.raw('lead').replace(/^(?:the deal with|a deal with|the)\s+/i, ''),
            ctx,
            'update_lead',
            { status: what === 'closed' || what === 'signed' || what === 'landed' ? 'won' : what },
            0.8,
          );
    },
  ],
  [
    /^(?:disqualify|dq|rule out) (?<lead>.+)$/d,
    (found, ctx) => aboutLead(found.raw('lead'), ctx, 'update_lead', { status: 'disqualified' }, 0.93),
  ],
  [
    /^nurture (?<lead>(?!leads?\b|prospects\b|companies\b).+)$/d,
    (found, ctx) => aboutLead(found.raw('lead'), ctx, 'update_lead', { status: 'nurture' }, 0.85),
  ],
  [
    /^qualify (?<lead>(?!leads?\b|prospects\b|companies\b).+)$/d,
    (found, ctx) => aboutLead(found.raw('lead'), ctx, 'update_lead', { status: 'qualified' }, 0.72),
  ],
  [
    /^(?:mark|set|change|update|move) (?<lead>(?:.+?)?) ?(?:'s )?(?:status|stage)$|^(?:change|update|set) (?:the )?(?:status|stage) (?:of|for) (?<lead2>.+)$/d,
    (found, ctx) =>
      aboutLead(found.raw('lead') || found.raw('lead2'), ctx, 'update_lead', {}, 0.8, {
        needs: [{ field: 'status', calls: [0] }],
      }),
  ],
  [
    new RegExp(`^(?<lead>.+?) (?:'s )?(?:status|stage)(?: should be| is| to| :| -| =|:| now)* (?<status>${statusEnding})$`, 'd'),
    (found, ctx) =>
      / : |^(?:what|which|is|show|leads?|list|all|for)\b/.test(found.words('lead'))
        ? undefined
        : setStatus(found.raw('lead'), found.words('status'), ctx, 0.84),
  ],
  [
    /^(?<lead>.+?) (?:has|have|got|agreed to|accepted|booked) (?:a |an |the )?(?:meeting|demo|appointment)(?: (?:booked|scheduled|set|set up|arranged|on the books))?$|^(?:i |we )?(?:have |just |i have |we have )*(?:booked|scheduled|set up|arranged|got) (?:a |an |the )?(?:meeting|demo|appointment) (?:with|at|for) (?<lead2>.+)$/d,
    (found, ctx, sentence) =>
      /^(?:i|we|who|which|leads?)\b/.test(found.words('lead')) ||
      sentence.test(/^(?:set up|book|schedule|arrange)\b/) ||
      sentence.test(/\b(?:today|tomorrow|monday|tuesday|wednesday|thursday|friday|next|at \d)/)
        ? undefined
        : aboutLead(found.raw('lead') || found.raw('lead2'), ctx, 'update_lead', { status: 'meeting' }, 0.82),
  ],
  [
    /^(?:reopen|unqualify|un-qualify|change|reset) (?<lead>(?!the\b|it\b.*\bto\b|phone|email|owner|status|name).+)$/d,
    (found, ctx, sentence) =>
      sentence.test(/^(?:reopen|unqualify)/)
        ? aboutLead(found.raw('lead'), ctx, 'update_lead', {}, 0.75, { needs: [{ field: 'status', calls: [0] }] })
        : undefined,
  ],
];

/** Moving a lead from one status to another. */
export const status = byRules(rules);
