import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { EditField } from '../../../core/edit-form.ts';
import * as icons from './icons.tsx';
import { shortcuts } from './keys.ts';
import { type Dialog, keep, usePage } from './store.ts';

export function Dialogs() {
  const { state } = usePage();
  const { dialog } = state;
  if (!dialog) return null;
  if (dialog.kind === 'form') return <FormDialog key={dialog.form.token} dialog={dialog} />;
  return dialog.kind === 'confirm' ? <ConfirmDialog dialog={dialog} /> : <ShortcutsDialog />;
}

/** A dialog of the browser: it keeps focus inside, closes with Esc, and gives focus back to where it was. */
function Modal({ title, children, alert = false }: { title: string; children: ComponentChildren; alert?: boolean }) {
  const { store } = usePage();
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    const dialog = element.current;
    dialog?.showModal();
    return () => {
      // while it is open nothing outside of it takes focus
      dialog?.close();
      const there = before && document.contains(before) ? before : document.getElementById('say');
      there?.focus();
    };
  }, []);
  const close = (): void => store.set({ dialog: undefined });
  return (
    <dialog
      ref={element}
      class="dialog"
      role={alert ? 'alertdialog' : undefined}
      aria-labelledby="dialog-title"
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
    >
      <div class="dialog-head">
        <h2 id="dialog-title">{title}</h2>
        <button type="button" class="quiet" aria-label="Close" onClick={close}>
          <icons.Close />
        </button>
      </div>
      {children}
    </dialog>
  );
}

const formTitles = { edit: 'Edit, then approve', count: 'Approve many records', ask: 'Ask or wish for a change' };
const formSends = { edit: 'Approve', count: 'Approve', ask: 'Send' };

function FormDialog({ dialog }: { dialog: Extract<Dialog, { kind: 'form' }> }) {
  const { state, store, session } = usePage();
  const { form, problems } = dialog;
  const element = useRef<HTMLFormElement>(null);
  const busy = state.pressing.has(form.token);
  const counts = form.kind === 'count' || (form.kind === 'edit' && form.view.confirmCount !== null);
  const placed = [...form.fields.map(({ name }) => name), 'confirmCount', 'note'];
  const general = Object.entries(problems).filter(([name]) => !placed.includes(name));

  useEffect(() => {
    if (Object.keys(problems).length) element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    else element.current?.querySelector<HTMLElement>('input, textarea, select')?.focus();
  }, [problems]);

  return (
    <Modal title={formTitles[form.kind]}>
      <form
        ref={element}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const values = Object.fromEntries([...new FormData(event.currentTarget)].map(([name, value]) => [name, String(value)]));
          // half a date has no value, and is not the same as none
          for (const { name, validity } of event.currentTarget.querySelectorAll('input'))
            if (validity.badInput) values[name] = 'incomplete';
          void session.submit(values);
        }}
      >
        <p class="dialog-what">{form.view.title}</p>
        {general.map(([name, problem]) => (
          <p class="problem" role="alert" key={name}>
            {problem}
          </p>
        ))}
        {form.kind === 'edit' &&
          form.fields.map((field) => <Field key={field.name} field={field} problem={problems[field.name]} />)}
        {counts && (
          <Field
            field={{
              name: 'confirmCount',
              label: `This changes ${(form.view.confirmCount ?? 0).toLocaleString('en-US')} records. Type that number.`,
              value: '',
              kind: 'number',
            }}
            problem={problems['confirmCount']}
          />
        )}
        {form.kind === 'ask' && (
          <Field field={{ name: 'note', label: 'Your question or wish', value: '', kind: 'text' }} problem={problems['note']} />
        )}
        <div class="dialog-ends">
          <button type="button" class="secondary" onClick={() => store.set({ dialog: undefined })}>
            Not now
          </button>
          <button type="submit" class="primary" aria-disabled={busy}>
            {busy ? 'One moment…' : formSends[form.kind]}
          </button>
        </div>
      </form>
    </Modal>
  );
}

const optionWords: Record<string, string> = { true: 'Yes', false: 'No' };

/** Of the browser's own; a moment is picked by the clock on the wall. */
const pickers: Partial<Record<EditField['kind'], string>> = { date: 'date', time: 'time', moment: 'datetime-local' };

function Field({
  field: { name, label, value, kind, options, zone, required, hint = zone && `On your clock: ${zone}` },
  problem,
}: {
  field: EditField;
  problem: string | undefined;
}) {
  const id = `field-${name}`;
  const about = [problem && `${id}-problem`, hint && `${id}-hint`].filter(Boolean).join(' ') || undefined;
  const common = { id, name, 'aria-invalid': problem ? true : undefined, 'aria-describedby': about };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {kind === 'choice' ? (
        <select {...common} defaultValue={value} value={undefined}>
          {!options?.includes(value) && <option value={value}>{value || '(empty)'}</option>}
          {options?.map((option) => (
            <option key={option} value={option} selected={option === value}>
              {optionWords[option] ?? option}
            </option>
          ))}
        </select>
      ) : kind === 'text' ? (
        <textarea {...common} rows={4} defaultValue={value} />
      ) : (
        <input
          {...common}
          type={pickers[kind] ?? 'text'}
          inputMode={kind === 'number' ? 'decimal' : 'text'}
          autocomplete="off"
          required={required}
          defaultValue={kind === 'moment' ? value.slice(0, 16) : value}
        />
      )}
      {problem && (
        <p class="problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
      {hint && (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

function ConfirmDialog({ dialog }: { dialog: Extract<Dialog, { kind: 'confirm' }> }) {
  const { store } = usePage();
  const not = useRef<HTMLButtonElement>(null);
  useEffect(() => not.current?.focus(), []);
  return (
    <Modal title={dialog.title} alert>
      <p class="dialog-text">{dialog.text}</p>
      <div class="dialog-ends">
        <button type="button" class="secondary" ref={not} onClick={() => store.set({ dialog: undefined })}>
          Not now
        </button>
        <button
          type="button"
          class={dialog.danger ? 'primary danger' : 'primary'}
          onClick={() => {
            store.set({ dialog: undefined });
            dialog.confirmed();
          }}
        >
          {dialog.ok}
        </button>
      </div>
    </Modal>
  );
}

function ShortcutsDialog() {
  const { state, store } = usePage();
  return (
    <Modal title="Keyboard shortcuts">
      <dl class="shortcuts">
        {shortcuts.map(({ keys, what, single }) => (
          <div key={keys} class={single && !state.singleKeys ? 'off' : undefined}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <label class="switch">
        <input
          type="checkbox"
          checked={state.singleKeys}
          onChange={({ currentTarget: { checked } }) => {
            keep('keys', checked ? 'on' : 'off');
            store.set({ singleKeys: checked });
          }}
        />
        Shortcuts of a single letter
      </label>
    </Modal>
  );
}
