import type { ChatFile, ChatProfile, ChatUser, HomeSection, Once, Place, Said, Sent, Surface } from '../../core/chat.ts';
import type { Streams } from '../../core/streams.ts';
import { AppError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { homeView } from '../cards/slack-views.ts';
import type { SlackClients } from './clients.ts';
import { slackCode } from './failures.ts';
import { download } from './files.ts';
import { post, postEphemeral, rewrite } from './posts.ts';
import { type SinkParts, SlackSink } from './sink.ts';

export interface SurfaceParts {
  apiUrl: string;
  isOurs: (externalTenant: string) => Promise<boolean>;
  streams: Streams;
  log: Log;
}

/** Slack, as the core uses it. */
export class SlackSurface implements Surface {
  readonly id = 'slack' as const;
  readonly findsSaid = true;
  readonly #clients: SlackClients;
  readonly #apiUrl: string;
  readonly #isOurs: (externalTenant: string) => Promise<boolean>;
  readonly #sinks: SinkParts;

  constructor(clients: SlackClients, { apiUrl, isOurs, streams, log }: SurfaceParts) {
    this.#clients = clients;
    this.#apiUrl = apiUrl;
    this.#isOurs = isOurs;
    this.#sinks = { clients, streams, log, direct: (user) => this.direct(user) };
  }

  async open(place: Place, to: ChatUser, turnId: string): Promise<SlackSink> {
    return new SlackSink(this.#sinks, place, to, turnId);
  }

  async reopen(place: Place, to: ChatUser, turnId: string): Promise<SlackSink | undefined> {
    const left = await this.#sinks.streams.left(turnId);
    return left && new SlackSink(this.#sinks, place, to, turnId, left.messageId);
  }

  send(place: Place, said: Said, once?: Once): Promise<Sent> {
    return post(this.#clients, place, said, once);
  }

  /** What only one person sees is gone when they look again, so in private it is an ordinary message. */
  async whisper(place: Place, to: ChatUser, said: Said): Promise<void> {
    try {
      if (place.audience === 'dm') await post(this.#clients, place, said);
      else await postEphemeral(this.#clients, place, to.externalUser, said);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'forbidden' || !isClosedTo(error)) throw error;
      await post(this.#clients, await this.direct(to), said);
    }
  }

  async update(sent: Sent, said: Said): Promise<void> {
    await rewrite(this.#clients, sent, said);
  }

  async direct({ externalTenant, externalUser }: ChatUser): Promise<Place> {
    const { channel } = await this.#clients.call(externalTenant, (web) => web.conversations.open({ users: externalUser }));
    if (!channel?.id) throw new AppError('unavailable', 'Slack opened no conversation.');
    return { surface: 'slack', externalTenant, channel: channel.id, audience: 'dm' };
  }

  async profile({ externalTenant, externalUser }: ChatUser): Promise<ChatProfile | undefined> {
    const user = await this.#clients
      .call(externalTenant, async (web) => (await web.users.info({ user: externalUser })).user)
      .catch((error) => {
        const code = error instanceof AppError ? slackCode(error.cause) : undefined;
        if (code === 'user_not_found' || code === 'user_not_visible') return undefined;
        throw error;
      });
    if (!user) return undefined;
    // `is_email_confirmed` and `is_stranger` are documented and not in the types of every version
    const known = user as typeof user & { is_email_confirmed?: boolean; is_stranger?: boolean };
    // whoever runs a workspace says which addresses its people have: only a workspace of ours says who somebody is to us
    const confirmed = known.is_email_confirmed !== false && (await this.#isOurs(externalTenant));
    const email = confirmed ? user.profile?.email : undefined;
    return {
      name: user.profile?.real_name || user.real_name || user.name || externalUser,
      ...(email && { email }),
      ...(user.tz && { timeZone: user.tz }),
      outsider: Boolean(
        user.is_restricted ||
          user.is_ultra_restricted ||
          user.is_bot ||
          user.is_workflow_bot ||
          user.deleted ||
          known.is_stranger ||
          !isOf(externalTenant, user),
      ),
    };
  }

  async file({ externalTenant }: ChatUser, { id }: ChatFile): Promise<AsyncIterable<Uint8Array>> {
    return this.#clients.call(externalTenant, async (web, token) => {
      const { file } = await web.files.info({ file: id });
      const address = file?.url_private_download ?? file?.url_private;
      if (!address || file?.is_external) throw new AppError('forbidden', 'This file does not lie with Slack, so it is not read.');
      return download(address, token, this.#apiUrl);
    });
  }

  async home({ externalTenant, externalUser }: ChatUser, sections: HomeSection[]): Promise<void> {
    await this.#clients.call(externalTenant, (web) => web.views.publish({ user_id: externalUser, view: homeView(sections) }));
  }
}

/** The person cannot be reached there, but elsewhere perhaps. */
const isClosedTo = (error: AppError): boolean =>
  ['channel_not_found', 'not_in_channel', 'user_not_in_channel', 'is_archived'].includes(slackCode(error.cause) ?? '');

/** Of this workspace, or of a workspace of the same organisation. */
function isOf(
  tenant: string,
  {
    team_id,
    enterprise_user,
  }: { team_id?: string | undefined; enterprise_user?: { enterprise_id?: string; teams?: string[] } | undefined },
): boolean {
  return team_id === tenant || enterprise_user?.enterprise_id === tenant || (enterprise_user?.teams?.includes(tenant) ?? false);
}
