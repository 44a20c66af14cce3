import { regionCode } from '../../core/regions.ts';

/** How phone numbers, e-mail addresses and web sites look inside a text. */
export const phone = /(?:\+?\d[\d\s().-]{5,18}\d|\(\d{3}\)\s?\d{3}[\s.-]?\d{4})(?:\s?(?:x|ext\.?)\s?\d{1,6})?/i;
export const email = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/;
export const website =
  /\b(?:https?:\/\/[^\s,;]{3,200}|(?:www\.)?[a-z0-9][a-z0-9-]{0,62}(?:\.[a-z0-9-]{1,62}){0,3}\.(?:com|net|org|us|biz|io|co|info|solar|energy|ca|me|dev|app|test|example)(?:\/[^\s,;]*)?)/i;

/** City and state of "Austin, TX", "Austin Texas" or "Texas". */
export const placeOf = (raw: string): [string | undefined, string | undefined] => {
  const text = raw
    .replace(/[.!?]+$/, '')
    .replace(/\s+\d{5}(?:-\d{4})?$/, '')
    .trim();
  const whole = regionCode(text);
  if (whole) return [undefined, text];
  const comma = /^(.+?),\s*(.+)$/.exec(text);
  if (comma?.[1] && comma[2] && regionCode(comma[2])) return [comma[1].trim(), comma[2].trim()];
  const words = text.split(/\s+/);
  for (let take = Math.min(3, words.length - 1); take >= 1; take--) {
    const state = words.slice(-take).join(' ');
    if (regionCode(state)) return [words.slice(0, -take).join(' ').replace(/,$/, ''), state];
  }
  return [text, undefined];
};
