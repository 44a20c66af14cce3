import { setTimeout as sleep } from 'node:timers/promises';
import { awaitAllCallbacks } from '@langchain/core/callbacks/promises';
import { BaseMessage } from '@langchain/core/messages';
import { BaseTracer, type Run } from '@langchain/core/tracers/base';
import { Client } from 'langsmith';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { AnswerFacts } from './chat-model.ts';

export interface LangSmithOptions {
  endpoint: string;
  apiKey: string;
  project: string;
  /** What a text looks like that may leave. Absent: no text leaves, only names, times, counts and costs. */
  redact?: ((text: string) => string) | undefined;
  log: Log;
}

/** Hears of every run of our graphs, chains and models. Goes along with each as its callback. */
export interface RunTracer {
  readonly handler: BaseTracer;
  /** Where runs go, in words; absent when nothing is sent. */
  readonly to: string | undefined;
  /** Throws, in words, when they cannot arrive. */
  check(): Promise<void>;
  /** Sends what is left, for at most a moment. */
  close(): Promise<void>;
}

/**
 * By this name LangChain knows that a run has its tracer. Where it finds none, and LANGSMITH_TRACING or LANGCHAIN_TRACING_V2 stands in the
 * environment, it adds its own, which sends every message as it is: so each run gets one of ours, also when nothing is to be sent.
 */
const langChainsName = 'langchain_tracer';

class Quiet extends BaseTracer {
  name = langChainsName;
  protected readonly sends: boolean = false;

  protected async persistRun(): Promise<void> {}

  /** LangChain keeps this while a step runs, and reads from it whether what the step begins is traced. */
  getRunTreeWithTracingConfig(id: string): { id: string; tracingEnabled: boolean; extra: object } {
    return { id, tracingEnabled: this.sends, extra: {} };
  }

  /** Asked of whoever has this name, where a program around us traces by itself. */
  updateFromRunTree(): void {}
}

/** For when nothing is to be sent. */
export const noRuns: RunTracer = {
  handler: new Quiet(),
  to: undefined,
  check: async () => undefined,
  close: async () => undefined,
};

const answerMs = 5000;
const closeMs = 2000;

/** Runs in batches to LangSmith, beside the work. */
export function langSmith({ endpoint, apiKey, project, redact, log }: LangSmithOptions): RunTracer {
  // every option that the client would otherwise take from the environment is given, but for those that hide more
  const client = new Client({
    apiUrl: endpoint,
    apiKey,
    tracingMode: 'langsmith',
    tracingSamplingRate: 1,
    omitTracedRuntimeInfo: true,
    disablePromptCache: true,
    blockOnRootRunFinalization: false,
    debug: false,
    timeout_ms: answerMs,
    callerOptions: { maxRetries: 1 },
    fetchImplementation: quietly(log),
  });
  const handler = new Sending(client, project, redact);
  return {
    handler,
    to: `${endpoint}, project ${project}, ${redact ? 'with texts, redacted' : 'without texts'}`,
    async check() {
      const answer = await fetch(`${endpoint.replace(/\/+$/, '')}/info`, { signal: AbortSignal.timeout(answerMs) }).catch(
        (error) => {
          throw new AppError('unavailable', `${endpoint} cannot be reached (LANGSMITH_ENDPOINT)`, { cause: error });
        },
      );
      await answer.body?.cancel();
      if (!answer.ok) throw new AppError('unavailable', `${endpoint} answers ${answer.status} (LANGSMITH_ENDPOINT)`);
    },
    async close() {
      if (!handler.sent) return;
      const bound = new AbortController();
      // what runs told may still be on its way to the handler
      const sent = awaitAllCallbacks()
        .then(() => client.flush())
        .then(() => client.awaitPendingTraceBatches())
        .catch((error) => log.debug({ err: error }, 'the last runs were not delivered'));
      await Promise.race([sent, sleep(closeMs, undefined, { signal: bound.signal }).catch(() => undefined)]);
      bound.abort();
      client.cleanup();
    },
  };
}

class Sending extends Quiet {
  protected override readonly sends = true;
  /** Somebody was told something. */
  sent = false;
  readonly #client: Client;
  readonly #project: string;
  readonly #redact: ((text: string) => string) | undefined;

  constructor(client: Client, project: string, redact: ((text: string) => string) | undefined) {
    super();
    this.#client = client;
    this.#project = project;
    this.#redact = redact;
  }

  override async onRunCreate(run: Run): Promise<void> {
    this.sent = true;
    await this.#client.createRun({ ...this.#about(run), inputs: this.#shown(run.inputs) });
  }

  override async onRunUpdate(run: Run): Promise<void> {
    const { id, ...about } = this.#about(run);
    await this.#client.updateRun(id, {
      ...about,
      outputs: this.#shown(run.outputs),
      ...(run.end_time !== undefined && { end_time: run.end_time }),
      ...(run.error !== undefined && { error: run.error }),
    });
  }

  /** Sentences about what went wrong name people: without texts, only what kind of error it was. */
  protected override stringifyError(error: unknown): string {
    const kind = error instanceof AppError ? error.code : error instanceof Error ? error.name : typeof error;
    return this.#redact && error instanceof Error ? `${kind}: ${this.#redact(error.message)}` : kind;
  }

  #about(run: Run) {
    const { id, name, run_type, start_time, trace_id, dotted_order, parent_run_id, extra } = run;
    return {
      ...{ id, name, run_type, start_time, project_name: this.#project },
      ...(trace_id && { trace_id }),
      ...(dotted_order && { dotted_order }),
      ...(parent_run_id && { parent_run_id }),
      extra: { metadata: { ...placeOf(extra?.['metadata']), ...answerOf(run) } },
    };
  }

  #shown(values: unknown): Record<string, unknown> {
    return this.#redact ? ((plain(values ?? {}, '', this.#redact) as Record<string, unknown>) ?? {}) : {};
  }
}

/** Where in a graph a step stands. */
function placeOf(metadata: unknown): Record<string, unknown> {
  const { langgraph_node: node, langgraph_step: step } = (metadata ?? {}) as Record<string, unknown>;
  return { ...(typeof node === 'string' && { langgraph_node: node }), ...(typeof step === 'number' && { langgraph_step: step }) };
}

/** Who answered and what that took, in the words that LangSmith counts by. */
function answerOf({ run_type, outputs }: Run): Record<string, unknown> {
  if (run_type !== 'llm') return {};
  const message: unknown = outputs?.['generations']?.[0]?.[0]?.message;
  if (!BaseMessage.isInstance(message)) return {};
  const { usage_metadata } = message as { usage_metadata?: unknown };
  const { provider, model, tier, degraded, costUsd } = message.response_metadata as Partial<AnswerFacts>;
  return {
    ...(provider && { ls_provider: provider, ls_model_name: model, ls_model_type: 'chat' }),
    ...(usage_metadata !== undefined && { usage_metadata }),
    ...(tier && { tier }),
    ...(degraded !== undefined && { degraded }),
    ...(costUsd != null && { cost_usd: costUsd }),
  };
}

/** Who asked, and what a run carries along to work with. */
const leftOut = new Set(['ctx', 'actor', 'turn', 'meter', 'config']);
const deepest = 12;

/** Values as JSON, each text as it may leave. What has a class of its own is no data of a run. */
function plain(value: unknown, key: string, redact: (text: string) => string, depth = 0): unknown {
  if (typeof value === 'string') return redacted(key, value, redact);
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'object' || depth > deepest) return undefined;
  if (Array.isArray(value)) return value.map((one) => plain(one, key, redact, depth + 1));
  if (value instanceof Date) return value.toISOString();
  if (BaseMessage.isInstance(value)) {
    const { tool_calls } = value as { tool_calls?: unknown };
    return { role: value.getType(), content: redact(value.text), tool_calls: plain(tool_calls, '', redact, depth + 1) };
  }
  const isPlain = [Object.prototype, null].includes(Object.getPrototypeOf(value));
  // a generation of a model holds its message; everything else with a class is a tool of ours
  const entries: [string, unknown][] = isPlain ? Object.entries(value) : 'message' in value ? [['message', value.message]] : [];
  return Object.fromEntries(
    entries.filter(([name]) => !leftOut.has(name)).map(([name, one]) => [name, plain(one, name, redact, depth + 1)]),
  );
}

/** With its name before it, because a name says what a text is: a password looks like any other word. */
function redacted(key: string, text: string, redact: (text: string) => string): string {
  const named = redact(`${key}: ${text}`);
  return named.startsWith(`${key}: `) ? named.slice(key.length + 2) : '[key]';
}

/** LangSmith that is down is told once, in our log: its client would write to the terminal, in the middle of a conversation. */
function quietly(log: Log): typeof fetch {
  let told = false;
  const tell = (what: object) => {
    if (!told) log.warn(what, 'LangSmith does not take our runs; they are dropped');
    told = true;
  };
  return async (url, init) => {
    try {
      const response = await fetch(url, init);
      const body = await response.text();
      // it has another way for servers that lack one
      if ((response.ok && isJson(body)) || response.status === 404) {
        told &&= !response.ok;
        return new Response(body || null, { status: response.status, headers: response.headers });
      }
      tell({ status: response.status });
    } catch (error) {
      tell({ err: error });
    }
    return new Response('{}', { status: 202, headers: { 'content-type': 'application/json' } });
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text || '{}');
    return true;
  } catch {
    return false;
  }
}
