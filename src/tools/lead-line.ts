import { z } from 'zod';
import type { Card } from '../core/card.ts';
import type { Shown } from '../core/conversation.ts';
import { type Lead, leadStatuses } from '../core/lead.ts';
import { formatPhone } from '../core/phone.ts';
import { roundScore } from '../core/score.ts';
import { tiers } from '../core/scoring.ts';
import type { ToolContext } from './define.ts';

/** A lead as lists show it. */
export const leadLine = z.object({
  id: z.string(),
  name: z.string(),
  tier: z.enum(tiers),
  score: z.number(),
  status: z.enum(leadStatuses),
  city: z.string().nullable(),
  state: z.string().nullable(),
  phone: z.string().nullable(),
  owner: z.string().nullable(),
  mine: z.boolean().describe('Owned by the user.'),
  demo: z.boolean(),
});
export type LeadLine = z.infer<typeof leadLine>;

export const toLine = (lead: Lead, { actor }: Pick<ToolContext, 'actor'>): LeadLine => ({
  id: lead.id,
  name: lead.name,
  tier: lead.tier,
  score: roundScore(lead.score),
  status: lead.status,
  city: lead.city,
  state: lead.state,
  phone: lead.phone && formatPhone(lead.phone),
  owner: lead.ownerName,
  mine: lead.ownerId === actor.userId,
  demo: lead.demo,
});

export const place = ({ city, state }: { city: string | null; state: string | null }): string =>
  [city, state].filter(Boolean).join(' ');

export const tierLine = ({ tier, score }: { tier: string; score: number }): string => `${tier} ${roundScore(score).toFixed(1)}`;

export const leadsCard = (title: string, lines: LeadLine[], total: number): Card => ({
  title,
  blocks: [
    {
      type: 'table',
      columns: ['#', 'Lead', 'Tier', 'Score', 'Status', 'Place', 'Phone', 'Owner'],
      rows: lines.map((line, i) => [
        String(i + 1),
        line.demo ? `${line.name} (demo)` : line.name,
        line.tier,
        line.score.toFixed(1),
        line.status,
        place(line),
        line.phone ?? '',
        line.owner ?? '',
      ]),
      ...(total > lines.length && { note: `${lines.length} of ${total}` }),
    },
  ],
});

export const shownLeads = (lines: { id: string; name: string; city?: string | null; state?: string | null }[]): Shown[] =>
  lines.map((line) => ({ entity: 'lead', id: line.id, label: [line.name, line.city, line.state].filter(Boolean).join(' ') }));

/** A reference to a lead in a tool's input. */
export const leadRef = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .describe(
    'The lead: its id, or its name, phone, e-mail or domain as the user said it. Ambiguous names come back as candidates to ask about.',
  );
