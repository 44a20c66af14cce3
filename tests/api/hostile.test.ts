import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, openApi, rawRequest } from './client.ts';

let api: Api;
beforeAll(async () => {
  api = await openApi();
  for (const name of ['Plain Plumbing', 'Quiet Quarry', 'Round Roofing'])
    await api.ask('POST', '/api/v1/leads', { body: { name, city: 'Reno' } });
});
afterAll(() => api.close());

const tool = (name: string, body: unknown) => api.ask('POST', `/api/v1/tools/${name}`, { body });
const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

describe('a body nested deeper than anybody needs', () => {
  it.each([60, 9_000, 50_000])('of %i levels is refused, with an Idempotency-Key and without', async (levels) => {
    for (const headers of [{}, { 'idempotency-key': `deep-${levels}` }] as Record<string, string>[])
      for (const [path, body] of [
        ['/api/v1/tools/search_leads', `{"input":${nested(levels)}}`],
        ['/api/v1/leads', `{"name":"Deep Drilling","attributes":${nested(levels)}}`],
        ['/api/v1/leads/import/csv', nested(levels)],
      ] as const) {
        const answer = await api.ask('POST', path, { body, headers: { 'content-type': 'application/json', ...headers } });
        expect([path, answer.status, answer.body.error?.code]).toEqual([path, 400, 'invalid_input']);
        expect(answer.body.error.message).toContain('nested too deeply');
      }
  });

  it('says nothing against a few levels', async () => {
    const answer = await api.ask('POST', '/api/v1/leads', {
      body: `{"name":"Shallow Shovels","attributes":${nested(20)}}`,
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(400);
    expect(answer.body.error.message).not.toContain('nested');
  });
});

describe('a time that nobody means', () => {
  it.each(['0001-01-01T00:00:00Z', '1969-12-31T23:59:59Z', '2201-01-01T00:00:00Z', '9999-12-31T23:59:59-14:00'])(
    '%s is refused in a task and in an activity',
    async (time) => {
      for (const answer of [
        await tool('create_task', { title: 'Call', dueAt: time }),
        await tool('log_activity', { lead: 'Plain Plumbing', kind: 'call', text: 'Called.', at: time }),
      ]) {
        expect([answer.status, answer.body.error?.code]).toEqual([400, 'invalid_input']);
        expect(answer.body.error.message).toContain('the year must lie between 1970 and 2200');
      }
    },
  );

  it('is not one at either end of those years', async () => {
    for (const dueAt of ['1970-01-01T00:00:00Z', '2200-12-31T23:59:59Z'])
      expect((await tool('create_task', { title: 'Call', dueAt })).status).toBe(200);
  });
});

describe('a forged cursor', () => {
  const filters = { query: '', limit: 1 };
  const forged = async (sort: string, change: Record<string, unknown>) => {
    const first = await tool('search_leads', { ...filters, sort });
    const cursor = JSON.parse(Buffer.from(first.body.result.nextCursor, 'base64url').toString());
    const text = Buffer.from(JSON.stringify({ ...cursor, ...change })).toString('base64url');
    return tool('search_leads', { ...filters, sort, cursor: text });
  };
  const id = '00000000-0000-7000-8000-000000000000';
  it.each([
    ['name', { key: 'a\u0000' }],
    ['name', { key: '\ud800' }],
    ['name', { key: 5 }],
    ['name', { key: { gt: 'a' } }],
    ['name', { key: null }],
    ['score', { key: '\u0000' }],
    ['score', { key: 'x' }],
    ['score', { key: [1] }],
    ['score', { key: null }],
    ['newest', { id: [id] }],
    ['oldest', { id: { toString: id } }],
    ['newest', { id: 7 }],
    ['newest', { of: null }],
  ])('of a list by %s with %j is refused', async (sort, change) => {
    const answer = await forged(sort, change);
    expect([answer.status, answer.body.error?.code]).toEqual([400, 'invalid_input']);
    expect(answer.body.error.message).toContain('cursor');
  });

  it.each(['name', 'score', 'newest', 'oldest'])('is told from a true one of a list by %s', async (sort) => {
    expect((await forged(sort, {})).status).toBe(200);
  });
});

/** What no database keeps: NUL, and half of a pair. As JSON escapes them, and as a URL does. */
const bad = [
  ['a NUL', '\u0000', '%00'],
  ['half of a pair', '\ud83d', '%ED%A0%BD'],
] as const;

describe.each(bad)('%s', (_what, sign, escaped) => {
  const fine = (answer: { status: number; body: unknown }) =>
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(500);
  /** JSON.stringify escapes both signs, so they arrive as they are. */
  const text = (words: string) => `${words}${sign} and more`;

  it('in what is said in a chat is no failure of ours', async () => {
    for (const words of ['find leads in Reno', 'add a note to Plain Plumbing: likes tea', 'add a lead called Split Signs']) {
      const { id } = (await api.ask('POST', '/api/v1/conversations')).body;
      const answer = await api.ask('POST', `/api/v1/conversations/${id}/messages`, { body: { text: text(words) } });
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
      expect((await api.ask('GET', `/api/v1/conversations/${id}/messages`)).status).toBe(200);
    }
    const { id } = (await api.ask('POST', '/api/v1/conversations')).body;
    fine(await api.ask('POST', `/api/v1/conversations/${id}/messages`, { body: { text: 'hi', agent: sign } }));
  });

  it('in fields, notes, attributes and searches is left out or refused', async () => {
    const name = `Signed Sawmill ${escaped}`;
    for (const body of [
      { name: text(name), city: text('Reno'), attributes: { [text('fleet')]: text('four') }, note: text('Met at a fair.') },
      { name: sign },
      { name: 'Web Works', website: text('https://web.example') },
      { name: 'Mail Works', email: `a${sign}@b.example` },
    ])
      fine(await api.ask('POST', '/api/v1/leads', { body }));
    fine(await tool('log_activity', { lead: 'Quiet Quarry', kind: 'note', text: text('Spoke.'), outcome: sign }));
    fine(await tool('create_task', { title: text('Call'), lead: text('Quiet Quarry') }));
    for (const input of [
      { query: text('quarry') },
      { city: sign },
      { state: sign },
      { owner: sign },
      { cursor: sign },
      { query: sign },
    ])
      fine(await tool('search_leads', input));
    for (const query of ['query', 'city', 'state', 'owner', 'cursor'])
      fine(await api.ask('GET', `/api/v1/leads?${query}=a${escaped}b`));
  });

  it('in a reference to a lead, a job, a receipt or a tool names nothing', async () => {
    for (const lead of [sign, text('Quiet Quarry')]) {
      fine(await tool('get_lead', { lead }));
      fine(await tool('update_lead', { lead, status: 'contacted' }));
      fine(await tool('explain_score', { lead }));
    }
    for (const path of ['leads', 'jobs', 'receipts', 'proposals', 'conversations', 'mail'])
      for (const id of [escaped, `a${escaped}b`]) fine(await api.ask('GET', `/api/v1/${path}/${id}`));
    fine(await api.ask('POST', `/api/v1/tools/a${escaped}`, { body: {} }));
    fine(await api.ask('PUT', `/api/v1/leads/${escaped}`, { body: { status: 'lost' } }));
  });

  it('in the name of a file is left out, and the list is imported all the same', async () => {
    const csv = (name: string) => `Company\n${name} ${escaped.replaceAll('%', '')}\n`;
    const type = { 'content-type': 'text/csv' };
    for (const path of ['uploads', 'leads/import/csv']) {
      fine(await api.ask('POST', `/api/v1/${path}?fileName=a${escaped}b.csv`, { body: csv(`Query ${path}`), headers: type }));
      const headers = { ...type, 'x-file-name': `a${escaped}b.csv` };
      fine(await api.ask('POST', `/api/v1/${path}`, { body: csv(`Header ${path}`), headers }));
      const form = [
        '--xx',
        `content-disposition: form-data; name="file"; filename="a${sign}b.csv"`,
        'content-type: text/csv',
        '',
        csv(`Form ${path}`),
        '--xx--',
        '',
      ].join('\r\n');
      const host = new URL(api.url).host;
      const sent = { host, 'content-type': 'multipart/form-data; boundary=xx' };
      const answer = await rawRequest(api.url, 'POST', `/api/v1/${path}`, sent, form);
      fine({ status: answer.status, body: answer.body });
    }
    fine(await api.ask('POST', '/api/v1/leads/import/csv', { body: { path: `a${sign}b.csv` } }));
    fine(await api.ask('POST', '/api/v1/leads/import/csv', { body: { uploadId: sign } }));
  });
});
