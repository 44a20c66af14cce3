import { type Context, calls, type Reading } from '../reading.ts';
import type { Sentence } from '../sentence.ts';
import type { Intent } from './intent.ts';
import { supposedIn } from './profile-changes.ts';
import { inProfile, isProfile, profileNamed } from './profile-words.ts';

const opening =
  /^(?:(?:and|so|but|ok) )?(?:what (?:would|will|does|do|could|might)(?: (?:happen|change|be different|move|it do|it change|that do))?(?: to (?:the|our|my) (?:leads|scores|tiers))?|what (?:happens|changes)(?: to (?:the|our|my) (?:leads|scores|tiers))?|how many(?: of (?:the|our|my))?(?: leads)? (?:would |will |do )?(?:change|move|switch|go (?:up|down)|be affected|be (?:platinum|gold|silver|bronze))(?: (?:the )?tiers?)?|(?:which|what) leads (?:would |will )?(?:change|move|switch)(?: tiers?)?|who (?:would|will) (?:change|move)(?: tiers?| up| down)?|what (?:is|would be) the (?:effect|impact)|show me what (?:would )?(?:happens?|changes?)|how would (?:the |our |my )?(?:leads|scores|tiers|things)(?: (?:look|change|score|be))?(?: like)?|what if|suppose|supposing|imagine|preview|try(?: out)?|simulate|test) ?(?:(?:if|when|with|of|for|under|by) )?(?=\S)/;

/** Right after a change or a look at a profile these ask what it would do to the leads. */
const ofTheLast =
  /^(?:(?:and|so|ok|then) )?(?:(?:preview|simulate|test|try)(?: out)?(?: (?:it|that|this|them|the (?:changes?|new (?:version|profile|weights|scoring)|effect|draft)))?(?: (?:out|first|before|then))*|(?:and )?what (?:would|will)(?: (?:that|it|this|they|the (?:changes?|new (?:version|weights|profile))))? (?:change|happen|do|mean|be different|be the (?:effect|impact|difference)|move)(?: (?:then|now|if (?:i|we) (?:did|do|activated?|switch\w*)(?: (?:it|that|this|on|so|it on|that on))?|to (?:the|our|my) (?:leads|tiers|scores)|for (?:the|our|my) leads))*|what (?:changes|would change|difference (?:would|does|will) (?:that|it|this) make|is the (?:effect|impact|difference))(?: (?:then|of (?:that|it|this)|exactly))*|(?:show|see|give)(?: me)? (?:the |its )?(?:effect|impact|preview|difference)(?: (?:of (?:that|it|this)|first))*|how many(?: of (?:the|our|my))?(?: leads)? (?:would |will )?(?:change|move|switch|be affected|that (?:change|affect))(?: (?:the )?tiers?| then)*|(?:which|what) leads (?:would |will )?(?:change|move|switch)(?: tiers?)?|who (?:would|will|moves?) ?(?:change|move|up|down)*(?: tiers?)?|how would (?:the |our |my )?(?:leads|tiers|scores) (?:change|look)(?: (?:then|like))*|dry ?run(?: (?:it|that))?)$/;

const last = ({ profile }: Context): Reading | undefined =>
  profile &&
  calls(
    'preview_profile',
    profile.changes ? { profile: profile.id, changes: profile.changes } : { profile: profile.id, version: profile.version },
    0.98,
  );

/** "We used the saas profile", "version 2 of dealer scored": another profile or version as it is saved. */
const saved = (rest: Sentence, ctx: Context): Reading | undefined => {
  const found =
    rest.match(
      /^(?:the |our )?version (?<version>\d{1,3})(?: of (?:the )?(?<profile>[\w-]+(?: [\w-]+){0,3}?)(?: profile)?)?(?: (?:scored|did|was (?:active|on)|change|do))?$/d,
    ) ??
    rest.match(
      /^(?:the )?(?<profile>[\w-]+(?: [\w-]+){0,3}?)(?: profile)?,? version (?<version>\d{1,3})(?: (?:scored|did|was (?:active|on)|change|do))?$/d,
    ) ??
    rest.match(
      /^(?:(?:i|we|you|they) (?:would |were to )?(?:used|use|activated?|switched? (?:on|to)|switch(?:ed)? over to|scored? (?:by|with)|had) )?(?:the |our )?(?<profile>[\w-]+(?: [\w-]+){0,3}?)(?<word> profile)(?: (?:scored|did|was (?:active|on|used)|change|do|instead))*$/d,
    ) ??
    rest.match(
      /^(?:(?:i|we) (?:used|use|activated?|switched? to|scored? (?:by|with)) )?(?<profile>[\w-]+)(?: (?:scored|did|was (?:active|on)|change|do|instead))?$/d,
    );
  if (!found) return undefined;
  const profile = found.has('profile') ? profileNamed(found.raw('profile')) : ctx.profile?.id;
  const version = found.has('version') ? Number(found.words('version')) : undefined;
  if (profile === null || (!found.has('word') && version === undefined && !(profile && isProfile(profile, ctx))))
    return undefined;
  return calls('preview_profile', { profile: profile ?? ctx.profile?.id, version }, 0.98);
};

/** What would become of the leads if a profile were different: nothing is saved. */
export const preview: Intent = (sentence, ctx) => {
  if (sentence.tokens.length > 30) return undefined;
  const rest = sentence.drop(opening);
  if (rest && !rest.empty) {
    const inside = inProfile(rest);
    const changes = supposedIn(inside.sentence, ctx);
    if (changes && changes.tiers?.['BRONZE'] === undefined)
      return calls('preview_profile', { profile: inside.profile, changes }, 0.98);
    const other = saved(rest, ctx);
    if (other) return other;
  }
  const recent = ctx.turns.at(-1)?.calls.some((call) => /_profile$|^get_job$/.test(call.tool));
  return ofTheLast.test(sentence.words) && (recent || sentence.test(/\b(?:change|effect|preview|profile|tier)/))
    ? last(ctx)
    : undefined;
};
