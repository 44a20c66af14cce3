import { z } from 'zod';
import type { Card } from '../core/card.ts';
import { fillableFields } from '../core/importing.ts';
import { formatPhone } from '../core/phone.ts';
import type { ReviewCompany, ReviewPlace, ReviewRow } from '../core/review.ts';
import { AppError } from '../errors.ts';

/** A row in review as tools show it: what the list says beside what the lead says, where they differ. */
export const reviewRow = z.object({
  importId: z.string(),
  fileName: z.string(),
  line: z.number(),
  name: z.string(),
  reason: z.string(),
  confidence: z.number().nullable(),
  lead: z.object({ id: z.string(), name: z.string() }).nullable().describe('The lead it may be; null when that one is gone.'),
  differs: z.array(z.object({ field: z.string(), row: z.string(), lead: z.string() })),
});
export type ReviewLine = z.infer<typeof reviewRow>;

export const toReviewLine = ({ importId, fileName, line, company, reason, confidence, lead }: ReviewRow): ReviewLine => ({
  importId,
  fileName,
  line,
  name: company.name,
  reason,
  confidence,
  lead: lead ? { id: lead.id, name: lead.name } : null,
  differs: differences(company, lead),
});

type Side = Pick<ReviewCompany, 'name' | 'fields' | 'people'>;

const longestValue = 120;

/** Only what the row says something about: what the lead has besides is no reason to think them two. */
function differences(row: ReviewCompany, lead: Side | undefined): ReviewLine['differs'] {
  const all = [
    { field: 'name', row: row.name, lead: lead?.name ?? '' },
    ...fillableFields.map((field) => ({ field, row: textOf(row, field), lead: lead ? textOf(lead, field) : '' })),
    { field: 'people', row: peopleOf(row), lead: lead ? peopleOf(lead) : '' },
    { field: 'deal', row: row.deal?.name ?? '', lead: '' },
  ];
  return all
    .filter((side) => side.row !== '' && side.row.toLowerCase() !== side.lead.toLowerCase())
    .map(({ field, row: ours, lead: theirs }) => ({ field, row: short(ours), lead: short(theirs) }));
}

function textOf({ fields }: Side, field: (typeof fillableFields)[number]): string {
  const value = String(fields[field] ?? '');
  return field === 'phone' && value ? formatPhone(value) : value;
}

const peopleOf = ({ people }: Side): string =>
  people
    .slice(0, 3)
    .map(({ name, email, phone }) => [name, email ?? phone].filter(Boolean).join(' '))
    .join(', ');

const short = (text: string): string =>
  text.length > longestValue ? `${text.slice(0, longestValue - 1).toWellFormed()}…` : text;

/** One row for a person who decides it. */
export function reviewRowCard(row: ReviewLine): Card {
  const { fileName, line, name, reason, confidence, lead, differs } = row;
  return {
    title: `Line ${line} of ${fileName}: ${name}`,
    blocks: [
      {
        type: 'fields',
        fields: [
          { label: 'May be', value: lead ? lead.name : 'a lead that is gone' },
          { label: 'Because', value: reason },
          ...(confidence === null ? [] : [{ label: 'Sure', value: percent(confidence) }]),
        ],
      },
      ...(lead
        ? [
            {
              type: 'table' as const,
              columns: ['', 'The list', 'The lead'],
              rows: differs.map((side) => [side.field, side.row, side.lead || '(empty)']),
            },
          ]
        : []),
    ],
  };
}

export const percent = (share: number): string => `${Math.round(share * 100)}%`;

/** Where a page ended, as text to hand back. */
export const writePlace = ({ importId, line }: ReviewPlace): string => `${importId}:${line}`;

export function readPlace(text: string): ReviewPlace {
  const [, importId, line] = /^([0-9a-f-]{36}):(\d{1,9})$/i.exec(text) ?? [];
  if (!importId || !line)
    throw new AppError('invalid_input', 'This is not the `next` of a page of review rows. Leave `after` out.');
  return { importId, line: Number(line) };
}
