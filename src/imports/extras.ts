import { join } from 'node:path';
import type { ImportAccount, ImportDeal, ImportPerson } from '../core/importing.ts';
import type { Growth } from './growth.ts';
import { Spool } from './spool.ts';

/** What belongs to a lead besides itself. */
export type Belongings = Pick<Growth, 'people' | 'deals' | 'account'>;
type Kept = Belongings & { leadId: string; name: string };

/** A company with a hundred thousand people is written in pieces. */
const mostPerLine = 500;

/** People, deals and accounts: they wait on disk until their leads are in the database. */
export class Extras {
  readonly #spool: Spool;

  constructor(folder: string) {
    this.#spool = new Spool(join(folder, 'extras'));
  }

  get length(): number {
    return this.#spool.length;
  }

  async add(leadId: string, name: string, { people, deals, account }: Belongings): Promise<void> {
    if (account) await this.#spool.add(JSON.stringify({ leadId, name, people: [], deals: [], account }));
    for (let at = 0; at < deals.length; at += mostPerLine)
      await this.#spool.add(JSON.stringify({ leadId, name, people: [], deals: deals.slice(at, at + mostPerLine) }));
    for (let at = 0; at < people.length; at += mostPerLine) {
      // ids are of people in memory only
      const plain = people.slice(at, at + mostPerLine).map(({ name, title, email, phone }) => ({ name, title, email, phone }));
      await this.#spool.add(JSON.stringify({ leadId, name, people: plain, deals: [] }));
    }
  }

  people(): AsyncGenerator<ImportPerson[]> {
    return this.#each(({ leadId, people }) => people.map((person) => ({ leadId, ...person })));
  }

  deals(): AsyncGenerator<ImportDeal[]> {
    return this.#each(({ leadId, deals }) => deals.map((deal) => ({ leadId, ...deal })));
  }

  accounts(): AsyncGenerator<ImportAccount[]> {
    return this.#each(({ leadId, name, account }) => (account ? [{ leadId, name, ...account }] : []));
  }

  async *#each<T>(pick: (kept: Kept) => T[]): AsyncGenerator<T[]> {
    for await (const lines of this.#spool.lines()) yield lines.flatMap((line) => pick(JSON.parse(line) as Kept));
  }

  finish(): Promise<void> {
    return this.#spool.finish();
  }
}
