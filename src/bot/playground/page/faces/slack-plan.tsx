import * as icons from '../icons.tsx';
import type { SlackBlock } from '../wire.ts';

interface Task {
  title?: unknown;
  status?: string;
  details?: unknown;
}

const signs: Record<string, typeof icons.Check> = { complete: icons.Check, error: icons.Cross };
const words: Record<string, string> = { complete: 'done', error: 'failed', in_progress: 'under way', pending: 'to do' };

/** Steps with how far each of them is; the library draws its title as a heading of the page. */
export const Plan = ({ block }: { block: SlackBlock }) => (
  <div class="slack-plan">
    <p class="slack-plan-title">{wordsIn(block['title'])}</p>
    <ul>
      {((block['tasks'] ?? []) as Task[]).map((task, i) => (
        <TaskLine key={i} task={task} />
      ))}
    </ul>
  </div>
);

export const TaskCard = ({ block }: { block: SlackBlock }) => (
  <ul class="slack-plan">
    <TaskLine task={block as Task} />
  </ul>
);

function TaskLine({ task: { title, status = 'pending', details } }: { task: Task }) {
  const Icon = signs[status] ?? icons.Dot;
  const more = wordsIn(details);
  return (
    <li class={status}>
      {status === 'in_progress' ? <span class="spinner" aria-hidden="true" /> : <Icon size={16} />}
      <span>
        {wordsIn(title)}
        <span class="hidden">, {words[status] ?? status}</span>
        {more && <span class="slack-plan-more">{more}</span>}
      </span>
    </li>
  );
}

/** The words of a text, or of formatted text. */
function wordsIn(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  const { text, elements } = value as { text?: unknown; elements?: unknown[] };
  return text !== undefined ? wordsIn(text) : (elements ?? []).map(wordsIn).join('');
}
