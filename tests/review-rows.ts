import { rowText } from '../src/core/rowtext.ts';
import type { World } from './world.ts';

export interface Waiting {
  line: number;
  /** The company as it was cleaned. */
  company: { name: string } & Record<string, unknown>;
  leadId: string;
}

/** An import whose rows wait for review, whatever matching would say of them. */
export async function importInReview(world: World, rows: Waiting[], fileName = 'fair.csv'): Promise<string> {
  const id = crypto.randomUUID();
  async function* lines() {
    yield rows.map(({ line, company, leadId }) =>
      rowText([
        line,
        'review',
        'names alike (already here)',
        0.7,
        JSON.stringify({ Company: company.name, Note: '=1+1' }),
        JSON.stringify({ people: [], attributes: {}, ...company }),
        leadId,
        null,
      ]),
    );
  }
  await world.deps.db.tx(world.owner, async (tx) => {
    const headers = ['Note', 'Company'];
    await tx.imports.begin({ id, fileName, headers, mapping: { Company: 'name', Note: 'attributes.note' } });
    await tx.imports.addOutcomes(id, lines());
    const counts = { rows: rows.length, imported: 0, merged: 0, duplicates: 0, review: rows.length, failed: 0 };
    await tx.imports.finish(id, fileName, counts);
  });
  return id;
}
