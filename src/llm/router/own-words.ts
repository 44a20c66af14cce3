/**
 * What of a message is the user's own and what is pasted: a customer's mail, a transcript, a form. Only one's own words tell what is
 * wanted; of the rest it counts that it is there, and how much.
 */

/** Beyond this nothing is read: who asks says so at the beginning or at the end, and time stays bounded. */
const headLength = 700;
const tailLength = 300;

/** Quotations of some length are somebody else's. */
const quoted = /"[^"]{24,}"|“[^”]{24,}”|«[^»]{24,}»|„[^“”]{24,}[“”]/g;
/** Where a pasted mail, transcript or form begins. */
const pastedLine =
  /^\s*(?:>|from:|to:|subject:|re:|fwd?:|sent:|dear |hi |hello |hola |hallo |bonjour |sehr geehrte|\[?\d{1,2}:\d{2})/i;
const bullet = /^\s*(?:[-*•]|\d{1,3}[.)])\s/;

export interface OwnWords {
  said: string;
  /** Characters that are not the user's own. */
  pasted: number;
  bullets: number;
  lines: number;
}

export function ownWords(text: string): OwnWords {
  const read = text.length > headLength + tailLength ? `${text.slice(0, headLength)}\n\n${text.slice(-tailLength)}` : text;
  const lines = read.includes('\n') ? read.split('\n') : [read];
  let said = read;
  let bullets = 0;
  if (lines.length > 1) {
    const lastGap = lines.findLastIndex((line) => !line.trim());
    const kept: string[] = [];
    let inside = false;
    for (const [i, line] of lines.entries()) {
      if (bullet.test(line)) bullets++;
      // the last paragraph is the user's again
      if (i === lastGap) inside = false;
      if (!line.trim()) continue;
      if (!inside && i > 0 && pastedLine.test(line)) inside = true;
      if (!inside) kept.push(line);
    }
    said = kept.join('\n');
  }
  if (/["“«„]/.test(said)) said = said.replace(quoted, ' ');
  return { said, pasted: text.length - said.length, bullets, lines: lines.length };
}
