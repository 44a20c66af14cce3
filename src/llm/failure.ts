import { type FailureKind, ProviderFailure } from './provider.ts';

/** What a server told when it refused, from wherever it told it: the status line, a body, an event in the middle of a stream. */
export interface Told {
  status?: number | undefined;
  /** The vendor's error object. */
  error?: unknown;
  headers?: HeaderSource | undefined;
  /** Asked for in the body, where a vendor does so. */
  retryAfterMs?: number | undefined;
  cause?: unknown;
}

/** Headers as a fetch gives them, or as a plain object. */
type HeaderSource = Headers | Readonly<Record<string, string | null | undefined>>;

/** The failure that a vendor's answer stands for. Its words are read to sort it and stay in `cause`: our message is our own. */
export function toldFailure(label: string, { status, error, headers, retryAfterMs, cause }: Told): ProviderFailure {
  const words = wordsOf(error);
  const given = status ?? numberIn(error);
  const kind = kindOf(given ?? meaningOf(error, words), words);
  const wait = waitOf(headers) ?? retryAfterMs;
  return new ProviderFailure(kind, sentence(label, kind, given), {
    ...(given !== undefined && { status: given }),
    // only what asks for another try later can be waited for
    ...(wait !== undefined && (kind === 'rate_limit' || kind === 'server') && { retryAfterMs: wait }),
    cause: cause ?? error,
  });
}

/** The failure that a thrown thing stands for: an SDK's error with a status, a broken connection, nonsense that was parsed. */
export function thrownFailure(label: string, thrown: unknown): ProviderFailure {
  for (const error of causes(thrown)) if (error instanceof ProviderFailure) return error;
  const { status, error, headers, message } = thrown as {
    status?: unknown;
    error?: unknown;
    headers?: HeaderSource;
    message?: string;
  };
  if (typeof status === 'number' && status > 0)
    return toldFailure(label, { status, error: error ?? message, headers, cause: thrown });
  for (const error of causes(thrown)) {
    const { name, code } = error as { name?: string; code?: unknown };
    if (name === 'SyntaxError' || stumbled(error))
      return new ProviderFailure('malformed', sentence(label, 'malformed'), { cause: thrown });
    if (timeouts.test(`${name} ${error.constructor.name} ${code}`))
      return new ProviderFailure('timeout', sentence(label, 'timeout'), { cause: thrown });
  }
  return new ProviderFailure('transport', sentence(label, 'transport'), { cause: thrown });
}

/** We tripped over something that is not of the vendor's shape. Broken connections are TypeErrors too, with a cause or this word. */
const stumbled = (error: Error): boolean =>
  error instanceof TypeError && error.cause === undefined && !/terminated|fetch|network/i.test(error.message);

const timeouts = /\b(TimeoutError|\w*ConnectionTimeoutError|\w*ConnectTimeoutError|UND_ERR_\w*TIMEOUT|ETIMEDOUT)\b/;

function* causes(thrown: unknown): Generator<Error> {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 6; error = error.cause, depth++) yield error;
}

/** Answered, but the answer is none: the model, or a filter before it, does not want to. */
export const declined = (label: string, why: string): ProviderFailure =>
  new ProviderFailure('bad_request', `${label} declined to answer this. Ask in other words, or do it by hand.`, { cause: why });

export const malformed = (label: string, what: string): ProviderFailure =>
  new ProviderFailure('malformed', sentence(label, 'malformed'), { cause: what.slice(0, 200) });

export const truncated = (label: string): ProviderFailure => new ProviderFailure('truncated', sentence(label, 'truncated'));

function sentence(label: string, kind: FailureKind, status?: number): string {
  const code = status === undefined ? '' : ` (${status})`;
  switch (kind) {
    case 'auth':
      return status === 402 ? `${label} has no credit left${code}.` : `${label} does not accept this key${code}.`;
    case 'no_model':
      return `${label} knows no such model${code}.`;
    case 'bad_request':
      return `${label} refused the request${code}.`;
    case 'too_large':
      return `The request is too long for the model of ${label}${code}.`;
    case 'rate_limit':
      return `${label} asks to wait${code}.`;
    case 'server':
      return `${label} does not answer well${code}.`;
    case 'transport':
      return `${label} cannot be reached, or broke off.`;
    case 'truncated':
      return `${label} broke off in the middle of its answer.`;
    case 'malformed':
      return isRedirect(status)
        ? `${label} refers to another address${code}, which is not followed. Look at the address it is set to.`
        : `${label} answered in a way that cannot be read.`;
    case 'timeout':
      return `${label} did not answer in time${code}.`;
  }
}

const isRedirect = (status = 0): boolean => status >= 300 && status < 400;

function kindOf(status: number | undefined, words: string): FailureKind {
  if (status === undefined) return 'server';
  if (status === 401 || status === 402 || noCredit.test(words) || badKey.test(words)) return 'auth';
  // a moderated prompt comes with the status of a key without rights
  if (status === 403) return /flagged|moderation|guardrail/.test(words) ? 'bad_request' : 'auth';
  if (status === 404) return 'no_model';
  if (status === 408) return 'timeout';
  if (status === 413) return 'too_large';
  if (status === 429) return 'rate_limit';
  if (status >= 500) return 'server';
  if (status < 400) return 'malformed';
  if (tooLong.test(words)) return 'too_large';
  return noModel.test(words) ? 'no_model' : 'bad_request';
}

const noCredit = /insufficient[_ ](quota|credits?|balance|funds)|credit balance is too low|billing_(error|hard_limit)/;
const badKey = /invalid[_ ]api[_ ]key|api[_ ]key[_ ](not valid|invalid|expired)|api key not valid|authentication_error/;
const tooLong =
  /context[_ ](length|window)|maximum context|prompt is too long|too many tokens|token count.{0,40}exceeds|reduce the length|request_too_large|string_above_max_length/;
const noModel =
  /model[_ ]not[_ ]found|model not exist|(not a valid|no such|unknown) model|model\b.{0,80}\b(does not exist|not found)/;

/** Codes, types and messages of an error object, in one line for the tables above. */
function wordsOf(error: unknown): string {
  const text = typeof error === 'string' ? error : (JSON.stringify(error) ?? '');
  return text.slice(0, 4000).toLowerCase();
}

/** The status that some vendors send along with an error inside a stream. */
function numberIn(error: unknown): number | undefined {
  const { code, status, status_code } = (error ?? {}) as Record<string, unknown>;
  return [code, status, status_code].map(Number).find((number) => number >= 400 && number < 600);
}

/** The status that it would have had, by its words. */
function meaningOf(error: unknown, words: string): number | undefined {
  const { code, status, type } = (error ?? {}) as Record<string, unknown>;
  for (const word of [type, code, status, words]) {
    const known = typeof word === 'string' && statusOfWord.find(([pattern]) => pattern.test(word.toLowerCase()));
    if (known) return known[1];
  }
  return undefined;
}

const statusOfWord: readonly (readonly [RegExp, number])[] = [
  [/authentication_error|invalid_api_key|unauthenticated/, 401],
  [/billing_error|insufficient_(quota|balance|credits)/, 402],
  [/permission_error|permission_denied/, 403],
  [/not_found/, 404],
  [/request_too_large/, 413],
  [/rate_?limit|too_many_requests|resource_exhausted/, 429],
  [/overloaded/, 529],
  [/timeout_error|deadline_exceeded/, 504],
  [/api_error|server_error|internal|unavailable/, 500],
  [/invalid_request|invalid_argument|bad_?request|context_length/, 400],
];

/** How long the server asks to wait: milliseconds where it says so, else seconds or a date. */
function waitOf(headers: HeaderSource | undefined): number | undefined {
  const of = (name: string) => (headers instanceof Headers ? headers.get(name) : headers?.[name]) || undefined;
  const ms = of('retry-after-ms');
  if (ms !== undefined && Number(ms) >= 0) return Math.ceil(Number(ms));
  const after = of('retry-after');
  if (after === undefined) return undefined;
  if (Number(after) >= 0) return Math.ceil(Number(after) * 1000);
  const date = Date.parse(after);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
