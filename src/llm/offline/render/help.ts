import type { Reading } from '../reading.ts';

type Topic = Extract<Reading, { kind: 'smalltalk' }>['topic'];

/** What can be said, by what one wants; each example with the tool that answers it. */
const examples: [about: string, ...said: [tool: string, text: string][]][] = [
  ['Whom to call', ['top_leads', 'who should I call first'], ['list_tasks', 'what is on my plate today']],
  ['Find leads', ['search_leads', 'gold leads in Texas without email'], ['get_lead', 'tell me about Northwind']],
  [
    'Scores',
    ['explain_score', 'why is my best lead scored like that'],
    ['compare_leads', 'compare Northwind with Copperlyn'],
    ['score_what_if', 'what if Northwind had 3 OEM certifications'],
    ['qualify_lead', 'is Northwind a good fit'],
  ],
  [
    'How scores are made',
    ['get_profile', 'how are leads scored'],
    ['update_profile', 'raise the weight of multi-OEM to 30'],
    ['get_calibration', 'how good are our scores'],
  ],
  [
    'Change a lead',
    ['update_lead', 'mark Northwind as contacted'],
    ['update_lead', 'assign Northwind to Ann'],
    ['create_lead', 'add Bright Solar in Austin TX, 512-555-0100'],
    ['delete_lead', 'delete Northwind'],
  ],
  [
    'Keep track',
    ['log_activity', 'note on Northwind: wants a quote'],
    ['create_task', 'remind me to call Northwind tomorrow at 9'],
    ['complete_task', 'done with the Northwind task'],
  ],
  [
    'Deals and customers',
    ['list_deals', 'pipeline'],
    ['list_deals', 'deals closing this month'],
    ['list_accounts', 'accounts at risk'],
  ],
  ['Stay in charge', ['list_pending', 'what is waiting for me'], ['undo', 'undo that'], ['get_costs', 'what did this cost']],
];

/** Small talk, with help that names only what this role and surface can do. */
export const smallTalkText = (topic: Topic, offered: ReadonlySet<string>): string => {
  const open = examples.flatMap(([about, ...said]) => {
    const can = said.filter(([tool]) => offered.has(tool)).map(([, text]) => `"${text}"`);
    return can.length ? [{ about, can }] : [];
  });
  const list = offered.has('import_leads') ? ['- Bring your leads: attach a list to a message, CSV or Excel'] : [];
  switch (topic) {
    case 'hello':
      return open.length > 0
        ? `Hello. Ask me about your leads and tasks, for example ${open
            .slice(0, 2)
            .map(({ can }) => can[0])
            .join(' or ')}. Say "help" for the rest.`
        : 'Hello. No tools are available to you here.';
    case 'thanks':
      return 'You are welcome.';
    case 'bye':
      return 'Goodbye.';
    case 'ok':
      return 'All right. Tell me what you need next, or say "help" for examples.';
    case 'sorry':
      return 'No problem. If a change should be taken back, say "undo that".';
    case 'who':
      return 'I am the sales assistant, answering by fixed rules because no language model is connected. Say "help" to see what I can do.';
    case 'help':
      return open.length > 0
        ? [
            'You can say, for example:',
            ...open.map(({ about, can }) => `- ${about}: ${can.join(', ')}`),
            ...list,
            '',
            'I answer by fixed rules; free writing and opinions need a connected model.',
          ].join('\n')
        : 'No tools are available to you here.';
  }
};
