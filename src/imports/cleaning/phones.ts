import { readPhone, readPlainPhone } from '../../core/phone.ts';
import { type Attributes, keep } from './notes.ts';
import { isLong } from './text.ts';

/** Cells with phone numbers: the first that can be dialled is the number, whatever else stands there stays beside it. */

const onlyNumber = /^'?[\d ().+-]+$/;
const label = /^(?:tel|telephone|phone|ph|mobile|cell|office|main|direct|[ptmo])\s*[.:]+\s*(?=[+(\d])/i;
const plainLabel = /^(?:tel|telephone|phone|ph|[pt])\s*[.:]+\s*(?=[+(\d])/i;
const between = /\s*(?:[/;,|\n]|\bor\b|\band\b|&)\s*/i;
/** Outside North America a stroke stands between area code and number: "0711/123456". */
const betweenSpaced = /\s*(?:[;,|\n]|\s\/\s|\bor\b|\band\b|&)\s*/i;
const extension = /(?:ext(?:ension|n)?|x|#)[\s.:#-]*\d{1,7}\s*$/i;
/** North American numbers with nothing but a space between them. */
const numbersInRow = /(?<!\d)(?:\+?1[\s.-]*)?\(?\d{3}\)?[\s.-]*\d{3}[\s.-]*\d{4}(?!\d)/g;

export function phoneIn(text: string | undefined, country: string, field: string, attributes: Attributes): string | undefined {
  if (text === undefined) return undefined;
  if (isLong(text)) {
    keep(attributes, `${field} (unreadable)`, text);
    return undefined;
  }
  const plain = readPlainPhone(text, country);
  if (plain) return plain;
  const { numbers, more } = numbersOf(text, country === 'US' || country === 'CA' ? between : betweenSpaced);
  if (numbers.length > 1) {
    for (const [index, number] of numbers.entries()) {
      const first = readPhone(number.replace(label, ''), country);
      if (!first) continue;
      if (first.extension) keep(attributes, `${field} (extension)`, first.extension);
      keep(attributes, `${field} (others)`, numbers.filter((_, i) => i !== index).join('; '));
      if (more || !onlyNumber.test(first.extension ? number.replace(extension, '') : number)) {
        keep(attributes, `${field} (as written)`, text);
      }
      return first.e164;
    }
  }
  const phone = plain === '' ? undefined : readPhone(text, country);
  if (phone && !phone.extension && onlyNumber.test(text)) return phone.e164;
  const found = phone ?? readPhone(text.replace(label, ''), country) ?? readPhone(digitsIn(text), country);
  if (!found) {
    keep(attributes, `${field} (unreadable)`, text);
    return undefined;
  }
  if (found.extension) keep(attributes, `${field} (extension)`, found.extension);
  const rest = text.replace(plainLabel, '');
  const explained = found.extension ? rest.replace(extension, '') : rest;
  if (!onlyNumber.test(explained.replace(/[\s,;:]+$/, ''))) keep(attributes, `${field} (as written)`, text);
  return found.e164;
}

const countDigits = (text: string): number => text.replace(/\D/g, '').length;

/** The numbers of a cell as written, and whether it says more than these. */
function numbersOf(text: string, separators: RegExp): { numbers: string[]; more: boolean } {
  const parts = text.split(separators);
  const numbers = parts.filter((part) => countDigits(part) >= 7);
  if (numbers.length > 1) return { numbers, more: parts.some((part) => countDigits(part) < 7 && /[\p{L}\d]/u.test(part)) };
  if (countDigits(text) < 20) return { numbers: [], more: true };
  return { numbers: text.match(numbersInRow) ?? [], more: /[\p{L}\d]/u.test(text.replace(numbersInRow, '')) };
}

/** The only run of a number in a cell of words: "Bob's cell 713-555-0142 (after 5pm)". */
function digitsIn(text: string): string {
  const numbers = text.match(/\+?\d[\d\s().-]{6,18}\d/g);
  return numbers?.length === 1 ? numbers[0] : '';
}
