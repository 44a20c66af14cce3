import type { Card } from '../../core/card.ts';
import type { ChatParts } from './parts.ts';

/** What the memory of a dry run is kept as: its upload, for the buttons under it. */
export const dryRunTool = 'import_leads_dry_run';

/** An upload is kept for a day, and so are its buttons. */
const hours = 24;

/** Import or leave it, under the report of a dry run. */
export async function listButtons(
  { store: { tokens } }: ChatParts,
  conversationId: string,
  { uploadId }: Record<string, unknown>,
): Promise<Card> {
  const about = { kind: 'import' as const, uploadId: String(uploadId), conversationId };
  return {
    blocks: [
      {
        type: 'actions',
        buttons: [
          { label: 'Import', token: await tokens.make({ ...about, commit: true }, hours), style: 'primary' },
          { label: 'Skip', token: await tokens.make({ ...about, commit: false }, hours) },
        ],
      },
    ],
  };
}
