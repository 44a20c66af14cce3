import type { Pool } from 'pg';
import { revokedError } from './installs.ts';

/** What time makes useless of what chat surfaces keep. Safe to run at any moment, by any number of processes. */
export async function sweepChat(pool: Pool): Promise<void> {
  await pool.query('DELETE FROM action_tokens WHERE expires_at <= now()');
  await pool.query('DELETE FROM link_codes WHERE expires_at <= now()');
  await pool.query(`DELETE FROM inbox WHERE received_at < now() - interval '30 days' AND done_at < now() - interval '30 days'`);
  await pool.query(
    `DELETE FROM outbox WHERE created_at < now() - interval '30 days' AND finished_at < now() - interval '30 days'`,
  );
  await pool.query(`DELETE FROM chat_answers WHERE created_at < now() - interval '30 days'`);
  await pool.query(`DELETE FROM chat_streams WHERE at < now() - interval '1 day'`);
  await pool.query(`DELETE FROM votable_messages WHERE created_at < now() - interval '90 days'`);
  await pool.query(`DELETE FROM card_views WHERE created_at < now() - interval '90 days'`);
  await pool.query(`DELETE FROM playground_messages WHERE created_at < now() - interval '30 days'`);
  // where strangers were heard: whoever is linked to one of our users is kept until they have a private conversation, which reaches them better
  await pool.query(
    `DELETE FROM chat_references r WHERE channel LIKE 'member:%' AND heard_at < now() - interval '90 days' AND (
       NOT EXISTS (SELECT FROM chat_identities i WHERE i.tenant_id = r.tenant_id AND i.surface = r.surface
         AND i.external_tenant = r.external_tenant AND r.channel = 'member:' || i.external_user AND i.user_id IS NOT NULL)
       OR EXISTS (SELECT FROM chat_references p WHERE p.tenant_id = r.tenant_id AND p.surface = r.surface
         AND p.external_tenant = r.external_tenant AND r.channel = 'member:' || p.external_user))`,
  );
  await pool.query(`DELETE FROM proactive_messages WHERE day < current_date - 30`);
  // a lane that rested this long has its whole burst again, as a new one has
  await pool.query(`DELETE FROM outbox_pace WHERE at < now() - interval '1 hour'`);
  // put there after the installation was revoked
  await pool.query(
    `UPDATE outbox o SET state = 'failed', finished_at = now(), content = NULL, error = ${revokedError} FROM chat_installs i
     WHERE i.tenant_id = o.tenant_id AND i.surface = o.surface AND i.external_tenant = o.external_tenant AND i.revoked_at IS NOT NULL
       AND o.state = 'waiting'`,
  );
  // should the job that sends have failed for good, its next run is queued here
  await pool.query(
    `SELECT graphile_worker.add_job('outbox', json_build_object('tenantId', late.tenant_id, 'surface', late.surface), job_key => late.key,
       max_attempts => 5, flags => ARRAY[late.surface])
     FROM (
       SELECT DISTINCT tenant_id, surface, concat_ws(':', 'outbox', tenant_id, surface) AS key FROM outbox
       WHERE state IN ('waiting', 'started') AND due_at < now() - interval '2 minutes'
     ) late
     WHERE NOT EXISTS (SELECT FROM graphile_worker.jobs WHERE key = late.key AND attempts < max_attempts)`,
  );
  // a job that made way for a newer one of its key and then failed: the newer one did its work
  await pool.query(
    `SELECT graphile_worker.complete_jobs(ARRAY(
       SELECT id FROM graphile_worker.jobs
       WHERE task_identifier IN ('chat', 'outbox', 'cards', 'home') AND key IS NULL AND locked_at IS NULL AND attempts >= max_attempts))`,
  );
}
