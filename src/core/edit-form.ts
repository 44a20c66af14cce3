import type { ApprovalView } from './approval.ts';

/** A form about a proposal: its fields to edit, the number of records to type, or a question. The token comes back when it is sent. */
export interface EditForm {
  kind: 'edit' | 'count' | 'ask';
  view: Pick<ApprovalView, 'title' | 'confirmCount'>;
  /** Of `edit`. */
  fields: EditField[];
  token: string;
}

/** One input of a form. */
export interface EditField {
  name: string;
  label: string;
  /** Of a moment: with its offset in `zone`, "2026-03-11T09:00:00-05:00". */
  value: string;
  kind: 'line' | 'text' | 'number' | 'choice' | PickedKind;
  /** Of a moment: on whose clock it is picked. */
  zone?: string;
  /** Of what is picked: it cannot be taken away. */
  required?: boolean;
  /** Of a choice. */
  options?: string[];
  hint?: string;
}

/** Picked from a calendar, a clock, or both. */
export type PickedKind = 'date' | 'time' | 'moment';
