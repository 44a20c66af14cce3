import type { CallLine, CallRecord, CallTexts } from '../../core/cost.ts';
import { noUsage, type Usage } from '../../core/llm.ts';
import { redact } from './redact.ts';

/** The version of what stands in a segment; an older process leaves a newer one's segments alone. */
const version = 1;
/** Of a prompt or an answer; what is longer is cut. */
const longestText = 100_000;
/** What a column holds. */
const mostCount = 2_147_483_647;

/** The first line of a segment: for whose database its calls are. */
export const headerOf = (tenantId: string): string => `${JSON.stringify({ v: version, tenantId })}\n`;

export function isHeaderOf(line: string, tenantId: string): boolean {
  const header = parse(line) as { v?: unknown; tenantId?: unknown } | undefined;
  return header?.v === version && header.tenantId === tenantId;
}

/**
 * A call as the table can take it. What a provider or a caller got wrong must not keep others out of the table: counts that are none become an
 * unpriced call, texts lose what Postgres cannot hold. Nothing when there is nobody to write it down for.
 */
export function lineOf(call: CallRecord, storeTexts: boolean): CallLine | undefined {
  const { at, price, usage, guessUsd, texts, ...rest } = call;
  if (!isUuid(call.tenantId)) return undefined;
  const counted = countsOf(usage);
  const costUsd = price.status === 'priced' && counted && isCost(price.costUsd) ? price.costUsd : null;
  return {
    ...rest,
    callId: isUuid(call.callId) ? call.callId : crypto.randomUUID(),
    requestId: uuidOr(call.requestId),
    leadId: uuidOr(call.leadId),
    userId: uuidOr(call.userId),
    turnId: uuidOr(call.turnId),
    sessionId: clean(call.sessionId),
    agentType: clean(call.agentType) || 'unknown',
    provider: clean(call.provider) || 'unknown',
    model: clean(call.model) || 'unknown',
    failure: clean(call.failure),
    fallbackFrom: clean(call.fallbackFrom),
    at: (Number.isNaN(at.getTime()) ? new Date() : at).toISOString(),
    usage: counted ?? { ...noUsage, source: usage.source },
    costUsd,
    priceRow: costUsd !== null && price.status === 'priced' ? price.row : null,
    because: costUsd !== null ? null : price.status === 'unpriced' ? price.because : 'usage not known',
    ...(costUsd === null && guessUsd !== undefined && isCost(guessUsd) && { guessUsd }),
    latencyMs: whole(call.latencyMs),
    ttftMs: call.ttftMs === undefined ? undefined : whole(call.ttftMs),
    savedUsd: call.savedUsd !== undefined && isCost(call.savedUsd) ? call.savedUsd : undefined,
    ...(storeTexts && texts && { texts: keptTexts(texts()) }),
  };
}

/** A line of a segment; nothing when it is not whole, as the last one of a killed process may be. */
export function readLine(text: string): CallLine | undefined {
  const line = parse(text) as Partial<CallLine> | undefined;
  return line && isUuid(line.callId) && isUuid(line.tenantId) && line.usage && typeof line.at === 'string'
    ? (line as CallLine)
    : undefined;
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' ? value : undefined;
  } catch {
    return undefined; // half a line is expected after a kill: the caller counts it
  }
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const isUuid = (text: unknown): boolean => typeof text === 'string' && uuid.test(text);
const uuidOr = (text: string | undefined): string | undefined => (isUuid(text) ? text : undefined);

/** Postgres takes neither a zero byte nor half a surrogate pair. */
const clean = (text: string | undefined): string | undefined => text?.replaceAll('\0', '').toWellFormed().slice(0, 500);

const keptTexts = ({ prompt, answer }: CallTexts): CallTexts => ({ prompt: kept(prompt), answer: kept(answer) });
const kept = (text: string): string =>
  redact(text.slice(0, longestText)).replaceAll('\0', '').toWellFormed() + (text.length > longestText ? ' [cut]' : '');

/** No call comes near a million dollars: such a sum is an error of counting. */
const isCost = (text: string): boolean => /^\d{1,6}(\.\d{1,12})?$/.test(text);

const whole = (ms: number): number => Math.min(mostCount, Math.max(0, Math.round(ms) || 0));

function countsOf(usage: Usage): Usage | undefined {
  const { input, cacheRead, cacheWrite5m, cacheWrite1h, output, reasoning } = usage;
  const isCount = (n: number) => Number.isInteger(n) && n >= 0 && n <= mostCount;
  const all = [input, cacheRead, cacheWrite5m, cacheWrite1h, output, reasoning];
  return all.every(isCount) && isCount(input + cacheRead + cacheWrite5m + cacheWrite1h) ? usage : undefined;
}
