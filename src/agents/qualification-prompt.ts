import { z } from 'zod';
import { type Facts, ownFields } from '../core/facts.ts';
import { fence } from '../core/fence.ts';
import type { EvidenceSource } from '../core/profile.ts';
import { visibleLine } from '../core/visible.ts';
import { promptFile } from './converse.ts';

/** A criterion that the record leaves open and that a model may be asked about. */
export interface OpenCriterion {
  id: string;
  label: string;
  ask: Extract<EvidenceSource, { question: string }>;
}

export interface Question {
  open: OpenCriterion[];
  facts: Facts;
}

export const systemPrompt = promptFile('qualification');

export const answersSchema = (open: OpenCriterion[]) =>
  z
    .object({
      answers: z
        .array(
          z.object({
            criterion: z.enum(open.map(({ id }) => id)),
            answer: z.string().max(200),
            source: z.string().max(300).describe('The field of the record that the quote stands in.'),
            quote: z.string().max(1000).describe('Words copied exactly from that field.'),
          }),
        )
        .max(100),
    })
    .describe('Takes the answers that the record gives. Questions it does not answer are left out.');

export type Answers = z.output<ReturnType<typeof answersSchema>>['answers'];

export function promptOf({ open, facts }: Question): string {
  const questions = open.map(({ id, ask }) => ({ criterion: id, question: ask.question, answers: Object.keys(ask.answers) }));
  return `Questions:\n${JSON.stringify(questions, null, 1)}\n\nThe record:\n${fence(JSON.stringify(recordOf(facts), null, 1))}`;
}

const longestCell = 2000;
const longestRecord = 12_000;

/** What the model may quote: the fields and columns by their names, on one line each, long ones cut. */
function recordOf(facts: Facts): Record<string, string> {
  const record: Record<string, string> = Object.create(null);
  let room = longestRecord;
  const fields = Object.fromEntries(['name' as const, ...ownFields].map((field) => [field, facts[field]]));
  for (const [name, value] of [...Object.entries(fields), ...Object.entries(facts.attributes)]) {
    if (value === null || value === undefined || value === '' || room <= 0) continue;
    const text = visibleLine(String(value)).slice(0, Math.min(longestCell, room)).toWellFormed();
    room -= name.length + text.length;
    record[name] = text;
  }
  return record;
}

/** The form of an answer as a schema, and what vendors put around tools. */
const formTokens = 900;
/** What is said about an answer that did not fit. */
export const objectionTokens = 1000;

/** So many tokens the question comes to, as a rule and at the most. */
export function promptTokens(question: Question): { expected: number; most: number } {
  const text = systemPrompt + promptOf(question);
  return { expected: formTokens + Math.ceil(text.length / 4), most: formTokens + mostTokens(text) };
}

/** Words, English or not, come to a token for two letters at the most; digits and signs may be one each, and what is not ASCII one a byte. */
function mostTokens(text: string): number {
  let letters = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at) | 32;
    if (code === 32 || code === 42 || (code >= 97 && code <= 122)) letters++;
  }
  return Math.ceil(letters / 2) + Buffer.byteLength(text) - letters;
}
