import { dollars } from '../../../core/money.ts';
import { regionCode, regionName } from '../../../core/regions.ts';
import { formatWhen } from '../../../core/when.ts';
import { type Json, object, objects, type PastCall, string } from '../history.ts';
import type { Aspect } from '../reading.ts';
import type { Clock } from '../understand.ts';
import { phoneText, safe, sentence, short } from './safe.ts';

const score = (value: unknown): string => (typeof value === 'number' ? value.toFixed(1).replace(/\.0$/, '') : string(value));
const tierText = (lead: Json): string => [string(lead['tier']), score(lead['score'])].filter(Boolean).join(' ') || 'not scored';
const place = (lead: Json): string => safe([string(lead['city']), string(lead['state'])].filter(Boolean).join(' '));

const ownerText = (lead: Json): string =>
  lead['mine'] === true ? 'yours' : string(lead['owner']) ? `owner ${safe(string(lead['owner']))}` : '';

const leadLine = (lead: Json, position: number, withOwner = true): string => {
  const reasons = Array.isArray(lead['reasons'])
    ? // tier and points stand before the reasons already
      lead['reasons']
        .map((reason) => short(string(reason), 160))
        .filter((reason) => reason && !/^[A-Z]+, [\d.]+ points$/.test(reason))
    : [];
  const facts = [
    tierText(lead),
    place(lead),
    phoneText(string(lead['phone'])),
    lead['status'] && lead['status'] !== 'new' && !told(string(lead['status']), reasons) ? string(lead['status']) : '',
    withOwner ? ownerText(lead) : '',
  ]
    .filter(Boolean)
    .join(', ');
  return `${position}. ${short(string(lead['name']), 120)} — ${facts}${reasons.length > 0 ? `: ${reasons.join('; ')}` : ''}`;
};

/** "In the meeting stage" is said once. */
const told = (status: string, reasons: string[]): boolean =>
  reasons.some((reason) => reason.replace(/^in (?:the )?/, '').startsWith(status));

const or = (items: string[]): string =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} or ${items.at(-1)}`;
const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(string) : typeof value === 'string' ? [value] : [];

/** What was searched for, in words: "gold leads in Texas without e-mail". */
const searchedFor = (input: Json, total: number): string => {
  const before = [or(strings(input['status'])), or(strings(input['tier']).map((tier) => tier.toLowerCase()))]
    .filter(Boolean)
    .join(' ');
  const code = regionCode(string(input['state']));
  const state = code ? (regionName(code) ?? code) : safe(string(input['state']));
  const where = [safe(string(input['city'])), state].filter(Boolean).join(', ');
  const owner = string(input['owner']);
  const days = input['notContactedDays'];
  const added = input['addedWithinDays'];
  const after = [
    where && `in ${where}`,
    input['query'] ? `matching "${safe(string(input['query']))}"` : '',
    owner === 'me' ? 'of yours' : owner === 'nobody' ? 'without an owner' : owner ? `of ${safe(owner)}` : '',
    typeof input['minScore'] === 'number' && typeof input['maxScore'] === 'number'
      ? `scoring ${input['minScore']} to ${input['maxScore']}`
      : typeof input['minScore'] === 'number'
        ? `scoring at least ${input['minScore']}`
        : typeof input['maxScore'] === 'number'
          ? `scoring at most ${input['maxScore']}`
          : '',
    strings(input['has']).length > 0 ? `with ${strings(input['has']).join(' and ')}` : '',
    strings(input['missing']).length > 0 ? `without ${strings(input['missing']).join(' and without ')}` : '',
    days === 0 ? 'never contacted' : typeof days === 'number' ? `not contacted for ${days} day${days === 1 ? '' : 's'}` : '',
    typeof added === 'number' ? (added === 1 ? 'added within a day' : `added within ${added} days`) : '',
  ].filter(Boolean);
  return [before, total === 1 ? 'lead' : 'leads', ...after].filter(Boolean).join(' ');
};

export const renderSearch = (call: PastCall, result: Json, aspect: Aspect | undefined): string => {
  const leads = objects(result['leads']);
  const total = typeof result['total'] === 'number' ? result['total'] : leads.length;
  const what = searchedFor(call.input, total);
  if (total === 0)
    return aspect === 'perhaps'
      ? `I did not understand that, and no lead is called "${safe(string(call.input['query']))}". You can ask, for example: "who should I call first" or "gold leads in Texas". Say "help" for more.`
      : `No ${what}.`;
  const listed = aspect === 'count' ? leads.slice(0, 3) : leads;
  const lines = listed.map((lead, i) => leadLine(lead, i + 1, call.input['owner'] !== 'me'));
  const paging = call.input['cursor']
    ? `The next ${leads.length} of ${total} ${what}:`
    : total > listed.length && listed.length > 0
      ? `${total} ${what}. ${aspect === 'count' ? 'The first' : 'Here are'} ${listed.length}:`
      : `${total} ${what}.`;
  const more = string(result['nextCursor']) && aspect !== 'count' ? ['Say "more" for the next page.'] : [];
  return [paging, ...lines, ...more].join('\n');
};

/** Several searches that differ by tier only, as one table of counts. */
export const renderTiers = (calls: PastCall[]): string => {
  const counts = calls.map((call) => ({
    tier: strings(call.input['tier'])[0] ?? '',
    total: Number(call.answer?.result?.['total'] ?? 0),
  }));
  const sum = counts.reduce((all, one) => all + one.total, 0);
  const { tier: _tier, limit: _limit, ...scope } = calls[0]?.input ?? {};
  return [`${sum} ${searchedFor(scope, sum)} with a tier.`, ...counts.map((one) => `- ${one.tier}: ${one.total}`)].join('\n');
};

export const renderTop = (call: PastCall, result: Json): string => {
  const leads = objects(result['leads']);
  if (leads.length === 0)
    return `No ${searchedFor({ ...call.input, owner: undefined, tier: call.input['tier'] }, 0)} to call right now.`;
  const considered = typeof result['considered'] === 'number' ? ` of ${result['considered']} open leads` : '';
  return [
    leads.length === 1
      ? `Call this one first${considered ? `, out of ${result['considered']} open leads` : ''}:`
      : `Call these ${leads.length} first, best on top${considered ? ` (${result['considered']} open leads were considered)` : ''}:`,
    // the ranking holds one's own leads and those of nobody, unless all were asked for
    ...leads.map((lead, i) => leadLine(lead, i + 1, call.input['owner'] === 'all')),
    'Say "why" for the reasons behind the first one.',
  ].join('\n');
};

/** So many contacts and entries the card of a lead shows. */
const cardLines = 3;

const none = (name: string, what: string): string => `${name} has no ${what} on file.`;

/** The one thing that was asked about a lead, said first. */
const answerFirst = (lead: Json, result: Json, aspect: Aspect, clock: Clock): string => {
  const name = short(string(lead['name']), 120);
  const field = (key: string): string => safe(string(lead[key]));
  switch (aspect) {
    case 'phone':
      return field('phone') ? `${name}: ${phoneText(field('phone'))}.` : none(name, 'phone number');
    case 'email':
      return field('email') ? `${name}: ${field('email')}` : none(name, 'e-mail address');
    case 'website':
      return field('website') ? `${name}: ${field('website')}` : none(name, 'website');
    case 'owner':
      return lead['mine'] === true
        ? sentence(`You own ${name}`)
        : field('owner')
          ? sentence(`${field('owner')} owns ${name}`)
          : sentence(`Nobody owns ${name}`);
    case 'status':
      return `${name} is ${field('status') || 'without a status'}.`;
    case 'address': {
      const address = [field('street'), field('city'), [field('state'), field('zip')].filter(Boolean).join(' ')]
        .filter(Boolean)
        .join(', ');
      return address ? sentence(`${name}: ${address}`) : none(name, 'address');
    }
    case 'industry':
      return field('industry') ? sentence(`${name}: ${field('industry')}`) : none(name, 'industry');
    case 'employees':
      return field('employees') ? `${name} has ${field('employees')} employees.` : none(name, 'number of employees');
    case 'lastContact': {
      const at = string(lead['lastContactedAt']);
      return at ? `${name} was last contacted ${date(at, clock)}.` : `No contact with ${name} is on record.`;
    }
    case 'notes': {
      const entries = objects(result['activities']);
      return entries.length > 0
        ? [`Latest entries for ${name}:`, ...entries.map((entry) => activityLine(entry, clock))].join('\n')
        : sentence(`Nothing is logged for ${name}`);
    }
    case 'contacts': {
      const people = objects(result['contacts']);
      return people.length > 0 ? [`Contacts at ${name}:`, ...people.map(contactLine)].join('\n') : none(name, 'contacts');
    }
    case 'deals': {
      const deals = objects(result['deals']);
      return deals.length > 0 ? [`Deals of ${name}:`, ...deals.map(dealLine)].join('\n') : none(name, 'deals');
    }
    case 'score':
      return `${name}: ${tierText(lead)}.`;
    default:
      return '';
  }
};

const date = (iso: string, clock: Clock): string => {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? safe(iso) : formatWhen(at, clock.now, clock.timeZone);
};

const activityLine = (entry: Json, clock: Clock): string =>
  `- ${safe(string(entry['kind']))}${string(entry['at']) ? `, ${date(string(entry['at']), clock)}` : ''}: ${short(string(entry['text']), 240)}`;
const contactLine = (person: Json): string =>
  `- ${[short(string(person['name']), 80), safe(string(person['title'])), phoneText(string(person['phone'])), safe(string(person['email']))].filter(Boolean).join(', ')}`;
const dealLine = (deal: Json): string =>
  `- ${short(string(deal['name']), 80)}: ${safe(string(deal['stage']))}${string(deal['amountUsd']) ? `, ${dollars(string(deal['amountUsd']))}` : ''}`;

/** "Who is Priya": the contact of that name, unless the lead itself is called so. */
const personFirst = (reference: string, lead: Json, contacts: Json[]): string => {
  const asked = reference.trim().toLowerCase();
  const has = (name: unknown): boolean => ` ${string(name).toLowerCase()} `.includes(` ${asked} `);
  const person = has(lead['name']) ? undefined : contacts.find((contact) => has(contact['name']));
  if (!person) return '';
  const role = safe(string(person['title']));
  const reach = [phoneText(string(person['phone'])), safe(string(person['email']))].filter(Boolean).join(', ');
  return `${short(string(person['name']), 80)}${role ? ` (${role})` : ''} is a contact at ${short(string(lead['name']), 120)}${reach ? `: ${reach}` : ''}.`;
};

/** What the lead's card does not show, under a line that says what it is. */
export const renderLead = (call: PastCall, result: Json, aspect: Aspect | undefined, clock: Clock): string => {
  const lead = object(result['lead']) ?? result;
  const first =
    aspect === 'person'
      ? personFirst(string(call.input['lead']), lead, objects(result['contacts']))
      : aspect
        ? answerFirst(lead, result, aspect, clock)
        : '';
  if (first) return first;
  const field = (key: string): string => safe(string(lead[key]));
  const [people, entries] = [objects(result['contacts']).slice(cardLines), objects(result['activities']).slice(cardLines)];
  const tasks = objects(result['tasks']);
  return [
    `${short(string(lead['name']), 120)} — ${tierText(lead)}, ${field('status') || 'no status'}, ${ownerText(lead) || 'no owner'}.`,
    ['phone', 'email', 'website'].some(field) ? '' : 'No phone, e-mail or website on file.',
    [field('industry'), field('employees') && `${field('employees')} employees`].filter(Boolean).join(', '),
    lead['lastContactedAt'] ? '' : 'Never contacted.',
    ...(people.length > 0 ? ['More contacts:', ...people.map(contactLine)] : []),
    ...(entries.length > 0 ? ['Earlier entries:', ...entries.map((entry) => activityLine(entry, clock))] : []),
    ...(tasks.length > 0
      ? [
          'Tasks:',
          ...tasks
            .slice(0, 5)
            .map(
              (task) =>
                `- ${short(string(task['title']), 120)}${string(task['dueText']) ? `, ${safe(string(task['dueText']))}` : ''}`,
            ),
        ]
      : []),
    ...(objects(result['deals']).length > 0 ? ['Deals:', ...objects(result['deals']).slice(0, 5).map(dealLine)] : []),
  ]
    .filter(Boolean)
    .join('\n');
};

/** The verdict; its criteria, and what would raise it, stand in the card. */
export const renderScore = (result: Json): string => {
  const name = short(string(result['name']), 120);
  const rank = result['rankToday'];
  const reasons = strings(result['rankReasons']).map((reason) => short(reason, 160));
  const missing = strings(result['missing']).map(safe);
  return [
    typeof result['score'] === 'number'
      ? `${name} scores ${score(result['score'])}: ${[string(result['tier']), string(result['grade']) && `grade ${string(result['grade'])}`, string(result['temperature'])].filter(Boolean).join(', ')}.`
      : `${name} has no score yet.`,
    typeof rank === 'number'
      ? `It is number ${rank} in today's ranking${reasons.length > 0 ? `: ${reasons.join('; ')}` : ''}.`
      : reasons.length > 0
        ? sentence(reasons.join('; '))
        : '',
    missing.length > 0 ? `Missing: ${missing.join('; ')}.` : '',
  ]
    .filter(Boolean)
    .join('\n');
};
