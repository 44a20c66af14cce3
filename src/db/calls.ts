import type { Pool } from 'pg';
import type { CallLine, CallStore } from '../core/cost.ts';

/** Model calls into their table, many in one statement. */
export interface Calls extends CallStore {
  /** What was recorded in this process and is not in the table yet is put there. */
  settle(): Promise<void>;
}

/** Namespace of the locks of who takes over what a dead process left, so that no other use of advisory locks meets it. */
const lockClass = 0x5a1f;

export function calls(pool: Pool): Calls {
  let flush = async () => {};
  return {
    async add(lines) {
      if (lines.length === 0) return;
      await pool.query(insert, [JSON.stringify(lines.map(toRow))]);
    },

    async alone(name, work) {
      const client = await pool.connect();
      let broken: Error | undefined;
      try {
        const { rows } = await client.query<{ mine: boolean }>('SELECT pg_try_advisory_lock($1, hashtext($2)) AS mine', [
          lockClass,
          name,
        ]);
        if (!rows[0]!.mine) return false;
        try {
          await work();
        } finally {
          await client.query('SELECT pg_advisory_unlock($1, hashtext($2))', [lockClass, name]);
        }
        return true;
      } catch (error) {
        broken = error as Error;
        throw error;
      } finally {
        // a connection that may still hold the lock is not given to others
        client.release(broken ?? false);
      }
    },

    beforeReading(given) {
      flush = given;
    },
    settle: () => flush(),
  };
}

const toRow = ({ usage, texts, ...line }: CallLine) => ({
  ...line,
  promptTokens: usage.input + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h,
  completionTokens: usage.output,
  cacheReadTokens: usage.cacheRead,
  cacheWriteTokens: usage.cacheWrite5m + usage.cacheWrite1h,
  cacheWrite1hTokens: usage.cacheWrite1h,
  reasoningTokens: usage.reasoning,
  usageSource: usage.source,
  prompt: texts?.prompt ?? null,
  answer: texts?.answer ?? null,
});

/** A batch that comes twice adds nothing the second time, and neither do its sums: triggers see only the rows that went in. */
const insert = `
  WITH lines AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS l("callId" uuid, "requestId" uuid, attempt int, at timestamptz, "tenantId" uuid,
      "agentType" text, "agentMode" text, "leadId" uuid, "sessionId" text, "userId" uuid, "turnId" uuid, complexity text, provider text, model text,
      "promptTokens" int, "completionTokens" int, "cacheReadTokens" int, "cacheWriteTokens" int, "cacheWrite1hTokens" int, "reasoningTokens" int,
      "usageSource" text, "costUsd" numeric, "guessUsd" numeric, "priceRow" text, because text, "latencyMs" int, "ttftMs" int, status text, failure text,
      "fallbackFrom" text, degraded boolean, "cacheHit" boolean, "savedUsd" numeric, decision jsonb, prompt text, answer text)
  ), kept AS (
    INSERT INTO ai_cost_tracking (call_id, request_id, attempt, timestamp, tenant_id, agent_type, agent_mode, lead_id, session_id, user_id, turn_id,
      prompt_complexity, provider, model, prompt_tokens, completion_tokens, cache_read_tokens, cache_write_tokens, cache_write_1h_tokens,
      reasoning_tokens, usage_source, cost_usd, guess_usd, cost_status, price_row, unpriced_because, latency_ms, ttft_ms, status, failure, fallback_from,
      degraded, cache_hit, saved_usd, decision)
    SELECT "callId", "requestId", coalesce(attempt, 1), at, "tenantId", "agentType", "agentMode", "leadId", "sessionId", "userId", "turnId",
      complexity, provider, model, "promptTokens", "completionTokens", "cacheReadTokens", "cacheWriteTokens", "cacheWrite1hTokens",
      "reasoningTokens", "usageSource", "costUsd", "guessUsd", CASE WHEN "costUsd" IS NULL THEN 'unpriced' ELSE 'priced' END, "priceRow", because,
      "latencyMs", "ttftMs", status, failure, "fallbackFrom", degraded, coalesce("cacheHit", false), coalesce("savedUsd", 0), decision
    FROM lines
    -- in one order always: two processes that write the same calls must not wait for each other
    ORDER BY "callId"
    ON CONFLICT (call_id) DO NOTHING
  )
  INSERT INTO ai_call_texts (call_id, tenant_id, prompt, answer)
  SELECT "callId", "tenantId", prompt, coalesce(answer, '') FROM lines WHERE prompt IS NOT NULL
  ON CONFLICT (call_id) DO NOTHING`;
