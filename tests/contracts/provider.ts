import { answers } from './provider-answers.ts';
import type { Subject } from './provider-bench.ts';
import { failures } from './provider-failures.ts';
import { stops } from './provider-stops.ts';

/** What every provider owes the router. */
export function providerContract(subject: Subject): void {
  answers(subject);
  failures(subject);
  stops(subject);
}
