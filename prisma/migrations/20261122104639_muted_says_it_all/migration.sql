-- By hand, first: what the rest needs (extensions).

-- From schema.prisma:
-- AlterTable
ALTER TABLE "preferences" DROP COLUMN "evening_summary",
DROP COLUMN "morning_brief";

-- By hand, last: what Prisma cannot express (expression indexes, views, triggers).
