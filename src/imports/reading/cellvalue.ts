/** How Excel writes a number that a cell holds, as far as it is more than the number: dates, and leading zeros. */
export type NumberStyle =
  | { kind: 'plain' }
  | { kind: 'date' | 'time' }
  /** "00000" of a zip code: this many digits. */
  | { kind: 'digits'; digits: number; dashAfter?: number };

export const plain: NumberStyle = { kind: 'plain' };
const date: NumberStyle = { kind: 'date' };
const time: NumberStyle = { kind: 'time' };

/** Formats that every workbook knows by number; dates of East Asian calendars are among them. */
export function builtInStyle(id: number): NumberStyle {
  if ((id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 58)) return date;
  if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47)) return time;
  return plain;
}

/** What a format code such as `[$-409]mmm d, yyyy;@` makes of a number. */
export function styleOf(code: string): NumberStyle {
  const zeros = /^(0{2,20})(?:\\?-(0{2,10}))?$/.exec(code);
  if (zeros) {
    const [, first = '', second = ''] = zeros;
    return { kind: 'digits', digits: first.length + second.length, ...(second && { dashAfter: first.length }) };
  }
  const letters = (code.split(';')[0] ?? '')
    .replace(/"[^"]*"|\\.|_.|\*./g, '')
    .replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '')
    .toLowerCase()
    .replace(/general|am\/pm|a\/p/g, '');
  if (/[dy]/.test(letters)) return date;
  if (/[hs]/.test(letters)) return time;
  return /m/.test(letters) ? date : plain;
}

const dayMs = 86_400_000;
/** 9999-12-31. */
const lastDay = 2_958_465;

/** A number as text: no exponent, no ".0", no digits that only binary fractions have; dates as ISO 8601. */
export function numberText(text: string, style: NumberStyle, date1904: boolean): string {
  if (style.kind === 'plain' && /^-?\d{1,15}$/.test(text)) return text;
  const value = Number(text);
  if (text === '' || !Number.isFinite(value)) return text;
  if (style.kind === 'date' && value >= 0 && value <= lastDay) return knownDate(value, date1904);
  if (style.kind === 'time' && value >= 0 && value <= lastDay) return timeText(value);
  if (style.kind === 'digits' && Number.isInteger(value) && value >= 0) {
    const digits = withoutExponent(value).padStart(style.digits, '0');
    if (!style.dashAfter) return digits;
    const cut = digits.length - (style.digits - style.dashAfter);
    return `${digits.slice(0, cut)}-${digits.slice(cut)}`;
  }
  return withoutExponent(value);
}

function withoutExponent(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  if (Number.isInteger(value)) return BigInt(value).toString();
  return value.toFixed(20).replace(/0+$/, '').replace(/\.$/, '');
}

/** Lists name the same days again and again. */
const knownDates = [new Map<number, string>(), new Map<number, string>()] as const;

function knownDate(serial: number, date1904: boolean): string {
  const known = knownDates[date1904 ? 1 : 0];
  let text = known.get(serial);
  if (text === undefined) {
    if (known.size >= 10_000) known.clear();
    text = dateText(serial, date1904);
    known.set(serial, text);
  }
  return text;
}

/** Excel counts days from 1900 and believes in the 29th of February of that year; on old Macs from 1904. */
function dateText(serial: number, date1904: boolean): string {
  const start = date1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, serial < 60 ? 31 : 30);
  // Seconds are as fine as anyone enters; binary fractions miss them by microseconds.
  const iso = new Date(Math.round((start + serial * dayMs) / 1000) * 1000).toISOString();
  return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : iso.slice(0, 19);
}

function timeText(serial: number): string {
  const seconds = Math.round(serial * 86_400);
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0');
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
}
