import { type ApprovalView, approvalView } from '../../../../src/core/approval.ts';
import type { Card } from '../../../../src/core/card.ts';
import type { Made, Said } from '../../../../src/core/chat.ts';
import type { Proposal } from '../../../../src/core/proposal.ts';
import type { Receipt } from '../../../../src/core/receipt.ts';
import { importCard } from '../../../../src/tools/import-card.ts';
import type { ImportResult } from '../../../../src/tools/import-leads.ts';

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

const view = (more: Partial<Proposal>, receipt?: Pick<Receipt, 'title' | 'undoable' | 'undoneById'>): ApprovalView =>
  approvalView(
    { ...proposal, ...more },
    {
      now,
      timeZone: 'America/Chicago',
      names: (id) => ({ u1: 'Ann Castillo', u2: 'Dana Whitfield' })[id],
      tokens: { approve: token('approve'), edit: token('edit'), ask: token('ask'), skip: token('skip'), undo: token('takeback') },
      ...(receipt && { receipt }),
    },
  );

export const approval = (more: Partial<Proposal> = {}, receipt?: Pick<Receipt, 'title' | 'undoable' | 'undoneById'>): Said => ({
  cards: [{ blocks: [{ type: 'approval', approval: view(more, receipt) }] }],
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

/** One proposal at each of its ends. */
export const ended = {
  edited: decided(
    { status: 'executed', decision: 'edit', receiptId: 'r1' },
    { title: 'Northwind Electric LLC: stage qualified → proposal', undoable: true },
  ),
  declined: decided({ status: 'ignored', decision: 'ignore' }),
  expired: approval({ status: 'expired' }),
  failed: decided({
    status: 'failed',
    decision: 'accept',
    error: {
      code: 'unavailable',
      message: 'The mail server did not answer within 30 seconds. Approve it again to try once more.',
    },
  }),
  uncertain: decided({ status: 'uncertain', decision: 'accept' }),
  'under way': decided({ status: 'accepted', decision: 'accept' }),
};

function decided(more: Partial<Proposal>, receipt?: Pick<Receipt, 'title' | 'undoable'>): Said {
  return approval(
    { decidedById: 'u2', decidedAt: new Date('2026-11-20T15:00:00Z'), ...more },
    receipt && { undoneById: null, ...receipt },
  );
}

const moved = (id: string, label: string): Proposal['changes'][number] => ({
  entity: 'lead',
  id,
  label,
  op: 'update',
  before: { status: 'contacted', owner: 'Marcus Bell' },
  after: { status: 'nurture', owner: 'Ann Castillo' },
});
const companies =
  'Abacus Plumbing,Bluebonnet Generator Co.,Cedar Creek Plumbing,Cobblemere Energy Services,Gantrywell Plumbing & Drain Inc.';

/** Many records at once. */
export const batch = approval({
  id: '01a200c6-4248-77ef-a5fd-8db41e57a7cd',
  risk: 'bulk',
  reach: 'many',
  title: 'Set 214 leads to nurture and hand them to Ann Castillo',
  reason: 'Marcus leaves at the end of the month',
  confirmCount: 214,
  changes: companies.split(',').map((name, i) => moved(`l${i}`, name)),
});

const imported: ImportResult = {
  importId: 'i1',
  fileName: 'dealers-autumn.csv',
  rows: 1204,
  imported: 1130,
  merged: 41,
  duplicates: 24,
  review: 6,
  failed: 3,
  durationSeconds: 2,
  format: { kind: 'csv', encoding: 'utf-8', delimiter: ',', headerLine: 1 },
  mapping: {},
  columns: [
    { header: 'Betrieb', field: 'name', confidence: 0.7, because: 'guessed', samples: ['Larkspur Electric'] },
    { header: 'Tel. 2', field: 'phone', confidence: 0.5, because: 'guessed', samples: ['(405) 555-0115'] },
  ],
  samples: {
    created: [],
    merged: [],
    duplicate: [],
    review: [{ line: 88, name: 'Larkspur Electrical', reason: 'Name and city are those of Larkspur Electric' }],
    rejected: [{ line: 412, name: '', reason: 'There is no company name' }],
  },
  demoHidden: 0,
};

const notice = (text: string, level: 'info' | 'warning' | 'error' = 'info'): Said => ({
  cards: [{ blocks: [{ type: 'notice', level, text }] }],
  fallback: text,
});

export const importing = notice('Importing dealers-autumn.csv: 640 of 1,204 rows compared.');
export const importDone: Said = {
  cards: [
    importCard(imported),
    {
      blocks: [
        { type: 'text', text: '✓ Imported dealers-autumn.csv: 1,130 leads' },
        { type: 'actions', buttons: [{ label: 'Undo', token: token('undo-import') }] },
      ],
    },
  ],
  fallback: 'Imported',
};
export const importFailed = notice(
  'dealers-autumn.csv was not imported: the import took longer than 30 minutes (IMPORT_MAX_MINUTES); nothing was kept. Split the list, or raise the limit.',
  'error',
);
export const overBudget: Said = {
  text: "No model may be asked: today's limit of 10 USD for this workspace is used up.",
  cards: [],
  fallback: 'The budget is used up',
};
export const score: Said = {
  text: 'Northwind Electric LLC scores 91.9: PLATINUM, grade A, hot.',
  cards: [
    {
      title: 'Northwind Electric LLC: PLATINUM 91.9 (grade A, hot)',
      blocks: [
        {
          type: 'bars',
          max: 100,
          bars: [
            { label: 'Resimercial', value: 93, note: 'Serves homes and light commercial sites alike; counts 35 %' },
            { label: 'Multi-OEM', value: 95, note: 'Certified by Polarquay, Kestrafit, Voltmarrow; counts 25 %' },
            { label: 'MEP+R trades', value: 92, note: 'Lists electrical, plumbing, HVAC work; counts 25 %' },
            { label: 'Operations & maintenance', value: 84, note: 'Sells service contracts; counts 15 %' },
          ],
        },
        { type: 'feedback', token: token('vote3') },
      ],
    },
  ],
  fallback: 'A score',
  made: rules,
};

/** One of every kind of field. */
export const everyField = {
  kind: 'edit',
  view: { title: 'Book a demo with Northwind Electric LLC', confirmCount: null },
  token: token('form-all'),
  fields: [
    { name: 'title', label: 'Title', value: 'Demo of remote monitoring', kind: 'line' },
    { name: 'day', label: 'Day', value: '2026-11-24', kind: 'date' },
    { name: 'from', label: 'From', value: '09:30', kind: 'time' },
    { name: 'remindAt', label: 'Remind at', value: '2026-11-24T09:00:00-05:00', kind: 'moment', zone: 'America/New_York' },
    { name: 'guests', label: 'Guests', value: '4', kind: 'number' },
    { name: 'online', label: 'Online', value: 'true', kind: 'choice', options: ['true', 'false'] },
    { name: 'agenda', label: 'Agenda', value: 'Dear Jo,\n\nten minutes each.', kind: 'text' },
  ],
};
