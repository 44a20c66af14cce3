import type { Card, CardBlock } from '../../core/card.ts';
import { type Paint, paint } from '../console/color.ts';
import { clean, cut, displayWidth, oneLine, padEnd, padStart, wrap } from '../console/text.ts';
import { plainApproval } from './approval-card.ts';
import { buttonLines, chartLines, sourceLines, stepLines } from './terminal-blocks.ts';
import { tableLines } from './terminal-table.ts';

export interface Face {
  width: number;
  color: boolean;
}

const narrowest = 20;

/** Draws a card as lines of text, none wider than `width`. All text in it is treated as untrusted. */
export function renderCard(card: Card, { width, color }: Face): string {
  const columns = Math.max(narrowest, Math.floor(width));
  const colors = paint(color);
  const title = card.title ? wrap(oneLine(card.title), columns).map(colors.bold) : [];
  const blocks = card.blocks.map((block) => blockLines(block, columns, colors));
  return [title, ...blocks]
    .filter((lines) => lines.length)
    .map((lines) => lines.join('\n'))
    .join('\n');
}

function blockLines(block: CardBlock, width: number, colors: Paint): string[] {
  switch (block.type) {
    case 'text':
      return wrap(clean(block.text), width);
    case 'notice':
      return noticeLines(block, width, colors);
    case 'fields':
      return fieldLines(block.fields, width, colors);
    case 'table':
      return tableLines(block, width, colors);
    case 'bars':
      return barLines(block, width, colors);
    case 'choices':
      return choiceLines(block, width, colors);
    case 'chart':
      return chartLines(block, width, colors, barOf);
    case 'steps':
      return stepLines(block, width, colors);
    case 'sources':
      return sourceLines(block, width, colors);
    case 'actions':
      return buttonLines(block, width, colors);
    case 'feedback':
      // thumbs are pressed, and a terminal has nothing to press
      return [];
    case 'approval':
      return [
        ...wrap(`Proposal: ${oneLine(block.approval.title)}`, width).map(colors.bold),
        ...plainApproval(block.approval).flatMap((part) => blockLines(part, width, colors)),
        ...buttonLines({ type: 'actions', buttons: block.approval.buttons }, width, colors),
      ];
  }
}

const notices = {
  info: { sign: '·', color: 'cyan' },
  warning: { sign: '!', color: 'yellow' },
  error: { sign: '✗', color: 'red' },
} as const;

function noticeLines({ level, text }: Extract<CardBlock, { type: 'notice' }>, width: number, colors: Paint): string[] {
  const { sign, color } = notices[level];
  return wrap(clean(text), width - 2).map((line, i) => colors[color](`${i === 0 ? sign : ' '} ${line}`));
}

function fieldLines(fields: { label: string; value: string }[], width: number, colors: Paint): string[] {
  const labels = fields.map((field) => cut(oneLine(field.label), Math.floor(width / 3)));
  const labelWidth = Math.max(0, ...labels.map(displayWidth));
  return fields.flatMap((field, i) =>
    wrap(clean(field.value), width - labelWidth - 2).map(
      (line, n) => `${colors.dim(padEnd(n === 0 ? labels[i]! : '', labelWidth))}  ${line}`,
    ),
  );
}

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const longestBar = 24;

function barLines({ max, bars }: Extract<CardBlock, { type: 'bars' }>, width: number, colors: Paint): string[] {
  const labels = bars.map((bar) => cut(oneLine(bar.label), Math.floor(width / 3)));
  const labelWidth = Math.max(0, ...labels.map(displayWidth));
  const values = bars.map(({ value }) => cut(Number.isInteger(value) ? String(value) : value.toFixed(1), 10));
  const valueWidth = Math.max(0, ...values.map(displayWidth));
  const barWidth = Math.max(1, Math.min(longestBar, width - labelWidth - valueWidth - 4));
  return bars.flatMap((bar, i) => {
    const drawn = padEnd(barOf(bar.value, max, barWidth), barWidth);
    const line = `${padEnd(labels[i]!, labelWidth)}  ${colors.cyan(drawn)}  ${padStart(values[i]!, valueWidth)}`;
    const used = labelWidth + barWidth + valueWidth + 4;
    const note = bar.note ? oneLine(bar.note) : '';
    if (!note) return [line];
    if (used + 2 + displayWidth(note) <= width) return [`${line}  ${colors.dim(note)}`];
    return [line, ...wrap(note, width - 4).map((rest) => colors.dim(`    ${rest}`))];
  });
}

/** A share of a whole, to an eighth of a column. */
export function barOf(value: number, max: number, width: number): string {
  const share = max > 0 && value > 0 ? Math.min(1, value / max) : 0;
  const filled = Math.round(share * width * 8);
  return '█'.repeat(Math.floor(filled / 8)) + eighths[filled % 8]!;
}

function choiceLines({ question, choices }: Extract<CardBlock, { type: 'choices' }>, width: number, colors: Paint): string[] {
  const digits = String(choices.length).length;
  const indent = digits + 4;
  return [
    ...wrap(clean(question), width),
    ...choices.flatMap(({ label, note }, i) => {
      const [first = '', ...more] = wrap(oneLine(label), width - indent);
      const lines = [`  ${padStart(String(i + 1), digits)}. ${first}`, ...more.map((line) => ' '.repeat(indent) + line)];
      const beside = note ? oneLine(note) : '';
      if (!beside) return lines;
      if (!more.length && indent + displayWidth(first) + 2 + displayWidth(beside) <= width)
        return [`${lines[0]!}  ${colors.dim(beside)}`];
      return [...lines, ...wrap(beside, width - indent).map((line) => colors.dim(' '.repeat(indent) + line))];
    }),
  ];
}
