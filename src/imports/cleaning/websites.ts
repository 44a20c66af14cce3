import { type WebPlace, webPlace } from '../../core/domains.ts';
import { mailAddressesIn } from './emails.ts';
import { type Attributes, keep } from './notes.ts';

/** Cells with web addresses. */

const longest = 2000;
const badScheme = /^(?:h?t{1,3}ps?|htpps?|hhtps?)\s*(?::\s*\/{0,3}|\/\/|;\/\/)\s*/i;
const doubleScheme = /^(?:https?:\/\/)+(?=https?:\/\/)/i;
/** "www acme com" */
const spoken = /^www[\s.]+([a-z\d-]+)\s+(com|net|org|us|biz|info|co|ca|de|co\s+uk)$/i;
const edges = /^["'<([]+|["'>)\],;.]+$/g;

/** The address of a cell that nearly is one. */
function repaired(text: string): WebPlace | undefined {
  let written = text.replace(edges, '').replace(/\\/g, '/').replace(doubleScheme, '');
  const words = spoken.exec(written);
  if (words) written = `www.${words[1]}.${words[2]!.replace(/\s+/, '.')}`;
  if (!/^https?:\/\/\S/i.test(written)) written = written.replace(badScheme, '').replace(/^\/\//, '');
  const place = webPlace(written.replace(/^www\s*[.,]\s*/i, 'www.').replace(/,(?=(?:com|net|org)$)/i, '.'));
  return place?.host.startsWith('www.') ? undefined : place;
}

/**
 * The web address of a cell. An e-mail address there comes back as `email`; what is neither stays with the row, and so do
 * further addresses.
 */
export function websiteIn(text: string, attributes: Attributes): WebPlace | { email: string } | undefined {
  if (text.length > longest) {
    keep(attributes, 'website (unreadable)', text);
    return undefined;
  }
  const plain = text.includes('@') ? undefined : webPlace(text);
  if (plain) return plain;
  if (text.includes('@') && !/:\/\//.test(text)) {
    const { addresses, more } = mailAddressesIn(text);
    const email = addresses[0];
    if (email !== undefined && (more || addresses.length > 1)) keep(attributes, 'website (as written)', text);
    if (email !== undefined) return { email };
  }
  const whole = repaired(text);
  if (whole) return whole;
  const parts = text.split(/[\s,;|]+/).filter((part) => part !== '');
  const places = parts.map(repaired);
  const index = places.findIndex((place, i) => place && /[./]/.test(parts[i]!));
  if (index < 0) {
    keep(attributes, 'website (unreadable)', text);
    return undefined;
  }
  const others = parts.filter((_, i) => i !== index);
  if (others.length > 0) {
    const areAll = places.every((place) => place !== undefined);
    keep(attributes, areAll ? 'website (others)' : 'website (as written)', areAll ? others.join('; ') : text);
  }
  return places[index];
}
