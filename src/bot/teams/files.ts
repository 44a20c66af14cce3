import { AppError } from '../../errors.ts';
import { isFileStore } from './hosts.ts';

const mostRedirects = 3;
/** Large lists on slow lines. */
const patienceMs = 120_000;

/** Reads a file that lies with Microsoft; its address opens it, so no token of ours goes there. Redirects are followed as far as they stay there. */
export async function download(address: string, allowed: readonly string[]): Promise<AsyncIterable<Uint8Array>> {
  let at = address;
  for (let i = 0; i <= mostRedirects; i++) {
    if (!isFileStore(at, allowed)) throw new AppError('forbidden', 'This file does not lie with Microsoft, so it is not read.');
    const response = await fetch(at, { redirect: 'manual', signal: AbortSignal.timeout(patienceMs) }).catch((error) => {
      throw new AppError('unavailable', 'Microsoft does not give the file out right now. Send it again.', { cause: error });
    });
    const next = response.headers.get('location');
    if (response.status >= 300 && response.status < 400 && next) {
      await response.body?.cancel();
      at = new URL(next, at).href;
      continue;
    }
    if (response.ok && response.body) return response.body as unknown as AsyncIterable<Uint8Array>;
    await response.body?.cancel();
    if (response.status === 429 || response.status >= 500)
      throw new AppError('unavailable', 'Microsoft does not give the file out right now. Send it again.');
    throw new AppError('forbidden', 'Microsoft does not let us read this file any more. Send it again.');
  }
  throw new AppError('forbidden', 'Microsoft sends us around in circles for this file.');
}
