import { getDomain } from 'tldts';

/** Web addresses: which host a company is found under, and whether that host is its own. */

/** Mailboxes that say nothing about where their owner works. */
const freeMail = new Set(
  (
    'gmail.com googlemail.com yahoo.com ymail.com rocketmail.com hotmail.com outlook.com live.com msn.com aol.com icloud.com me.com ' +
    'mac.com comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net optonline.net frontier.com protonmail.com ' +
    'proton.me gmx.com gmx.net gmx.de web.de mail.com zoho.com yandex.com'
  ).split(' '),
);

const longest = 2000;

/** A web address with scheme, lower-case host and no credentials; undefined for anything that is no public web address. */
export function webAddress(text: string): URL | undefined {
  const written = text.trim();
  if (written === '' || written.length > longest || /\s/.test(written)) return undefined;
  const schemed = /^[a-z][a-z0-9+.-]*:\/\//i.test(written) ? written : `https://${written}`;
  let url: URL;
  try {
    url = new URL(schemed);
  } catch {
    // Not an address at all; asking URL.canParse first would read every good one twice.
    return undefined;
  }
  if ((url.protocol !== 'https:' && url.protocol !== 'http:') || url.username !== '' || url.password !== '') return undefined;
  return publicHost.test(url.hostname) ? url : undefined;
}

/** A name with a top-level domain of letters: no bare words, no IP addresses. */
const publicHost = /^(?=.{4,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})$/;

/** "https://www.acme.com/about" -> "acme.com"; subdomains stay, because dealers of one brand share the rest. */
export function hostDomain(text: string): string | undefined {
  return webAddress(text)?.hostname.replace(/^www\./, '');
}

/** The part of a host that someone registered: "shop.acme.co.uk" -> "acme.co.uk". */
export function registrableDomain(text: string): string | undefined {
  const host = hostDomain(text);
  return (host && getDomain(host)) ?? undefined;
}

export const isFreeMail = (domain: string): boolean => freeMail.has(domain.toLowerCase());

/** The company's own domain behind an e-mail address; nothing for mailboxes that anyone can have. */
export function mailDomain(email: string): string | undefined {
  const domain = registrableDomain(email.slice(email.lastIndexOf('@') + 1));
  return domain && !isFreeMail(domain) ? domain : undefined;
}
