import type { Conversation, Conversations, Reply, Shown, Step, StoredMessage, TurnEvent } from '../core/conversation.ts';
import type { Conversation as ConversationRow, Message as MessageRow } from './generated/client.ts';
import { type Handle, isId, json, newId } from './handle.ts';

export function conversations(handle: Handle): Conversations {
  const { prisma, scope } = handle;
  // a conversation belongs to its user; for anybody else it does not exist
  const mine = { tenantId: scope.tenantId, userId: scope.userId };
  return {
    async create({ agent, surface }) {
      return toConversation(await prisma.conversation.create({ data: { id: newId(), ...mine, agent, surface } }));
    },
    async get(id) {
      const row = isId(id) ? await prisma.conversation.findFirst({ where: { ...mine, id } }) : null;
      return row ? toConversation(row) : undefined;
    },
    async list(kind, limit) {
      const rows = await prisma.conversation.findMany({ where: { ...mine, kind }, orderBy: { updatedAt: 'desc' }, take: limit });
      return rows.map(toConversation);
    },
    async messages(id, limit) {
      const rows = await prisma.message.findMany({
        where: { tenantId: scope.tenantId, conversationId: id, conversation: mine },
        orderBy: { id: 'desc' },
        take: limit,
      });
      return rows.reverse().map(toMessage);
    },
    async add(id, { turnId, role, text, steps = [], shown = [], reply }) {
      const row = await prisma.message.create({
        data: {
          id: newId(),
          tenantId: scope.tenantId,
          conversationId: id,
          turnId,
          role,
          text,
          steps: json(steps),
          shown: json(shown),
          ...(reply && { reply: json(reply) }),
        },
      });
      const title = role === 'user' ? text.replace(/\s+/g, ' ').slice(0, 80) : undefined;
      await prisma.$executeRaw`UPDATE conversations SET updated_at = now(), title = coalesce(title, ${title ?? null}) WHERE id = ${id}::uuid AND tenant_id = ${scope.tenantId}::uuid`;
      return toMessage(row);
    },
    async beginTurn(id, turnId, leaseSeconds) {
      const won = await prisma.$executeRaw`
        UPDATE conversations SET turn_id = ${turnId}::uuid, turn_until = now() + make_interval(secs => ${leaseSeconds}), stopped_at = NULL
        WHERE id = ${id}::uuid AND tenant_id = ${scope.tenantId}::uuid AND user_id = ${scope.userId}::uuid AND (turn_id IS NULL OR turn_until < now())`;
      return won === 1;
    },
    async renewTurn(id, turnId, leaseSeconds) {
      const rows = await prisma.$queryRaw<{ stop: boolean }[]>`
        UPDATE conversations SET turn_until = now() + make_interval(secs => ${leaseSeconds})
        WHERE id = ${id}::uuid AND tenant_id = ${scope.tenantId}::uuid AND turn_id = ${turnId}::uuid RETURNING stopped_at IS NOT NULL AS stop`;
      return rows[0] ? (rows[0].stop ? 'stop' : 'running') : 'lost';
    },
    async endTurn(id, turnId) {
      await prisma.$executeRaw`
        UPDATE conversations SET turn_id = NULL, turn_until = NULL WHERE id = ${id}::uuid AND tenant_id = ${scope.tenantId}::uuid AND turn_id = ${turnId}::uuid`;
    },
    async stopTurn(id) {
      const asked = await prisma.$executeRaw`
        UPDATE conversations SET stopped_at = now()
        WHERE id = ${id}::uuid AND tenant_id = ${scope.tenantId}::uuid AND user_id = ${scope.userId}::uuid AND turn_id IS NOT NULL AND turn_until >= now()`;
      return asked === 1;
    },
    async runningTurn(id) {
      const rows = await prisma.$queryRaw<{ turn: string }[]>`
        SELECT turn_id AS turn FROM conversations
        WHERE id = ${id}::uuid AND tenant_id = ${scope.tenantId}::uuid AND user_id = ${scope.userId}::uuid AND turn_id IS NOT NULL AND turn_until >= now()`;
      return rows[0]?.turn;
    },
    async addEvents(id, turnId, firstSeq, events) {
      await prisma.turnEvent.createMany({
        data: events.map((event, i) => ({
          tenantId: scope.tenantId,
          conversationId: id,
          turnId,
          seq: firstSeq + i,
          event: json(event),
        })),
      });
    },
    async eventsAfter(id, afterId, limit) {
      const rows = await prisma.turnEvent.findMany({
        where: { tenantId: scope.tenantId, conversationId: id, id: { gt: BigInt(afterId) } },
        orderBy: { id: 'asc' },
        take: limit,
      });
      return rows.map((row) => ({ id: row.id.toString(), turnId: row.turnId, event: row.event as unknown as TurnEvent }));
    },
  };
}

const toConversation = (row: ConversationRow): Conversation => ({
  id: row.id,
  userId: row.userId,
  kind: row.kind as Conversation['kind'],
  agent: row.agent,
  surface: row.surface,
  title: row.title,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});

const toMessage = (row: MessageRow): StoredMessage => ({
  id: row.id,
  turnId: row.turnId,
  role: row.role as StoredMessage['role'],
  text: row.text,
  steps: row.steps as unknown as Step[],
  shown: row.shown as unknown as Shown[],
  // replies of earlier versions were kept without it
  reply: row.reply ? { ...(row.reply as unknown as Reply), turnId: row.turnId } : null,
  createdAt: row.createdAt,
});
