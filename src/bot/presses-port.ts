import type { Actor } from '../core/actor.ts';
import type { ChatUser, HomeSection, Place, Said } from '../core/chat.ts';
import type { EditForm } from '../core/edit-form.ts';

/** What chat surfaces ask for while somebody waits for the answer: buttons and forms, who is who, what a home shows. */

export interface PressAnswer {
  /** Seen by whoever pressed alone. */
  whisper?: Said;
  /** Opened for whoever pressed. */
  modal?: EditForm;
  /** Of a form: what is wrong with which field. The form stays open. */
  problems?: Record<string, string>;
}

/** Where something was pressed. No message: in somebody's home. */
export interface Pressed {
  place: Place;
  messageId?: string;
}

export interface Presses {
  /**
   * A button was pressed or a form sent. What the token means, and whether this person may, is looked up now. `values` hold what was typed or
   * picked; those of a vote have `vote`, `up` or `down`. A refusal is an answer too: a whisper that says why.
   */
  press(token: string, who: ChatUser, where: Pressed, values: Record<string, string>): Promise<PressAnswer>;
}

export interface Looks {
  /** The card of the proposal that a token is about, as it is now; whether this person may decide on it. */
  look(token: string, who: ChatUser): Promise<{ said: Said; decides: boolean } | { none: string }>;
  /** Who may decide on a proposal, wherever they can be reached. */
  deciders(proposalId: string): Promise<ChatUser[]>;
}

export interface People {
  /** Who somebody is to us right now, or a sentence that tells them why we do not know them. */
  actorOf(user: ChatUser): Promise<{ actor: Actor } | { none: string }>;
}

export interface Homes {
  sections(user: ChatUser): Promise<HomeSection[]>;
}
