import type { LlmToolCall } from '../../src/core/llm.ts';

const id = '0198c6a2-7f00-7000-8000-0000000000ff';
const receipt = (title: string) => ({ id: '0198c6a2-7f00-7000-8000-0000000000fe', title });

const dealer = { id: 'dealer', name: 'Equipment dealers and contractors' };
const tiers = { PLATINUM: 80, GOLD: 60, SILVER: 40 };
const lists = { residential: ['residential', 'home', 'homes'], commercial: ['commercial', 'industrial', 'business'] };
const criteria = [
  {
    id: 'resimercial',
    label: 'Resimercial',
    weightPercent: 35,
    raise: 'Proof that they serve both commercial and residential customers',
    finds: ['points in the column Resimercial_Score', 'yes or no in is_commercial, is_residential'],
  },
  {
    id: 'multi-oem',
    label: 'Multi-OEM',
    weightPercent: 25,
    raise: 'Certification by three or more OEMs',
    finds: ['points in the column MultiOEM_Score', 'how many OEM certifications OEMs_Certified lists'],
  },
  {
    id: 'operations-maintenance',
    label: 'Operations & maintenance',
    weightPercent: 40,
    raise: 'Proof of service contracts and a maintenance team',
    finds: ['points in the column OM_Score'],
  },
];

/** A well-formed answer to any tool call, about whatever the call was about, so that a turn can run to its end. */
export function answerTo({ name, input }: LlmToolCall): unknown {
  const subject = String(input['lead'] ?? input['name'] ?? 'Northwind Electric LLC');
  const lead = {
    id,
    name: subject,
    tier: 'GOLD',
    score: 64.2,
    status: input['status'] ?? 'contacted',
    city: 'Columbus',
    state: 'OH',
    phone: '+16145550142',
    owner: 'Ann Reyes',
    demo: true,
  };
  const task = { id, title: String(input['title'] ?? input['task'] ?? 'Call back'), leadName: subject, dueAt: null, dueText: '' };
  switch (name) {
    case 'search_leads':
      return { result: { leads: [lead], total: 1, filters: 'all leads' } };
    case 'get_lead':
      return {
        result: {
          lead: {
            ...lead,
            email: 'info@northwind-electric.example',
            website: null,
            street: '220 Switchyard Dr',
            zip: '43215',
            industry: 'Electrical contractor',
            employees: 48,
            version: 1,
            lastContactedAt: null,
            attributes: {},
          },
          contacts: [],
          activities: [],
          tasks: [],
          deals: [],
        },
      };
    case 'top_leads':
      return { result: { leads: [{ ...lead, rank: 1, reasons: ['Score 64.2'] }], considered: 60 } };
    case 'explain_score':
      return {
        result: {
          id,
          name: subject,
          score: 64.2,
          tier: 'GOLD',
          grade: 'B',
          temperature: 'warm',
          factors: [{ label: 'Several makers', weight: 0.25, points: 74, contribution: 18.5, evidence: 'Certified by three' }],
          missing: [],
          wouldRaise: [],
          rankToday: 3,
          rankReasons: [],
        },
      };
    case 'list_tasks':
      return { result: { tasks: [{ ...task, overdue: false, assignee: 'You' }], total: 1 } };
    case 'list_deals':
      return {
        result: {
          deals: [
            {
              id,
              name: 'Remote monitoring, 20 sites',
              stage: 'proposal',
              amountUsd: '7200.00',
              with: subject,
              owner: 'Ann Reyes',
            },
          ],
          stages: [{ stage: 'proposal', count: 1, amountUsd: '7200.00' }],
          total: 1,
          totalUsd: '7200.00',
          filters: 'deals',
        },
      };
    case 'list_accounts':
      return {
        result: {
          accounts: [{ id, name: subject, mrrUsd: '450.00', health: 'good' }],
          total: 1,
          mrrUsd: '450.00',
          filters: 'accounts',
        },
      };
    case 'list_imports':
      return { result: { imports: [] } };
    case 'list_review':
      return { result: { rows: [], total: 0 } };
    case 'list_pending':
      return { result: { proposals: [], total: 0 } };
    case 'list_jobs':
      return { result: { jobs: [] } };
    case 'get_job':
      return { result: { id, tool: 'import_leads', state: 'running' } };
    case 'whoami':
      return {
        result: {
          name: 'You',
          role: 'admin',
          workspace: 'Demo',
          demo: true,
          timeZone: 'America/New_York',
          surface: 'terminal',
          today: '2026-03-10',
          leads: 60,
        },
      };
    case 'get_costs':
      return {
        result: {
          period: 'today',
          by: 'agent',
          totalUsd: '0',
          requests: 0,
          unpriced: 0,
          lines: [],
          perQualifiedLeadUsd: null,
          alerts: [],
        },
      };
    case 'create_lead':
      return { result: { lead, receiptTitle: `Added ${subject}` }, receipt: receipt(`Added ${subject}`) };
    case 'update_lead':
      return {
        result: { lead, changed: Object.keys(input).filter((key) => key !== 'lead') },
        receipt: receipt(`Changed ${subject}`),
      };
    case 'delete_lead':
      return { result: { id, name: subject }, receipt: receipt(`Deleted ${subject}`) };
    case 'log_activity':
      return {
        result: { id, leadName: subject, kind: input['kind'], text: input['text'], at: '2026-03-10T15:00:00.000Z' },
        receipt: receipt(`Logged for ${subject}`),
      };
    case 'create_task':
      return { result: { ...task, dueAt: input['dueAt'] ?? null, assignee: 'You' }, receipt: receipt(`Task: ${task.title}`) };
    case 'complete_task':
      return { result: { id, title: task.title, leadName: subject }, receipt: receipt(`Done: ${task.title}`) };
    case 'undo':
      return { result: { undone: 'the last change', kept: [] }, receipt: receipt('Undone') };
    case 'import_leads':
      return { status: 'running', jobId: id };
    case 'cancel_job':
      return { result: { id, state: 'cancelled' }, receipt: receipt('Job cancelled') };
    case 'qualify_lead':
      return {
        result: {
          id,
          name: subject,
          score: 64.2,
          tier: 'GOLD',
          reasoning: `${subject} is GOLD with 64.2 of 100 (grade B, warm). Next: a call once the hot ones are done.`,
          evidence: [],
          wouldRaise: [],
          notes: [],
        },
      };
    case 'qualify_leads':
      return { result: { filters: 'all', leads: 60, qualified: 60, cached: 0, withModel: 0, failed: 0, tiers: { GOLD: 60 } } };
    case 'compare_leads': {
      const leads = (input['leads'] as string[]).map((one) => ({ ...lead, name: one, missing: [] }));
      return { result: { leads, criteria: [], verdict: `${leads[0]?.name} is 1.0 ahead of ${leads[1]?.name}: Multi-OEM +1` } };
    }
    case 'score_what_if':
      return { result: { id, name: subject, before: lead, after: lead, factors: [], unread: [] } };
    case 'list_profiles':
      return { result: { profiles: [{ ...dealer, versions: 1, newest: 1, active: true, activeVersion: 1, by: null }] } };
    case 'get_profile':
      return { result: { ...dealer, version: 1, newest: 1, active: true, criteria, bonuses: [], tiers, lists } };
    case 'preview_profile':
      return {
        result: {
          ...dealer,
          version: input['changes'] ? null : 2,
          leads: 60,
          changeTier: 0,
          up: 0,
          down: 0,
          moves: [],
          samples: [],
        },
      };
    case 'update_profile':
      return {
        result: { ...dealer, version: 2, changed: [], active: input['activate'] === true, criteria, tiers },
        receipt: receipt('A new version was saved'),
      };
    case 'activate_profile':
      return { status: 'pending_approval', proposalId: id, title: 'Another version scores' };
    case 'get_calibration':
      return { result: { outcome: 'won', leads: 0, positives: 0, bins: [], conclusion: 'Too early.', caveats: [] } };
    default:
      return { error: { code: 'not_found', message: `There is no tool ${name}.` } };
  }
}
