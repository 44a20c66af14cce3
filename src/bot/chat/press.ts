import { createHash } from 'node:crypto';
import type { Actor } from '../../core/actor.ts';
import type { ChatUser } from '../../core/chat.ts';
import type { PressAnswer, Pressed } from '../presses-port.ts';
import { type ChatParts, noticeSaid } from './parts.ts';

/** One press, by somebody who is known. */
export interface Press {
  parts: ChatParts;
  actor: Actor;
  who: ChatUser;
  where: Pressed;
  /** Empty for a plain button. */
  values: Record<string, string>;
  token: string;
}

/** Said to whoever pressed, and to nobody else. */
export const told = (text: string): PressAnswer => ({ whisper: noticeSaid(text, 'warning') });

/** For keys: the same for the same text. */
export const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 24);
