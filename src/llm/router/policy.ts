import { z } from 'zod';
import { AppError } from '../../errors.ts';

const choice = z.string().regex(/^[a-z]+\/(?:fast|cheap|smart)$/, 'is a provider and an alias, such as cerebras/fast');
const choices = z.array(choice);
const strategy = z.enum(['aggressive', 'standard', 'conservative']);
const agent = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('smart_router') }),
  z.strictObject({ mode: z.literal('passthrough'), first: choices.min(1) }),
]);
const tier = z.strictObject({
  first: choices,
  strategy,
  firstTokenSeconds: z.number().positive().max(300),
  answerSeconds: z.number().positive().max(900),
  hedgeAfterSeconds: z.number().positive().max(300).optional(),
});

const schema = z.strictObject({
  agents: z.record(z.string(), agent),
  otherwise: agent,
  chain: choices.min(1),
  tiers: z.strictObject({ simple: tier, moderate: tier, complex: tier }),
  strategies: z.record(
    strategy,
    z.strictObject({
      retries: z.number().int().min(0).max(3),
      firstPauseSeconds: z.number().min(0.001).max(60),
      longestPauseSeconds: z.number().min(0.001).max(60),
    }),
  ),
  breakers: z.record(
    z.string(),
    z.strictObject({ failures: z.number().int().min(1).max(100), recoverySeconds: z.number().min(0.01).max(600) }),
  ),
});

export type Policy = z.infer<typeof schema>;
export type Strategy = Policy['strategies']['standard'];

/** Throws `misconfigured` with the first place that is wrong. */
export function parsePolicy(raw: unknown): Policy {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError(
    'misconfigured',
    `The policy of the model router cannot be used: ${issue!.path.join('.')}: ${issue!.message}.`,
  );
}
