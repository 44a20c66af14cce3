import fc from 'fast-check';
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { describe, expect, it } from 'vitest';
import { formatPhone, readPhone } from '../../src/core/phone.ts';

describe('a phone number', () => {
  it.each([
    '(713) 555-0142',
    '7135550142',
    '713-555-0142',
    '713.555.0142',
    '713 555-0142',
    '1 713 555 0142',
    '+1 (713) 555-0142',
    '+17135550142',
    ' 7135550142.0 ',
    'call 713 555 0142',
    '(713) 555-0142 / (713) 555-0199',
    '(713) 555-0142 or 555-0199',
  ])('is read from "%s"', (text) => {
    expect(readPhone(text)).toEqual({ e164: '+17135550142' });
  });

  it('keeps the extension apart', () => {
    expect(readPhone('713-555-0142 x12')).toEqual({ e164: '+17135550142', extension: '12' });
  });

  it('is read in the country it comes from, unless it says otherwise itself', () => {
    expect(readPhone('020 7946 0958', 'GB')).toEqual({ e164: '+442079460958' });
    expect(readPhone('+44 20 7946 0958', 'US')).toEqual({ e164: '+442079460958' });
    expect(readPhone('020 7946 0958', 'US')).toBeUndefined();
  });

  it.each(['', '0', '1234567', '7.13E+09', 'n/a', '000-000-0000', 'ask for Bob', '9'.repeat(200)])(
    'is not seen in "%s"',
    (text) => {
      expect(readPhone(text)).toBeUndefined();
    },
  );

  it.each([
    ['1-800-FLOWERS', '+18003569377'],
    ['1 (800) PLUMBER', '+18007586237'],
    ['713 555 CALL', '+17135552255'],
    ['0044 20 7946 0958', '+442079460958'],
    ["'7135550142", '+17135550142'],
  ])('is read from "%s" as well', (text, e164) => {
    expect(readPhone(text)).toEqual({ e164 });
  });

  const library = (text: string) => {
    const phone = parsePhoneNumberFromString(text, 'US');
    return phone?.isValid() ? phone.number : undefined;
  };

  it('comes out of the quick reading exactly as the library reads it, for every area code and exchange', () => {
    const off: string[] = [];
    for (let area = 100; area < 1000; area++) {
      for (let exchange = 0; exchange < 10; exchange++) {
        // Spread over the numbers of the exchange without leaving it to chance.
        const digits = `${area}${exchange}${String((area * 7919 + exchange * 104_729) % 1_000_000).padStart(6, '0')}`;
        if (readPhone(digits)?.e164 !== library(digits)) off.push(digits);
      }
    }
    for (let exchange = 520_000; exchange < 530_000; exchange += 7) {
      const digits = `${exchange}0142`;
      if (readPhone(digits)?.e164 !== library(digits)) off.push(digits);
    }
    expect(off).toEqual([]);
  });

  it('comes out of the quick reading exactly as the library reads it, whatever stands between the digits', () => {
    const between = fc.array(fc.constantFrom('', '', '', '-', ' ', '.', '(', ')', '+', ') ', '--'), {
      minLength: 13,
      maxLength: 13,
    });
    const digits = fc
      .oneof(fc.stringMatching(/^[0-9]{9,12}$/), fc.stringMatching(/^1?7138303[0-9]{3,4}$/))
      .filter((d) => !d.startsWith('00'));
    fc.assert(
      fc.property(digits, between, (d, signs) => {
        const text = [...d].map((digit, i) => signs[i] + digit).join('') + signs[12];
        // What a spreadsheet adds to a number is no part of it.
        fc.pre(!/\d\.0$/.test(text));
        expect(readPhone(text)?.e164).toBe(library(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('is shown as people at home write it, and with its country code when from abroad', () => {
    expect(formatPhone('+17135550142')).toBe('(713) 555-0142');
    expect(formatPhone('+442079460958')).toBe('+44 20 7946 0958');
    expect(formatPhone('+442079460958', 'GB')).toBe('020 7946 0958');
    expect(formatPhone('not a number')).toBe('not a number');
  });
});
