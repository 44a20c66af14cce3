import type {
  Content,
  FunctionCallingMode,
  GenerateContentRequest,
  GenerateContentStreamResult,
  Part,
  Tool,
} from '@google/generative-ai';
import type { LlmMessage, LlmTool, LlmToolCall, Usage } from '../../core/llm.ts';
import { capabilitiesOf } from '../capabilities.ts';
import { count } from '../chat-completions.ts';
import { askedInWords, ownParts, systemTexts, turnsOf } from '../conversation.ts';
import { declined, malformed, thrownFailure, toldFailure } from '../failure.ts';
import { geminiSchema } from '../gemini-schema.ts';
import { guardedFetch } from '../guarded-fetch.ts';
import { modelIds } from '../model-list.ts';
import { oneAnswer } from '../one-answer.ts';
import {
  type Provider,
  type ProviderDeclaration,
  type ProviderDelta,
  ProviderFailure,
  type ProviderRequest,
} from '../provider.ts';
import { errorIn } from '../sse.ts';
import { StandInFetch } from '../stand-in-fetch.ts';
import { newCallId } from '../tool-calls.ts';
import { addressOf, keyOf, modelOf, withoutPath } from '../variables.ts';

const label = 'Gemini';
const beginsWithinMs = 60_000;

/** What the SDK's types leave out and the wire has. */
type WirePart = Part & { thought?: boolean; thoughtSignature?: string; functionCall?: { id?: string } };

/** A signature, and where in the answer it stood: at a call, or at a piece of text. Gemini's own id of a call goes with it. */
interface Signed {
  signature?: string;
  call?: number;
  id?: string;
  text?: [from: number, to: number];
}

function connection(apiKey: string, baseUrl: string): Provider {
  return {
    stream: (request) =>
      oneAnswer(label, request.signal, async function* (signal) {
        const own = new StandInFetch(label);
        const { stream } = await begun(apiKey, baseUrl, request, own, signal);
        yield* deltasOf(stream, own);
      }),
    models: (signal) =>
      modelIds(label, signal, () =>
        guardedFetch(`${baseUrl}/v1beta/models?pageSize=1000`, { headers: { 'x-goog-api-key': apiKey }, signal }),
      ),
  };
}

async function begun(
  apiKey: string,
  baseUrl: string,
  request: ProviderRequest,
  own: StandInFetch,
  signal: AbortSignal,
): Promise<GenerateContentStreamResult> {
  // loaded with the first call, as every provider's SDK is
  const { GoogleGenerativeAI } = await import('@google/generative-ai');
  // the SDK hears no stop that came before it was called, and its own timeout would end a long answer
  signal.throwIfAborted();
  const ours = new AbortController();
  signal.addEventListener('abort', () => ours.abort(), { once: true });
  const timer = setTimeout(() => ours.abort(), beginsWithinMs);
  try {
    const model = new GoogleGenerativeAI(apiKey).getGenerativeModel({ model: request.model }, { baseUrl });
    const result = await own.run(() => model.generateContentStream(bodyOf(request), { signal: ours.signal }));
    // the SDK gathers the answer a second time; when the stream breaks that rejects too, and nobody hearing it ends the process
    result.response.catch(() => undefined);
    return result;
  } catch (error) {
    if (ours.signal.aborted && !signal.aborted)
      throw new ProviderFailure('timeout', `${label} did not answer in time.`, { cause: error });
    throw inOurWords(error, own.headers);
  } finally {
    clearTimeout(timer);
  }
}

function bodyOf({ model, messages, tools, mustCall, maxTokens, temperature }: ProviderRequest): GenerateContentRequest {
  const can = capabilitiesOf('gemini', model);
  const forced = mustCall !== undefined && can.force === 'form';
  const system = systemTexts(messages);
  if (mustCall !== undefined && !forced) system.push(askedInWords(mustCall));
  return {
    contents: contentsOf(model, messages),
    ...(system.length > 0 && { systemInstruction: { role: 'system', parts: system.map((text) => ({ text })) } }),
    ...(tools.length > 0 && { tools: [{ functionDeclarations: tools.map(toolOf) } as Tool] }),
    ...(forced && {
      toolConfig: { functionCallingConfig: { mode: 'ANY' as FunctionCallingMode, allowedFunctionNames: [mustCall] } },
    }),
    generationConfig: { maxOutputTokens: maxTokens, ...(temperature !== undefined && can.temperature && { temperature }) },
  };
}

const toolOf = ({ name, description, parameters }: LlmTool) => {
  const schema = geminiSchema(parameters);
  // an object without properties is refused: a tool without input has no parameters
  return { name, description, ...(schema['properties'] !== undefined && { parameters: schema }) };
};

/** Documented for calls that another model made: Gemini 3 and later refuse a step whose first call has no signature. */
const foreignSignature = 'skip_thought_signature_validator';

function contentsOf(model: string, messages: LlmMessage[]): Content[] {
  const signs = !/^gemini-[12]\./.test(model);
  const contents: Content[] = [];
  const names = new Map<string, string>();
  const ids = new Map<string, string>();
  for (const message of turnsOf(messages)) {
    if (message.role === 'user') contents.push({ role: 'user', parts: [{ text: message.text }] });
    else if (message.role === 'assistant') {
      const signed = ownParts(message, 'gemini') as Signed[];
      const calls = (message.toolCalls ?? []).map(({ id, name, input }, at): WirePart => {
        const own = signed.find(({ call }) => call === at);
        const signature = own?.signature ?? (signs && at === 0 ? foreignSignature : undefined);
        names.set(id, name);
        if (own?.id) ids.set(id, own.id);
        return {
          functionCall: { name, args: input, ...(own?.id && { id: own.id }) },
          ...(signature && { thoughtSignature: signature }),
        };
      });
      contents.push({ role: 'model', parts: [...textParts(message.text, signed), ...calls] });
    } else {
      const { toolCallId, toolName, text } = message;
      const id = ids.get(toolCallId);
      const part = {
        functionResponse: { name: toolName || (names.get(toolCallId) ?? 'tool'), response: objectOf(text), ...(id && { id }) },
      };
      const last = contents.at(-1);
      // answers to calls that were made together belong together
      if (last?.parts[0]?.functionResponse) last.parts.push(part);
      else contents.push({ role: 'user', parts: [part] });
    }
  }
  return contents;
}

/** Text in the pieces that were signed: a signature holds for its own piece. */
function textParts(text: string, signed: Signed[]): WirePart[] {
  const parts: WirePart[] = [];
  let done = 0;
  for (const { signature, text: place } of signed) {
    if (!signature || !place || place[0] < done || place[1] > text.length) continue;
    if (place[0] > done) parts.push({ text: text.slice(done, place[0]) });
    parts.push({ text: text.slice(place[0], place[1]), thoughtSignature: signature });
    done = place[1];
  }
  if (done < text.length) parts.push({ text: text.slice(done) });
  return parts;
}

function objectOf(json: string): object {
  try {
    const value: unknown = JSON.parse(json);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : { result: value };
  } catch {
    return { result: json };
  }
}

async function* deltasOf(stream: GenerateContentStreamResult['stream'], own: StandInFetch): AsyncGenerator<ProviderDelta> {
  const calls: LlmToolCall[] = [];
  const signed: Signed[] = [];
  const counted: Record<string, number> = {};
  let said = 0;
  let finished = false;
  let strange: string | undefined;
  try {
    for await (const chunk of stream) {
      const told = errorIn(chunk);
      if (told !== undefined)
        throw toldFailure(label, { error: told, retryAfterMs: waitIn((told as { details?: unknown }).details) });
      if (chunk.usageMetadata) {
        // a piece may leave out what an earlier one counted
        for (const [name, told] of Object.entries(chunk.usageMetadata)) if (count(told) !== undefined) counted[name] = told;
        const usage = usageOf(counted);
        if (usage) yield { type: 'usage', usage };
      }
      if (!chunk.candidates && !chunk.promptFeedback && !chunk.usageMetadata) strange = JSON.stringify(chunk);
      // what follows the end is read for its counts only
      const candidate = finished ? undefined : chunk.candidates?.[0];
      if (!candidate && !finished && chunk.promptFeedback?.blockReason) throw declined(label, chunk.promptFeedback.blockReason);
      for (const part of (candidate?.content?.parts ?? []) as WirePart[]) {
        const { text, functionCall, thought, thoughtSignature: signature } = part;
        if (thought) {
          yield { type: 'thinking', characters: typeof text === 'string' ? text.length : 0 };
          continue;
        }
        if (functionCall) {
          const { id, name, args } = functionCall as { id?: string; name?: unknown; args?: unknown };
          if (typeof name !== 'string' || name === '' || (args !== undefined && args !== null && typeof args !== 'object'))
            throw malformed(label, JSON.stringify(functionCall));
          if (id || signature) signed.push({ call: calls.length, ...(id && { id }), ...(signature && { signature }) });
          calls.push({ id: id || newCallId(), name, input: (args ?? {}) as Record<string, unknown> });
        } else if (typeof text === 'string') {
          if (signature) signed.push({ signature, text: [said, said + text.length] });
          said += text.length;
          if (text !== '') yield { type: 'text', text };
        }
      }
      const reason: string | undefined = candidate?.finishReason;
      if (reason === undefined || reason === 'FINISH_REASON_UNSPECIFIED') continue;
      finished = true;
      yield* ending(reason, calls, signed);
    }
    if (finished) return;
    const unfinished = strange === undefined ? own.unfinished() : malformed(label, strange);
    if (unfinished) throw unfinished;
  } catch (error) {
    throw own.failure === undefined ? inOurWords(error) : thrownFailure(label, own.failure);
  }
}

const filters = /^(SAFETY|RECITATION|LANGUAGE|BLOCKLIST|PROHIBITED_CONTENT|SPII|MODEL_ARMOR|IMAGE_\w+)$/;
const nonsense = /^(MALFORMED_\w+|UNEXPECTED_TOOL_CALL|TOO_MANY_TOOL_CALLS)$/;

function* ending(reason: string, calls: LlmToolCall[], signed: Signed[]): Generator<ProviderDelta> {
  if (filters.test(reason)) throw declined(label, reason);
  if (nonsense.test(reason)) throw malformed(label, reason);
  if (reason === 'MISSING_THOUGHT_SIGNATURE') throw toldFailure(label, { error: { type: 'invalid_request', reason } });
  if (reason === 'OTHER') throw toldFailure(label, { error: { type: 'server_error', reason } });
  for (const part of signed) yield { type: 'opaque', part };
  if (reason === 'MAX_TOKENS') {
    yield { type: 'finish', reason: 'length' };
    return;
  }
  for (const call of calls) yield { type: 'tool_call', call };
  yield { type: 'finish', reason: calls.length > 0 ? 'tool_calls' : 'stop' };
}

/** The prompt's count holds what was read from the cache; what was thought is counted beside the answer. */
function usageOf(counted: Readonly<Record<string, number>>): Partial<Usage> | undefined {
  const prompt = counted['promptTokenCount'];
  if (prompt === undefined) return undefined;
  const cacheRead = Math.min(prompt, counted['cachedContentTokenCount'] ?? 0);
  const reasoning = counted['thoughtsTokenCount'] ?? 0;
  return {
    input: prompt - cacheRead + (counted['toolUsePromptTokenCount'] ?? 0),
    cacheRead,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    output: (counted['candidatesTokenCount'] ?? 0) + reasoning,
    reasoning,
    source: 'provider',
  };
}

/** How long to wait, as the details of an error say it. Their form is the server's: anything may stand there. */
function waitIn(told: unknown): number | undefined {
  const details: unknown[] = Array.isArray(told) ? told : [];
  const delays = details.map((detail) => Number.parseFloat(String((detail as { retryDelay?: unknown } | null)?.retryDelay)));
  const seconds = delays.find((delay) => delay >= 0);
  return seconds === undefined ? undefined : Math.ceil(seconds * 1000);
}

/** The SDK's errors carry no headers. */
function inOurWords(error: unknown, headers?: Headers): ProviderFailure {
  const { status, message, errorDetails } = error as { status?: number; message?: string; errorDetails?: unknown };
  if (error instanceof ProviderFailure || !(error instanceof Error)) return thrownFailure(label, error);
  if (status !== undefined)
    return toldFailure(label, { status, error: message, headers, cause: error, retryAfterMs: waitIn(errorDetails) });
  return /Failed to parse stream|Error parsing JSON/.test(message ?? '')
    ? malformed(label, message!)
    : thrownFailure(label, error);
}

const model = 'gemini-3.5-flash-lite';

export const gemini = {
  id: 'gemini',
  label,
  settings: {
    GOOGLE_API_KEY: keyOf(label, 'AIza...'),
    GOOGLE_MODEL: modelOf(label, model),
    GOOGLE_BASE_URL: addressOf(label, 'generateContent API'),
  },
  required: ['GOOGLE_API_KEY'],
  models: { fast: model, cheap: model, smart: model },
  create: (values) =>
    connection(
      values['GOOGLE_API_KEY'] ?? '',
      withoutPath(values['GOOGLE_BASE_URL'] ?? 'https://generativelanguage.googleapis.com', '/v1beta'),
    ),
} satisfies ProviderDeclaration;
