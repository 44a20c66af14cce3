import type { ApprovalLine, ApprovalView } from '../../../../core/approval.ts';
import type { Button } from '../../../../core/card.ts';
import { pressButton } from '../press.ts';
import { usePage } from '../store.ts';
import type { Waiting } from '../wire.ts';
import { Empty } from './panel.tsx';

/** What waits for a decision: for this person's, and what they asked others for. */
export function Approvals() {
  const { state } = usePage();
  if (!state.queue) return <p class="faint">Looking…</p>;
  const mine = state.queue.filter((one) => one.mine);
  const others = state.queue.filter((one) => !one.mine);
  if (!state.queue.length)
    return (
      <Empty title="Nothing waits">
        What reaches a customer, or changes many records, stands here until a person decides it.
      </Empty>
    );
  return (
    <>
      <h2 class="hidden">Waiting for you</h2>
      {mine.length === 0 && <p class="faint">Nothing waits for you.</p>}
      <ul class="approvals">
        {mine.map((one) => (
          <Approval key={one.proposalId} waiting={one} />
        ))}
      </ul>
      {others.length > 0 && (
        <>
          <h2 class="panel-title">Waiting for somebody else</h2>
          <ul class="approvals">
            {others.map((one) => (
              <Approval key={one.proposalId} waiting={one} />
            ))}
          </ul>
        </>
      )}
    </>
  );
}

const viewOf = ({ said }: Waiting): ApprovalView | undefined => {
  for (const { blocks } of said.cards) for (const block of blocks) if (block.type === 'approval') return block.approval;
  return undefined;
};

const shownLines = 6;

function Approval({ waiting }: { waiting: Waiting }) {
  const view = viewOf(waiting);
  if (!view) return <li class="approval">{waiting.said.fallback}</li>;
  const lines = view.changes.flatMap(({ heading, lines: all }) => [...(heading ? [heading] : []), ...all]);
  const left = lines.length - shownLines + view.moreChanges;
  return (
    <li class="approval">
      <h3>{view.title}</h3>
      <p class="faint">{view.asked}</p>
      {view.why && <p class="why">{view.why}</p>}
      {lines.length + view.moreChanges > 0 && (
        <ul class="diff">
          {lines.slice(0, shownLines).map((line, i) =>
            // lines have no names of their own and never move
            typeof line === 'string' ? (
              <li key={i} class="diff-head">
                {line}
              </li>
            ) : (
              <Line key={i} line={line} />
            ),
          )}
          {left > 0 && <li class="faint">…and {left.toLocaleString('en-US')} more</li>}
        </ul>
      )}
      <p class="affects">{view.affected}</p>
      <p class={['send', 'bulk'].includes(view.risk) ? 'risk high' : 'risk'}>
        {view.riskWords} · until {view.expires}
      </p>
      <Buttons buttons={waiting.mine ? view.buttons : []} />
    </li>
  );
}

const Line = ({ line: { label, before, after } }: { line: ApprovalLine }) => (
  <li>
    <span class="diff-label">{label}</span>
    <span class="diff-values">
      {before !== null && (
        <del>
          <span class="hidden">from </span>
          {before}
        </del>
      )}
      {before !== null && after !== null && <span aria-hidden="true"> → </span>}
      {after !== null && (
        <ins>
          <span class="hidden">to </span>
          {after}
        </ins>
      )}
    </span>
  </li>
);

function Buttons({ buttons }: { buttons: Button[] }) {
  const { state, store, session } = usePage();
  if (!buttons.length) return null;
  return (
    <div class="buttons">
      {buttons.map((button) => (
        <button
          key={button.token}
          type="button"
          class={
            button.style === 'primary' ? 'small primary' : button.style === 'danger' ? 'small primary danger' : 'small secondary'
          }
          aria-disabled={state.pressing.has(button.token)}
          onClick={() => pressButton({ store, session }, { ...button, danger: button.style === 'danger' })}
        >
          {button.label}
        </button>
      ))}
    </div>
  );
}
