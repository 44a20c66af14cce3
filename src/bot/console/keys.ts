import type { Access } from '../../core/access.ts';
import { type Role, roles } from '../../core/actor.ts';
import { AppError } from '../../errors.ts';
import { exitCodes, need, runCommand, UsageError } from './command.ts';
import type { Screen, Streams } from './screen.ts';

export interface KeysParts extends Streams {
  access: Pick<Access, 'listKeys' | 'createKey' | 'revokeKey'>;
  config: { PUBLIC_URL?: string; PORT: number };
}

const usage = `Usage: npm run keys -- list
       npm run keys -- create --user NAME [--role ROLE] [--label TEXT] [--expires-days N]
       npm run keys -- revoke ID

Roles: ${roles.join(', ')}. A new user is a rep unless --role says otherwise.`;

/** `npm run keys`. */
export function keysCommand(argv: string[], parts: KeysParts): Promise<number> {
  const options = {
    user: { type: 'string' },
    role: { type: 'string' },
    label: { type: 'string' },
    'expires-days': { type: 'string' },
  } as const;
  return runCommand(argv, parts, {
    usage,
    options,
    async run({ values, words: [action = 'list', id], screen }) {
      switch (action) {
        case 'list':
          return list(parts, screen);
        case 'create':
          return create(parts, screen, values);
        case 'revoke':
          return revoke(parts, screen, need(id, 'The ID'));
        default:
          throw new UsageError(`There is no "${action}" here.`);
      }
    },
  });
}

async function list({ access }: KeysParts, screen: Screen): Promise<number> {
  const keys = await access.listKeys();
  if (!keys.length) screen.line('There are no keys. npm run keys -- create --user NAME makes one.');
  else
    screen.card({
      blocks: [
        {
          type: 'table',
          columns: ['ID', 'User', 'Role', 'Label', 'Made', 'Expires', 'Last used'],
          rows: keys.map((key) => [
            key.id,
            key.userName,
            key.role,
            key.label,
            day(key.createdAt),
            key.expiresAt ? `${day(key.expiresAt)}${key.expiresAt < new Date() ? ' (over)' : ''}` : 'never',
            key.lastUsedAt ? day(key.lastUsedAt) : 'never',
          ]),
        },
      ],
    });
  return exitCodes.ok;
}

interface CreateValues {
  user?: string | undefined;
  role?: string | undefined;
  label?: string | undefined;
  'expires-days'?: string | undefined;
}

async function create({ access, config }: KeysParts, screen: Screen, values: CreateValues): Promise<number> {
  const { role, label, 'expires-days': days } = values;
  const user = need(values.user, '--user');
  if (role !== undefined && !roles.includes(role as Role)) throw new UsageError(`There is no role "${role}".`);
  const expiresInDays = days === undefined ? undefined : Number(days);
  if (expiresInDays !== undefined && !(Number.isInteger(expiresInDays) && expiresInDays >= 1 && expiresInDays <= 3650))
    throw new UsageError('--expires-days takes a whole number from 1 to 3650.');
  const { key, info } = await access.createKey({
    user,
    ...(role && { role: role as Role }),
    ...(label && { label }),
    ...(expiresInDays && { expiresInDays }),
  });
  const url = config.PUBLIC_URL ?? `http://127.0.0.1:${config.PORT || 3000}`;
  screen.card({
    title: `Key for ${info.userName} (${info.role})${info.expiresAt ? `, until ${day(info.expiresAt)}` : ''}`,
    blocks: [],
  });
  // written as it is: a wrapped key cannot be copied
  screen.line(`\n  ${key}\n`);
  screen.line('It is shown this once; we keep a hash of it only. Try it while the server runs (npm start):');
  screen.line(
    `\n  curl -X POST ${url.replace(/\/$/, '')}/api/v1/tools/whoami -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' -d '{}'\n`,
  );
  screen.line(`To take it back: npm run keys -- revoke ${info.id}`);
  return exitCodes.ok;
}

async function revoke({ access }: KeysParts, screen: Screen, id: string): Promise<number> {
  if (!(await access.revokeKey(id)))
    throw new AppError('not_found', 'There is no such key, or it was revoked already. npm run keys lists them.');
  screen.line('Revoked; it opens nothing any more.');
  return exitCodes.ok;
}

const day = (date: Date): string => date.toISOString().slice(0, 10);
