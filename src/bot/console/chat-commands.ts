import type { Vote } from '../../core/feedback.ts';
import { AppError } from '../../errors.ts';
import type { Chat } from './chat.ts';
import { clockOf } from './clock.ts';
import { decideHere } from './decide-here.ts';
import { InView, numbered, waitingFor } from './decide-words.ts';
import { receiptLine } from './receipt-line.ts';
import { cut, oneLine } from './text.ts';

interface SlashCommand {
  args?: string;
  about: string;
  /** Only 'quit' means something. */
  run(chat: Chat, argument: string): Promise<unknown>;
}

/** What a person can do here without the assistant. */
const commands: Record<string, SlashCommand> = {
  help: { about: 'this list', run: async (chat) => help(chat) },
  new: { about: 'begin a new conversation', run: async (chat) => begin(chat) },
  import: { args: 'FILE', about: 'turn a list into leads', run: (chat, path) => importFile(chat, path) },
  pending: { about: 'what waits for your decision', run: pending },
  approve: { args: '[n]', about: 'decide on the nth of /pending', run: approve },
  undo: { about: 'take back the newest change of this conversation', run: undo },
  cost: { about: 'what this conversation cost', run: cost },
  good: { args: '[why]', about: 'the last answer was good', run: (chat, why) => rate(chat, 'up', why) },
  bad: { args: '[why]', about: 'the last answer was not good', run: (chat, why) => rate(chat, 'down', why) },
  history: { about: 'what was said in this conversation', run: history },
  quit: { about: 'leave (or Ctrl-D)', run: async () => 'quit' },
};
export const commandNames = Object.keys(commands).map((name) => `/${name}`);

export async function runSlash(chat: Chat, said: string): Promise<'quit' | undefined> {
  const [, name = '', argument = ''] = /^\/([a-z]+)\s*([\s\S]*)$/i.exec(said) ?? [];
  const command = commands[name.toLowerCase()] ?? (name.toLowerCase() === 'exit' ? commands['quit'] : undefined);
  if (!command) throw new AppError('invalid_input', `There is no command /${name}. /help lists them.`);
  return (await command.run(chat, argument.trim())) === 'quit' ? 'quit' : undefined;
}

function help({ screen }: Chat): void {
  for (const [name, { args = '', about }] of Object.entries(commands)) screen.line(`  ${`/${name} ${args}`.padEnd(18)} ${about}`);
  screen.line('Anything else is for the assistant: "who should I call first?", "mark JN Electric as contacted", "undo that".');
  screen.line('Ctrl-C stops an answer. A path to a list (.csv, .tsv, .xlsx) offers to import it.');
}

function begin(chat: Chat): void {
  chat.conversationId = undefined;
  chat.screen.line('A new conversation. The old one is kept.');
}

async function importFile(chat: Chat, path: string): Promise<void> {
  if (!path) throw new AppError('invalid_input', 'Name the file: /import ~/lists/dealers.csv');
  await chat.import(path);
}

async function pending(chat: Chat): Promise<void> {
  const { items } = await waitingFor(chat.run);
  if (!items.length) return chat.screen.line('Nothing waits for you.');
  chat.screen.card(numbered('Waiting for you', items, { gate: chat.run.gate, ctx: await chat.context() }));
  chat.inView = new InView(items);
  chat.screen.line(
    chat.screen.paint.dim('/approve 1 shows the first and asks you; "approve all except the second" decides at once.'),
  );
}

async function approve(chat: Chat, argument: string): Promise<void> {
  const view = chat.inView.open ? chat.inView : new InView((await waitingFor(chat.run)).items);
  const { listed } = view;
  if (!listed.length) return chat.screen.line('Nothing waits for you.');
  if (!argument && listed.length > 1) return pending(chat);
  const proposal = listed[Number(argument || 1) - 1];
  if (!proposal) throw new AppError('not_found', `There is no number ${argument} in /pending.`);
  if (!chat.screen.interactive) return chat.screen.line(`Decide with: npm run approvals -- accept ${proposal.id}`);
  const left = await decideHere({ screen: chat.screen, gate: chat.run.gate, ctx: await chat.context() }, proposal, view);
  if (left.how !== 'asked') return;
  if (proposal.conversationId) chat.conversationId = proposal.conversationId;
  await chat.say(left.note, proposal);
}

async function undo(chat: Chat): Promise<void> {
  const { screen, conversationId } = chat;
  const { records, gate, actor } = chat.run;
  const newest = await records.receipts.newestUndoable({ userId: actor.userId, ...(conversationId && { conversationId }) });
  if (!newest) return screen.line('There is no change here to undo.');
  // outside the conversation it was made in, a person should see what "the newest" is
  if (!conversationId && !(screen.interactive && (await screen.confirm(`Undo "${oneLine(newest.title)}"? [y]es [n]o `))))
    return screen.line('Nothing was undone.');
  const outcome = await gate.call('undo', { receiptId: newest.id }, await chat.context());
  if (outcome.status === 'done' && outcome.receipt) screen.line(receiptLine(screen, { ...outcome.receipt, undoable: false }));
  else if (outcome.status === 'pending_approval') await decideHere({ screen, gate, ctx: await chat.context() }, outcome.proposal);
}

async function cost(chat: Chat): Promise<void> {
  const { conversationId, screen } = chat;
  const outcome = await chat.run.gate.call(
    'get_costs',
    { period: conversationId ? 'conversation' : 'today' },
    await chat.context(),
  );
  if (outcome.status !== 'done') return;
  const { totalUsd, requests, unpriced } = outcome.result as { totalUsd: string; requests: number; unpriced: number };
  const card = chat.run.gate.catalog.get('get_costs')?.card?.(outcome.result, clockOf(chat.run));
  if (card) screen.card(card);
  else screen.line(`${totalUsd} USD for ${requests} calls${unpriced ? `, ${unpriced} of them without a known price` : ''}`);
}

async function rate({ conversationId, screen, run }: Chat, vote: Vote, comment = ''): Promise<void> {
  const messages = conversationId ? await run.records.conversations.messages(conversationId, 10) : [];
  const last = messages.findLast(({ role }) => role === 'assistant');
  if (!conversationId || !last) return screen.line('There is no answer here to rate yet.');
  await run.records.feedback.rate({ conversationId, turnId: last.turnId, vote, ...(comment && { comment }) });
  screen.line(`Noted: the last answer was ${vote === 'up' ? 'good' : 'not good'}.`);
}

async function history(chat: Chat): Promise<void> {
  const { conversationId, screen, run } = chat;
  const messages = conversationId ? await run.records.conversations.messages(conversationId, 40) : [];
  if (!messages.length) return screen.line('Nothing was said yet.');
  for (const { role, text } of messages) screen.line(cut(`${role === 'user' ? '>' : ' '} ${oneLine(text)}`, screen.width));
  screen.line(screen.paint.dim(`npm run chat -- --conversation ${conversationId} goes on with it later.`));
}
