import { z } from 'zod';
import { hostDomain } from '../core/domains.ts';
import { type LeadFields, leadStatuses } from '../core/lead.ts';
import { fold } from '../core/names.ts';
import { readPhone } from '../core/phone.ts';
import type { Records } from '../core/records.ts';
import { regionCode, regionName } from '../core/regions.ts';
import { type Said, saidAny, saidNumber, saidText } from '../core/said.ts';
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

/** Every value asked for stands in the user's own words; one that does not makes the whole call unasked. */
export function saidFields(said: Said, { status, owner, phone, employees, state, ...texts }: Asked, userName: string): boolean {
  if (status !== undefined && !saidAny(said, ...statusWords[status])) return false;
  if (owner !== undefined && !saidOwner(said, owner, userName)) return false;
  if (phone !== undefined && phone !== '' && !saidNumber(said, phone)) return false;
  if (employees !== undefined && !saidText(said, String(employees))) return false;
  if (state !== undefined && !saidState(said, state)) return false;
  return Object.values(texts).every(
    (value) =>
      value === undefined || (value === '' ? saidAny(said, 'clear', 'remove', 'empty', 'delete') : saidText(said, value)),
  );
}

function saidOwner(said: Said, owner: string, userName: string): boolean {
  if (/^(me|myself)$/i.test(owner) || fold(owner) === fold(userName))
    return saidAny(said, 'me', 'my', 'mine', 'myself', 'i', 'i ll', 'ill', userName);
  if (/^(nobody|no one|none|unassigned)$/i.test(owner))
    return saidAny(said, 'nobody', 'no one', 'unassign', 'none', 'unassigned');
  return fold(owner)
    .split(' ')
    .some((word) => word.length > 1 && saidText(said, word));
}

function saidState(said: Said, state: string): boolean {
  const code = regionCode(state) ?? state;
  return saidText(said, state) || saidText(said, code) || saidText(said, regionName(code) ?? code);
}
