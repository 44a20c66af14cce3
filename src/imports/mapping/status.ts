import type { LeadStatus } from '../../core/lead.ts';
import { fold } from '../../core/names.ts';

/** How other systems call what our leads can be. "Open" and "closed" are left out: they say too little to be read as one of them. */
const spellings: Record<LeadStatus, string> = {
  new: 'new, new lead, uncontacted, not contacted, open not contacted, not started, unworked, fresh, neu, nouveau, nuevo, untouched, to contact, to call',
  contacted: `contacted, attempted, attempted to contact, attempting contact, attempting, working, working contacted, in contact, reached, connected,
    replied, responded, approaching, called, emailed, left voicemail, voicemail, no answer, follow up, following up, kontaktiert, contacte,
    contactado, outreach, engaged, in outreach, reached out, in sequence`,
  qualified:
    'qualified, interested, sql, sales qualified, sales qualified lead, mql, marketing qualified lead, open deal, opportunity, converted, closed converted, qualifiziert, qualifie, calificado, cualificado, hot, potential',
  meeting:
    'meeting, meeting scheduled, meeting set, meeting booked, appointment, appointment set, appointment scheduled, demo, demo scheduled, demo booked, demoed, termin, rendez vous, reunion',
  nurture: 'nurture, nurturing, bad timing, recycled, later, on hold, future, long term, cold, warm, not now, keep in touch',
  won: 'won, closed won, customer, client, active customer, sold, gewonnen, gagne, ganado, signed',
  lost: 'lost, closed lost, not interested, dead, verloren, perdu, perdido, no response, unresponsive, abandoned, rejected',
  disqualified: `disqualified, unqualified, not qualified, closed not converted, junk, junk lead, bad fit, not a fit, do not contact, do not call, dnc, bad data,
    invalid, wrong number, duplicate, out of business, unqualifiziert, spam, changed job`,
};

const statuses = new Map<string, LeadStatus>();
for (const [status, words] of Object.entries(spellings) as [LeadStatus, string][])
  for (const word of words.split(',')) statuses.set(word.trim().replace(/\s+/g, ' '), status);

/** Longer than any of the words above: not looked up. */
const longest = 40;

/** The status of ours that a list means: "Working - Contacted" is contacted, "SQL" is qualified. */
export const leadStatusOf = (text: string): LeadStatus | undefined =>
  text.length > longest ? undefined : (statuses.get(text.toLowerCase()) ?? statuses.get(fold(text)));
