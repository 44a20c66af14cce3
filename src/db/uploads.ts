import type { Upload, Uploads } from '../core/importing.ts';
import type { Upload as UploadRow } from './generated/client.ts';
import { type Handle, isId } from './handle.ts';

export function uploads(handle: Handle): Uploads {
  const mine = { tenantId: handle.scope.tenantId, userId: handle.scope.userId };
  return {
    async get(id) {
      const row = isId(id)
        ? await handle.prisma.upload.findFirst({ where: { ...mine, id, expiresAt: { gt: handle.now() } } })
        : null;
      return row ? toUpload(row) : undefined;
    },
    async named(fileName) {
      const row = await handle.prisma.upload.findFirst({
        where: { ...mine, fileName, expiresAt: { gt: handle.now() } },
        orderBy: { createdAt: 'desc' },
      });
      return row ? toUpload(row) : undefined;
    },
    async create(upload) {
      const expiresAt = new Date(handle.now().getTime() + 24 * 3600_000);
      return toUpload(
        await handle.prisma.upload.create({ data: { ...mine, ...upload, bytes: BigInt(upload.bytes), expiresAt } }),
      );
    },
  };
}

const toUpload = ({ id, fileName, bytes, sha256, createdAt, expiresAt }: UploadRow): Upload => ({
  id,
  fileName,
  bytes: Number(bytes),
  sha256,
  createdAt,
  expiresAt,
});
