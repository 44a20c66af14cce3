import { defineConfig } from 'prisma/config';

/** For Prisma's command line only (`npm run generate`, or `prisma migrate deploy` against your own server). */
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? '' },
});
