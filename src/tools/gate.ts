import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { atLeast } from '../core/actor.ts';
import { type Change, canonical, describe } from '../core/change.ts';
import type { Job } from '../core/job.ts';
import { deciderRole, type Reach, type Risk, roleFor, rule, type Standing } from '../core/policy.ts';
import { type Proposal, proposalTtlHours } from '../core/proposal.ts';
import type { Receipt } from '../core/receipt.ts';
import type { Records, Scope } from '../core/records.ts';
import type { Span } from '../core/tracing.ts';
import { storableJson } from '../core/visible.ts';
import { AppError, publicError } from '../errors.ts';
import type { Catalog } from './catalog.ts';
import type { CallContext, Deps, Tool, ToolContext, ToolDeps } from './define.ts';

/** How a call through the gate ends. Errors are thrown. */
export type Outcome =
  | { status: 'done'; result: unknown; receipt?: Receipt }
  | { status: 'pending_approval'; proposal: Proposal }
  | { status: 'running'; job: Job }
  | { status: 'preview'; result: unknown; changes: Change[]; title: string };

export interface CallOptions {
  /** Make a proposal of any write instead of running it. */
  propose?: boolean;
  /** Show what would change and change nothing. */
  dryRun?: boolean;
  /** How long the proposal waits; absent: as long as its risk allows. */
  ttlHours?: number;
  /** Why, in words a person will read on the proposal. */
  reason?: string;
  /** For long tools: how long to wait for the job before answering with it; 0 answers at once. */
  waitMs?: number;
}

/** One tool call on its way: what was asked, by whom, and how far it would reach. */
export interface Call {
  tool: Tool;
  input: Record<string, unknown>;
  ctx: CallContext;
  standing: Standing;
  risk: Risk;
  reach: Reach;
}

/** What else belongs to the transaction of a call. */
export interface CommitLink {
  proposalId?: string;
  jobId?: string;
  /** Runs first: a claim that throws leaves nothing behind. */
  before?(records: Records): Promise<void>;
  /** Runs last, with the receipt. */
  also?(records: Records, receipt: Receipt | undefined, result: unknown): Promise<void>;
  signal?: AbortSignal;
  progress?: ToolContext['progress'];
  /** The transaction will be taken back. */
  preview?: boolean;
}

/** How long a call of a long tool waits for its job before it answers with the jobId. */
const longToolWaitMs = 5000;

/**
 * The one way to act. Whether a call runs at once, waits for a person or is refused is decided here, from the policy and
 * from who asked for exactly what.
 */
export class Gate {
  readonly deps: Deps;
  readonly catalog: Catalog;

  constructor(deps: Deps, catalog: Catalog) {
    this.deps = deps;
    this.catalog = catalog;
  }

  async call(name: string, rawInput: unknown, ctx: CallContext, options: CallOptions = {}): Promise<Outcome> {
    const started = performance.now();
    // a model may ask for what there is not, in words of its own
    const known = this.catalog.has(name) ? name : 'unknown';
    let outcome = 'refused';
    try {
      return await this.#traced(known, ctx, async (traced, span) => {
        const result = await this.#decide(name, rawInput, traced, options);
        outcome = result.status;
        span.set({ 'sales_agent.outcome': outcome });
        return result;
      });
    } catch (error) {
      outcome = publicError(error).code;
      throw error;
    } finally {
      this.deps.metrics.gateCall(known, outcome, (performance.now() - started) / 1000);
    }
  }

  /** Work as part of which models and other tools are asked. */
  #traced<T>(tool: string, ctx: CallContext, work: (ctx: CallContext, span: Span) => Promise<T>): Promise<T> {
    const attributes = {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': tool,
      'gen_ai.tool.type': 'function',
      'sales_agent.surface': ctx.actor.surface,
      ...(ctx.conversationId && { 'gen_ai.conversation.id': ctx.conversationId }),
    };
    return this.deps.tracing.trace(`execute_tool ${tool}`, { parent: ctx.span, attributes }, (span) =>
      work({ ...ctx, span }, span),
    );
  }

  async #decide(name: string, rawInput: unknown, ctx: CallContext, options: CallOptions): Promise<Outcome> {
    const tool = this.#allowed(name, ctx);
    const input = parseInput(tool, rawInput);
    const call = await this.#judge(tool, input, ctx);
    const ruling = rule(this.deps.policy, call.risk, call.reach, call.standing);
    const asksPerson = call.risk !== 'read' && call.risk !== 'draft';

    if (options.dryRun && asksPerson) return this.#preview(call);
    if (asksPerson && (options.propose || ruling !== 'run')) return this.#propose(call, options);
    if (call.risk === 'read' && !tool.long)
      return { status: 'done', ...(await this.#run(this.deps.db.records(scopeOf(ctx)), call)) };
    return tool.long ? this.#start(call, options.waitMs) : { status: 'done', ...(await this.#commit(call)) };
  }

  #allowed(name: string, ctx: CallContext): Tool {
    const tool = this.catalog.get(name);
    if (!tool) throw new AppError('not_found', `There is no tool "${name}".`);
    const needed = minRole(tool);
    if (!atLeast(ctx.actor.role, needed))
      throw new AppError('forbidden', `${tool.title} needs the role ${needed}; you are a ${ctx.actor.role}.`);
    return tool;
  }

  /** Finds the call's risk and standing; both may need to look at records, neither changes one. */
  async #judge(tool: Tool, input: Record<string, unknown>, ctx: CallContext): Promise<Call> {
    const records = this.deps.db.records(scopeOf(ctx));
    const deps = this.toolDeps(records);
    const toolCtx = contextFor(ctx, 'unasked');
    const { risk, reach } =
      typeof tool.risk === 'function' ? await tool.risk(input, deps, toolCtx) : { risk: tool.risk, reach: tool.reach ?? 'one' };
    let standing: Standing = ctx.by === 'person' ? 'person' : 'unasked';
    if (standing === 'unasked' && risk !== 'read' && ctx.said && tool.asked) {
      standing = (await tool.asked(input, ctx.said, deps, toolCtx)) ? 'asked' : 'unasked';
    }
    return { tool, input, ctx, standing, risk, reach };
  }

  /** Carries out a call that was allowed before: of an accepted proposal, or of a job. */
  commit(call: Call, link: CommitLink): Promise<{ result: unknown; receipt?: Receipt }> {
    return this.#traced(call.tool.name, call.ctx, (ctx) => this.#commit({ ...call, ctx }, link));
  }

  /** Runs the tool and writes receipt, audit row and everything else in one transaction, but for a tool that has transactions of its own. */
  async #commit(call: Call, link: CommitLink = {}): Promise<{ result: unknown; receipt?: Receipt }> {
    const { db } = this.deps;
    const alone = call.tool.ownTransactions ? await this.#run(db.records(scopeOf(call.ctx)), call, link) : undefined;
    return db.tx(scopeOf(call.ctx), async (records) => {
      await link.before?.(records);
      const { result } = alone ?? (await this.#run(records, call, link));
      const receipt = await this.#receipt(records, call, result, link);
      await records.audit({
        action: 'call',
        tool: call.tool.name,
        outcome: 'ran',
        paramsHash: hashOf(call.tool.name, call.input),
        requestId: call.ctx.requestId,
        receiptId: receipt?.id,
        proposalId: link.proposalId,
      });
      await link.also?.(records, receipt, result);
      return { result, ...(receipt && { receipt }) };
    });
  }

  async #run(records: Records, call: Call, link: CommitLink = {}): Promise<{ result: unknown }> {
    const ctx = {
      ...contextFor(call.ctx, call.standing),
      ...(link.preview && { preview: true }),
      ...(link.jobId && { jobId: link.jobId }),
      ...(link.signal && { signal: link.signal }),
      ...(link.progress && { progress: link.progress }),
    };
    const result = await call.tool.run(call.input, this.toolDeps(records), ctx);
    const checked = call.tool.output.safeParse(result);
    if (!checked.success)
      throw new AppError('internal', `${call.tool.title} gave an answer that is not of its own shape.`, { cause: checked.error });
    return { result: checked.data };
  }

  async #receipt(records: Records, call: Call, result: unknown, link: CommitLink): Promise<Receipt | undefined> {
    const changes = records.changes();
    if (changes.length === 0) return undefined;
    const undoOfId = call.tool.undoes?.(result);
    const receipt = await records.receipts.create({
      tool: call.tool.name,
      title: call.tool.sentence?.(result, 'done') ?? describe(changes, 'done'),
      changes,
      requestedBy: call.standing,
      risk: call.risk,
      reach: call.reach,
      conversationId: call.ctx.conversationId ?? null,
      undoable: call.risk === 'write' && changes.every((change) => change.entity !== 'import' || change.op === 'create'),
      ...(undoOfId && { undoOfId }),
      ...(link.proposalId && { proposalId: link.proposalId }),
      ...(link.jobId && { jobId: link.jobId }),
    });
    if (undoOfId && !(await records.receipts.markUndone(undoOfId, receipt.id)))
      throw new AppError('conflict', 'That was undone already.');
    return receipt;
  }

  /** What the call would do, by doing it and taking it back. */
  async look(call: Call): Promise<{ result: unknown; changes: Change[]; title: string }> {
    return this.deps.db.preview(scopeOf(call.ctx), async (records) => {
      const { result } = await this.#run(records, call, { preview: true });
      const changes = records.changes();
      return { result, changes, title: call.tool.sentence?.(result, 'planned') ?? describe(changes, 'planned') };
    });
  }

  async #preview(call: Call): Promise<Outcome> {
    return { status: 'preview', ...(await this.look(call)) };
  }

  async #propose(call: Call, { reason, ttlHours }: CallOptions): Promise<Outcome> {
    const { ctx, tool, risk, reach, standing, input } = call;
    const seen = await this.look(call);
    if (seen.changes.length === 0) return { status: 'done', result: seen.result };
    const proposal = await this.deps.db.tx(scopeOf(ctx), async (records) => {
      const made = await records.proposals.create({
        tool: tool.name,
        input,
        paramsHash: hashOf(tool.name, input),
        risk,
        reach,
        title: seen.title,
        reason: reason ?? null,
        changes: seen.changes,
        preview: seen.result,
        confirmCount: risk === 'bulk' ? seen.changes.length : null,
        requestedBy: standing,
        deciderRole: deciderRole(risk, standing),
        conversationId: ctx.conversationId ?? null,
        ttlHours: ttlHours ?? proposalTtlHours[risk],
        ...(ctx.idempotencyKey && { idempotencyKey: `${ctx.actor.userId}:${ctx.idempotencyKey}` }),
      });
      await records.audit({
        action: 'propose',
        tool: tool.name,
        outcome: 'proposed',
        paramsHash: made.paramsHash,
        proposalId: made.id,
        requestId: ctx.requestId,
      });
      return made;
    });
    return { status: 'pending_approval', proposal };
  }

  /** Long work becomes a job with its own row; short jobs answer within the wait. */
  async #start(call: Call, waitMs = longToolWaitMs): Promise<Outcome> {
    const { ctx, tool, input, standing } = call;
    const scope = scopeOf(ctx);
    const job = await this.deps.db.tx(scope, async (records) => {
      const made = await records.jobs.create({
        tool: tool.name,
        input,
        context: {
          userId: ctx.actor.userId,
          surface: ctx.actor.surface,
          standing,
          ...(ctx.conversationId && { conversationId: ctx.conversationId }),
          ...(ctx.requestId && { requestId: ctx.requestId }),
        },
        ...(ctx.conversationId && { conversationId: ctx.conversationId }),
      });
      const traceparent = ctx.span?.traceparent;
      const payload = { tenantId: scope.tenantId, jobId: made.id, ...(traceparent && { traceparent }) };
      await records.enqueue('tool', payload, { key: `tool:${made.id}` });
      return made;
    });
    if (waitMs === 0) return { status: 'running', job };
    const records = this.deps.db.records(scope);
    const finished = await this.deps.signals.waitFor(
      `job:${job.id}`,
      async () => {
        const now = await records.jobs.get(job.id);
        return now?.finishedAt ? now : undefined;
      },
      { timeoutMs: waitMs, ...(ctx.signal && { signal: ctx.signal }) },
    );
    if (!finished) return { status: 'running', job: (await records.jobs.get(job.id)) ?? job };
    if (finished.state === 'succeeded')
      return {
        status: 'done',
        result: finished.result,
        ...(finished.receiptId && { receipt: await records.receipts.get(finished.receiptId) }),
      };
    throw new AppError(
      (finished.error?.code as AppError['code']) ?? 'cancelled',
      finished.error?.message ?? 'The job was cancelled; nothing was kept.',
      { ...(finished.error?.details && { details: finished.error.details }) },
    );
  }

  toolDeps(records: Records): ToolDeps {
    const { files, importLimits, qualifyLimits, agents, now } = this.deps;
    return { records, files, importLimits, qualifyLimits, agents, now };
  }

  /** A stored call, made runnable again under today's rules. */
  restoreCall(name: string, input: unknown, ctx: CallContext, stored: { standing: Standing; risk: Risk; reach: Reach }): Call {
    const tool = this.#allowed(name, ctx);
    return { tool, input: parseInput(tool, input), ctx, ...stored };
  }

  /** Parses and judges new arguments for a stored call, for an edit. */
  async rejudge(name: string, input: unknown, ctx: CallContext): Promise<Call> {
    const tool = this.#allowed(name, ctx);
    return this.#judge(tool, parseInput(tool, input), ctx);
  }
}

export const minRole = (tool: Tool) => tool.minRole ?? (typeof tool.risk === 'function' ? 'rep' : roleFor[tool.risk]);

export const scopeOf = (ctx: CallContext): Scope => ({
  tenantId: ctx.actor.tenantId,
  userId: ctx.actor.userId,
  surface: ctx.actor.surface,
});

export const hashOf = (tool: string, input: unknown): string =>
  createHash('sha256')
    .update(`${tool}\n${canonical(input)}`)
    .digest('hex');

const never = new AbortController().signal;

function contextFor(ctx: CallContext, standing: Standing): ToolContext {
  return {
    actor: ctx.actor,
    standing,
    signal: ctx.signal ?? never,
    progress: ctx.progress ?? (() => undefined),
    ...(ctx.conversationId && { conversationId: ctx.conversationId }),
    ...(ctx.span && { span: ctx.span }),
  };
}

function parseInput(tool: Tool, raw: unknown): Record<string, unknown> {
  const parsed = tool.input.safeParse(readable(raw));
  if (parsed.success) return parsed.data as Record<string, unknown>;
  throw new AppError('invalid_input', `${tool.name}: ${explain(parsed.error)}`, {
    details: { issues: parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })) },
  });
}

function readable(raw: unknown): unknown {
  try {
    return storableJson(raw ?? {});
  } catch (error) {
    throw new AppError('invalid_input', 'The input is nested too deeply.', { cause: error });
  }
}

/** The first few problems, in one line a person or a model can act on. */
export function explain(error: z.ZodError): string {
  const lines = error.issues
    .slice(0, 3)
    .map((issue) => (issue.path.length ? `${issue.path.join('.')}: ${issue.message}` : issue.message));
  return lines.join('; ') + (error.issues.length > 3 ? ` and ${error.issues.length - 3} more` : '');
}
