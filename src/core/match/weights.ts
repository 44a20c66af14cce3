/**
 * What each piece of evidence is worth, as log-odds that two records are one lead: one company at one place. They add up;
 * +2.2 is nine to one. Chosen so that no single agreement makes two records one: a name needs a place or a contact beside it,
 * a contact needs a name.
 */
export const weights = {
  /** Two records that merely met by a key. */
  prior: -4,

  // Words of the name that agree. Long unknown words are the company's own; a family name is shared by several in town.
  rareWord: [0, 0.6, 1.6, 2.2, 3, 3, 3.4],
  commonName: 1.6,
  genericWord: 0.5,
  tradeAgrees: 0.5,
  placeWord: 0.5,
  /** "24", "3rd". */
  number: 0.8,
  /** "A1", "3M": a name of its own, if a short one. */
  code: 1.4,
  /** Beyond this, more words add nothing. */
  mostForWords: 5.5,
  /** Nothing left over on either side. */
  nameEqual: 1,
  /** Nothing but typos that nobody takes for other names. */
  nameNearlyEqual: 0.5,

  // Words of the name that stand on one side only.
  extraRare: -1.2,
  extraCommon: -0.8,
  extraGeneric: -0.25,
  extraTrade: -0.4,
  /** "Acme" and "Acme 2" may be two sites. */
  extraNumber: -1.4,
  extraPlace: -0.3,
  /** A place in the name that is not where the other one is. */
  extraPlaceElsewhere: -1,

  // Words that contradict one another.
  otherWords: -3,
  otherGenerics: -1.5,
  otherTrades: -2.5,
  otherNumbers: -6.5,
  otherBranches: -5,
  /** Nothing distinctive in common. */
  unlike: -3,
  /** One name says nothing but its trade. */
  bland: -1.2,
  /** The letters of one are the initials of the other. */
  initials: 1,

  // Contacts that both have.
  phone: 5,
  /** Of the whole country: chains give the same one for every branch. */
  tollFree: 3.5,
  email: 5,
  /** The same host, not known to be shared. */
  domain: 4.3,
  /** A mailbox at that host agrees already. */
  domainBesideEmail: 0.8,
  /** "acme.com" and "acme.net", or one below the other. */
  domainAlike: 0.6,
  person: 1.5,

  // The same contact at another place speaks for the company, not for the lead.
  phoneElsewhere: 4,
  tollFreeElsewhere: 1.5,
  emailElsewhere: 3,
  domainElsewhere: 1.5,

  // Contacts that differ. Companies have several numbers (tracking numbers most of all), seldom several sites.
  otherPhone: -1.4,
  otherAreaCode: -1.8,
  otherTollFree: -0.4,
  /** ... of a company that its e-mail, domain or address proves. */
  otherPhoneBeside: -0.4,
  otherDomain: -1.5,

  // Places.
  address: 4,
  zip: 2.3,
  city: 1.8,
  cityAlone: 1.4,
  state: 0.3,
  nearby: -0.4,
  otherTown: -3.6,
  otherState: -5.5,
  otherCountry: -6,
  otherStreet: -1.5,
  /** Within one town. */
  otherZip: -0.5,
  /** Same name, same door: even "Quality Plumbing" is then one. */
  nameAndAddress: 1.5,
} as const;

/** Log-odds at which two records are merged (0.9), and from which on a person is asked (0.28). */
export const same = Math.log(0.9 / 0.1);
export const review = Math.log(0.28 / 0.72);
/** As far as a pair gets about which something speaks against being one lead: near the line, for a person to decide (0.85). */
export const ceiling = Math.log(0.85 / 0.15);
