import { createRequire } from 'node:module';
import type * as Library from 'adaptivecards';

/** Microsoft's own library, which clients draw cards with. Its modules are no modules for Node, so that the bundle is loaded. */
const library = createRequire(import.meta.url)('adaptivecards/dist/adaptivecards.js') as typeof Library;

export interface Judged {
  /** What the library does not know, does not take, or finds missing. */
  problems: string[];
  /** What it made of the card, as it would draw it. */
  card: Library.AdaptiveCard;
}

/** Reads a card as a client does that knows version 1.5 and none of Teams' own elements. */
export function judged(json: unknown): Judged {
  const context = new library.SerializationContext(library.Versions.v1_5);
  const card = new library.AdaptiveCard();
  card.parse(JSON.parse(JSON.stringify(json)), context);
  const read = Array.from({ length: context.eventCount }, (_, i) => context.getEventAt(i)!);
  const problems = [
    // Teams' charts are unknown to it, and it draws what stands in their place
    ...read.map(({ message }) => message).filter((message) => !/^Unknown element type "Chart\./.test(message)),
    ...card.validateProperties().validationEvents.map(({ message }) => message),
  ];
  return { problems, card };
}
