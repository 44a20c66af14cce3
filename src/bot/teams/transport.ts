import { createPublicKey, verify } from 'node:crypto';
import { createRequire } from 'node:module';
import { type Activity, CloudAdapter, ConfigurationBotFrameworkAuthentication } from 'botbuilder';
import { AppError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { Credentials } from './credentials.ts';
import { inOurWords } from './failures.ts';
import { isConnector } from './hosts.ts';
import type { TeamsConfig } from './settings.ts';
import { type KeptKeys, signingKeys } from './signing-keys.ts';

/** How a conversation is reached. */
export interface Reach {
  serviceUrl: string;
  /** Ours, as Teams names us there. */
  botId: string;
}

/** Somebody, as the roster of a conversation names them. */
export interface Member {
  id: string;
  name?: string;
  email?: string;
  userPrincipalName?: string;
  tenantId?: string;
  aadObjectId?: string;
  userRole?: string;
}

/** What we say; who says it, and where, is added here. */
export type Outgoing = Partial<Pick<Activity, 'text' | 'textFormat' | 'attachments' | 'suggestedActions' | 'summary'>> & {
  type: 'message' | 'typing';
  entities?: Record<string, unknown>[];
  channelData?: Record<string, unknown>;
};

const channel = 'msteams';
const patienceMs = 15_000;
/** One that Microsoft gives us has this much of a difference to our clock at the most. */
const clockMs = 5 * 60_000;
const hashes: Readonly<Record<string, string>> = { RS256: 'RSA-SHA256', RS384: 'RSA-SHA384', RS512: 'RSA-SHA512' };

// what botbuilder stands on, as botbuilder finds it
const beneath = createRequire(createRequire(import.meta.url).resolve('botbuilder'));

const { JwtTokenExtractor } = beneath('botframework-connector/lib/auth/jwtTokenExtractor') as {
  JwtTokenExtractor: { getOrAddOpenIdMetadata(url: string): KeptKeys };
};

// its serializer knows three fields of an entity and drops all others: streams, the AI label and citations are made of others
const { Entity } = beneath('botframework-connector/lib/connectorApi/models/mappers') as {
  Entity: { type: { additionalProperties?: unknown } };
};
Entity.type.additionalProperties = { type: { name: 'any' } };

/** botbuilder, with its parts at hand. */
class Adapter extends CloudAdapter {
  readonly #appId: string;
  readonly #scope: string;

  constructor(authentication: ConfigurationBotFrameworkAuthentication, { appId, issuer }: TeamsConfig) {
    super(authentication);
    this.#appId = appId;
    this.#scope = issuer;
  }

  /** Its own retries would say things twice, and its redirects would carry our token elsewhere: what is tried again is decided above. */
  async connector(serviceUrl: string) {
    const factory = this.botFrameworkAuthentication.createConnectorFactory(this.createClaimsIdentity(this.#appId));
    const connector = await factory.create(serviceUrl, this.#scope);
    const { pipeline } = (connector as unknown as { client: { pipeline: { removePolicy(named: { name: string }): unknown } } })
      .client;
    for (const name of ['defaultRetryPolicy', 'redirectPolicy']) pipeline.removePolicy({ name });
    return connector;
  }
}

type Connector = Awaited<ReturnType<Adapter['connector']>>;

/** Teams, by way of the Bot Connector: the one place that knows botbuilder. Failures are in our words. */
export class Transport {
  readonly #config: TeamsConfig;
  readonly #credentials: Credentials;
  readonly #authentication: ConfigurationBotFrameworkAuthentication;
  readonly #adapter: Adapter;
  readonly #connectors = new Map<string, Promise<Connector>>();
  readonly #log: Log;

  constructor(config: TeamsConfig, log: Log) {
    this.#config = config;
    this.#log = log;
    this.#credentials = new Credentials(config);
    const { appId, openIdUrl, issuer, loginUrl } = config;
    const credentials = this.#credentials;
    this.#authentication = new ConfigurationBotFrameworkAuthentication(
      {
        ToChannelFromBotLoginUrl: loginUrl,
        ToChannelFromBotOAuthScope: issuer,
        ToBotFromChannelTokenIssuer: issuer,
        OAuthUrl: 'https://api.botframework.com',
        ToBotFromChannelOpenIdMetadataUrl: openIdUrl,
        ToBotFromEmulatorOpenIdMetadataUrl: openIdUrl,
        CallerId: '',
      },
      {
        isValidAppId: async (id = '') => id === appId,
        isAuthenticationDisabled: async () => false,
        createCredentials: async () => ({
          async signRequest(request) {
            request.headers.set('authorization', `Bearer ${await credentials.token()}`);
            return request;
          },
        }),
      },
      undefined,
      undefined,
      {},
    );
    this.#adapter = new Adapter(this.#authentication, config);
  }

  /** Whether Teams sent this to us. Throws `unauthorized`, or `unavailable` where that cannot be found out right now. */
  async authenticate(
    { serviceUrl, channelId }: { serviceUrl: string; channelId: string },
    header: string | undefined,
  ): Promise<void> {
    try {
      if (channelId !== channel) throw new Error(`a message of the channel ${channelId}`);
      await this.#checkToken(header ?? '');
      const activity = { type: 'message', serviceUrl, channelId } as Activity;
      await within(patienceMs, this.#authentication.authenticateRequest(activity, header!));
    } catch (error) {
      if (isOutage(error)) throw new AppError('unavailable', 'The keys of Microsoft cannot be read right now.', { cause: error });
      this.#log.debug({ err: error }, 'a request is not signed by Teams');
      throw new AppError('unauthorized', 'This request is not signed by Teams for this bot.', { cause: error });
    }
  }

  /**
   * What botbuilder lets pass, or stumbles over: keys that nobody endorsed for Teams, signatures of other kinds, tokens of other issuers that it
   * takes for those of its emulator.
   */
  async #checkToken(header: string): Promise<void> {
    const [, head = '', body = '', signature = ''] = /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(header) ?? [];
    if (!head) throw new Error('no token');
    const { alg, kid } = decoded(head);
    const { iss, exp, nbf } = decoded(body);
    if (iss !== this.#config.issuer) throw new Error('a token of another issuer');
    const hash = typeof alg === 'string' && Object.hasOwn(hashes, alg) ? hashes[alg] : undefined;
    if (!hash || typeof kid !== 'string') throw new Error('a token of another kind');
    const keys = signingKeys(JwtTokenExtractor.getOrAddOpenIdMetadata(this.#config.openIdUrl));
    const known = await within(patienceMs, keys.getKey(kid));
    if (!known?.endorsements?.includes(channel)) throw new Error('a key that is not endorsed for Teams');
    if (!verify(hash, Buffer.from(`${head}.${body}`), createPublicKey(known.key), Buffer.from(signature, 'base64url')))
      throw new Error('a wrong signature');
    const now = Date.now();
    if (typeof exp !== 'number' || exp * 1000 < now - clockMs) throw new Error('a token that has ended');
    if (typeof nbf === 'number' && nbf * 1000 > now + clockMs) throw new Error('a token that has not begun');
  }

  /** Says something; gives the id of the message. */
  async post(to: Reach & { conversation: string }, activity: Outgoing): Promise<string> {
    const sent = await this.#call(to.serviceUrl, (connector) =>
      connector.conversations.sendToConversation(to.conversation, addressed(to, activity), { timeout: patienceMs }),
    );
    return (sent as { id?: string }).id ?? '';
  }

  async update(to: Reach & { conversation: string }, messageId: string, activity: Outgoing): Promise<void> {
    await this.#call(to.serviceUrl, (connector) =>
      connector.conversations.updateActivity(
        to.conversation,
        messageId,
        { ...addressed(to, activity), id: messageId },
        { timeout: patienceMs },
      ),
    );
  }

  /** Nothing for people who are not there. */
  async member(
    { serviceUrl, conversation }: { serviceUrl: string; conversation: string },
    userId: string,
  ): Promise<Member | undefined> {
    return this.#call(serviceUrl, async (connector) => {
      try {
        // the types know less than what Teams says of people
        return (await connector.conversations.getConversationMember(conversation, userId, {
          timeout: patienceMs,
        })) as unknown as Member;
      } catch (error) {
        if ((error as { statusCode?: number }).statusCode === 404) return undefined;
        throw error;
      }
    });
  }

  /** The private conversation with somebody; the same one, however often it is asked for. */
  async begin({ serviceUrl, botId }: Reach, { tenantId, userId }: { tenantId: string; userId: string }): Promise<string> {
    const begun = await this.#call(serviceUrl, (connector) =>
      connector.conversations.createConversation(
        {
          isGroup: false,
          bot: { id: botId, name: '' },
          members: [{ id: userId, name: '' }],
          tenantId,
          channelData: { tenant: { id: tenantId } },
        } as Parameters<Connector['conversations']['createConversation']>[0],
        { timeout: patienceMs },
      ),
    );
    if (!begun.id) throw new AppError('unavailable', 'Teams opened no conversation.');
    return begun.id;
  }

  /** Whether Microsoft lets us in. */
  async check(): Promise<void> {
    await this.#credentials.token();
    const answer = await fetch(this.#config.openIdUrl, { signal: AbortSignal.timeout(patienceMs) }).catch((error) => {
      throw new AppError('unavailable', 'The keys of Microsoft cannot be read right now.', { cause: error });
    });
    await answer.body?.cancel();
    if (!answer.ok) throw new AppError('unavailable', `The keys of Microsoft cannot be read right now (${answer.status}).`);
  }

  /** A token for what lies with the connector, such as a picture. */
  token(): Promise<string> {
    return this.#credentials.token();
  }

  async #call<T>(serviceUrl: string, work: (connector: Connector) => Promise<T>): Promise<T> {
    if (!isConnector(serviceUrl, this.#config.allowHosts))
      throw new AppError('forbidden', 'This address is not one of Teams, so it is not called.');
    try {
      const connector = await this.#connectorAt(serviceUrl);
      return await work(connector).catch((error) => {
        if ((error as { statusCode?: number }).statusCode !== 401) throw error;
        // a token that was taken back; nothing was done with it
        this.#credentials.drop();
        return work(connector);
      });
    } catch (error) {
      throw inOurWords(error);
    }
  }

  #connectorAt(serviceUrl: string): Promise<Connector> {
    const known = this.#connectors.get(serviceUrl) ?? this.#adapter.connector(serviceUrl);
    // there are a handful, one a region; more would be somebody's game
    if (this.#connectors.size > 200) this.#connectors.clear();
    this.#connectors.set(serviceUrl, known);
    return known;
  }
}

const addressed = ({ serviceUrl, botId, conversation }: Reach & { conversation: string }, activity: Outgoing): Activity =>
  ({
    ...activity,
    channelId: channel,
    serviceUrl,
    from: { id: botId },
    conversation: { id: conversation },
  }) as unknown as Activity;

function decoded(part: string): Record<string, unknown> {
  const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  if (typeof value !== 'object' || value === null) throw new Error('no token');
  return value as Record<string, unknown>;
}

class TookTooLong extends Error {}

function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TookTooLong('Microsoft does not answer')), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** The keys could not be fetched; everything else is about the token. */
const isOutage = (error: unknown): boolean =>
  error instanceof TookTooLong || (error as Error).name === 'FetchError' || (error as { statusCode?: number }).statusCode === 500;
