import type { Shown } from './wire.ts';

/** The conversation with one message more, or newer. What was changed stays where it stands. */
export function merged(messages: readonly Shown[], shown: Shown): Shown[] {
  const at = messages.findIndex(({ id }) => id === shown.id);
  if (at >= 0) return messages[at]!.seq > shown.seq ? [...messages] : messages.with(at, shown);
  const later = messages.findIndex((one) => isLater(one.id, shown.id));
  return later < 0 ? [...messages, shown] : [...messages.slice(0, later), shown, ...messages.slice(later)];
}

/** Ids grow in the order in which things are said. */
const isLater = (a: string, b: string): boolean => (a.length === b.length ? a > b : a.length > b.length);

export const without = (messages: readonly Shown[], id: string): Shown[] => messages.filter((one) => one.id !== id);

/** The last thing one said, where it can be changed: words of one's own, said here, and no list with them. */
export function changeable(messages: readonly Shown[]): Shown | undefined {
  const last = messages.findLast(({ from }) => from === 'you');
  return last?.text && !last.via && !last.picked && !last.files ? last : undefined;
}

/** "9:41 AM", with the day when it was not today. */
export function timeOf(iso: string): string {
  const date = new Date(iso);
  const today = new Date().toDateString() === date.toDateString();
  return date.toLocaleString('en-US', { hour: 'numeric', minute: '2-digit', ...(!today && { month: 'short', day: 'numeric' }) });
}

const agentNames: Record<string, string> = {
  'sr-bdr': 'SR/BDR assistant',
  'pipeline-manager': 'Pipeline manager',
  'customer-success': 'Customer success',
};

export const agentName = (agent: string): string =>
  agentNames[agent] ?? (agent.charAt(0).toUpperCase() + agent.slice(1)).replaceAll(/[-_]/g, ' ');

/** Who answered, in words: `none` means that code did. */
export const modelName = (model: string): string =>
  model === 'none' ? 'no model asked' : model === 'rules' || model.startsWith('offline') ? 'offline rules' : model;

/** "$0.0031": as many digits as say something. */
export function money(usd: string): string {
  const value = Number(usd);
  if (!Number.isFinite(value)) return usd;
  if (value === 0) return '$0';
  if (value >= 1) return `$${value.toFixed(2)}`;
  return `$${value.toLocaleString('en-US', { maximumSignificantDigits: value >= 0.01 ? 3 : 2 })}`;
}

export function sizeOf(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1_048_576 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`;
}
