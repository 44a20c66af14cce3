import { createReadStream } from 'node:fs';
import type { ChatFile, ChatProfile, ChatUser, Once, Place, Said, Sent, Surface } from '../../core/chat.ts';
import type { UploadFiles } from '../../core/importing.ts';
import type { PlaygroundMessages } from '../../core/playground.ts';
import type { Db } from '../../core/records.ts';
import { AppError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { ReadAlong } from '../chat/parts.ts';
import { PlaygroundSink } from './sink.ts';

export interface SurfaceParts {
  messages: PlaygroundMessages;
  db: Db;
  tenantId: string;
  files: Pick<UploadFiles, 'path'>;
  log: Log;
}

/** Somebody's private conversation in the browser. */
export const placeOf = ({ surface, externalTenant, externalUser }: ChatUser): Place => ({
  surface,
  externalTenant,
  channel: externalUser,
  audience: 'dm',
});

/** The playground, as the core uses it: what is said there are rows, which every process can write and every browser window reads. */
export class PlaygroundSurface implements Surface {
  readonly id = 'playground' as const;
  readonly findsSaid = true;
  readonly #parts: SurfaceParts;

  constructor(parts: SurfaceParts) {
    this.#parts = parts;
  }

  async open(place: Place): Promise<PlaygroundSink> {
    const { messages, log } = this.#parts;
    await messages.removeAbandoned(place.channel);
    return PlaygroundSink.begin(messages, place, log);
  }

  async replace(sent: Sent): Promise<PlaygroundSink> {
    const { messages, log } = this.#parts;
    await messages.removeAbandoned(sent.place.channel);
    return PlaygroundSink.again(messages, sent, log);
  }

  async send(place: Place, said: Said, once?: Once): Promise<Sent> {
    // an answer that was begun elsewhere, and whose process is gone, is said anew here
    await this.#parts.messages.removeAbandoned(place.channel);
    return this.#say(place, said, { key: once?.id });
  }

  async whisper(place: Place, _to: ChatUser, said: Said): Promise<void> {
    await this.#say(place, said, { whisper: true });
  }

  /** What its reader cleared away stays away, and that is no failure. */
  async update({ place, messageId }: Sent, said: Said): Promise<void> {
    if (!/^\d{1,18}$/.test(messageId)) throw new AppError('not_found', 'There is no such message.');
    await this.#parts.messages.write(place.channel, messageId, { said });
  }

  async direct(user: ChatUser): Promise<Place> {
    return placeOf(user);
  }

  /** Whoever is one of us is known by their id already. */
  async profile(): Promise<ChatProfile> {
    return { name: 'A visitor', outsider: true };
  }

  async file({ externalUser }: ChatUser, { id }: ChatFile): Promise<AsyncIterable<Uint8Array>> {
    const { db, tenantId, files } = this.#parts;
    const { uploads } = db.records({ tenantId, userId: externalUser, surface: this.id });
    if (!(await uploads.get(id))) throw new AppError('not_found', 'This file is not here any more. Send it again.');
    return createReadStream(files.path(id));
  }

  /** What somebody said and heard on another surface stands in their conversation here, too. */
  async readAlong({ turnId, userId, surface, asked, at, said }: Parameters<ReadAlong>[0]): Promise<void> {
    if (surface === this.id) return;
    const { messages } = this.#parts;
    await messages.add(userId, { speaker: 'you', content: { text: asked, via: surface }, key: `${turnId} asked`, at });
    await messages.add(userId, { speaker: 'assistant', content: { said, via: surface }, key: `${turnId} said` });
  }

  async #say(place: Place, said: Said, how: { whisper?: boolean; key?: string | undefined }): Promise<Sent> {
    const { id } = await this.#parts.messages.add(place.channel, { speaker: 'assistant', content: { said }, ...how });
    return { place, messageId: id };
  }
}
