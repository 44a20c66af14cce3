import type { FastifyRequest } from 'fastify';
import { roles, type User } from '../../core/actor.ts';
import type { Door, Visitor } from './door.ts';
import type { PlaygroundParts } from './parts.ts';

const personOf = ({ handle, name, role }: User) => ({ handle, name, role });

const tryThese = [
  'Who are my top 3 leads today?',
  'Show me the pipeline',
  'Why is the first one scored like that?',
  'What is waiting for my decision?',
];

/** Who somebody is here, whom they may act as, and what is connected. */
export async function me(parts: PlaygroundParts, { actor }: Visitor, request: FastifyRequest, door: Door) {
  const { db, model, reasons, uploadMaxMb, connected } = parts;
  const { version } = door;
  const canSwitch = door.isAtMachine(request) && request.headers.authorization === undefined;
  const records = actor && db.records(actor);
  const who = records && (await records.users.get(actor.userId));
  const shared = { canSwitch, model, reasons, version, uploadMaxMb, connected, suggestions: tryThese };
  if (!canSwitch) return { ...shared, who: who ? personOf(who) : null, people: [], demo: await hasDemo(records) };
  // a visitor at the machine has a list of people to go back to
  const everyone = records ?? db.records(await parts.local());
  const people = (await everyone.users.list()).filter(({ disabled }) => !disabled);
  people.sort((a, b) => roles.indexOf(b.role) - roles.indexOf(a.role));
  return { ...shared, who: who ? personOf(who) : null, people: people.map(personOf), demo: await hasDemo(everyone) };
}

async function hasDemo(records: ReturnType<PlaygroundParts['db']['records']> | undefined): Promise<boolean> {
  return (await records?.workspace())?.demo === 'shown';
}
