import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  hostDomain,
  isFreeMail,
  isSharedHost,
  mailDomain,
  registrableDomain,
  webAddress,
  webPlace,
} from '../../src/core/domains.ts';

describe('the domain of a web address', () => {
  it.each([
    ['https://www.acme.com/about?x=1', 'acme.com'],
    ['HTTP://ACME.com', 'acme.com'],
    ['acme.com', 'acme.com'],
    ['www.acme.com:8080/', 'acme.com'],
    ['https://dealer-one.brand.com/', 'dealer-one.brand.com'],
    ['https://bücher.example', 'xn--bcher-kva.example'],
  ])('of %s is %s', (text, domain) => {
    expect(hostDomain(text)).toBe(domain);
  });

  it.each([
    '',
    'acme',
    'see our page',
    'localhost',
    '127.0.0.1',
    'http://[::1]/',
    'javascript:alert(1)',
    'ftp://acme.com',
    'https://user:pw@acme.com',
    'a..com',
  ])('is not found in "%s"', (text) => {
    expect(hostDomain(text)).toBeUndefined();
  });

  it('is the registered part where ownership matters', () => {
    expect(registrableDomain('https://shop.acme.co.uk/')).toBe('acme.co.uk');
    expect(registrableDomain('mail.acme.com')).toBe('acme.com');
  });

  it('is kept with scheme and path as an address', () => {
    expect(webAddress('acme.com/Team')?.href).toBe('https://acme.com/Team');
  });
});

describe('the quick reading of a web address', () => {
  it('comes out exactly as the URL parser has it', () => {
    const label = fc.stringMatching(/^[a-z0-9-]{1,8}$/);
    const address = fc
      .tuple(
        fc.constantFrom('https://', 'http://', '', 'HTTPS://', 'https:/'),
        fc.array(fc.oneof(label, fc.constantFrom('www', 'xn--a', 'ä')), { minLength: 1, maxLength: 4 }),
        fc.constantFrom('com', 'de', 'c', '1', 'museum', 'xn--p1ai', ''),
        fc.stringMatching(/^(\/[A-Za-z0-9_.~%=&?#@ -]{0,6}){0,3}\/?$/),
      )
      .map(([scheme, labels, ending, path]) => `${scheme}${labels.join('.')}.${ending}${path}`);
    fc.assert(
      fc.property(address, (text) => {
        expect(webPlace(text)?.href).toBe(webAddress(text)?.href);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a host that many companies share', () => {
  it.each([
    'facebook.com',
    'm.facebook.com',
    'www.linkedin.com',
    'york.dispatch.me',
    'business.site',
    'wixsite.com',
    'linktr.ee',
    'maps.google.com',
    'acme.yelp.com',
  ])('is seen in %s', (host) => {
    expect(isSharedHost(host)).toBe(true);
  });

  it.each([
    'acme.com',
    'notfacebook.com',
    'acme.generacdealers.com',
    'acme.wixsite.com',
    'acme.business.site',
    'acme.co.uk',
    'com',
  ])('is not seen in %s', (host) => {
    expect(isSharedHost(host)).toBe(false);
  });
});

describe('the domain of an e-mail address', () => {
  it('is the company, unless anyone can have the mailbox', () => {
    expect(mailDomain('bob@mail.acme.com')).toBe('acme.com');
    expect(mailDomain('bob@GMAIL.com')).toBeUndefined();
    expect(mailDomain('nonsense')).toBeUndefined();
    expect(isFreeMail('Gmail.com')).toBe(true);
    expect(isFreeMail('acme.com')).toBe(false);
  });
});
