/**
 * What headers are called, by the thing they name and by how plainly they name it. Spelling, case, accents and punctuation do not
 * matter ("E-Mail", "EMAIL" and "e_mail" are one); numbers and whose it is ("Contact 2 E-mail") are read apart from these words.
 */

/** The things a header may name. Which field that is depends on whose it is: a company's, a person's or a deal's. */
export type Noun =
  | 'company'
  | 'name'
  | 'person'
  | 'firstName'
  | 'lastName'
  | 'title'
  | 'email'
  | 'phone'
  | 'direct'
  | 'domain'
  | 'website'
  | 'link'
  | 'street'
  | 'address'
  | 'place'
  | 'city'
  | 'state'
  | 'zip'
  | 'country'
  | 'industry'
  | 'employees'
  | 'status'
  | 'leadStatus'
  | 'stage'
  | 'dealName'
  | 'dealStage'
  | 'amount'
  | 'closes'
  | 'since'
  | 'mrr'
  | 'health';

export interface Words {
  sure?: string;
  likely?: string;
  perhaps?: string;
}

export const nouns: Record<Noun, Words> = {
  company: {
    sure: `company, company name, business name, account name, organization name, organisation name, organization, company account,
      dealer name, firm name, co name, trade name, trading name, legal business name, full business name, legal name, legal entity name,
      company legal name, company or account, name of company, name of business, associated company, primary associated company,
      firma, firmenname, name der firma, unternehmen, unternehmensname, firmenbezeichnung, entreprise, nom de l entreprise,
      nom entreprise, nom de la societe, societe, nom societe, raison sociale, empresa, nombre de la empresa, nombre empresa,
      nombre de empresa, razon social, nome azienda, azienda, ragione sociale, bedrijf, bedrijfsnaam, nome da empresa,
      nazwa firmy, display company name, current company, current company name, account company`,
    likely: `business, account, org, co, organisation, dealer, contractor, contractor name, firm, dba, dba name, doing business as, establishment,
      establishment name, facility name, store name, place name, shop name, vendor name, supplier name, practice name, entity name,
      company 1, bedrijf naam, etablissement, compania, negocio, betrieb, kunde firma, licensee business name, merchant name,
      school name, agency name, brokerage, restaurant name, client company, customer company`,
    perhaps: `member, member name, participant company, lead, lead name, customer, customer name, client, client name, prospect, prospect name, employer, employer name, vendor,
      supplier, licensee, licensee name, distributor, installer, installer name, partner, partner name, brand name, store, agency, kunde,
      kundenname, client nom, cliente, entity, buyer, company name for emails, display name`,
  },
  name: { likely: 'name, nom, nombre, names, bezeichnung, naam, nome, nazwa, denomination' },
  person: {
    sure: `full name, contact name, contact full name, contact person name, person name, your name, vollstandiger name, nom complet,
      nombre completo, name of contact, name contact, file as, ansprechpartner name, nom du contact, nombre del contacto,
      nombre de contacto, contact person full name`,
    likely: 'employee name, attendee, attendee name, fullname, volledige naam, registrant, individual name',
  },
  firstName: {
    sure: `first name, first, given name, forename, fname, f name, first nm, name first, vorname, prenom, nombre de pila, nombres,
      nome proprio, voornaam, imie`,
  },
  lastName: {
    sure: `last name, last, surname, family name, lname, l name, last nm, name last, nachname, familienname, zuname, nom de famille,
      apellido, apellidos, cognome, achternaam, nazwisko, sobrenome`,
  },
  title: {
    sure: 'job title, position, job position, current title, current position, berufsbezeichnung, fonction, intitule du poste, cargo, puesto',
    likely: `title, role, designation, job, job role, current job, occupation, organization title, function, poste, stellung, funktion, rolle,
      titel, functie, ruolo, headline title, title position, position title`,
  },
  email: {
    sure: `email, e mail, email address, e mail address, mail, email addr, email id, email value, emails, e mails, mail address, courriel,
      adresse email, adresse mail, adresse e mail, adresse electronique, correo, correo electronico, direccion de correo, e mail adresse,
      mailadresse, emailadresse, posta elettronica, indirizzo email, mail id`,
    likely:
      'work email, email work, email work address, business email, business e mail, professional email, verified email, work e mail, main email, email 1 address, best email, valid email',
    perhaps: 'personal email, email home, home email, private email, email other, found email, email found',
  },
  phone: {
    sure: `phone, phone number, telephone, telephone number, tel, phone no, tel no, tel number, telephone no, phone value, phone num, ph,
      ph no, phone nr, telefon, telefonnummer, telefonnr, tel nr, rufnummer, festnetz, numero de telephone, no de telephone, telefono,
      numero de telefono, telefon number, telefoon, telefoonnummer, numero di telefono, telefone, phones, phone numbers, display phone, phone formatted, formatted phone number, international phone number`,
    likely: `business phone, work phone, phone work, office phone, main phone, company phone, corporate phone, business telephone,
      company main phone, switchboard, phone office, business phone number, contact number, contact no, contact phone number, tel office,
      phone main, zentrale, geschaftlich, telefon geschaftlich, calling number, landline`,
    perhaps: 'phone unformatted, toll free, toll free number, phone other, whatsapp',
  },
  direct: {
    sure: `mobile, mobile phone, mobile number, mobile phone number, mobile no, cell, cell phone, cell number, cell phone number, cellphone,
      cellular, phone mobile, phone cell, direct, direct phone, direct phone number, direct dial, direct line, direct number, work direct phone,
      handy, handynummer, mobil, mobilnummer, mobiltelefon, durchwahl, portable, telephone portable, movil, celular, telefono movil,
      mobiel, cellulare, ligne directe, telemovel`,
    perhaps: 'home phone, phone home, personal phone, private phone, home telephone, personal number',
  },
  domain: {
    sure: 'domain, domain name, company domain, web domain, email domain, company domain name, website domain, root domain, primary domain, domaine, dominio',
  },
  website: {
    sure: `website, web site, website url, homepage, home page, company website, web address, website address, webseite, internetseite, webpage,
      web page, site web, site internet, sitio web, pagina web, sito web, sito, internet, website value, company website url, site url,
      websites, web url, internetadresse`,
    likely: 'web, site, www, company web, corporate website',
  },
  link: { likely: 'url, company url, link, links, url website, business url' },
  street: {
    sure: `street, street address, street name, address 1, address line 1, address line1, street 1, street line 1, street address 1,
      street address line 1, addr 1, addr line 1, address street, mailing street, strasse, strasse hausnummer, strasse und hausnummer,
      strasse nr, str nr, str, anschrift strasse, rue, numero et rue, calle, calle y numero, straat, ulica, indirizzo via, full street, thoroughfare`,
  },
  address: {
    sure: `address, full address, address full, formatted address, complete address, mailing address, business address, address formatted,
      adresse, anschrift, direccion, adresse complete, direccion completa, indirizzo, adres, endereco, domicilio, postanschrift,
      postal address, complete mailing address`,
    likely: 'adress, addr, location address, adresse postale, address text, single line address, domicile',
  },
  place: {
    likely: `city state zip, city state, city st zip, city st, city state zip code, city and state, city state and zip, town state, plz ort,
      plz und ort, code postal ville, ort plz, city state postal code, city state country`,
    perhaps:
      'location, locality region, headquarters location, company headquarters, headquarters, hq, hq location, area, geography, based in, standort',
  },
  city: {
    sure: 'city, town, post town, ville, ort, stadt, wohnort, ciudad, citta, plaats, cidade, miasto, commune, municipality, localidad, poblacion, city name, city town, gemeinde',
    likely: 'locality, suburb, municipio, comune, borough city',
  },
  state: {
    sure: `state, state province, state code, us state, state region, province state, bundesland, state abbreviation, state abbr, estado,
      state name, state prov, st prov, state or province, state province region`,
    likely:
      'province, region, provincia, departement, region state, land state, prov, kanton, stato, wojewodztwo, administrative area',
    perhaps: 'st, etat',
  },
  zip: {
    sure: `zip, zip code, zipcode, postal code, postcode, post code, zip postal code, plz, postleitzahl, code postal, cp, codigo postal, cap,
      zip5, zip 5, zip plus 4, postal zip, zip or postal code, cep, kod pocztowy, postal zip code, zip code postal code`,
    likely: 'postal, postal number, zip4 code, npa',
  },
  country: {
    sure: 'country, country name, country code, pays, pais, staat, land, country region, paese, kraj, country iso',
    likely: 'nation, country territory',
  },
  industry: {
    sure: 'industry, sector, branche, industrie, secteur, secteur d activite, industria, primary industry, industry name, settore, rubro',
    likely:
      'vertical, line of business, business type, industries, trade, business category, category name, main category, sector de actividad, type of business, giro',
    perhaps: 'category, categories, specialty, business categories, subtypes, main type, all industries',
  },
  employees: {
    sure: `employees, employee count, number of employees, no of employees, num employees, headcount, employees count, total employees,
      nr of employees, mitarbeiter, mitarbeiterzahl, anzahl mitarbeiter, effectif, nombre d employes, nombre de salaries, empleados,
      numero de empleados, dipendenti, number employees, employees total, full time employees, head count, estimated num employees`,
    likely:
      'company size, employee size, staff, team size, employee range, employees range, size range, staff count, staff size, firm size, unternehmensgrosse, taille, taille de l entreprise, tamano de la empresa, num of employees, company headcount, workforce',
    perhaps: 'size, number of staff, ftes, fte',
  },
  leadStatus: {
    sure: 'lead status, contact status label, prospect status, sales status, lead state, leadstatus, status des leads, outreach status',
    perhaps: 'lead stage, contact stage, account stage, lifecycle stage, prospect stage, person stage, company stage',
  },
  status: { likely: 'status, status label, statut, estado del lead, current status, stato del lead' },
  stage: {
    likely: 'stage, pipeline stage, stage name, sales stage, phase, etape, etapa, fase, verkaufsphase, verkaufschance phase',
  },
  dealName: {
    sure: 'deal name, opportunity name, opportunity, deal title, deal, opp name, opportunity title, verkaufschance, opportunite, oportunidad, nombre del negocio, affaire, transaction name, deal name title',
    perhaps: 'project name, project, quote name, estimate name, job name',
  },
  dealStage: {
    sure: 'deal stage, opportunity stage, opp stage, deal pipeline stage, deal stage name, opportunity stage name, deal phase',
  },
  amount: {
    sure: 'amount, deal amount, deal value, opportunity amount, opportunity value, deal size, amount usd, lead value, montant, betrag, importe, monto, volumen, opp amount, contract value',
    likely:
      'value, expected revenue, est revenue, estimated revenue, est value, forecast amount, total value, deal total, estimated value, wert, valor, potential value, quote amount, estimate amount, amount in company currency, total contract value, tcv',
    perhaps: 'weighted amount, weighted value, price, total',
  },
  closes: {
    sure: 'close date, closing date, expected close date, deal close date, opportunity close date, estimated close date, est close date, est close, abschlussdatum, date de cloture, fecha de cierre, forecast close date, projected close date, target close date, expected closing',
    likely:
      'closes, close, closing, expected close, due close, closed date, anticipated close date, abschluss, geplanter abschluss, erwarteter abschluss, voraussichtlicher abschluss',
  },
  since: {
    sure: 'customer since, client since, account since, kunde seit, client depuis, cliente desde, became a customer, became a customer date, customer start date',
    perhaps: 'contract start date, contract start, subscription start date, subscription start, onboarded, onboarding date',
  },
  mrr: { sure: 'mrr, monthly recurring revenue, mrr usd, current mrr, account mrr, monthly recurring, monthly subscription' },
  health: {
    sure: 'health score, account health, customer health, customer health score, account health score',
    likely: 'health, csm health, health status',
  },
};

/**
 * Whole headers that look like one of the above and are something else: people and dates of the system that the list comes from,
 * second lines of an address, the state of an address instead of the address.
 */
export const otherThings = `fax, fax number, business fax, company fax, home fax, account owner, contact owner, lead owner, deal owner, opportunity owner, person owner, organization owner, organisation owner, prospect owner, task owner,
  hubspot owner, record owner, owner id, owner email id, assigned to, assigned, sales rep, sales owner, rep, created by, modified by, last modified by,
  last contact, first contact, next contact, last contacted, last name suffix, middle name, middle initial, suffix, prefix, salutation, honorific,
  nickname, maiden name, address 2, address 3, address line 2, address line2, address line 3, street 2, street 3, street line 2, street address 2,
  street address line 2, addr 2, suite, unit, apt, po box, county, lead source, email status, email sent, email open, email type, phone type,
  company number, company no, company category, customer number, customer no, account no, acct number, acct no, client number, client no, lead number, dealer number,
  business number, store number, contractor number, vendor number, member number, organization number, location number, contact type,
  company type, account type, account status, account number, account id, parent account, parent company, company linkedin url,
  person linkedin url, contact id, company id, user status, license status, licence status, primary status, secondary status, deal status,
  opportunity status, business status, assistant phone, assistants phone, assistant s phone, anrede, civilite, last activity, annual revenue, arr, renewal,
  renewal date, job title level, state license, country calling code, name suffix, name prefix, first touch, last touch, state of incorporation,
  phonetic first name, phonetic last name, phonetic middle name, registered agent, registered agent name, deal type, deal id, opportunity id, deal probability, deal source, user name, username`;

/** Headers that only the exports of a CRM have: in such a list the "Owner" is one of our own people. */
export const systemHeaders = `record id, id hubspot, create date, created date, last modified date, last activity date, lifecycle stage, account id, lead id,
  lead source, hubspot owner, deal name, opportunity name, deal stage, pipeline, apollo contact id, apollo account id, contact owner, account owner,
  lead owner, date added, created on, record type, deal created, add time, update time, opportunity stage, last activity, next activity date, close date, deal value, lead status, priority, owned by, next step, subitems, lead score, sales rep, salesperson, pipeline stage,
  do not modify account, do not modify contact, do not modify lead, do not modify row checksum, do not modify modified on, status reason`;

/** Whose the thing is: words before (or after) its name, and how much less sure a header with them is. */
export const companyOwners: Record<string, number> = {
  company: 1,
  business: 1,
  bus: 0.95,
  acct: 1,
  'bill to': 1,
  'sold to': 0.95,
  'ship to': 0.7,
  'reg address': 0.95,
  'registered address': 0.95,
  'registered office': 0.95,
  account: 1,
  organization: 1,
  organisation: 1,
  org: 1,
  corporate: 1,
  corp: 1,
  firm: 1,
  hq: 1,
  headquarters: 1,
  'head office': 1,
  'company hq': 1,
  employer: 0.95,
  main: 1,
  office: 0.95,
  general: 1,
  billing: 1,
  physical: 1,
  dealer: 1,
  contractor: 1,
  customer: 0.95,
  client: 0.95,
  store: 0.95,
  branch: 0.9,
  location: 0.95,
  facility: 0.95,
  premise: 0.95,
  establishment: 1,
  site: 0.95,
  address: 1,
  mailing: 0.9,
  registered: 0.85,
  legal: 0.85,
  postal: 0.85,
  shipping: 0.7,
  firmen: 1,
  unternehmens: 1,
  entreprise: 1,
  'de la empresa': 1,
  'de l entreprise': 1,
  'de empresa': 1,
  empresa: 1,
};

/** Words that say nothing about whose it is, between or before the others. */
export const fillers = [
  'primary',
  'main',
  'default',
  'preferred',
  'best',
  'work',
  'current',
  'lead',
  'prospect',
  'licensee',
  'principal s',
  'home or',
  'all',
  'the',
];

/** A second or third one of something. */
export const ordinals: Record<string, number> = {
  primary: 1,
  main: 1,
  secondary: 2,
  second: 2,
  alternate: 2,
  alternative: 2,
  alt: 2,
  additional: 2,
  other: 2,
  backup: 2,
  third: 3,
  fourth: 4,
};

/** Words for a person of the company. The same group of words means the same person; '' is whoever a row is about. */
export const personOwners: Record<string, string> = {
  contact: '',
  'contact person': '',
  'contact persons': '',
  'point of contact': '',
  poc: '',
  person: '',
  people: '',
  'key contact': '',
  'business contact': '',
  'company contact': '',
  'main contact': '',
  'lead contact': '',
  'first contact': '',
  'associated contact': '',
  'principal contact': '',
  ansprechpartner: '',
  ansprechpartnerin: '',
  kontakt: '',
  kontaktperson: '',
  interlocuteur: '',
  contacto: '',
  'persona de contacto': '',
  'personne de contact': '',
  'du contact': '',
  'del contacto': '',
  'de contacto': '',
  contactpersoon: '',
  attendee: '',
  registrant: '',
  participant: '',
  delegate: '',
  referente: '',
  'decision maker': 'decision maker',
  owner: 'owner',
  'business owner': 'owner',
  'company owner': 'owner',
  'owner operator': 'owner',
  inhaber: 'owner',
  proprietor: 'owner',
  propietario: 'owner',
  proprietaire: 'owner',
  gerant: 'manager',
  gerente: 'manager',
  geschaftsfuhrer: 'ceo',
  ceo: 'ceo',
  president: 'president',
  'vice president': 'vp',
  vp: 'vp',
  'vp operations': 'vp operations',
  'vp ops': 'vp operations',
  'vp sales': 'vp sales',
  cfo: 'cfo',
  coo: 'coo',
  cto: 'cto',
  cio: 'cio',
  cmo: 'cmo',
  'managing director': 'ceo',
  chairman: 'chairman',
  treasurer: 'treasurer',
  secretary: 'secretary',
  controller: 'controller',
  'operations manager': 'operations manager',
  'purchasing manager': 'purchasing manager',
  'project manager': 'project manager',
  'service manager': 'service manager',
  founder: 'founder',
  dirigeant: 'ceo',
  principal: 'principal',
  manager: 'manager',
  'general manager': 'manager',
  'office manager': 'office manager',
  director: 'director',
  officer: 'officer',
  agent: 'agent',
  'qualifying agent': 'qualifier',
  'qualifying individual': 'qualifier',
  qualifier: 'qualifier',
  'responsible managing officer': 'qualifier',
  executive: 'executive',
  'key executive': 'executive',
  'billing contact': 'billing contact',
  'technical contact': 'technical contact',
  'sales contact': 'sales contact',
  'emergency contact': 'emergency contact',
};

/** Words in front of what belongs to a deal. */
export const dealOwners = ['deal', 'opportunity', 'opp', 'verkaufschance', 'affaire'];

/**
 * Words in a header that no synonym knows which say that its e-mails, phones and links are not where the company is reached:
 * they belong to our own people, to pages about the company, to other companies, or they are numbers of a register.
 */
export const foreignWords = new Set(
  `fax assistant rep reps owner owned created creator modified updated assigned agent user users our source sourced scraped parent referral referred
   referrer competitor competitors linkedin facebook instagram twitter youtube tiktok pinterest social maps map google photo photos image images logo
   avatar picture link links permalink review reviews privacy unsubscribe bounced emergency invoice insurance insurer surety bond notes note
   description comment comments id ids uuid guid license licence lic permit ein npi tax vat sku serial ref reference calendar video search query
   cc bcc from broker lender manufacturer brand vendor supplier previous former past old yelp bbb profile listing
   place tracking utm campaign latitude longitude lat lng coordinates timestamp hash token unit suite middle assistant s spouse`.split(
    /\s+/,
  ),
);
