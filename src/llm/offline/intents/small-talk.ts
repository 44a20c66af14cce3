import type { Reading } from '../reading.ts';
import type { Intent } from './intent.ts';

type Topic = Extract<Reading, { kind: 'smalltalk' }>['topic'];

const wordings: [RegExp, Topic][] = [
  [
    /^(?:hi|hello|hey|hiya|howdy|yo|sup|greetings|hallo|hola|good (?:morning|afternoon|evening|day)|morning|afternoon|evening)(?: (?:there|all|team|bot|again|everyone|sales agent|assistant|mate|you))*(?: how are you(?: doing)?(?: today)?| how is it going)?$/,
    'hello',
  ],
  [
    /^(?:how are you|how is it going|what is up|how are things|are you there|you there|anyone there|test|testing|ping)(?: doing)?(?: today)?$/,
    'hello',
  ],
  [
    /^(?:(?:ok|great|cool|perfect|awesome|nice|super|brilliant|lovely|wow) )*(?:thanks|thank you|cheers|ta|much appreciated|appreciate it|many thanks)(?: (?:a lot|so much|very much|a bunch|again|for (?:that|your help|the help)|mate|man|bot|you|that is all|that helps|great job|a million))*$/,
    'thanks',
  ],
  [
    /^(?:well done|good job|great job|nice work|good work|great work|you are (?:great|awesome|the best)|that (?:is|was) (?:great|helpful|perfect|useful))$/,
    'thanks',
  ],
  [
    /^(?:bye|goodbye|good bye|see you|see ya|later|good night|talk later|cya|that is all|that is it)(?: (?:later|tomorrow|for now|for today|then|thanks))*$/,
    'bye',
  ],
  [
    /^(?:help|help me|menu|commands|options|\?|usage|examples|instructions|i need help|i am (?:lost|stuck|new here)|get started|getting started|start|begin|demo|tour|show me around|what now|now what|what next|what (?:should|can) i try(?: first| here| next| now)?|how to use(?: this| it| you)?)(?: (?:please|out|me))*$/,
    'help',
  ],
  [
    /\bwhat (?:can|could|do|else can|all can|are) (?:you|i|the things you can) ?(?:do|help|ask|say|able to do)?(?: (?:me )?with| for me| here| to you| you)*$/,
    'help',
  ],
  [
    /^(?:how (?:do|does|can|should) (?:i|this|it|you|we) (?:use|work|start|talk|ask|interact)(?: (?:you|this|it|with you|the bot|here|to you))*|what (?:commands|things|questions)(?: .{0,40})?|show (?:me )?(?:the )?(?:help|commands|options|examples)|what are (?:you|your) (?:capable of|capabilities|features|skills|commands)|what do you do|tell me what you can do|list (?:the )?commands)$/,
    'help',
  ],
  [
    /^(?:who|what) are you(?: exactly)?$|^are you (?:a |an )?(?:bot|human|person|robot|real|ai|machine|chatgpt|gpt|claude|model|llm)\b.*$|^(?:what|which) (?:ai |language )?(?:model|llm|ai)(?: (?:are|do) you)?(?: (?:use|using|run on|running|running on))?$|^what is your name$/,
    'who',
  ],
  [
    /^(?:ok|okay|cool|great|perfect|awesome|nice|good|fine|alright|got it|understood|i see|sounds good|no problem|sure|right|excellent|noted|makes sense|fair enough|never mind|nevermind|nothing|stop|wait|hold on|idk|not sure|whatever|hm+|nope|no|no thanks|no thank you|cancel|abort|quit|exit|forget it|forget about it|all good|lol|haha|yes|yep|yeah|y|n)$/,
    'ok',
  ],
  [/^(?:sorry|my bad|apologies|oops|whoops|pardon)$/, 'sorry'],
];

/** Greetings, thanks and questions about the assistant itself. */
export const smallTalk: Intent = (sentence) => {
  for (const [pattern, topic] of wordings) if (sentence.test(pattern)) return { kind: 'smalltalk', topic, confidence: 0.97 };
  return undefined;
};
