-- By hand, first: what the rest needs (extensions).
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- From schema.prisma:
-- DropForeignKey
ALTER TABLE "contacts" DROP CONSTRAINT "contacts_lead_id_fkey";

-- DropIndex
DROP INDEX "leads_tenant_id_score_id_idx";

-- DropIndex
DROP INDEX "leads_tenant_id_deleted_at_id_idx";

-- DropIndex
DROP INDEX "leads_tenant_id_state_tier_idx";

-- DropIndex
DROP INDEX "leads_tenant_id_name_key_idx";

-- DropIndex
DROP INDEX "leads_tenant_id_email_idx";

-- DropIndex
DROP INDEX "leads_tenant_id_phone_idx";

-- DropIndex
DROP INDEX "leads_tenant_id_domain_idx";

-- DropIndex
DROP INDEX "leads_import_id_idx";

-- DropIndex
DROP INDEX "leads_search_text_idx";

-- DropIndex
DROP INDEX "import_rows_import_id_line_idx";

-- AlterTable
ALTER TABLE "leads" ADD COLUMN     "edited" BOOLEAN NOT NULL DEFAULT false;
UPDATE "leads" SET "edited" = true WHERE "version" > 1;

-- AlterTable
ALTER TABLE "contacts" ADD COLUMN     "import_id" UUID;

-- AlterTable
ALTER TABLE "accounts" ADD COLUMN     "import_id" UUID;

-- AlterTable
ALTER TABLE "deals" ADD COLUMN     "import_id" UUID;

-- AlterTable
ALTER TABLE "imports" ADD COLUMN     "indexed_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "import_rows" ADD COLUMN     "company" JSONB,
ADD COLUMN     "confidence" DOUBLE PRECISION,
ADD COLUMN     "decided_at" TIMESTAMPTZ(3),
ADD COLUMN     "decided_by_id" UUID,
ADD COLUMN     "decision" TEXT,
ADD COLUMN     "filled" JSONB;

-- CreateTable
CREATE TABLE "lead_search" (
    "lead_id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "lead_search_pkey" PRIMARY KEY ("lead_id")
);

-- CreateTable
CREATE TABLE "import_mappings" (
    "tenant_id" UUID NOT NULL,
    "signature" TEXT NOT NULL,
    "mapping" JSONB NOT NULL,
    "user_id" UUID NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "import_mappings_pkey" PRIMARY KEY ("tenant_id","signature")
);

-- What was searchable stays searchable.
INSERT INTO "lead_search" ("lead_id", "tenant_id", "text") SELECT "id", "tenant_id", "search_text" FROM "leads";
UPDATE "imports" SET "indexed_at" = CURRENT_TIMESTAMP;

-- AlterTable
ALTER TABLE "leads" DROP COLUMN "search_text";

-- CreateIndex
CREATE INDEX "lead_search_text_idx" ON "lead_search" USING GIN ("text" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "leads_tenant_id_score_id_state_tier_deleted_at_idx" ON "leads"("tenant_id", "score" DESC, "id", "state", "tier", "deleted_at");

-- CreateIndex
CREATE INDEX "leads_import_id_idx" ON "leads" USING BRIN ("import_id");

-- CreateIndex
CREATE INDEX "contacts_import_id_idx" ON "contacts" USING BRIN ("import_id");

-- CreateIndex
CREATE INDEX "import_rows_import_id_outcome_line_idx" ON "import_rows"("import_id", "outcome", "line");

-- AddForeignKey
ALTER TABLE "lead_search" ADD CONSTRAINT "lead_search_lead_id_fkey" FOREIGN KEY ("lead_id") REFERENCES "leads"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- By hand, last: what Prisma cannot express (expression indexes, views, triggers).
