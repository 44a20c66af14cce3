import type { Made, Said } from '../../../core/chat.ts';
import type { EditForm } from '../../../core/edit-form.ts';
import type { PlaygroundContent } from '../../../core/playground.ts';

/** What the server and the page tell one another: the server's answers are of these types, too. */

export interface Person {
  handle: string;
  name: string;
  role: string;
}

export interface Me {
  /** Nothing for somebody who is nobody here: an outsider. */
  who: Person | null;
  people: Person[];
  /** Whether one may act as somebody else: only at the machine itself, without a key. */
  canSwitch: boolean;
  model: string;
  /** Whether a model answers, and not fixed rules. */
  reasons: boolean;
  version: string;
  uploadMaxMb: number;
  connected: readonly string[];
  demo: boolean;
  suggestions: string[];
}

/** A message as Slack gets it: blocks, and what is read aloud. As the page reads it: the types of Slack's own libraries stay with the server. */
export interface SlackMessage {
  blocks: SlackBlock[];
  text: string;
  proposalId?: string;
}

export type SlackBlock = { type: string } & Record<string, unknown>;

/** A message as Teams gets it, as the page reads it. */
export interface TeamsMessage {
  text?: string;
  card?: Record<string, unknown>;
  summary: string;
  proposalId?: string;
  sources?: { title: string; url: string }[];
  feedback?: string;
  ai: boolean;
}

/** The same thing said as each surface would get it. */
export interface Faces<Slack = SlackMessage, Teams = TeamsMessage> {
  slack: Slack[];
  teams: Teams[];
}

export type ShownStep = NonNullable<PlaygroundContent['steps']>[number];

/** One message of the conversation, drawn for every face. */
export interface Shown<Slack = SlackMessage, Teams = TeamsMessage> extends Omit<PlaygroundContent, 'steps'>, Faces<Slack, Teams> {
  id: string;
  seq: number;
  at: string;
  from: 'you' | 'assistant';
  made?: Made;
  writing: boolean;
  steps: ShownStep[];
  /** Seen by this person alone. */
  whisper: boolean;
  proposalId?: string;
}

export interface Waiting<Slack = SlackMessage, Teams = TeamsMessage> extends Faces<Slack, Teams> {
  proposalId: string;
  said: Said;
  state: string;
  /** Whether this person may decide it; others only asked for it. */
  mine: boolean;
}

export interface PressAnswer {
  whisper?: Pick<Shown, 'slack' | 'teams'> & { said?: Said };
  modal?: EditForm;
  problems?: Record<string, string>;
}

export interface Receipt {
  id: string;
  title: string;
  changes: { label: string; op: string }[];
  userName: string;
  surface: string;
  risk: string;
  costUsd: string;
  undoable: boolean;
  undoneById: string | null;
  undoOfId: string | null;
  createdAt: string;
}

export interface Costs {
  total_cost_usd: string;
  total_requests: number;
  by_agent: {
    agent_type: string;
    agent_mode: string;
    total_requests: number;
    total_cost_usd: string;
    avg_latency_ms: number;
    primary_model: string;
  }[];
  cache_stats: { cache_hit_rate: number; estimated_savings_usd: string };
}

export const deliveryWays = ['twice', 'late', 'out_of_order'] as const;
export type DeliveryWay = (typeof deliveryWays)[number];

export interface Delivery {
  key: string;
  text: string;
  saidAt: string;
  deliveredAt: string;
  /** `seen`: it was kept before, and is not answered again. */
  outcome: 'new' | 'seen';
}

/** A button that was pressed, on whatever face. */
export interface Press {
  token: string;
  values?: Record<string, string>;
  messageId?: string;
}

export type { EditForm };
