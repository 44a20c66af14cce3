import type { Session } from './session.ts';
import type { Store } from './store.ts';
import type { Press } from './wire.ts';

export interface Pressable extends Press {
  confirm?: { title: string; text: string; ok: string } | undefined;
  danger?: boolean;
}

/** Presses a button, asking once more where the card says so. */
export function pressButton(
  { store, session }: { store: Store; session: Session },
  { confirm, danger = false, ...press }: Pressable,
): void {
  if (!confirm) return void session.press(press);
  store.set({ dialog: { kind: 'confirm', ...confirm, danger, confirmed: () => void session.press(press) } });
}
