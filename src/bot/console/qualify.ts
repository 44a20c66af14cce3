import type { CardBlock } from '../../core/card.ts';
import type { Records } from '../../core/records.ts';
import { type Tier, tiers } from '../../core/scoring.ts';
import { AppError } from '../../errors.ts';
import { beside } from './beside.ts';
import { clockOf } from './clock.ts';
import { exitCodes, runCommand, UsageError } from './command.ts';
import { findImport } from './import-history.ts';
import { type Picks, type QualifyParts, type QualifyRun, qualifyMany, usd } from './qualify-many.ts';
import { stoppable } from './run-job.ts';
import { clean, oneLine, shellWord } from './text.ts';

const usage = `Usage: npm run qualify -- "NAME" [--model [--max-cost USD]] [--json]
       npm run qualify -- --all [--limit N] [--model [--max-cost USD]] [--json]
       npm run qualify -- [--tier GOLD,SILVER] [--state TX] [--import ID] [--limit N] [--model ...] [--json]

Says whether a lead is worth the time by the profile that scores: score, tier, confidence, and the evidence for each criterion.
NAME is the name of a lead, with its place where several are called so ("Cedar Creek in Houston"), or its id.
  --all           every lead
  --tier TIER     only leads of this tier, or of several: ${tiers.join(', ')}
  --state STATE   only leads in this state: TX or Texas
  --import ID     only leads of this import: an id as npm run import -- --list shows it, the name of a file, or "last"
  --limit N       at most so many
  --model         a model may read the records for what they leave open; of many leads you are told first what that costs
  --max-cost USD  most that the model may cost, such as 0.50; nobody is asked then
  --json          the result as JSON (npm run -s qualify -- ... --json > result.json)
  --help          this text

Without --model it is done by rules and costs nothing. Exit code 1 when not every lead was qualified.`;

const options = {
  all: { type: 'boolean', default: false },
  tier: { type: 'string', multiple: true, default: [] as string[] },
  state: { type: 'string' },
  import: { type: 'string' },
  limit: { type: 'string' },
  model: { type: 'boolean', default: false },
  'max-cost': { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

/** `npm run qualify`. */
export function qualifyCommand(argv: string[], given: QualifyParts): Promise<number> {
  const { parts, put } = argv.includes('--json') ? beside(given) : { parts: given, put: undefined };
  return runCommand(argv, parts, {
    usage,
    options,
    async run({ values, words, screen }) {
      const { model = false, 'max-cost': maxCost } = values;
      const name = words.join(' ').trim();
      const picks = await leadsOf(values, parts.records);
      if (name && picks)
        throw new UsageError('Either name a lead, or say which ones with --all, --tier, --state, --import or --limit.');
      if (!name && !picks) throw new UsageError('Name a lead, or say which ones: --all, --tier GOLD, --state TX, --import last.');
      if (maxCost !== undefined && !model)
        throw new UsageError('--max-cost goes with --model: without it nothing costs anything.');
      const maxCostUsd = maxCost === undefined ? undefined : amountOf(maxCost);
      if (model && !parts.gate.deps.agents.model)
        throw new AppError(
          'invalid_input',
          'No model is connected: set the key of a provider (npm run doctor names them), or leave --model out.',
        );
      const run: QualifyRun = {
        ...parts,
        screen,
        model,
        ...(maxCostUsd !== undefined && { maxCostUsd }),
        ...(put && { json: (result) => put(`${JSON.stringify(result, null, 2)}\n`) }),
      };
      return picks ? qualifyMany(run, picks) : qualifyOne(run, name);
    },
  });
}

interface Asked {
  all?: boolean;
  tier?: string[];
  state?: string | undefined;
  import?: string | undefined;
  limit?: string | undefined;
}

/** Nothing when no choice among many was made. */
async function leadsOf(
  { all, tier = [], state, import: source, limit }: Asked,
  records: Pick<Records, 'imports'>,
): Promise<Picks | undefined> {
  const named = tier.flatMap((text) => text.split(',')).map(tierOf);
  const count = limit === undefined ? undefined : Number(limit);
  if (count !== undefined && !(Number.isInteger(count) && count >= 1 && count <= 5_000_000))
    throw new UsageError('--limit takes a whole number from 1.');
  if (state?.trim() === '') throw new UsageError('--state takes a state, such as TX.');
  if (!all && named.length === 0 && state === undefined && source === undefined && count === undefined) return undefined;
  return {
    ...(named.length > 0 && { tier: [...new Set(named)] }),
    ...(state !== undefined && { state }),
    ...(source !== undefined && { importId: (await findImport(records, source)).id }),
    ...(count !== undefined && { limit: count }),
  };
}

function tierOf(text: string): Tier {
  const known = tiers.find((tier) => tier === text.trim().toUpperCase());
  if (!known) throw new UsageError(`--tier takes some of ${tiers.join(', ')}.`);
  return known;
}

function amountOf(text: string): number {
  const amount = /^\$?\d+(\.\d+)?$/.test(text.trim()) ? Number(text.trim().replace('$', '')) : Number.NaN;
  if (!(amount <= 10_000)) throw new UsageError('--max-cost takes an amount in USD, such as 0.50.');
  return amount;
}

interface Verdict {
  cached: boolean;
  costUsd: string | null;
  profile: { id: string; version: number };
}

async function qualifyOne(run: QualifyRun, name: string): Promise<number> {
  const { gate, actor, screen, model, maxCostUsd } = run;
  const input = { lead: name, model, ...(maxCostUsd !== undefined && { maxCostUsd }) };
  if (model) screen.status(`Reading the record of ${name}`);
  const stop = { asked: false };
  try {
    const outcome = await stoppable(screen, (signal) => {
      signal.addEventListener('abort', () => (stop.asked = true));
      return gate.call('qualify_lead', input, { actor, by: 'person', signal });
    });
    if (outcome.status !== 'done') throw new AppError('internal', 'qualify_lead did not answer.');
    if (run.json) run.json(outcome.result);
    else draw(run, outcome.result as Verdict);
    return exitCodes.ok;
  } catch (error) {
    if (stop.asked) {
      screen.line('Stopped; no verdict was kept.');
      return exitCodes.interrupted;
    }
    const choices = error instanceof AppError && error.code === 'ambiguous' ? choicesOf(error) : undefined;
    if (!choices) throw error;
    return pick(run, choices);
  }
}

function draw(run: QualifyRun, verdict: Verdict): void {
  const { gate, screen } = run;
  const card = gate.catalog.get('qualify_lead')!.card?.(verdict, clockOf(run));
  if (card) screen.card(card);
  const { profile, cached, costUsd } = verdict;
  const cost = costUsd === null ? 'at a price that is not known' : Number(costUsd) > 0 && `cost ${usd(costUsd)}`;
  const print = [`profile ${profile.id}@${profile.version}`, cached && 'unchanged since its last verdict', cost];
  screen.line(screen.paint.dim(print.filter(Boolean).join(' · ')));
}

type Choices = Extract<CardBlock, { type: 'choices' }>;

function choicesOf({ details }: AppError): Choices | undefined {
  const { question, candidates } = (details ?? {}) as {
    question?: string;
    candidates?: { id: string; name: string; note?: string }[];
  };
  if (question === undefined || !candidates?.length) return undefined;
  return {
    type: 'choices',
    question,
    choices: candidates.map(({ id, name, note }) => ({ id, label: name, ...(note && { note }) })),
  };
}

/** Several leads are called so: the person picks one, or is told how to name it. */
async function pick(run: QualifyRun, choices: Choices): Promise<number> {
  const { screen } = run;
  screen.card({ blocks: [choices] });
  if (!screen.interactive) {
    const [{ id, label }] = choices.choices as [Choices['choices'][number]];
    screen.line(
      `Name its place: npm run qualify -- ${shellWord(`${oneLine(label)} in ...`)}. Or its id: npm run qualify -- ${clean(id)}`,
    );
    return exitCodes.failed;
  }
  const answer = await screen.ask('Which one? Its number, or Enter for none: ');
  const chosen = answer.type === 'line' ? choices.choices[Number(answer.text.trim()) - 1] : undefined;
  if (chosen) return qualifyOne(run, chosen.id);
  screen.line('None was qualified.');
  return exitCodes.failed;
}
