-- By hand, first: what the rest needs (extensions).

-- From schema.prisma:
-- CreateTable
CREATE TABLE "playground_channels" (
    "tenant_id" UUID NOT NULL,
    "channel" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,

    CONSTRAINT "playground_channels_pkey" PRIMARY KEY ("tenant_id","channel")
);

-- CreateTable
CREATE TABLE "playground_messages" (
    "tenant_id" UUID NOT NULL,
    "channel" TEXT NOT NULL,
    "id" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "key" TEXT,
    "speaker" TEXT NOT NULL,
    "content" BYTEA,
    "whisper" BOOLEAN NOT NULL DEFAULT false,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "writing_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "playground_messages_pkey" PRIMARY KEY ("tenant_id","channel","id")
);

-- CreateIndex
CREATE INDEX "playground_messages_created_at_idx" ON "playground_messages" USING BRIN ("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "playground_messages_tenant_id_channel_seq_key" ON "playground_messages"("tenant_id", "channel", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "playground_messages_tenant_id_channel_key_key" ON "playground_messages"("tenant_id", "channel", "key");

-- By hand, last: what Prisma cannot express (expression indexes, views, triggers).

-- Takes the next numbers of a channel and gives the last of them; whoever watches it is told with the commit. The row is held until then, so
-- that numbers become visible in their order.
CREATE FUNCTION playground_next(p_tenant uuid, p_channel text, p_count bigint) RETURNS bigint LANGUAGE sql AS $$
  SELECT pg_notify('sales_agent', 'playground:' || p_channel);
  INSERT INTO playground_channels AS c (tenant_id, channel, seq) VALUES (p_tenant, p_channel, p_count)
  ON CONFLICT (tenant_id, channel) DO UPDATE SET seq = c.seq + excluded.seq RETURNING seq;
$$;
