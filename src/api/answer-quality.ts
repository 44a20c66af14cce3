import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type Actor, atLeast } from '../core/actor.ts';
import { costRange } from '../core/cost-period.ts';
import { votes } from '../core/feedback.ts';
import { complexities } from '../core/llm.ts';
import { replayOf } from '../core/router-replay.ts';
import { AppError } from '../errors.ts';
import { scopeOf } from '../tools/gate.ts';
import { count, usd, when } from './analytics.ts';
import { actorOf } from './auth.ts';
import type { ApiParts } from './server.ts';
import { answers, limitOf } from './shapes.ts';

const rangeQuery = {
  start_date: when('The first day, or moment. Thirty days when it is left out.'),
  end_date: when('The last day, included; or the moment before which it ends. Today when it is left out.'),
};
const share = z.number().describe('0 to 1.');

const qualityShape = z.object({
  models: z.array(
    z.object({
      provider: z.string(),
      model: z.string(),
      answers: count.describe('Turns in which this model had the last word. "offline": the rules.'),
      votes: count,
      share_up: share.nullable().describe('Of the votes; null without votes.'),
      avg_cost_per_answer_usd: usd.nullable().describe('With all attempts of the turn; null when no price is known.'),
      unpriced_answers: count.describe('Answers that are not in the average: the price of a call is not known.'),
    }),
  ),
  comments: z
    .array(z.object({ at: z.iso.datetime(), provider: z.string(), model: z.string(), vote: z.enum(votes), comment: z.string() }))
    .describe('The newest. By whom they are is not said.'),
});

const replayShape = z.object({
  decisions: count,
  same: count.describe('Made again from the log, they came out as they were written down.'),
  different: count,
  tiers: z.array(
    z.object({
      tier: z.enum(complexities),
      decisions: count,
      voted: count.describe('Decisions whose answer has a vote: all estimates rest on these.'),
      reward: z.number().nullable().describe('Mean of what was chosen: votes as 0 to 1, less the weight of cost.'),
      others: z.array(
        z.object({
          policy: z.string().describe('"policy": the order of the policy. Else the model that would always be asked first.'),
          decisions: count,
          ips: z.number().describe('Mean reward it would have brought, by inverse propensity.'),
          snips: z.number().nullable().describe('The same, self-normalised.'),
          effective_sample_size: z.number().describe('Below some thirty the estimate says little.'),
        }),
      ),
    }),
  ),
});

/** How answers are liked, and what a router that learns from it makes of that. */
export const answerQualityRoutes =
  ({ gate }: ApiParts): FastifyPluginAsyncZod =>
  async (app) => {
    const tags = ['analytics'];
    const feedbackFor = (actor: Actor) => {
      if (!atLeast(actor.role, 'manager')) throw new AppError('forbidden', 'How answers are liked is for managers to see.');
      return gate.deps.db.records(scopeOf({ actor, by: 'person' })).feedback;
    };

    app.get(
      '/analytics/answer-quality',
      {
        schema: {
          tags,
          summary: 'How answers are liked, and what they cost, by model',
          description: 'For managers.',
          querystring: z.strictObject({ ...rangeQuery, comments: limitOf(200, 20) }),
          ...answers({ 200: qualityShape }),
        },
      },
      async (request) => {
        const actor = actorOf(request);
        const feedback = feedbackFor(actor);
        const { start_date: start, end_date: end, comments: most } = request.query;
        const range = costRange({ start, end }, gate.deps.now(), actor.timeZone);
        const [models, comments] = await Promise.all([feedback.quality(range), feedback.comments(range, most)]);
        return {
          models: models.map(({ provider, model, answers, up, down, averageCostUsd, unpriced }) => ({
            provider,
            model,
            answers,
            votes: up + down,
            share_up: up + down ? up / (up + down) : null,
            avg_cost_per_answer_usd: averageCostUsd,
            unpriced_answers: unpriced,
          })),
          comments,
        };
      },
    );

    app.get(
      '/analytics/router-replay',
      {
        schema: {
          tags,
          summary: 'What the router learned to decide, made again, and what other ways would have brought',
          description:
            'For managers. Reads the newest decisions that ROUTER_LEARNS left, at most `limit`. Estimates rest on decisions whose answer has a vote, as if those were votes like any other.',
          querystring: z.strictObject({ ...rangeQuery, limit: limitOf(20_000, 5_000) }),
          ...answers({ 200: replayShape }),
        },
      },
      async (request) => {
        const actor = actorOf(request);
        const feedback = feedbackFor(actor);
        const { start_date: start, end_date: end, limit } = request.query;
        const range = costRange({ start, end }, gate.deps.now(), actor.timeZone);
        const { tiers, ...sums } = replayOf(await feedback.decisions(range, limit));
        return {
          ...sums,
          tiers: tiers.map(({ others, ...tier }) => ({
            ...tier,
            others: others.map(({ effectiveSampleSize, ...one }) => ({ ...one, effective_sample_size: effectiveSampleSize })),
          })),
        };
      },
    );
  };
