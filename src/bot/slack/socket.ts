import { SocketModeReceiver } from '@slack/bolt';
import type { Log } from '../../log.ts';
import type { InboxApp } from './inbox-app.ts';
import { slackLogger } from './logger.ts';

const firstPauseMs = 500;
const longestPauseMs = 30_000;
const longestCloseMs = 2000;

/**
 * Socket Mode: we call Slack, and it sends through the same door. The library reconnects by itself, but a failure while it does so is nobody's to
 * catch and would end the process; so it is told not to, and is started anew here for as long as it takes.
 */
export class SlackSocket {
  readonly #receiver: SocketModeReceiver;
  readonly #log: Log;
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(app: InboxApp, { appToken, apiUrl, log }: { appToken: string; apiUrl: string; log: Log }) {
    this.#log = log;
    this.#receiver = new SocketModeReceiver({
      appToken,
      autoReconnectEnabled: false,
      logger: slackLogger(log),
      installerOptions: { clientOptions: { slackApiUrl: apiUrl, retryConfig: { retries: 0 }, timeout: 10_000 } },
      // what could not be kept is not acknowledged, and comes again
      processEventErrorHandler: async ({ error }) => {
        log.error({ err: error }, 'something of Slack could not be kept; Slack sends it again');
        return false;
      },
    });
    this.#receiver.init(app);
    this.#guard();
  }

  /** The library trips over an envelope without its payload, and nobody would catch that: the process would end. */
  #guard(): void {
    const { client } = this.#receiver;
    const hear = client.listeners('ws_message') as ((...args: unknown[]) => Promise<void> | undefined)[];
    client.removeAllListeners('ws_message');
    client.on('ws_message', (...args: unknown[]) => {
      for (const listener of hear)
        listener(...args)?.catch((error) => this.#log.warn({ err: error }, 'Slack sent an envelope that cannot be read'));
    });
  }

  start(): void {
    this.#running = this.#keepConnected();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#disconnect();
    await this.#running;
  }

  async #keepConnected(): Promise<void> {
    const { client } = this.#receiver;
    let pauseMs = firstPauseMs;
    while (!this.#stop.signal.aborted) {
      const gone = new Promise<void>((resolve) => client.once('disconnected', () => resolve()));
      try {
        await this.#receiver.start();
        this.#log.info('connected to Slack by Socket Mode');
        pauseMs = firstPauseMs;
        // the end was asked for while it connected
        if (this.#stop.signal.aborted) await this.#disconnect();
        await gone;
      } catch (error) {
        this.#log.warn({ err: error }, 'Slack cannot be reached by Socket Mode; it is tried again');
        pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      }
      await this.#pause(pauseMs);
    }
  }

  /** The library says that it is done only where there was something to close. */
  async #disconnect(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, longestCloseMs);
    });
    await Promise.race([this.#receiver.client.disconnect().catch(() => undefined), patience]).finally(() => clearTimeout(timer));
  }

  #pause(ms: number): Promise<void> {
    const { signal } = this.#stop;
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', end);
        resolve();
      }, ms);
      signal.addEventListener('abort', end, { once: true });
    });
  }
}
