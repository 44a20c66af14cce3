import { describe, expect, it } from 'vitest';
import { importList } from './lists.ts';

/** One company with these columns, as it comes out of a list. */
async function cleaned(cells: Record<string, string>, country = 'US') {
  const quoted = (values: string[]) => values.map((v) => `"${v.replaceAll('"', '""')}"`).join(',');
  const row = { Company: 'Acme', ...cells };
  const { leads, rejected } = await importList(`${quoted(Object.keys(row))}\n${quoted(Object.values(row))}\n`, undefined, {
    country,
  });
  return leads[0] ?? rejected[0]!;
}

describe('a row becomes a lead', () => {
  it('with every field in its own form', async () => {
    const lead = await cleaned({
      Phone: '(713) 555-0142',
      Email: ' Sales@Acme.COM ',
      Website: 'www.acme.com/home',
      Street: ' 12  Main St ',
      City: 'Houston',
      State: 'texas',
      Zip: '02134',
      Industry: 'HVAC',
      Employees: '1,200',
      'First Name': 'Ann',
      'Last Name': 'Reyes',
      Title: 'Owner',
    });
    expect(lead).toMatchObject({
      line: 2,
      name: 'Acme',
      phone: '+17135550142',
      email: 'sales@acme.com',
      website: 'https://www.acme.com/home',
      domain: 'acme.com',
      street: '12 Main St',
      city: 'Houston',
      state: 'TX',
      zip: '02134',
      industry: 'HVAC',
      employees: 1200,
      contactName: 'Ann Reyes',
      contactTitle: 'Owner',
      attributes: {},
    });
  });

  it('keeps what a field cannot hold beside it, under a name that says so', async () => {
    const lead = await cleaned({
      Phone: 'ask Bob',
      Email: 'bob at acme',
      Website: 'coming soon',
      Domain: 'none yet',
      Employees: '11-Nov',
    });
    expect(lead).toMatchObject({
      attributes: {
        'phone (unreadable)': 'ask Bob',
        'email (unreadable)': 'bob at acme',
        'website (unreadable)': 'coming soon',
        'domain (unreadable)': 'none yet',
        'employees (unreadable)': '11-Nov',
      },
    });
    for (const field of ['phone', 'email', 'website', 'domain', 'employees'] as const)
      expect(lead).toHaveProperty(field, undefined);
  });

  it.each([
    ['11-50', 11, '11-50'],
    ['51 to 200 employees', 51, '51 to 200 employees'],
    ['10,001+', 10_001, '10,001+'],
    ['about 40', 40, 'about 40'],
    ['25', 25, undefined],
    ['25.0', 25, undefined],
    ['99999999999', undefined, undefined],
    ['-5', undefined, undefined],
  ])('takes %s employees as %s', async (text, employees, written) => {
    const lead = await cleaned({ Employees: text });
    expect(lead).toHaveProperty('employees', employees);
    expect('attributes' in lead && lead.attributes['employees (as written)']).toBe(written);
  });

  it('takes the first of several addresses and keeps the cell', async () => {
    expect(await cleaned({ Email: 'Bob <bob@acme.com>; ann@acme.com' })).toMatchObject({
      email: 'bob@acme.com',
      attributes: { 'email (as written)': 'Bob <bob@acme.com>; ann@acme.com' },
    });
  });

  it('keeps the extension of a phone number', async () => {
    expect(await cleaned({ Phone: '713-555-0142 ext. 7' })).toMatchObject({
      phone: '+17135550142',
      attributes: { 'phone (extension)': '7' },
    });
  });

  it('reads phone numbers in the country of the row, then of the workspace', async () => {
    expect(await cleaned({ Phone: '020 7946 0958', Country: 'United Kingdom' })).toMatchObject({ phone: '+442079460958' });
    expect(await cleaned({ Phone: '030 901820' }, 'DE')).toMatchObject({ phone: '+4930901820' });
  });

  it('finds the domain in the address of a company mailbox, never of a free one', async () => {
    expect(await cleaned({ Email: 'bob@acme.com' })).toMatchObject({ domain: 'acme.com', website: undefined });
    expect(await cleaned({ Email: 'bob@gmail.com' })).toHaveProperty('domain', undefined);
  });

  it.each(['N/A', '-', '--', 'null', 'None', ' ', ',  ', '#N/A', '?'])('takes "%s" for nothing', async (text) => {
    const lead = await cleaned({ Phone: text, City: text, Rating: text });
    expect(lead).toMatchObject({ phone: undefined, city: undefined, attributes: {} });
  });

  it('keeps zeros, "False" and marks, which say something', async () => {
    expect(await cleaned({ Reviews: '0', Solar: 'False', Grade: '✓', Plus: '+' })).toMatchObject({
      attributes: { reviews: '0', solar: 'False', grade: '✓', plus: '+' },
    });
  });

  it('removes control characters everywhere, and marks that turn text from names', async () => {
    expect(await cleaned({ Company: 'Ac\u0000me\u202e  \u200bPow\ter\u0007', Notes: 'a\u0000b\u001b[31m\nc' })).toMatchObject({
      name: 'Acme Pow er',
      attributes: { notes: 'ab[31m\nc' },
    });
  });

  it.each(['=HYPERLINK("http://x","y")', '+1+1', '-2+3', '@SUM(A1)'])('keeps the formula %s as the text it is', async (text) => {
    expect(await cleaned({ Company: text, Notes: text })).toMatchObject({ name: text, attributes: { notes: text } });
  });

  it('moves the rating that a locator left in the street out of the address', async () => {
    expect(await cleaned({ Street: '8 mi0.0(0)0.0 out of 5 stars.   210 elm dr aust', City: 'in' })).toMatchObject({
      street: '210 elm dr aust',
      city: 'in',
      attributes: { 'street (rating text)': '8 mi0.0(0)0.0 out of 5 stars.' },
    });
    expect(await cleaned({ Street: '7 mi4.5(12)4.5 out of 5 st' })).toMatchObject({ street: undefined });
    expect(await cleaned({ Street: '5 Mile Rd' })).toMatchObject({ street: '5 Mile Rd' });
  });

  it('keeps regions that it does not know as they are written', async () => {
    expect(await cleaned({ State: 'Bayern' })).toMatchObject({ state: 'Bayern' });
    expect(await cleaned({ State: 'ONTARIO' })).toMatchObject({ state: 'ON' });
  });

  it('keeps values that are too long for a field with the lead', async () => {
    const lead = await cleaned({ City: 'x'.repeat(600) });
    expect(lead).toMatchObject({ city: undefined, attributes: { 'city (too long)': 'x'.repeat(600) } });
  });

  it('never lets a header reach the prototype', async () => {
    const lead = await cleaned({ ['__proto__']: 'x', constructor: 'y' });
    expect(lead).toMatchObject({ attributes: { constructor: 'y' } });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('a row without a company', () => {
  it.each(['', 'N/A', '\u200b', '...'])('is turned away when its name is "%s", with all that it held', async (name) => {
    const row = await cleaned({ Company: name, Phone: '7135550142', Rating: '5' });
    expect(row).toMatchObject({ line: 2, reason: 'no company name', raw: { Phone: '7135550142', Rating: '5' } });
  });

  it('is turned away when the name is a page of text', async () => {
    expect(await cleaned({ Company: 'x'.repeat(501) })).toMatchObject({ reason: 'the company name is too long to be one' });
  });
});

describe('the score of a row', () => {
  it('is ours; figures of the list stay beside it', async () => {
    const lead = await cleaned({ ICP_Score: '99', ICP_Tier: 'PLATINUM', Resimercial_Score: '100', MultiOEM_Score: '100' });
    expect(lead).toMatchObject({ score: 60, tier: 'GOLD', attributes: { icp_score: '99', icp_tier: 'PLATINUM' } });
  });
});
