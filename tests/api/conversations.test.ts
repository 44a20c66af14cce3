import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conversationShape, messageShape, replyShape } from '../../src/api/shapes.ts';
import type { Reply } from '../../src/core/conversation.ts';
import { scripted } from '../agents/scripted-llm.ts';
import { type Api, ask, openApi, serve } from './client.ts';

const story = Array.from({ length: 12 }, (_, i) => `On day ${i + 1} the crew in Houston kept every filter clean.`).join(' ');

let api: Api;
beforeAll(async () => {
  api = await openApi({
    // "slowly": the story with a pause in every sentence; "mark": a change; else a plain answer
    llm: scripted(({ messages }) => {
      const last = messages.at(-1)!;
      const asked = JSON.stringify(messages.filter((m) => m.role === 'user').at(-1));
      if (/patiently/.test(asked)) return [{ text: story }, { wait: 60_000 }, { text: 'The end.' }];
      if (/slowly/.test(asked))
        return story.split(/(?<=[.])/).flatMap((text) => [{ text }, { wait: /very/.test(asked) ? 400 : 70 }]);
      if (/mark/.test(asked) && last.role !== 'tool')
        return [{ call: 'update_lead', input: { lead: 'Spoken Sprinklers', status: 'contacted' } }];
      return [{ text: /mark/.test(asked) ? 'It is marked as contacted.' : 'Good day.' }];
    }),
  });
});
afterAll(() => api.close());

const open = async (key?: string) => (await api.ask('POST', '/api/v1/conversations', { key })).body.id as string;
const say = (id: string, text: string, more = {}) =>
  api.ask('POST', `/api/v1/conversations/${id}/messages`, { body: { text }, ...more });

interface Event {
  id: string;
  event: string;
  data: { delta?: string; reply?: Reply; code?: string };
}

/** Reads server-sent events until the end, or until `enough` says so and the connection is cut. */
async function read(
  path: string,
  {
    url = api.url,
    body,
    headers = {},
    enough,
  }: { url?: string; body?: unknown; headers?: Record<string, string>; enough?: (events: Event[]) => boolean } = {},
) {
  const cut = new AbortController();
  const response = await fetch(url + path, {
    method: body ? 'POST' : 'GET',
    headers: { accept: 'text/event-stream', ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: cut.signal,
  });
  const events: Event[] = [];
  let text = '';
  try {
    reading: for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
      text += piece;
      const blocks = text.split('\n\n');
      text = blocks.pop()!;
      for (const block of blocks.filter((one) => !one.startsWith(':'))) {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)![1]!;
        events.push({ id: field('id'), event: field('event'), data: JSON.parse(field('data')) });
        if (enough?.(events)) break reading;
      }
    }
  } finally {
    cut.abort();
  }
  return { status: response.status, type: response.headers.get('content-type'), events, headers: response.headers };
}
const textOf = (events: Event[]) => events.map((e) => e.data.delta ?? '').join('');
const kinds = (events: Event[]) => events.map((e) => e.event).filter((kind, i, all) => kind !== all[i - 1]);
const runs = (id: string) => api.world.deps.db.records(api.world.owner).conversations.runningTurn(id);
const begun = (id: string) => expect.poll(() => runs(id)).toBeTruthy();
/** Until the answer is kept. */
const answered = (id: string) =>
  expect
    .poll(async () => (await api.ask('GET', `/api/v1/conversations/${id}/messages`)).body.messages.at(-1)?.role)
    .toBe('assistant');

describe('a conversation over HTTP', () => {
  it('is opened, spoken in, listed and read again', async () => {
    const opened = await api.ask('POST', '/api/v1/conversations', { body: {} });
    expect(opened.status).toBe(201);
    const { id } = conversationShape.parse(opened.body);
    const answer = await say(id, 'hello');
    expect(answer.status).toBe(200);
    expect(replyShape.parse(answer.body)).toMatchObject({
      text: 'Good day.',
      agent: 'sr-bdr',
      model: 'scripted/one',
      receipts: [],
      proposals: [],
    });
    expect((await api.ask('GET', '/api/v1/conversations?kind=assistant')).body.conversations[0]).toMatchObject({
      id,
      title: 'hello',
    });
    expect((await api.ask('GET', '/api/v1/conversations?kind=contact')).body.conversations).toEqual([]);
    const { messages } = (await api.ask('GET', `/api/v1/conversations/${id}/messages`)).body;
    expect(messages.map((m: unknown) => messageShape.parse(m).text)).toEqual(['hello', 'Good day.']);
    expect(messages[1].reply).toEqual(answer.body);
  });

  it('changes records and hands back the receipt', async () => {
    await api.ask('POST', '/api/v1/leads', { body: { name: 'Spoken Sprinklers' } });
    const { body } = await say(await open(), 'mark spoken sprinklers as contacted');
    expect(replyShape.parse(body).receipts).toMatchObject([{ tool: 'update_lead', requestedBy: 'asked' }]);
    expect((await api.ask('GET', '/api/v1/leads/Spoken%20Sprinklers')).body.lead.status).toBe('contacted');
  });

  it('is private', async () => {
    const ann = await api.keyOf('ann', 'rep');
    const id = await open();
    for (const [method, path, body] of [
      ['GET', 'messages', undefined],
      ['POST', 'messages', { text: 'hello' }],
      ['POST', 'stop', undefined],
      ['GET', 'events', undefined],
    ] as const)
      expect([path, (await api.ask(method, `/api/v1/conversations/${id}/${path}`, { key: ann, body })).status]).toEqual([
        path,
        404,
      ]);
    expect((await api.ask('GET', '/api/v1/conversations', { key: ann })).body.conversations).toEqual([]);
  });

  it('refuses empty words, unknown agents and ids that are none', async () => {
    const id = await open();
    expect((await say(id, '   ')).status).toBe(400);
    expect((await say(id, 'x'.repeat(20_001))).status).toBe(413);
    expect((await say('not-an-id', 'hello')).status).toBe(400);
    expect((await say(crypto.randomUUID(), 'hello')).status).toBe(404);
    expect((await api.ask('POST', '/api/v1/conversations', { body: { agent: 'nobody' } })).body.error.message).toContain(
      'sr-bdr',
    );
    expect(
      (await api.ask('POST', `/api/v1/conversations/${id}/messages`, { body: { text: 'hello', agent: 'nobody' } })).status,
    ).toBe(400);
    expect(
      (await api.ask('POST', `/api/v1/conversations/${id}/messages`, { body: { text: 'hello', agent: 'sr-bdr' } })).status,
    ).toBe(200);
  });

  it('takes one message at a time, and stops when told', async () => {
    const id = await open();
    const first = say(id, 'tell it very slowly');
    await begun(id);
    const second = await say(id, 'hello');
    expect([second.status, second.body.error.code]).toEqual([409, 'conflict']);
    expect((await api.ask('POST', `/api/v1/conversations/${id}/stop`)).body).toEqual({ stopping: true });
    const stopped = await first;
    expect([stopped.status, stopped.body.error.code]).toEqual([409, 'cancelled']);
    expect((await api.ask('POST', `/api/v1/conversations/${id}/stop`)).body).toEqual({ stopping: false });
    expect((await say(id, 'hello')).status).toBe(200);
  });
});

describe('a streamed reply', () => {
  it('comes piece by piece, ends with the reply, and gives every event an id', async () => {
    const id = await open();
    let during: Promise<unknown> | undefined;
    const { type, events } = await read(`/api/v1/conversations/${id}/messages`, {
      body: { text: 'tell it very slowly' },
      enough: () => {
        during ??= runs(id);
        return false;
      },
    });
    expect(type).toContain('text/event-stream');
    expect(kinds(events)).toEqual(['text', 'done']);
    expect(textOf(events)).toBe(story);
    expect(events.at(-1)!.data.reply!.text).toBe(story);
    expect(new Set(events.map((e) => e.id)).size).toBe(events.length);
    // the first words were here before the last were written
    expect(await during).toBeTruthy();
    expect((await say(id, 'hello')).status).toBe(200);
  });

  it('shows steps and receipts on the way', async () => {
    await api.ask('PUT', '/api/v1/leads/Spoken%20Sprinklers', { body: { status: 'new' } });
    const { events } = await read(`/api/v1/conversations/${await open()}/messages`, {
      body: { text: 'mark spoken sprinklers as contacted' },
    });
    expect(kinds(events)).toEqual(['step', 'receipt', 'text', 'done']);
  });

  it.each([1, 4, 9])('cut after %i events goes on exactly where it stopped', async (count) => {
    const id = await open();
    const { events: seen } = await read(`/api/v1/conversations/${id}/messages`, {
      body: { text: 'tell it slowly' },
      enough: (events) => events.length === count,
    });
    expect(textOf(seen).length).toBeLessThan(story.length);
    const rest = await read(`/api/v1/conversations/${id}/events`, { headers: { 'last-event-id': seen.at(-1)!.id } });
    expect(textOf(seen) + textOf(rest.events)).toBe(story);
    expect(rest.events.filter((e) => e.event === 'done')).toHaveLength(1);
    expect(rest.events.at(-1)!.data.reply!.text).toBe(story);
  });

  it('ends when the key that asked for it is revoked; the turn goes on for whoever comes back', async () => {
    const lost = await api.world.access.createKey({ user: 'kim', role: 'rep' });
    const kept = await api.keyOf('kim', 'rep');
    const id = await open(lost.key);
    const path = `/api/v1/conversations/${id}`;
    const bearer = { authorization: `Bearer ${lost.key}` };
    const revoked = (events: Event[]) => {
      if (events.length) void api.world.access.revokeKey(lost.info.id);
      return false;
    };
    const { events } = await read(`${path}/messages`, { body: { text: 'tell it patiently' }, headers: bearer, enough: revoked });
    expect(events.map(({ event }) => event)).not.toContain('done');
    expect((await api.ask('GET', `${path}/events`, { key: lost.key })).status).toBe(401);
    const stopped = await api.ask('POST', `${path}/stop`, { key: kept });
    expect(stopped.body).toEqual({ stopping: true });
  });

  it('cut once more goes on from stored events, at another process too', async () => {
    const id = await open();
    const { url } = await api.elsewhere();
    const events = [
      ...(
        await read(`/api/v1/conversations/${id}/messages`, {
          body: { text: 'tell it slowly' },
          enough: (all) => all.length === 3,
        })
      ).events,
    ];
    while (!events.some((e) => e.event === 'done')) {
      const more = await read(`/api/v1/conversations/${id}/events?after=${events.at(-1)!.id}`, {
        url,
        enough: (all) => all.length === 1,
      });
      expect(more.status).toBe(200);
      events.push(...more.events);
    }
    expect(textOf(events)).toBe(story);
  });

  it('goes on when nobody listens, and can be read in full afterwards', async () => {
    const id = await open();
    await read(`/api/v1/conversations/${id}/messages`, { body: { text: 'tell it slowly' }, enough: () => true });
    await answered(id);
    const replay = await read(`/api/v1/conversations/${id}/events`);
    expect(textOf(replay.events)).toBe(story);
    expect((await api.ask('GET', `/api/v1/conversations/${id}/messages`)).body.messages[1].text).toBe(story);
    // an EventSource that comes back after the end is sent away
    const end = await read(`/api/v1/conversations/${id}/events`, {
      headers: { 'last-event-id': replay.events.at(-1)!.id },
    }).catch(() => undefined);
    expect(end?.status ?? 204).toBe(204);
    expect((await api.ask('GET', `/api/v1/conversations/${id}/events?after=${replay.events.at(-1)!.id}`)).status).toBe(204);
  });

  it('can be joined by a second listener', async () => {
    const id = await open();
    const speaking = read(`/api/v1/conversations/${id}/messages`, { body: { text: 'tell it slowly' } });
    await begun(id);
    const listener = await read(`/api/v1/conversations/${id}/events`);
    expect(textOf(listener.events)).toBe(textOf((await speaking).events));
  });

  it('of a process that died ends with an error instead of waiting for ever', async () => {
    const id = await open();
    const { conversations } = api.world.deps.db.records(api.world.owner);
    const turnId = crypto.randomUUID();
    await conversations.beginTurn(id, turnId, 1);
    await conversations.addEvents(id, turnId, 0, [{ type: 'text', delta: 'I was about' }]);
    const { events } = await read(`/api/v1/conversations/${id}/events`);
    expect(kinds(events)).toEqual(['text', 'error']);
    expect(events.at(-1)!.data.code).toBe('unavailable');
  });

  it('whose last event was lost still ends with its reply', async () => {
    const id = await open();
    await say(id, 'hello');
    const last = `FROM turn_events WHERE conversation_id = $1 AND event->>'type' = 'done'`;
    await expect.poll(async () => (await api.world.database.pool.query(`SELECT 1 ${last}`, [id])).rows).toHaveLength(1);
    await api.world.database.pool.query(`DELETE ${last}`, [id]);
    const { events } = await read(`/api/v1/conversations/${id}/events`);
    expect(events.at(-1)).toMatchObject({ event: 'done', data: { reply: { text: 'Good day.' } } });
  });

  it('refuses a position it never gave', async () => {
    const id = await open();
    for (const after of ['abc', '-1', '99999999999999999999', 'a:b:c'])
      expect((await api.ask('GET', `/api/v1/conversations/${id}/events?after=${after}`)).status).toBe(400);
  });

  it('answers errors that come before it as JSON', async () => {
    const { status, type } = await read(`/api/v1/conversations/${crypto.randomUUID()}/messages`, { body: { text: 'hello' } });
    expect([status, type]).toEqual([404, 'application/json; charset=utf-8']);
  });

  it('sent again with its key gives the reply without a second turn', async () => {
    const id = await open();
    const headers = { 'idempotency-key': 'turn-1' };
    await read(`/api/v1/conversations/${id}/messages`, {
      body: { text: 'tell it slowly' },
      headers,
      enough: (all) => all.length === 2,
    });
    expect((await say(id, 'tell it slowly', { headers })).body.error.message).toMatch(/still runs/);
    await answered(id);
    const again = await say(id, 'tell it slowly', { headers: { ...headers, accept: 'text/event-stream' } });
    expect([again.status, again.headers.get('idempotency-replayed'), again.body.text]).toEqual([200, 'true', story]);
    expect((await api.ask('GET', `/api/v1/conversations/${id}/messages`)).body.messages).toHaveLength(2);
  });

  it('is finished before the server closes, while followers are let go', async () => {
    const id = await open();
    const one = await serve(api.world);
    const speaking = read(`/api/v1/conversations/${id}/messages`, { url: one.url, body: { text: 'tell it very slowly' } });
    await begun(id);
    let heard = false;
    const following = read(`/api/v1/conversations/${id}/events`, {
      url: one.url,
      enough: () => {
        heard = true;
        return false;
      },
    });
    await expect.poll(() => heard).toBe(true);
    const closed = one.server.close();
    expect(textOf((await following).events).length).toBeLessThan(story.length);
    expect(textOf((await speaking).events)).toBe(story);
    await closed;
    await expect(ask(one.url, 'GET', '/health')).rejects.toThrow();
  });
});
