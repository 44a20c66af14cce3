import { type Delta, type Llm, type LlmRequest, noUsage } from '../../core/llm.ts';
import { AppError } from '../../errors.ts';
import { object, type PastCall, type Turn, turnsOf } from './history.ts';
import { candidatesOf, placed, repeated } from './pending.ts';
import type { Call, Reading } from './reading.ts';
import { smallTalkText } from './render/help.ts';
import { renderTurn } from './render/render.ts';
import { type Clock, readTurn } from './understand.ts';

const finish = (reason: 'stop' | 'tool_calls'): Delta => ({
  type: 'finish',
  reason,
  usage: { ...noUsage },
  provider: 'offline',
  model: 'rules',
  degraded: true,
  costUsd: '0.000000000000',
});

/**
 * Rules in place of a model, last in every chain: understands everyday requests, calls the offered tools, and answers with
 * what they returned. Keeps nothing between calls and answers the same messages the same way.
 */
export const createOffline = (): Llm => ({
  async *stream(request: LlmRequest): AsyncIterable<Delta> {
    request.signal?.throwIfAborted();
    if (request.mustCall) throw new AppError('unavailable', noModel);
    const { calls, text } = reply(request);
    if (calls) {
      const turn = request.messages.length;
      for (const [i, call] of calls.entries())
        yield { type: 'tool_call', call: { id: `call_${turn}_${i + 1}`, name: call.tool, input: call.input } };
      yield finish('tool_calls');
      return;
    }
    for (const piece of pieces(text ?? '')) {
      request.signal?.throwIfAborted();
      yield { type: 'text', text: piece };
    }
    yield finish('stop');
  },
});

/** Rules understand requests; they have no judgement of their own to put into a form. */
const noModel =
  'This needs a model, and none is connected. The key of a provider connects its models: npm run doctor names them.';

const reply = (request: LlmRequest): { calls?: Call[]; text?: string } => {
  const clock: Clock = { now: request.purpose.now, timeZone: request.purpose.timeZone };
  const offered = new Set(request.tools.map((tool) => tool.name));
  const turns = turnsOf(request.messages);
  const turn = turns.at(-1);
  if (!turn) return { text: smallTalkText('hello', offered) };
  const reading = readTurn(turn, turns.slice(0, -1), clock);
  const last = request.messages.findLast((message) => message.role !== 'system');
  if (last?.role === 'tool') {
    const next = continued(reading, turn);
    if (next.length > 0 && next.every((call) => offered.has(call.tool))) return { calls: next };
    if (turn.outside && reading.kind === 'ask') return { text: reading.text };
    return { text: renderTurn(turn, reading, clock) };
  }
  return first(reading, offered);
};

/** The first step of a turn: calls, or a text. */
const first = (reading: Reading, offered: ReadonlySet<string>): { calls?: Call[]; text?: string } => {
  switch (reading.kind) {
    case 'smalltalk':
      return { text: smallTalkText(reading.topic, offered) };
    case 'ask': {
      const wanted = reading.pending?.kind === 'needs' || reading.pending?.kind === 'confirm' ? reading.pending.calls : [];
      return { text: unavailable(wanted, offered) ?? reading.text };
    }
    case 'refuse':
      return { text: reading.text };
    case 'calls': {
      const missing = unavailable(reading.calls, offered);
      return missing ? { text: missing } : { calls: reading.calls };
    }
  }
};

/** What is still to call after these results: the rest of a plan that was cut, or the next link of a chain. */
const continued = (reading: Reading, turn: Turn): Call[] => {
  const made = turn.calls;
  const narrowed = made.map((call) => placed(candidatesOf(call.answer), turn.user));
  const unsure = made.filter((call) => call.answer?.error);
  // Once only: a repeated call that is still unclear is the user's to decide.
  if (
    unsure.length > 0 &&
    made.length <= 3 &&
    unsure.every((call) => call.answer?.error?.code === 'ambiguous' && narrowed[made.indexOf(call)])
  ) {
    const again = unsure
      .map((call) => repeated(call, narrowed[made.indexOf(call)]!))
      .filter(
        (call) => !made.some((other) => JSON.stringify([other.tool, other.input]) === JSON.stringify([call.tool, call.input])),
      );
    if (again.length > 0) return again;
  }
  const alone = made.length === 1 ? withoutLead(made[0]) : undefined;
  if (alone) return [alone];
  if (reading.kind !== 'calls' || made.some((call) => call.answer?.error || call.answer === undefined)) return [];
  const same = reading.calls
    .slice(0, made.length)
    .every((call, i) => call.tool === made[i]?.tool && JSON.stringify(call.input) === JSON.stringify(made[i]?.input));
  if (!same) return [];
  if (made.length < reading.calls.length) return reading.calls.slice(made.length);
  return made.length === reading.calls.length && reading.next
    ? reading.next(made.map((call) => object(call.answer?.result)))
    : [];
};

/** "Remind me to call mom": a task whose name fits no lead is still a task. */
const withoutLead = (call: PastCall | undefined): Call | undefined => {
  if (call?.tool !== 'create_task' || call.input['lead'] === undefined || call.answer?.error?.code !== 'not_found')
    return undefined;
  const guesses = call.answer.error.details?.['didYouMean'] ?? call.answer.error.details?.['candidates'];
  if (Array.isArray(guesses) && guesses.length > 0) return undefined;
  const { lead: _lead, ...input } = call.input;
  return { tool: 'create_task', input };
};

const abilities: Record<string, string> = {
  search_leads: 'Searching leads',
  get_lead: 'Looking at a lead',
  top_leads: 'Ranking leads',
  explain_score: 'Explaining scores',
  qualify_lead: 'Qualifying leads',
  qualify_leads: 'Qualifying leads',
  compare_leads: 'Comparing leads',
  score_what_if: 'Trying out scores',
  list_profiles: 'Listing profiles',
  get_profile: 'Looking at profiles',
  update_profile: 'Changing profiles',
  preview_profile: 'Trying out profiles',
  activate_profile: 'Switching the profile',
  get_calibration: 'Holding scores against outcomes',
  create_lead: 'Adding leads',
  update_lead: 'Changing leads',
  delete_lead: 'Deleting leads',
  log_activity: 'Logging calls and notes',
  create_task: 'Setting tasks and reminders',
  complete_task: 'Completing tasks',
  list_tasks: 'Listing tasks',
  list_deals: 'Listing deals',
  list_accounts: 'Listing accounts',
  import_leads: 'Importing leads',
  list_imports: 'Listing imports',
  list_review: 'Listing rows to review',
  decide_review: 'Deciding rows in review',
  undo: 'Undoing changes',
  list_pending: 'Listing approvals',
  list_jobs: 'Listing jobs',
  get_job: 'Looking at a job',
  cancel_job: 'Cancelling a job',
  whoami: 'Telling who you are',
  get_costs: 'Showing costs',
};

const unavailable = (calls: Call[], offered: ReadonlySet<string>): string | undefined => {
  const missing = [...new Set(calls.map((call) => call.tool).filter((tool) => !offered.has(tool)))];
  return missing.length === 0
    ? undefined
    : `${missing.map((tool) => abilities[tool] ?? tool.replaceAll('_', ' ')).join(' and ')} is not available to you here; it depends on your role and on where you are asking from.`;
};

/** Small groups of words, so that an answer is seen to arrive. */
const pieces = (text: string): string[] => text.match(/(?:\S+\s*){1,4}|\s+/g) ?? [];
