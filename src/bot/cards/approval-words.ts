import type { ApprovalView } from '../../core/approval.ts';
import type { ProposalStatus } from '../../core/proposal.ts';

/** What every face says of an approval, in the same words and order. */

export const stateWords: Record<ProposalStatus, string> = {
  pending: 'Waits for a decision',
  accepted: 'Approved',
  executed: 'Done',
  failed: 'Failed',
  uncertain: 'Uncertain',
  ignored: 'Skipped',
  expired: 'Expired',
  superseded: 'Replaced',
};

/** The facts beside the diff; how long it waits only matters while it does. */
export function approvalFields(view: ApprovalView): { label: string; value: string }[] {
  return [
    ...(view.why ? [{ label: 'Why', value: view.why }] : []),
    ...(view.note ? [{ label: 'Note', value: view.note }] : []),
    { label: 'Asked by', value: view.asked },
    ...(view.decider ? [{ label: 'Decides', value: view.decider }] : []),
    { label: 'Affects', value: view.affected },
    { label: 'Risk', value: upperFirst(view.riskWords) },
    ...(view.confirmCount === null ? [] : [{ label: 'Records', value: view.confirmCount.toLocaleString('en-US') }]),
    ...(view.state === 'pending' ? [{ label: 'Waits until', value: view.expires }] : []),
  ];
}

const upperFirst = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** How it ended: nothing while it waits. */
export const approvalEnd = ({ outcome, receipt, problem }: ApprovalView): { label: string; value: string }[] => [
  ...(outcome ? [{ label: 'Outcome', value: outcome }] : []),
  ...(receipt ? [{ label: 'Receipt', value: receipt }] : []),
  ...(problem ? [{ label: 'Problem', value: problem }] : []),
];

/** Records that change, too, and are not listed. */
export const unlisted = ({ moreChanges }: ApprovalView): string | undefined =>
  moreChanges > 0 ? `and ${moreChanges.toLocaleString('en-US')} more` : undefined;
