import { useRef } from 'preact/hooks';
import * as icons from './icons.tsx';
import { openPanel } from './keys.ts';
import { People } from './people.tsx';
import { type FaceName, faceNames, keep, themes, usePage } from './store.ts';

const faceLabels: Record<FaceName, string> = { both: 'Both', slack: 'Slack', teams: 'Teams', json: 'JSON' };
const themeIcons = { system: icons.Screen, light: icons.Sun, dark: icons.Moon };

export function TopBar() {
  const { state, store } = usePage();
  const next = themes[(themes.indexOf(state.theme) + 1) % themes.length]!;
  const ThemeIcon = themeIcons[state.theme];
  const waiting = state.queue?.filter(({ mine }) => mine).length ?? 0;
  return (
    <header class="top">
      <div class="brand">
        <icons.Mark />
        <span class="brand-name">Sales Agent</span>
        <span class="brand-where">Playground</span>
      </div>
      <Faces />
      <div class="tools">
        <button
          type="button"
          class="quiet"
          aria-label={`Colours: ${state.theme}. Change to ${next}`}
          title={`Colours: ${state.theme}`}
          onClick={() => {
            keep('theme', next);
            store.set({ theme: next });
          }}
        >
          <ThemeIcon />
        </button>
        <button
          type="button"
          class="quiet only-wide"
          aria-label="Keyboard shortcuts"
          title="Keyboard shortcuts (?)"
          onClick={() => store.set({ dialog: { kind: 'shortcuts' } })}
        >
          <span aria-hidden="true" class="question">
            ?
          </span>
        </button>
        <button
          type="button"
          class="quiet panel-button"
          aria-expanded={state.panelOpen}
          aria-controls="panel"
          aria-label={waiting ? `Approvals and more: ${waiting} waiting` : 'Approvals and more'}
          onClick={() => (state.panelOpen ? store.set({ panelOpen: false }) : openPanel(store, state.panel))}
        >
          <icons.Inbox size={20} />
          {waiting > 0 && <span class="badge">{waiting}</span>}
        </button>
        <People />
      </div>
    </header>
  );
}

/** Which face the cards are drawn with. */
function Faces() {
  const { state, store } = usePage();
  const group = useRef<HTMLDivElement>(null);
  const choose = (face: FaceName): void => {
    keep('face', face);
    store.set({ face });
  };
  return (
    <div class="faces" role="radiogroup" aria-label="Draw cards as" ref={group}>
      {faceNames.map((face, i) => (
        <button
          key={face}
          type="button"
          role="radio"
          aria-checked={state.face === face}
          tabIndex={state.face === face ? 0 : -1}
          onClick={() => choose(face)}
          onKeyDown={(event) => {
            const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
            if (!step) return;
            event.preventDefault();
            const at = (i + step + faceNames.length) % faceNames.length;
            choose(faceNames[at]!);
            (group.current?.children[at] as HTMLElement | undefined)?.focus();
          }}
        >
          {faceLabels[face]}
        </button>
      ))}
    </div>
  );
}
