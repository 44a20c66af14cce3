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

  it('comes out of the quick reading exactly as the library reads it', () => {
    const digits = fc.stringMatching(/^[0-9]{10}$/);
    const shape = fc.constantFrom('(AAA) BBB-CCCC', 'AAA-BBB-CCCC', 'AAABBBCCCC', '1AAABBBCCCC', '+1 AAA BBB CCCC');
    fc.assert(
      fc.property(digits, shape, (d, s) => {
        const text = s.replace('AAA', d.slice(0, 3)).replace('BBB', d.slice(3, 6)).replace('CCCC', d.slice(6));
        const library = parsePhoneNumberFromString(text, 'US');
        expect(readPhone(text)?.e164).toBe(library?.isValid() ? library.number : undefined);
      }),
    );
  });

  it('is shown as people at home write it, and with its country code when from abroad', () => {
    expect(formatPhone('+17135550142')).toBe('(713) 555-0142');
    expect(formatPhone('+442079460958')).toBe('+44 20 7946 0958');
    expect(formatPhone('+442079460958', 'GB')).toBe('020 7946 0958');
    expect(formatPhone('not a number')).toBe('not a number');
  });
});
