import type { Actor } from '../../core/actor.ts';
import { type Brief, briefAt, dayAt } from '../../core/briefs.ts';
import type { Card } from '../../core/card.ts';
import type { ChatUser, Said } from '../../core/chat.ts';
import { localDay } from '../../core/preferences.ts';
import { formatWhen } from '../../core/when.ts';
import { type ChatParts, everyone, recordsOf } from './parts.ts';
import { reachOf } from './readers.ts';
import { receiptCard } from './said.ts';
import { spentLine } from './spent.ts';
import { actorFor, hasMoved } from './who.ts';

const shown = 5;
const shownReceipts = 10;
const lessHours = 7 * 24;

/** The job `brief`: tells people of their day where it is morning or evening there, once, and nothing where there is nothing to tell. */
export async function workBriefs(parts: ChatParts): Promise<void> {
  const now = parts.gate.deps.now();
  for (const { id, demo, disabled } of await everyone(parts).users.list()) {
    if (demo || disabled) continue;
    const [to] = await reachOf(parts, id);
    if (!to) continue;
    await brief(parts, id, to, now).catch((error) =>
      // one person's trouble is not another's
      parts.gate.deps.log.warn({ err: error, userId: id }, 'somebody was not told of their day'),
    );
  }
}

async function brief(parts: ChatParts, userId: string, to: ChatUser, now: Date): Promise<void> {
  const { preferences, outbox } = parts.store;
  const timeZone = await preferences.timeZone(userId);
  const kind = briefAt(now, timeZone);
  if (!kind || (await preferences.of(userId)).muted.includes(kind)) return;
  const day = `${kind}:${localDay(now, timeZone)}`;
  const key = `brief:${userId}:${day}`;
  if (await outbox.has(key)) return;
  const known = await actorFor(parts, to, userId);
  if (!('actor' in known)) return;
  const cards = await cardsOf[kind](parts, known.actor, now);
  // whoever went elsewhere is told when it is time there
  if (!cards.length || (await hasMoved(parts, to, userId))) return;
  if (!(await preferences.maySpeak(userId, now, { kind, key: day })).may) return;
  const said = await withLess(parts, kind, { cards, fallback: titles[kind] });
  await outbox.put(key, { kind: 'direct', to, said, unasked: true });
}

const titles: Record<Brief, string> = { morning: 'Your day', evening: 'What I did for you today' };

async function withLess({ store: { tokens } }: ChatParts, kind: Brief, said: Said): Promise<Said> {
  const token = await tokens.make({ kind: 'prefer', preference: 'mute', value: kind }, lessHours);
  return { ...said, cards: [...said.cards, { blocks: [{ type: 'actions', buttons: [{ label: 'Less like this', token }] }] }] };
}

const cardsOf: Record<Brief, (parts: ChatParts, actor: Actor, now: Date) => Promise<Card[]>> = { morning, evening };

async function morning(parts: ChatParts, actor: Actor, now: Date): Promise<Card[]> {
  const { tasks, proposals, leads } = recordsOf(parts, actor);
  const { userId, role, timeZone } = actor;
  const due = await tasks.list({ assigneeId: userId, status: 'open', dueBefore: dayAt(now, timeZone).until }, shown);
  const waiting = await proposals.list({ status: 'pending', decidableBy: { userId, role }, limit: shown });
  const best = await leads.search(
    { notContactedDays: 0, tier: ['PLATINUM', 'GOLD'], status: ['new'] },
    { sort: 'score', limit: 4 * shown },
  );
  const untouched = best.items.filter((lead) => !lead.demo && (lead.ownerId === null || lead.ownerId === userId)).slice(0, shown);
  const cards: Card[] = [];
  if (due.total)
    cards.push(
      table(
        'Due today',
        ['Task', 'Lead', 'Due'],
        due.items.map(({ title, leadName, dueAt }) => [title, leadName ?? '', dueAt ? formatWhen(dueAt, now, timeZone) : '']),
        due.total,
      ),
    );
  if (waiting.total)
    cards.push(
      table(
        'Waiting for your decision',
        ['What', 'Until'],
        waiting.items.map(({ title, expiresAt }) => [title, formatWhen(expiresAt, now, timeZone)]),
        waiting.total,
      ),
    );
  if (untouched.length)
    cards.push(
      table(
        'Best leads that nobody has contacted',
        ['Lead', 'Tier', 'Score'],
        untouched.map(({ name, tier, score }) => [name, tier, score.toFixed(1)]),
        untouched.length,
      ),
    );
  return cards.length ? [{ title: titles.morning, blocks: [] }, ...cards] : [];
}

async function evening(parts: ChatParts, actor: Actor, now: Date): Promise<Card[]> {
  const { receipts } = recordsOf(parts, actor);
  const { from } = dayAt(now, actor.timeZone);
  const mine = await receipts.list({ userId: actor.userId, limit: 100 });
  const today = mine.filter(({ createdAt, undoOfId, undoneById }) => createdAt >= from && !undoOfId && !undoneById);
  const done = await receiptCard(parts, today.slice(0, shownReceipts));
  if (!done) return [];
  const more = today.length - shownReceipts;
  const end = [...(more > 0 ? [`and ${more} more`] : []), await spentLine(parts, actor, now)].join('\n');
  return [{ ...done, title: titles.evening }, { blocks: [{ type: 'text', text: end }] }];
}

const table = (title: string, columns: string[], rows: string[][], total: number): Card => ({
  title,
  blocks: [{ type: 'table', columns, rows, ...(total > rows.length && { note: `${rows.length} of ${total}` }) }],
});
