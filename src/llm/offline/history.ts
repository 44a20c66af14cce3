import { aboveFence, fencedBelow, unfence } from '../../core/fence.ts';
import type { LlmMessage } from '../../core/llm.ts';
import type { Call, Named, NamedProfile } from './reading.ts';

export type Json = Record<string, unknown>;

/** What a tool answered, in its four shapes. */
export interface Answer {
  result?: Json;
  receipt?: { id: string; title: string };
  proposal?: { id: string; title: string };
  job?: { id: string };
  error?: { code: string; message: string; details?: Json };
}

export interface PastCall extends Call {
  answer?: Answer;
}

/** One message of the user with all that followed it. */
export interface Turn {
  user: string;
  /** What it is about, in words of others. Only the newest message still has it. */
  outside?: string;
  calls: PastCall[];
  reply: string;
}

/** Older turns are not looked at: references reach back a few sentences. */
const remembered = 12;

export const turnsOf = (messages: readonly LlmMessage[]): Turn[] => {
  const turns: Turn[] = [];
  const byId = new Map<string, PastCall>();
  for (const message of messages) {
    const turn = turns.at(-1);
    if (message.role === 'user') turns.push(asked(message.text));
    else if (!turn) continue;
    else if (message.role === 'assistant') {
      turn.reply = [turn.reply, message.text].filter(Boolean).join('\n');
      for (const call of message.toolCalls ?? []) {
        const past: PastCall = { tool: call.name, input: call.input };
        turn.calls.push(past);
        byId.set(call.id, past);
      }
    } else if (message.role === 'tool') {
      const past = byId.get(message.toolCallId) ?? turn.calls.find((call) => call.tool === message.toolName && !call.answer);
      if (past) past.answer = answerOf(message.text);
    }
  }
  return turns.slice(-remembered);
};

function asked(text: string): Turn {
  const below = fencedBelow(text);
  const outside = below === undefined ? undefined : (JSON.parse(below) as unknown);
  return { user: aboveFence(text), calls: [], reply: '', ...(typeof outside === 'string' && { outside }) };
}

const answerOf = (text: string): Answer => {
  const json = parse(text);
  if (!json) return { result: salvage(text) };
  const error = object(json['error']);
  if (error)
    return {
      error: {
        code: string(error['code']) || 'internal',
        message: string(error['message']) || 'It did not work.',
        details: object(error['details']),
      },
    };
  if (json['status'] === 'pending_approval')
    return { proposal: { id: string(json['proposalId']), title: string(json['title']) } };
  if (json['status'] === 'running') return { job: { id: string(json['jobId']) } };
  const receipt = object(json['receipt']);
  return {
    result: object(json['result']) ?? json,
    ...(receipt && { receipt: { id: string(receipt['id']), title: string(receipt['title']) } }),
  };
};

const parse = (text: string): Json | undefined => {
  try {
    return object(JSON.parse(unfence(text)));
  } catch {
    // Memory cuts long answers; what can still be read from them is taken by salvage().
    return undefined;
  }
};

/** Ids and names from an answer that was cut off in the middle. */
const salvage = (text: string): Json => {
  const key = /"tasks"\s*:/.test(text) ? 'tasks' : 'leads';
  const found = [...text.slice(0, 20_000).matchAll(/"id":"([^"]{1,80})"[^{}]{0,40}?"(?:name|title)":"((?:[^"\\]|\\.){1,200})"/g)];
  return { [key]: found.map((entry) => ({ id: entry[1], name: entry[2], title: entry[2] })), cut: true };
};

export const object = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
export const objects = (value: unknown): Json[] =>
  Array.isArray(value) ? value.map(object).filter((item) => item !== undefined) : [];
export const string = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-/i;

const named = (item: Json): Named => ({
  id: string(item['id']),
  name: string(item['name']) || string(item['title']) || string(item['leadName']),
  note:
    string(item['note']) ||
    [string(item['city']), string(item['state']), string(item['leadName']), string(item['tier']), string(item['phone'])]
      .filter(Boolean)
      .join(' '),
});

/** Their answers are about one lead, whose id and name they begin with. */
const itselfALead = new Set(['explain_score', 'qualify_lead', 'score_what_if']);
/** They list what is no lead. */
const book = new Set(['list_deals', 'list_accounts']);
const lists = new Set(['search_leads', 'top_leads', 'compare_leads', 'preview_profile']);

/** Leads that a call's answer showed, in order; for a call about one lead, that one. */
const leadsIn = (call: PastCall): Named[] => {
  const result = call.answer?.result;
  if (call.answer?.error) return [];
  if (!result) return [];
  if (call.tool === 'search_leads' || call.tool === 'top_leads')
    return objects(result['leads'])
      .map(named)
      .filter((lead) => lead.id !== '');
  if (call.tool === 'compare_leads' || call.tool === 'preview_profile')
    return objects(result[call.tool === 'compare_leads' ? 'leads' : 'samples']).map(named);
  if (call.tool === 'delete_lead') return [];
  const lead = object(result['lead']) ?? (itselfALead.has(call.tool) ? result : undefined);
  if (lead) return lead['id'] ? [named(lead)] : [];
  const name = string(result['leadName']);
  const reference = string(call.input['lead']);
  if (name && (call.tool === 'log_activity' || call.tool === 'create_task' || call.tool === 'complete_task'))
    return [{ id: uuid.test(reference) ? reference : name, name, note: '' }];
  // A change whose answer was cut still tells whom it was about.
  if (reference && call.tool === 'update_lead') return [{ id: reference, name: reference, note: '' }];
  return [];
};

const tasksIn = (call: PastCall): Named[] => {
  const result = call.answer?.result;
  if (!result || call.answer?.error) return [];
  if (call.tool === 'list_tasks')
    return objects(result['tasks'])
      .map(named)
      .filter((task) => task.id !== '');
  if (call.tool === 'create_task' && result['id']) return [named(result)];
  return [];
};

const aboutProfiles = new Set(['update_profile', 'preview_profile', 'activate_profile', 'get_profile']);

/** The call itself, or the one whose job was looked up once the job is done. */
const finished = (call: PastCall): PastCall => {
  const job = call.tool === 'get_job' ? call.answer?.result : undefined;
  const result = object(job?.['result']);
  return job && result ? { tool: string(job['tool']), input: {}, answer: { result } } : call;
};

/** What the criteria are called in an answer that lists them. */
const criteriaIn = ({ answer }: PastCall): string[] =>
  ['criteria', 'factors', 'evidence'].flatMap((list) =>
    objects(answer?.result?.[list]).flatMap((one) => [string(one['label']), string(one['id'])].filter(Boolean)),
  );

/** The profile that a call was about: as its answer names it, or as it was asked for where the answer is still to come. */
const profileIn = (past: PastCall): NamedProfile | undefined => {
  const call = finished(past);
  const { tool, input, answer } = call;
  if (!aboutProfiles.has(tool) || !answer || answer.error) return undefined;
  const { result } = answer;
  // a proposal's title says which version it would save
  const proposed = /^Save (?<name>.+), version (?<version>\d+)/.exec(answer.proposal?.title ?? '')?.groups;
  const id = string(result?.['id'] ?? input['profile']) || proposed?.['name'];
  const version = Number(result ? result['version'] : (input['version'] ?? proposed?.['version']));
  const changes = tool === 'update_profile' && result ? undefined : object(input['changes']);
  return { ...(id && { id }), ...(version > 0 && { version }), ...(changes && { changes }), criteria: criteriaIn(call) };
};

/** The profile at hand after another answer: of the same one, what it did not repeat still holds. */
const after = (before: NamedProfile | undefined, next: NamedProfile | undefined): NamedProfile | undefined => {
  if (!next || !before || (next.id !== undefined && next.id !== before.id && !next.changes)) return next ?? before;
  const same = next.changes !== undefined && JSON.stringify(next.changes) === JSON.stringify(before.changes);
  const criteria = next.criteria.length === 0 && next.id === before.id ? before.criteria : next.criteria;
  // a proposal that is looked at still has the version it would get
  return { ...next, criteria, ...(same && before.version !== undefined && { id: before.id, version: before.version }) };
};

/** What the turns so far put before the user. */
export const shownIn = (
  turns: readonly Turn[],
): {
  leads: Named[];
  lead?: Named;
  tasks: Named[];
  task?: Named;
  jobId?: string;
  profile?: NamedProfile;
  criteria: string[];
  lastKind?: 'lead' | 'task';
} => {
  let leads: Named[] = [];
  let lead: Named | undefined;
  let tasks: Named[] = [];
  let task: Named | undefined;
  let jobId: string | undefined;
  let profile: NamedProfile | undefined;
  const criteria = new Set<string>();
  let lastKind: 'lead' | 'task' | undefined;
  for (const turn of turns) {
    for (const call of turn.calls) {
      const shownLeads = leadsIn(call);
      const isList = lists.has(call.tool);
      // "the second one" is no lead any more once something else was listed
      if (book.has(call.tool) && call.answer?.result) {
        leads = [];
        lead = undefined;
      }
      if (shownLeads.length > 0) {
        lead = shownLeads.length === 1 ? shownLeads[0] : undefined;
        if (isList) leads = shownLeads;
        lastKind = 'lead';
      } else if (call.tool === 'delete_lead' && call.answer?.receipt) lead = undefined;
      const shownTasks = tasksIn(call);
      if (shownTasks.length > 0) {
        task = shownTasks.length === 1 ? shownTasks[0] : undefined;
        if (call.tool === 'list_tasks') {
          tasks = shownTasks;
          lastKind = 'task';
        }
      }
      if (call.answer?.job) jobId = call.answer.job.id;
      profile = after(profile, profileIn(call));
      for (const criterion of criteriaIn(finished(call))) criteria.add(criterion);
    }
  }
  return { leads, lead, tasks, task, jobId, profile, criteria: [...criteria], lastKind };
};
