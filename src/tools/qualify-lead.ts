import { z } from 'zod';
import { closedStatuses } from '../core/lead.ts';
import { foundIn, tiers } from '../core/scoring.ts';
import { defineTool } from './define.ts';
import { leadRef, shownLeads } from './lead-line.ts';
import { resolveLead } from './resolve.ts';

const verdictShape = {
  score: z.number(),
  tier: z.enum(tiers),
  grade: z.enum(['A', 'B', 'C', 'D']),
  temperature: z.enum(['hot', 'warm', 'cold']),
  confidence: z.number(),
  reasoning: z.string(),
  reasons: z.array(z.string()),
  missing: z.array(z.string()),
  wouldRaise: z.array(z.string()),
  evidence: z.array(
    z.object({
      criterion: z.string(),
      label: z.string(),
      points: z.number(),
      text: z.string(),
      source: z.string(),
      quote: z.string().optional(),
      by: z.enum(['record', 'model']),
    }),
  ),
};

export const qualifyLead = defineTool({
  name: 'qualify_lead',
  title: 'Qualify a lead',
  description:
    'Judges whether a lead is worth the time: score, tier, confidence, reasons with evidence, what is not known and what to do next. When a model is connected it reads the record for criteria that the data leaves open; code checks its quotes and computes the score. Use it for "qualify X", "is X a good fit", "should I call X".',
  input: z.strictObject({
    lead: leadRef,
    model: z.boolean().optional().describe('May a model read the record? Absent: when one is connected.'),
    maxCostUsd: z
      .number()
      .min(0)
      .max(100)
      .optional()
      .describe('Most that the model may cost; never more than QUALIFY_LEAD_MAX_COST_USD.'),
  }),
  output: z.object({
    id: z.string(),
    name: z.string(),
    ...verdictShape,
    notes: z.array(z.string()),
    profile: z.object({ id: z.string(), version: z.number() }),
    processingTimeMs: z.number(),
    cached: z.boolean(),
    degraded: z.boolean(),
    costUsd: z.string().nullable(),
    executionId: z.string(),
  }),
  risk: 'draft',
  ownTransactions: true,
  async run({ lead: reference, model, maxCostUsd }, { records, agents, qualifyLimits }, ctx) {
    const lead = await resolveLead(records, reference);
    const { leadId, ...run } = await agents.run(
      'qualification',
      {
        leadId: lead.id,
        model: model ?? agents.model !== undefined,
        maxCostUsd: lower(maxCostUsd, qualifyLimits.leadUsd),
      },
      ctx,
    );
    const closed = closedStatuses.includes(lead.status) && `Its status is ${lead.status}: nobody needs to call.`;
    return { id: leadId, ...run, notes: [...run.notes, ...(closed ? [closed] : [])] };
  },
  card: ({ name, tier, score, grade, temperature, confidence, reasoning, evidence, missing, notes }) => ({
    title: `${name}: ${tier} ${score.toFixed(1)} (grade ${grade}, ${temperature}, confidence ${Math.round(confidence * 100)} %)`,
    blocks: [
      { type: 'text', text: reasoning },
      {
        type: 'bars',
        max: 100,
        bars: [
          ...evidence.map(({ label, points, text, source, by }) => ({
            label,
            value: points,
            note: `${text} (${foundIn(source, by === 'model')})`,
          })),
          ...missing.map((open) => ({ label: open.split(':')[0]!, value: 0, note: 'not known' })),
        ],
      },
      ...notes.map((text) => ({ type: 'notice' as const, level: 'info' as const, text })),
    ],
  }),
  shows: ({ id, name }) => shownLeads([{ id, name }]),
});

/** The lower of what was asked for and what the settings allow, as decimal text. */
export const lower = (asked: number | undefined, limit: string): string =>
  asked === undefined || asked >= Number(limit) ? limit : asked.toFixed(6);
