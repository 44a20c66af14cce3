import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Place } from '../../core/chat.ts';
import { audienceOf, keyOf } from './normalise.ts';

/** What Slack sends besides events: commands, presses, forms and shortcuts. */

const id = z.string().regex(/^[\w.-]{1,64}$/);
const who = z.looseObject({ id });
const where = z.looseObject({ id, name: z.string().nullish() });

export const commandBody = z.looseObject({
  command: z.string().min(1).max(64),
  text: z.string().nullish(),
  user_id: id,
  channel_id: id,
  channel_name: z.string().nullish(),
  trigger_id: z.string().nullish(),
  response_url: z.string().nullish(),
});

export const pressBody = z.looseObject({
  user: who,
  channel: where.nullish(),
  container: z.looseObject({
    type: z.string().nullish(),
    channel_id: id.nullish(),
    message_ts: z.string().nullish(),
    thread_ts: z.string().nullish(),
  }),
  message: z.looseObject({ thread_ts: z.string().nullish() }).nullish(),
  actions: z.array(z.looseObject({ action_id: z.string().optional(), value: z.string().optional() })).min(1),
  trigger_id: z.string().nullish(),
});

export const formBody = z.looseObject({
  user: who,
  view: z.looseObject({
    callback_id: z.string(),
    private_metadata: z.string(),
    blocks: z.array(z.looseObject({ type: z.string(), block_id: z.string().nullish() })),
    state: z.object({
      values: z.record(
        z.string(),
        z.record(
          z.string(),
          z.looseObject({
            value: z.string().nullish(),
            selected_option: z.looseObject({ value: z.string() }).nullish(),
            selected_date: z.string().nullish(),
            selected_time: z.string().nullish(),
            selected_date_time: z.number().nullish(),
          }),
        ),
      ),
    }),
  }),
});

export const shortcutBody = z.looseObject({
  callback_id: z.string(),
  user: who,
  channel: where,
  message: z.looseObject({
    text: z.string().nullish(),
    ts: z.string(),
    subtype: z.string().nullish(),
  }),
  trigger_id: z.string().nullish(),
  response_url: z.string().nullish(),
});

export const placeOf = (tenant: string, channel: string, name?: string | null, thread?: string | null): Place => ({
  surface: 'slack',
  externalTenant: tenant,
  channel,
  ...(thread && { thread }),
  audience: audienceOf(channel, name),
});

/** The same press, command or form has the same key, however often it is delivered. */
export const onceKey = (tenant: string, body: { trigger_id?: string | null | undefined }): string =>
  keyOf(
    { externalTenant: tenant },
    'trigger',
    body.trigger_id || createHash('sha256').update(JSON.stringify(body)).digest('hex'),
  );
