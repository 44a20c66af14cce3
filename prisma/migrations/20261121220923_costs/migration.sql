-- By hand, first: what the rest needs (extensions).

-- From schema.prisma:
-- AlterTable
ALTER TABLE "ai_cost_tracking" ADD COLUMN     "cache_write_1h_tokens" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "failure" TEXT,
ADD COLUMN     "price_row" TEXT,
ADD COLUMN     "request_id" UUID,
ADD COLUMN     "saved_usd" DECIMAL(20,12) NOT NULL DEFAULT 0,
ADD COLUMN     "unpriced_because" TEXT,
ADD COLUMN     "usage_source" TEXT NOT NULL DEFAULT 'provider';

-- CreateTable
CREATE TABLE "ai_call_texts" (
    "call_id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "prompt" TEXT NOT NULL,
    "answer" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ai_call_texts_pkey" PRIMARY KEY ("call_id")
);

-- CreateTable
CREATE TABLE "ai_cost_days" (
    "tenant_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "agent_type" TEXT NOT NULL,
    "agent_mode" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "requests" INTEGER NOT NULL,
    "unpriced" INTEGER NOT NULL,
    "cache_hits" INTEGER NOT NULL,
    "cost_usd" DECIMAL(24,12) NOT NULL,
    "saved_usd" DECIMAL(24,12) NOT NULL,
    "latency_ms" BIGINT NOT NULL,

    CONSTRAINT "ai_cost_days_pkey" PRIMARY KEY ("tenant_id","day","agent_type","agent_mode","provider","model","user_id")
);

-- CreateTable
CREATE TABLE "ai_cost_lead_spans" (
    "tenant_id" UUID NOT NULL,
    "level" SMALLINT NOT NULL,
    "span" INTEGER NOT NULL,
    "lead_id" UUID NOT NULL,
    "requests" INTEGER NOT NULL,
    "pico_usd" BIGINT NOT NULL,

    CONSTRAINT "ai_cost_lead_spans_pkey" PRIMARY KEY ("tenant_id","level","span","lead_id")
);

-- CreateTable
CREATE TABLE "ai_cost_agent_lead_spans" (
    "tenant_id" UUID NOT NULL,
    "level" SMALLINT NOT NULL,
    "span" INTEGER NOT NULL,
    "agent_type" TEXT NOT NULL,
    "lead_id" UUID NOT NULL,
    "requests" INTEGER NOT NULL,
    "pico_usd" BIGINT NOT NULL,

    CONSTRAINT "ai_cost_agent_lead_spans_pkey" PRIMARY KEY ("tenant_id","level","span","agent_type","lead_id")
);

-- CreateTable
CREATE TABLE "price_overrides" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "row" JSONB NOT NULL,
    "user_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "price_overrides_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "ai_call_texts_created_at_idx" ON "ai_call_texts"("created_at");

-- CreateIndex
CREATE INDEX "price_overrides_tenant_id_idx" ON "price_overrides"("tenant_id");

-- CreateIndex
CREATE INDEX "ai_cost_tracking_tenant_id_lead_id_agent_type_timestamp_idx" ON "ai_cost_tracking"("tenant_id", "lead_id", "agent_type", "timestamp");

-- CreateIndex
CREATE INDEX "ai_cost_tracking_tenant_id_user_id_timestamp_idx" ON "ai_cost_tracking"("tenant_id", "user_id", "timestamp");

-- By hand, last: what Prisma cannot express (expression indexes, views, triggers).

-- The sums of ai_cost_tracking are kept by triggers, so that whatever writes a call, in whatever transaction, writes its sums with it: they
-- cannot drift, and what is rolled back was never added.

-- Room on the page for the next update of the same row: sums are rewritten all day.
ALTER TABLE ai_cost_days SET (fillfactor = 70);
ALTER TABLE ai_cost_lead_spans SET (fillfactor = 70);
ALTER TABLE ai_cost_agent_lead_spans SET (fillfactor = 70);

-- The statements that add calls to the sums. `calls` is a query over rows of ai_cost_tracking with a sign: 1 adds, -1 takes away.
-- Rows are written in the order of their keys, always: two batches that meet on the same sums wait for each other, and never in a circle.
CREATE FUNCTION ai_cost_statements(calls text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
  SELECT ARRAY[
    format($sql$
      INSERT INTO ai_cost_days AS kept
        (tenant_id, day, agent_type, agent_mode, provider, model, user_id, requests, unpriced, cache_hits, cost_usd, saved_usd, latency_ms)
      SELECT c.tenant_id, (c.timestamp AT TIME ZONE coalesce(t.time_zone, 'UTC'))::date, c.agent_type, c.agent_mode, c.provider, c.model,
        coalesce(c.user_id, '00000000-0000-0000-0000-000000000000'), sum(sign), coalesce(sum(sign) FILTER (WHERE c.cost_status = 'unpriced'), 0),
        coalesce(sum(sign) FILTER (WHERE c.cache_hit), 0), sum(sign * coalesce(c.cost_usd, 0)), sum(sign * c.saved_usd),
        sum(sign * c.latency_ms::bigint)
      FROM (%s) c LEFT JOIN tenants t ON t.id = c.tenant_id
      GROUP BY 1, 2, 3, 4, 5, 6, 7
      HAVING (sum(sign), coalesce(sum(sign) FILTER (WHERE c.cost_status = 'unpriced'), 0), coalesce(sum(sign) FILTER (WHERE c.cache_hit), 0),
        sum(sign * coalesce(c.cost_usd, 0)), sum(sign * c.saved_usd), sum(sign * c.latency_ms::bigint)) <> (0, 0, 0, 0, 0, 0)
      ORDER BY 1, 2, 3, 4, 5, 6, 7
      ON CONFLICT (tenant_id, day, agent_type, agent_mode, provider, model, user_id) DO UPDATE SET
        requests = kept.requests + excluded.requests, unpriced = kept.unpriced + excluded.unpriced,
        cache_hits = kept.cache_hits + excluded.cache_hits, cost_usd = kept.cost_usd + excluded.cost_usd,
        saved_usd = kept.saved_usd + excluded.saved_usd, latency_ms = kept.latency_ms + excluded.latency_ms$sql$, calls),
    format($sql$
      INSERT INTO ai_cost_lead_spans AS kept (tenant_id, level, span, lead_id, requests, pico_usd)
      SELECT tenant_id, level, (day - date '1900-01-01') / days, lead_id, sum(n), sum(pico)
      FROM (
        SELECT c.tenant_id, (c.timestamp AT TIME ZONE coalesce(t.time_zone, 'UTC'))::date AS day,
          coalesce(c.lead_id, '00000000-0000-0000-0000-000000000000') AS lead_id, sum(sign) AS n, sum(sign * coalesce(c.cost_usd, 0)) * 1e12 AS pico
        FROM (%s) c LEFT JOIN tenants t ON t.id = c.tenant_id GROUP BY 1, 2, 3
      ) by_day CROSS JOIN (VALUES (0, 1), (1, 6), (2, 36)) spans(level, days)
      GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0 OR sum(pico) <> 0 ORDER BY 1, 2, 3, 4
      ON CONFLICT (tenant_id, level, span, lead_id) DO UPDATE SET
        requests = kept.requests + excluded.requests, pico_usd = kept.pico_usd + excluded.pico_usd$sql$, calls),
    format($sql$
      INSERT INTO ai_cost_agent_lead_spans AS kept (tenant_id, level, span, agent_type, lead_id, requests, pico_usd)
      SELECT tenant_id, level, (day - date '1900-01-01') / days, agent_type, lead_id, sum(n), sum(pico)
      FROM (
        SELECT c.tenant_id, (c.timestamp AT TIME ZONE coalesce(t.time_zone, 'UTC'))::date AS day, c.agent_type,
          coalesce(c.lead_id, '00000000-0000-0000-0000-000000000000') AS lead_id, sum(sign) AS n, sum(sign * coalesce(c.cost_usd, 0)) * 1e12 AS pico
        FROM (%s) c LEFT JOIN tenants t ON t.id = c.tenant_id GROUP BY 1, 2, 3, 4
      ) by_day CROSS JOIN (VALUES (0, 1), (1, 6), (2, 36)) spans(level, days)
      GROUP BY 1, 2, 3, 4, 5 HAVING sum(n) <> 0 OR sum(pico) <> 0 ORDER BY 1, 2, 3, 4, 5
      ON CONFLICT (tenant_id, level, span, agent_type, lead_id) DO UPDATE SET
        requests = kept.requests + excluded.requests, pico_usd = kept.pico_usd + excluded.pico_usd$sql$, calls)
  ]
$$;

CREATE FUNCTION ai_cost_roll_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  calls text := CASE TG_OP
    WHEN 'INSERT' THEN 'SELECT 1 AS sign, a.* FROM added a'
    WHEN 'DELETE' THEN 'SELECT -1 AS sign, r.* FROM removed r'
    ELSE 'SELECT 1 AS sign, a.* FROM added a UNION ALL SELECT -1, r.* FROM removed r' END;
  statement text;
BEGIN
  -- Which day a call belongs to depends on the time zone of its workspace: whoever changes that waits for us, and we for them.
  EXECUTE format('SELECT pg_advisory_xact_lock_shared(23070, hashtext(tenant_id::text)) FROM (SELECT DISTINCT tenant_id FROM (%s) c ORDER BY 1) t', calls);
  FOREACH statement IN ARRAY ai_cost_statements(calls) LOOP
    EXECUTE statement;
  END LOOP;
  RETURN NULL;
END $$;

CREATE TRIGGER ai_cost_added AFTER INSERT ON ai_cost_tracking
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ai_cost_roll_up();
CREATE TRIGGER ai_cost_changed AFTER UPDATE ON ai_cost_tracking
  REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ai_cost_roll_up();
CREATE TRIGGER ai_cost_removed AFTER DELETE ON ai_cost_tracking
  REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION ai_cost_roll_up();

CREATE FUNCTION ai_cost_forget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  TRUNCATE ai_cost_days, ai_cost_lead_spans, ai_cost_agent_lead_spans;
  RETURN NULL;
END $$;

CREATE TRIGGER ai_cost_truncated AFTER TRUNCATE ON ai_cost_tracking FOR EACH STATEMENT EXECUTE FUNCTION ai_cost_forget();

-- All sums of a workspace anew, from its calls.
CREATE FUNCTION ai_cost_rebuild(tenant uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  statement text;
BEGIN
  PERFORM pg_advisory_xact_lock(23070, hashtext(tenant::text));
  DELETE FROM ai_cost_days WHERE tenant_id = tenant;
  DELETE FROM ai_cost_lead_spans WHERE tenant_id = tenant;
  DELETE FROM ai_cost_agent_lead_spans WHERE tenant_id = tenant;
  FOREACH statement IN ARRAY ai_cost_statements(format('SELECT 1 AS sign, a.* FROM ai_cost_tracking a WHERE a.tenant_id = %L', tenant)) LOOP
    EXECUTE statement;
  END LOOP;
END $$;

-- Before the row changes, nobody may be adding by the old zone any more; after it, the days are cut anew.
CREATE FUNCTION ai_cost_zone_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_WHEN = 'BEFORE' THEN
    PERFORM pg_advisory_xact_lock(23070, hashtext(NEW.id::text));
  ELSE
    PERFORM ai_cost_rebuild(NEW.id);
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER ai_cost_zone_changing BEFORE UPDATE OF time_zone ON tenants
  FOR EACH ROW WHEN (OLD.time_zone IS DISTINCT FROM NEW.time_zone) EXECUTE FUNCTION ai_cost_zone_changes();
CREATE TRIGGER ai_cost_zone_changed AFTER UPDATE OF time_zone ON tenants
  FOR EACH ROW WHEN (OLD.time_zone IS DISTINCT FROM NEW.time_zone) EXECUTE FUNCTION ai_cost_zone_changes();

SELECT ai_cost_rebuild(id) FROM tenants;

-- A query that calls it is planned for one process: to start others takes longer than to add up what a report reads.
CREATE FUNCTION ai_cost_in_one_process() RETURNS boolean LANGUAGE sql STABLE PARALLEL UNSAFE AS $$ SELECT true $$;

-- For people and their SQL tools.
CREATE VIEW agent_cost_summary AS
  SELECT tenant_id, agent_type, agent_mode, count(*) AS total_requests, coalesce(sum(cost_usd), 0)::numeric(24, 12) AS total_cost_usd,
    (coalesce(sum(cost_usd), 0) / count(*))::numeric(24, 12) AS avg_cost_per_request, round(avg(latency_ms), 1) AS avg_latency_ms,
    sum(prompt_tokens) AS prompt_tokens, sum(completion_tokens) AS completion_tokens,
    count(*) FILTER (WHERE cache_hit) AS cache_hits, sum(saved_usd)::numeric(24, 12) AS estimated_savings_usd,
    count(*) FILTER (WHERE status = 'failed') AS failed, count(*) FILTER (WHERE cost_status = 'unpriced') AS unpriced,
    avg(quality_score) AS avg_quality_score, min(timestamp) AS first_request_at, max(timestamp) AS last_request_at
  FROM ai_cost_tracking GROUP BY tenant_id, agent_type, agent_mode;

CREATE VIEW lead_cost_summary AS
  SELECT c.tenant_id, c.lead_id, l.name AS company_name, count(*) AS total_requests, coalesce(sum(c.cost_usd), 0)::numeric(24, 12) AS total_cost_usd,
    array_agg(DISTINCT c.agent_type) AS agents_used, count(*) FILTER (WHERE c.cost_status = 'unpriced') AS unpriced,
    min(c.timestamp) AS first_request_at, max(c.timestamp) AS last_request_at
  FROM ai_cost_tracking c LEFT JOIN leads l ON l.id = c.lead_id AND l.tenant_id = c.tenant_id
  WHERE c.lead_id IS NOT NULL GROUP BY c.tenant_id, c.lead_id, l.name;

CREATE VIEW cerebras_api_calls AS
  SELECT id, tenant_id, call_id, request_id, timestamp, agent_type, agent_mode, lead_id, session_id, user_id, model, prompt_tokens,
    completion_tokens, cache_read_tokens, reasoning_tokens, cost_usd, cost_status, latency_ms, ttft_ms, status, failure, cache_hit, attempt
  FROM ai_cost_tracking WHERE provider = 'cerebras';
