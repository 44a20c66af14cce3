import { describe, expect, it } from 'vitest';
import { mapColumns, mappingInWords } from '../../src/imports/map.ts';

const fields = (headers: string[]) => Object.fromEntries(mapColumns(headers).map((c) => [c.header, c.field]));

describe('headers', () => {
  it.each([
    ['Company Name', 'name'],
    ['CompanyName', 'name'],
    ['company_name', 'name'],
    ['Business', 'name'],
    ['E-Mail', 'email'],
    ['EMAIL ADDRESS', 'email'],
    ['Phone #', 'phone'],
    ['Telephone Number', 'phone'],
    ['Zip/Postal Code', 'zip'],
    ['State/Province', 'state'],
    ['Web Site', 'website'],
    ['Address Line 1', 'street'],
    ['# Employees', 'employees'],
    ['Job Title', 'contactTitle'],
    ['\ufeffCompany\u0000', 'name'],
  ])('"%s" is understood as %s', (header, field) => {
    expect(mapColumns([header])[0]!.field).toBe(field);
  });

  it('are surer the plainer they are', () => {
    const confidence = (header: string) => mapColumns([header])[0]!.confidence;
    expect(confidence('Company Name')).toBe(1);
    expect(confidence('Name')).toBe(0.8);
    expect(confidence('Customer')).toBe(0.5);
    expect(confidence('Shoe size')).toBe(0);
  });

  it('name the company where there is one, and otherwise "Name" is the company', () => {
    expect(fields(['Name', 'Company'])).toEqual({ Name: 'contactName', Company: 'name' });
    expect(fields(['Name', 'Contact'])).toEqual({ Name: 'name', Contact: 'contactName' });
  });

  it('give a field to one column only; the others stay attributes', () => {
    expect(mappingInWords(mapColumns(['Company', 'Mobile', 'Phone', 'Region', 'State']))).toEqual({
      Company: 'name',
      Mobile: 'attributes.mobile',
      Phone: 'phone',
      Region: 'attributes.region',
      State: 'state',
    });
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
  });
});
