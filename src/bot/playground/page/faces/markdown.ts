import { micromark } from 'micromark';

/**
 * Markdown as HTML. HTML in it is shown as it is written and addresses other than those of the web are dropped: micromark does both unless told
 * otherwise. Pictures stay words, because they would be fetched from elsewhere.
 */
export const htmlOf = (text: string): string =>
  micromark(text, { extensions: [{ disable: { null: ['labelStartImage', 'htmlFlow', 'htmlText'] } }] }).replaceAll(
    '<a href="',
    '<a target="_blank" rel="noopener noreferrer nofollow" href="',
  );
