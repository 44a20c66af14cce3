/** What happened with a lead, as people log it. */
export const activityKinds = ['call', 'email', 'meeting', 'text', 'note'] as const;
export type ActivityKind = (typeof activityKinds)[number];

export interface Activity {
  id: string;
  leadId: string;
  leadName: string;
  userName: string | null;
  kind: ActivityKind;
  /** Outside text once it came from a mail or a transcript. */
  text: string;
  outcome: string | null;
  at: Date;
  version: number;
}

export interface Activities {
  list(leadId: string, limit: number): Promise<Activity[]>;
  log(entry: { leadId: string; kind: ActivityKind; text: string; outcome?: string; at: Date }): Promise<Activity>;
}

export interface Task {
  id: string;
  title: string;
  leadId: string | null;
  leadName: string | null;
  assigneeId: string | null;
  assigneeName: string | null;
  status: 'open' | 'done';
  dueAt: Date | null;
  doneAt: Date | null;
  version: number;
}

export interface TaskFilter {
  leadId?: string;
  assigneeId?: string;
  status?: 'open' | 'done';
  dueFrom?: Date;
  dueBefore?: Date;
}

export interface Tasks {
  get(id: string): Promise<Task | undefined>;
  /** Open tasks whose title or lead name has these words. */
  find(words: string): Promise<Task[]>;
  list(filter: TaskFilter, limit: number): Promise<{ items: Task[]; total: number }>;
  create(task: { title: string; leadId?: string; assigneeId: string; dueAt?: Date }): Promise<Task>;
  complete(id: string): Promise<Task>;
}
