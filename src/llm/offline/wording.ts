import { Sentence } from './sentence.ts';

/** Politeness and small words before a request; what they introduce is what counts. */
const courtesies: RegExp[] = [
  /^to (?=(?:mark|set|move|change|add|delete|remove|assign|give|show|list|log|note|remind|put|make|find|open|update)\b)/,
  /^(?:hey|hi|hello|yo|hiya|ok|okay|alright|all right|right|well|um|umm|uh|hmm|oh|ah|please|kindly|quickly|sorry(?! to\b)|excuse me|thanks|thank you|cheers|great|cool|perfect|nice|awesome|super|good|yes|yeah|yep|sure)(?: (?:there|then|again|team|all|buddy|mate|man|bot|assistant|sales agent|so much|a lot|everyone|for that|but))*(?: [-:])?(?= \S)/,
  /^(?:good morning|good afternoon|good evening|morning|afternoon|evening)(?: (?:all|team|there|everyone|bot|to you))?(?: [-:])?(?= \S)/,
  /^(?:[-:]|sales agent|assistant|bot|@\S+)(?= \S)/,
  /^(?:(?:a |one |just a |just one )?(?:(?:quick|small|last|another|more|little) )+(?:one|question|thing|q|ask|favor|request|note for you)|one (?:more )?(?:thing|question)|real quick|quick|question|got a (?:sec|second|minute|moment)|do you have a (?:sec|second|minute|moment)|if you (?:do not mind|have a (?:sec|second|minute|moment)|can|could)|when you (?:get|have) a (?:chance|sec|second|minute|moment)|sorry to (?:bother|bug) you(?: again)?(?: but)?|hope you are (?:well|doing well)|how are you|listen|look here|by the way|btw|fyi|actually|basically|anyway|anyways|for now|first(?! (?:thing|one|two|three|\d|lead|page))|first of all|firstly|next up|finally|lastly)(?: [-:])?(?= \S)/,
  /^(?:(?:can|could|would|will|may|might) (?:you|u|ya)(?: (?:please|kindly|just|also|quickly|possibly|maybe|perhaps|be able to|be so kind as to|be so kind to|go ahead and|try to|help me(?: to)?|help me and|for me|mind|then|ever))*|(?:would|do) you mind|would it be possible(?: for you)? to|is it possible(?: for you)? to|are you able to|any (?:chance|way) (?:you|u) (?:can|could|would)|(?:is there )?any (?:chance|way) (?:to|i (?:can|could))|is there (?:a|any) way to|i was wondering if you (?:can|could|would)|wondering if you (?:can|could)|i wonder if you (?:can|could)|do you think you (?:can|could)|you (?:can|could|should)|think you can)(?= \S)/,
  /^(?:tell me|let me know|do you know|any idea|find out|check|see|look up|show me|give me|i (?:need|want|would like|would love) to know|i am (?:wondering|curious)|wondering|curious|know|and|remind me again)(?: please)? (?:if |whether )?(?=(?:who|what|when|where|which|why|how|whose|is|are|does|has|have) )/,
  /^(?:i (?:would|do) (?:like|love|appreciate)(?: it if you (?:could|would))?(?: (?:you )?to)?|i (?:want|need|wish)(?: (?:you|u))? to|i need you to|i want you to|i would (?:like|love|want|need)|i am (?:trying|looking|hoping|going|here) to|i have to ask you to|let us(?: go ahead and)?|let me(?= (?:see|know|get|have a look))|go ahead and|go and|help me(?: to)?(?: (?:out and|and))?|make sure (?:to|you)|be so kind (?:as )?to|feel free to|time to|do me a (?:favor|solid) and|try to|just|maybe|kindly|you need to|your task is to|i think (?:we|you|i) should|we (?:need|want|have) to|we should|i would like)(?= \S)/,
];

const chartWish =
  /^(?=.*\b(?:costs?|spend|spent|spending|bills?|burn(?:ed|t)?)\b)(?!.*\b(?:note|log|remind|task)\b)(.+?)[,.;?!]*\s+(?:(?:and|but|please|also)\s+)*(?:(?:show|draw|plot|give|make)(?:\s+(?:me|us|it|that|this|them))*(?:\s+(?:as|in|with|on))?|with|as|in)\s+(?:(?:a|the|nice|little|bar|pie)\s+)*(?:chart|graph|diagram)s?\s*[.!?]*$/is;

/** What was spent is always shown as a chart too: who asks for one asks for nothing more. */
export const withoutChart = (text: string): string => chartWish.exec(text)?.[1] ?? text;

/** "Genstar, mark as won", "about Genstar: who owns it?": what it is about, and what is asked. */
export const topicOf = (source: string): { topic: string; rest: string; explicit: boolean } | undefined => {
  const found =
    /^((?:as )?(?:for|about|regarding|re|concerning|on|with)[ :]+)?([^:]{2,60}?)(?:\s*[,:]\s+|\s+-\s+)((?:please )?(?:mark|set|assign|move|log|note|add a|add|remind|ping|who|what|when|where|why|how|delete|remove|explain|give|put|change|update|is|are|do|does|follow|call|leave)\b.{2,300})$/i.exec(
      source,
    );
  if (
    !found?.[2] ||
    !found[3] ||
    /^(?:add|log|note|remind|mark|set|assign|delete|create|new|task|todo|show|hey|hi|hello|ok|please|so|well|first|next|then|in|who|what|when|where|why|how|is|are|can|could|would|i|we|they|just|don't|do|not|reminder|import)\b/i.test(
      found[2],
    )
  )
    return undefined;
  return { topic: found[2].trim(), rest: found[3], explicit: found[1] !== undefined };
};

/** "Tomorrow at 9 remind me to ..." says the same as "remind me to ... tomorrow at 9". */
export const dateLast = (source: string): { date: string; rest: string } | undefined => {
  const found =
    /^((?:on|by|at|in|next|this|first thing|tomorrow|tmrw|today|tonight|mon|tues?|wed|thurs?|fri|monday|tuesday|wednesday|thursday|friday|saturday|sunday|later)\b[^,:]{0,40}?)\s*[,:]?\s+((?:please )?(?:remind|ping|nudge|follow|call|ring|email|text|check|set a reminder|set up|create a|don't let|i (?:need|have|want|must|should)|i'll)\b.{2,300})$/i.exec(
      source,
    );
  return found?.[1] && found[2] ? { date: found[1], rest: found[2] } : undefined;
};

/** Obligations of the user's own: "I need to call them tomorrow" is a task, not a request to call. */
const ownDuty =
  /^i (?:need|have|want|must|should|would like|am going|got) to (?:call|ring|phone|email|follow|followup|meet|visit|check in|get back|reach|chase|text|talk|speak|send|touch)\b/;

const endings =
  /(?: (?:please|pls|thanks|thank you|thx|cheers|ta|for me|for us|if (?:you can|possible|you could|you do not mind|that is ok|you would)|when you (?:can|get a chance|have a (?:sec|second|minute|moment|chance))|right away|(?<!\b(?:or|and|in|from|near) )ok|okay|mate|buddy|will you|would you|can you|could you|real quick|quickly|right now|so much|a lot|very much|thank you so much|in advance|then|at once|asap|by any chance|(?<=\b(?:thanks|please|you|cheers) )(?:man|bro|pal|buddy)))+$/;

/** The request without greetings, politeness and thanks around it. */
export const politeless = (sentence: Sentence, thanksToo = true): Sentence => {
  let current = sentence;
  for (let i = 0; i < 8; i++) {
    if (ownDuty.test(current.words)) break;
    const next = courtesies.map((opening) => current.drop(opening)).find((rest) => rest !== undefined && !rest.empty);
    if (!next) break;
    current = next;
  }
  const shorter = thanksToo ? current.dropEnd(endings) : undefined;
  current = shorter && !shorter.empty ? shorter : current;
  return bareVerb(current);
};

const gerunds: Record<string, string> = {
  showing: 'show',
  marking: 'mark',
  listing: 'list',
  giving: 'give',
  telling: 'tell',
  adding: 'add',
  deleting: 'delete',
  removing: 'remove',
  assigning: 'assign',
  setting: 'set',
  putting: 'put',
  reminding: 'remind',
  finding: 'find',
  pulling: 'pull',
  logging: 'log',
  updating: 'update',
  changing: 'change',
  moving: 'move',
  creating: 'create',
  looking: 'look',
  checking: 'check',
  explaining: 'explain',
  pinging: 'ping',
  undoing: 'undo',
  sorting: 'sort',
  making: 'make',
  binning: 'bin',
  scrapping: 'scrap',
};

/** "Would you mind showing me" asks to show; "mark as won" is about the lead at hand. */
const bareVerb = (sentence: Sentence): Sentence => {
  const first = sentence.tokens[0];
  if (!first) return sentence;
  const base = Object.hasOwn(gerunds, first.word) ? gerunds[first.word] : undefined;
  const tokens = base ? [{ ...first, word: base }, ...sentence.tokens.slice(1)] : sentence.tokens;
  const second = tokens[1];
  if (
    second &&
    /^(?:mark|assign|reassign|move|set|flag|change)$/.test(tokens[0]?.word ?? '') &&
    /^(?:as|to|back)$/.test(second.word)
  ) {
    // The pronoun that was left out, with no text of its own.
    return new Sentence(sentence.source, [
      tokens[0]!,
      { word: 'it', start: second.start, end: second.start, implied: true },
      ...tokens.slice(1),
    ]);
  }
  return base ? new Sentence(sentence.source, tokens) : sentence;
};

const guessing =
  /^(?:so |and |but |hm+ |well )*(?:should (?:i|we|you)|shall (?:i|we)|must i|do (?:i|we) (?:need|have) to|does it (?:make sense|hurt|matter)|is it (?:ok|okay|possible|safe|wise|smart|better|worth|allowed|bad|good|time)|would it|could it|could (?:i|we)|can (?:i|we)|may (?:i|we)|might (?:i|we)|am i (?:able|allowed)|what if|what happens? (?:if|when)|what would happen|what will happen|suppose|supposing|imagine|say i|if (?:i|we|you|they|somebody|someone)|how (?:do|can|would|should|could|does|did) (?:i|we|you|one|someone|they)|how to|why (?:did|do|does|would|is|was|are|should|would)|who (?:did|was|marked|deleted|changed|assigned|moved|added|created|logged)|when (?:did|was|were|will|should)|did (?:you|i|we|they|he|she|anyone|someone|somebody)|have (?:you|i|we|they)|has (?:anyone|somebody|someone|he|she)|was|were|are you (?:sure|going)|is|are|do you think|would you (?:delete|mark|remove|recommend|say|advise|suggest|assign|move)(?! me)|i wonder|i am (?:thinking|wondering|considering|not sure|unsure)|i was (?:going|thinking|about)|i might|i may|maybe i|maybe we|perhaps|thinking (?:of|about)|not sure|will it|does)\b/;

const action =
  '(?:mark|set|move|change|update|assign|reassign|give|hand|delete|remove|bin|scrap|trash|erase|drop|add|create|log|note|put|make|write|rename|remind|ping|complete|close|tick|undo|revert|import|send|call|email|contact|touch|approve|cancel|transfer|disqualify|schedule|do (?:it|that|anything)|get rid of|throw|archive|start|run)';
const forbidding = new RegExp(
  String.raw`^(?:(?:no|wait|stop|please|but|and|actually|ok|so) )*(?:do not|never|not to|no need to|please do not|you (?:should|must|can|need) not|you do not (?:have|need) to|we (?:should|must) not|do not you dare(?: to)?|hold off (?:on)?|refrain from|stop|avoid|i (?:do|would) not (?:want|like) (?:you )?to|i did not (?:ask|tell|want) you to|i would rather you (?:did )?not|rather not|let us not|better not|not|without|i do not want|do not ever|under no circumstances|by no means|there is no need to) (?:yet |ever |just |actually |go and |you |please |dare |to )*${action}(?:ing|ting|ging|ping|ning)?\b`,
);
const forgetting = /^(?:please |and |but )*(?:do not|never) (?:let me|forget|let us forget)/;

/** How a request is put: forbidden, only wondered about, or meant; with variants that drop connecting words. */
export const openingOf = (sentence: Sentence): { forbidden: boolean; hypothetical: boolean; variants: Sentence[] } => {
  const words = sentence.words;
  const forbidden =
    (forbidding.test(words) && !forgetting.test(words)) ||
    /^(?:deleting|removing|marking|moving) .+ would be (?:a mistake|wrong|bad)/.test(words);
  const variants: Sentence[] = [];
  const linked = sentence.drop(
    /^(?:(?:no|nah|wait|actually|sorry|and|also|then|now|so|but|next|ok|plus|after that|because|well|go|guess what|great news|good news|bad news|update|heads up|looks like|it looks like|turns out|apparently|it turns out|just|i think|i believe|i see|i guess) ?(?:[-:] ?)?)+(?= \S)|^(?:(?:and|also|then|now|so|but|plus) )+/,
  );
  if (linked && !linked.empty) variants.push(linked);
  const asked = sentence.drop(
    /^(?:(?:so |and |but )?(?:should|shall|can|could|may|might|must) (?:i|we)|(?:so |and )?do (?:i|we) (?:need|have) to|what (?:if|happens if|would happen if|happens when) (?:i|we|you)(?: (?:would|were to|had to|just))?|if (?:i|we|you)|is it (?:ok|okay|possible|safe|wise|smart|better|worth|allowed|time)(?: for me)? to|how (?:do|can|would|should|could) (?:i|we|you)|how to|i am (?:thinking|wondering|considering)(?: (?:of|about|whether to|if i should|to))?|thinking (?:of|about)|maybe (?:i|we) (?:should|could|will)?|i might|perhaps (?:i|we)?(?: should| could)?|would you (?=delete|mark|remove|assign|move)|did you|have you|i was (?:going|about) to|not sure (?:whether|if) (?:to|i should|we should)|suppose (?:i|we)|what would happen if (?:i|we))(?= \S)/,
  );
  const hypothetical = guessing.test(words);
  if (asked && !asked.empty) variants.push(bareVerb(asked));
  return { forbidden, hypothetical, variants };
};

const starters =
  "(?:what(?:s|'s)? (?:is |have |do |are |tasks |on )|what tasks|what else|who should|who do|how many|my (?:top|tasks|overdue|best)|um my|task|todo|stick|pop|bung|flip|hand|unassign|give (?:it|them|her|him|that)|mark|remind|assign|reassign|log|add|put|set|create|delete|remove|bin|scrap|show|list|give me|ping|nudge|move|change|update|schedule|tell me|find|complete|tick|make a note|note|leave a note|jot|who|what is|explain|undo|rename|hand|transfer|book|text me|unassign|disqualify|follow up|followup|call (?:them|him|her|it)|i will take|let me know|take)";
const boundary = new RegExp(
  String.raw`(?:\s*;\s*|\.\s+|!\s+|,?\s+and\s+then\s+|,?\s+then\s+|,?\s+and\s+also\s+|,?\s+also\s+|,\s+and\s+|\s+and\s+|\s+&\s+|\s+plus\s+|,\s+|\s+(?=remind me (?:to|in|on|about|again|tomorrow|next)\b)|\s+and\s+(?=[\w&'. -]{2,40}? (?:is|are) (?:now )?(?:won|lost|qualified|disqualified|nurture|contacted)\b))(?:please\s+|um\s+|uh\s+|also\s+|can you\s+|could you\s+|could you please\s+|then\s+)*(?!(?:sons?|brothers|bros|co|company)\b)(?=${starters}|[\w&'. -]{2,40}? (?:is|are) (?:now )?(?:won|lost|qualified|disqualified|nurture|contacted)\b)`,
  'gi',
);

/** After free text only these begin a new request; everything else belongs to the text. */
const afterText =
  /^(?:check (?:that|the|this|it) (?:task )?off|tick (?:that|the|it)|(?:move|set|mark|put|stick|flip|change) \S+(?: \S+){0,3} (?:to|as|in|into) (?:won|lost|nurture|meeting|qualified|contacted|disqualified)|remind me|ping me|nudge me|set (?:a |up a )?(?:reminder|follow)|create a (?:task|reminder)|add a (?:task|reminder)|mark (?:them|it|him|her|the lead|that lead|as)|move (?:them|it)|assign (?:them|it)|schedule a|set (?:them|it|status|the status)|change (?:the |its |their )?status|followup|follow up (?:in|on|next|tomorrow)|update (?:the |its |their )?(?:status|phone|email))/i;

/** One text, several requests: split where a connecting word is followed by a new command. */
export const splitRequests = (text: string, toolOf: (part: string) => string | undefined): string[] => {
  const parts: string[] = [];
  let from = 0;
  let tool: string | undefined;
  let toolFrom = -1;
  for (const found of text.matchAll(boundary)) {
    const rest = text.slice(found.index + found[0].length);
    const inQuotes = (text.slice(0, found.index).match(/"/g)?.length ?? 0) % 2 === 1;
    if (inQuotes) continue;
    if (toolFrom !== from) {
      tool = toolOf(text.slice(from, found.index).trim());
      toolFrom = from;
    }
    if (tool === 'log_activity' && !afterText.test(rest)) continue;
    if (
      tool === 'create_task' &&
      !/^(?:mark|assign|move|log|show|delete|set (?:it|them|the status)|change|put a note|add a note|leave a note)\b/i.test(rest)
    )
      continue;
    const part = text.slice(from, found.index).trim();
    if (part === '') continue;
    parts.push(part);
    from = found.index + found[0].length;
    if (parts.length === 3) break;
  }
  parts.push(text.slice(from).trim());
  return parts.filter((part) => part !== '');
};
