import { formatPhone } from './phone.ts';

/**
 * What a write did, field by field. The database layer notes changes itself while a tool runs, so no tool
 * can forget one: the diff of a proposal, the receipt and undo are all made from this list.
 */
export type Fields = Record<string, unknown>;
export type Entity =
  | 'lead'
  | 'contact'
  | 'deal'
  | 'account'
  | 'task'
  | 'activity'
  | 'import'
  | 'review'
  | 'mail'
  | 'profile'
  | 'price'
  | 'workspace';

export interface Change {
  entity: Entity;
  id: string;
  /** The record's name as people know it. */
  label: string;
  op: 'create' | 'update' | 'delete' | 'restore';
  before: Fields | null;
  after: Fields | null;
}

const words: Record<string, string> = {
  ownerId: 'owner',
  ownerName: 'owner',
  assigneeName: 'assigned to',
  leadName: 'lead',
  dueAt: 'due',
  doneAt: 'done',
};

/** Fields that follow from others or only carry ids: part of undo, noise to a reader. */
const silent = new Set([
  'nameKey',
  'searchText',
  'domain',
  'doneAt',
  'lastContactedAt',
  'ownerId',
  'assigneeId',
  'leadId',
  'userId',
]);

export const same = (a: unknown, b: unknown): boolean => canonical(a ?? null) === canonical(b ?? null);

/** JSON with sorted keys, so that equal values are equal text: for comparing and for hashing. */
export function canonical(value: unknown): string {
  if (value instanceof Date) return JSON.stringify(value.toISOString());
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value && typeof value === 'object') {
    const entries = Object.entries(value).filter(([, v]) => v !== undefined);
    return `{${entries
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`)
      .join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}

/** Kept whole for undo, and nothing to read. */
const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !(value instanceof Date) && Object.keys(value).length === 0;

export interface FieldDiff {
  field: string;
  before: unknown;
  after: unknown;
}

/** The fields of one change that differ, for a reader when `readable`. */
export function diff(change: Change, readable = true): FieldDiff[] {
  const names = [...new Set([...Object.keys(change.before ?? {}), ...Object.keys(change.after ?? {})])];
  return names
    .filter((name) => !(readable && silent.has(name)))
    .map((field) => ({
      field: (readable && words[field]) || field,
      before: change.before?.[field] ?? null,
      after: change.after?.[field] ?? null,
    }))
    .filter((d) => !same(d.before, d.after))
    .filter((d) => !(readable && (d.before === null || isEmpty(d.before)) && (d.after === null || isEmpty(d.after))));
}

/** Whether a sentence tells what was done, or what would be. */
export type Tense = 'done' | 'planned';

const verbs: Record<Change['op'], Record<Tense, string>> = {
  create: { done: 'created', planned: 'Create' },
  update: { done: 'changed', planned: 'Change' },
  delete: { done: 'deleted', planned: 'Delete' },
  restore: { done: 'restored', planned: 'Restore' },
};
const nouns: Record<Entity, string> = {
  lead: '',
  contact: 'contact ',
  deal: 'deal ',
  account: 'account ',
  task: 'task ',
  activity: '',
  import: 'import ',
  review: 'review of ',
  mail: 'e-mail ',
  profile: 'profile ',
  price: 'price of ',
  workspace: '',
};

/** One line a person can check: "JN Electric LLC: status new → contacted". */
export function describe(changes: Change[], tense: Tense): string {
  if (changes.length === 0) return tense === 'done' ? 'Nothing changed' : 'Nothing to change';
  const lines = changes.slice(0, 3).map((change) => describeOne(change, tense));
  return changes.length > 3 ? `${lines.join('; ')} and ${changes.length - 3} more` : lines.join('; ');
}

function describeOne(change: Change, tense: Tense): string {
  const name = `${nouns[change.entity]}${change.label}`;
  const logged = change.op === 'create' && change.entity === 'activity';
  const verb = logged ? { done: 'logged', planned: 'Log' }[tense] : verbs[change.op][tense];
  const said = tense === 'done' ? `${name} ${verb}` : `${verb} ${name}`;
  if (change.op !== 'update') return said;
  const parts = diff(change).map(
    (d) => `${d.field} ${show(asWritten(d.field, d.before))} → ${show(asWritten(d.field, d.after))}`,
  );
  return parts.length ? `${name}: ${parts.join(', ')}` : said;
}

/** A value as people write it: a number as it is dialled, a version by its name. Undo needs it as it is kept. */
export function asWritten(field: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (field === 'phone') return /^\+\d{7,15}$/.test(value) ? formatPhone(value) : value;
  const version = field === 'profile' ? /^(?<name>.+)@(?<number>\d+)$/.exec(value)?.groups : undefined;
  return version ? `${version['name']} (version ${version['number']})` : value;
}

/** A value as short text. */
export function show(value: unknown): string {
  if (value === null || value === undefined || value === '') return '(empty)';
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return `${value.slice(0, 16).replace('T', ' ')} UTC`;
  const text = value instanceof Date ? value.toISOString() : typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
