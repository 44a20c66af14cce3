import { isFreeMail, isSharedHost, mailDomain, type WebPlace, webPlace } from '../../core/domains.ts';
import { leadStatusOf } from '../mapping/status.ts';
import type { CompanyRow, Conventions, Person } from '../table.ts';
import { employeesIn, usdIn } from './amounts.ts';
import { dateIn } from './dates.ts';
import { emailIn } from './emails.ts';
import { type Attributes, keep, lineOf } from './notes.ts';
import { type PersonCells, peopleIn } from './people.ts';
import { phoneIn } from './phones.ts';
import { placeOf } from './places.ts';
import { at, personAt, personPlaces, singlePlaces, type Values } from './row-values.ts';
import { isLong } from './text.ts';
import { websiteIn } from './websites.ts';

export type CleanRow = CompanyRow;

interface Plan {
  /** The numbers of the people of a row. */
  people: readonly number[];
  /** Under which key an address stays that could not be taken apart completely. */
  addressKey: string | undefined;
  conventions: Conventions;
}

export type RowMaker = (line: number, name: string, values: Values, attributes: Attributes) => CleanRow;

/** How the values of a row become its fields. */
export function rowMaker({ people: numbers, addressKey = 'address', conventions }: Plan): RowMaker {
  const { decimal, dates, country: home } = conventions;
  const plan = { home, addressKey };
  const labels = numbers.map((number, index) => (index === 0 && number === 1 ? 'contact' : `contact ${number}`));

  return (line, name, values, attributes) => {
    const written = lineOf(values[at.country], 'country', attributes);
    const place = placeOf(values, written, plan, attributes);
    const land = place.country ?? home;
    const phone = phoneIn(values[at.phone], land, 'phone', attributes);
    let email = emailIn(values[at.email], 'email', attributes);
    let site: WebPlace | undefined;
    if (values[at.website] !== undefined) {
      const found = websiteIn(values[at.website]!, attributes);
      if (found && 'email' in found) {
        if (email === undefined) email = found.email;
        else if (email !== found.email) keep(attributes, 'website (e-mail)', values[at.website]!);
      } else site = found;
    }
    const own = values[at.domain] === undefined ? undefined : ownDomain(values[at.domain]!, site, attributes);
    if (own && !site) site = own.site;

    let people: Person[] = [];
    for (let index = 0; index < labels.length; index++) {
      const cells = personCells(values, singlePlaces + index * personPlaces);
      if (!cells) continue;
      const label = labels[index]!;
      const toCompany = (address: string): void => {
        if (email === undefined) email = address;
        else if (email !== address) keep(attributes, `${label} email`, address);
      };
      people = withNew(people, peopleIn(cells, { label, country: land, attributes, toCompany }));
    }

    return {
      line,
      name,
      phone,
      email,
      domain: own?.host ?? (site && isOwn(site.host) ? site.host : undefined) ?? domainOfMail(email, people),
      website: site?.href,
      street: place.street,
      city: place.city,
      state: place.state,
      zip: place.zip,
      country: place.country ?? written,
      industry: lineOf(values[at.industry], 'industry', attributes),
      employees: values[at.employees] === undefined ? undefined : employeesIn(values[at.employees]!, decimal, attributes),
      status: values[at.status] === undefined ? undefined : statusIn(values[at.status]!, attributes),
      people,
      deal: dealOf(name, values, attributes),
      account: accountOf(values, attributes),
      attributes,
    };
  };

  function dealOf(name: string, values: Values, attributes: Attributes): CompanyRow['deal'] {
    const amount = values[at.dealAmount];
    const closes = values[at.dealCloses];
    const dealName = lineOf(values[at.dealName], 'deal name', attributes);
    const stage = lineOf(values[at.dealStage], 'deal stage', attributes);
    if (dealName === undefined && stage === undefined) {
      // Figures alone make no deal.
      if (amount !== undefined) keep(attributes, 'deal amount', amount);
      if (closes !== undefined) keep(attributes, 'deal closes', closes);
      return undefined;
    }
    return {
      name: dealName ?? name,
      stage,
      amountUsd: amount === undefined ? undefined : usdIn(amount, 'deal amount', decimal, attributes),
      closesAt: dateIn(closes, 'deal closes', dates, attributes),
    };
  }

  function accountOf(values: Values, attributes: Attributes): CompanyRow['account'] {
    if (values[at.accountSince] === undefined && values[at.accountMrr] === undefined && values[at.accountHealth] === undefined)
      return undefined;
    const since = dateIn(values[at.accountSince], 'account since', dates, attributes);
    const mrrUsd =
      values[at.accountMrr] === undefined ? undefined : usdIn(values[at.accountMrr]!, 'account mrr', decimal, attributes, true);
    const health = lineOf(values[at.accountHealth], 'account health', attributes);
    return (since ?? mrrUsd ?? health) === undefined ? undefined : { since, mrrUsd, health };
  }
}

function statusIn(text: string, attributes: Attributes): string | undefined {
  const status = leadStatusOf(text);
  // Other programs know finer shades of the same.
  if (status !== text.toLowerCase()) keep(attributes, 'status (as written)', text);
  return status;
}

const isOwn = (host: string): boolean => !isSharedHost(host) && !isFreeMail(host);

/** The domain that a list names; one that many companies share is an address at best. */
function ownDomain(
  text: string,
  site: WebPlace | undefined,
  attributes: Attributes,
): { host?: string; site?: WebPlace } | undefined {
  const found = isLong(text)
    ? undefined
    : (webPlace(text.slice(text.lastIndexOf('@') + 1)) ??
      (text.includes(' ') ? undefined : webPlace(text.replace(/[.,;/]+$/, ''))));
  if (!found) {
    keep(attributes, 'domain (unreadable)', text);
    return undefined;
  }
  if (text.includes('@')) keep(attributes, 'domain (as written)', text);
  if (isFreeMail(found.host)) keep(attributes, 'domain (free mail)', text);
  else if (isSharedHost(found.host)) {
    if (!site) return { site: found };
    if (site.host !== found.host) keep(attributes, 'domain (shared)', text);
  } else return { host: found.host, site: hasPath(found) ? found : undefined };
  return undefined;
}

const hasPath = ({ href }: WebPlace): boolean => href.indexOf('/', 8) < href.length - 1;

function domainOfMail(email: string | undefined, people: readonly Person[]): string | undefined {
  const domain = email && mailDomain(email);
  if (domain) return domain;
  for (const person of people) {
    const theirs = person.email && mailDomain(person.email);
    if (theirs) return theirs;
  }
  return undefined;
}

function personCells(values: Values, base: number): PersonCells | undefined {
  const name = values[base + personAt.personName];
  const first = values[base + personAt.personFirstName];
  const last = values[base + personAt.personLastName];
  const title = values[base + personAt.personTitle];
  const email = values[base + personAt.personEmail];
  const phone = values[base + personAt.personPhone];
  if ((name ?? first ?? last ?? title ?? email ?? phone) === undefined) return undefined;
  return { name, first, last, title, email, phone };
}

/** Lists repeat a person under two headings; the second time adds what the first left out. */
function withNew(people: Person[], more: readonly Person[]): Person[] {
  if (people.length === 0) return more as Person[];
  for (const person of more) {
    const same = people.find(
      (known) =>
        known.name.toLowerCase() === person.name.toLowerCase() &&
        agree(known.email, person.email) &&
        agree(known.phone, person.phone) &&
        agree(known.title, person.title),
    );
    if (same) {
      same.email ??= person.email;
      same.phone ??= person.phone;
      same.title ??= person.title;
    } else people.push(person);
  }
  return people;
}

const agree = (a: string | undefined, b: string | undefined): boolean => a === undefined || b === undefined || a === b;
