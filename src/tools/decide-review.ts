import { z } from 'zod';
import type { Tense } from '../core/change.ts';
import { type ReviewDecision, reviewDecisions } from '../core/importing.ts';
import type { LeadFields } from '../core/lead.ts';
import { mergeInto } from '../core/merge.ts';
import type { Records } from '../core/records.ts';
import type { ReviewRow } from '../core/review.ts';
import { AppError } from '../errors.ts';
import { defineTool } from './define.ts';

/** One decision is one transaction, and one receipt that lists every record. */
const mostAtOnce = 500;
const shownRows = 20;
/** As far as the database counts lines. */
export const mostLines = 2_147_483_647;

const output = z.object({
  importId: z.string(),
  fileName: z.string(),
  decision: z.enum(reviewDecisions),
  decided: z.number(),
  rows: z.array(z.object({ line: z.number(), name: z.string(), leadId: z.string().optional(), lead: z.string().optional() })),
  skipped: z.array(z.object({ line: z.number(), name: z.string(), reason: z.string() })),
  waiting: z.number().describe('Rows of this import that nobody has decided yet.'),
});
type Decided = z.infer<typeof output>;

export const decideReview = defineTool({
  name: 'decide_review',
  title: 'Decide rows in review',
  description: `Settles rows of an import that wait for review (list_review shows them): "same" merges each row into the lead it may be, filling only what is empty there and adding its people and deal; "new" makes a lead of its own of each; "drop" closes them and keeps nothing. Name the lines, or all: true for every row of the import that waits, at most ${mostAtOnce.toLocaleString('en-US')} at once. Can be undone; undone rows wait for review again.`,
  input: z
    .strictObject({
      importId: z.uuid().describe('As list_review gives it.'),
      lines: z.array(z.number().int().min(0).max(mostLines)).min(1).max(200).optional().describe('Line numbers of the rows.'),
      all: z.literal(true).optional().describe('Instead of lines: every row of this import that waits.'),
      decision: z.enum(reviewDecisions),
    })
    .refine(({ lines, all }) => (lines === undefined) !== (all === undefined), 'give either lines or all: true'),
  output,
  risk: 'write',
  reach: 'many',
  async run({ importId, lines, decision }, { records }) {
    const source = await records.imports.get(importId);
    if (!source) throw new AppError('not_found', 'There is no such import.');
    if (source.state !== 'done')
      throw new AppError('conflict', `The import of ${source.fileName} is ${source.state}: its rows are no longer in review.`);
    const rows = await records.reviews.hold(importId, lines ? { lines } : { first: mostAtOnce });
    if (lines) checkLines(lines, rows, source.fileName);
    // told apart before anything is written: a lead that is gone stops what was asked line by line, and is left out of "all"
    const lost = decision === 'same' ? rows.filter((row) => !row.lead) : [];
    if (lines && lost.length) throw new AppError('conflict', lost.map(lostLead).join(' '));
    const decided = rows.filter((row) => !lost.includes(row));
    const leads = await carryOut[decision](decided, records);
    return {
      importId,
      fileName: source.fileName,
      decision,
      decided: decided.length,
      rows: decided.slice(0, shownRows).map((row) => {
        const lead = leads.get(row);
        return { line: row.line, name: row.company.name, ...(lead && { leadId: lead.id, lead: lead.name }) };
      }),
      skipped: lost.slice(0, shownRows).map((row) => ({ line: row.line, name: row.company.name, reason: lostLead(row) })),
      waiting: (await records.reviews.list({ importId }, { limit: 1 })).total,
    };
  },
  sentence: inWords,
  card: (result) => ({
    title: inWords(result, 'done'),
    blocks: [
      ...(result.rows.length
        ? [
            {
              type: 'table' as const,
              columns: ['Line', 'Company', 'Lead'],
              rows: result.rows.map((row) => [String(row.line), row.name, row.lead ?? '']),
              ...(result.decided > result.rows.length && { note: `${result.rows.length} of ${result.decided}` }),
            },
          ]
        : []),
      ...result.skipped.map(({ reason }) => ({ type: 'notice' as const, level: 'warning' as const, text: reason })),
      ...(result.waiting
        ? [{ type: 'notice' as const, level: 'info' as const, text: `${result.waiting} of this list still wait for review.` }]
        : []),
    ],
  }),
  shows: ({ rows }) => rows.flatMap(({ leadId, lead }) => (leadId && lead ? [{ entity: 'lead', id: leadId, label: lead }] : [])),
});

function inWords({ decision, decided, rows: [only], fileName }: Decided, tense: Tense): string {
  const verb = (done: string, planned: string) => (tense === 'done' ? done : planned);
  const what = decided === 1 && only ? `line ${only.line} of ${fileName}, ${only.name}` : `${decided} rows of ${fileName}`;
  if (decision === 'drop') return `${verb('Dropped', 'Drop')} ${what}`;
  if (decision === 'new') return `${verb('Made', 'Make')} ${decided === 1 ? 'a new lead' : 'new leads'} of ${what}`;
  return `${verb('Merged', 'Merge')} ${what}, into ${decided === 1 && only ? only.lead : 'the leads they are'}`;
}

function checkLines(lines: number[], rows: ReviewRow[], fileName: string): void {
  const settled = rows.find((row) => row.decided);
  if (settled) {
    const { decision, by, at } = settled.decided!;
    throw new AppError(
      'conflict',
      `Line ${settled.line} of ${fileName}, ${settled.company.name}, was decided before: "${decision}" by ${by}, ${at.toISOString().slice(0, 16).replace('T', ' ')} UTC. Undo that to decide again.`,
      { details: { line: settled.line, decision } },
    );
  }
  const missing = lines.filter((line) => !rows.some((row) => row.line === line));
  if (missing.length)
    throw new AppError(
      'not_found',
      `Not in review in ${fileName}: line ${missing.slice(0, 10).join(', ')}. list_review shows what is.`,
    );
}

const lostLead = ({ line, company }: ReviewRow): string =>
  `Line ${line}, ${company.name}: the lead it may be is gone. It still waits: make it a new lead, or drop it.`;

type Became = Map<ReviewRow, { id: string; name: string }>;

/** What each decision does with the rows; the leads they are part of then. */
const carryOut: Record<ReviewDecision, (rows: ReviewRow[], records: Records) => Promise<Became>> = {
  async same(rows, { leads, imports, reviews }) {
    const became: Became = new Map();
    const targets = await imports.targets([...new Set(rows.map((row) => row.lead!.id))]);
    for (const row of rows) {
      const target = targets.get(row.lead!.id);
      if (!target) throw new AppError('conflict', lostLead(row));
      const gain = mergeInto(target, row.company.fields, row.company);
      const filled = gain && (Object.keys(gain.fields).length > 0 || Object.keys(gain.attributes).length > 0);
      if (filled)
        await leads.update(target.id, { ...(gain.fields as LeadFields), attributes: target.attributes }, undefined, false);
      if (gain) await reviews.attach(row, target, gain);
      await reviews.decide(row, 'same', {
        leadId: target.id,
        ...(filled && { filled: { fields: gain.fields, attributes: gain.attributes } }),
      });
      became.set(row, target);
    }
    return became;
  },
  async new(rows, { leads, reviews }) {
    const became: Became = new Map();
    for (const row of rows) {
      const { name, status, fields, attributes, ...rest } = row.company;
      const lead = await leads.create({
        ...(fields as LeadFields),
        ...(status && { status: status as LeadFields['status'] & string }),
        name,
        attributes,
        source: 'import',
        importId: row.importId,
      });
      await reviews.attach(row, lead, rest);
      await reviews.decide(row, 'new', { leadId: lead.id });
      became.set(row, lead);
    }
    return became;
  },
  async drop(rows, { reviews }) {
    for (const row of rows) await reviews.decide(row, 'drop');
    return new Map();
  },
};
