-- By hand, first: what the rest needs (extensions).

-- From schema.prisma:
-- AlterTable
ALTER TABLE "ai_cost_tracking" ADD COLUMN     "decision" JSONB,
ADD COLUMN     "turn_id" UUID;

-- CreateTable
CREATE TABLE "feedback" (
    "tenant_id" UUID NOT NULL,
    "turn_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "conversation_id" UUID NOT NULL,
    "vote" TEXT NOT NULL,
    "comment" TEXT,
    "surface" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "feedback_pkey" PRIMARY KEY ("tenant_id","turn_id","user_id")
);

-- CreateIndex
CREATE INDEX "feedback_tenant_id_at_idx" ON "feedback"("tenant_id", "at");

-- CreateIndex
CREATE INDEX "feedback_conversation_id_idx" ON "feedback"("conversation_id");

-- AddForeignKey
ALTER TABLE "feedback" ADD CONSTRAINT "feedback_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "conversations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- By hand, last: what Prisma cannot express (expression indexes, views, triggers).

-- Most calls belong to no turn, and follow from no decision.
CREATE INDEX ai_cost_tracking_tenant_id_turn_id_idx ON ai_cost_tracking (tenant_id, turn_id) WHERE turn_id IS NOT NULL;

CREATE INDEX ai_cost_tracking_tenant_id_decided_idx ON ai_cost_tracking (tenant_id, timestamp) WHERE decision IS NOT NULL;

ALTER TABLE feedback ADD CONSTRAINT feedback_vote_check CHECK (vote IN ('up', 'down'));

-- The score of a turn is the mean of its votes, 1 for up and 0 for down, and stands on every call of the turn that gave an answer: an attempt
-- that failed was read by nobody. Votes and calls come in either order, and calls some moments after they ended. So whoever comes second brings
-- them together, and both hold one lock while they do, or two at the same moment would not see each other. Locks are few, so that many calls
-- in one statement need few of them; a vote needs one alone, calls take theirs in order, and neither waits for the other in a circle.

CREATE FUNCTION feedback_lock_of(turn uuid) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT hashtext(turn::text) & 255 $$;

CREATE FUNCTION feedback_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  tenant uuid := coalesce(NEW.tenant_id, OLD.tenant_id);
  turn uuid := coalesce(NEW.turn_id, OLD.turn_id);
BEGIN
  PERFORM pg_advisory_xact_lock(23071, feedback_lock_of(turn));
  UPDATE ai_cost_tracking c SET quality_score = s.score, feedback_count = s.votes
  FROM (SELECT avg((f.vote = 'up')::int)::float8 AS score, count(*)::int AS votes FROM feedback f WHERE f.tenant_id = tenant AND f.turn_id = turn) s
  WHERE c.tenant_id = tenant AND c.turn_id = turn AND c.status = 'ok'
    AND (c.quality_score IS DISTINCT FROM s.score OR c.feedback_count <> s.votes);
  RETURN NULL;
END $$;

CREATE TRIGGER feedback_changed AFTER INSERT OR UPDATE OR DELETE ON feedback FOR EACH ROW EXECUTE FUNCTION feedback_changed();

CREATE FUNCTION ai_call_takes_score() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(23071, lock)
  FROM (SELECT DISTINCT feedback_lock_of(turn_id) AS lock FROM added WHERE turn_id IS NOT NULL ORDER BY 1) locks;
  -- a statement of its own, so that it sees the votes that were on their way while we waited; mostly there are none
  IF NOT EXISTS (SELECT FROM added a JOIN feedback f ON f.tenant_id = a.tenant_id AND f.turn_id = a.turn_id) THEN RETURN NULL; END IF;
  UPDATE ai_cost_tracking c SET quality_score = s.score, feedback_count = s.votes
  FROM (
    SELECT f.tenant_id, f.turn_id, avg((f.vote = 'up')::int)::float8 AS score, count(*)::int AS votes
    FROM feedback f JOIN (SELECT DISTINCT tenant_id, turn_id FROM added WHERE turn_id IS NOT NULL) t USING (tenant_id, turn_id)
    GROUP BY 1, 2
  ) s
  WHERE c.tenant_id = s.tenant_id AND c.turn_id = s.turn_id AND c.status = 'ok'
    AND (c.quality_score IS DISTINCT FROM s.score OR c.feedback_count <> s.votes);
  RETURN NULL;
END $$;

-- Triggers run by name: this one before ai_cost_added, so that its lock is taken before that one's, as a vote takes them.
CREATE TRIGGER ai_call_scored AFTER INSERT ON ai_cost_tracking
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ai_call_takes_score();
