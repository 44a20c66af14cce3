import { legalForms } from '../names.ts';
import { regions } from '../regions.ts';
import { hashText } from './hash.ts';

/**
 * What a word of a company name is worth: words that thousands of companies carry tell little, numbers and directions
 * tell one branch or brand from the next, all others are taken for distinctive.
 */
export const Kind = {
  /** Nothing known about it: the words by which a company is recognised. */
  rare: 0,
  /** Family and given names so frequent that every town has several. */
  common: 1,
  generic: 2,
  trade: 3,
  place: 4,
  number: 5,
  direction: 6,
  /** Left out: "Inc", "the", "and". */
  silent: 7,
  /** Between two names of one company: "Holdings LLC dba Smith Plumbing", "Smith Plumbing (formerly Jones)". */
  alias: 8,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

/** A word in its canonical spelling. */
export interface Term {
  text: string;
  kind: Kind;
  /** Of a trade: one bit per trade, several where a word covers several. */
  trades: number;
  hash: number;
}

/** Canonical spelling first, then what is read as the same; words without a partner stand alone. One trade a line. */
const tradeLines = `
electric=electrical,electrician,elec,elect,elctrc,electrics,electricity wiring lighting
plumbing=plumber,plbg,plmbg,plumb,plmb drain=drainage sewer=septic rooter
heating=heat,htg,htng,heater cooling=cool,clg ac=conditioning,conditioner hvac=hvacr,htgclg,hc air furnace boiler refrigeration=refrig,rfrg
solar=photovoltaic,pv renewable
generator=generac,gen,genset standby
roofing=roof,roofer siding gutter
construction=const,constr,construct contracting=contractor,contr,contract builder=bldr,build remodeling=remodel,remodeler,renovation carpentry concrete masonry fencing=fence paving excavating=excavation
landscaping=landscape,landscaper,lawn,lawncare irrigation nursery
painting=painter,paint drywall
flooring=floor carpet tile
cleaning=cleaner,janitorial,maid restoration
pest=exterminating,exterminator termite
security=alarm locksmith lock
auto=automotive,collision,garage tire motor=mtr bodyshop
trucking=transport,transportation,logistics,freight,hauling towing=tow moving=mover
dental=dentist,dentistry,orthodontics
medical=clinic,healthcare,health,physician hospital pharmacy therapy=therapist,chiropractic
law=attorney,lawyer,legal
insurance=ins,insurer
realty=realtor,realestate
restaurant=cafe,grill,pizza,pizzeria,bakery,catering,diner bar
software=it,computer,computing,cyber digital
marketing=advertising,media consulting=consultant,consultancy
accounting=cpa,bookkeeping,tax finance=financial,capital bank=banking
school=academy,learning,training
fitness=gym,yoga salon=barber,spa
pool=spas
glass=window,door
welding=weld,fabrication,machining,machine
tree=arborist
veterinary=vet,animal pet
printing=print,printer sign=signage`;
/** Trades that share bits with others: who does one of them may well be listed under the other. */
const wideTrades: Record<string, readonly string[]> = { 'mechanical=mech': ['heating', 'plumbing'], appliance: ['heating'] };

const genericWords = `
service=svc,svcs,srv,srvc,srvs,serv,servicing solution=soln,solns system=sys,syst group=grp enterprise=ent,entp industry=ind,indus international=intl
national=natl,nationwide association=assn associate=assoc,assocs brother=bro,bros son daughter family management=mgmt,mgt manufacturing=mfg,manufacturer,mfr
distributor=dist,distribution,distributing supply=supplier equipment=equip technology=tech,technologic,technician center=centre,ctr department=dept university=univ
engineering=eng,engr,engineer,engineered maintenance=maint installation=install,installer,inst repair=rpr commercial=comm,coml residential=resi,res industrial
home=house,hm property=properties energy power=pwr water=wtr green total complete quality=qlty best better all any american=amer,america usa=us united global world=worldwide
first pro=professional,prof premier premium elite superior advanced=adv,advance precision reliable custom general=gen master expert express rapid quick fast=speedy ace
aaa abc city county state country metro valley central coast coastal community local star holding venture partner trust trusted smart modern big little prime
control=ctrl design product=prod work=wks care comfort emergency specialist specialty specialties company building=bldg,bldgs development=dev one hour day
alliance affordable budget discount value honest friendly super ultra max plus perfect ideal integrity dependable certified licensed independent universal standard
sun sunshine sunrise blue red golden silver white black gold royal eagle lion patriot liberty freedom heritage legacy pioneer frontier summit pinnacle apex peak
lake mountain river bay ocean island park hill creek spring field beach harbor st=saint,street,str mount=mt fort=ft point=pt avenue=ave
environmental=enviro,environment indoor outdoor dynamic innovative creative strategic resource=res network operation project business=biz office shop store outlet
trade trading import export inter exchange club foundation institute society corporation farm ranch market mart depot hub lab laboratories laboratory
brand communication telecom electronics=electronic electro digital data info information web online hospitality entertainment event travel tour
el la los las le les church baptist methodist lutheran catholic presbyterian christian temple library museum college
firm agency agent studio gallery team crew guy man men doctor=dr,dds,md king queen boy hands handyman care center people person
24 247 7 365 hr call now today go my your our we us`;

/** Without the s that many end in, see singularOf. */
const commonNames = `
smith johnson william brown jone miller davis garcia rodriguez wilson martinez anderson taylor thomas moore jackson martin lee thompson harris clark lewis
robinson walker young allen king wright scott hill green adam baker nelson carter mitchell robert turner phillip=philip campbell parker evan edward
collin stewart morris murphy cook roger morgan cooper peterson reed bailey bell kelly ward cox richardson watson brook wood gray jame
bennett hughe price myer long foster sander ross perez sanchez hernandez lopez gonzalez ramirez torres rivera gomez diaz
john mike michael dave david bob bill joe jim tom dan daniel mark paul steve steven chris jeff ken tim tony rick richard ron gary larry jerry terry ray frank george
charle charlie eric kevin brian matt andy sam ben jack nick greg keith don doug ed eddie fred harry henry jay jeffrey jose juan carlos luis mario pat peter phil
stephen stephenson stevenson johnston hansen hanson olson olsen larson larsen andersen peter petersen jensen nielsen christensen reid read snyder clarke
greene browne sullivan murray graham fisher ryan owen hunt porter gordon shaw holmes robertson patterson reynolds griffin wallace cole hayes russell powell butler barnes patel nguyen chen singh khan
schmidt mueller=muller,mller meyer=meier,mayer schneider fischer weber wagner becker hoffmann=hoffman muellner dubois martinelli rossi russo ferrari`;

/** Roman numbers, junior and senior tell one from the next as figures do. */
const numberWords =
  'ii=2 iii=3 iv=4 vi=6 vii=7 viii=8 jr=jr sr=sr junior=jr zero=0 one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 second=2nd third=3rd fourth=4th fifth=5th';
/** "Fourth" as "4th": streets are written both ways too. */
export const numbersInWords = numberWords.split(' ').map((pair) => pair.split('=') as [string, string]);
const directionWords =
  'north=northern south=southern,so east=eastern west=western northeast=ne,northeastern northwest=nw,northwestern southeast=se,southeastern southwest=sw,southwestern upper lower old new';
const silentWords = 'the and of und by for in at with';
const aliasWords = 'dba aka fka formerly';
/** Legal forms of few letters or with another meaning: left out only at the end of a name. */
const endingForms: ReadonlySet<string> = new Set(
  'ag kg ug ek ev sa sl slu bv nv ab as oy asa kk gk bt pa lc psc pte cv de ltee enr et al tic sti'.split(' '),
);

export const isLegalForm = (word: string): boolean => legalForms.has(word);
export const isEndingForm = (word: string): boolean => endingForms.has(word);
/** "S.p.A." was written letter by letter; "Spa" alone is a business of its own kind. */
export const isSpelledForm = (letters: string): boolean =>
  letters === 'spa' || endingForms.has(letters) || legalForms.has(letters);

const terms = new Map<string, Term>();

function put(line: string, kind: Kind, trades = 0): void {
  for (const entry of line.split(/\s+/).filter(Boolean)) {
    const [canonical, others] = entry.split('=') as [string, string?];
    const spellings = kind === Kind.number ? [canonical] : [canonical, ...(others?.split(',') ?? [])];
    const text = kind === Kind.number ? others! : canonical;
    const term: Term = { text, kind, trades, hash: hashText(text) };
    // The first table that knows a word wins.
    for (const spelling of spellings) if (!terms.has(spelling)) terms.set(spelling, term);
  }
}

put(silentWords, Kind.silent);
put(aliasWords, Kind.alias);
put(numberWords, Kind.number);
put(directionWords, Kind.direction);
const lines = tradeLines.trim().split('\n');
const bitOf = new Map<string, number>();
for (const [index, line] of lines.entries()) {
  put(line, Kind.trade, 1 << index);
  bitOf.set(line.split(/[= ]/, 1)[0]!, 1 << index);
}
for (const [word, covers] of Object.entries(wideTrades))
  put(
    word,
    Kind.trade,
    covers.reduce((bits, trade) => bits | bitOf.get(trade)!, 0),
  );
put(genericWords, Kind.generic);
put(commonNames, Kind.common);
for (const { name } of regions) for (const word of name.toLowerCase().split(' ')) put(word, Kind.place);

/** With the words of a list, which repeat: the memo starts over when it is full. */
let known = new Map(terms);
const mostKnown = 50_000;
/** The engine copies shorter parts of a text; a longer one kept here would keep alive the whole block of the file it was cut from. */
const longestCopied = 13;

/** The term of a folded word. */
export function termOf(word: string): Term {
  const before = known.get(word);
  if (before) return before;
  const singular = singularOf(word);
  const term = terms.get(singular) ?? unknown(singular, word);
  if (word.length < longestCopied) {
    if (known.size >= mostKnown) known = new Map(terms);
    known.set(word, term);
  }
  return term;
}

const unknown = (singular: string, word: string): Term => ({
  text: singular,
  kind: hasDigit(word) ? Kind.number : Kind.rare,
  trades: 0,
  hash: hashText(singular),
});

/** "Joe's", "Joes" and "Joe" are one, "Glass" and "Davis" keep their last letter. */
function singularOf(word: string): string {
  const end = word.length - 1;
  if (end < 3 || word.charCodeAt(end) !== 115) return word;
  const before = word.charCodeAt(end - 1);
  // not after s, u, i
  return before === 115 || before === 117 || before === 105 ? word : word.slice(0, end);
}

function hasDigit(word: string): boolean {
  for (let i = 0; i < word.length; i++) {
    const code = word.charCodeAt(i);
    if (code >= 48 && code <= 57) return true;
  }
  return false;
}
