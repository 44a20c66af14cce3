import { useEffect, useRef } from 'preact/hooks';
import * as icons from './icons.tsx';
import { usePage } from './store.ts';

/** Asks for a key where the server wants one, or says that nothing can be had. */
export function KeyGate() {
  const { state, session } = usePage();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  if (state.phase === 'failed')
    return (
      <main class="gate">
        <div class="gate-card">
          <icons.Mark />
          <h1>The playground cannot start</h1>
          <p role="alert">{state.reason}</p>
          <button type="button" class="primary" onClick={() => session.start()}>
            Try again
          </button>
        </div>
      </main>
    );
  return (
    <main class="gate">
      <form
        class="gate-card"
        onSubmit={(event) => {
          event.preventDefault();
          if (input.current?.value.trim()) session.useKey(input.current.value);
        }}
      >
        <icons.Mark />
        <h1>This server asks for a key</h1>
        <p>It is kept in this tab only, and forgotten when you close it.</p>
        <label for="key">API key</label>
        <input
          id="key"
          ref={input}
          type="password"
          autocomplete="off"
          spellcheck={false}
          required
          aria-describedby={state.reason ? 'key-problem key-how' : 'key-how'}
          aria-invalid={state.reason ? true : undefined}
        />
        {state.reason && (
          <p class="problem" id="key-problem" role="alert">
            {state.reason}
          </p>
        )}
        <button type="submit" class="primary">
          Open the playground
        </button>
        <p class="gate-how" id="key-how">
          No key yet? On the server: <code>npm run keys -- create --user NAME --role rep</code>
        </p>
      </form>
    </main>
  );
}
