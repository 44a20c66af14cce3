import { DateTime } from 'luxon';

/** What a person wants to hear from us by ourselves. */
export interface Preferences {
  /** Local hours between which we do not speak up, such as 18 to 8; the same hour twice: never quiet. */
  quiet: { from: number; until: number };
  /** Kinds of notice that this person does not want. */
  muted: string[];
  /** IANA zone of their day, as their chat surface tells it; null: the workspace's. */
  timeZone: string | null;
}

export const usualPreferences: Preferences = {
  quiet: { from: 18, until: 8 },
  muted: [],
  timeZone: null,
};

/** How often we speak up unasked in a day of the person's. */
export const mostProactiveADay = 3;

export interface PersonalPreferences {
  /** Those of somebody who chose nothing: the usual ones. */
  of(userId: string): Promise<Preferences>;
  change(userId: string, change: Partial<Preferences>): Promise<Preferences>;
  /** The zone of the person's day. */
  timeZone(userId: string): Promise<string>;
  /**
   * Whether we may speak up unasked now; when so, it counts as one of the day's. The same key counts once, so that a job that is run again
   * gets the same answer.
   */
  maySpeak(userId: string, now: Date, about: { kind: string; key: string }): Promise<SpeakingUp>;
}

export type SpeakingUp = { may: true } | { may: false; because: 'muted' | 'quiet' | 'enough' };

export function isQuiet({ from, until }: Preferences['quiet'], now: Date, timeZone: string): boolean {
  const { hour } = DateTime.fromJSDate(now, { zone: timeZone });
  return from <= until ? hour >= from && hour < until : hour >= from || hour < until;
}

/** The day that it is there, as 2026-11-30. */
export const localDay = (now: Date, timeZone: string): string => DateTime.fromJSDate(now, { zone: timeZone }).toISODate()!;

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
