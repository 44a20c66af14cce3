import { type ApprovalView, approvalView } from '../../../../src/core/approval.ts';
import type { Card } from '../../../../src/core/card.ts';
import type { Made, Said } from '../../../../src/core/chat.ts';
import type { Proposal } from '../../../../src/core/proposal.ts';

/** Things that are said in the tests of the page, as the assistant says them. */

const token = (name: string): string => name.padEnd(22, '_');
const rules: Made = { agent: 'sr-bdr', model: 'offline/rules', costUsd: '0', degraded: true };
const paid: Made = {
  agent: 'pipeline-manager',
  model: 'anthropic/claude-sonnet-5-5',
  costUsd: '0.003120000000',
  degraded: false,
};

export const topLeads: Said = {
  text: 'Call these 3 first, best on top (28 open leads were considered):\n\n1. **Copperlyn Generator Co.** — PLATINUM 89, Des Moines IA: a task is 3 days overdue\n2. **Northwind Electric LLC** — PLATINUM 91.9, Columbus OH: the quote is due today\n3. **Prairie Power & Air** — GOLD 72.8, Tulsa OK: call back\n\nSay "why" for the reasons behind the first one.',
  cards: [
    {
      title: 'My day',
      blocks: [
        {
          type: 'table',
          columns: ['#', 'Lead', 'Score', 'City', 'Phone'],
          rows: [
            ['1', 'Copperlyn Generator Co.', '89', 'Des Moines IA', '(515) 555-0142'],
            ['2', 'Northwind Electric LLC', '91.9', 'Columbus OH', '(614) 555-0142'],
            ['3', 'Prairie Power & Air', '72.8', 'Tulsa OK', '(918) 555-0139'],
          ],
          note: 'Scored by the profile for dealers',
        },
        { type: 'feedback', token: token('vote') },
      ],
    },
  ],
  fallback: 'Call these 3 first',
  made: rules,
};

export const pipeline: Said = {
  text: 'Your pipeline holds **$1.24 M** in 31 open deals.',
  cards: [
    {
      title: 'Pipeline by stage',
      blocks: [
        {
          type: 'chart',
          title: 'Open value by stage',
          kind: 'bar',
          categories: ['New', 'Qualified', 'Meeting', 'Proposal', 'Closing'],
          series: [{ name: 'USD', values: [182000, 341000, 276000, 298000, 143000] }],
          alt: 'Most value is in Qualified.',
        },
        {
          type: 'fields',
          fields: [
            { label: 'Open deals', value: '31' },
            { label: 'Closing this month', value: '7' },
            { label: 'Average age', value: '24 days' },
            { label: 'Won this quarter', value: '$412,000' },
          ],
        },
        { type: 'sources', items: [{ title: 'How stages are weighed', url: 'https://example.com/stages' }] },
        { type: 'feedback', token: token('vote2') },
      ],
    },
  ],
  fallback: 'Your pipeline',
  made: paid,
};

export const changed: Said = {
  text: 'Done: Summit Ridge Mechanical: status new → contacted.',
  cards: [
    {
      blocks: [
        { type: 'notice', level: 'info', text: 'Summit Ridge Mechanical: status new → contacted' },
        { type: 'actions', buttons: [{ label: 'Undo', token: token('undo') }] },
      ],
    },
  ],
  fallback: 'Done',
  made: rules,
};

export const dryRun: Said = {
  text: 'I read **sample-list.csv**: 13 rows. 11 are new, 1 repeats another row, 1 has no name.',
  cards: [
    {
      title: 'Import sample-list.csv?',
      blocks: [
        {
          type: 'bars',
          max: 13,
          bars: [
            { label: 'New', value: 11 },
            { label: 'Repeats', value: 1, note: 'Larkspur Electric' },
            { label: 'Left out', value: 1, note: 'no company name' },
          ],
        },
        {
          type: 'steps',
          title: 'Import',
          steps: [
            { id: '1', title: 'Read 13 rows', status: 'done' },
            { id: '2', title: 'Compare with 240 leads', status: 'running', detail: '120 of 240' },
            { id: '3', title: 'Write', status: 'pending' },
          ],
        },
        {
          type: 'actions',
          buttons: [
            { label: 'Import 11 leads', token: token('import'), style: 'primary' },
            { label: 'Leave it', token: token('leave') },
          ],
        },
      ],
    },
  ],
  fallback: 'A dry run',
  made: rules,
};

export const choices: Said = {
  text: 'Which "Cedar Creek Plumbing" do you mean?',
  cards: [
    {
      blocks: [
        {
          type: 'choices',
          question: 'Pick one',
          choices: [
            { label: 'Cedar Creek Plumbing, Houston TX', id: '1', note: 'SILVER 46', token: token('houston') },
            { label: 'Cedar Creek Plumbing, Atlanta GA', id: '2', note: 'BRONZE 27', token: token('atlanta') },
          ],
        },
      ],
    },
  ],
  fallback: 'Which one?',
  made: rules,
};

const now = new Date('2026-11-20T15:00:00Z');
const proposal: Proposal = {
  id: '01a200c6-4248-77ef-a5fd-8db41e57a7cc',
  tool: 'send_email',
  input: {},
  paramsHash: 'h',
  risk: 'send',
  reach: 'one',
  title: 'Send the quote to Northwind Electric LLC',
  reason: 'You asked for the quote to go out today',
  changes: [
    {
      entity: 'lead',
      id: 'l1',
      label: 'Northwind Electric LLC',
      op: 'update',
      before: { stage: 'qualified', nextStep: 'Send the quote' },
      after: { stage: 'proposal', nextStep: 'Call on Tuesday' },
    },
  ],
  preview: null,
  evidence: [],
  confirmCount: null,
  status: 'pending',
  requesterId: 'u1',
  requestedBy: 'asked',
  surface: 'playground',
  deciderId: 'u1',
  deciderRole: null,
  delegatedById: null,
  delegatedAt: null,
  conversationId: null,
  threadId: null,
  decidedById: null,
  decidedAt: null,
  decision: null,
  note: null,
  error: null,
  receiptId: null,
  createdAt: now,
  expiresAt: new Date('2026-11-21T15:00:00Z'),
};

const view = (more: Partial<Proposal> = {}): ApprovalView =>
  approvalView(
    { ...proposal, ...more },
    {
      now,
      timeZone: 'America/Chicago',
      names: (id) => ({ u1: 'Ann Castillo', u2: 'Dana Whitfield' })[id],
      tokens: { approve: token('approve'), edit: token('edit'), ask: token('ask'), skip: token('skip'), undo: token('takeback') },
    },
  );

export const approval = (more: Partial<Proposal> = {}): Said => ({
  cards: [{ blocks: [{ type: 'approval', approval: view(more) }] }],
  fallback: 'Approve?',
});

export const waiting = (more: Partial<Proposal> = {}, mine = true) => ({
  proposalId: more.id ?? proposal.id,
  said: approval(more),
  slack: [],
  teams: [],
  state: 'pending',
  mine,
});

export const receipt = (more: Record<string, unknown> = {}) => ({
  id: 'r1',
  title: 'Summit Ridge Mechanical: status new → contacted',
  changes: [],
  userName: 'Owner',
  surface: 'playground',
  risk: 'write',
  costUsd: '0',
  undoable: true,
  undoneById: null,
  undoOfId: null,
  createdAt: new Date().toISOString(),
  ...more,
});

/** Cards that mean to do harm. */
export const hostile = (text: string): Said => ({
  text: `${text} <img src=x onerror="document.title='taken'"> [click](javascript:document.title='taken') ![p](https://evil.example/p.png)`,
  cards: [
    {
      title: text,
      blocks: [
        { type: 'text', text: `<script>document.title='taken'</script>${text}` },
        { type: 'fields', fields: [{ label: text, value: `<svg onload="document.title='taken'">` }] },
        { type: 'table', columns: [text, '<b>x</b>'], rows: [[text, '![](https://evil.example/t.png)']] },
        { type: 'sources', items: [{ title: text, url: "javascript:document.title='taken'" }] },
        { type: 'actions', buttons: [{ label: text, token: token('x'), url: "javascript:document.title='taken'" }] },
      ],
    },
  ] satisfies Card[],
  fallback: text,
  made: rules,
});

export const costs = {
  total_cost_usd: '0.041200000000',
  total_requests: 23,
  by_agent: [
    {
      agent_type: 'sr-bdr',
      agent_mode: 'chat',
      total_requests: 19,
      total_cost_usd: '0.038100000000',
      avg_latency_ms: 812,
      primary_model: 'claude-haiku-5-5',
    },
    {
      agent_type: 'qualification',
      agent_mode: 'single',
      total_requests: 4,
      total_cost_usd: '0.003100000000',
      avg_latency_ms: 400,
      primary_model: 'gpt-oss-120b',
    },
  ],
  cache_stats: { cache_hit_rate: 0.2, estimated_savings_usd: '0.008' },
};

const said = now.toISOString();
export const deliveries = [
  { key: 'a7cc01', text: 'How many gold leads?', saidAt: said, deliveredAt: said, outcome: 'new' },
  { key: 'a7cc01', text: 'How many gold leads?', saidAt: said, deliveredAt: said, outcome: 'seen' },
  { key: 'a7cc01', text: 'How many gold leads?', saidAt: said, deliveredAt: said, outcome: 'seen' },
];

export const editForm = {
  kind: 'edit',
  view: { title: 'Send the quote to Northwind Electric LLC', confirmCount: null },
  token: token('form'),
  fields: [
    { name: 'stage', label: 'Stage', value: 'proposal', kind: 'choice', options: ['qualified', 'proposal', 'won'] },
    { name: 'nextStep', label: 'Next step', value: 'Call on Tuesday', kind: 'line', hint: 'One line, for the task' },
    { name: 'dueAt', label: 'Due at', value: '2026-11-24T09:00:00-05:00', kind: 'moment', zone: 'America/New_York' },
    { name: 'body', label: 'Body', value: 'Dear Jo,\n\nhere is the quote.', kind: 'text' },
  ],
};
