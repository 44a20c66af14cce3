import { memo } from 'preact/compat';
import { usePage } from '../store.ts';
import type { Shown } from '../wire.ts';
import { JsonFace } from './json.tsx';
import { SlackFace } from './slack.tsx';
import { TeamsFace } from './teams.tsx';

/** An answer as chat apps draw it: one of them, both side by side, or what they are sent. */
export function Face({ shown, light }: { shown: Shown; light: 'light' | 'dark' }) {
  const { state } = usePage();
  return <Drawn shown={shown} light={light} face={state.face} />;
}

const Drawn = memo(function Drawn({ shown, light, face }: { shown: Shown; light: 'light' | 'dark'; face: string }) {
  if (face === 'json') return <JsonFace shown={shown} />;
  return (
    <div class={face === 'both' ? 'pair' : 'pair one'}>
      {face !== 'teams' && (
        <div role="group" class="face slack" aria-label="In Slack">
          <p class="face-name" aria-hidden="true">
            Slack
          </p>
          <SlackFace shown={shown} light={light} />
        </div>
      )}
      {face !== 'slack' && (
        <div role="group" class="face teams" aria-label="In Teams">
          <p class="face-name" aria-hidden="true">
            Teams
          </p>
          <TeamsFace shown={shown} light={light} />
        </div>
      )}
    </div>
  );
});
