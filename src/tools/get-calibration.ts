import { z } from 'zod';
import { calibrate, foretold, wordsFor } from '../core/calibration.ts';
import type { CardBlock } from '../core/card.ts';
import { wholePercent } from '../core/proportion.ts';
import { defineTool } from './define.ts';

const figure = z.number().nullable();
const output = z.object({
  outcome: z.enum(foretold),
  profile: z.object({ id: z.string(), version: z.number() }),
  leads: z.number(),
  positives: z.number(),
  bins: z.array(
    z.object({
      from: z.number(),
      to: z.number(),
      leads: z.number(),
      positives: z.number(),
      rate: figure,
      predicted: figure,
      low: figure,
      high: figure,
    }),
  ),
  brier: figure,
  baseline: figure,
  skill: figure,
  auc: figure,
  enough: z.boolean(),
  suggestion: z
    .object({ tiers: z.object({ PLATINUM: z.number(), GOLD: z.number(), SILVER: z.number() }), because: z.string() })
    .optional(),
  conclusion: z.string(),
  history: z.array(z.object({ month: z.string(), leads: z.number(), brier: figure })),
  caveats: z.array(z.string()),
});
type Answer = z.infer<typeof output>;

export const getCalibration = defineTool({
  name: 'get_calibration',
  title: 'How well scores foretell',
  description:
    'How well lead scores foretold what became of the leads: by bins of ten points what the scores said and what came true (`rate` and `predicted` are shares 0-1, `low` to `high` holds the true rate with 95 % confidence), the Brier score beside that of always saying the average, how well scores rank (`auc`, 0.5 is chance), and better tier thresholds where the outcomes clearly ask for them. Outcome `won` counts leads won against lost or disqualified; `meeting` counts leads that came to a meeting. `months` is how many kept months the history shows. Use it for "are our scores any good", "does gold really win more", "should the tiers change". It changes nothing: update_profile does.',
  input: z.strictObject({ outcome: z.enum(foretold).default('won'), months: z.int().min(1).max(120).default(12) }),
  output,
  risk: 'read',
  async run({ outcome, months }, { records }) {
    const { key, version, profile } = await records.profiles.active();
    const [tallies, kept] = await Promise.all([
      records.calibrations.outcomes(outcome),
      records.calibrations.history(outcome, months),
    ]);
    return {
      outcome,
      profile: { id: key, version },
      ...calibrate(tallies, outcome, profile.tiers),
      history: kept.map(({ month, result: { leads, brier } }) => ({ month, leads, brier })),
      caveats: caveats[outcome],
    };
  },
  card: (answer) => ({
    title: `How well scores foretell: ${answer.outcome === 'won' ? 'wins' : 'meetings'}`,
    blocks: [{ type: 'text', text: inAll(answer) }, ...chart(answer), ...verdict(answer), ...past(answer), ...fineprint(answer)],
  }),
});

const always = [
  'Scores are those of today, not those of the day a lead was decided: what was learned on the way is in them.',
  'Leads that were disqualified because their score was low make scores look better than they are.',
];
const caveats: Record<(typeof foretold)[number], string[]> = {
  won: always,
  meeting: [...always, 'Open leads that have not come to a meeting yet are not counted, open ones that have are.'],
};

function inAll({ outcome, leads, positives }: Answer): string {
  if (!leads) return 'No lead is decided yet: there is nothing to hold scores against.';
  return `Of ${leads} decided leads ${positives} ${wordsFor[outcome].were} (${wholePercent(positives / leads)}). By score, in percent:`;
}

/** Best scores first, as everywhere; bins without leads say nothing. */
function chart({ bins }: Answer): CardBlock[] {
  const bars = bins.toReversed().flatMap(({ from, to, leads, rate, predicted }) =>
    rate === null || predicted === null
      ? []
      : [
          {
            label: `${from}-${to} (${leads} lead${leads === 1 ? '' : 's'})`,
            value: Math.round(rate * 100),
            note: `score says ${wholePercent(predicted)}`,
          },
        ],
  );
  return bars.length ? [{ type: 'bars', max: 100, bars }] : [];
}

function verdict({ outcome, leads, positives, brier, baseline, skill, auc, suggestion, conclusion }: Answer): CardBlock[] {
  const { were, not } = wordsFor[outcome];
  const sentences: string[] = [];
  if (auc !== null)
    sentences.push(
      `Beside leads that ${not}, leads that ${were} have the higher score in ${Math.round(auc * 100)} of 100 cases; chance is 50.`,
    );
  if (brier !== null && baseline !== null)
    sentences.push(
      `Taken as percentages, scores have a Brier score of ${brier.toFixed(2)} (0 is perfect); saying ${wholePercent(positives / leads)} of every lead has ${baseline.toFixed(2)}. ${
        skill !== null && skill > 0
          ? 'So a score tells more about a lead than the average does.'
          : 'So take scores as an order of leads, not as their chances.'
      }`,
    );
  const { tiers } = suggestion ?? {};
  return [
    ...sentences.map((text): CardBlock => ({ type: 'text', text })),
    tiers
      ? {
          type: 'notice',
          level: 'info',
          text: `Suggested: PLATINUM from ${tiers.PLATINUM}, GOLD from ${tiers.GOLD}, SILVER from ${tiers.SILVER}. ${conclusion}`,
        }
      : { type: 'text', text: conclusion },
  ];
}

function past({ history }: Answer): CardBlock[] {
  if (history.length < 2) return [];
  const rows = history.map(({ month, leads, brier }) => [month, String(leads), brier?.toFixed(3) ?? '']);
  return [{ type: 'table', columns: ['Month', 'Decided leads', 'Brier score'], rows }];
}

const fineprint = ({ leads, caveats: known }: Answer): CardBlock[] =>
  leads ? known.map((text) => ({ type: 'notice', level: 'info', text })) : [];
