import { type Api, createApi, outsider, Refused } from './api.ts';
import { changeable, merged, without } from './messages.ts';
import { type Attachment, keep, type Sending, type State, type Store } from './store.ts';
import { follow, type StreamEvent } from './stream.ts';
import type { DeliveryWay, Person, Press, Shown, Waiting } from './wire.ts';

/** What one can do on the page. Everything that fails says so where one looks. */
export interface Session {
  start(): void;
  useKey(key: string): void;
  actAs(person: Person): void;
  say(text: string): Promise<void>;
  sayAgain(key: string): void;
  /** Takes the last message back into the box, to change it; whether there is one. */
  edit(): boolean;
  cancelEdit(): void;
  attach(files: Iterable<File>): void;
  detach(id: string): void;
  press(press: Press): Promise<void>;
  /** Sends the open form. */
  submit(values: Record<string, string>): Promise<void>;
  stop(): Promise<void>;
  clear(): Promise<void>;
  undo(receiptId: string): Promise<void>;
  deliver(text: string, how: DeliveryWay): Promise<void>;
  refresh(what: 'queue' | 'receipts' | 'costs' | 'me'): Promise<void>;
  toast(text: string, bad?: boolean): void;
}

const keyName = 'playground.key';
const toastMs = 6000;

export function createSession(store: Store): Session {
  let key: string | undefined = remembered();
  let as: string | undefined;
  let api: Api = createApi({});
  let hangUp: () => void = () => undefined;
  let toasts = 0;
  const uploads = new Map<string, () => void>();

  const session: Session = {
    start: () => void begin(),
    useKey(given) {
      key = given.trim();
      as = undefined;
      void begin();
    },
    actAs(person) {
      as = person.handle;
      keep('as', as);
      void begin();
    },
    async say(text) {
      const { editing } = store.state;
      if (editing) return changed(editing, text.trim());
      const files = store.state.attachments.filter((file) => file.uploadId);
      if (!text.trim() && !files.length) return;
      const message = {
        key: newKey(),
        text: text.trim(),
        ...(files.length && { files: files.map(({ uploadId, name, bytes }) => ({ uploadId: uploadId!, name, bytes })) }),
      };
      store.set(({ sending, attachments }) => ({
        draft: '',
        sending: [...sending, { key: message.key, text: message.text, files: files.map(({ name, bytes }) => ({ name, bytes })) }],
        attachments: attachments.filter((file) => !files.includes(file)),
      }));
      await deliverMessage(message);
    },
    sayAgain(messageKey) {
      const again = store.state.sending.find((one) => one.key === messageKey);
      if (!again) return;
      store.set(({ sending }) => ({ sending: sending.filter((one) => one.key !== messageKey), draft: again.text }));
    },
    edit() {
      const last = changeable(store.state.messages);
      if (last)
        store.set({ editing: last, draft: last.text!, announced: 'Changing your last message. Escape leaves it as it is.' });
      return last !== undefined;
    },
    cancelEdit: () => store.set({ editing: undefined, draft: '', announced: 'Left as it was.' }),
    attach: (files) => [...files].forEach(uploadOne),
    detach(id) {
      uploads.get(id)?.();
      store.set(({ attachments }) => ({ attachments: attachments.filter((file) => file.id !== id) }));
    },
    press: (press) => pressed(press),
    async submit(values) {
      const { dialog } = store.state;
      if (dialog?.kind !== 'form') return;
      const { form, messageId } = dialog;
      await pressed({ token: form.token, values, ...(messageId && { messageId }) }, true);
    },
    stop: () => trying(() => api.stop()),
    clear: () =>
      trying(async () => {
        await api.clear();
        store.set({ messages: [], sending: [], deliveries: [], editing: undefined });
      }),
    undo: (id) =>
      trying(async () => {
        const { waits } = await api.undo(id);
        session.toast(waits ? 'Undoing this asks for approval: see Approvals.' : 'Taken back.');
        await session.refresh('receipts');
      }),
    deliver: (text, how) =>
      trying(async () => {
        const deliveries = await api.deliver(text, how);
        store.set((state) => ({ deliveries: [...deliveries, ...state.deliveries].slice(0, 20) }));
      }),
    async refresh(what) {
      const from = api;
      const ask: Record<typeof what, () => Promise<Partial<State>>> = {
        queue: async () => ({ queue: await from.queue() }),
        receipts: async () => ({ receipts: await from.receipts() }),
        costs: async () => ({ costs: await from.costs() }),
        me: async () => ({ me: await from.me() }),
      };
      try {
        const found = await ask[what]();
        if (from === api) store.set(found);
      } catch (error) {
        // an outsider has none of these; what others miss comes with the next change, and that the connection is lost stands above it
        if (from === api && error instanceof Refused && error.status)
          store.set(({ queue = [], receipts = [] }) => ({ queue, receipts }));
      }
    },
    toast(text, bad = false) {
      toasts += 1;
      const id = toasts;
      store.set({ toast: { text, bad, id } });
      setTimeout(() => store.state.toast?.id === id && store.set({ toast: undefined }), bad ? toastMs * 2 : toastMs);
    },
  };

  /** Says who we are, learns what there is, and follows the conversation. */
  async function begin(): Promise<void> {
    hangUp();
    api = createApi({ ...(key && { key }), ...(as && { as }) });
    const mine = api;
    store.set({
      messages: [],
      sending: [],
      attachments: [],
      deliveries: [],
      queue: undefined,
      receipts: undefined,
      costs: undefined,
      caughtUp: false,
      connection: 'connecting',
      dialog: undefined,
      editing: undefined,
    });
    try {
      const me = await mine.me();
      if (mine !== api) return;
      if (key) sessionStorage.setItem(keyName, key);
      const wanted = kept();
      if (me.canSwitch && as === undefined && wanted && wanted !== me.who?.handle && known(me.people, wanted)) {
        as = wanted;
        return begin();
      }
      store.set({ phase: 'ready', reason: undefined, me, who: me.who ?? outsider });
    } catch (error) {
      if (mine !== api) return;
      return refused(error);
    }
    hangUp = follow(
      { ...(key && { key }), ...(as && { as }) },
      {
        event: (event) => mine === api && heard(event),
        connection: (connection) => mine === api && store.set({ connection }),
        refused: (error) => mine === api && refused(error),
      },
    );
    void Promise.all([session.refresh('queue'), session.refresh('receipts'), session.refresh('costs')]);
  }

  function refused(error: unknown): void {
    const words = error instanceof Error ? error.message : String(error);
    if (error instanceof Refused && error.status === 401) {
      sessionStorage.removeItem(keyName);
      store.set({ phase: 'key', reason: key ? words : undefined });
      key = undefined;
    } else if (error instanceof Refused && [403, 404].includes(error.status) && as) {
      // whom we acted as is gone: we are ourselves again
      as = undefined;
      keep('as', '');
      session.toast(words, true);
      void begin();
    } else store.set({ phase: 'failed', reason: words });
  }

  function heard({ event, data }: StreamEvent): void {
    if (event === 'message') {
      const shown = data as Shown;
      const before = store.state.messages.find(({ id }) => id === shown.id);
      store.set(({ messages, sending }) => ({
        messages: merged(messages, shown),
        sending: before || shown.from !== 'you' ? sending : withoutFirst(sending, (one) => isThis(one, shown)),
      }));
      if (shown.from === 'assistant' && !shown.writing && (!before || before.writing) && store.state.caughtUp)
        store.set({ announced: plainly(shown) });
      if (shown.made && !shown.writing && store.state.caughtUp) void session.refresh('costs');
    } else if (event === 'gone') store.set(({ messages }) => ({ messages: without(messages, (data as { id: string }).id) }));
    else if (event === 'changed') {
      const { queue, receipts } = data as { queue?: boolean; receipts?: boolean };
      if (queue) void session.refresh('queue');
      if (receipts) {
        void session.refresh('receipts');
        // what there is to try depends on what there is
        void session.refresh('me');
      }
    } else if (event === 'ready') store.set({ caughtUp: true, connection: 'live' });
  }

  /** The words come back into the box where they did not get through. */
  async function changed(editing: Shown, text: string): Promise<void> {
    if (!text) return;
    store.set({ editing: undefined, draft: '' });
    if (text === editing.text) return;
    await trying(async () => {
      try {
        await api.edit({ key: newKey(), messageId: editing.id, text });
      } catch (error) {
        if (!store.state.draft) store.set({ editing, draft: text });
        throw error;
      }
    });
  }

  async function deliverMessage(message: Parameters<Api['say']>[0]): Promise<void> {
    try {
      await api.say(message);
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      store.set(({ sending }) => ({ sending: sending.map((one) => (one.key === message.key ? { ...one, problem } : one)) }));
    }
  }

  async function pressed({ token, values = {}, messageId }: Press, fromForm = false): Promise<void> {
    if (store.state.pressing.has(token)) return;
    // what is decided in the queue is gone from there at once, and the conversation may be scrolled away
    const decided = decidedBy(store.state.queue, token);
    store.set(({ pressing }) => ({ pressing: new Set([...pressing, token]) }));
    try {
      const answer = await api.press(token, values, messageId);
      if (answer.problems && Object.keys(answer.problems).length) {
        const { problems } = answer;
        return store.set(({ dialog }) => (dialog?.kind === 'form' ? { dialog: { ...dialog, problems } } : {}));
      }
      if (answer.modal)
        store.set({ dialog: { kind: 'form', form: answer.modal, problems: {}, ...(messageId && { messageId }) } });
      else if (fromForm) store.set({ dialog: undefined });
      if (answer.whisper) session.toast(wordsOf(answer.whisper));
      else if (!answer.modal && !messageId && decided) session.toast(decided);
      else if (!answer.modal && values['vote']) session.toast('Thank you. It counts for how answers are rated.');
      void Promise.all([session.refresh('queue'), session.refresh('receipts')]);
    } catch (error) {
      session.toast(error instanceof Error ? error.message : String(error), true);
    } finally {
      store.set(({ pressing }) => ({ pressing: new Set([...pressing].filter((one) => one !== token)) }));
    }
  }

  function uploadOne(file: File): void {
    const id = newKey();
    const change = (more: Partial<Attachment>): void =>
      store.set(({ attachments }) => ({ attachments: attachments.map((one) => (one.id === id ? { ...one, ...more } : one)) }));
    store.set(({ attachments }) => ({ attachments: [...attachments, { id, name: file.name, bytes: file.size, progress: 0 }] }));
    const most = store.state.me?.uploadMaxMb ?? Number.POSITIVE_INFINITY;
    const problem =
      file.size === 0 ? 'This file is empty.' : file.size > most * 1_048_576 ? `Larger than ${most} MB.` : undefined;
    if (problem) {
      change({ progress: undefined, problem });
      return;
    }
    const { done, cancel } = api.upload(file, (progress) => change({ progress }));
    uploads.set(id, cancel);
    done
      .then(({ uploadId }) => change({ uploadId, progress: undefined }))
      .catch((error: Error) => change({ progress: undefined, problem: error.message }))
      .finally(() => uploads.delete(id));
  }

  async function trying(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      session.toast(error instanceof Error ? error.message : String(error), true);
    }
  }

  return session;
}

/** What to say of a press in the queue, where it decided something. */
function decidedBy(queue: readonly Waiting[] | undefined, token: string): string | undefined {
  const blocks = (queue ?? []).flatMap(({ said }) => said.cards).flatMap((card) => card.blocks);
  const buttons = blocks.flatMap((block) => (block.type === 'approval' ? block.approval.buttons : []));
  const label = buttons.find((button) => button.token === token)?.label;
  if (label?.startsWith('Approve')) return 'Approved. What came of it stands in the conversation.';
  return label === 'Skip' ? 'Skipped. Nothing was done.' : undefined;
}

/** A random UUID; the browser makes one by itself only where the connection is safe from others. */
function newKey(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes.with(6, (bytes[6]! & 15) | 64).with(8, (bytes[8]! & 63) | 128)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const known = (people: Person[], handle: string): boolean =>
  handle === outsider.handle || people.some((person) => person.handle === handle);

function remembered(): string | undefined {
  try {
    return sessionStorage.getItem(keyName) ?? undefined;
  } catch {
    return undefined; // then it is asked for again
  }
}

function kept(): string | undefined {
  try {
    return localStorage.getItem('playground.as') || undefined;
  } catch {
    return undefined;
  }
}

const isThis = ({ text, files }: Sending, shown: Shown): boolean =>
  (shown.text ?? '') === text && (shown.files?.length ?? 0) === files.length;

function withoutFirst<T>(all: readonly T[], is: (one: T) => boolean): readonly T[] {
  const at = all.findIndex(is);
  return at < 0 ? all : all.toSpliced(at, 1);
}

/** A message as it is read aloud. */
const plainly = ({ said, text, slack }: Shown): string =>
  (said?.text || said?.fallback || slack.map((message) => message.text).join('. ') || text || '').slice(0, 600);

const wordsOf = (whisper: { said?: { text?: string; fallback: string }; slack: { text: string }[] }): string =>
  whisper.said?.text || whisper.said?.fallback || whisper.slack.map(({ text }) => text).join(' ') || 'Done.';
