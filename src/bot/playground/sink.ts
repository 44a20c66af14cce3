import type { Place, Said, Sent, Sink } from '../../core/chat.ts';
import type { PlaygroundContent, PlaygroundMessages } from '../../core/playground.ts';
import type { Log } from '../../log.ts';

/** About as often as a screen can be read. */
const flushEveryMs = 80;
/** Well within the time after which somebody who writes counts as gone. */
const sayAgainMs = 5000;

/** An answer while it is being written: one row that grows. */
export class PlaygroundSink implements Sink {
  readonly #messages: PlaygroundMessages;
  readonly #sent: Sent;
  readonly #log: Log;
  readonly #steps = new Map<string, Parameters<Sink['step']>[0]>();
  readonly #again: NodeJS.Timeout;
  #text = '';
  #ended = false;
  #timer: NodeJS.Timeout | undefined;
  #work: Promise<void> = Promise.resolve();

  static async begin(messages: PlaygroundMessages, place: Place, log: Log): Promise<PlaygroundSink> {
    const row = await messages.add(place.channel, { speaker: 'assistant', content: { said: nothingYet }, writing: true });
    return new PlaygroundSink(messages, { place, messageId: row.id }, log);
  }

  /** In the row of an answer that was said: it is empty until the new one has words. */
  static async again(messages: PlaygroundMessages, sent: Sent, log: Log): Promise<PlaygroundSink> {
    await messages.write(sent.place.channel, sent.messageId, { said: nothingYet }, { writing: true });
    return new PlaygroundSink(messages, sent, log);
  }

  private constructor(messages: PlaygroundMessages, sent: Sent, log: Log) {
    this.#messages = messages;
    this.#sent = sent;
    this.#log = log;
    this.#again = setInterval(() => this.#soon(), sayAgainMs);
  }

  text(delta: string): void {
    if (this.#ended) return;
    this.#text += delta;
    this.#soon();
  }

  step(step: Parameters<Sink['step']>[0]): void {
    if (this.#ended) return;
    this.#steps.set(step.id, step);
    this.#soon();
  }

  async finish(said: Said, { id }: { id?: string } = {}): Promise<Sent> {
    this.#ended = true;
    clearInterval(this.#again);
    clearTimeout(this.#timer);
    await this.#work;
    // false when its reader cleared it away meanwhile: then nobody wants to see it
    await this.#write({ said }, { writing: false, ...(id && { key: id }) });
    return this.#sent;
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#work = this.#work.then(() => this.#flush());
    }, flushEveryMs);
  }

  async #flush(): Promise<void> {
    if (this.#ended) return;
    try {
      await this.#write({ said: { ...nothingYet, text: this.#text } }, { writing: true });
    } catch (error) {
      // what is missed now comes with the next
      this.#log.debug({ err: error }, 'an answer was not shown while it is written');
    }
  }

  #write(content: PlaygroundContent, how: { writing: boolean; key?: string }): Promise<boolean> {
    const steps = [...this.#steps.values()];
    const { place, messageId } = this.#sent;
    return this.#messages.write(place.channel, messageId, { ...content, ...(steps.length && { steps }) }, how);
  }
}

const nothingYet: Said = { cards: [], fallback: '' };
