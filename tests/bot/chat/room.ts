import { setTimeout as sleep } from 'node:timers/promises';
import type { App, BuildOptions } from '../../../src/app.ts';
import type { Actor, Role } from '../../../src/core/actor.ts';
import type { ChatFile, ChatUser, Inbound, Place } from '../../../src/core/chat.ts';
import type { Proposal } from '../../../src/core/proposal.ts';
import { createLog } from '../../../src/log.ts';
import { openWorld, type World } from '../../world.ts';
import { buttonsOf, dmOf, type Seen, TestSurface, wordsOf } from '../surface.ts';

export interface Person {
  user: ChatUser;
  actor: Actor;
  dm: Place;
}

export interface SayOptions {
  place?: Place;
  messageId?: string;
  at?: Date;
  key?: string;
  files?: ChatFile[];
  outside?: string;
  alone?: boolean;
  /** The process that hears it. */
  app?: App;
}

/** The product with a chat surface, and people on it. */
export interface Room extends World {
  surface: TestSurface;
  /** Somebody with an account of ours whom the surface knows by a verified e-mail address. */
  member(handle: string, role?: Role): Promise<Person>;
  say(person: Person | ChatUser, text: string, options?: SayOptions): Promise<{ messageId: string; kept: 'new' | 'seen' }>;
  edit(person: Person, messageId: string, text: string, place?: Place): Promise<void>;
  remove(person: Person, messageId: string, place?: Place): Promise<void>;
  stop(person: Person, place?: Place): Promise<void>;
  press(
    person: Person | ChatUser,
    token: string,
    message?: Seen,
    values?: Record<string, string>,
    app?: App,
  ): Promise<Awaited<ReturnType<App['chat']['presses']['press']>>>;
  /** Waits until nothing waits any more. */
  settled(ms?: number): Promise<void>;
  until<T>(look: () => T | undefined | false | Promise<T | undefined | false>, what?: string): Promise<T>;
  propose(person: Person, tool: string, input: Record<string, unknown>): Promise<Proposal>;
  proposal(id: string): Promise<Proposal>;
}

export const channel = (name: string, audience: Place['audience'] = 'public_channel', thread?: string): Place => ({
  surface: 'slack',
  externalTenant: 'T1',
  channel: name,
  audience,
  ...(thread && { thread }),
});

let clock = Date.parse('2026-11-20T10:00:00Z');
/** Moments as a surface gives them: each after the one before. */
export function nextMoment(): Date {
  clock += 7;
  return new Date(clock);
}

export async function openRoom({
  others = [],
  ...options
}: Partial<BuildOptions> & { env?: Record<string, string>; others?: TestSurface[] } = {}): Promise<Room> {
  const surface = new TestSurface();
  const surfaces = [surface, ...others];
  const world = await openWorld({ surfaces, ...(process.env['CHAT_LOG'] && { log: createLog('debug') }), ...options });
  let count = 0;
  const send = (inbound: Inbound, app: App = world) => app.chat.hear(inbound);
  const userOf = (who: Person | ChatUser): ChatUser => ('user' in who ? who.user : who);
  const where = (who: Person | ChatUser, place?: Place): Place => place ?? dmOf(userOf(who));
  const room: Room = {
    ...world,
    surface,
    async member(handle, role = 'rep') {
      const actor: Actor = { ...(await world.person(handle, role)), surface: 'slack' };
      const email = `${handle}@example.test`;
      await world.database.pool.query('UPDATE users SET email = $2 WHERE id = $1', [actor.userId, email]);
      const user = stranger(handle);
      surface.people.set(user.externalUser, { name: handle, email, outsider: false });
      return { user, actor, dm: dmOf(user) };
    },
    async say(who, text, { place, messageId = `q${++count}`, at = nextMoment(), key, files = [], outside, alone, app } = {}) {
      const user = userOf(who);
      const kept = await send(
        {
          kind: 'message',
          key: key ?? `message:${messageId}`,
          user,
          place: where(who, place),
          at: at.toISOString(),
          messageId,
          text,
          files,
          ...(outside && { outside }),
          ...(alone && { alone }),
        },
        app,
      );
      return { messageId, kept };
    },
    async edit(who, messageId, text, place) {
      await send({
        kind: 'edited',
        key: `edit:${++count}`,
        user: who.user,
        place: where(who, place),
        at: nextMoment().toISOString(),
        messageId,
        text,
      });
    },
    async remove(who, messageId, place) {
      await send({
        kind: 'deleted',
        key: `delete:${++count}`,
        user: who.user,
        place: where(who, place),
        at: nextMoment().toISOString(),
        messageId,
      });
    },
    async stop(who, place) {
      await send({
        kind: 'stop',
        key: `stop:${++count}`,
        user: who.user,
        place: where(who, place),
        at: nextMoment().toISOString(),
      });
    },
    press: (who, token, message, values = {}, app: App = world) =>
      app.chat.presses.press(
        token,
        userOf(who),
        { place: message?.place ?? dmOf(userOf(who)), ...(message && { messageId: message.id }) },
        values,
      ),
    async until(look, what = 'what was waited for') {
      const deadline = performance.now() + 40_000;
      for (;;) {
        const found = await look();
        if (found) return found;
        if (performance.now() > deadline)
          throw new Error(
            `${what} did not come; said so far:\n${surface.messages.map(({ said }) => wordsOf(said)).join('\n---\n')}`,
          );
        await sleep(25);
      }
    },
    async settled(ms = 40_000) {
      const deadline = performance.now() + ms;
      for (;;) {
        const { rows } = await world.database.pool.query<{ busy: string }>(
          `SELECT 'inbox ' || kind AS busy FROM inbox WHERE done_at IS NULL
           UNION ALL SELECT 'outbox ' || kind || state FROM outbox WHERE state IN ('waiting', 'started') AND order_at <= now() + interval '1 minute'
           UNION ALL SELECT 'job ' || task_identifier FROM graphile_worker.jobs
             WHERE task_identifier IN ('chat', 'cards', 'proposal', 'brief', 'home') AND run_at <= now() + interval '1 minute' AND attempts < max_attempts`,
        );
        if (!rows.length) return;
        if (performance.now() > deadline) throw new Error(`still busy: ${rows.map(({ busy }) => busy).join(', ')}`);
        await sleep(25);
      }
    },
    async propose({ actor }, tool, input) {
      const outcome = await world.gate.call(tool, input, { actor, by: 'person' }, { propose: true });
      if (outcome.status !== 'pending_approval') throw new Error(`expected a proposal, got ${outcome.status}`);
      return outcome.proposal;
    },
    async proposal(id) {
      return (await world.deps.db.records({ ...world.owner }).proposals.get(id))!;
    },
  };
  return room;
}

/** Somebody of the surface, known to us or not. */
export const stranger = (name: string): ChatUser => ({ surface: 'slack', externalTenant: 'T1', externalUser: `U-${name}` });

/** The messages that show this proposal. */
export const cardsOf = (surface: TestSurface, proposalId: string): Seen[] =>
  surface.messages.filter(({ said }) =>
    said.cards.some(({ blocks }) => blocks.some((block) => block.type === 'approval' && block.approval.id === proposalId)),
  );

export { buttonsOf, wordsOf };
