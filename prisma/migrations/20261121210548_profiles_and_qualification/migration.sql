-- By hand, first: what the rest needs (extensions).

-- From schema.prisma:
-- AlterTable
ALTER TABLE "tenants" ADD COLUMN     "profile_version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "leads" DROP COLUMN "score_detail",
ADD COLUMN     "findings" JSONB;

-- AlterTable
ALTER TABLE "agent_executions" ADD COLUMN     "cache_key" TEXT;

-- CreateTable
CREATE TABLE "icp_profiles" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "content" JSONB NOT NULL,
    "note" TEXT,
    "user_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "icp_profiles_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "calibrations" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "month" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "profile" TEXT NOT NULL,
    "profile_version" INTEGER NOT NULL,
    "result" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "calibrations_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "icp_profiles_tenant_id_key_version_key" ON "icp_profiles"("tenant_id", "key", "version");

-- CreateIndex
CREATE UNIQUE INDEX "calibrations_tenant_id_month_outcome_key" ON "calibrations"("tenant_id", "month", "outcome");

-- CreateIndex
CREATE INDEX "agent_executions_tenant_id_cache_key_idx" ON "agent_executions"("tenant_id", "cache_key");

-- By hand, last: what Prisma cannot express (expression indexes, views, triggers).
