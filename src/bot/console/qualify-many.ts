import type { Actor } from '../../core/actor.ts';
import type { Records } from '../../core/records.ts';
import type { Tier } from '../../core/scoring.ts';
import { AppError } from '../../errors.ts';
import type { CallContext } from '../../tools/define.ts';
import type { Gate } from '../../tools/gate.ts';
import type { BesideStreams } from './beside.ts';
import { clockOf } from './clock.ts';
import { exitCodes, UsageError } from './command.ts';
import { LeadProgress } from './job-progress.ts';
import { runJob, stoppable } from './run-job.ts';
import type { Screen } from './screen.ts';
import { oneLine, plural } from './text.ts';

export interface QualifyParts extends BesideStreams {
  gate: Gate;
  actor: Actor;
  records: Records;
}

export type QualifyRun = QualifyParts & {
  screen: Screen;
  model: boolean;
  maxCostUsd?: number;
  /** Gives the result as JSON; absent: it is drawn. */
  json?(result: unknown): void;
};

/** Which of many leads, as qualify_leads takes it. */
export interface Picks {
  tier?: Tier[];
  state?: string;
  importId?: string;
  limit?: number;
}

interface Qualified {
  filters: string;
  leads: number;
  qualified: number;
  failed: number;
  stopped?: string;
  estimate?: Estimate;
  profile: { id: string; version: number };
  durationSeconds: number;
}

interface Estimate {
  leads: number;
  open: number;
  expectedUsd: string | null;
  atMostUsd: string | null;
  model: string;
}

/** Many leads, as a job. With a model its cost is shown first, and agreed to or limited. */
export async function qualifyMany(run: QualifyRun, picks: Picks): Promise<number> {
  if (!run.model) return qualify(run, { ...picks });
  const agreed = run.maxCostUsd === undefined ? await agree(run, picks) : { model: true, maxCostUsd: run.maxCostUsd };
  return typeof agreed === 'number' ? agreed : qualify(run, { ...picks, ...agreed });
}

/** Shows what a model would cost and asks; an exit code when nothing is to be done. */
async function agree(run: QualifyRun, picks: Picks): Promise<{ model?: true; maxCostUsd?: number } | number> {
  const { screen, gate } = run;
  const done = await asJob(run, { ...picks, model: true }, 'Looking at');
  if (!done) return exitCodes.interrupted;
  const { estimate, filters } = done;
  if (!estimate) throw new AppError('internal', 'The estimate did not come.');
  const { leads, open, expectedUsd, atMostUsd, model } = estimate;
  if (open === 0) {
    if (leads > 0) screen.line('The records leave nothing open that a model could read.');
    return {};
  }
  screen.line(`${plural(open, 'lead leaves', 'leads leave')} something open, of ${plural(leads, 'lead')} (${oneLine(filters)}).`);
  if (expectedUsd === null || atMostUsd === null)
    throw new AppError('invalid_input', `What ${model} costs is not known, so no limit could be kept. Qualify leads one by one.`);
  const most = roundedUp(atMostUsd);
  screen.line(`Asking ${oneLine(model)} about them would cost about ${usd(roundedUp(expectedUsd))}, at most ${usd(most)}.`);
  const { runUsd } = gate.deps.qualifyLimits;
  const limited = most > Number(runUsd);
  if (limited) screen.line(`A run ends at ${usd(runUsd)} (QUALIFY_RUN_MAX_COST_USD); the leads after that stay as they are.`);
  const agreed = limited ? Number(runUsd) : most;
  if (!screen.interactive) throw new UsageError(`Nobody can be asked here. Say how much it may cost: --max-cost ${agreed}`);
  if (await screen.confirm(`Ask for at most ${usd(agreed)}? [y]es [n]o `)) return { model: true, maxCostUsd: agreed };
  screen.line('Nothing was asked, nothing was qualified.');
  return exitCodes.ok;
}

/** What is shown as the most is what is passed on: the next hundredth of a cent. */
const roundedUp = (amount: string): number => Math.ceil(Number(amount) * 10_000) / 10_000;

async function qualify(run: QualifyRun, input: Record<string, unknown>): Promise<number> {
  const { screen, gate } = run;
  const result = await asJob(run, input, 'Qualifying');
  if (!result) return exitCodes.interrupted;
  if (run.json) run.json(result);
  else if (result.leads === 0) screen.line(`No lead fits: ${oneLine(result.filters)}.`);
  else {
    const card = gate.catalog.get('qualify_leads')!.card?.(result, clockOf(run));
    if (card) screen.card(card);
    const { profile, durationSeconds } = result;
    screen.line(
      screen.paint.dim(
        `${plural(result.qualified, 'lead')} in ${durationSeconds.toFixed(1)} s · profile ${profile.id}@${profile.version}`,
      ),
    );
  }
  return result.stopped !== undefined || result.failed > 0 ? exitCodes.failed : exitCodes.ok;
}

async function asJob(run: QualifyRun, input: Record<string, unknown>, doing: string): Promise<Qualified | undefined> {
  const ctx: CallContext = { actor: run.actor, by: 'person' };
  const done = await stoppable(run.screen, (signal) =>
    runJob<Qualified>({ ...run, ctx, signal }, 'qualify_leads', input, new LeadProgress(doing)),
  );
  return done?.result;
}

/** As few digits as tell it, and none of them rounded away. */
export const usd = (amount: string | number): string => {
  const [whole, fraction = ''] = (typeof amount === 'number' ? String(amount) : amount).split('.');
  return `$${whole}.${fraction.replace(/0+$/, '').padEnd(2, '0')}`;
};
