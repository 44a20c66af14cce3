import { regionName } from '../../core/regions.ts';
import { parseWhen } from '../../core/when.ts';
import type { Answer, PastCall, Turn } from './history.ts';
import { objects, string } from './history.ts';
import { withNumber } from './intents/profile-changes.ts';
import { statusOf } from './intents/status.ts';
import {
  ask,
  askWhich,
  type Call,
  type Choice,
  type Context,
  complete,
  type Need,
  type Pending,
  type Reading,
  refuse,
} from './reading.ts';
import { leadOf, personOf, pick, positionOf } from './references.ts';
import type { Sentence } from './sentence.ts';
import { isoIn } from './words.ts';

const stop =
  /^(?:never ?mind|cancel|cancel (?:that|it)|forget (?:it|that|about it)|no|nope|nothing|stop|skip(?: it| that)?|leave it|neither|none(?: of (?:them|those|these))?|no thanks|no thank you|do not|do not bother|abort|not now|drop it)$/;
const yes =
  /^(?:yes|yep|yeah|yup|sure|ok|okay|y|do it|do that|go ahead|please do|yes please|confirm|correct|right|exactly|that one|of course|definitely|absolutely|sounds good|please|go for it|yes do it|yes go ahead)$/;

/** The question that a turn ended with, if the tools asked one: which of several records is meant. */
export const questionOf = (turn: Turn): Pending | undefined => {
  const unsure = turn.calls.filter((call) => candidatesOf(call.answer).length > 0);
  const first = unsure[0];
  if (!first) return undefined;
  const candidates = candidatesOf(first.answer);
  const choices: Choice[] = candidates.map((candidate) => ({
    label: candidate.name,
    note: candidate.note,
    calls: unsure.map((call) => repeated(call, candidate)),
  }));
  return {
    kind: 'choice',
    question: string(first.answer?.error?.details?.['question']) || first.answer?.error?.message || 'Which one do you mean?',
    choices,
  };
};

export interface Candidate {
  id: string;
  name: string;
  note: string;
}

export const candidatesOf = (answer: Answer | undefined): Candidate[] => {
  const details = answer?.error?.details;
  if (!details) return [];
  const listed = objects(details['candidates']).map((item) => ({
    id: string(item['id']),
    name: string(item['name']) || string(item['title']),
    note: string(item['note']),
  }));
  if (listed.length > 0) return listed.filter((item) => item.id !== '' || item.name !== '');
  const guesses = details['didYouMean'];
  if (!Array.isArray(guesses)) return [];
  return guesses.map((guess: unknown) =>
    typeof guess === 'string'
      ? { id: guess, name: guess, note: '' }
      : {
          id: string((guess as Candidate).id) || string((guess as Candidate).name),
          name: string((guess as Candidate).name),
          note: string((guess as Candidate).note),
        },
  );
};

/** The one candidate whose place the user named from the start: "the Abacus in Houston". */
export const placed = (candidates: readonly Candidate[], said: string): Candidate | undefined => {
  const words = ` ${said.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ')} `;
  const fits = candidates.filter((candidate) => {
    const place = candidate.note.split(',')[0] ?? '';
    const state = /\b([A-Z]{2})$/.exec(place)?.[1];
    const city = place
      .replace(/\s*\b[A-Z]{2}$/, '')
      .trim()
      .toLowerCase();
    const outside = !candidate.name.toLowerCase().includes(city);
    return (
      (city.length > 2 && outside && words.includes(` ${city} `)) ||
      (state !== undefined && words.includes(` ${(regionName(state) ?? state).toLowerCase()} `))
    );
  });
  return fits.length === 1 ? fits[0] : undefined;
};

/** The call again, for the candidate that was meant. */
export const repeated = (call: PastCall, candidate: Candidate): Call => ({
  tool: call.tool,
  input: { ...call.input, ...replacement(call, call.answer, candidate) },
});

/** Which field the question was about: a task, a person, or else the lead. */
const replacement = (call: Call, answer: Answer | undefined, candidate: Candidate): Record<string, unknown> => {
  if (call.tool === 'complete_task') return { task: candidate.id || candidate.name };
  const question = `${answer?.error?.message ?? ''} ${string(answer?.error?.details?.['question'])}`.toLowerCase();
  const field = string(answer?.error?.details?.['field']);
  for (const person of ['owner', 'assignee']) {
    const said = string(call.input[person]);
    const lead = string(call.input['lead']).toLowerCase();
    if (
      said &&
      (field === person ||
        (question.includes(`"${said.toLowerCase()}"`) && !question.includes(`"${lead}"`)) ||
        call.input['lead'] === undefined)
    )
      return { [person]: candidate.name };
  }
  const { leads } = call.input;
  // of several leads the one that the question quotes
  if (Array.isArray(leads))
    return {
      leads: leads.map((lead: unknown) =>
        question.includes(`"${string(lead).toLowerCase()}"`) ? candidate.id || candidate.name : lead,
      ),
    };
  return { lead: candidate.id || candidate.name };
};

/** What an answer to a pending question completes; nothing when the text speaks of something else. */
export const answerTo = (pending: Pending, sentence: Sentence, ctx: Context, fresh: Reading | undefined): Reading | undefined => {
  const words = sentence.words
    .replace(
      /^(?:oh|ah|um|uh|ok|okay|so|well|i mean|i meant|sorry|please|make it|it is|let us say|lets say|say|maybe|just|use|take|pick|the answer is)+ (?=\S)/,
      '',
    )
    .trim();
  if (stop.test(words)) return refuse('All right, nothing was done.', 0.96);
  const confident = fresh !== undefined && fresh.kind !== 'ask' && fresh.confidence >= 0.84;

  if (pending.kind === 'confirm') {
    if (yes.test(words)) return { kind: 'calls', calls: pending.calls, confidence: 0.95 };
    return undefined;
  }

  if (pending.kind === 'choice') {
    const items = pending.choices.map((choice) => ({ name: choice.label, note: choice.note ?? '', choice }));
    const position = positionOf(words);
    if (items.length === 1 && yes.test(words)) return { kind: 'calls', calls: pending.choices[0]?.calls ?? [], confidence: 0.95 };
    const picking = position !== undefined || /^(?:the )?(?:one\b|.+ one$)/.test(words);
    const chosen = picking || !confident ? pick(sentence.raw, words, items) : undefined;
    if (chosen) return { kind: 'calls', calls: chosen.choice.calls, confidence: 0.95 };
    if (confident && !picking) return undefined;
    // A name that fits several is no pick, and one that fits none may be another lead altogether.
    return picking || (sentence.tokens.length <= 3 && (fresh === undefined || fresh.kind === 'ask' || fresh.confidence < 0.7))
      ? askWhich(`Which of these ${items.length}? Say its number.`, pending.choices, 0.8)
      : undefined;
  }

  const need = pending.needs[0];
  if (!need) return undefined;
  if (
    confident &&
    need.field !== 'text' &&
    need.field !== 'title' &&
    !(need.field === 'status' && statusOf(words)) &&
    !(need.field === 'number' && /\d/.test(words) && sentence.tokens.length <= 5) &&
    !(need.field === 'dueAt' && parseWhen(sentence.raw, ctx.now, ctx.timeZone) && sentence.tokens.length <= 6)
  )
    return undefined;
  if (
    confident &&
    (need.field === 'text' || need.field === 'title') &&
    fresh?.kind === 'calls' &&
    fresh.confidence >= 0.9 &&
    /^(?:show|list|undo|help|who should|find|top|delete|mark|assign)\b/.test(words)
  )
    return undefined;
  return fill(pending.calls, pending.needs, need, sentence, words, ctx, fresh);
};

const fill = (
  calls: Call[],
  needs: Need[],
  need: Need,
  sentence: Sentence,
  words: string,
  ctx: Context,
  fresh: Reading | undefined,
): Reading | undefined => {
  const rest = needs.slice(1);
  const set = (values: Record<string, unknown>, left: Need[] = rest): Reading =>
    complete(
      calls.map((call, i) => (need.calls.includes(i) ? { tool: call.tool, input: { ...call.input, ...values } } : call)),
      left,
      0.93,
    );
  const raw = sentence.raw;
  switch (need.field) {
    case 'lead': {
      const when = rest.some((other) => other.field === 'dueAt') ? parseWhen(raw, ctx.now, ctx.timeZone) : undefined;
      const who = leadOf(
        (when ? when.rest : raw).replace(/^(?:it is |it's |about |for |with |call |to call |i mean |i meant )+/i, ''),
        ctx,
      );
      if ('missing' in who || 'noName' in who)
        // no name: it may be another request altogether, and to that there is an answer, if only a question of its own
        return isRequest(fresh) && sentence.tokens.length > 1
          ? undefined
          : ask('Which lead? Say its name as it stands in your list.', 0.85, { kind: 'needs', calls, needs });
      if ('among' in who)
        return askWhich(
          'Which one?',
          who.among.slice(0, 10).map((lead) => ({
            label: lead.name,
            note: lead.note,
            calls: calls.map((call) => ({ tool: call.tool, input: { ...call.input, lead: lead.id } })),
          })),
          0.85,
        );
      const named = calls.map((call, i) =>
        need.calls.includes(i)
          ? {
              tool: call.tool,
              input: {
                ...call.input,
                lead: who.ref,
                ...titleWith(call, who.name),
                ...(when && { dueAt: isoIn(when.at, ctx.timeZone) }),
              },
            }
          : call,
      );
      return complete(named, when ? rest.filter((other) => other.field !== 'dueAt') : rest, 0.93);
    }
    case 'dueAt': {
      const when =
        parseWhen(raw, ctx.now, ctx.timeZone) ??
        (/^(?:asap|right away|immediately|now|straight away|soon)$/.test(words)
          ? parseWhen('today', ctx.now, ctx.timeZone)
          : undefined);
      if (when) return set({ dueAt: isoIn(when.at, ctx.timeZone) });
      if (
        /\b(?:no (?:due )?(?:date|deadline|time|reminder)|whenever|any ?time|some ?time|does not matter|do not (?:care|know|mind)|not sure|without(?: a)? date|no rush|none|later|open|undated|eventually|you choose|never mind the date|no need)\b/.test(
          words,
        )
      )
        return set({});
      return sentence.tokens.length <= 8
        ? ask('When exactly? Say a day or a time such as "tomorrow at 9", or "no date".', 0.85, { kind: 'needs', calls, needs })
        : undefined;
    }
    case 'text':
      return set({ text: raw.replace(/^["']|["']$/g, '') });
    case 'title': {
      const when = parseWhen(raw, ctx.now, ctx.timeZone);
      const title = (when ? when.rest : raw).replace(/^(?:to|about|that)\s+/i, '').trim();
      return title === ''
        ? undefined
        : set(
            { title: title.charAt(0).toUpperCase() + title.slice(1), ...(when && { dueAt: isoIn(when.at, ctx.timeZone) }) },
            when ? rest.filter((other) => other.field !== 'dueAt') : rest,
          );
    }
    case 'owner':
      return /^[\p{L} .'-]{1,60}$/u.test(raw)
        ? set({ owner: personOf(raw.replace(/^(?:to|give it to|assign it to)\s+/i, '')) })
        : undefined;
    case 'status': {
      const status = statusOf(words);
      return status
        ? set({ status })
        : ask('Which status: new, contacted, qualified, meeting, nurture, won, lost or disqualified?', 0.85, {
            kind: 'needs',
            calls,
            needs,
          });
    }
    case 'number': {
      const numbered = calls.map((call, i) => (need.calls.includes(i) ? withNumber(call, words) : call));
      return numbered.every((call) => call !== undefined)
        ? complete(numbered, rest, 0.93)
        : ask('Which number from 0 to 100? For example "30".', 0.85, { kind: 'needs', calls, needs });
    }
    case 'phone':
    case 'email':
    case 'website':
    case 'name':
    case 'task':
      return set({ [need.field]: raw.replace(/^(?:it is|it's|called|named)\s+/i, '').replace(/^["']|["']$/g, '') });
  }
};

const isRequest = (fresh: Reading | undefined): boolean =>
  fresh !== undefined &&
  fresh.confidence >= 0.7 &&
  (fresh.kind === 'calls' || (fresh.kind === 'ask' && fresh.pending !== undefined));

/** "Call" becomes "Call Abacus" once the lead is known. */
const titleWith = (call: Call, name: string): Record<string, unknown> => {
  const title = string(call.input['title']);
  if (call.tool !== 'create_task' || title === '') return {};
  const replaced = title.replace(/\b(?:them|it|him|her|that lead|this lead|someone|somebody)\b/i, () => name);
  return { title: replaced !== title ? replaced : `${title} ${name}` };
};
