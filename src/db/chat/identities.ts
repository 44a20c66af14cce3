import { randomInt } from 'node:crypto';
import type { ChatUser } from '../../core/chat.ts';
import type { Identities } from '../../core/inbox.ts';
import type { Prisma, PrismaClient } from '../generated/client.ts';
import { isId } from '../handle.ts';
import type { Seal } from './seal.ts';

const codeLength = 8;
/** Letters and digits that nobody takes for one another. */
const codeSigns = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const codeMinutes = 10;
const mostWrong = 5;
/** Guests become members: after so long the surface is asked again. */
const outsiderMinutes = 60;

/** A code as it was meant: people write it in small letters, with dashes, and O for 0. */
const asMade = (code: string): string => code.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');

export function identities(prisma: PrismaClient, tenantId: string, seal: Seal): Identities {
  const digest = (code: string) => seal.digest(asMade(code), `link code ${tenantId}`);
  const link = async (tx: Prisma.TransactionClient, { surface }: ChatUser, userId: string, action: 'link' | 'unlink') => {
    await tx.auditEntry.create({ data: { tenantId, userId, surface, action, outcome: 'ran' } });
  };
  // people of the playground come through our own login: their ids there are ours
  const findOurs = async (id: string): ReturnType<Identities['find']> => {
    const user = isId(id) ? await prisma.user.findFirst({ where: { tenantId, id }, select: { disabledAt: true } }) : null;
    return user ? (user.disabledAt ? { none: 'disabled' } : { userId: id }) : { none: 'outsider' };
  };
  const find: Identities['find'] = async ({ surface, externalTenant, externalUser }) => {
    if (surface === 'playground') return findOurs(externalUser);
    const [row] = await prisma.$queryRaw<{ userId: string | null; disabled: boolean; outsider: boolean }[]>`
      SELECT i.user_id AS "userId", u.disabled_at IS NOT NULL AS disabled,
        coalesce(i.outsider_at > now() - make_interval(mins => ${outsiderMinutes}::int), false) AS outsider
      FROM chat_identities i LEFT JOIN users u ON u.id = i.user_id
      WHERE i.tenant_id = ${tenantId}::uuid AND i.surface = ${surface} AND i.external_tenant = ${externalTenant} AND i.external_user = ${externalUser}`;
    if (row?.userId) return row.disabled ? { none: 'disabled' } : { userId: row.userId };
    return { none: row?.outsider ? 'outsider' : 'unknown' };
  };
  return {
    find,

    async linkByEmail(user, email) {
      const { surface, externalTenant, externalUser } = user;
      const linked = await prisma.$transaction(async (tx) => {
        // only A to Z are folded: among other letters there are such that fold to those of somebody else's address
        const rows = await tx.$queryRaw<{ userId: string }[]>`
          WITH same AS (
            SELECT id, disabled_at FROM users
            WHERE tenant_id = ${tenantId}::uuid AND NOT demo AND lower(email COLLATE "C") = lower(${email.trim()}::text COLLATE "C") AND email LIKE '%_@_%'
          )
          INSERT INTO chat_identities AS i (tenant_id, surface, external_tenant, external_user, user_id, linked_by, linked_at)
            SELECT ${tenantId}::uuid, ${surface}, ${externalTenant}, ${externalUser}, id, 'email', now() FROM same
            WHERE disabled_at IS NULL AND (SELECT count(*) FROM same) = 1
          ON CONFLICT (tenant_id, surface, external_tenant, external_user) DO UPDATE
            SET user_id = excluded.user_id, linked_by = 'email', linked_at = now(), outsider_at = NULL
            WHERE i.user_id IS NULL AND i.unlinked_at IS NULL
          RETURNING user_id AS "userId"`;
        if (rows[0]) await link(tx, user, rows[0].userId, 'link');
        return rows[0];
      });
      if (linked) return linked;
      // somebody else may have linked them meanwhile
      const now = await find(user);
      return 'userId' in now ? now : undefined;
    },

    async noteOutsider({ surface, externalTenant, externalUser }) {
      // a code says more than the surface does: somebody with an account of ours gave it to them
      await prisma.$executeRaw`
        INSERT INTO chat_identities AS i (tenant_id, surface, external_tenant, external_user, outsider_at)
        VALUES (${tenantId}::uuid, ${surface}, ${externalTenant}, ${externalUser}, now())
        ON CONFLICT (tenant_id, surface, external_tenant, external_user) DO UPDATE
          SET outsider_at = now(), user_id = NULL, linked_by = NULL, linked_at = NULL WHERE i.linked_by IS DISTINCT FROM 'code'`;
    },

    async makeCode(userId) {
      const code = Array.from({ length: codeLength }, () => codeSigns[randomInt(codeSigns.length)]).join('');
      const hash = await digest(code);
      await prisma.$transaction([
        prisma.linkCode.deleteMany({ where: { tenantId, userId } }),
        prisma.$executeRaw`
          INSERT INTO link_codes (hash, tenant_id, user_id, expires_at)
          VALUES (${hash}, ${tenantId}::uuid, ${userId}::uuid, now() + make_interval(mins => ${codeMinutes}::int))`,
      ]);
      return code;
    },

    async linkByCode(user, code) {
      const { surface, externalTenant, externalUser } = user;
      if (surface === 'playground') return 'wrong';
      const hash = await digest(code);
      const where = { tenantId, surface, externalTenant, externalUser };
      return prisma.$transaction(
        async (tx) => {
          // holds the person's row to the end: tries at the same time, in whichever process, are counted one after the other
          const [tries] = await tx.$queryRaw<{ wrong: number }[]>`
            INSERT INTO chat_identities AS i (tenant_id, surface, external_tenant, external_user)
            VALUES (${tenantId}::uuid, ${surface}, ${externalTenant}, ${externalUser})
            ON CONFLICT (tenant_id, surface, external_tenant, external_user) DO UPDATE
              SET wrong_codes = ARRAY(SELECT at FROM unnest(i.wrong_codes) at WHERE at > now() - make_interval(mins => ${codeMinutes}::int))
            RETURNING cardinality(wrong_codes) AS wrong`;
          if (tries!.wrong >= mostWrong) return 'too_many';
          const [used] = await tx.$queryRaw<{ userId: string }[]>`
            DELETE FROM link_codes c USING users u
            WHERE c.hash = ${hash} AND c.tenant_id = ${tenantId}::uuid AND c.expires_at > now() AND u.id = c.user_id AND u.disabled_at IS NULL
            RETURNING c.user_id AS "userId"`;
          if (!used) {
            await tx.$executeRaw`
              UPDATE chat_identities SET wrong_codes = wrong_codes || now()::timestamptz(3)
              WHERE tenant_id = ${tenantId}::uuid AND surface = ${surface} AND external_tenant = ${externalTenant} AND external_user = ${externalUser}`;
            return 'wrong';
          }
          await tx.chatIdentity.update({
            where: { tenantId_surface_externalTenant_externalUser: where },
            data: { userId: used.userId, linkedBy: 'code', linkedAt: new Date(), unlinkedAt: null, outsiderAt: null },
          });
          await link(tx, user, used.userId, 'link');
          return used;
        },
        { maxWait: 15_000, timeout: 15_000 },
      );
    },

    async unlink(user) {
      const { surface, externalTenant, externalUser } = user;
      return prisma.$transaction(async (tx) => {
        const [row] = await tx.$queryRaw<{ userId: string }[]>`
          WITH linked AS (
            SELECT user_id FROM chat_identities
            WHERE tenant_id = ${tenantId}::uuid AND surface = ${surface} AND external_tenant = ${externalTenant} AND external_user = ${externalUser}
              AND user_id IS NOT NULL FOR UPDATE
          )
          UPDATE chat_identities SET user_id = NULL, linked_by = NULL, linked_at = NULL, unlinked_at = now() FROM linked
          WHERE tenant_id = ${tenantId}::uuid AND surface = ${surface} AND external_tenant = ${externalTenant} AND external_user = ${externalUser}
          RETURNING linked.user_id AS "userId"`;
        if (row) await link(tx, user, row.userId, 'unlink');
        return row !== undefined;
      });
    },

    async of(userId) {
      if (!isId(userId)) return [];
      return prisma.$queryRaw<ChatUser[]>`
        SELECT i.surface, i.external_tenant AS "externalTenant", i.external_user AS "externalUser"
        FROM chat_identities i JOIN users u ON u.id = i.user_id
        WHERE i.tenant_id = ${tenantId}::uuid AND i.user_id = ${userId}::uuid AND u.disabled_at IS NULL AND NOT EXISTS (
          SELECT FROM chat_installs g WHERE g.tenant_id = i.tenant_id AND g.surface = i.surface
            AND g.external_tenant = i.external_tenant AND g.revoked_at IS NOT NULL)
        ORDER BY i.linked_at`;
    },
  };
}
