import { z } from 'zod';
import { clausesAbout, theRecord } from '../core/said.ts';
import { AppError } from '../errors.ts';
import { defineTool } from './define.ts';
import { line, saidFields, settable, toFields } from './lead-fields.ts';
import { leadLine, leadRef, shownLeads, toLine } from './lead-line.ts';
import { resolveLead, saidLead } from './resolve.ts';

const version = z.number().int().optional().describe('The version you saw; the change is refused when somebody was faster.');

export const updateLead = defineTool({
  name: 'update_lead',
  title: 'Change a lead',
  description:
    'Changes fields of one lead: status, owner, name, phone, e-mail, website, address, industry, employees, attributes. Pass only what the user asked to change.',
  input: z.strictObject({
    lead: leadRef,
    version,
    name: line(200)
      .refine((name) => /[\p{L}\p{N}]/u.test(name), 'a company name is needed')
      .optional(),
    ...settable,
    attributes: z
      .record(z.string().max(100), z.string().max(5000))
      .optional()
      .describe('Merged into the lead’s attributes; an empty text removes one.'),
  }),
  output: z.object({ lead: leadLine, changed: z.array(z.string()), version: z.number() }),
  risk: 'write',
  async asked({ lead, version: _version, attributes, ...fields }, said, { records }, ctx) {
    const marked = attributes ? undefined : await saidLead(said, records, lead);
    return marked !== undefined && saidFields(clausesAbout(marked), fields, ctx.actor.userName);
  },
  async run({ lead: reference, version, attributes, ...asked }, { records, now }, ctx) {
    const found = await resolveLead(records, reference);
    const fields = await toFields(asked, records, ctx);
    if (attributes)
      fields.attributes = Object.fromEntries(
        Object.entries({ ...found.attributes, ...attributes }).filter(([, value]) => value !== ''),
      );
    if (Object.keys(fields).length === 0)
      throw new AppError(
        'invalid_input',
        'Say what to change: status, owner, name, phone, e-mail, website, address, industry or employees.',
      );
    if (fields.status === 'contacted' && found.status !== 'contacted') fields.lastContactedAt = now();
    const before = records.changes().length;
    const lead = await records.leads.update(found.id, fields, version);
    const change = records.changes()[before];
    return { lead: toLine(lead, ctx), changed: change ? Object.keys(change.after ?? {}) : [], version: lead.version };
  },
  shows: ({ lead }) => shownLeads([lead]),
});

/** The verb, hardly anything between, and the record itself: not its owner, its phone, or a line dropped to it. */
const deletion = new RegExp(
  `\\b(?:delete|remove|bin|trash|drop|erase|scrap|discard|kill|archive|get rid of|throw (?:away|out))(?: (?:the|lead|company|account|record|entry|that|this|our|my|one|out|please))* ?${theRecord}(?! *(?:'?s\\b|an?\\b|some\\b|phone|number|email|e-mail|owner|website|note|task|status|line))`,
  'i',
);

export const deleteLead = defineTool({
  name: 'delete_lead',
  title: 'Delete a lead',
  description: 'Takes one lead out of sight, with its tasks. Undo brings it back.',
  input: z.strictObject({ lead: leadRef, version }),
  output: z.object({ id: z.string(), name: z.string() }),
  risk: 'write',
  async asked({ lead }, said, { records }) {
    const marked = await saidLead(said, records, lead);
    return marked !== undefined && deletion.test(marked);
  },
  async run({ lead: reference, version }, { records }) {
    const found = await resolveLead(records, reference);
    const lead = await records.leads.delete(found.id, version);
    return { id: lead.id, name: lead.name };
  },
});
