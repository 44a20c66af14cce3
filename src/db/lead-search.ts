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

const batch = 2_000;

/**
 * Writes the search text of the leads that an import made or filled, deleted ones too because they may come back, batch by batch, each committed by itself when no transaction
 * is around; safe to run again and beside changes to the same leads, whose own text wins.
 */
export async function makeSearchable(handle: Handle, importId: string): Promise<void> {
  const { prisma, scope } = handle;
  await writeTexts(handle, (after) =>
    prisma.lead.findMany({
      where: { tenantId: scope.tenantId, importId, ...(after && { id: { gt: after } }) },
      select: searched,
      orderBy: { id: 'asc' },
      take: batch,
    }),
  );
  await writeTexts(
    handle,
    (after) => prisma.$queryRaw<Found[]>`
      SELECT l.id, l.version, l.name, l.city, l.state, l.zip, l.phone, l.email, l.domain, l.industry FROM leads l
      WHERE l.tenant_id = ${scope.tenantId}::uuid AND l.id > ${after ?? noId}::uuid
        AND l.id IN (SELECT lead_id FROM import_rows WHERE import_id = ${importId}::uuid AND outcome = 'merged' AND filled IS NOT NULL)
      ORDER BY l.id LIMIT ${batch}`,
  );
  await prisma.import.updateMany({ where: { id: importId, tenantId: scope.tenantId }, data: { indexedAt: handle.now() } });
}

type Found = Searched & { id: string; version: number };

const searched = {
  id: true,
  version: true,
  name: true,
  city: true,
  state: true,
  zip: true,
  phone: true,
  email: true,
  domain: true,
  industry: true,
};
const noId = '00000000-0000-0000-0000-000000000000';

async function writeTexts({ prisma, scope }: Handle, next: (after: string | undefined) => Promise<Found[]>): Promise<void> {
  let after: string | undefined;
  for (;;) {
    const leads = await next(after);
    if (leads.length === 0) return;
    after = leads.at(-1)!.id;
    const ids = leads.map((lead) => lead.id);
    const versions = leads.map((lead) => lead.version);
    // whoever changes a lead right now is waited for, and has written its text by then
    await prisma.$executeRaw`
      INSERT INTO lead_search (lead_id, tenant_id, text)
      SELECT l.id, ${scope.tenantId}::uuid, made.text
      FROM unnest(${ids}::uuid[], ${versions}::int[], ${leads.map(searchText)}::text[]) AS made (id, version, text)
      JOIN leads l ON l.id = made.id AND l.version = made.version
      FOR SHARE OF l
      ON CONFLICT (lead_id) DO UPDATE SET text = excluded.text WHERE lead_search.text <> excluded.text`;
  }
}
