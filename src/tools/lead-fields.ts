import { z } from 'zod';
import { hostDomain } from '../core/domains.ts';
import { type LeadFields, leadStatuses } from '../core/lead.ts';
import { fold } from '../core/names.ts';
import { readPhone } from '../core/phone.ts';
import type { Records } from '../core/records.ts';
import { regionCode, regionName } from '../core/regions.ts';
import { hasAny, hasNumber, hasText } from '../core/said.ts';
import { visibleLine } from '../core/visible.ts';
import { AppError } from '../errors.ts';
import type { ToolContext } from './define.ts';
import { resolveOwner } from './resolve.ts';

/** One line of text without control and direction signs: they draw lies on other people's screens. */
export const line = (max: number) => z.string().max(max).transform(visibleLine);

/** The fields people set on a lead, as a tool's input. Empty text clears a field. */
export const settable = {
  phone: line(60).optional(),
  email: line(254).optional(),
  website: line(300).optional(),
  street: line(200).optional(),
  city: line(80).optional(),
  state: line(40).optional(),
  zip: line(20).optional(),
  country: line(60).optional(),
  industry: line(100).optional(),
  employees: z.number().int().min(0).max(10_000_000).optional(),
  status: z.enum(leadStatuses).optional(),
  owner: line(80).optional().describe('"me", "nobody", or a colleague’s name.'),
};

type Asked = Partial<Record<Exclude<keyof typeof settable, 'employees' | 'status'>, string>> & {
  name?: string;
  employees?: number;
  status?: (typeof leadStatuses)[number];
};

/** Reads and checks what was asked; wrong phones and addresses are an error, never stored as something else. */
export async function toFields(
  { owner, phone, email, website, state, ...rest }: Asked,
  records: Records,
  ctx: ToolContext,
): Promise<LeadFields> {
  const fields: LeadFields = { ...rest };
  for (const key of ['street', 'city', 'zip', 'country', 'industry'] as const) if (fields[key] === '') fields[key] = null;
  if (phone !== undefined) fields.phone = phone === '' ? null : checkPhone(phone, ctx.actor.country);
  if (email !== undefined) fields.email = email === '' ? null : readEmail(email);
  if (website !== undefined) fields.website = website === '' ? null : readWebsite(website);
  if (state !== undefined) fields.state = state === '' ? null : (regionCode(state) ?? state);
  if (owner !== undefined) fields.ownerId = await resolveOwner(records, owner, ctx);
  return fields;
}

function checkPhone(text: string, country: string): string {
  const phone = readPhone(text, country);
  if (!phone)
    throw new AppError(
      'invalid_input',
      `"${text}" is no phone number I can read. Write it with country or area code, such as +1 713 555 0123.`,
    );
  return phone.e164;
}

function readEmail(text: string): string {
  const parsed = z.email().safeParse(text.toLowerCase());
  if (!parsed.success) throw new AppError('invalid_input', `"${text}" is no e-mail address.`);
  return parsed.data;
}

function readWebsite(text: string): string {
  if (!hostDomain(text)) throw new AppError('invalid_input', `"${text}" is no web address.`);
  return /^https?:\/\//i.test(text) ? text : `https://${text}`;
}

/** Words people use for a status besides its name. */
const statusWords: Record<(typeof leadStatuses)[number], string[]> = {
  new: ['new'],
  contacted: ['contacted', 'called', 'reached', 'spoken to', 'talked to', 'reached out'],
  qualified: ['qualified', 'qualify'],
  meeting: ['meeting', 'meeting booked', 'meeting set', 'booked'],
  nurture: ['nurture', 'nurturing', 'later'],
  won: ['won', 'closed won', 'signed'],
  lost: ['lost', 'closed lost'],
  disqualified: ['disqualified', 'disqualify', 'not a fit', 'unqualified'],
};

/** What people say when they change a field. */
const changing = [
  'set',
  'change',
  'update',
  'correct',
  'fix',
  'is',
  'add',
  'put',
  'enter',
  'new',
  'now',
  'save',
  'clear',
  'remove',
  'delete',
  'make',
  'use',
  'got',
  'has',
  'have',
  'moved',
  'move',
  'at',
  'in',
  'with',
  'phone',
  'number',
  'email',
  'website',
  'zip',
  'city',
  'address',
  'industry',
];
const marking = [
  'mark',
  'set',
  'change',
  'update',
  'move',
  'make',
  'put',
  'flag',
  'tag',
  'switch',
  'turn',
  'push',
  'bump',
  'park',
  'close',
  'closed',
  'is',
  'are',
  'now',
  'as',
  'to',
  'won',
  'lost',
  'signed',
  'qualify',
  'disqualify',
];
const assigning = [
  'assign',
  'reassign',
  'give',
  'hand',
  'take',
  'claim',
  'own',
  'owns',
  'owner',
  'transfer',
  'pass',
  'move',
  'put',
  'set',
  'make',
  'change',
  'unassign',
  'belongs',
  'mine',
];
const naming = ['rename', 'name', 'called', 'correct', 'fix', 'spelled', 'spelt', 'change', 'update'];

/** Every value asked for stands in these words, with a word that orders such a change; one that does not makes the whole call unasked. */
export function saidFields(
  words: string,
  { status, owner, phone, name, employees, state, ...texts }: Asked,
  userName: string,
  adding = false,
): boolean {
  const orders = (verbs: string[]) => adding || hasAny(words, ...verbs);
  if (status !== undefined && !(orders(marking) && hasAny(words, ...statusWords[status]))) return false;
  if (owner !== undefined && !(orders(assigning) && saidOwner(words, owner, userName))) return false;
  if (name !== undefined && !(orders(naming) && hasText(words, name))) return false;
  if (phone !== undefined && !(orders(changing) && (phone === '' ? cleared(words) : hasNumber(words, phone)))) return false;
  if (employees !== undefined && !(orders(changing) && hasText(words, String(employees)))) return false;
  if (state !== undefined && !(orders(changing) && saidState(words, state))) return false;
  return Object.values(texts).every(
    (value) => value === undefined || (orders(changing) && (value === '' ? cleared(words) : hasText(words, value))),
  );
}

const cleared = (words: string): boolean => hasAny(words, 'clear', 'remove', 'empty', 'delete');

function saidOwner(words: string, owner: string, userName: string): boolean {
  if (/^(me|myself)$/i.test(owner) || fold(owner) === fold(userName))
    return hasAny(words, 'me', 'my', 'mine', 'myself', 'i', 'i ll', 'ill', userName);
  if (/^(nobody|no one|none|unassigned)$/i.test(owner))
    return hasAny(words, 'nobody', 'no one', 'unassign', 'none', 'unassigned');
  return fold(owner)
    .split(' ')
    .some((word) => word.length > 1 && hasText(words, word));
}

/** "Texas" in any case; a code only as people write codes, for "in" and "or" are words too. */
function saidState(words: string, state: string): boolean {
  const code = regionCode(state) ?? state;
  return hasText(words, regionName(code) ?? code) || new RegExp(`\\b${code}\\b`).test(words);
}
