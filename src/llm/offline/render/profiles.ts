import { type Json, object, objects, type PastCall, string } from '../history.ts';
import { safe, sentence, short } from './safe.ts';
import { count, standing } from './scoring.ts';

/** Profiles, what a change of one does, and how well scores foretell, with the numbers as the tools gave them. */

const tiers = ['PLATINUM', 'GOLD', 'SILVER', 'BRONZE'];
const called = (result: Json): string => `${short(string(result['name']), 120)} (${safe(string(result['id']))})`;
const starts = (from: Json | undefined): string =>
  `PLATINUM from ${string(from?.['PLATINUM'])}, GOLD from ${string(from?.['GOLD'])}, SILVER from ${string(from?.['SILVER'])}, BRONZE below.`;

export const renderProfiles = (result: Json): string => {
  const all = objects(result['profiles']);
  const active = all.find((profile) => profile['active'] === true);
  return [
    active
      ? `${called(active)}, version ${string(active['activeVersion'])}, scores the leads.`
      : `There ${all.length === 1 ? 'is 1 profile' : `are ${all.length} profiles`}.`,
    ...all.map((profile, i) => {
      const by = string(profile['by']);
      return `${i + 1}. ${called(profile)} — newest version ${string(profile['newest'])}${profile['active'] === true ? `, version ${string(profile['activeVersion'])} scores` : ''}${by ? `, saved by ${safe(by)}` : ', came with the product'}`;
    }),
    'Say "show the profile" for its weights, or "use the ... profile" to switch.',
  ].join('\n');
};

export const renderProfile = (result: Json): string => {
  const newest = Number(result['newest'] ?? 0);
  const version = Number(result['version'] ?? 0);
  const [first] = objects(result['criteria']);
  return [
    `${called(result)}, version ${version}, ${result['active'] === true ? 'scores the leads.' : 'is saved; it does not score now.'}`,
    ...objects(result['criteria']).map((criterion) => {
      const raise = short(string(criterion['raise']), 160);
      return `- ${safe(string(criterion['label']))}: ${string(criterion['weightPercent'])} %${raise ? ` (raised by: ${raise})` : ''}`;
    }),
    ...objects(result['bonuses']).map((bonus) => `- ${safe(string(bonus['label']))}: a bonus of up to ${string(bonus['max'])}`),
    starts(object(result['tiers'])),
    newest > version ? `Version ${newest} is newer.` : '',
    `A weight is changed by, for example, "raise the weight of ${safe(string(first?.['label']))} to 40${result['active'] === true ? '' : ` in the ${safe(string(result['id']))} profile`}", a tier by "gold should start at 65".`,
  ]
    .filter(Boolean)
    .join('\n');
};

/** What the receipt of a saved version leaves to say: what it would do, and how it is switched on. */
export const afterUpdate = (result: Json): string => {
  const effect = string(result['effect']);
  if (result['active'] === true) return effect ? sentence(effect) : '';
  return [
    effect ? `Once it is active: ${sentence(effect)}` : 'Scores stay as they are.',
    'Say "activate it" to switch it on, or "what would change" to see which leads move.',
  ].join('\n');
};

/** Of a proposal about a profile: what holds until a person has decided. */
export const whileItWaits = (call: PastCall): string =>
  call.tool === 'activate_profile' || call.input['activate'] === true
    ? 'Until then the leads keep their scores.'
    : call.tool === 'update_profile'
      ? 'Until then nothing is saved. Once it is, "activate it" switches it on.'
      : '';

const moved = (from: unknown, to: unknown): string => (from === to ? count(from) : `${count(from)} to ${count(to)}`);
const named = 5;

export const renderPreview = (result: Json): string => {
  const [change, leads, up, down] = ['changeTier', 'leads', 'up', 'down'].map((key) => Number(result[key] ?? 0)) as [
    number,
    number,
    number,
    number,
  ];
  const saved = result['version'] !== null && result['version'] !== undefined;
  const what = saved
    ? `${called(result)}, version ${string(result['version'])}, scored`
    : `${called(result)} scored with this change`;
  const against = object(result['against']);
  const same = saved && against?.['id'] === result['id'] && against?.['version'] === result['version'];
  const [before, after] = [object(result['tiersBefore']), object(result['tiersAfter'])];
  const differences = Array.isArray(result['differences']) ? result['differences'].map((item) => safe(string(item))) : [];
  const samples = objects(result['samples']).slice(0, named);
  return [
    change === 0
      ? `No lead of ${count(leads)} would change tier if ${what}.`
      : `${count(change)} of ${count(leads)} leads would change tier if ${what}: ${count(up)} up, ${count(down)} down.`,
    differences.length > 0 ? sentence(differences.slice(0, 8).join('; ')) : '',
    change > 0 ? sentence(tiers.map((tier) => `${tier} ${moved(before?.[tier] ?? 0, after?.[tier] ?? 0)}`).join(', ')) : '',
    samples.length > 0 ? (samples.length < change ? `The ${samples.length} that move the farthest:` : 'These move:') : '',
    ...samples.map(
      (lead, i) =>
        `${i + 1}. ${short(string(lead['name']), 120)} — ${standing(object(lead['before']))} to ${standing(object(lead['after']))}`,
    ),
    same ? 'It scores already.' : 'Nothing was changed. Say "activate it" to switch it on.',
  ]
    .filter(Boolean)
    .join('\n');
};

const share = (value: unknown): string => `${Math.round(Number(value) * 100)} %`;
const words: Record<string, string> = { won: 'were won', meeting: 'came to a meeting' };

export const renderCalibration = (result: Json): string => {
  const [leads, positives] = [Number(result['leads'] ?? 0), Number(result['positives'] ?? 0)];
  if (leads === 0) return 'No lead is decided yet, so there is nothing to hold the scores against.';
  const were = words[string(result['outcome'])] ?? 'came out well';
  const auc = result['auc'];
  const suggested = object(object(result['suggestion'])?.['tiers']);
  const caveats = Array.isArray(result['caveats']) ? result['caveats'].map((item) => sentence(string(item))) : [];
  return [
    `Of ${count(leads)} decided leads ${count(positives)} ${were} (${share(positives / leads)}).`,
    ...objects(result['bins'])
      .filter((bin) => Number(bin['leads']) > 0)
      .reverse()
      .map(
        (bin) =>
          `- score ${string(bin['from'])} to ${string(bin['to'])}: ${count(bin['positives'])} of ${count(bin['leads'])} (${share(bin['rate'])})`,
      ),
    typeof auc === 'number'
      ? `The lead that came out well has the higher score in ${Math.round(auc * 100)} of 100 pairs; chance is 50.`
      : '',
    sentence(string(result['conclusion'])),
    suggested ? `Suggested: ${starts(suggested)} Say, for example, "gold should start at ${string(suggested['GOLD'])}".` : '',
    caveats.length > 0 ? `Keep in mind: ${caveats.join(' ')}` : '',
  ]
    .filter(Boolean)
    .join('\n');
};
