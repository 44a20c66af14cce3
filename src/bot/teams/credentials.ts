import { AppError } from '../../errors.ts';
import type { TeamsConfig } from './settings.ts';

/** A token is asked for anew this long before it ends. */
const earlyMs = 5 * 60_000;
const patienceMs = 10_000;

/** Our own login at Microsoft: a token for the Bot Connector, asked for once and kept until shortly before it ends. */
export class Credentials {
  readonly #config: TeamsConfig;
  #token: { value: string; until: number } | undefined;
  #asking: Promise<string> | undefined;

  constructor(config: TeamsConfig) {
    this.#config = config;
  }

  async token(): Promise<string> {
    if (this.#token && this.#token.until > Date.now()) return this.#token.value;
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /** The connector did not take it. */
  drop(): void {
    this.#token = undefined;
  }

  async #ask(): Promise<string> {
    const { appId, password, tenantId, loginUrl, issuer } = this.#config;
    const response = await fetch(`${loginUrl}/${tenantId ?? 'botframework.com'}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: appId,
        client_secret: password,
        scope: `${issuer}/.default`,
      }),
      redirect: 'error',
      signal: AbortSignal.timeout(patienceMs),
    }).catch((error) => {
      throw new AppError('unavailable', 'Microsoft does not answer when we log in.', { cause: error });
    });
    const body = (await response.json().catch(() => ({}))) as Record<string, unknown>;
    const { access_token: value, expires_in: seconds } = body;
    if (response.ok && typeof value === 'string') {
      this.#token = { value, until: Date.now() + (Number(seconds) || 3600) * 1000 - earlyMs };
      return value;
    }
    if (response.status >= 500 || response.status === 429)
      throw new AppError('unavailable', `Microsoft does not let us log in right now (${response.status}).`);
    throw new AppError(
      'misconfigured',
      'Microsoft does not accept TEAMS_APP_ID and TEAMS_APP_PASSWORD. Make a new client secret, and set TEAMS_TENANT_ID for a single-tenant bot.',
      { cause: new Error(String(body['error_description'] ?? body['error'] ?? response.status).slice(0, 300)) },
    );
  }
}
