import type { Converser } from '../../agents/converse.ts';
import type { Actor } from '../../core/actor.ts';
import type { Card } from '../../core/card.ts';
import type { Reply, TurnEvent } from '../../core/conversation.ts';
import { compareUsd } from '../../core/money.ts';
import type { Proposal } from '../../core/proposal.ts';
import type { Records } from '../../core/records.ts';
import { untold } from '../cards/untold.ts';
import { receiptLine } from './receipt-line.ts';
import type { Screen } from './screen.ts';
import { clean, oneLine } from './text.ts';

export interface Talk {
  converser: Pick<Converser, 'open' | 'say'>;
  actor: Actor;
  records: Pick<Records, 'conversations'>;
  screen: Screen;
}

/** How a turn ended; without a reply it failed or was stopped. */
export interface TurnEnd {
  reply?: Reply;
  error?: { code: string; message: string };
  proposals: Proposal[];
}

/** Says something and draws the answer as it comes. Ctrl-C stops the turn. */
export async function showTurn(talk: Talk, conversationId: string, text: string): Promise<TurnEnd> {
  const drawing = new Drawing(talk.screen);
  return takeTurn(talk, conversationId, text, (event) => drawing.event(event));
}

/** Says something and gives every event of the answer to `on`. */
export async function takeTurn(
  { converser, actor, records, screen }: Talk,
  conversationId: string,
  text: string,
  on: (event: TurnEvent) => void,
): Promise<TurnEnd> {
  const stop = new AbortController();
  const off = screen.onInterrupt(() => {
    stop.abort();
    // the row too: whoever else watches this turn sees it end. Nothing to do when it has ended already.
    void records.conversations.stopTurn(conversationId).catch(() => undefined);
  });
  const end: TurnEnd = { proposals: [] };
  try {
    const { events } = await converser.say({ actor, conversationId, text, signal: stop.signal });
    for await (const event of events) {
      on(event);
      if (event.type === 'proposal') end.proposals.push(event.proposal);
      if (event.type === 'done') end.reply = event.reply;
      if (event.type === 'error') end.error = event;
    }
    return end;
  } finally {
    off();
  }
}

/** Text as it streams, one line for each step; cards, receipts and the small print follow the text. */
class Drawing {
  readonly #screen: Screen;
  readonly #cards: Card[] = [];
  #atLineStart = true;
  #said = '';

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  event(event: TurnEvent): void {
    const { paint } = this.#screen;
    switch (event.type) {
      case 'text':
        this.#text(clean(event.delta));
        break;
      case 'step':
        this.#step(event);
        break;
      case 'card':
        this.#cards.push(event.card);
        break;
      case 'receipt':
        this.#line(receiptLine(this.#screen, event.receipt));
        break;
      case 'proposal':
        // drawn and asked about when the turn has ended
        break;
      case 'done':
        this.#rest();
        this.#smallPrint(event.reply);
        break;
      case 'error':
        this.#rest();
        this.#line(event.code === 'cancelled' ? paint.yellow(clean(event.message)) : paint.red(`✗ ${clean(event.message)}`));
        break;
    }
  }

  #step({ title, status }: Extract<TurnEvent, { type: 'step' }>): void {
    const line = `${status === 'failed' ? '×' : '·'} ${oneLine(title)}`;
    this.#endLine();
    if (status === 'running') this.#screen.status(`${line}…`);
    else this.#screen.line(this.#screen.paint.dim(line));
  }

  #text(text: string): void {
    // a model may begin with blank space or end with it; neither is an answer
    const shown = this.#atLineStart ? text.trimStart() : text;
    if (!shown) return;
    this.#said += shown;
    this.#screen.write(shown);
    this.#atLineStart = shown.endsWith('\n');
  }

  #endLine(): void {
    if (!this.#atLineStart) this.#screen.line();
    this.#atLineStart = true;
  }

  #line(text: string): void {
    this.#endLine();
    this.#screen.line(text);
  }

  #rest(): void {
    this.#endLine();
    for (const card of this.#cards.splice(0)) {
      const rest = untold(this.#said, card, { buttons: false });
      if (!rest) continue;
      this.#screen.line();
      this.#screen.card(rest);
    }
  }

  #smallPrint({ model, costUsd }: Reply): void {
    const cost = compareUsd(costUsd, '0') > 0 ? `cost $${costUsd.replace(/0+$/, '').replace(/\.$/, '')}` : '';
    const print = [model.startsWith('offline/') ? 'offline rules' : '', cost].filter(Boolean).join(' · ');
    if (print) this.#line(this.#screen.paint.dim(print));
  }
}
