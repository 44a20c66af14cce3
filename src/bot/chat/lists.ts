import { atLeast } from '../../core/actor.ts';
import type { ChatFile } from '../../core/chat.ts';
import { visibleLine } from '../../core/visible.ts';
import { publicError } from '../../errors.ts';
import { importCard } from '../../tools/import-card.ts';
import type { ImportResult } from '../../tools/import-leads.ts';
import { keepAnswer, keepQuestion } from './code-answer.ts';
import { dryRunTool } from './list-buttons.ts';
import { type ChatParts, recordsOf, surfaceOf } from './parts.ts';
import type { Question } from './turns.ts';

const isList = ({ name }: ChatFile): boolean => /\.(csv|tsv|txt|xlsx|csv\.gz|tsv\.gz)$/i.test(name.trim());

const isPicture = ({ name }: ChatFile): boolean => /\.(png|jpe?g|gif|webp|bmp|heic|svg|tiff?)$/i.test(name.trim());

const whatWeRead = 'I read lists: CSV, TSV and Excel workbooks (.xlsx), also gzipped.';

/**
 * Answers files that came with a message: what importing a list would bring, with the buttons to do it. False when there is no list among
 * them and the words deserve an answer of their own.
 */
export async function reportLists(
  parts: ChatParts,
  question: Question,
  files: readonly ChatFile[],
  text: string,
): Promise<boolean> {
  const lists = files.filter(isList);
  if (!lists.length && text) return false;
  await keepQuestion(parts, question, text || files.map(({ name }) => visibleLine(name)).join(', '));
  if (!lists.length) await keepAnswer(parts, question, { text: unread(files) });
  else if (!atLeast(question.actor.role, 'rep'))
    await keepAnswer(parts, question, { text: 'Importing needs the role rep; you are a viewer.' });
  else await reportOne(parts, question, lists);
  return true;
}

/** Said of files that are none of what we read. */
export const unread = (files: readonly ChatFile[]): string =>
  files.every(isPicture)
    ? `I cannot look at pictures. ${whatWeRead} What a picture shows you can also tell me in words.`
    : `${whatWeRead} What you sent is none of these.`;

/** One list at a time: its buttons belong to it. */
async function reportOne(parts: ChatParts, question: Question, [file, ...more]: readonly ChatFile[]): Promise<void> {
  if (!file) return;
  try {
    const { uploadId, result } = await dryRun(parts, question, file);
    const left = more.length ? ` I looked at the first list only; send the other${more.length > 1 ? 's' : ''} after it.` : '';
    await keepAnswer(parts, question, {
      text: `This is what importing ${result.fileName} would bring. Nothing was kept yet.${left}`,
      cards: [importCard(result, { dryRun: true })],
      steps: [
        { callId: `dry-${uploadId.slice(0, 8)}`, tool: dryRunTool, input: { uploadId, fileName: result.fileName }, result: '{}' },
      ],
    });
  } catch (error) {
    const { code, message } = publicError(error);
    if (code === 'internal' || code === 'unavailable')
      parts.gate.deps.log.warn({ err: error }, 'a list that came by chat was not read');
    await keepAnswer(parts, question, { text: `${visibleLine(file.name)} was not read: ${message}` });
  }
}

async function dryRun(
  parts: ChatParts,
  { actor, user }: Question,
  file: ChatFile,
): Promise<{ uploadId: string; result: ImportResult }> {
  const { gate, uploadMaxMb } = parts;
  const content = await surfaceOf(parts, user.surface).file(user, file);
  const saved = await gate.deps.files.save(content, uploadMaxMb * 1_048_576);
  try {
    await recordsOf(parts, actor).uploads.create({ ...saved, fileName: visibleLine(file.name).slice(0, 200) || 'list.csv' });
  } catch (error) {
    await gate.deps.files.remove(saved.id);
    throw error;
  }
  const outcome = await gate.call('import_leads', { uploadId: saved.id }, { actor, by: 'person' }, { dryRun: true });
  return { uploadId: saved.id, result: (outcome as { result: ImportResult }).result };
}
