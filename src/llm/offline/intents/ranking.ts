import { filtersOf, isTrade } from '../filters/filters.ts';
import { numberOf, numberWord } from '../filters/numbers.ts';
import { hotTiers } from '../filters/tier.ts';
import { calls, type Reading } from '../reading.ts';
import type { Sentence } from '../sentence.ts';
import { byRules, type Intent } from './intent.ts';

const rankWords = `(?:call|ring|phone|contact|dial|reach out to|reach|talk to|speak to|speak with|chase|work on|work|visit|go after|focus on|start with|followup with|follow up with|prioritize|target|hit|approach|tackle|email|message|try|pursue|see|bother|pitch|be calling|be ringing|be contacting|be working|be chasing|be talking to|be phoning|be focusing on)`;

/** "Who should I call first": the ranking of the day. */
export const ranking: Intent = (sentence, ctx) =>
  sentence.test(/^(?:why|how come|explain)\b/) ? undefined : rankingRules(asked(sentence), ctx);

/** "Got 20 minutes before a meeting, who should I call": only the question counts. */
const asked = (sentence: Sentence): Sentence => {
  const opening =
    /^.+? (?=who (?:should|do|shall|am) (?:i|we)\b|where (?:should|do) i start|(?:so )?(?:give|show) me my (?:\S+ )?(?:best|top)\b)/.exec(
      sentence.words,
    );
  return (
    (opening &&
      sentence.drop(
        /^.+? (?=who (?:should|do|shall|am) (?:i|we)\b|where (?:should|do) i start|(?:give|show) me my (?:\S+ )?(?:best|top)\b)/,
      )) ??
    sentence
  );
};

const rankingRules = byRules([
  [
    /^(?:please )?(?:brief me|give me (?:my|a|the) (?:daily |morning )?brief(?:ing)?|(?:my |daily |morning )*brief(?:ing)?|what is hot today)(?: (?:please|today|for today|now))*$/d,
    (_found, _ctx, sentence) => topOf(sentence, 0.96),
  ],
  [
    new RegExp(
      String.raw`\b(?:who|whom|which (?:one|ones|leads?|company|companies|prospects?|accounts?)|what (?:leads?|prospects?|companies|accounts?)) (?:should|do|would|can|shall|must|to|am|might|could|ought|deserves?)\b.{0,40}?\b${rankWords}\b|\b(?:who|what|which).{0,20}\b(?:next|first)\b.{0,12}\b(?:call|ring|phone)\b|^(?:who|whom) (?:to|do i|should i|next|first)(?: ${rankWords})?(?: next| first| today| now)*$|^who is (?:next|first|up|on top|at the top|hot|hottest|up next|the best|my best|worth)\b.*$|^(?:who|what) (?:is|are) (?:my |the |our )?(?:best|hottest|top|strongest) (?:bets?|shots?|chances?|opportunit(?:y|ies)|call|target|targets|calls|one|ones|thing)\b.*$`,
      'd',
    ),
    (_found, _ctx, sentence) =>
      sentence.test(/\b(?:not|never|called yet|owns?|assigned)\b/) && !sentence.test(/\bshould\b/)
        ? undefined
        : topOf(sentence, 0.96),
  ],
  [
    /\b(?:call list|hit ?list|calling list|priority list|short ?list|target list|to call list|action list|ranking|rankings|leader ?board|priorities|prioritize(?:d)?|where (?:should|do|shall|would|can) (?:i|we) (?:start|begin|focus)|(?:what|where) should (?:i|we) (?:focus|start|begin|concentrate)\b.*|who is hot|rank (?:my|the|our|all)?(?: \S+){0,3} ?(?:leads|prospects|list)|best (?:to|for) (?:call|ring|phone|contact)|(?:which|what) (?:leads|companies|prospects|ones|accounts)(?: \S+)? (?:are|look|seem) (?:the )?(?:most promising|best|hottest|strongest|hot|most likely|likeliest)|number one (?:lead|prospect|target)|what should (?:i|we) (?:be )?work(?:ing)? on|(?:best|right|top) (?:people|ones|leads|companies|prospects|contractors)(?: \S+){0,2} to (?:call|ring|phone|contact|visit|target)|worth (?:calling|ringing|phoning|a call|a look)|(?:someone|somebody|people|leads?|companies|prospects|a lead|names) (?:for me )?to (?:call|ring|phone|dial|contact|chase|work on|visit))\b/d,
    (_found, _ctx, sentence) => topOf(sentence, 0.96),
  ],
  [
    new RegExp(
      String.raw`\b(?:top|best|hottest|strongest|highest(?:[ -](?:scoring|scored|ranked|rated|priority))?|most promising|hot|promising|greatest|juiciest|warmest|priority)(?: (?:${numberWord}|\d+))?(?: (?:my|our|the|of|open|unassigned))*(?: (?:platinum|gold|silver|bronze|tier))*(?: [a-z]+){0,2}? ?(?:leads?|prospects?|companies|accounts?|ones?|company|opportunit(?:y|ies)|targets?|business(?:es)?|contractors?|dealers?|bets?)\b|^(?:show |give |list |get |tell )*(?:me )?(?:my |the |our )*(?:top|best) ?(?:\d+|${numberWord})?$|^(?:\d+|${numberWord}) (?:best|hottest|top)\b.*$|\b(?:best|top) (?:\d+|${numberWord})\b`,
      'd',
    ),
    (_found, _ctx, sentence) =>
      sentence.test(/\bhighest[ -]?scor|\bby (?:score|name)\b|sorted/) ? undefined : topOf(sentence, 0.96),
  ],
]);

export const topOf = (sentence: Sentence, confidence: number): Reading | undefined => {
  const { input, leftover, states } = filtersOf(sentence);
  const trade = leftover.some(isTrade);
  const beyond =
    trade ||
    input.city ||
    input.status?.some((status) => status !== 'new') ||
    input.minScore !== undefined ||
    input.maxScore !== undefined ||
    input.has ||
    input.missing ||
    input.notContactedDays !== undefined ||
    input.addedWithinDays !== undefined ||
    (input.tier && input.tier.length > 1) ||
    states.length > 1;
  // The ranking knows state, tier and owner; anything else is a search by score.
  if (beyond || (input.owner && !['me', 'all'].includes(input.owner))) return undefined;
  const owner = sentence.test(
    /\b(?:everyone|everybody|all reps|whole team|the team|anyone|company wide|overall|all owners|regardless of owner)\b/,
  )
    ? 'all'
    : // "My top 3 leads" are those of my day: only "my own" and the like leave out the ones nobody owns.
      sentence.test(
          /\bmy own\b|\b(?:that |which )?i own\b|\b(?:only|just) mine\b|\b(?:assigned|belonging) to me\b|\bowned by me\b/,
        )
      ? 'me'
      : undefined;
  const single =
    sentence.test(
      /\b(?:best|top|hottest|strongest|highest(?:[ -]\w+)?|most promising|next|number one|right) (?:(?:gold|silver|bronze|platinum) )?(?:lead|prospect|company|account|one|opportunity|target|bet)\b|\bwho is (?:next|first|number one)\b|\bwhich (?:one|lead|company) should\b/,
    ) && !sentence.test(/\b(?:leads|prospects|companies)\b/);
  const number = new RegExp(
    String.raw`\b(?:top|best|first|hottest|next|strongest) (\d{1,3}|${numberWord})\b|\b(\d{1,2}|three|four|five|six|seven|eight|nine|ten|twenty) (?:\S+ ){0,3}(?:leads|prospects|companies|people|accounts|calls|names)\b|\b(?:give|show|get|list)(?: me)? (\d{1,2}|three|four|five|ten)\b|^(\d{1,2}|three|five|ten) (?:best|top|hottest)\b`,
  ).exec(sentence.words);
  const said = number?.[1] ?? number?.[2] ?? number?.[3] ?? number?.[4];
  const count = said ? Math.min(20, Math.max(1, numberOf(said))) : single ? 1 : undefined;
  // "Hot" says how good a lead is, "hottest" only which are the best there are.
  const tier = input.tier?.[0] ?? (sentence.test(/\bhot\b/) ? hotTiers : undefined);
  return calls('top_leads', { count: Number.isFinite(count) ? count : undefined, owner, state: input.state, tier }, confidence);
};
