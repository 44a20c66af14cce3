import { z } from 'zod';
import type { ChatUser, Place } from '../../core/chat.ts';
import { audiences } from '../../core/chat.ts';
import type { EditForm } from '../../core/edit-form.ts';
import { AppError } from '../../errors.ts';
import { pressedOf } from '../cards/slack-buttons.ts';
import { askModal, countModal, editModal, formValues } from '../cards/slack-views.ts';
import type { PressAnswer, Pressed } from '../presses-port.ts';
import { formBody, placeOf, pressBody } from './bodies.ts';
import { chatUser } from './normalise.ts';
import type { SlackParts } from './parts.ts';
import { quickly, sentence, troubled } from './replies.ts';

/** A form goes back to where its button stands. */
const origin = z.object({
  token: z.string(),
  channel: z.string(),
  thread: z.string().optional(),
  audience: z.enum(audiences),
  messageId: z.string().optional(),
});

/** The acknowledgement of a press says nothing, so a busy machine has most of the three seconds to itself. */
const pressMs = 700;

type PressBody = z.infer<typeof pressBody>;

/** Buttons and thumbs. Slack shows a warning when it hears nothing for three seconds, so a slow press is answered afterwards. */
export async function onPress(raw: unknown, tenant: string, ack: () => Promise<void>, parts: SlackParts): Promise<void> {
  const parsed = pressBody.safeParse(raw);
  const pressed = parsed.data && pressedOf(parsed.data.actions[0]!);
  // links are buttons, too, and mean nothing to us
  if (!parsed.success || !pressed) return ack();
  const body = parsed.data;
  const who = chatUser(tenant, body.user.id);
  const work = (async () => {
    const where = await whereOf(body, tenant, who, parts);
    const values: Record<string, string> = pressed.kind === 'vote' ? { vote: pressed.vote } : {};
    const answer = await parts.presses.press(pressed.token, who, where, values).catch((error) => refused(error, parts));
    if (!answer.modal) return { where, answer };
    // Slack opens a form within three seconds of the press
    const opened = await open(answer.modal, where, body.trigger_id, tenant, parts).catch((error) => {
      parts.log.warn({ err: error }, 'a form could not be opened in Slack');
      return false;
    });
    return {
      where,
      answer: opened
        ? answer
        : { ...answer, whisper: answer.whisper ?? sentence('The form could not be opened in time. Press it again.') },
    };
  })();
  // where not even the place of it is known nothing was done: that is not acknowledged, and Slack shows a warning at the button
  const quick = await quickly(work, pressMs);
  await ack();
  const rest = work.then(({ where, answer }) => show(answer, where, who, body, parts));
  // what is seen next should be there when the answer is
  if (quick) await rest.catch((error) => parts.log.warn({ err: error }, 'the answer to a press could not be shown in Slack'));
  else parts.afterwards('a slow press in Slack', rest);
}

async function whereOf(body: PressBody, tenant: string, who: ChatUser, parts: SlackParts): Promise<Pressed> {
  const { container, channel, message } = body;
  const at = container.channel_id ?? channel?.id;
  if (!at) return { place: await parts.surface.direct(who) };
  const place = placeOf(tenant, at, channel?.name, container.thread_ts ?? message?.thread_ts);
  return { place, ...(container.message_ts && { messageId: container.message_ts }) };
}

function refused(error: unknown, parts: SlackParts): PressAnswer {
  if (!(error instanceof AppError)) parts.log.error({ err: error }, 'a press failed');
  return { whisper: troubled(error) };
}

async function show(
  { whisper }: PressAnswer,
  { place }: Pressed,
  who: ChatUser,
  { container }: PressBody,
  { surface, homes }: SlackParts,
): Promise<void> {
  if (whisper) await surface.whisper(place, who, whisper);
  if (container.type === 'view') await surface.home(who, await homes.sections(who));
}

async function open(
  form: EditForm,
  { place, messageId }: Pressed,
  trigger: unknown,
  tenant: string,
  parts: SlackParts,
): Promise<boolean> {
  if (typeof trigger !== 'string') return false;
  const { channel, thread, audience } = place;
  const about = { id: form.kind, token: form.token };
  const drawn = {
    edit: () => editModal(form.view, form.fields, about),
    count: () => countModal(form.view, about),
    ask: () => askModal(form.view, about),
  }[form.kind]();
  const from: z.infer<typeof origin> = {
    token: form.token,
    channel,
    audience,
    ...(thread && { thread }),
    ...(messageId && { messageId }),
  };
  const view = { ...drawn, private_metadata: JSON.stringify(from) };
  await parts.clients.call(tenant, (web) => web.views.open({ trigger_id: trigger, view }), true);
  return true;
}

export type FormAck = (response?: { response_action: 'errors'; errors: Record<string, string> }) => Promise<void>;

/** A form that was sent. It stays open while something in it is wrong. */
export async function onForm(raw: unknown, tenant: string, ack: FormAck, parts: SlackParts): Promise<void> {
  const parsed = formBody.safeParse(raw);
  if (!parsed.success) return ack();
  const { user, view } = parsed.data;
  const from = originOf(view.private_metadata);
  if (!from) return ack();
  const who = chatUser(tenant, user.id);
  const { token, messageId, ...spot } = from;
  const place: Place = { surface: 'slack', externalTenant: tenant, ...spot };
  const where = { place, ...(messageId && { messageId }) };
  const work = parts.presses.press(token, who, where, formValues(view.state)).catch((error) => refused(error, parts));
  const quick = await quickly(work);
  const errors = quick && problemsIn(quick.outcome.problems, view.blocks);
  if (errors) return ack({ response_action: 'errors', errors });
  await ack();
  parts.afterwards(
    'the answer to a form in Slack',
    work.then(async ({ whisper, problems }) => {
      const said = whisper ?? (problems && troubled(new AppError('invalid_input', Object.values(problems).join(' '))));
      if (said) await parts.surface.whisper(place, who, said);
    }),
  );
}

function originOf(metadata: string): z.infer<typeof origin> | undefined {
  try {
    return origin.safeParse(JSON.parse(metadata)).data;
  } catch {
    return undefined; // no form of ours
  }
}

/** Slack shows a problem at the input it is about; one about no input in sight stands at the first. */
function problemsIn(
  problems: Record<string, string> | undefined,
  blocks: { type: string; block_id?: string | null | undefined }[],
): Record<string, string> | undefined {
  const inputs = blocks.filter(({ type }) => type === 'input').flatMap(({ block_id }) => (block_id ? [block_id] : []));
  const [first] = inputs;
  if (!problems || !Object.keys(problems).length || first === undefined) return undefined;
  const errors: Record<string, string> = {};
  for (const [name, problem] of Object.entries(problems)) {
    const at = inputs.includes(name) ? name : first;
    errors[at] = errors[at] ? `${errors[at]} ${problem}` : problem;
  }
  return errors;
}
