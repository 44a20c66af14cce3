import { usePage } from '../store.ts';
import type { Shown } from '../wire.ts';

/** What Slack and Teams are sent, letter by letter. */
export function JsonFace({ shown: { slack, teams } }: { shown: Shown }) {
  return (
    <div class="pair">
      <Json name="Slack" value={slack} />
      <Json name="Teams" value={teams} />
    </div>
  );
}

function Json({ name, value }: { name: string; value: unknown }) {
  const { session } = usePage();
  const text = JSON.stringify(value, undefined, 2);
  return (
    <div role="group" class="face json" aria-label={`JSON for ${name}`}>
      <div class="json-head">
        <p class="face-name" aria-hidden="true">
          {name}
        </p>
        <button
          type="button"
          class="link"
          aria-label={`Copy the JSON for ${name}`}
          onClick={async () => {
            try {
              await navigator.clipboard.writeText(text);
              session.toast('Copied.');
            } catch {
              session.toast('The browser does not allow copying here.', true);
            }
          }}
        >
          Copy
        </button>
      </div>
      {/* what scrolls can be scrolled with keys */}
      <pre tabIndex={0} role="group" aria-label={`JSON for ${name}, to scroll`}>
        {text}
      </pre>
    </div>
  );
}
