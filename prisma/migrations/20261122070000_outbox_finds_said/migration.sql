-- By hand, first: what the rest needs (extensions).

-- From schema.prisma:

-- By hand, last: what Prisma cannot express (expression indexes, views, triggers).

-- Where a surface finds what was said before its process went away, a message without an end is sent again: it is said once all the same.
DROP FUNCTION claim_outbox(uuid, int, float8, float8, interval, int, text);
CREATE FUNCTION claim_outbox(p_tenant uuid, p_limit int, p_per_second float8, p_burst float8, p_lease interval, p_most_attempts int, p_surface text, p_finds_said boolean)
RETURNS SETOF outbox LANGUAGE plpgsql AS $$
DECLARE
  candidate record;
  head record;
  taken outbox;
BEGIN
  -- of an attempt that has no end, what was the matter with the one before says nothing
  UPDATE outbox o SET started_at = NULL, due_at = now(), error = NULL,
      state = CASE WHEN again THEN 'waiting' ELSE 'uncertain' END,
      finished_at = CASE WHEN again THEN NULL ELSE now() END
    FROM (
      SELECT l.id, l.attempts < p_most_attempts AND (l.kind = 'update' OR (p_finds_said AND l.kind IN ('post', 'direct'))) AS again
      FROM outbox l WHERE l.tenant_id = p_tenant AND l.state = 'started' AND l.started_at <= now() - p_lease
        AND (p_surface IS NULL OR l.surface = p_surface)
    ) lost
    WHERE o.id = lost.id AND o.state = 'started' AND o.started_at <= now() - p_lease;
  INSERT INTO outbox_pace (tenant_id, lane, tokens, at)
    SELECT DISTINCT p_tenant, o.lane, p_burst, now() FROM outbox o
    WHERE o.tenant_id = p_tenant AND o.state = 'waiting' AND o.due_at <= now()
      AND NOT EXISTS (SELECT FROM outbox_pace p WHERE p.tenant_id = o.tenant_id AND p.lane = o.lane)
    ORDER BY 2
    ON CONFLICT DO NOTHING;
  FOR candidate IN
    SELECT p.lane FROM outbox_pace p JOIN (
      SELECT DISTINCT ON (o.lane) o.lane, o.state, o.due_at, o.order_at, o.surface, o.external_tenant FROM outbox o
      WHERE o.tenant_id = p_tenant AND o.state IN ('waiting', 'started') AND o.order_at <= now()
      ORDER BY o.lane, o.state = 'started' DESC, o.order_at, o.id
    ) first ON first.lane = p.lane
    WHERE p.tenant_id = p_tenant AND first.state = 'waiting' AND first.due_at <= now() AND (p_surface IS NULL OR first.surface = p_surface) AND p.tokens + extract(epoch FROM now() - p.at) * p_per_second >= 1
      AND NOT EXISTS (
        SELECT FROM chat_installs i
        WHERE i.tenant_id = p_tenant AND i.surface = first.surface AND i.external_tenant = first.external_tenant AND i.revoked_at IS NOT NULL)
    ORDER BY first.order_at LIMIT p_limit FOR UPDATE OF p SKIP LOCKED
  LOOP
    -- looked at again: another process may have had this lane until a moment ago
    SELECT o.id, o.state, o.due_at INTO head FROM outbox o
      WHERE o.tenant_id = p_tenant AND o.lane = candidate.lane AND o.state IN ('waiting', 'started') AND o.order_at <= now()
      ORDER BY o.state = 'started' DESC, o.order_at, o.id LIMIT 1;
    CONTINUE WHEN NOT FOUND OR head.state = 'started' OR head.due_at > now();
    UPDATE outbox_pace p SET tokens = least(p_burst, p.tokens + extract(epoch FROM now() - p.at) * p_per_second) - 1, at = now()
      WHERE p.tenant_id = p_tenant AND p.lane = candidate.lane AND p.tokens + extract(epoch FROM now() - p.at) * p_per_second >= 1;
    CONTINUE WHEN NOT FOUND;
    UPDATE outbox o SET state = 'started', started_at = now(), attempts = o.attempts + 1
      WHERE o.id = head.id AND o.state = 'waiting' RETURNING o.* INTO taken;
    IF FOUND THEN
      RETURN NEXT taken;
    END IF;
  END LOOP;
END $$;
