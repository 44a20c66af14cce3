import { describe, expect, it } from 'vitest';
import { cleaned } from './rows.ts';

describe('the people of a row', () => {
  it.each([
    ['Smith, John', ['John Smith']],
    ['Mr. John Smith', ['John Smith']],
    ['Reyes, Dr. Ann', ['Ann Reyes']],
    ['Smith, John A., PE', ['John A. Smith, PE']],
    ['John Smith, Jr.', ['John Smith, Jr.']],
    ['Van Dyke, Dick', ['Dick Van Dyke']],
    ['JOHN SMITH', ['JOHN SMITH']],
    ['John Smith / Jane Doe', ['John Smith', 'Jane Doe']],
    ['John Smith\nJane Doe', ['John Smith', 'Jane Doe']],
    ['John & Jane Smith', ['John Smith', 'Jane Smith']],
    ['Mike and Sue Miller', ['Mike Miller', 'Sue Miller']],
    ['John Smith, Jane Doe', ['John Smith', 'Jane Doe']],
    ['Mr. & Mrs. Smith', ['Mr. & Mrs. Smith']],
    ['Andy Anderson', ['Andy Anderson']],
    ['M Night', ['M Night']],
    ['Smith & Sons', ['Smith & Sons']],
    ['李雷', ['李雷']],
  ])('"%s" is %j', (personName, names) => {
    const row = cleaned({ personName });
    expect(row.people.map(({ name }) => name)).toEqual(names);
    expect(row.attributes).toEqual({});
  });

  it.each(['Inc.', 'LLC', 'L.L.C.', 'Ltd', 'Co., Ltd.', 'GmbH'])('are not "%s"', (personName) => {
    expect(cleaned({ personName })).toMatchObject({ people: [], attributes: { 'contact name (as written)': personName } });
  });

  it('have titles, also those that stand behind the name', () => {
    expect(cleaned({ personName: 'Ann Reyes', personTitle: 'VP' }).people).toEqual([{ name: 'Ann Reyes', title: 'VP' }]);
    expect(cleaned({ personName: 'Ann Reyes (Owner)' }).people).toEqual([{ name: 'Ann Reyes', title: 'Owner' }]);
    expect(cleaned({ personName: 'Ann Reyes, CEO' }).people).toEqual([{ name: 'Ann Reyes', title: 'CEO' }]);
    expect(cleaned({ personName: 'Ann Reyes - Owner', personTitle: 'VP' })).toMatchObject({
      people: [{ name: 'Ann Reyes', title: 'VP' }],
      attributes: { 'contact title (other)': 'Owner' },
    });
  });

  it('are put together from first and last names', () => {
    expect(cleaned({ personFirstName: 'Ann', personLastName: 'Reyes' }).people).toEqual([{ name: 'Ann Reyes' }]);
    expect(cleaned({ personLastName: 'Reyes' }).people).toEqual([{ name: 'Reyes' }]);
    expect(cleaned({ personName: 'Ann Reyes', personFirstName: 'Ann', personLastName: 'Reyes' })).toMatchObject({
      people: [{ name: 'Ann Reyes' }],
      attributes: {},
    });
    expect(cleaned({ personName: 'Ann Reyes', personFirstName: 'Bob' }).attributes).toEqual({ 'contact name (other)': 'Bob' });
  });

  it('are several when the row has columns for several, and one when two columns name the same', () => {
    const row = cleaned({
      'personName 1': 'Ann Reyes',
      'personEmail 1': 'Ann@acme.com',
      'personName 2': 'Bob Ross',
      'personPhone 2': '713 555 0142 x7',
      'personName 3': 'ann reyes',
      'personTitle 3': 'Owner',
    });
    expect(row.people).toEqual([
      { name: 'Ann Reyes', email: 'ann@acme.com', title: 'Owner' },
      { name: 'Bob Ross', phone: '+17135550142' },
    ]);
    expect(row.attributes).toEqual({ 'contact 2 phone (extension)': '7' });
  });

  it('get the addresses of a cell in their order', () => {
    expect(cleaned({ personName: 'Ann Reyes / Bob Ross', personEmail: 'ann@acme.com; bob@acme.com' }).people).toEqual([
      { name: 'Ann Reyes', email: 'ann@acme.com' },
      { name: 'Bob Ross', email: 'bob@acme.com' },
    ]);
    expect(cleaned({ personName: 'Ann Reyes', personEmail: 'ann@acme.com, a@x.com' })).toMatchObject({
      people: [{ name: 'Ann Reyes', email: 'ann@acme.com' }],
      attributes: { 'contact email (others)': 'a@x.com' },
    });
  });

  it('are known by their mailbox when nothing else names them', () => {
    expect(cleaned({ personEmail: 'ann.reyes@acme.com' }).people).toEqual([{ name: 'Ann Reyes', email: 'ann.reyes@acme.com' }]);
    expect(cleaned({ personEmail: 'xk12@acme.com' }).people).toEqual([{ name: 'xk12@acme.com', email: 'xk12@acme.com' }]);
    expect(cleaned({ personName: 'ann.reyes@acme.com' }).people).toEqual([{ name: 'Ann Reyes', email: 'ann.reyes@acme.com' }]);
    expect(cleaned({ personName: 'Ann Reyes <ann@acme.com>' }).people).toEqual([{ name: 'Ann Reyes', email: 'ann@acme.com' }]);
  });

  it('are not made up from mailboxes that are nobody’s', () => {
    expect(cleaned({ personEmail: 'info@acme.com' })).toMatchObject({ people: [], email: 'info@acme.com' });
    expect(cleaned({ personEmail: 'sales@acme.com', email: 'info@acme.com' })).toMatchObject({
      people: [],
      email: 'info@acme.com',
      attributes: { 'contact email': 'sales@acme.com' },
    });
    expect(cleaned({ email: 'ann.reyes@acme.com' })).toMatchObject({ people: [], email: 'ann.reyes@acme.com' });
  });

  it('are not made up from a title, a number or a phone either', () => {
    expect(cleaned({ personName: 'Owner', personPhone: '713 555 0142', personTitle: 'x' })).toMatchObject({
      people: [],
      attributes: { 'contact name (as written)': 'Owner', 'contact phone': '713 555 0142', 'contact title': 'x' },
    });
    expect(cleaned({ personName: '713-555-0142' })).toMatchObject({
      people: [],
      attributes: { 'contact name (as written)': '713-555-0142' },
    });
  });
});
