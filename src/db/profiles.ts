import { setTimeout as sleep } from 'node:timers/promises';
import { canonical } from '../core/change.ts';
import { fold } from '../core/names.ts';
import { type ActiveProfile, type Profile, type Profiles, type ProfileVersion, parseProfile } from '../core/profile.ts';
import { AppError } from '../errors.ts';
import type { IcpProfile, PrismaClient } from './generated/client.ts';
import { type Handle, json, newId } from './handle.ts';
import { rescore } from './rescore.ts';

/** Versions never change, so one that was read and checked is read no more; the same object lets its compiled scorer be found again. */
const checked = new Map<string, Profile>();
const held = new WeakMap<Handle, Promise<ActiveProfile>>();

const key = (handle: Handle): string => `profile ${handle.scope.tenantId}`;
/** An activation waits this long for whoever is writing scores, such as a long import. */
const patienceMs = 120_000;
const retryMs = 100;

/** The profile that scores. In a transaction nobody switches it until the end: scores that are written are of one profile. */
export function activeProfile(handle: Handle): Promise<ActiveProfile> {
  if (!handle.inTransaction) return readActive(handle);
  let known = held.get(handle);
  if (!known) {
    // two statements: what is read must be as it is once the lock is ours
    known = handle.prisma.$executeRaw`SELECT pg_advisory_xact_lock_shared(hashtextextended(${key(handle)}, 0))`.then(() =>
      readActive(handle),
    );
    held.set(handle, known);
  }
  return known;
}

async function readActive({ prisma, scope }: Handle): Promise<ActiveProfile> {
  const { profile, profileVersion } = await prisma.tenant.findUniqueOrThrow({ where: { id: scope.tenantId } });
  const row = await prisma.icpProfile.findFirst({ where: { tenantId: scope.tenantId, key: profile, version: profileVersion } });
  if (!row) throw new AppError('misconfigured', `The profile "${profile}", version ${profileVersion}, is not here any more.`);
  return { key: row.key, version: row.version, profile: contentOf(row) };
}

function contentOf({ id, content }: Pick<IcpProfile, 'id' | 'content'>): Profile {
  const known = checked.get(id) ?? parseProfile(content);
  checked.set(id, known);
  return known;
}

export const activeName = ({ key, version }: { key: string; version: number }): string => `${key}@${version}`;

export function profiles(handle: Handle): Profiles {
  const { prisma, scope } = handle;
  const mine = { tenantId: scope.tenantId, deletedAt: null };

  const named = async (rows: IcpProfile[]): Promise<ProfileVersion[]> => {
    const ids = [...new Set(rows.flatMap(({ userId }) => userId ?? []))];
    const people = ids.length ? await prisma.user.findMany({ where: { tenantId: scope.tenantId, id: { in: ids } } }) : [];
    return rows.map((row) => ({
      key: row.key,
      version: row.version,
      profile: contentOf(row),
      note: row.note,
      by: people.find(({ id }) => id === row.userId)?.name ?? null,
      createdAt: row.createdAt,
    }));
  };

  return {
    active: () => activeProfile(handle),

    async list() {
      const all = await named(await prisma.icpProfile.findMany({ where: mine, orderBy: [{ key: 'asc' }, { version: 'asc' }] }));
      const newest = new Map(all.map((version) => [version.key, version]));
      return [...newest.values()].map((version) => ({
        ...version,
        versions: all.filter(({ key }) => key === version.key).length,
      }));
    },

    async get(reference, version) {
      const wanted = fold(reference);
      const newest = (await this.list()).find(
        ({ key, profile }) => key === reference || fold(key) === wanted || fold(profile.name) === wanted,
      );
      if (!newest || version === undefined || version === newest.version) return newest;
      const row = await prisma.icpProfile.findFirst({ where: { ...mine, key: newest.key, version } });
      return row ? (await named([row]))[0] : undefined;
    },

    async save(profile, note) {
      await prisma.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${scope.tenantId}), hashtext('profiles'))`;
      const last = await prisma.icpProfile.aggregate({
        where: { tenantId: scope.tenantId, key: profile.id },
        _max: { version: true },
      });
      const version = (last._max.version ?? 0) + 1;
      const row = await prisma.icpProfile.create({
        data: {
          id: newId(),
          tenantId: scope.tenantId,
          key: profile.id,
          version,
          content: json(profile),
          note: note ?? null,
          userId: scope.userId || null,
        },
      });
      handle.changes.push({
        entity: 'profile',
        id: row.id,
        label: `${profile.name}, version ${version}`,
        op: 'create',
        before: null,
        after: { version },
      });
      return (await named([row]))[0]!;
    },

    async activate(next, { signal, onProgress }) {
      await alone(handle, signal);
      const before = await readActive(handle);
      await prisma.tenant.update({ where: { id: scope.tenantId }, data: { profile: next.key, profileVersion: next.version } });
      held.delete(handle);
      handle.changes.push({
        entity: 'workspace',
        id: scope.tenantId,
        label: 'scores',
        op: 'update',
        before: { profile: activeName(before) },
        after: { profile: activeName(next) },
      });
      return rescore(handle, next.profile, { signal, onProgress });
    },
  };
}

/** Whoever means to switch comes one after the other, before anything is read. */
export async function holdSwitch({ prisma, scope }: Handle): Promise<void> {
  await prisma.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${scope.tenantId}), hashtext('activate'))`;
}

/** No lead is scored by anybody else until this transaction ends. Asked for again and again, so that nobody has to queue behind us. */
async function alone(handle: Handle, signal: AbortSignal): Promise<void> {
  await holdSwitch(handle);
  for (const until = performance.now() + patienceMs; performance.now() < until; await sleep(retryMs)) {
    signal.throwIfAborted();
    const [answer] = await handle.prisma.$queryRaw<{ ours: boolean }[]>`
      SELECT pg_try_advisory_xact_lock(hashtextextended(${key(handle)}, 0)) AS ours`;
    if (answer?.ours) return;
  }
  throw new AppError(
    'conflict',
    'Leads are being written all the time, probably by an import. Switch the profile when it is done.',
  );
}

/** Undo of an activation: "dealer@2" scores again. */
export async function reactivate(handle: Handle, name: string): Promise<void> {
  const [key = '', version] = name.split('@');
  const all = profiles(handle);
  const wanted = await all.get(key, Number(version));
  if (!wanted) throw new AppError('conflict', `The profile "${key}", version ${version}, is not here any more.`);
  await all.activate(wanted, { signal: never, onProgress: () => undefined });
}
const never = new AbortController().signal;

/** Undo of a saved version. */
export async function removeVersion(handle: Handle, id: string, removed: boolean): Promise<void> {
  const row = await handle.prisma.icpProfile.findFirstOrThrow({ where: { id, tenantId: handle.scope.tenantId } });
  const active = await activeProfile(handle);
  if (removed && active.key === row.key && active.version === row.version)
    throw new AppError('conflict', `Version ${row.version} of "${row.key}" scores now. Activate another one first.`);
  await handle.prisma.icpProfile.update({ where: { id }, data: { deletedAt: removed ? handle.now() : null } });
}

/** Puts the profiles that ship with this release beside those that are here; a shipped one that is new text becomes a version, and switches nothing on. */
export async function shipProfiles(prisma: PrismaClient, tenantId: string, shipped: readonly Profile[]): Promise<void> {
  await prisma.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${tenantId}), hashtext('profiles'))`;
    for (const profile of shipped) {
      const rows = await tx.icpProfile.findMany({ where: { tenantId, key: profile.id }, orderBy: { version: 'desc' } });
      const ours = canonical(profile);
      if (rows.some(({ userId, content }) => userId === null && canonical(content) === ours)) continue;
      const version = (rows[0]?.version ?? 0) + 1;
      const note = rows.length ? 'Came with an update of the product' : null;
      await tx.icpProfile.create({
        data: { id: newId(), tenantId, key: profile.id, version, content: json(profile), note },
      });
    }
  });
}
