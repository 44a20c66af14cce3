import type { ImportSummary, ReviewDecision } from '../../core/importing.ts';
import { AppError } from '../../errors.ts';
import type { CallContext } from '../../tools/define.ts';
import { type ReviewLine, reviewRowCard } from '../../tools/review-row.ts';
import { clockOf } from './clock.ts';
import { exitCodes } from './command.ts';
import { type ImportParts, threadForImport } from './import-run.ts';
import { receiptLine } from './receipt-line.ts';
import type { Screen } from './screen.ts';
import { clean, plural } from './text.ts';
import { rememberDeed } from './thread.ts';

type Review = ImportParts & { screen: Screen; source?: ImportSummary };
type Page = { rows: ReviewLine[]; total: number; next?: string };

const pageRows = 50;

/** `npm run import -- --review`: row by row where a person sits, else the list of what waits. */
export async function reviewRows(run: Review): Promise<number> {
  const { screen, source } = run;
  const first = await page(run);
  if (first.total === 0) {
    screen.line(source ? `No row of ${clean(source.fileName)} waits for review.` : 'No row waits for review.');
    return exitCodes.ok;
  }
  if (screen.interactive) return walk(run, first);
  const card = run.gate.catalog.get('list_review')!.card?.(first, clockOf(run));
  if (card) screen.card(card);
  screen.line('In a terminal of your own this command goes through them one by one.');
  return exitCodes.ok;
}

async function page({ gate, actor, source }: Review, after?: string): Promise<Page> {
  const input = { limit: pageRows, ...(source && { importId: source.id }), ...(after !== undefined && { after }) };
  const outcome = await gate.call('list_review', input, { actor, by: 'person' });
  if (outcome.status !== 'done') throw new AppError('internal', 'The list of rows did not come.');
  return outcome.result as Page;
}

const keys: Record<string, ReviewDecision | 'skip' | 'quit'> = { s: 'same', n: 'new', d: 'drop', k: 'skip', q: 'quit' };
for (const word of Object.values(keys)) keys[word] = word;

async function walk(run: Review, first: Page): Promise<number> {
  const { screen, records } = run;
  screen.line(`${plural(first.total, 'row waits', 'rows wait')} for you to decide.`);
  const ctx: CallContext = { actor: run.actor, by: 'person', conversationId: (await threadForImport(run)).id };
  const told: string[] = [];
  let last: Record<string, unknown> | undefined;
  rows: for (let now: Page | undefined = first; now; now = now.next === undefined ? undefined : await page(run, now.next)) {
    for (const row of now.rows) {
      const decision = await asked(screen, row);
      if (decision === 'quit') break rows;
      if (decision === 'skip') continue;
      const input = { importId: row.importId, lines: [row.line], decision };
      const title = await decide(run, ctx, input);
      if (!title) continue;
      told.push(title);
      last = input;
    }
  }
  const left = (await page(run)).total;
  screen.line(`${plural(told.length, 'row')} decided, ${plural(left, 'row waits', 'rows wait')} still.`);
  if (last)
    await rememberDeed(records, ctx.conversationId!, {
      words: 'Review rows of my imports',
      answer: `${told.slice(-10).join('. ')}.`,
      tool: 'decide_review',
      input: last,
      result: { decided: told.length, waiting: left },
      shown: [],
    });
  return exitCodes.ok;
}

async function asked(screen: Screen, row: ReviewLine): Promise<ReviewDecision | 'skip' | 'quit'> {
  screen.line();
  screen.card(reviewRowCard(row));
  for (;;) {
    const answer = await screen.ask('[s]ame [n]ew [d]rop s[k]ip [q]uit ', { fresh: true });
    if (answer.type !== 'line') return 'quit';
    const word = answer.text.trim().toLowerCase();
    if (!word) return 'skip';
    const choice = keys[word];
    if (choice === 'same' && !row.lead) screen.line('That lead is gone: it can be a new one, or be dropped.');
    else if (choice) return choice;
    else screen.line('s: it is that lead; n: a lead of its own; d: nobody needs it; k or Enter alone: later; q: leave.');
  }
}

/** What the receipt says; nothing when somebody was faster, or it could not be done. */
async function decide({ gate, screen }: Review, ctx: CallContext, input: Record<string, unknown>): Promise<string | undefined> {
  try {
    const outcome = await gate.call('decide_review', input, ctx);
    if (outcome.status !== 'done' || !outcome.receipt) return undefined;
    screen.line(receiptLine(screen, outcome.receipt, 'npm run chat -- "undo that"'));
    return outcome.receipt.title;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    screen.line(screen.paint.red(`✗ ${clean(error.message)}`));
    return undefined;
  }
}
