import { z } from 'zod';
import { roundScore } from '../core/score.ts';
import { foundIn, tiers } from '../core/scoring.ts';
import { defineTool } from './define.ts';
import { leadRef, shownLeads } from './lead-line.ts';
import { resolveLead } from './resolve.ts';
import { ranking } from './top-leads.ts';

export const explainScore = defineTool({
  name: 'explain_score',
  title: 'Explain a score',
  description:
    'Why a lead has its score, tier and place in today’s ranking: every factor with weight, points and evidence, what is missing, and what would raise it. Use it for "why is X first", "why gold", "score of X".',
  input: z.strictObject({ lead: leadRef }),
  output: z.object({
    id: z.string(),
    name: z.string(),
    score: z.number(),
    tier: z.enum(tiers),
    grade: z.string(),
    temperature: z.string(),
    factors: z.array(
      z.object({
        label: z.string(),
        weight: z.number(),
        points: z.number().nullable(),
        contribution: z.number(),
        evidence: z.string().nullable(),
        source: z.string().nullable().describe('Where the evidence stands: a column, a field, or "name".'),
        quote: z.string().optional().describe('Of what a model read: the words of the record.'),
      }),
    ),
    confidence: z.number(),
    missing: z.array(z.string()),
    wouldRaise: z.array(z.string()),
    rankToday: z.number().nullable(),
    rankReasons: z.array(z.string()),
  }),
  risk: 'read',
  async run({ lead: reference }, { records, now }, ctx) {
    const lead = await resolveLead(records, reference);
    const detail = lead.scoreDetail;
    const ranked = await ranking(records, ctx, now(), {});
    const position = ranked.findIndex((entry) => entry.lead.id === lead.id);
    return {
      id: lead.id,
      name: lead.name,
      score: roundScore(detail.score),
      tier: detail.tier,
      grade: detail.grade,
      temperature: detail.temperature,
      factors: detail.factors.map(({ label, weight, points, contribution, evidence, source, quote }) => ({
        label,
        weight,
        points,
        contribution: roundScore(contribution),
        evidence,
        source,
        ...(quote !== undefined && { quote }),
      })),
      confidence: Math.round(detail.confidence * 100) / 100,
      missing: detail.missing,
      wouldRaise: detail.wouldRaise,
      rankToday: position === -1 ? null : position + 1,
      rankReasons: ranked[position]?.reasons ?? [],
    };
  },
  card: (output) => ({
    title: `${output.name}: ${output.tier} ${output.score.toFixed(1)} (grade ${output.grade}, ${output.temperature})`,
    blocks: [
      {
        type: 'bars',
        max: 100,
        bars: output.factors.map((f) => ({
          label: f.label,
          value: f.points ?? 0,
          note: [
            f.evidence ? `${f.evidence}${f.source ? ` (${foundIn(f.source, f.quote !== undefined)})` : ''}` : 'no evidence',
            f.weight && `counts ${Math.round(f.weight * 100)} %`,
          ]
            .filter(Boolean)
            .join('; '),
        })),
      },
      ...(output.wouldRaise.length ? [{ type: 'text' as const, text: `Would raise it: ${output.wouldRaise.join('; ')}` }] : []),
    ],
  }),
  shows: ({ id, name }) => shownLeads([{ id, name }]),
});
