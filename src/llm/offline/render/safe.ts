import { visibleLine } from '../../../core/visible.ts';

/** Text from records as it may stand in an answer: one line, no invisible, control or direction-changing characters. */
export const safe = visibleLine;

/** At most so many characters, cut at a word. */
export const short = (text: string, most: number): string => {
  const clean = safe(text);
  return clean.length <= most ? clean : `${clean.slice(0, most).replace(/\s+\S*$/, '')} ...`;
};

export const sentence = (text: string): string => {
  const clean = safe(text);
  return clean === '' || /[.!?]$/.test(clean) ? clean : `${clean}.`;
};

/** "+17138303280" as it is dialled and read in the US and Canada; other numbers stay as they are. */
export const phoneText = (phone: string): string => {
  const found = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(phone);
  return found ? `(${found[1]}) ${found[2]}-${found[3]}` : safe(phone);
};
