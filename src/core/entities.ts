const named: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  rsquo: '’',
};
const entity = /&(?:#(\d{1,6})|#x([\da-f]{1,5})|([a-z]{2,5}));/gi;

/** Signs as web pages write them, read once: "A &amp; B &#39;s" is "A & B 's". What is no sign stays. */
export function withSigns(text: string): string {
  if (!text.includes('&') || !text.includes(';')) return text;
  return text.replace(entity, (whole, decimal: string, hex: string, name: string) => {
    if (name) return named[name.toLowerCase()] ?? whole;
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return code >= 32 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : whole;
  });
}
