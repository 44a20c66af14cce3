import { memo } from 'preact/compat';
import { Face } from './faces/face.tsx';
import * as icons from './icons.tsx';
import { agentName, modelName, money, sizeOf, timeOf } from './messages.ts';
import { type Sending, usePage } from './store.ts';
import type { Shown, ShownStep } from './wire.ts';

const surfaceNames: Record<string, string> = {
  slack: 'Slack',
  teams: 'Teams',
  terminal: 'the terminal',
  rest: 'the API',
  mcp: 'MCP',
};

/** One message: what somebody said, or an answer on every face with who gave it. */
export const Row = memo(function Row({ shown, light, change }: { shown: Shown; light: 'light' | 'dark'; change?: Change }) {
  return shown.from === 'you' ? <Said shown={shown} change={change} /> : <Answer shown={shown} light={light} />;
});

/** Whether one's words can be changed, or just are. */
export type Change = 'possible' | 'under way' | undefined;

function Said({ shown: { text, files, at, via, edited }, change }: { shown: Shown; change: Change }) {
  const { session } = usePage();
  return (
    <li class="row you">
      <div class={change === 'under way' ? 'bubble changing' : 'bubble'}>
        <span class="hidden">You said: </span>
        {text && <p class="said">{text}</p>}
        <Files files={files} />
      </div>
      <p class="under">
        {change === 'possible' && (
          <button
            type="button"
            class="change"
            aria-label="Change your last message"
            title="Change it (↑)"
            onClick={() => session.edit()}
          >
            <icons.Pencil size={15} />
          </button>
        )}
        {via && <span>in {surfaceNames[via] ?? via}</span>}
        {edited && <span>edited</span>}
        <time dateTime={at}>{timeOf(at)}</time>
      </p>
    </li>
  );
}

const Files = ({ files }: { files: { name: string; bytes: number }[] | undefined }) => (
  <>
    {files?.map(({ name, bytes }) => (
      <p class="file" key={name}>
        <icons.Sheet /> {name} <span class="faint">{sizeOf(bytes)}</span>
      </p>
    ))}
  </>
);

/** What one has said and the server has not shown yet. */
export function SendingRow({ sending: { key, text, files, problem } }: { sending: Sending }) {
  const { session } = usePage();
  return (
    <li class="row you">
      <div class={problem ? 'bubble failed' : 'bubble going'}>
        {text && <p class="said">{text}</p>}
        <Files files={files} />
      </div>
      <p class="under" role={problem ? 'alert' : undefined}>
        {problem ? (
          <>
            <span class="problem">Not sent. {problem}</span>{' '}
            <button type="button" class="link" onClick={() => session.sayAgain(key)}>
              Write it again
            </button>
          </>
        ) : (
          'Sending…'
        )}
      </p>
    </li>
  );
}

function Answer({ shown, light }: { shown: Shown; light: 'light' | 'dark' }) {
  const { writing, steps, slack, teams, made, whisper, via, at } = shown;
  const drawn = slack.length > 0 || teams.length > 0;
  return (
    <li class="row answer">
      <span class="hidden">Sales Agent answered: </span>
      <Steps steps={steps} writing={writing && !drawn} />
      {whisper && (
        <p class="only-you">
          <icons.Eye size={16} /> Only you see this
        </p>
      )}
      {drawn && <Face shown={shown} light={light} />}
      <p class="under">
        {made && !writing && (
          <span class="made">
            <span>{agentName(made.agent)}</span>
            <span>{modelName(made.model)}</span>
            <span>{money(made.costUsd)}</span>
            {made.degraded && !made.model.startsWith('offline') && <span class="degraded">a fallback answered</span>}
          </span>
        )}
        {via && <span>in {surfaceNames[via] ?? via}</span>}
        {!writing && <time dateTime={at}>{timeOf(at)}</time>}
      </p>
    </li>
  );
}

const stepIcons = { done: icons.Check, failed: icons.Cross, waiting: icons.Pause, running: icons.Dot };
const stepWords = { done: 'done', failed: 'failed', waiting: 'waits for a person', running: 'under way' };

/** What is being done for the answer. */
function Steps({ steps, writing }: { steps: ShownStep[]; writing: boolean }) {
  if (!steps.length)
    return writing ? (
      <p class="thinking">
        <span class="spinner" aria-hidden="true" /> Thinking…
      </p>
    ) : null;
  return (
    <ul class="steps" aria-label="Steps">
      {steps.map(({ id, title, status }) => {
        const Icon = stepIcons[status];
        return (
          <li key={id} class={`step ${status}`}>
            {status === 'running' ? <span class="spinner" aria-hidden="true" /> : <Icon size={15} />}
            {title}
            <span class="hidden">, {stepWords[status]}</span>
          </li>
        );
      })}
    </ul>
  );
}
