/** Rows that are no companies: page furniture that a scraper took along, repeated headers, totals, footers, rows to try things out. */

/** What the rest of a row says for its being a company after all. */
export interface JunkContext {
  /** A phone number, an address of any kind, or a person that could be read. */
  reachable: boolean;
}

const words = (text: string): Set<string> => new Set(text.split(' '));

/** Banners about cookies and privacy are made of these words; each needs one of the second kind. */
const bannerWords = words(
  'manage accept reject allow decline customize customise save confirm update edit set change view review open close show hide opt in out of all only ' +
    'my your our the this that we use uses using and or & to a is are on for by it you site website web page necessary essential strictly required ' +
    'functional performance analytics marketing advertising targeting optional non third party cookie cookies consent consents privacy preference preferences ' +
    'settings setting choices choice policy policies notice notices statement center centre terms term conditions condition service use legal gdpr ccpa ' +
    'do not sell share personal information info data rights california got okay ok agree i disclaimer accessibility & experience improve browsing',
);
const bannerKeys = words('cookie cookies consent consents privacy gdpr ccpa terms accessibility');

const page =
  'accept all,reject all,allow all,decline all,accept,decline,i agree,agree,got it,home,home page,homepage,menu,main menu,search,search results,results,next,next page,previous,previous page,prev,first page,last page,back,go back,back to top,' +
  'back to search,back to results,back to list,back to home,return to top,top,load more,load more results,loading,loading please wait,please wait,view more,view more results,view all,' +
  'view all results,see more,see all,see all results,show more,show more results,show all,show less,show results,read more,read more about us,learn more,find out more,more,more info,' +
  'more information,more details,more results,view details,view detail,details,view profile,view full profile,view website,visit website,visit site,visit our website,view listing,view map,view on map,' +
  'map,map view,list view,grid view,get directions,directions,call now,call us,call,click here,click to call,tap to call,email us,contact,contact us,about,about us,' +
  'our services,our team,faq,faqs,help,support,help center,careers,jobs,blog,news,press,sitemap,site map,login,log in,log out,logout,sign in,sign out,sign up,sign in to continue,' +
  'sign in or register,register,create account,create an account,join,join now,my account,account,subscribe,subscribe now,unsubscribe,newsletter,sign up for our newsletter,' +
  'get a quote,get quote,request a quote,request quote,free quote,get a free quote,get started,book now,schedule now,request service,request an appointment,' +
  'find a dealer,find a contractor,find a location,dealer locator,store locator,locations,all locations,near me,filter,filters,filter results,clear filters,clear all,reset,reset filters,' +
  'apply,apply filters,sort by,sort,refine results,refine search,new search,advanced search,no results,no results found,no records found,no matches found,no data available,nothing found,' +
  'skip to content,skip to main content,skip navigation,skip to navigation,toggle navigation,toggle menu,open menu,close menu,close,cancel,submit,ok,yes,no,continue,done,save,share,share this,' +
  'print,print this page,download,download pdf,export,export to csv,copy link,add to favorites,add to cart,add to list,compare,write a review,read reviews,reviews,all reviews,leave a review,rate us,' +
  'advertisement,advertisements,ad,ads,sponsored,sponsored results,promoted,featured,recommended,featured listings,sponsored listings,related searches,people also search for,follow us,like us on facebook,' +
  'follow us on facebook,all rights reserved,powered by,select,select all,select one,choose,choose one,please select,select an option,select state,select a state,select country,all categories,categories,' +
  'enter your zip code,enter zip code,use my location,use current location,open now,closed,hours,opening hours,business hours,verified,claim this business,claim your business,claim this listing,' +
  'is this your business,report a problem,report this listing,suggest an edit,untitled,untitled document,new tab,index,index of,default,company name here,your company,your company name,company name,business name,' +
  'name,company,companyname,account name,organization name,dealer name,first name,last name,lead name,customer name';

/** Never companies, whatever else their row says. */
const never = new Set(
  (
    'accept all,reject all,allow all,decline all,please wait,' +
    'next page,previous page,back to top,load more,load more results,view more,view more results,view all results,see all results,show more results,read more,skip to content,skip to main content,' +
    'sign in,sign in to continue,log in,create account,create an account,no results found,no records found,no matches found,no data available,toggle navigation,toggle menu,search results,click here,click to call,' +
    'please select,select an option,filter results,advertisement,loading,loading please wait,all rights reserved,view details,view profile,visit website,get directions,company name here,your company name,' +
    'home page,contact us,about us,learn more,show more,see more,request a quote,get a quote,write a review,dealer locator,store locator,claim this business,company name,business name,account name,organization name,dealer name'
  ).split(','),
);
const furniture = new Set(page.split(','));

const tryouts = new Set(
  (
    'test,testing,test test,test 1,test 2,test 3,test1,test2,test3,test123,test 123,testtest,test row,test record,test lead,test company,test company do not use,test account,test data,testing testing,this is a test,' +
    'john doe test company,acme test,dummy,dummy company,dummy data,dummy record,asdf,asdfasdf,asdf asdf,asd,asdfgh,asdfghjkl,qwerty,qwertyuiop,qwe,zxcv,zxcvbnm,foo,bar,foo bar,foobar,baz,foo bar baz,' +
    'lorem ipsum,lorem ipsum dolor sit amet,abc123,aaa,aaaa,aaaaa,bbb,xxx,xxxx,xxxxx,xxxxxx,yyy,zzz,zzzz,sample,sample company,sample data,sample row,sample record,example,example company,example company inc,example inc,' +
    'placeholder,delete me,delete,please delete,do not use,do not call,ignore,ignore this row,deleted,tbd,tba,to be determined,todo,temp,no name,no company,no company name,not a company,name unknown,unknown company,unnamed,no business name'
  ).split(','),
);
/** Short words of those that a company may still be called: they count only when the row leads to nobody. */
const ambiguousTryouts = words('sample example bar foo aaa delete ignore temp placeholder dummy asd qwe');

/** Left in the column of names by hand: whose row it is stands elsewhere. */
const references = new Set(
  'same as above,same as previous,same as before,same company,same,as above,see above,ditto,idem'.split(','),
);

const aTotal = 'a total, not a company';
const aFooter = 'a footer, not a company';
const patterns: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:error\s*)?(?:4(?:0[0-9]|10|29)|50[0-4])\b[\s:,|–-]*(?:error|not found|page not found|forbidden|unauthorized|bad request|bad gateway|internal server error|service (?:temporarily )?unavailable|gateway time-?out|too many requests|gone|client error|server error|method not allowed)\b/,
    'an error page',
  ],
  [
    /^(?:page|site|resource|url|file) (?:cannot be |could not be |can't be |can’t be |was )?not found$|^(?:access|permission) (?:is |was )?denied(?:$|[.!:,-])|^internal server error|^bad gateway$|^service (?:temporarily )?unavailable$|^this (?:page|site) (?:isn.?t|is not|can.?t|cannot|could not) |^oops[!,. ]|^something went wrong|^an error (?:has )?occurred|^(?:request|connection) (?:timed out|timeout|blocked|refused)|^too many requests$|^rate limit exceeded|^(?:your )?session (?:has )?(?:expired|timed out)/,
    'an error page',
  ],
  [
    /^just a moment(?:\.|…|$)|^attention required|^checking (?:your browser|if the site)|^(?:please )?verify(?:ing)? (?:that )?you(?:'|’)?r?e? (?:are )?(?:a )?(?:human|not a robot)|^are you (?:a )?(?:human|robot)|^i(?:'|’)m not a robot|^(?:please )?(?:enable|turn on) (?:javascript|cookies|js)|^javascript (?:is|must be) |^ddos protection|^(?:please )?complete the (?:security|captcha)|^your browser (?:is|does) |^one more step$|^security check$|^(?:re)?captcha$|^robot check$|^pardon our interruption|^human verification$|^unsupported browser/,
    'a page that keeps programs out',
  ],
  [
    /^(?:this|our|the) (?:web)?site uses cookies|^we (?:and our partners |value your|use cookies|care about your privacy)|^do not (?:sell|share|sell or share) my |^by (?:continuing|using|clicking|browsing)\b.*(?:cookies?|agree|consent|terms|privacy)|^(?:©|\(c\)|copyright)\s*(?:©|\(c\))?\s*(?:19|20)\d{2}/,
    'page furniture',
  ],
  [
    /^(?:showing|displaying|viewing|results?|records?|items?|rows?|pages?|page)\s*:?\s*\d[\d,]*\s*(?:$|[-–—]|of\b|to\b|\/|results?\b|records?\b|entries\b)|^\d[\d,]* (?:results?|records?|rows?|entries|items|companies|leads|contacts|listings|businesses|dealers|contractors)(?: (?:found|returned|total|exported|selected|near .*|in .*))?$|^(?:found|total of) \d[\d,]* /,
    'a count, not a company',
  ],
  [
    /^(?:grand|sub|running|overall|report|column|page)?[\s-]*totals?(?:\s+(?:rows?|records?|companies|company|leads?|results?|counts?|entries|accounts?|contacts?|number|amount|revenue|sales|items?))*\s*(?:[:=–—-]\s*|\(|\s)?\s*[$€£]?\s*[\d.,\s]*\)?%?$/,
    aTotal,
  ],
  [
    /^(?:count|sum|average|avg|mean|median|min|max|minimum|maximum|rows?|records?)\s*(?:[:=]|of\b)\s*[\w\s$€£.,]*\d[\d.,]*$/,
    aTotal,
  ],
  [
    /^[-–—=*_#~>\s.]*(?:end|beginning|start) of (?:the )?(?:report|file|list|data|document|export|page|results|records)[-–—=*_#~<\s.]*$|^[-–—=*_#~>\s]{2,}(?:end|eof)[-–—=*_#~<\s]*$/,
    'the end of a report',
  ],
  [
    /^(?:strictly |private (?:and|&) )?confidential(?:\s*[-–—|:,.;(/].*|\s+(?:information|report|document|and|do not|property|material|for).*)?$|^(?:for )?internal use only|^do not (?:distribute|forward|copy)|^proprietary (?:and|&) confidential/,
    aFooter,
  ],
  [
    /^(?:report |list |file |data |this (?:report|list|file) (?:was |is )?)?(?:generated|exported|printed|downloaded|retrieved|scraped|extracted|compiled)\s*(?:by|on|at|from|using|with|via|:)\s|^(?:report|export|as of|report date|date|run date|data as of|last updated|updated|source|filtered by|filters? applied|filter|criteria|prepared (?:by|for)|disclaimer|footer|header|footnotes?|legend|notes?)\s*:/,
    aFooter,
  ],
  [
    /^(?:lorem ipsum|\[object \w+\]|\{\{.*\}\}|\$\{.*\}|<%.*%>|%[a-z_]+%|\[\[?[a-z_ ]+\]\]?|<\/?[a-z][^>]*>.*)$/,
    'left over from a template',
  ],
];

const rating =
  /^[★☆⭐✩✭\s]+(?:\(?[\d.,]+\)?)?$|^\d(?:[.,]\d+)?\s*(?:\/\s*5|out of 5|stars?|★+|⭐+)?\s*(?:stars?)?\s*[([]\s*[\d.,]+k?\s*(?:google |yelp |customer )?(?:reviews?|ratings?|votes?)?\s*[)\]]\.?$|^\d(?:[.,]\d+)?\s*(?:stars?|out of 5(?: stars?)?\.?|\/\s*5|★+|⭐+)$|^[\d.,]+k?\s+(?:google |yelp |customer )?(?:reviews?|ratings?)$|^(?:no reviews?(?: yet)?|be the first to review.*)\.?$|^rated \d.*$/;
const date =
  /^(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}|\d{1,2}[\s-](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[\s-]\d{2,4})(?:[t\s,]+\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?\s*(?:[ap]m)?z?)?$/;
const web = /^(?:https?:\/\/|www\.)\S+$/;
const mail = /^(?:mailto:)?[^\s@]+@[^\s@]+\.[a-z]{2,}$/;
const phone = /^(?:tel:|phone:?|call:?)?\s*[+(]?\d[\d\s().+/-]{5,}(?:\s*(?:x|ext\.?)\s*\d+)?$/;
const figures = /^[\d\p{P}\p{S}\s]*$/u;
const figuresAndUnit = /^[$€£]?\s*[\d.,]+\s*(?:%|mi|miles?|km|usd|eur|hours?|hrs?|mins?|years?|yrs?)\.?(?:\s+away)?$/;
const excelError = /^#(?:ref!|value!|name\?|div\/0!|num!|null!|error!|spill!|calc!|getting_data)$|^err:\d+$/;
const distanceRating = /^\d+(?:\.\d+)?\s*mi(?:les)?\s*\d(?:\.\d+)?\s*\(\d+\)|out of 5 st(?:ars?)?\b/;
const addressWithZip =
  /^(?:p\.?\s?o\.?\s+box\s+\d+|#?\d+[\w-]*\s+\S+).*[,\s][a-z]{2}\.?,?\s+\d{5}(?:-\d{4})?(?:,?\s*(?:usa?|united states))?$/;
const streetOnly =
  /^(?:\d+[\w-]*\s+(?:[\w.'-]+\s+){1,4}(?:street|st|avenue|ave|road|rd|drive|dr|lane|ln|boulevard|blvd|court|ct|circle|cir|parkway|pkwy|highway|hwy|trail|trl|terrace|place|pl|way)\.?(?:\s+[nsew]{1,2}\.?)?(?:,?\s+(?:suite|ste|unit|apt|bldg|floor|#)\.?\s*#?[\w-]+)?|p\.?\s?o\.?\s+box\s+\d+)$/;

const trimmed = /^[\s"'“”‘’«»<>›‹→←▸▾▼►•·*|+…-]+|[\s"'“”‘’«»<>›‹→←▸▾▼►•·*|+…!:.,;-]+$/gu;

/**
 * Why this name is no company, in plain words; undefined when it may be one. Words that companies are called too count only when
 * the row leads to nobody.
 */
export function junkName(name: string, { reachable }: JunkContext): string | undefined {
  const lower = name.toLowerCase();
  const plain = isEdge(lower.charCodeAt(0)) || isEdge(lower.charCodeAt(lower.length - 1)) ? lower.replace(trimmed, '') : lower;
  let end = 0;
  while (plain.charCodeAt(end) >= 97 && plain.charCodeAt(end) <= 122) end++;
  const first = plain.slice(0, end);
  const shaped = hasShape(lower);
  // Nearly all names end here: they begin with a word that nothing of all this begins with.
  if (!shaped && end > 0 && !firstWords.has(first)) return undefined;
  if (plain.length <= longestPhrase) {
    if (tryouts.has(plain)) {
      return ambiguousTryouts.has(plain) && reachable ? undefined : `"${name}" is a row for trying things out`;
    }
    if (references.has(plain)) return reachable ? undefined : `"${name}" refers to another row`;
    if (furniture.has(plain)) return reachable && !never.has(plain) ? undefined : furnitureReason(name);
  }
  if (isBanner(plain)) return furnitureReason(name);
  if (excelError.test(lower)) return `the name is a spreadsheet error (${name})`;
  const shape = shaped ? shapeOf(lower, reachable) : undefined;
  if (shape) return shape;
  for (const [pattern, what] of patterns) {
    if (!pattern.test(lower)) continue;
    const certain = (what !== aTotal && what !== aFooter) || /^(?:grand|sub)[\s-]*total/.test(lower);
    if (certain || !reachable || /[:=]|\d/.test(lower)) return `"${shown(name)}" is ${what}`;
  }
  return undefined;
}

const longestPhrase = 40;
const starters = words(
  'error page site resource url file access permission internal bad service this oops something an request connection too rate your session just ' +
    'attention checking please verify verifying are i javascript enable turn ddos complete one security captcha recaptcha robot pardon human unsupported our the ' +
    'we by c copyright showing displaying viewing result results record records item items row rows pages found total grand sub subtotal subtotals running ' +
    'overall report column totals count sum average avg mean median min max minimum maximum end beginning start strictly private confidential for do ' +
    'proprietary list data generated exported printed downloaded retrieved scraped extracted compiled export as date run last updated source filtered ' +
    'filters filter criteria prepared disclaimer footer header footnote footnotes legend note notes lorem be no rated err',
);

const firstWords = new Set([...starters, ...bannerWords]);
for (const phrase of [...tryouts, ...furniture, ...references]) firstWords.add(/^[a-z]*/.exec(phrase)![0]);

const furnitureReason = (name: string): string => `"${name}" is page furniture, not a company`;

/** Neither letter nor digit nor a bracket: what decoration looks like at the ends of a name. */
const isEdge = (sign: number): boolean =>
  !((sign >= 97 && sign <= 122) || (sign >= 48 && sign <= 57) || sign === 40 || sign === 41 || (sign > 191 && sign < 0x2000));

/** Whether the name looks at all like something other than words. */
function hasShape(lower: string): boolean {
  const first = lower.charCodeAt(0);
  if (first < 97 || first > 122) return true;
  const last = lower.charCodeAt(lower.length - 1);
  return (
    (last >= 48 && last <= 57) ||
    last === 41 ||
    lower.includes('@') ||
    lower.startsWith('www.') ||
    lower.startsWith('http') ||
    lower.includes('out of 5') ||
    lower.includes('reviews')
  );
}

const shown = (name: string): string => (name.length > 80 ? `${name.slice(0, 79)}…` : name);

function isBanner(plain: string): boolean {
  if (plain.length < 12 || plain.length > 80) return false;
  let key = false;
  let count = 0;
  for (const word of plain.split(/[\s/,.:|]+/)) {
    if (!bannerWords.has(word)) return false;
    if (bannerKeys.has(word)) key = true;
    count++;
  }
  return key && count > 1;
}

function shapeOf(lower: string, reachable: boolean): string | undefined {
  if (mail.test(lower)) return 'the name is an e-mail address';
  if (web.test(lower)) return 'the name is a web address';
  if (date.test(lower)) return 'the name is a date';
  if (rating.test(lower) || distanceRating.test(lower)) return 'the name is a rating';
  if (phone.test(lower) && lower.replace(/\D/g, '').length >= 7) return 'the name is a phone number';
  if (figures.test(lower)) return 'the name is only figures and signs';
  if (figuresAndUnit.test(lower)) return 'the name is a figure';
  if (addressWithZip.test(lower)) return 'the name is an address';
  if (!reachable && streetOnly.test(lower)) return 'the name is an address';
  return undefined;
}
