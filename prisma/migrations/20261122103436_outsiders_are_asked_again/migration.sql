-- By hand, first: what the rest needs (extensions).
-- Who was an outsider is not carried over: the surface is asked again when they say something.

-- From schema.prisma:
-- AlterTable
ALTER TABLE "chat_identities" DROP COLUMN "outsider",
ADD COLUMN     "outsider_at" TIMESTAMPTZ(3);

-- By hand, last: what Prisma cannot express (expression indexes, views, triggers).
