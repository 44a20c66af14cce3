-- By hand, first: what the rest needs (extensions).

-- From schema.prisma:
-- AlterTable
ALTER TABLE "users" ADD COLUMN     "disabled_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "inbox" (
    "id" BIGSERIAL NOT NULL,
    "tenant_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "thread" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "message_id" TEXT,
    "inbound" JSONB NOT NULL,
    "said_at" TIMESTAMPTZ(6) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "turn_id" UUID,
    "conversation_id" UUID,
    "outcome" TEXT,
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "inbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "chat_threads" (
    "tenant_id" UUID NOT NULL,
    "thread" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "conversation_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "chat_threads_pkey" PRIMARY KEY ("tenant_id","thread","user_id")
);

-- CreateTable
CREATE TABLE "chat_answers" (
    "tenant_id" UUID NOT NULL,
    "turn_id" UUID NOT NULL,
    "message_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "chat_answers_pkey" PRIMARY KEY ("tenant_id","turn_id")
);

-- CreateTable
CREATE TABLE "chat_identities" (
    "tenant_id" UUID NOT NULL,
    "surface" TEXT NOT NULL,
    "external_tenant" TEXT NOT NULL,
    "external_user" TEXT NOT NULL,
    "user_id" UUID,
    "linked_by" TEXT,
    "linked_at" TIMESTAMPTZ(3),
    "unlinked_at" TIMESTAMPTZ(3),
    "outsider" BOOLEAN NOT NULL DEFAULT false,
    "wrong_codes" TIMESTAMPTZ(3)[] DEFAULT ARRAY[]::TIMESTAMPTZ(3)[],

    CONSTRAINT "chat_identities_pkey" PRIMARY KEY ("tenant_id","surface","external_tenant","external_user")
);

-- CreateTable
CREATE TABLE "link_codes" (
    "hash" TEXT NOT NULL,
    "tenant_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "link_codes_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "chat_installs" (
    "tenant_id" UUID NOT NULL,
    "surface" TEXT NOT NULL,
    "external_tenant" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "sealed" BYTEA,
    "bot_user_id" TEXT,
    "bot_id" TEXT,
    "installed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "chat_installs_pkey" PRIMARY KEY ("tenant_id","surface","external_tenant")
);

-- CreateTable
CREATE TABLE "outbox" (
    "id" BIGSERIAL NOT NULL,
    "tenant_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "surface" TEXT NOT NULL,
    "external_tenant" TEXT NOT NULL,
    "lane" TEXT NOT NULL,
    "content" BYTEA,
    "proposal_ids" UUID[] DEFAULT ARRAY[]::UUID[],
    "viewer" JSONB,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "order_at" TIMESTAMPTZ(6) NOT NULL,
    "due_at" TIMESTAMPTZ(6) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "error" JSONB,
    "sent" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "outbox_pace" (
    "tenant_id" UUID NOT NULL,
    "lane" TEXT NOT NULL,
    "tokens" DOUBLE PRECISION NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "outbox_pace_pkey" PRIMARY KEY ("tenant_id","lane")
);

-- CreateTable
CREATE TABLE "action_tokens" (
    "hash" TEXT NOT NULL,
    "tenant_id" UUID NOT NULL,
    "pressable" JSONB NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "action_tokens_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "card_views" (
    "tenant_id" UUID NOT NULL,
    "proposal_id" UUID NOT NULL,
    "surface" TEXT NOT NULL,
    "external_tenant" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "message_id" TEXT NOT NULL,
    "place" JSONB NOT NULL,
    "viewer" JSONB,
    "shown" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "card_views_pkey" PRIMARY KEY ("tenant_id","proposal_id","surface","external_tenant","channel","message_id")
);

-- CreateTable
CREATE TABLE "preferences" (
    "tenant_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "morning_brief" BOOLEAN NOT NULL,
    "evening_summary" BOOLEAN NOT NULL,
    "quiet_from" SMALLINT NOT NULL,
    "quiet_until" SMALLINT NOT NULL,
    "muted" TEXT[],
    "time_zone" TEXT,

    CONSTRAINT "preferences_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "proactive_messages" (
    "tenant_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "proactive_messages_pkey" PRIMARY KEY ("tenant_id","user_id","key")
);

-- CreateIndex
CREATE INDEX "inbox_tenant_id_thread_message_id_idx" ON "inbox"("tenant_id", "thread", "message_id");

-- CreateIndex
CREATE INDEX "inbox_received_at_idx" ON "inbox" USING BRIN ("received_at");

-- CreateIndex
CREATE UNIQUE INDEX "inbox_tenant_id_key_key" ON "inbox"("tenant_id", "key");

-- CreateIndex
CREATE INDEX "chat_threads_conversation_id_idx" ON "chat_threads"("conversation_id");

-- CreateIndex
CREATE INDEX "chat_answers_created_at_idx" ON "chat_answers" USING BRIN ("created_at");

-- CreateIndex
CREATE INDEX "chat_identities_tenant_id_user_id_idx" ON "chat_identities"("tenant_id", "user_id");

-- CreateIndex
CREATE INDEX "link_codes_tenant_id_user_id_idx" ON "link_codes"("tenant_id", "user_id");

-- CreateIndex
CREATE INDEX "outbox_created_at_idx" ON "outbox" USING BRIN ("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "outbox_tenant_id_key_key" ON "outbox"("tenant_id", "key");

-- CreateIndex
CREATE INDEX "action_tokens_expires_at_idx" ON "action_tokens"("expires_at");

-- CreateIndex
CREATE INDEX "card_views_created_at_idx" ON "card_views" USING BRIN ("created_at");

-- CreateIndex
CREATE INDEX "proactive_messages_tenant_id_user_id_day_idx" ON "proactive_messages"("tenant_id", "user_id", "day");

-- AddForeignKey
ALTER TABLE "chat_threads" ADD CONSTRAINT "chat_threads_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "conversations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "chat_identities" ADD CONSTRAINT "chat_identities_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "link_codes" ADD CONSTRAINT "link_codes_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "preferences" ADD CONSTRAINT "preferences_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "proactive_messages" ADD CONSTRAINT "proactive_messages_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- By hand, last: what Prisma cannot express (expression indexes, views, triggers).

-- What waits, in the order it was said.
CREATE INDEX inbox_waiting ON inbox (tenant_id, thread, said_at, id) WHERE done_at IS NULL;

-- What is still to be sent, in order for each lane, and never two of a lane at a time.
CREATE INDEX outbox_open ON outbox (tenant_id, lane, order_at, id) WHERE state IN ('waiting', 'started');
CREATE UNIQUE INDEX outbox_one_started ON outbox (tenant_id, lane) WHERE state = 'started';
CREATE INDEX outbox_uncertain ON outbox (tenant_id) WHERE state = 'uncertain';

-- Takes up to so many rows that may be sent now, the first of its lane each, and marks them as started. A row that somebody started longer ago
-- than the lease has no end that we know of: an update may be sent again, of anything else nobody can say whether it arrived.
-- A lane holds its pace over all processes: so many at once at the most, and so many a second after that.
CREATE FUNCTION claim_outbox(p_tenant uuid, p_limit int, p_per_second float8, p_burst float8, p_lease interval, p_most_attempts int)
RETURNS SETOF outbox LANGUAGE plpgsql AS $$
DECLARE
  candidate record;
  head record;
  taken outbox;
BEGIN
  UPDATE outbox o SET started_at = NULL, due_at = now(),
      state = CASE WHEN o.kind = 'update' AND o.attempts < p_most_attempts THEN 'waiting' ELSE 'uncertain' END,
      finished_at = CASE WHEN o.kind = 'update' AND o.attempts < p_most_attempts THEN NULL ELSE now() END
    WHERE o.tenant_id = p_tenant AND o.state = 'started' AND o.started_at <= now() - p_lease;
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
    WHERE p.tenant_id = p_tenant AND first.state = 'waiting' AND first.due_at <= now() AND p.tokens + extract(epoch FROM now() - p.at) * p_per_second >= 1
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

-- Cards of a proposal are rewritten whenever what they show changes, by a job of the same transaction; a proposal that no message shows has none.
-- A message that begins to show a proposal while the proposal changes must be among them, whichever commits first: both take this lock, the change
-- shared, and look at the other only then.
CREATE FUNCTION queue_cards(p_tenant uuid, p_proposal uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(23072, hashtext(p_proposal::text));
  IF EXISTS (SELECT FROM card_views v WHERE v.tenant_id = p_tenant AND v.proposal_id = p_proposal) THEN
    PERFORM graphile_worker.add_job('cards', json_build_object('tenantId', p_tenant, 'proposalId', p_proposal),
      job_key => 'cards:' || p_proposal, max_attempts => 5);
  END IF;
END $$;

CREATE FUNCTION add_card_view(
  p_tenant uuid, p_proposal uuid, p_surface text, p_external_tenant text, p_channel text, p_message text, p_place jsonb, p_viewer jsonb
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(23072, hashtext(p_proposal::text));
  INSERT INTO card_views (tenant_id, proposal_id, surface, external_tenant, channel, message_id, place, viewer)
    VALUES (p_tenant, p_proposal, p_surface, p_external_tenant, p_channel, p_message, p_place, p_viewer)
    ON CONFLICT DO NOTHING;
  -- it may have changed while the message was on its way
  IF FOUND AND EXISTS (SELECT FROM proposals p WHERE p.tenant_id = p_tenant AND p.id = p_proposal AND p.status <> 'pending') THEN
    PERFORM queue_cards(p_tenant, p_proposal);
  END IF;
END $$;

CREATE FUNCTION proposal_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM queue_cards(NEW.tenant_id, NEW.id);
  RETURN NULL;
END $$;

CREATE TRIGGER proposal_cards AFTER UPDATE ON proposals FOR EACH ROW
  WHEN ((OLD.status, OLD.params_hash, OLD.decider_id, OLD.delegated_at, OLD.receipt_id)
    IS DISTINCT FROM (NEW.status, NEW.params_hash, NEW.decider_id, NEW.delegated_at, NEW.receipt_id))
  EXECUTE FUNCTION proposal_changed();

-- An undo ends what the card of the proposal still offers.
CREATE FUNCTION receipt_undone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM queue_cards(NEW.tenant_id, NEW.proposal_id);
  RETURN NULL;
END $$;

CREATE TRIGGER receipt_cards AFTER UPDATE ON receipts FOR EACH ROW
  WHEN (NEW.proposal_id IS NOT NULL AND OLD.undone_by_id IS DISTINCT FROM NEW.undone_by_id)
  EXECUTE FUNCTION receipt_undone();
