import { object, objects, string } from '../history.ts';
import { ask, type Call, type Context, calls, compact, type Reading, refuse } from '../reading.ts';
import { byRules, type Intent } from './intent.ts';
import { isProfile, profileNamed } from './profile-words.ts';

const inTheFile =
  'From the chat I change weights, the scores at which tiers begin, and which profile scores. Criteria and new profiles are made in a profile file and saved with "npm run profiles"; no profile is deleted here. You can ask, for example: "show the profile".';
const about =
  '(?:icp |scoring |lead |ideal customer |customer |active |current |our |the |my |all |available |other |different |saved )*';

/** Ways to ask how scores come about; of no lead in particular. */
const howScored = [
  /^how (?:is|are|do|does|did|was|were|would|will) (?:you |we |the system )?(?:scor(?:e|ed|ing)|rat(?:e|ed)|rank|grade|weigh|weighed|weighted|calculate|compute|determine|work out|come up with) ?(?:the |our |my |a |all )*(?:leads?|scores?|icp scores?|tiers?|companies|prospects|points|a score)?(?: (?:here|now|at the moment|currently))?$/,
  /^how (?:is|are|was|were) (?:the |our |my |all |a )*(?:leads?|prospects|companies|scores?|icp scores?|tiers?|points|scoring|everything) (?:being )?(?:scored|rated|ranked|graded|weighted|calculated|computed|worked out|determined|assigned|made up|made|decided|set|done|configured)(?: (?:here|now|at the moment|currently|up))*$/,
  /^how (?:does|do) (?:the |our |my |your )?(?:lead |icp )?(?:scoring|scores?|ratings?|tiers?) (?:work|come about|get (?:calculated|made)|happen)(?: here| exactly)*$/,
  /^(?:what|which)(?: (?:is|are))? (?:the |our |your |my )*(?:current |active |scoring |icp |tier |score |lead )*(?:weights?|weightings?|criteria|criterion|thresholds?|cut-?offs?|scoring rules|scoring model|scoring|icp|tiers|factors|rules (?:for|of|behind) (?:the )?scor(?:es?|ing))(?: (?:right now|now|at the moment|currently|for (?:the )?(?:scores?|tiers?|leads|scoring)|(?:we|you) (?:use|have|score by)|are (?:there|used|we using)|do (?:we|you|they) (?:use|have|score by|look at)|of (?:the|our) profile|count|in use|set to))*$/,
  /^(?:show|list|see|view|display|give|tell|explain|open|get)(?: (?:me|us|about))* (?:the |our |my |all )*(?:current |active |scoring |icp |tier |score |lead )*(?:weights?|weightings?|criteria|thresholds?|cut-?offs?|scoring rules|scoring model|scoring|icp|tiers|ideal customer)(?: (?:of (?:the|our) profile|right now|now|and (?:weights?|thresholds?|tiers?|criteria)))*$/,
  /^(?:what|which things?) (?:does|do|goes|counts?|matters?|makes? up|is in|influences?|determines?|affects?|decides?) ?(?:the |our |a )*(?:score|scores|scoring|into (?:the|a) score|for (?:the|a) score|towards? (?:the|a) score|in (?:the|a) score)(?: (?:depend on|consist of|look at|rest on|made of))?$/,
  /^what (?:makes|does it take(?: to be| to reach)?|turns) (?:a |an )?(?:(?:good|ideal|perfect|platinum|gold|silver) )?(?:leads?|prospect|customer)(?: (?:into )?(?:a )?(?:good|great|ideal|platinum|gold|silver)(?: lead| one)?)?$/,
  /^(?:when|from (?:which|what) score(?: on)?|at (?:which|what) score|where|how high) (?:is|are|does|do|must|has) (?:a |the )?(?:leads?|score|it|companies)? ?(?:score )?(?:to )?(?:be |become |start |begin |count as |for )?(?:a )?(?:platinum|gold|silver|bronze)(?: (?:start|begin|lead|tier))*$/,
  /^(?:what|which) (?:score|number of points|points) (?:is|are|makes|do you need for|does it take for|gets you) (?:a )?(?:platinum|gold|silver|bronze)(?: lead| tier)?$/,
  /^(?:what is|how (?:high|big|large|much|heavy) is) (?:the )?(?:weight|weighting|share) (?:of|for|on) (?:the )?(?:\S+ ?){1,5}$/,
  /^how (?:much|heavily) (?:does|do|is|are) (?:the )?(?:\S+ ){1,5}(?:count|weigh|weighted|matter)(?: for)?$/,
  /^(?:what|who) is (?:our|the) ideal (?:customer|client)(?: profile)?$/,
];

/** Which profiles there are, and what one holds. */
export const profiles: Intent = byRules(
  [
    [
      new RegExp(
        `^(?:(?:what|which|show|list|see|view|get|display|give|tell|are|how many|do)(?: (?:me|us|about|kind of|sort of|there|we have|any))* )?${about}profiles(?: (?:are|do|can|is|there|we|i|have|exist|available|to choose from|use|score by|score with|saved|in here|here|now|please|could|got))*$`,
        'd',
      ),
      () => calls('list_profiles', {}, 0.97),
    ],
    [
      /^(?:which|what) (?:icp |scoring |customer |version of the )?profile(?: version)? (?:is |are |do |does |did |scores?|scoring|we |i |you |they |it |the |our |leads |being |currently |now )*(?:active|on|live|used?|using|in use|scores?|scored|scoring|running|apply|applied|by|with|leads|now|currently|set)*$|^what is (?:the )?(?:active|current) (?:icp |scoring )?profile$|^(?:who|what) scores (?:the |our |my )?leads(?: now)?$|^by which profile\b.*$/d,
      (_found, _ctx, sentence) => calls(sentence.test(/^what is/) ? 'get_profile' : 'list_profiles', {}, 0.97),
    ],
    [
      /^(?:show|display|open|see|view|get|give|explain|describe|print|what is in|what does|look at|tell)(?: (?:me|us|about))* (?:the |our |my )?version (?<version>\d{1,3})(?: of (?:the |our )?(?<profile>.+?))?$|^(?:show|display|open|see|view|get)(?: me)? (?:the |our )?(?<profile2>.+?) profile,? version (?<version2>\d{1,3})$/d,
      (found, ctx) => {
        const named = profileNamed(found.raw('profile') || found.raw('profile2'));
        const profile = named ?? ctx.profile?.id;
        return named === null || (profile === undefined && !found.has('profile'))
          ? undefined
          : calls('get_profile', { profile, version: Number(found.words('version') || found.words('version2')) }, 0.96);
      },
    ],
    [
      /^(?:(?:show|display|open|see|view|get|give|explain|describe|print|what is in|what is|what does|look at|tell|how does|how is)(?: (?:me|us|about|it|in))* )?(?:the |our |my )?(?<kind>(?:(?:icp|scoring|active|current|default|ideal customer|customer|new|newest|whole|full) )*)profile(?: (?:look like|say|hold|contain|please|now|again|made up|in full|as yaml|that scores(?: now)?|(?:we|you) (?:use|score by)))*$/d,
      (found, ctx, sentence) =>
        // "my profile" is the user's own
        (sentence.test(/\bmy profile\b/) && !found.words('kind')) || sentence.tokens.length < 2
          ? undefined
          : calls(
              'get_profile',
              /\bnew(?:est)?\b/.test(found.words('kind'))
                ? compact({ profile: ctx.profile?.id, version: ctx.profile?.version })
                : {},
              0.97,
            ),
    ],
    [
      /^(?:(?:show|display|open|see|view|get|give|explain|describe|what is in|what is|look at|tell)(?: (?:me|us|about|in))* )?(?:the |our )?(?:(?:icp|scoring) profile (?:called |named |for |of )?(?<called>(?!of\b|for\b)[\w-]+(?: [\w-]+){0,3})|profile (?:called |named )?(?<after>(?!of\b|for\b|on\b|from\b|about\b|picture|page|info)[\w-]+(?: [\w-]+){0,2})|(?<before>[\w-]+(?: [\w-]+){0,3}?) (?:icp|scoring) profile|(?<known>[\w-]+)(?: profile)?)(?: (?:look like|please|again))*$/d,
      (found, ctx, sentence) => {
        const named = profileNamed(found.raw('called') || found.raw('after') || found.raw('before') || found.raw('known'));
        if (!named || !sentence.test(/\bprofile\b/)) return undefined;
        const sure = isProfile(named, ctx) || found.has('called') || found.has('before');
        return sure || (found.has('after') && sentence.test(/^(?:show|display|open|see|view|get)\b/))
          ? calls('get_profile', { profile: named }, 0.95)
          : undefined;
      },
    ],
    [
      /^(?:who|when) (?:last )?(?:changed|saved|edited|updated|made|wrote)(?: (?:the|our|this|that))? (?:\S+ ){0,3}profile$/d,
      () => calls('list_profiles', {}, 0.97),
    ],
    [
      /^(?:(?:delete|remove|drop|erase|bin|scrap) (?:the |our |that )?(?:\S+ ){0,3}(?:profile|criterion|criteria)(?: .+)?|(?:add|create|make|set up|define)(?: (?:a|an|the|another|new|us|me|our|own))+ (?:icp |scoring )?(?:profile|criterion|criteria)(?: .+)?)$/d,
      (_found, _ctx, sentence) => (sentence.test(/\bleads?\b|:/) ? undefined : refuse(inTheFile, 0.97)),
    ],
    [
      /^(?:deactivate|disable|switch off|turn off)(?: (?:it|that|this|the (?:\S+ ){0,2}profile))?$|^(?:switch|turn) (?:it|that|the (?:\S+ ){0,2}profile) off(?: again)?$/d,
      (_found, ctx, sentence) =>
        ctx.profile || sentence.test(/\bprofile\b/)
          ? refuse(
              'One profile always scores. Say "undo that" to take the last switch back, or "use the ... profile" for another one.',
              0.95,
            )
          : undefined,
    ],
    [/^(?:weights|weightings|criteria|thresholds|cut-?offs|scoring|scoring rules|icp)$/d, () => calls('get_profile', {}, 0.9)],
    ...howScored.map((pattern): [RegExp, () => Reading] => [
      new RegExp(pattern.source, 'd'),
      () => calls('get_profile', {}, 0.96),
    ]),
  ],
  /\b(?:profiles?|scor\w+|weigh\w*|criteri\w+|thresholds?|cut-?offs?|tiers?|icp|ideal|platinum|gold|silver|bronze|rat(?:e|ed|ing)|rank\w*|grade\w*|points|count|matter|version|deactivate|disable|off|leads?)\b/,
);

const theOne =
  '(?:it|that|this|them|that one|this one|the (?:new |newest |latest |last |saved |changed )*(?:version|profile|weights?|weighting|scoring|rules|changes?|one|thresholds?|tiers)|the changes?|those(?: changes| weights)?|these(?: changes| weights)?|that (?:version|profile|change)|this (?:version|profile|change))';
const going =
  '(?:now|then|for real|right away|live|on|please|for (?:all|the|our) leads|instead|again|today|everywhere|as (?:the )?(?:active|default) (?:one|profile)|to all leads)';

/** Switching on what was saved, or another profile. */
export const activation: Intent = byRules(
  [
    [
      new RegExp(
        `^(?:activate|switch on|turn on|enable|apply|use|deploy|roll out|adopt|go live with|go with|score (?:by|with)|start using|start scoring (?:by|with)) ${theOne}(?: ${going})*$|^(?:switch|turn|put) ${theOne} (?:on|live|in use|into effect|to use)(?: ${going})*$|^(?:make|set|put|let) ${theOne} (?:be )?(?:active|live|the active (?:one|profile|version)|the one that scores|score|as active|count|scoring)(?: ${going})*$|^(?:activate|go live|switch over|make the switch)(?: ${going})*$`,
        'd',
      ),
      (_found, ctx, sentence) => {
        // "use it" and "apply that" speak of a profile only right after one
        const recent = ctx.turns.at(-1)?.calls.some((call) => /profile|get_job/.test(call.tool));
        const plain = sentence.test(
          /\bactivat|\b(?:profile|version|weights?|weighting|scoring|scores?|thresholds?|tiers|active|live)\b|^(?:switch|turn)\b/,
        );
        if (!recent && !(ctx.profile && plain)) return sentence.test(/\bactivat/) ? whichOne() : undefined;
        return activate(ctx);
      },
    ],
    [
      /^(?:activate|switch (?:on|back to|over to|to)|turn on|enable|use|go (?:back )?to|back to|return to|score (?:by|with)|apply|make|set|revert to)(?: (?:the|our))? ?version (?<version>\d{1,3})(?: of (?:the )?(?<profile>.+?))?(?: (?:active|live|again|now|instead|score))*$/d,
      (found, ctx) => {
        const named = profileNamed(found.raw('profile'));
        return named === null ? undefined : activate(ctx, named, Number(found.words('version')));
      },
    ],
    [
      /^(?:activate|switch (?:on|back to|over to|to)|turn on|enable|use|go (?:back )?to|score (?:leads )?(?:by|with)|apply|make|set) (?:the |our )?(?<profile>[\w-]+(?: [\w&+-]+){0,4}?)(?: profile)?,? version (?<version>\d{1,3})(?: (?:active|live|again|now|instead))*$/d,
      (found, ctx) => {
        const named = profileNamed(found.raw('profile'));
        return named ? activate(ctx, named, Number(found.words('version'))) : undefined;
      },
    ],
    [
      /^(?:activate|switch (?:on|back to|over to|to)|turn on|enable|use|go (?:back )?(?:to|with)|score(?: (?:the |our |all )*leads)? (?:by|with)|apply|make|set|let) (?:the |our )?(?:profile (?<after>[\w-]+(?: [\w&+-]+){0,4}?)|(?<before>[\w-]+(?: [\w&+-]+){0,4}?) (?:icp |scoring )?profile)(?: (?:the )?(?:active|live|again|now|instead|score|on|for scoring|to score(?: leads)?|from now on)(?: one)?)*$/d,
      (found, ctx) => {
        const named = profileNamed(found.raw('after') || found.raw('before'));
        return named ? activate(ctx, named) : undefined;
      },
    ],
    [
      /^(?<verb>activate|switch (?:on|back to|over to|to)|use|go (?:back )?(?:to|with)|score(?: (?:the |our |all )*leads)? (?:by|with)) (?:the )?(?<profile>[\w-]+)(?: (?:again|now|instead))*$/d,
      (found, ctx) => {
        const named = profileNamed(found.raw('profile'));
        return named && isProfile(named, ctx) ? activate(ctx, named) : undefined;
      },
    ],
    [
      /^(?:activate|switch(?: (?:on|to))?|change|use)(?: (?:a|an|the|another|different|other|our))* (?:icp |scoring )?profile$/d,
      (_found, ctx, sentence) => (ctx.profile && sentence.test(/^(?:activate|switch on|use) the\b/) ? activate(ctx) : whichOne()),
    ],
  ],
  /\b(?:activate|switch|turn|enable|apply|use|using|deploy|roll out|adopt|go|score|make|set|put|let|back|return|revert|change)\b/,
);

const whichOne = (): Reading =>
  ask(
    'Which profile should score? Say, for example, "use the saas profile" or "activate version 2 of dealer". "What profiles are there" lists them.',
    0.95,
  );

/** The version that was named or spoken of last; what is not saved yet is saved in the same step. */
const activate = (ctx: Context, profile = ctx.profile?.id, version?: number): Reading => {
  const { changes, id, version: known } = ctx.profile ?? {};
  if (version === undefined && changes && profile === id && known === undefined)
    return calls('update_profile', { profile, changes, activate: true }, 0.97);
  if (profile !== undefined)
    return calls('activate_profile', { profile, version: version ?? (profile === id ? ctx.profile?.version : undefined) }, 0.97);
  return {
    kind: 'calls',
    confidence: 0.97,
    calls: [{ tool: 'list_profiles', input: {} }],
    next: ([found]) => activeOne(found, version),
  };
};

/** Of an answer that lists profiles: the one that scores now, in another version. */
const activeOne = (found: unknown, version: number | undefined): Call[] => {
  const active = objects(object(found)?.['profiles']).find((profile) => profile['active'] === true);
  return active ? [{ tool: 'activate_profile', input: compact({ profile: string(active['id']), version }) }] : [];
};
