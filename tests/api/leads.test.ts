import { readdir } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, openApi } from './client.ts';

let api: Api;
beforeAll(async () => {
  api = await openApi({ env: { UPLOAD_MAX_MB: '0.5' } });
});
afterAll(() => api.close());

const folder = () => readdir(join(api.world.config.DATA_DIR, 'uploads')).catch(() => []);
const list = (prefix: string, rows: number) =>
  [
    'Company,Phone,City,State',
    ...Array.from({ length: rows }, (_, i) => `${prefix} ${i} Mechanical,(713) 555-${String(1000 + i)},Houston,TX`),
  ].join('\n');

describe('leads', () => {
  it('are made, read, changed with the version seen, deleted and brought back', async () => {
    const made = await api.ask('POST', '/api/v1/leads', {
      body: { name: 'Round Trip Roofing', city: 'Austin', state: 'Texas', phone: '512 555 0188' },
    });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      lead: { name: 'Round Trip Roofing', state: 'TX', status: 'new' },
      receipt: { tool: 'create_lead' },
    });
    const path = `/api/v1/leads/${made.body.lead.id}`;
    expect((await api.ask('GET', '/api/v1/leads/round%20trip%20roofing')).body.lead.id).toBe(made.body.lead.id);

    const changed = await api.ask('PUT', path, { body: { status: 'contacted', version: 1 } });
    expect(changed.body).toMatchObject({
      lead: { status: 'contacted' },
      version: 2,
      receipt: { title: expect.stringContaining('new → contacted') },
    });
    const stale = await api.ask('PUT', path, { body: { status: 'lost', version: 1 } });
    expect([stale.status, stale.body.error.code]).toEqual([409, 'conflict']);
    expect((await api.ask('DELETE', `${path}?version=1`)).status).toBe(409);

    const gone = await api.ask('DELETE', path, { body: { version: 2 } });
    expect(gone.body).toMatchObject({ id: made.body.lead.id, name: 'Round Trip Roofing' });
    expect((await api.ask('GET', path)).status).toBe(404);
    await api.ask('POST', `/api/v1/receipts/${gone.body.receipt.id}/undo`);
    expect((await api.ask('GET', path)).body.lead.status).toBe('contacted');
  });

  it('are found page by page, each exactly once', async () => {
    for (let i = 0; i < 7; i++)
      await api.ask('POST', '/api/v1/leads', { body: { name: `Paged Piping ${i}`, state: i % 2 ? 'OH' : 'PA' } });
    const names: string[] = [];
    let cursor = '';
    do {
      const { body } = await api.ask(
        'GET',
        `/api/v1/leads?query=paged%20piping&sort=name&limit=3${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      expect(body.total).toBe(7);
      names.push(...body.leads.map((lead: { name: string }) => lead.name));
      cursor = body.nextCursor ?? '';
    } while (cursor);
    expect(names).toEqual(Array.from({ length: 7 }, (_, i) => `Paged Piping ${i}`));
    expect((await api.ask('GET', '/api/v1/leads?query=paged%20piping&state=Ohio&status=new,contacted')).body.total).toBe(3);
  });

  it('refuse filters that mean nothing', async () => {
    for (const query of ['status=happy', 'limit=abc', 'limit=1000', 'colour=blue'])
      expect([query, (await api.ask('GET', `/api/v1/leads?${query}`)).status]).toEqual([query, 400]);
  });
});

describe('an upload', () => {
  it('is kept for a day under an id of ours', async () => {
    const form = new FormData();
    form.append('note', 'first');
    form.append('file', new Blob([list('Form', 2)]), '../../etc/Form list.csv');
    const byForm = await api.ask('POST', '/api/v1/uploads', { body: form });
    expect(byForm.status).toBe(201);
    expect(byForm.body).toMatchObject({ fileName: 'Form list.csv', bytes: list('Form', 2).length });
    expect(new Date(byForm.body.expiresAt).getTime()).toBeGreaterThan(Date.now() + 23 * 3600_000);
    const byBody = await api.ask('POST', '/api/v1/uploads', {
      body: list('Body', 2),
      headers: { 'content-type': 'text/csv', 'x-file-name': 'Gr%C3%B6%C3%9Fe.csv' },
    });
    expect(byBody.body).toMatchObject({ fileName: 'Größe.csv' });
    expect(await folder()).toEqual(expect.arrayContaining([byForm.body.uploadId, byBody.body.uploadId]));
  });

  it('too large, empty or without a file leaves nothing', async () => {
    const before = await folder();
    const big = 'x'.repeat(700_000);
    const tooLarge = [await api.ask('POST', '/api/v1/uploads', { body: big, headers: { 'content-type': 'text/csv' } })];
    const form = new FormData();
    form.append('file', new Blob([big]), 'big.csv');
    tooLarge.push(await api.ask('POST', '/api/v1/uploads', { body: form }));
    for (const answer of tooLarge) expect([answer.status, answer.body.error.code]).toEqual([413, 'too_large']);
    expect((await api.ask('POST', '/api/v1/uploads', { body: '', headers: { 'content-type': 'text/csv' } })).status).toBe(400);
    const bare = new FormData();
    bare.append('note', 'no file');
    expect((await api.ask('POST', '/api/v1/uploads', { body: bare })).status).toBe(400);
    expect(await folder()).toEqual(before);
  });

  it.each([
    ['raw, of announced length', { 'content-type': 'text/csv', 'content-length': '400000' }],
    ['raw, in chunks', { 'content-type': 'text/csv' }],
    ['raw, too large in chunks', { 'content-type': 'text/csv', 'x-large': '1' }],
    ['multipart', { 'content-type': 'multipart/form-data; boundary=cut' }],
  ])('that breaks off leaves nothing: %s', async (_name, headers: Record<string, string>) => {
    const before = await folder();
    const rows = async () => (await api.world.database.pool.query('SELECT count(*)::int AS n FROM uploads')).rows[0].n;
    const uploads = await rows();
    const sent = httpRequest(`${api.url}/api/v1/uploads`, { method: 'POST', headers });
    sent.on('error', () => undefined);
    if (headers['content-type']!.startsWith('multipart'))
      sent.write('--cut\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n');
    sent.write('name,phone\n'.repeat(headers['x-large'] ? 60_000 : 1000));
    await sleep(150);
    sent.destroy();
    for (let i = 0; i < 1200 && (await folder()).length !== before.length; i++) await sleep(50);
    expect(await folder()).toEqual(before);
    expect(await rows()).toBe(uploads);
  });

  it('sent twice with one key is kept once', async () => {
    const before = (await folder()).length;
    const send = (text: string) =>
      api.ask('POST', '/api/v1/uploads', { body: text, headers: { 'content-type': 'text/csv', 'idempotency-key': 'upload-1' } });
    const first = await send(list('Twice', 1));
    const again = await send(list('Twice', 1));
    expect([again.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([201, first.body, 'true']);
    expect((await send(list('Other', 1))).status).toBe(422);
    expect((await folder()).length).toBe(before + 1);
  });
});

describe('an import', () => {
  const run = (body: unknown, headers: Record<string, string> = {}, query = '') =>
    api.ask('POST', `/api/v1/leads/import/csv${query}`, { body, headers });
  const total = async (query: string) => (await api.ask('GET', `/api/v1/leads?query=${query}`)).body.total;

  it('takes the file as body, as form, and by uploadId', async () => {
    const byBody = await run(list('Alpha', 3), { 'content-type': 'text/csv' }, '?fileName=alpha.csv');
    expect(byBody.status).toBe(200);
    expect(byBody.body).toMatchObject({
      fileName: 'alpha.csv',
      rows: 3,
      imported: 3,
      merged: 0,
      duplicates: 0,
      review: 0,
      failed: 0,
      durationSeconds: expect.any(Number),
      importId: expect.any(String),
      receipt: { tool: 'import_leads', undoable: true },
    });

    const form = new FormData();
    form.append('file', new Blob([list('Alpha', 4)]), 'alpha-again.csv');
    expect((await run(form)).body).toMatchObject({ imported: 1, duplicates: 3 });

    const { uploadId } = (
      await api.ask('POST', '/api/v1/uploads?fileName=gamma.csv', { body: list('Gamma', 2).replaceAll('713', '281') })
    ).body;
    expect((await run({ uploadId })).body).toMatchObject({ imported: 2, fileName: 'gamma.csv' });
    expect(await total('mechanical')).toBe(6);
  });

  it('is taken back as one', async () => {
    const { body } = await run(list('Undone', 5).replaceAll('713', '832'), { 'content-type': 'text/csv' });
    expect(await total('undone')).toBe(5);
    await api.ask('POST', `/api/v1/receipts/${body.receipt.id}/undo`);
    expect(await total('undone')).toBe(0);
  });

  it('with dryRun=true says what would happen and imports nothing', async () => {
    const { status, body } = await run(
      list('Rehearsed', 4).replaceAll('713', '210'),
      { 'content-type': 'text/csv' },
      '?dryRun=true',
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({ dryRun: true, imported: 4, title: expect.stringContaining('4 leads') });
    expect(body.receipt).toBeUndefined();
    expect(await total('rehearsed')).toBe(0);
  });

  it('never reads a path of the server', async () => {
    await api.ask('POST', '/api/v1/uploads?fileName=mine.csv', { body: list('Mine', 1).replaceAll('713', '361') });
    for (const path of ['/etc/passwd', '../package.json', 'uploads/../x.csv', 'file:///etc/passwd', 'theirs.csv']) {
      const answer = await run({ path });
      expect([path, answer.status, answer.body.error.code]).toEqual([path, 400, 'invalid_input']);
    }
    const ann = await api.keyOf('ann', 'rep');
    expect((await api.ask('POST', '/api/v1/leads/import/csv', { body: { path: 'mine.csv' }, key: ann })).status).toBe(400);
    expect((await run({ path: 'mine.csv' })).body).toMatchObject({ imported: 1 });
  });

  it('refuses what is no list', async () => {
    for (const body of [{}, { uploadId: 'x' }, { uploadId: crypto.randomUUID(), path: 'a' }])
      expect((await run(body)).status).toBe(400);
    expect((await run({ uploadId: crypto.randomUUID() })).body.error.code).toBe('not_found');
    expect((await run('{"uploadId":', { 'content-type': 'application/json' })).status).toBe(400);
  });

  it('happens once for one key', async () => {
    const send = () =>
      run(list('Keyed', 3).replaceAll('713', '979'), { 'content-type': 'text/csv', 'idempotency-key': 'import-1' });
    const answers = [await send(), await send()];
    expect(answers[1]!.body).toEqual(answers[0]!.body);
    expect(answers[0]!.body).toMatchObject({ imported: 3 });
    expect(
      (await api.ask('POST', '/api/v1/tools/list_imports')).body.result.imports.filter(
        (i: { imported: number }) => i.imported === 3,
      ),
    ).toHaveLength(2);
  });
});

describe('a job', () => {
  const finished = async (id: string) => {
    for (;;) {
      const { body } = await api.ask('GET', `/api/v1/jobs/${id}`);
      if (body.finishedAt) return body;
      await sleep(50);
    }
  };

  it('runs a long tool, tells how it went and gives the rows that were left out', async () => {
    const csv = [
      'Company,Phone,State,Note',
      'Good Gas Fitters,(409) 555-0101,TX,ok',
      '=2+5,(409) 555-0102,TX,"=HYPERLINK(""http://evil"")"',
      'Good Gas Fitters,(409) 555-0101,TX,"again, twice"',
      ',(409) 555-0104,TX,@nobody',
    ].join('\n');
    const { uploadId } = (await api.ask('POST', '/api/v1/uploads?fileName=mixed.csv', { body: csv })).body;
    const started = await api.ask('POST', '/api/v1/jobs', { body: { tool: 'import_leads', input: { uploadId } } });
    expect(started.status).toBe(202);
    expect(started.body).toEqual({ status: 'running', jobId: expect.any(String) });
    const job = await finished(started.body.jobId);
    expect(job).toMatchObject({
      state: 'succeeded',
      tool: 'import_leads',
      receiptId: expect.any(String),
      result: { imported: expect.any(Number) },
    });
    const results = await api.ask('GET', `/api/v1/jobs/${job.id}/results`);
    expect(results.headers.get('content-type')).toContain('text/csv');
    expect(results.headers.get('content-disposition')).toContain('.csv');
    const rows = parse(results.body, { columns: true }) as Record<string, string>[];
    expect(rows).toHaveLength(job.result.merged + job.result.duplicates + job.result.review + job.result.failed);
    expect(rows.length).toBeGreaterThanOrEqual(2);
    expect(rows.every((row) => row['line'] && row['reason'])).toBe(true);
    expect(Object.values(rows.flatMap((row) => Object.values(row))).filter((cell) => /^[=@+]/.test(cell))).toEqual([]);
    expect(results.body).toContain("'@nobody");
    expect((await api.ask('GET', '/api/v1/jobs?state=succeeded')).body.jobs[0]).toMatchObject({ id: job.id });
  });

  it('is private, cannot be stopped after its end, and is only for long tools', async () => {
    const { body } = await api.ask('GET', '/api/v1/jobs');
    const { id } = body.jobs[0];
    const ann = await api.keyOf('ann', 'rep');
    expect((await api.ask('GET', `/api/v1/jobs/${id}`, { key: ann })).status).toBe(404);
    expect((await api.ask('GET', `/api/v1/jobs/${id}/results`, { key: ann })).status).toBe(404);
    expect((await api.ask('DELETE', `/api/v1/jobs/${id}`)).status).toBe(409);
    expect((await api.ask('POST', '/api/v1/jobs', { body: { tool: 'create_lead', input: { name: 'x' } } })).status).toBe(400);
    expect((await api.ask('POST', '/api/v1/jobs', { body: { tool: 'nothing', input: {} } })).status).toBe(404);
  });

  it('that nobody works yet can be stopped, and has no results', async () => {
    const idle = await openApi({ worker: false });
    const { uploadId } = (await idle.ask('POST', '/api/v1/uploads', { body: list('Idle', 1) })).body;
    const { jobId } = (await idle.ask('POST', '/api/v1/jobs', { body: { tool: 'import_leads', input: { uploadId } } })).body;
    expect((await idle.ask('GET', `/api/v1/jobs/${jobId}/results`)).body.error.code).toBe('conflict');
    expect((await idle.ask('DELETE', `/api/v1/jobs/${jobId}`)).body).toMatchObject({ id: jobId, state: 'cancelled' });
    await idle.close();
  });
});

describe('mail', () => {
  it('shows the local outbox', async () => {
    const records = api.world.deps.db.records(api.world.owner);
    const mail = await records.mails.put({
      leadId: null,
      sender: 'me@example.test',
      recipients: ['you@example.test'],
      subject: 'Hello',
      body: 'Text',
    });
    expect((await api.ask('GET', '/api/v1/mail')).body.mail).toMatchObject([
      { id: mail.id, subject: 'Hello', recipients: ['you@example.test'] },
    ]);
    expect((await api.ask('GET', `/api/v1/mail/${mail.id}`)).body.body).toBe('Text');
    expect((await api.ask('GET', `/api/v1/mail/${crypto.randomUUID()}`)).status).toBe(404);
  });
});
