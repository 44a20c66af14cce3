import { HumanMessage, SystemMessage } from '@langchain/core/messages';
import type { AgentContext, Asking, ModelFacts } from '../core/agent.ts';
import { allowedBy } from '../core/evidence.ts';
import type { Facts } from '../core/facts.ts';
import { asItStands, type Finding, objection } from '../core/findings.ts';
import type { Llm, LlmTier } from '../core/llm.ts';
import { addUsd, compareUsd } from '../core/money.ts';
import type { Profile } from '../core/profile.ts';
import { score } from '../core/score.ts';
import type { ScoreDetail } from '../core/scoring.ts';
import { AppError, messageOf } from '../errors.ts';
import { LlmChatModel } from './chat-model.ts';
import type { Meter } from './meter.ts';
import {
  type Answers,
  answersSchema,
  type OpenCriterion,
  objectionTokens,
  promptOf,
  promptTokens,
  type Question,
  systemPrompt,
} from './qualification-prompt.ts';

export interface ModelDoor extends ModelFacts {
  llm: Llm;
}

export const openCriteria = (profile: Profile, { factors }: ScoreDetail): OpenCriterion[] =>
  [...profile.criteria, ...profile.bonuses].flatMap(({ id, label, sources }, index) => {
    const ask = sources.find((source) => 'question' in source);
    return ask && factors[index]?.points === null ? [{ id, label, ask }] : [];
  });

interface Asked extends Question {
  input: { leadId: string; maxCostUsd: string };
  ctx: AgentContext;
  active: { profile: Profile };
}

interface Told {
  findings: Finding[];
  notes: string[];
  /** Asking the same again would bring the same. */
  settled: boolean;
  /** No answer came, or none could be afforded. */
  degraded: boolean;
}

/** An answer, its quote and its source. */
const tokensPerAnswer = 150;
/** Better models think before they answer, and pay for that from the same tokens. */
const tokensOfTier: Record<LlmTier, number> = { cheap: 300, default: 1000 };
const answerTokens = ({ open }: Question, tier: LlmTier): number => tokensOfTier[tier] + open.length * tokensPerAnswer;
const free = '0.000000000000';

/**
 * Asks the cheapest model first, and the better one only when nothing the first one said can be used and there is money left. What it
 * says counts where code finds its quote in the record; everything else is dropped, and that is told. What it costs goes to the meter.
 */
export async function askModel(door: ModelDoor, asked: Asked, meter: Meter, now: Date): Promise<Told> {
  const told: Told = { findings: [], notes: [], settled: true, degraded: false };
  for (const tier of ['cheap', 'default'] as const) {
    const price = worstCase(door, promptTokens(asked).most, answerTokens(asked, tier), tier, asked.ctx.actor.tenantId);
    // no limit holds where a price is not known: such a model is asked when it is the only one, and not to better an answer
    if (price === null && tier === 'default' && meter.costUsd !== null) return told;
    if (price !== null && compareUsd(addUsd(meter.costUsd ?? free, price), asked.input.maxCostUsd) > 0) {
      const which = tier === 'cheap' ? 'No model' : 'No better model';
      const limit = `the limit of ${short(asked.input.maxCostUsd)} USD for a lead`;
      told.notes.push(`${which} was asked: the question might cost ${short(price)} USD, above ${limit}.`);
      return { ...told, settled: false, degraded: tier === 'cheap' };
    }
    const answered = await ask(door, asked, tier, meter, now);
    if ('failure' in answered) {
      told.notes.push(`The model could not be asked: ${answered.failure}`);
      return { ...told, settled: false, degraded: true };
    }
    const { findings, dropped } = checked(answered, asked, now);
    told.findings.push(...findings);
    if (dropped.length > 0)
      told.notes.push(
        `Dropped ${dropped.length === 1 ? 'an answer' : `${dropped.length} answers`} of the model: ${listed(dropped)}.`,
      );
    if (findings.length > 0 || dropped.length === 0) return told;
  }
  return told;
}

type Attempt = { answers: Answers; model: string } | { failure: string };

async function ask({ llm }: ModelDoor, asked: Asked, tier: LlmTier, meter: Meter, now: Date): Promise<Attempt> {
  const { ctx, input } = asked;
  try {
    const { parsed, raw } = await new LlmChatModel(meter.on(llm))
      .withStructuredOutput(answersSchema(asked.open), { name: 'record_answers', includeRaw: true })
      .invoke([new SystemMessage(systemPrompt), new HumanMessage(promptOf(asked))], {
        tier,
        maxTokens: answerTokens(asked, tier),
        // the same question about the same record has the same answer
        cacheable: true,
        // what was paid for in vain is part of what the lead may cost
        maxCostUsd: addUsd(input.maxCostUsd, `-${meter.costUsd ?? free}`),
        signal: ctx.signal,
        purpose: {
          tenantId: ctx.actor.tenantId,
          userId: ctx.actor.userId,
          agent: 'qualification',
          mode: 'passthrough',
          leadId: input.leadId,
          ...(ctx.conversationId && { sessionId: ctx.conversationId }),
          ...(ctx.span && { span: ctx.span }),
          now,
          timeZone: ctx.actor.timeZone,
        },
      });
    return { answers: parsed.answers, model: String(raw.response_metadata['model']) };
  } catch (error) {
    ctx.signal.throwIfAborted();
    if (!(error instanceof AppError)) throw error;
    return { failure: messageOf(error) };
  }
}

/** Only answers to what was asked, of those allowed, resting on words that stand in the record. */
function checked(
  { answers, model }: { answers: Answers; model: string },
  { open, facts, active }: Asked,
  now: Date,
): { findings: Finding[]; dropped: string[] } {
  const findings = new Map<string, Finding>();
  const dropped: string[] = [];
  for (const { criterion, answer, source, quote } of answers) {
    const { id, label, ask } = open.find((one) => one.id === criterion)!;
    const allowed = Object.hasOwn(ask.answers, answer) ? ask.answers[answer] : undefined;
    const against = allowed
      ? objection({ answer, quote, source }, facts, allowedBy(allowed, active.profile.lists))
      : `"${answer}" is none of its answers`;
    if (against !== undefined) dropped.push(`${label}: ${against}`);
    else if (findings.has(id)) dropped.push(`${label}: a second answer`);
    else {
      const words = asItStands({ quote, source }, facts);
      findings.set(id, { question: ask.question, answer, quote: words, source, model, at: now.toISOString() });
    }
  }
  return { findings: [...findings.values()], dropped };
}

const shown = 5;
const listed = (dropped: string[]): string =>
  dropped.length > shown ? `${dropped.slice(0, shown).join('; ')}; and ${dropped.length - shown} more` : dropped.join('; ');

const short = (usd: string): string => usd.replace(/(\.\d*?[1-9])0+$|\.0+$/, '$1');

/** What asking costs at the most: the answer, and the second one when the first does not fit, every token of both. */
function worstCase({ estimate }: ModelFacts, prompt: number, answer: number, tier: LlmTier, tenantId: string): string | null {
  const first = estimate(prompt, answer, tier, tenantId);
  const second = estimate(prompt + answer + objectionTokens, answer, tier, tenantId);
  return first === null || second === null ? null : addUsd(first, second);
}

/** What asking about a record would take, before anybody is asked. */
export function askingOf(door: ModelFacts | undefined, profile: Profile, facts: Facts, tenantId: string): Asking {
  const open = openCriteria(profile, score(profile, facts));
  const labels = open.map(({ label }) => label);
  if (open.length === 0) return { open: labels, expectedUsd: free, atMostUsd: free };
  if (!door) return { open: labels, expectedUsd: null, atMostUsd: null };
  const question = { facts, open };
  const { expected, most } = promptTokens(question);
  return {
    open: labels,
    expectedUsd: door.estimate(expected, open.length * tokensPerAnswer, 'cheap', tenantId),
    atMostUsd: worstCase(door, most, answerTokens(question, 'cheap'), 'cheap', tenantId),
  };
}
