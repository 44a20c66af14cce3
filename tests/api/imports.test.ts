import { readdir, utimes, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import type { PoolClient } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importInReview } from '../review-rows.ts';
import { type Api, openApi } from './client.ts';

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const csv = { 'content-type': 'text/csv' };
const run = (body: unknown, headers: Record<string, string> = {}, query = '') =>
  api.ask('POST', `/api/v1/leads/import/csv${query}`, { body, headers });
const query = (words: Record<string, string>) => `?${new URLSearchParams(words)}`;
const folder = () => readdir(join(api.world.config.DATA_DIR, 'uploads'));
const addLead = async (name: string): Promise<string> =>
  (await api.ask('POST', '/api/v1/tools/create_lead', { body: { name } })).body.result.lead.id;

const list = 'Zone,Firm,Phone,2024\nA,Acme Gutters,(512) 555-0101,5\nB,,(512) 555-0102,=1+1\nC,Acme Gutters,(512) 555-0101,5\n';

describe('an import', () => {
  it('answers flat with counts, what columns were taken for, samples and how it was read', async () => {
    const { status, body } = await run(list, csv, query({ fileName: 'acme.csv', mapping: '{"Zone": "ignore"}' }));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      importId: expect.any(String),
      imported: 1,
      merged: 0,
      duplicates: 1,
      review: 0,
      failed: 1,
      rows: 3,
      durationSeconds: expect.any(Number),
      mapping: { Zone: 'ignore', Firm: 'name', Phone: 'phone' },
      format: { kind: 'text', delimiter: ',', headerLine: 1 },
      samples: { rejected: [{ line: 3 }], duplicate: [{ line: 4, lead: 'Acme Gutters' }] },
      receipt: { tool: 'import_leads' },
    });
    expect(body.columns[0]).toMatchObject({ header: 'Zone', because: 'chosen', samples: ['A', 'B', 'C'] });
  });

  it('of a dry run changes nothing, and says what the import after it changed', async () => {
    const text = 'Company,Phone\nDry Docks,(512) 555-0111\n';
    const { uploadId } = (await api.ask('POST', '/api/v1/uploads', { body: text, headers: csv })).body;
    const dry = await run({ uploadId }, {}, '?dryRun=true');
    expect(dry.body).toMatchObject({ dryRun: true, imported: 1 });
    expect((await api.ask('GET', `/api/v1/imports/${dry.body.importId}`)).status).toBe(404);
    await api.ask('POST', '/api/v1/tools/create_lead', { body: { name: 'Dry Docks', phone: '512-555-0111' } });
    expect((await run({ uploadId })).body).toMatchObject({
      imported: 0,
      duplicates: 1,
      changedSincePreview: { count: 1, rows: [{ line: 2, name: 'Dry Docks', was: 'new' }] },
    });
  });

  it('takes a list as whatever programs call it, packed or not', async () => {
    const types = [
      ['text/tab-separated-values', 'Company\tPhone\nTabbed Tents\t(512) 555-0121\n'],
      ['application/gzip', gzipSync('Company,Phone\nZipped Zips,(512) 555-0122\n')],
      ['application/octet-stream', 'Company,Phone\nOctet Oven,(512) 555-0123\n'],
      ['application/x-www-form-urlencoded', 'Company,Phone\nCurled Cables,(512) 555-0124\n'],
    ] as const;
    for (const [type, body] of types)
      expect((await run(body, { 'content-type': type })).body, type).toMatchObject({ imported: 1, failed: 0 });
  });

  it('reads mapping, sheet and headerLine from the fields of a form, before the file or after it', async () => {
    for (const [i, first] of [true, false].entries()) {
      const form = new FormData();
      const fields = () => {
        form.append('mapping', JSON.stringify({ x: 'name' }));
        form.append('headerLine', '2');
        form.append('sheet', '');
      };
      if (first) fields();
      form.append('file', new Blob([`a list\nx,y\nForm Forge ${i},1\n`]), 'form.csv');
      if (!first) fields();
      const { body } = await run(form);
      expect(body).toMatchObject({ imported: 1, mapping: { x: 'name' }, format: { headerLine: 2 }, fileName: 'form.csv' });
    }
    const inJson = 'x,y\nJson Joists,1\n';
    const { uploadId } = (await api.ask('POST', '/api/v1/uploads', { body: inJson, headers: csv })).body;
    expect((await run({ uploadId, mapping: { x: 'name' }, headerLine: 1 })).body).toMatchObject({ imported: 1 });
  });

  it('refuses what is no list in our words, and leaves no file behind', async () => {
    const before = await folder();
    const png = await run(new Uint8Array([137, 80, 78, 71]), { 'content-type': 'image/png' });
    expect([png.status, png.body.error.code]).toEqual([415, 'invalid_input']);
    expect(png.body.error.message).toContain('image/png');
    expect((await run(list, csv, query({ mapping: '{Zone' }))).body.error.message).toContain('mapping is JSON');
    const form = new FormData();
    form.append('file', new Blob([list]), 'form.csv');
    form.append('headerLine', 'two');
    expect((await run(form)).status).toBe(400);
    expect(await folder()).toEqual(before);
    const nameless = await run('a,b\n1,2\n', csv);
    expect(nameless.status).toBe(400);
    expect(nameless.body.error).toMatchObject({ code: 'invalid_input', details: { headers: ['a', 'b'] } });
    expect((await run(list, csv, query({ mapping: '{"Zone": 5}' }))).status).toBe(400);
  });
});

describe('the imports', () => {
  const newest = async () => (await api.ask('GET', '/api/v1/imports?limit=1')).body.imports[0];

  it('are listed, and each tells its counts and columns in the order of the file', async () => {
    const { body } = await run(list.replaceAll('Acme', 'Listed').replaceAll('512', '737'), csv);
    expect(await newest()).toMatchObject({ id: body.importId, state: 'done', imported: 1, failed: 1, waiting: 0 });
    expect((await api.ask('GET', `/api/v1/imports/${body.importId}`)).body).toMatchObject({
      id: body.importId,
      headers: ['Zone', 'Firm', 'Phone', '2024'],
      mapping: { Firm: 'name' },
    });
    expect((await api.ask('GET', `/api/v1/imports/${crypto.randomUUID()}`)).status).toBe(404);
  });

  it('give their left-out rows as a CSV in the order of the file, where no cell is a formula', async () => {
    const { id } = await newest();
    const answer = await api.ask('GET', `/api/v1/imports/${id}/rows?format=csv`);
    expect(answer.headers.get('content-type')).toContain('text/csv');
    expect(answer.headers.get('content-disposition')).toContain(`left-out-${id}.csv`);
    expect(answer.body.split('\r\n')[0]).toBe('line,outcome,reason,confidence,lead,Zone,Firm,Phone,2024');
    const rows = parse(answer.body, { columns: true, bom: true }) as Record<string, string>[];
    expect(rows).toMatchObject([
      { line: '3', outcome: 'rejected', lead: '', Zone: 'B', 2024: "'=1+1" },
      { line: '4', outcome: 'duplicate', lead: 'Listed Gutters', Zone: 'C' },
    ]);
    const some = await api.ask('GET', `/api/v1/imports/${id}/rows?format=csv&outcome=duplicate,merged`);
    expect(parse(some.body, { columns: true, bom: true })).toMatchObject([{ line: '4' }]);
    for (const wrong of ['outcome=lost', 'cursor=99999999999', 'limit=0', 'format=xml'])
      expect((await api.ask('GET', `/api/v1/imports/${id}/rows?${wrong}`)).status, wrong).toBe(400);
  });

  it('give empty cells as empty whatever their columns are called, and quote what spreadsheets may cut at', async () => {
    const head = 'Company,constructor,toString,__proto__,Note';
    const { body } = await run(`${head}\n,,,,a;b\n,x,y,z,"a\tb"\n`, csv, query({ headerLine: '1' }));
    const answer = await fetch(`${api.url}/api/v1/imports/${body.importId}/rows?format=csv`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    // the mark that tells Excel on Windows what the letters are
    expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
    const [first, ...lines] = bytes.subarray(3).toString().split('\r\n');
    expect(first).toBe(`line,outcome,reason,confidence,lead,${head}`);
    expect(lines[0]).toMatch(/,,,,,"a;b"$/);
    expect(lines[1]).toMatch(/,,x,y,z,"a\tb"$/);
  });

  it('give them as JSON page by page, each row once and in the order of the file', async () => {
    const rows = Array.from({ length: 45 }, (_, i) => (i % 3 ? `,(512) 556-${1000 + i}` : `Paged Pipes,(512) 557-1000`));
    const { body } = await run(`Company,Phone\n${rows.join('\n')}\n`, csv);
    const lines: number[] = [];
    let cursor: string | undefined;
    do {
      const page = (await api.ask('GET', `/api/v1/imports/${body.importId}/rows?limit=10${cursor ? `&cursor=${cursor}` : ''}`))
        .body;
      lines.push(...page.rows.map((row: { line: number }) => row.line));
      cursor = page.nextCursor;
    } while (cursor);
    expect(lines).toEqual(Array.from({ length: 44 }, (_, i) => i + 3));
  });

  it('stream many rows only as fast as they are read', async () => {
    const leadId = await addLead('Streamed Stairs');
    const name = (i: number) => `Streamed ${i} ${'x'.repeat(3000)}`;
    const rows = Array.from({ length: 8000 }, (_, i) => ({ line: i + 2, company: { name: name(i) }, leadId }));
    const id = await importInReview(api.world, rows, 'many.csv');
    const path = `/api/v1/imports/${id}/rows?format=csv`;
    let asked = 0;
    const clients = new Map<PoolClient, PoolClient['query']>();
    // only looks at these rows: the queue and the signals use the pool too
    const watch = (client: PoolClient) => {
      if (clients.has(client)) return;
      const { query } = client;
      clients.set(client, query);
      client.query = ((...args: [{ text?: string } | string]) => {
        const text = typeof args[0] === 'string' ? args[0] : args[0]?.text;
        if (/^\s*SELECT[\s\S]*import_rows/i.test(text ?? '')) asked++;
        return (query as (...all: unknown[]) => unknown).apply(client, args);
      }) as PoolClient['query'];
    };
    api.world.database.pool.on('acquire', watch);
    const stop = new AbortController();
    const answer = await fetch(api.url + path, { signal: stop.signal });
    await answer.body!.getReader().read();
    await sleep(1000);
    const unread = asked;
    stop.abort();
    await sleep(300);
    asked = 0;
    const whole = await api.ask('GET', path);
    api.world.database.pool.off('acquire', watch);
    for (const [client, query] of clients) client.query = query;
    expect(unread).toBeGreaterThan(0);
    expect(whole.body.split('\r\n')).toHaveLength(8002);
    // what the connection itself holds may be a few of the eight pages, never all
    expect(unread).toBeLessThan(asked);
  });

  it('have their rows in review decided, each once', async () => {
    const leadId = await addLead('Reviewed Rafters');
    const rows = [2, 3, 4].map((line) => ({ line, company: { name: `Reviewed ${line}`, city: 'Reno' }, leadId }));
    const id = await importInReview(api.world, rows);
    const review = (body: unknown, more = '') => api.ask('POST', `/api/v1/imports/${id}/review${more}`, { body });
    expect((await review({ lines: [2], decision: 'same' }, '?dryRun=true')).body).toMatchObject({ dryRun: true, decided: 1 });
    const same = await review({ lines: [2], decision: 'same' });
    expect(same.body).toMatchObject({ decided: 1, waiting: 2, rows: [{ line: 2, leadId }], receipt: { undoable: true } });
    expect((await review({ lines: [2], decision: 'new' })).body.error).toMatchObject({ code: 'conflict' });
    for (const lines of [[], [1e12], ['2'], null]) expect((await review({ lines, decision: 'new' })).status).toBe(400);
    expect((await review({ decision: 'new' })).status).toBe(400);
    expect((await review({ all: true, decision: 'drop' })).body).toMatchObject({ decided: 2, waiting: 0 });
    expect((await api.ask('POST', `/api/v1/receipts/${same.body.receipt.id}/undo`)).status).toBe(200);
    const left = (await api.ask('GET', `/api/v1/imports/${id}/rows?outcome=review`)).body.rows;
    expect(left.map((row: { decision: string | null }) => row.decision)).toEqual([null, 'drop', 'drop']);
  });
});

describe('what a killed import leaves on the disk', () => {
  it('goes with the next sweep once it is old, and what is being worked on stays', async () => {
    const { uploadId } = (await api.ask('POST', '/api/v1/uploads', { body: list, headers: csv })).body;
    const [left, busy] = [await api.world.deps.files.workFolder(uploadId), await api.world.deps.files.workFolder(uploadId)];
    await writeFile(join(left, 'known'), 'half');
    const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);
    await utimes(left, ago(91), ago(91));
    await utimes(busy, ago(59), ago(59));
    await api.world.deps.db.records(api.world.owner).enqueue('sweep', { slot: 'test' }, { key: 'sweep@test', maxAttempts: 2 });
    for (const end = Date.now() + 60_000; (await folder()).includes(basename(left)) && Date.now() < end; ) await sleep(20);
    expect(await folder()).not.toContain(basename(left));
    expect(await folder()).toEqual(expect.arrayContaining([uploadId, basename(busy)]));
  });
});

describe('a job', () => {
  const events = (text: string) =>
    text
      .split('\n\n')
      .filter((block) => block.startsWith('id: '))
      .map((block) => {
        const [, id, type, data] = /^id: (.*)\nevent: (.*)\ndata: (.*)$/.exec(block)!;
        return { id: id!, type: type!, data: JSON.parse(data!) as Record<string, unknown> };
      });
  const start = async (rows: number, name: string): Promise<string> => {
    const text = `Company,City\n${Array.from({ length: rows }, (_, i) => `${name} ${i} Works,Reno`).join('\n')}\n`;
    const { uploadId } = (await api.ask('POST', '/api/v1/uploads', { body: text, headers: csv })).body;
    return (await api.ask('POST', '/api/v1/jobs', { body: { tool: 'import_leads', input: { uploadId } } })).body.jobId;
  };

  it('is followed by events: progress, then how it ended; and who has heard the end is told to stay away', async () => {
    const id = await start(20_000, 'Followed');
    const followed = await api.ask('GET', `/api/v1/jobs/${id}/events`);
    expect(followed.headers.get('content-type')).toContain('text/event-stream');
    const heard = events(followed.body);
    expect(heard.slice(0, -1).every(({ type, data }) => type === 'progress' && typeof data['done'] === 'number')).toBe(true);
    expect(heard.at(-1)).toMatchObject({ type: 'done', data: { state: 'succeeded', result: { importId: id, rows: 20_000 } } });
    expect(new Set(heard.map((event) => event.id)).size).toBe(heard.length);
    const again = (last: string) => api.ask('GET', `/api/v1/jobs/${id}/events`, { headers: { 'last-event-id': last } });
    expect((await again(heard.at(-1)!.id)).status).toBe(204);
    expect(events((await again(heard[0]!.id)).body).map(({ type }) => type)).toEqual(['done']);
  });

  it('that fails tells why, and is nobody else’s to follow', async () => {
    const { uploadId } = (await api.ask('POST', '/api/v1/uploads', { body: 'a,b\n1,2\n', headers: csv })).body;
    const { jobId } = (await api.ask('POST', '/api/v1/jobs', { body: { tool: 'import_leads', input: { uploadId } } })).body;
    const { body } = await api.ask('GET', `/api/v1/jobs/${jobId}/events`);
    expect(events(body).at(-1)).toMatchObject({
      type: 'done',
      data: { state: 'failed', error: { code: 'invalid_input', details: { headers: ['a', 'b'] } } },
    });
    const ann = await api.keyOf('ann', 'rep');
    expect((await api.ask('GET', `/api/v1/jobs/${jobId}/events`, { key: ann })).status).toBe(404);
  });

  it('is no longer asked for when its follower hangs up', async () => {
    const idle = await openApi({ worker: false });
    const { uploadId } = (await idle.ask('POST', '/api/v1/uploads', { body: list, headers: csv })).body;
    const { jobId } = (await idle.ask('POST', '/api/v1/jobs', { body: { tool: 'import_leads', input: { uploadId } } })).body;
    let text = '';
    const follower = httpRequest(`${idle.url}/api/v1/jobs/${jobId}/events`, { agent: false }, (response) =>
      response
        .on('data', (piece) => {
          text += piece;
        })
        .on('error', () => undefined),
    ).on('error', () => undefined);
    follower.end();
    while (!text.includes('event: progress')) await sleep(20);
    expect(text).toContain('"state":"queued"');
    let asked = 0;
    const since = performance.now();
    idle.world.database.pool.on('acquire', () => asked++);
    await sleep(2000);
    // looked at now and then, not in a hurry
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThanOrEqual(4 * Math.ceil((performance.now() - since) / 1000));
    follower.destroy();
    const inOneSecond = async () => {
      asked = 0;
      await sleep(1000);
      return asked;
    };
    await expect.poll(inOneSecond).toBe(0);
    await idle.close();
  });
});
