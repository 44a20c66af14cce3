import type { CallTracker } from '../core/cost.ts';
import type { Estimate, Llm } from '../core/llm.ts';
import { metered } from './metered.ts';
import { createOffline } from './offline/provider.ts';
import { estimateOf, isPriced } from './prices.ts';
import { type AnthropicSettings, createAnthropic } from './single.ts';

export interface LlmSettings {
  anthropic?: AnthropicSettings;
  /** A model door to use in place of these. */
  given?: GivenLlm;
}

export interface GivenLlm extends Llm {
  /** Absent: its calls are expected to be free. */
  estimate?: Estimate;
}

export interface ModelDoor {
  llm: Llm;
  /** Who answers, in words. */
  name: string;
  /** Whether a model is behind the door: the offline rules follow requests, but answer no question of their own. */
  reasons: boolean;
  estimate: Estimate;
}

/** The model door: Claude when there is a key, the offline rules when not; every call is priced and written down. */
export function createLlm(
  tracker: Pick<CallTracker, 'record'>,
  { anthropic, given }: LlmSettings,
  now: () => Date = () => new Date(),
): ModelDoor {
  const door = (provider: Llm, name: string, reasons: boolean, estimate: Estimate) => ({
    llm: metered(provider, tracker),
    name,
    reasons,
    estimate,
  });
  if (given) return door(given, 'a model of its own', true, given.estimate ?? (() => '0.000000000000'));
  if (!anthropic) return door(createOffline(), offlineName, false, () => null);
  const { model, cheapModel } = anthropic;
  return door(createAnthropic(anthropic, now), nameOf(anthropic), true, (input, output, tier) =>
    estimateOf(tier === 'cheap' ? cheapModel : model, input, output, now()),
  );
}

const offlineName = 'offline rules';

const nameOf = ({ model, cheapModel }: AnthropicSettings): string => {
  const unpriced = ', whose price is not known: its cost is not counted';
  const cheap = isPriced(cheapModel) || cheapModel === model ? '' : `; simple questions go to ${cheapModel}${unpriced}`;
  return `${model} (Anthropic)${isPriced(model) ? '' : unpriced}${cheap}`;
};
