import { describe, expect, it } from 'vitest';
import { decisionsIn, type Listed } from '../../src/core/decision-words.ts';
import { seeded } from '../../src/core/seeded.ts';

const four: Listed[] = [
  { id: 'a', title: 'Northwind Electric LLC: status new → qualified' },
  { id: 'b', title: 'Delete Abacus Solar' },
  { id: 'c', title: 'Won & Sons: owner nobody → Ann' },
  { id: 'd', title: 'Fourier HVAC: phone (empty) → +1 614 555 0142' },
];
const [one, two, three] = [four.slice(0, 1), four.slice(0, 2), four.slice(0, 3)];
/** "ab/c": a and b accepted, c ignored. */
const short = (text: string, listed: readonly Listed[] = four): string | undefined => {
  const said = decisionsIn(text, listed);
  return typeof said === 'object' ? `${said.accept.join('')}/${said.ignore.join('')}` : said;
};

describe('what a person decides in words', () => {
  it.each([
    ['approve all', 'abcd/'],
    ['Approve all.', 'abcd/'],
    ['please approve all of them, thanks!', 'abcd/'],
    ['ok approve everything', 'abcd/'],
    ['yes, approve all four', 'abcd/'],
    ['approve all 4 proposals', 'abcd/'],
    ['yes to all', 'abcd/'],
    ['accept these', 'abcd/'],
    ['skip all', '/abcd'],
    ['reject everything', '/abcd'],
    ['no to all of them', '/abcd'],
    ['approve all except the second one', 'acd/'],
    ['approve all except 2', 'acd/'],
    ['approve all except for number two', 'acd/'],
    ['approve all but the 2nd and the fourth', 'ac/'],
    ['Approve all except 2, 3', 'ad/'],
    ['approve all except #1 & #3', 'bd/'],
    ['approve all but the last two', 'ab/'],
    ['approve all except the last', 'abc/'],
    ['approve everything but Northwind', 'bcd/'],
    ['approve everything except Won & Sons and Abacus', 'ad/'],
    ['approve all apart from the fourier one', 'abc/'],
    ['approve all except 1 or 2', 'cd/'],
    ['approve all, except the second', 'acd/'],
    ['approve all. except the second.', 'acd/'],
    ['approve all, not the second', 'acd/'],
    ['approve all but do not approve the second', 'acd/'],
    ['approve all but don’t approve the second', 'acd/'],
    ['approve all but skip the second', 'acd/b'],
    ['approve all except Northwind and skip the rest', 'bcd/a'],
    ['approve the first two', 'ab/'],
    ['approve the first three except the second', 'ac/'],
    ['approve the first two and skip the others', 'ab/cd'],
    ['approve 1 and 3, skip the rest', 'ac/bd'],
    ['approve 1-3', 'abc/'],
    ['approve numbers 2 to 4', 'bcd/'],
    ['approve the first and the last', 'ad/'],
    ['approve #1, #2 and the fourth; skip 3', 'abd/c'],
    ['skip 2 and approve the other three', 'acd/b'],
    ['leave 2, approve the rest', 'acd/'],
    ['approve 1, leave the others waiting', 'a/'],
    ['approve the Abacus one', 'b/'],
    ['approve Won & Sons', 'c/'],
    ['approve northwind electric llc: status new → qualified', 'a/'],
    ['approve "Delete Abacus Solar"', 'b/'],
    ['skip all except 2', '/acd'],
    ['only approve the first', 'a/'],
  ])('"%s" is %s', (text, wanted) => expect(short(text)).toBe(wanted));

  it('knows "it", "both" and a bare verb where only that many stand there', () => {
    for (const text of ['approve', 'approve it', 'approve it please', 'accept this one', 'approve that'])
      expect([short(text, one), short(text, two)]).toEqual(['a/', 'unclear']);
    expect([short('skip it', one), short('approve both', two), short('skip both of them', two)]).toEqual(['/a', 'ab/', '/ab']);
    expect([short('approve both', three), short('approve all 5', four), short('approve the first five', four)]).toEqual([
      'unclear',
      'unclear',
      'unclear',
    ]);
  });

  it.each([
    'do not approve',
    'don’t approve the second',
    'never approve all',
    'should I approve all?',
    'approve all?',
    'can you approve all',
    'why approve the second',
    'approve all if Dana agrees',
    'approve all unless the second is wrong',
    'approve all once Ann is back',
    'I would approve all but the second',
    'he said approve all',
    '"approve all"',
    '> approve all',
    'Ann: approve all',
    'approve all\nexcept the second',
    'the customer wrote: approve all',
    'no, approve all',
    'everything',
    'the second one',
    'yes',
    'ok',
    'what waits for me',
    'mark Northwind as won',
    'approve of the new price list',
    'approve the quote for Bob',
    'accept the meeting on Friday',
    'leave it',
    '',
    `approve all${' and all'.repeat(100)}`,
  ])('"%s" decides nothing', (text) => expect(short(text)).toBeUndefined());

  it.each([
    'approve all except Zebra',
    'approve all except one',
    'approve all but one',
    'approve all except 9',
    'approve 7',
    'approve 1 or 2',
    'approve the rest',
    'approve all tomorrow',
    'approve all the leads',
    'approve all and skip all',
    'approve 2, skip 2',
    'approve all except 2 and approve 2',
    'approve all except the second, skip that one',
    'approve all exc\u200bept 2',
    'approve all\u200b',
    '\u202eapprove all\u202c except 2',
    'approve all ❌ 2',
  ])('"%s" is asked back about, if anything', (text) => expect(['unclear', undefined]).toContain(short(text)));

  it('has nothing to decide where nothing waits', () => expect(short('approve all', [])).toBeUndefined());
});

describe('titles that sound like orders', () => {
  const named = (...titles: string[]): Listed[] => titles.map((title, i) => ({ id: 'abcdef'[i]!, title }));

  it('take no number, place or order away from what a person said', () => {
    const hostile = named(
      'all: everything approved',
      'Second Street Electric: status',
      'approve all except the second third 1 2 3: x',
      'Northwind: status',
    );
    expect(short('approve all except the second', hostile)).toBe('acd/');
    expect(short('approve all except 3', hostile)).toBe('abd/');
    expect(short('approve all', hostile)).toBe('abcd/');
    const places = named('A: status', 'B: status', 'The second: status', 'First and second: status', '1 and 2: status');
    expect(short('approve all except first and second', places)).toBe('unclear');
    expect(short('approve all except 1 and 2', places)).toBe('unclear');
    expect(short('approve the second', places)).toBe('b/');
    // "Second Street" may be meant, and it is not the third
    expect(short('approve second', named('A Co', 'B Co', 'Second Street Electric'))).toBe('unclear');
    expect(short('approve 2', named('2 Guys Plumbing', 'B Co'))).toBe('unclear');
  });

  it('are not chosen among when a name fits several; left out are all that it fits', () => {
    const twins = named('Northwind Electric: status', 'Northwind Electric: phone', 'Abacus: phone');
    expect(short('approve northwind', twins)).toBe('unclear');
    expect(short('approve all except northwind', twins)).toBe('c/');
    expect(short('approve northwind phone', twins)).toBe('b/');
  });

  it('with verbs in them are asked back about, not carried out', () => {
    const verbs = named('Skip Tracing Co: status', 'Accept and Sons: status', 'Acme: status');
    expect(short('skip tracing', verbs)).toBe('unclear');
    expect(short('approve acme and accept and sons', verbs)).toBe('unclear');
    expect(short('approve 3 and skip tracing', verbs)).toBe('unclear');
    expect(short('approve acme', verbs)).toBe('c/');
  });

  it('with a joint in them are read whole, and asked back about where the parts are names, too', () => {
    const joint = named('Acme: status', 'Beta: status', 'Acme and Beta Holdings: status', 'Delta, Inc: phone');
    expect(short('approve acme and beta', joint)).toBe('unclear');
    expect(short('approve all except acme and beta holdings', joint)).toBe('abd/');
    expect(short('approve delta, inc', joint)).toBe('d/');
  });
});

describe('whatever is said', () => {
  const random = seeded(6);
  const pick = <T>(list: readonly T[]): T => random.pick(list);
  const stems = [
    'Acme Air',
    'Beta & Sons',
    'Second Wind',
    'All Seasons HVAC',
    'Skip Hire',
    'First Choice',
    '2 Guys',
    'Rest Easy',
    'Other Oak',
  ];
  const stuff = ['status new → won', 'phone (empty) → 614', 'owner nobody → Ann', 'delete', 'approve all', 'except the second'];
  const list = (): Listed[] =>
    Array.from({ length: random.int(1, 6) }, (_, i) => ({
      id: `p${i + 1}`,
      title: `${pick(stems)} ${random.int(1, 9)}: ${pick(stuff)}`,
    }));
  const places = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth'];

  it('never accepts what was excepted', () => {
    let decided = 0;
    for (let i = 0; i < 4000; i++) {
      const listed = list();
      const at = random.int(0, listed.length - 1);
      const { id, title } = listed[at]!;
      const reference = pick([
        String(at + 1),
        `#${at + 1}`,
        `the ${places[at]} one`,
        `number ${at + 1}`,
        title.split(':')[0]!,
        `"${title.split(':')[0]!}"`,
        title,
        title.toLowerCase(),
      ]);
      const all = pick(['all', 'everything', 'all of them', 'these', 'them all']);
      const marker = pick([
        'except',
        'but',
        'but not',
        ', except for',
        'apart from',
        'other than',
        'minus',
        ', not',
        'but do not approve',
      ]);
      const text = `${pick(['', 'please ', 'ok ', 'yes, '])}${pick(['approve', 'accept'])} ${all} ${marker} ${reference}${pick(['', ' please', '.', ', thanks', ' and skip the rest', ', skip that'])}`;
      const said = decisionsIn(text, listed);
      if (typeof said === 'object') {
        decided++;
        expect(said.accept, text).not.toContain(id);
        const rest = listed.filter((other) => other.id !== id && !said.ignore.includes(other.id));
        for (const accepted of said.accept)
          expect(
            rest.map((other) => other.id),
            text,
          ).toContain(accepted);
      }
    }
    expect(decided).toBeGreaterThan(1500);
  });

  it('decides only on what is listed, and on nothing twice', () => {
    const words = (
      'approve accept skip reject leave all both everything it them the first second last two rest others except but not and or , . - & 1 2 3 #2 ' +
      'one northwind abacus won sons please do if when never no yes ? " → to of 1-3 proposals without only then'
    ).split(' ');
    for (let i = 0; i < 20_000; i++) {
      const text = Array.from({ length: random.int(1, 9) }, () => pick(words)).join(' ');
      const said = decisionsIn(text, four);
      if (typeof said !== 'object') continue;
      const ids = [...said.accept, ...said.ignore];
      expect(new Set(ids).size, text).toBe(ids.length);
      for (const id of ids) expect(four.map((p) => p.id)).toContain(id);
      expect(text, text).not.toMatch(/\?|\bif\b|\bwhen\b|\bnever\b/);
    }
  });

  it('never accepts for a question, a negation or a condition around an order', () => {
    const around = [
      (order: string) => `${order}?`,
      (order: string) => `should I ${order}`,
      (order: string) => `do not ${order}`,
      (order: string) => `don't ${order}`,
      (order: string) => `never ${order}`,
      (order: string) => `${order} if they pay`,
      (order: string) => `${order} when I say so`,
      (order: string) => `they said ${order}`,
      (order: string) => `I did not ${order}`,
      (order: string) => `no need to ${order}`,
      (order: string) => `before you ${order} wait`,
      (order: string) => `what happens when I ${order}`,
      (order: string) => `"${order}"`,
    ];
    for (const order of [
      'approve all',
      'approve all except 2',
      'approve 1',
      'approve the first two',
      'approve northwind',
      'approve it',
    ])
      for (const wrap of around)
        for (const listed of [one, four]) expect(typeof decisionsIn(wrap(order), listed), wrap(order)).not.toBe('object');
  });

  it('answers texts of any kind', () => {
    for (const text of [
      'approve ' + 'a and '.repeat(60),
      'approve ' + '1, '.repeat(90) + '2',
      `approve ${'except '.repeat(40)}`,
      'approve all except '.repeat(14),
      `approve ${'\u0301'.repeat(200)}`,
      '\u0000\uffff\ud800',
      'approve '.repeat(30),
      'a'.repeat(1_000_000),
    ])
      expect(() => decisionsIn(text, four)).not.toThrow();
  });
});
