import type { Session } from './session.ts';
import { faceNames, keep, type PanelName, type Store } from './store.ts';

/** Every shortcut, as the help shows them. Those of a single letter can be switched off. */
export const shortcuts: { keys: string; what: string; single?: true }[] = [
  { keys: 'Enter', what: 'Send' },
  { keys: 'Shift Enter', what: 'New line' },
  { keys: '↑', what: 'Change your last message, from an empty box' },
  { keys: 'Esc', what: 'Close what is open, leave a change, or stop the answer' },
  { keys: '/', what: 'Go to the message box', single: true },
  { keys: 'F', what: 'Next face: both, Slack, Teams, JSON', single: true },
  { keys: 'A', what: 'Approvals', single: true },
  { keys: 'R', what: 'Receipts', single: true },
  { keys: 'C', what: 'Costs', single: true },
  { keys: 'D', what: 'Delivery', single: true },
  { keys: 'U', what: 'Act as somebody else', single: true },
  { keys: '?', what: 'These shortcuts', single: true },
];

const panelKeys: Record<string, PanelName> = { a: 'approvals', r: 'receipts', c: 'costs', d: 'delivery' };

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));

/** Keys that work wherever one is on the page. */
export function listenToKeys(store: Store, session: Session): () => void {
  const pressed = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const { state } = store;
    // a dialog closes itself, and gives focus back
    if (state.dialog || state.phase !== 'ready') return;
    if (event.key === 'Escape') {
      closeOrStop(store, session);
      return;
    }
    if (!state.singleKeys || typing(event.target)) return;
    const panel = panelKeys[event.key.toLowerCase()];
    if (event.key === '/') document.getElementById('say')?.focus();
    else if (event.key === '?') store.set({ dialog: { kind: 'shortcuts' } });
    else if (event.key.toLowerCase() === 'f') {
      const face = faceNames[(faceNames.indexOf(state.face) + 1) % faceNames.length]!;
      keep('face', face);
      store.set({ face, announced: `Cards are drawn as ${face}` });
    } else if (event.key.toLowerCase() === 'u') document.getElementById('people')?.click();
    else if (panel) openPanel(store, panel);
    else return;
    event.preventDefault();
  };
  document.addEventListener('keydown', pressed);
  return () => document.removeEventListener('keydown', pressed);
}

function closeOrStop(store: Store, session: Session): void {
  const { state } = store;
  if (state.panelOpen) {
    store.set({ panelOpen: false });
    document.querySelector<HTMLElement>('.panel-button')?.focus();
  } else if (state.editing) session.cancelEdit();
  else if (state.messages.some(({ writing }) => writing)) void session.stop();
}

/** Shows a part of the side panel and goes there. */
export function openPanel(store: Store, panel: PanelName): void {
  store.set({ panel, panelOpen: true });
  requestAnimationFrame(() => document.getElementById(`tab-${panel}`)?.focus());
}
