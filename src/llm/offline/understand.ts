import { parseWhen } from '../../core/when.ts';
import { followUp } from './follow-up.ts';
import { doubtAbout, isChange } from './gate.ts';
import { shownIn, type Turn } from './history.ts';
import { activities } from './intents/activities.ts';
import { book } from './intents/book.ts';
import { calibration } from './intents/calibration.ts';
import { comparison } from './intents/compare.ts';
import { completion } from './intents/complete.ts';
import { creation } from './intents/create.ts';
import { removal } from './intents/delete.ts';
import { fields } from './intents/fields.ts';
import { guessed } from './intents/guessed.ts';
import { house } from './intents/house.ts';
import type { Intent } from './intents/intent.ts';
import { foreign, newcomer } from './intents/newcomer.ts';
import { bareName, oneLead } from './intents/one-lead.ts';
import { owner } from './intents/owner.ts';
import { mergedChanges, profileChange } from './intents/profile-changes.ts';
import { preview } from './intents/profile-preview.ts';
import { activation, profiles } from './intents/profiles.ts';
import { qualification } from './intents/qualify.ts';
import { ranking } from './intents/ranking.ts';
import { beyondRules } from './intents/refusals.ts';
import { reminders } from './intents/reminders.ts';
import { scoring } from './intents/scoring.ts';
import { search } from './intents/search.ts';
import { smallTalk } from './intents/small-talk.ts';
import { status } from './intents/status.ts';
import { tasks } from './intents/tasks.ts';
import { reports } from './intents/told.ts';
import { whatIf } from './intents/what-if.ts';
import { aboutOutside, outsideAsked } from './outside.ts';
import { answerTo, questionOf } from './pending.ts';
import { askAbout, describe, notUnderstood } from './questions.ts';
import { ask, type Call, type Context, type Pending, type Reading, refuse, writes } from './reading.ts';
import { Sentence } from './sentence.ts';
import { dateLast, openingOf, politeless, splitRequests, topicOf, withoutChart } from './wording.ts';

export interface Clock {
  now: Date;
  timeZone: string;
}

const moving: Intent = (sentence, ctx) => status(sentence, ctx) ?? owner(sentence, ctx);

/** Where two readings are equally sure, the earlier intent wins. */
const intents: Intent[] = [
  smallTalk,
  newcomer,
  preview,
  activation,
  profileChange,
  profiles,
  calibration,
  comparison,
  whatIf,
  qualification,
  book,
  beyondRules,
  house,
  completion,
  reminders,
  activities,
  tasks,
  reports,
  creation,
  moving,
  fields,
  removal,
  ranking,
  scoring,
  oneLead,
  search,
  bareName,
];

/** Below this a reading is a guess: the user is asked instead. Changes need more than lookups. */
const sureToRead = 0.55;
const sureToWrite = 0.68;

/** What the last of these turns asks for, in the light of those before. */
export const readTurn = (turn: Turn, before: readonly Turn[], clock: Clock): Reading =>
  aboutOutside(turn, contextOf(before, clock)) ?? read(turn.user, before, clock);

/** What a text asks for, in the light of what was said and shown before. */
const read = (text: string, turns: readonly Turn[], clock: Clock): Reading => interpret(text, contextOf(turns, clock));

const contextOf = (turns: readonly Turn[], clock: Clock): Context => {
  const shown = shownIn(turns);
  return {
    ...clock,
    turns,
    leads: shown.leads,
    lead: shown.lead,
    tasks: shown.tasks,
    task: shown.task,
    jobId: shown.jobId,
    profile: shown.profile,
    criteria: shown.criteria,
    pending: pendingAfter(turns, clock),
  };
};

/**
 * The question that is still open, found by reading the last turns again: nothing is remembered between calls. A question
 * of ours counts only if it is what the user was really answered.
 */
const pendingAfter = (turns: readonly Turn[], clock: Clock): Pending | undefined => {
  const last = turns.at(-1);
  if (!last) return undefined;
  const asked = outsideAsked(last) ?? questionOf(last);
  if (asked) return asked;
  if (last.calls.length > 0 && !last.reply.includes('?')) return undefined;
  const reading = read(last.user, turns.slice(0, -1), clock);
  const question = reading.kind === 'ask' ? reading : reading.kind === 'calls' ? reading.ask : undefined;
  const opening = question?.text.split('\n')[0]?.replace(/\s+/g, ' ');
  if (!question?.pending || !opening) return undefined;
  // Whoever worded the question "which lead?", its answer is the same.
  const sameNeed =
    question.pending.kind === 'needs' && last.calls.length === 0 && /^(?:which|what|who|when)\b[^\n]*\?\s*$/i.test(last.reply);
  return sameNeed || last.reply.replace(/\s+/g, ' ').includes(opening) ? question.pending : undefined;
};

const interpret = (said: string, ctx: Context): Reading => {
  const text = withoutChart(said);
  const whole = Sentence.of(text);
  if (whole.empty) return ask('What can I do for you? Say "help" for examples.', 0.9);
  const other = foreign(text);
  if (other && !(ctx.pending?.kind === 'needs')) return other;
  const fresh = fresher(text, ctx);
  if (ctx.pending) {
    const answer = answerTo(ctx.pending, politeless(whole), ctx, fresh);
    if (answer) return answer;
  }
  return settle(fresh, whole, ctx);
};

/** Reads the text without regard to an open question. */
const fresher = (text: string, ctx: Context): Reading | undefined => {
  const single = best(text, ctx);
  const parts = splitRequests(plainSource(text), (part) => toolOf(best(part, ctx)));
  if (parts.length < 2) return single;
  const readings: Reading[] = [];
  let inner = ctx;
  for (const part of parts) {
    const reading = best(part, inner);
    if (!reading || (reading.kind !== 'calls' && !(reading.kind === 'ask' && reading.pending)) || reading.confidence < 0.74)
      return single;
    readings.push(reading);
    const about = (reading.kind === 'calls' ? reading.calls : [])
      .map((call) => (call.tool === 'create_lead' ? call.input['name'] : call.input['lead']))
      .find((lead) => typeof lead === 'string');
    if (typeof about === 'string') inner = { ...inner, carried: true, lead: { id: about, name: nameOf(about, inner), note: '' } };
  }
  return joined(readings, parts);
};

const toolOf = (reading: Reading | undefined): string | undefined =>
  reading?.kind === 'calls'
    ? reading.calls[0]?.tool
    : reading?.kind === 'ask' && reading.pending?.kind === 'needs'
      ? reading.pending.calls[0]?.tool
      : undefined;

const plainSource = (text: string): string => Sentence.of(text, false).source;

const nameOf = (reference: string, ctx: Context): string =>
  [...ctx.leads, ...(ctx.lead ? [ctx.lead] : [])].find((lead) => lead.id === reference)?.name ?? reference;

/** "They went with somebody else, mark them lost": the first half says why, and nobody asked to have it written down. */
const isReason = (call: Call, part: string): boolean =>
  call.tool === 'log_activity' &&
  call.input['kind'] === 'note' &&
  !/\b(?:notes?|log|record|jot|write|memo|put|add)\b/i.test(part);

/** Several requests in one sentence: the calls in order, and the first question that is left. */
const joined = (readings: Reading[], parts: string[]): Reading => {
  const changed = readings.some(
    (reading) => reading.kind === 'calls' && reading.calls.some((call) => call.tool === 'update_lead'),
  );
  const said = readings.flatMap((reading, i) =>
    reading.kind === 'calls' ? reading.calls.filter((call) => !(changed && isReason(call, parts[i] ?? ''))) : [],
  );
  const planned: Call[] = mergedChanges(
    said.filter((call, i) => said.findIndex((other) => JSON.stringify(other) === JSON.stringify(call)) === i),
  );
  const open = readings.find((reading) => reading.kind === 'ask');
  const confidence = Math.min(...readings.map((reading) => reading.confidence));
  if (planned.length === 0) return readings[0] as Reading;
  return {
    kind: 'calls',
    calls: planned,
    confidence,
    ...(open?.kind === 'ask' && { ask: { text: open.text, pending: open.pending } }),
  };
};

/** The most confident reading of one request. */
const best = (text: string, ctx: Context): Reading | undefined => {
  const heard = Sentence.of(text);
  const chat = smallTalk(heard, ctx);
  if (chat) return chat;
  const whole = politeless(heard);
  if (whole.empty) return { kind: 'smalltalk', topic: 'hello', confidence: 0.8 };
  const mood = openingOf(whole);
  if (mood.forbidden) return refuse('All right, I will leave it as it is; nothing was changed.', 0.93);
  const later = followUp(whole, ctx, (said) => (said.length < 500 ? best(said, { ...ctx, turns: [] }) : undefined));
  const readings = [
    later,
    ...[whole, politeless(heard, false), ...mood.variants].flatMap((sentence) => intents.map((intent) => intent(sentence, ctx))),
    guessed(heard, whole, ctx),
  ].filter((reading) => reading !== undefined);
  let winner: Reading | undefined;
  for (const reading of readings) if (!winner || reading.confidence > winner.confidence + 0.001) winner = reading;
  winner = turnedAround(whole, ctx, winner) ?? winner;
  if (!winner) return undefined;
  winner = taskClosed(whole, winner);
  const doubt = doubtAbout(winner, whole, heard) ?? (mood.hypothetical && isChange(winner) ? 'question' : undefined);
  if (!doubt) return winner;
  const lookup = readings.find(
    (reading) => reading.kind !== 'ask' && !isChange(reading) && reading.confidence >= (doubt === 'question' ? 0.7 : 0.8),
  );
  if (lookup) return lookup;
  if (winner.kind !== 'calls' || doubt === 'foreign' || doubt === 'quoted')
    return refuse('Nothing was changed; say it in your own words if you want it done.', 0.9);
  return ask(`Nothing was changed. Shall I ${winner.calls.map(describe).join(' and ')}? Say "yes" to do it.`, 0.9, {
    kind: 'confirm',
    calls: winner.calls,
  });
};

/** "I sent them the quote, you can close that task": what happened is the reason, the task is what it is about. */
const taskClosed = (sentence: Sentence, reading: Reading): Reading => {
  const [call] = reading.kind === 'calls' ? reading.calls : [];
  const closing =
    /\b(?:close|finish|complete|tick off|check off|cross off) (?:that|the|this|my|their) (?:task|reminder|to ?do)\b/i;
  if (call?.tool !== 'log_activity' || typeof call.input['lead'] !== 'string' || !closing.test(sentence.raw)) return reading;
  return {
    kind: 'calls',
    calls: [{ tool: 'complete_task', input: { task: call.input['lead'] } }],
    confidence: reading.confidence,
  };
};

/** The same request with its topic or its date taken from the front, when that reads better. */
const turnedAround = (sentence: Sentence, ctx: Context, winner: Reading | undefined): Reading | undefined => {
  const source = sentence.raw;
  const confidence = winner?.confidence ?? 0;
  const dated = confidence < 0.85 ? dateLast(source) : undefined;
  const when = dated && parseWhen(dated.date, ctx.now, ctx.timeZone);
  if (dated && when?.rest === '') {
    const reading = best(`${dated.rest} ${dated.date}`, ctx);
    if (reading && reading.confidence > confidence) return reading;
  }
  const about = confidence < 0.95 ? topicOf(source) : undefined;
  if (about && (about.explicit || confidence < 0.8)) {
    const reading = best(about.rest, { ...ctx, lead: { id: about.topic, name: about.topic, note: '' }, leads: [] });
    const used = reading?.kind === 'calls' && reading.calls.every((call) => call.input['lead'] === about.topic);
    if (reading && used && (about.explicit || reading.confidence > confidence)) return reading;
  }
  return undefined;
};

/** Acts on what is clear and asks about the rest. */
const settle = (reading: Reading | undefined, sentence: Sentence, ctx: Context): Reading => {
  if (!reading) return notUnderstood(politeless(sentence), ctx);
  if (reading.kind !== 'calls') return reading.confidence < 0.4 ? notUnderstood(politeless(sentence), ctx) : reading;
  const change = reading.calls.some((call) => writes.has(call.tool));
  if (reading.confidence >= (change ? sureToWrite : sureToRead)) return reading;
  return askAbout(reading, politeless(sentence), ctx);
};
