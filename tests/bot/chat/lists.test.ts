import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ChatFile } from '../../../src/core/chat.ts';
import { scripted } from '../../agents/scripted-llm.ts';
import { buttonsOf, channel, openRoom, type Person, type Room, wordsOf } from './room.ts';

const llm = scripted(() => [{ text: 'Hello.' }]);
let room: Room;
let ann: Person;
let count = 0;
beforeAll(async () => {
  room = await openRoom({ llm });
  ann = await room.member('ann');
});
afterAll(() => room.close());
beforeEach(() => {
  room.surface.messages.length = 0;
  llm.requests.length = 0;
});

/** A list of companies, as it comes with a message. */
function list(companies: string[], name = 'leads.csv'): ChatFile {
  const content = `Company,Phone,City,State\n${companies.map((company, i) => `${company},(512) 555-0${100 + ((count * 7 + i) % 800)},Austin,TX`).join('\n')}\n`;
  const id = `F${++count}`;
  room.surface.files.set(id, content);
  return { id, name, bytes: content.length };
}
const leads = async (name: string) =>
  (await room.deps.db.records(room.owner).leads.find(name)).leads.filter((lead) => lead.name === name);
const only = () => room.surface.in(ann.dm)[0]!;

describe('a list that comes with a message', () => {
  it('is looked at first, and imported when its button is pressed, in the same message, with the way back', async () => {
    await room.say(ann, 'please import this', { files: [list(['Austin Air', 'Bastrop Boilers'])] });
    await room.settled();
    expect(wordsOf(only().said)).toMatch(/Dry run of leads.csv[\s\S]*New leads: 2/);
    expect(await leads('Austin Air')).toEqual([]);
    const { Import } = buttonsOf(only().said);
    expect(await room.press(ann, Import!, only())).toEqual({});
    await room.settled();
    expect(await leads('Austin Air')).toHaveLength(1);
    expect(wordsOf(only().said)).toMatch(/Import of leads.csv[\s\S]*✓ Imported 2 leads/);
    expect(room.surface.in(ann.dm)).toHaveLength(1);
    expect(llm.requests).toEqual([]);
    await room.press(ann, buttonsOf(only().said)['Undo']!, only());
    expect(await leads('Austin Air')).toEqual([]);
  });

  it('is imported once, however often and wherever the button is pressed', async () => {
    const other = await room.second();
    await room.say(ann, '', { files: [list(['Caldwell Cooling'])] });
    await room.settled();
    const { Import, Skip } = buttonsOf(only().said);
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) => room.press(ann, i % 5 ? Import! : Skip!, only(), {}, i % 2 ? other : room)),
    );
    await room.settled();
    expect(answers.filter(({ whisper }) => !whisper)).toHaveLength(1);
    const { rows } = await room.database.pool.query(
      "SELECT 1 FROM jobs WHERE tool = 'import_leads' AND input ->> 'uploadId' IN (SELECT inbound ->> 'uploadId' FROM inbox WHERE kind = 'import' AND inbound ->> 'messageId' = $1)",
      [only().id],
    );
    expect(rows.length).toBe((await leads('Caldwell Cooling')).length);
    expect(rows.length).toBeLessThanOrEqual(1);
  });

  it('is left when it is skipped', async () => {
    await room.say(ann, '', { files: [list(['Dripping Ducts'])] });
    await room.settled();
    const { Import, Skip } = buttonsOf(only().said);
    await room.press(ann, Skip!, only());
    await room.settled();
    expect(wordsOf(only().said)).toMatch(/was not imported/);
    expect(buttonsOf(only().said)).toEqual({});
    expect(wordsOf((await room.press(ann, Import!, only())).whisper!)).toMatch(/decided already/);
    expect(await leads('Dripping Ducts')).toEqual([]);
  });

  it('is nobody else’s to import', async () => {
    const bob = await room.member('bob');
    const place = channel('C-lists', 'private_channel', '1.1');
    await room.say(ann, '', { place, files: [list(['Elgin Electric'])] });
    await room.settled();
    const shown = room.surface.in(place)[0]!;
    expect(wordsOf((await room.press(bob, buttonsOf(shown.said)['Import']!, shown)).whisper!)).toMatch(/somebody else’s/);
    expect(await leads('Elgin Electric')).toEqual([]);
  });

  it('that cannot be read says why; what is no list says what we read', async () => {
    room.surface.files.set('broken', 'PK\u0003\u0004 no workbook');
    await room.say(ann, '', { files: [{ id: 'broken', name: 'broken.xlsx', bytes: 10 }] });
    await room.settled();
    await room.say(ann, '', { files: [{ id: 'picture', name: 'cat.png', bytes: 10 }] });
    await room.settled();
    expect(room.surface.in(ann.dm).map(({ said }) => wordsOf(said))).toEqual([
      expect.stringMatching(/broken.xlsx was not read/),
      expect.stringMatching(/I read lists/),
    ]);
  });

  it('needs somebody who may import', async () => {
    const vic = await room.member('vic', 'viewer');
    await room.say(vic, '', { files: [list(['Fentress Fans'])] });
    await room.settled();
    expect(wordsOf(room.surface.in(vic.dm)[0]!.said)).toMatch(/needs the role rep/);
  });
});
