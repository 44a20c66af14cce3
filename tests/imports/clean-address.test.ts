import { describe, expect, it } from 'vitest';
import { cleaned } from './rows.ts';

const place = (cells: Record<string, string>, country?: string) => {
  const { street, city, state, zip, country: land, attributes } = cleaned(cells, country ? { country } : {});
  const entries = Object.entries({ street, city, state, zip, country: land }).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(entries), ...(Object.keys(attributes).length > 0 && { attributes }) };
};

describe('an address in one cell', () => {
  it.each([
    ['12 Main St, Austin, TX 78701', { street: '12 Main St', city: 'Austin', state: 'TX', zip: '78701' }],
    [
      '12 Main St, Suite 200, Austin, TX 78701-1234, USA',
      { street: '12 Main St, Suite 200', city: 'Austin', state: 'TX', zip: '78701-1234', country: 'US' },
    ],
    ['12 Main St Austin TX 78701', { street: '12 Main St', city: 'Austin', state: 'TX', zip: '78701' }],
    ['12 Main St\nAustin, Texas\n78701', { street: '12 Main St', city: 'Austin', state: 'TX', zip: '78701' }],
    ['Austin, TX', { city: 'Austin', state: 'TX' }],
    ['575 BOND STREET LINCOLNSHIRE, IL 60069', { street: '575 BOND STREET', city: 'LINCOLNSHIRE', state: 'IL', zip: '60069' }],
    [
      '1547 West Poplar Street San Antonio, TEXAS 78207',
      { street: '1547 West Poplar Street', city: 'San Antonio', state: 'TX', zip: '78207' },
    ],
    ['PO BOX 267 FORT LAUDERDALE, FL 33326', { street: 'PO BOX 267', city: 'FORT LAUDERDALE', state: 'FL', zip: '33326' }],
    [
      '130-30 31ST AVENUE #707 FLUSHING, NY 11354',
      { street: '130-30 31ST AVENUE #707', city: 'FLUSHING', state: 'NY', zip: '11354' },
    ],
    ['12 Main St, Carmel, IN 46032', { street: '12 Main St', city: 'Carmel', state: 'IN', zip: '46032' }],
    ['25 Oak Ave, Atlanta, Georgia', { street: '25 Oak Ave', city: 'Atlanta', state: 'GA' }],
    [
      '100 King St W, Toronto, ON m5x1a9, Canada',
      { street: '100 King St W', city: 'Toronto', state: 'ON', zip: 'M5X 1A9', country: 'CA' },
    ],
    [
      '10 High Street, London SW1A 2AA, United Kingdom',
      { street: '10 High Street', city: 'London', zip: 'SW1A 2AA', country: 'GB' },
    ],
    ['Hauptstraße 5, 10115 Berlin, Germany', { street: 'Hauptstraße 5', city: 'Berlin', zip: '10115', country: 'DE' }],
    ['Downtown, behind the mall', { street: 'Downtown, behind the mall' }],
  ])('%s', (address, expected) => {
    expect(place({ address })).toEqual(expected);
  });

  it('is read as the country of the workspace writes it', () => {
    expect(place({ address: 'Hauptstraße 5, 10115 Berlin' }, 'DE')).toEqual({
      street: 'Hauptstraße 5',
      city: 'Berlin',
      zip: '10115',
    });
  });

  it('fills what the columns leave open, and stays when it says something else', () => {
    const address = '12 Main St, Austin, TX 78701';
    expect(place({ street: '12 Main St', city: 'Austin', address })).toEqual({
      street: '12 Main St',
      city: 'Austin',
      state: 'TX',
      zip: '78701',
    });
    expect(place({ street: '9 Elm St', city: 'Dallas', state: 'TX', zip: '75201', address })).toEqual({
      street: '9 Elm St',
      city: 'Dallas',
      state: 'TX',
      zip: '75201',
      attributes: { address },
    });
  });

  it('is found in the columns of streets and cities as well', () => {
    expect(place({ street: '12 Main St, Austin, TX 78701' })).toMatchObject({
      street: '12 Main St',
      city: 'Austin',
      state: 'TX',
      zip: '78701',
    });
    expect(place({ city: 'Austin, TEXAS 78701' })).toMatchObject({ city: 'Austin', state: 'TX', zip: '78701' });
    expect(place({ state: 'TX 78701' })).toEqual({ state: 'TX', zip: '78701' });
  });
});

describe('states and zips', () => {
  it.each([
    ['770770000', 'TX', '77077'],
    ['770771234', 'TX', '77077-1234'],
    ['77077-1234', 'TX', '77077-1234'],
    ['77077-', 'TX', '77077'],
    ['77041.0', 'TX', '77041'],
    ['2134', 'Massachusetts', '02134'],
    ['2134.0', 'NJ', '02134'],
    ['725', 'PR', '00725'],
    ['2134', 'TX', '2134'],
    ['k1a0b1', 'ON', 'K1A 0B1'],
    ['D02 X285', 'Dublin', 'D02 X285'],
  ])('%s in %s is %s', (zip, state, expected) => {
    expect(cleaned({ zip, state }).zip).toBe(expected);
  });

  it('are codes in the United States and Canada, and stay as written elsewhere', () => {
    expect(place({ state: 'ONTARIO' })).toEqual({ state: 'ON' });
    expect(place({ state: 'Puerto Rico' })).toEqual({ state: 'PR' });
    expect(place({ state: 'Bayern' })).toEqual({ state: 'Bayern' });
    expect(place({ state: 'Washington', country: 'United Kingdom' })).toEqual({ state: 'Washington', country: 'GB' });
  });
});

describe('columns that an unquoted comma has shifted', () => {
  it('keep beside the row what no city, state or zip can be', () => {
    const row = cleaned({
      name: 'Beta',
      personName: 'Inc.',
      phone: 'Al Ray',
      email: '512-555-0102',
      city: 'al@beta.com',
      state: 'Austin',
      zip: 'TX',
      more: '78702',
    });
    expect(row).toMatchObject({ name: 'Beta', city: undefined, state: 'Austin', zip: undefined, people: [] });
    expect(row.attributes).toMatchObject({
      'city (unreadable)': 'al@beta.com',
      'zip (unreadable)': 'TX',
      'contact name (as written)': 'Inc.',
      more: '78702',
    });
  });

  it.each(['al@beta.com', 'www.beta.com', 'https://beta.com/austin', '78702', '78702-1234', '(512) 555-0102 x4', 'K1A 0B1'])(
    'have no city "%s"',
    (city) => expect(place({ city, state: 'TX' })).toEqual({ state: 'TX', attributes: { 'city (unreadable)': city } }),
  );

  it.each(['78702', '78702-1234', 'al@beta.com', 'K1A 0B1'])('have no state "%s"', (state) =>
    expect(place({ city: 'Austin', state })).toEqual({ city: 'Austin', attributes: { 'state (unreadable)': state } }),
  );

  it('are told from places that are written in an unusual way', () => {
    for (const city of ["O'Fallon", 'St. Louis', 'St.Louis', '’s-Hertogenbosch', '29 Palms', 'Łódź', 'Winston-Salem', '東京']) {
      expect(place({ city, state: 'MO' }), city).toEqual({ city, state: 'MO' });
    }
    expect(place({ city: 'Paris', state: '75', country: 'FR' })).toEqual({ city: 'Paris', state: '75', country: 'FR' });
    expect(place({ city: 'Dublin', zip: 'ABC', country: 'IE' })).toEqual({ city: 'Dublin', zip: 'ABC', country: 'IE' });
  });
});

describe('a city with its state behind it', () => {
  it('gives the state to a row that has none', () => {
    expect(place({ city: 'AUSTIN TX' })).toEqual({ city: 'AUSTIN', state: 'TX' });
    expect(place({ city: 'Saint Paul, MN', state: '', zip: '55101' })).toEqual({ city: 'Saint Paul', state: 'MN', zip: '55101' });
    expect(place({ city: 'NEWARK NJ', zip: '7102' })).toEqual({ city: 'NEWARK', state: 'NJ', zip: '07102' });
  });

  it('stays whole where the state is known, and where the letters are none', () => {
    expect(place({ city: 'AUSTIN TX', state: 'TX' })).toEqual({ city: 'AUSTIN TX', state: 'TX' });
    for (const city of ['Fond du Lac', 'Rancho Mi', 'LONDON ON', 'DOWNTOWN XX', 'TX'])
      expect(place({ city }), city).toEqual({ city });
    expect(place({ city: 'BAD DE', country: 'Germany' })).toEqual({ city: 'BAD DE', country: 'DE' });
  });
});

describe('a street', () => {
  it('loses the rating that a locator left before it', () => {
    expect(place({ street: '8 mi0.0(0)0.0 out of 5 stars.   210 elm dr', city: 'austin' })).toEqual({
      street: '210 elm dr',
      city: 'austin',
      attributes: { 'street (rating text)': '8 mi0.0(0)0.0 out of 5 stars.' },
    });
    expect(place({ street: '7 mi4.5(12)4.5 out of 5 st' })).toEqual({
      attributes: { 'street (rating text)': '7 mi4.5(12)4.5 out of 5 st' },
    });
    expect(place({ street: '4.5(88) · Plumber · 22 Elm St' })).toEqual({
      street: '22 Elm St',
      attributes: { 'street (rating text)': '4.5(88) · Plumber' },
    });
    expect(place({ address: '4.9(1,288) · Heating, Cooling · 22 Elm St, Austin, TX 78701' })).toEqual({
      street: '22 Elm St',
      city: 'Austin',
      state: 'TX',
      zip: '78701',
      attributes: { 'address (rating text)': '4.9(1,288) · Heating, Cooling' },
    });
    expect(place({ street: '4.5(88) · Plumber' })).toEqual({ attributes: { 'street (rating text)': '4.5(88) · Plumber' } });
    expect(place({ street: '5 Mile Rd' })).toEqual({ street: '5 Mile Rd' });
    expect(place({ street: '12 Main St (rear)' })).toEqual({ street: '12 Main St (rear)' });
  });
});

describe('a city that was cut in the wrong place', () => {
  it.each([
    ['4400 elm rd #400 houst', 'on', 'TX', '4400 elm rd #400', 'Houston'],
    ['9475 us 290 aust', 'in', 'TX', '9475 us 290', 'Austin'],
    ['1714 w sr 84 ft lauderd', 'ale', 'FL', '1714 w sr 84', 'Fort Lauderdale'],
    ['37 enterprise ave napl', 'es', 'FL', '37 enterprise ave', 'Naples'],
    ['575 nw mercantile pl ste 111 port st', 'lucie', 'FL', '575 nw mercantile pl ste 111', 'Port St Lucie'],
    ['155 Oak Avenue  San', 'Antonio', 'TX', '155 Oak Avenue', 'San Antonio'],
    ['13 Bend Lane Cedar', 'Park', 'TX', '13 Bend Lane', 'Cedar Park'],
    ['45 28th street n st', 'petersburg', 'FL', '45 28th street n', 'St Petersburg'],
    ['7 state rd west', 'port', 'MA', '7 state rd', 'Westport'],
    ['625 john st', 'reet bridgeport', 'CT', '625 john street', 'Bridgeport'],
    ['10 cliff ave', 'nue glen cove', 'NY', '10 cliff avenue', 'Glen Cove'],
    ['517 acorn st', 'unit c deer park', 'NY', '517 acorn st unit c', 'Deer Park'],
    ['344 fourth st.', 'nw barberton', 'OH', '344 fourth st. nw', 'Barberton'],
    ['1 quine st cranford', '', 'NJ', '1 quine st', 'Cranford'],
    ['100 grasslands rd ste 130 Elmsford', '', 'NY', '100 grasslands rd ste 130', 'Elmsford'],
    ['', 'Elm Place  Broken Arrow', 'OK', 'Elm Place', 'Broken Arrow'],
  ])('%s | %s, %s', (street, city, state, mendedStreet, mendedCity) => {
    const row = cleaned({ street, city, state, zip: '12345' });
    expect([row.street, row.city]).toEqual([mendedStreet, mendedCity]);
    // What was written is still there.
    if (street && row.street !== street) expect(row.attributes['street (as written)']).toBe(street.replace(/\s+/g, ' '));
    if (city) expect(row.attributes['city (as written)']).toBe(city.replace(/\s+/g, ' '));
  });

  it.each([
    ['12 Main St', 'Paul', 'MN'],
    ['20 freedom dr', 'n bridgeville', 'PA'],
    ['38 corporex park dr st', 'tampa', 'FL'],
    ['1 Main St', 'Bow', 'NH'],
    ['1 Main St', 'Ada', 'OK'],
    ['400 Park Ave Rear', '', 'NY'],
    ['12 Airfield Drive West Somewhere', '', 'FL'],
    ['12 Main St', 'St. Paul', 'MN'],
    ['5 Ocean Rd North', 'Miami', 'FL'],
    ['Hauptstr. 5', 'Bad Aibling', 'Bayern'],
  ])('is left as it came where that is not certain: %s | %s, %s', (street, city, state) => {
    expect(cleaned({ street, city, state, zip: '12345' })).toMatchObject({
      street,
      city: city === '' ? undefined : city,
      attributes: {},
    });
  });
});
