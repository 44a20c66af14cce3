import * as icons from './icons.tsx';
import { usePage } from './store.ts';

/** That the connection is lost, for as long as it is. */
export function Banner() {
  const { state } = usePage();
  return (
    <div role="status" class="banner-place">
      {state.connection === 'lost' && (
        <p class="banner">
          <span class="spinner" aria-hidden="true" />
          Connection lost. Looking for the server again; nothing you said is forgotten.
        </p>
      )}
    </div>
  );
}

/** What a press came to, or what went wrong. */
export function Toast() {
  const { state, store } = usePage();
  const { toast } = state;
  return (
    <div class="toast-place" role={toast?.bad ? 'alert' : 'status'}>
      {toast && (
        <div class={toast.bad ? 'toast bad' : 'toast'} key={toast.id}>
          <p>{toast.text}</p>
          <button type="button" class="quiet" aria-label="Close this note" onClick={() => store.set({ toast: undefined })}>
            <icons.Close size={16} />
          </button>
        </div>
      )}
    </div>
  );
}
