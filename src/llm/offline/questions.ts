import { isEveryday } from './everyday.ts';
import { object, string } from './history.ts';
import { ask, askWhich, type Call, type Choice, type Context, calls, compact, type Reading } from './reading.ts';
import { cleanName } from './references.ts';
import { safe } from './render/safe.ts';
import type { Sentence } from './sentence.ts';

const quoted = (value: unknown): string => `"${safe(string(value)).slice(0, 80)}"`;

/** "multi-OEM 30 %, GOLD from 65". */
const changed = (changes: unknown): string => {
  const { name, weights, tiers } = object(changes) ?? {};
  return [
    ...Object.entries(object(weights) ?? {}).map(([criterion, weight]) => `${safe(criterion)} ${string(weight)} %`),
    ...Object.entries(object(tiers) ?? {}).map(([tier, from]) => `${tier} from ${string(from)}`),
    ...(name ? [`called ${quoted(name)}`] : []),
  ].join(', ');
};

/** A call in words, for "shall I ...?". */
export const describe = (call: Call): string => {
  const { lead, status, owner } = call.input;
  const changes = Object.entries(call.input).filter(([key]) => key !== 'lead' && key !== 'version');
  switch (call.tool) {
    case 'update_lead':
      return status
        ? `mark ${quoted(lead)} as ${string(status)}`
        : owner
          ? owner === 'nobody'
            ? `unassign ${quoted(lead)}`
            : `assign ${quoted(lead)} to ${owner === 'me' ? 'you' : string(owner)}`
          : `set ${changes.map(([key, value]) => `${key} of ${quoted(lead)} to ${quoted(value)}`).join(' and ')}`;
    case 'delete_lead':
      return `delete ${quoted(lead)}`;
    case 'create_lead':
      return `add ${quoted(call.input['name'])} as a new lead`;
    case 'log_activity':
      return `log a ${string(call.input['kind'])} on ${quoted(lead)}`;
    case 'create_task':
      return `set the task ${quoted(call.input['title'])}`;
    case 'complete_task':
      return `complete the task ${quoted(call.input['task'])}`;
    case 'get_lead':
      return `show the lead ${quoted(lead)}`;
    case 'explain_score':
      return `explain the score of ${quoted(lead)}`;
    case 'qualify_lead':
      return `qualify ${quoted(lead)}`;
    case 'compare_leads':
      return `compare ${Array.isArray(call.input['leads']) ? call.input['leads'].map(quoted).join(' and ') : 'leads'}`;
    case 'update_profile':
      return `${call.input['activate'] ? 'save and activate' : 'save'} a new version of the profile (${changed(call.input['changes'])})`;
    case 'activate_profile':
      return `score by the profile ${quoted(call.input['profile'])}${call.input['version'] ? `, version ${string(call.input['version'])}` : ''}`;
    case 'search_leads':
      return `list leads${call.input['query'] ? ` matching ${quoted(call.input['query'])}` : ''}${call.input['state'] ? ` in ${safe(string(call.input['state']))}` : ''}`;
    case 'top_leads':
      return 'rank the best leads to call';
    case 'list_tasks':
      return 'show your tasks';
    case 'list_deals':
      return 'show deals';
    case 'list_accounts':
      return 'show accounts';
    case 'undo':
      return 'undo the last change';
    default:
      return `run ${call.tool.replaceAll('_', ' ')}`;
  }
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A weak reading is offered, beside its neighbours, and not acted on. */
export const askAbout = (reading: Extract<Reading, { kind: 'calls' }>, sentence: Sentence, ctx: Context): Reading => {
  const choices: Choice[] = [{ label: capital(reading.calls.map(describe).join(' and ')), calls: reading.calls }];
  const others = namedChoices(sentence).filter((choice) => !choices.some((known) => known.label === choice.label));
  return askWhich(
    ctx.leads.length > 0 ? 'I am not sure what you mean. Which of these?' : 'I am not sure what you mean. One of these?',
    [...choices, ...others].slice(0, 3),
    0.5,
  );
};

const namedChoices = (sentence: Sentence): Choice[] => {
  const name = cleanName(sentence.raw).slice(0, 80);
  if (name === '' || sentence.tokens.length > 7) return [];
  const list: Call[] = [
    { tool: 'get_lead', input: { lead: name } },
    { tool: 'search_leads', input: compact({ query: name }) },
    { tool: 'explain_score', input: { lead: name } },
  ];
  return list.map((call) => ({ label: capital(describe(call)), calls: [call] }));
};

/** Nothing fits: say so, and what would. */
export const notUnderstood = (sentence: Sentence, _ctx: Context): Reading => {
  const name = sentence.tokens.length <= 4 ? cleanName(sentence.raw).slice(0, 80) : '';
  // as few words as a name has, and none of them an everyday one, are looked for
  if (/[\p{L}\p{N}]/u.test(name) && !sentence.tokens.some(({ word }) => word.split(' ').some(isEveryday)))
    return calls('search_leads', { query: name }, 0.3, 'perhaps');
  return ask(
    'I did not understand that. Can you say it in other words? For example: "gold leads in Texas", "who should I call first", or "remind me to call Northwind tomorrow at 9". Say "help" for more.',
    0.2,
  );
};
