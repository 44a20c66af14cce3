-- By hand, first: what the rest needs (extensions).

-- From schema.prisma:
-- CreateTable
CREATE TABLE "chat_references" (
    "tenant_id" UUID NOT NULL,
    "surface" TEXT NOT NULL,
    "external_tenant" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "external_user" TEXT,
    "reach" JSONB NOT NULL,
    "heard_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "chat_references_pkey" PRIMARY KEY ("tenant_id","surface","external_tenant","channel")
);

-- CreateTable
CREATE TABLE "votable_messages" (
    "tenant_id" UUID NOT NULL,
    "surface" TEXT NOT NULL,
    "external_tenant" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "message_id" TEXT NOT NULL,
    "conversation_id" UUID NOT NULL,
    "turn_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "votable_messages_pkey" PRIMARY KEY ("tenant_id","surface","external_tenant","channel","message_id")
);

-- CreateIndex
CREATE INDEX "chat_references_tenant_id_surface_external_tenant_external__idx" ON "chat_references"("tenant_id", "surface", "external_tenant", "external_user");

-- CreateIndex
CREATE INDEX "votable_messages_created_at_idx" ON "votable_messages" USING BRIN ("created_at");

-- By hand, last: what Prisma cannot express (expression indexes, views, triggers).
