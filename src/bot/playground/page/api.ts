import type { Costs, Delivery, DeliveryWay, Me, Person, PressAnswer, Receipt, Waiting } from './wire.ts';

/** What went wrong, in the server's own words. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Who we are to the server: somebody with a key, or somebody we act as at the machine itself. */
export interface Credentials {
  key?: string;
  as?: string;
}

export const headersOf = ({ key, as }: Credentials): Record<string, string> => ({
  ...(key && { authorization: `Bearer ${key}` }),
  ...(!key && as && { 'x-act-as': as }),
});

/** An upload on its way. */
export interface Upload {
  done: Promise<{ uploadId: string; bytes: number }>;
  cancel(): void;
}

export interface Api {
  me(): Promise<Me>;
  say(message: { key: string; text: string; files?: { uploadId: string; name: string; bytes: number }[] }): Promise<unknown>;
  edit(change: { key: string; messageId: string; text: string }): Promise<unknown>;
  deliver(text: string, how: DeliveryWay): Promise<Delivery[]>;
  press(token: string, values: Record<string, string>, messageId?: string): Promise<PressAnswer>;
  stop(): Promise<void>;
  clear(): Promise<void>;
  queue(): Promise<Waiting[]>;
  receipts(): Promise<Receipt[]>;
  undo(id: string): Promise<{ waits: boolean }>;
  costs(): Promise<Costs>;
  upload(file: File, progress: (share: number) => void): Upload;
}

/** The server as the page uses it. */
export function createApi(who: Credentials): Api {
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    let response: Response;
    try {
      response = await fetch(path, {
        method,
        headers: { ...headersOf(who), ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    } catch {
      throw new Refused(0, 'unavailable', 'The server cannot be reached. Nothing was sent; try again in a moment.');
    }
    const answer = await response.json().catch(() => undefined);
    if (!response.ok) throw refusedOf(response.status, answer);
    return answer as T;
  };
  return {
    me: () => ask('GET', '/playground/me'),
    say: (message) => ask('POST', '/playground/messages', message),
    edit: (change) => ask('POST', '/playground/edit', change),
    deliver: async (text, how) =>
      (await ask<{ deliveries: Delivery[] }>('POST', '/playground/deliver', { text, how })).deliveries,
    press: (token, values, messageId) => ask('POST', '/playground/press', { token, values, ...(messageId && { messageId }) }),
    stop: () => ask('POST', '/playground/stop', {}),
    clear: () => ask('POST', '/playground/clear', {}),
    queue: async () => (await ask<{ approvals: Waiting[] }>('GET', '/playground/queue')).approvals,
    receipts: async () => (await ask<{ receipts: Receipt[] }>('GET', '/api/v1/receipts?limit=50')).receipts,
    undo: async (id) => {
      const answer = await ask<{ status?: string }>('POST', `/api/v1/receipts/${id}/undo`, {});
      return { waits: answer?.status === 'pending_approval' };
    },
    costs: () => ask('GET', `/api/v1/analytics/ai-costs?start_date=${aDayAgo()}`),
    upload: (file, progress) => upload(who, file, progress),
  };
}

export function refusedOf(status: number, answer: unknown): Refused {
  const error = (answer as { error?: { code?: string; message?: string } } | undefined)?.error;
  const words = error?.message ?? `The server answered ${status}. Try again in a moment.`;
  return new Refused(status, error?.code ?? 'unknown', words);
}

const dayMs = 24 * 60 * 60_000;

/** A moment, because a day would be one of this machine, and the workspace may be in another. */
const aDayAgo = (): string => new Date(Date.now() - dayMs).toISOString();

/** Only XMLHttpRequest says how much of a file has left. */
function upload(who: Credentials, file: File, progress: (share: number) => void): Upload {
  const request = new XMLHttpRequest();
  const done = new Promise<{ uploadId: string; bytes: number }>((resolve, reject) => {
    request.open('POST', '/api/v1/uploads');
    for (const [name, value] of Object.entries(headersOf(who))) request.setRequestHeader(name, value);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.setRequestHeader('x-file-name', encodeURIComponent(file.name));
    request.upload.onprogress = (event) => progress(event.lengthComputable && event.total ? event.loaded / event.total : 0);
    request.onload = () => {
      let answer: unknown;
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        // what is no JSON has no words for us: the status speaks
      }
      if (request.status < 300) resolve(answer as { uploadId: string; bytes: number });
      else reject(refusedOf(request.status, answer));
    };
    request.onerror = () => reject(new Refused(0, 'unavailable', 'The connection broke off. Drop the file again.'));
    request.onabort = () => reject(new Refused(0, 'cancelled', 'Not uploaded.'));
    request.send(file);
  });
  return { done, cancel: () => request.abort() };
}

export const outsider: Person = { handle: 'outsider', name: 'An outsider', role: 'nobody here' };
