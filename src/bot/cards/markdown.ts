import { chunkText, type Measure, safe } from './safe-text.ts';

/**
 * Markdown of ours as a chat surface may show it: bold, lists, quotes and code stay, and nothing in it can be followed, mention anybody or
 * fetch a picture. A model repeats what it read, so an address is shown, as code, and linked by nobody; links stand in `sources`.
 */
export const inertMarkdown = (text: string): string => {
  const markdown = new InertMarkdown();
  return markdown.push(text) + markdown.end();
};

/** Such Markdown in pieces of at most `max`, and a little. Where it has to be cut inside of code, the code is closed and opened again. */
export function markdownPieces(inert: string, max: number, measure: Measure): string[] {
  let open = false;
  return chunkText(inert.trim(), max, measure).map((piece) => {
    const begun = open ? `${fence}\n${piece}` : piece;
    open = (begun.match(/^```/gm)?.length ?? 0) % 2 === 1;
    return open ? `${begun}\n${fence}` : begun;
  });
}

/** The end of a line is one to the reader, too: two spaces say so where it would only be a space. What follows changes nothing of what is there. */
export function hardBreaks(inert: string): string {
  let code = false;
  const lines = inert.split('\n');
  return lines
    .map((line, i) => {
      const edge = /^ {0,3}```/.test(line);
      if (edge) code = !code;
      return edge || code || !line || i === lines.length - 1 ? line : `${line.trimEnd()}  `;
    })
    .join('\n');
}

/** An unfinished line is held back this long: what it means shows only at its end. */
const longestHeld = 400;

/** The same for text that arrives in pieces; what `push` and `end` return, put together, is the whole. */
export class InertMarkdown {
  #held = '';
  #fenced = false;
  #withinLine = false;

  push(delta: string): string {
    this.#held += delta;
    let out = '';
    // a carriage return may be half of a line end
    for (let at = this.#lineEnd(); at >= 0; at = this.#lineEnd()) {
      out += `${this.#line(this.#held.slice(0, at))}\n`;
      this.#held = this.#held.slice(at + 1);
      this.#withinLine = false;
    }
    if (this.#held.length > longestHeld) {
      const at = this.#held.lastIndexOf(' ');
      if (at > 0) {
        out += `${this.#line(this.#held.slice(0, at))} `;
        this.#held = this.#held.slice(at + 1);
        this.#withinLine = true;
      }
    }
    return out;
  }

  end(): string {
    const last = this.#line(this.#held);
    this.#held = '';
    const open = this.#fenced;
    this.#fenced = false;
    return open ? `${last}${last ? '\n' : ''}${fence}` : last;
  }

  #lineEnd(): number {
    return this.#held.indexOf('\n');
  }

  #line(raw: string): string {
    const text = safe(raw).replaceAll('\n', ' ').trimEnd();
    if (this.#fenced) {
      if (!this.#withinLine && /^ {0,3}```+$/.test(text)) {
        this.#fenced = false;
        return fence;
      }
      return defused(text.replace(/```+/g, "'''"));
    }
    if (!this.#withinLine && /^ {0,3}```+[\w+#.-]*$/.test(text)) {
      this.#fenced = true;
      return fence;
    }
    return inertLine(text);
  }
}

const fence = '```';

/** Pairs of backticks hold code; everything else is looked through for what could act. */
function inertLine(line: string): string {
  const single = line.replaceAll('\\`', "'").replace(/`{2,}/g, '`');
  const paired = (single.match(/`/g)?.length ?? 0) % 2 ? single.replace(/`(?=[^`]*$)/, "'") : single;
  return paired
    .split('`')
    .map((part, i) => (i % 2 ? defused(part) : inert(part)))
    .join('`')
    .replace(/`{2,}/g, '');
}

const link = /!?\[([^[\]]*)\]\(\s*<?([^\s)>]*)>?[^)]*\)/g;
/** Addresses as clients find them in plain text, with a scheme, by "www.", as a mailbox or as a bare name with an ending. */
const address =
  /(?:\b(?:[a-z][a-z0-9+.-]*:\/\/|www\.|mailto:|tel:|javascript:|data:)|(?<![\p{L}\p{N}])[\p{L}\p{N}._%+-]*@?(?:[\p{L}\p{N}-]+\.)+(?:[a-z]{2,24}|[A-Z]{2,24})(?![\p{L}\p{N}]))[^\s`‹›<>"']*|(?<![\p{L}\p{N}])(?:@(?:channel|here|everyone)\b)+/giu;

function inert(text: string): string {
  return (
    defused(
      text.replace(link, (_all, label: string, url: string) =>
        /^https?:\/\//i.test(url) && url !== label ? `${label} (${url})` : label,
      ),
    )
      // what is left of links that were not written in one piece, and definitions of links
      .replace(/\](?=[([])/g, '] ')
      .replace(/^(\s*(?:>\s*)*\[[^\]]*\]):/, '$1 :')
      .replace(address, (found) => {
        const end = /[.,;:!?)\]*_~]*$/.exec(found)!.index;
        return end > 0 ? `\`${found.slice(0, end)}\`${found.slice(end)}` : found;
      })
  );
}

/** "<" before anything that a surface, or HTML, could take for a sign of its own becomes a quotation mark that looks alike. */
export const defused = (text: string): string => text.replace(/<(?=[!@#/?a-z])/gi, '‹');
