import type { ChatFile, ChatUser, Inbound } from '../../core/chat.ts';
import type { InboxRow } from '../../core/inbox.ts';

type Of<K extends Inbound['kind']> = InboxRow & { inbound: Extract<Inbound, { kind: K }> };

/** What is to be done next in a thread. `rows`: what it deals with. */
export type Step =
  /** Nothing is to be said to these: taken back or stopped before it was answered, or news of what is not ours. */
  | { do: 'drop'; rows: InboxRow[] }
  | { do: 'stop'; rows: InboxRow[] }
  /** Somebody's questions, as they are now. */
  | { do: 'answer'; rows: InboxRow[]; asked: Asked }
  /** A turn was begun for these, by whoever worked on them before. */
  | { do: 'resume'; rows: InboxRow[]; turnId: string }
  /** A question was changed that is not waiting any more. */
  | { do: 'revise'; rows: InboxRow[]; change: Of<'edited'> }
  | { do: 'import'; rows: InboxRow[]; press: Of<'import'> };

export interface Asked {
  /** The newest of them: where the answer goes, and who gets it. */
  last: Inbound;
  messages: { messageId: string; text: string }[];
  files: ChatFile[];
  /** A proposal that is asked about. */
  about?: string;
  /** Words of others that are asked about. */
  outside?: string;
  /** Others read along where it was asked, and are not to see the answer. */
  alone?: boolean;
}

/** One turn takes no more than this; what is too long alone is told so by whoever answers. */
const longestTurn = 15_000;

const is = <K extends Inbound['kind']>(row: InboxRow, kind: K): row is Of<K> => row.inbound.kind === kind;

export const sameUser = (a: ChatUser, b: ChatUser): boolean =>
  a.externalUser === b.externalUser && a.externalTenant === b.externalTenant && a.surface === b.surface;

/** Decides from what waits in a thread, and from nothing else, what is done first. */
export function nextStep(waiting: readonly InboxRow[], leave: ReadonlySet<string> = new Set()): Step | undefined {
  const rows = [...waiting].filter(({ id }) => !leave.has(id)).sort(bySaid);
  const begun = rows.find(({ turnId }) => turnId);
  if (begun) return { do: 'resume', rows: rows.filter(({ turnId }) => turnId === begun.turnId), turnId: begun.turnId! };
  const [first] = rows;
  if (!first) return undefined;
  if (is(first, 'message')) return ofMessage(first, rows);
  if (is(first, 'stop')) return { do: 'stop', rows: [first] };
  if (is(first, 'import')) return { do: 'import', rows: [first], press: first };

  const { messageId } = first.inbound as Extract<Inbound, { kind: 'edited' | 'deleted' }>;
  // the news came before what it is about
  const message = rows.filter((row) => is(row, 'message')).find((row) => row.inbound.messageId === messageId);
  if (message) return ofMessage(message, rows);
  if (is(first, 'deleted')) return { do: 'drop', rows: newsOf(messageId, rows) };
  const news = newsOf(messageId, rows);
  if (news.some((row) => is(row, 'deleted'))) return { do: 'drop', rows: news };
  const change = news.filter((row) => is(row, 'edited')).at(-1) as Of<'edited'>;
  return { do: 'revise', rows: news, change };
}

const bySaid = (a: InboxRow, b: InboxRow): number =>
  Date.parse(a.inbound.at) - Date.parse(b.inbound.at) || Number(BigInt(a.id) - BigInt(b.id));

/** Everything that waits and changes or takes back this message. */
const newsOf = (messageId: string, rows: readonly InboxRow[]): InboxRow[] =>
  rows.filter((row) => (is(row, 'edited') || is(row, 'deleted')) && row.inbound.messageId === messageId);

/** Questions of one person that nobody else's stand between are one turn, each as it reads now. */
function ofMessage(first: Of<'message'>, rows: readonly InboxRow[]): Step {
  const taken: InboxRow[] = [];
  const messages: Asked['messages'] = [];
  const files: ChatFile[] = [];
  let last: Inbound | undefined;
  let length = 0;
  for (const row of [first, ...rows.slice(rows.indexOf(first) + 1)]) {
    if (is(row, 'import')) break;
    if (!is(row, 'message')) continue;
    if (!sameUser(row.inbound.user, first.inbound.user)) break;
    // what is about something of its own, or for one person alone, is no part of what else was said
    if (row !== first && (isApart(row.inbound) || isApart(first.inbound))) break;
    const { messageId, text: said, files: sent } = row.inbound;
    const news = newsOf(messageId, rows);
    // what happened to it before it came back is over
    const since = (one: InboxRow) => !row.inbound.back || Date.parse(one.inbound.at) >= Date.parse(row.inbound.at);
    const gone = news.some((one) => is(one, 'deleted') && since(one)) || stopped(row, rows);
    const edit = news.filter((one) => is(one, 'edited') && since(one)).at(-1) as Of<'edited'> | undefined;
    const text = edit?.inbound.text ?? said;
    if (!gone && messages.length && length + text.length > longestTurn) break;
    taken.push(row, ...news);
    // a surface may tell of the same message in two ways
    if (gone || messages.some((one) => one.messageId === messageId)) continue;
    length += text.length;
    messages.push({ messageId, text });
    files.push(...sent);
    last = row.inbound;
  }
  if (!last) return { do: 'drop', rows: taken };
  const { about, outside, alone } = first.inbound;
  const apart = { ...(about && { about }), ...(outside && { outside }), ...(alone && { alone }) };
  return { do: 'answer', rows: taken, asked: { last, messages, files, ...apart } };
}

const isApart = ({ about, outside, alone }: Extract<Inbound, { kind: 'message' }>): boolean => Boolean(about || outside || alone);

/** "Stop" means what was asked before it, too, where that was not begun yet. */
const stopped = (row: InboxRow, rows: readonly InboxRow[]): boolean =>
  rows.some((other) => is(other, 'stop') && sameUser(other.inbound.user, row.inbound.user) && bySaid(row, other) <= 0);
