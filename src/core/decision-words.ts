import { fold } from './names.ts';

/** A proposal as it stands before a person, in the order shown. */
export interface Listed {
  id: string;
  title: string;
}

export interface WordedDecision {
  accept: string[];
  ignore: string[];
}

/**
 * Which of the listed proposals a person decides on with these words: "approve all except the second", "skip both", "approve 1 and 3,
 * skip the rest", "everything but Northwind". Every word has to be understood; a question, a negation, a condition or a quotation decides
 * nothing. `unclear`: it begins like a decision, and it is not certain which one. Nothing: it is about something else.
 * Only for words that a person has just said themselves, held against the list that they see.
 */
export function decisionsIn(text: string, listed: readonly Listed[]): WordedDecision | 'unclear' | undefined {
  if (listed.length === 0 || text.length > longest || /[?\n\r]/.test(text.trim())) return undefined;
  const clauses = clausesOf(wordsOf(text));
  // to leave something is to decide nothing
  if (!clauses || clauses.every(({ verb }) => verb === 'leave')) return undefined;
  const parts = clauses.map((clause, i) => partOf(clause, listed, i > 0));
  const understood = parts.filter((part): part is Part => part !== undefined && part !== 'unclear');
  const decided = understood.length === parts.length ? resolved(understood, listed) : 'unclear';
  if (decided !== 'unclear') return decided;
  return hedges.test(` ${wordsOf(text).join(' ')} `) || parts.every((part) => part === undefined) ? undefined : 'unclear';
}

/** Longer is no order but a text. */
const longest = 300;

type Verb = 'accept' | 'ignore' | 'leave';

/** One clause: what is to be done, and with which ones. */
interface Part {
  verb: Verb;
  what: 'all' | 'rest' | 'named';
  ids: string[];
  except: string[];
}

/** Words that take an order back, put it off or tie it to something: with them nothing is asked back, because nothing was ordered. */
const hedges =
  / (?:not|dont|doesnt|didnt|wont|cant|cannot|shouldnt|wouldnt|couldnt|isnt|arent|never|nobody|nothing|none|no|without|unless|until|till|before|after|if|when|once|later|maybe|perhaps|should|would|could|might|may|can|shall|will|why|how|what|which|who|do|did|does|whether) /;

const verbs: readonly [RegExp, Verb][] = [
  [/^(?:approve|accept|confirm|sign off(?: on)?|go ahead with|(?:say )?yes to)(?= |$)/, 'accept'],
  [/^(?:skip|ignore|decline|reject|dismiss|deny|discard|turn down|(?:say )?no to)(?= |$)/, 'ignore'],
  [/^(?:leave|keep|hold)(?= |$)/, 'leave'],
];
const verbAt = (words: string): { verb: Verb; length: number } | undefined => {
  for (const [pattern, verb] of verbs) {
    const found = pattern.exec(words);
    if (found) return { verb, length: found[0].length };
  }
  return undefined;
};

const courtesy =
  /^(?:(?:please|pls|ok|okay|yes|yeah|yep|yup|sure|alright|great|fine|good|cool|perfect|thanks|thank you|hey|hi|hello|so|now|then|also|just|only|i|lets|let us|you can|you may|go ahead and|go ahead|and|[,.!;:-]) ?)/;
const closing = /(?:^| )(?:please|pls|thanks|thank you|now|right away|for me|too|as well|only|then|ok|[,.!;:-])$/;
const joint = /^(?:,|;|\.|-|:|&|\+|and|but|then)$/;

/** Words and signs, lower case, apostrophes out; what is no word and no common sign stays and fits nothing. */
const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/(?<=\p{L})['’](?=\p{L})/gu, '')
    .replace(/[–—]/g, '-')
    .match(/#?\d+(?:st|nd|rd|th)?(?![\p{L}\p{N}])|[\p{L}\p{N}][\p{L}\p{M}\p{N}]*|\S/gu) ?? [];

/** A verb and what it is about, as words; nothing when the text does not begin with a verb. */
function clausesOf(words: readonly string[]): { verb: Verb; said: string; rest: string[] }[] | undefined {
  const clauses: { verb: Verb; said: string; rest: string[] }[] = [];
  let left = words;
  while (left.length) {
    const start = clauseStart(left);
    if (!start) return undefined;
    let end = start.from;
    let next = left.length;
    for (; end < left.length; end++) {
      // a joint and then a verb begin the next clause
      if (!joint.test(left[end]!)) continue;
      const after = clauseStart(left.slice(end + 1));
      if (after) {
        next = end + 1;
        break;
      }
    }
    clauses.push({ verb: start.verb, said: start.said, rest: left.slice(start.from, end) });
    left = left.slice(next);
  }
  return clauses.length ? clauses : undefined;
}

/** The verb that a list of words begins with, past what politeness puts before it. */
function clauseStart(words: readonly string[]): { verb: Verb; said: string; from: number } | undefined {
  for (let text = words.join(' '); text; ) {
    const verb = verbAt(text);
    if (verb) {
      const after = text.slice(verb.length).trim();
      return {
        verb: verb.verb,
        said: text.slice(0, verb.length),
        from: words.length - (after ? after.split(' ').length : 0),
      };
    }
    const polite = courtesy.exec(text);
    if (!polite) return undefined;
    text = text.slice(polite[0].length).trim();
  }
  return undefined;
}

const number = '(?:\\d{1,3}|two|three|four|five|six|seven|eight|nine|ten)';
const noun = '(?:pending |waiting |open |remaining )?(?:proposals|changes|items|requests|approvals|ones|decisions)';
const everything = new RegExp(
  `^(?:(?:all|each|every one)(?: (?<count>${number}))?(?: of)?(?: (?:the|these|those|them|it))?(?: (?<count2>${number}))?(?: ${noun})?|everything|them all|them|these|those|the lot|(?<both>both)(?: of)?(?: (?:the|them|these|those))?(?: ${noun})?|the ${noun}|(?:these|those) ${noun})(?= |$)`,
);
const remainder = new RegExp(
  `^(?:(?:all )?(?:of )?the (?:rest|remainder)(?: of (?:them|these|those))?|(?:all )?(?:of )?(?:the )?others?(?: (?<count>${number}))?(?: one| ones| ${noun})?|everything else|all else|the remaining(?: (?<count2>${number}))?(?: ones| ${noun})?)(?= |$)`,
);
const theOne = /^(?:it|that|this|(?:that|this|the) (?:one|proposal|change|request|item))$/;
const except =
  /^(?:[,.;:-] )?(?:(?:except|excepting|excluding|minus|bar|barring|besides|without)(?: for| from)?|(?:apart|aside) from|other than|save for|save|leaving out|but (?:for )?not(?: (?:for|with))?|(?:but |and |just )?(?:do not|dont) (?:approve|accept|confirm|skip|ignore|decline|reject)|(?:and |just )?not|but)(?: for)? (?=\S)/;

/** What one clause says; nothing when a word of it was not understood. */
function partOf(
  { verb, said, rest }: { verb: Verb; said: string; rest: string[] },
  listed: readonly Listed[],
  later: boolean,
): Part | 'unclear' | undefined {
  let text = rest.join(' ');
  for (let end = closing.exec(text); end; end = closing.exec(text)) text = text.slice(0, end.index).trim();
  if (verb === 'leave') text = text.replace(/ (?:waiting|pending|alone|open|as (?:it|they) (?:is|are)|for later|back|out)$/, '');
  // a title may hold words of orders: "Skip Tracing", "Accept and Sons"
  if (later && inTitle(`${said} ${text.split(' ')[0] ?? ''}`, listed)) return 'unclear';
  const named = joined.test(text) ? undefined : titled(text.split(' '), listed);
  if (named) return inTitle(`${said} ${text}`, listed) || named.length > 1 ? 'unclear' : part(verb, 'named', named);
  if (text === '' || theOne.test(text)) return listed.length === 1 ? part(verb, 'named', [listed[0]!.id]) : 'unclear';

  const all = everything.exec(text);
  if (all) {
    const { count, count2, both } = all.groups!;
    const meant = both ? 2 : countOf(count ?? count2);
    const left = exceptedIn(text.slice(all[0].length).trim(), listed);
    if (left === undefined || left === 'unclear' || (meant !== undefined && meant !== listed.length)) return 'unclear';
    return part(verb, 'all', [], left);
  }
  const others = remainder.exec(text);
  if (others) {
    const left = exceptedIn(text.slice(others[0].length).trim(), listed);
    if (left === undefined || left === 'unclear') return 'unclear';
    return part(verb, 'rest', countedIds(others.groups!['count'] ?? others.groups!['count2']), left);
  }
  for (let at = 0; at < text.length; at = next(text, at)) {
    const left = exceptedIn(text.slice(at).trim(), listed);
    if (at === 0 || left === undefined || left === 'unclear' || left.length === 0) continue;
    const of = namedIn(text.slice(0, at).trim(), listed);
    return of && of !== 'unclear' && left.every((id) => of.includes(id))
      ? part(
          verb,
          'named',
          of.filter((id) => !left.includes(id)),
          left,
        )
      : 'unclear';
  }
  const found = namedIn(text, listed, true);
  return found === 'unclear' || found === undefined ? (begins.test(text) ? 'unclear' : found) : part(verb, 'named', found);
}

/** Begins like something on a list. */
const begins =
  /^(?:the )?(?:#?\d{1,3}(?:st|nd|rd|th)?|number|first|second|third|fourth|fifth|last|both|all|it|that|this|them|rest|others?)(?= |$)/;

const part = (verb: Verb, what: Part['what'], ids: string[], left: string[] = []): Part => ({ verb, what, ids, except: left });

/** "The other two": how many a rest has to be, kept until it is known what the rest is. */
const countedIds = (count: string | undefined): string[] => (count === undefined ? [] : Array(countOf(count)!).fill(''));

const next = (text: string, at: number): number => {
  const space = text.indexOf(' ', at);
  return space < 0 ? text.length : space + 1;
};

/** What is left out: nothing said, none; said and not understood, unclear. Of a name that several have, all are left out. */
function exceptedIn(text: string, listed: readonly Listed[]): string[] | 'unclear' | undefined {
  if (text === '') return [];
  const marker = except.exec(text);
  if (!marker) return undefined;
  const found = namedIn(text.slice(marker[0].length), listed);
  return found === undefined || found.length === 0 ? 'unclear' : found;
}

/** The ones that a list of references names: "1 and 3", "the first two, Northwind". Two ways to read it are none. */
function namedIn(text: string, listed: readonly Listed[], one = false): string[] | 'unclear' | undefined {
  const words = text.split(' ').filter(Boolean);
  const called = listed.filter(({ title }) => isCalled(title, text));
  if (called.length === 1) return [called[0]!.id];
  if (words.filter((word) => separator.test(word)).length > 12) return 'unclear';
  const ways = waysToRead(words, listed, one);
  const different = new Set(ways.map((ids) => [...new Set(ids)].sort().join(' ')));
  if (different.size > 1 || ways.some((ids) => ids.includes(twoFit))) return 'unclear';
  return ways[0] && [...new Set(ways[0])];
}

const joined = /[,;&+]| and /;
/** The whole of a name with a joint in it: "Won & Sons" of "Won & Sons: owner nobody → Ann". */
const isCalled = (title: string, text: string): boolean =>
  joined.test(text) && tells(fold(text).split(' ')) && [title, title.split(':')[0]!].some((name) => fold(name) === fold(text));

const separator = /^(?:,|;|&|\+|and|or|nor)$/;
/** Stands for a reference that two fit. */
const twoFit = '';

function waysToRead(words: readonly string[], listed: readonly Listed[], one: boolean): string[][] {
  const ways: string[][] = [];
  for (let end = words.length; end > 0; end--) {
    if (end < words.length && !separator.test(words[end]!)) continue;
    const ids = oneReference(words.slice(0, end), listed, one);
    if (!ids) continue;
    if (end === words.length) ways.push(ids);
    else {
      let from = end;
      while (from < words.length && separator.test(words[from]!)) from++;
      // whom "1 or 2" accepts is not said
      if (one && words.slice(end, from).some((word) => word === 'or' || word === 'nor')) continue;
      for (const more of waysToRead(words.slice(from), listed, one)) ways.push([...ids, ...more]);
    }
  }
  return ways;
}

const places = 'first second third fourth fifth sixth seventh eighth ninth tenth'.split(' ');
const counts = 'one two three four five six seven eight nine ten'.split(' ');
const countOf = (word: string | undefined): number | undefined =>
  word === undefined ? undefined : /^\d+$/.test(word) ? Number(word) : counts.indexOf(word) + 1;

/** One reference: a number, a place, a range, the first few, or a name. */
function oneReference(words: readonly string[], listed: readonly Listed[], one: boolean): string[] | undefined {
  const text = words
    .join(' ')
    .replace(
      /^(?:for |with |also )?(?:the )?(?:(?:number|numbers|nr|no|proposal|proposals|item|items)(?: \.)? )?(?:number )?(?:the )?/,
      '',
    )
    .replace(/(?<=.) (?:one|ones|proposal|proposals|item|items|request|change)$/, '');
  const numbered = /\b(?:number|nr|no)\b/.test(words.join(' '));
  const at = (place: number): string[] | undefined => {
    const id = listed[place - 1]?.id;
    if (id === undefined) return undefined;
    // "second" may be the second, or "Second Street Electric"
    const rival = listed.some((other) => other.id !== id && fold(other.title).startsWith(`${fold(text)} `));
    return rival ? [twoFit] : [id];
  };
  const digits = /^#?(\d{1,3})(?:st|nd|rd|th)?$/.exec(text);
  if (digits) return at(Number(digits[1]));
  if (places.includes(text)) return at(places.indexOf(text) + 1);
  if (numbered && counts.includes(text)) return at(counts.indexOf(text) + 1);
  if (text === 'last') return at(listed.length);
  const range = /^#?(\d{1,3}) (?:-|to|through|until) #?(\d{1,3})$/.exec(text);
  if (range) {
    const [from, to] = [Number(range[1]), Number(range[2])];
    return from >= 1 && from < to && to <= listed.length ? listed.slice(from - 1, to).map(({ id }) => id) : undefined;
  }
  const some = new RegExp(`^(first|last) (${number})$`).exec(text);
  if (some) {
    const count = countOf(some[2])!;
    if (count < 1 || count > listed.length) return undefined;
    return (some[1] === 'first' ? listed.slice(0, count) : listed.slice(-count)).map(({ id }) => id);
  }
  const named = titled(words, listed);
  return named && one && named.length > 1 ? [twoFit] : named;
}

/** Words of orders and lists: a reference of nothing else is no name. */
const listWords = new Set(
  'all each every everything both them these those it that this the rest others other else first second third fourth fifth sixth seventh eighth ninth tenth last two three four five six seven eight nine ten of and or but a an one ones proposal proposals item items change changes request requests for to with about lead leads number no except please in on at from is as'.split(
    ' ',
  ),
);
/** Words around a name that need not stand in the title. */
const fillers = new Set('a an the one ones proposal proposals item change request for to with about of lead'.split(' '));
const noName = new Set('not dont never no without unless if until except approve accept skip ignore decline reject'.split(' '));

/** There is a word among them that is none of lists and orders. */
const tells = (words: readonly string[]): boolean =>
  words.some((word) => word !== '' && !listWords.has(word) && !noName.has(word) && !/^\d{1,2}$/.test(word));

/** The ones whose title has all these words; nothing for words that are no name. */
function titled(words: readonly string[], listed: readonly Listed[]): string[] | undefined {
  const bare = words.filter((word, i) => !(/^["'“”‘’]$/.test(word) && (i === 0 || i === words.length - 1)));
  if (bare.some((word) => noName.has(word) || /[\p{C}]/u.test(word))) return undefined;
  const wanted = fold(bare.join(' ')).split(' ').filter(Boolean);
  if (!tells(wanted)) return undefined;
  const hits = listed.filter(({ title }) => {
    const own = new Set(fold(title).split(' '));
    return wanted.every((word) => own.has(word) || fillers.has(word));
  });
  return hits.length ? hits.map(({ id }) => id) : undefined;
}

/** These words stand in a title, one after the other. */
const inTitle = (words: string, listed: readonly Listed[]): boolean => {
  const wanted = fold(words);
  return wanted.includes(' ') && listed.some(({ title }) => ` ${fold(title)} `.includes(` ${wanted} `));
};

/** Puts the clauses together; where they contradict one another, nothing is decided. */
function resolved(parts: readonly Part[], listed: readonly Listed[]): WordedDecision | 'unclear' {
  const named = parts.filter(({ what }) => what === 'named');
  const all = parts.filter(({ what }) => what === 'all');
  const rest = parts.filter(({ what }) => what === 'rest');
  if (all.length > 1 || rest.length > 1 || (rest.length > 0 && named.length + all.length === 0)) return 'unclear';
  const verdicts = new Map<string, Verb>();
  for (const { ids, verb } of named)
    for (const id of ids) {
      if (verdicts.has(id) && verdicts.get(id) !== verb) return 'unclear';
      verdicts.set(id, verb);
    }
  for (const { verb, ids, except: left } of [...all, ...rest]) {
    const free = listed.filter(({ id }) => !verdicts.has(id) && !left.includes(id));
    if (ids.length > 0 && ids.length !== free.length) return 'unclear';
    for (const { id } of free) verdicts.set(id, verb);
  }
  // what one clause leaves out, no other may do after all
  for (const { verb, except: left } of parts) if (left.some((id) => verdicts.get(id) === verb)) return 'unclear';
  const of = (verb: Verb) => listed.filter(({ id }) => verdicts.get(id) === verb).map(({ id }) => id);
  const decided = { accept: of('accept'), ignore: of('ignore') };
  return decided.accept.length + decided.ignore.length > 0 ? decided : 'unclear';
}
