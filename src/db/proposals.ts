import { atLeast, roles } from '../core/actor.ts';
import type { Decider, Proposal, Proposals } from '../core/proposal.ts';
import { Prisma, type Proposal as ProposalRow } from './generated/client.ts';
import { type Handle, isId, json, newId } from './handle.ts';

export function proposals(handle: Handle): Proposals {
  const { prisma, scope } = handle;
  const get = async (id: string) => {
    const row = isId(id) ? await prisma.proposal.findFirst({ where: { tenantId: scope.tenantId, id } }) : null;
    return row ? toProposal(row) : undefined;
  };
  return {
    get,
    async list({ status, conversationId, decidableBy, visibleTo, limit }) {
      const who = visibleTo ?? decidableBy;
      const where: Prisma.ProposalWhereInput = {
        tenantId: scope.tenantId,
        ...(status && { status }),
        // a pending row past its time is closed by the sweeper soon; nobody can decide it, so nobody is shown it
        ...(status === 'pending' && { expiresAt: { gt: await databaseNow(handle) } }),
        ...(conversationId && { conversationId }),
        ...(who && {
          OR: [
            { deciderRole: null, deciderId: who.userId },
            ...(who.role === 'admin' ? [{ deciderRole: 'admin', OR: [{ delegatedById: null }, { deciderId: who.userId }] }] : []),
            ...(visibleTo ? [{ requesterId: visibleTo.userId }, { delegatedById: visibleTo.userId }] : []),
          ],
        }),
      };
      const [total, rows] = await Promise.all([
        prisma.proposal.count({ where }),
        prisma.proposal.findMany({ where, orderBy: { id: 'desc' }, take: limit }),
      ]);
      return { total, items: rows.map(toProposal) };
    },
    async create({ ttlHours, idempotencyKey, ...proposal }) {
      const id = newId();
      const { preview, changes, input, ...rest } = proposal;
      await prisma.$executeRaw`
        INSERT INTO proposals (id, tenant_id, tool, input, params_hash, risk, reach, title, reason, changes, preview, confirm_count, requested_by,
          decider_role, decider_id, conversation_id, requester_id, surface, idempotency_key, expires_at)
        VALUES (${id}::uuid, ${scope.tenantId}::uuid, ${rest.tool}, ${JSON.stringify(input)}::jsonb, ${rest.paramsHash}, ${rest.risk}, ${rest.reach}, ${rest.title},
          ${rest.reason}, ${JSON.stringify(changes)}::jsonb, ${JSON.stringify(preview ?? null)}::jsonb, ${rest.confirmCount}, ${rest.requestedBy},
          ${rest.deciderRole}, ${scope.userId}::uuid, ${rest.conversationId}::uuid, ${scope.userId}::uuid, ${scope.surface}, ${idempotencyKey ?? null},
          now() + make_interval(hours => ${ttlHours}::int))
        ON CONFLICT (tenant_id, idempotency_key) DO NOTHING`;
      const row = await prisma.proposal.findFirstOrThrow({
        where: idempotencyKey ? { tenantId: scope.tenantId, idempotencyKey } : { id },
      });
      return toProposal(row);
    },
    async decide(id, { decision, note, shownHash, decider, edited }) {
      const status = decision === 'ignore' ? 'ignored' : 'accepted';
      const change = edited
        ? Prisma.sql`, input = ${JSON.stringify(edited.input)}::jsonb, params_hash = ${edited.paramsHash}, title = ${edited.title}, changes = ${JSON.stringify(edited.changes)}::jsonb,
            preview = ${JSON.stringify(edited.preview ?? null)}::jsonb, risk = ${edited.risk}, reach = ${edited.reach}, confirm_count = ${edited.confirmCount}`
        : Prisma.empty;
      const won = await prisma.$queryRaw<{ id: string }[]>`
        UPDATE proposals SET status = ${status}, decision = ${decision}, note = coalesce(${note ?? null}, note), decided_by_id = ${scope.userId}::uuid, decided_at = now() ${change}
        WHERE id = ${id}::uuid AND tenant_id = ${scope.tenantId}::uuid AND status = 'pending' AND expires_at > now() AND params_hash = ${shownHash}
          AND ${stillWith(decider)}
        RETURNING id`;
      return won.length ? get(id) : undefined;
    },
    async delegate(id, { userId, least, decider, note }) {
      const won = await prisma.$queryRaw<{ id: string }[]>`
        UPDATE proposals SET decider_id = ${userId}::uuid, delegated_by_id = ${scope.userId}::uuid, delegated_at = now(), note = coalesce(${note ?? null}, note)
        WHERE id = ${id}::uuid AND tenant_id = ${scope.tenantId}::uuid AND status = 'pending' AND expires_at > now() AND ${stillWith(decider)}
          AND EXISTS (SELECT 1 FROM users u WHERE u.id = ${userId}::uuid AND u.tenant_id = ${scope.tenantId}::uuid AND NOT u.demo AND u.disabled_at IS NULL
            AND u.role = ANY(${roles.filter((role) => atLeast(role, least))}))
        RETURNING id`;
      return won.length ? get(id) : undefined;
    },
    async claim(id) {
      const rows = await prisma.$queryRaw<{ id: string }[]>`
        SELECT id FROM proposals WHERE id = ${id}::uuid AND tenant_id = ${scope.tenantId}::uuid AND status = 'accepted' FOR UPDATE`;
      return rows.length ? get(id) : undefined;
    },
    async finish(id, { status, receiptId, error }) {
      await prisma.proposal.update({
        where: { id },
        data: { status, receiptId: receiptId ?? null, error: error ? json(error) : Prisma.DbNull, finishedAt: handle.now() },
      });
    },
    async expire() {
      return prisma.$executeRaw`UPDATE proposals SET status = 'expired', finished_at = now() WHERE tenant_id = ${scope.tenantId}::uuid AND status = 'pending' AND expires_at <= now()`;
    },
    async supersede(id) {
      const done = await prisma.proposal.updateMany({
        where: { id, tenantId: scope.tenantId, status: 'pending' },
        data: { status: 'superseded', finishedAt: handle.now() },
      });
      return done.count === 1;
    },
  };
}

/** Nobody handed it on since it was read. */
const stillWith = ({ deciderId, delegatedAt }: Decider) =>
  Prisma.sql`decider_id IS NOT DISTINCT FROM ${deciderId}::uuid AND delegated_at IS NOT DISTINCT FROM ${delegatedAt}::timestamptz`;

/** Expiry is judged by one clock, the database's. */
async function databaseNow(handle: Handle): Promise<Date> {
  const rows = await handle.prisma.$queryRaw<{ now: Date }[]>`SELECT now() AS now`;
  return rows[0]!.now;
}

const toProposal = ({
  tenantId: _tenant,
  supersededById: _next,
  idempotencyKey: _key,
  startedAt: _started,
  finishedAt: _finished,
  ...row
}: ProposalRow): Proposal => row as unknown as Proposal;
