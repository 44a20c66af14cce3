import { describe, expect, it } from 'vitest';
import { readLeads } from '../../src/imports/prepare.ts';
import { importList, options } from './lists.ts';

describe('a list as a file', () => {
  it.each([
    ['commas', 'Company,City\nAcme,Waco\n'],
    ['semicolons, with commas in the cells', 'Company;City\nAcme;"Waco"\nBolt, Nut & Co;Waco\nC, D, E;Waco\n'],
    ['tabs', 'Company\tCity\nAcme\tWaco\n'],
    ['bars', 'Company|City\nAcme|Waco'],
    ['a byte order mark and quotes', '\ufeff"Company","City"\r\n"Acme","Waco"\r\n'],
    ['the line in which Excel names the separator', '\ufeffsep=;\r\nCompany;City\r\nAcme;Waco\r\n'],
    ['old Mac line ends', 'Company,City\rAcme,Waco\r'],
    ['blank lines above and between', '\n\nCompany,City\n\n , \nAcme,Waco\n\n'],
  ])('is read with %s', async (_, text) => {
    for (const size of [1, 64 * 1024]) {
      const { leads, rejected } = await importList(text, size);
      expect(leads[0]).toMatchObject({ name: 'Acme', city: 'Waco' });
      expect(rejected).toEqual([]);
    }
  });

  it('keeps delimiters, quotes and line breaks that stand inside quotes', async () => {
    const { leads } = await importList('Company,Notes\n"Acme, ""The"" Co","one\r\ntwo; three"\n5" Pipe Co,x\n');
    expect(leads.map((l) => [l.name, l.attributes.notes])).toEqual([
      ['Acme, "The" Co', 'one\ntwo; three'],
      ['5" Pipe Co', 'x'],
    ]);
  });

  it('names the line of the file that each row starts on', async () => {
    const text = 'Company,Notes\r\nA,"x\r\ny\r\n\r\nz"\r\nB,\r\n\r\n\r\nC,d\n,no name\n"E\nF",g\nH,';
    for (const size of [1, 7, 64 * 1024]) {
      const { leads, rejected } = await importList(text, size);
      expect(leads.map((l) => [l.name, l.line])).toEqual([
        ['A', 2],
        ['B', 6],
        ['C', 9],
        ['E F', 11],
        ['H', 13],
      ]);
      expect(rejected).toEqual([{ line: 10, reason: 'no company name', raw: { Notes: 'no name' } }]);
    }
  });

  it('cuts no character in two, wherever the pieces end', async () => {
    const text = 'Company,City\nŻółć Ñandú 株式会社 🏗️,München\n'.normalize('NFC');
    for (const size of [1, 2, 3, 5]) {
      expect((await importList(text, size)).leads[0]).toMatchObject({ name: 'Żółć Ñandú 株式会社 🏗️', city: 'München' });
    }
  });

  it('pads short rows and keeps what stands beyond the header', async () => {
    const { leads } = await importList('Company,City,State\nA\nB,Waco,TX,extra,,more\n');
    expect(leads[0]).toMatchObject({ name: 'A', attributes: {} });
    expect(leads[0]!.city).toBeUndefined();
    expect(leads[1]).toMatchObject({ city: 'Waco', state: 'TX', attributes: { 'column 4': 'extra', 'column 6': 'more' } });
  });
});

describe('a file that is no list', () => {
  it.each([
    ['an Excel workbook', Buffer.from([0x50, 0x4b, 3, 4, 20, 0, 6, 0]), /Excel workbook/],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), /picture/],
    ['a PDF', Buffer.from('%PDF-1.7\n'), /PDF/],
    ['UTF-16 text', Buffer.from('\ufeffCompany,City\nA,B', 'utf16le'), /UTF-16/],
    ['full of NULs', Buffer.alloc(500), /not text/],
    ['Latin-1 text', Buffer.from('Company\nAcme\nCaf\xe9\n', 'latin1'), /not UTF-8 text \(around line 3\)/],
  ])('is refused when it is %s, with what to do instead', async (_, bytes, message) => {
    const refusal = importList(bytes);
    await expect(refusal).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringMatching(message) });
    await expect(refusal).rejects.toThrow(/CSV UTF-8/);
  });

  it.each([
    ['empty', '', /file is empty/],
    ['blank', '\n \n,,\n', /file is empty/],
    ['a header alone', 'Company,City\n\n', /no rows/],
  ])('is refused when it is %s', async (_, text, message) => {
    await expect(importList(text)).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringMatching(message) });
  });

  it('is refused without a column of names, telling which headers are understood', async () => {
    await expect(importList('Ref,E-Mail,Tel\n1,a@b.co,7135550142\n')).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(/Ref, E-Mail, Tel.*"E-Mail" as email, "Tel" as phone.*"Company"/),
      details: { headers: ['Ref', 'E-Mail', 'Tel'] },
    });
  });

  it('is refused with the line when a quote is never closed', async () => {
    await expect(importList('Company,City\nA,Waco\nB,"Waco\nC,Waco\n')).rejects.toMatchObject({
      code: 'invalid_input',
      details: { line: 3 },
    });
  });

  it('is refused with the line when a cell passes 10 MB', async () => {
    const cell = 'x'.repeat(10 * 1024 * 1024 + 1);
    await expect(importList(`Company,City\nA,Waco\nB,${cell}\n`)).rejects.toMatchObject({
      code: 'too_large',
      details: { line: 3 },
    });
  });

  it('takes no row and no header of more than 5,000 columns', async () => {
    const { leads, rejected } = await importList(`Company\nA${',x'.repeat(5000)}\nB\n`);
    expect(leads.map((l) => l.name)).toEqual(['B']);
    expect(rejected[0]).toMatchObject({ line: 2, reason: '5001 columns, where at most 5000 are read' });
    await expect(importList(`Company${',x'.repeat(5000)}\nA\n`)).rejects.toMatchObject({
      code: 'too_large',
      details: { line: 1 },
    });
  });
});

describe('reading', () => {
  const row = 'Acme Power,(713) 555-0142,Waco\n';

  /** An endless file that counts what is taken from it. */
  function endless() {
    const state = { taken: 0, closed: false };
    async function* bytes(): AsyncGenerator<Buffer> {
      try {
        yield Buffer.from('Company,Phone,City\n');
        for (;;) {
          state.taken++;
          yield Buffer.from(row.repeat(1000));
        }
      } finally {
        state.closed = true;
      }
    }
    return { state, bytes: bytes() };
  }

  it('takes no more of the file than the rows that are asked for', async () => {
    const { state, bytes } = endless();
    const { rows } = await readLeads(bytes, options());
    const takenForTheHead = state.taken;
    let seen = 0;
    for await (const _ of rows) if (++seen === 5000) break;
    expect(takenForTheHead).toBeLessThanOrEqual(4);
    expect(state.taken).toBeLessThanOrEqual(7);
    expect(state.closed).toBe(true);
  });

  it('closes a file that it refuses', async () => {
    let closed = false;
    async function* bytes(): AsyncGenerator<Buffer> {
      try {
        yield Buffer.from('Ref\n1\n');
        yield Buffer.from('2\n');
      } finally {
        closed = true;
      }
    }
    await expect(readLeads(bytes(), options())).rejects.toThrow(/company names/);
    expect(closed).toBe(true);
  });

  it('stops when told to, between rows', async () => {
    const { state, bytes } = endless();
    const controller = new AbortController();
    const { rows } = await readLeads(bytes, options({ signal: controller.signal }));
    const all = (async () => {
      let seen = 0;
      for await (const _ of rows) if (++seen === 3000) controller.abort();
    })();
    await expect(all).rejects.toMatchObject({ name: 'AbortError' });
    expect(state.taken).toBeLessThan(10);
  });

  it('stops when told to, while the file hangs', async () => {
    const controller = new AbortController();
    async function* hanging(): AsyncGenerator<Buffer> {
      yield Buffer.from('Company\nA\n');
      await new Promise(() => {});
    }
    const reading = readLeads(hanging(), options({ signal: controller.signal }));
    controller.abort();
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('tells how far it is', async () => {
    const told: number[] = [];
    await importList(`Company,Phone,City\n${row.repeat(10_000)}`, undefined, { onProgress: (rows) => told.push(rows) });
    expect(told.length).toBeGreaterThan(2);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.at(-1)).toBe(10_000);
  });

  it('passes on what goes wrong with the file itself', async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield Buffer.from(`Company,Phone,City\n${row.repeat(5000)}`);
      throw new Error('disk gone');
    }
    const { rows } = await readLeads(broken(), options());
    const all = (async () => {
      for await (const _ of rows);
    })();
    await expect(all).rejects.toThrow('disk gone');
  });

  it('gives the same rows however the bytes arrive', async () => {
    const text = `Company,Phone,City\n${row.repeat(50)}"Żółć, Inc","x",\n`;
    const whole = await importList(text);
    for (const size of [3, 64, 1000]) expect((await importList(text, size)).leads).toEqual(whole.leads);
  });
});
