import type { Actor } from '../../core/actor.ts';
import type { Reply } from '../../core/conversation.ts';
import { decisionsIn } from '../../core/decision-words.ts';
import { mayDecide, type Proposal } from '../../core/proposal.ts';
import type { Records } from '../../core/records.ts';
import { AppError } from '../../errors.ts';
import { supersede } from '../../tools/decide.ts';
import type { Gate } from '../../tools/gate.ts';
import { commandNames, runSlash } from './chat-commands.ts';
import { exitCodes, runCommand, UsageError } from './command.ts';
import { decideHere } from './decide-here.ts';
import { decideByWords, InView, numbered, waitingFor } from './decide-words.ts';
import { chatHistory } from './history.ts';
import { runImport } from './import-run.ts';
import { typedPath } from './local-file.ts';
import type { Screen, Streams } from './screen.ts';
import { showTurn, type Talk, type TurnEnd, takeTurn } from './show-turn.ts';
import { clean, oneLine, plural } from './text.ts';
import { newestThread, recentThread, threadById } from './thread.ts';

export interface ChatParts extends Streams {
  converser: Talk['converser'];
  gate: Gate;
  actor: Actor;
  records: Records;
  config: { DATA_DIR: string; UPLOAD_MAX_MB: number };
  /** The folder that relative paths start from. */
  cwd?: string;
  /** What answers, in the words of the greeting. */
  model?: string;
}

const usage = `Usage: npm run chat                      talk here; /help lists commands
       npm run chat -- "one question"   answer it and leave

  -c, --continue          go on with the newest terminal conversation, however old
      --new               begin a new one (a question alone continues one of the last 30 minutes)
      --conversation ID   go on with this one
      --json              the whole reply as JSON (with a question)
      --help              this text`;

/** `npm run chat`. */
export function chatCommand(argv: string[], parts: ChatParts): Promise<number> {
  const options = {
    continue: { type: 'boolean', short: 'c', default: false },
    new: { type: 'boolean', default: false },
    conversation: { type: 'string' },
    json: { type: 'boolean', default: false },
  } as const;
  return runCommand(argv, parts, {
    usage,
    options,
    history: () => chatHistory(parts.config.DATA_DIR),
    async run({ values, words, screen }) {
      const question = words.join(' ').trim();
      if (values.json && !question) throw new UsageError('--json needs a question.');
      if (values.new && (values.continue || values.conversation)) throw new UsageError('--new and going on exclude each other.');
      const conversationId = values.conversation
        ? (await threadById(parts.records, values.conversation)).id
        : values.continue
          ? (await newestThread(parts.records))?.id
          : undefined;
      return runChat({ ...parts, screen, conversationId, oneShot: question || undefined, json: values.json, fresh: values.new });
    },
  });
}

export interface ChatRun extends Omit<ChatParts, keyof Streams> {
  screen: Screen;
  conversationId?: string;
  oneShot?: string;
  json?: boolean;
  /** A question alone begins a new conversation. */
  fresh?: boolean;
}

/** Talks with a person at a terminal, with a file of lines, or answers one question. Gives the exit code. */
export async function runChat(run: ChatRun): Promise<number> {
  const chat = new Chat(run);
  if (run.oneShot !== undefined) return chat.once(run.oneShot);
  return run.screen.interactive ? chat.talk() : chat.lines();
}

/** One conversation at the terminal. */
export class Chat {
  readonly run: ChatRun;
  readonly screen: Screen;
  conversationId: string | undefined;
  /** The proposals that were shown last, in that order, as long as nothing else was: what "approve all" is about. */
  inView = new InView();
  /** How the last thing said ended, as an exit code. */
  #ended: number = exitCodes.ok;

  constructor(run: ChatRun) {
    this.run = run;
    this.screen = run.screen;
    this.conversationId = run.conversationId;
  }

  /** The conversation's id; it begins with the first thing said. */
  async thread(): Promise<string> {
    this.conversationId ??= (await this.run.converser.open(this.run.actor)).id;
    return this.conversationId;
  }

  async talk(): Promise<number> {
    await this.#greet();
    let leaving = false;
    for (;;) {
      const answer = await this.screen.ask('> ', { remember: true });
      if (answer.type === 'end') {
        this.screen.line();
        return exitCodes.ok;
      }
      if (answer.type === 'interrupt') {
        if (answer.typed) continue;
        if (leaving) return exitCodes.ok;
        leaving = true;
        this.screen.line(this.screen.paint.dim('Ctrl-D or /quit leaves'));
        continue;
      }
      leaving = false;
      if ((await this.#hear(answer.text)) === 'quit') return exitCodes.ok;
    }
  }

  /** A file or a pipe: each line is a turn. Whoever wrote it reads the exit code: that of the last one. */
  async lines(): Promise<number> {
    for (let ended: number = exitCodes.ok; ; ended = this.#ended) {
      const answer = await this.screen.ask('');
      if (answer.type !== 'line' || (await this.#hear(answer.text)) === 'quit') return ended;
    }
  }

  async once(question: string): Promise<number> {
    const continued = !this.conversationId && !this.run.fresh && (await this.#goOn());
    try {
      return await this.#answer(question);
    } catch (error) {
      // the conversation of the last minutes may be in use in another window: then this is a question of its own
      if (!continued || !(error instanceof AppError) || error.code !== 'conflict') throw error;
      this.conversationId = undefined;
      return this.#answer(question);
    }
  }

  async #answer(question: string): Promise<number> {
    const id = await this.thread();
    if (this.run.json) {
      const end = await takeTurn({ ...this.run, screen: this.screen }, id, question, () => undefined);
      const { code, message } = end.error ?? { code: 'internal', message: 'There was no reply.' };
      this.screen.line(
        JSON.stringify(
          end.reply
            ? ({ ...end.reply, conversationId: id } satisfies Reply & { conversationId: string })
            : { error: { code, message } },
          null,
          2,
        ),
      );
      return codeOf(end);
    }
    const end = await showTurn({ ...this.run, screen: this.screen }, id, question);
    await this.#decide(end);
    return codeOf(end);
  }

  async #goOn(): Promise<boolean> {
    const now = this.run.gate.deps.now();
    const recent = await recentThread(this.run.records, now);
    if (!recent) return false;
    this.conversationId = recent.id;
    const minutes = Math.round((now.getTime() - recent.updatedAt.getTime()) / 60_000);
    const ago = minutes < 1 ? 'of just now' : `of ${plural(minutes, 'minute')} ago`;
    if (!this.run.json) this.screen.line(this.screen.paint.dim(`Going on with the conversation ${ago}; --new begins another.`));
    return true;
  }

  /** One thing said: a command, a file, or words for the assistant. What goes wrong is told, and the chat goes on. */
  async #hear(text: string): Promise<'quit' | undefined> {
    const said = text.trim();
    if (!said) return undefined;
    this.#ended = exitCodes.ok;
    try {
      if (/^\/[a-z]+(\s|$)/i.test(said)) return await runSlash(this, said);
      if (isListPath(said) && (await this.#offerImport(said))) return undefined;
      if (await this.#heardDecision(said)) return undefined;
      await this.say(said);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.#ended = exitCodes.failed;
      this.screen.line(this.screen.paint.red(`✗ ${clean(error.message)}`));
    }
    return undefined;
  }

  /** `about`: the proposal these words answer; a changed draft takes its place. */
  async say(text: string, about?: Proposal): Promise<void> {
    const end = await showTurn({ ...this.run, screen: this.screen }, await this.thread(), text);
    this.#ended = codeOf(end);
    this.inView = new InView(end.reply?.sources.includes('list_pending') ? await this.#listedLast() : []);
    if (about) await supersede(this.run.gate, about, end.proposals, await this.context());
    await this.#decide(end);
  }

  /** Asks about what a turn proposed; a note on a proposal is the next turn. */
  async #decide({ proposals, error }: TurnEnd): Promise<void> {
    const view = new InView(proposals);
    if (proposals.length) this.inView = view;
    if (proposals.length > 1 && this.screen.interactive)
      this.screen.card(numbered('Waiting for you', proposals, { gate: this.run.gate, ctx: await this.context() }));
    for (const proposal of proposals) {
      if (view.settled.has(proposal.id)) continue;
      if (!this.screen.interactive || error?.code === 'cancelled') {
        this.screen.line(`Waiting for your decision: ${oneLine(proposal.title)}`);
        this.screen.line(`  npm run approvals -- show ${proposal.id}`);
        continue;
      }
      const desk = { screen: this.screen, gate: this.run.gate, ctx: await this.context() };
      const left = await decideHere(desk, proposal, view);
      if (left.how === 'asked') {
        await this.say(left.note, proposal);
        // what was said since stands between a person and the numbers of the others
        this.inView = new InView();
      }
      if (left.how === 'left') return;
    }
  }

  /** "Approve all except the second": a person's own words about the proposals before them, judged by code and never by a model. */
  async #heardDecision(said: string): Promise<boolean> {
    if (!this.screen.interactive) return false;
    const desk = { screen: this.screen, gate: this.run.gate, ctx: await this.context() };
    if (this.inView.open) return decideByWords(desk, said, this.inView);
    if (!/^(?:please )?approve\b/i.test(said)) return false;
    // nobody decides on what they do not see
    const { items } = await waitingFor(this.run);
    if (!decisionsIn(said, items)) return false;
    this.screen.card(numbered('Waiting for you', items, desk));
    this.screen.line('Nothing was decided yet: say it again, now that you see them.');
    this.inView = new InView(items);
    return true;
  }

  /** The proposals that the last answer listed, as it numbered them. */
  async #listedLast(): Promise<Proposal[]> {
    const { records, actor } = this.run;
    const last = (await records.conversations.messages(await this.thread(), 2)).findLast(({ role }) => role === 'assistant');
    const ids = last?.shown.flatMap(({ entity, id }) => (entity === 'proposal' ? [id] : [])) ?? [];
    const listed = await Promise.all(ids.map((id) => records.proposals.get(id)));
    // with one of them gone the numbers would mean others
    return listed.every((proposal) => proposal !== undefined && mayDecide(proposal, actor)) ? (listed as Proposal[]) : [];
  }

  /** A person's own press, in this conversation. */
  async context() {
    const { actor } = this.run;
    return { actor, by: 'person' as const, ...(this.conversationId && { conversationId: this.conversationId }) };
  }

  async import(path: string): Promise<void> {
    const { cwd = process.cwd(), gate, actor, records, config } = this.run;
    const conversationId = await this.thread();
    const where = typedPath(path, cwd);
    await runImport({
      gate,
      actor,
      records,
      config,
      screen: this.screen,
      path: where,
      dryRun: false,
      conversationId,
      undoHint: '"undo that"',
    });
  }

  async #offerImport(path: string): Promise<boolean> {
    if (!this.screen.interactive) return false;
    if (await this.screen.confirm(`Import ${oneLine(path)}? [y]es [n]o `)) await this.import(path);
    else this.screen.line('Not imported.');
    return true;
  }

  async #greet(): Promise<void> {
    const { records, model = 'offline rules' } = this.run;
    const { name, leads, demo } = await records.workspace();
    const own = leads ? plural(leads, 'lead') : 'no leads yet: /import FILE.csv';
    const whose = demo === 'shown' ? `${plural(leads, 'lead')}, made-up demo companies among them` : own;
    const { bold, dim } = this.screen.paint;
    this.screen.line(`${bold('Sales Agent')} · ${oneLine(name)} · ${whose}`);
    this.screen.line(`Model: ${oneLine(model)}`);
    this.screen.line(dim(`/help lists commands (${commandNames.slice(0, 4).join(', ')}, …); Ctrl-D leaves`));
  }
}

const codeOf = ({ reply, error }: TurnEnd): number =>
  reply ? exitCodes.ok : error?.code === 'cancelled' ? exitCodes.interrupted : exitCodes.failed;

/** Nothing but a path to a list, as it comes from dragging a file into the window. */
const isListPath = (text: string): boolean =>
  !text.includes('\n') &&
  /\.(csv|tsv|xlsx|csv\.gz|tsv\.gz)["']?$/i.test(text) &&
  /^(["'~./\\]|[a-z]:\\|file:|[^\s]+$)/i.test(text);
