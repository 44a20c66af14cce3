import { z } from 'zod';
import { nameKey } from '../core/names.ts';
import { hasAny, hasText, orders } from '../core/said.ts';
import { AppError } from '../errors.ts';
import { defineTool } from './define.ts';
import { line, saidFields, settable, toFields } from './lead-fields.ts';
import { leadLine, leadsCard, place, shownLeads, tierLine, toLine } from './lead-line.ts';

export const createLead = defineTool({
  name: 'create_lead',
  title: 'Add a lead',
  description:
    'Adds one company as a lead. Only the name is required; leave out what the user did not say. Refuses a lead that is here already (same name and place, phone or e-mail) and names it.',
  input: z.strictObject({
    name: line(200).refine((name) => /[\p{L}\p{N}]/u.test(name), 'a company name is needed'),
    ...settable,
    attributes: z.record(z.string().max(100), z.string().max(5000)).optional(),
    note: z.string().max(2000).optional().describe('Logged as the first note.'),
  }),
  output: z.object({ lead: leadLine }),
  risk: 'write',
  async asked({ attributes, note, name, ...fields }, said, _deps, ctx) {
    const words = orders(said);
    if (attributes || !hasAny(words, 'add', 'create', 'new lead', 'make', 'put', 'enter', 'save', 'register', 'new prospect'))
      return false;
    return hasText(words, name) && saidFields(words, fields, ctx.actor.userName, true) && (!note || hasText(words, note));
  },
  async run({ note, attributes, ...asked }, { records, now }, ctx) {
    const fields = await toFields(asked, records, ctx);
    await refuseTwin(asked.name, fields, records);
    const lead = await records.leads.create({ ...fields, name: asked.name, attributes: attributes ?? {}, source: 'manual' });
    if (note) await records.activities.log({ leadId: lead.id, kind: 'note', text: note, at: now() });
    return { lead: toLine(lead, ctx) };
  },
  card: ({ lead }) => leadsCard('New lead', [lead], 1),
  shows: ({ lead }) => shownLeads([lead]),
});

async function refuseTwin(
  name: string,
  fields: { phone?: string | null; email?: string | null; city?: string | null; state?: string | null },
  records: Parameters<typeof toFields>[1],
): Promise<void> {
  // two that come at once would both find nothing; always in the same order, so that they cannot wait for each other
  const keys = [nameKey(name), fields.phone, fields.email].filter((key) => key != null);
  for (const key of keys.sort()) await records.alone(`lead ${key}`);
  for (const reference of [fields.phone, fields.email, name]) {
    if (!reference) continue;
    const { leads, exact } = await records.leads.find(reference);
    const twin = leads.find(
      (lead) =>
        exact &&
        (reference !== name ||
          ((lead.city ?? '').toLowerCase() === (fields.city ?? lead.city ?? '').toLowerCase() &&
            (fields.state ?? lead.state) === lead.state)),
    );
    if (twin) {
      const where = [place(twin), tierLine(twin), twin.status].filter(Boolean).join(', ');
      throw new AppError('conflict', `${twin.name} is here already (${where}). Change that one, or give a different place.`, {
        details: { existing: { id: twin.id, name: twin.name } },
      });
    }
  }
}
