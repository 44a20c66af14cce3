import { type Call, type Reading, writes } from './reading.ts';
import type { Sentence } from './sentence.ts';

/** Why a change is not simply made although the words of one are there. */
export type Doubt = 'question' | 'quoted' | 'hedged' | 'foreign';

const linked = '(?:so |and |but |then |also |wait |hang on |actually |ok |well |hey )*';
const question = new RegExp(
  String.raw`^${linked}(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|am|does|did|has|should|shall|may|might|would|could|can|must|ought|do (?:i|we|you|they|people|any|these|those|the)|have (?:i|we|you|they|any\w*|ann?y? ?one|the|some\w*)|had (?:i|we|you|they)|will (?:i|we|you|it|they|he|she|that|this|the|any\w*|[a-z]+ (?:be|get|become))|any (?:chance|way|reason|idea|news|update|word)|ever)\b`,
);
/** Politeness that puts a request as a question. */
const polite =
  /^(?:(?:hey|hi|hello|ok|okay|so|and|also|right|um|uh|well|sorry|thanks|great|good \w+)[,.!]? ?)*(?:(?:can|could|would|will|may|might) (?:you|u|ya|we)\b|(?:do|would) you mind\b|any chance\b|is it possible|would it be possible|think you can|mind (?=\w+ing\b)|are you able)|\b(?:would|could|can|will) (?:you|u|ya)\??$|\b(?:ok|okay|right|yeah|alright|please|pls|thanks|cheers|ta)\?+$/i;

const hedge =
  /\b(?:i doubt|not sure|unsure|i (?:would|will) never|hypothetically|theoretically|in theory|wish (?:i|we|you) could|i (?:just |almost |nearly |always )?thought|almost|nearly|as if|whether|pretend|suppose|imagine|just (?:kidding|joking|testing)|was (?:going to|gonna|about to)|if (?:i|we|they|he|she|it|that|this|only|ever|needed|you (?:want|think|were|are|had|did))\b|unless|before (?:i|we|you) (?:mark|move|set|change|delete|assign|log|add|remove|give|put)|instead of|rather than|i (?:might|may|could|should)|maybe|perhaps|might|thinking (?:of|about)|considering|wondering|would (?:be|it)|(?:she|he|they|that) (?:is|are) wrong|not yet|never mind|nevermind|nvm|forget it|by mistake|who (?:said|says)|do not know|cannot decide|as (?:an|a) example|for example|what if|used to|supposed to|should have|could have|would have)\b/;
/** "Is not won", and of the user's own acts "I did not call". What others did not do is worth a note. */
const negated = /\b(?:not|never|no longer|neither|nor)\b/;
const notDone =
  /^(?:(?:i|we|you|nobody|no one|none of us|they|he|she|[a-z]+) (?:\w+ )?)?(?:did not|do not|have not|has not|had not|never|was not|were not|will not|should not|must not|would not|can not|not)\b(?! (?:get (?:hold|through)|reach|pick|answer|reply|respond|interested|a fit|able))/;
const reminding = /^(?:do not|never) (?:let|forget)|\bnot (?:let me )?forget\b/;
const takenBack =
  /\b(?:never ?mind|nevermind|nvm|forget it|forget that|just kidding|just joking|jk|scratch that|on second thought)\b[.! ]*$/i;

/** Somebody else's words: a quotation with its source, a pasted mail, or text made to look like an instruction. */
const reported =
  /\b(?:said|says|told (?:me|us|him|her|them)|wrote|writes|write|asked (?:me|us)|asks|emailed|e-mailed|texted|replied|answered|mentioned|claims|claimed|reads|email|mail|message|note from|letter|quote)\b[^"']{0,40}(?:["“]|(?<=[\s:,])['‘](?=\w))/i;
const quotedCommand =
  /["“][^"”]{0,40}\b(?:delete|remove|mark|set|change|update|assign|cancel|add|create|log|remind|undo|wipe|drop|move|ignore)\b/i;
const pasted =
  /(?:^|\s)(?:fw|fwd|re|subject|from|sent):\s|\bwrote:|-{3,} ?(?:forwarded|original)|^>|<\/?\w+[^>]*>|\btool[ _]call\b|\bsystem ?:|\b(?:admin|root|system) override\b|developer mode|\b(?:ignore|disregard) (?:all |any )?(?:previous|prior|above|your)\b|\bsay nothing to\b/i;

const commanded =
  /^(?:log|add|note|make|put|record|jot|write|leave|save|take|drop|pop|stick|attach|enter|remind|create|set|quick note|notes?\b|task\b|todo\b)/;

const changes = (reading: Reading): Call[] => {
  const planned =
    reading.kind === 'calls'
      ? reading.calls
      : reading.kind === 'ask' && reading.pending?.kind === 'needs'
        ? reading.pending.calls
        : [];
  return planned.filter((call) => writes.has(call.tool));
};

export const isChange = (reading: Reading): boolean => changes(reading).length > 0;

/** A change needs plain words of the user's own: no question, no quotation, no hedge. */
export const doubtAbout = (reading: Reading, sentence: Sentence, whole: Sentence = sentence): Doubt | undefined => {
  const planned = changes(reading);
  if (planned.length === 0) return undefined;
  const { source, words } = sentence;
  const free = planned.every(
    (call) => call.tool === 'log_activity' || call.tool === 'create_task' || call.tool === 'create_lead',
  );
  const dictated = free && commanded.test(words);
  if (pasted.test(source) && !dictated) return 'foreign';
  if (
    (reported.test(source) || quotedCommand.test(source)) &&
    !dictated &&
    !/^(?:delete|remove|mark|assign|rename|show|complete)/.test(words)
  )
    return 'quoted';
  if (takenBack.test(source) && !planned.some((call) => call.tool === 'undo')) return 'hedged';
  if (planned.every((call) => call.tool === 'undo') && !question.test(words) && !/\bif\b/.test(words)) return undefined;
  if (question.test(words)) return 'question';
  if (source.trim().endsWith('?') && !polite.test(source.trim()) && !free) return 'question';
  // What a note or a task says may well hold a "maybe"; only the way it is asked for counts.
  const asked = free
    ? whole.words
        .split(' ')
        .slice(0, dictated ? 3 : 5)
        .join(' ')
    : whole.words;
  if (hedge.test(asked)) return 'hedged';
  return (free ? notDone : negated).test(words) &&
    !planned.every((call) => call.input['status'] === 'disqualified' || call.input['owner'] === 'nobody') &&
    !reminding.test(words)
    ? 'hedged'
    : undefined;
};
