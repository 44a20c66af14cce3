import { describe, expect, it } from 'vitest';
import { cleaned } from './rows.ts';

describe('how many people work there', () => {
  it.each([
    ['11-50', 11, '11-50'],
    ['51 to 200 employees', 51, '51 to 200 employees'],
    ['51 – 200', 51, '51 – 200'],
    ['10,001+', 10_001, '10,001+'],
    ['about 40', 40, 'about 40'],
    ['1k+', 1000, '1k+'],
    ['1.2k', 1200, '1.2k'],
    ['10K-50K', 10_000, '10K-50K'],
    ['1 employee', 1, '1 employee'],
    ['25', 25, undefined],
    ['25.0', 25, undefined],
    ['1,200', 1200, undefined],
    ['1.200', 1200, undefined],
    ['0', 0, undefined],
  ])('%s is %s', (text, employees, written) => {
    const row = cleaned({ employees: text });
    expect(row.employees).toBe(employees);
    expect(row.attributes['employees (as written)']).toBe(written);
  });

  it.each(['99999999999', '-5', 'Nov-50', '11-Nov', '2050-11-01', 'a few', '1.5', '<10'])('cannot be told from %s', (text) => {
    expect(cleaned({ employees: text })).toMatchObject({ employees: undefined, attributes: { 'employees (unreadable)': text } });
  });
});

describe('money', () => {
  const amount = (text: string, decimal: '.' | ',' = '.') => {
    const { deal, attributes } = cleaned({ dealStage: 'open', dealAmount: text }, { decimal });
    return deal?.amountUsd ?? Object.keys(attributes)[0];
  };

  it.each([
    ['1234', '1234.00'],
    ['$1,234.50', '1234.50'],
    ['1.234,50', '1234.50'],
    ['$ 1 234,56', '1234.56'],
    ["1'234.50", '1234.50'],
    ['1,234,567', '1234567.00'],
    ['12k', '12000.00'],
    ['$1.5M', '1500000.00'],
    ['1.2 million', '1200000.00'],
    ['100 USD', '100.00'],
    ['0', '0.00'],
  ])('%s is %s dollars', (text, expected) => {
    expect(amount(text)).toBe(expected);
  });

  it('is read with the sign of its file where it could mean two things', () => {
    expect(amount('1,234')).toBe('1234.00');
    expect(amount('1.234', ',')).toBe('1234.00');
    expect(amount('$5,000', ',')).toBe('5000.00');
  });

  it.each([
    ['1.234,50 €', 'deal amount (not in USD)'],
    ['£300', 'deal amount (not in USD)'],
    ['C$500', 'deal amount (not in USD)'],
    ['(500)', 'deal amount (negative)'],
    ['-$500', 'deal amount (negative)'],
    ['$1,000 - $2,000', 'deal amount (unreadable)'],
    ['tbd', 'deal amount (unreadable)'],
    ['1e5', 'deal amount (unreadable)'],
    ['9'.repeat(14), 'deal amount (too large)'],
  ])('%s stays beside the deal as "%s"', (text, key) => {
    expect(amount(text)).toBe(key);
    expect(cleaned({ dealStage: 'open', dealAmount: text }).attributes).toEqual({ [key]: text });
  });

  it('keeps what does not fit into cents', () => {
    expect(cleaned({ dealStage: 'open', dealAmount: '1.2345' })).toMatchObject({
      deal: { amountUsd: '1.23' },
      attributes: { 'deal amount (as written)': '1.2345' },
    });
  });
});

describe('dates', () => {
  const closes = (text: string, dates: 'mdy' | 'dmy' | 'ymd' = 'mdy') =>
    cleaned({ dealStage: 'open', dealCloses: text }, { dates }).deal?.closesAt;

  it.each([
    ['2024-01-05', '2024-01-05'],
    ['2024-01-05T10:30:00Z', '2024-01-05'],
    ['2024/1/5', '2024-01-05'],
    ['20240105', '2024-01-05'],
    ['Jan 5, 2024', '2024-01-05'],
    ['5-Jan-24', '2024-01-05'],
    ['Friday, January 5th, 2024', '2024-01-05'],
    ['5. März 2024', '2024-03-05'],
    ['15 de enero de 2024', '2024-01-15'],
    ['45296', '2024-01-05'],
    ['45296.75', '2024-01-05'],
    ['1/5/2024 10:30 AM', '2024-01-05'],
    ['1/5/68', '2068-01-05'],
    ['1/5/69', '1969-01-05'],
    ['25/12/2024', '2024-12-25'],
    ['2/29/2024', '2024-02-29'],
  ])('%s is %s', (text, expected) => {
    expect(closes(text)).toBe(expected);
  });

  it('are read in the order of their file', () => {
    expect([closes('3/4/2026'), closes('3/4/2026', 'dmy'), closes('26/3/4', 'ymd')]).toEqual([
      '2026-03-04',
      '2026-04-03',
      '2026-03-04',
    ]);
  });

  it.each(['30/02/2024', '2/29/2023', '2024-13-01', '12345', '99999', 'soon', '0/0/2024', '1/1/0001'])('%s is none', (text) => {
    const { deal, attributes } = cleaned({ dealStage: 'open', dealCloses: text });
    expect([deal?.closesAt, attributes]).toEqual([undefined, { 'deal closes (unreadable)': text }]);
  });
});
