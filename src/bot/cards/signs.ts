/** What a checker looks for in text that is only to be shown. */

/** Control signs but line ends, and marks that change the direction of what follows or take no room. */
export const hiddenSigns = /(?!\n)\p{Cc}|[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu;

const commands = /<(?:[!@#]|[a-z][a-z0-9+.-]*:)/gi;
const calls = /(?<![\p{L}\p{N}])@(?:channel|here|everyone)\b/giu;
const count = (text: string, signs: RegExp): number => text.match(signs)?.length ?? 0;

/** Slack's own signs in mrkdwn: mentions, links, and names that call a whole channel. */
export const signsIn = (text: string): number => count(text, commands) + count(text, calls);

/** The same in Markdown, with its links, pictures and addresses outside of code. */
export function activeMarkdown(text: string): number {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, '\n');
  return (
    count(text.replace(/`[^`\n]*`/g, '\n'), commands) +
    count(prose, calls) +
    count(prose, /\]\(|\b(?:https?|ftp|file|javascript|data|mailto):|\bwww\./gi)
  );
}
