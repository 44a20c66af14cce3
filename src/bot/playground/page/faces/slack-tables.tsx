import { useState } from 'preact/hooks';
import type { SlackBlock } from '../wire.ts';

interface Cell {
  type?: string;
  text?: string;
}

interface Column {
  align?: string;
}

/** A table as Slack draws it, the first row its header. */
export const PlainTable = ({ block }: { block: SlackBlock }) => {
  const [header = [], ...rows] = (block['rows'] ?? []) as Cell[][];
  return <Rows name="Table" header={header} rows={rows} columns={(block['column_settings'] ?? []) as Column[]} />;
};

/** A table that is read in pages. */
export function DataTable({ block }: { block: SlackBlock }) {
  const [header = [], ...rows] = (block['rows'] ?? []) as Cell[][];
  const size = Number(block['page_size']) || 10;
  const [page, setPage] = useState(0);
  const last = Math.max(0, Math.ceil(rows.length / size) - 1);
  const caption = String(block['caption'] ?? '');
  return (
    <>
      {caption && <p class="slack-caption">{caption}</p>}
      <Rows name={caption || 'Table'} header={header} rows={rows.slice(page * size, (page + 1) * size)} columns={[]} />
      {last > 0 && (
        <p class="slack-pages">
          <button type="button" class="link" aria-disabled={page === 0} onClick={() => setPage(Math.max(0, page - 1))}>
            Back
          </button>
          {page + 1} of {last + 1}
          <button type="button" class="link" aria-disabled={page === last} onClick={() => setPage(Math.min(last, page + 1))}>
            Next
          </button>
        </p>
      )}
    </>
  );
}

function Rows({ name, header, rows, columns }: { name: string; header: Cell[]; rows: Cell[][]; columns: Column[] }) {
  const look = (i: number): string | undefined => (columns[i]?.align === 'right' ? 'right' : undefined);
  return (
    // what scrolls can be scrolled with keys
    <div class="slack-table" tabIndex={0} role="group" aria-label={name}>
      <table>
        <thead>
          <tr>
            {header.map((cell, i) => (
              <th key={i} scope="col" class={look(i)}>
                {cell.text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, r) => (
            <tr key={r}>
              {row.map((cell, i) => (
                <td key={i} class={look(i)}>
                  <span>{cell.text}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
