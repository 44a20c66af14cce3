-- By hand, first: what the rest needs (extensions).

-- From schema.prisma:
-- AlterTable
ALTER TABLE "proposals" ADD COLUMN     "delegated_at" TIMESTAMPTZ(3),
ADD COLUMN     "delegated_by_id" UUID;

-- AlterTable
ALTER TABLE "audit_log" ADD COLUMN     "to_user_id" UUID;

-- By hand, last: what Prisma cannot express (expression indexes, views, triggers).
