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
  value: string;
  kind: 'line' | 'text' | 'number' | 'choice';
  /** Of a choice. */
  options?: string[];
  hint?: string;
}
