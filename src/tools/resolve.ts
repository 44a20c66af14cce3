import type { User } from '../core/actor.ts';
import type { Lead } from '../core/lead.ts';
import { fold } from '../core/names.ts';
import type { Records } from '../core/records.ts';
import { regionName } from '../core/regions.ts';
import { isAmong, type Said, saidRecord } from '../core/said.ts';
import { AppError } from '../errors.ts';
import type { ToolContext } from './define.ts';
import { place, tierLine } from './lead-line.ts';

/** Finds the one lead a person means. Several that fit are a question with candidates, never a guess. */
export async function resolveLead(records: Records, reference: string): Promise<Lead> {
  const { leads, exact } = await findByNameAndPlace(records, reference);
  const [only, second] = leads;
  if (!only)
    throw new AppError('not_found', `No lead fits "${reference}". Check the spelling, or search for a part of the name.`);
  if (!second) return only;
  throw new AppError(
    'ambiguous',
    `${exact ? `${leads.length} leads are called` : 'Several leads could be'} "${reference}". Which one?`,
    { details: { question: `Which "${reference}" do you mean?`, candidates: leads.map(candidate) } },
  );
}

const candidate = (lead: Lead) => ({
  id: lead.id,
  name: lead.name,
  note: [place(lead), tierLine(lead), lead.status].filter(Boolean).join(', '),
});

/** "Cedar Creek in Houston" is the one in Houston; one somewhere else is not meant, even when it is the only one of its name. */
async function findByNameAndPlace(records: Records, reference: string): Promise<{ leads: Lead[]; exact: boolean }> {
  const whole = await records.leads.find(reference);
  const parts = /^(.{2,}?)(?:\s+(?:in|from|at|of)\s+|\s*,\s*)(.{2,})$/i.exec(reference.trim());
  if (!parts || whole.exact) return whole;
  const named = await records.leads.find(parts[1]!, 20);
  const there = named.leads.filter((lead) => liesIn(lead, parts[2]!));
  if (there.length) return { leads: there, exact: named.exact };
  if (!named.exact) return whole;
  const elsewhere = named.leads.slice(0, 3).map((lead) => `${lead.name} (${place(lead) || 'no place'})`);
  throw new AppError('not_found', `No "${parts[1]}" in ${parts[2]}. There is ${elsewhere.join(', ')}.`, {
    details: { didYouMean: elsewhere },
  });
}

/** Every word of the place stands in the lead's own: city, state by name or code, zip. */
function liesIn(lead: Lead, where: string): boolean {
  const own = fold([lead.city, lead.state, lead.state && regionName(lead.state), lead.zip].filter(Boolean).join(' ')).split(' ');
  return fold(where)
    .split(' ')
    .every((word) => own.includes(word));
}

/**
 * Whether the user's words point at this lead and at no other: a name that two leads share needs a pick or the place
 * ("the Austin one") beside it.
 */
export async function saidLead(said: Said, records: Records, reference: string): Promise<boolean> {
  const lead = await resolveLead(records, reference).catch(() => undefined);
  if (!lead || !saidRecord(said, lead)) return false;
  if (isAmong(said, lead)) return true;
  const { leads } = await records.leads.find(lead.name);
  const rivals = leads.filter((other) => other.id !== lead.id && saidRecord(said, other));
  return rivals.length === 0;
}

/** "me", "nobody", a handle or a name; several people are a question. */
export async function resolveUser(records: Records, reference: string, ctx: ToolContext): Promise<User> {
  if (/^(me|myself|i)$/i.test(reference.trim())) return (await records.users.get(ctx.actor.userId))!;
  const people = await records.users.find(reference);
  if (people.length === 1) return people[0]!;
  const everyone = await records.users.list();
  const names = (people.length ? people : everyone).map((user) => user.name);
  throw new AppError(
    people.length ? 'ambiguous' : 'not_found',
    `${people.length ? 'Several people are called' : 'Nobody here is called'} "${reference}". People: ${names.slice(0, 12).join(', ')}.`,
    {
      details: { candidates: people.map(({ id, name, role }) => ({ id, name, note: role })) },
    },
  );
}

/** An owner as people say it: null for nobody. */
export async function resolveOwner(records: Records, reference: string, ctx: ToolContext): Promise<string | null> {
  if (/^(nobody|no one|none|unassigned)$/i.test(reference.trim())) return null;
  return (await resolveUser(records, reference, ctx)).id;
}
