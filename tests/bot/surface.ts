import type { Card } from '../../src/core/card.ts';
import type { ChatFile, ChatProfile, ChatUser, HomeSection, Place, Said, Sent, Sink, Surface } from '../../src/core/chat.ts';
import { AppError } from '../../src/errors.ts';

/** One message as people see it, with everything that it said before. */
export interface Seen {
  id: string;
  place: Place;
  said: Said;
  before: Said[];
  /** Of an answer that was shown while it was written. */
  stream?: { deltas: string[]; steps: { id: string; title: string; status: string }[]; waits?: boolean };
  at: number;
}

type Act = 'open' | 'send' | 'whisper' | 'update' | 'direct' | 'profile' | 'file' | 'home' | 'finish';

/** A chat surface in memory, with a directory of people and the troubles that surfaces have. What is said there can be looked at. */
export class TestSurface implements Surface {
  readonly id: 'slack' | 'teams';
  readonly findsSaid = false;
  readonly messages: Seen[] = [];
  readonly whispers: { place: Place; to: ChatUser; said: Said }[] = [];
  readonly homes = new Map<string, HomeSection[]>();
  readonly people = new Map<string, ChatProfile>();
  readonly files = new Map<string, string | Uint8Array>();
  /** Streams that were begun and have no end. */
  openStreams = 0;
  readonly closedTo = new Set<string>();
  readonly #failures: { act: Act; error: () => Error; times: number }[] = [];
  readonly #slow = new Map<Act, number>();
  #next = 1;
  readonly onAct: ((act: Act, what: unknown) => void)[] = [];

  constructor(id: 'slack' | 'teams' = 'slack') {
    this.id = id;
  }

  /** The next calls of this kind fail. */
  fail(act: Act, code: 'rate_limited' | 'forbidden' | 'unavailable', times = 1, retryAfterMs = 50): void {
    const error = () =>
      new AppError(code, `The surface says ${code}.`, { ...(code === 'rate_limited' && { details: { retryAfterMs } }) });
    this.#failures.push({ act, error, times });
  }

  slow(act: Act, ms: number): void {
    this.#slow.set(act, ms);
  }

  async open(place: Place, to: ChatUser): Promise<Sink> {
    await this.#act('open', { place, to });
    const stream: NonNullable<Seen['stream']> = { deltas: [], steps: [] };
    let ended: Sent | undefined;
    this.openStreams++;
    return {
      text: (delta) => void (ended || stream.deltas.push(delta)),
      step: (step) => void (ended || stream.steps.push(step)),
      finish: async (said, { waits }) => {
        if (ended) throw new Error('a stream is finished once');
        this.openStreams--;
        await this.#act('finish', { place, said });
        stream.waits = waits;
        ended = this.#keep(place, said, stream);
        return ended;
      },
    };
  }

  async send(place: Place, said: Said): Promise<Sent> {
    await this.#act('send', { place, said });
    return this.#keep(place, said);
  }

  async whisper(place: Place, to: ChatUser, said: Said): Promise<void> {
    await this.#act('whisper', { place, to, said });
    this.whispers.push({ place, to, said });
  }

  async update({ place, messageId }: Sent, said: Said): Promise<void> {
    await this.#act('update', { place, messageId, said });
    const message = this.messages.find(({ id, place: own }) => id === messageId && own.channel === place.channel);
    if (!message) throw new AppError('not_found', 'There is no such message.');
    message.before.push(message.said);
    message.said = said;
  }

  async direct(user: ChatUser): Promise<Place> {
    await this.#act('direct', user);
    return dmOf(user);
  }

  async profile(user: ChatUser): Promise<ChatProfile | undefined> {
    await this.#act('profile', user);
    return this.people.get(user.externalUser);
  }

  async file(_user: ChatUser, { id }: ChatFile): Promise<AsyncIterable<Uint8Array>> {
    await this.#act('file', id);
    const content = this.files.get(id);
    if (content === undefined) throw new AppError('not_found', 'There is no such file.');
    return (async function* () {
      yield typeof content === 'string' ? new TextEncoder().encode(content) : content;
    })();
  }

  async home(user: ChatUser, sections: HomeSection[]): Promise<void> {
    await this.#act('home', user);
    this.homes.set(user.externalUser, sections);
  }

  in(place: Pick<Place, 'channel'>): Seen[] {
    return this.messages.filter((message) => message.place.channel === place.channel);
  }

  #keep(place: Place, said: Said, stream?: Seen['stream']): Sent {
    if (this.closedTo.has(place.channel)) throw new AppError('forbidden', 'We are not in that channel.');
    const id = `m${this.#next++}`;
    this.messages.push({ id, place, said, before: [], at: performance.now(), ...(stream && { stream }) });
    return { place, messageId: id };
  }

  async #act(act: Act, what: unknown): Promise<void> {
    for (const tell of this.onAct) tell(act, what);
    const pause = this.#slow.get(act);
    if (pause) await new Promise((resolve) => setTimeout(resolve, pause));
    const failure = this.#failures.find((one) => one.act === act && one.times > 0);
    if (!failure) return;
    failure.times--;
    throw failure.error();
  }
}

export const dmOf = ({ surface, externalTenant, externalUser }: ChatUser): Place => ({
  surface,
  externalTenant,
  channel: `D-${externalUser}`,
  audience: 'dm',
});

/** All words of a message, as somebody reads it. */
export const wordsOf = ({ text = '', cards, fallback }: Said): string =>
  [text, ...cards.flatMap(cardWords), ...(text || cards.length ? [] : [fallback])].filter(Boolean).join('\n');

const cardWords = ({ title, blocks }: Card): string[] => [
  title ?? '',
  ...blocks.flatMap((block): string[] => {
    switch (block.type) {
      case 'text':
      case 'notice':
        return [block.text];
      case 'fields':
        return block.fields.map(({ label, value }) => `${label}: ${value}`);
      case 'table':
        return block.rows.map((row) => row.join(' | '));
      case 'approval': {
        const { title: what, asked, outcome, receipt, problem } = block.approval;
        return [what, asked, outcome ?? '', receipt ?? '', problem ?? ''];
      }
      case 'choices':
        return [block.question, ...block.choices.map(({ label }) => label)];
      default:
        return [];
    }
  }),
];

/** Buttons of a message by their label. */
export function buttonsOf({ cards }: Said): Record<string, string> {
  const all = cards.flatMap(({ blocks }) =>
    blocks.flatMap((block) =>
      block.type === 'actions'
        ? block.buttons
        : block.type === 'approval'
          ? block.approval.buttons
          : block.type === 'choices'
            ? block.choices.flatMap(({ label, token }) => (token ? [{ label, token }] : []))
            : block.type === 'feedback'
              ? [{ label: 'feedback', token: block.token }]
              : [],
    ),
  );
  return Object.fromEntries(all.map(({ label, token }) => [label, token]));
}
