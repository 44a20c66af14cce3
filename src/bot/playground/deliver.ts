import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Delivery, DeliveryWay } from './page/wire.ts';

interface Message {
  key: string;
  text: string;
  saidAt: Date;
}

interface Doors {
  now(): Date;
  /** Stands in the conversation, once for each key. */
  show(message: Message): Promise<void>;
  hear(message: Message): Promise<'new' | 'seen'>;
}

const againMs = 1000;
const lateMs = 60_000;
const apartMs = 2000;
/** Said besides, where one message alone has no order. */
const besides = 'And what is waiting for my decision?';
/** By then the newer one is on its way to its answer. */
const newerFirstMs = 1500;

/** Does to a message what networks do to events, at the door that all of them come through; tells what became of each delivery. */
export async function deliver(how: DeliveryWay, text: string, doors: Doors): Promise<Delivery[]> {
  const say = (words: string, agoMs: number): Message => ({
    key: randomUUID(),
    text: words,
    saidAt: new Date(doors.now().getTime() - agoMs),
  });
  const bring = async (message: Message): Promise<Delivery> => {
    const deliveredAt = doors.now().toISOString();
    await doors.show(message);
    return { ...message, saidAt: message.saidAt.toISOString(), deliveredAt, outcome: await doors.hear(message) };
  };
  // each line is a message of its own, in the order they are said
  const [first = text, second = besides] = text.split('\n').filter((line) => line.trim());
  switch (how) {
    case 'twice': {
      const message = say(text, 0);
      const atOnce = await Promise.all([bring(message), bring(message)]);
      await sleep(againMs);
      return [...atOnce, await bring(message)];
    }
    case 'late': {
      const late = say(first, lateMs);
      const newer = await bring(say(second, 0));
      await sleep(newerFirstMs);
      return [newer, await bring(late)];
    }
    case 'out_of_order': {
      const [before, after] = [say(first, apartMs), say(second, 0)];
      return Promise.all([bring(after), bring(before)]);
    }
  }
}
