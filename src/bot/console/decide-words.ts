import type { Actor } from '../../core/actor.ts';
import type { Card } from '../../core/card.ts';
import { decisionsIn } from '../../core/decision-words.ts';
import type { Proposal } from '../../core/proposal.ts';
import type { Records } from '../../core/records.ts';
import { formatWhen } from '../../core/when.ts';
import { decideMany, type OneOfMany } from '../../tools/decide-many.ts';
import type { CallContext } from '../../tools/define.ts';
import type { Gate } from '../../tools/gate.ts';
import { receiptLine } from './receipt-line.ts';
import type { Screen } from './screen.ts';
import { clean, oneLine } from './text.ts';

interface Desk {
  screen: Screen;
  gate: Gate;
  ctx: CallContext;
}

/** What waits, numbered as people then speak of it. */
export const numbered = (title: string, proposals: readonly Proposal[], { gate, ctx }: Pick<Desk, 'gate' | 'ctx'>): Card => ({
  title,
  blocks: [
    {
      type: 'table',
      columns: ['#', 'What', 'Risk', 'Until'],
      rows: proposals.map((proposal, i) => [
        String(i + 1),
        proposal.title,
        proposal.risk,
        formatWhen(proposal.expiresAt, gate.deps.now(), ctx.actor.timeZone),
      ]),
    },
  ],
});

/** Proposals before a person, in the order shown: what "the second" means as long as they stand there. */
export class InView {
  readonly listed: readonly Proposal[];
  /** Dealt with since; they keep their numbers. */
  readonly settled = new Set<string>();

  constructor(listed: readonly Proposal[] = []) {
    this.listed = listed;
  }

  /** Something of it still waits, as far as this screen knows. */
  get open(): boolean {
    return this.listed.some(({ id }) => !this.settled.has(id));
  }
}

/** What waits for this person, newest first, as many as a screen shows. */
export const waitingFor = ({ records, actor }: { records: Records; actor: Actor }) =>
  records.proposals.list({ status: 'pending', decidableBy: { userId: actor.userId, role: actor.role }, limit: 50 });

/** Carries out what a person's own words decide about what is in view ("approve all except the second"); false when they decide nothing. */
export async function decideByWords(desk: Desk, text: string, { listed, settled }: InView): Promise<boolean> {
  const said = decisionsIn(text, listed);
  if (!said) return false;
  if (said === 'unclear') {
    desk.screen.line(
      'Nothing was decided: it is not clear which ones. Say for example "approve all except the second" or "skip 2".',
    );
    return true;
  }
  const [accept, ignore] = [said.accept, said.ignore].map((ids) => ids.filter((id) => !settled.has(id))) as [string[], string[]];
  if (accept.length + ignore.length === 0) desk.screen.line('That was decided already.');
  await decideSeveral(desk, 'accept', accept, listed);
  await decideSeveral(desk, 'ignore', ignore, listed);
  for (const id of [...accept, ...ignore]) settled.add(id);
  return true;
}

/** Decides on each as it was shown, and says what became of it. False when one of them did not work out. */
export async function decideSeveral(
  { screen, gate, ctx }: Desk,
  decision: 'accept' | 'ignore',
  ids: readonly string[],
  listed: readonly Proposal[],
): Promise<boolean> {
  const paramsHashes = Object.fromEntries(listed.map(({ id, paramsHash }) => [id, paramsHash]));
  const results = await decideMany(gate, ids, { decision, paramsHashes }, ctx);
  for (const result of results) screen.line(resultLine(screen, result));
  return results.every(({ ok }) => ok);
}

function resultLine(screen: Screen, { title, ok, message, receipt }: OneOfMany): string {
  if (receipt) return receiptLine(screen, receipt);
  const line = `${title === undefined ? '' : `${oneLine(title)}: `}${clean(message)}`;
  return ok ? line : screen.paint.red(`✗ ${line}`);
}
