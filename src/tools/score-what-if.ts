import { z } from 'zod';
import { columnKey, factsOf } from '../core/facts.ts';
import { roundScore, score, unreadColumns, withPoints } from '../core/score.ts';
import { type Profile, tiers } from '../core/scoring.ts';
import { AppError } from '../errors.ts';
import { defineTool } from './define.ts';
import { leadRef, shownLeads, tierLine } from './lead-line.ts';
import { resolveLead } from './resolve.ts';

const standing = z.object({ score: z.number(), tier: z.enum(tiers), grade: z.string() });

export const scoreWhatIf = defineTool({
  name: 'score_what_if',
  title: 'Try out a score',
  description:
    'What the score of a lead would be if something about it were different; nothing is changed. Give `attributes` for columns of its record (null empties one), `industry`, or `points` 0-100 by criterion as explain_score names them. Use it for "what if they had three OEM certifications", "would service contracts make them gold".',
  input: z
    .strictObject({
      lead: leadRef,
      attributes: z.record(z.string().min(1).max(200), z.string().max(2000).nullable()).optional(),
      industry: z.string().max(200).nullable().optional(),
      points: z.record(z.string(), z.number().min(0).max(100)).optional().describe('Criterion -> points.'),
    })
    .refine(
      ({ attributes, industry, points }) => attributes !== undefined || industry !== undefined || points !== undefined,
      'say what would be different: attributes, industry or points',
    ),
  output: z.object({
    id: z.string(),
    name: z.string(),
    before: standing,
    after: standing,
    factors: z.array(
      z.object({
        label: z.string(),
        before: z.number().nullable(),
        after: z.number().nullable(),
        /** Points of the total. */
        gain: z.number(),
        evidence: z.string().nullable(),
      }),
    ),
    unread: z.array(z.string()).describe('Attributes that no criterion looks at.'),
  }),
  risk: 'read',
  async run({ lead: reference, attributes = {}, industry, points = {} }, { records }) {
    const { profile } = await records.profiles.active();
    const lead = await resolveLead(records, reference);
    const facts = factsOf(lead);
    const assumed = pointsById(profile, points);
    const before = score(profile, facts);
    const different = score(profile, {
      ...facts,
      ...(industry !== undefined && { industry }),
      attributes: changed(lead.attributes, attributes),
    });
    const after = withPoints(profile, different, assumed);
    return {
      id: lead.id,
      name: lead.name,
      before: { score: roundScore(before.score), tier: before.tier, grade: before.grade },
      after: { score: roundScore(after.score), tier: after.tier, grade: after.grade },
      factors: after.factors.flatMap((factor, index) => {
        const was = before.factors[index]!;
        if (factor.points === was.points) return [];
        const gain = roundScore(factor.contribution - was.contribution);
        return [{ label: factor.label, before: was.points, after: factor.points, gain, evidence: factor.evidence }];
      }),
      unread: unreadColumns(profile, Object.keys(attributes)),
    };
  },
  card: ({ name, before, after, factors, unread }) => ({
    title: `${name}: ${tierLine(before)} -> ${tierLine(after)}, if that were so`,
    blocks: [
      ...(factors.length
        ? [
            {
              type: 'table' as const,
              columns: ['Criterion', 'Now', 'Then', 'Adds'],
              rows: factors.map((factor) => [
                factor.label,
                String(factor.before ?? 'unknown'),
                String(factor.after ?? 'unknown'),
                (factor.gain > 0 ? '+' : '') + factor.gain.toFixed(1),
              ]),
            },
          ]
        : [{ type: 'text' as const, text: 'The score would stay as it is.' }]),
      ...(unread.length
        ? [{ type: 'notice' as const, level: 'info' as const, text: `No criterion looks at ${unread.join(', ')}.` }]
        : []),
    ],
  }),
  shows: ({ id, name }) => shownLeads([{ id, name }]),
});

/** Column names are one, however they are written: the new value takes the place of the old one. */
function changed(own: Record<string, string>, different: Record<string, string | null>): Record<string, string> {
  const keys = new Set(Object.keys(different).map(columnKey));
  return Object.fromEntries([
    ...Object.entries(own).filter(([name]) => !keys.has(columnKey(name))),
    ...Object.entries(different).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])),
  ]);
}

function pointsById(profile: Profile, points: Record<string, number>): Map<string, number> {
  const factors = [...profile.criteria, ...profile.bonuses];
  return new Map(
    Object.entries(points).map(([name, value]) => {
      const factor = factors.find(({ id, label }) => [id, label].some((known) => columnKey(known) === columnKey(name)));
      if (!factor)
        throw new AppError(
          'invalid_input',
          `There is no criterion "${name}". There are: ${factors.map(({ label }) => label).join(', ')}.`,
        );
      return [factor.id, value];
    }),
  );
}
