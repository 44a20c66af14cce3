import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderCard } from '../../../src/bot/cards/terminal.ts';
import { displayWidth } from '../../../src/bot/console/text.ts';
import { card } from './arbitraries.ts';

const plain = { width: 60, color: false };

describe('the newer blocks on a terminal', () => {
  it('are never wider than it, and draw no control sign', () => {
    fc.assert(
      fc.property(card, fc.integer({ min: 40, max: 160 }), (drawn, width) => {
        const out = renderCard(drawn, { width, color: false });
        expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u);
        expect(out.split('\n').filter((line) => displayWidth(line) > width)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('show a chart with its figures, which need no words in their place', () => {
    const out = renderCard(
      {
        blocks: [
          {
            type: 'chart',
            title: 'Won and lost',
            kind: 'line',
            categories: ['Q1', 'Q2'],
            series: [
              { name: 'Won', values: [10, 5] },
              { name: 'Lost', values: [0, 2.5] },
            ],
            alt: 'Better than last year',
          },
        ],
      },
      plain,
    );
    expect(out).toBe(
      [
        'Won and lost',
        'Q1  Won   ████████████████████████  10',
        '    Lost                            0',
        'Q2  Won   ████████████              5',
        '    Lost  ██████                    2.5',
      ].join('\n'),
    );
  });

  it('show steps, sources and what buttons would do', () => {
    const out = renderCard(
      {
        blocks: [
          {
            type: 'steps',
            title: 'Qualifying',
            steps: [
              { id: '1', title: 'Read', status: 'done' },
              { id: '2', title: 'Ask', status: 'waiting', detail: 'for the owner' },
              { id: '3', title: 'Write', status: 'failed' },
            ],
          },
          {
            type: 'sources',
            items: [
              { title: 'Acme', url: 'https://acme.example/about' },
              { title: 'Bad', url: 'javascript:alert(1)' },
            ],
          },
          { type: 'actions', buttons: [{ label: 'Undo', token: 'a'.repeat(22) }] },
        ],
      },
      plain,
    );
    expect(out).toBe(
      'Qualifying\n✓ Read\n… Ask\n  for the owner\n✗ Write\n[1] Acme\n    https://acme.example/about\n[2] Bad\n[Undo]',
    );
  });
});
