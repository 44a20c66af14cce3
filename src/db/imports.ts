import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import {
  type Asked,
  type FillableField,
  fillableFields,
  type ImportCounts,
  type Imports,
  knownCells,
  leadCells,
  type Merge,
  type MergeTarget,
  outcomeCells,
} from '../core/importing.ts';
import { mergeTarget } from '../core/merge-target.ts';
import { rowText } from '../core/rowtext.ts';
import { AppError } from '../errors.ts';
import type { Connections } from './connections.ts';
import { copyIn, copyOut, inBatches } from './copy.ts';
import { Prisma } from './generated/client.ts';
import { type Handle, isId, json, newId } from './handle.ts';
import { leftOut, toSummaries } from './import-record.ts';
import { makeSearchable } from './lead-search.ts';
import { activeProfile } from './profiles.ts';
import { addJob } from './queue.ts';
import { rescore } from './rescore.ts';
import { revertImport } from './revert-import.ts';

/** From here on an import changes what the planner should know. */
const manyRows = 5000;
/** So many leads are made searchable with the import itself; more of them by a job after it. */
const searchableAtOnce = 2000;
const lockRetryMs = 100;

export function imports(handle: Handle, { pool, connections }: { pool: Pool; connections: Connections }): Imports {
  const { prisma, scope } = handle;
  const mine = { tenantId: scope.tenantId };

  /** COPY of rows that are ours and of this import, whatever else they hold. */
  const add = async (table: string, columns: readonly string[], lines: AsyncIterable<string>) =>
    copyIn(await connections.of(handle), table, columns, inBatches(lines));

  return {
    async get(id) {
      const row = isId(id) ? await prisma.import.findFirst({ where: { ...mine, id } }) : null;
      return row ? (await toSummaries(handle, [row]))[0] : undefined;
    },
    async list(limit) {
      return toSummaries(
        handle,
        await prisma.import.findMany({ where: mine, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: limit }),
      );
    },
    leftOut: (id, filter, page) => leftOut(handle, id, filter, page),
    async remembered(signature) {
      const row = await prisma.importMapping.findFirst({ where: { ...mine, signature } });
      return row ? (row.mapping as Record<string, string>) : undefined;
    },
    async remember(signature, mapping) {
      const data = { mapping: json(mapping), userId: scope.userId, updatedAt: handle.now() };
      await prisma.importMapping.upsert({
        where: { tenantId_signature: { ...mine, signature } },
        create: { ...mine, signature, ...data },
        update: data,
      });
    },

    async hold(signal) {
      for (;;) {
        const [answer] = await prisma.$queryRaw<{ ok: boolean }[]>`
          SELECT pg_try_advisory_xact_lock(hashtext('import'), hashtext(${scope.tenantId})) AS ok`;
        if (answer!.ok) return;
        // asked again and again rather than waited for: whoever stops an import in the queue should not wait for the one before it
        await sleep(lockRetryMs, undefined, { signal }).catch(() => {
          throw new AppError('cancelled', 'The import was stopped; nothing was kept.');
        });
      }
    },
    async *known() {
      yield* copyOut(await connections.of(handle), liveLeads(scope.tenantId, { mostPeople }));
    },
    async targets(ids) {
      const targets = new Map<string, MergeTarget>();
      if (ids.length === 0) return targets;
      const lines: Buffer[] = [];
      for await (const piece of copyOut(await connections.of(handle), `${liveLeads(scope.tenantId, { ids })} FOR UPDATE OF l`))
        lines.push(Buffer.from(piece));
      for (const line of Buffer.concat(lines).toString('utf8').split('\n').slice(0, -1)) {
        const target = mergeTarget(line);
        targets.set(target.id, target);
      }
      return targets;
    },
    async asked(leadIds) {
      const rows = await prisma.$queryRaw<(Asked & { leadId: string })[]>`
        SELECT r.lead_id AS "leadId", r.company, r.decision, r.line, i.file_name AS "fileName"
        FROM import_rows r JOIN imports i ON i.id = r.import_id AND i.state = 'done'
        WHERE r.tenant_id = ${scope.tenantId}::uuid AND r.outcome = 'review' AND r.lead_id = ANY(${leadIds}::uuid[])
          AND (r.decision IS NULL OR r.decision IN ('same', 'drop'))
        ORDER BY r.id DESC`;
      const asked = new Map<string, Asked[]>();
      for (const { leadId, ...question } of rows) asked.set(leadId, [...(asked.get(leadId) ?? []), question]);
      return asked;
    },
    async begin({ id, fileName, headers, mapping }) {
      // pairs, because JSON in the database forgets the order of keys, and the order of columns is how people know their file
      const pairs = headers.map((header) => [header, mapping[header] ?? '']);
      await prisma.import.create({ data: { id, ...mine, userId: scope.userId, fileName, mapping: json(pairs) } });
    },
    async addLeads(importId, lines) {
      const columns = ['id', 'tenant_id', 'import_id', 'source', ...leadCells];
      return copyIn(await connections.of(handle), 'leads', columns, lines(`${uuid(scope.tenantId)}\t${uuid(importId)}\timport`));
    },
    async addPeople(importId, people) {
      const columns = ['id', 'tenant_id', 'import_id', 'lead_id', 'name', 'title', 'email', 'phone'];
      await add(
        'contacts',
        columns,
        texts(people, ({ leadId, name, title, email, phone }) => [
          newId(),
          scope.tenantId,
          importId,
          leadId,
          name,
          title,
          email,
          phone,
        ]),
      );
    },
    async addDeals(importId, deals) {
      const columns = ['id', 'tenant_id', 'import_id', 'lead_id', 'name', 'stage', 'amount_usd', 'closes_at'];
      await add(
        'deals',
        columns,
        texts(deals, (deal) => [
          newId(),
          scope.tenantId,
          importId,
          deal.leadId,
          deal.name,
          deal.stage ?? 'new',
          deal.amountUsd,
          deal.closesAt,
        ]),
      );
    },
    async addAccounts(importId, accounts) {
      const columns = ['id', 'tenant_id', 'import_id', 'lead_id', 'name', 'since', 'mrr_usd', 'health'];
      const today = handle.now().toISOString();
      await add(
        'accounts',
        columns,
        texts(accounts, (account) => [
          newId(),
          scope.tenantId,
          importId,
          account.leadId,
          account.name,
          account.since ?? today,
          account.mrrUsd,
          account.health,
        ]),
      );
    },
    merge: (merges) => merge(handle, merges),
    async addOutcomes(importId, lines) {
      await add(
        'import_rows',
        ['tenant_id', 'import_id', ...outcomeCells],
        ours(each(lines), `${uuid(scope.tenantId)}\t${uuid(importId)}`, 0),
      );
    },
    async finish(importId, fileName, counts) {
      const searchable = counts.imported + counts.merged <= searchableAtOnce;
      await prisma.import.update({
        where: { id: importId },
        data: { state: 'done', counts: json(counts), finishedAt: handle.now() },
      });
      if (searchable) await makeSearchable(handle, importId);
      else await addJob(handle, 'index', { tenantId: scope.tenantId, importId }, { key: `index:${importId}` });
      // many new rows at once: tell the planner, and let counting read the index alone. Nobody waits for it
      if (counts.imported >= manyRows)
        handle.afterwards.push(async () => void pool.query('VACUUM (ANALYZE) leads').catch(() => undefined));
      noteImport(handle, importId, fileName, counts);
    },
    note: (importId, fileName, counts) => noteImport(handle, importId, fileName, counts),
    index: (importId) => makeSearchable(handle, importId),
    revert: (id) => revertImport(handle, id),
  };
}

/** Ids that go into SQL as they are; anything else is a mistake of ours. */
function uuid(id: string): string {
  if (!isId(id)) throw new Error('not an id');
  return id;
}

/** Each line with what all rows share, after its first `keep` cells. */
async function* ours(lines: AsyncIterable<string>, shared: string, keep = 1): AsyncGenerator<string> {
  for await (const line of lines) {
    const at = keep === 0 ? 0 : line.indexOf('\t') + 1;
    yield `${line.slice(0, at)}${shared}\t${line.slice(at)}`;
  }
}

async function* each<T>(batches: AsyncIterable<T[]>): AsyncGenerator<T> {
  for await (const batch of batches) yield* batch;
}

async function* texts<T>(batches: AsyncIterable<T[]>, cells: (row: T) => Parameters<typeof rowText>[0]): AsyncGenerator<string> {
  for await (const batch of batches) for (const row of batch) yield rowText(cells(row));
}

function noteImport(
  handle: Handle,
  id: string,
  fileName: string,
  { imported, merged, duplicates, review, failed }: ImportCounts,
): void {
  const after = { imported, merged, duplicates, review, rejected: failed };
  handle.changes.push({ entity: 'import', id, label: `of ${fileName}`, op: 'create', before: null, after });
}

/** Of a company with thousands of people so many are looked at to find out whether a row is that company. */
const mostPeople = 20;

/** A query for lines of `knownCells`: all live leads, or those of these ids in their order, as every other writer of many leads goes. */
function liveLeads(tenantId: string, which: { mostPeople: number } | { ids: string[] }): string {
  const mine = (of: string) => `FROM ${of} o WHERE o.tenant_id = l.tenant_id AND o.lead_id = l.id AND o.deleted_at IS NULL`;
  const contacts = `SELECT o.id, o.name, o.title, o.email, o.phone ${mine('contacts')} ORDER BY o.id`;
  const limit = 'mostPeople' in which ? ` LIMIT ${which.mostPeople}` : '';
  const made: Partial<Record<(typeof knownCells)[number], string>> = {
    people: `(SELECT json_agg(json_strip_nulls(row_to_json(p))) FROM (${contacts}${limit}) p)`,
    deals: `(SELECT json_agg(o.name) ${mine('deals')})`,
    account: `EXISTS (SELECT 1 ${mine('accounts')})`,
  };
  const columns = knownCells.map((cell) => made[cell] ?? `l.${cell}`).join(', ');
  const some = 'ids' in which ? ` AND l.id IN (${which.ids.map((id) => `'${uuid(id)}'`).join(', ')}) ORDER BY l.id` : '';
  return `SELECT ${columns} FROM leads l WHERE l.tenant_id = '${uuid(tenantId)}' AND l.deleted_at IS NULL${some}`;
}

/** Only what is empty is filled, whatever the merge says: a field that somebody entered meanwhile stays. */
async function merge(handle: Handle, merges: Merge[]): Promise<void> {
  const { prisma, scope } = handle;
  if (merges.length === 0) return;
  const columns = fillableFields.map((field: FillableField) => `${field} ${field === 'employees' ? 'int' : 'text'}`).join(', ');
  const sets = fillableFields.map((field) => `${field} = coalesce(l.${field}, m.${field})`).join(', ');
  const rows = merges.map(({ id, fields, attributes, score, tier }) => ({ id, ...fields, attributes, score, tier }));
  await prisma.$executeRawUnsafe(
    `UPDATE leads l SET ${sets}, attributes = m.attributes || l.attributes, score = m.score, tier = m.tier, version = l.version + 1, updated_at = now()
     FROM jsonb_to_recordset($1::jsonb) AS m (id uuid, ${columns}, attributes jsonb, score float8, tier text)
     WHERE l.id = m.id AND l.tenant_id = $2::uuid`,
    JSON.stringify(rows),
    scope.tenantId,
  );
  // what models found out is not read for comparing, and counts all the same
  const found = await prisma.lead.findMany({
    where: { tenantId: scope.tenantId, id: { in: merges.map(({ id }) => id) }, findings: { not: Prisma.DbNull } },
    select: { id: true },
  });
  if (found.length > 0) await rescore(handle, (await activeProfile(handle)).profile, { ids: found.map(({ id }) => id) });
  const people = merges.flatMap(({ contacts }) => Object.entries(contacts).map(([id, fields]) => ({ id, ...fields })));
  if (people.length > 0)
    await prisma.$executeRaw`
      UPDATE contacts c SET title = coalesce(c.title, m.title), email = coalesce(c.email, m.email), phone = coalesce(c.phone, m.phone), updated_at = now()
      FROM jsonb_to_recordset(${JSON.stringify(people)}::jsonb) AS m (id uuid, title text, email text, phone text)
      WHERE c.id = m.id AND c.tenant_id = ${scope.tenantId}::uuid`;
}
