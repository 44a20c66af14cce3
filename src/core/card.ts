/** A picture of facts that any face can draw: Slack, Teams, browser, terminal. Text in it is untrusted and is escaped by the renderer. */
export interface Card {
  title?: string;
  blocks: CardBlock[];
}

export type CardBlock =
  | { type: 'text'; text: string }
  | { type: 'notice'; level: 'info' | 'warning' | 'error'; text: string }
  | { type: 'fields'; fields: { label: string; value: string }[] }
  | { type: 'table'; columns: string[]; rows: string[][]; note?: string }
  /** Shares of a whole, 0 to `max`. */
  | { type: 'bars'; max: number; bars: { label: string; value: number; note?: string }[] }
  /** Records to pick one from; the label of a choice is what a person types to pick it. */
  | { type: 'choices'; question: string; choices: { label: string; id: string; note?: string }[] };
