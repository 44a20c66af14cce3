const deeds =
  'updated|marked|changed|set|created|added|deleted|removed|logged|scheduled|sent|e-?mailed|booked|assigned|imported|undone|reverted|restored|completed|saved|recorded|moved|renamed|cancelled|noted';
const claims = [
  new RegExp(`\\b(?:i|we)(?:['’]ve| have| just| already| now|\\s)+(?:gone ahead and )?(?:successfully )?(?:${deeds})\\b`, 'i'),
  new RegExp(`\\b(?:has|have) (?:now |just |already |successfully )*been (?:successfully )?(?:${deeds})\\b`, 'i'),
  new RegExp(`\\b(?:is|are) now (?:${deeds})\\b`, 'i'),
  new RegExp(`\\bsuccessfully (?:${deeds})\\b`, 'i'),
  /^\W*(?:all )?(?:done|undone|sent)\b/i,
];
const denials = /\b(?:nothing|not|no|never|cannot|can't|couldn't|didn't|hasn't|haven't|isn't|if|would|will)\b|n['’]t\b/i;

/** A sentence that says something was done; what stands in quotes is somebody else's words. */
export function claimsAction(sentence: string): boolean {
  const own = sentence.replace(/"[^"\n]*"|“[^”\n]*”/g, '""');
  return !denials.test(own) && claims.some((claim) => claim.test(own));
}

const sentenceEnd = /[.!?](?=\s)|\n/;
/** Longer than any sentence we would wait for. */
const longest = 2000;

/**
 * Lets a model's text out sentence by sentence. One that claims an action while this turn has no receipt never leaves;
 * what really happened is said by code.
 */
export class ClaimFilter {
  #rest = '';
  #dropped = false;
  readonly #hasReceipt: () => boolean;

  constructor(hasReceipt: () => boolean) {
    this.#hasReceipt = hasReceipt;
  }

  push(text: string): string {
    this.#rest += text;
    let out = '';
    for (let end = nextEnd(this.#rest); end > 0; end = nextEnd(this.#rest)) {
      out += this.#check(this.#rest.slice(0, end));
      this.#rest = this.#rest.slice(end);
    }
    return out;
  }

  /** What is left at the end of a message, and the truth where a claim was held back. */
  end(): string {
    const rest = this.#check(this.#rest);
    this.#rest = '';
    const truth = this.#dropped ? `${rest ? ' ' : ''}Nothing was changed: no receipt was written in this turn.` : '';
    this.#dropped = false;
    return rest + truth;
  }

  #check(sentence: string): string {
    if (this.#hasReceipt() || !claimsAction(sentence)) return sentence;
    this.#dropped = true;
    return '';
  }
}

function nextEnd(text: string): number {
  const at = text.search(sentenceEnd);
  return at >= 0 ? at + 1 : text.length > longest ? longest : 0;
}
