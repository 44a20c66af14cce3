import {
  isQuiet,
  isTimeZone,
  localDay,
  mostProactiveADay,
  type PersonalPreferences,
  type Preferences,
  type SpeakingUp,
  usualPreferences,
} from '../../core/preferences.ts';
import { AppError } from '../../errors.ts';
import type { Prisma, PrismaClient } from '../generated/client.ts';

const mostMuted = 100;

export function preferences(prisma: PrismaClient, tenantId: string): PersonalPreferences {
  const read = async (db: Prisma.TransactionClient, userId: string): Promise<Preferences> => {
    const row = await db.preferences.findFirst({ where: { tenantId, userId } });
    if (!row) return usualPreferences;
    const { quietFrom, quietUntil, muted, timeZone } = row;
    return { quiet: { from: quietFrom, until: quietUntil }, muted, timeZone };
  };
  const zoneOf = async (db: Prisma.TransactionClient, userId: string): Promise<string> => {
    const [row] = await db.$queryRaw<{ zone: string }[]>`
      SELECT coalesce(p.time_zone, t.time_zone) AS zone
      FROM tenants t LEFT JOIN preferences p ON p.tenant_id = t.id AND p.user_id = ${userId}::uuid WHERE t.id = ${tenantId}::uuid`;
    return row!.zone;
  };
  return {
    of: (userId) => read(prisma, userId),

    async change(userId, change) {
      check(change);
      const { quiet, muted, timeZone } = change;
      const given = {
        ...(quiet && { quietFrom: quiet.from, quietUntil: quiet.until }),
        ...(muted && { muted: [...new Set(muted)] }),
        ...(timeZone !== undefined && { timeZone }),
      };
      const { quiet: usualQuiet, ...usual } = usualPreferences;
      await prisma.preferences.upsert({
        where: { tenantId, userId },
        create: { tenantId, userId, ...usual, quietFrom: usualQuiet.from, quietUntil: usualQuiet.until, ...given },
        update: given,
      });
      return read(prisma, userId);
    },

    timeZone: (userId) => zoneOf(prisma, userId),

    maySpeak: (userId, now, { kind, key }) =>
      prisma.$transaction(async (tx): Promise<SpeakingUp> => {
        // holds the person's row, so that two processes do not both take the last of the day
        const people = await tx.$queryRaw<unknown[]>`
          SELECT 1 FROM users WHERE tenant_id = ${tenantId}::uuid AND id = ${userId}::uuid AND disabled_at IS NULL FOR NO KEY UPDATE`;
        if (people.length === 0) return { may: false, because: 'muted' };
        if (await tx.proactiveMessage.count({ where: { tenantId, userId, key } })) return { may: true };
        const { muted, quiet } = await read(tx, userId);
        if (muted.includes(kind)) return { may: false, because: 'muted' };
        const zone = await zoneOf(tx, userId);
        if (isQuiet(quiet, now, zone)) return { may: false, because: 'quiet' };
        const day = new Date(`${localDay(now, zone)}T00:00:00Z`);
        if ((await tx.proactiveMessage.count({ where: { tenantId, userId, day } })) >= mostProactiveADay)
          return { may: false, because: 'enough' };
        await tx.proactiveMessage.create({ data: { tenantId, userId, key, kind, day, at: now } });
        return { may: true };
      }),
  };
}

function check({ quiet, muted, timeZone }: Partial<Preferences>): void {
  const isHour = (hour: number) => Number.isInteger(hour) && hour >= 0 && hour <= 23;
  if (quiet && !(isHour(quiet.from) && isHour(quiet.until)))
    throw new AppError('invalid_input', 'Quiet hours go from one full hour to another, 0 to 23.');
  if (muted && muted.length > mostMuted) throw new AppError('invalid_input', `At most ${mostMuted} kinds can be muted.`);
  if (timeZone && !isTimeZone(timeZone))
    throw new AppError('invalid_input', `"${timeZone}" is no IANA time zone such as America/Chicago.`);
}
