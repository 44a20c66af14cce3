import { describe, expect, it } from 'vitest';
import { hostDomain, isFreeMail, mailDomain, registrableDomain, webAddress } from '../../src/core/domains.ts';

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

describe('the domain of an e-mail address', () => {
  it('is the company, unless anyone can have the mailbox', () => {
    expect(mailDomain('bob@mail.acme.com')).toBe('acme.com');
    expect(mailDomain('bob@GMAIL.com')).toBeUndefined();
    expect(mailDomain('nonsense')).toBeUndefined();
    expect(isFreeMail('Gmail.com')).toBe(true);
    expect(isFreeMail('acme.com')).toBe(false);
  });
});
