/** Exact decimals as text, USD: floats lose a cached token, so sums are kept in pico-dollars. */
const scale = 12;

export function addUsd(...amounts: string[]): string {
  return format(amounts.reduce((sum, amount) => sum + parse(amount), 0n));
}

/** What so many tokens cost at a price per million of them: a price of up to six decimals is a whole number of pico-dollars a token. */
export function usdOfTokens(tokens: number, usdPerMillion: string): string {
  const perMillion = parse(usdPerMillion);
  if (perMillion % 1_000_000n !== 0n) throw new RangeError(`a price of more than six decimals: ${usdPerMillion}`);
  return format(BigInt(tokens) * (perMillion / 1_000_000n));
}

/** An amount that came as a number in JSON, to the twelfth decimal; nothing when it cannot be one. */
export function usdOfNumber(value: unknown): string | undefined {
  return typeof value === 'number' && value >= 0 && value < 1e6 ? value.toFixed(scale) : undefined;
}

/** An equal share of an amount, rounded to the twelfth decimal. */
export function divideUsd(amount: string, by: number): string {
  const [pico, n] = [parse(amount), BigInt(by)];
  const half = pico < 0n ? -n / 2n : n / 2n;
  return format((pico + half) / n);
}

/** So many percent of an amount, rounded up to the twelfth decimal: an amount has reached it when it is no less. */
export const percentOfUsd = (amount: string, percent: number): string => format((parse(amount) * BigInt(percent) + 99n) / 100n);

export const compareUsd = (a: string, b: string): number => (parse(a) < parse(b) ? -1 : parse(a) > parse(b) ? 1 : 0);

/** An amount of whole cents, with just these two decimals. */
export const inCents = (amount: string): string => amount.replace(/(?<=\.\d\d)0+$/, '');

/** For reading: "$12,300", "$12,300.50". */
export function dollars(amount: string): string {
  const [, sign = '', whole = '0', cents = ''] = /^(-?)(\d+)(?:\.(\d{2}))?/.exec(amount) ?? [];
  return `${sign}$${whole.replace(/\B(?=(?:\d{3})+$)/g, ',')}${Number(cents) ? `.${cents}` : ''}`;
}

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
