import { randomUUID } from 'node:crypto';
import { atLeast } from '../../core/actor.ts';
import { longestComment, type Vote, votes } from '../../core/feedback.ts';
import type { Pressable } from '../../core/outbox.ts';
import { AppError } from '../../errors.ts';
import type { PressAnswer, Presses } from '../presses-port.ts';
import { pressedAsk, pressedDecide, pressedEdit } from './decide-press.ts';
import { type ChatParts, plainSaid, recordsOf } from './parts.ts';
import { prefer } from './prefer.ts';
import { digest, type Press, told } from './press.ts';
import { shortId } from './turns.ts';
import { toldStrangers, whoIs } from './who.ts';

type Of<K extends Pressable['kind']> = Extract<Pressable, { kind: K }>;

/** What buttons and forms do. Who presses is looked up now, and every refusal is told to them alone. */
export const createPresses = (parts: ChatParts): Presses => ({
  async press(token, who, where, values) {
    try {
      const about = await parts.store.tokens.read(token);
      if (!about) return told('This button is too old. Ask again, and you get a new one.');
      const known = await whoIs(parts, who);
      if ('stranger' in known) return told(toldStrangers[known.stranger]);
      return await act(about, { parts, actor: known.actor, who, where, values, token });
    } catch (error) {
      if (error instanceof AppError && error.code !== 'internal') return told(error.message);
      const errorId = shortId(randomUUID());
      parts.gate.deps.log.error({ err: error, errorId }, 'a press failed');
      return told(`Something went wrong on our side; look at the card before you press again. Error ${errorId}.`);
    }
  },
});

async function act(about: Pressable, press: Press): Promise<PressAnswer> {
  switch (about.kind) {
    case 'decide':
      return pressedDecide(about, press);
    case 'edit':
      return pressedEdit(about, press);
    case 'ask':
      return pressedAsk(about, press);
    case 'undo':
      return undo(about, press);
    case 'vote':
      return vote(about, press);
    case 'choose':
      return choose(about, press);
    case 'import':
      return bringIn(about, press);
    case 'prefer':
      return { whisper: plainSaid(await prefer(press.parts, press.actor, about)) };
  }
}

async function undo({ receiptId }: Of<'undo'>, { parts, actor }: Press): Promise<PressAnswer> {
  const outcome = await parts.gate.call('undo', { receiptId }, { actor, by: 'person' });
  if (outcome.status === 'pending_approval') return told(`Taking this back needs a decision: ${outcome.proposal.title}`);
  if (outcome.status !== 'done') return told('Taking this back takes a while; look at the receipt later.');
  return { whisper: plainSaid(outcome.receipt?.title ?? 'Undone.') };
}

async function vote({ conversationId, turnId }: Of<'vote'>, { parts, actor, values }: Press): Promise<PressAnswer> {
  const said = votes.find((one) => one === values['vote']) as Vote | undefined;
  if (!said) return told('Say up or down.');
  const { conversations, feedback } = recordsOf(parts, actor);
  if (!(await conversations.get(conversationId))) return told('Whoever asked says how good the answer is.');
  const comment = values['comment']?.trim().slice(0, longestComment).toWellFormed();
  await feedback.rate({ conversationId, turnId, vote: said, ...(comment && { comment }) });
  return { whisper: plainSaid(said === 'up' ? 'Thank you, noted.' : 'Noted. Say in a word what was wrong, and I try again.') };
}

/** A pick is what the person would have typed. */
async function choose({ conversationId, label }: Of<'choose'>, { parts, actor, who, where, token }: Press): Promise<PressAnswer> {
  if (!(await recordsOf(parts, actor).conversations.get(conversationId))) return told('Somebody else was asked this.');
  const messageId = `pick-${digest(token)}`;
  const kept = await parts.store.inbox.put({
    kind: 'message',
    key: messageId,
    messageId,
    user: who,
    place: where.place,
    at: parts.gate.deps.now().toISOString(),
    text: label,
    files: [],
  });
  return kept === 'seen' ? told('You picked this already.') : {};
}

async function bringIn(
  { uploadId, conversationId, commit }: Of<'import'>,
  { parts, actor, who, where }: Press,
): Promise<PressAnswer> {
  if (!atLeast(actor.role, 'rep')) return told('Importing needs the role rep; you are a viewer.');
  const upload = await recordsOf(parts, actor).uploads.get(uploadId);
  if (!upload) return told('This list is not here any more, or it is somebody else’s. Send it again to import it.');
  if (!where.messageId) return told('Press it in the message with the report.');
  // one key for both buttons: a list is imported or left, once
  const kept = await parts.store.inbox.put({
    kind: 'import',
    key: `import:${uploadId}`,
    user: who,
    place: where.place,
    at: parts.gate.deps.now().toISOString(),
    messageId: where.messageId,
    uploadId,
    conversationId,
    fileName: upload.fileName,
    commit,
  });
  return kept === 'seen' ? told('This was decided already; the message above says how it went.') : {};
}
