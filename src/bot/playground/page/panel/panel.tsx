import { useRef } from 'preact/hooks';
import * as icons from '../icons.tsx';
import { type PanelName, panels, usePage } from '../store.ts';
import { Approvals } from './approvals.tsx';
import { CostsPart } from './costs.tsx';
import { DeliveryPart } from './delivery.tsx';
import { Receipts } from './receipts.tsx';

const labels: Record<PanelName, string> = { approvals: 'Approvals', receipts: 'Receipts', costs: 'Costs', delivery: 'Delivery' };
const parts = { approvals: Approvals, receipts: Receipts, costs: CostsPart, delivery: DeliveryPart };

/** Beside the conversation: what waits, what was done, what it cost, and what deliveries can go wrong. */
export function Panel() {
  const { state, store } = usePage();
  const tabs = useRef<HTMLDivElement>(null);
  const Part = parts[state.panel];
  const waiting = state.queue?.filter(({ mine }) => mine).length ?? 0;
  const choose = (panel: PanelName): void => store.set({ panel });
  return (
    <aside id="panel" class={state.panelOpen ? 'panel open' : 'panel'} aria-label="Approvals, receipts, costs and delivery">
      <div class="panel-head">
        <div class="tabs" role="tablist" aria-label="Beside the conversation" ref={tabs}>
          {panels.map((panel, i) => (
            <button
              key={panel}
              type="button"
              role="tab"
              id={`tab-${panel}`}
              aria-selected={state.panel === panel}
              aria-controls="panel-part"
              tabIndex={state.panel === panel ? 0 : -1}
              onClick={() => choose(panel)}
              onKeyDown={(event) => {
                const to = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: panels.length - 1 }[event.key];
                if (to === undefined) return;
                event.preventDefault();
                const at = (to + panels.length) % panels.length;
                choose(panels[at]!);
                (tabs.current?.children[at] as HTMLElement | undefined)?.focus();
              }}
            >
              {labels[panel]}
              {panel === 'approvals' && waiting > 0 && (
                <span class="badge">
                  {waiting}
                  <span class="hidden"> waiting for you</span>
                </span>
              )}
            </button>
          ))}
        </div>
        <button
          type="button"
          class="quiet panel-close"
          aria-label="Close this panel"
          onClick={() => {
            store.set({ panelOpen: false });
            document.querySelector<HTMLElement>('.panel-button')?.focus();
          }}
        >
          <icons.Close />
        </button>
      </div>
      {/* what scrolls can be scrolled with keys */}
      <div class="panel-part" role="tabpanel" id="panel-part" aria-labelledby={`tab-${state.panel}`} tabIndex={0}>
        <Part />
      </div>
    </aside>
  );
}

export const Empty = ({ title, children }: { title: string; children: string }) => (
  <div class="empty">
    <p class="empty-title">{title}</p>
    <p>{children}</p>
  </div>
);
