import { HumanMessage, SystemMessage } from '@langchain/core/messages';
import { z } from 'zod';
import type { AgentContext, Asking, ModelFacts } from '../core/agent.ts';
import { type Facts, oneOf, ownFields, spelledOut } from '../core/evidence.ts';
import { fence } from '../core/fence.ts';
import { type Finding, findingHolds } from '../core/findings.ts';
import type { LlmTier } from '../core/llm.ts';
import { addUsd, compareUsd } from '../core/money.ts';
import type { EvidenceSource, Profile } from '../core/profile.ts';
import { score } from '../core/score.ts';
import type { ScoreDetail } from '../core/scoring.ts';
import { AppError, messageOf } from '../errors.ts';
import type { LlmChatModel } from './chat-model.ts';
import { promptFile } from './converse.ts';
import { costOfAll } from './structured-output.ts';

/** A criterion that the record leaves open and that a model may be asked about. */
export interface OpenCriterion {
  id: string;
  label: string;
  ask: Extract<EvidenceSource, { question: string }>;
}

export interface ModelDoor extends ModelFacts {
  chat: LlmChatModel;
}

export const openCriteria = (profile: Profile, { factors }: ScoreDetail): OpenCriterion[] =>
  [...profile.criteria, ...profile.bonuses].flatMap(({ id, label, sources }, index) => {
    const ask = sources.find((source) => 'question' in source);
    return ask && factors[index]?.points === null ? [{ id, label, ask }] : [];
  });

interface Asked {
  input: { leadId: string; maxCostUsd: string };
  ctx: AgentContext;
  facts: Facts;
  active: { profile: Profile };
  open: OpenCriterion[];
}

interface Told {
  findings: Finding[];
  notes: string[];
  costUsd: string | null;
  /** Asking the same again would bring the same. */
  settled: boolean;
}

/** An answer, its quote and its source. */
const tokensPerAnswer = 150;
/** Better models think before they answer, and pay for that from the same tokens. */
const tokensOfTier: Record<LlmTier, number> = { cheap: 300, default: 1000 };
const answerTokens = ({ open }: Pick<Asked, 'open'>, tier: LlmTier): number => tokensOfTier[tier] + open.length * tokensPerAnswer;
/** What English text comes to at the least. */
const charactersPerToken = 3;
const free = '0.000000000000';

/**
 * Asks the cheapest model first, and the better one only when nothing the first one said can be used and there is money left. What it
 * says counts where code finds its quote in the record; everything else is dropped, and that is told.
 */
export async function askModel(door: ModelDoor, asked: Asked, now: Date): Promise<Told> {
  const told: Told = { findings: [], notes: [], costUsd: free, settled: true };
  for (const tier of ['cheap', 'default'] as const) {
    const price = worstCase(door, asked, tier);
    if (price !== null && compareUsd(addUsd(told.costUsd ?? free, price), asked.input.maxCostUsd) > 0) {
      const limit = `the limit of ${short(asked.input.maxCostUsd)} USD for a lead`;
      if (tier === 'cheap') told.notes.push(`No model was asked: the question might cost ${short(price)} USD, above ${limit}.`);
      told.settled = false;
      return told;
    }
    const answered = await ask(door, asked, tier);
    told.costUsd = answered.costUsd === null || told.costUsd === null ? null : addUsd(told.costUsd, answered.costUsd);
    if (answered.failure) {
      told.notes.push(`The model could not be asked: ${answered.failure}`);
      told.settled = false;
      return told;
    }
    const { findings, dropped } = checked(answered, asked, now);
    told.findings.push(...findings);
    if (dropped.length > 0)
      told.notes.push(
        `Dropped ${dropped.length === 1 ? 'an answer' : `${dropped.length} answers`} of the model: ${dropped.join('; ')}.`,
      );
    if (findings.length > 0 || dropped.length === 0) return told;
  }
  return told;
}

const answersSchema = (open: OpenCriterion[]) =>
  z
    .object({
      answers: z
        .array(
          z.object({
            criterion: z.enum(open.map(({ id }) => id)),
            answer: z.string().max(200),
            source: z.string().max(300).describe('The field of the record that the quote stands in.'),
            quote: z.string().max(1000).describe('Words copied exactly from that field.'),
          }),
        )
        .max(100),
    })
    .describe('Takes the answers that the record gives. Questions it does not answer are left out.');

type Answers = z.output<ReturnType<typeof answersSchema>>['answers'];

interface Attempt {
  answers: Answers;
  model: string;
  costUsd: string | null;
  failure?: string;
}

async function ask({ chat }: ModelDoor, asked: Asked, tier: LlmTier): Promise<Attempt> {
  const { ctx, input } = asked;
  try {
    const { parsed, attempts } = await chat
      .withStructuredOutput(answersSchema(asked.open), { name: 'record_answers', includeRaw: true })
      .invoke([new SystemMessage(promptFile('qualification')), new HumanMessage(promptOf(asked))], {
        tier,
        maxTokens: answerTokens(asked, tier),
        signal: ctx.signal,
        purpose: {
          tenantId: ctx.actor.tenantId,
          userId: ctx.actor.userId,
          agent: 'qualification',
          mode: 'passthrough',
          leadId: input.leadId,
          ...(ctx.conversationId && { sessionId: ctx.conversationId }),
          now: new Date(),
          timeZone: ctx.actor.timeZone,
        },
      });
    const { model } = attempts.at(-1)!.response_metadata as { model: string };
    return { answers: parsed.answers, model, costUsd: costOfAll(attempts) };
  } catch (error) {
    ctx.signal.throwIfAborted();
    if (!(error instanceof AppError)) throw error;
    const costUsd = error.details && 'costUsd' in error.details ? (error.details['costUsd'] as string | null) : free;
    return { answers: [], model: '', costUsd, failure: messageOf(error) };
  }
}

/** Only answers to what was asked, of those allowed, resting on words that stand in the record. */
function checked(
  { answers, model }: Attempt,
  { open, facts, active }: Asked,
  now: Date,
): { findings: Finding[]; dropped: string[] } {
  const findings = new Map<string, Finding>();
  const dropped: string[] = [];
  for (const { criterion, answer, source, quote } of answers) {
    const of = open.find(({ id }) => id === criterion)!;
    const allowed = Object.hasOwn(of.ask.answers, answer) ? of.ask.answers[answer] : undefined;
    const mentions = allowed?.mentions && oneOf(spelledOut(allowed.mentions, active.profile.lists));
    if (!allowed) dropped.push(`${of.label}: "${answer}" is none of its answers`);
    else if (!findingHolds({ quote, source }, facts))
      dropped.push(`${of.label}: "${shortened(quote)}" does not stand in the record under ${shortened(source)}`);
    else if (!findingHolds({ quote, source }, facts, mentions))
      dropped.push(`${of.label}: "${shortened(quote)}" says nothing of "${answer}"`);
    else if (findings.has(of.id)) dropped.push(`${of.label}: a second answer`);
    else findings.set(of.id, { question: of.ask.question, answer, quote, source, model, at: now.toISOString() });
  }
  return { findings: [...findings.values()], dropped };
}

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 57).toWellFormed()}...` : text);
const short = (usd: string): string => usd.replace(/(\.\d*?[1-9])0+$|\.0+$/, '$1');

const longestCell = 2000;
const longestRecord = 12_000;

function promptOf({ open, facts }: Asked): string {
  const questions = open.map(({ id, ask }) => ({ criterion: id, question: ask.question, answers: Object.keys(ask.answers) }));
  return `Questions:\n${JSON.stringify(questions, null, 1)}\n\nThe record:\n${fence(JSON.stringify(recordOf(facts), null, 1))}`;
}

/** What the model may quote: the fields and columns by their names, long ones cut. */
function recordOf(facts: Facts): Record<string, string> {
  const record: Record<string, string> = Object.create(null);
  let room = longestRecord;
  const fields = Object.fromEntries(['name' as const, ...ownFields].map((field) => [field, facts[field]]));
  for (const [name, value] of [...Object.entries(fields), ...Object.entries(facts.attributes)]) {
    if (value === null || value === undefined || value === '' || room <= 0) continue;
    const text = String(value).slice(0, Math.min(longestCell, room)).toWellFormed();
    room -= name.length + text.length;
    record[name] = text;
  }
  return record;
}

/** What asking about this record costs at the most: both attempts, and every token of an answer that may be spent. */
function worstCase(door: ModelFacts, asked: Pick<Asked, 'facts' | 'open'>, tier: LlmTier): string | null {
  const once = door.estimate(promptTokens(asked), answerTokens(asked, tier), tier);
  return once === null ? null : addUsd(once, once);
}

/** Prompt, questions and answer form, at the most. */
const promptTokens = ({ facts, open }: Pick<Asked, 'facts' | 'open'>): number =>
  Math.ceil((1800 + JSON.stringify(recordOf(facts)).length + JSON.stringify(open).length * 2) / charactersPerToken);

/** What asking about a record would take, before anybody is asked. */
export function askingOf(door: ModelFacts | undefined, profile: Profile, facts: Facts): Asking {
  const open = openCriteria(profile, score(profile, facts));
  const labels = open.map(({ label }) => label);
  if (open.length === 0) return { open: labels, expectedUsd: free, atMostUsd: free };
  if (!door) return { open: labels, expectedUsd: null, atMostUsd: null };
  const asked = { facts, open };
  return {
    open: labels,
    expectedUsd: door.estimate(promptTokens(asked), open.length * tokensPerAnswer, 'cheap'),
    atMostUsd: worstCase(door, asked, 'cheap'),
  };
}
