import type { Json, Turn } from './history.ts';
import { safe } from './render/safe.ts';

export interface Call {
  tool: string;
  input: Record<string, unknown>;
}

/** What is still missing before calls can be made: the field, and the calls it belongs to. */
export interface Need {
  field: 'lead' | 'dueAt' | 'text' | 'owner' | 'name' | 'status' | 'phone' | 'email' | 'website' | 'task' | 'title' | 'number';
  calls: number[];
}

export interface Choice {
  label: string;
  note?: string;
  calls: Call[];
}

/** A question that was put to the user and what their answer completes. */
export type Pending =
  | { kind: 'needs'; calls: Call[]; needs: Need[] }
  | { kind: 'choice'; question: string; choices: Choice[] }
  | { kind: 'confirm'; calls: Call[] };

/** Which part of a record the user asked for, so that the answer begins with it. */
export type Aspect =
  | 'phone'
  | 'email'
  | 'website'
  | 'owner'
  | 'status'
  | 'address'
  | 'lastContact'
  | 'notes'
  | 'tasks'
  | 'deals'
  | 'contacts'
  | 'person'
  | 'industry'
  | 'employees'
  | 'count'
  | 'tiers'
  | 'whatIf'
  | 'score'
  /** Who else is in the workspace. */
  | 'team'
  /** Words that may be a name, and were not understood otherwise. */
  | 'perhaps';

export type Reading =
  | {
      kind: 'calls';
      calls: Call[];
      confidence: number;
      aspect?: Aspect;
      ask?: { text: string; pending?: Pending };
      next?: (results: unknown[]) => Call[];
    }
  | { kind: 'ask'; text: string; pending?: Pending; confidence: number }
  | { kind: 'refuse'; text: string; confidence: number; would?: Call[] }
  | { kind: 'smalltalk'; topic: 'hello' | 'thanks' | 'bye' | 'help' | 'who' | 'ok' | 'sorry'; confidence: number };

/** A record that earlier answers put before the user. */
export interface Named {
  id: string;
  name: string;
  note: string;
}

/** A profile that earlier answers spoke of. */
export interface NamedProfile {
  /** Its id, or its name. */
  id?: string;
  version?: number;
  /** What is tried out, or waits for approval: not saved as far as the conversation knows. */
  changes?: Json;
  /** What its criteria are called. */
  criteria: readonly string[];
}

/** All that a text may refer back to. */
export interface Context {
  now: Date;
  timeZone: string;
  turns: readonly Turn[];
  pending?: Pending;
  /** The last list of leads that was shown. */
  leads: readonly Named[];
  /** The one lead that was talked about last. */
  lead?: Named;
  /** That lead was named in the same sentence, so that what follows without a name is about it. */
  carried?: boolean;
  tasks: readonly Named[];
  task?: Named;
  jobId?: string;
  profile?: NamedProfile;
  /** Criteria of profiles that answers named, as they are called there. */
  criteria: readonly string[];
}

export const calls = (tool: string, input: Record<string, unknown>, confidence: number, aspect?: Aspect): Reading => ({
  kind: 'calls',
  calls: [{ tool, input: compact(input) }],
  confidence,
  aspect,
});

export const ask = (text: string, confidence: number, pending?: Pending): Reading => ({ kind: 'ask', text, confidence, pending });

export const refuse = (text: string, confidence: number): Reading => ({ kind: 'refuse', text, confidence });

/** Without fields that are undefined or empty lists. */
export const compact = (input: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(input).filter(
      ([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0),
    ),
  );

export const writes = new Set([
  'create_lead',
  'update_lead',
  'delete_lead',
  'log_activity',
  'create_task',
  'complete_task',
  'import_leads',
  'decide_review',
  'undo',
  'cancel_job',
  'update_profile',
  'activate_profile',
]);

const questions: Record<Need['field'], (call: Call | undefined) => string> = {
  lead: (call) => (call ? `Which lead ${leadQuestion[call.tool] ?? 'do you mean'}?` : 'Which lead do you mean?'),
  dueAt: () => 'When should I remind you? Say a day or a time such as "tomorrow at 9", or "no date".',
  text: () => 'What should the note say?',
  owner: () => 'Who should own it?',
  name: () => 'What is the company called?',
  status: () => 'Which status: new, contacted, qualified, meeting, nurture, won, lost or disqualified?',
  phone: () => 'What is the phone number?',
  email: () => 'What is the e-mail address?',
  website: () => 'What is the website?',
  task: () => 'Which task? Name it, or say "show my tasks" first.',
  title: () => 'What should I remind you of?',
  number: (call) => {
    const { weights, tiers } = (call?.input['changes'] ?? {}) as { weights?: Json; tiers?: Json };
    const [criterion] = Object.keys(weights ?? {});
    return criterion === undefined
      ? `From which score on should a lead be ${Object.keys(tiers ?? {})[0] ?? 'in that tier'}?`
      : `How many percent should ${safe(criterion)} count?`;
  },
};

const leadQuestion: Record<string, string> = {
  update_lead: 'should I change',
  delete_lead: 'should I delete',
  log_activity: 'is this about',
  create_task: 'is it about',
  get_lead: 'do you want to see',
  explain_score: 'should I explain',
  qualify_lead: 'should I qualify',
  score_what_if: 'should I try that on',
};

/** Calls when nothing is missing, otherwise the question for the first thing that is. */
export const complete = (planned: Call[], needs: Need[], confidence: number, aspect?: Aspect): Reading => {
  const first = needs[0];
  if (!first)
    return { kind: 'calls', calls: planned.map((call) => ({ tool: call.tool, input: compact(call.input) })), confidence, aspect };
  return ask(questions[first.field](planned[first.calls[0] ?? 0]), confidence, { kind: 'needs', calls: planned, needs });
};

/** "Which one do you mean?" with numbered candidates. */
export const askWhich = (question: string, choices: Choice[], confidence: number): Reading =>
  ask(
    [question, ...choices.map((choice, i) => `${i + 1}. ${choice.label}${choice.note ? ` (${choice.note})` : ''}`)].join('\n'),
    confidence,
    { kind: 'choice', question, choices },
  );
