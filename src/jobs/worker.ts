import type { Access } from '../core/access.ts';
import type { Surface } from '../core/actor.ts';
import type { ChatJobName, Job, JobName, JobPayloads, Progress } from '../core/job.ts';
import type { Standing } from '../core/policy.ts';
import type { Records } from '../core/records.ts';
import { mayHelpToRetry } from '../core/retry.ts';
import type { Span } from '../core/tracing.ts';
import { AppError, publicError } from '../errors.ts';
import type { CallContext } from '../tools/define.ts';
import { executeProposal, failProposal } from '../tools/execute.ts';
import type { Gate } from '../tools/gate.ts';
import { scopeOf } from '../tools/gate.ts';
import { calibrateMonth } from './calibrate.ts';

type Attempt = { number: number; last: boolean };
type Handler<N extends JobName> = (payload: JobPayloads[N], attempt: Attempt) => Promise<void>;
export type Handlers = { [N in Exclude<JobName, ChatJobName>]: Handler<N> } & { [N in ChatJobName]?: Handler<N> };

/** What chat surfaces do in jobs. That nobody else works on the same thread or cards is their own care. */
export interface ChatJobs {
  thread(payload: JobPayloads['chat'], attempt: Attempt): Promise<void>;
  outbox(payload: JobPayloads['outbox']): Promise<void>;
  cards(payload: JobPayloads['cards']): Promise<void>;
  brief(payload: JobPayloads['brief']): Promise<void>;
  home(payload: JobPayloads['home']): Promise<void>;
}

interface Parts {
  gate: Gate;
  access: Access;
  sweep: () => Promise<void>;
  /** Absent: their jobs are left to a process that has surfaces. */
  chat?: ChatJobs;
}

/** What the queue runs: everything goes through the gate, as the person who asked for it. */
export function jobHandlers({ gate, access, sweep, chat }: Parts): Handlers {
  const measured =
    <N extends JobName>(name: N, work: (payload: JobPayloads[N], attempt: Attempt, span: Span) => Promise<void>) =>
    async (payload: JobPayloads[N], attempt: Attempt) => {
      const started = performance.now();
      let outcome: 'ok' | 'failed' | 'dead' = attempt.last ? 'dead' : 'failed';
      const { traceparent } = payload as Partial<JobPayloads['tool']>;
      const traced = { parent: traceparent, attributes: { 'sales_agent.attempt': attempt.number } };
      try {
        await gate.deps.tracing.trace(`job ${name}`, traced, (span) => work(payload, attempt, span));
        outcome = 'ok';
      } finally {
        gate.deps.metrics.jobRun(name, outcome, (performance.now() - started) / 1000);
      }
    };
  return {
    proposal: measured('proposal', async ({ tenantId, proposalId }, attempt, span) => {
      const { db } = gate.deps;
      const proposal = await db.records({ tenantId, userId: '', surface: 'job' }).proposals.get(proposalId);
      if (!proposal) return;
      const { surface } = proposal;
      const userId = proposal.decidedById ?? proposal.requesterId;
      const identity = await access.byUser(tenantId, userId);
      if (!identity) return failProposal(db, { tenantId, userId, surface }, proposal, shutOut('approved'));
      const ctx: CallContext = { actor: { ...identity, surface }, by: 'person', span };
      await executeProposal(gate, ctx, proposalId, attempt);
    }),
    tool: measured('tool', ({ tenantId, jobId }, attempt, span) => runTool(gate, access, { tenantId, jobId, span }, attempt)),
    index: measured('index', ({ tenantId, importId }) =>
      gate.deps.db.records({ tenantId, userId: '', surface: 'job' }).imports.index(importId),
    ),
    calibrate: measured('calibrate', (payload) => calibrateMonth(gate, access, payload)),
    sweep: measured('sweep', sweep),
    ...(chat && {
      chat: measured('chat', (payload, attempt) => chat.thread(payload, attempt)),
      outbox: measured('outbox', (payload) => chat.outbox(payload)),
      cards: measured('cards', (payload) => chat.cards(payload)),
      brief: measured('brief', (payload) => chat.brief(payload)),
      home: measured('home', (payload) => chat.home(payload)),
    }),
  };
}

const progressMs = 250;

/** Between asking and the work somebody may lose their access: then nothing of it is done any more. */
const shutOut = (what: string): AppError =>
  new AppError('forbidden', `Nothing was changed: the access of whoever ${what} this was switched off meanwhile.`);

/** Runs a long tool: progress goes out beside the transaction, its effect, receipt and final state commit together. */
async function runTool(
  gate: Gate,
  access: Access,
  { tenantId, jobId, span }: { tenantId: string; jobId: string; span: Span },
  attempt: Attempt,
): Promise<void> {
  const { db, log } = gate.deps;
  const anyone = db.records({ tenantId, userId: '', surface: 'job' });
  const context = await anyone.jobs.contextOf(jobId);
  const identity = context && (await access.byUser(tenantId, context.userId));
  const job = await anyone.jobs.start(jobId);
  if (!job || !context) return;
  if (!identity) {
    const { userId, surface } = context;
    await db.tx({ tenantId, userId, surface }, (tx) => endJob(tx, job, 'failed', shutOut('started')));
    return;
  }

  const ctx: CallContext = {
    actor: { ...identity, surface: context.surface as Surface },
    by: 'person',
    span,
    ...(context.conversationId && { conversationId: context.conversationId }),
    ...(context.requestId && { requestId: context.requestId }),
  };
  const records = db.records(scopeOf(ctx));
  const stop = new AbortController();
  let latest: Progress | undefined;
  const tick = setInterval(async () => {
    const progress = latest;
    latest = undefined;
    try {
      if (progress) await records.jobs.report(jobId, progress);
      if ((await records.jobs.get(jobId))?.cancelRequested) stop.abort();
    } catch (error) {
      log.debug({ err: error, jobId }, 'progress was not written');
    }
  }, progressMs);

  try {
    const call = await gate.rejudge(job.tool, job.input, ctx);
    await gate.commit(
      { ...call, standing: context.standing as Standing },
      {
        jobId,
        signal: stop.signal,
        progress: (progress) => {
          latest = progress;
        },
        also: async (tx, receipt, result) => {
          // a cancel that came while we worked wins: the whole transaction goes
          if (!(await tx.jobs.holdForFinish(jobId)))
            throw new AppError(
              'cancelled',
              call.tool.ownTransactions ? 'Stopped; what was done is kept.' : 'Stopped; nothing was kept.',
            );
          await tx.jobs.finish(jobId, { state: 'succeeded', result, ...(receipt && { receiptId: receipt.id }) });
          await tx.signal(`job:${jobId}`);
        },
      },
    );
  } catch (error) {
    if (!(error instanceof AppError) && mayHelpToRetry(error) && !stop.signal.aborted && !attempt.last) throw error;
    const state = stop.signal.aborted || publicError(error).code === 'cancelled' ? 'cancelled' : 'failed';
    span.fail(publicError(error).code);
    if (state === 'cancelled') log.info({ jobId, tool: job.tool }, 'a job was stopped');
    // a refusal in our words is told to whoever asked; the log is for what nobody expected
    else
      log[error instanceof AppError && error.code !== 'internal' ? 'info' : 'warn'](
        { err: error, jobId, tool: job.tool },
        'a job failed',
      );
    await db.tx(scopeOf(ctx), (tx) => endJob(tx, job, state, error));
  } finally {
    clearInterval(tick);
  }
}

async function endJob(tx: Records, { id, tool }: Job, state: 'failed' | 'cancelled', error: unknown): Promise<void> {
  const told = publicError(error);
  await tx.jobs.finish(id, { state, error: told });
  await tx.audit({ action: 'call', tool, outcome: 'failed', code: told.code });
  await tx.signal(`job:${id}`);
}
