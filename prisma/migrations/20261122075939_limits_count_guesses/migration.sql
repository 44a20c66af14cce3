-- By hand, first: what the rest needs (extensions).

-- From schema.prisma:
-- AlterTable
ALTER TABLE "ai_cost_tracking" ADD COLUMN     "guess_usd" DECIMAL(20,12);

-- By hand, last: what Prisma cannot express (expression indexes, views, triggers).

-- Few calls have one, and none that is free.
CREATE INDEX ai_cost_tracking_guessed_idx ON ai_cost_tracking (tenant_id, timestamp) WHERE guess_usd > 0;

-- What was spent in a window before anybody counted it: by the calls that are written down, those of unknown price as limits counted them. For
-- windows that begin with something in them, because a limit was set, or the workspace moved to another time zone, in the middle of a month.
CREATE OR REPLACE FUNCTION budget_spent_before(p_tenant uuid, p_key text, p_start timestamptz, p_zone text) RETURNS numeric LANGUAGE plpgsql STABLE AS $$
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
        AND CASE whose WHEN 'user' THEN d.user_id::text = which WHEN 'agent' THEN d.agent_type = which ELSE true END
    ) + (
      -- the sums of days are of money alone
      SELECT coalesce(sum(c.guess_usd), 0) FROM ai_cost_tracking c
      WHERE c.tenant_id = p_tenant AND c.guess_usd > 0
        -- for the index; days are told apart by their dates, because there are some without a midnight and some with two
        AND c.timestamp > p_start - interval '1 day' AND c.timestamp < p_start + interval '33 days'
        AND (c.timestamp AT TIME ZONE p_zone)::date >= first_day AND (c.timestamp AT TIME ZONE p_zone)::date < after_last
        AND CASE whose WHEN 'user' THEN c.user_id::text = which WHEN 'agent' THEN c.agent_type = which ELSE true END)
    WHEN whose = 'lead' THEN (
      SELECT coalesce(sum(coalesce(c.cost_usd, c.guess_usd)), 0) FROM ai_cost_tracking c
      WHERE c.tenant_id = p_tenant AND c.lead_id = which::uuid AND (c.timestamp AT TIME ZONE p_zone)::date >= first_day
        AND (c.timestamp AT TIME ZONE p_zone)::date < after_last)
    WHEN whose = 'session' THEN (
      SELECT coalesce(sum(coalesce(c.cost_usd, c.guess_usd)), 0) FROM ai_cost_tracking c
      WHERE c.tenant_id = p_tenant AND c.session_id = which AND (c.timestamp AT TIME ZONE p_zone)::date >= first_day
        AND (c.timestamp AT TIME ZONE p_zone)::date < after_last)
  END;
END $$;

-- As before; a call of unknown price counts with its guess, and where it has none with what was set aside.
CREATE OR REPLACE FUNCTION release_budget(p_call uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  held record;
BEGIN
  FOR held IN
    SELECT r.* FROM budget_reservations r WHERE r.call_id = p_call ORDER BY r.key FOR UPDATE
  LOOP
    IF EXISTS (SELECT FROM ai_cost_tracking t WHERE t.call_id = p_call) THEN
      PERFORM settle_budget(p_call, (SELECT coalesce(t.cost_usd, t.guess_usd) FROM ai_cost_tracking t WHERE t.call_id = p_call), false);
      RETURN;
    END IF;
    CONTINUE WHEN held.released OR held.expires_at > now();
    UPDATE budget_counters c SET reserved = c.reserved - held.amount
      WHERE c.tenant_id = held.tenant_id AND c.key = held.key AND c.window_start = held.window_start;
    UPDATE budget_reservations r SET released = true WHERE r.call_id = held.call_id AND r.key = held.key;
  END LOOP;
END $$;
