import type { Surface } from './actor.ts';
import type { Button } from './card.ts';
import { asWritten, type Change, diff, type Entity } from './change.ts';
import { graphemeStart } from './graphemes.ts';
import type { Risk, Standing } from './policy.ts';
import type { Proposal, ProposalStatus } from './proposal.ts';
import type { Receipt } from './receipt.ts';
import { formatWhen } from './when.ts';

/**
 * A proposal as a person decides on it, in words: what would happen, who asked and why, what changes from what to what, how
 * many are affected, what kind of change it is, until when, and how it ended. Every face draws these same parts in this order.
 */
export interface ApprovalView {
  /** The proposal's. */
  id: string;
  title: string;
  asked: string;
  /** Who may decide, where that is not whoever asked. */
  decider: string | null;
  why: string | null;
  note: string | null;
  changes: ApprovalChange[];
  /** Records that change, too, and are not listed. */
  moreChanges: number;
  affected: string;
  risk: Risk;
  /** The risk class in words. */
  riskWords: string;
  /** Set for bulk: the number that has to be typed. */
  confirmCount: number | null;
  expires: string;
  state: ProposalStatus;
  /** Who decided what and when, and what came of it; nothing while it is pending. */
  outcome: string | null;
  /** The receipt's sentence. */
  receipt: string | null;
  problem: string | null;
  /** Approve, Edit, Ask and Skip while it is pending, Undo once it has a receipt; empty without tokens. */
  buttons: Button[];
}

export interface ApprovalChange {
  /** Which record and what happens to it; nothing where the title says it already. */
  heading: string | null;
  lines: ApprovalLine[];
}

/** Nothing before: it is new. Nothing after: it goes. */
export interface ApprovalLine {
  label: string;
  before: string | null;
  after: string | null;
}

export interface ApprovalTokens {
  approve: string;
  edit: string;
  ask: string;
  skip: string;
  /** Once it is carried out and can be undone. */
  undo: string;
}

/** In whose day "tomorrow at 9" is meant. */
export interface Clock {
  now: Date;
  timeZone: string;
}

export interface ApprovalContext extends Clock {
  /** How people call a user. */
  names(userId: string): string | undefined;
  tokens?: Partial<ApprovalTokens>;
  receipt?: Pick<Receipt, 'title' | 'undoable' | 'undoneById'>;
}

/** Pure: the same row, names and time give the same view on every face. */
export function approvalView(proposal: Proposal, context: ApprovalContext): ApprovalView {
  const { id, title, risk, reason, note, changes, confirmCount, status, error } = proposal;
  const { receipt } = context;
  const listed = approvalChanges(changes, context);
  return {
    id,
    title,
    asked: askedBy(proposal, context),
    decider: deciderOf(proposal, context),
    why: reason || null,
    note: note || null,
    changes: listed,
    moreChanges: changes.length - listed.length,
    affected: affectedBy(changes, confirmCount),
    risk,
    riskWords: riskWords[risk],
    confirmCount,
    expires: formatWhen(proposal.expiresAt, context.now, context.timeZone),
    state: status,
    outcome: outcomeOf(proposal, context),
    receipt: receipt ? `${receipt.title}${receipt.undoneById ? ' (undone since)' : ''}` : null,
    problem: error?.message ?? null,
    buttons: buttonsOf(proposal, context),
  };
}

export const riskWords: Record<Risk, string> = {
  read: 'reads only',
  draft: 'makes a draft',
  write: 'changes our records; can be undone',
  send: 'leaves the building; cannot be undone',
  bulk: 'touches many records or cannot be undone',
};

const surfaces: Record<Surface, string> = {
  rest: 'over the API',
  terminal: 'in the terminal',
  playground: 'in the browser',
  slack: 'in Slack',
  teams: 'in Teams',
  mcp: 'over MCP',
  voice: 'on the phone',
  job: 'in a job',
};

const standings: Record<Standing, (name: string | undefined) => string> = {
  person: (name) => name ?? 'A person',
  asked: (name) => `${name ?? 'A person'}, through the assistant`,
  unasked: (name) => (name ? `The assistant, for ${name}` : 'The assistant, on its own'),
};

const askedBy = ({ requesterId, requestedBy, surface }: Proposal, { names }: ApprovalContext): string =>
  `${standings[requestedBy](names(requesterId))}, ${surfaces[surface]}`;

function deciderOf({ deciderRole, deciderId, requesterId, delegatedById }: Proposal, { names }: ApprovalContext): string | null {
  if (delegatedById)
    return `${(deciderId && names(deciderId)) || 'somebody else'}, handed on by ${names(delegatedById) ?? 'somebody else'}`;
  if (deciderRole) return `any ${deciderRole}`;
  return deciderId && deciderId !== requesterId ? (names(deciderId) ?? 'somebody else') : null;
}

const plurals: Partial<Record<Entity, string>> = {
  activity: 'activities',
  mail: 'e-mails',
  price: 'prices',
};
const singulars: Partial<Record<Entity, string>> = { mail: 'e-mail' };
const shownNames = 3;

/** "2 leads: Acme, Beta", or the number alone where there are many. */
function affectedBy(changes: Change[], confirmCount: number | null): string {
  const ids = new Map(changes.map((change) => [`${change.entity} ${change.id}`, change]));
  const touched = [...ids.values()];
  if (touched.length === 0) return confirmCount === null ? 'No record of ours' : counted(confirmCount, 'record', 'records');
  const entities = [...new Set(touched.map((change) => change.entity))];
  const parts = entities.map((entity) =>
    entity === 'workspace'
      ? 'the whole workspace'
      : counted(
          touched.filter((change) => change.entity === entity).length,
          singulars[entity] ?? entity,
          plurals[entity] ?? `${entity}s`,
        ),
  );
  const labels = [...new Set(touched.map((change) => change.label).filter(Boolean))];
  const names = labels.length <= shownNames ? labels.join(', ') : '';
  const whole = confirmCount !== null && confirmCount !== touched.length ? ` of ${confirmCount.toLocaleString('en-US')}` : '';
  return `${parts.join(', ')}${whole}${names ? `: ${names}` : ''}`;
}

const counted = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;

const endings: Record<ProposalStatus, string> = {
  pending: '',
  accepted: 'being carried out',
  executed: 'carried out',
  failed: 'it did not work; nothing was changed',
  uncertain: 'nobody knows whether it worked; look before you try again',
  ignored: 'Skipped',
  expired: 'Expired; nothing was done',
  superseded: 'A newer proposal took the place of this one',
};

/** What became of a proposal that somebody decided, for the middle of a sentence. */
export const decidedAs = ({ status, decision }: Proposal): string =>
  status === 'ignored' ? 'skipped' : `${decision === 'edit' ? 'approved with changes' : 'approved'}, ${endings[status]}`;

function outcomeOf(proposal: Proposal, { names, now, timeZone }: ApprovalContext): string | null {
  const { status, decidedById, decidedAt, decision } = proposal;
  if (status === 'pending') return null;
  const by = decidedById ? (names(decidedById) ?? 'a person') : undefined;
  const byWhen = `${by ? ` by ${by}` : ''}${decidedAt ? ` ${formatWhen(decidedAt, now, timeZone)}` : ''}`;
  if (status === 'expired' || status === 'superseded') return endings[status];
  if (status === 'ignored') return `${endings.ignored}${byWhen}; nothing was changed`;
  return `${decision === 'edit' ? 'Approved with changes' : 'Approved'}${byWhen}; ${endings[status]}`;
}

function buttonsOf(proposal: Proposal, { tokens, receipt }: ApprovalContext): Button[] {
  if (!tokens) return [];
  if (proposal.status === 'executed')
    return tokens.undo && receipt?.undoable && !receipt.undoneById ? [{ label: 'Undo', token: tokens.undo }] : [];
  if (proposal.status !== 'pending') return [];
  const confirm =
    proposal.risk === 'send'
      ? { title: 'Send this?', text: 'It leaves the building and cannot be undone.', ok: 'Approve' }
      : undefined;
  const all: (Omit<Button, 'token'> & { token: string | undefined })[] = [
    { label: 'Approve', token: tokens.approve, style: 'primary', ...(confirm && { confirm }) },
    { label: 'Edit', token: tokens.edit },
    { label: 'Ask', token: tokens.ask },
    { label: 'Skip', token: tokens.skip },
  ];
  return all.flatMap(({ token, ...button }) => (token ? [{ ...button, token }] : []));
}

const shownChanges = 8;
const longestValue = 4000;
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const opWords: Record<Change['op'], string> = { create: 'New', update: 'Change', delete: 'Delete', restore: 'Restore' };

/** Field by field, before and after, of the first changes. */
export function approvalChanges(changes: Change[], clock: Clock): ApprovalChange[] {
  return changes.slice(0, shownChanges).map((change) => ({
    heading:
      changes.length > 1 || change.op !== 'update'
        ? `${opWords[change.op]} ${change.entity === 'activity' ? '' : `${change.entity} `}${change.label}`
        : null,
    lines: diff(change).map(({ field, before, after }) => ({
      label: inPlainWords(field),
      before: change.op === 'update' || change.op === 'delete' ? inWords(asWritten(field, before), clock) : null,
      after: change.op === 'delete' ? null : inWords(asWritten(field, after ?? (change.op === 'update' ? null : before)), clock),
    })),
  }));
}

/** "nextStep" -> "next step"; a column of a list keeps its name. */
const inPlainWords = (field: string): string =>
  /^[a-z]+(?:[A-Z][a-z]+)+$/.test(field) ? field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`) : field;

/** In full: a person who approves must be able to read all of it. */
function inWords(value: unknown, { now, timeZone }: Clock): string {
  if (value === null || value === undefined || value === '') return '(empty)';
  if (typeof value === 'string' && isoTime.test(value)) return formatWhen(new Date(value), now, timeZone);
  if (value instanceof Date) return formatWhen(value, now, timeZone);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > longestValue ? `${text.slice(0, graphemeStart(text, longestValue))}… (${text.length} characters)` : text;
}
