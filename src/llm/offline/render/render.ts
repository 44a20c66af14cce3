import { type Json, object, objects, type PastCall, string, type Turn } from '../history.ts';
import { candidatesOf } from '../pending.ts';
import type { Aspect, Reading } from '../reading.ts';
import { writes } from '../reading.ts';
import type { Clock } from '../understand.ts';
import { renderAccounts, renderDeals } from './book.ts';
import { renderLead, renderScore, renderSearch, renderTiers, renderTop } from './leads.ts';
import { afterUpdate, renderCalibration, renderPreview, renderProfile, renderProfiles, whileItWaits } from './profiles.ts';
import { safe, sentence, short } from './safe.ts';
import { renderComparison, renderQualified, renderQualifiedMany, renderUnclear, renderWhatIf } from './scoring.ts';

/** The answer to a turn, made of nothing but what its tools returned. */
export const renderTurn = (turn: Turn, reading: Reading, clock: Clock): string => {
  const aspect = reading.kind === 'calls' ? reading.aspect : undefined;
  const answered = turn.calls.filter((call) => call.answer !== undefined);
  // A chain answers with its last link: the lookup before it was only a step.
  const chained =
    reading.kind === 'calls' && reading.next && answered.length > reading.calls.length
      ? answered.slice(reading.calls.length)
      : [...answered];
  // A call that was repeated for the record that was meant is told by its repetition.
  const shown = chained.filter(
    (call, i) =>
      !chained
        .slice(i + 1)
        .some(
          (later) =>
            later.tool === call.tool &&
            candidatesOf(call.answer).some((candidate) =>
              [later.input['lead'], later.input['leads']]
                .flat()
                .some((lead) => [candidate.id, candidate.name].includes(string(lead))),
            ),
        ),
  );
  const blocks: string[] = [];
  const [failed, retried] = shown;
  if (
    shown.length === 2 &&
    failed?.answer?.error &&
    retried?.tool === 'create_task' &&
    failed.tool === 'create_task' &&
    retried.input['lead'] === undefined &&
    retried.answer &&
    !retried.answer.error
  ) {
    blocks.push(`No lead fits "${short(string(failed.input['lead']), 80)}", so the task stands by itself.`);
    shown.shift();
  }
  if (aspect === 'tiers' && shown.length > 1 && shown.every((call) => call.tool === 'search_leads' && call.answer?.result))
    blocks.push(renderTiers(shown));
  else for (const call of shown) blocks.push(renderCall(call, aspect, clock));
  const saved = shown.find((call) => call.tool === 'update_profile' && call.answer?.receipt)?.answer?.result;
  if (saved) blocks.push(afterUpdate(saved));
  if (shown.some((call) => call.answer?.receipt && call.tool !== 'undo')) blocks.push('Say "undo that" to take it back.');
  if (reading.kind === 'calls' && reading.ask && !shown.some((call) => call.answer?.error)) blocks.push(reading.ask.text);
  return afterLists([...new Set(blocks.filter(Boolean))].join('\n')) || 'The tools gave no answer.';
};

/** In Markdown a line right after a list belongs to its last item; what is no item gets a paragraph of its own. */
const afterLists = (text: string): string => text.replace(/^((?:\d+\.|-) .*)\n(?!\d+\. |- |\s|$)/gm, '$1\n\n');

const renderCall = (call: PastCall, aspect: Aspect | undefined, clock: Clock): string => {
  const answer = call.answer;
  if (!answer) return '';
  if (answer.error) return renderError(call);
  if (answer.proposal)
    return `This waits for approval: ${sentence(answer.proposal.title)} Nothing happens before a person approves it, below. ${whileItWaits(call)}`.trim();
  if (answer.job) return `It is still running as job ${safe(answer.job.id)}. Ask "is it done" to see how far it is.`;
  const result = answer.result ?? {};
  if (answer.receipt)
    return call.tool === 'undo'
      ? renderUndo(result, answer.receipt.title)
      : `Done: ${sentence(answer.receipt.title)}${dueNote(call, result, answer.receipt.title)}`;
  return renderResult(call, result, aspect, clock);
};

const renderResult = (call: PastCall, result: Json, aspect: Aspect | undefined, clock: Clock): string => {
  switch (call.tool) {
    case 'search_leads':
      return renderSearch(call, result, aspect);
    case 'top_leads':
      return renderTop(call, result);
    case 'get_lead':
      return renderLead(call, result, aspect, clock);
    case 'explain_score':
      return renderScore(result);
    case 'qualify_lead':
      return renderQualified(result);
    case 'qualify_leads':
      return renderQualifiedMany(result);
    case 'compare_leads':
      return renderComparison(result);
    case 'score_what_if':
      return renderWhatIf(call, result);
    case 'list_profiles':
      return renderProfiles(result);
    case 'get_profile':
      return aspect === 'whatIf' ? renderUnclear(result) : renderProfile(result);
    case 'preview_profile':
      return renderPreview(result);
    case 'get_calibration':
      return renderCalibration(result);
    case 'list_deals':
      return renderDeals(call.input, result);
    case 'list_accounts':
      return renderAccounts(result);
    case 'list_tasks':
      return renderTasks(call, result);
    case 'list_pending':
      return renderPending(result);
    case 'list_imports':
      return list(
        objects(result['imports']),
        'import',
        (item) =>
          `${short(string(item['fileName']), 80)} — ${safe(string(item['state']))}: ${string(item['imported']) || '0'} of ${string(item['rows']) || '0'} rows imported, ${string(item['duplicates']) || '0'} duplicates, ${string(item['failed']) || '0'} failed${Number(item['waiting']) ? `, ${string(item['waiting'])} to review` : ''}`,
      );
    case 'list_review':
      return renderReview(result);
    case 'list_jobs':
      return list(
        objects(result['jobs']),
        'job',
        (item) =>
          `${safe(string(item['tool']) || 'job').replaceAll('_', ' ')} — ${safe(string(item['state']))}${string(item['id']) ? ` (${safe(string(item['id']))})` : ''}`,
      );
    case 'get_job':
    case 'cancel_job':
      return renderJob(result, clock);
    case 'whoami':
      return aspect === 'team' ? renderTeam(result) : renderWhoami(result);
    case 'get_costs':
      return renderCosts(result);
    case 'undo':
      return result['nothingToUndo'] ? 'There is nothing to undo in this conversation.' : renderUndo(result, undefined);
    case 'import_leads':
      return renderFacts('The import', result);
    default:
      return writes.has(call.tool) ? unchanged(call, result) : renderFacts(call.tool.replaceAll('_', ' '), result);
  }
};

/** What was asked for may be so already: then there is nothing to change, and no receipt. */
const unchanged = (call: PastCall, result: Json): string => {
  const name = string(object(result['lead'])?.['name']);
  return call.tool === 'update_lead' && name && Array.isArray(result['changed']) && result['changed'].length === 0
    ? `${short(name, 120)} is like that already; nothing was changed.`
    : 'The tool answered without a receipt, so I cannot say that anything was changed.';
};

const renderError = (call: PastCall): string => {
  const error = call.answer?.error;
  if (!error) return '';
  const candidates = candidatesOf(call.answer);
  const question = string(error.details?.['question']);
  const lines = candidates.map(
    (candidate, i) => `${i + 1}. ${short(candidate.name, 120)}${candidate.note ? ` (${short(candidate.note, 120)})` : ''}`,
  );
  if (call.tool === 'activate_profile' && /\bhas no version\b/.test(error.message))
    return `${sentence(error.message)} A version that waits for approval is saved with the approval.`;
  if (candidates.length === 0) return sentence(error.message);
  if (error.code === 'ambiguous')
    return [sentence(question || error.message), ...lines, 'Say its number or its place.'].join('\n');
  return [
    sentence(error.message),
    candidates.length === 1 ? 'Did you mean this one? Say "yes" or another name.' : 'Did you mean one of these?',
    ...lines,
  ].join('\n');
};

const dueNote = (call: PastCall, result: Json, title: string): string => {
  const due = string(result['dueText']);
  return call.tool === 'create_task' && due && !title.includes(due) ? ` Due ${sentence(due)}` : '';
};

const renderReview = (result: Json): string => {
  const rows = objects(result['rows']);
  const total = Number(result['total'] ?? rows.length);
  if (rows.length === 0) return 'No row of an import waits for review.';
  const lines = rows.map((row, i) => {
    const lead = string(object(row['lead'])?.['name']);
    const why = short(string(row['reason']), 120);
    return `${i + 1}. Line ${string(row['line'])} of ${short(string(row['fileName']), 80)}: ${short(string(row['name']), 80)} may be ${lead ? short(lead, 80) : 'a lead that is gone'} (${why})`;
  });
  return [
    `${total} row${total === 1 ? ' waits' : 's wait'} for review.`,
    ...lines,
    'In the terminal, npm run import -- --review goes through them one by one.',
  ].join('\n');
};

const renderUndo = (result: Json, receipt: string | undefined): string => {
  const all = objects(result['kept']);
  const more = Number(result['keptCount'] ?? all.length) - Math.min(all.length, keptNamed);
  const kept = all
    .slice(0, keptNamed)
    .map(
      (item) =>
        `- ${[safe(string(item['label'])), safe(string(item['field']))].filter(Boolean).join(', ')}: now "${short(String(item['found'] ?? ''), 80)}"`,
    );
  const first = receipt
    ? /^undone\b/i.test(receipt)
      ? sentence(receipt)
      : `Done: ${sentence(receipt)}`
    : 'The undo answered without a receipt, so I cannot say that anything was put back.';
  if (kept.length === 0) return first;
  const rest = more > 0 ? [`and ${more.toLocaleString('en-US')} more`] : [];
  return [first, 'Left as it is, because it was changed since:', ...kept, ...rest].join('\n');
};

const keptNamed = 10;

const due: Record<string, string> = {
  overdue: ' that are overdue',
  today: ' due today',
  tomorrow: ' due tomorrow',
  week: ' due this week',
};

const renderTasks = (call: PastCall, result: Json): string => {
  const tasks = objects(result['tasks']);
  const total = typeof result['total'] === 'number' ? result['total'] : tasks.length;
  const status = call.input['status'] === 'done' ? 'completed' : 'open';
  const assignee = string(call.input['assignee']);
  const whose = assignee && assignee !== 'me' ? (assignee === 'all' ? ' of the whole team' : ` of ${safe(assignee)}`) : '';
  const late = call.input['due'] === 'today' && tasks.some((task) => task['overdue'] === true) ? ' or overdue' : '';
  const what = `${status} task${total === 1 ? '' : 's'}${whose}${due[string(call.input['due'])] ?? ''}${late}`;
  if (total === 0) return `No ${what}.`;
  const lines = tasks.map((task, i) => {
    const title = short(string(task['title']), 120);
    const lead = short(string(task['leadName']), 80);
    return `${i + 1}. ${title}${lead && !title.toLowerCase().includes(lead.toLowerCase()) ? ` (${lead})` : ''}${string(task['dueText']) ? ` — ${safe(string(task['dueText']))}` : ''}${task['overdue'] === true && !/overdue/i.test(string(task['dueText'])) ? ', overdue' : ''}${assignee && assignee !== 'me' && string(task['assignee']) ? `, ${safe(string(task['assignee']))}` : ''}`;
  });
  return [
    `${total} ${what}.`,
    ...lines,
    ...(total > tasks.length ? [`${total - tasks.length} more ${total - tasks.length === 1 ? 'is' : 'are'} not shown.`] : []),
  ].join('\n');
};

const askedBy: Record<string, string> = {
  asked: 'asked for in chat',
  unasked: 'suggested by the assistant',
  person: 'asked for by a person',
};

const renderPending = (result: Json): string => {
  const proposals = objects(result['proposals']);
  const total = typeof result['total'] === 'number' ? result['total'] : proposals.length;
  if (total === 0) return 'Nothing is waiting for approval.';
  return [
    `${total} ${total === 1 ? 'proposal waits' : 'proposals wait'} for approval.`,
    ...proposals.map(
      (item, i) =>
        `${i + 1}. ${short(string(item['title']), 160)}${string(item['requestedBy']) ? ` — ${askedBy[string(item['requestedBy'])] ?? `asked for by ${safe(string(item['requestedBy']))}`}` : ''}`,
    ),
    'Decide with the buttons under a proposal, or in words: "approve 1", "skip the rest".',
  ].join('\n');
};

const list = (items: Json[], noun: string, line: (item: Json) => string): string =>
  items.length === 0
    ? `No ${noun}s.`
    : [
        `${items.length} ${noun}${items.length === 1 ? '' : 's'}.`,
        ...items.slice(0, 20).map((item, i) => `${i + 1}. ${line(item)}`),
      ].join('\n');

/** Jobs whose answer says more than that they are done. */
const told = new Set(['qualify_leads', 'preview_profile']);

const renderJob = (result: Json, clock: Clock): string => {
  const job = object(result['job']) ?? result;
  const answer = object(job['result']);
  const tool = string(job['tool']);
  if (answer && job['state'] === 'succeeded' && told.has(tool))
    return renderResult({ tool, input: {}, answer: { result: answer } }, answer, undefined, clock);
  const message = string(object(job['error'])?.['message']) || string(object(job['progress'])?.['message']);
  return `The job ${safe(string(job['tool'])).replaceAll('_', ' ')} is ${safe(string(job['state'])) || 'without a state'}${message ? `: ${short(message, 200)}` : ''}.`.replace(
    /\.\.$/,
    '.',
  );
};

const renderWhoami = (result: Json): string => {
  const demo = result['demo'];
  return [
    `You are ${safe(string(result['name']))}${string(result['role']) ? `, ${safe(string(result['role']))}` : ''}${string(result['workspace']) ? `, in the workspace ${safe(string(result['workspace']))}` : ''}.`,
    [
      string(result['today']) && `Today is ${safe(string(result['today']))}`,
      string(result['timeZone']) && `time zone ${safe(string(result['timeZone']))}`,
    ]
      .filter(Boolean)
      .map(safe)
      .join(', ')
      .replace(/$/, string(result['today']) || string(result['timeZone']) ? '.' : ''),
    string(result['leads']) ? `${string(result['leads'])} leads are in it.` : '',
    demo === true || demo === 'shown' ? 'It shows sample data.' : '',
  ]
    .filter(Boolean)
    .join(' ');
};

/** Who is who: everybody of the workspace, and how to see what is theirs. */
const renderTeam = (result: Json): string => {
  const people = objects(result['team']).map((one) => ({
    name: short(string(one['name']), 80),
    role: safe(string(one['role'])),
  }));
  const other = people.find(({ name }) => name !== safe(string(result['name'])));
  return [
    `${people.length === 1 ? 'One person is' : `${people.length} people are`} in this workspace:`,
    ...people.map(({ name, role }) => `- ${name}, ${role}${name === safe(string(result['name'])) ? ' (you)' : ''}`),
    ...(other ? ['', `Say "leads of ${other.name}" or "deals of ${other.name}" for theirs.`] : []),
  ].join('\n');
};

/** The exact amount without zeros that say nothing. */
const usd = (text: string): string => (text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text) || '0';
const periods: Record<string, string> = {
  conversation: 'in this conversation',
  today: 'today',
  yesterday: 'yesterday',
  this_week: 'this week',
  last_week: 'last week',
  this_month: 'this month',
  last_month: 'last month',
  '7d': 'in the last 7 days',
  '30d': 'in the last 30 days',
};

const renderCosts = (result: Json): string => {
  const [since, until] = [string(result['since']), string(result['until'])];
  const period = !since
    ? string(result['period'])
    : !until
      ? `since ${since}`
      : until === since
        ? `on ${since}`
        : `from ${since} to ${until}`;
  const requests = Number(result['requests'] ?? 0);
  const unpriced = Number(result['unpriced'] ?? 0);
  const lines = objects(result['lines']).map(
    (line) => `- ${safe(string(line['key']))}: ${usd(safe(string(line['costUsd'])))} USD, ${string(line['requests'])} requests`,
  );
  const spent = usd(safe(string(result['totalUsd'])) || '0');
  if (spent === '0' && unpriced === 0)
    return `Nothing ${periods[period] ?? safe(period)}: 0 USD for ${requests} request${requests === 1 ? '' : 's'}. Answers by fixed rules cost nothing.`;
  return [
    `${spent} USD ${periods[period] ?? safe(period)}, ${requests} model request${requests === 1 ? '' : 's'}.`,
    unpriced > 0 ? `${unpriced} of them have no known price and are not in this sum.` : '',
    ...lines,
  ]
    .filter(Boolean)
    .join('\n');
};

/** Plain facts of an answer that has no template of its own. */
const renderFacts = (title: string, result: Json): string => {
  const facts = Object.entries(result).filter(
    ([, value]) => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean',
  );
  return facts.length === 0
    ? `${title} answered without details.`
    : `${title}: ${facts
        .slice(0, 10)
        .map(([key, value]) => `${key.replace(/([A-Z])/g, ' $1').toLowerCase()} ${short(String(value), 120)}`)
        .join(', ')}.`;
};
