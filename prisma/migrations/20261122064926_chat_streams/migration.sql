-- By hand, first: what the rest needs (extensions).

-- From schema.prisma:
-- CreateTable
CREATE TABLE "chat_streams" (
    "tenant_id" UUID NOT NULL,
    "turn_id" UUID NOT NULL,
    "message_id" TEXT NOT NULL,
    "shown" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "chat_streams_pkey" PRIMARY KEY ("tenant_id","turn_id")
);

-- By hand, last: what Prisma cannot express (expression indexes, views, triggers).
