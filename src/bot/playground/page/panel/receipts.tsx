import * as icons from '../icons.tsx';
import { money, timeOf } from '../messages.ts';
import { usePage } from '../store.ts';
import type { Receipt } from '../wire.ts';
import { Empty } from './panel.tsx';

const surfaces: Record<string, string> = {
  playground: 'here',
  rest: 'over the API',
  terminal: 'in the terminal',
  slack: 'in Slack',
  teams: 'in Teams',
  mcp: 'over MCP',
  job: 'in a job',
};

/** What was really done, newest first, with the way back. */
export function Receipts() {
  const { state } = usePage();
  if (!state.receipts) return <p class="faint">Looking…</p>;
  if (!state.receipts.length)
    return (
      <Empty title="No receipts yet">
        Every change that happens leaves one here: what, when, by whom, and how to take it back.
      </Empty>
    );
  return (
    <>
      <h2 class="hidden">Receipts</h2>
      <ul class="receipts">
        {state.receipts.map((receipt) => (
          <Line key={receipt.id} receipt={receipt} />
        ))}
      </ul>
    </>
  );
}

function Line({ receipt: { id, title, surface, costUsd, createdAt, undoable, undoneById, undoOfId } }: { receipt: Receipt }) {
  const { session } = usePage();
  return (
    <li class={undoneById ? 'receipt undone' : 'receipt'}>
      <icons.Check size={16} />
      <div class="receipt-words">
        <p class="receipt-title">{title}</p>
        <p class="faint">
          <time dateTime={createdAt}>{timeOf(createdAt)}</time>
          {/* what is taken back from this list comes over the API, which says nothing to whoever pressed here */}
          {!undoOfId && ` · ${surfaces[surface] ?? surface}`}
          {Number(costUsd) > 0 && ` · ${money(costUsd)}`}
          {undoneById && ' · taken back since'}
        </p>
      </div>
      {undoable && !undoneById && !undoOfId && (
        <button type="button" class="small secondary" aria-label={`Undo: ${title}`} onClick={() => void session.undo(id)}>
          Undo
        </button>
      )}
    </li>
  );
}
