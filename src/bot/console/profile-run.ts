import type { Actor } from '../../core/actor.ts';
import type { Receipt } from '../../core/receipt.ts';
import type { Records } from '../../core/records.ts';
import { AppError } from '../../errors.ts';
import type { CallContext } from '../../tools/define.ts';
import type { Gate } from '../../tools/gate.ts';
import type { BesideStreams } from './beside.ts';
import { clockOf } from './clock.ts';
import { exitCodes, UsageError } from './command.ts';
import { threadForImport } from './import-run.ts';
import { LeadProgress } from './job-progress.ts';
import { typedPath } from './local-file.ts';
import { readOrTell } from './profile-file.ts';
import { receiptLine } from './receipt-line.ts';
import { type Done, runJob, stoppable } from './run-job.ts';
import type { Screen } from './screen.ts';
import { oneLine } from './text.ts';
import { rememberDeed } from './thread.ts';

export interface ProfilesParts extends BesideStreams {
  gate: Gate;
  actor: Actor;
  records: Records;
  /** The folder that relative paths start from. */
  cwd?: string;
}

export type Run = ProfilesParts & { screen: Screen };
export type Reference = { profile?: string; version?: number };

export const versionInWords = ({ name, version }: { name: string; version: number | null }): string =>
  `${oneLine(name)}, version ${version}`;

export async function call<T>({ gate, actor }: Run, tool: string, input: Record<string, unknown>): Promise<T> {
  const outcome = await gate.call(tool, input, { actor, by: 'person' });
  if (outcome.status !== 'done') throw new AppError('internal', `${tool} did not answer.`);
  return outcome.result as T;
}

/** A version as get_profile tells it. */
export interface Shown {
  id: string;
  name: string;
  version: number;
  newest: number;
  active: boolean;
  yaml: string;
}

/** A tool that changes profiles, run as a job in the conversation at hand, so that "undo that" is understood next. */
async function change<T>(run: Run, tool: string, input: Record<string, unknown>, doing: string): Promise<Deed<T> | undefined> {
  const conversationId = (await threadForImport(run)).id;
  const ctx: CallContext = { actor: run.actor, by: 'person', conversationId };
  const done = await stoppable(run.screen, (signal) => runJob<T>({ ...run, ctx, signal }, tool, input, new LeadProgress(doing)));
  return done && { ...done, conversationId };
}

type Deed<T> = Done<T> & { conversationId: string };

async function tellReceipt(
  run: Run,
  deed: Deed<unknown>,
  words: string,
  tool: string,
  input: Record<string, unknown>,
): Promise<void> {
  const { receipt, conversationId, result } = deed as Deed<unknown> & { receipt: Receipt };
  run.screen.line(receiptLine(run.screen, receipt, 'npm run chat -- "undo that"'));
  await rememberDeed(run.records, conversationId, { words, answer: `${receipt.title}.`, tool, input, result, shown: [] });
}

interface Saved {
  id: string;
  name: string;
  version: number;
}

export async function save(run: Run, word: string, note: string | undefined): Promise<number> {
  const { gate, screen } = run;
  const read = await readOrTell(screen, typedPath(word, run.cwd ?? process.cwd()));
  if (!read) return exitCodes.failed;
  const more = note === undefined ? {} : { note };
  const saved = await change<Saved>(run, 'update_profile', { yaml: read.text, ...more }, 'Looking at');
  if (!saved) return exitCodes.interrupted;
  const { id, name } = saved.result;
  const card = gate.catalog.get('update_profile')!.card?.(saved.result, clockOf(run));
  if (card) screen.card(card);
  await tellReceipt(run, saved, `Save the profile ${oneLine(name)}`, 'update_profile', { profile: id, ...more });
  screen.line(`It scores nothing yet. What it would change: npm run profiles -- preview ${id}`);
  screen.line(`To score by it: npm run profiles -- activate ${id}`);
  return exitCodes.ok;
}

/** What would change, drawn; false when it was stopped. */
async function drawPreview(run: Run, { id, version }: Shown): Promise<boolean> {
  const { gate, actor, screen } = run;
  const ctx: CallContext = { actor, by: 'person' };
  const done = await stoppable(screen, (signal) =>
    runJob({ ...run, ctx, signal }, 'preview_profile', { profile: id, version }, new LeadProgress('Looking at')),
  );
  const card = done && gate.catalog.get('preview_profile')!.card?.(done.result, clockOf(run));
  if (card) screen.card(card);
  return done !== undefined;
}

export async function preview(run: Run, reference: Reference): Promise<number> {
  const shown = await call<Shown>(run, 'get_profile', reference);
  if (!(await drawPreview(run, shown))) return exitCodes.interrupted;
  const { id, version, active } = shown;
  run.screen.line(
    active
      ? 'It scores already. Nothing was changed.'
      : `Nothing was changed. To score by it: npm run profiles -- activate ${id}@${version}`,
  );
  return exitCodes.ok;
}

export async function activate(run: Run, reference: Reference, yes: boolean): Promise<number> {
  const { screen } = run;
  if (!yes && !screen.interactive)
    throw new UsageError('Nobody can be asked here. Look first with preview; then say --yes to activate without a question.');
  const shown = await call<Shown>(run, 'get_profile', reference);
  const { id, version, active } = shown;
  const wanted = versionInWords(shown);
  if (active) throw new AppError('conflict', `${wanted}, scores already. Nothing was changed.`);
  // what is looked at is what is activated, whoever saves a newer version meanwhile
  if (!(await drawPreview(run, shown))) return exitCodes.interrupted;
  if (!yes && !(await screen.confirm(`Let ${wanted}, score from now on? [y]es [n]o `))) {
    screen.line('Nothing was changed.');
    return exitCodes.ok;
  }
  const input = { profile: id, version };
  const done = await change<{ before: { id: string; version: number } }>(run, 'activate_profile', input, 'Scoring');
  if (!done) return exitCodes.interrupted;
  await tellReceipt(run, done, `Activate ${wanted}`, 'activate_profile', input);
  const { before } = done.result;
  screen.line(
    screen.paint.dim(`Back to the one before at any time: npm run profiles -- activate ${before.id}@${before.version}`),
  );
  return exitCodes.ok;
}
