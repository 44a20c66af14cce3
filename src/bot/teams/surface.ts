import type { ChatFile, ChatProfile, ChatUser, Place, Said, Sent, Surface } from '../../core/chat.ts';
import type { Streams } from '../../core/streams.ts';
import { AppError } from '../../errors.ts';
import { download } from './files.ts';
import { memberSpot } from './heard.ts';
import { type PostParts, post, rewrite } from './posts.ts';
import type { TeamsConfig } from './settings.ts';
import { TeamsSink } from './sink.ts';
import type { Member, Transport } from './transport.ts';

export interface SurfaceParts extends PostParts {
  streams: Streams;
  transport: Transport;
  config: TeamsConfig;
  /** Somebody stopped an answer that was being written. */
  stopped(place: Place, user: ChatUser): void;
}

const writeDirectly =
  'What I have to say is for one person alone, and they do not have me in private yet: add Sales Agent under Apps, and write to me there.';

/** Teams, as the core uses it. */
export class TeamsSurface implements Surface {
  readonly id = 'teams' as const;
  /** What a bot said in Teams cannot be read back. */
  readonly findsSaid = false;
  readonly #parts: SurfaceParts;

  constructor(parts: SurfaceParts) {
    this.#parts = parts;
  }

  async open(place: Place, to: ChatUser, turnId: string): Promise<TeamsSink> {
    return new TeamsSink(this.#parts, place, to, turnId);
  }

  async reopen(place: Place, to: ChatUser, turnId: string): Promise<TeamsSink | undefined> {
    const left = await this.#parts.streams.left(turnId);
    return left && new TeamsSink(this.#parts, place, to, turnId, left);
  }

  send(place: Place, said: Said): Promise<Sent> {
    return post(this.#parts, place, said);
  }

  /** Nothing in Teams is seen by one person alone but their private conversation. */
  async whisper(place: Place, to: ChatUser, said: Said): Promise<void> {
    if (place.audience === 'dm') return void (await post(this.#parts, place, said));
    try {
      await post(this.#parts, await this.direct(to), said);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'forbidden') throw error;
      // what is for one person alone is not said here; that there is something is
      await post(this.#parts, place, { text: writeDirectly, cards: [], fallback: writeDirectly });
    }
  }

  async update(sent: Sent, said: Said): Promise<void> {
    await rewrite(this.#parts, sent, said);
  }

  async direct(user: ChatUser): Promise<Place> {
    const { references, transport } = this.#parts;
    const { externalTenant } = user;
    const place = (channel: string): Place => ({ surface: 'teams', externalTenant, channel, audience: 'dm' });
    const known = await references.privateOf(user);
    if (known) return place(known.channel);
    const nearby = (await references.find(memberSpot(user))) ?? (await references.newestIn('teams', externalTenant));
    const { serviceUrl, botId } = nearby?.reach ?? {};
    if (!serviceUrl || !botId) throw new AppError('forbidden', 'Sales Agent is not installed for this person in Teams.');
    const channel = await transport.begin({ serviceUrl, botId }, { tenantId: externalTenant, userId: user.externalUser });
    await references.keep({ ...place(channel), externalUser: user.externalUser, reach: { serviceUrl, botId } });
    return place(channel);
  }

  async profile(user: ChatUser): Promise<ChatProfile | undefined> {
    const { tenantId } = this.#parts.config;
    // whoever runs a tenant says who its people are: only our own says who somebody is to us
    if (tenantId && user.externalTenant !== tenantId) return { name: user.externalUser, outsider: true };
    const member = await this.#member(user);
    if (!member) return undefined;
    const { name, email, userPrincipalName } = member;
    const address = [email, userPrincipalName].find((one) => one && /^[^@\s#]+@[^@\s]+$/.test(one));
    const outsider = isOutsider(member, user);
    return {
      name: name || user.externalUser,
      ...(address && tenantId && !outsider && { email: address }),
      outsider,
    };
  }

  async #member(user: ChatUser): Promise<Member | undefined> {
    const { references, transport } = this.#parts;
    const heard = (await references.privateOf(user)) ?? (await references.find(memberSpot(user)));
    const { serviceUrl, conversation = heard?.channel } = heard?.reach ?? {};
    return serviceUrl && conversation ? transport.member({ serviceUrl, conversation }, user.externalUser) : undefined;
  }

  async file(_user: ChatUser, { id }: ChatFile): Promise<AsyncIterable<Uint8Array>> {
    return download(id, this.#parts.config.allowHosts);
  }
}

/** Guests carry their home in their name. */
const isOutsider = ({ id, userRole, userPrincipalName, tenantId }: Member, { externalTenant, externalUser }: ChatUser): boolean =>
  id !== externalUser ||
  id.startsWith('28:') ||
  (userRole !== undefined && userRole !== 'user') ||
  /#ext#/i.test(userPrincipalName ?? '') ||
  (tenantId !== undefined && tenantId.toLowerCase() !== externalTenant);
