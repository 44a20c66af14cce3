/** Exact decimals as text, USD: floats lose a cached token, so sums are kept in pico-dollars. */
const scale = 12;

export function addUsd(...amounts: string[]): string {
  return format(amounts.reduce((sum, amount) => sum + parse(amount), 0n));
}

export const compareUsd = (a: string, b: string): number => (parse(a) < parse(b) ? -1 : parse(a) > parse(b) ? 1 : 0);

function parse(amount: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d{1,12})0*)?$/.exec(amount);
  if (!match) throw new RangeError(`not a decimal amount: ${amount}`);
  const pico = BigInt(match[2]! + (match[3] ?? '').padEnd(scale, '0'));
  return match[1] ? -pico : pico;
}

function format(pico: bigint): string {
  const digits = (pico < 0n ? -pico : pico).toString().padStart(scale + 1, '0');
  return `${pico < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
