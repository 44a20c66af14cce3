import type { Ledger } from '../core/execution.ts';
import type { Llm } from '../core/llm.ts';
import type { Log } from '../log.ts';
import { metered } from './metered.ts';
import { createOffline } from './offline/provider.ts';

/** The model door: today the offline rules, priced and written down like any other provider. */
export const createLlm = (ledger: Ledger, log: Log, provider: Llm = createOffline()): Llm => metered(provider, ledger, log);
