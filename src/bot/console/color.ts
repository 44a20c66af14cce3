const codes = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], cyan: [36, 39] } as const;

/** Colours a finished piece of text, or leaves it as it is where there is no colour. */
export type Paint = Record<keyof typeof codes, (text: string) => string>;

export const paint = (color: boolean): Paint =>
  Object.fromEntries(
    Object.entries(codes).map(([name, [on, off]]) => [
      name,
      (text: string) => (color && text ? `\u001b[${on}m${text}\u001b[${off}m` : text),
    ]),
  ) as Paint;
