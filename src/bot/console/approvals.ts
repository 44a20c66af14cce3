import type { Actor } from '../../core/actor.ts';
import type { Proposal } from '../../core/proposal.ts';
import type { Records } from '../../core/records.ts';
import { formatWhen } from '../../core/when.ts';
import { AppError } from '../../errors.ts';
import { decide, supersede } from '../../tools/decide.ts';
import type { CallContext } from '../../tools/define.ts';
import type { Gate } from '../../tools/gate.ts';
import { exitCodes, need, runCommand, UsageError } from './command.ts';
import { decideAndTell, decideHere, delegateAndTell } from './decide-here.ts';
import { decideSeveral, InView, numbered } from './decide-words.ts';
import { patchOf } from './patch.ts';
import { namesOf } from './people.ts';
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
       npm run approvals -- delegate ID WHOM ["a note"]   hand the decision on to a colleague
       npm run approvals -- approve --all [--except 2,3]   all of the list but these; skip --all likewise

The beginning of an ID is enough while it is the only one that begins so.`;

/** `npm run approvals`. */
export function approvalsCommand(argv: string[], parts: ApprovalsParts): Promise<number> {
  return runCommand(argv, parts, {
    usage,
    options: { count: { type: 'string' }, all: { type: 'boolean', default: false }, except: { type: 'string' } },
    async run({ values, words: [action, id, ...rest], screen }) {
      const desk = new Desk(parts, screen);
      const count = values.count === undefined ? undefined : Number(values.count);
      if (count !== undefined && !Number.isInteger(count)) throw new UsageError('--count takes a number.');
      if (values.except !== undefined && !values.all) throw new UsageError('--except goes with --all.');
      if (values.all) return desk.all(action, values.except?.split(/[\s,;]+/).filter(Boolean) ?? []);
      switch (action) {
        case undefined:
          return screen.interactive ? desk.walk() : desk.list();
        case 'list':
          return desk.list();
        case 'show':
          return desk.show(need(id, 'The ID'));
        case 'accept':
        case 'approve':
          return desk.accept(need(id, 'The ID'), count);
        case 'edit':
          return desk.edit(need(id, 'The ID'), rest, count);
        case 'ask':
          return desk.ask(need(id, 'The ID'), need(rest.join(' '), 'The question'));
        case 'skip':
          return desk.skip(need(id, 'The ID'));
        case 'delegate':
          return desk.delegate(need(id, 'The ID'), need(rest[0], 'Whom to hand it on to'), rest.slice(1).join(' '));
        default:
          throw new UsageError(`There is no "${action}" here.`);
      }
    },
  });
}

const most = 200;

/** The one that a number of the list or the beginning of an id means; a number that is not there is no guess. */
function numberOrId(items: Proposal[], reference: string): Proposal {
  const found = /^#?\d{1,3}$/.test(reference)
    ? items[Number(reference.replace('#', '')) - 1]
    : byShortId(items, reference, 'proposal');
  if (!found) throw new AppError('not_found', `Nothing that waits is number ${reference} or begins so; nothing was decided.`);
  return found;
}

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
      const names = await namesOf(
        this.#parts.records,
        items.map((item) => item.delegatedById),
      );
      const handedOn = names.size > 0;
      this.#screen.card({
        title: `${plural(total, 'proposal')} for you to decide`,
        blocks: [
          {
            type: 'table',
            columns: ['ID', '#', 'What', 'Risk', 'Until', ...(handedOn ? ['Handed on by'] : [])],
            rows: items.map((item, i) => [
              ids.get(item.id)!,
              String(i + 1),
              item.title,
              item.risk,
              until(item.expiresAt),
              ...(handedOn ? [item.delegatedById ? names.get(item.delegatedById)! : ''] : []),
            ]),
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
    if (total > 1) this.#screen.card(numbered('Waiting for you', items, this.#desk()));
    const view = new InView(items);
    for (const proposal of items) {
      if (view.settled.has(proposal.id)) continue;
      const left = await decideHere(this.#desk(), proposal, view);
      if (left.how === 'left') break;
      if (left.how === 'asked') await this.#passOn(proposal, left.note);
    }
    return exitCodes.ok;
  }

  async show(id: string): Promise<number> {
    const { gate, actor, records } = this.#parts;
    const proposal = await this.#find(id);
    const { status, requesterId, deciderId, decidedById, delegatedById, receiptId } = proposal;
    const known = await namesOf(records, [requesterId, deciderId, decidedById, delegatedById]);
    const receipt = receiptId ? await records.receipts.get(receiptId) : undefined;
    const names = (userId: string) => known.get(userId);
    this.#screen.card(proposalCard(proposal, { now: gate.deps.now(), timeZone: actor.timeZone, names }));
    this.#screen.card({
      blocks: [
        {
          type: 'fields',
          fields: [
            { label: 'State', value: decidedById ? `${status}, decided by ${names(decidedById)}` : status },
            ...(receipt ? [{ label: 'Receipt', value: receipt.title }] : []),
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

  async delegate(id: string, to: string, note: string): Promise<number> {
    await delegateAndTell(this.#desk(), await this.#find(id), to, note);
    return exitCodes.ok;
  }

  /** All that waits but what is left out, by number of the list or by id; a person at the terminal sees them and is asked first. */
  async all(action: string | undefined, except: string[]): Promise<number> {
    const decision = action === 'skip' ? 'ignore' : action === 'approve' || action === 'accept' ? 'accept' : undefined;
    if (!decision) throw new UsageError('--all goes with approve or skip.');
    const { items } = await this.#pending();
    const left = new Set(except.map((reference) => numberOrId(items, reference).id));
    const meant = items.filter(({ id }) => !left.has(id));
    if (!meant.length) {
      this.#screen.line('Nothing waits for you.');
      return exitCodes.ok;
    }
    if (this.#screen.interactive) {
      this.#screen.card(numbered(`${action === 'skip' ? 'To skip' : 'To approve'}`, meant, this.#desk()));
      if (
        !(await this.#screen.confirm(
          `${action === 'skip' ? 'Skip' : 'Approve'} ${meant.length === 1 ? 'this' : `these ${meant.length}`}? [y]es [n]o `,
        ))
      ) {
        this.#screen.line('Nothing was decided.');
        return exitCodes.ok;
      }
    }
    const all = await decideSeveral(
      this.#desk(),
      decision,
      meant.map(({ id }) => id),
      meant,
    );
    return all ? exitCodes.ok : exitCodes.failed;
  }

  async ask(id: string, note: string): Promise<number> {
    const proposal = await this.#find(id);
    await decide(this.#parts.gate, proposal.id, { decision: 'respond', note }, this.#ctx);
    return this.#passOn(proposal, note);
  }

  async #decide(proposal: Proposal, input: Parameters<typeof decideAndTell>[2]): Promise<number> {
    const done = await decideAndTell(this.#desk(), proposal, input);
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

  #desk() {
    return { screen: this.#screen, gate: this.#parts.gate, ctx: this.#ctx };
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
