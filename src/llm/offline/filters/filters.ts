import type { Sentence } from '../sentence.ts';
import { trades } from '../vocabulary.ts';
import { detailsIn } from './details.ts';
import { orderIn } from './order.ts';
import { ownerIn } from './owner.ts';
import { placesIn } from './place.ts';
import { Remainder } from './remainder.ts';
import { scoreIn } from './score.ts';
import { statusesIn } from './status.ts';
import { tiersIn } from './tier.ts';
import { timesIn } from './times.ts';

/** What a text says about which leads are wanted. */
export interface Filters {
  input: {
    query?: string;
    status?: string[];
    tier?: string[];
    state?: string;
    city?: string;
    owner?: string;
    minScore?: number;
    maxScore?: number;
    has?: string[];
    missing?: string[];
    notContactedDays?: number;
    addedWithinDays?: number;
    sort?: 'score' | 'name' | 'newest' | 'oldest';
    limit?: number;
  };
  /** More states than one: each needs its own search. */
  states: string[];
  /** The text speaks of leads, companies, electricians ... in the plural. */
  plural: boolean;
  /** Words that no rule took and that are no filler. */
  leftover: string[];
}

const agents = /\b(?:electricians|plumbers|roofers|installers|builders|sparkies)\b/;
const nouns =
  /\b(?:leads?|prospects?|compan(?:y|ies)|accounts?|contractors?|dealers?|business(?:es)?|firms?|customers?|clients?|records?|opportunit(?:y|ies)|outfits?|shops?|ones|folks|people|installers)\b/;
const pluralNouns =
  /\b(?:leads|prospects|companies|accounts|contractors|dealers|businesses|firms|customers|clients|records|opportunities|outfits|shops|ones|installers|lead list|everyone|everybody|people|anyone|whoever)\b/;

const filler = new Set(
  `a an the and or of to for from in on at by with is are was were be been being do does did have has had i we you they them it its us me my our your their he she his her this that these those there here
  what which who whom whose when where how many much number count altogether overall amount show list find get give see view display pull bring fetch look looking search filter browse up out all any some every each only just still also else other another
  please can could would will should want need like know tell let lets again back now right currently today so far yet ever not no than then as into but though while matching containing contains contain doing does including include call calling ring visit rank ranked import vs versus anyone anybody someone somebody everyone everybody people person within across around near based located over under leads lead ones one tier tiers status stage state city scored score scores rated rating marked tagged listed
  everything anything something whole entire full complete quick quickly system database db crm pipeline list lists table book books file sheet workspace there's who've currently available existing left remaining open ok yes yeah hey hi sort sorted order ordered both either top best most highest good great nice
  sitting kind type sort sorts worth least go going show me us exist exists come came per each assigned owned account accounts got called named using via were first say names name details info results
  - : & ' 's`.split(/\s+/),
);

/** Takes the filters out of a text one by one; what is left over is a free search. */
export const filtersOf = (sentence: Sentence): Filters => {
  const left = new Remainder(sentence);
  left.take(/^ (?:and |so |but |ok )?(?:what|how) about\b/);
  left.take(/\b(?:in (?:the|their|its) (?:company )?(?:names?|titles?))\b/);
  left.take(/\b(?:in total|total number(?: of)?|total(?= (?:leads|prospects|companies)))\b/);
  // The order matters: "not contacted" is no status, "no owner" no person, "last 7 days" no number of leads.
  const times = timesIn(left);
  const details = detailsIn(left);
  const owner = ownerIn(left);
  const score = scoreIn(left);
  const tier = tiersIn(left);
  const { city, states } = placesIn(left);
  const status = statusesIn(left);
  const order = orderIn(left);

  left.take(/\b(?:has|have|with)(?= |$)/);
  for (let noun = left.take(nouns); noun; noun = left.take(nouns));
  const leftover = sentence.tokens.flatMap((token, i) =>
    !left.isTaken(i) && (token.quoted || !token.word.split(' ').every((word) => filler.has(word)))
      ? [sentence.source.slice(token.start, token.end)]
      : [],
  );
  const query = [...new Set(leftover.map((word) => (isTrade(word) ? trades[word.toLowerCase()] : word)))].join(' ');
  return {
    input: {
      ...times,
      ...details,
      ...(owner && { owner }),
      ...score,
      ...(tier && { tier }),
      ...(city && { city }),
      ...(states[0] && { state: states[0] }),
      ...(status && { status }),
      ...order,
      ...(query && { query }),
    },
    states,
    plural: pluralNouns.test(sentence.words) || agents.test(sentence.words),
    leftover,
  };
};

export const isTrade = (word: string): boolean => Object.hasOwn(trades, word.toLowerCase());
