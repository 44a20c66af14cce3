import { useEffect, useRef, useState } from 'preact/hooks';
import * as icons from './icons.tsx';
import { sizeOf } from './messages.ts';
import { type Attachment, usePage } from './store.ts';

const tallest = 220;

/** Where one says something: text, files, and the way to stop an answer. */
export function Composer() {
  const { state, store, session } = usePage();
  const box = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const { draft, attachments, messages } = state;
  const writing = messages.some((message) => message.writing);
  const uploading = attachments.some(({ progress }) => progress !== undefined);
  const ready = (draft.trim() !== '' || attachments.some(({ uploadId }) => uploadId)) && !uploading;

  // as tall as what stands in it
  useEffect(() => {
    if (!box.current) return;
    box.current.style.height = 'auto';
    box.current.style.height = `${Math.min(box.current.scrollHeight, tallest)}px`;
  }, [draft]);
  useEffect(() => {
    if (state.phase === 'ready' && window.matchMedia('(pointer: fine)').matches) box.current?.focus();
  }, [state.phase, state.who?.handle, attachments.length]);

  // the words to change are gone on with at their end
  const { editing } = state;
  useEffect(() => {
    if (!editing) return;
    box.current?.focus();
    box.current?.setSelectionRange(editing.text!.length, editing.text!.length);
  }, [editing]);

  // a message whose list is still on its way goes off when it is there
  const [waits, setWaits] = useState(false);
  useEffect(() => {
    if (!waits || uploading) return;
    setWaits(false);
    if (ready) void session.say(draft);
  }, [waits, uploading]);

  const send = (): void => {
    if (ready) void session.say(draft);
    else if (uploading) setWaits(true);
    box.current?.focus();
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === 'ArrowUp' && draft === '') {
      if (session.edit()) event.preventDefault();
    }
  };

  return (
    <div class="composer-place">
      <form
        class="composer"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <Ideas />
        <div class={editing ? 'box editing' : 'box'}>
          {editing && (
            <p class="editing-words">
              <icons.Pencil size={15} />
              <span>
                Changing your last message<span class="only-wide"> · it is answered anew</span>
              </span>
              <button type="button" class="link" onClick={() => session.cancelEdit()}>
                Cancel <kbd class="only-wide">Esc</kbd>
              </button>
            </p>
          )}
          {attachments.length > 0 && (
            <ul class="attachments" aria-label="Files to send">
              {attachments.map((file) => (
                <File key={file.id} file={file} />
              ))}
            </ul>
          )}
          <textarea
            id="say"
            ref={box}
            rows={1}
            value={draft}
            aria-label={editing ? 'Your last message, to be changed' : 'Message to the assistant'}
            placeholder={
              uploading
                ? waits
                  ? 'It goes off when the list is there'
                  : 'The list is on its way…'
                : attachments.length
                  ? 'Say something about the list, or just send it'
                  : 'Ask, order, or drop a list here'
            }
            onInput={({ currentTarget }) => store.set({ draft: currentTarget.value })}
            onKeyDown={onKey}
            onPaste={(event) => {
              const files = event.clipboardData?.files;
              if (!files?.length) return;
              event.preventDefault();
              session.attach(files);
            }}
          />
          <div class="box-tools">
            <input
              ref={picker}
              type="file"
              hidden
              accept=".csv,.tsv,.txt,.xlsx,.gz,.zip"
              onChange={({ currentTarget }) => {
                session.attach(currentTarget.files ?? []);
                currentTarget.value = '';
              }}
            />
            <button
              type="button"
              class="quiet"
              aria-label="Attach a list"
              title="Attach a list"
              onClick={() => picker.current?.click()}
            >
              <icons.Clip size={20} />
            </button>
            {messages.length > 0 && !editing && (
              <button
                type="button"
                class="quiet"
                aria-label="Begin a new conversation"
                title="Begin anew"
                onClick={() =>
                  store.set({
                    dialog: {
                      kind: 'confirm',
                      title: 'Begin anew?',
                      text: 'The messages here are hidden. Leads, approvals and receipts stay as they are.',
                      ok: 'Begin anew',
                      danger: false,
                      confirmed: () => void session.clear(),
                    },
                  })
                }
              >
                <icons.NewConversation size={20} />
              </button>
            )}
            <span class="hint only-wide">
              <kbd>Enter</kbd> to {editing ? 'save' : 'send'} · <kbd>Shift Enter</kbd> for a new line
            </span>
            {writing && !editing ? (
              <button
                type="button"
                class="send stop"
                aria-label="Stop the answer"
                title="Stop (Esc)"
                onClick={() => void session.stop()}
              >
                <icons.StopSign />
              </button>
            ) : (
              // stays reachable while it cannot send, so that focus is never lost
              <button
                type="submit"
                class="send"
                aria-label={editing ? 'Save the change' : 'Send'}
                title={editing ? 'Save (Enter)' : 'Send (Enter)'}
                aria-disabled={!ready && !uploading}
              >
                {editing ? <icons.Check size={20} /> : <icons.Send />}
              </button>
            )}
          </div>
        </div>
      </form>
    </div>
  );
}

function File({ file: { id, name, bytes, progress, problem } }: { file: Attachment }) {
  const { session } = usePage();
  const percent = Math.round((progress ?? 0) * 100);
  return (
    <li class={problem ? 'attachment bad' : 'attachment'}>
      <icons.Sheet />
      <span class="attachment-words">
        <span class="attachment-name">{name}</span>
        {problem ? (
          <span class="problem" role="alert">
            {problem}
          </span>
        ) : (
          <span class="faint">{progress === undefined ? sizeOf(bytes) : `${percent} % of ${sizeOf(bytes)}`}</span>
        )}
        {progress !== undefined && <progress aria-label={`Uploading ${name}`} max={100} value={percent} />}
      </span>
      <button type="button" class="quiet" aria-label={`Leave out ${name}`} onClick={() => session.detach(id)}>
        <icons.Close size={16} />
      </button>
    </li>
  );
}

const ideasUntil = 3;

/** The next things to try, until one has found out how it goes. */
function Ideas() {
  const { state, session } = usePage();
  const { me, messages, attachments, draft } = state;
  const said = messages.filter(({ from }) => from === 'you');
  if (!me || !said.length || said.length > ideasUntil || attachments.length || draft || messages.some(({ writing }) => writing))
    return null;
  const left = me.suggestions.filter((idea) => !said.some(({ text }) => text === idea)).slice(0, 3);
  if (!left.length) return null;
  return (
    <ul class="chips" aria-label="Things to try">
      {left.map((idea) => (
        <li key={idea}>
          <button type="button" class="chip" onClick={() => void session.say(idea)}>
            {idea}
          </button>
        </li>
      ))}
    </ul>
  );
}
