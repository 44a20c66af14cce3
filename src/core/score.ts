import { reader, relevantWords } from './evidence.ts';
import { Columns, type Evidence, type Facts } from './facts.ts';
import { type Lever, settled, wouldRaise } from './raise.ts';
import { type Factor, type Profile, type ScoreDetail, type Tier, tiers } from './scoring.ts';

export type { Facts } from './facts.ts';
export { roundScore } from './raise.ts';

/** A profile made ready to score many records. */
export type Scorer = (facts: Facts) => ScoreDetail;

const memoLimit = 10_000;
const compiled = new WeakMap<Profile, Scorer>();

/** How well a record fits a profile, and why. A function of the profile and the facts alone. */
export function score(profile: Profile, facts: Facts): ScoreDetail {
  let scorer = compiled.get(profile);
  if (!scorer) {
    scorer = compileProfile(profile);
    compiled.set(profile, scorer);
  }
  return scorer(facts);
}

export type Rating = (facts: Facts) => Pick<ScoreDetail, 'score' | 'tier'>;

/** Score and tier alone, for long lists: records that say the same to the profile are worked out once. */
export function compileRating(profile: Profile): Rating {
  const columns = new Columns();
  const scorer = compileProfile(profile, columns);
  const relevant = relevantWords(profile);
  const known = new Map<string, Pick<ScoreDetail, 'score' | 'tier'>>();
  return (facts) => {
    const key = columns.readsAny(facts) ? undefined : relevant(facts);
    const before = key === undefined ? undefined : known.get(key);
    if (before) return before;
    const { score, tier } = scorer(facts);
    if (key !== undefined) {
      if (known.size >= memoLimit) known.clear();
      known.set(key, { score, tier });
    }
    return { score, tier };
  };
}

/** Resolves the columns of a profile once, for lists. */
export function compileProfile(profile: Profile, columns = new Columns()): Scorer {
  /** Long lists hold few different standings; the sentences follow from the points and counts alone. */
  const raisesKnown = new Map<string, string[]>();
  const parts = [
    ...profile.criteria.map((c) => ({
      ...c,
      worth: c.weight,
      bonus: false,
      readers: c.sources.map((s) => reader(s, columns, profile.lists)),
    })),
    ...profile.bonuses.map((b) => ({
      ...b,
      weight: 0,
      met: 0,
      worth: b.max / 100,
      bonus: true,
      readers: b.sources.map((s) => reader(s, columns, profile.lists)),
    })),
  ];

  return (facts) => {
    const sheet = columns.sheet(facts);
    const factors: Factor[] = [];
    const levers: Lever[] = [];
    const met: string[] = [];
    const missed: string[] = [];
    const missing: string[] = [];
    let sum = 0;
    let confidence = 0;
    let standing = '';

    for (const part of parts) {
      let evidence: Evidence | undefined;
      for (const source of part.readers) {
        evidence = source.read(sheet);
        if (evidence) break;
      }
      const points = evidence?.points ?? null;
      const contribution = settled((points ?? 0) * part.worth);
      const factor = {
        id: part.id,
        label: part.label,
        weight: part.weight,
        points,
        contribution,
        evidence: evidence?.text ?? null,
        source: evidence?.source ?? null,
        certainty: evidence?.certainty ?? 0,
        ...(evidence?.quote !== undefined && { quote: evidence.quote }),
      };
      sum += contribution;
      confidence += part.weight * factor.certainty;
      factors.push(factor);
      if (!part.bonus) (points === null ? missing : points >= part.met ? met : missed).push(part.label);
      if (points !== 100) {
        let counted: Lever['counted'];
        for (const source of part.readers) {
          counted = source.count?.(sheet);
          if (counted) break;
        }
        if (points === null || !('fixed' in part && part.fixed))
          levers.push({ factor, worth: part.worth, raise: part.raise, counted });
        standing += `${points}/${counted?.count} `;
      } else standing += '100 ';
    }

    const total = Math.min(100, settled(sum));
    const tier = tierOf(profile, total);
    let raises = raisesKnown.get(standing);
    if (!raises) {
      if (raisesKnown.size >= memoLimit) raisesKnown.clear();
      raises = wouldRaise(total, (sum) => tierOf(profile, sum), levers);
      raisesKnown.set(standing, raises);
    }
    return {
      profile: profile.id,
      score: total,
      tier,
      grade: grades[tier],
      temperature: temperatures[tier],
      factors,
      met,
      missed,
      missing,
      wouldRaise: [...raises],
      confidence: settled(confidence),
    };
  };
}

/** The same score if these factors, by id, had these points. */
export function withPoints(
  profile: Profile,
  { factors }: Pick<ScoreDetail, 'factors'>,
  points: ReadonlyMap<string, number>,
): Pick<ScoreDetail, 'score' | 'tier' | 'grade' | 'temperature' | 'factors'> {
  const after = factors.map((factor) => {
    const given = points.get(factor.id);
    if (given === undefined) return factor;
    const worth = factor.weight || profile.bonuses.find(({ id }) => id === factor.id)!.max / 100;
    return { ...factor, points: given, contribution: settled(given * worth), evidence: 'assumed', source: null, certainty: 1 };
  });
  const total = Math.min(100, settled(after.reduce((sum, { contribution }) => sum + contribution, 0)));
  const tier = tierOf(profile, total);
  return { score: total, tier, grade: grades[tier], temperature: temperatures[tier], factors: after };
}

/** Which of these column names no criterion of the profile looks at. */
export function unreadColumns(profile: Profile, names: string[]): string[] {
  const columns = new Columns();
  compileProfile(profile, columns);
  return names.filter((name) => !columns.readsAny({ name: '', industry: null, attributes: { [name]: 'x' } }));
}

const grades = { PLATINUM: 'A', GOLD: 'B', SILVER: 'C', BRONZE: 'D' } as const satisfies Record<Tier, ScoreDetail['grade']>;
const temperatures = { PLATINUM: 'hot', GOLD: 'hot', SILVER: 'warm', BRONZE: 'cold' } as const satisfies Record<
  Tier,
  ScoreDetail['temperature']
>;

/** On the unrounded total: 79.96 shows as 80.0 and is GOLD. */
function tierOf(profile: Profile, total: number): Tier {
  return tiers.find((tier) => tier !== 'BRONZE' && total >= profile.tiers[tier]) ?? 'BRONZE';
}
