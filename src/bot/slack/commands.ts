import type { SlackCommandMiddlewareArgs } from '@slack/bolt';
import type { z } from 'zod';
import type { Said } from '../../core/chat.ts';
import { AppError } from '../../errors.ts';
import { renderSlack } from '../cards/slack.ts';
import { commandBody, onceKey, placeOf } from './bodies.ts';
import { plainText } from './markup.ts';
import { chatUser } from './normalise.ts';
import type { SlackParts } from './parts.ts';
import { ephemeral, quickly, respond, sentence, troubled } from './replies.ts';

type Ack = SlackCommandMiddlewareArgs['ack'];
type Body = z.infer<typeof commandBody>;

interface Asked {
  text: string;
  body: Body;
  tenant: string;
  parts: SlackParts;
}

interface SlashCommand {
  about: string;
  /** Shown to whoever asked alone. */
  answer(asked: Asked): Promise<Said>;
}

/** The slash commands; the manifest declares the same. Each can be said to the assistant as well, because they do not work in threads. */
export const commands: Readonly<Record<string, SlashCommand>> = {
  '/sales': {
    about: 'ask the assistant anything: /sales who should I call first today?',
    answer: async ({ text, body, tenant, parts }) => {
      const place = placeOf(tenant, body.channel_id, body.channel_name);
      const key = onceKey(tenant, body);
      await parts.inbox.put({
        key,
        user: chatUser(tenant, body.user_id),
        place,
        at: parts.now().toISOString(),
        kind: 'message',
        messageId: key,
        text,
        files: [],
        ...(place.audience !== 'dm' && { alone: true }),
      });
      return sentence('On it. The answer comes to you directly.');
    },
  },
  '/deals': {
    about: 'open deals; /deals mine, /deals this month, /deals Acme',
    answer: (asked) =>
      fromTool('list_deals', dealsIn(asked.text), asked, 'The assistant for the pipeline comes later; this is the list itself.'),
  },
  '/accounts': {
    about: 'customers; /accounts mine, /accounts Acme',
    answer: (asked) =>
      fromTool(
        'list_accounts',
        accountsIn(asked.text),
        asked,
        'The assistant for customers comes later; this is the list itself.',
      ),
  },
};

const helpText = [
  ...Object.entries(commands).map(([name, { about }]) => `\`${name}\`  ${about}`),
  '',
  'Commands do not work inside threads. There, or anywhere, mention me and say it: "deals", "accounts", "who should I call first today?"',
].join('\n');

/** Every command comes through here, those that we do not know included. */
export async function onCommand(raw: unknown, tenant: string, ack: Ack, parts: SlackParts): Promise<void> {
  const parsed = commandBody.safeParse(raw);
  if (!parsed.success) throw new AppError('invalid_input', 'This is no slash command of Slack.');
  const body = parsed.data;
  const text = plainText(body.text ?? '');
  const command = commands[body.command];
  const work = answerTo(command, { text, body, tenant, parts }).catch((error) => {
    parts.log.warn({ err: error, command: command ? body.command : 'unknown' }, 'a command of Slack failed');
    return troubled(error);
  });
  const quick = await quickly(work);
  if (!quick) {
    await ack();
    parts.afterwards(
      'a slow command of Slack',
      work.then((said) => respond(body.response_url, said, parts)),
    );
    return;
  }
  const [first, ...rest] = renderSlack(quick.outcome);
  await ack(ephemeral(first!));
  if (rest.length) parts.afterwards('the rest of an answer to a command', respond(body.response_url, rest, parts));
}

async function answerTo(command: SlashCommand | undefined, asked: Asked): Promise<Said> {
  const { text, body } = asked;
  if (!command) return sentence(`There is no command \`${plainText(body.command)}\` of ours. These are:\n\n${helpText}`);
  if (/^(help|\?|)$/i.test(text) && (text || body.command === '/sales')) return sentence(helpText);
  return command.answer(asked);
}

/** The answer of a tool that reads, as the person who asked. */
async function fromTool(
  tool: string,
  input: Record<string, unknown>,
  { text, body, tenant, parts }: Asked,
  note: string,
): Promise<Said> {
  const who = await parts.people.actorOf(chatUser(tenant, body.user_id));
  if ('none' in who) return sentence(who.none);
  const outcome = await parts.gate.call(tool, input, { actor: who.actor, by: 'person' });
  const result = 'result' in outcome ? outcome.result : undefined;
  const card = parts.gate.catalog.get(tool)?.card?.(result as never, { now: parts.now(), timeZone: who.actor.timeZone });
  if (card) return { ...sentence(note), cards: [card] };
  return sentence(`There are none${text ? ` that fit "${text}"` : ' yet'}. ${note}`);
}

const mine = /^(?:my|mine|me)$/i;
const closing = /\b(overdue|(?:this|next) (?:week|month)|this quarter)\b/i;

/** "mine", when they close, and the name of a company, in any order. */
function dealsIn(text: string): Record<string, unknown> {
  const period = closing.exec(text)?.[1];
  const { owner, rest } = ownedBy(period ? text.replace(closing, ' ') : text);
  return {
    ...(period ? { closing: period.toLowerCase().replace(' ', '_') } : { open: true }),
    ...owner,
    ...(rest && { account: rest }),
  };
}

function accountsIn(text: string): Record<string, unknown> {
  const { owner, rest } = ownedBy(text);
  return { ...owner, ...(rest && { query: rest }) };
}

function ownedBy(text: string): { owner: { owner?: string }; rest: string } {
  const words = text.split(/\s+/).filter(Boolean);
  const rest = words.filter((word) => !mine.test(word)).join(' ');
  return { owner: words.some((word) => mine.test(word)) ? { owner: 'me' } : {}, rest };
}
