import type { Inbound, Said } from '../../core/chat.ts';
import type { Job } from '../../core/job.ts';
import type { Records } from '../../core/records.ts';
import { AppError } from '../../errors.ts';
import { importCard } from '../../tools/import-card.ts';
import type { ImportResult } from '../../tools/import-leads.ts';
import { type ChatParts, noticeSaid, recordsOf, surfaceOf } from './parts.ts';
import { receiptCard } from './said.ts';
import type { Done } from './steps.ts';
import { toldStrangers, whoIs } from './who.ts';

type ImportPress = Extract<Inbound, { kind: 'import' }>;

/** How often the message says how far it is. */
const lookMs = 2000;
const searchedJobs = 200;

/** Imports the list whose dry run was shown, once, and says in the same message how far it is and what it brought. */
export async function carryImport(parts: ChatParts, press: ImportPress): Promise<Done> {
  const { user, commit, fileName } = press;
  if (!commit) return finish(parts, press, noticeSaid(`Skipped: ${fileName} was not imported, and nothing was kept.`));
  const known = await whoIs(parts, user);
  if ('stranger' in known) return finish(parts, press, noticeSaid(toldStrangers[known.stranger], 'warning'));
  const records = recordsOf(parts, known.actor);
  let job = await jobOf(records, known.actor.userId, press);
  if (!job) {
    try {
      const ctx = { actor: known.actor, by: 'person' as const, conversationId: press.conversationId };
      const outcome = await parts.gate.call('import_leads', { uploadId: press.uploadId }, ctx, { waitMs: 0 });
      if (outcome.status === 'running') job = outcome.job;
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'internal') throw error;
      return finish(parts, press, noticeSaid(`${fileName} was not imported: ${error.message}`, 'error'));
    }
    if (!job) throw new AppError('internal', 'The import did not start.');
  }
  if (!job.finishedAt) {
    const how = job.progress?.message ?? 'beginning';
    // a glance that is missed is made up for by the next
    await show(parts, press, noticeSaid(`Importing ${fileName}: ${how}.`)).catch((error) =>
      parts.gate.deps.log.debug({ err: error }, 'the progress of an import was not shown'),
    );
    return { afterMs: lookMs };
  }
  return finish(parts, press, await endOf(parts, records, job, press));
}

const jobOf = async (records: Records, userId: string, { uploadId }: ImportPress): Promise<Job | undefined> =>
  (await records.jobs.list({ userId, limit: searchedJobs })).find(
    ({ tool, input }) => tool === 'import_leads' && input['uploadId'] === uploadId,
  );

async function endOf(
  parts: ChatParts,
  records: Records,
  { state, result, error, receiptId }: Job,
  press: ImportPress,
): Promise<Said> {
  if (state !== 'succeeded')
    return noticeSaid(`${press.fileName} was not imported: ${error?.message ?? 'it was stopped'}`, 'error');
  const imported = result as ImportResult;
  const receipt = receiptId ? await records.receipts.get(receiptId) : undefined;
  const done = receipt && (await receiptCard(parts, [receipt]));
  return {
    cards: [importCard(imported), ...(done ? [done] : [])],
    fallback: receipt?.title ?? `Read ${imported.fileName}; nothing was new`,
  };
}

const show = (parts: ChatParts, { user, place, messageId }: ImportPress, said: Said): Promise<void> =>
  surfaceOf(parts, user.surface).update({ place, messageId }, said);

/** What it came to has to arrive: it is sent like everything that must not be lost. */
async function finish({ store: { outbox } }: ChatParts, { key, place, messageId }: ImportPress, said: Said): Promise<Done> {
  await outbox.put(`${key}:done`, { kind: 'update', sent: { place, messageId }, said });
  return 'answered';
}
