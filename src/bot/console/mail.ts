import type { Records } from '../../core/records.ts';
import { AppError } from '../../errors.ts';
import { exitCodes, need, runCommand, UsageError } from './command.ts';
import type { Screen, Streams } from './screen.ts';
import { byShortId, shortIds } from './short-id.ts';

export interface MailParts extends Streams {
  records: Pick<Records, 'mails'>;
}

const usage = `Usage: npm run mail -- [list]
       npm run mail -- show ID

The local outbox: what would have been sent, had a mail server been connected. Nothing in it left this machine.`;

/** `npm run mail`. */
export function mailCommand(argv: string[], parts: MailParts): Promise<number> {
  return runCommand(argv, parts, {
    usage,
    options: {},
    async run({ words: [action = 'list', id], screen }) {
      if (action === 'list') return list(parts, screen);
      if (action === 'show') return show(parts, screen, need(id, 'The ID'));
      throw new UsageError(`There is no "${action}" here.`);
    },
  });
}

const most = 100;
const minute = (date: Date): string => date.toISOString().slice(0, 16).replace('T', ' ');

async function list({ records }: MailParts, screen: Screen): Promise<number> {
  const mails = await records.mails.list(most);
  if (!mails.length) screen.line('The local outbox is empty.');
  else {
    const ids = shortIds(mails.map((mail) => mail.id));
    screen.card({
      blocks: [
        {
          type: 'table',
          columns: ['ID', 'To', 'Subject', 'When (UTC)'],
          rows: mails.map((mail) => [ids.get(mail.id)!, mail.recipients.join(', '), mail.subject, minute(mail.createdAt)]),
        },
      ],
    });
  }
  return exitCodes.ok;
}

async function show({ records }: MailParts, screen: Screen, reference: string): Promise<number> {
  const mail = byShortId(await records.mails.list(most), reference, 'mail') ?? (await records.mails.get(reference));
  if (!mail) throw new AppError('not_found', `No mail begins with ${reference}. npm run mail lists them.`);
  screen.card({
    blocks: [
      {
        type: 'fields',
        fields: [
          { label: 'From', value: mail.sender },
          { label: 'To', value: mail.recipients.join(', ') },
          { label: 'Subject', value: mail.subject },
          { label: 'When', value: `${minute(mail.createdAt)} UTC, kept here, not sent` },
        ],
      },
      { type: 'text', text: `\n${mail.body}` },
    ],
  });
  return exitCodes.ok;
}
