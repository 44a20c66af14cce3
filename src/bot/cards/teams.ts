import type { ApprovalView } from '../../core/approval.ts';
import type { Card } from '../../core/card.ts';
import type { Said } from '../../core/chat.ts';
import { stateWords } from './approval-words.ts';
import { hardBreaks, inertMarkdown, markdownPieces } from './markdown.ts';
import { more } from './safe-text.ts';
import { proposalToken } from './teams-approval.ts';
import { elementsOf, linksIn, type TeamsFace } from './teams-blocks.ts';
import { look } from './teams-buttons.ts';
import { type AdaptiveCardJson, type CardElement, cardOf } from './teams-card.ts';
import { limits } from './teams-limits.ts';
import { bytesOf, context, cut, heading, nothing, shown, shownLine, textBytes, wordsIn } from './teams-text.ts';
import { tokenShape } from './token-shape.ts';

export type { TeamsFace } from './teams-blocks.ts';
export type { AdaptiveCardJson } from './teams-card.ts';

export interface TeamsMessage {
  /** Markdown; inert but for what code wrote into it. */
  text?: string;
  card?: AdaptiveCardJson;
  /** Read aloud and shown in notifications. */
  summary: string;
  /** The proposal that this message shows, and nothing else: rewriting it leaves nothing out. */
  proposalId?: string;
  /** What the text rests on: [1] in it is the first of them. */
  sources?: { title: string; url: string }[];
  /** The token of a vote on this message. */
  feedback?: string;
  /** A model had part in it, and whoever reads it is told so. */
  ai: boolean;
}

const mostMessages = 10;

/** What is said as messages of Teams, as many as it takes. An approval has a message of its own. */
export function renderTeams(said: Said, face: TeamsFace = {}): TeamsMessage[] {
  const sources = said.cards.flatMap(({ blocks }) =>
    blocks.flatMap((block) => (block.type === 'sources' ? linksIn(block.items) : [])),
  );
  const pages = new Pages(face, said.made !== undefined && isModel(said.made.model));
  pages.say(teamsText(said.text ?? ''), sources.slice(0, limits.citations));
  for (const card of said.cards) addCard(pages, card, face);
  return pages.finish(said.fallback);
}

/** In Teams the end of a line is a space, unless it says that it is more. */
const teamsText = (text: string): string[] => markdownPieces(hardBreaks(inertMarkdown(text)), limits.text, textBytes);

function addCard(pages: Pages, card: Card, face: TeamsFace): void {
  // a title stays with what it is the title of
  let title: CardElement[] = heading(card.title ?? '');
  if (title.length > 1) {
    for (const part of title) pages.add([part]);
    title = [];
  }
  for (const block of card.blocks) {
    if (block.type === 'feedback') {
      pages.vote(block.token);
      continue;
    }
    const [begin, ...rest] = elementsOf(block, face);
    if (!begin) continue;
    const first = title.length || !pages.follows ? begin : apart(begin);
    if (block.type === 'approval') {
      pages.add(title);
      pages.alone(first, block.approval);
    } else {
      pages.add([...title, ...first]);
      for (const next of rest) pages.add(next);
    }
    title = [];
  }
  pages.add(title);
}

/** With some room above, so that one sees where it begins. */
const apart = ([first, ...rest]: CardElement[]): CardElement[] => (first ? [{ ...first, spacing: 'Medium' }, ...rest] : []);

/** Fixed rules are no model, and code that answers by itself asked none. */
const isModel = (model: string): boolean => model !== 'none' && !model.startsWith('offline/');

/** Packs elements into messages, none of them larger than Teams takes. */
class Pages {
  readonly #messages: TeamsMessage[] = [];
  readonly #face: TeamsFace;
  readonly #ai: boolean;
  #open: Pick<TeamsMessage, 'text' | 'sources' | 'feedback'> = {};
  #elements: CardElement[] = [];
  #bytes = 0;
  #packed = 0;
  #left = 0;

  constructor(face: TeamsFace, ai: boolean) {
    this.#face = face;
    this.#ai = ai;
  }

  /** There is something above in the same card. */
  get follows(): boolean {
    return this.#elements.length > 0;
  }

  /** The text of an answer; a mark at its end for everything that it rests on. */
  say(pieces: string[], sources: NonNullable<TeamsMessage['sources']>): void {
    const drawn = pieces.slice(0, mostMessages);
    this.#left += pieces.length - drawn.length;
    for (const [i, piece] of drawn.entries()) {
      this.#close();
      const marks = i === drawn.length - 1 ? sources.map((_source, n) => `[${n + 1}]`).join(' ') : '';
      this.#open = marks ? { text: `${piece} ${marks}`, sources } : { text: piece };
      this.#bytes = bytesOf(this.#open);
    }
  }

  /** These stay together. */
  add(elements: CardElement[]): void {
    if (!elements.length) return;
    const bytes = bytesOf(elements);
    if (this.#bytes && (this.#bytes + bytes > limits.filled || this.#names(elements))) this.#close();
    if (this.#packed >= mostMessages) {
      this.#left += elements.length;
      return;
    }
    this.#elements.push(...elements);
    this.#bytes += bytes;
  }

  /** A message of their own. */
  alone(elements: CardElement[], approval: ApprovalView): void {
    this.#close();
    const { refresh } = this.#face;
    const token = approval.state === 'pending' && refresh?.userIds.length ? proposalToken(approval) : undefined;
    const card: AdaptiveCardJson = {
      ...cardOf(elements),
      ...(token && refresh && { refresh: { action: look(token), userIds: refresh.userIds.slice(0, limits.refreshed) } }),
    };
    const summary = `${approval.title}: ${approval.outcome ?? stateWords[approval.state]}`;
    // approvals are never left out: somebody has to decide them
    this.#messages.push({ card, summary: summaryOf(summary), proposalId: approval.id, ai: this.#ai });
  }

  /** Thumbs are a message's: below the one that is being written, or the last that has none. */
  vote(token: string): void {
    if (!tokenShape.test(token)) return;
    const last = this.#bytes ? this.#open : this.#messages.findLast(({ proposalId }) => !proposalId);
    if (last && !last.feedback) last.feedback = token;
    else {
      this.#close();
      this.add([context('How was this answer?')]);
      this.#open.feedback = token;
      this.#close();
    }
  }

  finish(fallback: string): TeamsMessage[] {
    this.#close();
    if (this.#left)
      this.#messages.push({ card: cardOf([context(more(this.#left, 'part'))]), summary: more(this.#left, 'part'), ai: this.#ai });
    if (!this.#messages.length) this.say(teamsText(fallback).slice(0, 1), []);
    this.#close();
    if (!this.#messages.length) this.#messages.push({ text: nothing, summary: nothing, ai: this.#ai });
    const first = this.#messages[0]!;
    if (!first.proposalId && shown(fallback).trim()) first.summary = summaryOf(fallback);
    return this.#messages;
  }

  #close(): void {
    if (this.#bytes) {
      const words = this.#open.text ?? wordsIn(this.#elements).join(' ');
      this.#messages.push({
        ...this.#open,
        ...(this.#elements.length && { card: cardOf(this.#elements) }),
        summary: summaryOf(words),
        ai: this.#ai,
      });
      this.#packed += 1;
    }
    [this.#open, this.#elements, this.#bytes] = [{}, [], 0];
  }

  /** Names may stand in a card once. */
  #names(elements: CardElement[]): boolean {
    const known = new Set(this.#elements.flatMap(({ id }) => id ?? []));
    return elements.some(({ id }) => id && known.has(id));
  }
}

const summaryOf = (text: string): string => cut(shownLine(text) || nothing, limits.summary);
