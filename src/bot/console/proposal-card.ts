import type { Card } from '../../core/card.ts';
import { type Change, diff } from '../../core/change.ts';
import type { Risk } from '../../core/policy.ts';
import type { Proposal } from '../../core/proposal.ts';
import { formatWhen } from '../../core/when.ts';

const risks: Record<Risk, string> = {
  read: 'reads only',
  draft: 'makes a draft',
  write: 'changes our records; can be undone',
  send: 'leaves the building; cannot be undone',
  bulk: 'touches many records or cannot be undone',
};

/** In whose day "tomorrow at 9" is meant. */
export interface Clock {
  now: Date;
  timeZone: string;
}

const shownChanges = 8;
const longestValue = 4000;
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** A proposal as a person decides on it: what would change from what to what, what kind of change it is, until when. */
export function proposalCard(proposal: Proposal, clock: Clock): Card {
  const { title, risk, reason, changes, expiresAt, confirmCount, note } = proposal;
  return {
    title: `Proposal: ${title}`,
    blocks: [
      ...diffBlocks(changes, clock),
      {
        type: 'fields',
        fields: [
          ...(reason ? [{ label: 'Why', value: reason }] : []),
          ...(note ? [{ label: 'Note', value: note }] : []),
          { label: 'Risk', value: `${risk}: ${risks[risk]}` },
          ...(confirmCount === null ? [] : [{ label: 'Records', value: String(confirmCount) }]),
          { label: 'Waits until', value: formatWhen(expiresAt, clock.now, clock.timeZone) },
        ],
      },
    ],
  };
}

/** Field by field, before and after. */
export function diffBlocks(changes: Change[], clock: Clock): Card['blocks'] {
  const several = changes.length > 1;
  const blocks = changes.slice(0, shownChanges).flatMap((change): Card['blocks'] => {
    const fields = diff(change).map(({ field, before, after }) => ({
      label: field,
      value: change.op === 'update' ? `${inWords(before, clock)} → ${inWords(after, clock)}` : inWords(after ?? before, clock),
    }));
    const heading =
      several || change.op !== 'update'
        ? [{ type: 'text' as const, text: `${opWords[change.op]} ${change.entity} ${change.label}` }]
        : [];
    return [...heading, ...(fields.length ? [{ type: 'fields' as const, fields }] : [])];
  });
  const more = changes.length - shownChanges;
  return more > 0 ? [...blocks, { type: 'text', text: `and ${more} more` }] : blocks;
}

const opWords: Record<Change['op'], string> = { create: 'New', update: 'Change', delete: 'Delete', restore: 'Restore' };

/** In full: a person who approves must be able to read all of it. */
function inWords(value: unknown, { now, timeZone }: Clock): string {
  if (value === null || value === undefined || value === '') return '(empty)';
  if (typeof value === 'string' && isoTime.test(value)) return formatWhen(new Date(value), now, timeZone);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > longestValue ? `${text.slice(0, longestValue)}… (${text.length} characters)` : text;
}
