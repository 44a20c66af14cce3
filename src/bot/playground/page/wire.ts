import type { ApprovalView } from '../../../core/approval.ts';
import type { Made, Said } from '../../../core/chat.ts';

/** What the server and the page tell one another. */

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
  connected: string[];
  demo: boolean;
  suggestions: string[];
}

/** A message as Slack gets it: blocks, and what is read aloud. */
export interface SlackMessage {
  blocks: SlackBlock[];
  text: string;
  proposalId?: string;
}

export type SlackBlock = { type: string } & Record<string, unknown>;

/** A message as Teams gets it. */
export interface TeamsMessage {
  text?: string;
  card?: Record<string, unknown>;
  summary: string;
  proposalId?: string;
  sources?: { title: string; url: string }[];
  feedback?: string;
  ai: boolean;
}

export interface ShownStep {
  id: string;
  title: string;
  status: 'pending' | 'running' | 'done' | 'failed' | 'waiting';
}

/** One message of the conversation, drawn for every face. */
export interface Shown {
  id: string;
  seq: number;
  at: string;
  from: 'you' | 'assistant';
  text?: string;
  files?: { name: string; bytes: number }[];
  said?: Said;
  slack: SlackMessage[];
  teams: TeamsMessage[];
  made?: Made;
  writing: boolean;
  steps: ShownStep[];
  /** Seen by this person alone. */
  whisper: boolean;
  /** Where it was said, when that was not here. */
  via?: string;
  proposalId?: string;
}

export interface Waiting {
  proposalId: string;
  said: Said;
  slack: SlackMessage[];
  teams: TeamsMessage[];
  state: string;
  /** Whether this person may decide it; others only asked for it. */
  mine: boolean;
}

export interface EditField {
  name: string;
  label: string;
  value: string;
  kind: 'line' | 'text' | 'number' | 'choice' | 'date' | 'time' | 'moment';
  zone?: string;
  required?: boolean;
  options?: string[];
  hint?: string;
}

/** A form about a proposal: its fields to edit, the number of records to type, or a question. */
export interface EditForm {
  kind: 'edit' | 'count' | 'ask';
  view: Pick<ApprovalView, 'title' | 'confirmCount'>;
  fields: EditField[];
  token: string;
}

export interface PressAnswer {
  whisper?: Pick<Shown, 'slack' | 'teams'> & { said?: Said };
  modal?: EditForm;
  problems?: Record<string, string>;
  replace?: unknown;
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
  outcome: string;
}

/** A button that was pressed, on whatever face. */
export interface Press {
  token: string;
  values?: Record<string, string>;
  messageId?: string;
}

export type { Made, Said };
