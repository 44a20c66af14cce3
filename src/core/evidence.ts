import {
  type Band,
  type Columns,
  certainties,
  type Evidence,
  type Facts,
  padded,
  plural,
  type Reader,
  type Sheet,
} from './facts.ts';
import { type Allowed, objection, shortened } from './findings.ts';
import { fold, foldedWords } from './names.ts';
import { regionCode, regionName } from './regions.ts';
import type { EvidenceSource, Profile } from './scoring.ts';

/** Turns a source of the profile into the function that reads it. */
export function reader(source: EvidenceSource, columns: Columns, lists: Profile['lists']): Reader {
  if ('points' in source) return pointsReader(source, columns);
  if ('count' in source) return countReader(source, columns);
  if ('list' in source) return listReader(source, columns);
  if ('flags' in source) return flagsReader(source, columns);
  if ('groups' in source) return groupsReader(source, columns, lists);
  if ('regions' in source) return regionsReader(source, columns, lists);
  if ('question' in source) return questionReader(source, lists);
  return wordsReader(source, columns, lists);
}

/** "@sunbelt" stands for the words of that list. */
const spelledOut = (words: readonly string[], lists: Profile['lists']): string[] =>
  words.flatMap((word) => (word.startsWith('@') ? (lists[word.slice(1)] ?? []) : [word]));

type Of<K extends string> = Extract<EvidenceSource, Record<K, unknown>>;

function pointsReader(source: Of<'points'>, columns: Columns): Reader {
  const points = columns.slot(source.points);
  const words = source.evidence === undefined ? -1 : columns.slot(source.evidence);
  return {
    read({ cells }) {
      const value = numberIn(cells[points]);
      if (value === undefined) return undefined;
      const text = cells[words] ?? `${source.points}: ${cells[points]}`;
      return { points: Math.min(100, Math.max(0, value)), text, certainty: certainties.column, source: source.points };
    },
  };
}

function countReader(source: Of<'count'>, columns: Columns): Reader {
  const slot = columns.slot(source.count);
  return counting(source, source.count, certainties.column, ({ cells }) => {
    const count = numberIn(cells[slot]);
    return count === undefined || count < 0 ? undefined : { count, items: [] };
  });
}

function listReader(source: Of<'list'>, columns: Columns): Reader {
  const slot = columns.slot(source.list);
  return counting(source, source.list, certainties.column, ({ cells }) => {
    const items = new Map<string, string>();
    for (const part of cells[slot]?.split(/[,;/]/) ?? [])
      if (/[\p{L}\p{N}]/u.test(part)) items.set(part.trim().toLowerCase(), part.trim());
    return items.size === 0 ? undefined : { count: items.size, items: [...items.values()] };
  });
}

function flagsReader(source: Of<'flags'>, columns: Columns): Reader {
  const flags = Object.entries(source.flags).map(([column, label]) => ({ slot: columns.slot(column), label }));
  return counting(source, Object.keys(source.flags).join(', '), certainties.column, ({ cells }) => {
    let filled = false;
    const items: string[] = [];
    for (const { slot, label } of flags) {
      const flag = flagIn(cells[slot]);
      if (flag !== undefined) filled = true;
      if (flag) items.push(label);
    }
    return filled ? { count: items.length, items } : undefined;
  });
}

function groupsReader(source: Of<'groups'>, columns: Columns, lists: Profile['lists']): Reader {
  const groups = Object.entries(source.groups).map(([label, words]) => ({ label, any: oneOf(spelledOut(words, lists)) }));
  const text = wordsOf(source.in, columns);
  const [place, certainty] = standingOf(source.in);
  // Words in a name show what is there, not what is missing: they never say how many more it would take.
  return {
    read: counting(source, place, certainty, (sheet) => {
      const words = text(sheet);
      const items = groups.filter((group) => group.any.test(words)).map((group) => group.label);
      return items.length === 0 ? undefined : { count: items.length, items };
    }).read,
  };
}

function wordsReader(source: Of<'words'>, columns: Columns, lists: Profile['lists']): Reader {
  const rules = source.words.map(({ any, and, points, label }) => ({
    any: oneOf(spelledOut(any, lists)),
    and: and && oneOf(spelledOut(and, lists)),
    points,
    label,
  }));
  const { otherwise } = source;
  const text = wordsOf(source.in, columns);
  const [place, certainty] = standingOf(source.in);
  return {
    read(sheet) {
      const words = text(sheet);
      for (const { any, and, points, label } of rules) {
        const first = any.exec(words)?.[1];
        const second = first && and?.exec(words)?.[1];
        if (!first || (and && !second)) continue;
        return { points, text: `${label} ("${first}"${second ? ` and "${second}"` : ''})`, certainty, source: place };
      }
      return otherwise && words.trim() !== ''
        ? { points: otherwise.points, text: otherwise.label, certainty, source: place }
        : undefined;
    },
  };
}

/** Two letters that are a state or province mean that; "CA" is California, and Canada is written out. Other countries go by code or name. */
function regionsReader(source: Of<'regions'>, columns: Columns, lists: Profile['lists']): Reader {
  const [state, country] = [columns.slot('state'), columns.slot('country')];
  const rules = source.regions.map((rule) => {
    const entries = spelledOut(rule.any, lists);
    return {
      ...rule,
      states: new Set(entries.flatMap((entry) => regionCode(entry) ?? [])),
      others: new Set(entries.filter((entry) => regionCode(entry) === undefined).map((entry) => fold(countryName(entry)))),
    };
  });
  const { otherwise } = source;
  const told = (points: number, label: string, place: string, from: string): Evidence => ({
    points,
    text: `${label} (${place})`,
    certainty: certainties.column,
    source: from,
  });
  return {
    read({ cells }) {
      const [region, land] = [cells[state], cells[country] === undefined ? undefined : countryName(cells[country]!)];
      const code = region !== undefined && (land === undefined || stateLands.has(fold(land))) ? regionCode(region) : undefined;
      const place = code ? regionName(code)! : (region ?? land);
      for (const { states, others, points, label } of rules) {
        if (code ? states.has(code) : region !== undefined && others.has(fold(region)))
          return told(points, label, place!, 'state');
        if (land !== undefined && others.has(fold(land))) return told(points, label, land, 'country');
      }
      return otherwise && place !== undefined
        ? told(otherwise.points, otherwise.label, place, region === undefined ? 'country' : 'state')
        : undefined;
    },
  };
}

const stateLands = new Set(['united states', 'usa', 'us', 'united states of america', 'canada']);
const countryNames = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
/** "GB" is United Kingdom; what is no code stays. */
const countryName = (text: string): string => (/^[A-Za-z]{2}$/.test(text) && countryNames.of(text.toUpperCase())) || text;

/** What a quote for this answer has to hold, made ready to look. */
export const allowedBy = ({ points, mentions, and }: Of<'question'>['answers'][string], lists: Profile['lists']): Allowed => ({
  points,
  mentions: mentions && oneOf(spelledOut(mentions, lists)),
  and: and && oneOf(spelledOut(and, lists)),
});

function questionReader(source: Of<'question'>, lists: Profile['lists']): Reader {
  const answers = new Map(Object.entries(source.answers).map(([answer, rule]) => [answer, allowedBy(rule, lists)]));
  return {
    read({ facts }) {
      const finding = facts.findings?.find(({ question }) => question === source.question);
      const answer = finding && answers.get(finding.answer);
      if (!answer || objection(finding, facts, answer) !== undefined) return undefined;
      const { quote, source: place } = finding;
      return {
        points: answer.points,
        text: `${finding.answer}: "${shortened(quote, longestQuote)}"`,
        certainty: certainties.quoted,
        source: place,
        quote,
      };
    },
  };
}

/** A reader that counts things and looks the count up in its bands. */
function counting(
  source: { noun: string; bands: readonly Band[] },
  place: string,
  certainty: number,
  read: (sheet: Sheet) => { count: number; items: string[] } | undefined,
): Required<Reader> {
  const bands = [...source.bands].sort((a, b) => a.atLeast - b.atLeast);
  return {
    read(sheet) {
      const found = read(sheet);
      const points = found && bands.findLast((band) => found.count >= band.atLeast)?.points;
      if (!found || points === undefined) return undefined;
      const list = found.items.length ? ` (${found.items.join(', ')})` : '';
      return { points, text: `${found.count} ${plural(source.noun, found.count)}${list}`, certainty, source: place };
    },
    count(sheet) {
      const found = read(sheet);
      return found && { count: found.count, noun: source.noun, bands };
    },
  };
}

/**
 * Of name and industry, the words that some rule of the profile looks for, with a gap wherever others stood between them: two records
 * for which this is the same, and that fill no column of the profile, get the same score.
 */
export function relevantWords(profile: Profile): (facts: Facts) => string {
  const phrases = [...profile.criteria, ...profile.bonuses]
    .flatMap((part) => part.sources)
    .flatMap((source) => spelledOut(phrasesOf(source), profile.lists));
  const sought = new Set(phrases.flatMap((phrase) => foldedWords(phrase)));
  return ({ name, industry }) => {
    let key = '';
    let gap = false;
    for (const word of foldedWords(industry ? `${name} ${industry}` : name)) {
      if (!sought.has(word)) gap = true;
      else {
        key += gap ? `| ${word} ` : `${word} `;
        gap = false;
      }
    }
    return key;
  };
}

function phrasesOf(source: EvidenceSource): string[] {
  if ('groups' in source) return Object.values(source.groups).flat();
  if ('words' in source) return source.words.flatMap(({ any, and = [] }) => [...any, ...and]);
  return [];
}

const standingOf = (columns: string[] | undefined): [place: string, certainty: number] =>
  columns ? [columns.join(', '), certainties.wordsInColumn] : ['name', certainties.wordsInName];
/** Folded words are letters, digits and spaces: nothing in them means anything to an expression. */
const oneOf = (words: string[]): RegExp => new RegExp(` (${words.map(fold).filter(Boolean).join('|')}) `);
/** Of a quote so much is said in a reason; the whole of it stands beside. */
const longestQuote = 120;

function wordsOf(columnNames: string[] | undefined, columns: Columns): (sheet: Sheet) => string {
  if (!columnNames) return (sheet) => sheet.words;
  const slots = columnNames.map((name) => columns.slot(name));
  return (sheet) => slots.map((slot) => padded(sheet.cells[slot] ?? '')).join('');
}

function numberIn(text: string | undefined): number | undefined {
  if (text === undefined || !/^\s*-?\d+(\.\d+)?\s*%?\s*$/.test(text)) return undefined;
  return Number.parseFloat(text);
}

const yes = new Set(['true', 'yes', 'y', '1', '1.0', 'x', '✓']);
const no = new Set(['false', 'no', 'n', '0', '0.0']);

function flagIn(text: string | undefined): boolean | undefined {
  const word = text?.trim().toLowerCase();
  if (word === undefined) return undefined;
  return yes.has(word) ? true : no.has(word) ? false : undefined;
}
