import { z } from 'zod';

/** Ids of Microsoft's are printable signs without spaces; a bar would tear our own keys apart, and dots alone the paths that ids stand in. */
const id = z.string().regex(/^(?!\.{1,2}$)[!-{}~]{1,400}$/);
const text = z.string().nullish();
const account = z.object({ id, name: text, aadObjectId: text });
const unknowns = z.array(z.unknown()).max(500).nullish();
/** Everybody who is in a team that we are added to. */
const members = z.array(z.unknown()).max(10_000).nullish();

/** What arrives from Teams, as far as we look at it. Anything may be missing or null, and more may stand beside it. */
export const activity = z.object({
  type: z.string().max(100),
  id: id.nullish(),
  timestamp: text,
  channelId: z.string(),
  serviceUrl: z.string().min(1).max(1000),
  from: account,
  recipient: account,
  conversation: z.object({ id, conversationType: text, tenantId: text, isGroup: z.boolean().nullish() }),
  text,
  textFormat: text,
  attachments: unknowns,
  entities: unknowns,
  channelData: z
    .object({
      tenant: z.object({ id: text }).nullish(),
      channel: z.object({ id: text, type: text }).nullish(),
      eventType: text,
    })
    .nullish(),
  replyToId: id.nullish(),
  membersAdded: members,
  membersRemoved: members,
  action: text,
  name: text,
  value: z.unknown().optional(),
});
export type Activity = z.infer<typeof activity>;
