import { fold, searchText } from '../core/names.ts';
import type { Prisma } from './generated/client.ts';
import type { Handle } from './handle.ts';

/** The text that words are looked up in: a row beside each lead, because its index is too dear for the moment of a long import. */

type Searched = Parameters<typeof searchText>[0];

export async function keepSearchable(handle: Handle, leadId: string, lead: Searched): Promise<void> {
  const text = searchText(lead);
  const { tenantId } = handle.scope;
  await handle.prisma.leadSearch.upsert({ where: { leadId }, create: { leadId, tenantId, text }, update: { text } });
}

/** Imports whose leads have no such row yet: searching looks at those one by one. Nearly always none. */
export async function unsearchedImports(handle: Handle): Promise<string[]> {
  const rows = await handle.prisma.import.findMany({
    where: { tenantId: handle.scope.tenantId, state: 'done', indexedAt: null },
    select: { id: true },
  });
  return rows.map((row) => row.id);
}

/** Leads whose search text holds this word; `unsearched` from `unsearchedImports`. */
export function holding(word: string, unsearched: string[]): Prisma.LeadWhereInput {
  const indexed: Prisma.LeadWhereInput = { search: { text: { contains: literal(word) } } };
  if (unsearched.length === 0) return indexed;
  const contains = { contains: literal(word), mode: 'insensitive' as const };
  const fields = ['name', 'nameKey', 'city', 'state', 'zip', 'phone', 'email', 'domain', 'industry'] as const;
  return { OR: [indexed, { importId: { in: unsearched }, OR: fields.map((field) => ({ [field]: contains })) }] };
}

/** Prisma hands these to LIKE as they are: signs that mean something there must not. */
export const literal = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

/** The words to look for, folded as the search text is; digits of phone numbers joined. */
export function queryWords(query: string): string[] {
  const phone = query.replace(/\D/g, '');
  if (phone.length >= 7 && !/[a-z]/i.test(query)) return [phone.slice(-10)];
  const text = query.includes('@') ? query.toLowerCase().trim() : fold(query);
  return text.split(' ').filter(Boolean).slice(0, 8);
}

const batch = 5_000;

/**
 * Writes the search text of an import's leads, batch by batch, each committed by itself; safe to run again and beside
 * changes to the same leads, whose own text wins.
 */
export async function makeSearchable(handle: Handle, importId: string): Promise<void> {
  const { prisma, scope } = handle;
  let after: string | undefined;
  for (;;) {
    const leads = await prisma.lead.findMany({
      where: { tenantId: scope.tenantId, importId, search: null, ...(after && { id: { gt: after } }) },
      select: {
        id: true,
        name: true,
        city: true,
        state: true,
        zip: true,
        phone: true,
        email: true,
        domain: true,
        industry: true,
      },
      orderBy: { id: 'asc' },
      take: batch,
    });
    if (leads.length === 0) break;
    after = leads.at(-1)!.id;
    await prisma.$executeRaw`
      INSERT INTO lead_search (lead_id, tenant_id, text)
      SELECT id, ${scope.tenantId}::uuid, text FROM unnest(${leads.map((lead) => lead.id)}::uuid[], ${leads.map(searchText)}::text[]) AS made (id, text)
      ON CONFLICT (lead_id) DO NOTHING`;
  }
  await prisma.import.updateMany({ where: { id: importId, tenantId: scope.tenantId }, data: { indexedAt: handle.now() } });
}
