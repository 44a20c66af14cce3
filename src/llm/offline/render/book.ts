import { dollars } from '../../../core/money.ts';
import { type Json, string } from '../history.ts';
import { short } from './safe.ts';

const money = (value: unknown): string => dollars(string(value) || '0');

/** "12 open deals": what was asked for, as the tool says it, with how many there are. */
const counted = (total: number, what: string, one: string, more: string): string => {
  const words = short(what, 160) || more;
  return `${total.toLocaleString('en-US')} ${total === 1 ? words.replace(more, one) : words}`;
};

/** What they come to: the card beneath says it by stage, and lists them one by one. */
export const renderDeals = (input: Json, result: Json): string => {
  const total = Number(result['total'] ?? 0);
  const what = string(result['filters']);
  return total === 0
    ? `No ${short(what, 160) || 'deals'}.${input['closing'] ? ' Say "next deals to close" for those that come first.' : ''}`
    : `${counted(total, what, 'deal', 'deals')}, together ${money(result['totalUsd'])}.`;
};

export const renderAccounts = (result: Json): string => {
  const total = Number(result['total'] ?? 0);
  const what = string(result['filters']);
  return total === 0
    ? `No ${short(what, 160) || 'accounts'}.`
    : `${counted(total, what, 'account', 'accounts')}, ${money(result['mrrUsd'])} a month.`;
};
