import { useState } from 'preact/hooks';
import { usePage } from '../store.ts';
import { type DeliveryWay, deliveryWays } from '../wire.ts';

const ways: Record<DeliveryWay, { name: string; what: string }> = {
  twice: {
    name: 'Twice',
    what: 'The same message at once two times, and again a second later, as Slack does when it hears no answer.',
  },
  late: { name: 'Late', what: 'Said a minute ago and delivered only now, behind a newer message.' },
  out_of_order: { name: 'Out of order', what: 'Two messages that arrive in the reverse of the order they were said in.' },
};

const usual = 'How many gold leads are in Texas?';

const outcomes: Record<string, string> = { new: 'New: answered', seen: 'Seen before: nothing happens twice' };

const clock = (iso: string): string =>
  new Date(iso).toLocaleTimeString('en-US', { hour: 'numeric', minute: '2-digit', second: '2-digit' });

/** Delivers a message as badly as networks do, and shows what became of each delivery. */
export function DeliveryPart() {
  const { state, session } = usePage();
  const [how, setHow] = useState<DeliveryWay>('twice');
  const [text, setText] = useState(usual);
  const [busy, setBusy] = useState(false);
  const deliver = async (): Promise<void> => {
    if (busy || !text.trim()) return;
    setBusy(true);
    await session.deliver(text.trim(), how);
    setBusy(false);
  };
  return (
    <>
      <h2 class="panel-title first">Deliver a message badly</h2>
      <p class="faint">Chat apps repeat, delay and reorder events. Whatever arrives, it is answered once and in order.</p>
      <form
        class="deliver"
        onSubmit={(event) => {
          event.preventDefault();
          void deliver();
        }}
      >
        <label for="deliver-text">Message</label>
        <textarea id="deliver-text" rows={2} value={text} onInput={({ currentTarget }) => setText(currentTarget.value)} />
        <fieldset>
          <legend>Arrives</legend>
          {deliveryWays.map((way) => (
            <label key={way} class="way">
              <input type="radio" name="how" value={way} checked={how === way} onChange={() => setHow(way)} />
              <span>
                <span class="way-name">{ways[way].name}</span>
                <span class="faint">{ways[way].what}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <button type="submit" class="primary" aria-disabled={busy}>
          {busy ? 'Delivering…' : 'Deliver'}
        </button>
      </form>
      <div aria-live="polite">
        {state.deliveries.length > 0 && (
          <>
            <h3 class="panel-title">What happened</h3>
            <ol class="deliveries">
              {state.deliveries.map((one, i) => (
                // a delivery that came twice has one key
                <li key={`${one.key} ${i}`} class={one.outcome}>
                  <p class="delivery-outcome">{outcomes[one.outcome] ?? one.outcome}</p>
                  <p class="delivery-text">{one.text}</p>
                  <p class="faint">
                    said {clock(one.saidAt)}, delivered {clock(one.deliveredAt)} · event {one.key.slice(-6)}
                  </p>
                </li>
              ))}
            </ol>
          </>
        )}
      </div>
    </>
  );
}
