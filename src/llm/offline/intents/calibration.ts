import { calls } from '../reading.ts';
import type { Intent } from './intent.ts';

const scores =
  '(?:(?:the|an?|our|my|your|lead|icp|these|those|high|higher|good|better) )*(?:scores?|scoring|ratings?|tiers?|ranking)';
const better =
  '(?:(?:platinum|gold|silver|bronze|hot|high(?:er)?[ -]scor(?:ing|ed)|high(?:er)?|better|top|hot)(?: (?:tier|scoring|scored))? ?(?:leads?|ones|prospects)?|leads? with (?:an? )?(?:high|higher|better|good|gold|platinum) scores?)';

const wordings = [
  /^(?:(?:show|see|view|get|give|check|run|what is|how is|display|tell)(?: (?:me|us|about))* )?(?:the |our |my |latest )*(?:score |lead |scoring |icp )?calibration(?: (?:report|chart|curve|figures?|of (?:the|our) scor(?:es|ing)|for (?:meetings?|wins?|won)|now|please|look(?:ing)?(?: like)?))*$/,
  /^(?:are|is) (?:the |our |my |your )*(?:lead |icp )?(?:scores?|scoring|model|tiers) (?:well |still |really |properly |even )*(?:calibrated|predictive|accurate|reliable|right|correct|any good|good|useful|meaningful|worth anything|trustworthy|working)(?: (?:at all|enough|for (?:meetings?|wins?)|about (?:meetings?|wins?)))*$/,
  new RegExp(
    `^how (?:good|well calibrated|accurate|reliable|predictive|trustworthy|right|useful|well) (?:are|is|do|does|did|were) ${scores}(?: (?:at|predicting|foretelling|forecasting|telling|finding|work|do|perform|predict|foretell|match|fit|hold up|at|for|with|in|it|who|which|what|leads?|we|will|get|buys?|buy|deals?|wins?|won|winning|win|meetings?|outcomes?|reality|results?|really|so far|now))*$`,
  ),
  new RegExp(
    `^(?:do|does|did|can|could|will) ${scores} (?:really |actually |even )*(?:predict|foretell|forecast|mean|say|tell|work|matter|reflect|hold up|hold|lead to|help|match|correlate with|correspond to|pan out)(?: .{0,40})?$`,
  ),
  new RegExp(
    `^(?:do|does|did|are|is|will) (?:our |the |my )*${better} (?:really |actually |ever |even |any )*(?:better|win|wins|won|convert|converts|converting|close|closes|buy|buys|more likely|likelier|worth more|get|book|come|land)(?: .{0,50})?$`,
  ),
  /^(?:can|should|could|do) (?:i|we) (?:really |actually )?(?:trust|believe(?: in)?|rely on|count on) (?:the |our |my |these )*(?:scores?|scoring|tiers?|ratings?|ranking)(?: .{0,30})?$/,
  /^(?:should|must|do) (?:the |our |we |i )*(?:change |move |adjust )?(?:the |our )?(?:tiers?|thresholds?|cut-?offs?)(?: (?:change|be changed|move|be moved|be different|elsewhere|where they are|be where they are|need (?:to change|changing|adjusting)))*$|^are (?:the |our )*(?:tiers?|thresholds?|cut-?offs?) (?:right|in the right places?|set right|well (?:set|placed|chosen))$/,
  /^(?:what is (?:the |our )?|show (?:me )?(?:the |our )?)?(?:win|meeting|conversion|success) rates? (?:by|per|for each|in each|of each) (?:score|tier|band|bin|score band)s?$/,
  /^(?:how (?:often|much more) do|what (?:share|part) of) (?:our |the )*(?:platinum|gold|high scoring) leads (?:win|get won|are won|convert|become customers|come to a meeting|get to a meeting)(?: .{0,30})?$/,
  /^(?:compare|check|hold|test) (?:the |our )*scores? (?:with|against|to) (?:the |our )*(?:outcomes?|results?|wins?|reality|what happened|won deals)$/,
  /^(?:did|do|how often (?:did|do)) (?:the |our )*scores? (?:come|get it|turn out|prove|come out) (?:true|right|wrong)$/,
];

/** "How good are our scores?": what they said beside what became of the leads. */
export const calibration: Intent = (sentence) => {
  if (!sentence.test(/\b(?:scor\w+|calibrat\w+|tiers?|thresholds?|ratings?|ranking|platinum|gold|model|leads|cut-?offs?)\b/))
    return undefined;
  if (!wordings.some((wording) => sentence.test(wording))) return undefined;
  const months = /\b(?:last|past) (\d{1,2}) months\b/.exec(sentence.words)?.[1];
  return calls(
    'get_calibration',
    {
      outcome: sentence.test(/\b(?:meetings?|demos?|appointments?)\b/) ? 'meeting' : undefined,
      months: months && Number(months),
    },
    0.97,
  );
};
