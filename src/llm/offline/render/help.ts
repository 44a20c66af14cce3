import type { Reading } from '../reading.ts';

type Topic = Extract<Reading, { kind: 'smalltalk' }>['topic'];

const examples: [tool: string, text: string][] = [
  ['top_leads', '"who should I call first" ranks the leads worth a call'],
  ['search_leads', '"gold leads in Texas without email" finds and counts leads'],
  ['get_lead', '"tell me about Abacus" shows one lead'],
  ['explain_score', '"why is Abacus gold" explains a score'],
  ['qualify_lead', '"is Abacus a good fit" or "qualify my gold leads" judges whether leads are worth the time'],
  ['compare_leads', '"compare Abacus with Genstar" puts scores side by side'],
  ['score_what_if', '"what if Abacus had 3 OEM certifications" tries a score out'],
  ['get_profile', '"how are leads scored" shows the profile'],
  ['update_profile', '"raise the weight of multi-OEM to 30" changes it, "activate it" switches it on'],
  ['get_calibration', '"how good are our scores" holds scores against outcomes'],
  ['update_lead', '"mark Abacus as contacted" or "assign Abacus to Ann" changes a lead'],
  ['create_lead', '"add Bright Solar in Austin TX, 512-555-0100" adds a lead'],
  ['delete_lead', '"delete Abacus" removes a lead'],
  ['log_activity', '"note on Abacus: wants a quote" keeps what happened'],
  ['create_task', '"remind me to call Abacus tomorrow at 9" sets a task'],
  ['list_tasks', '"what is on my plate today" lists tasks'],
  ['complete_task', '"done with the Abacus task" completes one'],
  ['list_deals', '"pipeline" or "deals closing this month" sums up deals'],
  ['list_accounts', '"my accounts" or "accounts at risk" lists customers'],
  ['list_pending', '"what is waiting for me" lists approvals'],
  ['undo', '"undo that" takes the last change back'],
  ['get_costs', '"what did this cost" shows spending'],
];

/** Small talk, with help that names only what this role and surface can do. */
export const smallTalkText = (topic: Topic, offered: ReadonlySet<string>): string => {
  const open = examples.filter(([tool]) => offered.has(tool)).map(([, text]) => text);
  switch (topic) {
    case 'hello':
      return open.length > 0
        ? `Hello. Ask me about your leads and tasks, for example: ${open.slice(0, 2).join('; ')}. Say "help" for the rest.`
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
            ...open.map((text) => `- ${text}`),
            'I answer by fixed rules; free writing and opinions need a connected model.',
          ].join('\n')
        : 'No tools are available to you here.';
  }
};
