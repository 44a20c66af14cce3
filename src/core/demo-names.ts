import type { DemoPerson, DemoUser } from './demo.ts';
import type { LeadStatus } from './lead.ts';
import type { Tier } from './scoring.ts';

/** Words the sample workspace is made of. Companies, brands and people are invented; only places and area codes are real. */

export const demoUsers: readonly DemoUser[] = [
  { key: 'ann', handle: 'ann', name: 'Ann Reyes', email: 'ann.reyes@sales-agent-demo.example', role: 'rep' },
  { key: 'marcus', handle: 'marcus', name: 'Marcus Bell', email: 'marcus.bell@sales-agent-demo.example', role: 'rep' },
  { key: 'dana', handle: 'dana', name: 'Dana Okafor', email: 'dana.okafor@sales-agent-demo.example', role: 'manager' },
];

/** A kind of company: what it sells, how its name ends, which of the three trades it always has. */
export interface Trade {
  industry: string;
  suffixes: readonly string[];
  has: readonly ('hvac' | 'electrical' | 'plumbing')[];
}

export const trades = {
  electric: {
    industry: 'Electrical contractor',
    suffixes: ['Electric LLC', 'Electrical Contractors', 'Electric Co.'],
    has: ['electrical'],
  },
  hvac: { industry: 'HVAC contractor', suffixes: ['Heating & Air', 'HVAC', 'Climate Services LLC'], has: ['hvac'] },
  plumbing: { industry: 'Plumbing contractor', suffixes: ['Plumbing', 'Plumbing & Drain Inc.', 'Pipe Works'], has: ['plumbing'] },
  generator: {
    industry: 'Generator dealer',
    suffixes: ['Generator Co.', 'Standby Power', 'Backup Power LLC'],
    has: ['electrical'],
  },
  mechanical: { industry: 'Mechanical contractor', suffixes: ['Mechanical', 'Mechanical Inc.'], has: ['hvac', 'plumbing'] },
  equipment: {
    industry: 'Equipment dealer',
    suffixes: ['Equipment', 'Power Equipment Inc.', 'Energy Services'],
    has: ['electrical', 'hvac'],
  },
} as const satisfies Record<string, Trade>;
export type TradeKey = keyof typeof trades;

export interface Place {
  city: string;
  state: string;
  zip: string;
  areaCode: string;
}

const place = (city: string, state: string, zip: string, areaCode: string): Place => ({ city, state, zip, areaCode });

interface FixedLead {
  name: string;
  domain: string;
  trade: TradeKey;
  place: Place;
  /** Last two digits of the reserved number 555-01xx. */
  line: string;
  status: LeadStatus;
  owner: DemoPerson | null;
  tier: Tier;
}

/** The leads that every seed has, so that a tour of the product can name them. */
export const fixedLeads: readonly FixedLead[] = [
  {
    name: 'Northwind Electric LLC',
    domain: 'northwind-electric.example',
    trade: 'electric',
    place: place('Columbus', 'OH', '43215', '614'),
    line: '42',
    status: 'qualified',
    owner: 'local',
    tier: 'PLATINUM',
  },
  {
    name: 'Bluebonnet Generator Co.',
    domain: 'bluebonnet-generator.example',
    trade: 'generator',
    place: place('Austin', 'TX', '78701', '512'),
    line: '17',
    status: 'contacted',
    owner: 'local',
    tier: 'PLATINUM',
  },
  {
    name: 'Harbor Light HVAC',
    domain: 'harborlight-hvac.example',
    trade: 'hvac',
    place: place('Tampa', 'FL', '33602', '813'),
    line: '63',
    status: 'meeting',
    owner: 'ann',
    tier: 'GOLD',
  },
  {
    name: 'Summit Ridge Mechanical',
    domain: 'summitridge-mechanical.example',
    trade: 'mechanical',
    place: place('Denver', 'CO', '80202', '303'),
    line: '08',
    status: 'new',
    owner: null,
    tier: 'PLATINUM',
  },
  {
    name: 'Cedar Creek Plumbing',
    domain: 'cedarcreek-houston.example',
    trade: 'plumbing',
    place: place('Houston', 'TX', '77002', '713'),
    line: '26',
    status: 'contacted',
    owner: 'marcus',
    tier: 'SILVER',
  },
  {
    name: 'Cedar Creek Plumbing',
    domain: 'cedarcreek-atlanta.example',
    trade: 'plumbing',
    place: place('Atlanta', 'GA', '30303', '404'),
    line: '71',
    status: 'new',
    owner: null,
    tier: 'BRONZE',
  },
  {
    name: 'Prairie Power & Air',
    domain: 'prairie-power-air.example',
    trade: 'equipment',
    place: place('Tulsa', 'OK', '74103', '918'),
    line: '39',
    status: 'nurture',
    owner: 'local',
    tier: 'GOLD',
  },
  {
    name: 'Ironbark Energy Services',
    domain: 'ironbark-energy.example',
    trade: 'equipment',
    place: place('Phoenix', 'AZ', '85004', '602'),
    line: '54',
    status: 'won',
    owner: 'ann',
    tier: 'GOLD',
  },
  {
    name: 'A & B Standby Power Inc.',
    domain: 'ab-standby.example',
    trade: 'generator',
    place: place('Dallas', 'TX', '75201', '214'),
    line: '90',
    status: 'qualified',
    owner: 'marcus',
    tier: 'GOLD',
  },
  {
    name: 'École Climat Inc.',
    domain: 'ecole-climat.example',
    trade: 'hvac',
    place: place('Buffalo', 'NY', '14202', '716'),
    line: '33',
    status: 'contacted',
    owner: 'local',
    tier: 'SILVER',
  },
  {
    name: 'Won & Sons Electric',
    domain: 'wonandsons.example',
    trade: 'electric',
    place: place('San Jose', 'CA', '95113', '408'),
    line: '85',
    status: 'new',
    owner: null,
    tier: 'SILVER',
  },
  {
    name: 'Lakeshore Sewer, Heating & Electric',
    domain: 'lakeshore-she.example',
    trade: 'mechanical',
    place: place('Chicago', 'IL', '60604', '312'),
    line: '11',
    status: 'contacted',
    owner: 'local',
    tier: 'GOLD',
  },
];

export const places: readonly Place[] = [
  place('Cleveland', 'OH', '44113', '216'),
  place('Cincinnati', 'OH', '45202', '513'),
  place('San Antonio', 'TX', '78205', '210'),
  place('Fort Worth', 'TX', '76102', '817'),
  place('Houston', 'TX', '77002', '713'),
  place('Orlando', 'FL', '32801', '407'),
  place('Jacksonville', 'FL', '32202', '904'),
  place('Colorado Springs', 'CO', '80903', '719'),
  place('Savannah', 'GA', '31401', '912'),
  place('Oklahoma City', 'OK', '73102', '405'),
  place('Tucson', 'AZ', '85701', '520'),
  place('Rochester', 'NY', '14604', '585'),
  place('Albany', 'NY', '12207', '518'),
  place('Sacramento', 'CA', '95814', '916'),
  place('Fresno', 'CA', '93721', '559'),
  place('San Diego', 'CA', '92101', '619'),
  place('Peoria', 'IL', '61602', '309'),
  place('Charlotte', 'NC', '28202', '704'),
  place('Raleigh', 'NC', '27601', '919'),
  place('Nashville', 'TN', '37203', '615'),
  place('Knoxville', 'TN', '37902', '865'),
  place('Richmond', 'VA', '23219', '804'),
  place('Minneapolis', 'MN', '55401', '612'),
  place('Des Moines', 'IA', '50309', '515'),
  place('Omaha', 'NE', '68102', '402'),
  place('Kansas City', 'MO', '64105', '816'),
  place('St. Louis', 'MO', '63101', '314'),
  place('Portland', 'OR', '97204', '503'),
  place('Seattle', 'WA', '98101', '206'),
  place('Spokane', 'WA', '99201', '509'),
  place('Boise', 'ID', '83702', '208'),
  place('Salt Lake City', 'UT', '84101', '801'),
  place('Albuquerque', 'NM', '87102', '505'),
  place('Pittsburgh', 'PA', '15222', '412'),
  place('Grand Rapids', 'MI', '49503', '616'),
  place('Indianapolis', 'IN', '46204', '317'),
  place('Louisville', 'KY', '40202', '502'),
  place('New Orleans', 'LA', '70112', '504'),
  place('Charleston', 'SC', '29401', '843'),
];

/** Coined words rather than landmarks: a name made of a landmark and a trade nearly always belongs to somebody. */
const stems = `Quillhaven Brackenfell Thistlemoor Ashmarrow Dunmerrow Fennimarsh Larkhollow Gantrywell Cobblemere Wrenfield
  Emberquay Saltmarrow Hollowfen Juniperhall Kettlemoor Larchwick Mistlefen Nettlecombe Oxbowen Pebblewyn Quarrelle Rushmarrow
  Sorrelwick Tansyford Umberfell Vesperlow Willowmark Yarrowgate Zephyrmere Alderquill Birchmarrow Copperlyn Driftwyn Elmsgarth
  Flintquay Gorsewell Heatherlow Inkberrow Jasperfen Kilnmarrow Lanternfell Marlquay Northmarrow Otterwyn Plumegarth Quenchwell
  Rooksmere Slatefen Tallowick Undermarsh Vinequay Wickerfell Yewgarth Zinniahall`;
export const companyStems: readonly string[] = stems.split(/\s+/);

/** Makers of generators and HVAC equipment, as unreal as the dealers. */
export const makers: readonly string[] = 'Voltmarrow,Arctavane,Gridholm,Kestrafit,Hydrolune,Emberwatt,Polarquay,Sunhatchet'.split(
  ',',
);
export const certifications: readonly string[] = [
  'EPA 608 Universal',
  'Master Electrician',
  'Backflow Tester',
  'Factory Service Level 2',
  'OSHA 30',
];

export const firstNames: readonly string[] =
  `Priya Tom Luis Hannah Derek Mei Carla Oscar Joanne Ravi Sheila Victor Nadia Earl Bianca Glenn
  Rosa Keith Amara Doug Lena Hector Paula Wes Ingrid Curtis`.split(/\s+/);
export const lastNames: readonly string[] =
  `Venn Castellan Oduya Marsh Pellerin Tran Hobbs Lindqvist Arroyo Whitcomb Sato Barlowe Nkemelu Foss
  Delacroix Yates Ibarra Kowal Mbeki Strand Quinlan Rosen Haddad Voss Penrose Achebe`.split(/\s+/);
export const titles: readonly string[] = [
  'Owner',
  'Operations Manager',
  'Service Manager',
  'Office Manager',
  'General Manager',
  'Purchasing',
  'Estimator',
];
export const streets: readonly string[] = [
  'Foundry St',
  'Mill Race Rd',
  'Depot Ave',
  'Gristmill Ln',
  'Tannery Row',
  'Switchyard Dr',
  'Old Quarry Rd',
  'Cannery Blvd',
];
