import type { User } from '../core/actor.ts';
import type { Lead } from '../core/lead.ts';
import { fold, nameKey } from '../core/names.ts';
import type { Records } from '../core/records.ts';
import { regionName } from '../core/regions.ts';
import { hasText, isPicked, nameLength, orders, pointsAt, type Said } from '../core/said.ts';
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

/** The same for a look only, where a name may also be a person's: a contact of the lead, or somebody of the workspace, who is no lead. */
export async function resolveLeadOrPerson(records: Records, reference: string): Promise<Lead> {
  try {
    return await resolveLead(records, reference);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'not_found') throw error;
    const colleagues = await records.users.find(reference);
    if (colleagues.length) throw new AppError('not_found', colleagues.map(colleague).join(' '));
    const [only, ...more] = await records.leads.ofContact(reference, 6);
    if (!only) throw error;
    if (more.length === 0) return only;
    throw new AppError('ambiguous', `Several leads have a contact called "${reference}". Which one?`, {
      details: { question: `Which lead's "${reference}" do you mean?`, candidates: [only, ...more].map(candidate) },
    });
  }
}

const colleague = ({ name, role }: User): string =>
  `${name} is no lead but one of your workspace (${role}). Say "leads of ${name}" for theirs.`;

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
 * The user's orders with this lead's place in them marked, when they point at it and at no other: a name or a beginning
 * that another lead answers to as well needs a pick or the place ("the Austin one") beside it.
 */
export async function saidLead(said: Said, records: Records, reference: string): Promise<string | undefined> {
  const lead = await resolveLead(records, reference).catch(() => undefined);
  const marked = lead && pointsAt(said, lead);
  if (!marked || isPicked(said, lead)) return marked;
  const words = orders(said);
  const length = nameLength(words, lead);
  // no name stands there: it was the id, the phone or the e-mail
  if (length === 0) return marked;
  const spoken = nameKey(lead.name).split(' ').slice(0, length).join(' ');
  const [alike, beginning] = await Promise.all([
    records.leads.find(lead.name, 20),
    records.leads.search({ query: spoken }, { sort: 'name', limit: 50 }),
  ]);
  const others = [...alike.leads, ...beginning.items].filter((other) => other.id !== lead.id);
  const rival = others.some((other) => nameLength(words, other) >= length && !placeTells(words, lead, other));
  return rival ? undefined : marked;
}

/** The words name where this one lies, and the other lies elsewhere. */
function placeTells(words: string, lead: Lead, other: Lead): boolean {
  const cityTold = lead.city && hasText(words, lead.city) && fold(lead.city) !== fold(other.city ?? '');
  const stateTold =
    lead.state &&
    lead.state !== other.state &&
    (hasText(words, regionName(lead.state) ?? lead.state) || new RegExp(`\\b${lead.state}\\b`).test(words));
  return Boolean(cityTold || stateTold);
}

/** "me", "nobody", a handle or a name; several people are a question. */
export async function resolveUser(records: Records, reference: string, ctx: Pick<ToolContext, 'actor'>): Promise<User> {
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
