import type { QualificationRun } from '../../src/core/agent.ts';
import type { Estimate, LlmRequest } from '../../src/core/llm.ts';
import type { CallContext } from '../../src/tools/define.ts';
import { openWorld, type World } from '../world.ts';
import { type Move, scripted } from './scripted-llm.ts';

export interface Answer {
  criterion: string;
  answer: string;
  source: string;
  quote: string;
}
export type Verdict = Omit<QualificationRun, 'leadId'> & { id: string };

/** The product with a model that reads records as a test tells it to. */
export interface Reader extends World {
  /** What it answers from now on, and nothing until then. */
  says(answer: Answer[] | ((request: LlmRequest) => Answer[] | Move[])): void;
  /** What it was asked. */
  asked: LlmRequest[];
  add(name: string, attributes?: Record<string, string>, more?: Record<string, unknown>): Promise<string>;
  /** Gives the receipt. */
  change(lead: string, attributes: Record<string, string>, more?: Record<string, unknown>): Promise<string>;
  qualify(lead: string, more?: Record<string, unknown>, ctx?: Partial<CallContext>): Promise<Verdict>;
  result<T>(tool: string, input: Record<string, unknown>): Promise<T>;
  rows<T>(sql: string, ...values: unknown[]): Promise<T[]>;
}

export const took = (answers: Answer[]): Move[] => [{ call: 'record_answers', input: { answers } }];

export async function openReader(
  options: { costUsd?: string; estimate?: Estimate; env?: Record<string, string>; connected?: boolean } = {},
): Promise<Reader> {
  const { costUsd = '0.000300000000', estimate = () => '0.000500000000', env = {}, connected = true } = options;
  let says: (request: LlmRequest) => Move[] = () => took([]);
  const model = scripted((request) => says(request), costUsd);
  const llm = { stream: model.stream.bind(model), estimate };
  const world = await openWorld({ env, ...(connected && { llm }) });
  const result = async <T>(tool: string, input: Record<string, unknown>, ctx: Partial<CallContext> = {}): Promise<T> => {
    const outcome = await world.gate.call(tool, input, world.as(world.owner, ctx), { waitMs: 60_000 });
    if (outcome.status !== 'done') throw new Error(`${tool} ended as ${outcome.status}`);
    return outcome.result as T;
  };
  return {
    ...world,
    asked: model.requests,
    says(answer) {
      says = (request) => {
        const said = typeof answer === 'function' ? answer(request) : answer;
        return said.some((move) => !('criterion' in move)) ? (said as Move[]) : took(said as Answer[]);
      };
    },
    async add(name, attributes = {}, more = {}) {
      return (await result<{ lead: { id: string } }>('create_lead', { name, attributes, ...more })).lead.id;
    },
    async change(lead, attributes, more = {}) {
      const outcome = await world.gate.call('update_lead', { lead, attributes, ...more }, world.as(world.owner));
      return outcome.status === 'done' ? outcome.receipt!.id : outcome.status;
    },
    qualify: (lead, more = {}, ctx = {}) => result('qualify_lead', { lead, ...more }, ctx),
    result,
    async rows(sql, ...values) {
      await world.calls.flush();
      return (await world.database.pool.query(sql, values)).rows;
    },
  };
}

/** What the model took from the record, in short. */
export const read = ({ evidence }: Pick<QualificationRun, 'evidence'>): Record<string, number> =>
  Object.fromEntries(evidence.filter(({ by }) => by === 'model').map(({ criterion, points }) => [criterion, points]));
