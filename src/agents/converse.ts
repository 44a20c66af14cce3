import { readFileSync } from 'node:fs';
import { HumanMessage } from '@langchain/core/messages';
import { DateTime } from 'luxon';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '../core/actor.ts';
import type { Reply, TurnEvent } from '../core/conversation.ts';
import type { Ledger } from '../core/execution.ts';
import { fence } from '../core/fence.ts';
import type { Records } from '../core/records.ts';
import type { Span } from '../core/tracing.ts';
import { storable, visible } from '../core/visible.ts';
import { AppError, publicError } from '../errors.ts';
import type { Gate } from '../tools/gate.ts';
import { type AssistantGraph, type Caps, runAssistant, type TurnRun } from './assistant.ts';
import { recall, rememberedMessages, saidIn } from './memory.ts';
import { TurnStream } from './turn.ts';

/** A turn's hold on its conversation; renewed while the turn runs, so that a dead process blocks it only this long. */
const leaseSeconds = 15;
const renewMs = 1000;
const longestMessage = 20_000;

export interface Agent {
  name: string;
  graph: AssistantGraph;
  /** Markdown with {{places}} for who, when and where. */
  prompt: string;
}

export interface TurnRequest {
  actor: Actor;
  conversationId: string;
  text: string;
  /** What the text is about, in words of others: shown to the model as data, and never taken for what the user asked for. */
  outside?: string;
  /** Of `newTurn`, where somebody has to know the turn before it begins. */
  turnId?: string;
  requestId?: string;
  /** Stops the turn, whoever else listens to it. */
  signal?: AbortSignal;
}

export const promptFile = (name: string): string => readFileSync(new URL(`./prompts/${name}.md`, import.meta.url), 'utf8');

const withOutside = (text: string, outside?: string): string => (outside ? `${text}\n\n${fence(JSON.stringify(outside))}` : text);

/** Talks: takes the conversation, remembers, lets the agent work, keeps the reply. Exactly one turn of a conversation runs at a time. */
export class Converser {
  readonly #gate: Gate;
  readonly #agents: Map<string, Agent>;
  readonly #ledger: Ledger;
  readonly #caps: Caps;
  readonly #running = new Set<Promise<void>>();

  constructor({ gate, agents, ledger, caps }: { gate: Gate; agents: Agent[]; ledger: Ledger; caps: Caps }) {
    this.#gate = gate;
    this.#agents = new Map(agents.map((agent) => [agent.name, agent]));
    this.#ledger = ledger;
    this.#caps = caps;
  }

  agentNames(): string[] {
    return [...this.#agents.keys()];
  }

  async open(actor: Actor, agent = 'sr-bdr') {
    if (!this.#agents.has(agent))
      throw new AppError('invalid_input', `There is no agent "${agent}". Agents: ${this.agentNames().join(', ')}.`);
    return this.#records(actor).conversations.create({ agent, surface: actor.surface });
  }

  /** An id for a turn that is about to begin. */
  newTurn(): string {
    return uuidv7();
  }

  /** Starts the turn and gives its events; it goes on when nobody listens any more. */
  async say(request: TurnRequest): Promise<{ turnId: string; events: AsyncIterable<TurnEvent> }> {
    const { actor, conversationId } = request;
    const text = storable(request.text).trim();
    if (!text) throw new AppError('invalid_input', 'Say something: the text is empty.');
    if (text.length > longestMessage)
      throw new AppError(
        'too_large',
        `A message may have ${longestMessage.toLocaleString('en-US')} characters; this one has ${text.length.toLocaleString('en-US')}. Upload long lists as a file.`,
      );
    const records = this.#records(actor);
    const conversation = await records.conversations.get(conversationId);
    if (!conversation) throw new AppError('not_found', 'There is no such conversation.');
    const agent = this.#agents.get(conversation.agent);
    if (!agent) throw new AppError('unavailable', `The agent "${conversation.agent}" of this conversation is not available.`);
    const turnId = request.turnId ?? this.newTurn();
    if (!(await records.conversations.beginTurn(conversationId, turnId, leaseSeconds)))
      throw new AppError('conflict', 'A reply in this conversation is still being written. Wait for it, or stop it.');

    const stream = new TurnStream(records, conversationId, turnId);
    const work = this.#run({ ...request, text }, agent, turnId, stream, records);
    this.#running.add(work);
    void work.finally(() => this.#running.delete(work));
    return { turnId, events: stream };
  }

  /** Waits for running turns, for a clean end. */
  async idle(): Promise<void> {
    await Promise.allSettled([...this.#running]);
  }

  #run(request: TurnRequest, agent: Agent, turnId: string, stream: TurnStream, records: Records): Promise<void> {
    const attributes = {
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': agent.name,
      'gen_ai.conversation.id': request.conversationId,
      'sales_agent.surface': request.actor.surface,
    };
    return this.#gate.deps.tracing.trace(`invoke_agent ${agent.name}`, { attributes }, (span) =>
      this.#turn(request, agent, turnId, stream, records, span),
    );
  }

  async #turn(
    request: TurnRequest,
    agent: Agent,
    turnId: string,
    stream: TurnStream,
    records: Records,
    span: Span,
  ): Promise<void> {
    const { actor, conversationId, text } = request;
    const { metrics, log, now } = this.#gate.deps;
    const started = performance.now();
    const stop = new AbortController();
    const deadline = AbortSignal.timeout(this.#caps.seconds * 1000);
    const signal = AbortSignal.any([stop.signal, deadline, ...(request.signal ? [request.signal] : [])]);
    const renewal = setInterval(async () => {
      const state = await records.conversations.renewTurn(conversationId, turnId, leaseSeconds).catch(() => 'running' as const);
      if (state !== 'running') stop.abort();
    }, renewMs);

    const turn = this.#newTurn(request, agent, turnId, signal, stream, span);
    let failure: ReturnType<typeof publicError> | undefined;
    try {
      const history = await records.conversations.messages(conversationId, rememberedMessages);
      await records.conversations.add(conversationId, { turnId, role: 'user', text });
      turn.ctx.said = saidIn(text, history, now(), actor.timeZone);
      await untilAborted(
        runAssistant(agent.graph, turn, await this.#prompt(agent, actor, records), [
          ...recall(history),
          new HumanMessage(withOutside(visible(text), request.outside)),
        ]),
        signal,
      );
    } catch (error) {
      failure = this.#failure(error, { deadline, stopped: signal.aborted });
      if (failure.code === 'internal') log.error({ err: error, conversationId, requestId: request.requestId }, 'a turn failed');
      // a tool that had begun commits or not by itself: its receipt belongs to this reply
      await turn.inFlight?.catch(() => undefined);
    } finally {
      clearInterval(renewal);
    }

    let ending: TurnEvent;
    try {
      ending = await this.#keep(turn, agent, { conversationId, turnId, failure }, records);
    } catch (error) {
      log.error({ err: error, conversationId }, 'a reply could not be kept');
      ending = {
        type: 'error',
        code: publicError(error).code,
        message: 'The reply could not be stored. Look at the receipts for what was done.',
      };
    }
    const latencyMs = performance.now() - started;
    if (failure) span.fail(failure.code);
    span.set({
      'sales_agent.cost_usd': Number(turn.costUsd),
      'sales_agent.tool_calls': turn.steps.length,
      'sales_agent.degraded': turn.facts?.degraded ?? false,
    });
    metrics.agentRun(agent.name, { seconds: latencyMs / 1000, ...(failure && { errorCode: failure.code }) });
    await this.#account(turn, agent, request, { latencyMs, failure });
    // whoever hears the end may speak at once: the conversation is free before they are told
    await records.conversations.endTurn(conversationId, turnId).catch(() => undefined); // the lease ends it anyway
    stream.emit(ending);
    await stream.end();
  }

  async #account(
    turn: TurnRun,
    agent: Agent,
    { actor, conversationId, text }: TurnRequest,
    { latencyMs, failure }: { latencyMs: number; failure: ReturnType<typeof publicError> | undefined },
  ): Promise<void> {
    const status = !failure ? 'succeeded' : failure.code === 'cancelled' ? 'stopped' : 'failed';
    const output = {
      tools: turn.steps.map((step) => step.tool),
      receipts: turn.receipts.map((r) => r.id),
      proposals: turn.proposals.map((p) => p.id),
    };
    await this.#ledger
      .run({
        tenantId: actor.tenantId,
        agentType: agent.name,
        status,
        ...(failure && { errorCode: failure.code }),
        latencyMs,
        costUsd: turn.costUsd,
        threadId: conversationId,
        input: { messageLength: text.length },
        output,
      })
      .catch((error) => this.#gate.deps.log.error({ err: error }, 'an agent run could not be written down'));
  }

  #newTurn(
    { actor, conversationId, requestId }: TurnRequest,
    agent: Agent,
    turnId: string,
    signal: AbortSignal,
    stream: TurnStream,
    span: Span,
  ): TurnRun {
    const zero = '0.000000000000';
    return {
      ctx: { actor, by: 'assistant', conversationId, signal, span, ...(requestId && { requestId }) },
      purpose: {
        tenantId: actor.tenantId,
        userId: actor.userId,
        agent: agent.name,
        mode: 'smart_router',
        sessionId: conversationId,
        turnId,
        span,
        now: this.#gate.deps.now(),
        timeZone: actor.timeZone,
      },
      caps: this.#caps,
      emit: (event) => stream.emit(event),
      text: '',
      steps: [],
      cards: [],
      shown: [],
      receipts: [],
      proposals: [],
      costUsd: zero,
      countedUsd: zero,
    };
  }

  /** Keeps the reply as the conversation's memory; gives the event that ends the turn. */
  async #keep(
    turn: TurnRun,
    agent: Agent,
    {
      conversationId,
      turnId,
      failure,
    }: { conversationId: string; turnId: string; failure: ReturnType<typeof publicError> | undefined },
    records: Records,
  ): Promise<TurnEvent> {
    const { steps, shown, cards, receipts, proposals, costUsd, facts } = turn;
    const closing = failure ? `${turn.text ? '\n' : ''}${failure.message}` : '';
    const reply: Reply = {
      turnId,
      text: turn.text.trimEnd() + closing,
      agent: agent.name,
      cards,
      receipts,
      proposals,
      sources: [...new Set(steps.map((step) => step.tool))],
      costUsd,
      degraded: facts?.degraded ?? false,
      model: facts ? `${facts.provider}/${facts.model}` : 'none',
      ...(facts?.tier && { tier: facts.tier }),
    };
    await records.conversations.add(conversationId, { turnId, role: 'assistant', text: reply.text, steps, shown, reply });
    return failure ? { type: 'error', code: failure.code, message: failure.message } : { type: 'done', reply };
  }

  #failure(error: unknown, { deadline, stopped }: { deadline: AbortSignal; stopped: boolean }): ReturnType<typeof publicError> {
    if (deadline.aborted)
      return {
        code: 'timeout',
        message: `I stopped: this turn took longer than ${this.#caps.seconds} seconds (TURN_MAX_SECONDS). What was done has a receipt.`,
      };
    if (stopped) return { code: 'cancelled', message: 'Stopped. What was done before has a receipt.' };
    return publicError(error);
  }

  async #prompt(agent: Agent, actor: Actor, records: Records): Promise<string> {
    const { name } = await records.workspace();
    const places: Record<string, string> = {
      userName: actor.userName,
      role: actor.role,
      workspace: name,
      timeZone: actor.timeZone,
      today: DateTime.fromJSDate(this.#gate.deps.now(), { zone: actor.timeZone }).toFormat('cccc, d LLLL yyyy, HH:mm'),
    };
    return agent.prompt.replace(/\{\{(\w+)\}\}/g, (_all, place: string) => places[place] ?? '');
  }

  #records = (actor: Actor): Records =>
    this.#gate.deps.db.records({ tenantId: actor.tenantId, userId: actor.userId, surface: actor.surface });
}

/** A stop must end the turn even while something in it does not listen to the signal; what that something does is not waited for. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort);
    work.catch(() => undefined);
  }
}
