import { useEffect } from 'preact/hooks';
import { Banner, Toast } from './banner.tsx';
import { Composer } from './composer.tsx';
import { Conversation } from './conversation.tsx';
import { Dialogs } from './dialogs.tsx';
import { DropZone } from './drop-zone.tsx';
import { keepFocus } from './focus.ts';
import { KeyGate } from './key-gate.tsx';
import { listenToKeys } from './keys.ts';
import { Panel } from './panel/panel.tsx';
import { usePage } from './store.ts';
import { useLight } from './theme.ts';
import { TopBar } from './top-bar.tsx';

export function App() {
  const { state, store, session } = usePage();
  const light = useLight(state.theme);
  useEffect(() => listenToKeys(store, session), [store, session]);
  useEffect(keepFocus, []);

  if (state.phase === 'key' || state.phase === 'failed') return <KeyGate />;
  return (
    <div class="page" data-face={state.face}>
      <a class="skip" href="#say">
        Skip to the message box
      </a>
      <TopBar />
      <Banner />
      <div class="columns">
        <main class="chat" aria-label="Conversation">
          <h1 class="hidden">Sales Agent playground</h1>
          <Conversation light={light} />
          <Composer />
        </main>
        {state.panelOpen && <div class="shade" onClick={() => store.set({ panelOpen: false })} aria-hidden="true" />}
        <Panel />
      </div>
      <DropZone />
      <Dialogs />
      <Toast />
      <p class="hidden" aria-live="polite" id="announced">
        {state.announced}
      </p>
    </div>
  );
}
