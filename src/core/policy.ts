import type { Role } from './actor.ts';

/**
 * What a tool may do to the world. `read` never asks; `draft` makes derived data or a draft; `write` is a reversible
 * change of our records or the CRM; `send` leaves the building; `bulk` is irreversible or touches more than 100 records.
 */
export type Risk = 'read' | 'draft' | 'write' | 'send' | 'bulk';
/** How far a write reaches: one record of ours, or several records or the CRM. */
export type Reach = 'one' | 'many';

/** How the call came about. Judged by code from the door and the user's own words, never by a model. */
export type Standing =
  /** A person acts directly: a button, their own API key, a terminal command. */
  | 'person'
  /** The assistant, asked for exactly this in this turn. */
  | 'asked'
  /** The assistant on its own, MCP, or anything else. */
  | 'unasked';

export type Ruling = 'run' | 'propose' | 'propose_with_count';

type Row = 'read' | 'draft' | 'write_one' | 'write_many' | 'send' | 'bulk';
export type Policy = Record<Row, Record<Standing, Ruling>>;

/** Who commits what. A tenant's own policy replaces cells of this table. */
export const defaultPolicy: Policy = {
  read: { person: 'run', asked: 'run', unasked: 'run' },
  draft: { person: 'run', asked: 'run', unasked: 'run' },
  write_one: { person: 'run', asked: 'run', unasked: 'propose' },
  write_many: { person: 'run', asked: 'propose', unasked: 'propose' },
  send: { person: 'propose', asked: 'propose', unasked: 'propose' },
  bulk: { person: 'propose_with_count', asked: 'propose_with_count', unasked: 'propose_with_count' },
};

const rowOf = (risk: Risk, reach: Reach): Row => (risk === 'write' ? `write_${reach}` : risk);

export const rule = (policy: Policy, risk: Risk, reach: Reach, standing: Standing): Ruling =>
  policy[rowOf(risk, reach)][standing];

/** Bulk that no person asked for in this turn is an admin's to decide; everything else belongs to the person it was made for. */
export const deciderRole = (risk: Risk, standing: Standing): Role | null =>
  risk === 'bulk' && standing === 'unasked' ? 'admin' : null;

/** The least role that may call a tool of this risk, unless the tool asks for more. */
export const roleFor: Record<Risk, Role> = { read: 'viewer', draft: 'rep', write: 'rep', send: 'rep', bulk: 'manager' };
