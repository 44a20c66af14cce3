import type { ApprovalView } from './approval.ts';

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
  | Chart
  | { type: 'steps'; title?: string; steps: CardStep[] }
  /** What an answer rests on: the one place where a card links to somewhere else. */
  | { type: 'sources'; items: { title: string; url: string }[] }
  /** Records to pick one from; the label of a choice is what a person types to pick it. With a token it can be pressed as well. */
  | { type: 'choices'; question: string; choices: { label: string; id: string; note?: string; token?: string }[] }
  | { type: 'actions'; buttons: Button[] }
  /** Thumbs up or down on an answer. */
  | { type: 'feedback'; token: string }
  | { type: 'approval'; approval: ApprovalView };

/** Figures over categories. Shares of a whole, a pie, have one series. */
export interface Chart {
  type: 'chart';
  title: string;
  kind: 'bar' | 'line' | 'area' | 'pie';
  categories: string[];
  series: { name: string; values: number[] }[];
  /** What the chart says, for whoever cannot see it. */
  alt: string;
}

export interface CardStep {
  id: string;
  title: string;
  status: 'pending' | 'running' | 'done' | 'failed' | 'waiting';
  detail?: string;
}

export interface Button {
  label: string;
  /** Opaque, 22 characters base64url: what it stands for is known to the server only. */
  token: string;
  style?: 'primary' | 'danger';
  /** Asked again before it counts. */
  confirm?: { title: string; text: string; ok: string };
  /** Opens this address; only http and https are followed. */
  url?: string;
}
