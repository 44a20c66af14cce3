-- By hand, first: what the rest needs (extensions).

-- From schema.prisma:
-- CreateTable
CREATE TABLE "budget_counters" (
    "tenant_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "window_start" TIMESTAMPTZ(3) NOT NULL,
    "spent" DECIMAL(28,12) NOT NULL DEFAULT 0,
    "reserved" DECIMAL(28,12) NOT NULL DEFAULT 0,
    "maximum" DECIMAL(28,12) NOT NULL DEFAULT 0,
    "alerted" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "budget_counters_pkey" PRIMARY KEY ("tenant_id","key","window_start")
);

-- CreateTable
CREATE TABLE "budget_reservations" (
    "call_id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "window_start" TIMESTAMPTZ(3) NOT NULL,
    "is_money" BOOLEAN NOT NULL,
    "maximum" DECIMAL(28,12) NOT NULL,
    "amount" DECIMAL(28,12) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "released" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "budget_reservations_pkey" PRIMARY KEY ("call_id","key")
);

-- CreateTable
CREATE TABLE "response_cache" (
    "tenant_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "response_cache_pkey" PRIMARY KEY ("tenant_id","key")
);

-- CreateIndex
CREATE INDEX "response_cache_expires_at_idx" ON "response_cache"("expires_at");

-- By hand, last: what Prisma cannot express (expression indexes, views, triggers).

-- Room on the page for the next update of the same row: counters are rewritten with every call.
ALTER TABLE budget_counters SET (fillfactor = 50);

-- Everything here that locks more than one row locks the rows of one call, in the order of their keys: callers wait for each other, and never
-- in a circle. That is why each function takes one call, and why no statement settles or releases many.

-- What was spent in a window before anybody counted it: by the calls that are written down. For windows that begin with something in them,
-- because a limit was set, or the workspace moved to another time zone, in the middle of a month.
CREATE FUNCTION budget_spent_before(p_tenant uuid, p_key text, p_start timestamptz, p_zone text) RETURNS numeric LANGUAGE plpgsql STABLE AS $$
DECLARE
  per text := split_part(p_key, ':', 1);
  whose text := split_part(p_key, ':', 2);
  which text := substr(p_key, length(per) + length(whose) + 3);
  first_day date := (p_start AT TIME ZONE p_zone)::date;
  after_last date := first_day + CASE per WHEN 'month' THEN interval '1 month' ELSE interval '1 day' END;
BEGIN
  RETURN CASE
    WHEN per = 'hour' THEN 0
    WHEN whose IN ('tenant', 'user', 'agent') THEN (
      SELECT coalesce(sum(d.cost_usd), 0) FROM ai_cost_days d
      WHERE d.tenant_id = p_tenant AND d.day >= first_day AND d.day < after_last
        AND CASE whose WHEN 'user' THEN d.user_id::text = which WHEN 'agent' THEN d.agent_type = which ELSE true END)
    WHEN whose = 'lead' THEN (
      SELECT coalesce(sum(c.cost_usd), 0) FROM ai_cost_tracking c
      WHERE c.tenant_id = p_tenant AND c.lead_id = which::uuid AND (c.timestamp AT TIME ZONE p_zone)::date >= first_day
        AND (c.timestamp AT TIME ZONE p_zone)::date < after_last)
    WHEN whose = 'session' THEN (
      SELECT coalesce(sum(c.cost_usd), 0) FROM ai_cost_tracking c
      WHERE c.tenant_id = p_tenant AND c.session_id = which AND (c.timestamp AT TIME ZONE p_zone)::date >= first_day
        AND (c.timestamp AT TIME ZONE p_zone)::date < after_last)
  END;
END $$;

-- Notes that so many percent of a limit are told; gives them when they were not told before. Each limit has its own notes: one that is raised
-- is told anew, and two processes that know different limits do not make each other repeat themselves.
CREATE FUNCTION budget_told(p_tenant uuid, p_key text, p_start timestamptz, p_maximum numeric, p_percent int) RETURNS int LANGUAGE sql AS $$
  UPDATE budget_counters c SET alerted = c.alerted || jsonb_build_object(trim_scale(p_maximum)::text, p_percent)
  WHERE c.tenant_id = p_tenant AND c.key = p_key AND c.window_start = p_start
    AND coalesce((c.alerted ->> trim_scale(p_maximum)::text)::int, 0) < p_percent
  RETURNING p_percent
$$;

-- Sets amounts aside under all keys or under none. Gives the first key that has not enough left, how much that is, how much is spent, and
-- 100 when that has to be told. An amount of nothing is always there; one that is not known (null) needs that anything is left.
-- A call that has set aside already has what it wants. The moment of the call decides its windows, as it decides its price and its day in the
-- reports; the hour that clocks go through twice is two.
CREATE FUNCTION reserve_budget(
  p_tenant uuid, p_call uuid, p_at timestamptz, p_keys text[], p_windows text[], p_limits numeric[], p_amounts numeric[], p_ttl_ms int
) RETURNS TABLE (key text, available numeric, spent numeric, percent int) LANGUAGE plpgsql AS $$
DECLARE
  zone text := coalesce((SELECT t.time_zone FROM tenants t WHERE t.id = p_tenant), 'UTC');
  starts timestamptz[] := ARRAY(SELECT date_trunc(a.w, p_at, zone) FROM unnest(p_windows) WITH ORDINALITY AS a (w, n) ORDER BY a.n);
  counter record;
BEGIN
  IF EXISTS (
    SELECT FROM unnest(p_limits, p_amounts) AS a (maximum, amount)
    WHERE coalesce(a.maximum, -1) NOT BETWEEN 0 AND 1e15 OR a.amount NOT BETWEEN 0 AND 1e15
  ) THEN
    RAISE EXCEPTION 'a limit or an amount is no amount' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF EXISTS (SELECT FROM budget_reservations r WHERE r.call_id = p_call) THEN
    RETURN;
  END IF;
  INSERT INTO budget_counters (tenant_id, key, window_start, spent, maximum)
    SELECT p_tenant, a.k, a.start, budget_spent_before(p_tenant, a.k, a.start, zone), a.maximum
    FROM unnest(p_keys, starts, p_limits) AS a (k, start, maximum)
    WHERE NOT EXISTS (SELECT FROM budget_counters c WHERE c.tenant_id = p_tenant AND c.key = a.k AND c.window_start = a.start)
    ORDER BY a.k
    ON CONFLICT DO NOTHING;
  FOR counter IN
    SELECT c.key, c.window_start, c.spent, a.maximum, a.amount, greatest(a.maximum - c.spent - c.reserved, 0) AS free
    FROM budget_counters c JOIN unnest(p_keys, starts, p_limits, p_amounts) AS a (k, start, maximum, amount) ON c.key = a.k AND c.window_start = a.start
    WHERE c.tenant_id = p_tenant ORDER BY c.key FOR UPDATE OF c
  LOOP
    IF counter.amount > counter.free OR (counter.amount IS NULL AND counter.free = 0) THEN
      key := counter.key;
      available := counter.free;
      spent := counter.spent;
      -- whoever reads how things stand is to read the limit that stood in the way
      UPDATE budget_counters c SET maximum = counter.maximum
        WHERE c.tenant_id = p_tenant AND c.key = counter.key AND c.window_start = counter.window_start AND c.maximum <> counter.maximum;
      -- the last cents are never spent, because no call fits into them: a limit that nearly is used up and stands in the way is used up
      IF counter.spent >= counter.maximum * 0.95 THEN
        percent := budget_told(p_tenant, counter.key, counter.window_start, counter.maximum, 100);
      END IF;
      RETURN NEXT;
      RETURN;
    END IF;
  END LOOP;
  UPDATE budget_counters c SET reserved = c.reserved + coalesce(a.amount, 0), maximum = a.maximum
    FROM unnest(p_keys, starts, p_limits, p_amounts) AS a (k, start, maximum, amount)
    WHERE c.tenant_id = p_tenant AND c.key = a.k AND c.window_start = a.start;
  INSERT INTO budget_reservations (call_id, tenant_id, key, window_start, is_money, maximum, amount, expires_at)
    SELECT p_call, p_tenant, a.k, a.start, a.w <> 'hour', a.maximum, coalesce(a.amount, 0), now() + p_ttl_ms * interval '1 millisecond'
    FROM unnest(p_keys, p_windows, starts, p_limits, p_amounts) AS a (k, w, start, maximum, amount);
END $$;

-- What a call really cost, in place of what was set aside; when that is not known, or is no amount, what was set aside counts. Gives the limits
-- that passed 50, 80, 95 or 100 percent with it, each once. A call that settles after its money went back is counted all the same, and a
-- second time never.
CREATE FUNCTION settle_budget(p_call uuid, p_usd numeric, p_tell boolean DEFAULT true) RETURNS TABLE (key text, spent numeric, percent int) LANGUAGE plpgsql AS $$
DECLARE
  cost numeric := CASE WHEN p_usd BETWEEN 0 AND 1e15 THEN p_usd END;
  held record;
BEGIN
  FOR held IN
    SELECT r.* FROM budget_reservations r WHERE r.call_id = p_call ORDER BY r.key FOR UPDATE
  LOOP
    UPDATE budget_counters c
      SET reserved = c.reserved - CASE WHEN held.released THEN 0 ELSE held.amount END,
          spent = c.spent + CASE WHEN held.is_money THEN coalesce(cost, held.amount) ELSE held.amount END
      WHERE c.tenant_id = held.tenant_id AND c.key = held.key AND c.window_start = held.window_start
      RETURNING c.spent INTO spent;
    CONTINUE WHEN NOT FOUND OR NOT p_tell;
    percent := CASE
      WHEN spent >= held.maximum THEN 100 WHEN spent >= held.maximum * 0.95 THEN 95
      WHEN spent >= held.maximum * 0.8 THEN 80 WHEN spent >= held.maximum * 0.5 THEN 50 ELSE 0 END;
    CONTINUE WHEN percent = 0;
    percent := budget_told(held.tenant_id, held.key, held.window_start, held.maximum, percent);
    IF percent IS NOT NULL THEN
      key := held.key;
      RETURN NEXT;
    END IF;
  END LOOP;
  DELETE FROM budget_reservations r WHERE r.call_id = p_call;
END $$;

-- For a call whose time is over. What it is known to have cost counts, else what it had set aside goes back; its rows stay, for a call that
-- settles, or is found written down, after that. Tells nobody: the next call that settles does.
CREATE FUNCTION release_budget(p_call uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  held record;
BEGIN
  FOR held IN
    SELECT r.* FROM budget_reservations r WHERE r.call_id = p_call ORDER BY r.key FOR UPDATE
  LOOP
    IF EXISTS (SELECT FROM ai_cost_tracking t WHERE t.call_id = p_call) THEN
      PERFORM settle_budget(p_call, (SELECT t.cost_usd FROM ai_cost_tracking t WHERE t.call_id = p_call), false);
      RETURN;
    END IF;
    CONTINUE WHEN held.released OR held.expires_at > now();
    UPDATE budget_counters c SET reserved = c.reserved - held.amount
      WHERE c.tenant_id = held.tenant_id AND c.key = held.key AND c.window_start = held.window_start;
    UPDATE budget_reservations r SET released = true WHERE r.call_id = held.call_id AND r.key = held.key;
  END LOOP;
END $$;
