import { getDomain } from 'tldts';
import { isSharedHost } from './shared-hosts.ts';

export { isSharedHost };

/** Web addresses: which host a company is found under, and whether that host is its own. */

/** Mailboxes that say nothing about where their owner works: free ones and those of access providers. */
const freeMail = new Set(
  (
    'gmail.com googlemail.com yahoo.com yahoo.co.uk yahoo.ca yahoo.de yahoo.fr yahoo.es yahoo.it yahoo.com.br yahoo.com.mx yahoo.com.au ' +
    'yahoo.co.in yahoo.co.jp ymail.com rocketmail.com myyahoo.com hotmail.com hotmail.co.uk hotmail.ca hotmail.fr hotmail.de hotmail.es hotmail.it ' +
    'outlook.com outlook.fr outlook.de outlook.es live.com live.co.uk live.ca live.fr msn.com passport.com aol.com aim.com verizon.net ' +
    'icloud.com me.com mac.com comcast.net xfinity.com att.net sbcglobal.net bellsouth.net pacbell.net ameritech.net swbell.net ' +
    'prodigy.net snet.net cox.net charter.net spectrum.net rr.com twc.com earthlink.net mindspring.com optonline.net optimum.net ' +
    'frontier.com frontiernet.net windstream.net centurylink.net centurytel.net embarqmail.com q.com qwest.net juno.com netzero.net ' +
    'netzero.com roadrunner.com suddenlink.net mediacombb.net wowway.com rcn.com cableone.net tds.net hughes.net netscape.net ' +
    'protonmail.com proton.me pm.me tutanota.com tuta.io fastmail.com fastmail.fm hushmail.com hey.com duck.com mail.com email.com ' +
    'usa.com usa.net zoho.com zohomail.com gmx.com gmx.net gmx.de gmx.at gmx.ch gmx.us web.de freenet.de t-online.de arcor.de 1und1.de ' +
    'orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr libero.it virgilio.it tiscali.it alice.it tin.it terra.com.br uol.com.br ' +
    'bol.com.br btinternet.com btopenworld.com sky.com talktalk.net virginmedia.com ntlworld.com blueyonder.co.uk ntlworld.co.uk ' +
    'bigpond.com bigpond.net.au optusnet.com.au iinet.net.au xtra.co.nz sympatico.ca rogers.com shaw.ca telus.net bell.net videotron.ca ' +
    'eastlink.ca cogeco.ca yandex.com yandex.ru ya.ru mail.ru bk.ru inbox.ru list.ru rambler.ru qq.com 163.com 126.com sina.com sohu.com ' +
    'naver.com daum.net hanmail.net rediffmail.com mailinator.com guerrillamail.com yopmail.com 10minutemail.com tempmail.com ' +
    'inbox.com lycos.com excite.com'
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

/** Nearly all addresses are written like this, and the URL parser would change nothing about them. */
const plainAddress =
  /^(https?:\/\/)?(?![^/]*xn--)((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24})((?:\/[\w~=&-][\w~=&.-]*)*\/?)$/;

export interface WebPlace {
  href: string;
  /** Without "www.". */
  host: string;
}

/** What `webAddress` makes of it, as text: the ordinary address costs a twentieth of it. */
export function webPlace(text: string): WebPlace | undefined {
  if (text.length < 200) {
    const plain = plainAddress.exec(text);
    if (plain) {
      const schemed = plain[1] === undefined ? `https://${text}` : text;
      return { href: plain[3] === '' ? `${schemed}/` : schemed, host: withoutWww(plain[2]!) };
    }
  }
  const url = webAddress(text);
  return url && { href: url.href, host: withoutWww(url.hostname) };
}

const withoutWww = (host: string): string => (host.startsWith('www.') && host.indexOf('.', 4) > 0 ? host.slice(4) : host);

/** "https://www.acme.com/about" -> "acme.com"; subdomains stay, because dealers of one brand share the rest. */
export const hostDomain = (text: string): string | undefined => webPlace(text)?.host;

/** The part of a host that someone registered: "shop.acme.co.uk" -> "acme.co.uk". */
export function registrableDomain(text: string): string | undefined {
  const host = hostDomain(text);
  return (host && getDomain(host)) ?? undefined;
}

export const isFreeMail = (domain: string): boolean =>
  freeMail.has(domain) || (/[A-Z]/.test(domain) && freeMail.has(domain.toLowerCase()));

/** Lists repeat the hosts of their mailboxes; the list of public suffixes is slow to ask. */
const mailDomains = new Map<string, string | undefined>();
const maxRemembered = 10_000;

/** The company's own domain behind an e-mail address; nothing for mailboxes that anyone can have. */
export function mailDomain(email: string): string | undefined {
  const host = email.slice(email.lastIndexOf('@') + 1);
  if (freeMail.has(host)) return undefined;
  if (plainHost.test(host)) return isSharedHost(host) ? undefined : host;
  if (mailDomains.has(host)) return mailDomains.get(host);
  const registered = registrableDomain(host);
  const domain = registered && !isFreeMail(registered) && !isSharedHost(registered) ? registered : undefined;
  if (mailDomains.size >= maxRemembered) mailDomains.clear();
  mailDomains.set(host, domain);
  return domain;
}

/** One name below a top-level domain under which nobody else hands out names. */
const plainHost = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.(?:com|net|org|biz|info)$/;
