import { AppError } from '../../errors.ts';

const mostRedirects = 3;
/** Large lists on slow lines. */
const patienceMs = 120_000;

/** Whether an address is Slack's, so that our token may go there: named by Slack in its own answers, it is checked all the same. */
export function isSlacks(address: string, apiUrl: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (url.username || url.password) return false;
  if (url.protocol === 'https:' && !url.port && (url.hostname === 'slack.com' || url.hostname.endsWith('.slack.com')))
    return true;
  const own = new URL(apiUrl);
  return url.protocol === own.protocol && url.host === own.host;
}

/** Reads a file that lies with Slack. Redirects are followed as far as they stay there. */
export async function download(address: string, token: string, apiUrl: string): Promise<AsyncIterable<Uint8Array>> {
  let at = address;
  for (let i = 0; i <= mostRedirects; i++) {
    if (!isSlacks(at, apiUrl)) throw new AppError('forbidden', 'This file does not lie with Slack, so it is not read.');
    const response = await fetch(at, {
      headers: { authorization: `Bearer ${token}` },
      redirect: 'manual',
      signal: AbortSignal.timeout(patienceMs),
    }).catch((error) => {
      throw new AppError('unavailable', 'Slack does not give the file out right now. Send it again.', { cause: error });
    });
    const next = response.headers.get('location');
    if (response.status >= 300 && response.status < 400 && next) {
      await response.body?.cancel();
      at = new URL(next, at).href;
      continue;
    }
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      if (response.status === 429)
        throw new AppError('rate_limited', 'Slack asks us to slow down.', {
          details: { retryAfterMs: (Number(response.headers.get('retry-after')) || 1) * 1000 },
        });
      if (response.status >= 500) throw new AppError('unavailable', 'Slack does not give the file out right now. Send it again.');
      throw new AppError('forbidden', 'Slack does not let us read this file.');
    }
    // without permission Slack answers with its login page
    if (response.headers.get('content-type')?.startsWith('text/html')) {
      await response.body.cancel();
      throw new AppError('forbidden', 'Slack does not let us read this file: the app needs the scope files:read.');
    }
    return response.body as unknown as AsyncIterable<Uint8Array>;
  }
  throw new AppError('forbidden', 'Slack sends us around in circles for this file.');
}
