import type { types } from '@slack/bolt';
import { defused } from './markdown.ts';
import { chunkText, cutText, type Measure, safe, safeLine } from './safe-text.ts';
import { limits } from './slack-limits.ts';

export { more } from './safe-text.ts';

/** Text as Slack takes it. Untrusted text is plain_text, raw_text or rich_text and never mrkdwn. */

/** Blocks of the library's types, and the one they do not know yet. */
export type SlackBlock = types.KnownBlock | DataVisualization;

export interface DataVisualization extends types.Block {
  type: 'data_visualization';
  title: string;
  chart:
    | { type: 'pie'; segments: { label: string; value: number }[] }
    | {
        type: 'bar' | 'line' | 'area';
        series: { name: string; data: { label: string; value: number }[] }[];
        axis_config: { categories: string[] };
      };
}

/** Slack counts "&", "<" and ">" as the entities it stores them as. */
export const slackLength: Measure = (text) => {
  let length = text.length;
  for (const sign of text) length += sign === '&' ? 4 : sign === '<' || sign === '>' ? 3 : 0;
  return length;
};

/** Shown where Slack insists on a text and there is none. */
export const nothing = '–';

const orNothing = (text: string): string => (text.trim() ? text : nothing);

/** Untrusted text with its line ends; clients that build a notification out of it find no sign of theirs in it. */
export const shown = (text: string): string => defused(safe(text)).trimEnd();
export const shownLine = (text: string): string => defused(safeLine(text));

export const cut = (text: string, max: number): string => cutText(text, max, slackLength);
export const chunks = (text: string, max: number): string[] => chunkText(text, max, slackLength);

/** One line of plain text. */
export const plainLine = (text: string, max: number): types.PlainTextElement => ({
  type: 'plain_text',
  text: cut(orNothing(shownLine(text)), max),
  emoji: false,
});

export const plain = (text: string, max: number): types.PlainTextElement => ({
  type: 'plain_text',
  text: cut(orNothing(shown(text)), max),
  emoji: false,
});

/** A long text in as many sections as it takes. */
export const sections = (text: string): types.SectionBlock[] =>
  chunks(shown(text), limits.section).map((piece) => ({ type: 'section', text: plain(piece, limits.section) }));

/** A small grey line. */
export const context = (...texts: string[]): types.ContextBlock => ({
  type: 'context',
  elements: texts.slice(0, limits.context).map((text) => plain(text, limits.contextText)),
});

/** A heading, and the whole of it below where it is too long for one. */
export function heading(title: string): SlackBlock[] {
  const line = shownLine(title);
  if (!line) return [];
  const header: types.HeaderBlock = { type: 'header', text: plainLine(line, limits.header) };
  return slackLength(line) <= limits.header ? [header] : [header, ...sections(line)];
}

export type RichText = types.RichTextSection['elements'][number];

export const rich = (text: string, style?: types.RichTextText['style']): RichText => ({
  type: 'text',
  text,
  ...(style && { style }),
});

export const richSection = (...elements: RichText[]): types.RichTextSection => ({ type: 'rich_text_section', elements });
export const richBlock = (...elements: types.RichTextBlock['elements']): types.RichTextBlock => ({ type: 'rich_text', elements });

/** Lines in letters of one width. */
export const preformatted = (text: string): SlackBlock[] =>
  chunks(text, limits.section).map((piece) =>
    richBlock({ type: 'rich_text_preformatted', elements: [{ type: 'text', text: piece }] }),
  );

/** What stands in a message's `text`: the one place that Slack reads as mrkdwn although a person's words may stand in it. */
export const escaped = (text: string, max: number): string =>
  cut(shown(text).replace(/(^|[^\p{L}\p{N}])@(?=(?:channel|here|everyone)\b)/giu, '$1＠'), max)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
