/** What a reader takes for one letter: a flag, a family, a letter with its marks. Text is cut between them only. */
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The last place at or before `at` where a letter begins; the end of the text when `at` is behind it. */
export function graphemeStart(text: string, at: number): number {
  if (at >= text.length) return text.length;
  if (at <= 0) return 0;
  if (plain(text.charCodeAt(at - 1)) && plain(text.charCodeAt(at))) return at;
  return segmenter.segment(text).containing(at)?.index ?? at;
}

/** Printable ASCII joins with nothing of its kind. */
const plain = (code: number): boolean => code >= 0x20 && code < 0x7f;
