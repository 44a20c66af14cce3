import { AppError } from '../errors.ts';
import { same } from './change.ts';
import { columnKey } from './facts.ts';
import { type Profile, parseProfile, percent } from './profile.ts';

/** Changes of a profile that a person says in a sentence. */
export interface ProfileChanges {
  name?: string | undefined;
  /** Criterion -> percent of the whole. */
  weights?: Record<string, number> | undefined;
  tiers?: Partial<Record<keyof Profile['tiers'], number | undefined>> | undefined;
  /** Replaced whole; an empty list goes. */
  lists?: Record<string, string[]> | undefined;
}

/** The profile with these changes, checked like one from a file. Weights that are not named make room in proportion. */
export function changedProfile(profile: Profile, { name, weights = {}, tiers = {}, lists = {} }: ProfileChanges): Profile {
  const next = {
    ...profile,
    ...(name !== undefined && { name }),
    criteria: reweighed(profile, weights),
    tiers: { ...profile.tiers, ...tiers },
    lists: Object.fromEntries(Object.entries({ ...profile.lists, ...lists }).filter(([, words]) => words.length > 0)),
  };
  return parseProfile(next);
}

/** Weights are shares with four digits, 0.01 % each; what rounding leaves goes to the largest of those that made room. */
const digits = 10_000;

function reweighed({ criteria }: Profile, weights: Record<string, number>): Profile['criteria'] {
  const set = new Map<string, number>();
  for (const [reference, percentage] of Object.entries(weights)) {
    const criterion = criteria.find(({ id, label }) => [id, label].some((known) => loose(known) === loose(reference)));
    if (!criterion)
      throw new AppError(
        'invalid_input',
        `There is no criterion "${reference}". There are: ${criteria.map(({ label }) => label).join(', ')}.`,
      );
    if (!(percentage > 0 && percentage <= 100))
      throw new AppError(
        'invalid_input',
        `The weight of ${criterion.label} has to be more than 0 and at most 100 percent, not ${percentage}.`,
      );
    set.set(criterion.id, Math.round((percentage / 100) * digits));
  }
  if (set.size === 0) return criteria;
  const others = criteria.filter(({ id }) => !set.has(id));
  const room = digits - [...set.values()].reduce((sum, share) => sum + share, 0);
  if (others.length === 0 ? room !== 0 : room < others.length)
    throw new AppError(
      'invalid_input',
      others.length === 0
        ? `The weights add up to ${percent(1 - room / digits)}, not 100 %.`
        : `${percent(1 - room / digits)} leaves nothing for ${others.map(({ label }) => label).join(', ')}.`,
    );
  const before = others.reduce((sum, { weight }) => sum + weight, 0);
  const shares = new Map(others.map(({ id, weight }) => [id, Math.max(1, Math.round((weight / before) * room))]));
  const largest = [...shares].sort(([, a], [, b]) => b - a)[0];
  if (largest) shares.set(largest[0], largest[1] + room - [...shares.values()].reduce((sum, share) => sum + share, 0));
  return criteria.map((criterion) => ({ ...criterion, weight: (set.get(criterion.id) ?? shares.get(criterion.id)!) / digits }));
}

/** "multi oem", "Multi-OEM" and "multi-oem" are one. */
const loose = (text: string): string => columnKey(text).replace(/[^\p{L}\p{N}]/gu, '');

/** What differs, a sentence each: "Multi-OEM: 25 % -> 30 %". */
export function differences(before: Profile, after: Profile): string[] {
  const told: string[] = [];
  if (before.name !== after.name) told.push(`Name: ${before.name} -> ${after.name}`);
  if (before.description !== after.description) told.push('Another description');
  for (const criterion of after.criteria) {
    const was = before.criteria.find(({ id }) => id === criterion.id);
    if (!was) told.push(`${criterion.label}: new, ${percent(criterion.weight)}`);
    else {
      if (was.weight !== criterion.weight)
        told.push(`${criterion.label}: ${percent(was.weight)} -> ${percent(criterion.weight)}`);
      if (!same({ ...was, weight: 0 }, { ...criterion, weight: 0 }))
        told.push(`${criterion.label}: other evidence, words or threshold`);
    }
  }
  for (const { id, label } of before.criteria) if (!after.criteria.some((one) => one.id === id)) told.push(`${label}: gone`);
  for (const bonus of after.bonuses) {
    const was = before.bonuses.find(({ id }) => id === bonus.id);
    if (!was) told.push(`Bonus ${bonus.label}: new, up to ${bonus.max}`);
    else if (!same(was, bonus))
      told.push(`Bonus ${bonus.label}: changed${was.max === bonus.max ? '' : `, up to ${was.max} -> ${bonus.max}`}`);
  }
  for (const { id, label } of before.bonuses) if (!after.bonuses.some((one) => one.id === id)) told.push(`Bonus ${label}: gone`);
  for (const tier of ['PLATINUM', 'GOLD', 'SILVER'] as const)
    if (before.tiers[tier] !== after.tiers[tier]) told.push(`${tier}: from ${before.tiers[tier]} -> from ${after.tiers[tier]}`);
  for (const list of new Set([...Object.keys(before.lists), ...Object.keys(after.lists)]))
    if (!same(before.lists[list], after.lists[list]))
      told.push(`List ${list}: ${before.lists[list]?.length ?? 0} -> ${after.lists[list]?.length ?? 0} words`);
  if (told.length === 0 && !same(before, after)) told.push('Another order');
  return told;
}
