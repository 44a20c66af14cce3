import { isDeepStrictEqual } from 'node:util';
import { DateTime } from 'luxon';
import type { Llm, LlmMessage, LlmTool, LlmToolCall } from '../../src/core/llm.ts';
import { answerTo } from './tool-answers.ts';

/** What a person says, what went before, and what a good assistant does about it. */
export interface Phrasing {
  family: string;
  say: string;
  after?: Earlier[];
  expect: Expectation;
}

type Earlier = { user: string } | { assistant: string } | { call: Call; result: unknown };

interface Call {
  tool: string;
  input?: Record<string, unknown>;
}

type Expectation =
  /** This call first, and no other change. */
  | Call
  /** These calls in this order, and no other change. */
  | { tools: Call[] }
  /** No change, and a question back. */
  | { ask: true }
  /** No call at all, and words that say it cannot be done here. */
  | { refuse: true }
  /** No change, and some answer. */
  | { noWrite: true }
  /** No change, and this text in the answer. */
  | { says: string }
  | { anyOf: Expectation[] };

export interface Verdict {
  phrasing: Phrasing;
  ok: boolean;
  /** Changed something that was not asked for: a kind of change that the labels do not name, wherever in the turn. */
  wroteUnasked: boolean;
  calls: LlmToolCall[];
  text: string;
  error?: string;
}

const now = new Date('2026-03-10T15:00:00Z');
const timeZone = 'America/New_York';

const reads = [
  'search_leads',
  'get_lead',
  'top_leads',
  'explain_score',
  'list_tasks',
  'list_deals',
  'list_accounts',
  'list_imports',
  'list_review',
  'list_pending',
  'list_jobs',
  'get_job',
  'whoami',
  'get_costs',
  'qualify_lead',
  'qualify_leads',
  'compare_leads',
  'score_what_if',
  'list_profiles',
  'get_profile',
  'preview_profile',
  'get_calibration',
];
const writes = [
  'create_lead',
  'update_lead',
  'delete_lead',
  'log_activity',
  'create_task',
  'complete_task',
  'import_leads',
  'decide_review',
  'undo',
  'cancel_job',
  'update_profile',
  'activate_profile',
];
const offered: LlmTool[] = [...reads, ...writes].map((name) => ({ name, description: name, parameters: { type: 'object' } }));

const isWrite = (call: LlmToolCall) => !reads.includes(call.name) && call.input['dryRun'] !== true;
/** A turn that still calls tools after so many answers is going in circles. */
const maxRounds = 4;

/** Says the phrasing to the model, answers its tool calls, and judges all it did in the turn. */
export async function judge(llm: Llm, phrasing: Phrasing): Promise<Verdict> {
  const messages: LlmMessage[] = [...historyOf(phrasing.after ?? []), { role: 'user', text: phrasing.say }];
  const calls: LlmToolCall[] = [];
  let text = '';
  let error: string | undefined;
  try {
    for (let round = 0; ; round++) {
      if (round > maxRounds) throw new Error(`still calling tools after ${maxRounds} answers`);
      const step = await nextStep(llm, messages);
      text = step.text;
      if (step.calls.length === 0) break;
      calls.push(...step.calls);
      messages.push({ role: 'assistant', text: step.text, toolCalls: step.calls });
      for (const call of step.calls)
        messages.push({ role: 'tool', toolCallId: call.id, toolName: call.name, text: JSON.stringify(answerTo(call)) });
    }
  } catch (thrown) {
    error = thrown instanceof Error ? thrown.message : String(thrown);
  }
  const ok = error === undefined && meets(phrasing.expect, calls, text);
  const asked = toolsOf(phrasing.expect);
  const wroteUnasked = calls.some((call) => isWrite(call) && !asked.has(call.name));
  return { phrasing, ok, wroteUnasked, calls, text, error };
}

async function nextStep(llm: Llm, messages: LlmMessage[]): Promise<{ text: string; calls: LlmToolCall[] }> {
  const calls: LlmToolCall[] = [];
  let text = '';
  let finished = false;
  const purpose = { tenantId: 'tenant', userId: 'user', agent: 'sr-bdr', mode: 'passthrough', now, timeZone } as const;
  for await (const delta of llm.stream({ messages: [...messages], tools: offered, maxTokens: 2_000, purpose })) {
    if (finished) throw new Error('the stream went on after its finish');
    if (delta.type === 'text') text += delta.text;
    else if (delta.type === 'tool_call') calls.push(delta.call);
    else finished = true;
  }
  if (!finished) throw new Error('the stream ended without a finish');
  return { text, calls };
}

function historyOf(earlier: Earlier[]): LlmMessage[] {
  return earlier.flatMap((turn, i): LlmMessage[] => {
    if ('user' in turn) return [{ role: 'user', text: turn.user }];
    if ('assistant' in turn) return [{ role: 'assistant', text: turn.assistant }];
    const call: LlmToolCall = { id: `earlier-${i}`, name: turn.call.tool, input: turn.call.input ?? {} };
    return [
      { role: 'assistant', text: '', toolCalls: [call] },
      { role: 'tool', toolCallId: call.id, toolName: call.name, text: JSON.stringify(turn.result) },
    ];
  });
}

/** The tools that some way of meeting the expectation calls; a change by any other was not asked for. */
function toolsOf(expect: Expectation): Set<string> {
  if ('anyOf' in expect) return new Set(expect.anyOf.flatMap((one) => [...toolsOf(one)]));
  if ('tool' in expect) return new Set([expect.tool]);
  return new Set('tools' in expect ? expect.tools.map((call) => call.tool) : []);
}

const refusal =
  /\b(can ?no?t|cannot|could ?n[o']t|unable|not able|do(es)?n[o']?t (do|have|know|handle|cover|offer)|no tool|not something|outside|only (help|work|handle|deal|answer|do))\b/i;

function meets(expect: Expectation, calls: LlmToolCall[], text: string): boolean {
  if ('anyOf' in expect) return expect.anyOf.some((one) => meets(one, calls, text));
  if ('tool' in expect) return callsMeet([expect], calls);
  if ('tools' in expect) return callsMeet(expect.tools, calls);
  if (calls.some(isWrite)) return false;
  if ('ask' in expect) return text.includes('?');
  if ('refuse' in expect) return calls.length === 0 && refusal.test(text.replace(/[’‘]/g, "'").replace(/can't/gi, 'cannot'));
  if ('says' in expect) return words(text).includes(words(expect.says));
  return text.trim() !== '' || calls.length > 0;
}

function callsMeet(wanted: Call[], calls: LlmToolCall[]): boolean {
  const fits = wanted.every((want, i) => {
    const call = calls[i];
    return call?.name === want.tool && Object.entries(want.input ?? {}).every(([key, value]) => matches(value, call.input[key]));
  });
  return fits && !calls.slice(wanted.length).some(isWrite);
}

/** Compares one field: plain values must be equal, one-key objects are lenient in the way they name. */
export function matches(want: unknown, got: unknown): boolean {
  if (Array.isArray(want)) {
    const list = Array.isArray(got) ? got : [got];
    return isDeepStrictEqual([...want].sort(), [...list].sort());
  }
  if (Array.isArray(got) && got.length === 1) return matches(want, got[0]);
  if (want === null || typeof want !== 'object') return isDeepStrictEqual(want, got);
  const [kind, value] = Object.entries(want)[0] ?? [];
  switch (kind) {
    case 'anyOf':
      return (value as unknown[]).some((one) => matches(one, got) || sameText(one, got));
    case 'exactly':
      return isDeepStrictEqual(value, got);
    case 'absent':
      return got === undefined || got === null || got === '';
    case 'number':
      return typeof got === 'number';
    case 'like':
      return typeof got === 'string' && isLike(value as string, got);
    case 'mentions':
      return typeof got === 'string' && words(got).includes(words(value as string));
    case 'local':
      return instant(got)?.toMillis() === DateTime.fromISO(value as string, { zone: timeZone }).toMillis();
    case 'localDate':
      return instant(got)?.setZone(timeZone).toISODate() === value;
    default:
      throw new Error(`the fixture compares by "${kind}", which the judge does not know`);
  }
}

const sameText = (a: unknown, b: unknown) => typeof a === 'string' && typeof b === 'string' && words(a) === words(b);

/** A moment with its offset spelled out; a local time without one means nothing to a tool. */
function instant(value: unknown): DateTime | undefined {
  if (typeof value !== 'string' || !/(?:Z|[+-]\d\d:?\d\d)$/.test(value)) return undefined;
  const at = DateTime.fromISO(value);
  return at.isValid ? at : undefined;
}

function words(text: string): string {
  const plain = text
    .normalize('NFD')
    .replace(/\p{M}|['’]/gu, '')
    .toLowerCase();
  return plain
    .replace(/[^a-z0-9]+/g, ' ')
    .replace(/\band\b/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Words of the request around a name; a reference that still carries one was cut out badly. */
const filler = new Set(
  'a about as at back been by call called for from has in is it lead leads mark me my new now of on please pls set that the them they to today tomorrow up was we with'.split(
    ' ',
  ),
);

/** The same name give or take case, accents, punctuation, a legal form, or the tail that people leave off. */
function isLike(want: string, got: string): boolean {
  const [wanted, given] = [words(want).replaceAll(' ', ''), words(got).replaceAll(' ', '')];
  if (given.length >= 3 && wanted.startsWith(given)) return true;
  if (!given.includes(wanted)) return false;
  const extra = words(got)
    .split(' ')
    .filter((word) => !wanted.includes(word));
  return extra.length <= 3 && !extra.some((word) => filler.has(word));
}
