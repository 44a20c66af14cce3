import { z } from 'zod';
import { tiers } from '../core/scoring.ts';
import { AppError } from '../errors.ts';
import { defineTool } from './define.ts';
import { filterShape, toFilter } from './lead-filter.ts';
import { tierCounts } from './profiles.ts';
import { lower } from './qualify-lead.ts';
import { Run } from './qualify-run.ts';
import { qualifyWithModel } from './qualify-with-model.ts';

const estimate = z.object({
  leads: z.number(),
  open: z.number().describe('Leads with criteria that the record leaves open: only these cost anything.'),
  expectedUsd: z.string().nullable(),
  atMostUsd: z.string().nullable(),
  model: z.string(),
});

export const qualifyLeads = defineTool({
  name: 'qualify_leads',
  title: 'Qualify many leads',
  description:
    'Qualifies all leads that fit the filters, as a job: verdicts with reasons and evidence, kept for each lead. Without a model it costs nothing. With `model` it first only answers what that would cost; give `maxCostUsd` to start it.',
  input: z.strictObject({
    ...filterShape,
    importId: z.uuid().optional().describe('Only leads of this import.'),
    limit: z.number().int().min(1).max(5_000_000).optional().describe('At most so many leads. Absent: all.'),
    model: z.boolean().default(false).describe('May a model read the records for what they leave open?'),
    maxCostUsd: z
      .number()
      .min(0)
      .max(10_000)
      .optional()
      .describe('Most that this run may cost; never more than QUALIFY_RUN_MAX_COST_USD.'),
  }),
  output: z.object({
    filters: z.string(),
    leads: z.number(),
    qualified: z.number(),
    cached: z.number().describe('Nothing had changed since their last verdict.'),
    withModel: z.number(),
    failed: z.number(),
    tiers: tierCounts,
    averageConfidence: z.number().nullable(),
    costUsd: z.string().nullable(),
    stopped: z.string().optional(),
    estimate: estimate.optional(),
    profile: z.object({ id: z.string(), version: z.number() }),
    durationSeconds: z.number(),
  }),
  risk: 'draft',
  ownTransactions: true,
  long: true,
  async run({ limit = Number.POSITIVE_INFINITY, model, maxCostUsd, importId, ...asked }, deps, ctx) {
    const { records, agents, qualifyLimits, now } = deps;
    const started = now();
    const { filter: found, words } = await toFilter(asked, records, ctx, started);
    const filter = { ...found, ...(importId && { importId }) };
    const filters = [
      importId && words === 'all' ? undefined : words,
      importId && 'of one import',
      Number.isFinite(limit) && `at most ${limit.toLocaleString('en-US')}`,
    ]
      .filter(Boolean)
      .join(', ');
    const active = await records.profiles.active();
    const leads = Math.min(limit, await records.leads.count(filter));
    const run = new Run({ filter, limit, leads, active, deps, ctx });
    const profile = { id: active.key, version: active.version };
    const seconds = () => (now().getTime() - started.getTime()) / 1000;
    if (model && !agents.model)
      throw new AppError(
        'invalid_input',
        'No model is connected: set the key of a provider (npm run doctor names them), or qualify without one.',
      );
    if (model && maxCostUsd === undefined) {
      const cost = await run.estimate();
      return {
        filters,
        leads,
        ...run.counts(),
        estimate: { leads, ...cost, model: agents.model!.name },
        profile,
        durationSeconds: seconds(),
      };
    }
    const work = model ? qualifyWithModel(run, lower(maxCostUsd, qualifyLimits.runUsd)) : run.byCode();
    const stopped = await work.catch((error: unknown) => {
      if (!ctx.signal.aborted) throw error;
      const { qualified } = run.counts();
      const kept = `Stopped after ${qualified.toLocaleString('en-US')} of ${leads.toLocaleString('en-US')} leads; their verdicts are kept.`;
      throw new AppError('cancelled', kept, { cause: error });
    });
    return {
      filters,
      leads,
      ...run.counts(),
      ...(stopped !== undefined && { stopped }),
      profile,
      durationSeconds: seconds(),
    };
  },
  card: ({ filters, leads, tiers: counts, averageConfidence, cached, withModel, failed, costUsd, stopped, estimate: cost }) =>
    leads === 0
      ? { title: filters === 'all' ? 'There are no leads to qualify' : `No lead fits: ${filters}`, blocks: [] }
      : cost
        ? {
            title: `${cost.open.toLocaleString('en-US')} of ${leads.toLocaleString('en-US')} leads leave something open`,
            blocks: [
              {
                type: 'text',
                text:
                  cost.expectedUsd === null
                    ? `What ${cost.model} would cost is not known.`
                    : `Asking ${cost.model} about them would cost about ${dollars(cost.expectedUsd)}, at most ${dollars(cost.atMostUsd!)}. Nothing was asked yet: say how much it may cost (maxCostUsd).`,
              },
            ],
          }
        : {
            title: `Qualified: ${filters}`,
            blocks: [
              {
                type: 'bars',
                max: Math.max(1, leads),
                bars: tiers.map((tier) => ({
                  label: tier,
                  value: counts[tier] ?? 0,
                  note: (counts[tier] ?? 0).toLocaleString('en-US'),
                })),
              },
              {
                type: 'text',
                text: [
                  averageConfidence !== null && `Confidence ${Math.round(averageConfidence * 100)} % on average`,
                  cached > 0 && `${cached.toLocaleString('en-US')} unchanged since their last verdict`,
                  withModel > 0 &&
                    `a model was asked about ${withModel.toLocaleString('en-US')} for ${costUsd === null ? 'an unknown price' : dollars(costUsd)}`,
                  failed > 0 && `${failed.toLocaleString('en-US')} failed`,
                ]
                  .filter(Boolean)
                  .join('; '),
              },
              ...(stopped ? [{ type: 'notice' as const, level: 'warning' as const, text: stopped }] : []),
            ],
          },
});

/** Small sums to their first two digits: one that is not nothing should not read as if it were. */
const dollars = (usd: string): string => {
  const sum = Number(usd);
  return `${sum >= 0.01 || sum === 0 ? sum.toFixed(2) : sum.toFixed(1 - Math.floor(Math.log10(sum)))} USD`;
};
