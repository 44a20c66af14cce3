import type { Pool } from 'pg';
import type { Install, Installs } from '../../core/outbox.ts';
import type { Seal } from './seal.ts';

interface Row {
  surface: string;
  externalTenant: string;
  name: string;
  botUserId: string | null;
  botId: string | null;
}

const columns = `surface, external_tenant AS "externalTenant", name, bot_user_id AS "botUserId", bot_id AS "botId"`;

export function installs(pool: Pool, tenantId: string, seal: Seal): Installs {
  const about = (surface: string, externalTenant: string) => `install ${tenantId} ${surface} ${externalTenant}`;
  return {
    async save({ surface, externalTenant, name, secrets, botUserId, botId }) {
      const sealed = await seal.close(JSON.stringify(secrets), about(surface, externalTenant));
      await pool.query(
        `INSERT INTO chat_installs (tenant_id, surface, external_tenant, name, sealed, bot_user_id, bot_id) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (tenant_id, surface, external_tenant) DO UPDATE SET name = excluded.name, sealed = excluded.sealed,
           bot_user_id = excluded.bot_user_id, bot_id = excluded.bot_id, installed_at = now(), revoked_at = NULL`,
        [tenantId, surface, externalTenant, name, sealed, botUserId ?? null, botId ?? null],
      );
    },

    async find(surface, externalTenant) {
      const { rows } = await pool.query<Row & { sealed: Buffer }>(
        `SELECT ${columns}, sealed FROM chat_installs
         WHERE tenant_id = $1 AND surface = $2 AND external_tenant = $3 AND revoked_at IS NULL AND sealed IS NOT NULL`,
        [tenantId, surface, externalTenant],
      );
      if (!rows[0]) return undefined;
      const { sealed, ...row } = rows[0];
      return { ...toInstall(row), secrets: JSON.parse(await seal.open(sealed, about(surface, externalTenant))) };
    },

    async list(surface) {
      const { rows } = await pool.query<Row>(
        `SELECT ${columns} FROM chat_installs WHERE tenant_id = $1 AND surface = $2 AND revoked_at IS NULL ORDER BY name, external_tenant`,
        [tenantId, surface],
      );
      return rows.map(toInstall);
    },

    async revoke(surface, externalTenant) {
      const { rowCount } = await pool.query(
        `WITH gone AS (
           UPDATE chat_installs SET sealed = NULL, revoked_at = now()
           WHERE tenant_id = $1 AND surface = $2 AND external_tenant = $3 AND revoked_at IS NULL RETURNING surface
         ), unsaid AS (
           UPDATE outbox o SET state = 'failed', finished_at = now(), content = NULL, error = ${revokedError}
           FROM gone WHERE o.tenant_id = $1 AND o.surface = $2 AND o.external_tenant = $3 AND o.state = 'waiting'
         )
         SELECT FROM gone`,
        [tenantId, surface, externalTenant],
      );
      return rowCount === 1;
    },
  };
}

/** Why what waited is not said any more. */
export const revokedError = `'{"code":"forbidden","message":"We may not speak there any more."}'::jsonb`;

const toInstall = ({ botUserId, botId, ...row }: Row): Omit<Install, 'secrets'> => ({
  ...row,
  ...(botUserId && { botUserId }),
  ...(botId && { botId }),
});
