import { describe, expect, it } from 'vitest';
import { cleaned } from './rows.ts';

describe('a cell with phone numbers', () => {
  it.each([
    ['(713) 555-0142', {}],
    ['7135550142.0', {}],
    ['tel:+1-713-555-0142', {}],
    ["'7135550142", {}],
    ['713-555-0142 ext. 4', { 'phone (extension)': '4' }],
    ['713-555-0142 / 713-555-0143', { 'phone (others)': '713-555-0143' }],
    ['713-555-0142\n713-555-0143', { 'phone (others)': '713-555-0143' }],
    ['7135550142 7135550143', { 'phone (others)': '7135550143' }],
    ['713-555-0142/43', { 'phone (as written)': '713-555-0142/43' }],
    ['Bob 713-555-0142 after 5', { 'phone (as written)': 'Bob 713-555-0142 after 5' }],
    ['9999999999 / 713-555-0142', { 'phone (others)': '9999999999' }],
  ])('gives the first that can be dialled: %s', (text, attributes) => {
    expect(cleaned({ phone: text })).toMatchObject({ phone: '+17135550142', attributes });
    expect(cleaned({ phone: text }).attributes).toEqual(attributes);
  });

  it('may spell the number', () => {
    expect(cleaned({ phone: '1-800-FLOWERS' })).toMatchObject({
      phone: '+18003569377',
      attributes: { 'phone (as written)': '1-800-FLOWERS' },
    });
  });

  it.each(['7.13E+09', '9999999999', '830-3280', 'ask Bob'])('keeps what is none: %s', (text) => {
    expect(cleaned({ phone: text })).toMatchObject({ phone: undefined, attributes: { 'phone (unreadable)': text } });
  });
});

describe('a cell with e-mail addresses', () => {
  it.each([
    'BOB@acme.com',
    'mailto:bob@acme.com',
    'bob@acme.com.',
    'bob [at] acme [dot] com',
    'bob at acme.com',
    'bob @ acme.com',
    '<bob@acme.com>',
    'bob@acme.com?subject=hi',
  ])('gives the address: %s', (text) => {
    expect(cleaned({ email: text })).toMatchObject({ email: 'bob@acme.com', attributes: {} });
  });

  it('gives the first of several and keeps the others', () => {
    expect(cleaned({ email: 'bob@acme.com; ann@acme.com' })).toMatchObject({
      email: 'bob@acme.com',
      attributes: { 'email (others)': 'ann@acme.com' },
    });
    expect(cleaned({ email: 'Bob Ross <bob@acme.com>' }).attributes).toEqual({ 'email (as written)': 'Bob Ross <bob@acme.com>' });
  });

  it('says where an address looks misspelt, and leaves it', () => {
    expect(cleaned({ email: 'bob@gmial.com' })).toMatchObject({
      email: 'bob@gmial.com',
      attributes: { 'email (spelling)': 'bob@gmial.com: perhaps gmail.com' },
    });
    expect(cleaned({ email: 'bob@acme.con' }).attributes).toHaveProperty(['email (spelling)']);
  });

  it('is not taken in by addresses that stand for none', () => {
    expect(cleaned({ email: 'none@none.com' })).toMatchObject({
      email: undefined,
      attributes: { 'email (placeholder)': 'none@none.com' },
    });
  });
});

describe('a cell with web addresses', () => {
  it.each([
    ['acme.com/contact', 'https://acme.com/contact'],
    ['www acme com', 'https://www.acme.com/'],
    ['http:/acme.com', 'https://acme.com/'],
    ['htps://acme.com', 'https://acme.com/'],
    ['https://https://acme.com', 'https://acme.com/'],
    ['HTTPS://ACME.COM/Path', 'https://acme.com/Path'],
    ['"acme.com"', 'https://acme.com/'],
    ['https://www.tiktok.com/@acme', 'https://www.tiktok.com/@acme'],
    ['https://maps.google.com/?cid=1', 'https://maps.google.com/?cid=1'],
  ])('gives the address: %s', (text, website) => {
    expect(cleaned({ website: text })).toMatchObject({ website, attributes: {} });
  });

  it('gives the first of several and keeps the others', () => {
    expect(cleaned({ website: 'acme.com; acme.net' })).toMatchObject({
      website: 'https://acme.com/',
      attributes: { 'website (others)': 'acme.net' },
    });
    expect(cleaned({ website: 'acme.com (old)' }).attributes).toEqual({ 'website (as written)': 'acme.com (old)' });
  });
});
