import type { Pool, PoolClient } from 'pg';
import type { ImportCounts, ImportSummary, Imports, LeadRow, RejectedRow, Upload, Uploads } from '../core/importing.ts';
import { nameKey, searchText } from '../core/names.ts';
import { AppError } from '../errors.ts';
import { type Cell, copyRows } from './copy.ts';
import { type Import as ImportRow, Prisma, type Upload as UploadRow } from './generated/client.ts';
import { type Handle, isId, json, newId } from './handle.ts';
import { showDemo } from './workspace.ts';

const fields = [
  'id',
  'line',
  'name',
  'name_key',
  'phone',
  'email',
  'domain',
  'website',
  'street',
  'city',
  'state',
  'zip',
  'country',
  'industry',
] as const;
const columns = [
  ...fields,
  'employees',
  'attributes',
  'score',
  'tier',
  'score_detail',
  'search_text',
  'contact_name',
  'contact_title',
  'reason',
  'raw',
];
/** The columns that a lead takes from a staged row as they are. */
const leadColumns = columns
  .filter((column) => !['line', 'contact_name', 'contact_title', 'reason', 'raw'].includes(column))
  .join(', ');

/** From here on an import changes what the planner should know. */
const manyRows = 5000;

export function imports(handle: Handle, pool: Pool): Imports {
  const { prisma, scope } = handle;
  const mine = { tenantId: scope.tenantId };
  return {
    async get(id) {
      const row = isId(id) ? await prisma.import.findFirst({ where: { ...mine, id } }) : null;
      return row ? toSummary(row) : undefined;
    },
    async list(limit) {
      return (await prisma.import.findMany({ where: mine, orderBy: { id: 'desc' }, take: limit })).map(toSummary);
    },
    async rejected(id, limit) {
      const rows = await prisma.importRow.findMany({ where: { ...mine, importId: id }, orderBy: { line: 'asc' }, take: limit });
      return rows.map(({ line, reason, raw }) => ({ line, reason, raw: raw as Record<string, string> }));
    },
    async load({ id, fileName, mapping, rows, signal }) {
      const stage = `import_stage_${id.replaceAll('-', '')}`;
      await stageRows(pool, stage, rows, signal);
      // not now: the merge below holds the table until its transaction ends
      handle.afterwards.push(() => pool.query(`DROP TABLE IF EXISTS ${stage}`));
      const counts = await merge(handle, { id, fileName, mapping, stage, signal });
      // many new rows at once: tell the planner, and let counting read the index alone. Nobody waits for it
      if (counts.imported >= manyRows)
        handle.afterwards.push(async () => void pool.query('VACUUM (ANALYZE) leads').catch(() => undefined));
      return counts;
    },
    async revert(id) {
      return revert(handle, id);
    },
  };
}

/** Bytes to a table of its own, on its own connection: what is staged is nobody's data yet, and needs no log. */
async function stageRows(
  pool: Pool,
  stage: string,
  rows: AsyncIterable<LeadRow | RejectedRow>,
  signal: AbortSignal,
): Promise<void> {
  const client: PoolClient = await pool.connect();
  let broken: unknown;
  try {
    await client.query(`DROP TABLE IF EXISTS ${stage}`);
    await client.query(`CREATE UNLOGGED TABLE ${stage} (id uuid, line int, name text, name_key text, phone text, email text, domain text, website text, street text, city text,
      state text, zip text, country text, industry text, employees int, attributes jsonb, score float8, tier text, score_detail jsonb, search_text text,
      contact_name text, contact_title text, reason text, raw jsonb, twin uuid)`);
    await copyRows(client, stage, columns, staged(rows), signal);
    await client.query(`ANALYZE ${stage}`);
  } catch (error) {
    broken = error;
    throw signal.aborted ? stopped(error) : error;
  } finally {
    // after a broken COPY the connection is in the middle of a message: do not give it to the next caller
    client.release(broken !== undefined);
    if (broken) await pool.query(`DROP TABLE IF EXISTS ${stage}`).catch(() => undefined);
  }
}

const stopped = (cause?: unknown) => new AppError('cancelled', 'The import was stopped; nothing was kept.', { cause });

async function* staged(rows: AsyncIterable<LeadRow | RejectedRow>): AsyncIterable<Cell[]> {
  for await (const row of rows) {
    if ('reason' in row) {
      yield [newId(), row.line, ...Array(columns.length - 4).fill(null), row.reason, JSON.stringify(row.raw)];
      continue;
    }
    const { line, name, phone, email, domain, website, street, city, state, zip, country, industry, employees } = row;
    yield [
      newId(),
      line,
      name,
      nameKey(name),
      phone,
      email,
      domain,
      website,
      street,
      city,
      state,
      zip,
      country,
      industry,
      employees,
      JSON.stringify(row.attributes),
      row.score,
      row.tier,
      JSON.stringify(row.scoreDetail),
      searchText(row),
      row.contactName,
      row.contactTitle,
      null,
      null,
    ];
  }
}

/** Staged rows become leads, contacts and reasons in the caller's transaction. One import of a tenant at a time, so that two of the same list cannot both find nothing. */
async function merge(
  handle: Handle,
  source: { id: string; fileName: string; mapping: Record<string, string>; stage: string; signal: AbortSignal },
): Promise<ImportCounts> {
  const { prisma, scope } = handle;
  const { id, fileName, mapping, stage, signal } = source;
  // a long list takes a while here too: whoever stops it need not wait for what is then thrown away
  const run = async (sql: string, ...values: unknown[]) => {
    if (signal.aborted) throw stopped();
    return prisma.$executeRawUnsafe(sql, ...values);
  };
  await run(`SELECT pg_advisory_xact_lock(hashtext('import'), hashtext($1))`, scope.tenantId);
  await prisma.import.create({ data: { id, tenantId: scope.tenantId, userId: scope.userId, fileName, mapping: json(mapping) } });

  const twins: [string, string][] = [
    ['same phone', 's.phone = l.phone'],
    ['same e-mail', 's.email = l.email'],
    [
      'same name and place',
      `s.name_key = l.name_key AND lower(coalesce(s.city, '')) = lower(coalesce(l.city, '')) AND s.state IS NOT DISTINCT FROM l.state AND s.zip IS NOT DISTINCT FROM l.zip`,
    ],
  ];
  for (const [why, join] of twins) {
    await run(
      `UPDATE ${stage} s SET twin = l.id, reason = $2 || ' as ' || l.name || ', already here' FROM leads l
      WHERE s.reason IS NULL AND l.tenant_id = $1::uuid AND l.deleted_at IS NULL AND ${join}`,
      scope.tenantId,
      why,
    );
  }
  const repeats: [string, string, string][] = [
    ['same phone', 'phone', 'phone IS NOT NULL'],
    ['same e-mail', 'email', 'email IS NOT NULL'],
    ['same name and place', 'name_key, lower(city), state, zip', 'true'],
  ];
  for (const [why, keys, present] of repeats) {
    await run(
      `UPDATE ${stage} s SET twin = first.id, reason = $1 || ' as line ' || first.line FROM (
        SELECT line, first_value(line) OVER w AS first_line, first_value(id) OVER w AS first_id FROM ${stage} WHERE reason IS NULL AND ${present} WINDOW w AS (PARTITION BY ${keys} ORDER BY line)
      ) r JOIN ${stage} first ON first.id = r.first_id WHERE s.line = r.line AND r.line <> r.first_line AND s.reason IS NULL`,
      why,
    );
  }

  await run(
    `INSERT INTO leads (tenant_id, import_id, source, ${leadColumns}) SELECT $1::uuid, $2::uuid, 'import', ${leadColumns} FROM ${stage} WHERE reason IS NULL`,
    scope.tenantId,
    id,
  );
  await run(
    `INSERT INTO contacts (id, tenant_id, lead_id, name, title) SELECT gen_random_uuid(), $1::uuid, id, contact_name, contact_title FROM ${stage} WHERE reason IS NULL AND contact_name IS NOT NULL`,
    scope.tenantId,
  );
  await run(
    `INSERT INTO import_rows (tenant_id, import_id, line, outcome, reason, raw, lead_id)
    SELECT $1::uuid, $2::uuid, line, CASE WHEN twin IS NULL THEN 'rejected' ELSE 'duplicate' END, reason,
      coalesce(raw, attributes || jsonb_strip_nulls(jsonb_build_object('name', name, 'phone', phone, 'email', email, 'website', website, 'street', street, 'city', city, 'state', state, 'zip', zip))), twin
    FROM ${stage} WHERE reason IS NOT NULL`,
    scope.tenantId,
    id,
  );

  if (signal.aborted) throw stopped();
  const [sums] = await prisma.$queryRawUnsafe<{ rows: number; imported: number; duplicates: number; failed: number }[]>(
    `SELECT count(*)::int AS rows, count(*) FILTER (WHERE reason IS NULL)::int AS imported,
      count(*) FILTER (WHERE twin IS NOT NULL)::int AS duplicates, count(*) FILTER (WHERE reason IS NOT NULL AND twin IS NULL)::int AS failed FROM ${stage}`,
  );
  const counts: ImportCounts = { ...sums!, merged: 0, review: 0 };
  await prisma.import.update({ where: { id }, data: { state: 'done', counts: json(counts), finishedAt: handle.now() } });
  handle.changes.push({
    entity: 'import',
    id,
    label: `of ${fileName}`,
    op: 'create',
    before: null,
    after: { imported: counts.imported, duplicates: counts.duplicates, rejected: counts.failed },
  });
  return counts;
}

/** Takes an import back: leads nobody touched since are deleted, the others are kept and named. */
async function revert(handle: Handle, id: string): Promise<{ removed: number; kept: { id: string; label: string }[] }> {
  const { prisma, scope } = handle;
  const touched = Prisma.sql`(l.version > 1
    OR EXISTS (SELECT 1 FROM activities a WHERE a.lead_id = l.id AND a.deleted_at IS NULL)
    OR EXISTS (SELECT 1 FROM tasks t WHERE t.lead_id = l.id AND t.deleted_at IS NULL))`;
  const removed = await prisma.$executeRaw`
    UPDATE leads l SET deleted_at = now(), updated_at = now(), version = version + 1
    WHERE l.tenant_id = ${scope.tenantId}::uuid AND l.import_id = ${id}::uuid AND l.deleted_at IS NULL AND NOT ${touched}`;
  const kept = await prisma.$queryRaw<{ id: string; label: string }[]>`
    SELECT id, name AS label FROM leads WHERE tenant_id = ${scope.tenantId}::uuid AND import_id = ${id}::uuid AND deleted_at IS NULL ORDER BY name LIMIT 100`;
  await prisma.import.update({ where: { id }, data: { state: 'undone' } });
  // the demo stepped aside for a list; with no list left it is what there is to see
  if ((await prisma.lead.count({ where: { tenantId: scope.tenantId, deletedAt: null } })) === 0) await showDemo(handle, true);
  handle.changes.push({
    entity: 'import',
    id,
    label: '',
    op: 'delete',
    before: { leads: removed + kept.length },
    after: { leads: kept.length },
  });
  return { removed, kept };
}

const toSummary = (row: ImportRow): ImportSummary => ({
  id: row.id,
  fileName: row.fileName,
  state: row.state as ImportSummary['state'],
  mapping: row.mapping as Record<string, string>,
  ...({ rows: 0, imported: 0, merged: 0, duplicates: 0, review: 0, failed: 0, ...(row.counts as object) } satisfies ImportCounts),
  createdAt: row.createdAt,
  finishedAt: row.finishedAt,
});

export function uploads(handle: Handle): Uploads {
  const mine = { tenantId: handle.scope.tenantId, userId: handle.scope.userId };
  return {
    async get(id) {
      const row = isId(id)
        ? await handle.prisma.upload.findFirst({ where: { ...mine, id, expiresAt: { gt: handle.now() } } })
        : null;
      return row ? toUpload(row) : undefined;
    },
    async named(fileName) {
      const row = await handle.prisma.upload.findFirst({
        where: { ...mine, fileName, expiresAt: { gt: handle.now() } },
        orderBy: { createdAt: 'desc' },
      });
      return row ? toUpload(row) : undefined;
    },
    async create(upload) {
      const expiresAt = new Date(handle.now().getTime() + 24 * 3600_000);
      return toUpload(
        await handle.prisma.upload.create({ data: { ...mine, ...upload, bytes: BigInt(upload.bytes), expiresAt } }),
      );
    },
  };
}

const toUpload = ({ id, fileName, bytes, sha256, createdAt, expiresAt }: UploadRow): Upload => ({
  id,
  fileName,
  bytes: Number(bytes),
  sha256,
  createdAt,
  expiresAt,
});
