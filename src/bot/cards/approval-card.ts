import type { ApprovalChange, ApprovalView } from '../../core/approval.ts';
import type { CardBlock } from '../../core/card.ts';
import { approvalEnd, approvalFields, unlisted } from './approval-words.ts';

/** An approval in the plainest blocks, for faces that have no layout of their own for it. */
export function plainApproval(view: ApprovalView): CardBlock[] {
  const rest = unlisted(view);
  return [
    ...plainChanges(view.changes),
    ...(rest ? [{ type: 'text' as const, text: rest }] : []),
    { type: 'fields', fields: [...approvalFields(view), ...approvalEnd(view)] },
  ];
}

/** Field by field, before and after. */
export const plainChanges = (changes: ApprovalChange[]): CardBlock[] =>
  changes.flatMap(({ heading, lines }): CardBlock[] => [
    ...(heading ? [{ type: 'text' as const, text: heading }] : []),
    ...(lines.length
      ? [
          {
            type: 'fields' as const,
            fields: lines.map(({ label, before, after }) => ({
              label,
              value: before !== null && after !== null ? `${before} → ${after}` : (after ?? before ?? ''),
            })),
          },
        ]
      : []),
  ]);
