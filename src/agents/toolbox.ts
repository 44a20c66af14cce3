import type { Actor } from '../core/actor.ts';
import { atLeast } from '../core/actor.ts';
import type { Card } from '../core/card.ts';
import type { Shown } from '../core/conversation.ts';
import type { LlmTool } from '../core/llm.ts';
import type { Proposal } from '../core/proposal.ts';
import type { Receipt } from '../core/receipt.ts';
import { publicError } from '../errors.ts';
import type { CallContext } from '../tools/define.ts';
import { type Gate, minRole } from '../tools/gate.ts';
import { jsonSchemaOf } from './json-schema.ts';

/** What came of one tool call, for the model (as JSON) and for the people watching. */
export interface Answer {
  json: string;
  failed: boolean;
  card?: Card;
  shown: Shown[];
  receipt?: Receipt;
  proposal?: Proposal;
}

/** The tools that an agent may show its model, for this person. */
export function specs(gate: Gate, names: readonly string[], actor: Actor): LlmTool[] {
  return names
    .map((name) => gate.catalog.get(name)!)
    .filter((tool) => atLeast(actor.role, minRole(tool)))
    .map((tool) => ({ name: tool.name, description: tool.description, parameters: jsonSchemaOf(tool.input) }));
}

/** Calls a tool for an agent through the gate; a refusal is an answer, not a crash. */
export async function use(
  gate: Gate,
  names: readonly string[],
  name: string,
  input: Record<string, unknown>,
  ctx: CallContext,
): Promise<Answer> {
  if (!names.includes(name))
    return {
      json: JSON.stringify({ error: { code: 'not_found', message: `There is no tool "${name}" here.` } }),
      failed: true,
      shown: [],
    };
  const tool = gate.catalog.get(name)!;
  try {
    const outcome = await gate.call(name, input, ctx);
    if (outcome.status === 'pending_approval') {
      const { id, title, risk, expiresAt } = outcome.proposal;
      const json = JSON.stringify({ status: outcome.status, proposalId: id, title, risk, expiresAt });
      return { json, failed: false, proposal: outcome.proposal, shown: [{ entity: 'proposal', id, label: title }] };
    }
    if (outcome.status === 'running') {
      return {
        json: JSON.stringify({ status: outcome.status, jobId: outcome.job.id }),
        failed: false,
        shown: [{ entity: 'job', id: outcome.job.id, label: outcome.job.tool }],
      };
    }
    const { result } = outcome;
    const receipt = outcome.status === 'done' ? outcome.receipt : undefined;
    const card = tool.card?.(result, { now: gate.deps.now(), timeZone: ctx.actor.timeZone });
    return {
      json: JSON.stringify({ result, ...(receipt && { receipt: { id: receipt.id, title: receipt.title } }) }),
      failed: false,
      shown: tool.shows?.(result) ?? [],
      ...(card && { card }),
      ...(receipt && { receipt }),
    };
  } catch (error) {
    const told = publicError(error);
    if (told.code === 'internal') gate.deps.log.error({ err: error, tool: name, requestId: ctx.requestId }, 'a tool failed');
    return { json: JSON.stringify({ error: told }), failed: true, ...choices(told.details) };
  }
}

/** Candidates of an ambiguous name, as a card to pick from. */
function choices(details: Record<string, unknown> | undefined): { card?: Card; shown: Shown[] } {
  const candidates = details?.['candidates'] as { id: string; name: string; note?: string }[] | undefined;
  if (!candidates?.length || typeof details?.['question'] !== 'string') return { shown: [] };
  const isTask = details['question'].startsWith('Which task');
  return {
    card: {
      blocks: [
        {
          type: 'choices',
          question: details['question'],
          choices: candidates.map(({ id, name, note }) => ({ label: name, id, ...(note && { note }) })),
        },
      ],
    },
    shown: candidates.map(({ id, name, note }) => ({
      entity: isTask ? 'task' : 'lead',
      id,
      label: [name, note].filter(Boolean).join(', '),
    })),
  };
}
