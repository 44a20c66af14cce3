import { type LlmRequest, type LlmToolCall, noUsage, type Usage } from '../../core/llm.ts';
import { type ProviderDelta, ProviderFailure } from '../provider.ts';
import type { Candidate } from './route.ts';
import { promptTokens, tokens } from './tokens.ts';

export interface Patience {
  firstTokenSeconds: number;
  answerSeconds: number;
}

/** What a reader gets of it as it comes. */
export type Given = Extract<ProviderDelta, { type: 'text' } | { type: 'tool_call' }>;

/** One attempt with one model: what it says as it comes, and what is known about it at any moment. */
export class Attempt {
  readonly candidate: Candidate;
  /** When it began: its price is the one of that moment. */
  readonly at: Date;
  /** Under which it is written down, and money set aside. */
  readonly callId = crypto.randomUUID();
  readonly #started = performance.now();
  readonly #own = new AbortController();
  #usage: Usage = { ...noUsage };
  #counted = false;
  #billedUsd?: string;
  #said = '';
  /** Characters of what it thought, as far as it let that be seen. */
  #thought = 0;
  /** Which one of its request it is, from 1. */
  number = 0;
  /** What only this provider understands. Of use with the whole answer alone. */
  readonly opaque: unknown[] = [];
  finish?: 'stop' | 'tool_calls' | 'length';
  ttftMs?: number;
  /** Something was said that a reader may have seen. */
  spoke = false;

  constructor(candidate: Candidate, at: Date) {
    this.candidate = candidate;
    this.at = at;
  }

  /** The model did something that has to be paid for. */
  get worked(): boolean {
    return this.#counted || this.spoke || this.#thought > 0;
  }

  /** What the provider says that it bills; it knows better than any table. */
  get billedUsd(): string | undefined {
    return this.#billedUsd;
  }

  /** What it said, tool calls as JSON, as far as it came. */
  get said(): string {
    return this.#said;
  }

  get ms(): number {
    return performance.now() - this.#started;
  }

  /** What the provider counted; where it did not, what the length of prompt and answer comes to, said to be an estimate. */
  usage(request: LlmRequest): Usage {
    const said = tokens(this.#said.length);
    const thought = tokens(this.#thought);
    const source = this.finish ? 'estimated' : 'partial';
    if (!this.#counted || !isBelievable(this.#usage))
      return { ...noUsage, input: promptTokens(request), output: said + thought, reasoning: thought, source };
    const { input, output, reasoning } = this.#usage;
    // no prompt is empty, and what was said was not for nothing: a count of that was left out, or was none
    const told = {
      input: promptOf(this.#usage) === 0 ? promptTokens(request) : input,
      output: output <= reasoning ? reasoning + said : output,
    };
    if (!this.finish)
      return {
        ...{ ...this.#usage, ...told, source },
        ...{ output: Math.max(told.output, said + thought), reasoning: Math.max(reasoning, thought) },
      };
    return told.input === input && told.output === output ? this.#usage : { ...this.#usage, ...told, source };
  }

  /** Ends it at once: nobody wants its answer any more. */
  giveUp(): void {
    this.#own.abort(new ProviderFailure('timeout', 'Nobody listens any more.'));
  }

  /**
   * Throws ProviderFailure, or the reason of `signal` when the caller went away. An answer without a finish is a failure, however much of it
   * there was.
   */
  async *run(request: LlmRequest, { firstTokenSeconds, answerSeconds }: Patience, signal: AbortSignal): AsyncGenerator<Given> {
    const { candidate } = this;
    // a listener of ours, taken off at the end: Node 20 keeps what AbortSignal.any makes as long as its source lives
    const own = this.#own;
    const stop = () => own.abort(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    const late = (what: string) => () => own.abort(new ProviderFailure('timeout', `${candidate.label} took too long ${what}.`));
    const first = setTimeout(late('to begin its answer'), firstTokenSeconds * 1000);
    const whole = setTimeout(late('for its answer'), answerSeconds * 1000);
    const { messages, tools, mustCall, maxTokens } = request;
    const asked = {
      messages: withoutForeign(messages, candidate.id),
      tools,
      maxTokens,
      model: candidate.model,
      ...(mustCall && { mustCall }),
    };
    let ended = false;
    try {
      for await (const delta of candidate.provider.stream({ ...asked, signal: own.signal })) {
        if (delta.type === 'usage') {
          // a count is no word yet, but a sign of life: it earns the same patience once more
          if (this.ttftMs === undefined && !this.#counted) first.refresh();
          this.#counted = true;
          this.#usage = { ...this.#usage, ...delta.usage };
          if (delta.billedUsd !== undefined) this.#billedUsd = delta.billedUsd;
          continue;
        }
        if (delta.type === 'thinking') {
          // it is not silent: the whole answer has its time
          if (this.ttftMs === undefined) first.refresh();
          this.#thought += delta.characters;
          continue;
        }
        clearTimeout(first);
        this.ttftMs ??= this.ms;
        if (delta.type === 'finish') this.finish = delta.reason;
        else if (delta.type === 'opaque') this.opaque.push(delta.part);
        else {
          this.spoke = true;
          this.#said += delta.type === 'text' ? delta.text : callText(delta.call);
          yield delta;
        }
      }
      ended = true;
      if (!this.finish) throw new ProviderFailure('truncated', `${candidate.label} broke off in the middle of its answer.`);
      // to what a tool answered there may be nothing to add, and a form may have been too long; a person is left without an answer
      if (!this.spoke && !mustCall && messages.at(-1)?.role !== 'tool')
        throw new ProviderFailure('malformed', `${candidate.label} gave an empty answer.`);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (own.signal.aborted) throw own.signal.reason;
      if (error instanceof ProviderFailure) throw error;
      throw new ProviderFailure('transport', `${candidate.label} cannot be reached, or broke off.`, { cause: error });
    } finally {
      clearTimeout(first);
      clearTimeout(whole);
      signal.removeEventListener('abort', stop);
      // whoever stops listening wants nothing more from the provider
      if (!ended) this.giveUp();
    }
  }
}

/** More than any model reads or writes at once: one wrong count could use up a whole budget. */
const mostTokens = 10_000_000;

const promptOf = ({ input, cacheRead, cacheWrite5m, cacheWrite1h }: Usage): number =>
  input + cacheRead + cacheWrite5m + cacheWrite1h;

const isBelievable = (usage: Usage): boolean => promptOf(usage) <= mostTokens && usage.output <= mostTokens;

const callText = ({ name, input }: LlmToolCall): string => JSON.stringify({ [name]: input });

/** Parts that another provider made are not shown to this one. */
const withoutForeign = (messages: LlmRequest['messages'], id: string): LlmRequest['messages'] =>
  messages.map((message) => {
    if (message.role !== 'assistant' || !message.opaque || message.opaque.provider === id) return message;
    const { opaque: _foreign, ...rest } = message;
    return rest;
  });
