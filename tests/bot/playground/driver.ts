import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { BuildOptions } from '../../../src/app.ts';
import type { Shown } from '../../../src/bot/playground/shown.ts';
import { type Answer, ask, serve } from '../../api/client.ts';
import { openWorld, type World } from '../../world.ts';
import { buttonsOf, wordsOf } from '../surface.ts';

export interface Playground {
  world: World;
  server: FastifyInstance;
  url: string;
  /** Somebody at the page: whoever is at the machine, or whom they act as. */
  page(as?: string, more?: { url?: string; key?: string; lastEventId?: string }): Page;
  /** The same product served by a second process's worth of it. */
  elsewhere(options?: Partial<BuildOptions>): Promise<string>;
  close(): Promise<void>;
}

/** The whole product with its playground, behind real HTTP. */
export async function openPlayground(
  options: Partial<BuildOptions> & { env?: Record<string, string> } = {},
): Promise<Playground> {
  const world = await openWorld({ ...options, env: { PLAYGROUND: 'on', ...options.env } });
  const { server, url } = await serve(world);
  const servers = [server];
  const pages: Page[] = [];
  return {
    world,
    server,
    url,
    page(as, more = {}) {
      const page = new Page(more.url ?? url, as, more);
      pages.push(page);
      return page;
    },
    async elsewhere(more) {
      const other = await serve(await world.second(more));
      servers.push(other.server);
      return other.url;
    },
    async close() {
      for (const page of pages) page.leave();
      for (const one of servers) await one.close();
      await world.close();
    },
  };
}

/** A browser window, as far as the server knows: it asks, and listens to one stream of events. */
export class Page {
  readonly #url: string;
  readonly #headers: Record<string, string>;
  readonly #gone = new AbortController();
  readonly shown = new Map<string, Shown>();
  readonly changes: { queue: boolean; receipts: boolean }[] = [];
  /** Every state of every message, as it came. */
  readonly heard: Shown[] = [];
  lastEventId: string | undefined;
  ready = 0;
  ended = false;
  status = 0;
  #listening: Promise<void> | undefined;

  constructor(url: string, as: string | undefined, { key, lastEventId }: { key?: string; lastEventId?: string } = {}) {
    this.#url = url;
    this.#headers = { ...(as && { 'x-act-as': as }), ...(key && { authorization: `Bearer ${key}` }) };
    this.lastEventId = lastEventId;
  }

  ask(method: string, path: string, body?: unknown): Promise<Answer> {
    return ask(this.#url, method, path, { headers: this.#headers, ...(body !== undefined && { body }) });
  }

  say(
    text: string,
    key: string = randomUUID(),
    files: { uploadId: string; name: string; bytes: number }[] = [],
  ): Promise<Answer> {
    return this.ask('POST', '/playground/messages', { key, text, ...(files.length && { files }) });
  }

  async press(label: string, message: Shown, values: Record<string, string> = {}): Promise<Answer> {
    const token = buttonsOf(message.said!)[label];
    if (!token) throw new Error(`no button "${label}" among ${Object.keys(buttonsOf(message.said!)).join(', ')}`);
    return this.ask('POST', '/playground/press', { token, messageId: message.id, values });
  }

  /** Opens the stream, and waits until it has told everything so far. */
  async listen(): Promise<this> {
    const { headers } = { headers: { ...this.#headers, ...(this.lastEventId && { 'last-event-id': this.lastEventId }) } };
    const response = await fetch(`${this.#url}/playground/events`, { headers, signal: this.#gone.signal });
    this.status = response.status;
    if (!response.ok) throw new Error(`the stream answered ${response.status}: ${await response.text()}`);
    this.#listening = this.#read(response.body!).catch(() => undefined);
    if (!this.lastEventId) await this.until(() => this.ready > 0, 'ready');
    return this;
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    let rest = '';
    for await (const chunk of body.pipeThrough(new TextDecoderStream() as never) as unknown as AsyncIterable<string>) {
      rest += chunk;
      for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
        const lines = rest.slice(0, end).split('\n');
        rest = rest.slice(end + 2);
        const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
        if (field('event')) this.#hear(field('event')!, field('id')!, JSON.parse(field('data')!));
      }
    }
    this.ended = true;
  }

  #hear(event: string, id: string, data: unknown): void {
    this.lastEventId = id;
    if (event === 'ready') this.ready++;
    else if (event === 'changed') this.changes.push(data as never);
    else if (event === 'gone') this.shown.delete((data as Shown).id);
    else {
      this.heard.push(data as Shown);
      this.shown.set((data as Shown).id, data as Shown);
    }
  }

  /** What the page shows, in the order it was said. */
  get messages(): Shown[] {
    return [...this.shown.values()].sort((a, b) => Number(a.id) - Number(b.id));
  }

  get answers(): Shown[] {
    return this.messages.filter(({ from, writing }) => from === 'assistant' && !writing);
  }

  get words(): string[] {
    return this.messages.map(({ text, said }) => (said ? wordsOf(said) : (text ?? '')));
  }

  async until<T>(look: () => T | undefined | false | Promise<T | undefined | false>, what = 'what was waited for'): Promise<T> {
    const end = performance.now() + 40_000;
    for (;;) {
      const found = await look();
      if (found) return found;
      if (performance.now() > end) throw new Error(`${what} did not come; the page shows:\n${this.words.join('\n---\n')}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** The answer to the last question, once it is whole. */
  async answered(matching = /./): Promise<Shown> {
    return this.until(() => {
      const mine = this.messages.filter(({ from }) => from === 'you').at(-1);
      return this.answers.find(({ id, said }) => Number(id) > Number(mine?.id ?? 0) && matching.test(wordsOf(said!)));
    }, `an answer that says ${matching}`);
  }

  async card(proposalId?: string): Promise<Shown> {
    return this.until(
      () => this.answers.find((one) => one.proposalId && (!proposalId || one.proposalId === proposalId)),
      'a card to decide on',
    );
  }

  /** Cuts the connection, as a closed lid does. */
  leave(): void {
    this.#gone.abort();
    void this.#listening;
  }
}

export const stateOf = ({ said }: Shown): string | undefined => {
  for (const { blocks } of said?.cards ?? [])
    for (const block of blocks) if (block.type === 'approval') return block.approval.state;
  return undefined;
};
