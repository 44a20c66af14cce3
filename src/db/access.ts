import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { userInfo } from 'node:os';
import type { Access, ApiKey, Identity } from '../core/access.ts';
import type { Role } from '../core/actor.ts';
import { AppError } from '../errors.ts';
import type { Prisma, PrismaClient } from './generated/client.ts';
import { newId } from './handle.ts';

/** The one workspace of a self-hosted install. Rows carry its id all the same. */
const ownWorkspace = 'main';
const ownerHandle = 'owner';

const withUser = { user: { include: { tenant: true } } } satisfies Prisma.ApiKeyInclude;
type UserRow = Prisma.UserGetPayload<{ include: { tenant: true } }>;

export interface WorkspaceDefaults {
  timeZone: string;
  country: string;
}

/** Makes the workspace and its owner on the first start; safe for any number of processes at once. */
export async function ensureWorkspace(
  prisma: PrismaClient,
  defaults: WorkspaceDefaults,
): Promise<{ tenantId: string; ownerId: string }> {
  await prisma.tenant.createMany({
    data: { id: newId(), slug: ownWorkspace, name: 'My workspace', ...defaults },
    skipDuplicates: true,
  });
  const tenant = await prisma.tenant.findUniqueOrThrow({ where: { slug: ownWorkspace } });
  await prisma.user.createMany({
    data: { id: newId(), tenantId: tenant.id, handle: ownerHandle, name: loginName(), role: 'admin' },
    skipDuplicates: true,
  });
  const owner = await prisma.user.findUniqueOrThrow({ where: { tenantId_handle: { tenantId: tenant.id, handle: ownerHandle } } });
  return { tenantId: tenant.id, ownerId: owner.id };
}

function loginName(): string {
  try {
    const name = userInfo().username;
    return name && name !== 'root' ? name : 'Owner';
  } catch {
    return 'Owner'; // a container's numeric user has no entry to read
  }
}

const hash = (secret: string): string => createHash('sha256').update(secret).digest('hex');

export function access(prisma: PrismaClient, own: { tenantId: string; ownerId: string }): Access {
  const alive = (now: Date) => ({ revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] });
  const byUser = async (tenantId: string, userId: string) => {
    const row = await prisma.user.findFirst({ where: { id: userId, tenantId, disabledAt: null }, include: { tenant: true } });
    return row ? toIdentity(row) : undefined;
  };
  return {
    byUser,
    async local() {
      return (await byUser(own.tenantId, own.ownerId))!;
    },
    async byKey(key) {
      const match = /^sk_([0-9a-z]{12})_([\w-]{43})$/.exec(key);
      if (!match) return undefined;
      const row = await prisma.apiKey.findFirst({
        where: { id: match[1]!, ...alive(new Date()), user: { disabledAt: null } },
        include: withUser,
      });
      if (!row || !timingSafeEqual(Buffer.from(row.secretHash), Buffer.from(hash(match[2]!)))) return undefined;
      // one write a minute is enough to see that a key is in use
      await prisma.$executeRaw`UPDATE api_keys SET last_used_at = now() WHERE id = ${row.id} AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`;
      return toIdentity(row.user);
    },
    async byHandle(handle) {
      const row = await prisma.user.findUnique({
        where: { tenantId_handle: { tenantId: own.tenantId, handle: handle.trim().toLowerCase() } },
        include: { tenant: true },
      });
      return row ? (row.disabledAt ? 'disabled' : toIdentity(row)) : undefined;
    },
    async hasKeys() {
      return (await prisma.apiKey.count({ where: alive(new Date()) })) > 0;
    },
    async listKeys() {
      const rows = await prisma.apiKey.findMany({
        where: { tenantId: own.tenantId, revokedAt: null },
        include: withUser,
        orderBy: { createdAt: 'asc' },
      });
      return rows.map(toKey);
    },
    async createKey({ user, role, label, expiresInDays, email }) {
      const handle = user.trim().toLowerCase();
      const address = email?.trim();
      if (!/^[a-z0-9][a-z0-9._@-]{0,63}$/.test(handle))
        throw new AppError('invalid_input', `"${user}" is no user handle: use letters, digits, dot, dash, at most 64 of them.`);
      const known = await prisma.user.findUnique({ where: { tenantId_handle: { tenantId: own.tenantId, handle } } });
      if (known?.demo)
        throw new AppError(
          'conflict',
          `"${handle}" is ${known.name}, a made-up demo person. Choose another handle, or delete the demo first: npm run demo -- remove`,
        );
      if (known && role && known.role !== role) {
        throw new AppError(
          'conflict',
          `${handle} is a ${known.role} already; a key carries its user's role. Leave --role out, or use another handle.`,
        );
      }
      if (known?.disabledAt)
        throw new AppError('conflict', `${handle} is shut out. To let them in again: npm run keys -- enable --user ${handle}`);
      if (address !== undefined) await checkEmail(address, known?.id);
      const owner = known
        ? address === undefined
          ? known
          : await prisma.user.update({ where: { id: known.id }, data: { email: address } })
        : await prisma.user.create({
            data: {
              id: newId(),
              tenantId: own.tenantId,
              handle,
              name: user.trim(),
              role: role ?? 'rep',
              ...(address && { email: address }),
            },
          });
      const id = randomBytes(9).toString('hex').slice(0, 12);
      const secret = randomBytes(32).toString('base64url');
      const expiresAt = expiresInDays ? new Date(Date.now() + expiresInDays * 86_400_000) : null;
      const row = await prisma.apiKey.create({
        data: { id, tenantId: own.tenantId, userId: owner.id, label: label ?? handle, secretHash: hash(secret), expiresAt },
        include: withUser,
      });
      return { key: `sk_${id}_${secret}`, info: toKey(row) };
    },
    async revokeKey(id) {
      const bare = id.replace(/^sk_([0-9a-z]+).*$/, '$1');
      return (
        (
          await prisma.apiKey.updateMany({
            where: { id: bare, tenantId: own.tenantId, revokedAt: null },
            data: { revokedAt: new Date() },
          })
        ).count > 0
      );
    },
    async setDisabled(user, disabled) {
      const handle = user.trim().toLowerCase();
      const known = await prisma.user.findUnique({ where: { tenantId_handle: { tenantId: own.tenantId, handle } } });
      if (!known) throw new AppError('not_found', `There is no user "${user}".`);
      if (known.id === own.ownerId) throw new AppError('conflict', 'The owner of the workspace cannot be shut out.');
      const changed = await prisma.user.updateMany({
        where: { id: known.id, disabledAt: disabled ? null : { not: null } },
        data: { disabledAt: disabled ? new Date() : null },
      });
      return changed.count > 0;
    },
  };

  /** An address is how a chat account finds its user, so it belongs to one. */
  async function checkEmail(address: string, userId: string | undefined): Promise<void> {
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address)) throw new AppError('invalid_input', `"${address}" is no e-mail address.`);
    const [other] = await prisma.$queryRaw<{ handle: string }[]>`
      SELECT handle FROM users
      WHERE tenant_id = ${own.tenantId}::uuid AND NOT demo AND lower(email COLLATE "C") = lower(${address}::text COLLATE "C")
        AND id IS DISTINCT FROM ${userId ?? null}::uuid LIMIT 1`;
    if (other) throw new AppError('conflict', `${other.handle} has that e-mail address already.`);
  }
}

const toIdentity = (row: UserRow): Identity => ({
  tenantId: row.tenantId,
  userId: row.id,
  userName: row.name,
  role: row.role as Role,
  timeZone: row.tenant.timeZone,
  country: row.tenant.country,
});

const toKey = (row: Prisma.ApiKeyGetPayload<{ include: typeof withUser }>): ApiKey => ({
  id: row.id,
  label: row.label,
  userName: row.user.name,
  role: row.user.role as Role,
  createdAt: row.createdAt,
  expiresAt: row.expiresAt,
  lastUsedAt: row.lastUsedAt,
});
