import { type Logger, webApi } from '@slack/bolt';
import { AppError } from '../../errors.ts';
import { inOurWords, isRevoked, slackCode } from './failures.ts';
import type { SlackInstalls } from './installs.ts';

type WebClient = webApi.WebClient;

/** Answers of Slack take up to some seconds; one that takes longer is not coming. */
const timeoutMs = 15_000;
/** A form has to be opened within three seconds of the press. */
const modalTimeoutMs = 2500;

/** Whom Slack takes the bearer of a token for. */
export interface TokenOwner {
  teamId: string | undefined;
  team: string | undefined;
  enterpriseId: string | undefined;
  enterpriseInstall: boolean;
  userId: string | undefined;
  botId: string | undefined;
}

/** Calls Slack as the bot of a workspace. */
export interface Caller {
  call<T>(externalTenant: string, method: (web: WebClient, token: string) => Promise<T>): Promise<T>;
}

/**
 * The clients of each workspace. None of them tries again by itself: a rate limit is an answer for the outbox, and a message whose answer got
 * lost would be sent twice. Forms have a client of their own, because a client that is told to wait makes everything wait.
 */
export class SlackClients implements Caller {
  readonly #installs: SlackInstalls;
  readonly #apiUrl: string;
  readonly #logger: Logger;
  readonly #made = new Map<string, { token: string; web: WebClient; forms: WebClient }>();

  constructor(installs: SlackInstalls, apiUrl: string, logger: Logger) {
    this.#installs = installs;
    this.#apiUrl = apiUrl;
    this.#logger = logger;
  }

  /** Calls Slack as the bot of a workspace. Failures are ours; a token that is revoked ends the installation, one that ran out is renewed. */
  async call<T>(externalTenant: string, method: (web: WebClient, token: string) => Promise<T>, forms = false): Promise<T> {
    const install = await this.#installs.ready(externalTenant);
    const attempt = ({ slack: { bot } }: typeof install): Promise<T> => {
      const { web, forms: quick } = this.#of(externalTenant, bot.token);
      return method(forms ? quick : web, bot.token);
    };
    try {
      return await attempt(install).catch(async (error) => {
        const renewed = slackCode(error) === 'token_expired' ? await this.#installs.renew(install) : undefined;
        if (!renewed) throw error;
        return attempt(renewed);
      });
    } catch (error) {
      if (isRevoked(error)) await this.#installs.revoke(externalTenant);
      throw inOurWords(error);
    }
  }

  /** Whose a token is that was not installed, such as the one in the settings. Throws `misconfigured` where Slack refuses it. */
  async test(token: string): Promise<TokenOwner> {
    try {
      const me = await new webApi.WebClient(token, this.#options(timeoutMs)).auth.test();
      return {
        teamId: me.team_id,
        team: me.team,
        enterpriseId: me.enterprise_id,
        enterpriseInstall: me.is_enterprise_install ?? false,
        userId: me.user_id,
        botId: me.bot_id,
      };
    } catch (error) {
      const code = slackCode(error);
      if (code === undefined) throw inOurWords(error);
      throw new AppError(
        'misconfigured',
        `Slack does not accept SLACK_BOT_TOKEN (${code}). Take it from the app's page, under Install App.`,
      );
    }
  }

  #of(externalTenant: string, token: string): { web: WebClient; forms: WebClient } {
    const known = this.#made.get(externalTenant);
    if (known?.token === token) return known;
    const made = {
      token,
      web: new webApi.WebClient(token, this.#options(timeoutMs)),
      forms: new webApi.WebClient(token, this.#options(modalTimeoutMs)),
    };
    this.#made.set(externalTenant, made);
    return made;
  }

  #options(timeout: number): webApi.WebClientOptions {
    return {
      slackApiUrl: this.#apiUrl,
      rejectRateLimitedCalls: true,
      retryConfig: { retries: 0 },
      allowAbsoluteUrls: false,
      timeout,
      logger: this.#logger,
    };
  }
}
