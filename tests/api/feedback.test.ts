import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { longestComment } from '../../src/core/feedback.ts';
import { type Delta, type LlmRequest, noUsage } from '../../src/core/llm.ts';
import { aCall } from '../llm/costs/call.ts';
import { type Api, openApi } from './client.ts';

let api: Api;
let rita: string;
let max: string;
beforeAll(async () => {
  const llm = {
    async *stream({ messages }: LlmRequest): AsyncGenerator<Delta> {
      const { text, role } = messages.at(-1)!;
      if (text === 'break') throw new Error('the model is gone');
      const looks = text === 'look' && role === 'user';
      if (looks) yield { type: 'tool_call', call: { id: 'c1', name: 'whoami', input: {} } };
      else yield { type: 'text', text: 'So it is.' };
      yield {
        type: 'finish',
        reason: looks ? 'tool_calls' : 'stop',
        usage: { ...noUsage, input: 100, output: 10 },
        provider: 'scripted',
        model: text === 'other' ? 'two' : 'one',
        tier: 'complex',
        degraded: false,
        costUsd: '0.002000000000',
      };
    },
  };
  api = await openApi({ llm, worker: false });
  rita = await api.keyOf('rita', 'rep');
  max = await api.keyOf('max', 'manager');
});
afterAll(() => api.close());
beforeEach(async () => {
  await api.world.calls.flush();
  await pool().query('TRUNCATE ai_cost_tracking, feedback');
});

const pool = () => api.world.database.pool;

/** What rita was told in a conversation of hers. */
async function told(text: string, key = rita): Promise<{ conversationId: string; turnId: string; url: string }> {
  const conversationId = (await api.ask('POST', '/api/v1/conversations', { key, body: {} })).body.id;
  const messages = `/api/v1/conversations/${conversationId}/messages`;
  await api.ask('POST', messages, { key, body: { text } });
  const { turnId } = (await api.ask('GET', messages, { key })).body.messages.at(-1);
  return { conversationId, turnId, url: `/api/v1/conversations/${conversationId}/turns/${turnId}/feedback` };
}
const vote = (url: string, body: unknown, key = rita, headers = {}) => api.ask('POST', url, { key, body, headers });

async function scores(turnId: string) {
  await api.world.calls.flush();
  const { rows } = await pool().query(
    'SELECT status, quality_score AS score, feedback_count AS votes FROM ai_cost_tracking WHERE turn_id = $1 ORDER BY status DESC, id',
    [turnId],
  );
  return rows;
}
const scored = (score: number | null, votes: number) => ({ status: 'ok', score, votes });

describe('a vote on a reply', () => {
  it('names the reply by its turn, and is the score of every model call that made it', async () => {
    const key = rita;
    const { body: conversation } = await api.ask('POST', '/api/v1/conversations', { key, body: {} });
    const say = (text: string) => api.ask('POST', `/api/v1/conversations/${conversation.id}/messages`, { key, body: { text } });
    const [{ body: reply }, { body: another }] = [await say('look'), await say('hello')];
    const { status, body } = await vote(`/api/v1/conversations/${conversation.id}/turns/${reply.turnId}/feedback`, {
      vote: 'up',
    });
    expect(status).toBe(200);
    expect(body).toEqual({ conversationId: conversation.id, turnId: reply.turnId, vote: 'up', comment: null });
    expect(await scores(reply.turnId)).toEqual([scored(1, 1), scored(1, 1)]);
    expect(await scores(another.turnId)).toEqual([scored(null, 0)]);
    const { messages } = (await api.ask('GET', `/api/v1/conversations/${conversation.id}/messages`, { key })).body;
    expect(messages.map((one: { vote: string | null }) => one.vote)).toEqual([null, 'up', null, null]);
  });

  it('can be changed and taken back, and is one however often it is given', async () => {
    const { url, turnId, conversationId } = await told('hello');
    for (let i = 0; i < 3; i++) await vote(url, { vote: 'down', comment: 'not my lead' });
    expect(await scores(turnId)).toEqual([scored(0, 1)]);
    // the comment stays with the vote, and goes with it
    expect((await vote(url, { vote: 'down' })).body.comment).toBe('not my lead');
    expect((await vote(url, { vote: 'up' })).body).toEqual({ conversationId, turnId, vote: 'up', comment: null });
    expect(await scores(turnId)).toEqual([scored(1, 1)]);
    expect((await vote(url, { vote: null })).body).toEqual({ conversationId, turnId, vote: null, comment: null });
    expect(await scores(turnId)).toEqual([scored(null, 0)]);
    expect((await vote(url, { vote: null })).status).toBe(200);
  });

  it('of two people makes the mean', async () => {
    const { url, turnId, conversationId } = await told('hello');
    await vote(url, { vote: 'up' });
    const second = (await api.world.access.byKey(max))!;
    // of a conversation that several people may see
    await pool().query(`INSERT INTO feedback VALUES ($1, $2, $3, $4, 'down', NULL, 'slack', now())`, [
      ...[second.tenantId, turnId, second.userId, conversationId],
    ]);
    expect(await scores(turnId)).toEqual([scored(0.5, 2)]);
    await vote(url, { vote: null });
    expect(await scores(turnId)).toEqual([scored(0, 1)]);
  });

  it('counts for calls that are written down after it, and not for attempts that failed', async () => {
    const { url, turnId } = await told('hello');
    await vote(url, { vote: 'up' });
    const { tenantId } = api.world.owner;
    api.world.calls.record(aCall(tenantId, { turnId, status: 'ok', model: 'late' }));
    api.world.calls.record(aCall(tenantId, { turnId, status: 'failed', failure: 'server' }));
    api.world.calls.record(aCall(tenantId, { turnId, status: 'aborted' }));
    api.world.calls.record(aCall(tenantId, { turnId: crypto.randomUUID() }));
    expect(await scores(turnId)).toEqual([
      scored(1, 1),
      scored(1, 1),
      { status: 'failed', score: null, votes: 0 },
      { status: 'aborted', score: null, votes: 0 },
    ]);
  });

  it('is never lost between calls and votes that arrive at the same moment', async () => {
    const { tenantId } = api.world.owner;
    const turns = await Promise.all(Array.from({ length: 6 }, () => told('hello')));
    const other = await api.world.second();
    for (let round = 0; round < 8; round++) {
      const wanted = round % 2 ? 'up' : 'down';
      for (const { turnId } of turns) {
        api.world.calls.record(aCall(tenantId, { turnId }));
        other.calls.record(aCall(tenantId, { turnId }));
      }
      await Promise.all([api.world.calls.flush(), ...turns.map(({ url }) => vote(url, { vote: wanted })), other.calls.flush()]);
      for (const { turnId } of turns) {
        const all = await scores(turnId);
        expect(all).toHaveLength(3 + round * 2);
        expect(all).toEqual(all.map(() => scored(wanted === 'up' ? 1 : 0, 1)));
      }
    }
  });

  it('leaves the sums of costs as they are', async () => {
    const { url } = await told('hello');
    await api.world.calls.flush();
    const sums = async () => (await pool().query('SELECT * FROM ai_cost_days ORDER BY 1, 2, 3, 4, 5, 6, 7')).rows;
    const before = await sums();
    expect(before.length).toBeGreaterThan(0);
    for (const one of ['up', 'down', null]) await vote(url, { vote: one });
    expect(await sums()).toEqual(before);
  });

  it('is for whoever had the conversation; for everybody else there is nothing', async () => {
    const { url, turnId, conversationId } = await told('hello');
    const { url: mine } = await told('hello', max);
    for (const [path, key] of [
      [url, max],
      [mine, rita],
      [url.replace(turnId, crypto.randomUUID()), rita],
      [url.replace(conversationId, crypto.randomUUID()), rita],
      // of another conversation of the same person
      [(await told('hello')).url.replace(/turns\/[^/]+/, `turns/${turnId}`), rita],
    ] as const)
      expect(await vote(path, { vote: 'up' }, key)).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
    expect((await pool().query('SELECT FROM feedback')).rowCount).toBe(0);
  });

  it('may be given on a reply that broke off, whose failed call gets no score', async () => {
    const { url, turnId } = await told('break');
    expect((await vote(url, { vote: 'down' })).status).toBe(200);
    expect(await scores(turnId)).toEqual([{ status: 'failed', score: null, votes: 0 }]);
  });

  it.each([
    ['no vote', {}],
    ['a vote that is none', { vote: 'sideways' }],
    ['a comment that is too long', { vote: 'up', comment: 'x'.repeat(longestComment + 1) }],
    ['a comment without a vote', { vote: null, comment: 'why' }],
    ['more than is asked', { vote: 'up', userId: 'somebody' }],
  ])('is refused with %s', async (_what, body) => {
    const { url } = await told('hello');
    const { status } = await vote(url, body);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect((await pool().query('SELECT FROM feedback')).rowCount).toBe(0);
  });

  it('keeps hostile words as words', async () => {
    const { url } = await told('hello');
    const hostile = `'); DROP TABLE feedback; -- <script>alert(1)</script> \u0000\uD800 ${'🤖'} {"a": "\\u0000"} \u202Eevil`;
    const { status, body } = await vote(url, { vote: 'down', comment: `  ${hostile}\n` });
    expect(status).toBe(200);
    expect(body.comment).toBe(hostile.replace('\u0000', '').replace('\uD800', '\uFFFD'));
    const { comments } = (await api.ask('GET', '/api/v1/analytics/answer-quality', { key: max })).body;
    expect(comments).toMatchObject([{ vote: 'down', provider: 'scripted', model: 'one', comment: body.comment }]);
    expect(JSON.stringify(comments)).not.toContain('rita');
    expect((await vote(url, { vote: 'down', comment: '\u0000 \n' })).body.comment).toBe(body.comment);
  });

  it('with an Idempotency-Key happens once, and is answered the same', async () => {
    const { url, turnId } = await told('hello');
    const headers = { 'idempotency-key': `vote-${turnId}` };
    const first = await vote(url, { vote: 'up' }, rita, headers);
    await vote(url, { vote: 'down' });
    const again = await vote(url, { vote: 'up' }, rita, headers);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await scores(turnId)).toEqual([scored(0, 1)]);
  });
});

describe('how answers are liked', () => {
  const quality = (query = '', key = max) => api.ask('GET', `/api/v1/analytics/answer-quality${query}`, { key });

  it('is told by model, with what an answer costs with all its attempts', async () => {
    const [looked, other] = [await told('look'), await told('other')];
    await told('hello');
    await vote(looked.url, { vote: 'up' });
    await vote(other.url, { vote: 'down', comment: 'wrong' });
    const { tenantId } = api.world.owner;
    const failed = { status: 'failed', model: 'three', at: new Date(Date.now() - 1000) } as const;
    api.world.calls.record(aCall(tenantId, { ...failed, turnId: other.turnId }));
    const unpriced = { price: { status: 'unpriced', because: 'unknown model' }, model: 'own', at: new Date() } as const;
    api.world.calls.record(aCall(tenantId, { ...unpriced, turnId: crypto.randomUUID() }));
    expect((await quality()).body.models).toEqual([
      {
        ...{ provider: 'scripted', model: 'one', answers: 2, votes: 1, share_up: 1 },
        // two calls for the one, one for the other
        ...{ avg_cost_per_answer_usd: '0.003000000000', unpriced_answers: 0 },
      },
      {
        ...{ provider: 'cerebras', model: 'own', answers: 1, votes: 0, share_up: null },
        ...{ avg_cost_per_answer_usd: null, unpriced_answers: 1 },
      },
      {
        ...{ provider: 'scripted', model: 'two', answers: 1, votes: 1, share_up: 0 },
        ...{ avg_cost_per_answer_usd: '0.002500000000', unpriced_answers: 0 },
      },
    ]);
    expect((await quality('?start_date=2020-01-01&end_date=2020-01-02')).body).toEqual({ models: [], comments: [] });
  });

  it('is for managers', async () => {
    for (const path of ['answer-quality', 'router-replay'])
      expect(await api.ask('GET', `/api/v1/analytics/${path}`, { key: rita })).toMatchObject({ status: 403 });
    expect((await quality('?start_date=nonsense')).status).toBe(400);
  });
});
