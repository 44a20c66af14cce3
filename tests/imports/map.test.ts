import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headerSignature, mapColumns, mappingInWords, requireName } from '../../src/imports/mapping/map.ts';
import { companyFields, importFields, type RawRow } from '../../src/imports/table.ts';
import { madeLists, tableOf } from './map-lists.ts';

/** Rows of cells as the reader gives them. */
const rows = (...cells: string[][]): RawRow[] => cells.map((row, index) => ({ line: index + 2, cells: row }));

/** One column under this header, with these cells. */
const column = (header: string, ...cells: string[]) => mapColumns([header], rows(...cells.map((cell) => [cell])))[0]!;

/** Every column that has a field. */
function fieldsOf(columns: ReturnType<typeof mapColumns>): Record<string, string> {
  return Object.fromEntries(Object.entries(mappingInWords(columns)).filter(([, field]) => !field.startsWith('attributes.')));
}

const mapText = (text: string, choice = {}) => {
  const { header, sample } = tableOf(text);
  return mapColumns(header, sample, choice);
};

describe('lists of other products', () => {
  it.each(madeLists)('$of: every column goes where it belongs', ({ text, fields }) => {
    expect(fieldsOf(mapText(text))).toEqual(fields);
  });

  it.each(madeLists)('$of: has its company column, and the header alone says nearly as much', ({ text, fields }) => {
    requireName(mapText(text));
    const { header } = tableOf(text);
    const alone = fieldsOf(mapColumns(header));
    const same = Object.entries(fields).filter(([name, field]) => alone[name] === field);
    expect(same.length / Object.keys(fields).length).toBeGreaterThan(0.5);
  });
});

describe('headers', () => {
  it.each([
    ['Company Name', 'name'],
    ['CompanyName', 'name'],
    ['company_name', 'name'],
    ['  Company Name * ', 'name'],
    ['Company name (required)', 'name'],
    ['1. Company', 'name'],
    ['Business', 'name'],
    ['E-Mail', 'email'],
    ['EMAIL ADDRESS', 'email'],
    ['Phone #', 'phone'],
    ['Telephone Number', 'phone'],
    ['Phone (main)', 'phone'],
    ['Zip/Postal Code', 'zip'],
    ['State/Province', 'state'],
    ['Web Site', 'website'],
    ['Address Line 1', 'street'],
    ['# Employees', 'employees'],
    ['Employees (approx.)', 'employees'],
    ['\ufeffCompany\u0000', 'name'],
    ['Téléphone', 'phone'],
    ['STRASSE', 'street'],
    ['Straße', 'street'],
  ])('"%s" is understood as %s', (header, field) => {
    expect(mapColumns([header])[0]!.target).toBe(field);
  });

  it.each([
    'Fax',
    'Account Owner',
    'LinkedIn URL',
    'Address Line 2',
    'Middle Name',
    'License Status',
    'Email Status',
    'Last Contacted',
    'Assistant Phone',
    'Account #',
    'CompanyNumber',
    'Store Size',
    'Notes',
  ])('"%s" stays an attribute', (header) => {
    expect(mapColumns(['Company', header])[1]).toMatchObject({ target: 'attribute', confidence: 0, because: 'nothing' });
  });

  it('are surer the plainer they are, and surest when the cells bear them out', () => {
    const sure = column('Phone', '(512) 555-0143', '(303) 555-0171');
    expect(sure).toMatchObject({ target: 'phone', because: 'both' });
    const ladder = [sure, column('Phone'), column('Office phone'), column('Toll free'), column('Shoe size')].map(
      (c) => c.confidence,
    );
    expect(ladder).toEqual([...ladder].sort((a, b) => b - a));
    expect(new Set(ladder).size).toBe(ladder.length);
    expect(ladder.at(-1)).toBe(0);
  });

  it('become keys of attributes, all different', () => {
    const columns = mapColumns([
      'Company',
      'Resimercial_Score',
      ' Review  Count ',
      'review_count',
      'Notes',
      'Notes',
      '',
      '__proto__',
    ]);
    expect(columns.map((c) => c.key)).toEqual([
      'company',
      'resimercial_score',
      'review_count',
      'review_count_2',
      'notes',
      'notes_2',
      'column 7',
      'proto',
    ]);
    expect(columns.map((c) => c.header)).toEqual([
      'Company',
      'Resimercial_Score',
      'Review Count',
      'review_count',
      'Notes',
      'Notes 2',
      'column 7',
      '__proto__',
    ]);
    expect(Object.keys(mappingInWords(columns))).toContain('__proto__');
  });

  it('of scores, flags and counts stay attributes whatever their cells look like', () => {
    const columns = mapText(`name|Resimercial_Score|OEMs_Certified|OEM_Count|has_hvac|tier|scraped_from_zip|oem_source|distance
Northgate Heating LLC|75|Alpha, Beta & Sons|2|True|Elite|77002|Alpha Power Inc|10.8 mi
Quist Plumbing|50|Alpha|1|False|Elite Plus|03087|Alpha Power Inc|11.9 mi`);
    expect(fieldsOf(columns)).toEqual({ name: 'name' });
    expect(columns.slice(1).every((c) => c.because === 'nothing')).toBe(true);
    expect(columns.map((c) => c.key)).toEqual([
      'name',
      'resimercial_score',
      'oems_certified',
      'oem_count',
      'has_hvac',
      'tier',
      'scraped_from_zip',
      'oem_source',
      'distance',
    ]);
  });
});

describe('a field', () => {
  it('goes to one column, the best and leftmost; the others stay attributes', () => {
    expect(mappingInWords(mapColumns(['Company', 'Phone', 'Phone 2', 'Region', 'State', 'Website', 'Website']))).toEqual({
      Company: 'name',
      Phone: 'phone',
      'Phone 2': 'attributes.phone_2',
      Region: 'attributes.region',
      State: 'state',
      Website: 'website',
      'Website 2': 'attributes.website_2',
    });
  });

  it('never goes to an empty column while another one holds it', () => {
    const text = `Company|Phone|Business Phone|Email|E-mail 2
Northgate Heating LLC||(512) 555-0143||info@northgate.example
Quist Plumbing||(303) 555-0171||info@quist.example`;
    expect(fieldsOf(mapText(text))).toEqual({ Company: 'name', 'Business Phone': 'phone', 'E-mail 2': 'email' });
  });

  it('of the name goes to the fuller of two columns that might hold it', () => {
    const few = Array.from({ length: 10 }, (_, i) => `${i === 0 ? 'Northgate LLC' : ''}|Quist Plumbing ${i}`);
    expect(fieldsOf(mapText(['DBA|Customer', ...few].join('\n')))).toEqual({ Customer: 'name' });
  });

  it('that another column won says that the loser might have been it', () => {
    const [, , mobile] = mapText('Company|Phone|Business Phone\nNorthgate LLC|512-555-0143|512-555-0144');
    expect(mobile).toMatchObject({ target: 'attribute', confidence: 0.5 });
  });
});

describe('cells that contradict their header win, less surely', () => {
  it.each([
    ['Phone', ['info@a.example', 'office@b.example'], 'email'],
    ['Email', ['(512) 555-0143', '303-555-0171'], 'phone'],
    ['Contact', ['(512) 555-0143', '303-555-0171'], 'phone'],
    ['Website', ['info@a.example', 'office@b.example'], 'email'],
    ['Company', ['info@a.example', 'office@b.example'], 'email'],
    ['City', ['Austin, TX 78701', 'Denver, CO 80202'], 'address'],
    ['Street', ['12 Main St, Austin, TX 78701', '88 Lake Ave, Denver, CO 80202'], 'address'],
    ['State', ['78701', '80202'], 'zip'],
    ['Zip', ['TX', 'CO'], 'state'],
    ['Employees', ['Northgate Heating LLC', 'Quist Plumbing Inc'], 'name'],
  ])('"%s" of %j is %s', (header, cells, field) => {
    const found = column(header, ...cells);
    expect(found).toMatchObject({ target: field, because: 'content' });
    expect(found.confidence).toBeLessThan(0.7);
  });

  it.each([
    ['State', ['Open', 'Closed', 'Open', 'Open']],
    ['Website', ['Yes', 'No', 'Yes']],
    ['Phone', ['Yes', 'No', 'Yes']],
    ['URL', ['https://www.linkedin.com/in/jane', 'https://www.linkedin.com/in/bob']],
    ['Title', ['Mr', 'Mrs', 'Dr']],
    ['Email', ['True', 'False']],
    ['Zip', ['$4,000', '$12,000']],
  ])('"%s" of %j is no field at all', (header, cells) => {
    const text = [`Company|First Name|${header}`, ...cells.map((cell) => `Northgate LLC|Jane|${cell}`)].join('\n');
    expect(mapText(text)[2]).toMatchObject({ target: 'attribute', because: 'content' });
  });

  it('but a few odd cells prove nothing', () => {
    expect(column('Phone', '(512) 555-0143', 'call the office', '303-555-0171', 'info@a.example').target).toBe('phone');
    expect(column('Phone', 'info@a.example').target).toBe('phone');
  });

  it('"Address" is a whole address or a street, as its cells have it', () => {
    expect(column('Address', '12 Main St, Austin, TX 78701', '88 Lake Ave, Denver, CO 80202').target).toBe('address');
    expect(column('Address', '12 Main St', '88 Lake Ave Ste 4', 'PO Box 12').target).toBe('street');
    expect(fieldsOf(mapColumns(['Company', 'Address', 'City', 'Zip'])).Address).toBe('street');
    expect(fieldsOf(mapColumns(['Company', 'Address'])).Address).toBe('address');
  });

  it('"Title" is what people do, what a place is called, or what a deal is', () => {
    expect(fieldsOf(mapText('Company|Name|Title\nNorthgate LLC|Jane Moreno|Owner\nQuist Inc|Bob Quist|VP Sales')).Title).toBe(
      'personTitle',
    );
    expect(fieldsOf(mapText('Title|Phone\nNorthgate Heating|512-555-0143\nQuist Plumbing|303-555-0171')).Title).toBe('name');
    expect(fieldsOf(mapText('Title|Organization|Value|Stage\nRooftop|Northgate LLC|4000|Won')).Title).toBe('dealName');
  });

  it('"Name" is the person where another column holds the company', () => {
    expect(fieldsOf(mapText('Name|Company\nJane Moreno|Northgate\nRobert Quist|Bright Future'))).toEqual({
      Name: 'personName',
      Company: 'name',
    });
    expect(fieldsOf(mapColumns(['Name', 'Company']))).toEqual({ Name: 'personName', Company: 'name' });
    expect(fieldsOf(mapColumns(['Name', 'Contact']))).toEqual({ Name: 'name', Contact: 'personName' });
    expect(fieldsOf(mapText('Name|Contact\nNorthgate Heating LLC|Jane Moreno\nQuist Plumbing|Robert Quist'))).toEqual({
      Name: 'name',
      Contact: 'personName',
    });
  });
});

describe('lists whose headers say nothing', () => {
  it('go by their cells', () => {
    const text = `column 1|column 2|column 3|column 4|column 5|column 6|column 7|column 8|column 9
Northgate Heating LLC|Jane Moreno|Owner|jane@northgate.example|(512) 555-0143|12 Main St|Austin|TX|78701
Quist Plumbing|Robert Quist|VP Operations|bob@quist.example|(303) 555-0171|88 Lake Ave|Denver|CO|80202
Bright Future|Linda Abbott|President|linda@bright.example|(775) 555-0110|401 Pine Rd|Reno|NV|89501`;
    const columns = mapText(text);
    expect(columns.map((c) => c.target)).toEqual([
      'name',
      'personName',
      'personTitle',
      'personEmail',
      'phone',
      'street',
      'city',
      'state',
      'zip',
    ]);
    expect(new Set(columns.map((c) => c.because))).toEqual(new Set(['content']));
  });

  it('find given and family names side by side, and addresses and sites', () => {
    const text = `Unnamed: 0|Unnamed: 1|Unnamed: 2|Unnamed: 3|Unnamed: 4
Jane|Moreno|Northgate Heating LLC|https://northgate.example.com|12 Main St, Austin, TX 78701
Robert|Quist|Quist Plumbing|https://quist.example.com|88 Lake Ave, Denver, CO 80202
Linda|Abbott|Abbott Bros Roofing|https://abbott.example.com|401 Pine Rd, Reno, NV 89501`;
    expect(mapText(text).map((c) => c.target)).toEqual(['personFirstName', 'personLastName', 'name', 'website', 'address']);
  });

  it('take the first column of different names for the companies when none says its trade', () => {
    const text = 'column 1|column 2\nBright Future|512-555-0143\nBlue Harbor|303-555-0171\nNorthgate|775-555-0110';
    expect(mapText(text)[0]).toMatchObject({ target: 'name', because: 'content' });
    expect(mapText(text)[0]!.confidence).toBeLessThan(0.5);
  });

  it('with one unknown word still have their e-mails, phones and companies found', () => {
    const text = `Nimi|Sähköposti|Puhelin
Northgate Heating LLC|info@northgate.example|(512) 555-0143
Quist Plumbing Inc|info@quist.example|(303) 555-0171`;
    expect(mapText(text).map((c) => [c.target, c.because])).toEqual([
      ['name', 'content'],
      ['email', 'content'],
      ['phone', 'content'],
    ]);
  });

  it('do not take numbers of registers, pages of others or mail of our own people for the company’s', () => {
    const text = `Company|License|Acct|Rep Mail|Profile|Fax Line
Northgate Heating LLC|5125550143|3035550171|ann@ours.example|https://www.linkedin.com/company/northgate|(512) 555-0144
Quist Plumbing|7135550143|4045550171|ann@ours.example|https://www.linkedin.com/company/quist|(303) 555-0144`;
    expect(fieldsOf(mapText(text))).toEqual({ Company: 'name' });
  });
});

describe('people of a row', () => {
  it('an e-mail column is the company’s when no column names people', () => {
    expect(fieldsOf(mapText('Company|Email\nNorthgate LLC|jane@northgate.example')).Email).toBe('email');
  });

  it('an e-mail column is the person’s when the mailbox bears their name, and the company’s when it is everyone’s', () => {
    expect(fieldsOf(mapText('Company|Contact|Email\nNorthgate LLC|Jane Moreno|jmoreno@northgate.example')).Email).toBe(
      'personEmail',
    );
    expect(fieldsOf(mapText('Company|Contact|Email\nNorthgate LLC|Jane Moreno|info@northgate.example')).Email).toBe('email');
    expect(
      fieldsOf(mapText('Company|First Name|Email\nNorthgate LLC|Jane|info@n.example\nQuist Inc|Bob|office@q.example')).Email,
    ).toBe('email');
  });

  it('a mobile is the person’s, and the company’s only when there is nobody and nothing else', () => {
    expect(fieldsOf(mapColumns(['Company', 'Contact', 'Phone', 'Mobile']))).toMatchObject({
      Phone: 'phone',
      Mobile: 'personPhone',
    });
    expect(fieldsOf(mapColumns(['Company', 'Phone', 'Mobile']))).toEqual({ Company: 'name', Phone: 'phone' });
    expect(fieldsOf(mapColumns(['Company', 'Mobile']))).toEqual({ Company: 'name', Mobile: 'phone' });
  });

  it('what is said of a person whom no column names reaches the company', () => {
    expect(fieldsOf(mapColumns(['Company', 'Contact Email', 'Contact Phone', 'Contact Title']))).toEqual({
      Company: 'name',
      'Contact Email': 'email',
      'Contact Phone': 'phone',
    });
  });

  it('the owner of a record in a CRM is one of ours, and the owner of a firm is theirs', () => {
    expect(fieldsOf(mapColumns(['Company', 'Owner', 'Create Date', 'Lifecycle Stage'])).Owner).toBeUndefined();
    expect(fieldsOf(mapColumns(['Company', 'Owner', 'License No'])).Owner).toBe('personName');
    const reps = Array.from({ length: 30 }, (_, i) => `Northgate ${i}|${['Ann Reyes', 'Marcus Bell'][i % 2]}`);
    expect(fieldsOf(mapText(['Company|Owner', ...reps].join('\n'))).Owner).toBeUndefined();
  });

  it('more than anyone keeps stay attributes', () => {
    const header = ['Company', ...Array.from({ length: 60 }, (_, i) => `Contact ${i + 1} Name`)];
    const people = mapColumns(header).filter((c) => c.target === 'personName');
    expect(people.map((c) => c.person)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });
});

describe('deals, accounts and statuses', () => {
  it('a stage, a sum or a date alone make no list of deals', () => {
    expect(fieldsOf(mapColumns(['Company', 'Amount', 'Close Date']))).toEqual({ Company: 'name' });
    expect(fieldsOf(mapColumns(['Company', 'Stage']))).toEqual({ Company: 'name' });
    expect(fieldsOf(mapColumns(['Company', 'Stage', 'Amount']))).toEqual({
      Company: 'name',
      Stage: 'dealStage',
      Amount: 'dealAmount',
    });
    expect(fieldsOf(mapColumns(['Account Name', 'Opportunity Name', 'Expected Revenue']))).toEqual({
      'Account Name': 'name',
      'Opportunity Name': 'dealName',
      'Expected Revenue': 'dealAmount',
    });
  });

  it.each(['Abschluss', 'Abschlussdatum', 'Geplanter Abschluss'])('a German deal closes at its "%s"', (header) => {
    const list = `Firma|Verkaufschance|Phase|Betrag|${header}\nNordlicht GmbH|Dach|Angebot|4.000 €|31.12.2026`;
    expect(fieldsOf(mapText(list))[header]).toBe('dealCloses');
    expect(fieldsOf(mapText(`Firma|${header}\nNordlicht GmbH|31.12.2026`))[header]).toBeUndefined();
  });

  it('"Status" is a lead’s when its words are, and otherwise an attribute', () => {
    const status = (...cells: string[]) =>
      fieldsOf(mapText(['Company|Status', ...cells.map((cell) => `Northgate LLC|${cell}`)].join('\n'))).Status;
    expect(status('New', 'Contacted', 'Qualified', 'Open')).toBe('status');
    expect(status('neu', 'kontaktiert', 'verloren')).toBe('status');
    expect(status('Active', 'Expired', 'Active')).toBeUndefined();
    expect(status('Open', 'Closed')).toBeUndefined();
    expect(status('Shipped', 'New', 'Returned', 'Shipped')).toBeUndefined();
  });

  it('yearly revenue and renewals are no field of ours', () => {
    expect(fieldsOf(mapColumns(['Company', 'ARR', 'Renewal', 'Annual Revenue', 'MRR', 'Customer Since', 'Health']))).toEqual({
      Company: 'name',
      MRR: 'accountMrr',
      'Customer Since': 'accountSince',
      Health: 'accountHealth',
    });
  });
});

describe('what people choose', () => {
  const text = `Title|Kontakt|Web|Line
Northgate Heating|Jane Moreno|northgate.example.com|512-555-0143
Quist Plumbing|Robert Quist|quist.example.com|303-555-0171`;

  it('wins over everything, in any case and by position', () => {
    const columns = mapText(text, {
      chosen: { TITLE: 'industry', 'column 4': 'Name', ' web ': 'attributes.web', Kontakt: 'ignore' },
    });
    expect(mappingInWords(columns)).toEqual({ Title: 'industry', Kontakt: 'ignore', Web: 'attributes.web', Line: 'name' });
    expect(columns.map((c) => [c.confidence, c.because])).toEqual(Array(4).fill([1, 'chosen']));
  });

  it('takes the field from the column that had it', () => {
    const header = ['Company', 'Firm Name', 'Phone', 'Contact 1 Name', 'Boss'];
    const chosen = { 'Firm Name': 'name', Boss: 'personName' };
    expect(fieldsOf(mapColumns(header, [], { chosen }))).toEqual({
      'Firm Name': 'name',
      Phone: 'phone',
      'Contact 1 Name': 'personName 2',
      Boss: 'personName',
    });
  });

  it('may name which person of the row', () => {
    const header = ['Company', 'Boss', 'Mail A', 'Deputy', 'Mail B'];
    const chosen = { Boss: 'personName', 'Mail A': 'personEmail 1', Deputy: 'personName 2', 'Mail B': 'PERSONEMAIL 2' };
    expect(fieldsOf(mapColumns(header, [], { chosen }))).toEqual({
      Company: 'name',
      Boss: 'personName',
      'Mail A': 'personEmail',
      Deputy: 'personName 2',
      'Mail B': 'personEmail 2',
    });
  });

  it('can be a mapping as it was shown', () => {
    const shown = mappingInWords(mapText(madeLists[11]!.text));
    expect(mappingInWords(mapText(madeLists[11]!.text, { chosen: shown }))).toEqual(shown);
  });

  it.each([
    [{ Nmae: 'name' }, /no column "Nmae".*Title, Kontakt, Web, Line.*column 3/s],
    [{ 'column 9': 'name' }, /no column "column 9"/],
    [{ Title: 'nmae' }, /"Title" cannot be "nmae".*name, phone, email.*attribute or ignore.*personEmail 2/s],
    [{ Title: 'phone 2' }, /cannot be "phone 2"/],
    [{ Title: 'personEmail 0' }, /cannot be/],
    [{ Title: 'personEmail 99' }, /cannot be/],
    [{ Title: 'name', Line: 'name' }, /Two columns were chosen as name: "Title" and "Line"/],
    [{ Title: 'name', 'column 1': 'phone' }, /"Title" was chosen twice/],
    [{ Title: { evil: true } }, /cannot be/],
  ])('is refused with a sentence when it cannot be: %j', (chosen, message) => {
    const attempt = () => mapText(text, { chosen });
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  });

  it('earlier is remembered, gives way to what is chosen now, and may be out of date', () => {
    const remembered = { Title: 'industry', Line: 'name', Kontakt: 'gone', Gone: 'phone', Web: 'website' };
    const columns = mapText(text, { chosen: { Kontakt: 'name' }, remembered });
    expect(columns.map((c) => [c.target, c.because])).toEqual([
      ['industry', 'remembered'],
      ['name', 'chosen'],
      ['website', 'remembered'],
      ['phone', 'content'],
    ]);
  });

  it('is not remembered against the cells of a list without a header', () => {
    const rows = 'column 1|column 2\nNorthgate Heating LLC|info@n.example\nQuist Plumbing|info@q.example';
    const remembered = { 'column 1': 'email', 'column 2': 'attribute' };
    expect(mapText(rows, { remembered }).map((c) => c.target)).toEqual(['name', 'attribute']);
  });
});

describe('the signature of a header', () => {
  it('is the same in any order and spelling, and another for other columns', () => {
    const signature = headerSignature(['Company Name', 'E-Mail', 'Phone']);
    expect(signature).toMatch(/^[\w-]{22}$/);
    expect(headerSignature(['phone', 'company_name', 'EMAIL '])).toBe(signature);
    expect(headerSignature(['Company Name', 'E-Mail'])).not.toBe(signature);
    expect(headerSignature(['Company Name', 'E-Mail', 'Phone', 'Phone'])).not.toBe(signature);
    expect(headerSignature(['#'])).not.toBe(headerSignature(['%']));
  });
});

describe('a list without a column of companies', () => {
  const refusal = (text: string) => {
    try {
      requireName(mapText(text));
    } catch (error) {
      return error as Error & { code: string; details: unknown };
    }
    throw new Error('was let through');
  };

  it('is refused with its headers, what was understood, and how to say which column it is', () => {
    const error = refusal('Mail|Number of legs\ninfo@a.example|4\ninfo@b.example|2');
    expect(error.code).toBe('invalid_input');
    expect(error.message).toBe(
      'No column of this list holds company names. Its headers are: Mail, Number of legs. Understood: "Mail" as email. ' +
        'Say which column does: in the API {"mapping": {"Header": "name"}}, in the terminal --map "Header=name". ' +
        'Or name it "Company" in the first line and send the file again.',
    );
    expect(error.details).toEqual({ headers: ['Mail', 'Number of legs'], understood: [{ header: 'Mail', field: 'email' }] });
  });

  it.each([
    ['people', 'First Name|Last Name|Email\nJane|Moreno|jm@freemail.example\nRobert|Quist|rq@freemail.example'],
    ['people under "Name"', 'Name|Email|Phone\nJane Moreno|jm@freemail.example|512-555-0143\nBob Quist|rq@freemail.example|'],
    ['deals', 'Deal Name|Stage|Amount|Close Date\nRooftop|Won|400|2026-01-04\nService|Lost|300|2026-01-09'],
    ['domains', 'Website|Email\nnorthgate.example.com|info@northgate.example\nquist.example.com|info@quist.example'],
  ])('is refused when it holds %s', (_, text) => {
    expect(refusal(text).message).toMatch(/^No column of this list holds company names/);
  });

  it('names the first thirty of very many headers', () => {
    const error = refusal(Array.from({ length: 5000 }, (_, i) => `Measure ${i}`).join('|'));
    expect(error.message).toContain('Measure 29 and 4970 more');
    expect(error.message.length).toBeLessThan(1500);
  });
});

describe('hostile headers and cells', () => {
  it('are named and kept', () => {
    const long = 'x'.repeat(10_000);
    const header = ['__proto__', 'constructor', 'toString', '', '', 'Phone', 'Phone', long, '\u202eynapmoC', '\ud800', '()', '*'];
    const columns = mapColumns(header, rows(header.map(() => '\u0000')));
    expect(new Set(columns.map((c) => c.header)).size).toBe(header.length);
    expect(new Set(columns.map((c) => c.key)).size).toBe(header.length);
    expect(columns.map((c) => c.header.length).every((length) => length > 0 && length <= 210)).toBe(true);
    expect(columns.filter((c) => c.target === 'phone')).toHaveLength(1);
    expect(Object.keys(mappingInWords(columns))).toHaveLength(header.length);
  });

  it('of 5,000 columns and 200 rows are understood within half a second of work', () => {
    const cells = [
      'Northgate Heating LLC',
      'Jane Moreno',
      'jane@northgate.example',
      '(512) 555-0143',
      '12 Main St, Austin, TX 78701',
      '2026-01-04',
      '$5,000',
      'a longer note about what was said, and when, and by whom',
    ];
    const sample = rows(
      ...Array.from({ length: 200 }, (_, r) => Array.from({ length: 5000 }, (_, c) => cells[(c + 3 * r) % 8]!)),
    );
    for (const name of ['Column', 'Contact Email', '']) {
      mapColumns(
        Array.from({ length: 5000 }, (_, i) => (name ? `${name} ${i}` : 'Notes')),
        sample,
      );
    }
  });

  it('of megabytes are looked at from the front', () => {
    const huge = `${'12 '.repeat(300_000)}@`;
    mapColumns(['Company', 'Phone', 'Address'], rows(...Array.from({ length: 50 }, () => [huge, `(${huge}`, `a.${huge}`])));
  });

  const words = fc.constantFrom(
    ...madeLists.flatMap(({ text }) => tableOf(text).header),
    'Company',
    'Email 2',
    'Contact 3 Phone',
    'Owner',
    'column 2',
    '__proto__',
    '',
  );
  const values = fc.constantFrom(...madeLists.flatMap(({ text }) => tableOf(text).sample.flatMap(({ cells }) => cells)));

  it('never break the rules: one target each, no field filled twice, persons numbered from one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 5, arbitrary: words }, { weight: 1, arbitrary: fc.string({ unit: 'binary' }) }), {
          maxLength: 12,
        }),
        fc.array(
          fc.array(fc.oneof({ weight: 5, arbitrary: values }, { weight: 1, arbitrary: fc.string({ unit: 'binary' }) }), {
            maxLength: 13,
          }),
          {
            maxLength: 5,
          },
        ),
        (header, cells) => {
          const columns = mapColumns(header, rows(...cells));
          expect(columns).toHaveLength(header.length);
          const filled = columns.filter((c) => c.target !== 'attribute').map((c) => `${c.target} ${c.person ?? ''}`);
          expect(new Set(filled).size).toBe(filled.length);
          for (const c of columns) {
            expect([...importFields, 'attribute']).toContain(c.target);
            expect(c.target.startsWith('person')).toBe(c.person !== undefined);
            if ((companyFields as readonly string[]).includes(c.target)) expect(c.person).toBeUndefined();
            expect(c.confidence).toBeGreaterThanOrEqual(0);
            expect(c.confidence).toBeLessThanOrEqual(1);
            expect(c.because === 'nothing').toBe(c.confidence === 0);
          }
          // A person without a name is nobody.
          for (const { person } of columns.filter((c) => c.person !== undefined)) {
            expect(columns.some((c) => c.person === person && /Name$/.test(c.target))).toBe(true);
          }
          expect(new Set(columns.map((c) => c.header)).size).toBe(columns.length);
          expect(new Set(columns.map((c) => c.key)).size).toBe(columns.length);
          // What was shown can be sent back.
          const shown = mappingInWords(columns);
          expect(mappingInWords(mapColumns(header, rows(...cells), { chosen: shown }))).toEqual(shown);
        },
      ),
      { numRuns: 300 },
    );
  });
});
