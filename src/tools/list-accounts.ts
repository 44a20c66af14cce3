import { z } from 'zod';
import { accountHealths, accountSorts } from '../core/account.ts';
import { dollars } from '../core/money.ts';
import { formatPhone } from '../core/phone.ts';
import { regionCode, regionName } from '../core/regions.ts';
import { formatDay } from '../core/when.ts';
import { defineTool } from './define.ts';
import { place } from './lead-line.ts';
import { resolveOwner } from './resolve.ts';

const input = z.strictObject({
  query: z.string().max(200).optional().describe('Words that must all appear in the name.'),
  owner: z.string().max(80).optional().describe('"me", "nobody", or a colleague’s name.'),
  health: z.array(z.enum(accountHealths)).max(3).optional(),
  state: z.string().max(40).optional().describe('"Texas" or "TX"; of the lead that the account was won from.'),
  city: z.string().max(80).optional(),
  sort: z.enum(accountSorts).default('mrr').describe('mrr: those that pay most a month first.'),
  limit: z.number().int().min(1).max(50).default(10),
});

const money = z.string().describe('USD, exact decimal text.');

export const listAccounts = defineTool({
  name: 'list_accounts',
  title: 'Accounts',
  description:
    'Lists customers (accounts): what they pay a month, how they are doing, their open deals, who looks after them. `total` and `mrrUsd` are of all that fit. For companies that we may still sell to use search_leads.',
  input,
  output: z.object({
    accounts: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        since: z.string(),
        mrrUsd: money.nullable(),
        health: z.string().nullable(),
        leadId: z.string().nullable(),
        city: z.string().nullable(),
        state: z.string().nullable(),
        phone: z.string().nullable(),
        owner: z.string().nullable(),
        openDeals: z.number(),
        openUsd: money,
        demo: z.boolean(),
      }),
    ),
    total: z.number(),
    mrrUsd: money,
    filters: z.string().describe('What was asked for, in words: "accounts in Texas".'),
  }),
  risk: 'read',
  async run({ sort, limit, owner, state, ...asked }, { records }, ctx) {
    const code = state && (regionCode(state) ?? state);
    const ownerId = owner === undefined ? undefined : await resolveOwner(records, owner, ctx);
    const { items, total, mrrUsd } = await records.accounts.list(
      { ...asked, ...(code && { state: code }), ...(ownerId !== undefined && { ownerId }) },
      { sort, limit },
    );
    const words = [
      asked.query && `called "${asked.query}"`,
      asked.health && `in ${asked.health.join(' or ')} health`,
      code && `in ${regionName(code) ?? code}`,
      asked.city && `in ${asked.city}`,
      owner && (owner === 'me' ? 'of yours' : owner === 'nobody' ? 'without an owner' : `of ${owner}`),
    ].filter(Boolean);
    return {
      accounts: items.map(({ ownerId: _owner, ownerName, since, phone, ...account }) => ({
        ...account,
        since: since.toISOString(),
        phone: phone && formatPhone(phone),
        owner: ownerName,
      })),
      total,
      mrrUsd,
      filters: ['accounts', words.join(', ')].filter(Boolean).join(' '),
    };
  },
  card: ({ accounts, total, mrrUsd, filters }, { now }) =>
    total
      ? {
          title: filters === 'accounts' ? 'All accounts' : filters.charAt(0).toUpperCase() + filters.slice(1),
          blocks: [
            {
              type: 'fields',
              fields: [
                { label: 'Accounts', value: total.toLocaleString('en-US') },
                { label: 'A month', value: dollars(mrrUsd) },
              ],
            },
            {
              type: 'table',
              columns: ['#', 'Account', 'A month', 'Health', 'Open deals', 'Place', 'Since', 'Owner'],
              rows: accounts.map((account, i) => [
                String(i + 1),
                account.demo ? `${account.name} (demo)` : account.name,
                account.mrrUsd === null ? '' : dollars(account.mrrUsd),
                account.health ?? '',
                account.openDeals ? `${account.openDeals}, ${dollars(account.openUsd)}` : '',
                place(account),
                formatDay(account.since, now),
                account.owner ?? '',
              ]),
              ...(total > accounts.length && { note: `${accounts.length} of ${total}` }),
            },
          ],
        }
      : undefined,
  shows: ({ accounts }) => accounts.map(({ id, name }) => ({ entity: 'account', id, label: name })),
});
