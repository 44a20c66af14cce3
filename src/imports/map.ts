import { fold } from '../core/names.ts';
import { AppError } from '../errors.ts';

/** The fields of a lead that a column may fill. */
const importFields = [
  'name',
  'phone',
  'email',
  'domain',
  'website',
  'street',
  'city',
  'state',
  'zip',
  'country',
  'industry',
  'employees',
  'contactName',
  'contactFirstName',
  'contactLastName',
  'contactTitle',
] as const;
export type ImportField = (typeof importFields)[number];

export interface Column {
  /** The header as written, made unique within the file. */
  header: string;
  /** The name under which a column without a field of its own is kept. */
  key: string;
  field?: ImportField;
  /** How sure the field is, 0-1; 0 without one. */
  confidence: number;
}

/** What headers say, by how sure they are of it. "Name" is the company unless another column says so better. */
const synonyms: Record<ImportField, { sure: string[]; likely?: string[]; perhaps?: string[] }> = {
  name: {
    sure: ['company name', 'company', 'business name', 'account name', 'organization name', 'organisation name', 'dealer name'],
    likely: ['name', 'business', 'account', 'organization', 'organisation', 'dealer', 'contractor', 'firm', 'firm name', 'dba'],
    perhaps: [
      'lead',
      'lead name',
      'customer',
      'customer name',
      'client',
      'client name',
      'prospect',
      'employer',
      'contractor name',
    ],
  },
  phone: {
    sure: ['phone', 'phone number', 'telephone', 'telephone number', 'tel', 'phone no', 'phone 1'],
    likely: ['tel no', 'business phone', 'work phone', 'office phone', 'main phone', 'company phone'],
    perhaps: ['mobile', 'mobile phone', 'mobile number', 'cell', 'cell phone', 'direct phone', 'contact number'],
  },
  email: {
    sure: ['email', 'e mail', 'email address', 'e mail address', 'mail'],
    likely: ['work email', 'business email', 'company email', 'email 1'],
    perhaps: ['contact email', 'primary email'],
  },
  domain: { sure: ['domain', 'domain name', 'company domain', 'web domain', 'email domain'] },
  website: {
    sure: ['website', 'web site', 'website url', 'homepage', 'home page', 'company website', 'web address'],
    likely: ['url', 'web', 'site', 'www', 'company url'],
  },
  street: {
    sure: ['street', 'street address', 'address 1', 'address line 1', 'street 1'],
    likely: ['address', 'adress', 'addr', 'mailing address', 'business address'],
    perhaps: ['full address', 'address full'],
  },
  city: { sure: ['city', 'town'], likely: ['city name', 'locality', 'city town'] },
  state: {
    sure: ['state', 'state province', 'state code', 'us state'],
    likely: ['province', 'region', 'state region'],
    perhaps: ['st'],
  },
  zip: {
    sure: ['zip', 'zip code', 'zipcode', 'postal code', 'postcode', 'zip postal code'],
    likely: ['postal', 'post code', 'plz', 'zip code postal code'],
  },
  country: { sure: ['country', 'country name', 'country code'], likely: ['nation', 'country region'] },
  industry: { sure: ['industry', 'sector'], likely: ['vertical', 'line of business', 'business type'], perhaps: ['category'] },
  employees: {
    sure: ['employees', 'employee count', 'number of employees', 'no of employees', 'num employees', 'headcount'],
    likely: ['company size', 'employee size', 'staff', 'team size', 'employee range'],
  },
  contactName: {
    sure: ['contact name', 'contact person', 'contact full name', 'full name', 'primary contact'],
    likely: ['contact', 'person', 'owner name', 'decision maker'],
    perhaps: ['name'],
  },
  contactFirstName: { sure: ['first name', 'firstname', 'contact first name', 'given name'] },
  contactLastName: { sure: ['last name', 'lastname', 'contact last name', 'surname', 'family name'] },
  contactTitle: { sure: ['job title', 'contact title', 'position'], likely: ['title', 'role', 'designation'] },
};

const certainty = { sure: 1, likely: 0.8, perhaps: 0.5 } as const;

const meanings = new Map<string, { field: ImportField; confidence: number }[]>();

/** "E-mail", "EMAIL" and "e_mail" are one header, and so are "CompanyName" and "company name". */
const spelling = (header: string): string => fold(header).replaceAll(' ', '');

for (const field of importFields) {
  for (const level of ['sure', 'likely', 'perhaps'] as const) {
    for (const word of synonyms[field][level] ?? []) {
      const key = spelling(word);
      const known = meanings.get(key) ?? [];
      if (!known.some((m) => m.field === field)) meanings.set(key, [...known, { field, confidence: certainty[level] }]);
    }
  }
}

/** Says what each column of a header means. A field is filled by one column, the surest and leftmost. */
export function mapColumns(headers: readonly string[]): Column[] {
  const columns = named(headers);
  const claims = columns.flatMap((column, index) =>
    (meanings.get(spelling(headers[index]!)) ?? []).map((m) => ({ ...m, column })),
  );
  claims.sort((a, b) => b.confidence - a.confidence);
  const taken = new Set<ImportField>();
  for (const { column, field, confidence } of claims) {
    if (column.field || taken.has(field)) continue;
    taken.add(field);
    column.field = field;
    column.confidence = confidence;
  }
  return columns;
}

/** Unique headers, and unique keys for attributes. */
function named(headers: readonly string[]): Column[] {
  const seen = { headers: new Set<string>(), keys: new Set<string>() };
  return headers.map((text, index) => {
    const written = text.replace(unprintable, ' ').replace(/\s+/g, ' ').trim().slice(0, longestHeader).toWellFormed();
    const header = written || `column ${index + 1}`;
    // No leading underscores: "__proto__" must not be the name of anything.
    const key =
      written
        .toLowerCase()
        .replace(/\s/g, '_')
        .replace(/^_+|_+$/g, '') || `column ${index + 1}`;
    return { header: unique(header, ' ', seen.headers), key: unique(key, '_', seen.keys), confidence: 0 };
  });
}

const longestHeader = 200;
const unprintable = /[\p{Cc}\p{Cf}]/gu;

function unique(name: string, joint: string, seen: Set<string>): string {
  let result = name;
  for (let n = 2; seen.has(result); n++) result = `${name}${joint}${n}`;
  seen.add(result);
  return result;
}

/** The mapping as people read it: header -> field, or where the column is kept. */
export function mappingInWords(columns: readonly Column[]): Record<string, string> {
  return Object.fromEntries(columns.map((c) => [c.header, c.field ?? `attributes.${c.key}`]));
}

/** A list needs at least a column of company names. */
export function requireName(columns: readonly Column[]): void {
  if (columns.some((c) => c.field === 'name')) return;
  const understood = columns.filter((c) => c.field).map((c) => ({ header: c.header, field: c.field! }));
  const headers = columns.map((c) => c.header);
  const some =
    headers.length > shownHeaders
      ? `${headers.slice(0, shownHeaders).join(', ')} and ${headers.length - shownHeaders} more`
      : headers.join(', ');
  const known = understood.length ? understood.map((u) => `"${u.header}" as ${u.field}`).join(', ') : 'none of them';
  throw new AppError(
    'invalid_input',
    `No column of this list holds company names. Its headers are: ${some}. Understood: ${known}. Name the column with the companies "Company" in the first line and send the file again.`,
    { details: { headers, understood } },
  );
}

const shownHeaders = 30;
