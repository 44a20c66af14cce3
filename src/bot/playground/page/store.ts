import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Session } from './session.ts';
import type { Costs, Delivery, EditForm, Me, Person, Receipt, Shown, Waiting } from './wire.ts';

export const faceNames = ['both', 'slack', 'teams', 'json'] as const;
export type FaceName = (typeof faceNames)[number];
export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];
export const panels = ['approvals', 'receipts', 'costs', 'delivery'] as const;
export type PanelName = (typeof panels)[number];

/** A file that is to go with the next message. */
export interface Attachment {
  id: string;
  name: string;
  bytes: number;
  /** 0 to 1 while it is on its way; nothing once it is there. */
  progress?: number;
  uploadId?: string;
  problem?: string;
}

/** A message that the server has not shown yet. */
export interface Sending {
  key: string;
  text: string;
  files: { name: string; bytes: number }[];
  problem?: string;
}

export type Dialog =
  | { kind: 'form'; form: EditForm; problems: Record<string, string>; messageId?: string }
  | { kind: 'confirm'; title: string; text: string; ok: string; danger: boolean; confirmed(): void }
  | { kind: 'shortcuts' };

export interface State {
  phase: 'loading' | 'key' | 'ready' | 'failed';
  /** Why a key is asked for, or what failed. */
  reason?: string | undefined;
  me?: Me | undefined;
  who?: Person | undefined;
  messages: readonly Shown[];
  sending: readonly Sending[];
  /** Whether the messages there were have all arrived. */
  caughtUp: boolean;
  connection: 'connecting' | 'live' | 'lost';
  attachments: readonly Attachment[];
  draft: string;
  /** The message whose words stand in the draft, to be changed. */
  editing?: Shown | undefined;
  queue?: readonly Waiting[] | undefined;
  receipts?: readonly Receipt[] | undefined;
  costs?: Costs | undefined;
  deliveries: readonly Delivery[];
  /** Tokens of buttons that were pressed and not answered yet. */
  pressing: ReadonlySet<string>;
  dialog?: Dialog | undefined;
  /** Said for a moment: what a press came to, or what went wrong. */
  toast?: { text: string; bad: boolean; id: number } | undefined;
  /** Read aloud, politely. */
  announced: string;
  face: FaceName;
  theme: Theme;
  singleKeys: boolean;
  panel: PanelName;
  /** On narrow screens the panel lies over the conversation. */
  panelOpen: boolean;
}

const read = <T extends string>(name: string, allowed: readonly T[], usual: T): T => {
  try {
    const kept = localStorage.getItem(`playground.${name}`) as T | null;
    return kept !== null && allowed.includes(kept) ? kept : usual;
  } catch {
    return usual; // a browser that keeps nothing still talks
  }
};

export const keep = (name: string, value: string): void => {
  try {
    localStorage.setItem(`playground.${name}`, value);
  } catch {
    // a preference that is not kept is chosen again next time
  }
};

const wide = (): boolean => window.matchMedia('(min-width: 1100px)').matches;

const firstState = (): State => ({
  phase: 'loading',
  messages: [],
  sending: [],
  caughtUp: false,
  connection: 'connecting',
  attachments: [],
  draft: '',
  deliveries: [],
  pressing: new Set(),
  announced: '',
  face: read('face', faceNames, wide() ? 'both' : 'slack'),
  theme: read('theme', themes, 'system'),
  singleKeys: read('keys', ['on', 'off'], 'on') === 'on',
  panel: 'approvals',
  panelOpen: false,
});

/** What the page knows; whoever draws it is told of changes. */
export class Store {
  #state: State = firstState();
  readonly #watchers = new Set<(state: State) => void>();

  get state(): State {
    return this.#state;
  }

  set(change: Partial<State> | ((state: State) => Partial<State>)): void {
    this.#state = { ...this.#state, ...(typeof change === 'function' ? change(this.#state) : change) };
    for (const watcher of this.#watchers) watcher(this.#state);
  }

  watch(watcher: (state: State) => void): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }
}

export const PageContext = createContext<{ store: Store; session: Session }>(undefined as never);

/** The state, drawn anew with every change, and what one can do. */
export function usePage(): { state: State; store: Store; session: Session } {
  const { store, session } = useContext(PageContext);
  const [state, setState] = useState(store.state);
  useEffect(() => {
    setState(store.state);
    return store.watch(setState);
  }, [store]);
  return { state, store, session };
}
