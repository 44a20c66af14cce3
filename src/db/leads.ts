import { diff, type Fields } from '../core/change.ts';
import { hostDomain } from '../core/domains.ts';
import { factsOf, ownFields } from '../core/facts.ts';
import type { Lead, LeadFields, LeadFilter, LeadStatus, Leads } from '../core/lead.ts';
import { closedStatuses } from '../core/lead.ts';
import { fold, nameKey } from '../core/names.ts';
import { regionName } from '../core/regions.ts';
import { score } from '../core/score.ts';
import type { Profile, Tier } from '../core/scoring.ts';
import { AppError } from '../errors.ts';
import type { Prisma } from './generated/client.ts';
import { gone, type Handle, isId, json, lockRow, newId, plain } from './handle.ts';
import { orders, readCursor, writeCursor } from './lead-page.ts';
import { holding, keepSearchable, literal, queryWords, unsearchedImports } from './lead-search.ts';
import { activeProfile } from './profiles.ts';

const withOwner = { owner: { select: { name: true } } } satisfies Prisma.LeadInclude;
type LeadRow = Prisma.LeadGetPayload<{ include: typeof withOwner }>;

/** The fields a receipt shows and undo can put back. */
const leadFields = [
  'name',
  'status',
  'ownerId',
  'ownerName',
  'phone',
  'email',
  'website',
  'domain',
  'street',
  'city',
  'state',
  'zip',
  'country',
  'industry',
  'employees',
  'attributes',
  'lastContactedAt',
] as const;

export function leads(handle: Handle): Leads {
  const { prisma, scope } = handle;
  const mine = { tenantId: scope.tenantId, deletedAt: null };
  const reader = async () => {
    const { profile } = await activeProfile(handle);
    return (row: LeadRow) => asLead(row, profile);
  };

  const get = async (id: string) => {
    if (!isId(id)) return undefined;
    const row = await prisma.lead.findFirst({ where: { ...mine, id }, include: withOwner });
    return row ? (await reader())(row) : undefined;
  };

  /** Reads the row for changing it: held, and at the version the caller saw. */
  const hold = async (id: string, version?: number) => {
    await lockRow(handle, 'leads', id);
    const lead = await get(id);
    if (!lead) throw gone('lead');
    if (version !== undefined && version !== lead.version) {
      throw new AppError(
        'conflict',
        `${lead.name} was changed since you looked (version ${lead.version}, you have ${version}). Look again and repeat the change.`,
        {
          details: { currentVersion: lead.version },
        },
      );
    }
    return lead;
  };

  return {
    get,

    async find(reference, limit = 6) {
      const text = reference.trim().slice(0, 200);
      if (isId(text)) {
        const lead = await get(text);
        return { leads: lead ? [lead] : [], exact: true };
      }
      const toLead = await reader();
      const unsearched = await unsearchedImports(handle);
      const byContact = await prisma.lead.findMany({
        where: { ...mine, OR: contactMatches(text, unsearched) },
        include: withOwner,
        take: limit,
      });
      if (byContact.length) return { leads: byContact.map(toLead), exact: true };
      const key = nameKey(text);
      if (!key) return { leads: [], exact: false };
      const exact = await prisma.lead.findMany({
        // its folded name holds the key: that is what has an index
        where: { ...mine, nameKey: key, AND: holding(key, unsearched) },
        include: withOwner,
        orderBy: [{ score: 'desc' }, { id: 'asc' }],
        take: limit,
      });
      if (exact.length) return { leads: exact.map(toLead), exact: true };
      return { leads: await similar(handle, key, limit, toLead), exact: false };
    },

    async ofContact(name, limit) {
      const wanted = name.trim().slice(0, 200);
      if (wanted.length < 2) return [];
      // "%" and "_" of a name mean themselves
      const like = wanted.replace(/[\\%_]/g, '\\$&');
      const named = (match: Prisma.StringFilter) => ({ name: { ...match, mode: 'insensitive' as const } });
      const people = await prisma.contact.findMany({
        where: {
          ...mine,
          leadId: { not: null },
          OR: [named({ equals: like }), named({ startsWith: `${like} ` }), named({ endsWith: ` ${like}` })],
        },
        select: { leadId: true },
        take: 50,
      });
      const ids = [...new Set(people.flatMap(({ leadId }) => leadId ?? []))];
      if (ids.length === 0) return [];
      const rows = await prisma.lead.findMany({
        where: { ...mine, id: { in: ids } },
        include: withOwner,
        orderBy: [{ score: 'desc' }, { id: 'asc' }],
        take: limit,
      });
      return rows.map(await reader());
    },

    async search(filter, page) {
      const where = await whereOf(filter, handle);
      const offset = readCursor(page.cursor, filter, page.sort);
      const [total, rows] = await Promise.all([
        prisma.lead.count({ where }),
        prisma.lead.findMany({
          where: offset ? { AND: [where, offset] } : where,
          include: withOwner,
          orderBy: orders[page.sort],
          take: page.limit + 1,
        }),
      ]);
      const items = rows.slice(0, page.limit).map(await reader());
      const last = items.at(-1);
      return { items, total, ...(rows.length > page.limit && last && { nextCursor: writeCursor(last, filter, page.sort) }) };
    },

    async candidates(filter, until, limit) {
      const where: Prisma.LeadWhereInput = {
        AND: [await whereOf(filter, handle), { status: { notIn: [...closedStatuses] } }],
      };
      const openTask = { status: 'open', deletedAt: null } satisfies Prisma.TaskWhereInput;
      const include = { ...withOwner, tasks: { where: openTask, orderBy: { dueAt: 'asc' as const }, take: 1 } };
      const [best, due] = await Promise.all([
        prisma.lead.findMany({ where, include, orderBy: orders.score, take: limit }),
        prisma.lead.findMany({
          where: { AND: [where, { tasks: { some: { ...openTask, dueAt: { lt: until } } } }] },
          include,
          take: limit,
        }),
      ]);
      const toLead = await reader();
      const rows = new Map([...best, ...due].map((row) => [row.id, row]));
      return [...rows.values()].map((row) => ({
        lead: toLead(row),
        nextTaskAt: row.tasks[0]?.dueAt ?? null,
        nextTaskTitle: row.tasks[0]?.title ?? null,
      }));
    },

    async create(fields) {
      const row = await prisma.lead.create({
        data: {
          id: newId(),
          tenantId: scope.tenantId,
          ...(await columns(handle, fields)),
          name: fields.name,
          source: fields.source,
        },
        include: withOwner,
      });
      const lead = (await reader())(row);
      await keepSearchable(handle, lead.id, lead);
      handle.changes.push({ entity: 'lead', id: lead.id, label: lead.name, op: 'create', before: null, after: kept(lead) });
      return lead;
    },

    async update(id, fields, version, edited = true) {
      const before = await hold(id, version);
      const data = await columns(handle, fields, before);
      const row = await prisma.lead.update({
        where: { id },
        data: { ...data, ...(edited && { edited }), version: { increment: 1 }, updatedAt: handle.now() },
        include: withOwner,
      });
      const after = (await reader())(row);
      await keepSearchable(handle, id, after);
      const change = { entity: 'lead', id, label: after.name, op: 'update', before: kept(before), after: kept(after) } as const;
      const changed = diff(change, false).map((d) => d.field);
      if (changed.length)
        handle.changes.push({ ...change, before: pick(change.before, changed), after: pick(change.after, changed) });
      return after;
    },

    async delete(id, version) {
      const lead = await hold(id, version);
      await prisma.lead.update({
        where: { id },
        data: { deletedAt: handle.now(), version: { increment: 1 }, updatedAt: handle.now() },
      });
      handle.changes.push({ entity: 'lead', id, label: lead.name, op: 'delete', before: kept(lead), after: null });
      return lead;
    },

    async *each(filter) {
      const where = await whereOf(filter, handle);
      for (let last: string | undefined; ; ) {
        const rows = await prisma.lead.findMany({
          where: last ? { AND: [where, { id: { gt: last } }] } : where,
          select: scoredColumns,
          orderBy: { id: 'asc' },
          take: eachTime,
        });
        if (rows.length === 0) return;
        last = rows.at(-1)!.id;
        yield rows.map((row) => ({ id: row.id, score: row.score, tier: row.tier as Tier, facts: factsOf(row) }));
      }
    },

    count: async (filter) => prisma.lead.count({ where: await whereOf(filter, handle) }),

    async keepFindings(id, findings) {
      await lockRow(handle, 'leads', id);
      const lead = await get(id);
      if (!lead) throw gone('lead');
      const asked = new Set(findings.map(({ question }) => question));
      const all = [...lead.findings.filter(({ question }) => !asked.has(question)), ...findings];
      const { profile } = await activeProfile(handle);
      const { score: points, tier } = score(profile, factsOf({ ...lead, findings: all }));
      await prisma.lead.update({ where: { id }, data: { findings: json(all), score: points, tier } });
    },
  };
}

/** Names spelled nearly like this one: trigram similarity of the key, best first, only what is close to the best. */
async function similar(handle: Handle, key: string, limit: number, toLead: (row: LeadRow) => Lead): Promise<Lead[]> {
  const hits = await handle.prisma.$queryRaw<{ id: string; closeness: number }[]>`
    SELECT id, closeness FROM (
      SELECT id, score, greatest(word_similarity(${key}, name_key), similarity(${key}, name_key)) AS closeness
      FROM leads l JOIN lead_search s ON s.lead_id = l.id
      WHERE l.tenant_id = ${handle.scope.tenantId}::uuid AND l.deleted_at IS NULL AND ${key} <% s.text
    ) near WHERE closeness >= 0.6 ORDER BY closeness DESC, score DESC, id LIMIT ${limit}`;
  const best = hits[0]?.closeness ?? 0;
  const near = hits.filter((hit) => hit.closeness >= best - 0.1);
  const rows = await handle.prisma.lead.findMany({ where: { id: { in: near.map((hit) => hit.id) } }, include: withOwner });
  return near.flatMap((hit) => rows.filter((row) => row.id === hit.id).map(toLead));
}

/** Leads with exactly this phone number, e-mail address or domain. The search text narrows them down: it has the index. */
function contactMatches(text: string, unsearched: string[]): Prisma.LeadWhereInput[] {
  const digits = text.replace(/\D/g, '');
  const matches: Prisma.LeadWhereInput[] = [];
  const exactly = (word: string, where: Prisma.LeadWhereInput) => matches.push({ AND: [holding(word, unsearched), where] });
  if (text.includes('@')) exactly(text.toLowerCase(), { email: text.toLowerCase() });
  if (digits.length >= 7 && !/[a-z]/i.test(text)) exactly(digits.slice(-10), { phone: { endsWith: digits.slice(-10) } });
  const domain = /\.[a-z]{2,}/i.test(text) && !text.includes(' ') && !text.includes('@') ? hostDomain(text) : undefined;
  if (domain) exactly(domain, { domain });
  return matches.length ? matches : [{ id: { in: [] } }];
}

async function whereOf(filter: LeadFilter, handle: Handle): Promise<Prisma.LeadWhereInput> {
  const words = filter.query ? queryWords(filter.query) : [];
  // the city stands in the search text too: its index finds what a comparison without regard to case cannot
  const sought = filter.city ? [...words, fold(filter.city)] : words;
  const unsearched = sought.length ? await unsearchedImports(handle) : [];
  const all = sought.map((word) => holding(word, unsearched));
  for (const field of filter.has ?? []) all.push({ [field]: { not: null } });
  for (const field of filter.missing ?? []) all.push({ [field === 'owner' ? 'ownerId' : field]: null });
  if (filter.notContactedDays !== undefined) {
    const before = new Date(handle.now().getTime() - filter.notContactedDays * 86_400_000);
    all.push(
      filter.notContactedDays === 0
        ? { lastContactedAt: null }
        : { OR: [{ lastContactedAt: null }, { lastContactedAt: { lt: before } }] },
    );
  }
  return {
    tenantId: handle.scope.tenantId,
    deletedAt: null,
    ...(filter.status?.length && { status: { in: filter.status } }),
    ...(filter.tier?.length && { tier: { in: filter.tier } }),
    ...(filter.state && {
      state: regionName(filter.state) ? filter.state : { equals: literal(filter.state), mode: 'insensitive' },
    }),
    ...(filter.city && { city: { equals: literal(filter.city), mode: 'insensitive' } }),
    ...(filter.ownerId !== undefined && { ownerId: filter.ownerId }),
    ...((filter.minScore !== undefined || filter.maxScore !== undefined) && {
      score: { gte: filter.minScore, lte: filter.maxScore },
    }),
    ...(filter.createdSince && { createdAt: { gte: filter.createdSince } }),
    ...(filter.importId && { importId: filter.importId }),
    ...(all.length && { AND: all }),
  };
}

/** Everything that follows from the given fields: keys for matching and searching, and the score where they bear on it. */
async function columns(handle: Handle, fields: LeadFields, before?: Lead) {
  const whole = {
    ...before,
    ...fields,
    name: fields.name ?? before?.name ?? '',
    industry: (fields.industry !== undefined ? fields.industry : before?.industry) ?? null,
    attributes: fields.attributes ?? before?.attributes ?? {},
  };
  const ofWebsite = () => hostDomain(whole.website ?? '') ?? null;
  // one that came without a website, as from a list, outlives changes that are not about it
  const domain =
    fields.domain !== undefined ? fields.domain : fields.website !== undefined ? ofWebsite() : (before?.domain ?? null);
  const given = { ...fields, attributes: json(whole.attributes), domain, nameKey: nameKey(whole.name) };
  if (before && !scored.some((field) => fields[field] !== undefined)) return given;
  const { profile } = await activeProfile(handle);
  const rating = score(profile, factsOf({ ...whole, domain }));
  return { ...given, score: rating.score, tier: rating.tier };
}

const eachTime = 2000;
const scoredColumns = {
  id: true,
  name: true,
  industry: true,
  employees: true,
  city: true,
  state: true,
  zip: true,
  country: true,
  website: true,
  domain: true,
  attributes: true,
  findings: true,
  score: true,
  tier: true,
} satisfies Prisma.LeadSelect;

/** What a score may follow from. */
const scored = ['name', 'attributes', ...ownFields] as const;

function asLead({ owner, ...row }: LeadRow, profile: Profile): Lead {
  const attributes = (row.attributes ?? {}) as Record<string, string>;
  return {
    id: row.id,
    name: row.name,
    status: row.status as LeadStatus,
    ownerId: row.ownerId,
    ownerName: owner?.name ?? null,
    phone: row.phone,
    email: row.email,
    domain: row.domain,
    website: row.website,
    street: row.street,
    city: row.city,
    state: row.state,
    zip: row.zip,
    country: row.country,
    industry: row.industry,
    employees: row.employees,
    attributes,
    source: row.source,
    importId: row.importId,
    score: row.score,
    tier: row.tier as Tier,
    // not kept: it follows from the same facts as the score
    scoreDetail: score(profile, factsOf(row)),
    findings: (row.findings as unknown as Lead['findings'] | null) ?? [],
    lastContactedAt: row.lastContactedAt,
    demo: row.demo,
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

const kept = (lead: Lead): Fields => Object.fromEntries(leadFields.map((field) => [field, plain(lead[field])]));
const pick = (fields: Fields, names: string[]): Fields => Object.fromEntries(names.map((name) => [name, fields[name] ?? null]));
