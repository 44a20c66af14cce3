import type { Said } from '../../core/chat.ts';
import type { PressAnswer } from '../presses-port.ts';
import type { Visitor } from './door.ts';
import type { PlaygroundParts } from './parts.ts';
import { type Faces, facesOf } from './shown.ts';
import { placeOf } from './surface.ts';

type ShownAnswer = Omit<PressAnswer, 'whisper'> & { whisper?: { said: Said } & Faces };

/** A button was pressed on whichever face, or a form sent. What is picked stands in the conversation as if it had been typed. */
export async function pressed(
  { chat, messages, tokens }: PlaygroundParts,
  { user }: Visitor,
  { token, messageId, values }: { token: string; messageId?: string | undefined; values: Record<string, string> },
): Promise<ShownAnswer> {
  const place = placeOf(user);
  const words = await wordsOf(tokens, token, values);
  const said = words && (await messages.add(user.externalUser, { speaker: 'you', content: { text: words, picked: true } }));
  const where = { place, ...(messageId && { messageId }) };
  const { whisper, ...answer } = await chat.presses.press(token, user, where, values);
  // refused: nothing was said
  if (said && (whisper || answer.problems)) await messages.remove(user.externalUser, said.id);
  return { ...answer, ...(whisper && { whisper: { said: whisper, ...facesOf(whisper) } }) };
}

async function wordsOf(
  tokens: PlaygroundParts['tokens'],
  token: string,
  values: Record<string, string>,
): Promise<string | undefined> {
  const about = await tokens.read(token);
  if (about?.kind === 'choose') return about.label;
  return about?.kind === 'ask' ? values['note']?.trim() || undefined : undefined;
}
