/** Text from records as it may stand in an answer: one line, no invisible, control or direction-changing characters. */
export const safe = (text: string): string =>
  text
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u061c]/g, '')
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\s]+/g, ' ')
    .trim();

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
