import { AIMessage, type AIMessageChunk, type BaseMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import type { RunnableConfig } from '@langchain/core/runnables';
import { Annotation, END, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph';
import type { Card } from '../core/card.ts';
import type { Shown, Step, TurnEvent } from '../core/conversation.ts';
import { fence } from '../core/fence.ts';
import type { LlmPurpose } from '../core/llm.ts';
import { addUsd, compareUsd } from '../core/money.ts';
import type { Proposal } from '../core/proposal.ts';
import type { Receipt } from '../core/receipt.ts';
import { AppError } from '../errors.ts';
import type { CallContext } from '../tools/define.ts';
import type { Gate } from '../tools/gate.ts';
import type { AnswerFacts, LlmChatModel } from './chat-model.ts';
import { ClaimFilter } from './claims.ts';
import type { RunTracer } from './langsmith.ts';
import { shorten } from './memory.ts';
import { costOfFailure } from './meter.ts';
import { specs, use } from './toolbox.ts';

export interface Caps {
  steps: number;
  seconds: number;
  costUsd: string;
}

/** Everything one turn gathers on its way: what the reply and the memory are made of. */
export interface TurnRun {
  ctx: CallContext;
  purpose: LlmPurpose;
  caps: Caps;
  emit(event: TurnEvent): void;
  text: string;
  steps: Step[];
  cards: Card[];
  shown: Shown[];
  receipts: Receipt[];
  proposals: Proposal[];
  costUsd: string;
  /** The same as its limit counts it: what has no known price, with a guess. */
  countedUsd: string;
  facts?: AnswerFacts;
  /** The tool call under way. */
  inFlight?: Promise<unknown>;
}

const State = Annotation.Root({
  ...MessagesAnnotation.spec,
  calls: Annotation<number>({ reducer: (a, b) => a + b, default: () => 0 }),
});
type State = typeof State.State;

const turnOf = (config: RunnableConfig): TurnRun => config.configurable?.['turn'] as TurnRun;

/** A conversational agent: think, use tools, think again, until there is an answer or a cap is reached. */
export function assistantGraph({
  model,
  gate,
  toolNames,
  runs,
}: {
  model: LlmChatModel;
  gate: Gate;
  toolNames: readonly string[];
  runs: RunTracer;
}) {
  const think = async (state: State, config: RunnableConfig) => {
    const turn = turnOf(config);
    const exhausted = overCap(turn, state.calls);
    if (exhausted) return say(turn, exhausted);
    const claims = new ClaimFilter(() => turn.receipts.length > 0);
    let whole: AIMessageChunk | undefined;
    const options = {
      ...config,
      llmTools: specs(gate, toolNames, turn.ctx.actor),
      purpose: turn.purpose,
      maxCostUsd: addUsd(turn.caps.costUsd, `-${turn.countedUsd}`),
    };
    try {
      for await (const chunk of await model.stream(state.messages, options)) {
        whole = whole ? whole.concat(chunk) : chunk;
        tell(turn, claims.push(chunk.text));
      }
    } catch (error) {
      turn.costUsd = addUsd(turn.costUsd, costOfFailure(error) ?? '0');
      throw error;
    }
    tell(turn, claims.end());
    const facts = whole?.response_metadata as AnswerFacts | undefined;
    if (!whole || !facts) throw new AppError('unavailable', 'The model gave no answer. Try again.');
    turn.facts = facts;
    turn.costUsd = addUsd(turn.costUsd, facts.costUsd ?? '0');
    turn.countedUsd = addUsd(turn.countedUsd, facts.costUsd ?? facts.guessUsd ?? '0');
    // said once, by code, under the last words of the turn
    if (facts.notice && !(whole as AIMessageChunk).tool_calls?.length) tell(turn, `${turn.text ? '\n' : ''}(${facts.notice})`);
    return { messages: [whole as BaseMessage], calls: 1 };
  };

  const act = async (state: State, config: RunnableConfig) => {
    const turn = turnOf(config);
    const asked = (state.messages.at(-1) as AIMessage).tool_calls ?? [];
    const answers: ToolMessage[] = [];
    // one after the other: the second change of a sentence may build on the first
    for (const [i, call] of asked.entries()) {
      const answer = useTool(turn, {
        id: call.id ?? `call-${turn.steps.length}-${i}`,
        name: call.name,
        input: call.args as Record<string, unknown>,
      });
      turn.inFlight = answer;
      answers.push(await answer);
    }
    return { messages: answers };
  };

  const useTool = async (
    turn: TurnRun,
    call: { id: string; name: string; input: Record<string, unknown> },
  ): Promise<ToolMessage> => {
    turn.ctx.signal?.throwIfAborted();
    const id = `${turn.steps.length + 1}`;
    const title = gate.catalog.get(call.name)?.title ?? call.name;
    turn.emit({ type: 'step', id, title, status: 'running' });
    const answer = await use(gate, toolNames, call.name, call.input, turn.ctx);
    turn.emit({ type: 'step', id, title, status: answer.proposal ? 'waiting' : answer.failed ? 'failed' : 'done' });
    turn.steps.push({ callId: call.id, tool: call.name, input: call.input, result: shorten(answer.json) });
    if (answer.shown.length) turn.shown = answer.shown;
    if (answer.card) {
      turn.cards.push(answer.card);
      turn.emit({ type: 'card', card: answer.card });
    }
    if (answer.receipt) {
      turn.receipts.push(answer.receipt);
      turn.emit({ type: 'receipt', receipt: answer.receipt });
    }
    if (answer.proposal) {
      turn.proposals.push(answer.proposal);
      turn.emit({ type: 'proposal', proposal: answer.proposal });
    }
    return new ToolMessage({ content: fence(answer.json), tool_call_id: call.id, name: call.name });
  };

  const next = (state: State) => ((state.messages.at(-1) as AIMessage).tool_calls?.length ? 'act' : END);

  return new StateGraph(State)
    .addNode('think', think)
    .addNode('act', act)
    .addEdge(START, 'think')
    .addConditionalEdges('think', next, ['act', END])
    .addEdge('act', 'think')
    .compile()
    .withConfig({ callbacks: [runs.handler] });
}

export type AssistantGraph = ReturnType<typeof assistantGraph>;

export async function runAssistant(graph: AssistantGraph, turn: TurnRun, system: string, messages: BaseMessage[]): Promise<void> {
  await graph.invoke(
    { messages: [new SystemMessage(system), ...messages] },
    {
      runName: turn.purpose.agent,
      configurable: { turn },
      signal: turn.ctx.signal,
      recursionLimit: turn.caps.steps * 2 + 3,
    },
  );
}

function overCap(turn: TurnRun, calls: number): string | undefined {
  if (calls >= turn.caps.steps)
    return `I stopped here: this turn reached its limit of ${turn.caps.steps} steps (TURN_MAX_STEPS). What was done has a receipt; ask again in smaller pieces.`;
  if (compareUsd(turn.countedUsd, turn.caps.costUsd) < 0 || calls === 0 || compareUsd(turn.countedUsd, '0') === 0)
    return undefined;
  const guessed = compareUsd(turn.countedUsd, turn.costUsd) > 0;
  const how = guessed ? ' by a guess: the price of a model is not known, so its tokens count at the highest price that is' : '';
  return `I stopped here: this turn reached its spending limit of ${turn.caps.costUsd} USD (TURN_MAX_COST_USD)${how}.`;
}

function say(turn: TurnRun, text: string) {
  tell(turn, turn.text ? `\n${text}` : text);
  return { messages: [new AIMessage(text)] };
}

function tell(turn: TurnRun, text: string): void {
  if (!text) return;
  turn.text += text;
  turn.emit({ type: 'text', delta: text });
}
