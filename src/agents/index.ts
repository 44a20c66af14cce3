import type { AgentRunner } from '../core/agent.ts';
import type { Ledger } from '../core/execution.ts';
import type { Llm } from '../core/llm.ts';
import type { Gate } from '../tools/gate.ts';
import { assistantGraph, type Caps } from './assistant.ts';
import { LlmChatModel } from './chat-model.ts';
import { Converser, promptFile } from './converse.ts';
import { noRuns, type RunTracer } from './langsmith.ts';
import { type Parts, qualificationRuns } from './qualification.ts';
import { askingOf } from './qualification-model.ts';

/** The conversational agents by name, with the tools each may use. */
const assistants: { name: string; tools?: readonly string[] }[] = [{ name: 'sr-bdr' }];

export function createAgents({
  gate,
  llm,
  ledger,
  caps,
  runs = noRuns,
}: {
  gate: Gate;
  llm: Llm;
  ledger: Ledger;
  caps: Caps;
  runs?: RunTracer;
}): Converser {
  const model = new LlmChatModel(llm);
  const agents = assistants.map(({ name, tools }) => {
    const toolNames = tools ?? [...gate.catalog.keys()];
    return { name, prompt: promptFile(name), graph: assistantGraph({ model, gate, toolNames, runs }) };
  });
  return new Converser({ gate, agents, ledger, caps });
}

/** The agents that tools may ask. */
export function createRunner(parts: Parts): AgentRunner {
  const { model } = parts;
  const qualification = qualificationRuns(parts);
  return {
    model,
    asking: (profile, facts, tenantId) => askingOf(model, profile, facts, tenantId),
    run: (_agent, input, ctx) => qualification(input, ctx),
  };
}
