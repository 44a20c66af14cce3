import { describe, expect, it } from 'vitest';
import { rowCleaner } from '../../src/imports/cleaning/clean.ts';
import { cleaned, columnOf, found } from './rows.ts';

describe('a row becomes a company', () => {
  it('with every field in its own form', () => {
    const row = cleaned({
      phone: '(713) 555-0142',
      email: ' Sales@Acme.COM ',
      website: 'www.acme.com/home',
      street: ' 12  Main St ',
      city: 'Houston',
      state: 'texas',
      zip: '77041.0',
      country: 'USA',
      industry: 'HVAC &amp; Solar',
      employees: '1,200',
      status: 'Working - Contacted',
      personFirstName: 'Ann',
      personLastName: 'Reyes',
      personTitle: 'Owner',
    });
    expect(row).toEqual({
      line: 2,
      name: 'Acme',
      phone: '+17135550142',
      email: 'sales@acme.com',
      website: 'https://www.acme.com/home',
      domain: 'acme.com',
      street: '12 Main St',
      city: 'Houston',
      state: 'TX',
      zip: '77041',
      country: 'US',
      industry: 'HVAC & Solar',
      employees: 1200,
      status: 'contacted',
      people: [{ name: 'Ann Reyes', title: 'Owner' }],
      attributes: { 'status (as written)': 'Working - Contacted' },
    });
  });

  it('keeps what a field cannot hold beside it, under a name that says so', () => {
    const row = cleaned({
      phone: 'ask Bob',
      email: 'bob at acme',
      website: 'coming soon',
      domain: 'none yet',
      employees: '11-Nov',
      status: 'VIP',
    });
    expect(row.attributes).toEqual({
      'phone (unreadable)': 'ask Bob',
      'email (unreadable)': 'bob at acme',
      'website (unreadable)': 'coming soon',
      'domain (unreadable)': 'none yet',
      'employees (unreadable)': '11-Nov',
      'status (as written)': 'VIP',
    });
    for (const field of ['phone', 'email', 'website', 'domain', 'employees', 'status'])
      expect(row).toHaveProperty(field, undefined);
  });

  it('never writes a note over a column of the same name', () => {
    expect(cleaned({ phone: 'ask Bob', 'phone (unreadable)': 'x' }).attributes).toEqual({
      'phone (unreadable)': 'x',
      'phone (unreadable) 2': 'ask Bob',
    });
  });

  it('reads phone numbers in the country of the row, then of the workspace', () => {
    expect(cleaned({ phone: '020 7946 0958', country: 'United Kingdom' })).toMatchObject({
      phone: '+442079460958',
      country: 'GB',
    });
    expect(cleaned({ phone: '030 901820' }, { country: 'DE' })).toMatchObject({ phone: '+4930901820' });
  });

  it.each(['N/A', '-', '--', 'null', 'None', ' ', ',  ', '#N/A', '?', 'unknown', '#REF!', '(blank)'])(
    'takes "%s" for nothing',
    (text) => {
      expect(cleaned({ phone: text, city: text, Rating: text })).toMatchObject({
        phone: undefined,
        city: undefined,
        attributes: {},
      });
    },
  );

  it('keeps zeros, "False" and marks, which say something', () => {
    expect(cleaned({ Reviews: '0', Solar: 'False', Grade: '✓', Plus: '+' }).attributes).toEqual({
      reviews: '0',
      solar: 'False',
      grade: '✓',
      plus: '+',
    });
  });

  it('removes control characters everywhere, and marks that turn text from names', () => {
    expect(cleaned({ name: 'Ac\u0000me\u202e  \u200bPow\ter\u0007', Notes: 'a\u0000b\u001b[31m\r\nc\ud800' })).toMatchObject({
      name: 'Acme Pow er',
      attributes: { notes: 'ab[31m\nc\ufffd' },
    });
  });

  it.each(['=HYPERLINK("http://x","y")', '+1+1', '-2+3', '@SUM(A1)'])('keeps the formula %s as the text it is', (text) => {
    expect(cleaned({ Notes: text }).attributes).toEqual({ notes: text });
  });

  it('takes values out of the wrapping that keeps their zeros', () => {
    expect(cleaned({ zip: '="02134"', Code: '="007"' })).toMatchObject({ zip: '02134', attributes: { code: '007' } });
  });

  it('keeps values that are too long for a field with the company', () => {
    expect(cleaned({ city: 'x'.repeat(600) })).toMatchObject({
      city: undefined,
      attributes: { 'city (too long)': 'x'.repeat(600) },
    });
  });

  it('keeps cells beyond the header, and leaves out what a person said to leave out', () => {
    const clean = rowCleaner([columnOf('name'), columnOf('ignore'), columnOf('Rating')], {
      country: 'US',
      dates: 'mdy',
      decimal: '.',
    });
    expect(clean({ line: 5, cells: ['Acme', 'secret', '4', 'more', '', 'yet more'] })).toMatchObject({
      attributes: { rating: '4', 'column 4': 'more', 'column 6': 'yet more' },
    });
  });

  it('keeps the second of two columns for one field under its own name', () => {
    const columns = [columnOf('name'), columnOf('phone'), { ...columnOf('phone'), header: 'Mobile', key: 'mobile' }];
    const clean = rowCleaner(columns, { country: 'US', dates: 'mdy', decimal: '.' });
    expect(clean({ line: 2, cells: ['Acme', '713 555 0142', '713 555 0143'] })).toMatchObject({
      phone: '+17135550142',
      attributes: { mobile: '713 555 0143' },
    });
    expect(clean({ line: 3, cells: ['Acme', '', '713 555 0143'] })).toMatchObject({ phone: '+17135550143', attributes: {} });
  });

  it('never lets a header reach the prototype', () => {
    const columns = [columnOf('name'), columnOf('__proto__'), columnOf('constructor')];
    const row = rowCleaner(columns, { country: 'US', dates: 'mdy', decimal: '.' })({ line: 2, cells: ['Acme', 'x', 'y'] });
    expect(row).toMatchObject({ attributes: { 'column 2': 'x', constructor: 'y' } });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('gives the same row for the same cells, whatever came before', () => {
    const clean = rowCleaner(['name', 'phone', 'Note'].map(columnOf), { country: 'US', dates: 'mdy', decimal: '.' });
    const first = clean({ line: 2, cells: ['Acme', '713 555 0142', 'x'] });
    clean({ line: 3, cells: ['Other', '713 555 0199', 'y', 'z'] });
    expect(clean({ line: 2, cells: ['Acme', '713 555 0142', 'x'] })).toEqual(first);
    expect(clean({ line: 4, cells: ['Bare'] })).toMatchObject({ name: 'Bare', phone: undefined, attributes: {} });
  });
});

describe('the name of a company', () => {
  it.each([
    ['  Acme   Inc. ', 'Acme Inc.'],
    ['"Acme Inc."', 'Acme Inc.'],
    ['Acme &amp; Sons', 'Acme & Sons'],
    ['O&#39;Brien Electric', "O'Brien Electric"],
    ['CafÃ© Ole', 'Café Ole'],
    ['SeÃ±or Solar', 'Señor Solar'],
    ['Joeâ€™s Heating', 'Joe’s Heating'],
    ['CAFÉ™', 'CAFÉ™'],
    ['Acme Inc. (DBA Foo)', 'Acme Inc. (DBA Foo)'],
    ['ACME OF HOUSTON - NORTH', 'ACME OF HOUSTON - NORTH'],
    ['7) Acme', 'Acme'],
    ['1. Acme', 'Acme'],
    ['12. FC Example', '12. FC Example'],
    ['"Big" Bob "B" Plumbing', '"Big" Bob "B" Plumbing'],
  ])('is read from %s as %s', (text, name) => {
    expect(cleaned({ name: text }).name).toBe(name);
  });
});

describe('where a company is found on the web', () => {
  it('is the domain the list names, else that of the website, else that of the mailbox', () => {
    expect(cleaned({ domain: 'acme.com', website: 'https://acme.net', email: 'a@acme.org' }).domain).toBe('acme.com');
    expect(cleaned({ website: 'https://www.acme.net/x', email: 'a@acme.org' }).domain).toBe('acme.net');
    expect(cleaned({ email: 'a@mail.acme.org' }).domain).toBe('acme.org');
    expect(cleaned({ personEmail: 'ann.reyes@acme.org' }).domain).toBe('acme.org');
  });

  it('is never a mailbox or a page that anyone can have', () => {
    expect(cleaned({ email: 'bob@gmail.com' })).toMatchObject({ email: 'bob@gmail.com', domain: undefined });
    expect(cleaned({ domain: 'gmail.com' })).toMatchObject({
      domain: undefined,
      attributes: { 'domain (free mail)': 'gmail.com' },
    });
    expect(cleaned({ website: 'facebook.com/acme', email: 'a@acme.org' })).toMatchObject({
      website: 'https://facebook.com/acme',
      domain: 'acme.org',
    });
    expect(cleaned({ domain: 'york.dispatch.me' })).toMatchObject({ domain: undefined, website: 'https://york.dispatch.me/' });
    expect(cleaned({ domain: 'acme.generacdealers.com' }).domain).toBe('acme.generacdealers.com');
  });

  it('takes an e-mail address in the column of websites for what it is', () => {
    expect(cleaned({ website: 'bob@acme.com' })).toMatchObject({ email: 'bob@acme.com', domain: 'acme.com', website: undefined });
    expect(cleaned({ website: 'bob@acme.com', email: 'a@acme.com' }).attributes).toEqual({ 'website (e-mail)': 'bob@acme.com' });
  });
});

describe('deals and accounts', () => {
  it('come with a row that names a deal or its stage', () => {
    expect(cleaned({ dealStage: 'Proposal', dealAmount: '$12.5k', dealCloses: '3/4/2026' }).deal).toEqual({
      name: 'Acme',
      stage: 'Proposal',
      amountUsd: '12500.00',
      closesAt: '2026-03-04',
    });
    expect(cleaned({ dealAmount: '$500', dealCloses: 'soon' })).toMatchObject({
      deal: undefined,
      attributes: { 'deal amount': '$500', 'deal closes': 'soon' },
    });
  });

  it('come with a row that says anything about an account', () => {
    expect(cleaned({ accountSince: '2021-05-01', accountMrr: '$250/mo' }).account).toEqual({
      since: '2021-05-01',
      mrrUsd: '250.00',
    });
    expect(cleaned({ accountSince: 'long ago' })).toMatchObject({
      account: undefined,
      attributes: { 'account since (unreadable)': 'long ago' },
    });
  });
});

describe('the conventions of a file', () => {
  it('show in dates that only one order allows', () => {
    expect(found({ dealCloses: ['03/04/2026', '25/04/2026'] }).dates).toBe('dmy');
    expect(found({ Created: ['03/04/2026', '04/25/2026'] }, 'GB').dates).toBe('mdy');
    expect(found({ dealCloses: ['99/12/31'] }).dates).toBe('ymd');
  });

  it('are those of the country where the file leaves it open', () => {
    expect(found({ dealCloses: ['03/04/2026', '2026-12-25'] }).dates).toBe('mdy');
    expect(found({ dealCloses: ['03/04/2026'] }, 'GB').dates).toBe('dmy');
    expect(found({ dealCloses: ['03/04/2026'], country: ['United Kingdom'] })).toMatchObject({ dates: 'dmy', country: 'US' });
    expect(found({ dealAmount: ['1000'] }, 'DE').decimal).toBe(',');
    expect(found({ name: ['Acme'] })).toEqual({ country: 'US', dates: 'mdy', decimal: '.' });
  });

  it('show in the shapes of figures, of money before all others', () => {
    expect(found({ dealAmount: ['1.234,56', '99'] }).decimal).toBe(',');
    expect(found({ dealAmount: ['1,234.56'] }, 'DE').decimal).toBe('.');
    expect(found({ dealAmount: ['1.234.567'] }).decimal).toBe(',');
    expect(found({ dealAmount: ['12,50'], Latitude: ['29.76042', '30.12345'] }).decimal).toBe(',');
  });
});
