import { commandWords, regionWords, shorthand } from './vocabulary.ts';

/**
 * Words that people use around a company's name and hardly ever in one. What is in no such list is taken as part of a
 * name; words at home in both ("light", "home", "power") are left out on purpose.
 */
const around = `
  a an the this that these those some any each every all both either neither none no not never
  i me my mine myself we us our ours you your yours he him his she her hers it its they them their theirs 's themselves itself someone somebody anyone anybody
  everyone everybody nobody noone something anything everything nothing who whom whose which what when where why how
  and or but nor so yet because since while though although if unless until till than then as of at by for from in into on onto off out over up down to
  toward towards about against around round across after before behind below above between during through throughout under within without with via per re regarding
  am is are was were be been being do does did doing done have has had having can could will would shall should may might must ought
  not cannot wont dont isnt also too either again already still just only even ever once twice always usually often sometimes rarely soon later now then
  today tonight tomorrow yesterday morning afternoon evening night noon lunch monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri
  january february march april june july august september october november december week weeks weekend month months year years day days hour hours minute minutes min mins
  fortnight quarter eod eow eom asap recently lately currently right away straight early earlier late lately ago last next past previous coming since
  yes yeah yep yup nope nah ok okay sure fine alright cool great good nice awesome brilliant perfect lovely super thanks thank cheers ta sorry oops whoops hey hi hello yo hiya
  well actually basically literally really very quite pretty rather somewhat bit lot lots little much many more most less least few couple several enough almost nearly
  like maybe perhaps probably possibly definitely certainly absolutely apparently honestly anyway anyways btw fyi lol haha eh huh wow damn shit please kindly quick quickly real
  show list find get give see view display pull bring fetch look looking looked search filter browse tell told telling say says said saying ask asks asked asking explain explains explaining know knows knew
  open close closed closing check checked checking read reading write wrote written writing send sends sent sending make makes made making take takes took taken taking put puts putting stick sticks stuck
  set sets setting mark marks marked marking flag tag label change changes changed changing update updates updated updating edit correct fix modify move moves moved moving shift switch turn
  add adds added adding create creates created creating new enter entered save saved register insert record recorded log logs logged logging note notes noted noting jot jotted remember forget forgot
  delete deletes deleted deleting remove removes removed removing erase scrap trash bin binned chuck ditch dump toss wipe clear cleared kill get rid throw thrown junk nuke axe zap purge
  assign assigns assigned assigning reassign unassign hand handed handing handle handles handling pass passed transfer transferred own owns owned owning owner owners rep reps belong belongs claim release responsible
  remind reminds reminder reminders ping nudge poke task tasks todo todos followup follow following schedule scheduled book booked booking plan planned pencil diary calendar agenda plate due overdue
  call calls called calling ring rings rang rung ringing phone phones phoned phoning dial dialed dialled voicemail voicemails vm message messages text texts texted texting sms email emails emailed emailing mail mails mailed
  spoke spoken speak speaking talk talks talked talking chat chats chatted chatting met meet meets meeting meetings visit visits visited visiting reach reached reaching contact contacts contacted contacting touch touched
  hear heard hearing reply replied replies answer answered answers respond responded response picked pick pickup hung left leave leaves leaving tried try trying attempt attempted demo demos demoed lunch coffee catch caught connect connected
  lead leads prospect prospects company companies account accounts customer customers client clients record records contractor contractors dealer dealers business businesses outfit outfits firm firms people guy guys folk folks lot bunch team crew boys lads fella fellas gang
  deal deals sale sales pipeline opportunity opportunities crm system database list lists file files book sheet spreadsheet
  tier tiers platinum gold silver bronze score scores scored scoring rating rated rank ranks ranked ranking points grade status stage hot cold warm
  qualified disqualified qualify disqualify nurture nurturing nurtured won lost lose losing win winning signed sign signs interested keen happy unhappy dead unqualified uncontacted
  number numbers digits address addresses website site url web domain city state town zip postcode industry employees employee staff headcount size name names named called rename renamed
  details detail info information history summary overview rundown background lowdown scoop story latest news word situation deal profile card everything anything
  undo undone revert restore reverse rollback cancel canceled stop skip abort never mind back
  approve approved approval approvals pending waiting reject decline proposal proposals
  cost costs spend spent spending budget money bill import imports imported importing upload uploads uploaded job jobs running finished failed dry preview export download
  should why because reason reasons how come high higher highest low lower lowest top best worst better worse first second third fourth fifth number one two three four five six seven eight nine ten dozen half
  want wants wanted need needs needed needing would love wish hope hoping expect expects expected expecting think thinks thought thinking believe guess reckon wonder wondering doubt suppose imagine sure certain
  going gonna go goes went gone come comes came coming keep keeps kept start starts started starting begin finish finished complete completed completing end ends ended tick ticked cross off
  worth time times chance trust focus chase chasing pursue work working works worked worth handle priority important urgent interesting attractive
  price prices pricing quote quotes quoted proposal contract agreement invoice brochure offer offered units unit order orders ordered buy buys bought buying purchase budget papers docs paperwork
  waiting wants back there here somewhere anywhere else other others another same different whole entire only main direct mobile cell landline office manager boss ceo person reception receptionist secretary gatekeeper guy
  located based sit sitting sits lives live headquartered hq around near nearby area region place
  missing lacking empty blank unknown available existing current actual correct wrong mistake duplicate duplicates dupe fake spam
  prefer prefers preferred agreed agree agrees confirmed confirm confirms declined accepted rejected requested request requests mentioned mention complained complain hesitant busy away vacation holiday
  decide decided decides deciding pay paid paying cheap expensive competitor competition evaluate evaluating considering consider
  dragging drag driving pushing holding raise boost improve lift increase bump
  kind sort type thing things stuff way reading looks look seems seem appears feels
  help helps show menu commands who whoami role workspace demo sample data
  before after dial during regards concerning details explain breakdown down per percent
  long short big small large huge tiny old young fresh hottest coldest newest oldest recent
  prep prepare ready figure pass along over through mins sec secs moment second minute
  please brief briefing fill tell update status catch walk talk get got gotten getting hold
  retire retiring retired daughter wife husband law dad mom kids
  flip flips flipped drop drops dropped w xx x q re tbh imo atm plz hows whats thats lets theyre dont didnt doesnt ive ill im id isnt havent hasnt wasnt cant wont couldnt shouldnt wouldnt youre weve were
  compare compares compared comparing versus vs against weight weights weighting weigh weighs weighed heavier lighter threshold thresholds cutoff criterion criteria
  profiles activate activated activating deactivate preview simulate calibration calibrate calibrated calibrating predict predicts predicted foretell accurate accuracy reliable
  version versions onwards verdict assess ideal icp
  ai api usage mgr manager craic dear sake team signing signoff calling sheet lads boys shot rid rm engaged gatekeeper busy diary pencil loop bell shout buzz spare
  yourself yourselves prepping asking telling meant mean means meaning`;

/** Short names of things users type that read like names otherwise. */
const everyday = new Set([...around.trim().split(/\s+/), ...commandWords, ...regionWords, ...Object.keys(shorthand)]);

/** Words of trades and firms: part of a name beside another word, and nothing but a subject alone. */
const firmWords = new Set(
  'inc llc ltd corp co service services electric electrical electrics plumbing solar hvac generator generators power energy mechanical heating cooling air roofing systems solutions maintenance contracting construction group technologies tech comfort brothers bros sons son daughters associates partners industries enterprises supply sewer drain standby home homes light lighting'.split(
    ' ',
  ),
);
for (const word of [
  'electric',
  'electrical',
  'plumbing',
  'solar',
  'hvac',
  'generator',
  'generators',
  'heating',
  'cooling',
  'roofing',
])
  everyday.delete(word);

export const isEveryday = (word: string): boolean => everyday.has(word);
export const isFirmWord = (word: string): boolean => firmWords.has(word);
