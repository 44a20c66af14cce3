import { z } from 'zod';
import type { ChatUser, Said } from '../../core/chat.ts';
import { publicError } from '../../errors.ts';
import { cutText } from '../cards/safe-text.ts';
import { renderTeams } from '../cards/teams.ts';
import { teamsForm, teamsValues } from '../cards/teams-form.ts';
import type { PressAnswer, Pressed } from '../presses-port.ts';
import type { Activity } from './activity.ts';
import { noteReach } from './heard.ts';
import { keyOf, placeOf } from './normalise.ts';
import type { TeamsParts } from './parts.ts';
import { namedIn } from './posts.ts';

/** What Teams is told that waits for an answer. */
export interface InvokeAnswer {
  status: number;
  body?: unknown;
}

/** The answer to a press, inside of that. */
export type CardAnswer =
  | { statusCode: 200; type: 'application/vnd.microsoft.card.adaptive'; value: unknown }
  | { statusCode: 200; type: 'application/vnd.microsoft.activity.message'; value: string }
  | { statusCode: 400 | 403; type: 'application/vnd.microsoft.error'; value: { code: string; message: string } };

const token = z.string().regex(/^[\w-]{22}$/);
const action = z.object({
  action: z.object({ verb: z.string().max(100), data: z.record(z.string(), z.unknown()).nullish() }),
  trigger: z.string().nullish(),
});
const feedback = z.object({
  actionName: z.literal('feedback'),
  actionValue: z.object({ reaction: z.enum(['like', 'dislike']), feedback: z.string().max(20_000).nullish() }),
});

/** Teams waits some fifteen seconds. */
const quickMs = 9000;

const told = (value: string): CardAnswer => ({ statusCode: 200, type: 'application/vnd.microsoft.activity.message', value });
const shown = (value: unknown): CardAnswer => ({ statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value });
const refused = (statusCode: 400 | 403, message: string): CardAnswer => ({
  statusCode,
  type: 'application/vnd.microsoft.error',
  value: { code: statusCode === 403 ? 'Forbidden' : 'BadRequest', message },
});

/** Answers what Teams waits for; nothing for kinds that we do not know. */
export async function onInvoke(activity: Activity, parts: TeamsParts): Promise<InvokeAnswer | undefined> {
  if (activity.name === 'adaptiveCard/action')
    return { status: 200, body: await once(activity, parts, () => onAction(activity, parts)) };
  if (activity.name === 'message/submitAction') return onFeedback(activity, parts);
  return undefined;
}

/** Answers that were given lately: Teams asks again where it did not hear one, and one press is one press. */
const keptMs = 10 * 60_000;
const mostKept = 1000;
const given = new WeakMap<TeamsParts, Map<string, { at: number; answer: Promise<CardAnswer> }>>();

function once(activity: Activity, parts: TeamsParts, work: () => Promise<CardAnswer>): Promise<CardAnswer> {
  const kept = given.get(parts) ?? new Map<string, { at: number; answer: Promise<CardAnswer> }>();
  given.set(parts, kept);
  const key =
    activity.id && keyOf(placeOf(activity)?.externalTenant ?? '', activity.conversation.id, activity.from.id, activity.id);
  const before = key ? kept.get(key) : undefined;
  if (before && Date.now() - before.at < keptMs) return before.answer;
  const answer = inTime(work(), parts);
  if (!key) return answer;
  for (const [old, { at }] of kept) {
    if (kept.size < mostKept && Date.now() - at < keptMs) break;
    kept.delete(old);
  }
  kept.set(key, { at: Date.now(), answer });
  return answer;
}

async function inTime(work: Promise<CardAnswer>, parts: TeamsParts): Promise<CardAnswer> {
  const safe = work.catch((error) => {
    const { code, message } = publicError(error);
    if (code === 'internal') parts.log.error({ err: error }, 'a press in Teams failed');
    return told(message);
  });
  parts.afterwards('a press in Teams', safe);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<CardAnswer>((resolve) => {
    timer = setTimeout(() => resolve(told('This takes a moment; the card shows what came of it.')), quickMs);
  });
  return Promise.race([safe, late]).finally(() => clearTimeout(timer));
}

async function onAction(activity: Activity, parts: TeamsParts): Promise<CardAnswer> {
  const parsed = action.safeParse(activity.value);
  const place = placeOf(activity);
  if (!parsed.success || !place) return refused(400, 'This is no button of Sales Agent.');
  const { verb, data } = parsed.data.action;
  const who: ChatUser = { surface: 'teams', externalTenant: place.externalTenant, externalUser: activity.from.id };
  const where: Pressed = { place, ...(activity.replyToId && { messageId: activity.replyToId }) };
  // whoever presses may never have said anything
  await noteReach(activity, place, parts);
  const { token: pressed, proposal, ...typed } = data ?? {};
  const given = token.safeParse(verb === 'look' ? proposal : pressed);
  if (!given.success) return refused(400, 'This is no button of Sales Agent.');
  if (verb === 'look') return look(given.data, who, where, parts, parsed.data.trigger === 'automatic');
  if (verb === 'press') return press(given.data, who, where, teamsValues(textsOf(typed)), parts);
  return refused(400, 'This is no button of Sales Agent.');
}

/** What was typed; inputs send texts, and nothing else is one. */
const textsOf = (data: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(data).flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [[name, String(value)]] : [],
    ),
  );

async function press(
  given: string,
  who: ChatUser,
  where: Pressed,
  values: Record<string, string>,
  parts: TeamsParts,
): Promise<CardAnswer> {
  const answer = await parts.presses.press(given, who, where, values);
  const form = answer.modal ?? (await formAgain(answer, given, who, where, parts));
  if (form) return shown(teamsForm(form, answer.problems, answer.problems ? values : {}));
  if (answer.whisper) return told(wordsOf(answer.whisper));
  if (answer.problems) return told(Object.values(answer.problems).join(' '));
  // all went well, and the card tells what came of it
  return look(given, who, where, parts, false, 'On it.');
}

/** A form stays open while something in it is wrong: it is drawn anew. */
async function formAgain({ problems }: PressAnswer, given: string, who: ChatUser, where: Pressed, { presses }: TeamsParts) {
  return problems && Object.keys(problems).length ? (await presses.press(given, who, where, {})).modal : undefined;
}

/** The card of a proposal as this person may see it: with its buttons for those who may decide. */
async function look(
  given: string,
  who: ChatUser,
  { place }: Pressed,
  parts: TeamsParts,
  automatic: boolean,
  otherwise?: string,
): Promise<CardAnswer> {
  const looked = await parts.looks.look(given, who);
  if ('none' in looked) return automatic ? refused(403, looked.none) : told(otherwise ?? looked.none);
  const { said, decides } = looked;
  const id = said.cards.flatMap(({ blocks }) =>
    blocks.flatMap((block) => (block.type === 'approval' ? block.approval.id : [])),
  )[0];
  const userIds = place.audience === 'dm' || !id ? [] : namedIn(place.externalTenant, await parts.looks.deciders(id));
  const messages = renderTeams(said, place.audience === 'dm' ? {} : { refresh: { userIds, mine: decides } });
  const card = (messages.find(({ proposalId }) => proposalId) ?? messages[0])?.card;
  return card ? shown(card) : told(otherwise ?? said.fallback);
}

const wordsOf = ({ text, fallback }: Said): string => cutText((text ?? fallback).toWellFormed(), 1000);

/** Thumbs below an answer; Teams names the message, and perhaps a few words. */
async function onFeedback(activity: Activity, parts: TeamsParts): Promise<InvokeAnswer> {
  const parsed = feedback.safeParse(activity.value);
  const place = placeOf(activity);
  const messageId = activity.replyToId;
  if (!parsed.success || !place || !messageId)
    return { status: 400, body: { error: { code: 'BadRequest', message: 'This is no vote on an answer of Sales Agent.' } } };
  const about = await parts.references.votable({ place, messageId });
  if (about) {
    const { reaction, feedback: text } = parsed.data.actionValue;
    const who: ChatUser = { surface: 'teams', externalTenant: place.externalTenant, externalUser: activity.from.id };
    const ticket = await parts.tokens.make({ kind: 'vote', ...about }, 1);
    const comment = commentIn(text);
    const vote = reaction === 'like' ? 'up' : 'down';
    await parts.presses.press(ticket, who, { place, messageId }, { vote, ...(comment && { comment }) });
  }
  return { status: 200, body: {} };
}

/** JSON in a text, with one field. */
function commentIn(text: string | null | undefined): string {
  if (!text) return '';
  try {
    const { feedbackText } = JSON.parse(text) as { feedbackText?: unknown };
    return typeof feedbackText === 'string' ? feedbackText : '';
  } catch {
    return text;
  }
}
