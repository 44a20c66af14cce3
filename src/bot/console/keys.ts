import type { Access } from '../../core/access.ts';
import { type Actor, type Role, roles, type Users } from '../../core/actor.ts';
import type { Identities } from '../../core/inbox.ts';
import { AppError } from '../../errors.ts';
import { exitCodes, need, runCommand, UsageError } from './command.ts';
import type { Screen, Streams } from './screen.ts';

export interface KeysParts extends Streams {
  access: Pick<Access, 'listKeys' | 'createKey' | 'revokeKey' | 'setDisabled'>;
  config: { PUBLIC_URL?: string; PORT: number };
  actor: Pick<Actor, 'userId'>;
  records: { users: Pick<Users, 'get' | 'find'> };
  database: { chat: { identities: Pick<Identities, 'makeCode'> } };
}

const usage = `Usage: npm run keys -- list
       npm run keys -- create --user NAME [--role ROLE] [--email ADDRESS] [--label TEXT] [--expires-days N]
       npm run keys -- revoke ID
       npm run keys -- link [--user NAME]          a one-time code that links a chat account to a user: yours, or NAME
       npm run keys -- disable | enable --user NAME

Roles: ${roles.join(', ')}. A new user is a rep unless --role says otherwise. With an e-mail address, chat apps that have
verified it know who they talk to without a code.`;

/** `npm run keys`. */
export function keysCommand(argv: string[], parts: KeysParts): Promise<number> {
  const options = {
    user: { type: 'string' },
    role: { type: 'string' },
    email: { type: 'string' },
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
        case 'link':
          return link(parts, screen, values.user);
        case 'disable':
        case 'enable':
          return setDisabled(parts, screen, need(values.user, '--user'), action === 'disable');
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
  email?: string | undefined;
  label?: string | undefined;
  'expires-days'?: string | undefined;
}

async function create({ access, config }: KeysParts, screen: Screen, values: CreateValues): Promise<number> {
  const { role, email, label, 'expires-days': days } = values;
  const user = need(values.user, '--user');
  if (role !== undefined && !roles.includes(role as Role)) throw new UsageError(`There is no role "${role}".`);
  const expiresInDays = days === undefined ? undefined : Number(days);
  if (expiresInDays !== undefined && !(Number.isInteger(expiresInDays) && expiresInDays >= 1 && expiresInDays <= 3650))
    throw new UsageError('--expires-days takes a whole number from 1 to 3650.');
  const { key, info } = await access.createKey({
    user,
    ...(role && { role: role as Role }),
    ...(email !== undefined && { email }),
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

async function link({ actor, records, database }: KeysParts, screen: Screen, name: string | undefined): Promise<number> {
  const found = name === undefined ? [await records.users.get(actor.userId)] : await records.users.find(name);
  const people = found.filter((user) => user && !user.demo && !user.disabled);
  if (people.length === 0) throw new AppError('not_found', `There is no user "${name}" who could be linked.`);
  if (people.length > 1)
    throw new AppError('ambiguous', `"${name}" may be ${people.map((user) => user!.handle).join(' or ')}. Say which handle.`);
  const user = people[0]!;
  const code = await database.chat.identities.makeCode(user.id);
  screen.line(`Code for ${user.name} (${user.role}):`);
  screen.line(`\n  ${code}\n`);
  screen.line(
    `Write "link ${code}" to Sales Agent in a private conversation of the chat app. Whoever does becomes ${user.name} there.`,
  );
  screen.line('It works once, within ten minutes, and takes the place of any code before it.');
  return exitCodes.ok;
}

async function setDisabled({ access }: KeysParts, screen: Screen, user: string, disabled: boolean): Promise<number> {
  const changed = await access.setDisabled(user, disabled);
  if (!changed) screen.line(disabled ? `${user} is shut out already.` : `${user} is not shut out.`);
  else if (disabled) screen.line(`${user} is shut out: no key and no chat account of theirs opens anything.`);
  else screen.line(`${user} is let in again, with the keys and chat accounts they had.`);
  return exitCodes.ok;
}

const day = (date: Date): string => date.toISOString().slice(0, 10);
