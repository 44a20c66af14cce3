import { regionCode, regions } from '../../core/regions.ts';
import type { Sentence } from './sentence.ts';
import { trades } from './vocabulary.ts';

/** What a text says about which leads are wanted. */
export interface Filters {
  input: {
    query?: string;
    status?: string[];
    tier?: string[];
    state?: string;
    city?: string;
    owner?: string;
    minScore?: number;
    maxScore?: number;
    has?: string[];
    missing?: string[];
    notContactedDays?: number;
    addedWithinDays?: number;
    sort?: 'score' | 'name' | 'newest' | 'oldest';
    limit?: number;
  };
  /** More states than one: each needs its own search. */
  states: string[];
  /** The text speaks of leads, companies, electricians ... in the plural. */
  plural: boolean;
  /** Words that no rule took and that are no filler. */
  leftover: string[];
}

const numbers: Record<string, number> = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  dozen: 12,
  twelve: 12,
  fifteen: 15,
  twenty: 20,
  thirty: 30,
  fifty: 50,
  sixty: 60,
  ninety: 90,
  hundred: 100,
  a: 1,
  an: 1,
  couple: 2,
  few: 3,
  'couple of': 2,
  'a couple of': 2,
  'a few': 3,
};
export const numberWord = String.raw`(?:\d{1,4}|one|two|three|four|five|six|seven|eight|nine|ten|dozen|twelve|fifteen|twenty|thirty|fifty|sixty|ninety|a couple of|a couple|couple of|a few|an?)`;
export const numberOf = (text: string): number => numbers[text] ?? Number(text);
const perUnit: Record<string, number> = { day: 1, week: 7, month: 30, year: 365, quarter: 90, fortnight: 14 };
const daysOf = (amount: string | undefined, unit: string): number =>
  Math.round((amount ? numberOf(amount) : 1) * (perUnit[unit.replace(/s$/, '')] ?? 1));

const statuses: [RegExp, string[]][] = [
  [/\b(?:closed[ -]won|won|signed)(?: (?:leads|deals))?\b/, ['won']],
  [/\b(?:closed[ -]lost|lost)\b/, ['lost']],
  [/\b(?:disqualified|unqualified|junk|dead)\b/, ['disqualified']],
  [/\bqualified\b/, ['qualified']],
  [/\b(?:nurtur(?:e|ing|ed)|being nurtured)\b/, ['nurture']],
  [
    /\b(?:(?:with|in|have|has|having) (?:a )?meetings?(?: (?:booked|scheduled|set(?: up)?|stage|status|set))?|meeting (?:stage|status|leads|booked|set|scheduled)|meetings? booked|meeting)\b/,
    ['meeting'],
  ],
  [/\b(?:already )?contacted\b/, ['contacted']],
  [/\bopen(?= (?:leads|prospects|companies|accounts|ones))/, ['new', 'contacted', 'qualified', 'meeting', 'nurture']],
  [/\b(?:brand )?new\b(?! (?:york|jersey|mexico|hampshire|england|brunswick|orleans|haven|britain))/, ['new']],
];

const agents = /\b(?:electricians|plumbers|roofers|installers|builders|sparkies)\b/;
const nouns =
  /\b(?:leads?|prospects?|compan(?:y|ies)|accounts?|contractors?|dealers?|business(?:es)?|firms?|customers?|clients?|records?|opportunit(?:y|ies)|outfits?|shops?|ones|folks|people|installers)\b/;
const pluralNouns =
  /\b(?:leads|prospects|companies|accounts|contractors|dealers|businesses|firms|customers|clients|records|opportunities|outfits|shops|ones|installers|lead list|everyone|everybody|people|anyone|whoever)\b/;

const states = [...regions].map((region) => region.name.toLowerCase()).sort((a, b) => b.length - a.length);
const stateName = new RegExp(String.raw`\b(?:the )?(?:state of )?(washington d\.?c\.?|${states.join('|')})(?: state)?\b`);
const abbreviations = /\b(calif|cali|fla|mass|mich|minn|okla|penn|tenn|tex|wisc|conn|ariz|d\.c)\b/;

const filler = new Set(
  `a an the and or of to for from in on at by with is are was were be been being do does did have has had i we you they them it its us me my our your their he she his her this that these those there here
  what which who whom whose when where how many much number count altogether overall amount show list find get give see view display pull bring fetch look looking search filter browse up out all any some every each only just still also else other another
  please can could would will should want need like know tell let lets again back now right currently today so far yet ever not no than then as into but though while matching containing contains contain doing does including include call calling ring visit rank ranked import vs versus anyone anybody someone somebody everyone everybody people person within across around near based located over under leads lead ones one tier tiers status stage state city scored score scores rated rating marked tagged listed
  everything anything something whole entire full complete quick quickly system database db crm pipeline list lists table book books file sheet workspace there's who've currently available existing left remaining open ok yes yeah hey hi sort sorted order ordered both either top best most highest good great nice
  sitting kind type sort sorts worth least go going show me us exist exists come came per each assigned owned account accounts got called named using via were first say names name details info results
  - : & ' 's`.split(/\s+/),
);

/** Takes the filters out of a text one by one; what is left over is a free search. */
export const filtersOf = (sentence: Sentence): Filters => {
  let rest = ` ${sentence.words} `;
  const offset = 1;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    const found = pattern.exec(rest);
    if (!found) return undefined;
    rest = rest.slice(0, found.index) + found[0].replace(/\S/g, '\u0001') + rest.slice(found.index + found[0].length);
    return found;
  };
  const input: Filters['input'] = {};
  take(/^ (?:and |so |but |ok )?(?:what|how) about\b/);
  take(/\b(?:in (?:the|their|its) (?:company )?(?:names?|titles?))\b/);
  take(/\b(?:in total|total number(?: of)?|total(?= (?:leads|prospects|companies)))\b/);

  // Contact history before status: "not contacted" is no status.
  const never = String.raw`(?:(?:have |has |had |was |were |been |we |i |you |who |that |yet |to be )*(?:never|not|no one|nobody|yet to)(?: yet| ever| been| be| even| have| has| we| i)* ?(?:contacted|called|touched|spoken (?:to|with)|reached(?: out to)?|talked to|phoned|emailed|rung|rang|followup|followed up(?: with)?|heard from|engaged|approached|worked|contact|call)|uncontacted|untouched|never touched|no (?:contact|activity|touch|calls?)|without (?:any )?(?:contact|activity))`;
  const since =
    take(
      new RegExp(
        String.raw`${never}(?: yet| ever| at all| to| with)?(?: by (?:anyone|anybody|us|me|the team|a rep))?,?(?: (?:in|for|since|within|during|over))?(?: (?:the|at least|over|more than|about|last|past))*(?: (${numberWord}))?(?: or more| \+)? (days?|weeks?|months?|years?|fortnight|quarter)\b(?: or (?:more|longer))?`,
      ),
    ) ?? undefined;
  if (since)
    input.notContactedDays = /\bthis (?:week|month)/.test(since[0])
      ? daysOf(undefined, since[2] ?? 'week')
      : daysOf(since[1], since[2] ?? 'day');
  const thisPeriod =
    !since && take(new RegExp(String.raw`${never}(?: to| with)? (?:this|since last|since) (week|month|quarter|year)`));
  if (thisPeriod) input.notContactedDays = daysOf(undefined, thisPeriod[1] ?? 'week');
  const idle =
    input.notContactedDays === undefined &&
    take(
      new RegExp(
        String.raw`(?:last (?:contacted|called|touched|spoke(?:n)?(?: to)?)|idle|stale|quiet|cold|silent|inactive|dormant|gone (?:cold|quiet|silent)|older contact)(?: (?:for|in|over|since|more than|at least|the|last|past))*(?: (${numberWord}))? (days?|weeks?|months?)(?: ago)?\b`,
      ),
    );
  if (idle) input.notContactedDays = daysOf(idle[1], idle[2] ?? 'day');
  if (
    input.notContactedDays === undefined &&
    take(/\b(?:stale|gone (?:cold|quiet|stale|dark)|gathering dust|neglected|dormant|going cold)\b/)
  )
    input.notContactedDays = 30;
  if (
    input.notContactedDays === undefined &&
    take(new RegExp(String.raw`(?<!\S)${never}(?: (?:yet|at all|before|ever|so far|to|with))*(?!\S)`))
  )
    input.notContactedDays = 0;

  const added = take(
    new RegExp(
      String.raw`(?:(?:were |was |have |has |been |got |just |that |we )*(?:add(?:ed)?|created|import(?:ed)?|entered|brand new|new|came in|come in|arrived|fresh|uploaded)(?: (?:leads|prospects|companies|accounts|ones))?(?: (?:to|into) (?:the|our) (?:system|database|crm|list))?(?: (?:from|in|within|since|during|over|the))* (?:(today|yesterday|this week|this month|last week|last month|recently|lately|this morning)|(?:last|past|previous) (?:(${numberWord}) )?(days?|weeks?|months?|24 hours)))`,
    ),
  );
  if (added)
    input.addedWithinDays = added[1]
      ? ({ today: 1, 'this morning': 1, yesterday: 2, 'this week': 7, 'last week': 7, recently: 7, lately: 7 }[added[1]] ?? 30)
      : added[3] === '24 hours'
        ? 1
        : daysOf(added[2], added[3] ?? 'day');
  else {
    const period = take(
      /(?<!\S)(?:from|of|since|within|in|over|during) (?:the )?(today|yesterday|(?:this|last|past|previous) (?:week|month))(?!\S)/,
    );
    if (period?.[1])
      input.addedWithinDays = period[1] === 'today' ? 1 : period[1] === 'yesterday' ? 2 : period[1].endsWith('week') ? 7 : 30;
    const recent = period
      ? undefined
      : take(
          /\b(?:recently|just|newly|lately) (?:added|created|imported)\b|\b(?:today|yesterday|this week|this month) s? ?new (?:leads|prospects)\b/,
        );
    if (recent) input.addedWithinDays = 7;
  }

  // Missing and present details.
  const detail = String.raw`(?:phone|email|website|web ?site|owner|telephone|site|mail)s?(?: (?:numbers?|address(?:es)?|details|on file|listed))?`;
  const fieldsIn = (text: string): string[] => [
    ...new Set(
      [
        /phone|telephone/.test(text) && 'phone',
        /mail/.test(text) && 'email',
        /site/.test(text) && 'website',
        /owner/.test(text) && 'owner',
      ].filter((field) => field !== false),
    ),
  ];
  for (let i = 0; i < 3; i++) {
    const none = take(
      new RegExp(
        String.raw`\b(?:without|with no|with out|having no|has no|have no|no|missing|lacks?|lacking|(?:that |which |who )?(?:do|does|did) not have|have not got|has not got|not having|where (?:the|there is no))(?: (?:a|an|any|their|the|valid|listed))*,? (${detail}(?:(?:,| and| or| nor|, or| and no| or no)(?: an?| any)? ${detail})*)(?: (?:is|are) missing)?(?!\S)`,
      ),
    );
    if (!none) break;
    input.missing = [...new Set([...(input.missing ?? []), ...fieldsIn(none[1] ?? '')])];
  }
  const present = take(
    new RegExp(
      String.raw`\b(?:with|has|have|having|that have|got|who have)(?: (?:both|a|an|any|their|the|valid|listed|working|known))*,? (${detail}(?:(?:,| and| or)(?: an?| any)? ${detail})*)(?!\S)`,
    ),
  );
  if (present) input.has = fieldsIn(present[1] ?? '').filter((field) => field !== 'owner');

  const blank = take(
    new RegExp(
      String.raw`(?:where |whose |with )?(?:the |their )?(${detail}) (?:is|are) (?:missing|empty|blank|unknown|not known|not there|absent)(?!\S)`,
    ),
  );
  if (blank) input.missing = [...new Set([...(input.missing ?? []), ...fieldsIn(blank[1] ?? '')])];

  // Owner.
  if (
    take(
      /\b(?:unassigned|unowned|unclaimed|ownerless|up for grabs|not assigned(?: to (?:anyone|anybody))?|nobody s|(?:that |which )?(?:nobody|no one) (?:owns|has|is working(?: on)?)|(?:owned by|assigned to|belong(?:ing)? to) (?:nobody|no one)|not owned(?: by anyone)?)\b/,
    )
  )
    input.owner = 'nobody';
  else if (
    take(
      /\b(?:mine|(?:that |which )?(?:i own|i have|are mine|belongs? to me)|assigned to me|owned by me|belonging to me|in my name|of mine|on my name)\b/,
    )
  )
    input.owner = 'me';
  else {
    const owned =
      take(
        /\b(?:(?:that |which |are )*(?:assigned to|owned by|belong(?:s|ing)? to|worked by)) ([a-z][a-z.-]*(?: (?!in\b|with\b|and\b|or\b|above\b|from\b|that\b|over\b|by\b)[a-z][a-z.-]+)?)/,
      ) ?? take(/\b(?:does|do|is|has|did) ([a-z][a-z-]+(?: [a-z-]+)?) (?:own|have|owns|working on|work on)\b/);
    const theirs = owned
      ? undefined
      : take(
          /(?<!\S)(?!(?:show|list|give|get|find|see|me|all|the|for|of|are|what|which|how|many|any|in|on|from|and|is|to) )([a-z][a-z-]+(?: [a-z][a-z-]+)?) 's (?=(?:\S+ ){0,3}(?:leads|prospects|companies|accounts|list|book))/,
        );
    const person = (owned ?? theirs)?.[1];
    const whose = /^(?:today|tomorrow|it|we|you|they|us|there)$/;
    if (person && !whose.test(person)) input.owner = rawWords(sentence, (owned ?? theirs)!, person, offset);
    else if (/\bmy (?:\S+ ){0,3}(?:leads|prospects|companies|accounts|contractors|customers|book|ones|list)\b/.test(rest))
      input.owner = 'me';
  }

  // Score.
  const score = String.raw`(?:(?:the |an? )?(?:icp )?(?:scor(?:e|es|ed|ing)|rating|ratings|rated|points)(?: (?:is|are|of|that is))? ?)?`;
  const notDays = String.raw`(?! ?(?:days?|weeks?|months?|employees|people|leads|years?|\d))`;
  const both =
    take(
      new RegExp(
        String.raw`\b${score}(?:between|from|in the range(?: of)?) (\d{1,3}(?:\.\d+)?) ?(?:and|to|-|&) ?(\d{1,3}(?:\.\d+)?)${notDays}(?: points)?`,
      ),
    ) ??
    take(
      /(?<!\S)(?:(?:scor(?:e|es|ed|ing)|rated|rating)(?: of| from)? )?(\d{1,3})(?: ?(?:-|to) ?)(\d{1,3})(?!\S)(?! (?:days|weeks|employees))/,
    );
  if (both?.[1] && both[2]) {
    input.minScore = Math.min(Number(both[1]), Number(both[2]));
    input.maxScore = Math.max(Number(both[1]), Number(both[2]));
  } else {
    const least =
      take(
        new RegExp(
          String.raw`\b${score}(?:is |are )?(?:above|over|more than|greater than|higher than|better than|at least|north of|exceeding|minimum(?: of)?|min|beyond|from|not (?:below|under)|no less than|bigger than)(?: an?| the)?(?: (?:score|scores|rating)(?: of)?)? (\d{1,3}(?:\.\d+)?)${notDays}(?: points)?`,
        ),
      ) ??
      take(/(?<!\S)(?:-|>=?|>) ?(\d{1,3})(?!\S)/) ??
      take(
        /(?:(?:scor(?:e|es|ed|ing)|rated|rating)(?: of| is)? )?(?<!\S)>?=?(\d{1,3})(?:\+| \+| (?:or|and) (?:more|above|higher|better|up|over)| plus| upwards?)(?!\S)/,
      ) ??
      take(/(?<!\S)>=? ?(\d{1,3})(?!\S)/);
    if (least?.[1]) input.minScore = Number(least[1]);
    const most =
      take(
        new RegExp(
          String.raw`\b${score}(?:is |are )?(?:below|under|less than|lower than|at most|worse than|max(?:imum)?(?: of)?|up to|south of|not (?:above|over)|no more than|smaller than)(?: an?| the)?(?: (?:score|scores|rating)(?: of)?)? (\d{1,3}(?:\.\d+)?)${notDays}(?: points)?`,
        ),
      ) ??
      take(/(?<!\S)<=? ?(\d{1,3})(?!\S)/) ??
      take(/(?<!\S)(\d{1,3}) (?:or|and) (?:less|below|lower|under|worse)(?!\S)/);
    if (most?.[1]) input.maxScore = Number(most[1]);
    if (input.minScore === undefined && input.maxScore === undefined) {
      const scoring = take(/\b(?:scor(?:ing|ed)|with (?:a )?scores? of) (\d{2,3})\b/);
      if (scoring?.[1]) input.minScore = Number(scoring[1]);
    }
  }

  // Tier.
  const upward =
    take(/\b(platinum|gold|silver|bronze)s?(?: tier)?,? (?:(?:or|and) (?:better|above|higher|up|over)|plus|upwards?)\b/) ??
    take(/\b(?:at least|better than or equal to) (platinum|gold|silver|bronze)\b/);
  const downward = upward
    ? undefined
    : (take(/\b(platinum|gold|silver|bronze)s?(?: tier)?,? (?:or|and) (?:worse|below|lower|less|under)\b/) ?? undefined);
  const order = ['PLATINUM', 'GOLD', 'SILVER', 'BRONZE'];
  if (upward?.[1]) input.tier = order.slice(0, order.indexOf(upward[1].toUpperCase()) + 1);
  else if (downward?.[1]) input.tier = order.slice(order.indexOf(downward[1].toUpperCase()));
  else {
    const found: string[] = [];
    for (
      let one = take(/(?<!\S)(platinum|gold|silver|bronze)s?(?:[ -](?:tier(?:ed)?|level|rated|grade))?s?(?!\S)/);
      one?.[1];
      one = take(/(?<!\S)(platinum|gold|silver|bronze)s?(?:[ -](?:tier(?:ed)?|level|rated|grade))?s?(?!\S)/)
    )
      found.push(one[1].toUpperCase());
    // Warm and cold are other words for these tiers; "hot" is the ranking's word.
    if (found.length === 0) {
      const warmth = take(/(?<!\S)(warm|cold)(?= (?:leads|prospects|companies|accounts|ones))/);
      if (warmth) found.push(warmth[1] === 'warm' ? 'SILVER' : 'BRONZE');
    }
    if (found.length > 0) input.tier = order.filter((tier) => found.includes(tier));
  }

  // Place: a state anywhere, a city after "in".
  const namedAfterState = take(
    /(?<!\S)(?:in|from|near|around) ((?:kansas|oklahoma|new york|iowa|texas|michigan|nevada|california|florida|delaware) city|virginia beach|colorado springs|michigan city|nevada city)(?!\S)/,
  );
  if (namedAfterState?.[1]) input.city = titled(namedAfterState[1]);
  const found: string[] = [];
  const takeState = (): boolean => {
    const byName =
      take(
        new RegExp(
          String.raw`(?<!\S)(?:(?:in|from|around|across|within|out of|for|near|inside|throughout|all over|over in|down in|based in|located in) )?${stateName.source}(?!\S)`,
        ),
      ) ?? take(new RegExp(String.raw`(?<!\S)(?:in|from) ${abbreviations.source}(?!\S)`));
    if (byName?.[1]) found.push(titled(byName[1]).replace(/ D\.?c\.?$/, ' DC'));
    return Boolean(byName);
  };
  while (found.length < 6 && takeState());
  for (const [i, token] of sentence.tokens.entries()) {
    const raw = sentence.source.slice(token.start, token.end).replace(/\./g, '');
    if (!/^[A-Za-z]{2}$/.test(raw) || !regionCode(raw)) continue;
    const at = offset + sentence.tokens.slice(0, i).reduce((sum, before) => sum + before.word.length + 1, 0);
    if (rest[at] === '\u0001') continue;
    const before = rest.slice(0, at).trimEnd();
    const shouted = sentence.source === sentence.source.toUpperCase();
    const upper = raw === raw.toUpperCase() && !shouted && !/^(?:OK|HI)$/.test(raw);
    const last = sentence.tokens
      .slice(i + 1)
      .every((token) => /^(?:please|leads|companies|prospects|only|and|or|[a-z]{2})$/.test(token.word));
    const placed = /\b(?:in|from|around|near|across|and|or)$/.test(before) && !/^(?:in|or|me|it|hi|la|id)$/i.test(raw);
    const leading =
      i + 1 < sentence.tokens.length &&
      /^(?:leads|prospects|companies|accounts|contractors|electricians|plumbers|dealers|ones)$/.test(
        sentence.tokens[i + 1]?.word ?? '',
      ) &&
      !/^(?:in|or|me|hi|ok|id|as|us|my|no|de|la)$/i.test(raw);
    const afterCity =
      last && /\b(?:in|from|around|near)(?: [a-z.'-]+){1,3}$/.test(before) && !/^(?:in|or|me|it|hi|ok)$/i.test(raw);
    if (upper || (placed && (found.length > 0 || /\b(?:in|from|around|near|across)$/.test(before))) || leading || afterCity) {
      found.push(raw.toUpperCase());
      rest = rest.slice(0, at) + token.word.replace(/\S/g, '\u0001') + rest.slice(at + token.word.length);
    }
  }
  const city = take(
    /(?<!\S)(?:in|from|around|near|within|inside|out of) (?:the )?(?:city of |greater |downtown )?((?!the |my |our |your |that |a |an |any |all |each |which |what |total|general|nurture|this |last |order|with |and |or |need |case |database|system|pipeline|crm|list\b|alphabetical|desc|asc|between|here|there|today|me\b|it\b|them\b|name\b|title\b|names\b|last\b|meeting\b|nurtur\w+|won\b|lost\b|contacted\b|qualified\b|disqualified\b|new (?:status|stage)|states\b|\d)[a-z][a-z.'-]*(?: (?!in\b|with\b|without\b|and\b|or\b|that\b|who\b|which\b|above\b|below\b|over\b|under\b|sorted\b|by\b|are\b|is\b|we\b|please\b|not\b|for\b|to\b|owned\b|assigned\b|leads\b|prospects\b|companies\b|area\b|do\b|have\b|has\b|only\b|first\b|from\b|order\b|the\b|there\b|on\b|at\b|now\b|scor\w+)[a-z][a-z.'-]*){0,2})(?: (?:area|metro|region))?/,
  );
  if (city?.[1] && !/^(?:\u0001| )+$/.test(city[1])) {
    const name = rawWords(sentence, city, city[1], offset).replace(/[,.]+$/, '');
    if (/^nyc$/i.test(name)) {
      input.city = 'New York';
    } else input.city = /^[a-z ]+$/.test(name) ? titled(name) : name;
  }
  if (found.length > 0) input.state = found[0];

  // Status after everything that uses the same words.
  const wanted: string[] = [];
  for (const [pattern, status] of statuses)
    if (
      take(
        new RegExp(
          String.raw`(?<!\S)(?:(?:(?:in|with|at|the|status|stage|marked|as|is|of|that are|we|we have|have been|already|to) )*)${pattern.source}(?: (?:status|stage))?(?!\S)`,
        ),
      )
    )
      wanted.push(...status);
  if (wanted.length > 0) input.status = [...new Set(wanted)];

  // Order and number.
  if (
    take(
      /\b(?:(?:sort(?:ed)?|order(?:ed)?|arranged?|rank(?:ed)?)(?: (?:them|it|those|these|the list))?(?: by| on)? (?:the )?(?:company )?(?:names?|alphabet(?:ical(?:ly)?)?)|(?:by|in) (?:name|alphabetical order)|alphabetical(?:ly)?(?: order)?|a-z|a to z)\b/,
    )
  )
    input.sort = 'name';
  else if (
    take(
      /\b(?:(?:sort(?:ed)?|order(?:ed)?) (?:them |it |those )?(?:by|on) )?(?:newest|latest|most recent(?:ly added)?|date added|recency)(?: first)?\b/,
    )
  )
    input.sort = 'newest';
  else if (take(/\b(?:(?:sort(?:ed)?|order(?:ed)?) (?:them |it |those )?by )?(?:oldest|longest)(?: first)?\b/))
    input.sort = 'oldest';
  else if (
    take(
      /\b(?:(?:sort(?:ed)?|order(?:ed)?|rank(?:ed)?) (?:them |it |those )?by |by )(?:score|rating|icp|tier|points|best)(?: (?:first|desc(?:ending)?))?|\b(?:best|highest|top|strongest|hottest)(?:[ -](?:scor(?:ing|ed|es)|rated|ranked))?(?: first)?\b/,
    )
  )
    input.sort = 'score';
  const amount =
    take(
      /(?<!\S)(?:top|first|next|best|give me|show me|show|list|get me|just|only|limit(?: to)?|up to|\u0001+) (\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|dozen|twenty|fifty|a few|a couple of|a dozen)(?!\S)/,
    ) ??
    take(
      /(?<!\S)(\d{1,3}|two|three|four|five|ten|twenty|a dozen)(?= (?:\S+ ){0,3}(?:leads|prospects|companies|accounts|contractors|electricians|plumbers))/,
    );
  const limit = amount?.[1] ? numberOf(amount[1].replace(/^a (?=dozen)/, '')) : undefined;
  if (limit && limit > 0) input.limit = Math.min(limit, 50);

  const plural = pluralNouns.test(sentence.words) || agents.test(sentence.words);
  take(/\b(?:has|have|with)(?= |$)/);
  for (let noun = take(nouns); noun; noun = take(nouns));

  const leftover: string[] = [];
  let at = offset;
  for (const token of sentence.tokens) {
    const words = rest.slice(at, at + token.word.length);
    at += token.word.length + 1;
    if (words.includes('\u0001')) continue;
    if (token.quoted) leftover.push(sentence.source.slice(token.start, token.end));
    else if (!token.word.split(' ').every((word) => filler.has(word)))
      leftover.push(sentence.source.slice(token.start, token.end));
  }
  if (leftover.length > 0) {
    const stems = [...new Set(leftover.map((word) => trades[word.toLowerCase()] ?? word))];
    input.query = stems.join(' ');
  }
  return { input, states: found, plural, leftover };
};

export const isTrade = (word: string): boolean => Object.hasOwn(trades, word.toLowerCase());

const titled = (text: string): string => text.replace(/(?:^|[\s-])(?!of\b|and\b)[a-z]/g, (letter) => letter.toUpperCase());

/** The user's own spelling of a slot that was found in the corrected words. */
const rawWords = (sentence: Sentence, found: RegExpExecArray, slot: string, offset: number): string => {
  const from = found.index + found[0].indexOf(slot, found[0].startsWith(slot) ? 0 : 1) - offset;
  let at = 0;
  const parts: string[] = [];
  for (const token of sentence.tokens) {
    if (at >= from && at < from + slot.length) parts.push(sentence.source.slice(token.start, token.end));
    at += token.word.length + 1;
  }
  const raw = parts.join(' ') || slot;
  return raw;
};
