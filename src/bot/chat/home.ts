import type { Actor } from '../../core/actor.ts';
import type { Button, Card } from '../../core/card.ts';
import type { ChatUser, HomeSection } from '../../core/chat.ts';
import { messageOf } from '../../errors.ts';
import type { Homes } from '../presses-port.ts';
import { approvalCard } from './approval-cards.ts';
import { type ChatParts, recordsOf, surfaceOf } from './parts.ts';
import { noticeKinds, quietChoices, quietWords } from './prefer.ts';
import { receiptCard } from './said.ts';
import { spentLine } from './spent.ts';
import { toldStrangers, whoIs } from './who.ts';

const shownProposals = 5;
const shownReceipts = 5;
const buttonHours = 14 * 24;

/** What somebody's home shows: what waits for them, what was done, how their deals stand, what it cost, and what they want to hear of. */
export const createHomes = (parts: ChatParts): Homes => ({
  async sections(user) {
    const known = await whoIs(parts, user);
    if ('stranger' in known) return [{ title: 'Sales Agent', cards: [text(toldStrangers[known.stranger])] }];
    const { actor } = known;
    return [
      { title: 'Waiting for you', cards: await waiting(parts, actor) },
      { title: 'What I did', cards: await done(parts, actor) },
      ...(await pipeline(parts, actor)),
      { title: 'Today', cards: [text(await spentLine(parts, actor, parts.gate.deps.now()))] },
      { title: 'What you hear from me', cards: [await hearing(parts, actor)] },
    ];
  },
});

/** Draws somebody's home anew, where the surface has one. */
export async function refreshHome(parts: ChatParts, user: ChatUser): Promise<void> {
  const surface = surfaceOf(parts, user.surface);
  if (!surface.home) return;
  try {
    await surface.home(user, await createHomes(parts).sections(user));
  } catch (error) {
    // it is drawn anew whenever it is opened
    parts.gate.deps.log.debug({ err: error }, 'a home was not drawn anew');
  }
}

async function waiting(parts: ChatParts, actor: Actor): Promise<Card[]> {
  const { userId, role } = actor;
  const { items, total } = await recordsOf(parts, actor).proposals.list({
    status: 'pending',
    decidableBy: { userId, role },
    limit: shownProposals,
  });
  const cards = await Promise.all(items.map((proposal) => approvalCard(parts, proposal, actor)));
  if (!total) return [text('Nothing waits for your decision.')];
  return total > items.length ? [...cards, text(`and ${total - items.length} more: say "what is pending?"`)] : cards;
}

async function done(parts: ChatParts, actor: Actor): Promise<Card[]> {
  const receipts = await recordsOf(parts, actor).receipts.list({ userId: actor.userId, limit: shownReceipts });
  const cards = await Promise.all(receipts.map((receipt) => receiptCard(parts, [receipt])));
  const shown = cards.filter((card) => card !== undefined);
  return shown.length ? shown : [text('Nothing yet.')];
}

/** A strip of the deals, where there is a tool that lists them. */
async function pipeline(parts: ChatParts, actor: Actor): Promise<HomeSection[]> {
  const tool = parts.gate.catalog.get('list_deals');
  if (!tool) return [];
  try {
    const outcome = await parts.gate.call('list_deals', {}, { actor, by: 'person' });
    const clock = { now: parts.gate.deps.now(), timeZone: actor.timeZone };
    const card = outcome.status === 'done' ? tool.card?.(outcome.result, clock) : undefined;
    return card ? [{ title: 'Pipeline', cards: [card] }] : [];
  } catch (error) {
    return [{ title: 'Pipeline', cards: [text(`Not to be had right now: ${messageOf(error)}`)] }];
  }
}

async function hearing({ store: { preferences, tokens } }: ChatParts, { userId }: Actor): Promise<Card> {
  const { muted, quiet } = await preferences.of(userId);
  const buttons: Button[] = [];
  const add = async (label: string, preference: 'mute' | 'unmute' | 'quiet', value: string) =>
    buttons.push({ label, token: await tokens.make({ kind: 'prefer', preference, value }, buttonHours) });
  for (const [kind, words] of Object.entries(noticeKinds))
    await (muted.includes(kind) ? add(`Send ${words}`, 'unmute', kind) : add(`Stop ${words}`, 'mute', kind));
  for (const [label, choice] of Object.entries(quietChoices))
    if (quietWords(choice) !== quietWords(quiet)) await add(label, 'quiet', label);
  return {
    blocks: [
      { type: 'text', text: `${quietWords(quiet)} At most three messages a day that you did not ask for.` },
      { type: 'actions', buttons },
    ],
  };
}

const text = (words: string): Card => ({ blocks: [{ type: 'text', text: words }] });
