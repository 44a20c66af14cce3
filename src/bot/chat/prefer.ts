import type { Actor } from '../../core/actor.ts';
import type { Pressable } from '../../core/outbox.ts';
import type { Preferences } from '../../core/preferences.ts';
import { AppError } from '../../errors.ts';
import type { ChatParts } from './parts.ts';

/** What we speak up about unasked. */
export const noticeKinds = {
  morning: 'the morning brief',
  evening: 'the evening summary',
  approval: 'reminders of what waits for you',
} as const;
export type NoticeKind = keyof typeof noticeKinds;

type Quiet = Preferences['quiet'];

/** Quiet hours to pick from, by the words on their buttons. */
export const quietChoices: Readonly<Record<string, Quiet>> = {
  'Quiet from 18:00 to 8:00': { from: 18, until: 8 },
  'Quiet from 20:00 to 7:00': { from: 20, until: 7 },
  'No quiet hours': { from: 0, until: 0 },
};

export const quietWords = ({ from, until }: Quiet): string =>
  from === until ? 'You set no quiet hours.' : `I keep quiet from ${from}:00 to ${until}:00.`;

/** Changes what a person wants to hear of us, and when; says what it is now. */
export async function prefer(
  { store: { preferences } }: ChatParts,
  { userId }: Actor,
  { preference, value }: Extract<Pressable, { kind: 'prefer' }>,
): Promise<string> {
  if (preference === 'quiet') {
    const quiet = Object.hasOwn(quietChoices, value) ? quietChoices[value] : undefined;
    if (!quiet) throw new AppError('invalid_input', 'There are no such quiet hours.');
    return quietWords((await preferences.change(userId, { quiet })).quiet);
  }
  if (!Object.hasOwn(noticeKinds, value)) throw new AppError('invalid_input', 'There is no such notice.');
  const about = noticeKinds[value as NoticeKind];
  const others = (await preferences.of(userId)).muted.filter((kind) => kind !== value);
  const mute = preference === 'mute';
  await preferences.change(userId, { muted: mute ? [...others, value] : others });
  return mute ? `You do not get ${about} any more. My home has the button that brings it back.` : `You get ${about} again.`;
}
