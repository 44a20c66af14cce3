import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hardBreaks, InertMarkdown, inertMarkdown } from '../../../src/bot/cards/markdown.ts';
import { lintMessage } from '../../../src/bot/cards/slack-lint.ts';
import { hostile, text } from './arbitraries.ts';

const linted = (markdown: string) =>
  lintMessage({ blocks: [{ type: 'markdown', text: markdown || '-' }], text: 'x' }).filter(
    ({ rule }) => !/length|text/.test(rule),
  );

describe('Markdown of a model', () => {
  it('keeps what shapes it', () => {
    const shaped = '# Top leads\n\n1. **Acme** is *warm*, see `status`\n2. ~~Beta~~\n\n> quoted < 5 & > 3\n\n- a\n  - b';
    expect(inertMarkdown(shaped)).toBe(shaped);
    expect(inertMarkdown('```sql\nselect 1;\n```\nafter')).toBe('```\nselect 1;\n```\nafter');
  });

  it.each([
    ['[Sign in](https://evil.example/x)', 'Sign in (`https://evil.example/x`)'],
    ['[x](javascript:alert(1))', 'x)'],
    ['![pixel](https://evil.example/p.png)', 'pixel (`https://evil.example/p.png`)'],
    ['[a][1]\n[1]: https://evil.example', 'a] [1]\n[1] : `https://evil.example`'.replace('a]', '[a]')],
    ['See https://evil.example/?q=1.', 'See `https://evil.example/?q=1`.'],
    ['Mail ops@acme.com or visit www.acme.com, acme.co.uk/x!', 'Mail `ops@acme.com` or visit `www.acme.com`, `acme.co.uk/x`!'],
    ['<https://evil.example|Bank> and <!channel>', '‹`https://evil.example|Bank`> and ‹!channel>'],
    ['Hey @channel', 'Hey `@channel`'],
    ['a ` b', "a ' b"],
    ['``x`` and ```y', "`x` and 'y"],
    ['Score 3.5, e.g. today, Inc. Done.', 'Score 3.5, e.g. today, Inc. Done.'],
  ])('%s acts no more', (given, shown) => {
    expect(inertMarkdown(given)).toBe(shown);
    expect(linted(inertMarkdown(given))).toEqual([]);
  });

  it('closes code that was left open', () => {
    expect(inertMarkdown('```\n[x](https://evil.example)')).toBe('```\n[x](https://evil.example)\n```');
  });

  it('is inert whatever it says, whole and in pieces of any size, and the pieces are the whole', () => {
    const anything = fc.array(fc.oneof(text, fc.constantFrom(...hostile, '```\n', '`', '\n', '[', '](', ')', '<', '!')), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(
        anything.map((parts) => parts.join('').slice(0, 9000)),
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 20 }),
        (given, sizes) => {
          expect(linted(inertMarkdown(given))).toEqual([]);
          const stream = new InertMarkdown();
          const pieces: string[] = [];
          for (let at = 0, n = 0; at < given.length; n++) {
            const size = sizes[n % sizes.length]!;
            pieces.push(stream.push(given.slice(at, at + size)));
            at += size;
          }
          pieces.push(stream.end());
          expect(linted(pieces.join(''))).toEqual([]);
          if (given.split('\n').every((line) => line.length <= 300)) expect(pieces.join('')).toBe(inertMarkdown(given));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('keeps the ends of lines where a surface would make them spaces, outside of code, and takes nothing back as it grows', () => {
    const text = 'One\nTwo\n\n- a\n- b\n```\ncode\nmore\n```\nEnd';
    expect(hardBreaks(text)).toBe('One  \nTwo  \n\n- a  \n- b  \n```\ncode\nmore\n```\nEnd');
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1))
      expect(hardBreaks(text).startsWith(hardBreaks(text.slice(0, at + 1)))).toBe(true);
  });

  it('does not hold back a line that is finished', () => {
    const stream = new InertMarkdown();
    expect(stream.push('Hello')).toBe('');
    expect(stream.push(' there\nNext')).toBe('Hello there\n');
    expect(stream.end()).toBe('Next');
  });
});
