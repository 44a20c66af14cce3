import type { Said } from '../../core/chat.ts';
import type { PressAnswer } from '../presses-port.ts';
import type { Visitor } from './door.ts';
import type { PlaygroundParts } from './parts.ts';
import { type Faces, facesOf } from './shown.ts';
import { placeOf } from './surface.ts';

type ShownAnswer = Omit<PressAnswer, 'whisper' | 'replace'> & Partial<Record<'whisper' | 'replace', { said: Said } & Faces>>;

const shown = (said: Said) => ({ said, ...facesOf(said) });

/** A button was pressed on whichever face, or a form sent. What is picked stands in the conversation as if it had been typed. */
export async function pressed(
  { chat, messages, surface, tokens }: PlaygroundParts,
  { user }: Visitor,
  { token, messageId, values }: { token: string; messageId?: string | undefined; values: Record<string, string> },
): Promise<ShownAnswer> {
  const place = placeOf(user);
  const words = await wordsOf(tokens, token, values);
  const said = words && (await messages.add(user.externalUser, { speaker: 'you', content: { text: words, picked: true } }));
  const where = { place, ...(messageId && { messageId }) };
  const { whisper, replace, ...answer } = await chat.presses.press(token, user, where, values);
  // refused: nothing was said
  if (said && (whisper || answer.problems)) await messages.remove(user.externalUser, said.id);
  if (replace && messageId) await surface.update({ place, messageId }, replace);
  return { ...answer, ...(whisper && { whisper: shown(whisper) }), ...(replace && { replace: shown(replace) }) };
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
