import type { FastifyRequest } from 'fastify';
import { type Actor, atLeast, roles, type User } from '../../core/actor.ts';
import type { Records } from '../../core/records.ts';
import type { Door, Visitor } from './door.ts';
import type { Me } from './page/wire.ts';
import type { PlaygroundParts } from './parts.ts';

const personOf = ({ handle, name, role }: User) => ({ handle, name, role });

/** Who somebody is here, whom they may act as, what is connected, and what to try. */
export async function me(parts: PlaygroundParts, { actor }: Visitor, request: FastifyRequest, door: Door): Promise<Me> {
  const { db, model, reasons, uploadMaxMb, connected } = parts;
  const canSwitch = door.isAtMachine(request) && request.headers.authorization === undefined;
  const who = actor && (await db.records(actor).users.get(actor.userId));
  // whoever is nobody here has a list of people to go back to, and the same things to try in vain
  const host = actor ?? (await parts.local());
  const records = db.records(host);
  const people = canSwitch ? (await records.users.list()).filter(({ disabled }) => !disabled) : [];
  people.sort((a, b) => roles.indexOf(b.role) - roles.indexOf(a.role));
  return {
    who: who ? personOf(who) : null,
    people: people.map(personOf),
    ...{ canSwitch, model, reasons, version: door.version, uploadMaxMb, connected },
    demo: (await records.workspace()).demo === 'shown',
    suggestions: await worthTrying(records, host, actor !== undefined),
  };
}

/** What shows the most in a minute, each for itself: a ranking, figures, reasons, a change with Undo, and one that has to be approved. */
async function worthTrying(records: Records, { role }: Actor, known: boolean): Promise<string[]> {
  const [best] = (await records.leads.search({}, { sort: 'score', limit: 1 })).items;
  const { profile } = await records.workspace();
  // the names of our records are for our people
  if (!best || !known) return ['Who are my top 3 leads today?', 'What can you do?'];
  return [
    'Who are my top 3 leads today?',
    'How is the pipeline?',
    `Why is ${best.name} scored like that?`,
    ...(atLeast(role, 'rep') ? [`Remind me to call ${best.name} tomorrow at 9`] : []),
    ...(atLeast(role, 'manager') && profile === 'dealer' ? ['Use the software buyers profile'] : []),
  ];
}
