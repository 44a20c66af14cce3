import type { Output, Streams } from './screen.ts';
import { clean } from './text.ts';

export interface BesideStreams extends Streams {
  /** Where words go while the output carries something to be kept. */
  complaints?: Output;
}

/**
 * The streams of a command whose output a shell may send into a file: all that is said goes beside it. What is put there arrives as it is,
 * and is made harmless where a terminal would read it.
 */
export function beside<P extends BesideStreams>(parts: P): { parts: P & { output: Output }; put(text: string): void } {
  const output = parts.output ?? process.stdout;
  return {
    parts: { ...parts, output: parts.complaints ?? process.stderr },
    put(text) {
      if (output.writable) output.write(output.isTTY ? clean(text) : text);
    },
  };
}
