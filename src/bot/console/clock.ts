import type { Actor } from '../../core/actor.ts';
import type { Clock } from '../../core/approval.ts';
import type { Gate } from '../../tools/gate.ts';

/** The clock of whoever sits at the terminal. */
export const clockOf = ({ gate, actor }: { gate: Gate; actor: Pick<Actor, 'timeZone'> }): Clock => ({
  now: gate.deps.now(),
  timeZone: actor.timeZone,
});
