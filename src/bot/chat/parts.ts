import type { Converser } from '../../agents/converse.ts';
import type { Access } from '../../core/access.ts';
import type { Actor } from '../../core/actor.ts';
import type { ChatSurface, Place, Said, Surface } from '../../core/chat.ts';
import type { ChatStores } from '../../core/chat-stores.ts';
import type { Records } from '../../core/records.ts';
import { AppError } from '../../errors.ts';
import { type Gate, scopeOf } from '../../tools/gate.ts';

/** What everything between chat surfaces and agents is made of. */
export interface ChatParts {
  tenantId: string;
  gate: Gate;
  converser: Converser;
  access: Pick<Access, 'byUser'>;
  /** What must not be lost. */
  store: ChatStores;
  /** Those that are switched on. */
  surfaces: ReadonlyMap<ChatSurface, Surface>;
  /** Whoever shows a person's private conversation as a whole is told what was said in it on other surfaces; a nicety. */
  readAlong?: ReadAlong;
  /** Of files that come with messages. */
  uploadMaxMb: number;
}

/** A question that was asked in private on some surface, and its answer. */
export type ReadAlong = (turn: {
  turnId: string;
  userId: string;
  surface: ChatSurface;
  asked: string;
  at: Date;
  said: Said;
}) => Promise<void>;

/** Records as one person may reach them. */
export const recordsOf = ({ gate }: Pick<ChatParts, 'gate'>, actor: Actor): Records =>
  gate.deps.db.records(scopeOf({ actor, by: 'person' }));

/** Records for the work that nobody in particular asked for. */
export const everyone = ({ gate, tenantId }: Pick<ChatParts, 'gate' | 'tenantId'>): Records =>
  gate.deps.db.records({ tenantId, userId: '', surface: 'job' });

export function surfaceOf({ surfaces }: Pick<ChatParts, 'surfaces'>, id: ChatSurface): Surface {
  const surface = surfaces.get(id);
  if (!surface) throw new AppError('unavailable', `${id} is not switched on here.`);
  return surface;
}

/** A plain sentence as a message. */
export const plainSaid = (text: string): Said => ({ text, cards: [], fallback: text });

/** A sentence that asks for attention. */
export const noticeSaid = (text: string, level: 'info' | 'warning' | 'error' = 'info'): Said => ({
  cards: [{ blocks: [{ type: 'notice', level, text }] }],
  fallback: text,
});

/** Others may read along here. */
export const isOpen = ({ audience }: Place): boolean => audience !== 'dm';
