/**
 * Signs that draw lies or hide text: control signs, direction marks and overrides, signs without width, private tags.
 * Tab and line feed stay.
 */
const hidden =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu;

/** The text as a reader takes it: nothing in it that cannot be seen. */
export const visible = (text: string): string => text.replace(hidden, '');

/** The same on one line, single-spaced. Line ends of any kind become spaces. */
export const visibleLine = (text: string): string =>
  visible(text.replace(/[\r\u2028\u2029\u0085\u000b\u000c]/g, '\n'))
    .replace(/\s+/g, ' ')
    .trim();
