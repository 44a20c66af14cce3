import { z } from 'zod';
import { AppError } from '../errors.ts';
import { fold } from './names.ts';

/** An ideal customer profile as a file holds it. Apart from scoring, which also runs on threads that have no need of zod. */

const points = z.number().min(0, 'points are 0 to 100').max(100, 'points are 0 to 100');
const name = z.string().trim().min(1, 'may not be empty').max(200, 'is longer than 200 characters');
const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'an id is lower-case letters, digits and dashes, at most 60');
/** Words are compared folded: one without letters or digits would never be found. */
const word = name.refine((text) => text.startsWith('@') || fold(text) !== '', 'has no letter or digit to look for');
const words = z.array(word).min(1, 'needs at least one word').max(2000, 'has more than 2000 words');
const column = name;

/** The highest band that a count reaches gives the points; a count below every band says nothing. */
const bands = z
  .array(z.strictObject({ atLeast: z.number(), points }))
  .min(1, 'needs at least one band')
  .max(50)
  .refine((all) => new Set(all.map(({ atLeast }) => atLeast)).size === all.length, 'two bands begin at the same count');
const otherwise = z.strictObject({ points, label: name });

/**
 * Where a criterion finds its evidence. Column names are matched without case, spaces and underscores; a name is an attribute of the lead, or
 * one of its own fields (industry, employees, city, state, zip, country, website, domain). Words may be a named list: "@sunbelt".
 */
const kinds = {
  /** A column that already holds points 0-100, with a column of words beside it. */
  points: z.strictObject({ points: column, evidence: column.optional() }),
  /** A column that holds a count. */
  count: z.strictObject({ count: column, noun: name, bands }),
  /** A column that lists things, separated by comma, semicolon or slash. */
  list: z.strictObject({ list: column, noun: name, bands }),
  /** Yes/no columns; the number of yes counts. At least one must be filled. */
  flags: z.strictObject({ flags: z.record(column, name), noun: name, bands }),
  /**
   * Words in the name and industry, or with `in` in those columns instead. The first rule that fits counts; `and` asks for one of these as
   * well. `otherwise` holds where the columns are filled and no rule fits.
   */
  words: z.strictObject({
    words: z.array(z.strictObject({ any: words, and: words.optional(), points, label: name })).min(1),
    in: z.array(column).min(1).optional(),
    otherwise: otherwise.optional(),
  }),
  /** Groups of words, looked for in the same places; the number of groups with a word there counts. */
  groups: z.strictObject({ groups: z.record(name, words), in: z.array(column).min(1).optional(), noun: name, bands }),
  /** State, province or country of the lead, as code or name. */
  regions: z.strictObject({
    regions: z.array(z.strictObject({ any: words, points, label: name })).min(1),
    otherwise: otherwise.optional(),
  }),
  /**
   * What a model is asked where everything above left the criterion open. It chooses one of the answers and quotes the record; the quote must
   * hold one of the words under `mentions`, and one of those under `and`.
   */
  question: z.strictObject({
    question: z.string().trim().min(10, 'a question has at least 10 characters').max(500),
    answers: z
      .record(name, z.strictObject({ points, mentions: words.optional(), and: words.optional() }))
      .refine((all) => Object.keys(all).length > 0, 'needs at least one answer'),
  }),
} as const;

type Kind = keyof typeof kinds;
export type EvidenceSource = { [K in Kind]: z.infer<(typeof kinds)[K]> }[Kind];

const inOurWords: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'unrecognized_keys') return `does not know ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
  if (issue.code !== 'invalid_type') return undefined;
  return issue.input === undefined ? `is missing (${articled(issue.expected)})` : `has to be ${articled(issue.expected)}`;
};
const articled = (type: string): string =>
  ({ array: 'a list', object: 'a group of keys', record: 'a group of keys' })[type] ?? `a ${type}`;

/** A source is of the kind whose key it has: only that kind's mistakes are told. */
const source = z.unknown().transform((value, ctx): EvidenceSource => {
  const keys = value !== null && typeof value === 'object' ? Object.keys(value) : [];
  const kind = (Object.keys(kinds) as Kind[]).find((known) => keys.includes(known));
  const parsed = kind && kinds[kind].safeParse(value, { error: inOurWords });
  if (parsed?.success) return parsed.data;
  if (!parsed) ctx.addIssue({ code: 'custom', message: `a source has one of: ${Object.keys(kinds).join(', ')}` });
  for (const { path, message } of parsed?.error.issues ?? []) ctx.addIssue({ code: 'custom', path, message });
  return z.NEVER;
});

const sources = z.array(source).min(1, 'needs at least one source').max(30, 'has more than 30 sources');

export const profileSchema = z
  .strictObject({
    id,
    name,
    description: z.string().max(1000).optional(),
    /** Regions, industries or other words under a name, for use as "@name". */
    lists: z.record(id, words).default({}),
    criteria: z
      .array(
        z.strictObject({
          id,
          label: name,
          weight: z.number().gt(0, 'a weight is more than 0').max(1, 'a weight is a share of 1, such as 0.25'),
          met: points,
          raise: name,
          /** Size, place and the like: nobody can change it, so once it is known no advice is made of it. */
          fixed: z.boolean().optional(),
          sources,
        }),
      )
      .min(1, 'a profile needs at least one criterion')
      .max(50),
    bonuses: z
      .array(
        z.strictObject({
          id,
          label: name,
          max: z.number().gt(0, 'a bonus is more than 0').max(100, 'a bonus adds at most 100'),
          raise: name,
          sources,
        }),
      )
      .max(20)
      .default([]),
    tiers: z.strictObject({ PLATINUM: points, GOLD: points, SILVER: points }),
  })
  .superRefine((profile, ctx) => {
    for (const { path, message } of contradictions(profile)) ctx.addIssue({ code: 'custom', path, message });
  });

export type Profile = z.infer<typeof profileSchema>;

/** What each value may be on its own, and all of them not together. */
function* contradictions({
  criteria,
  bonuses,
  tiers,
  lists,
}: Profile): Generator<{ path: (string | number)[]; message: string }> {
  const sum = criteria.reduce((total, { weight }) => total + weight, 0);
  if (Math.abs(sum - 1) > 1e-6) {
    const each = criteria.map(({ label, weight }) => `${label} ${percent(weight)}`).join(', ');
    yield { path: ['criteria'], message: `the weights add up to ${percent(sum)}, not 100 % (${each})` };
  }
  if (!(tiers.PLATINUM > tiers.GOLD && tiers.GOLD > tiers.SILVER && tiers.SILVER > 0))
    yield {
      path: ['tiers'],
      message: `PLATINUM has to begin above GOLD, GOLD above SILVER, SILVER above 0 (here ${tiers.PLATINUM}, ${tiers.GOLD}, ${tiers.SILVER})`,
    };
  const seen = new Map<string, string>();
  for (const part of [...criteria, ...bonuses])
    for (const own of new Set([part.id, fold(part.label)])) {
      const other = seen.get(own);
      if (other !== undefined && other !== part.id)
        yield { path: ['criteria'], message: `two of them are called "${part.label}"` };
      else if (other !== undefined && own === part.id) yield { path: ['criteria'], message: `two of them have the id "${own}"` };
      seen.set(own, part.id);
    }
  for (const [group, parts] of Object.entries({ criteria, bonuses }))
    for (const [at, part] of parts.entries())
      for (const [which, one] of part.sources.entries())
        for (const unknown of wordsOf(one).filter((text) => text.startsWith('@') && !Object.hasOwn(lists, text.slice(1))))
          yield { path: [group, at, 'sources', which], message: `there is no list "${unknown.slice(1)}" under lists` };
  const questions = [...criteria, ...bonuses].flatMap(({ sources }) =>
    sources.flatMap((one) => ('question' in one ? one.question : [])),
  );
  for (const [at, question] of questions.entries())
    if (questions.indexOf(question) < at)
      yield { path: ['criteria'], message: `two of them ask "${question}"; an answer is kept by its question` };
  for (const [list, entries] of Object.entries(lists))
    if (entries.some((text) => text.startsWith('@')))
      yield { path: ['lists', list], message: 'a list holds words, not other lists' };
}

function wordsOf(source: EvidenceSource): string[] {
  if ('groups' in source) return Object.values(source.groups).flat();
  if ('words' in source) return source.words.flatMap(({ any, and = [] }) => [...any, ...and]);
  if ('regions' in source) return source.regions.flatMap(({ any }) => any);
  if ('question' in source) return Object.values(source.answers).flatMap(({ mentions = [], and = [] }) => [...mentions, ...and]);
  return [];
}

export const percent = (share: number): string => `${Math.round(share * 10_000) / 100} %`;

const listedProblems = 8;

/** Throws `invalid_input` with every mistake named by its place, the first ones in the message. */
export function parseProfile(raw: unknown): Profile {
  const parsed = profileSchema.safeParse(raw, { error: inOurWords });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${placeOf(path, raw)}${message}`);
  const more = problems.length - listedProblems;
  throw new AppError(
    'invalid_input',
    `This profile cannot be used. ${problems.slice(0, listedProblems).join('; ')}${more > 0 ? `; and ${more} more` : ''}.`,
    { details: { problems: problems.slice(0, 100) } },
  );
}

/** "criterion 2 (multi-oem), source 1: " for a person who has the file before them. */
function placeOf(path: readonly PropertyKey[], raw: unknown): string {
  const parts: string[] = [];
  let at: unknown = raw;
  for (const [index, key] of path.entries()) {
    at = at !== null && typeof at === 'object' ? (at as Record<PropertyKey, unknown>)[key] : undefined;
    const before = path[index - 1];
    if (typeof key !== 'number') {
      if (typeof path[index + 1] !== 'number') parts.push(String(key));
      continue;
    }
    const own = (at as { id?: unknown } | undefined)?.id;
    parts.push(`${singular(String(before ?? 'entry'))} ${key + 1}${typeof own === 'string' ? ` (${own.slice(0, 60)})` : ''}`);
  }
  return parts.length ? `${parts.join(', ')}: ` : '';
}

const singular = (key: string): string => ({ criteria: 'criterion', bonuses: 'bonus' })[key] ?? key.replace(/s$/, '');

/** A version of a profile, as it is kept. */
export interface ProfileVersion {
  /** The profile's id, the same for all its versions. */
  key: string;
  version: number;
  profile: Profile;
  note: string | null;
  /** Who saved it; nobody, when it came with the product. */
  by: string | null;
  createdAt: Date;
}

export interface ActiveProfile {
  key: string;
  version: number;
  profile: Profile;
}

/** What became of the leads when another profile took over. */
export interface Rescored {
  leads: number;
  changedScore: number;
  changeTier: number;
}

export interface Profiles {
  /**
   * The one that scores. Inside a transaction it stays the one until the transaction ends: nobody switches while scores are being written.
   */
  active(): Promise<ActiveProfile>;
  /** The newest version of each, by name. */
  list(): Promise<(ProfileVersion & { versions: number })[]>;
  /** By key or name; the newest version unless one is asked for. */
  get(reference: string, version?: number): Promise<ProfileVersion | undefined>;
  /** Saves the next version of `profile.id`. */
  save(profile: Profile, note?: string): Promise<ProfileVersion>;
  /** From now on this version scores: all leads are scored anew with this transaction. */
  activate(
    version: ActiveProfile,
    options: { signal: AbortSignal; onProgress(done: number, total: number): void },
  ): Promise<Rescored>;
}
