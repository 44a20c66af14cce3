/** Beginnings that lean on what was said before. */
const opens =
  /^\W*(?:and|or|but|also|so|then|now|next|why|how come|what about|how about|what if|ok|okay|yes|yep|no|nope|sure|thanks?|thank you|please|go on|continue|more)\b/i;
/** Words that stand for something said before. Later in a sentence they mostly stand for something in it. */
const leans =
  /\b(?:it|its|that|this|these|those|them|they|their|theirs|he|she|him|his|her|hers|there|same|instead|again|above|before|previous|earlier|former|latter|rest|others?|another|(?:first|second|third|last) (?:one|two|three)|both)\b/i;
const early = 6;
/** So few words are hardly a task of their own. */
const fewWords = 5;

/** Whether these words go on with the task at hand; when in doubt they do. `answered` is what the assistant said last. */
export function goesOn(text: string, answered: string): boolean {
  if (answered.trimEnd().endsWith('?')) return true;
  const words = text.match(/[\p{L}\p{N}'-]+/gu) ?? [];
  return words.length <= fewWords || opens.test(text) || leans.test(words.slice(0, early).join(' '));
}
