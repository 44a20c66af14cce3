import { compareUsd } from './money.ts';

/** Something about spending that a manager should know today. */
export interface CostAlert {
  kind: 'budget' | 'unpriced';
  severity: 'info' | 'warning' | 'critical';
  message: string;
  currentSpendUsd: string;
  budgetUsd: string;
}

/** USD a day, where nobody has set another. */
export const usualDailyBudgetUsd = '10';

const steps = [
  { percent: 100, severity: 'critical', words: 'is used up' },
  { percent: 95, severity: 'critical', words: 'is nearly used up' },
  { percent: 80, severity: 'warning', words: 'is mostly used up' },
  { percent: 50, severity: 'info', words: 'is half used up' },
] as const;

/** The highest step that today's spend has reached, and a word about calls that are in no sum. */
export function costAlerts(today: { costUsd: string; unpriced: number }, budgetUsd: string = usualDailyBudgetUsd): CostAlert[] {
  const facts = { currentSpendUsd: today.costUsd, budgetUsd };
  const alerts: CostAlert[] = [];
  const percent = percentOf(today.costUsd, budgetUsd);
  const step = steps.find((one) => percent >= one.percent);
  if (step)
    alerts.push({
      kind: 'budget',
      severity: step.severity,
      message: `The budget of ${budgetUsd} USD for today ${step.words}: ${short(today.costUsd)} USD spent (${percent} %).`,
      ...facts,
    });
  if (today.unpriced)
    alerts.push({
      kind: 'unpriced',
      severity: 'warning',
      message: `${today.unpriced} ${today.unpriced === 1 ? 'call' : 'calls'} of today ${today.unpriced === 1 ? 'has' : 'have'} no known price: today cost more than the ${short(today.costUsd)} USD that are counted.`,
      ...facts,
    });
  return alerts;
}

/** A limit besides the budget of the day, and how it stands in the window that is now. */
export interface LimitStanding {
  /** "for the lead Acme Kilns" */
  of: string;
  window: 'day' | 'month';
  spentUsd: string;
  limitUsd: string;
}

/** The steps that other limits have reached, the fullest first. */
export function limitAlerts(limits: readonly LimitStanding[]): CostAlert[] {
  return limits
    .map((limit) => ({ ...limit, percent: percentOf(limit.spentUsd, limit.limitUsd) }))
    .sort((a, b) => b.percent - a.percent)
    .flatMap(({ of, window, spentUsd, limitUsd, percent }) => {
      const step = steps.find((one) => percent >= one.percent);
      if (!step) return [];
      const when = window === 'day' ? 'for today' : 'for this month';
      const message = `The limit of ${limitUsd} USD ${when} ${of} ${step.words}: ${short(spentUsd)} USD spent (${percent} %).`;
      return [{ kind: 'budget', severity: step.severity, message, currentSpendUsd: spentUsd, budgetUsd: limitUsd }];
    });
}

/** Where whoever counts them cannot be asked. */
export const limitsUnknown = (currentSpendUsd: string, budgetUsd: string): CostAlert => ({
  kind: 'budget',
  severity: 'warning',
  message: 'How the limits besides the budget of the day stand cannot be said: Redis, where they are counted, does not answer.',
  currentSpendUsd,
  budgetUsd,
});

/** Rounded down: 99.99 % of a budget is not all of it. Of a budget of nothing, any cent is more than all. */
function percentOf(spentUsd: string, budgetUsd: string): number {
  if (compareUsd(budgetUsd, '0') === 0) return compareUsd(spentUsd, '0') > 0 ? 100 : 0;
  const percent = Math.floor((Number(spentUsd) / Number(budgetUsd)) * 100);
  return percent >= 100 && compareUsd(spentUsd, budgetUsd) < 0 ? 99 : percent;
}

/** For sentences: four decimals say enough of a day. */
const short = (usd: string): string => Number(usd).toFixed(4);
