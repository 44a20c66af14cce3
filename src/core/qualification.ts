import { createHash } from 'node:crypto';
import { canonical } from './change.ts';
import { certainties, type Facts, plural } from './evidence.ts';
import { lowered, roundScore } from './raise.ts';
import { score } from './score.ts';
import type { Factor, Profile, ScoreDetail, Tier } from './scoring.ts';

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
          `${label}: ${evidence}${weight > 0 || contribution > 0 ? ` (${roundScore(points!)} of 100, adds ${roundScore(contribution)})` : ''}`,
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

/** What a criterion without evidence leaves to ask: its own question, or else what would prove it. */
function toFindOut(profile: Profile, label: string): string {
  const criterion = profile.criteria.find((one) => one.label === label);
  const question = criterion?.sources.find((source) => 'question' in source);
  return question ? question.question : (criterion?.raise ?? '');
}

function reasoningOf(profile: Profile, name: string, detail: ScoreDetail): string {
  const { factors, met, missed, missing, tier, grade, temperature } = detail;
  const of = (labels: string[]) => factors.filter(({ label }) => labels.includes(label));
  const lost = ({ weight, contribution }: Factor) => weight * 100 - contribution;
  const unknown = of(missing).reduce((sum, { weight }) => sum + weight * 100, 0);
  const sentences = [
    `${name} is ${tier} with ${roundScore(detail.score)} of 100 (grade ${grade}, ${temperature}).`,
    told(
      'For it',
      of(met).sort((a, b) => b.contribution - a.contribution),
    ),
    told(
      'Against it',
      of(missed).sort((a, b) => lost(b) - lost(a)),
    ),
    missing.length > 0 &&
      `Nothing is known about ${listed(missing.map(lowered))}: that adds nothing now, and up to ${roundScore(Math.min(100 - detail.score, unknown))} points once it is.`,
    detail.wouldRaise[0] && `${detail.wouldRaise[0]}.`,
    `Confidence ${Math.round(detail.confidence * 100)} %: ${confidenceInWords(factors)}.`,
    nextStep(profile, detail),
  ];
  return sentences.filter(Boolean).join(' ');
}

const told = (what: string, factors: Factor[]): string | undefined =>
  factors.length > 0
    ? `${what}: ${factors.map(({ label, evidence }) => `${lowered(label)} - ${evidence}`).join('; ')}.`
    : undefined;

function confidenceInWords(factors: Factor[]): string {
  const weighed = factors.filter(({ weight }) => weight > 0);
  const known = weighed.filter(({ points }) => points !== null);
  const hints = known.filter(({ certainty }) => certainty <= certainties.wordsInName).length;
  const read = known.filter(({ quote }) => quote !== undefined).length;
  const rests = [hints && `${hints} only on words of the name`, read && `${read} on what a model read in the record`].filter(
    Boolean,
  );
  return `${known.length} of ${weighed.length} ${plural('criterion', weighed.length).replace('criterions', 'criteria')} ${known.length === 1 ? 'has' : 'have'} evidence${rests.length ? `, ${rests.join(', ')}` : ''}`;
}

/** What a rep does with it: whom it is worth the time, and what to ask first. */
function nextStep(profile: Profile, { temperature, missing, wouldRaise }: ScoreDetail): string {
  const open = missing[0] && toFindOut(profile, missing[0]);
  const ask = open ? (open.endsWith('?') ? ` Ask: ${open}` : ` Find out: ${lowered(open)}.`) : '';
  if (temperature === 'hot') return `Next: worth a call now.${ask}`;
  if (temperature === 'warm') return `Next: a call once the hot ones are done.${ask}`;
  if (missing.length > 0) return `Next: no call yet; first find out more.${ask}`;
  return wouldRaise.length > 0
    ? 'Next: leave it unless that changes.'
    : 'Next: leave it; nothing in reach would change the verdict.';
}

const listed = (items: string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
