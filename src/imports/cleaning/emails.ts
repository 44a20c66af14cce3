import { type Attributes, keep } from './notes.ts';
import { isLong } from './text.ts';

/** Cells with e-mail addresses: the first is the address, the others and what surrounds them stay beside it. */

const mailAddress = /^[^\s@<>()[\],;:"\\]{1,64}@(?:[\p{L}\d](?:[\p{L}\d-]{0,61}[\p{L}\d])?\.)+\p{L}[\p{L}\d-]{1,62}$/iu;
const plainAddress = /^[a-z\d][\w.+-]{0,63}@(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z]{2,24}$/;
const asciiAddress = /^[!-~]+$/;

function mailAddressOf(text: string): string | undefined {
  if (plainAddress.test(text)) return text;
  if (text.length > 320 || !mailAddress.test(text)) return undefined;
  return asciiAddress.test(text) ? text.toLowerCase() : text.toLowerCase().normalize('NFC');
}

/** "bob (at) acme (dot) com": how people hide an address from programs. */
const hidden =
  /^([\w.+-]{1,64})\s*(?:\(at\)|\[at\]|\{at\}|<at>|\sat\s|@)\s*([\w-]+(?:\s*(?:\.|\(dot\)|\[dot\]|\{dot\}|\sdot\s|,)\s*[\w-]+)+)$/i;
const hiddenDot = /\s*(?:\.|\(dot\)|\[dot\]|\{dot\}|\sdot\s|,)\s*/gi;
const separators = /[\s,;|<>()[\]"/]+|mailto:|e-?mail:/i;
const edges = /^['"`.,:]+|['"`.,:?]+$/g;

/** All addresses of a cell in their order, and whether it says more than that. */
export function mailAddressesIn(text: string): { addresses: string[]; more: boolean } {
  const only = mailAddressOf(text);
  if (only) return { addresses: [only], more: false };
  if (isLong(text)) return { addresses: [], more: true };
  const addresses: string[] = [];
  let more = false;
  for (const part of text.split(separators)) {
    const bare = part.replace(edges, '').replace(/\?.*$/, '');
    const address = mailAddressOf(bare);
    if (address) {
      if (!addresses.includes(address)) addresses.push(address);
    } else if (/[\p{L}\d]/u.test(bare)) more = true;
  }
  if (addresses.length > 0) return { addresses, more };
  const parts = hidden.exec(text.replace(/^mailto:/i, '').replace(/[.,;]+$/, ''));
  const address = parts && mailAddressOf(`${parts[1]}@${parts[2]!.replace(hiddenDot, '.')}`);
  return address ? { addresses: [address], more: false } : { addresses: [], more: true };
}

/** Hosts that are nearly a well-known one. The address is kept as it is: whoever writes there should know. */
const misspelt = new Map<string, string>();
for (const [meant, spellings] of Object.entries({
  'gmail.com': 'gmial.com gmai.com gmal.com gamil.com gnail.com gmail.co gmail.con gmail.cm gmail.om gmaill.com',
  'yahoo.com': 'yaho.com yahooo.com yhoo.com yahoo.con yahoo.co',
  'hotmail.com': 'hotmial.com hotmal.com hotmai.com hotmail.con',
  'outlook.com': 'outlok.com outlook.con',
  'icloud.com': 'iclould.com icloud.con',
  'aol.com': 'aol.con',
  'comcast.net': 'comcast.com',
})) {
  for (const spelling of spellings.split(' ')) misspelt.set(spelling, meant);
}
const misspeltEnding = /\.(?:con|cmo|ocm|comm|coom|vom|nte|ogr)$/;
/** "none@none.com": typed because a form insisted. */
const placeholder =
  /^(?:none|no|noemail|no-email|nomail|na|null|unknown|notprovided|donthave|nobody|asdf|xxx+|test)@(?:none|no|noemail|no-email|nomail|na|null|unknown|email|mail|asdf|xxx+|test|test123)\.(?:com|net|org)$/;

const isPlaceholder = (address: string): boolean => address.length <= 30 && placeholder.test(address);

export function noteTypo(address: string, field: string, attributes: Attributes): void {
  const host = address.slice(address.indexOf('@') + 1);
  if (host.length <= longestMisspelt && misspelt.has(host))
    keep(attributes, `${field} (spelling)`, `${address}: perhaps ${misspelt.get(host)}`);
  else if (misspeltEnding.test(host)) keep(attributes, `${field} (spelling)`, `${address}: no address ends like this`);
}

const longestMisspelt = 11;

export function emailIn(text: string | undefined, field: string, attributes: Attributes): string | undefined {
  if (text === undefined) return undefined;
  if (plainAddress.test(text) && !isPlaceholder(text)) {
    noteTypo(text, field, attributes);
    return text;
  }
  const { addresses, more } = mailAddressesIn(text);
  const real = addresses.filter((address) => !isPlaceholder(address));
  const first = real[0];
  if (first === undefined) {
    keep(attributes, `${field} (${addresses.length > 0 ? 'placeholder' : 'unreadable'})`, text);
    return undefined;
  }
  if (addresses.length > 1) keep(attributes, `${field} (others)`, addresses.filter((address) => address !== first).join('; '));
  if (more) keep(attributes, `${field} (as written)`, text);
  noteTypo(first, field, attributes);
  return first;
}
