import { regions } from '../../core/regions.ts';

const list = (text: string): string[] => text.trim().split(/\s+/);

/** Words that steer what is asked for: misspelt words are corrected towards these, and towards nothing else. */
export const commandWords = new Set([
  ...list(`show list find search display give pull look lookup bring fetch tell explain open check know see need want which what where when
    lead leads prospect prospects company companies account accounts customer customers contractor contractors dealer dealers business businesses record records
    platinum gold silver bronze tier tiers score scores scored points rating ranked ranking rank best highest lowest hottest strongest worst
    status contacted qualified meeting nurture disqualified disqualify interested qualify nurturing
    phone phones number numbers email emails website websites address owner owners owned owns industry employees employee
    without missing never called untouched uncontacted contact contacts reached touched unassigned unowned
    above below between under over least more than less newest oldest sort sorted order alphabetical alphabetically recent recently
    mark change update move rename assign reassign unassign transfer delete remove erase trash scrap discard create
    remind reminder reminders ping nudge task tasks todo todos follow followup followups schedule complete completed finish finished done overdue due
    note notes activity activities voicemail spoke talked emailed texted phoned logged called calling
    today tomorrow yesterday monday tuesday wednesday thursday friday saturday sunday morning afternoon evening week weeks month months days hours minutes
    undo revert restore rollback approve approval approvals pending waiting proposals reject decline
    cost costs spend spent spending budget model agent import imports imported uploads upload jobs running cancel
    who whoami help please compare weight weights criterion criteria threshold thresholds profile profiles activate preview calibration could would should everyone everybody nobody mine anyone first second third fourth next page
    many electricians electrician plumbers plumber roofers roofing solar hvac generator generators plumbing electric electrical heating cooling
    one two three five seven eight nine thirty twenty thanks thank hello priorities priority prioritize summary history details detail information everything`),
  ...regions.flatMap((region) => region.name.toLowerCase().split(' ')).filter((word) => word.length > 3),
]);

/** Everyday and trade words close to a command word that are right as they stand. */
const fine = new Set(
  list(`load loads read reads lend deal deals dead lean leap mead lad lads lady land lands teal heat seal
    lost last lust mist gist fist cost post host most must just rust lists listen
    won own now not nor note noted node mode none nine line fine wine mine done gone bone tone one once
    cell cells sell sells tell tall call calls ball hall mall wall fall full pull bull cull
    bold cold fold hold sold told gold golf goal goals god good go got get
    work works word words world worth born form forms fort fork from farm firm firms
    how show shows shown snow slow stow shop shoe hood food
    state states stage stages stale skate plate plates slate estate rate rates rates date dates late data gate gates
    sore core store stores shore more move moves love live lives give gives given five drive
    tire tires tied tier tile time times tiny tine title
    place plan plans plant plants plane phase phrase chase those these them then than that thank thanks there their they this thing things think
    said send sends sent sending spend speed need needs feed seed weed week weeks weak seek seen been bees been beer
    wire wires wiring hire hired fire fires fireplace
    air aid add added adds ads and any ant ann anna anne maria mario mary marie mark marks marked dana dan lana sam tom bob joe jack john jane
    owe owed own owned tower power powers lower flower shower
    best rest test tests west nest guest quest beast east
    bin ban bank back pack rack lack black book boom cook look looks looked lock locked
    bring brings bringing brink drink
    number numb lumber plumber timber member members
    service services master masters control controls comfort complete systems system solutions solution energy supply total home homes house commercial
    mechanical electrics electro electron group corp inc llc ltd company co brothers sons bros contracting contract contracts construction maintenance repair
    drains drain sewer standby emergency green tech technologies allied american national united standard general generation
    customs custom costume first fast fist past paste list left let lets set sets sits site sites side sides
    mail mails email main maine rain rains train trains
    text texts texted next nexus taxes taxed tax tests
    texas kansas arkansas
    spoken token broken woken talk talks walk walks walked taking taken takes take make makes made
    finds found fund funds friend friends fine finer mind kind
    please pleased place placed
    sorry story sort sorts short sport port part parts party
    about above abode
    who whom whose whole while white write writes wrote written
    want wants went wand wait waits waited waiting
    have has had hand hands handed handle hat hate
    was were where here her hers him his hit hot hop hope
    will well wall wells fell hell
    order orders ordered border older elder holder
    price prices priced prince quote quotes quoted quite quiet
    voice invoice office officer offer offers offered
    under until unit units unite
    check checks checked cheque chuck
    interest interests interesting
    sunday monday may june july march april
    friday fridays
    demo demos memo
    scored scare scares scars
    contracted contacting contracting contact
    company campaign campaigns
    unlike online offline
    point paint painting
    summer winter spring
    visit visited visiting
    wright right bright light night nights might tight sight
    carrier carriere cummins generac kohler
    server serves serve kwik quick quickly quicker
    phoenix tampa houston dallas austin miami orlando boston denver chicago atlanta seattle portland nashville tulsa omaha akron aurora mesa
    later latter letter letters better butter
    changes changed charge charges charged chance chances
    rank ranks tank tanks banks
    dropped drop drops crops
    sale sales sail sails
    human joke jokes weather funny news
    nice niece mice price rice
    team teams steam beam seam
    pipeline pipelines pipe pipes
    missed misses messed
    reach reaches teach beach peach
    weekend weekends
    daily dairy diary
    hello yellow fellow jello
    cancelled canceled
    count counts counted weigh weighs weighed weighing percent version versions versus activity activities active alive live
    predict predicts predicted accurate trust serve serves served homes compute computed computes calculate calculated switch switched switches reliable`),
);

/** Chat shorthand, spelled out. */
export const shorthand: Record<string, string> = {
  topp: 'top',
  leeds: 'leads',
  thurs: 'thursday',
  mgr: 'manager',
  mgrs: 'managers',

  pls: 'please',
  plz: 'please',
  plse: 'please',
  pleas: 'please',
  thx: 'thanks',
  ty: 'thanks',
  tks: 'thanks',
  u: 'you',
  ur: 'your',
  r: 'are',
  wat: 'what',
  wut: 'what',
  wot: 'what',
  hw: 'how',
  giv: 'give',
  mny: 'many',
  hav: 'have',
  remindme: 'remind me',
  showme: 'show me',
  tellme: 'tell me',
  giveme: 'give me',
  gld: 'gold',
  gol: 'gold',
  slvr: 'silver',
  plat: 'platinum',
  lds: 'leads',
  shw: 'show',
  sho: 'show',
  lst: 'list',
  cal: 'call',
  cll: 'call',
  caal: 'call',
  shuold: 'should',
  shoud: 'should',
  fnd: 'find',
  mrk: 'mark',
  dlt: 'delete',
  del: 'delete',
  rmv: 'remove',
  cmpy: 'company',
  tmrw: 'tomorrow',
  tmr: 'tomorrow',
  tmw: 'tomorrow',
  '2moro': 'tomorrow',
  tdy: 'today',
  mtg: 'meeting',
  vm: 'voicemail',
  num: 'number',
  nr: 'number',
  tel: 'phone',
  fone: 'phone',
  fon: 'phone',
  addr: 'address',
  ph: 'phone',
  abt: 'about',
  w: 'with',
  wo: 'without',
  'w/o': 'without',
  'w/': 'with',
  comps: 'companies',
  accts: 'accounts',
  acct: 'account',
  msg: 'text',
  rem: 'remind',
  gimme: 'give me',
  gimmie: 'give me',
  gmme: 'give me',
  lemme: 'let me',
  wanna: 'want to',
  gonna: 'going to',
  gotta: 'have to',
  'e-mail': 'email',
  'e-mails': 'emails',
  'e-mailed': 'emailed',
  'follow-up': 'followup',
  'follow-ups': 'followups',
  'to-do': 'todo',
  'to-dos': 'todos',
  "to-do's": 'todos',
  'voice-mail': 'voicemail',
  'web-site': 'website',
  favour: 'favor',
  cancelled: 'canceled',
  prioritise: 'prioritize',
  prioritised: 'prioritized',
  'un-assign': 'unassign',
  're-assign': 'reassign',
  'hit-list': 'hitlist',
  idk: 'not sure',
  k: 'ok',
  okey: 'ok',
  thankyou: 'thank you',
};

/** "don't" and its kin, as two words, so that one rule serves both spellings. */
export const contractions: Record<string, string> = {
  ill: 'i will',
  everybodys: "everybody 's",
  yesterdays: "yesterday 's",
  todays: "today 's",
  tomorrows: "tomorrow 's",
  nobodys: "nobody 's",
  "what's": 'what is',
  whats: 'what is',
  wats: 'what is',
  "who's": 'who is',
  whos: 'who is',
  "where's": 'where is',
  wheres: 'where is',
  "when's": 'when is',
  "how's": 'how is',
  hows: 'how is',
  "why's": 'why is',
  "i'm": 'i am',
  im: 'i am',
  "i've": 'i have',
  ive: 'i have',
  "i'd": 'i would',
  "i'll": 'i will',
  "we've": 'we have',
  weve: 'we have',
  "we're": 'we are',
  "we'll": 'we will',
  "we'd": 'we would',
  "you're": 'you are',
  "you've": 'you have',
  "they're": 'they are',
  theyre: 'they are',
  "they've": 'they have',
  "they'd": 'they would',
  "it's": 'it is',
  "that's": 'that is',
  thats: 'that is',
  "there's": 'there is',
  theres: 'there is',
  "here's": 'here is',
  "let's": 'let us',
  lets: 'let us',
  "what're": 'what are',
  "who've": 'who have',
  "don't": 'do not',
  dont: 'do not',
  "doesn't": 'does not',
  doesnt: 'does not',
  "didn't": 'did not',
  didnt: 'did not',
  "can't": 'can not',
  cant: 'can not',
  cannot: 'can not',
  "won't": 'will not',
  "isn't": 'is not',
  isnt: 'is not',
  "aren't": 'are not',
  arent: 'are not',
  em: 'them',
  "what've": 'what have',
  whatve: 'what have',
  everyones: "everyone 's",
  "y'all": 'you all',
  whove: 'who have',
  wont: 'will not',
  shouldnt: 'should not',
  wouldnt: 'would not',
  couldnt: 'could not',
  werent: 'were not',
  hadnt: 'had not',
  hes: 'he is',
  shes: 'she is',
  youre: 'you are',
  youve: 'you have',
  theyve: 'they have',
  theyd: 'they would',
  itll: 'it will',
  theyll: 'they will',
  "they'll": 'they will',
  "one's": 'one is',
  "haven't": 'have not',
  havent: 'have not',
  "hasn't": 'has not',
  hasnt: 'has not',
  "hadn't": 'had not',
  "wasn't": 'was not',
  wasnt: 'was not',
  "weren't": 'were not',
  "shouldn't": 'should not',
  "wouldn't": 'would not',
  "couldn't": 'could not',
  "who'd": 'who would',
  "he's": 'he is',
  "she's": 'she is',
};

/** Parts of region names: the only corrections a capitalised word inside a sentence gets. */
export const regionWords = new Set(regions.flatMap((region) => region.name.toLowerCase().split(' ')));

export const isKnown = (word: string): boolean => commandWords.has(word) || fine.has(word);

/** Words of trades, as users say them, and the stem by which records are found. */
export const trades: Record<string, string> = {
  electrician: 'electric',
  electricians: 'electric',
  electric: 'electric',
  electrical: 'electric',
  sparkies: 'electric',
  plumber: 'plumbing',
  plumbers: 'plumbing',
  plumbing: 'plumbing',
  roofer: 'roofing',
  roofers: 'roofing',
  roofing: 'roofing',
  solar: 'solar',
  hvac: 'hvac',
  generator: 'generator',
  generators: 'generator',
  heating: 'heating',
  cooling: 'cooling',
  mechanical: 'mechanical',
  refrigeration: 'refrigeration',
  maintenance: 'maintenance',
  construction: 'construction',
  builders: 'construction',
  energy: 'energy',
  power: 'power',
  battery: 'battery',
};

/** Words by which a bare text is recognised as a company's name. */
export const companyWords =
  /(?:\b(?:inc|llc|ltd|corp|co|company|services?|electric(?:al)?|plumbing|solar|hvac|generators?|power|energy|mechanical|heating|cooling|air|roofing|systems|solutions|maintenance|contractors?|contracting|construction|group|technologies|comfort|brothers|sons)\b|&)/i;
