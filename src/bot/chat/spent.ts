import type { Actor } from '../../core/actor.ts';
import { dayAt } from '../../core/briefs.ts';
import { compareUsd } from '../../core/money.ts';
import { type ChatParts, recordsOf } from './parts.ts';

/** What a person's questions cost today. */
export async function spentLine(parts: ChatParts, actor: Actor, now: Date): Promise<string> {
  const { total } = await recordsOf(parts, actor).costs.summary({ ...dayAt(now, actor.timeZone), userId: actor.userId }, 'model');
  if (compareUsd(total.costUsd, '0') === 0) return 'Spent on models today: nothing.';
  const unpriced = total.unpriced ? `, and ${calls(total.unpriced)} of unknown price` : '';
  return `Spent on models today: $${cents(total.costUsd)} in ${calls(total.requests)}${unpriced}.`;
}

const calls = (count: number): string => (count === 1 ? '1 call' : `${count.toLocaleString('en-US')} calls`);

/** To the cent, or to the first digit that is not nothing. */
function cents(usd: string): string {
  const [whole, decimals = ''] = usd.split('.') as [string, string?];
  const first = decimals.search(/[1-9]/);
  const digits = whole !== '0' || first < 0 ? 2 : Math.max(2, first + 2);
  return `${whole}.${decimals.slice(0, digits).padEnd(2, '0')}`;
}
