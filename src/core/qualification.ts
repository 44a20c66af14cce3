import { createHash } from 'node:crypto';
import { canonical } from './change.ts';
import { certainties, type Facts } from './facts.ts';
import { shortened } from './findings.ts';
import { lowered, roundScore } from './raise.ts';
import { score } from './score.ts';
import type { Factor, Profile, ScoreDetail, Tier } from './scoring.ts';
import { visibleLine } from './visible.ts';

/** One thing that is known, and where it stands. */
export interface QualifiedBy {
  criterion: string;
  label: string;
  /** 0-100. */
  points: number;
  text: string;
  /** A column of the record, a field, or "name". */
  source: string;
  /** Of what a model read: the words of the record. */
  quote?: string;
  by: 'record' | 'model';
}

/** How well a lead fits the profile, and all that a person needs to check that or act on it. */
export interface Qualification {
  /** 0-100, one decimal. */
  score: number;
  tier: Tier;
  grade: ScoreDetail['grade'];
  temperature: ScoreDetail['temperature'];
  /** 0-1: how much of the weight rests on evidence, and how sure that is. */
  confidence: number;
  /** A few sentences that begin with the verdict and end with what to do. */
  reasoning: string;
  reasons: string[];
  missing: string[];
  wouldRaise: string[];
  evidence: QualifiedBy[];
}

/** The agent's name, as its runs are kept under it. */
export const qualificationAgent = 'qualification';

/** Of everything a verdict follows from; `model` is whether one may be asked. */
export const qualificationKey = (
  leadId: string,
  { key, version }: { key: string; version: number },
  facts: Facts,
  model: boolean,
): string =>
  createHash('sha256')
    .update(canonical([leadId, key, version, facts, model]))
    .digest('base64url')
    .slice(0, 32);

/** The verdict over a record: a function of the profile and the facts alone. */
export const qualify = (profile: Profile, facts: Facts): Qualification => explained(profile, facts.name, score(profile, facts));

/** A score in words that a person can check and act on. */
export function explained(profile: Profile, name: string, detail: ScoreDetail): Qualification {
  const { tier, grade, temperature, missing, wouldRaise } = detail;
  const known = detail.factors.filter(({ points }) => points !== null);
  return {
    score: roundScore(detail.score),
    tier,
    grade,
    temperature,
    confidence: Math.round(detail.confidence * 100) / 100,
    reasoning: reasoningOf(profile, name, detail),
    reasons: [...known]
      .sort((a, b) => b.contribution - a.contribution)
      .map(
        ({ label, points, contribution, evidence, weight }) =>
          `${label}: ${inBrief(evidence)}${weight > 0 || contribution > 0 ? ` (${roundScore(points!)} of 100, adds ${roundScore(contribution)})` : ''}`,
      ),
    missing: missing.map((label) => `${label}: ${toFindOut(profile, label)}`),
    wouldRaise,
    evidence: known.map(({ id, label, points, evidence, source, quote }) => ({
      criterion: id,
      label,
      points: points!,
      text: evidence ?? '',
      source: source ?? '',
      ...(quote !== undefined && { quote }),
      by: quote === undefined ? 'record' : 'model',
    })),
  };
}

/** What a criterion without evidence leaves to find out: its own question, or else what would give it full points. */
function toFindOut(profile: Profile, label: string): string {
  const criterion = profile.criteria.find((one) => one.label === label);
  return questionOf(profile, label) ?? `not known; full points for ${lowered(criterion?.raise ?? '')}`;
}

const questionOf = (profile: Profile, label: string): string | undefined =>
  profile.criteria.find((one) => one.label === label)?.sources.find((source) => 'question' in source)?.question;

/** A column of evidence may hold a page, and ends like a sentence or does not. */
const inBrief = (evidence: string | null): string =>
  shortened(visibleLine(evidence ?? '').replace(/(?<!\.)\.$/, ''), longestReason);
const longestReason = 160;

function reasoningOf(profile: Profile, name: string, detail: ScoreDetail): string {
  const { factors, missed, missing, tier, grade, temperature, confidence, wouldRaise } = detail;
  const standing = `${tier} with ${roundScore(detail.score)} of 100 (grade ${grade}, ${temperature})`;
  const unknown = factors.filter(({ label }) => missing.includes(label)).reduce((sum, { weight }) => sum + weight * 100, 0);
  const wanted = new Map(profile.criteria.map(({ label, met }) => [label, met]));
  const short = factors.filter(({ label }) => missed.includes(label)).sort((a, b) => lost(b) - lost(a));
  const halfway = ({ label, points }: Factor) => points! * 2 >= wanted.get(label)!;
  const known = factors.some(({ points }) => points !== null);
  const sentences = [
    known ? `${name} is ${standing}.` : `${name} cannot be judged yet, and until then it is ${standing}.`,
    told(
      'For it',
      factors
        .filter(({ label, weight, contribution }) => !missed.includes(label) && (weight > 0 || contribution > 0))
        .filter(({ points }) => points !== null)
        .sort((a, b) => b.contribution - a.contribution),
    ),
    told('In part', short.filter(halfway)),
    told(
      'Against it',
      short.filter((factor) => !halfway(factor)),
    ),
    missing.length > 0 &&
      `Not known: ${listed(missing.map(lowered))}, worth up to ${roundScore(Math.min(100 - detail.score, unknown))} points.`,
    known && `Confidence ${Math.round(confidence * 100)} %: ${confidenceInWords(factors)}.`,
    wouldRaise[0] && `${wouldRaise[0]}.`,
    nextStep(profile, detail),
  ];
  return sentences.filter(Boolean).join(' ');
}

/** Points of the total that a criterion does not bring. */
const lost = ({ weight, contribution }: Factor): number => weight * 100 - contribution;

const told = (what: string, factors: Factor[]): string | undefined =>
  factors.length > 0
    ? `${what}: ${factors.map(({ label, evidence }) => `${lowered(label)} - ${inBrief(evidence)}`).join('; ')}.`
    : undefined;

function confidenceInWords(factors: Factor[]): string {
  const weighed = factors.filter(({ weight }) => weight > 0);
  const known = weighed.filter(({ points }) => points !== null);
  const hints = known.filter(({ certainty }) => certainty <= certainties.wordsInName).length;
  const read = known.filter(({ quote }) => quote !== undefined).length;
  const rests = [hints && `${hints} only on words of the name`, read && `${read} on what a model read in the record`].filter(
    Boolean,
  );
  const all = weighed.length === 1 ? 'the criterion' : `all ${weighed.length} criteria`;
  const some = known.length === weighed.length ? all : `${known.length} of ${weighed.length} criteria`;
  const have = known.length === 1 || weighed.length === 1 ? 'has' : 'have';
  return `${some} ${have} evidence${rests.length ? `, ${rests.join(', ')}` : ''}`;
}

/** What a rep does with it: whom it is worth the time, and what to ask first. */
function nextStep(profile: Profile, { temperature, missing, wouldRaise }: ScoreDetail): string {
  const [open] = missing;
  const question = open && questionOf(profile, open);
  const ask = !open ? '' : question ? ` Ask: ${question}` : ` Find out about ${lowered(open)}.`;
  if (temperature === 'hot') return `Next: worth a call now.${ask}`;
  if (temperature === 'warm') return `Next: a call once the hot ones are done.${ask}`;
  if (open) return `Next: no call yet. First find out: ${question ? question : lowered(open)}${question ? '' : '.'}`;
  return wouldRaise.length > 0
    ? 'Next: leave it until that is so.'
    : 'Next: leave it; nothing in reach would change the verdict.';
}

const listed = (items: string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
