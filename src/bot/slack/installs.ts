import { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { Install, Installs } from '../../core/outbox.ts';
import { AppError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { inOurWords, slackCode } from './failures.ts';
import { slackLogger } from './logger.ts';
import type { SlackConfig } from './settings.ts';

/** What we need of Slack's own record of an installation; the rest is kept as it came. */
const installation = z.looseObject({
  bot: z.looseObject({
    token: z.string(),
    userId: z.string(),
    id: z.string().optional(),
    refreshToken: z.string().optional(),
    /** Seconds. */
    expiresAt: z.number().optional(),
  }),
  /** Milliseconds; ours. */
  installedAt: z.number().optional(),
  /** The workspace of SLACK_BOT_TOKEN, not one that anybody installed us in. */
  ours: z.boolean().optional(),
});
export type SlackInstallation = z.infer<typeof installation>;

/** An installation with its token at hand. */
export interface Installed extends Install {
  slack: SlackInstallation;
}

/** Tokens that rotate live twelve hours; they are renewed this long before their end, so that one renewal may fail. */
const renewBeforeSeconds = 2 * 3600;

/** Hundreds of events a second come from the same few workspaces. */
const knownMs = 2000;
const mostKnown = 1000;

/** Where Slack let us in, and with which token. */
export class SlackInstalls {
  readonly #installs: Installs;
  readonly #config: Pick<SlackConfig, 'client' | 'apiUrl' | 'workspaces'>;
  readonly #log: Log;
  readonly #now: () => Date;
  /** A token is set whose workspace Slack did not name yet. */
  expecting = false;
  readonly #known = new Map<string, { install: Installed; until: number }>();
  readonly #renewals = new Map<string, Promise<Installed | undefined>>();

  constructor(
    installs: Installs,
    config: Pick<SlackConfig, 'client' | 'apiUrl' | 'workspaces'>,
    { log, now }: { log: Log; now: () => Date },
  ) {
    this.#installs = installs;
    this.#config = config;
    this.#log = log;
    this.#now = now;
  }

  /** Of a workspace, or of the organisation that it belongs to. Without asking Slack. */
  async find(...tenants: (string | null | undefined)[]): Promise<Installed | undefined> {
    for (const tenant of new Set(tenants)) {
      const found = tenant ? await this.#installs.find('slack', tenant) : undefined;
      const parsed = installation.safeParse(found?.secrets);
      if (found && parsed.success) return { ...found, slack: parsed.data };
    }
    return undefined;
  }

  /**
   * The same for somebody who waits for an acknowledgement: what was found a moment ago. Whoever speaks there asks `ready`, which
   * knows of a revocation at once.
   */
  async lately(...tenants: (string | null | undefined)[]): Promise<Installed | undefined> {
    const key = tenants.join(' ');
    const known = this.#known.get(key);
    if (known && known.until > performance.now()) return known.install;
    const install = await this.find(...tenants);
    if (this.#known.size >= mostKnown) this.#known.clear();
    if (install) this.#known.set(key, { install, until: performance.now() + knownMs });
    return install;
  }

  /** Whether a workspace is run by those who run this: then its people are who it says that they are. */
  async isOurs(externalTenant: string): Promise<boolean> {
    return this.#config.workspaces.includes(externalTenant) || (await this.find(externalTenant))?.slack.ours === true;
  }

  async save(externalTenant: string, name: string, record: Record<string, unknown>): Promise<void> {
    this.#known.clear();
    const slack = installation.parse({ ...record, installedAt: this.#now().getTime() });
    await this.#installs.save({
      surface: 'slack',
      externalTenant,
      name,
      secrets: slack,
      botUserId: slack.bot.userId,
      ...(slack.bot.id && { botId: slack.bot.id }),
    });
  }

  /** Uninstalled at this time (seconds), or now: a report from before the present installation is about one that is gone already. */
  async revokeAsOf(externalTenant: string, at = Number.POSITIVE_INFINITY): Promise<void> {
    // another process may have installed anew a moment ago
    const install = await this.find(externalTenant);
    if (at * 1000 + 999 < (install?.slack.installedAt ?? 0)) return;
    await this.revoke(externalTenant);
  }

  async revoke(externalTenant: string): Promise<void> {
    this.#known.clear();
    if (await this.#installs.revoke('slack', externalTenant)) this.#log.warn({ externalTenant }, 'Slack revoked an installation');
  }

  list(): ReturnType<Installs['list']> {
    return this.#installs.list('slack');
  }

  /** One whose token works for a while yet. Throws `forbidden` where we are not installed. */
  async ready(externalTenant: string): Promise<Installed> {
    const install = await this.find(externalTenant);
    if (!install) throw new AppError('forbidden', 'Sales Agent is not installed in this Slack workspace (any more).');
    const { expiresAt, refreshToken } = install.slack.bot;
    const leftSeconds = expiresAt === undefined ? Number.POSITIVE_INFINITY : expiresAt - this.#now().getTime() / 1000;
    if (!refreshToken || leftSeconds > renewBeforeSeconds) return install;
    const renewed = await this.renew(install).catch((error) => {
      if (leftSeconds <= 60) throw inOurWords(error);
      this.#log.warn({ err: error, externalTenant }, 'a Slack token could not be renewed yet');
      return undefined;
    });
    return renewed ?? install;
  }

  /** Exchanges the refresh token, once however many ask at the same time. Nothing where tokens do not rotate. */
  renew(install: Installed): Promise<Installed | undefined> {
    const { externalTenant } = install;
    const running = this.#renewals.get(externalTenant);
    if (running) return running;
    const renewal = this.#exchange(install).finally(() => this.#renewals.delete(externalTenant));
    this.#renewals.set(externalTenant, renewal);
    return renewal;
  }

  async #exchange(install: Installed): Promise<Installed | undefined> {
    const { client, apiUrl } = this.#config;
    const { refreshToken, ...bot } = install.slack.bot;
    if (!client || !refreshToken) return undefined;
    // whoever asks may have looked before a renewal that is over by now
    const kept = await this.find(install.externalTenant);
    if (kept && kept.slack.bot.refreshToken !== refreshToken) return kept;
    try {
      const logger = slackLogger(this.#log);
      const web = new webApi.WebClient(undefined, { slackApiUrl: apiUrl, retryConfig: { retries: 0 }, timeout: 10_000, logger });
      const given = await web.oauth.v2.access({
        client_id: client.id,
        client_secret: client.secret,
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
      });
      if (!given.access_token) throw new AppError('unavailable', 'Slack gave no token.');
      const renewed = {
        ...bot,
        token: given.access_token,
        refreshToken: given.refresh_token ?? refreshToken,
        ...(given.expires_in !== undefined && { expiresAt: Math.floor(this.#now().getTime() / 1000) + given.expires_in }),
      };
      const slack = { ...install.slack, bot: renewed };
      await this.#installs.save({ ...withoutSlack(install), secrets: slack });
      return { ...install, secrets: slack, slack };
    } catch (error) {
      // a refresh token works once: another process may have been faster
      const now = slackCode(error) === undefined ? undefined : await this.find(install.externalTenant);
      if (now && now.slack.bot.token !== install.slack.bot.token) return now;
      throw error;
    }
  }
}

const withoutSlack = ({ slack: _slack, ...install }: Installed): Install => install;
