import { type Json, object, objects, type PastCall, string } from '../history.ts';
import { safe, sentence, short } from './safe.ts';

/** Verdicts, comparisons and what-ifs, with the numbers as the tools gave them. */

const tiers = ['PLATINUM', 'GOLD', 'SILVER', 'BRONZE'];
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map((item) => safe(string(item))).filter(Boolean) : []);
const figure = (value: unknown): string => (typeof value === 'number' ? value.toFixed(1).replace(/\.0$/, '') : 'unknown');
export const count = (value: unknown): string =>
  typeof value === 'number' ? value.toLocaleString('en-US') : safe(string(value)) || '0';
export const standing = (lead: Json | undefined): string => `${safe(string(lead?.['tier']))} ${figure(lead?.['score'])}`;
const dollars = (value: unknown): string => `${Number(value) < 0.01 ? Number(value).toFixed(4) : Number(value).toFixed(2)} USD`;
const percentage = (value: unknown): string => `${Math.round(Number(value) * 100)} %`;

/** The verdict in the tool's own sentences; then what a model read, what else would help, and what has to be known of it. */
export const renderQualified = (result: Json): string => {
  const reasoning = texts([result['reasoning']])[0] ?? '';
  const read = objects(result['evidence']).filter((item) => item['by'] === 'model' && string(item['quote']));
  const raise = texts(result['wouldRaise']).filter((item) => !reasoning.includes(item));
  const cost = Number(result['costUsd'] ?? 0);
  return [
    reasoning || `${short(string(result['name']), 120)}: ${standing(result)}.`,
    ...read.map((item) => `Read by a model: ${safe(string(item['label']))} - "${short(string(item['quote']), 200)}".`),
    raise.length > 0 ? `Would raise it too: ${raise.join('; ')}.` : '',
    ...texts(result['notes']).map(sentence),
    cost > 0 ? `Asking the model cost ${dollars(cost)}.` : '',
  ]
    .filter(Boolean)
    .join('\n');
};

export const renderQualifiedMany = (result: Json): string => {
  const filters = safe(string(result['filters']));
  const which = filters === '' || filters === 'all' ? '' : ` (${filters})`;
  const total = Number(result['leads'] ?? 0);
  if (total === 0) return `No leads fit${which}, so none was qualified.`;
  const leads = `${count(total)} ${total === 1 ? 'lead' : 'leads'}`;
  const estimate = object(result['estimate']);
  if (estimate) {
    const price =
      estimate['expectedUsd'] === null
        ? `What ${safe(string(estimate['model']))} would cost is not known.`
        : `Asking ${safe(string(estimate['model']))} about them would cost about ${dollars(estimate['expectedUsd'])}, at most ${dollars(estimate['atMostUsd'])}.`;
    return [
      `${count(estimate['open'])} of ${leads}${which} leave something open. ${price}`,
      'No model was asked. Say what it may cost, for example "spend at most 1 dollar", or qualify them without a model.',
    ].join('\n');
  }
  const found = object(result['tiers']) ?? {};
  const judged = result['qualified'] === total ? leads : `${count(result['qualified'])} of ${leads}`;
  return [
    `Verdicts on ${judged}${which}:`,
    ...tiers.map((tier) => `- ${tier}: ${count(found[tier] ?? 0)}`),
    [
      typeof result['averageConfidence'] === 'number'
        ? `Confidence is ${percentage(result['averageConfidence'])} on average`
        : '',
      Number(result['cached']) > 0 ? `${count(result['cached'])} had not changed since their last verdict` : '',
      Number(result['withModel']) > 0
        ? `a model was asked about ${count(result['withModel'])} for ${result['costUsd'] === null ? 'an unknown price' : dollars(result['costUsd'])}`
        : '',
      Number(result['failed']) > 0 ? `${count(result['failed'])} failed` : '',
    ]
      .filter(Boolean)
      .join('; ')
      .replace(/.$/, '$&.'),
    sentence(string(result['stopped'])),
  ]
    .filter(Boolean)
    .join('\n');
};

/** The verdict first, then the leads in its order, then each criterion with their points in the same order. */
export const renderComparison = (result: Json): string => {
  const leads = objects(result['leads']);
  return [
    sentence(string(result['verdict'])),
    ...leads.map((lead, i) => {
      const missing = texts(lead['missing']);
      return `${i + 1}. ${short(string(lead['name']), 120)} — ${standing(lead)}${missing.length > 0 ? `; not known: ${missing.join(', ')}` : ''}`;
    }),
    'Points of each, in this order:',
    ...objects(result['criteria']).map((criterion) => {
      const weight = Number(criterion['weight'] ?? 0);
      const points = Array.isArray(criterion['points']) ? criterion['points'] : [];
      return `- ${safe(string(criterion['label']))}${weight > 0 ? ` (${percentage(weight)})` : ''}: ${points.map(figure).join(' / ')}`;
    }),
  ].join('\n');
};

export const renderWhatIf = (call: PastCall, result: Json): string => {
  const name = short(string(result['name']), 120);
  const [before, after] = [object(result['before']), object(result['after'])];
  const factors = objects(result['factors']);
  const unread = texts(result['unread']);
  const assumed = Object.entries(object(call.input['points']) ?? {}).map(
    ([criterion, points]) => `${safe(criterion)} at ${figure(points)} of 100 points`,
  );
  return [
    factors.length === 0
      ? `If that were so, ${name} would stay at ${standing(before)}.`
      : `If that were so, ${name} would go from ${standing(before)} to ${standing(after)}.`,
    ...factors.map((factor) => {
      const gain = Number(factor['gain'] ?? 0);
      const evidence = string(factor['evidence']);
      return `- ${safe(string(factor['label']))}: ${figure(factor['before'])} to ${figure(factor['after'])} points, ${gain > 0 ? '+' : ''}${gain.toFixed(1)}${evidence ? ` (${short(evidence, 120)})` : ''}`;
    }),
    assumed.length > 0 ? `Taken for that: ${assumed.join(', ')}.` : '',
    unread.length > 0 ? `No criterion looks at ${unread.join(', ')}.` : '',
    'Nothing was changed.',
  ]
    .filter(Boolean)
    .join('\n');
};

/** A supposition that fits no one criterion: what there is to suppose. */
export const renderUnclear = (profile: Json): string => {
  const labels = [...objects(profile['criteria']), ...objects(profile['bonuses'])].map((criterion) =>
    safe(string(criterion['label'])),
  );
  return [
    `Which criterion do you mean? ${safe(string(profile['name']))} has: ${labels.join(', ')}.`,
    `Say it with points, for example "what if ${labels[0] ?? 'multi-OEM'} of Northwind were 100", or with a column of its record, such as "what if oems_certified of Northwind was Generac, Kohler".`,
  ].join('\n');
};
