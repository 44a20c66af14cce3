import { dollars } from '../../../core/money.ts';
import { type Json, objects, string } from '../history.ts';
import { short } from './safe.ts';

const money = (value: unknown): string => dollars(string(value) || '0');
const many = (count: number, one: string, more: string): string => `${count.toLocaleString('en-US')} ${count === 1 ? one : more}`;
const what = (filters: unknown): string =>
  string(filters) === 'all' || string(filters) === '' ? '' : ` (${short(string(filters), 120)})`;

/** What they come to, and by stage: the card beneath lists them one by one. */
export const renderDeals = (result: Json): string => {
  const total = Number(result['total'] ?? 0);
  const of = what(result['filters']);
  if (total === 0) return `No deals${of}.`;
  const stages = objects(result['stages']).map(
    (stage) => `${short(string(stage['stage']), 60)} ${Number(stage['count'] ?? 0)} (${money(stage['amountUsd'])})`,
  );
  const more = stages.length > shownStages ? [`${stages.length - shownStages} more stages`] : [];
  const sum = `${many(total, 'deal', 'deals')}${of}, together ${money(result['totalUsd'])}`;
  return stages.length > 1 ? `${sum}: ${[...stages.slice(0, shownStages), ...more].join(', ')}.` : `${sum}.`;
};

const shownStages = 8;

export const renderAccounts = (result: Json): string => {
  const total = Number(result['total'] ?? 0);
  const of = what(result['filters']);
  return total === 0 ? `No accounts${of}.` : `${many(total, 'account', 'accounts')}${of}, ${money(result['mrrUsd'])} a month.`;
};
