import { type ParseArgsConfig, parseArgs } from 'node:util';
import { AppError } from '../../errors.ts';
import { type History, Screen, type Streams } from './screen.ts';
import { clean } from './text.ts';

export const exitCodes = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** Wrong words on the command line: the usage is shown, and the exit code is 2. */
export class UsageError extends Error {}

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<O extends Options> = ReturnType<typeof parseArgs<{ options: O; allowPositionals: true; args: string[] }>>['values'];

export interface Command<O extends Options> {
  usage: string;
  options: O;
  history?: () => History;
  run(given: { values: Values<O>; words: string[]; screen: Screen }): Promise<number>;
}

/** Reads the arguments, runs the command, and tells a person what went wrong instead of throwing it. */
export async function runCommand<O extends Options>(argv: string[], streams: Streams, command: Command<O>): Promise<number> {
  const asksHelp = argv.includes('--help') || argv.includes('-h');
  // help is text: it has no parts behind it, so nothing is read for it
  const screen = new Screen(streams, asksHelp ? undefined : command.history?.());
  try {
    if (asksHelp) {
      screen.line(command.usage);
      return exitCodes.ok;
    }
    return await command.run({ ...read(argv, command.options), screen });
  } catch (error) {
    if (error instanceof UsageError) {
      screen.line(clean(error.message));
      screen.line();
      screen.line(command.usage);
      return exitCodes.usage;
    }
    if (!(error instanceof AppError)) throw error;
    screen.line(screen.paint.red(`✗ ${clean(error.message)}`));
    return exitCodes.failed;
  } finally {
    screen.close();
  }
}

function read<O extends Options>(argv: string[], options: O): { values: Values<O>; words: string[] } {
  try {
    const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true, strict: true });
    return { values: values as Values<O>, words: positionals };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // the first sentence says which option; the rest explains node's own conventions
    throw new UsageError(error.message.replace(/\. .*$/s, '.'));
  }
}

/** A word that must be there. */
export function need(word: string | undefined, what: string): string {
  if (word?.trim()) return word;
  throw new UsageError(`${what} is missing.`);
}
