import { type Logger, LogLevel } from '@slack/bolt';
import type { Log } from '../../log.ts';

/**
 * Slack's libraries write to our log. Their debug lines hold whole payloads and are left out; what they say at other levels goes one level
 * down, because whoever calls them hears of the same failure and says it in our words.
 */
export const slackLogger = (log: Log): Logger => ({
  debug: () => undefined,
  info: (...said) => log.debug({ part: 'slack' }, lineOf(said)),
  warn: (...said) => log.debug({ part: 'slack' }, lineOf(said)),
  error: (...said) => {
    const err = said.find((one) => one instanceof Error);
    log.warn({ part: 'slack', ...(err && { err }) }, lineOf(said));
  },
  setLevel: () => undefined,
  getLevel: () => LogLevel.INFO,
  setName: () => undefined,
});

const lineOf = (said: unknown[]): string =>
  said
    .filter((one) => typeof one === 'string')
    .join(' ')
    .slice(0, 300) || 'a library of Slack reports an error';
