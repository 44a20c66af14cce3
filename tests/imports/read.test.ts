import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listOf } from './files.ts';

const header = 'Company,City,Notes';

describe('the text of a list', () => {
  it.each([
    ['commas', 'Company,City\nAcme,Waco\n'],
    ['semicolons, with commas in the cells', 'Company;City\nAcme;"Waco"\nBolt, Nut & Co;Waco\nC, D, E;Waco\n'],
    ['tabs', 'Company\tCity\nAcme\tWaco\n'],
    ['tabs, with commas in every row', 'Company\tCity\nAcme\tWaco\nBolt, Inc\tAustin, TX\n'],
    ['bars', 'Company|City\nAcme|Waco'],
    ['circumflexes', 'Company^City\nAcme^Waco\n'],
    ['single quotation marks', "'Company','City'\n'Acme','Waco'\n'Tom''s, Inc','Waco'\n"],
    ['a byte order mark and quotes', '\ufeff"Company","City"\r\n"Acme","Waco"\r\n'],
    ['the line in which Excel names the separator', '\ufeffsep=;\r\nCompany;City\r\nAcme;Waco\r\n'],
    ['a separator of its own', 'sep=~\nCompany~City\nAcme~Waco\n'],
    ['old Mac line ends', 'Company,City\rAcme,Waco\r'],
    ['mixed line ends', 'Company,City\r\nAcme,Waco\rBolt,Waco\nCarl,Waco'],
    ['blank lines above and between', '\n\nCompany,City\n\n , \nAcme,Waco\n\n'],
    ['spaces before quotes', 'Company, City\n"Acme", "Waco"\n"Bolt, Inc", "Waco"\n'],
  ])('is read with %s', async (_, text) => {
    const { header, cells } = await listOf(text);
    expect(header.map((name) => name.trim())).toEqual(['Company', 'City']);
    expect(cells[0]).toEqual(['Acme', 'Waco']);
    expect(cells.every((row) => row.length === 2)).toBe(true);
  });

  it('is cut as the name of the file says when both would do', async () => {
    const text = 'Company\tCity,State\nAcme\tWaco,TX\nBolt\tWaco,TX\n';
    expect((await listOf(text, { fileName: 'Leads.TSV' })).header).toEqual(['Company', 'City,State']);
  });

  it('is not cut at the commas of prose', async () => {
    const { cells } = await listOf('Company\tCity, State\nAcme\tWaco, TX\nBolt\tAustin, TX\n');
    expect(cells).toEqual([
      ['Acme', 'Waco, TX'],
      ['Bolt', 'Austin, TX'],
    ]);
  });

  it('is cut as its first rows are, whatever most of the later ones hold', async () => {
    const plain = 'Company,City,State,Notes\n' + 'Acme,Waco,TX,x\n'.repeat(30);
    const { format } = await listOf(plain + ',"\t",Acme\n,","\n'.repeat(200));
    expect(format).toMatchObject({ delimiter: ',' });
  });

  it('is not cut at decimal commas', async () => {
    const { cells } = await listOf('Company;City;Score\nAcme;Waco;1,5\nBolt;Waco;2,5\n');
    expect(cells).toEqual([
      ['Acme', 'Waco', '1,5'],
      ['Bolt', 'Waco', '2,5'],
    ]);
  });

  it('keeps delimiters, quotes and line breaks that stand inside quotes', async () => {
    const { cells } = await listOf('Company,Notes\n"Acme, ""The"" Co","one\r\ntwo; three"\n5" Pipe Co,x\n');
    expect(cells).toEqual([
      ['Acme, "The" Co', 'one\r\ntwo; three'],
      ['5" Pipe Co', 'x'],
    ]);
  });

  it('names the line of the file that each row starts on', async () => {
    const { lines, cells } = await listOf('Company,Notes\r\nA,"x\r\ny\r\n\r\nz"\r\nB,\r\n\r\n\r\nC,d\n,no name\n"E\nF",g\nH,');
    expect(lines).toEqual([2, 6, 9, 10, 11, 13]);
    expect(cells.at(-1)).toEqual(['H', '']);
  });

  it('counts the line that names the separator', async () => {
    const { lines, format } = await listOf('sep=;\r\nCompany;City\r\nAcme;Waco\r\n');
    expect([format.headerLine, ...lines]).toEqual([2, 3]);
  });

  it('leaves short rows short and long rows long', async () => {
    const { cells } = await listOf('Company,City,State\nA\nB,Waco,TX,extra,,more\nC,Waco,TX\n');
    expect(cells.slice(0, 2)).toEqual([['A'], ['B', 'Waco', 'TX', 'extra', '', 'more']]);
  });

  it('gives rows of any width', async () => {
    const { cells } = await listOf(`${header}\nA${',x'.repeat(6000)}\nB,Waco,\n`);
    expect(cells.map((row) => row.length)).toEqual([6001, 3]);
  });

  it('keeps names with commas whole in a list of one column', async () => {
    const { header, cells } = await listOf('Company\nAcme, Inc.\nBolt LLC\nCarl, Dora, Inc.\n');
    expect(header).toEqual(['Company']);
    expect(cells).toEqual([['Acme, Inc.'], ['Bolt LLC'], ['Carl, Dora, Inc.']]);
  });

  it('lets NULs and control characters pass', async () => {
    const { cells } = await listOf(`${header}\nA\0cme,Wa\u0001co,x\nBolt,Waco,\u001b[1m\n`);
    expect(cells).toEqual([
      ['A\0cme', 'Wa\u0001co', 'x'],
      ['Bolt', 'Waco', '\u001b[1m'],
    ]);
  });
});

describe('a quotation mark that stands wrong', () => {
  it.each([
    ['in a quoted cell is text', 'a,"John "Johnny" Smith",x', [['a', 'John "Johnny" Smith', 'x']]],
    ['around the first words of a cell is text', '"The Shop" Ltd,Waco,x', [['"The Shop" Ltd', 'Waco', 'x']]],
    ['before quoted cells is text', '"The Shop" Ltd,"Waco, TX",x', [['"The Shop" Ltd', 'Waco, TX', 'x']]],
    ['after a comma in a quoted cell is text', '"Acme, "The" Co",Waco,x', [['Acme, "The" Co', 'Waco', 'x']]],
    [
      'and never closes is text when the next quoted cell begins',
      '"5 pipe,a,b\nAcme,"Waco, TX",c',
      [
        ['"5 pipe', 'a', 'b'],
        ['Acme', 'Waco, TX', 'c'],
      ],
    ],
    [
      'on its own lines swallows nothing',
      '"Big" Joe,a,b\nBolt,c,d\n"Big" Tom,e,f',
      [
        ['"Big" Joe', 'a', 'b'],
        ['Bolt', 'c', 'd'],
        ['"Big" Tom', 'e', 'f'],
      ],
    ],
    ['at the end of a cell is text', '6" pipe,12",x', [['6" pipe', '12"', 'x']]],
  ])('%s', async (_, text, expected) => {
    expect((await listOf(`${header}\n${text}\n`)).cells).toEqual(expected);
  });

  it('is named with its line when it swallows the rest of the file', async () => {
    await expect(listOf('Company,City\nA,Waco\nB,"Waco\nC,Waco\n')).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(/line 3 is never closed/),
      details: { line: 3 },
    });
  });

  it('costs no more than its own length, however many there are', async () => {
    for (const piece of [',""c', '"a"b,', ', "c', ',"""x']) {
      await listOf(`${header}\nA,b,c\n"x"y${piece.repeat(200_000)}\nB,c,d\n`).catch(() => {});
    }
  });
});

describe('a row that is too large', () => {
  const cell = 'x'.repeat(10 * 1024 * 1024 + 1);

  it.each([
    ['a cell of more than 10 MB', `${header}\nA,Waco,\nB,${cell}\n`],
    ['a cell of more than 10 MB with rows behind it', `${header}\nA,Waco,\nB,${cell}\nC,Waco,\n`],
    ['a quotation mark that swallows more than 10 MB', `${header}\nA,Waco,\nB,"x\n${`${cell.slice(0, 1000)}\n`.repeat(10_600)}`],
  ])('is refused with its line: %s', async (_, text) => {
    await expect(listOf(text)).rejects.toMatchObject({
      code: 'too_large',
      message: expect.stringMatching(/line 3 is larger than 10 MB.*quotation mark/),
      details: { line: 3 },
    });
  });

  it('is read when it has a little less', async () => {
    const { cells } = await listOf(`${header}\nA,"${'x\n'.repeat(4_000_000)}",Waco\nB,,Waco\n`);
    expect(cells.map((row) => row[1]!.length)).toEqual([8_000_000, 0]);
  });
});

describe('whatever the cells hold', () => {
  const cell = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('', 'Acme', '12', ' x ', 'Zoë', '株式会社', '🏗️', 'é') },
    {
      weight: 3,
      arbitrary: fc.string({ unit: fc.constantFrom('"', "'", ',', ';', '\t', '|', '\n', '\r', ' ', 'a', 'ü'), maxLength: 8 }),
    },
    { weight: 1, arbitrary: fc.constantFrom('x'.repeat(3000), 'line\n'.repeat(400)) },
  );
  const dialect = fc.record({
    delimiter: fc.constantFrom(',', ';', '\t', '|'),
    quote: fc.constantFrom('"' as const, "'" as const),
    lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
    encoding: fc.constantFrom('utf8' as const, 'utf16le' as const),
    quoteAll: fc.boolean(),
    copies: fc.constantFrom(1, 200),
  });

  it('it comes out as it went in, with the right line, wherever a block ends', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 12 }),
        dialect,
        async (some, d) => {
          const rows = Array.from({ length: d.copies }, () => some).flat();
          const breaks = (text: string) => text.match(/\r\n|\n|\r/g)?.length ?? 0;
          const write = (text: string, all: boolean) =>
            all || /["',;\t|\n\r]|^ | $/.test(text) ? d.quote + text.replaceAll(d.quote, d.quote + d.quote) + d.quote : text;
          // The head is plain, so that what is tested is reading and not guessing.
          const plainHead = Array.from({ length: 30 }, () => ['Acme', 'Waco', 'TX', 'x']);
          const all = [['Company', 'City', 'State', 'Notes'], ...plainHead, ...rows];
          const quoteAll = d.quoteAll || d.quote === "'";
          const text = all.map((row) => row.map((c) => write(c, quoteAll)).join(d.delimiter) + d.lineEnd).join('');
          let line = 1;
          const expected = all
            .map((cells) => {
              const at = line;
              line += 1 + cells.reduce((sum, c) => sum + breaks(c), 0);
              return { line: at, cells };
            })
            .slice(1)
            .filter(({ cells }) => cells.some((c) => c.trim() !== ''));
          const list = await listOf(Buffer.from(`\ufeff${text}`, d.encoding));
          expect(list.format).toMatchObject({ delimiter: d.delimiter, quote: d.quote });
          expect(list.rows).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('nothing that is no CSV at all breaks anything or gets lost', async () => {
    const unit = fc.constantFrom('"', '""', ',', '\n', '\r', '\r\n', ' ', 'a', 'b', '",', ',"', '\n"', '"\n');
    await fc.assert(
      fc.asyncProperty(fc.string({ unit, maxLength: 60 }), fc.constantFrom(1, 3000), async (mess, copies) => {
        const text = `${header}\nA,B,C\n${`${mess}\n`.repeat(copies)}`;
        const list = await listOf(text, { headerLine: 1 }).catch((error) => {
          expect(error.message).toMatch(/never closed/);
        });
        if (!list) return;
        const letters = (of: string) => of.replace(/[^ab]/g, '').length;
        expect(letters(list.cells.slice(1).flat().join(''))).toBe(letters(mess) * copies);
        expect(list.lines).toEqual([...list.lines].sort((a, b) => a - b));
      }),
      { numRuns: 150 },
    );
  });
});
