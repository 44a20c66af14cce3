import type { Actor } from '../../core/actor.ts';
import type { Proposal } from '../../core/proposal.ts';
import type { Records } from '../../core/records.ts';
import { formatWhen } from '../../core/when.ts';
import { AppError } from '../../errors.ts';
import { decide, supersede } from '../../tools/decide.ts';
import type { CallContext } from '../../tools/define.ts';
import type { Gate } from '../../tools/gate.ts';
import { exitCodes, need, runCommand, UsageError } from './command.ts';
import { decideAndTell, decideHere } from './decide-here.ts';
import { patchOf } from './patch.ts';
import { proposalCard } from './proposal-card.ts';
import type { Screen, Streams } from './screen.ts';
import { byShortId, shortIds } from './short-id.ts';
import { showTurn, type Talk } from './show-turn.ts';
import { plural } from './text.ts';

export interface ApprovalsParts extends Streams {
  gate: Gate;
  converser: Talk['converser'];
  actor: Actor;
  records: Records;
}

const usage = `Usage: npm run approvals                             go through what waits, one by one
       npm run approvals -- list
       npm run approvals -- show ID
       npm run approvals -- accept ID [--count N]    N: the number of records, where it is asked for
       npm run approvals -- edit ID field=value ...
       npm run approvals -- ask ID "a question or a wish"
       npm run approvals -- skip ID

The beginning of an ID is enough while it is the only one that begins so.`;

/** `npm run approvals`. */
export function approvalsCommand(argv: string[], parts: ApprovalsParts): Promise<number> {
  return runCommand(argv, parts, {
    usage,
    options: { count: { type: 'string' } },
    async run({ values, words: [action, id, ...rest], screen }) {
      const desk = new Desk(parts, screen);
      const count = values.count === undefined ? undefined : Number(values.count);
      if (count !== undefined && !Number.isInteger(count)) throw new UsageError('--count takes a number.');
      switch (action) {
        case undefined:
          return screen.interactive ? desk.walk() : desk.list();
        case 'list':
          return desk.list();
        case 'show':
          return desk.show(need(id, 'The ID'));
        case 'accept':
          return desk.accept(need(id, 'The ID'), count);
        case 'edit':
          return desk.edit(need(id, 'The ID'), rest, count);
        case 'ask':
          return desk.ask(need(id, 'The ID'), need(rest.join(' '), 'The question'));
        case 'skip':
          return desk.skip(need(id, 'The ID'));
        default:
          throw new UsageError(`There is no "${action}" here.`);
      }
    },
  });
}

const most = 200;

/** One person's proposals and what they do with them. */
class Desk {
  readonly #parts: ApprovalsParts;
  readonly #screen: Screen;
  readonly #ctx: CallContext;

  constructor(parts: ApprovalsParts, screen: Screen) {
    this.#parts = parts;
    this.#screen = screen;
    this.#ctx = { actor: parts.actor, by: 'person' };
  }

  async list(): Promise<number> {
    const { gate, actor } = this.#parts;
    const { items, total } = await this.#pending();
    if (!items.length) this.#screen.line('Nothing waits for you.');
    else {
      const ids = shortIds(items.map((item) => item.id));
      const until = (at: Date) => formatWhen(at, gate.deps.now(), actor.timeZone);
      this.#screen.card({
        title: `${plural(total, 'proposal')} for you to decide`,
        blocks: [
          {
            type: 'table',
            columns: ['ID', 'What', 'Risk', 'Until'],
            rows: items.map((item) => [ids.get(item.id)!, item.title, item.risk, until(item.expiresAt)]),
          },
        ],
      });
    }
    return exitCodes.ok;
  }

  async walk(): Promise<number> {
    const { items, total } = await this.#pending();
    if (!items.length) this.#screen.line('Nothing waits for you.');
    else this.#screen.line(`${plural(total, 'proposal')} for you to decide.`);
    for (const proposal of items) {
      const left = await decideHere({ screen: this.#screen, gate: this.#parts.gate, ctx: this.#ctx }, proposal);
      if (left.how === 'left') break;
      if (left.how === 'asked') await this.#passOn(proposal, left.note);
    }
    return exitCodes.ok;
  }

  async show(id: string): Promise<number> {
    const { gate, actor, records } = this.#parts;
    const proposal = await this.#find(id);
    this.#screen.card(proposalCard(proposal, { now: gate.deps.now(), timeZone: actor.timeZone }));
    const { status, error, decidedById } = proposal;
    const who = decidedById ? (await records.users.get(decidedById))?.name : undefined;
    const receipt = proposal.receiptId ? await records.receipts.get(proposal.receiptId) : undefined;
    this.#screen.card({
      blocks: [
        {
          type: 'fields',
          fields: [
            { label: 'State', value: `${status}${who ? `, decided by ${who}` : ''}` },
            ...(receipt ? [{ label: 'Receipt', value: receipt.title }] : []),
            ...(error ? [{ label: 'Problem', value: error.message }] : []),
            { label: 'ID', value: proposal.id },
          ],
        },
      ],
    });
    return exitCodes.ok;
  }

  async accept(id: string, confirmCount: number | undefined): Promise<number> {
    return this.#decide(await this.#find(id), { decision: 'accept', confirmCount });
  }

  async edit(id: string, pairs: string[], confirmCount: number | undefined): Promise<number> {
    if (!pairs.length) throw new UsageError('Say what to change as field=value.');
    const proposal = await this.#find(id);
    return this.#decide(proposal, { decision: 'edit', patch: patchOf(this.#parts.gate, proposal.tool, pairs), confirmCount });
  }

  async skip(id: string): Promise<number> {
    return this.#decide(await this.#find(id), { decision: 'ignore' });
  }

  async ask(id: string, note: string): Promise<number> {
    const proposal = await this.#find(id);
    await decide(this.#parts.gate, proposal.id, { decision: 'respond', note }, this.#ctx);
    return this.#passOn(proposal, note);
  }

  async #decide(proposal: Proposal, input: Parameters<typeof decideAndTell>[2]): Promise<number> {
    const done = await decideAndTell({ screen: this.#screen, gate: this.#parts.gate, ctx: this.#ctx }, proposal, input);
    return done ? exitCodes.ok : exitCodes.failed;
  }

  /** A note is the next thing said in the conversation that the proposal came from. */
  async #passOn(proposal: Proposal, note: string): Promise<number> {
    const { converser, actor, records } = this.#parts;
    const own = proposal.conversationId ? await records.conversations.get(proposal.conversationId) : undefined;
    const thread = own ?? (await converser.open(actor));
    const { reply, proposals } = await showTurn({ converser, actor, records, screen: this.#screen }, thread.id, note);
    if (await supersede(this.#parts.gate, proposal, proposals, this.#ctx))
      this.#screen.line('The new proposal takes the place of the one you asked about.');
    for (const made of proposals) this.#screen.line(`Waiting for your decision: npm run approvals -- show ${made.id}`);
    return reply ? exitCodes.ok : exitCodes.failed;
  }

  #pending() {
    const { actor, records } = this.#parts;
    return records.proposals.list({ status: 'pending', decidableBy: { userId: actor.userId, role: actor.role }, limit: most });
  }

  /** By short id among what waits and what was decided lately. */
  async #find(reference: string): Promise<Proposal> {
    const { actor, records } = this.#parts;
    const decidableBy = { userId: actor.userId, role: actor.role };
    const waiting = byShortId((await this.#pending()).items, reference, 'proposal');
    const found = waiting ?? byShortId((await records.proposals.list({ decidableBy, limit: most })).items, reference, 'proposal');
    if (!found)
      throw new AppError('not_found', `No proposal of yours begins with ${reference}. npm run approvals -- list shows them.`);
    return found;
  }
}
