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

const isKind = (value: string): value is NoticeKind => value in noticeKinds;

/** Changes what a person wants to hear of us; says what it is now. */
export async function prefer(
  { store: { preferences } }: ChatParts,
  { userId }: Actor,
  { preference, value }: Extract<Pressable, { kind: 'prefer' }>,
): Promise<string> {
  if (!isKind(value) || (preference !== 'mute' && preference !== 'unmute'))
    throw new AppError('invalid_input', 'There is no such preference.');
  const { muted } = await preferences.of(userId);
  const others = muted.filter((kind) => kind !== value);
  await preferences.change(userId, {
    ...switchOf(value, preference === 'unmute'),
    muted: preference === 'mute' ? [...others, value] : others,
  });
  return preference === 'mute'
    ? `You do not get ${noticeKinds[value]} any more. My home has the button that brings it back.`
    : `You get ${noticeKinds[value]} again.`;
}

const switchOf = (kind: NoticeKind, on: boolean): Partial<Preferences> =>
  kind === 'morning' ? { morningBrief: on } : kind === 'evening' ? { eveningSummary: on } : {};

/** Whether somebody wants to hear of this. */
export const wants = ({ morningBrief, eveningSummary, muted }: Preferences, kind: NoticeKind): boolean =>
  !muted.includes(kind) && (kind !== 'morning' || morningBrief) && (kind !== 'evening' || eveningSummary);
