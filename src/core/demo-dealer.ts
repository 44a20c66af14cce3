import { certifications, makers, type Trade } from './demo-names.ts';
import type { Tier } from './scoring.ts';
import type { Seeded } from './seeded.ts';

/** How much of each thing a dealer of a tier has; the total is where its weighted points should come out, before the bonus for states. */
const plans = {
  PLATINUM: { trades: [3, 3], makers: [4, 6], total: [82, 92] },
  GOLD: { trades: [2, 3], makers: [3, 4], total: [61, 69] },
  SILVER: { trades: [1, 2], makers: [1, 2], total: [41, 49] },
  BRONZE: { trades: [1, 1], makers: [0, 1], total: [12, 29] },
} as const satisfies Record<Tier, Record<'trades' | 'makers' | 'total', readonly [number, number]>>;

const neighbours: Record<string, readonly string[]> = {
  OH: ['PA', 'IN', 'KY'],
  TX: ['OK', 'LA', 'NM'],
  FL: ['GA', 'AL'],
  CO: ['UT', 'NM', 'WY'],
  GA: ['FL', 'SC', 'TN'],
  OK: ['TX', 'KS', 'AR'],
  AZ: ['NM', 'NV', 'UT'],
  NY: ['PA', 'NJ', 'CT'],
  CA: ['NV', 'AZ'],
  IL: ['IN', 'WI', 'IA'],
};

const tradeNames = { hvac: 'HVAC', electrical: 'electrical', plumbing: 'plumbing' } as const;
const within = (value: number) => Math.min(100, Math.max(0, Math.round(value)));

/**
 * The columns that a bought list of equipment dealers carries: points with the words they rest on, and the facts behind
 * them. The facts agree with the points: three trades never come with a low MEP+R figure.
 */
export function dealerColumns(
  random: Seeded,
  company: { trade: Trade; state: string; tier: Tier; sparse?: boolean },
): Record<string, string> {
  const plan = plans[company.tier];
  const trades = [...new Set([...company.trade.has, ...random.sample(['hvac', 'electrical', 'plumbing'] as const, 3)])].slice(
    0,
    Math.max(company.trade.has.length, random.int(plan.trades[0], plan.trades[1])),
  );
  const oems = random.sample(makers, random.int(plan.makers[0], plan.makers[1]));
  const states = [
    company.state,
    ...random.sample(neighbours[company.state] ?? [], company.tier === 'BRONZE' ? 0 : random.int(0, 3)),
  ];
  const rating = (random.int(36, 49) / 10).toFixed(1);
  const reviews = random.int(6, 340);

  const mepr = within([10, 32, 68, 94][trades.length]! + random.int(-4, 4));
  const multioem = within([5, 26, 52, 74, 88, 95, 98][oems.length]! + random.int(-4, 2));
  const target = random.int(plan.total[0], plan.total[1]);
  // What the two trade columns leave open is shared by the other two, evenly enough that neither leaves 0-100 for nothing.
  const open = (target - 0.25 * mepr - 0.25 * multioem) / 0.5;
  const om = within(open + random.int(-8, 8));
  const resimercial = within((target - 0.25 * mepr - 0.25 * multioem - 0.15 * om) / 0.35);

  const columns: Record<string, string> = {
    resimercial_score: String(resimercial),
    resimercial_evidence: resimercialWords(resimercial),
    multioem_score: String(multioem),
    multioem_evidence: oems.length ? `Certified by ${oems.join(', ')}` : 'No certification found',
    mepr_score: String(mepr),
    mepr_evidence: `Lists ${trades.map((t) => tradeNames[t]).join(', ')} work`,
    om_score: String(om),
    om_evidence: omWords(om),
    oems_certified: oems.join(', '),
    oem_count: String(oems.length),
    has_hvac: yesNo(trades.includes('hvac')),
    has_electrical: yesNo(trades.includes('electrical')),
    has_plumbing: yesNo(trades.includes('plumbing')),
    certifications: random.sample(certifications, random.int(0, 3)).join(', '),
    states_served: states.join(', '),
    rating,
    review_count: String(reviews),
  };
  if (company.sparse)
    for (const gap of ['om_score', 'om_evidence', 'certifications', 'rating', 'review_count']) delete columns[gap];
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== ''));
}

const yesNo = (flag: boolean) => (flag ? 'yes' : 'no');

function resimercialWords(points: number): string {
  if (points >= 75) return 'Serves homes and light commercial sites alike';
  if (points >= 45) return 'Mostly homes, some small offices and shops';
  return 'Works in one segment only';
}

function omWords(points: number): string {
  if (points >= 75) return 'Sells service contracts, round-the-clock dispatch';
  if (points >= 45) return 'Offers yearly maintenance visits';
  return 'Installs only, no maintenance plan named';
}
