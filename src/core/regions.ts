/** States of the US, DC and Canadian provinces: the regions that users name in words and records keep as codes. */
const names: Record<string, string> = {
  AL: 'Alabama',
  AK: 'Alaska',
  AZ: 'Arizona',
  AR: 'Arkansas',
  CA: 'California',
  CO: 'Colorado',
  CT: 'Connecticut',
  DE: 'Delaware',
  DC: 'District of Columbia',
  FL: 'Florida',
  GA: 'Georgia',
  HI: 'Hawaii',
  ID: 'Idaho',
  IL: 'Illinois',
  IN: 'Indiana',
  IA: 'Iowa',
  KS: 'Kansas',
  KY: 'Kentucky',
  LA: 'Louisiana',
  ME: 'Maine',
  MD: 'Maryland',
  MA: 'Massachusetts',
  MI: 'Michigan',
  MN: 'Minnesota',
  MS: 'Mississippi',
  MO: 'Missouri',
  MT: 'Montana',
  NE: 'Nebraska',
  NV: 'Nevada',
  NH: 'New Hampshire',
  NJ: 'New Jersey',
  NM: 'New Mexico',
  NY: 'New York',
  NC: 'North Carolina',
  ND: 'North Dakota',
  OH: 'Ohio',
  OK: 'Oklahoma',
  OR: 'Oregon',
  PA: 'Pennsylvania',
  RI: 'Rhode Island',
  SC: 'South Carolina',
  SD: 'South Dakota',
  TN: 'Tennessee',
  TX: 'Texas',
  UT: 'Utah',
  VT: 'Vermont',
  VA: 'Virginia',
  WA: 'Washington',
  WV: 'West Virginia',
  WI: 'Wisconsin',
  WY: 'Wyoming',
  AB: 'Alberta',
  BC: 'British Columbia',
  MB: 'Manitoba',
  NB: 'New Brunswick',
  NL: 'Newfoundland and Labrador',
  NT: 'Northwest Territories',
  NS: 'Nova Scotia',
  NU: 'Nunavut',
  ON: 'Ontario',
  PE: 'Prince Edward Island',
  QC: 'Quebec',
  SK: 'Saskatchewan',
  YT: 'Yukon',
};

/** Spellings beside code and full name. */
const spellings: Record<string, string> = {
  'washington dc': 'DC',
  'washington d c': 'DC',
  'd c': 'DC',
  'washington state': 'WA',
  'new york state': 'NY',
  'n y': 'NY',
  'n j': 'NJ',
  'n h': 'NH',
  'n carolina': 'NC',
  's carolina': 'SC',
  'n dakota': 'ND',
  's dakota': 'SD',
  'w virginia': 'WV',
  'r i': 'RI',
  ala: 'AL',
  ariz: 'AZ',
  calif: 'CA',
  cali: 'CA',
  colo: 'CO',
  conn: 'CT',
  fla: 'FL',
  ill: 'IL',
  ind: 'IN',
  kans: 'KS',
  mass: 'MA',
  mich: 'MI',
  minn: 'MN',
  nebr: 'NE',
  nev: 'NV',
  okla: 'OK',
  ore: 'OR',
  penn: 'PA',
  penna: 'PA',
  tenn: 'TN',
  tex: 'TX',
  wash: 'WA',
  wisc: 'WI',
  newfoundland: 'NL',
  labrador: 'NL',
  pei: 'PE',
  'quebec province': 'QC',
  'province of quebec': 'QC',
  'yukon territory': 'YT',
};

const fold = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z]+/g, ' ')
    .trim();

const codes = new Map<string, string>(Object.entries(spellings));
for (const [code, name] of Object.entries(names)) {
  codes.set(code.toLowerCase(), code);
  codes.set(fold(name), code);
}

export const regions: readonly { code: string; name: string }[] = Object.entries(names).map(([code, name]) => ({ code, name }));

/** Two-letter code of a state or province written as code, name or common abbreviation. */
export const regionCode = (text: string): string | undefined => (text.length > 40 ? undefined : codes.get(fold(text)));

export const regionName = (code: string): string | undefined => names[code.trim().toUpperCase()];
